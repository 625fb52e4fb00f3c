"""Reports and the mail ledger.

Plain SMTP cannot be exactly-once, so a mail is claimed in the ledger before it leaves. One INSERT decides who sends;
a claim nobody settled becomes `unknown`, is shown to a person and never sent again by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, insert, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.records import Delivery, DeliveryEvent, ReportRow
from chapterwatch.archive.sql import insert_for, insert_missing, took_hold
from chapterwatch.errors import ArchiveError
from chapterwatch.model import DeliveryState

_SETTLED = (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.DEFERRED, DeliveryState.UNKNOWN)
_NAMES = ("chapter", "period", "revision", "recipient")

Key = tuple[str, str, int, str]


class ReportChanged(ArchiveError):
    """The facts of an issued report are others now, and nobody gave a reason for a new revision."""


# --- reports --------------------------------------------------------------------------------------------------------


def issue_report(
    conn: Connection,
    chapter: str,
    period: str,
    inputs_hash: str,
    *,
    reason: str | None,
    at: datetime,
) -> ReportRow:
    """The row for these facts: the latest one where its facts are the same, else a new revision.

    Raises:
        ReportChanged: there is a revision with other facts and `reason` is None.
    """
    latest = latest_report(conn, chapter, period)
    if latest is not None and latest.inputs_hash == inputs_hash:
        return latest
    if latest is not None and not reason:
        raise ReportChanged(
            f"the report of {chapter} for {period} was issued from other facts; give a reason to issue it again"
        )
    row = ReportRow(
        chapter=chapter,
        period=period,
        revision=latest.revision + 1 if latest else 1,
        inputs_hash=inputs_hash,
        reason=reason,
        issued_at=at,
    )
    values = {item.name: getattr(row, item.name) for item in fields(row)}
    inserted = took_hold(conn, insert_for(conn, tables.report).on_conflict_do_nothing(), values)
    # PostgreSQL lets two issue at once; the later one takes what the first made, or is told of the difference.
    return row if inserted else issue_report(conn, chapter, period, inputs_hash, reason=reason, at=at)


def latest_report(conn: Connection, chapter: str, period: str) -> ReportRow | None:
    """The last revision issued for a month, or None."""
    rows = reports(conn, chapter=chapter, period=period)
    return rows[-1] if rows else None


def reports(conn: Connection, *, chapter: str | None = None, period: str | None = None) -> list[ReportRow]:
    """Issued reports by period, chapter and revision."""
    table = tables.report
    query = _narrowed(select(table), table, {"chapter": chapter, "period": period})
    rows = conn.execute(query.order_by(table.c.period, table.c.chapter, table.c.revision)).mappings()
    return [ReportRow(**row) for row in rows]


def set_report_files(conn: Connection, key: tuple[str, str, int], files: Mapping[str, str | None]) -> ReportRow:
    """Note where a report's files lie and the PDF's SHA-256. Raises ArchiveError where there is no such report."""
    table = tables.report
    conn.execute(update(table).where(*_where(table, key)).values(dict(files)))
    row = conn.execute(select(table).where(*_where(table, key))).mappings().one_or_none()
    if row is None:
        raise ArchiveError(f"no report of {key[0]} for {key[1]} revision {key[2]} was issued; publish it first")
    return ReportRow(**row)


def keep_letter(conn: Connection, key: tuple[str, str, int], letter_: str) -> None:
    """Keep what a report's mail says. The first word stands."""
    row = dict(zip(_NAMES, key, strict=False)) | {"letter": clean(letter_)}
    insert_missing(conn, tables.report_letter, [row])


def letter(conn: Connection, key: tuple[str, str, int]) -> str | None:
    """What a report's mail says, or None."""
    table = tables.report_letter
    return conn.execute(select(table.c.letter).where(*_where(table, key))).scalar_one_or_none()


# --- deliveries -----------------------------------------------------------------------------------------------------


def claim(conn: Connection, key: Key, message_id: str, at: datetime) -> bool:
    """Take the right to send one mail. True for exactly one caller; a deferred mail can be claimed again, once."""
    table = tables.delivery
    values = dict(zip(_NAMES, key, strict=True)) | {
        "state": DeliveryState.CLAIMED.value,
        "message_id": message_id,
        "detail": "",
        "attempts": 1,
        "claimed_at": at,
    }
    again = {
        "state": DeliveryState.CLAIMED.value,
        "message_id": message_id,
        "detail": "",
        "attempts": table.c.attempts + 1,
        "claimed_at": at,
        "settled_at": None,
    }
    statement = insert_for(conn, table).on_conflict_do_update(
        index_elements=list(_NAMES), set_=again, where=table.c.state == DeliveryState.DEFERRED.value
    )
    won = took_hold(conn, statement, values)
    if won:
        _log(conn, key, DeliveryState.CLAIMED, "", "", at)
    return won


def settle(conn: Connection, key: Key, state: DeliveryState, detail: str, author: str, at: datetime) -> None:
    """Say how a claimed or unknown mail ended. Raises ArchiveError where there is none."""
    if state not in _SETTLED:
        raise ArchiveError(f"a delivery cannot be settled as {state}; use one of {', '.join(_SETTLED)}")
    open_states = (DeliveryState.CLAIMED.value, DeliveryState.UNKNOWN.value)
    if not _change(conn, key, open_states, state, detail, at):
        raise ArchiveError(f"no mail of {key[0]} for {key[1]} revision {key[2]} is waiting to be settled; list them")
    _log(conn, key, state, detail, author, at)


