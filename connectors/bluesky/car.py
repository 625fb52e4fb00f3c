"""Importer for the CAR file of a Bluesky repository ("Export my data", or com.atproto.sync.getRepo).

Sources: the CARv1 specification and AT Protocol "Repository". A CAR file is a heap of blocks, each under the hash of
its content (CID). Two identical records share one block, and a block does not know its address: only the search tree
(MST) under the signed commit says which record stands where. So the tree is walked, not the heap.

Every block is held against its CID before it is believed, which also makes a tree that leads back into itself
impossible. Nothing is decoded before the tree asks for it, so a broken block costs only its own record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libipld

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors.bluesky import parse
from connectors.exportfiles import ExportFiles, open_export
from connectors.records import Unreadable

#: Version 1, DAG-CBOR, SHA-256 of 32 bytes: the only CIDs a repository's records and tree nodes have.
_CID_HEAD = b"\x01\x71\x12\x20"
_CID_BYTES = 36
#: A repository of a million posts has less than half as many again.
MAX_BLOCKS = 2_000_000
#: The specification's longest address of a record within a repository is 256 + 1 + 512.
_LONGEST_KEY = 769
#: A node's level is half the number of zero bits its address's SHA-256 begins with.
_DEEPEST_TREE = 128
_VERSION = 1
_MAX_VARINT_BYTES = 9


class _Broken(ValueError):
    """A block or record that cannot be read; the message is the reason."""


class BlueskyCar:
    """Reads one CAR file, alone, in a folder or in a zip."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Profile, then posts and reposts oldest first, then what could not be read, then what is no post.

        Raises:
            ExportRefused: it is no CAR file, cut off, damaged, or the repository of another account.
        """
        with open_export(path) as files:
            name = _only_car(files)
            car = _Car.of(files.read(name), name)
        commit = _commit(car, account)
        yield from _readings(car, commit, account)


@dataclass(frozen=True)
class _Car:
    """The blocks of a CAR file by CID, and the CID everything hangs on."""

    title: str
    root: bytes
    blocks: Mapping[bytes, bytes]

    @classmethod
    def of(cls, body: bytes, title: str) -> _Car:
        """Cut a file into blocks. Raises `ExportRefused` where its frames do not add up to the file."""
        try:
            start, end = _frame(body, 0)
            root = _root_of(_decoded(body[start:end]))
            return cls(title, root, dict(_blocks(body, end)))
        except _Broken as error:
            raise ExportRefused(f"{title}: {error}; download the export again") from None

    def value(self, cid: object) -> Any:
        """What a block says. Raises `_Broken` where it is not there, not what its CID promises, or no DAG-CBOR."""
        return _decoded(self.raw(cid))

    def raw(self, cid: object) -> bytes:
        """A block's bytes, held against its CID."""
        if not isinstance(cid, bytes) or not cid.startswith(_CID_HEAD) or len(cid) != _CID_BYTES:
            raise _Broken("is named by no CID of a record")
        body = self.blocks.get(cid)
        if body is None:
            raise _Broken("is not in the file")
        if hashlib.sha256(body).digest() != cid[len(_CID_HEAD) :]:
            raise _Broken("is not what its CID promises")
        return body


def _only_car(files: ExportFiles) -> str:
    found = [name for name in files.names if name.lower().endswith(".car")]
    if len(found) != 1:
        raise ExportRefused(
            f"{files.title}: holds {len(found)} .car files; choose the one Bluesky gave for this account"
        )
    return found[0]


def _commit(car: _Car, account: Account) -> Mapping[str, Any]:
    try:
        commit = car.value(car.root)
    except _Broken as error:
        raise ExportRefused(f"{car.title}: its commit {error}; download the export again") from None
    if not isinstance(commit, dict) or not isinstance(commit.get("did"), str) or "data" not in commit:
        raise ExportRefused(f"{car.title}: is no repository; choose the .car file Bluesky gave for this account")
    if commit["did"] != account.native_id:
        raise ExportRefused(
            f"{car.title}: is another account's repository than {account.native_id};"
            " check the account's entry, whose native_id must be its DID"
        )
    return commit


# --- the heap of blocks ---------------------------------------------------------------------------------------------


