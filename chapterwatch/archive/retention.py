"""What an erasure asks the archive: how old texts are, what still goes on about them, and what to remember of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from chapterwatch.archive import tables
from chapterwatch.archive.browse import SETTLED
from chapterwatch.archive.records import AgedPost, KeptAccount, Outlived
from chapterwatch.archive.sql import chunks, insert_missing, upsert
from chapterwatch.model import Access, Lane


def kept_accounts(conn: Connection) -> list[KeptAccount]:
    """The accounts anything is kept of, as they were last registered, those that left the registry among them."""
    table = tables.account
    columns = (table.c.key, table.c.platform, table.c.association, table.c.chapter, table.c.registered_at)
    return [KeptAccount(**row) for row in conn.execute(select(*columns).order_by(table.c.key)).mappings()]


def aged(conn: Connection, account_key: str, before: datetime) -> list[AgedPost]:
    """The account's posts that have a text left and were last seen before then, the one seen longest ago first.

    Reading an export again is no sight of the platform: there the day counts on which the text that stands was first
    read.
    """
    post, account, revision = tables.post, tables.account, tables.post_revision
    read = (
        select(revision.c.native_id, func.max(revision.c.captured_at).label("at"))
        .where(revision.c.account_key == account_key, revision.c.erased_at.is_(None))
        .group_by(revision.c.native_id)
        .subquery()
    )
    seen = case((account.c.access == Access.IMPORT.value, read.c.at), else_=post.c.last_seen_at)
    query = (
        select(post.c.native_id, post.c.created_at, seen.label("seen_at"))
        .join(account, account.c.key == post.c.account_key)
        .join(read, read.c.native_id == post.c.native_id)
        .where(post.c.account_key == account_key, seen < before)
        .order_by("seen_at", post.c.native_id)
    )
    return [AgedPost(account_key=account_key, **row) for row in conn.execute(query).mappings()]


def texts_left(conn: Connection, account_key: str) -> int:
    """How many of the account's posts have a text left."""
    table = tables.post_revision
    where = (table.c.account_key == account_key, table.c.erased_at.is_(None))
    return conn.execute(select(func.count(table.c.native_id.distinct())).where(*where)).scalar_one()


# --- what still goes on ---------------------------------------------------------------------------------------------


def open_posts(conn: Connection, account_key: str) -> set[str]:
    """The account's posts with a finding that stands and is not settled, or with an appeal nobody has decided."""
    finding = tables.finding
    stands = and_(finding.c.closed_at.is_(None), finding.c.state.not_in([state.value for state in SETTLED]))
    where = (*_told_of(account_key), or_(stands, _awaits_a_decision()))
    return set(conn.execute(select(finding.c.subject_id).where(*where).distinct()).scalars())


def _told_of(account_key: str) -> tuple[ColumnElement[bool], ...]:
    """Findings about the account's posts that somebody may have to act on: neither withdrawn nor a merit."""
    table = tables.finding
    about = (table.c.account_key == account_key, table.c.subject_kind == "post")
    return (*about, table.c.retired_at.is_(None), table.c.lane != Lane.CREDIT.value)


def _awaits_a_decision() -> ColumnElement[bool]:
    reply, outcome = tables.reply, tables.reply_outcome
    decided = select(outcome.c.id).where(outcome.c.reply_key == reply.c.key).exists()
    own = (reply.c.finding_key == tables.finding.c.key, reply.c.kind == "appeal")
    return select(reply.c.id).where(*own, ~decided).exists()


def happened(conn: Connection, account_key: str) -> dict[str, list[datetime]]:
    """When something became of findings about the account's posts, by post: ended, decided, replied to.

    Each is told in the report of its month, with the words it is about.
    """
    found: dict[str, list[datetime]] = {}
    for query in _happenings(account_key):
        for row in conn.execute(query):
            found.setdefault(row[0], []).append(row[1])
    return found


def _happenings(account_key: str) -> Iterator[Select[Any]]:
    finding, decided = tables.finding, tables.disposition
    reply, outcome = tables.reply, tables.reply_outcome
    told = _told_of(account_key)
    yield select(finding.c.subject_id, finding.c.closed_at).where(*told, finding.c.closed_at.is_not(None))
    yield select(finding.c.subject_id, decided.c.at).join(finding, finding.c.key == decided.c.finding_key).where(*told)
    yield select(finding.c.subject_id, reply.c.at).join(finding, finding.c.key == reply.c.finding_key).where(*told)
    replied = select(finding.c.subject_id, outcome.c.at).join(reply, reply.c.key == outcome.c.reply_key)
    yield replied.join(finding, finding.c.key == reply.c.finding_key).where(*told)


def issued_periods(conn: Connection, account_key: str, chapter: str) -> set[str]:
    """The months (`YYYY-MM`) a report was issued for that covers the account: its chapter's, or one that saw it."""
    report, witness = tables.report, tables.witness
    own = select(report.c.period).where(report.c.chapter == chapter)
    seen = select(witness.c.period).where(witness.c.account_key == account_key)
    return {*conn.execute(own).scalars(), *conn.execute(seen).scalars()}


# --- what was erased by age -----------------------------------------------------------------------------------------


def note(conn: Connection, account_key: str, native_id: str, months: int, at: datetime) -> None:
    """Note that a post's text was erased for its age, so that reports can say it."""
    upsert(conn, tables.outlived, [{"account_key": account_key, "native_id": native_id, "months": months, "at": at}])


def note_marks(conn: Connection, account_key: str, hashes: Collection[str]) -> None:
    """Note which of an account's captures brought an edit that was marked as one."""
    capture, table = tables.capture, tables.marked_edit
    where = (capture.c.account_key == account_key, capture.c.hash.in_(hashes))
    found = conn.execute(select(capture.c.seq).where(*where)).scalars()
    insert_missing(conn, table, [{"account_key": account_key, "seq": seq} for seq in found])


def marked_edits(conn: Connection, account_keys: Sequence[str]) -> frozenset[str]:
    """Hashes of the accounts' captures noted so."""
    capture, table = tables.capture, tables.marked_edit
    same = (capture.c.account_key == table.c.account_key) & (capture.c.seq == table.c.seq)
    query = select(capture.c.hash).join(table, same)
    parts = (conn.execute(query.where(table.c.account_key.in_(part))).scalars() for part in chunks(account_keys))
    return frozenset(found for part in parts for found in part)


def outlived(conn: Connection, account_keys: Sequence[str]) -> list[Outlived]:
    """The accounts' posts whose text was erased for its age and has not been read again since."""
    table, post, revision = tables.outlived, tables.post, tables.post_revision
    left = (
        select(revision.c.seq)
        .where(revision.c.account_key == table.c.account_key, revision.c.native_id == table.c.native_id)
        .where(revision.c.erased_at.is_(None))
        .exists()
    )
    same = (post.c.account_key == table.c.account_key) & (post.c.native_id == table.c.native_id)
    columns = (table.c.account_key, table.c.native_id, table.c.months, table.c.at, post.c.created_at)
    found: list[Outlived] = []
    for part in chunks(account_keys):
        rows = conn.execute(select(*columns).join(post, same).where(table.c.account_key.in_(part), ~left))
        found += [Outlived(**row) for row in rows.mappings()]
    return sorted(found, key=lambda item: (item.account_key, item.native_id))
