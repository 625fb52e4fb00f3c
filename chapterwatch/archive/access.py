"""What the last check of each account's access said. A newer check takes the place of the one before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from chapterwatch.archive import tables
from chapterwatch.archive.cleaning import clean, clean_or_none
from chapterwatch.archive.records import AccessCheck
from chapterwatch.archive.sql import upsert


def save(conn: Connection, rows: Iterable[AccessCheck]) -> None:
    """Keep the checks, each in the place of the account's last one."""
    upsert(conn, tables.access_check, [_values(row) for row in rows])


def load(conn: Connection) -> dict[str, AccessCheck]:
    """The last check of every account that was ever checked, by account key."""
    return {row.account_key: _check(row) for row in conn.execute(select(tables.access_check))}


def _values(row: AccessCheck) -> dict[str, Any]:
    return {
        "account_key": row.account_key,
        "checked_at": row.checked_at,
        "reachable": row.reachable,
        "reason": row.reason,
        "expires_at": row.expires_at,
        "scopes": None if row.scopes is None else clean(" ".join(row.scopes)),
        "handle": clean_or_none(row.handle),
        "note": clean(row.note),
    }


def _check(row: Row[Any]) -> AccessCheck:
    return AccessCheck(
        account_key=row.account_key,
        checked_at=row.checked_at,
        reachable=row.reachable,
        reason=row.reason,
        expires_at=row.expires_at,
        scopes=None if row.scopes is None else tuple(row.scopes.split()),
        handle=row.handle,
        note=row.note,
    )
