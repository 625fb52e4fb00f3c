"""How much there is of what, counted by the database: for comparing chapters no post and no finding is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, Subquery, exists, func, select

from chapterwatch.archive import tables
from chapterwatch.archive.runs import coverage_of
from chapterwatch.model import Coverage, DeliveryState, DispositionState, Lane, Seen, Window


def posts(conn: Connection, window: Window) -> Mapping[str, int]:
    """Account key -> posts created within the half-open window, gone ones included."""
    table = tables.post
    within = (table.c.created_at >= window.since, table.c.created_at < window.until)
    query = select(table.c.account_key, func.count()).where(*within).group_by(table.c.account_key)
    return {row[0]: row[1] for row in conn.execute(query)}


def findings(conn: Connection, window: Window, without: Collection[DispositionState]) -> Mapping[str, int]:
    """Account key -> findings about posts that came to stand within the half-open window, mended ones included.

    Credits are left out, and so is what the latest decision puts into one of the states of `without`.
    """
    table, latest = tables.finding, _latest_decisions()
    query = (
        select(table.c.account_key, func.count())
        .outerjoin(latest, (latest.c.finding_key == table.c.key) & (latest.c.place == 1))
        .where(
            table.c.opened_at >= window.since,
            table.c.opened_at < window.until,
            table.c.subject_kind == "post",
            table.c.lane != Lane.CREDIT.value,
            table.c.retired_at.is_(None),
            func.coalesce(latest.c.state, "").not_in([state.value for state in without]),
        )
        .group_by(table.c.account_key)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def sight(conn: Connection, run_id: str, asked: Collection[str]) -> Mapping[str, Coverage]:
    """Account key -> what a run noted of it under one of these questions; of several, the worst."""
    table = tables.coverage
    query = select(table).where(table.c.run_id == run_id, table.c.asked.in_(list(asked)))
    found: dict[str, Coverage] = {}
    order = [Seen.SEEN, Seen.PARTIAL, Seen.UNKNOWN]
    for row in map(coverage_of, conn.execute(query)):
        known = found.get(row.account_key)
        if known is None or order.index(known.seen) < order.index(row.seen):
            found[row.account_key] = row
    return found


def registered(conn: Connection) -> Mapping[str, datetime]:
    """Account key -> when the archive first knew it."""
    table = tables.account
    return {row[0]: row[1] for row in conn.execute(select(table.c.key, table.c.registered_at))}


def open_mails(conn: Connection, since: datetime) -> Mapping[tuple[DeliveryState, str], int]:
    """(state, recipient) -> mails claimed since then. Of a report's earlier revisions nothing counts."""
    table, issued = tables.delivery, tables.report
    later = exists().where(
        issued.c.chapter == table.c.chapter, issued.c.period == table.c.period, issued.c.revision > table.c.revision
    )
    told = (table.c.state, table.c.recipient)
    query = select(*told, func.count()).where(table.c.claimed_at >= since, ~later).group_by(*told)
    return {(DeliveryState(row[0]), row[1]): row[2] for row in conn.execute(query)}


def _latest_decisions() -> Subquery:
    """Every decision with its `place` among those about its finding, the latest first."""
    table = tables.disposition
    place = func.row_number().over(partition_by=table.c.finding_key, order_by=(table.c.at.desc(), table.c.id.desc()))
    return select(table.c.finding_key, table.c.state, place.label("place")).subquery()
