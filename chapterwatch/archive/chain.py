"""The hash chain of each account: what makes the archive tamper-evident.

An entry's `leaf` commits to the bytes as received and to every stored column of the reading made from them, through a
random salt, so that after an erasure nobody can find the text again by guessing. Its `hash` commits to the leaf, to the
entry's own columns and to the entry before. Cutting the tail off leaves a shorter, whole chain: only a head kept
elsewhere shows that, which is why reports print one (see `witness`).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.records import Head
from chapterwatch.errors import ArchiveError

GENESIS = "0" * 64
SALT_BYTES = 32

#: What an entry says of itself, in the order in which it is hashed.
METADATA = ("account_key", "seq", "kind", "subject_id", "run_id", "connector", "captured_at", "note")

#: Where the readings of each kind of entry stand that has one.
READINGS = {"post": tables.post_revision, "profile": tables.profile_revision}

#: Columns of a reading outside its leaf: its place is hashed with the entry, its erasure comes later.
_OUTSIDE_LEAF = frozenset({"account_key", "seq", "erased_at"})


def reading_columns(table: Table) -> list[str]:
    """The columns of a revision table that its capture's leaf commits to."""
    return [column.name for column in table.columns if column.name not in _OUTSIDE_LEAF]


def reading_of(table: Table, row: Mapping[str, Any]) -> str:
    """One revision row as the text that is hashed."""
    return canonical([row[name] for name in reading_columns(table)])


def canonical(values: Iterable[Any]) -> str:
    """JSON in which equal stored values are equal text, whichever database they came from."""
    return json.dumps([plain(value) for value in values], ensure_ascii=True, separators=(",", ":"))


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def leaf_of(salt: bytes, raw_sha256: str, reading: str) -> str:
    """The salted commitment to one capture's bytes and to the reading stored from them."""
    return sha256(b"\x00".join((salt.hex().encode(), raw_sha256.encode(), reading.encode())))


def hash_of(prev: str, leaf: str, metadata: Mapping[str, Any]) -> str:
    """The hash of an entry: over the one before, its leaf and its own columns."""
    return sha256("|".join((prev, leaf, canonical(metadata[name] for name in METADATA))).encode())


def lock(conn: Connection, account_key: str) -> Head:
    """The account's head, held against other writers until the transaction ends.

    Raises:
        ArchiveError: the account was never registered.
    """
    head = tables.chain_head
    row = conn.execute(select(head).where(head.c.account_key == account_key).with_for_update()).one_or_none()
    if row is None:
        raise ArchiveError(f"account {account_key} is not in the archive; add it to the registry and collect again")
    return Head(count=row.entries, hash=row.hash)


@dataclass
class Writer:
    """Appends entries to one locked chain; `flush` writes them and moves the head."""

    account_key: str
    head: Head
    rows: list[dict[str, Any]] = field(default_factory=list)

    def append(
        self,
        *,
        kind: str,
        subject_id: str,
        run_id: str,
        connector: str,
        captured_at: datetime,
        raw: bytes | None = None,
        reading: str = "",
        note: str = "",
    ) -> int:
        """Add one entry; returns its seq. Without `raw` the entry speaks by its note alone."""
        salt = secrets.token_bytes(SALT_BYTES)
        entry: dict[str, Any] = {
            "account_key": self.account_key,
            "seq": self.head.count + 1,
            "kind": kind,
            "subject_id": subject_id,
            "run_id": run_id,
            "connector": connector,
            "captured_at": captured_at,
            "note": note,
            "raw": raw,
            "raw_sha256": sha256(raw or b""),
            "salt": salt,
            "prev": self.head.hash,
        }
        entry["leaf"] = leaf_of(salt, entry["raw_sha256"], reading)
        entry["hash"] = hash_of(entry["prev"], entry["leaf"], entry)
        self.rows.append(entry)
        self.head = Head(count=entry["seq"], hash=entry["hash"])
        return self.head.count

    def flush(self, conn: Connection) -> None:
        """Write what was appended."""
        if not self.rows:
            return
        conn.execute(insert(tables.capture), self.rows)
        head = tables.chain_head
        conn.execute(
            update(head)
            .where(head.c.account_key == self.account_key)
            .values(entries=self.head.count, hash=self.head.hash)
        )
        self.rows = []


def heads(conn: Connection, account_keys: Iterable[str] | None = None) -> dict[str, Head]:
    """The head of each account's chain, by account key in order. An account without captures has count 0."""
    table = tables.chain_head
    wanted = None if account_keys is None else set(account_keys)
    query = select(table) if wanted is None else select(table).where(table.c.account_key.in_(wanted))
    found = {row.account_key: Head(count=row.entries, hash=row.hash) for row in conn.execute(query)}
    return {key: found[key] for key in sorted(found)}


def digest(found: Mapping[str, Head]) -> tuple[int, str]:
    """All captures counted, and one SHA-256 over the heads: what a report prints."""
    lines = [f"{key} {found[key].count} {found[key].hash}" for key in sorted(found)]
    return sum(head.count for head in found.values()), sha256("\n".join(lines).encode())


def plain(value: Any) -> Any:
    """A stored value as it is hashed: text, a number or None, the same from every database."""
    if isinstance(value, datetime):
        # SQLite's stored spelling, so that a flipped byte in it cannot be read as the same instant.
        # The year by hand: strftime writes the years before 1000 with fewer digits on some systems.
        moment = value.astimezone(UTC)
        return f"{moment.year:04d}-{moment:%m-%d %H:%M:%S.%f}"
    if isinstance(value, bytes):
        # Nothing of ours: text somebody stored anew as bytes must not hash like the text.
        return {"bytes": value.hex()}
    return int(value) if isinstance(value, bool) else value
