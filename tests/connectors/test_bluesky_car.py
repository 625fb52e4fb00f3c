"""The importer of Bluesky's CAR files: counts that add up, and files that were cut, forged or aimed at it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

libipld = pytest.importorskip("libipld")

from chapterwatch.errors import ExportRefused  # noqa: E402
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined  # noqa: E402
from connectors.base import importer  # noqa: E402

DID = "did:plc:chapterlakeside222222"
HEAD = b"\x01\x71\x12\x20"
POST = "app.bsky.feed.post"

#: TIDs of October 2026, in order.
KEYS = [f"3n{middle}zzzzzzz22" for middle in ("2a", "2b", "2c", "2d")]


class Link(bytes):
    """A CID that is to be written as a link."""


def cbor(value: Any) -> bytes:
    """DAG-CBOR of the few types a repository has; links as tag 42, which the library only reads."""
    if isinstance(value, Link):
        return b"\xd8\x2a" + _head(2, len(value) + 1) + b"\x00" + value
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: (len(pair[0]), pair[0]))
        return _head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in pairs)
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    return bytes(libipld.encode_dag_cbor(value))


def _head(kind: int, size: int) -> bytes:
    for width, mark in ((1, 24), (2, 25), (4, 26)):
        if size < 24:
            return bytes([kind << 5 | size])
        if size < 256**width:
            return bytes([kind << 5 | mark]) + size.to_bytes(width, "big")
    raise ValueError(size)


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


class Repo:
    """A repository written block by block."""

    def __init__(self) -> None:
        self.blocks: dict[bytes, bytes] = {}

    def put(self, value: Any) -> Link:
        """Add a block, given as bytes or as a value."""
        body = value if isinstance(value, bytes) else cbor(value)
        cid = Link(HEAD + hashlib.sha256(body).digest())
        self.blocks[cid] = body
        return cid

    def node(self, entries: list[tuple[str, Link]], *, left: Link | None = None, right: Link | None = None) -> Link:
        """A tree node with addresses written out; `right` hangs behind the last."""
        items = [{"p": 0, "k": key.encode(), "v": cid, "t": None} for key, cid in entries]
        if right is not None:
            items[-1]["t"] = right
        return self.put({"l": left, "e": items})

    def post(self, text: str, **fields: Any) -> Link:
        """A post record."""
        return self.put({"$type": POST, "text": text, "createdAt": "2026-10-05T12:00:00Z"} | fields)

    def car(self, top: Link, *, did: str = DID, **commit: Any) -> bytes:
        """The file."""
        root = self.put({"did": did, "data": top, "rev": "r", "version": 3, "prev": None, "sig": b"s"} | commit)
        parts = [cbor({"roots": [root], "version": 1}), *(cid + body for cid, body in self.blocks.items())]
        return b"".join(varint(len(part)) + part for part in parts)


@pytest.fixture
def repo() -> Repo:
    return Repo()


@pytest.fixture
def chapter(account: Callable[..., Account]) -> Account:
    return account("bluesky", DID)


@pytest.fixture
def read(tmp_path: Path, chapter: Account) -> Callable[..., list[Any]]:
    def reading(body: bytes, **changes: Any) -> list[Any]:
        path = tmp_path / "repo.car"
        path.write_bytes(body)
        return list(importer("bluesky_car").read(path, changes.get("account", chapter)))

    return reading


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def reasons(found: list[Any]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Quarantined)]


def test_equal_records_are_one_block_and_two_posts(repo: Repo, read: Any) -> None:
    """Two posts of one wording in one second share a block; walking blocks would lose one of them."""
    same = repo.post("Come along!")
    found = posts(read(repo.car(repo.node([(f"{POST}/{KEYS[0]}", same), (f"{POST}/{KEYS[1]}", same)]))))
    assert [f"at://{DID}/{POST}/{key}" for key in KEYS[:2]] == [one.native_id for one in found]
    assert ["Come along!"] * 2 == [one.text for one in found]
    assert 3 == len(repo.blocks)


def test_records_of_every_level_are_found(repo: Repo, read: Any) -> None:
    """Left subtree, own entries and the subtrees between them, in the order of addresses."""
    texts = ["one", "two", "three", "four"]
    first, second, third, fourth = [repo.post(text) for text in texts]
    left = repo.node([(f"{POST}/{KEYS[0]}", first)])
    right = repo.node([(f"{POST}/{KEYS[3]}", fourth)])
    top = repo.node([(f"{POST}/{KEYS[1]}", second), (f"{POST}/{KEYS[2]}", third)], left=left, right=right)
    assert set(texts) == {one.text for one in posts(read(repo.car(top)))}


def test_what_is_no_post_is_counted_and_not_kept(repo: Repo, read: Any) -> None:
    """Records in = posts + profile + quarantined + what is no post, whatever the repository holds."""
    like = repo.put({"$type": "app.bsky.feed.like"})
    entries = [
        ("app.bsky.actor.profile/self", repo.put({"displayName": "Lakeside", "description": "Views our own"})),
        (f"app.bsky.feed.like/{KEYS[0]}", like),
        (f"app.bsky.feed.like/{KEYS[1]}", like),
        (f"{POST}/{KEYS[0]}", repo.post("Hello")),
        (f"{POST}/{KEYS[1]}", repo.put({"$type": POST, "createdAt": "2026-10-05T12:00:00Z"})),
    ]
    found = read(repo.car(repo.node(entries)))
    kinds = Counter(type(one).__name__ for one in found)
    assert {"ProfileReading": 1, "PostReading": 1, "Quarantined": 3} == kinds
    assert ["text is missing or no text", "not_a_post", "not_a_post"] == reasons(found)
    assert {b""} == {one.raw for one in found if isinstance(one, Quarantined) and one.reason == "not_a_post"}
    (shown,) = [one for one in found if isinstance(one, ProfileReading)]
    assert ("Lakeside", "Views our own", DID) == (shown.name, shown.bio, shown.native_id)


def test_a_repost_of_an_own_post_has_its_text_and_another_only_its_link(repo: Repo, read: Any) -> None:
    """A CAR file holds one account; what others wrote is not in it."""
    own = {"subject": {"uri": f"at://{DID}/{POST}/{KEYS[0]}", "cid": "c"}, "createdAt": "2026-10-06T12:00:00Z"}
    other = {"subject": {"uri": f"at://did:plc:other/{POST}/k", "cid": "c"}, "createdAt": "2026-10-06T12:00:01Z"}
    entries = [
        (f"{POST}/{KEYS[0]}", repo.post("Hello")),
        (f"app.bsky.feed.repost/{KEYS[1]}", repo.put(own)),
        (f"app.bsky.feed.repost/{KEYS[2]}", repo.put(other)),
    ]
    shares = [one for one in posts(read(repo.car(repo.node(entries)))) if one.kind == "share"]
    assert ["Hello", ""] == [one.text for one in shares]
    assert ("https://bsky.app/profile/did:plc:other/post/k",) == shares[1].links


def test_a_picture_is_named_by_its_cid(repo: Repo, read: Any) -> None:
    """In CBOR a blob is a link, in JSON a text: both give the same id, so both roads give the same content."""
    blob = Link(b"\x01\x55\x12\x20" + hashlib.sha256(b"picture").digest())
    images = [{"alt": "Two people at a table", "image": {"$type": "blob", "ref": blob, "mimeType": "image/png"}}]
    post = repo.post("Look", embed={"$type": "app.bsky.embed.images", "images": images})
    (found,) = posts(read(repo.car(repo.node([(f"{POST}/{KEYS[0]}", post)]))))
    assert libipld.encode_cid(bytes(blob)) == found.media[0].native_id
    assert "Two people at a table" == found.media[0].alt_text


def test_reading_it_twice_gives_the_same_ids(repo: Repo, read: Any) -> None:
    """Importing an export again adds nothing."""
    body = repo.car(repo.node([(f"{POST}/{KEYS[0]}", repo.post("Hello"))]))
    first, second = read(body), read(body)
    assert [(one.native_id, one.content_hash) for one in first] == [(one.native_id, one.content_hash) for one in second]


def test_a_forged_block_costs_its_record_alone(repo: Repo, read: Any) -> None:
    """A block that is not what its CID says was put there by somebody else than the account."""
    good, bad = repo.post("Good"), repo.post("Bad")
    repo.blocks[bad] = cbor({"$type": POST, "text": "Forged", "createdAt": "2026-10-05T12:00:00Z"})
    found = read(repo.car(repo.node([(f"{POST}/{KEYS[0]}", good), (f"{POST}/{KEYS[1]}", bad)])))
    assert ["Good"] == [one.text for one in posts(found)]
    assert ["is not what its CID promises"] == reasons(found)


def test_a_missing_record_and_a_missing_part_of_the_tree_are_said(repo: Repo, read: Any) -> None:
    """What is not in the file is no post that never was."""
    lost = Link(HEAD + hashlib.sha256(b"lost").digest())
    found = read(repo.car(repo.node([(f"{POST}/{KEYS[0]}", lost)], left=lost)))
    assert ["a part of the tree is not in the file", "is not in the file"] == reasons(found)


@pytest.mark.parametrize("nest", [b"\x81" * 200_000 + b"\x80", b"\xff\xff\xff", b"\x9f\x00\xff", b"\xa1\x01\x02", b""])
def test_a_record_that_is_no_dag_cbor_is_quarantined(repo: Repo, read: Any, nest: bytes) -> None:
    """Nesting without end, unfinished, indefinite or odd CBOR: its own record is lost, nothing else."""
    good, bad = repo.post("Good"), repo.put(nest)
    found = read(repo.car(repo.node([(f"{POST}/{KEYS[0]}", good), (f"{POST}/{KEYS[1]}", bad)])))
    assert (1, ["is no DAG-CBOR we can read"]) == (len(posts(found)), reasons(found))


def test_every_cut_is_refused_or_read_in_part_and_never_crashes(repo: Repo, read: Any) -> None:
    """A file cut anywhere inside a block is no CAR file; cut between two blocks it lacks records, which is said."""
    entries = [(f"{POST}/{key}", repo.post(key)) for key in KEYS]
    whole = repo.car(repo.node(entries))
    for at in range(len(whole)):
        try:
            found = read(whole[:at])
        except ExportRefused:
            continue
        assert len(posts(found)) + len(reasons(found)) == len(KEYS)


def test_flipped_bytes_never_crash(repo: Repo, read: Any) -> None:
    """One wrong byte anywhere: refused, quarantined or without meaning, but never another text."""
    whole = repo.car(repo.node([(f"{POST}/{KEYS[0]}", repo.post("Hello"))]))
    for at in range(len(whole)):
        try:
            found = read(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        except ExportRefused:
            continue
        assert {one.text for one in posts(found)} <= {"Hello"}


def test_a_tree_that_leads_back_into_itself_is_refused(repo: Repo, read: Any) -> None:
    """With true CIDs no cycle can be written; the same part twice is out of order."""
    part = repo.node([(f"{POST}/{KEYS[0]}", repo.post("Hello"))])
    top = repo.node([(f"{POST}/{KEYS[1]}", repo.post("More"))], left=part, right=part)
    with pytest.raises(ExportRefused, match="out of order"):
        read(repo.car(top))


def test_a_forged_cycle_ends_at_the_forged_block(repo: Repo, read: Any) -> None:
    """A node that names itself cannot have the hash it is named by."""
    cid = Link(HEAD + hashlib.sha256(b"self").digest())
    repo.blocks[cid] = cbor({"l": cid, "e": []})
    assert ["a part of the tree is not what its CID promises"] == reasons(read(repo.car(cid)))


def test_a_tree_of_endless_depth_is_refused(repo: Repo, read: Any) -> None:
    """A chain of a thousand nodes is no tree a server made."""
    top = repo.node([(f"{POST}/{KEYS[0]}", repo.post("Hello"))])
    for _ in range(1_000):
        top = repo.node([], left=top)
    with pytest.raises(ExportRefused, match="deeper"):
        read(repo.car(top))


@pytest.mark.parametrize(
    "entry",
    [
        {"p": 10**9, "k": b"x", "v": None, "t": None},
        {"p": -1, "k": b"x", "v": None, "t": None},
        {"p": 0, "k": b"x" * 5000, "v": None, "t": None},
        {"p": 0, "k": "text", "v": None, "t": None},
        {"k": b"x"},
        7,
    ],
)
def test_an_entry_that_cannot_be_is_said(repo: Repo, read: Any, entry: Any) -> None:
    """An address that would grow without end, or none at all."""
    (reason,) = reasons(read(repo.car(repo.put({"l": None, "e": [entry]}))))
    assert reason.startswith("a part of the tree holds an entry")


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00", b"not a car", b"\xff" * 40, varint(2**50) + b"x", b"PK\x03\x04", varint(1) + b"\xa0"],
)
def test_what_is_no_car_file_is_refused(read: Any, body: bytes) -> None:
    """Named so and something else."""
    with pytest.raises(ExportRefused):
        read(body)


def test_another_accounts_repository_is_refused(repo: Repo, read: Any) -> None:
    """A repository says whose it is; dropped into the wrong inbox it must not be judged as the chapter's."""
    with pytest.raises(ExportRefused, match="another account"):
        read(repo.car(repo.node([]), did="did:plc:somebodyelse"))


