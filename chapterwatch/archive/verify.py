"""Re-reading and re-hashing every capture, and holding the chains against heads kept elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select, type_coerce, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from chapterwatch.archive import chain, pictures, replies, tables
from chapterwatch.archive.mediafiles import MediaFiles
from chapterwatch.archive.records import Head, Verification
from chapterwatch.archive.sql import insert_missing

#: Entries read at a time.
_STRETCH = 500

_BODY = ("raw", "raw_sha256", "salt")
_EMPTY_READING = {"text": "", "links": "[]", "media": "[]", "content_hash": ""}


_NOTHING = Head(count=0, hash=chain.GENESIS)


@dataclass(kw_only=True)
class _Walk:
    """One account's chain while it is walked from its first entry."""

    head: Head = _NOTHING
    hashes: dict[int, str] = field(default_factory=dict)
    blanked: set[int] = field(default_factory=set)
    tombstoned: set[int] = field(default_factory=set)
    #: The picture each entry commits to.
    pictures: dict[int, pictures.Sealed] = field(default_factory=dict)
    problem: str | None = None


def verify(
    conn: Connection,
    account_keys: Iterable[str] | None = None,
    witnessed: Mapping[str, Head] | None = None,
    files: MediaFiles | None = None,
) -> Verification:
    """Check every capture of the accounts (default: all), the stored heads, and the heads printed in reports.

    `witnessed` are heads known from outside, by account key: an old report, a backup. With `files` the pictures' files
    are held against their hashes too.
    """
    problems: list[str] = []
    keys = _accounts(conn, problems) if account_keys is None else sorted(set(account_keys))
    walks = {}
    for key in keys:
        walks[key] = _walk(conn, key)
        found = walks[key].problem or _against_kept(conn, key, walks[key], witnessed or {})
        named = [found] if found else pictures.problems(conn, key, walks[key].pictures, files)
        problems += [f"{key}: {problem}" for problem in (*named, *replies.problems(conn, key))]
    return Verification(
        ok=not problems,
        captures_checked=sum(walk.head.count for walk in walks.values()),
        accounts=len(keys),
        problems=problems,
        heads={key: walk.head for key, walk in walks.items()},
        files_checked=len({one.sha256 for walk in walks.values() for one in walk.pictures.values()}) if files else 0,
    )


# --- witnesses ------------------------------------------------------------------------------------------------------


def witness_heads(
    conn: Connection,
    report: tuple[str, str, int],
    found: Mapping[str, Head],
    at: datetime,
) -> None:
    """Keep the heads a report prints, and their digest on the report's row. The first word stands."""
    chapter, period, revision = report
    place = {"chapter": chapter, "period": period, "revision": revision}
    rows = [
        {**place, "account_key": key, "entries": head.count, "hash": head.hash, "at": at} for key, head in found.items()
    ]
    if insert_missing(conn, tables.witness, rows) < len(rows):
        return
    count, digest = chain.digest(found)
    table = tables.report
    where = [table.c[name] == value for name, value in place.items()]
    conn.execute(update(table).where(*where).values(chain_count=count, chain_digest=digest))


def digest_at(conn: Connection, report: tuple[str, str, int]) -> tuple[int, str]:
    """The digest a report should carry, made anew from the captures at the counts it witnessed.

    To be compared by eye with the one in the mailed PDF, which no one can change in the database.
    """
    table = tables.witness
    chapter, period, revision = report
    where = [table.c.chapter == chapter, table.c.period == period, table.c.revision == revision]
    found = {}
    for row in conn.execute(select(table).where(*where)).all():
        found[row.account_key] = Head(count=row.entries, hash=_hash_at(conn, row.account_key, row.entries))
    return chain.digest(found)


def _hash_at(conn: Connection, account_key: str, seq: int) -> str:
    if seq == 0:
        return chain.GENESIS
    table = tables.capture
    found = conn.execute(select(table.c.hash).where(table.c.account_key == account_key, table.c.seq == seq))
    return found.scalar() or "missing"


