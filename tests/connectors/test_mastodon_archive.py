"""The importer of Mastodon archives: what was private stays out, counts add up, and packed files that are traps."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors.base import importer

HOST = "https://instance.example"
USER = f"{HOST}/users/lakeside"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
FOLLOWERS = f"{USER}/followers"


def note(number: int, content: str = "<p>Hello</p>", **fields: Any) -> dict[str, Any]:
    address = f"{USER}/statuses/{number}"
    to = {"to": fields.pop("to", [PUBLIC]), "cc": fields.pop("cc", [FOLLOWERS])}
    made = {"published": "2026-10-05T12:00:00Z"} | to
    inner = {"id": address, "type": "Note", "url": f"{HOST}/@lakeside/{number}", "content": content, "summary": None}
    return {"id": f"{address}/activity", "type": "Create", "actor": USER, **made, "object": inner | made | fields}


def boost(number: int, what: Any, **fields: Any) -> dict[str, Any]:
    made = {"published": "2026-10-06T12:00:00Z", "to": [PUBLIC], "cc": [FOLLOWERS]}
    return (
        {"id": f"{USER}/statuses/{number}/activity", "type": "Announce", "actor": USER, "object": what} | made | fields
    )


ACTOR = {
    "id": USER,
    "type": "Person",
    "preferredUsername": "lakeside",
    "name": "Lakeside",
    "summary": "<p>Views our own</p>",
    "icon": {"type": "Image", "url": "avatar.png"},
    "attachment": [
        {"type": "PropertyValue", "name": "Web", "value": '<a href="https://l.example">l.example</a>'},
        {"type": "IdentityProof", "name": "no row"},
    ],
}


@pytest.fixture
def chapter(account: Callable[..., Account]) -> Account:
    return account("mastodon", "109", handle="lakeside@instance.example")


@pytest.fixture
def read(tmp_path: Path, chapter: Account) -> Callable[..., list[Any]]:
    def reading(*items: Any, actor: Any = ACTOR, who: Account = chapter) -> list[Any]:
        folder = tmp_path / "archive"
        folder.mkdir(exist_ok=True)
        outbox = {"id": "outbox.json", "type": "OrderedCollection", "totalItems": len(items), "orderedItems": items}
        (folder / "outbox.json").write_text(json.dumps(outbox))
        (folder / "likes.json").write_text("{}")
        if actor is not None:
            (folder / "actor.json").write_text(json.dumps(actor))
        return list(importer("mastodon_archive").read(folder, who))

    return reading


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def aside(found: list[Any]) -> list[Quarantined]:
    return [one for one in found if isinstance(one, Quarantined)]


@pytest.mark.parametrize("odd", [{"data": 5}, [None], 7])
def test_an_activity_without_a_type_is_set_aside_alone(read: Any, odd: Any) -> None:
    """What is no text says nothing; the post beside it is read."""
    found = read(note(1), note(2) | {"type": odd})
    assert (["1"], ["type is missing or no text"]) == (
        [one.native_id for one in posts(found)],
        [one.reason for one in aside(found)],
    )


@pytest.mark.parametrize(
    ("to", "cc"),
    [
        ([PUBLIC], [FOLLOWERS]),
        ([FOLLOWERS], [PUBLIC]),
        (["as:Public"], []),
        (PUBLIC, FOLLOWERS),
        ([FOLLOWERS], ["Public", f"{HOST}/users/other"]),
    ],
)
def test_public_and_unlisted_posts_are_read(read: Any, to: Any, cc: Any) -> None:
    """The near-miss of the next one: named in copy, the public may read it too, and one name needs no list."""
    assert ["1"] == [one.native_id for one in posts(read(note(1, to=to, cc=cc)))]


@pytest.mark.parametrize(
    ("to", "cc"),
    [
        ([FOLLOWERS], []),
        ([f"{HOST}/users/other"], []),
        (None, None),
        ([], "https://instance.example/Public"),
        ([{"id": PUBLIC}], [None]),
    ],
)
def test_posts_for_followers_or_single_people_are_dropped_and_counted(read: Any, to: Any, cc: Any) -> None:
    """Their text never leaves the archive: neither as a post nor as something kept aside."""
    found = read(note(1, "<p>between us</p>", to=to, cc=cc), note(2))
    assert ["2"] == [one.native_id for one in posts(found)]
    assert [("private", b"")] == [(one.reason, one.raw) for one in aside(found)]


def test_a_post_whose_sending_and_whose_own_address_differ_is_private(read: Any) -> None:
    """Where two fields disagree on who may read it, the narrower one counts."""
    item = note(1)
    item["object"]["to"], item["object"]["cc"] = [FOLLOWERS], []
    assert ["private"] == [one.reason for one in aside(read(item))]


def test_a_boost_for_followers_is_private(read: Any) -> None:
    """Boosts have readers of their own."""
    found = read(boost(1, "https://other.example/1", to=[FOLLOWERS], cc=[]), boost(2, "https://other.example/2"))
    assert (["2"], ["private"]) == ([one.native_id for one in posts(found)], [one.reason for one in aside(found)])


def test_records_in_are_records_out(read: Any) -> None:
    """Posts, what could not be read, what is private and what is no post: nothing else, nothing lost."""
    items = [
        note(1),
        note(2, to=[FOLLOWERS], cc=[]),
        boost(3, "https://other.example/1"),
        {"type": "Like", "actor": USER, "object": "https://other.example/1"},
        {"actor": USER},
        note(4, published="yesterday"),
        note(5, content=7),
        note(6, id=None),
        "no object",
    ]
    found = read(*items)
    assert {"ProfileReading": 1, "PostReading": 2, "Quarantined": 7} == Counter(type(one).__name__ for one in found)
    reasons = Counter(one.reason for one in aside(found))
    assert {"private": 1, "not_a_post": 1, "type is missing or no text": 2} == {
        name: reasons[name] for name in ("private", "not_a_post", "type is missing or no text")
    }


def test_what_a_post_says(read: Any) -> None:
    """Content warning, content, poll options; links, alt text and language; the id is the API's."""
    media = {
        "type": "Document",
        "mediaType": "image/png",
        "url": "/media_attachments/files/109/336/000/original/a.png",
        "name": "A lake",
    }
    content = '<p>See <a href="https://l.example/long"><span class="invisible">https://</span><span>l.example/long</span></a></p>'
    item = note(
        1,
        content,
        summary="Politics",
        contentMap={"de": content},
        attachment=media,
        oneOf=[{"name": "Yes"}, {"name": "No"}],
        updated="2026-10-07T08:00:00Z",
        inReplyTo=f"{USER}/statuses/99",
    )
    (found,) = posts(read(item))
    assert "Politics\n\nSee https://l.example/long\n\nYes\nNo" == found.text
    assert ("https://l.example/long",) == found.links
    assert [("image", "A lake", "109336000")] == [(one.kind, one.alt_text, one.native_id) for one in found.media]
    assert ("1", "reply", "99", "de") == (found.native_id, found.kind, found.reply_to, found.lang)
    assert datetime(2026, 10, 7, 8, tzinfo=UTC) == found.edited_at
    assert f"{HOST}/@lakeside/1" == found.permalink


