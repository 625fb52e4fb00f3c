"""What headquarters holds back: findings of a rule that is wrong about something again and again, for a time.

A row says what was decided and is never rewritten, but for two things: ending it early notes when and by whom, and
erasing a post takes what was kept of it here. Which findings a row holds back is told by `pipeline.suppressions`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.records import Suppression

#: In the place of the hash of a content that was no longer there when its post was erased: no content has it.
REVIVED = "revived"


def add(conn: Connection, item: Suppression) -> int:
    """Store a suppression; returns its id."""
    scope = {name: clean(value) for name, value in item.scope.items()}
    row = asdict(item) | {"scope": json.dumps(scope, sort_keys=True), "reason": clean(item.reason)}
    del row["id"]
    table = tables.suppression
    return int(conn.execute(insert(table).values(row).returning(table.c.id)).scalar_one())


def load(conn: Connection) -> list[Suppression]:
    """All of them in the order they were made, also those that are over."""
    return _read(conn)


def active(conn: Connection, at: datetime) -> list[Suppression]:
    """Those made by then and neither expired nor ended then; expiry and end themselves are outside."""
    table = tables.suppression
    standing = or_(table.c.expires_at.is_(None), table.c.expires_at > at)
    kept = or_(table.c.ended_at.is_(None), table.c.ended_at > at)
    return _read(conn, table.c.at <= at, standing, kept)


def end(conn: Connection, number: int, by: str, at: datetime) -> bool:
    """End one before its expiry; False where there is none of that id, or it was ended before."""
    table = tables.suppression
    where = (table.c.id == number, table.c.ended_at.is_(None))
    return conn.execute(update(table).where(*where).values(ended_at=at, ended_by=clean(by))).rowcount == 1


def forget(conn: Connection, account_key: str, native_id: str) -> int:
    """Take out what is kept of a post's content, since its body is being erased; returns how many rows had some.

    The hash of a short text can be guessed back, and a phrase held back in one post stands in that post. What the
    suppression was about when the post was erased it goes on holding back; an edit that revived a finding stays one.
    """
    table, done = tables.suppression, 0
    about = _about(conn, account_key, native_id)
    reads = _content_of(conn, account_key, native_id) if about else None
    for item in about:
        scope, over = dict(item.scope), item.content_hash not in {None, reads}
        if over or item.content_hash or scope.get("phrase"):
            blank = {
                "content_hash": REVIVED if over else "",
                "scope": json.dumps(scope | _phraseless(scope), sort_keys=True),
            }
            conn.execute(update(table).where(table.c.id == item.id).values(blank))
            done += 1
    return done


def _about(conn: Connection, account_key: str, native_id: str) -> list[Suppression]:
    """What was said about a post by its id or by a finding in it; all others are not even read."""
    table, finding = tables.suppression, tables.finding
    own = (finding.c.account_key == account_key, finding.c.subject_kind == "post", finding.c.subject_id == native_id)
    keys = set(conn.execute(select(finding.c.key).where(*own)).scalars())
    # The scope is JSON, in which an id stands as JSON writes it; LIKE may take more, for SQLite's knows no capitals.
    named = table.c.scope.contains(json.dumps(native_id), autoescape=True)
    rows = _read(conn, or_(named, table.c.finding_key.in_(keys)))
    place = (account_key, native_id)
    return [
        item
        for item in rows
        if item.finding_key in keys or (item.scope.get("account_key"), item.scope.get("post")) == place
    ]


def _read(conn: Connection, *where: ColumnElement[bool]) -> list[Suppression]:
    table = tables.suppression
    rows = conn.execute(select(table).where(*where).order_by(table.c.id)).mappings()
    return [Suppression(**{**row, "scope": json.loads(row["scope"])}) for row in rows]


def _phraseless(scope: dict[str, str]) -> dict[str, str]:
    return {"phrase": ""} if "phrase" in scope else {}


def _content_of(conn: Connection, account_key: str, native_id: str) -> str | None:
    """The hash of what a post reads now; empty where its body was erased before."""
    table = tables.post_revision
    own = (table.c.account_key == account_key, table.c.native_id == native_id)
    latest = (table.c.stands_from.desc(), table.c.captured_at.desc(), table.c.seq.desc())
    return conn.execute(select(table.c.content_hash).where(*own).order_by(*latest).limit(1)).scalar()
