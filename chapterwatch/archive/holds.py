"""What no machine may erase while a person needs it: a dispute before a court, a matter with the police."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.bodies import require_post
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.records import Hold
from chapterwatch.errors import ArchiveError


def add(conn: Connection, item: Hold) -> int:
    """Put an account or one post of it on hold; returns the hold's number. Raises ArchiveError: it knows no such post.

    What a mistyped id holds nobody would miss until it is gone.
    """
    _known(conn, item)
    row = asdict(replace(item, reason=clean(item.reason), author=clean(item.author)))
    del row["id"]
    table = tables.hold
    return int(conn.execute(insert(table).values(row).returning(table.c.id)).scalar_one())


def standing(conn: Connection, at: datetime) -> list[Hold]:
    """The holds made by then that have neither ended nor expired then, oldest first; the expiry itself is outside."""
    table = tables.hold
    ours = (table.c.at <= at, table.c.expires_at > at, table.c.ended_at.is_(None))
    return [Hold(**row) for row in conn.execute(select(table).where(*ours).order_by(table.c.id)).mappings()]


def end(conn: Connection, number: int, at: datetime) -> Hold:
    """End a hold before its time; returns it. Raises ArchiveError where none of that number stands."""
    found = next((item for item in standing(conn, at) if item.id == number), None)
    if found is None:
        raise ArchiveError(f"no hold {number} stands; list them")
    conn.execute(update(tables.hold).where(tables.hold.c.id == number).values(ended_at=at))
    return found


def _known(conn: Connection, item: Hold) -> None:
    account = tables.account
    if conn.execute(select(account.c.key).where(account.c.key == item.account_key)).first() is None:
        raise ArchiveError(f"account {item.account_key} is not in the archive; check the key")
    if item.native_id is not None:
        require_post(conn, item.account_key, item.native_id)
