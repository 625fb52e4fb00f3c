"""What rules said of contents before: so that a night judges only what is new, and a changed rule judges alone.

Most contents get the same row of answers (clean by most rules, out of scope for some), so that row stands once as a
*pattern* and each content points at its own. Evidence is kept only where there is any.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields

import pandas as pd
from sqlalchemy import Connection, delete, select

from chapterwatch.archive import tables
from chapterwatch.archive.records import Answer, Pattern, Remembered
from chapterwatch.archive.sql import chunks, insert_missing, upsert

COLUMNS = tuple(item.name for item in fields(Remembered))


def pattern_of(answers: Mapping[str, Answer]) -> Pattern:
    """The row of answers as a pattern, named by what it says."""
    return Pattern(digest=hashlib.sha256(_text(answers).encode()).hexdigest()[:32], answers=dict(answers))


def save(conn: Connection, patterns: Iterable[Pattern], rows: Sequence[Remembered]) -> None:
    """Keep new patterns, and point contents at theirs.

    An audit that began before an erasure must not bring the words back: of a revision without its body nothing is kept.
    """
    told = [{"digest": item.digest, "answers": _text(item.answers)} for item in patterns]
    insert_missing(conn, tables.verdict_pattern, told)
    gone = _erased(conn, {(row.account_key, row.subject_id) for row in rows if row.subject_kind == "post"})
    left = [row for row in rows if row.subject_kind != "post" or _revision_of(row) not in gone]
    upsert(conn, tables.verdict, [asdict(row) for row in left])


def load(conn: Connection, account_keys: Sequence[str], subject_kind: str) -> tuple[pd.DataFrame, dict[str, Pattern]]:
    """What is remembered of the accounts' contents (`COLUMNS`), and the patterns it points at by digest."""
    table = tables.verdict
    rows = []
    for part in chunks(list(account_keys)):
        where = (table.c.account_key.in_(part), table.c.subject_kind == subject_kind)
        rows += [tuple(row) for row in conn.execute(select(*(table.c[name] for name in COLUMNS)).where(*where))]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame, _patterns(conn, sorted(set(frame["pattern"])))


def forget(conn: Connection, account_key: str, subject_id: str) -> None:
    """Drop what is remembered of a post whose body is erased: its evidence quotes the body."""
    table = tables.verdict
    where = (table.c.account_key == account_key, table.c.subject_kind == "post", table.c.subject_id == subject_id)
    conn.execute(delete(table).where(*where))


def _revision_of(row: Remembered) -> tuple[str, str, int]:
    return row.account_key, row.subject_id, row.revision


def _erased(conn: Connection, posts: Collection[tuple[str, str]]) -> set[tuple[str, str, int]]:
    """Those revisions of the posts whose body was erased, numbered as frames number them."""
    table = tables.post_revision
    found: set[tuple[str, str, int]] = set()
    for part in chunks(sorted({account_key for account_key, _ in posts})):
        touched = select(table.c.account_key, table.c.native_id).where(
            table.c.account_key.in_(part), table.c.erased_at.is_not(None)
        )
        for post in sorted({(row.account_key, row.native_id) for row in conn.execute(touched)} & set(posts)):
            where = (table.c.account_key == post[0], table.c.native_id == post[1])
            order = (table.c.stands_from, table.c.captured_at, table.c.seq)
            erased = conn.execute(select(table.c.erased_at).where(*where).order_by(*order)).scalars()
            found |= {(*post, number) for number, at in enumerate(erased) if at is not None}
    return found


def _patterns(conn: Connection, digests: Sequence[str]) -> dict[str, Pattern]:
    table = tables.verdict_pattern
    found = {}
    for part in chunks(digests):
        for row in conn.execute(select(table).where(table.c.digest.in_(part))):
            answers = {rule: (fingerprint, said) for rule, (fingerprint, said) in json.loads(row.answers).items()}
            found[row.digest] = Pattern(digest=row.digest, answers=answers)
    return found


def _text(answers: Mapping[str, Answer]) -> str:
    return json.dumps({rule: list(answer) for rule, answer in sorted(answers.items())})