def test_a_boost_has_the_original_s_address_and_no_text(read: Any) -> None:
    """The archive does not hold what others wrote."""
    (found,) = posts(read(boost(1, "https://other.example/@a/1")))
    assert ("share", "", ("https://other.example/@a/1",), "1") == (
        found.kind,
        found.text,
        found.links,
        found.native_id,
    )


def test_oldest_first_and_the_same_ids_every_time(read: Any) -> None:
    """Importing the archive again adds nothing."""
    items = [note(2, published="2026-10-09T12:00:00Z"), note(1)]
    first, second = posts(read(*items)), posts(read(*items))
    assert ["1", "2"] == [one.native_id for one in first]
    assert [(one.native_id, one.content_hash) for one in first] == [(one.native_id, one.content_hash) for one in second]


def test_the_profile_with_its_table(read: Any) -> None:
    """Rows of the table are what the account says of itself; other attachments are no rows."""
    (found,) = [one for one in read(note(1)) if isinstance(one, ProfileReading)]
    assert ("109", "lakeside", "Lakeside", "Views our own\n\nWeb: l.example", "https://l.example", "avatar.png") == (
        found.native_id,
        found.handle,
        found.name,
        found.bio,
        found.website,
        found.avatar_url,
    )


def test_an_empty_outbox_is_an_archive(read: Any) -> None:
    """An account that never posted has a profile and nothing else."""
    assert ["ProfileReading"] == [type(one).__name__ for one in read()]


@pytest.mark.parametrize("handle", ["lakeside", "@Lakeside", "lakeside@instance.example", "other@instance.example"])
def test_whose_archive_it_is_without_a_profile(read: Any, account: Any, handle: str) -> None:
    """outbox.json alone names its actor in each record; a number as address counts like a name."""
    item = note(1)
    item["actor"] = f"{HOST}/ap/users/109" if handle.startswith("other") else USER
    who = account("mastodon", "109", handle=handle)
    assert 1 == len(posts(read(item, actor=None, who=who)))


