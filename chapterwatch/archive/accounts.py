"""The registry's accounts as the archive needs them: for the frames, and as the place each chain hangs on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from chapterwatch.archive import chain, tables
from chapterwatch.archive.sql import insert_missing, upsert
from chapterwatch.model import Account

_FACTS = (
    "key",
    "platform",
    "native_id",
    "handle",
    "association",
    "chapter",
    "space",
    "access",
    "pack",
    "language",
    "timezone",
    "on_deleted",
)


def register(conn: Connection, accounts: Iterable[Account], at: datetime) -> None:
    """Bring the accounts' facts up to date; a new handle becomes a line of the handle's history."""
    for account in sorted(accounts, key=lambda item: item.key):
        _note_handle(conn, account, at, _upsert(conn, account, at))
        empty = {"account_key": account.key, "entries": 0, "hash": chain.GENESIS}
        insert_missing(conn, tables.chain_head, [empty])


def handle_history(conn: Connection, account_key: str) -> list[tuple[datetime, str]]:
    """(since, handle) of the account, oldest first; `since` is when the registry first said so."""
    table = tables.account_handle
    rows = conn.execute(select(table).where(table.c.account_key == account_key).order_by(table.c.since))
    return [(row.since, row.handle) for row in rows]


def _upsert(conn: Connection, account: Account, at: datetime) -> str | None:
    """Store the facts; returns the handle known before."""
    table = tables.account
    before: str | None = conn.execute(select(table.c.handle).where(table.c.key == account.key)).scalar()
    facts: dict[str, Any] = {name: str(getattr(account, name)) for name in _FACTS}
    upsert(conn, table, [{**facts, "registered_at": at, "updated_at": at}], keep=("registered_at",))
    return before


def _note_handle(conn: Connection, account: Account, at: datetime, before: str | None) -> None:
    if before != account.handle:
        conn.execute(
            insert(tables.account_handle),
            {"account_key": account.key, "since": at, "handle": account.handle},
        )