def test_a_commit_without_a_tree_is_said(repo: Repo, read: Any) -> None:
    """A commit that names nothing: no post is read, and it is said that something is missing."""
    assert ["a part of the tree is named by no CID of a record"] == reasons(read(repo.car(repo.node([]), data=None)))


def test_a_folder_needs_one_car(tmp_path: Path, chapter: Account) -> None:
    """Two repositories in one folder are two accounts, or two times; which is meant cannot be told."""
    for name in ("one.car", "two.car"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ExportRefused, match=r"2 \.car files"):
        list(importer("bluesky_car").read(tmp_path, chapter))


def test_a_real_repository_adds_up(payloads: Path, account: Any) -> None:
    """Written to and read back from a real server: 224 posts in 223 blocks, one profile, nothing left over."""
    path = payloads / "atproto-sample" / "atproto-sample.car"
    if not path.is_file():
        pytest.skip("no atproto-sample among the payloads")
    did = "did:plc:wrv43huw72ol2mdmtqf6jkdc"
    found = list(importer("bluesky_car").read(path, account("bluesky", did)))
    assert {"ProfileReading": 1, "PostReading": 224} == Counter(type(one).__name__ for one in found)
    shown = posts(found)
    assert 224 == len({one.native_id for one in shown})
    # One author's clock says January; the key says when it was made.
    lying = next(one for one in shown if one.created_raw == "2026-01-01T00:00:00Z")
    assert datetime(2026, 11, 21, tzinfo=UTC).date() == lying.created_at.date()
    assert ["people at a table"] * 2 == [one.media[0].alt_text for one in shown if one.media]