@pytest.mark.parametrize(
    ("handle", "actor"),
    [
        ("riverside@instance.example", ACTOR),
        ("lakeside@elsewhere.example", ACTOR),
        ("lakeside", ACTOR | {"id": f"{HOST}/users/riverside"}),
        ("lakeside@instance.example", ACTOR | {"id": "http://[broken"}),
    ],
)
def test_another_account_s_archive_is_refused(read: Any, account: Any, handle: str, actor: Any) -> None:
    """Dropped into the wrong inbox it must not be judged as the chapter's."""
    with pytest.raises(ExportRefused, match="not the archive"):
        read(note(1), actor=actor, who=account("mastodon", "109", handle=handle))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"orderedItems":{}}', b'{"orderedItems":[', b"\xff\xfe{", b"[" * 9999, b"\x00"]
)
def test_an_outbox_that_is_none_is_refused(tmp_path: Path, chapter: Account, body: bytes) -> None:
    """Damaged, cut off or something else under its name."""
    (tmp_path / "outbox.json").write_bytes(body)
    with pytest.raises(ExportRefused):
        list(importer("mastodon_archive").read(tmp_path, chapter))


# --- packed ---------------------------------------------------------------------------------------------------------


def outbox(*items: Any) -> bytes:
    return json.dumps({"type": "OrderedCollection", "orderedItems": items}).encode()


def tarred(*files: tuple[str, bytes], mode: str = "w:gz", **kinds: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        for name, body in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
        for name, kind in kinds.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            tar.addfile(entry)
    return out.getvalue()


@pytest.mark.parametrize("name", ["archive.tar.gz", "archive.tgz", "archive.tar", "archive.zip", "outbox.json"])
def test_every_form_of_the_archive_reads_alike(tmp_path: Path, chapter: Account, name: str) -> None:
    """As downloaded, packed again, or its one file."""
    path = tmp_path / name
    files = [("media_attachments/a.png", b"x" * 10_000), ("outbox.json", outbox(note(1)))]
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as packed:
            for inner, body in files:
                packed.writestr(inner, body)
    elif name.endswith(".json"):
        path.write_bytes(files[1][1])
    else:
        path.write_bytes(tarred(*files, mode="w" if name.endswith(".tar") else "w:gz"))
    assert ["Hello"] == [one.text for one in posts(list(importer("mastodon_archive").read(path, chapter)))]


def test_links_and_devices_in_a_tar_are_no_files(tmp_path: Path, chapter: Account) -> None:
    """A link called outbox.json leads nowhere."""
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(tarred(**{"outbox.json": tarfile.SYMTYPE, "actor.json": tarfile.FIFOTYPE}))
    with pytest.raises(ExportRefused, match=r"holds no outbox\.json"):
        list(importer("mastodon_archive").read(path, chapter))


@pytest.mark.parametrize("name", ["../outbox.json", "/outbox.json", "a/../../outbox.json", "C:\\outbox.json"])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, chapter: Account, name: str) -> None:
    """Nothing is unpacked, and an archive that tries is no instance's."""
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(tarred((name, outbox(note(1)))))
    with pytest.raises(ExportRefused, match="leaves its folder"):
        list(importer("mastodon_archive").read(path, chapter))


def test_two_files_of_one_name_are_refused(tmp_path: Path, chapter: Account) -> None:
    """Which of them is the outbox cannot be told."""
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(tarred(("outbox.json", outbox(note(1))), ("outbox.json", outbox(note(2)))))
    with pytest.raises(ExportRefused, match="two files"):
        list(importer("mastodon_archive").read(path, chapter))


def test_a_bomb_is_refused(tmp_path: Path, chapter: Account) -> None:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(tarred(("outbox.json", b" " * 100_000_000)))
    with pytest.raises(ExportRefused, match="far larger"):
        list(importer("mastodon_archive").read(path, chapter))


def test_a_tar_whose_header_leads_back_is_refused(tmp_path: Path, chapter: Account) -> None:
    """A negative size leads the reader back to where it was, for ever."""
    whole = bytearray(tarred(("outbox.json", outbox(note(1))), mode="w"))
    whole[124:136] = b"\xff" * 10 + b"\xfc\x00"
    whole[148:156] = b" " * 8
    whole[148:156] = b"%06o\0 " % sum(whole[:512])
    path = tmp_path / "archive.tar"
    path.write_bytes(bytes(whole))
    with pytest.raises(ExportRefused):
        list(importer("mastodon_archive").read(path, chapter))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_a_tar_that_is_cut_off_is_refused(tmp_path: Path, chapter: Account, share: float) -> None:
    """A download that broke off is not an archive with fewer posts."""
    whole = tarred(("media/a.png", bytes(range(256)) * 400), ("outbox.json", outbox(*(note(n) for n in range(99)))))
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ExportRefused):
        list(importer("mastodon_archive").read(path, chapter))


@pytest.mark.parametrize(
    "body",
    [b"", b"no archive", gzip.compress(b""), gzip.compress(b"x" * 2000), b"\x1f\x8b\x08"],
    ids=["nothing", "words", "packed nothing", "packed words", "three bytes"],
)
def test_what_is_no_tar_is_refused(tmp_path: Path, chapter: Account, body: bytes) -> None:
    """Named so and something else."""
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(body)
    with pytest.raises(ExportRefused):
        list(importer("mastodon_archive").read(path, chapter))