def _against_kept(conn: Connection, key: str, walk: _Walk, witnessed: Mapping[str, Head]) -> str | None:
    try:
        return _against_head(conn, key, walk) or _against_witnesses(conn, key, walk, witnessed)
    except DBAPIError:
        return "a head kept of it cannot be read"


def _against_head(conn: Connection, key: str, walk: _Walk) -> str | None:
    stored = chain.heads(conn, [key]).get(key)
    if stored is None:
        # The registry may name an account before anything is asked of it, and a private one is never asked.
        return "the account's head is missing" if walk.head != _NOTHING or _is_known(conn, key) else None
    if stored.count > walk.head.count:
        return f"entry {walk.head.count + 1} is missing: the chain ends early, its head counts {stored.count}"
    return None if stored == walk.head else f"the head does not fit entry {walk.head.count}"


def _is_known(conn: Connection, key: str) -> bool:
    """Whether any row says that the archive has met the account: its own, a night's, or a report's witness."""
    columns = (tables.account.c.key, tables.coverage.c.account_key, tables.witness.c.account_key)
    return any(conn.execute(select(column).where(column == key).limit(1)).first() for column in columns)


def _against_witnesses(conn: Connection, key: str, walk: _Walk, witnessed: Mapping[str, Head]) -> str | None:
    table = tables.witness
    rows = conn.execute(select(table).where(table.c.account_key == key).order_by(table.c.entries)).all()
    seen = [
        (f"report {row.chapter} {row.period} revision {row.revision}", Head(count=row.entries, hash=row.hash))
        for row in rows
    ]
    if key in witnessed:
        seen.append(("the head given", witnessed[key]))
    for source, head in seen:
        if head.count > walk.head.count:
            return f"entry {walk.head.count + 1} is missing: {source} counted {head.count} entries"
        if walk.hashes.get(head.count, chain.GENESIS if head.count == 0 else "") != head.hash:
            return f"entry {head.count} is not the one that {source} saw"
    return None


# --- walking one chain ----------------------------------------------------------------------------------------------


def _accounts(conn: Connection, problems: list[str]) -> list[str]:
    """Every account anything is kept of; a key that is no text is a problem by itself."""
    capture, head, witness = tables.capture, tables.chain_head, tables.witness
    keys: set[str] = set()
    for column in (tables.account.c.key, head.c.account_key, capture.c.account_key, witness.c.account_key):
        try:
            keys |= set(conn.execute(select(column).distinct()).scalars())
        except DBAPIError:
            problems.append(f"an account key in {column.table.name} cannot be read")
    return sorted(keys)


def _walk(conn: Connection, key: str) -> _Walk:
    walk = _Walk()
    for entry, reading in _entries(conn, key):
        walk.problem = _problem_with(walk, entry, reading)
        if walk.problem:
            return walk
        walk.head = Head(count=entry["seq"], hash=entry["hash"])
        walk.hashes[entry["seq"]] = entry["hash"]
    walk.problem = _problem_with_erasures(walk) or _strays(conn, key)
    return walk


_Entry = Mapping[str, Any]


def _entries(conn: Connection, key: str) -> Iterator[tuple[_Entry, _Entry | None]]:
    """Every entry with its reading, in order of seq; an entry that cannot even be read comes as `unreadable`."""
    table = tables.capture
    seqs = list(
        conn.execute(select(_stored(table.c.seq)).where(table.c.account_key == key).order_by(table.c.seq)).scalars()
    )
    for start in range(0, len(seqs), _STRETCH):
        part = seqs[start : start + _STRETCH]
        try:
            yield from _stretch(conn, key, part)
        except DBAPIError:
            # A byte that is no UTF-8 spoils the whole answer: ask for one at a time to name it.
            yield from _one_by_one(conn, key, part)


def _one_by_one(conn: Connection, key: str, seqs: Sequence[int]) -> Iterator[tuple[_Entry, _Entry | None]]:
    for seq in seqs:
        try:
            yield from _stretch(conn, key, [seq])
        except DBAPIError:
            yield {"seq": seq, "unreadable": True}, None


