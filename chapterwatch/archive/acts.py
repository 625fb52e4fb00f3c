"""What staff do by hand: decisions about findings, and the log of every such act.

A decision and its line in the log are one transaction: there is neither without the other. The log is only ever added
to, which the database itself holds (triggers of migration 0006).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, insert, or_, select

from chapterwatch.archive import findings, holds, ledger, replies, suppressions, tables
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.engine import reading, writing
from chapterwatch.archive.records import Disposition, Hold, ReplyOutcome, Suppression
from chapterwatch.archive.sql import chunks
from chapterwatch.errors import ArchiveError
from chapterwatch.model import DeliveryState, DispositionState, Window
from chapterwatch.replies import Given


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing a person did. `author` is a login, `why` what the person wrote about it."""

    author: str
    role: str
    #: decide, show, evidence, reply, reply_outcome, resend, suppress, hold, dry_run, adhoc_audit…
    kind: str
    #: A finding's key, a report's name, a pack's id: whatever the kind speaks of.
    subject: str
    at: datetime
    chapter: str = ""
    #: What exactly, in one word or two: the state a decision led to.
    detail: str = ""
    why: str = ""
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decides about findings. `role` is what a report may print of them."""

    state: DispositionState
    note: str
    author: str
    role: str
    at: datetime


class Overtaken(ArchiveError):
    """Somebody else decided since the page was read: the later one should see it first."""


@dataclass(frozen=True)
class Acts:
    """Decisions and the log. Every method is one transaction."""

    _engine: Engine

    def decide(
        self,
        keys: Sequence[str],
        decision: Decision,
        *,
        chapters: Collection[str] | None = None,
        known: Mapping[str, int] | None = None,
    ) -> int:
        """Decide about findings and log it, all or none; returns how many. Keys given twice count once.

        Findings outside `chapters` (None: of all) are as unknown as those there are not. `known` says how many
        decisions about a finding its reader had seen.

        Raises:
            ArchiveError: a key is unknown.
            Overtaken: there are more decisions about a finding than `known` says.
        """
        wanted = list(dict.fromkeys(keys))
        with writing(self._engine) as conn:
            homes = _chapters_of(conn, wanted, chapters)
            if len(homes) < len(wanted):
                raise ArchiveError("one of the findings is not there; reload the list")
            _refuse_overtaken(conn, known or {})
            for key in wanted:
                findings.add_disposition(conn, _disposition(key, decision))
                add(conn, _act_of(key, homes[key], decision))
        return len(wanted)

    def reply(self, given: Given, act: Act) -> bool:
        """Keep what a chapter said of a finding, and who entered it; False where it was said before."""
        with writing(self._engine) as conn:
            new = bool(replies.add(conn, [given], act.at))
            if new:
                add(conn, act)
        return new

    def returned(self, given: Sequence[Given], act: Act) -> list[Given]:
        """Keep the replies of a form that came back, and who read it in, a line for each that is new; returns those."""
        with writing(self._engine) as conn:
            new = replies.add(conn, given, act.at)
            for item in new:
                add(conn, replace(act, subject=item.finding_key, detail=item.kind))
        return new

    def decide_reply(self, key: str, outcome: ReplyOutcome, act: Act) -> bool:
        """Append what became of a reply, and who decided; False where just that was decided last.

        Raises:
            ArchiveError: there is no such reply.
        """
        with writing(self._engine) as conn:
            new = replies.decide(conn, key, outcome)
            if new:
                add(conn, act)
        return new

    def resend(self, report: tuple[str, str, int], recipient: str, act: Act) -> bool:
        """Have an undelivered mail sent again, and log who wants it; False where its state does not allow that."""
        with writing(self._engine) as conn:
            done = ledger.resend(conn, (*report, ledger.mailbox(recipient)), act.author, act.why, act.at)
            if done:
                add(conn, act)
        return done

    def arrived(self, report: tuple[str, str, int], recipient: str, detail: str, act: Act) -> None:
        """Note that an unknown mail has arrived, and log who says so.

        Raises:
            ArchiveError: no such mail is unknown.
        """
        key = (*report, ledger.mailbox(recipient))
        with writing(self._engine) as conn:
            ledger.settle(conn, key, DeliveryState.SENT, detail, act.author, act.at)
            add(conn, act)

    def suppress(self, item: Suppression, act: Act) -> int:
        """Keep a suppression, and who decided it; returns its id, which ends the act's subject."""
        with writing(self._engine) as conn:
            number = suppressions.add(conn, item)
            add(conn, replace(act, subject=f"{act.subject} {number}"))
        return number

    def end_suppression(self, number: int, act: Act) -> bool:
        """End a suppression before its expiry, and log it; False where there is none, or it was ended before."""
        with writing(self._engine) as conn:
            done = suppressions.end(conn, number, act.author, act.at)
            if done:
                add(conn, act)
        return done

    def hold(self, item: Hold, act: Act) -> int:
        """Keep an account or a post from being erased by itself, and log who wants it; returns the hold's number.

        Raises:
            ArchiveError: the archive knows no such account or post.
        """
        with writing(self._engine) as conn:
            number = holds.add(conn, item)
            add(conn, act)
        return number

    def end_hold(self, number: int, act: Act) -> Hold:
        """End a hold before its time, and log who wants it; returns it.

        Raises:
            ArchiveError: none of that number stands.
        """
        with writing(self._engine) as conn:
            found = holds.end(conn, number, act.at)
            add(conn, act)
        return found

    def note(self, act: Act) -> None:
        """Add one act to the log."""
        with writing(self._engine) as conn:
            add(conn, act)

    def page(self, *, before: int | None = None, limit: int = 100, author: str = "", kind: str = "") -> list[Act]:
        """Acts, latest first; the next page is `before` the last one's id."""
        table = tables.staff_act
        query = select(table).order_by(table.c.id.desc()).limit(limit)
        for column, value in ((table.c.author, author), (table.c.kind, kind)):
            query = query.where(column == value) if value else query
        if before is not None:
            query = query.where(table.c.id < before)
        with reading(self._engine) as conn:
            return [Act(**row) for row in conn.execute(query).mappings()]

    def of_subject(self, subject: str) -> list[Act]:
        """What was done about one subject, oldest first."""
        table = tables.staff_act
        with reading(self._engine) as conn:
            rows = conn.execute(select(table).where(table.c.subject == subject).order_by(table.c.id)).mappings()
            return [Act(**row) for row in rows]

    def counts(
        self,
        window: Window,
        chapters: Collection[str] | None = None,
        *,
        named: Collection[str] = (),
    ) -> dict[tuple[str, str], int]:
        """(role, kind) -> acts within a half-open window, without any name: what a roll-up may print.

        With `chapters` only acts that touched one of them, or touched none and whose subject starts with one of the
        words `named`: an association's samples and sign-offs, its pack.
        """
        table = tables.staff_act
        query = (
            select(table.c.role, table.c.kind, func.count())
            .where(table.c.at >= window.since, table.c.at < window.until)
            .group_by(table.c.role, table.c.kind)
            .order_by(table.c.role, table.c.kind)
        )
        if chapters is not None:
            query = query.where(or_(table.c.chapter.in_(sorted(chapters)), *_about(named)))
        with reading(self._engine) as conn:
            return {(row[0], row[1]): row[2] for row in conn.execute(query)}

    def without_reason(self, window: Window) -> int:
        """Acts within a half-open window for which nobody wrote why."""
        table = tables.staff_act
        within = (table.c.at >= window.since, table.c.at < window.until)
        query = select(func.count()).select_from(table).where(*within, table.c.why == "")
        with reading(self._engine) as conn:
            return int(conn.execute(query).scalar_one())


