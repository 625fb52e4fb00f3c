"""What chapters said about their findings, and what became of it. Both are appended and never changed.

A reply is no capture and stands in no chain; its key is made of its content, so words changed afterwards do not fit it
any more. What a reply quotes of a post is blacked out with the post's erasure (`quotations.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from chapterwatch.archive import findings, tables
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.records import Disposition, Reply, ReplyOutcome
from chapterwatch.archive.sql import chunks, insert_for, took_hold
from chapterwatch.errors import ArchiveError
from chapterwatch.model import DispositionState
from chapterwatch.replies import Given, key_of


def add(conn: Connection, given: Iterable[Given], at: datetime) -> list[Given]:
    """Append what was not said before; returns it. What is said to be fixed is noted with its finding."""
    statement = insert_for(conn, tables.reply).on_conflict_do_nothing(index_elements=["key"])
    new = []
    for item in given:
        said = {**asdict(item), "text": clean(item.text)}
        key = key_of(item.finding_key, item.kind, said["text"], item.author_role, item.at)
        if not took_hold(conn, statement, {**said, "key": key, "kept_at": at}):
            continue
        new.append(item)
        if item.kind == "fixed":
            _dispose(conn, item.finding_key, DispositionState.OWNER_SAYS_FIXED, "", key, item.author_role, item.at)
    return new


def load(conn: Connection, finding_keys: Sequence[str]) -> dict[str, tuple[Reply, ...]]:
    """The replies to each finding that has any, oldest first."""
    table = tables.reply
    found: dict[str, tuple[Reply, ...]] = {}
    for part in chunks(list(finding_keys)):
        rows = conn.execute(select(table).where(table.c.finding_key.in_(part)).order_by(table.c.at, table.c.id)).all()
        decided = _outcomes(conn, [row.key for row in rows])
        for row in rows:
            found[row.finding_key] = (*found.get(row.finding_key, ()), _reply(row, decided))
    return found


def one(conn: Connection, key: str) -> Reply | None:
    """The reply of that key, or None."""
    row = conn.execute(select(tables.reply).where(tables.reply.c.key == key)).one_or_none()
    return _reply(row, _outcomes(conn, [key])) if row else None


def decide(conn: Connection, key: str, outcome: ReplyOutcome) -> bool:
    """Append what became of a reply; False where just that was decided last. Raises ArchiveError if there is none."""
    reply = one(conn, key)
    if reply is None:
        raise ArchiveError(f"there is no reply {key}; list them")
    said = ReplyOutcome(**asdict(outcome) | {"note": clean(outcome.note)})
    if (reply.outcome, reply.outcome_note) == (said.outcome, said.note):
        return False
    conn.execute(insert(tables.reply_outcome), {**asdict(said), "reply_key": key})
    if reply.kind == "appeal" and said.outcome == "upheld":
        state = DispositionState.FALSE_POSITIVE
        _dispose(conn, reply.finding_key, state, said.note, key, said.author_role, said.at)
    elif reply.outcome == "upheld":
        _dispose(conn, reply.finding_key, DispositionState.REOPENED, said.note, key, said.author_role, said.at)
    return True


# --- verifying ------------------------------------------------------------------------------------------------------


def problems(conn: Connection, account_key: str) -> list[str]:
    """The replies to an account's findings that are not what was said: their key no longer fits their words."""
    finding, table = tables.finding, tables.reply
    own = select(finding.c.key).where(finding.c.account_key == account_key)
    rows = conn.execute(select(table).where(table.c.finding_key.in_(own), table.c.erased_at.is_(None))).all()
    changed = [
        row.key for row in rows if row.key != key_of(row.finding_key, row.kind, row.text, row.author_role, row.at)
    ]
    return [f"reply {key} was changed after it was given" for key in sorted(changed)]


# --- rows -----------------------------------------------------------------------------------------------------------


def _reply(row: Any, decided: Mapping[str, tuple[ReplyOutcome, ...]]) -> Reply:
    names = ("key", "finding_key", "kind", "text", "author_role", "at", "source")
    return Reply(**{name: getattr(row, name) for name in names}, outcomes=decided.get(row.key, ()))


def _outcomes(conn: Connection, keys: Sequence[str]) -> dict[str, tuple[ReplyOutcome, ...]]:
    table = tables.reply_outcome
    found: dict[str, tuple[ReplyOutcome, ...]] = {}
    for part in chunks(keys):
        for row in conn.execute(select(table).where(table.c.reply_key.in_(part)).order_by(table.c.id)):
            item = ReplyOutcome(outcome=row.outcome, note=row.note, author_role=row.author_role, at=row.at)
            found[row.reply_key] = (*found.get(row.reply_key, ()), item)
    return found


def _dispose(
    conn: Connection, finding: str, state: DispositionState, note: str, reply: str, role: str, at: datetime
) -> None:
    # The reply stands where a person would: who replied is known by their office alone.
    item = Disposition(finding_key=finding, state=state, note=note, author=f"reply {reply}", author_role=role, at=at)
    findings.add_disposition(conn, item)
