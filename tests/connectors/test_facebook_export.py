"""The importer for Facebook's "Download your information"."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined
from connectors.base import importer
from connectors.facebook_page.export import repaired

POSTS = "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json"
SECOND = 1791201600


def mojibake(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def record(text: str | None = "Hello", second: int = SECOND, **fields: Any) -> dict[str, Any]:
    data = [{"post": mojibake(text)}] if text else []
    return {"timestamp": second, "data": [*data, {"update_timestamp": second + 60}], "title": "Lakeside"} | fields


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    def make(files: dict[str, Any], name: str = "export") -> Path:
        for inner, value in files.items():
            path = tmp_path / name / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(value if isinstance(value, str) else json.dumps(value))
        return tmp_path / name

    return make


@pytest.fixture
def read(account: Callable[..., Account]) -> Callable[[Path], list[Any]]:
    owner = account("facebook_page", "10")
    return lambda path: list(importer("facebook_export").read(path, owner))


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


@pytest.mark.parametrize("odd", ["none", 7, {"posts_v2": "none"}])
def test_a_file_of_posts_without_a_list_is_not_an_empty_one(export: Any, read: Any, odd: Any) -> None:
    """It counts as one record that could not be read."""
    found = read(export({POSTS: json.dumps(odd)}))
    assert [True] == [isinstance(one, Quarantined) for one in found]


def test_two_downloads_in_one_folder_give_each_post_once(export: Any, read: Any) -> None:
    """A post of the same second and content in another file is the same; twice in one file it was posted twice."""
    older = [record("Hello"), record("Hello"), record("Other words")]
    newer = [record("Other words"), record("Hello"), record("Later", SECOND + 1)]
    found = posts(read(export({f"one/{POSTS}": older, f"two/{POSTS}": newer})))
    first = f"export-{SECOND}"
    expected = [
        *((first, "Hello"), (f"{first}-2", "Hello"), (f"{first}-3", "Other words")),
        (f"export-{SECOND + 1}", "Later"),
    ]
    assert expected == [(one.native_id, one.text) for one in found]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_mojibake_is_put_right_exactly(text: str) -> None:
    """What Facebook takes apart byte by byte comes back as typed, quotes and control characters included."""
    assert text == repaired(mojibake(text))


@pytest.mark.parametrize("text", ["Café", "“quoted”", "日本", "naïve \U0001f600"])
def test_what_is_no_mojibake_stays(text: str) -> None:
    """A file somebody mended already is not mended again."""
    assert {text: [text, 5, None]} == repaired({text: [text, 5, None]})


def test_a_post_with_all_its_parts(export: Any, read: Any) -> None:
    """Text mended, time from the epoch, links and media; raw is what the file says."""
    media = {"uri": "posts/media/a_1/77.jpg", "creation_timestamp": SECOND, "description": mojibake("Café fête")}
    attachments = [{"data": [{"media": media}, {"external_context": {"url": "https://a.example/"}}]}]
    path = export({POSTS: [record("Café fête", attachments=attachments)]})
    (reading,) = posts(read(path))
    assert ("export-1791201600", "Café fête", None) == (reading.native_id, reading.text, reading.edited_at)
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == reading.created_at
    assert (("https://a.example/",), (Media(kind="photo", url=None, native_id="77.jpg"),)) == (
        reading.links,
        reading.media,
    )
    assert reading.raw in (path / POSTS).read_bytes()


def test_a_pictures_own_caption_is_text(export: Any, read: Any) -> None:
    """Readers see it under the picture."""
    attachments = [{"data": [{"media": {"uri": "m/1.mp4", "description": "Second"}}, {"media": {"uri": "m/2.bin"}}]}]
    (reading,) = posts(read(export({POSTS: [record("First", attachments=attachments)]})))
    assert ("First\nSecond", ["video", "media"]) == (reading.text, [one.kind for one in reading.media])


@pytest.mark.parametrize(
    "name",
    [
        "posts/your_posts_1.json",
        "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_12.json",
        "deep/er/posts/profile_posts_1.json",
        "page_posts_2.json",
    ],
)
def test_post_files_at_any_depth(export: Any, read: Any, name: str) -> None:
    """Facebook has moved and renamed the file over the years."""
    assert ["Hello"] == [one.text for one in posts(read(export({name: [record()]})))]


@pytest.mark.parametrize("value", [[record()], {"posts_v2": [record()]}, record()])
def test_a_list_or_an_object_around_it(export: Any, read: Any, value: Any) -> None:
    """Seen as a list, as an object with the list in it, and as one lone post."""
    assert ["Hello"] == [one.text for one in posts(read(export({POSTS: value})))]


def test_exporting_twice_gives_the_same(export: Any, read: Any, tmp_path: Path) -> None:
    """Equal ids and hashes, whatever the order, from folder or zip, also of two posts in one second."""
    items = [record("One"), record("Two"), record("Later", SECOND + 5)]
    first = export({POSTS: items}, "first")
    second = Path(shutil.make_archive(str(tmp_path / "second"), "zip", export({POSTS: items[::-1]}, "again")))
    expected = [("export-1791201600", "One"), ("export-1791201600-2", "Two"), ("export-1791201605", "Later")]
    assert expected == [(one.native_id, one.text) for one in posts(read(first))]
    hashes = [[one.content_hash for one in posts(read(path))] for path in (first, second)]
    assert hashes[0] == hashes[1]
    assert expected == [(one.native_id, one.text) for one in posts(read(second))]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (record(None), "has neither text nor media"),
        (record(timestamp="soon"), "timestamp is no epoch time"),
        (record(timestamp=0), "timestamp is an epoch time outside the years 2000 to 2100"),
        (5, "has neither text nor media"),
    ],
)
def test_a_bad_record_is_quarantined(export: Any, read: Any, item: Any, reason: str) -> None:
    """With its place, its bytes, its reason; the others are read."""
    found = read(export({POSTS: [record("One"), item]}))
    assert ["One"] == [one.text for one in posts(found)]
    expected = [(f"{POSTS}[1]", reason, json.dumps(item).encode())]
    assert expected == [(one.where, one.reason, one.raw) for one in found if isinstance(one, Quarantined)]


def test_the_profile_without_what_is_private(export: Any, read: Any) -> None:
    """The file also holds birthday, numbers and relations; none is read or kept."""
    profile = {
        "profile_v2": {
            "name": {"full_name": mojibake("Café Chapter"), "first_name": "Café"},
            "intro_bio": {"name": "Views are our own"},
            "websites": [{"address": "https://lakeside.example/"}],
            "current_city": {"name": "Lakeside"},
            "profile_uri": "https://www.facebook.com/ala.lakeside",
            "birthday": {"year": 1970},
            "phone_numbers": [{"phone_number": "+12025550143"}],
        }
    }
    path = export({POSTS: [], "personal_information/profile_information/profile_information.json": profile})
    (reading,) = [one for one in read(path) if isinstance(one, ProfileReading)]
    assert ("10", "ala.lakeside", "Café Chapter") == (reading.native_id, reading.handle, reading.name)
    assert ("Views are our own", "https://lakeside.example/", "Lakeside") == (
        reading.bio,
        reading.website,
        reading.location,
    )
    assert b"1970" not in reading.raw
    assert b"5550143" not in reading.raw


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"your_facebook_activity/groups/group_posts_and_comments.json": "{}"},
            "export: holds no your_posts_*_1.json; what was written in groups is not read; keep a group in a table",
        ),
        ({"readme.txt": "x"}, "export: holds no your_posts_*_1.json; choose the download with posts in it"),
        (
            {"posts/your_posts_1.html": "<html>"},
            "export: holds no your_posts_*_1.json; order the download again with format JSON",
        ),
        ({POSTS: "[{"}, f"export: {POSTS} is not valid JSON at character 2; download the export again"),
    ],
)
def test_what_is_no_such_export_is_refused(export: Any, read: Any, files: dict[str, Any], message: str) -> None:
    """One line with the mend; no post file is not "no posts"."""
    with pytest.raises(ExportRefused) as raised:
        read(export(files))
    assert message == str(raised.value)