def add(conn: Connection, act: Act) -> None:
    """Add an act within somebody's transaction."""
    row = asdict(act) | {"why": clean(act.why), "detail": clean(act.detail)}
    del row["id"]
    conn.execute(insert(tables.staff_act), row)


def _about(names: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """Acts that touched no chapter and are about one of the names."""
    table = tables.staff_act
    for name in sorted(names):
        starts = table.c.subject.startswith(f"{name} ", autoescape=True)
        yield and_(table.c.chapter == "", or_(table.c.subject == name, starts))


def _chapters_of(conn: Connection, keys: Iterable[str], chapters: Collection[str] | None) -> dict[str, str]:
    table = tables.finding
    homes: dict[str, str] = {}
    for part in chunks(list(keys)):
        rows = conn.execute(select(table.c.key, table.c.chapter).where(table.c.key.in_(part)))
        homes |= {row.key: row.chapter for row in rows if chapters is None or row.chapter in chapters}
    return homes


def _refuse_overtaken(conn: Connection, known: Mapping[str, int]) -> None:
    table = tables.disposition
    for key, seen in known.items():
        query = select(func.count()).select_from(table).where(table.c.finding_key == key)
        if conn.execute(query).scalar_one() > seen:
            raise Overtaken("somebody else decided about this finding meanwhile; read that first")


def _disposition(key: str, decision: Decision) -> Disposition:
    return Disposition(
        finding_key=key,
        state=decision.state,
        note=decision.note,
        author=decision.author,
        author_role=decision.role,
        at=decision.at,
    )


def _act_of(key: str, chapter: str, decision: Decision) -> Act:
    return Act(
        author=decision.author,
        role=decision.role,
        kind="decide",
        subject=key,
        chapter=chapter,
        detail=decision.state.value,
        why=decision.note,
        at=decision.at,
    )
