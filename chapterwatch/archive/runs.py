"""Runs, what they spent, and what they could and could not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.cleaning import clean, clean_or_none
from chapterwatch.archive.records import RunRow
from chapterwatch.archive.sql import insert_missing, upsert
from chapterwatch.errors import ArchiveError
from chapterwatch.model import Coverage, Seen, Window

# --- runs -----------------------------------------------------------------------------------------------------------


def start(conn: Connection, run_id: str, kind: str, period: str, at: datetime) -> None:
    """Open a run; a retry of the same run goes on under its first start."""
    row = {"run_id": run_id, "kind": kind, "period": period, "started_at": at, "reads": 0}
    insert_missing(conn, tables.run, [row])


def finish(conn: Connection, run_id: str, at: datetime) -> None:
    """Close a run; finished again by a retry, the last time counts."""
    _change(conn, run_id, finished_at=at)


def add_reads(conn: Connection, run_id: str, reads: int) -> None:
    """Add paid reads to what the run has spent. Reads a retry pays for are spent too."""
    _change(conn, run_id, reads=tables.run.c.reads + reads)


def runs(conn: Connection, since: datetime | None = None) -> list[RunRow]:
    """Runs by their start."""
    table = tables.run
    query = select(table).order_by(table.c.started_at, table.c.run_id)
    if since is not None:
        query = query.where(table.c.started_at >= since)
    return [RunRow(**row) for row in conn.execute(query).mappings()]


def run(conn: Connection, run_id: str) -> RunRow | None:
    """One run, or None where it was never started."""
    table = tables.run
    row = conn.execute(select(table).where(table.c.run_id == run_id)).mappings().one_or_none()
    return RunRow(**row) if row else None


def _change(conn: Connection, run_id: str, **values: Any) -> None:
    table = tables.run
    if conn.execute(update(table).where(table.c.run_id == run_id).values(values)).rowcount == 0:
        raise ArchiveError(f"run {run_id} was never started; start it first")


# --- coverage -------------------------------------------------------------------------------------------------------


def add_coverage(conn: Connection, rows: Iterable[Coverage]) -> None:
    """Insert, or overwrite what the same run said of the same account and question.

    What a run has seen in full stays seen: of two processes that ask at once, one may fail behind the other.
    """
    given = list(rows)
    whole = _seen_whole(conn, given)
    kept = (row for row in given if row.seen is Seen.SEEN or (row.run_id, row.account_key, row.asked) not in whole)
    upsert(conn, tables.coverage, [_coverage_row(row) for row in kept])


def _seen_whole(conn: Connection, rows: Sequence[Coverage]) -> set[tuple[str, str, str]]:
    """What of the rows' runs and accounts is seen in full by now: run, account and question."""
    table, found = tables.coverage, set[tuple[str, str, str]]()
    for run_id, account_key in {(row.run_id, row.account_key) for row in rows if row.seen is not Seen.SEEN}:
        own = (table.c.run_id == run_id, table.c.account_key == account_key, table.c.seen == Seen.SEEN.value)
        found |= {(run_id, account_key, asked) for asked in conn.execute(select(table.c.asked).where(*own)).scalars()}
    return found


def coverage(
    conn: Connection,
    account_keys: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    asked: str | None = None,
) -> list[Coverage]:
    """Rows whose window touches [since, until), by the time they were made; with `asked`, those about that question."""
    table = tables.coverage
    query = select(table).order_by(table.c.at, table.c.account_key, table.c.asked, table.c.run_id)
    if account_keys is not None:
        query = query.where(table.c.account_key.in_(list(account_keys)))
    if since is not None:
        query = query.where(table.c.window_until >= since)
    if until is not None:
        query = query.where(table.c.window_since < until)
    if asked is not None:
        query = query.where(table.c.asked == asked)
    return [coverage_of(row) for row in conn.execute(query)]


def coverage_of_run(conn: Connection, run_id: str, account_key: str | None = None) -> list[Coverage]:
    """What one run could see, by account and question; with a key, of one account."""
    table = tables.coverage
    query = select(table).where(table.c.run_id == run_id).order_by(table.c.account_key, table.c.asked)
    if account_key is not None:
        query = query.where(table.c.account_key == account_key)
    return [coverage_of(row) for row in conn.execute(query)]


def _coverage_row(row: Coverage) -> dict[str, Any]:
    return {
        "run_id": row.run_id,
        "account_key": row.account_key,
        "asked": row.asked,
        "seen": row.seen.value,
        "reason": clean_or_none(row.reason),
        "detail": clean(row.detail),
        "window_since": row.window.since,
        "window_until": row.window.until,
        "at": row.at,
        "posts_seen": row.posts_seen,
        "quarantined": row.quarantined,
        "reads": row.reads,
        "resets_at": row.resets_at,
    }


def coverage_of(row: Row[Any]) -> Coverage:
    """Coverage from its row."""
    return Coverage(
        run_id=row.run_id,
        account_key=row.account_key,
        asked=row.asked,
        seen=Seen(row.seen),
        reason=row.reason,
        detail=row.detail,
        window=Window(since=row.window_since, until=row.window_until),
        at=row.at,
        posts_seen=row.posts_seen,
        quarantined=row.quarantined,
        reads=row.reads,
        resets_at=row.resets_at,
    )
