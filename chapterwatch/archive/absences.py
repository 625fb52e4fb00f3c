"""Posts that were not shown where they should be, and what follows from it for their state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, literal, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.bodies import has_body
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.records import KnownPost
from chapterwatch.archive.sql import chunks, insert_for, upsert
from chapterwatch.archive.states import CERTAINTIES, Absence, Standing, standing_of
from chapterwatch.model import PostState, Window

_GONE_STATES = (PostState.DELETED.value, PostState.ACCOUNT_GONE.value)


def record(conn: Connection, account_key: str, native_ids: Sequence[str], item: Absence, detail: str) -> None:
    """Note that a run missed these posts; ids the archive does not know are no fact about anything."""
    for native_id in _known(conn, account_key, native_ids):
        save(conn, account_key, native_id, item, detail)
        _settle(conn, account_key, native_id)


def save(conn: Connection, account_key: str, native_id: str, item: Absence, detail: str) -> None:
    """Store one absence. Within a run the stronger word stands and the first time is kept."""
    table = tables.absence
    where = (table.c.account_key == account_key, table.c.native_id == native_id, table.c.run_id == item.run_id)
    before = conn.execute(select(table.c.certainty).where(*where)).scalar()
    if before is not None and CERTAINTIES.index(before) >= CERTAINTIES.index(item.certainty):
        return
    row = {
        "account_key": account_key,
        "native_id": native_id,
        "run_id": item.run_id,
        "certainty": item.certainty,
        "at": item.at,
        "gone_at": item.gone_at,
        "detail": clean(detail),
    }
    upsert(conn, table, [row], keep=("at",))


def load(conn: Connection, account_key: str, native_ids: Sequence[str]) -> dict[str, list[Absence]]:
    """The absences of the posts that have any, by post."""
    table = tables.absence
    found: dict[str, list[Absence]] = {}
    for part in chunks(native_ids):
        query = select(table).where(table.c.account_key == account_key, table.c.native_id.in_(part))
        for row in conn.execute(query):
            item = Absence(run_id=row.run_id, certainty=row.certainty, at=row.at, gone_at=row.gone_at)
            found.setdefault(row.native_id, []).append(item)
    return found


def mark_account_gone(conn: Connection, account_key: str, run_id: str, at: datetime) -> int:
    """Every post of the account not already gone is gone with it; returns how many."""
    post, absence = tables.post, tables.absence
    standing = (post.c.account_key == account_key, post.c.state.not_in(_GONE_STATES), post.c.last_seen_at < at)
    values = select(
        post.c.account_key,
        post.c.native_id,
        literal(run_id),
        literal("account_gone"),
        literal(at, absence.c.at.type),
        literal("the platform says the account is gone"),
    ).where(*standing)
    columns = ["account_key", "native_id", "run_id", "certainty", "at", "detail"]
    conn.execute(insert_for(conn, absence).from_select(columns, values).on_conflict_do_nothing())
    return conn.execute(update(post).where(*standing).values(state=PostState.ACCOUNT_GONE.value, gone_at=at)).rowcount


def account_came_back(conn: Connection, account_key: str, at: datetime) -> None:
    """A post was shown, so the account is there: whatever went with it cannot be told until it is looked at."""
    post, absence = tables.post, tables.absence
    gone = (post.c.account_key == account_key, post.c.state == PostState.ACCOUNT_GONE.value, post.c.gone_at <= at)
    if conn.execute(select(func.count()).select_from(post).where(*gone)).scalar_one() == 0:
        return
    conn.execute(
        update(absence)
        .where(absence.c.account_key == account_key, absence.c.certainty == "account_gone", absence.c.at <= at)
        .values(certainty="cannot_tell")
    )
    conn.execute(update(post).where(*gone).values(state=PostState.CANNOT_TELL.value, gone_at=None))


def known_posts(conn: Connection, account_key: str, window: Window) -> list[KnownPost]:
    """The account's posts made in the window, newest first, gone ones included."""
    table = tables.post
    rows = conn.execute(
        select(table)
        .where(table.c.account_key == account_key)
        .where(table.c.created_at >= window.since, table.c.created_at < window.until)
        .order_by(table.c.created_at.desc(), table.c.native_id)
    ).all()
    found = load(conn, account_key, [row.native_id for row in rows])
    return [_known_post(row, found.get(row.native_id, [])) for row in rows]


def due_for_recheck(conn: Connection, account_key: str, now: datetime, days: Sequence[int]) -> list[str]:
    """Posts that passed one of the ages (in days) since their last sight, and those that cannot be told. Newest first.

    X is paid per read, so a post is looked at again on a few fixed days of its life instead of nightly. Of what was
    erased nobody has to be told any more: looked up for ever, it would one day bring its text back.
    """
    table = tables.post
    left = has_body(table.c.account_key, table.c.native_id)
    rows = conn.execute(
        select(table.c.native_id, table.c.created_at, table.c.last_seen_at, table.c.state, left.label("has_text"))
        .where(table.c.account_key == account_key, table.c.state.not_in(_GONE_STATES))
        .order_by(table.c.created_at.desc(), table.c.native_id)
    )
    return [row.native_id for row in rows if _is_due(row, now, days)]


def _is_due(row: Any, now: datetime, days: Sequence[int]) -> bool:
    checks = (row.created_at + timedelta(days=day) for day in days)
    passed = any(row.last_seen_at < check <= now for check in checks)
    return passed or (row.state == PostState.CANNOT_TELL and row.last_seen_at < now and row.has_text)


def _known(conn: Connection, account_key: str, native_ids: Sequence[str]) -> list[str]:
    table = tables.post
    known: set[str] = set()
    for part in chunks(native_ids):
        query = select(table.c.native_id).where(table.c.account_key == account_key, table.c.native_id.in_(part))
        known |= set(conn.execute(query).scalars())
    return [native_id for native_id in dict.fromkeys(native_ids) if native_id in known]


def _settle(conn: Connection, account_key: str, native_id: str) -> None:
    table = tables.post
    where = (table.c.account_key == account_key, table.c.native_id == native_id)
    row = conn.execute(select(table).where(*where)).one()
    standing = _standing(row, load(conn, account_key, [native_id]).get(native_id, []))
    conn.execute(update(table).where(*where).values(state=standing.state.value, gone_at=standing.gone_at))


def _standing(row: Any, found: Sequence[Absence]) -> Standing:
    return standing_of(PostState(row.standing), row.last_seen_at, found)


def _known_post(row: Any, found: Sequence[Absence]) -> KnownPost:
    standing = _standing(row, found)
    return KnownPost(
        native_id=row.native_id,
        created_at=row.created_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        state=PostState(row.state),
        absences=standing.absences,
        missed_at=standing.missed_at,
    )
