"""The importer for Instagram's "Download your information"."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, Space
from connectors.base import importer

POSTS = "your_instagram_activity/media/posts_1.json"
PROFILE = "personal_information/personal_information/personal_information.json"
SECOND = 1791201600


def mojibake(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def picture(name: str = "1.jpg", title: str = "", second: int = SECOND) -> dict[str, Any]:
    return {"uri": f"media/posts/202610/{name}", "creation_timestamp": second, "title": mojibake(title)}


def single(caption: str = "Hello", second: int = SECOND) -> dict[str, Any]:
    return {"media": [picture(title=caption, second=second)]}


def particulars(**cells: str) -> dict[str, Any]:
    named = {mojibake(key.replace("_", " ")): {"href": "", "value": mojibake(value)} for key, value in cells.items()}
    photo = {"Profile Photo": {"uri": "media/other/me.jpg", "creation_timestamp": SECOND}}
    return {"profile_user": [{"media_map_data": photo, "string_map_data": named}]}


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
def read(account: Callable[..., Account]) -> Callable[..., list[Any]]:
    return lambda path, **changes: list(
        importer("instagram_export").read(path, account("instagram", "1784", **changes))
    )


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def left(found: list[Any]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Quarantined)]


def test_a_single_picture_has_its_caption_inside(export: Any, read: Any) -> None:
    """And is mended of its mojibake; raw is what the file says."""
    path = export({POSTS: [single("Café fête 🎉")]})
    (reading,) = posts(read(path))
    assert ("export-1791201600", "Café fête 🎉", None) == (reading.native_id, reading.text, reading.edited_at)
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == reading.created_at
    assert (Media(kind="photo", url=None, native_id="1.jpg"),) == reading.media
    assert reading.raw in (path / POSTS).read_bytes()


def test_a_carousel_has_its_caption_outside(export: Any, read: Any) -> None:
    """Its own time wins over that of its pictures, which may be drafts of the day before."""
    pictures = [picture("1.jpg", second=SECOND - 86400), picture("2.mp4", second=SECOND - 86400)]
    path = export({POSTS: [{"media": pictures, "title": "Hello", "creation_timestamp": SECOND}]})
    (reading,) = posts(read(path))
    assert ("Hello", SECOND) == (reading.text, int(reading.created_at.timestamp()))
    assert ["photo", "video"] == [one.kind for one in reading.media]


@pytest.mark.parametrize("text", ["Café", "“quoted”", "日本", "naïve \U0001f600"])
def test_what_is_no_mojibake_stays(export: Any, read: Any, text: str) -> None:
    """A text somebody mended already is not mended again."""
    (reading,) = posts(read(export({POSTS: [{"media": [picture() | {"title": text}]}]})))
    assert text == reading.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content/posts_1.json", [single()]),
        ("your_instagram_activity/content/posts_12.json", [single()]),
        ("posts.json", [single()]),
        ("your_instagram_activity/media/reels.json", {"ig_reels_media": [single()]}),
        ("media/igtv_videos.json", {"ig_igtv_media": [single()]}),
        (POSTS, single() | {"title": "", "creation_timestamp": SECOND}),
        ("downloaded-by-hand.json", [single()]),
        (
            "media.json",
            {"photos": [{"caption": "Hello", "taken_at": "2018-10-09T20:13:17+00:00", "path": "photos/1.jpg"}]},
        ),
    ],
)
def test_post_files_of_every_year(export: Any, read: Any, name: str, value: Any) -> None:
    """Moved and renamed over the years; a list, an object around it, one lone post; the one file before 2020."""
    assert ["Hello"] == [one.text for one in posts(read(export({name: value})))]


@pytest.mark.parametrize("odd", [{"ig_reels_media": "none"}, {"reels": {"media": []}}, '"none"', 7])
def test_a_file_of_posts_without_a_list_is_not_an_empty_one(export: Any, read: Any, odd: Any) -> None:
    """It counts as one record that could not be read, and the posts of the other files are kept; `{}` holds nothing."""
    found = read(export({POSTS: [single("Hello")], "media/reels.json": odd}))
    assert (1, ["has neither text nor media"]) == (len(posts(found)), left(found))
    assert [] == left(read(export({POSTS: [single("Hello")], "media/reels.json": {}})))


def test_exporting_twice_gives_the_same(export: Any, read: Any, tmp_path: Path) -> None:
    """Equal ids and hashes, whatever the order, from folder or zip, also of two posts in one second."""
    items = [single("One"), single("Two"), single("Later", SECOND + 5)]
    first = export({POSTS: items}, "first")
    second = Path(shutil.make_archive(str(tmp_path / "second"), "zip", export({POSTS: items[::-1]}, "again")))
    expected = [("export-1791201600", "One"), ("export-1791201600-2", "Two"), ("export-1791201605", "Later")]
    found = [posts(read(path)) for path in (first, second)]
    assert [expected, expected] == [[(one.native_id, one.text) for one in some] for some in found]
    assert [one.content_hash for one in found[0]] == [one.content_hash for one in found[1]]


def test_what_not_everybody_could_see_is_counted_and_not_kept(export: Any, read: Any) -> None:
    """Archived, deleted, stories and messages: each record is one, and none of its content is in it."""
    message = {"sender_name": "Jane Example", "timestamp_ms": 1, "content": "a secret"}
    files = {
        POSTS: [single()],
        "your_instagram_activity/media/archived_posts.json": {"ig_archived_post_media": [single("a secret")] * 2},
        "your_instagram_activity/media/stories.json": {"ig_stories": [picture(title="a secret")] * 3},
        "media/recently_deleted_content.json": {"ig_recently_deleted_media": [single("a secret")]},
        "messages/inbox/janeexample_77/message_1.json": {
            "participants": [{"name": "Jane Example"}, {"name": "Lakeside"}],
            "messages": [message] * 4,
            "title": "Jane Example",
        },
        "media/other_content.json": {"ig_other_media": [single("a draft")]},
    }
    found = read(export(files))
    assert ["Hello"] == [one.text for one in posts(found)]
    assert (10, 1) == (left(found).count("private"), left(found).count("not_a_post"))
    assert [] == [one for one in found if "secret" in str(one) or "jane" in str(one).lower()]


@pytest.mark.parametrize(
    "mark",
    [{"is_close_friends": True}, {"audience": "CLOSE_FRIENDS"}, {"visibility": {"name": "Close Friends"}}],
)
def test_a_post_for_close_friends_is_private(export: Any, read: Any, mark: dict[str, Any]) -> None:
    """Wherever an export says so."""
    found = read(export({POSTS: [single("a secret") | mark, single()]}))
    assert (["Hello"], ["private"]) == ([one.text for one in posts(found)], left(found))


@pytest.mark.parametrize(
    "mark", [{"is_close_friends": False}, {"audience": "PUBLIC"}, {"cross_post_source": {"source_app": "FB"}}]
)
def test_a_post_for_everybody_is_none(export: Any, read: Any, mark: dict[str, Any]) -> None:
    """The near-misses of it."""
    assert [] == left(read(export({POSTS: [single() | mark]})))


def test_an_unreadable_file_of_messages_costs_nothing_and_names_nobody(export: Any, read: Any) -> None:
    """It is only counted, so it need not be whole."""
    found = read(export({POSTS: [single()], "messages/inbox/janeexample_77/message_1.json": "{"}))
    assert (["Hello"], ["message_1.json"]) == (
        [one.text for one in posts(found)],
        [one.where for one in found if isinstance(one, Quarantined)],
    )


def test_a_profile(export: Any, read: Any) -> None:
    """What readers see of it; e-mail address and telephone number are not even in raw."""
    cells = {
        "Email": "a@lakeside.example",
        "Username": "ala_lakeside",
        "Name": "Café Lakeside",
        "Bio": "Us",
        "Website": "https://a.example",
    }
    found = read(export({POSTS: [single()], PROFILE: particulars(**cells, Private_Account="False")}))
    (reading,) = [one for one in found if isinstance(one, ProfileReading)]
    assert ("ala_lakeside", "Café Lakeside", "Us", "https://a.example") == (
        reading.handle,
        reading.name,
        reading.bio,
        reading.website,
    )
    assert "media/other/me.jpg" == reading.avatar_url
    assert b"lakeside.example" not in reading.raw


@pytest.mark.parametrize(
    "cells",
    [
        {"Username": "ala_lakeside", "Private_Account": "True"},
        {"Benutzername": "ala_lakeside", "Privates_Konto": "true"},
        {"Nom_d\u2019utilisateur": "ala_lakeside", "Compte_privé": "True"},
        {"Nombre_de_usuario": "ala_lakeside", "Cuenta_privada": "Sí"},
    ],
)
def test_a_private_account_is_left_out_whole(export: Any, read: Any, cells: dict[str, str]) -> None:
    """In the language of the account: two posts and the profile, counted."""
    found = read(export({POSTS: [single("a secret"), single("another")], PROFILE: particulars(**cells)}))
    assert ["private"] * 3 == left(found)
    assert [] == [one for one in found if not isinstance(one, Quarantined)]


def test_a_private_account_of_the_registry_is_not_even_opened(tmp_path: Path, read: Any) -> None:
    """Refused before the path is looked at."""
    with pytest.raises(ExportRefused, match="never read"):
        read(tmp_path / "nowhere", space=Space.PRIVATE)


def test_another_accounts_export_is_refused(export: Any, read: Any) -> None:
    """Its posts would stand in this account's report."""
    with pytest.raises(ExportRefused, match="another account than instagram:1784"):
        read(export({POSTS: [single()], PROFILE: particulars(Username="somebody_else")}))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": "x"}, "choose the download with posts in it"),
        ({"your_instagram_activity/media/posts_1.html": "<html>"}, "order the download again with format JSON"),
        ({POSTS: '[{"media"'}, "is not valid JSON"),
        ({POSTS: "[" * 100_000}, "nested deeper"),
        ({"media.json": {"photos": [{"caption": "Hello", "taken_at": "2018-10-09T20:13:17"}]}}, "has no time zone"),
    ],
)
def test_what_is_no_export_is_refused(export: Any, read: Any, files: dict[str, Any], said: str) -> None:
    """With how to mend it."""
    with pytest.raises(ExportRefused, match=said):
        read(export(files))


@pytest.mark.parametrize(
    "record", [5, None, {}, {"media": []}, {"media": [picture(second=0)]}, {"title": "x", "creation_timestamp": "soon"}]
)
def test_records_that_cannot_be_read_are_counted(export: Any, read: Any, record: Any) -> None:
    """Records in are posts and what was set aside."""
    found = read(export({POSTS: [single(), record]}))
    assert (1, 1) == (len(posts(found)), len(left(found)))


def test_names_that_leave_the_zip_are_refused(tmp_path: Path, read: Any) -> None:
    """Nothing is unpacked, and such a zip is no export."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("../posts_1.json", "[]")
    with pytest.raises(ExportRefused, match="leaves its folder"):
        read(tmp_path / "a.zip")


def test_recorded_messages_are_counted_and_not_kept(read: Any, payloads: Path) -> None:
    """A recorded file of direct messages on its own: two messages, nothing of them."""
    found = read(payloads / "joweich__chat-miner" / "test" / "instagram" / "test_export.json")
    assert [("private", b"")] * 2 == [(one.reason, one.raw) for one in found]
