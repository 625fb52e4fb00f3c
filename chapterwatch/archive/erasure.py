"""Erasing the body of a post and leaving a tombstone, so that the chain still verifies.

X's developer terms ask that content deleted there is deleted in copies too. What stays: that there was a post, when it
was seen, the salted leaf (which nobody can guess the text from once the salt is gone), and the findings' rule and time.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.exc import DBAPIError

from chapterwatch.archive import chain, pictures, quotations, suppressions, tables, verdicts
from chapterwatch.archive.bodies import has_body, require_post
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.records import Head, Receipt
from chapterwatch.archive.sql import chunks
from chapterwatch.errors import ArchiveError
from chapterwatch.model import PostState

ERASED_REASON = "The text this rests on was erased with its post."

#: Tables that held text.
_WITH_TEXT = (
    "capture",
    "post_revision",
    "finding",
    "quarantine",
    "media",
    "picture_reading",
    "verdict",
    "reply",
    "report_letter",
    "suppression",
)


def erase_body(
    conn: Connection,
    account_key: str,
    native_id: str,
    *,
    reason: str,
    author: str,
    at: datetime,
) -> tuple[Receipt, list[str]]:
    """Remove bytes, text, salts and hashes of the text from everything kept of one post; append the tombstone.

    Erasing what is erased already changes nothing and gives a receipt without a tombstone. Beside the receipt come the
    SHA-256 of the pictures whose files are to be swept before this is committed.

    Raises:
        ArchiveError: the archive knows no such post.
    """
    writer = chain.Writer(account_key, chain.lock(conn, account_key))
    seqs = _entries_with_body(conn, account_key, native_id)
    shown, orphans = pictures.forget(conn, account_key, native_id)
    quoting = quotations.black_out(conn, account_key, native_id, at)
    letters = quotations.cut_from_letters(conn, account_key, native_id)
    findings = _blank_findings(conn, account_key, native_id, at)
    quarantined = _blank_quarantine(conn, account_key, native_id)
    verdicts.forget(conn, account_key, native_id)
    suppressions.forget(conn, account_key, native_id)
    if seqs or shown:
        note = {"erased": sorted([*seqs, *shown]), "reason": clean(reason), "author": clean(author)}
        _blank(conn, account_key, [*seqs, *shown], at)
        writer.append(
            kind="erasure",
            subject_id=native_id,
            run_id="",
            connector="",
            captured_at=at,
            note=json.dumps(note, sort_keys=True),
        )
        writer.flush(conn)
    receipt = Receipt(
        account_key=account_key,
        native_id=native_id,
        captures=len(seqs),
        revisions=len(seqs),
        findings=findings,
        quarantined=quarantined,
        reason=reason,
        author=author,
        at=at,
        tombstone=Head(count=writer.head.count, hash=writer.head.hash) if seqs or shown else None,
        pictures=len(orphans),
        replies=quoting,
        letters=letters,
    )
    return receipt, orphans


def erased_posts(conn: Connection, account_keys: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """(account key, native id) of the posts whose body was erased, in order."""
    table = tables.post_revision
    query = select(table.c.account_key, table.c.native_id).where(table.c.erased_at.is_not(None)).distinct()
    if account_keys is not None:
        query = query.where(table.c.account_key.in_(account_keys))
    return sorted((row.account_key, row.native_id) for row in conn.execute(query))


def deleted_posts(conn: Connection, account_keys: Sequence[str]) -> list[tuple[str, str]]:
    """(account key, native id) of the accounts' posts that are surely deleted and have a body left, in order."""
    post = tables.post
    left = has_body(post.c.account_key, post.c.native_id)
    found: list[tuple[str, str]] = []
    for part in chunks(account_keys):
        where = (post.c.account_key.in_(part), post.c.state == PostState.DELETED.value, left)
        rows = conn.execute(select(post.c.account_key, post.c.native_id).where(*where))
        found += [(row.account_key, row.native_id) for row in rows]
    return sorted(found)


def vacuum(engine: Engine) -> None:
    """Give freed space back, so that erased bytes leave the database's files too.

    SQLite keeps them in free pages and in the write-ahead log until VACUUM and a truncating checkpoint. PostgreSQL
    rewrites the tables; its own log keeps them until it is recycled.

    Raises:
        ArchiveError: the database could not do it: its disk is full, or another process is in its way. What was erased
            stays erased; its bytes stay in free space.
    """
    try:
        _vacuum(engine)
    except (sqlite3.Error, DBAPIError) as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise ArchiveError(f"the archive could not be vacuumed ({reason}); {_by_hand(engine)}") from error


def _vacuum(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        _vacuum_sqlite(engine)
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        for name in _WITH_TEXT:
            conn.execute(text(f"VACUUM FULL {name}"))


def _by_hand(engine: Engine) -> str:
    """How to do it later: an audit and an erasure do it only when they have erased something."""
    if engine.dialect.name == "postgresql":
        return f'run "VACUUM FULL {", ".join(_WITH_TEXT)}" in psql once it can'
    return f'run: sqlite3 {engine.url.database} "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"'


def _vacuum_sqlite(engine: Engine) -> None:
    # Through the driver: VACUUM must stand outside any transaction, and the engine opens one for every statement.
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        raw.close()
    if busy:
        raise ArchiveError(f"the archive is being read by another process; stop it and {_by_hand(engine)}")


def _entries_with_body(conn: Connection, account_key: str, native_id: str) -> list[int]:
    require_post(conn, account_key, native_id)
    revision = tables.post_revision
    query = select(revision.c.seq).where(
        revision.c.account_key == account_key, revision.c.native_id == native_id, revision.c.erased_at.is_(None)
    )
    return list(conn.execute(query.order_by(revision.c.seq)).scalars())


def _blank(conn: Connection, account_key: str, seqs: Sequence[int], at: datetime) -> None:
    capture, revision = tables.capture, tables.post_revision
    conn.execute(
        update(capture)
        .where(capture.c.account_key == account_key, capture.c.seq.in_(seqs))
        .values(raw=None, raw_sha256=None, salt=None)
    )
    conn.execute(
        update(revision)
        .where(revision.c.account_key == account_key, revision.c.seq.in_(seqs))
        # The hash goes as well: over so short a text it can be guessed back.
        .values(text="", links="[]", media="[]", content_hash="", permalink=None, erased_at=at)
    )


def _blank_findings(conn: Connection, account_key: str, native_id: str, at: datetime) -> int:
    table = tables.finding
    where = (
        table.c.account_key == account_key,
        table.c.subject_kind == "post",
        table.c.subject_id == native_id,
        table.c.erased_at.is_(None),
    )
    blank = {"excerpt": "", "reason": ERASED_REASON, "content_hash": "", "erased_at": at}
    return conn.execute(update(table).where(*where).values(blank)).rowcount


def _blank_quarantine(conn: Connection, account_key: str, native_id: str) -> int:
    """An unreadable record that names the post may carry its text.

    Only a whole id names it: post 1 is not named by every record with a digit 1.
    """
    table = tables.quarantine
    whole = re.compile(rf"(?<![^\W_]){re.escape(native_id)}(?![^\W_])")
    held = select(table.c.sha256, table.c.raw).where(table.c.account_key == account_key, table.c.raw.is_not(None))
    named = [row.sha256 for row in conn.execute(held) if whole.search(bytes(row.raw).decode("utf-8", "replace"))]
    for sha256 in named:
        where = (table.c.account_key == account_key, table.c.sha256 == sha256)
        conn.execute(update(table).where(*where).values(raw=None))
    return len(named)
