"""Samples of posts without a finding, and what people answered about them.

Those drawn by chance and those most like a breach stand side by side. Both are chosen once for each association and
month; answers are appended, and the last one about a post counts. An answer and its line in the log of acts are one
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, func, insert, select

from chapterwatch.archive import acts, tables
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.engine import reading, writing
from chapterwatch.archive.sql import insert_for
from chapterwatch.errors import ArchiveError
from chapterwatch.sampling import Answer, Candidate, Drawn, Likely


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What somebody said of a drawn post. `clause` is the one they would have cited for a miss."""

    answer: Answer
    author: str
    author_role: str
    at: datetime
    clause: str = ""
    note: str = ""


@dataclass(frozen=True)
class Samples:
    """The door to the samples. Every method is one transaction."""

    _engine: Engine

    def keep(
        self, association: str, period: str, drawn: Sequence[Drawn], at: datetime, likely: Sequence[Likely] = ()
    ) -> bool:
        """Keep a month's sample and its likely misses; False where one was drawn before, which then stays as it is."""
        table = tables.sample_item
        where = (table.c.association == association, table.c.period == period)
        rows = [_row(association, period, item.post, item.stratum_size, at) for item in drawn]
        rows += [_row(association, period, item.post, 0, at, item.family) for item in likely]
        with writing(self._engine) as conn:
            if not rows or conn.execute(select(table.c.native_id).where(*where).limit(1)).first():
                return False
            conn.execute(insert_for(conn, table).on_conflict_do_nothing(), rows)
        return True

    def drawn(self, association: str, period: str) -> list[Drawn]:
        """What chance drew of a month, in the order of its strata."""
        with reading(self._engine) as conn:
            return [_drawn(row) for row in _items(conn, association, period) if not row.likely]

    def likely(self, association: str, period: str) -> list[Likely]:
        """The posts of a month most like a breach, in the order of their families."""
        with reading(self._engine) as conn:
            rows = [row for row in _items(conn, association, period) if row.likely]
        return [Likely(post=_post(row), family=row.likely) for row in sorted(rows, key=lambda row: row.likely)]

    def months(self, association: str) -> dict[str, datetime]:
        """Month -> when its sample was drawn, in the order of the months."""
        table = tables.sample_item
        query = select(table.c.period, func.min(table.c.drawn_at)).where(table.c.association == association)
        with reading(self._engine) as conn:
            rows = conn.execute(query.group_by(table.c.period).order_by(table.c.period)).all()
        return {row[0]: row[1] for row in rows}

    def answer(self, association: str, period: str, post: Candidate, said: Answered) -> None:
        """Append an answer and its line in the log.

        Raises:
            ArchiveError: the post was not drawn for that month.
        """
        key = {"association": association, "period": period}
        key |= {"account_key": post.account_key, "native_id": post.subject_id}
        row = {**key, "answer": said.answer, "clause": clean(said.clause), "note": clean(said.note)}
        row |= {"author": said.author, "author_role": said.author_role}
        with writing(self._engine) as conn:
            if post not in {_post(item) for item in _items(conn, association, period)}:
                raise ArchiveError(f"{post.account_key} {post.subject_id} was not drawn for {period}; list the sample")
            conn.execute(insert(tables.sample_answer), {**row, "at": said.at})
            acts.add(conn, _act(association, period, post, said))

    def answers(self, association: str, period: str, before: datetime | None = None) -> dict[Candidate, Answered]:
        """The last answer about each post that has one, of those given `before` a moment."""
        table = tables.sample_answer
        where = [table.c.association == association, table.c.period == period]
        where += [] if before is None else [table.c.at < before]
        with reading(self._engine) as conn:
            known = {(row.account_key, row.native_id): _post(row) for row in _items(conn, association, period)}
            rows = conn.execute(select(table).where(*where).order_by(table.c.id)).all()
        return {known[row.account_key, row.native_id]: _answered(row) for row in rows}


def _items(conn: Connection, association: str, period: str) -> Sequence[Row[tuple[object, ...]]]:
    table = tables.sample_item
    where = (table.c.association == association, table.c.period == period)
    return conn.execute(
        select(table).where(*where).order_by(table.c.stratum, table.c.account_key, table.c.native_id)
    ).all()


def _row(
    association: str, period: str, post: Candidate, stratum_size: int, at: datetime, likely: str = ""
) -> dict[str, object]:
    return {
        "association": association,
        "period": period,
        "account_key": post.account_key,
        "native_id": post.subject_id,
        "revision": post.revision,
        "stratum": post.stratum,
        "stratum_size": stratum_size,
        "drawn_at": at,
        "likely": likely,
    }


def _drawn(row: Row[tuple[object, ...]]) -> Drawn:
    return Drawn(post=_post(row), stratum_size=int(row.stratum_size))


def _post(row: Row[tuple[object, ...]]) -> Candidate:
    return Candidate(
        stratum=row.stratum, account_key=row.account_key, subject_id=row.native_id, revision=int(row.revision)
    )


def _answered(row: Row[tuple[object, ...]]) -> Answered:
    return Answered(
        answer=row.answer,
        author=row.author,
        author_role=row.author_role,
        at=row.at,
        clause=row.clause,
        note=row.note,
    )


def _act(association: str, period: str, post: Candidate, said: Answered) -> acts.Act:
    return acts.Act(
        author=said.author,
        role=said.author_role,
        kind="sample",
        subject=f"{association} {period} {post.account_key} {post.subject_id}",
        at=said.at,
        detail=said.answer,
        why=said.note,
    )
