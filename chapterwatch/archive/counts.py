"""How much there is of what, counted by the database: for comparing chapters no post and no finding is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Subquery, func, select

from chapterwatch.archive import tables
from chapterwatch.model import DispositionState, Lane, Window


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


def _latest_decisions() -> Subquery:
    """Every decision with its `place` among those about its finding, the latest first."""
    table = tables.disposition
    place = func.row_number().over(partition_by=table.c.finding_key, order_by=(table.c.at.desc(), table.c.id.desc()))
    return select(table.c.finding_key, table.c.state, place.label("place")).subquery()