def _stretch(conn: Connection, key: str, seqs: Sequence[int]) -> list[tuple[_Entry, _Entry | None]]:
    entries = _rows(conn, tables.capture, key, seqs)
    readings = {
        kind: {row["seq"]: row for row in _rows(conn, table, key, seqs)} for kind, table in chain.READINGS.items()
    }
    return [(entry, readings.get(entry["kind"], {}).get(entry["seq"])) for entry in entries]


def _rows(conn: Connection, table: Table, key: str, seqs: Sequence[int]) -> list[_Entry]:
    query = select(*(_stored(column) for column in table.columns)).where(
        table.c.account_key == key, table.c.seq.in_(seqs)
    )
    return [dict(row) for row in conn.execute(query.order_by(table.c.seq)).mappings()]


def _stored(column: Column[Any]) -> ColumnElement[Any]:
    """The value as it lies in the database, before anything can read two spellings as the same."""
    return type_coerce(column, NullType()).label(column.name)


def _problem_with(walk: _Walk, entry: _Entry, reading: _Entry | None) -> str | None:
    expected = walk.head.count + 1
    if entry["seq"] != expected:
        return f"entry {expected} is missing"
    if entry.get("unreadable") or not _fits(walk, entry, reading):
        return f"entry {expected} was changed or does not follow the one before"
    return None


def _fits(walk: _Walk, entry: _Entry, reading: _Entry | None) -> bool:
    if not all(isinstance(entry[name], str) for name in ("kind", "note", "leaf", "prev", "hash")):
        return False
    if entry["prev"] != walk.head.hash or entry["hash"] != chain.hash_of(entry["prev"], entry["leaf"], entry):
        return False
    if entry["kind"] == "erasure":
        walk.tombstoned |= set(json.loads(entry["note"])["erased"])
    if entry["kind"] in {"post", "picture"} and all(entry[name] is None for name in _BODY):
        walk.blanked.add(entry["seq"])
        return entry["kind"] == "picture" or _is_blank(entry, reading)
    if not _leaf_fits(entry, reading):
        return False
    if entry["kind"] == "picture":
        walk.pictures[entry["seq"]] = pictures.sealed_by(entry)
    return True


def _leaf_fits(entry: _Entry, reading: _Entry | None) -> bool:
    table = chain.READINGS.get(entry["kind"])
    if (table is None) != (reading is None) or not isinstance(entry["salt"], bytes):
        return False
    if not isinstance(entry["raw"], bytes | None):
        return False
    if reading and (reading.get("erased_at") or not _same_subject(entry, reading)):
        return False
    text = chain.reading_of(table, reading) if table is not None and reading else ""
    raw_sha256 = chain.sha256(entry["raw"] or b"")
    return bool(entry["raw_sha256"] == raw_sha256 and entry["leaf"] == chain.leaf_of(entry["salt"], raw_sha256, text))


def _is_blank(entry: _Entry, reading: _Entry | None) -> bool:
    blank = reading is not None and all(reading[name] == value for name, value in _EMPTY_READING.items())
    return blank and reading is not None and bool(reading["erased_at"]) and _same_subject(entry, reading)


def _same_subject(entry: _Entry, reading: _Entry) -> bool:
    return bool(entry["subject_id"] == reading["native_id"])


def _problem_with_erasures(walk: _Walk) -> str | None:
    silent = sorted(walk.blanked - walk.tombstoned)
    if silent:
        return f"the body of entry {silent[0]} is gone and no erasure says so"
    back = sorted(walk.tombstoned - walk.blanked)
    return f"entry {back[0]} was erased and has a body again" if back else None


def _strays(conn: Connection, key: str) -> str | None:
    """A reading without its capture was put in by hand."""
    capture = tables.capture
    for kind, table in chain.READINGS.items():
        held = (
            select(capture.c.seq)
            .where(capture.c.account_key == table.c.account_key, capture.c.seq == table.c.seq, capture.c.kind == kind)
            .exists()
        )
        query = select(func.min(table.c.seq)).where(table.c.account_key == key, ~held)
        stray = conn.execute(query).scalar()
        if stray is not None:
            return f"a {kind} reading stands at entry {stray} without its capture"
    return None