def abandon(conn: Connection, before: datetime) -> list[Delivery]:
    """Claims older than this belong to a process that died: they become unknown. Returns them."""
    table = tables.delivery
    stale = select(table).where(table.c.state == DeliveryState.CLAIMED.value, table.c.claimed_at < before)
    left = []
    for row in conn.execute(stale).all():
        item = _delivery(row)
        key = (item.chapter, item.period, item.revision, item.recipient)
        detail = "the process that sent it did not come back; it may or may not have arrived"
        if _change(conn, key, (DeliveryState.CLAIMED.value,), DeliveryState.UNKNOWN, detail, before):
            _log(conn, key, DeliveryState.UNKNOWN, detail, "", before)
            left.append(replace(item, state=DeliveryState.UNKNOWN, detail=detail, settled_at=before))
    return left


def resend(conn: Connection, key: Key, author: str, note: str, at: datetime) -> bool:
    """A person's decision to send an unknown, refused or bounced mail again: the next delivery run may claim it."""
    shut = (DeliveryState.UNKNOWN.value, DeliveryState.REFUSED.value, DeliveryState.BOUNCED.value)
    opened = _change(conn, key, shut, DeliveryState.DEFERRED, note, at)
    if opened:
        _log(conn, key, DeliveryState.DEFERRED, note, author, at)
    return opened


def bounce(conn: Connection, key: Key, detail: str, at: datetime, *, final: bool) -> bool:
    """Note what a notice of a mail server says. A final one makes a mail `bounced` that was sent or unknown.

    False where the same notice was noted before, or there is no such mail that left.
    """
    if any(event.detail == clean(detail) for event in events(conn, key)):
        return False
    left = (DeliveryState.SENT.value, DeliveryState.UNKNOWN.value, DeliveryState.CLAIMED.value)
    if final:
        if not _change(conn, key, left, DeliveryState.BOUNCED, detail, at):
            return False
        _log(conn, key, DeliveryState.BOUNCED, detail, "", at)
        return True
    table = tables.delivery
    state = conn.execute(select(table.c.state).where(*_where(table, key))).scalar_one_or_none()
    if state not in left:
        return False
    _log(conn, key, DeliveryState(state), detail, "", at)
    return True


def counts(conn: Connection, period: str) -> dict[str, dict[DeliveryState, int]]:
    """By report and state, how the mails of the latest revision that was mailed ended."""
    table = tables.delivery
    chosen = select(table.c.chapter, func.max(table.c.revision).label("last")).where(table.c.period == period)
    newest = chosen.group_by(table.c.chapter).subquery()
    of_newest = and_(table.c.chapter == newest.c.chapter, table.c.revision == newest.c.last)
    query = select(table.c.chapter, table.c.state).join(newest, of_newest).where(table.c.period == period)
    found: dict[str, Counter[DeliveryState]] = {}
    for row in conn.execute(query.order_by(table.c.chapter)):
        found.setdefault(row.chapter, Counter())[DeliveryState(row.state)] += 1
    return {chapter: dict(states) for chapter, states in found.items()}


def deliveries(
    conn: Connection, *, chapter: str | None = None, period: str | None = None, message_id: str | None = None
) -> list[Delivery]:
    """The ledger by period, chapter, revision and recipient."""
    table = tables.delivery
    query = _narrowed(select(table), table, {"chapter": chapter, "period": period, "message_id": message_id})
    order = (table.c.period, table.c.chapter, table.c.revision, table.c.recipient)
    return [_delivery(row) for row in conn.execute(query.order_by(*order))]


def events(conn: Connection, key: Key) -> list[DeliveryEvent]:
    """Everything that happened to one mail, in order."""
    table = tables.delivery_event
    rows = conn.execute(select(table).where(*_where(table, key)).order_by(table.c.id)).mappings()
    names = [item.name for item in fields(DeliveryEvent)]
    return [
        DeliveryEvent(**{name: row[name] for name in names} | {"state": DeliveryState(row["state"])}) for row in rows
    ]


def mailbox(recipient: str) -> str:
    """How the ledger writes an address: one mailbox is one row, however the registry spells it."""
    return recipient.strip().lower()


def _change(
    conn: Connection,
    key: Key,
    before: tuple[str, ...],
    state: DeliveryState,
    detail: str,
    at: datetime,
) -> bool:
    table = tables.delivery
    values = {"state": state.value, "detail": clean(detail), "settled_at": at}
    where = (*_where(table, key), table.c.state.in_(before))
    return conn.execute(update(table).where(*where).values(values)).rowcount == 1


def _log(conn: Connection, key: Key, state: DeliveryState, detail: str, author: str, at: datetime) -> None:
    row = dict(zip(_NAMES, key, strict=True)) | {"state": state.value, "detail": clean(detail)}
    conn.execute(insert(tables.delivery_event), {**row, "author": author, "at": at})


def _delivery(row: Any) -> Delivery:
    values = {item.name: getattr(row, item.name) for item in fields(Delivery)}
    return Delivery(**values | {"state": DeliveryState(row.state)})


def _where(table: Table, key: tuple[str | int, ...]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in zip(_NAMES, key, strict=False)]


def _narrowed(query: Select[Any], table: Table, wanted: Mapping[str, str | None]) -> Select[Any]:
    for name, value in wanted.items():
        if value is not None:
            query = query.where(table.c[name] == value)
    return query
