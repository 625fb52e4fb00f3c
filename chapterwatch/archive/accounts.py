"""The registry's accounts as the archive needs them: for the frames, and as the place each chain hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from chapterwatch.archive import chain, tables
from chapterwatch.archive.sql import chunks, insert_missing, upsert
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
    """Bring the accounts' facts up to date; a new handle becomes a line of the handle's history.

    Every task registers its accounts, and an audit all of them: what stands there already is only read.
    """
    wanted = {account.key: _facts(account) for account in sorted(accounts, key=lambda item: item.key)}
    known = _known(conn, list(wanted))
    news = {key: facts for key, facts in wanted.items() if known.get(key) != facts}
    upsert(
        conn,
        tables.account,
        [{**facts, "registered_at": at, "updated_at": at} for facts in news.values()],
        keep=("registered_at",),
    )
    for key, facts in news.items():
        if known.get(key, {}).get("handle") != facts["handle"]:
            conn.execute(insert(tables.account_handle), {"account_key": key, "since": at, "handle": facts["handle"]})
    empty = {"entries": 0, "hash": chain.GENESIS}
    insert_missing(conn, tables.chain_head, [{"account_key": key, **empty} for key in wanted if key not in known])


def handle_history(conn: Connection, account_key: str) -> list[tuple[datetime, str]]:
    """(since, handle) of the account, oldest first; `since` is when the registry first said so."""
    table = tables.account_handle
    rows = conn.execute(select(table).where(table.c.account_key == account_key).order_by(table.c.since))
    return [(row.since, row.handle) for row in rows]


def chapter_of(conn: Connection, account_key: str) -> str | None:
    """The chapter the registry last said an account is of; None for one that was never in it."""
    table = tables.account
    return conn.execute(select(table.c.chapter).where(table.c.key == account_key)).scalar()


def erasing(conn: Connection) -> list[str]:
    """The accounts, those that left the registry among them, whose deleted posts are to be erased."""
    table = tables.account
    return list(
        conn.execute(select(table.c.key).where(table.c.on_deleted == "erase_body").order_by(table.c.key)).scalars()
    )


def _facts(account: Account) -> dict[str, Any]:
    return {name: str(getattr(account, name)) for name in _FACTS}


def _known(conn: Connection, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The facts stored of those accounts that are there with their chain."""
    table, head = tables.account, tables.chain_head
    found: dict[str, dict[str, Any]] = {}
    for part in chunks(keys):
        query = select(*(table.c[name] for name in _FACTS)).join(head, head.c.account_key == table.c.key)
        found |= {row["key"]: dict(row) for row in conn.execute(query.where(table.c.key.in_(part))).mappings()}
    return found