def _blocks(body: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    count = 0
    while at < len(body):
        start, at = _frame(body, at)
        count += 1
        if count > MAX_BLOCKS:
            raise _Broken(f"holds more than {MAX_BLOCKS:,} blocks")
        # Pictures may lie between the records; what has another kind of CID is nothing the tree leads to.
        if body.startswith(_CID_HEAD, start):
            yield body[start : start + _CID_BYTES], body[start + _CID_BYTES : at]


def _frame(body: bytes, at: int) -> tuple[int, int]:
    """Where the next frame's content begins and ends."""
    size, start = _varint(body, at)
    if size == 0 or start + size > len(body):
        raise _Broken("is cut off or damaged")
    return start, start + size


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number and where it ends."""
    number = 0
    for place, digit in enumerate(body[at : at + _MAX_VARINT_BYTES]):
        number |= (digit & 0x7F) << 7 * place
        if digit < 0x80:  # noqa: PLR2004 - the bit that says there is more
            return number, at + place + 1
    raise _Broken("is cut off or damaged")


def _root_of(header: object) -> bytes:
    roots = header.get("roots") if isinstance(header, dict) and header.get("version") == _VERSION else None
    if not isinstance(roots, list) or not roots or not isinstance(roots[0], bytes):
        raise _Broken("is no CAR file of version 1")
    return roots[0]


def _decoded(body: bytes) -> Any:
    try:
        return libipld.decode_dag_cbor(body)
    except (ValueError, RecursionError, OverflowError, MemoryError):
        raise _Broken("is no DAG-CBOR we can read") from None


# --- the tree -------------------------------------------------------------------------------------------------------


def _entries(car: _Car, top: object, bad: list[Quarantined]) -> Iterator[tuple[str, bytes]]:
    """Every address and its record's CID, in the order of addresses. A part that is missing is noted in `bad`.

    Raises:
        ExportRefused: addresses out of order or levels without end, for then no server made the tree.
    """
    last = b""
    waiting = [_node(car, top, bad)]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
            continue
        key, cid = item
        if key is None:
            if len(waiting) > _DEEPEST_TREE:
                raise ExportRefused(f"{car.title}: its tree is deeper than any can be; download the export again")
            waiting.append(_node(car, cid, bad))
            continue
        if key <= last:
            raise ExportRefused(f"{car.title}: its tree is out of order; download the export again")
        last = key
        yield key.decode("ascii", "replace"), cid


def _node(car: _Car, cid: object, bad: list[Quarantined]) -> Iterator[tuple[bytes | None, Any]]:
    """A node's entries (address, CID) and subtrees (None, CID) in order. Addresses share their beginnings."""
    try:
        node = _tree_node(car.value(cid))
        if node.get("l") is not None:
            yield None, node["l"]
        before = b""
        for entry in node["e"]:
            before = _key(entry, before)
            yield before, entry.get("v")
            if entry.get("t") is not None:
                yield None, entry["t"]
    except _Broken as error:
        bad.append(Quarantined(where=f"{car.title} tree", reason=f"a part of the tree {error}", raw=b""))


def _tree_node(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("e"), list):
        raise _Broken("is no tree node")
    return value


def _key(entry: object, before: bytes) -> bytes:
    if not isinstance(entry, dict) or not isinstance(entry.get("p"), int) or not isinstance(entry.get("k"), bytes):
        raise _Broken("holds an entry without address")
    kept, rest = entry["p"], entry["k"]
    if not 0 <= kept <= len(before) or kept + len(rest) > _LONGEST_KEY:
        raise _Broken("holds an entry whose address cannot be")
    return before[:kept] + bytes(rest)


# --- records --------------------------------------------------------------------------------------------------------


def _readings(
    car: _Car, commit: Mapping[str, Any], account: Account
) -> Iterator[PostReading | ProfileReading | Quarantined]:
    bad: list[Quarantined] = []
    others: list[Quarantined] = []
    found: list[parse.Record] = []
    for key, cid in _entries(car, commit["data"], bad):
        where = f"{car.title} {key}"
        if not key.startswith((f"{parse.POSTS}/", f"{parse.REPOSTS}/", f"{parse.PROFILE}/")):
            others.append(Quarantined(where=where, reason="not_a_post", raw=b""))
            continue
        try:
            found.append(_record(car, account, key, cid))
        except (_Broken, Unreadable) as error:
            bad.append(Quarantined(where=where, reason=str(error), raw=car.blocks.get(cid, b"")))
    for one in found:
        if one.address.collection == parse.PROFILE:
            yield parse.profile(account.native_id, account.handle, one.value, one.raw)
    yield from _posts(car, found, bad)
    yield from bad
    yield from others


def _record(car: _Car, account: Account, key: str, cid: bytes) -> parse.Record:
    value = car.value(cid)
    if not isinstance(value, dict):
        raise _Broken("is no record")
    return parse.Record(parse.Address.of(f"at://{account.native_id}/{key}"), value, car.raw(cid))


def _posts(car: _Car, found: list[parse.Record], bad: list[Quarantined]) -> Iterator[PostReading]:
    """Posts oldest first. A repost of the account's own post finds it here, any other original nowhere."""
    own = {str(one.address): one for one in found if one.address.collection == parse.POSTS}
    posts = []
    for one in found:
        if one.address.collection == parse.PROFILE:
            continue
        try:
            original = own.get(str(parse.shared(one))) if one.address.collection == parse.REPOSTS else None
            posts.append(parse.post(one, None, original))
        except Unreadable as error:
            bad.append(Quarantined(where=f"{car.title} {one.address}", reason=str(error), raw=one.raw))
    yield from sorted(posts, key=lambda post: (post.created_at, post.native_id))
