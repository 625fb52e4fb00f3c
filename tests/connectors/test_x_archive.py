"""The X archive importer."""

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
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors.base import importer

ACCOUNT = {"accountId": "2001", "username": "ala_lakeside", "accountDisplayName": "Lakeside &amp; Co"}


def tweet(number: str = "1", text: str = "Hello", at: str = "12:00:00", **fields: Any) -> dict[str, Any]:
    created = f"Mon Oct 05 {at} +0000 2026"
    return {"tweet": {"id_str": number, "full_text": text, "created_at": created, "lang": "en"} | fields}


def note(text: str, at: str = "12:00:00") -> dict[str, Any]:
    return {"noteTweet": {"noteTweetId": "900", "createdAt": f"2026-10-05T{at}.000Z", "core": {"text": text}}}


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    def make(**files: Any) -> Path:
        folder = tmp_path / "archive" / "data"
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in files.items():
            stem = name.replace("_", "-")
            body = f"window.YTD.{name}.part0 = {json.dumps(value, indent=2)}"
            (folder / f"{stem}.js").write_text(body)
        return folder.parent

    return make


@pytest.fixture
def read(account: Callable[..., Account]) -> Callable[[Path], list[Any]]:
    return lambda path: list(importer("x_archive").read(path, account()))


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def bad(found: list[Any]) -> list[Quarantined]:
    return [one for one in found if isinstance(one, Quarantined)]


def test_a_post_with_all_its_parts(archive: Any, read: Any) -> None:
    """Unescaped text, UTC, expanded links, media, and the exact bytes of the element."""
    fields = {
        "entities": {"urls": [{"url": "https://t.co/1", "expanded_url": "https://a.example/"}]},
        "extended_entities": {
            "media": [{"id_str": "5", "type": "photo", "media_url_https": "https://pbs.example/5.jpg"}]
        },
        "in_reply_to_status_id_str": "99",
    }
    path = archive(tweets=[tweet(text="Q&amp;A &lt;3", **fields)])
    (reading,) = posts(read(path))
    assert ("1", "reply", "99", "Q&A <3", "en") == (
        reading.native_id,
        reading.kind,
        reading.reply_to,
        reading.text,
        reading.lang,
    )
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == reading.created_at
    assert "Mon Oct 05 12:00:00 +0000 2026" == reading.created_raw
    assert ("https://a.example/",) == reading.links
    assert [("photo", "5", "https://pbs.example/5.jpg")] == [(m.kind, m.native_id, m.url) for m in reading.media]
    assert reading.raw in (path / "data" / "tweets.js").read_bytes()


def test_parts_old_names_and_zips_are_the_same_archive(archive: Any, read: Any, tmp_path: Path) -> None:
    """tweets.js with its parts, the older tweet.js without a wrapper, a trailing semicolon, folder or zip."""
    path = archive(tweets=[tweet("1")], tweets_part1=[tweet("2", at="12:00:01")])
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", path)
    assert ["1", "2"] == [one.native_id for one in posts(read(path))]
    assert posts(read(path)) == posts(read(Path(packed)))
    old = tmp_path / "old"
    old.mkdir()
    (old / "tweet.js").write_text(f"window.YTD.tweet.part0 = {json.dumps([tweet('1')['tweet']])};\n")
    assert ["1"] == [one.native_id for one in posts(read(old))]


def test_exporting_twice_gives_the_same(archive: Any, read: Any) -> None:
    """Equal ids and hashes, in whatever order the file has them."""
    items = [tweet(str(number), f"Post {number}", f"12:00:0{number}") for number in range(5)]
    first = posts(read(archive(tweets=items)))
    second = posts(read(archive(tweets=items[::-1])))
    assert [(one.native_id, one.content_hash) for one in first] == [(one.native_id, one.content_hash) for one in second]


def test_a_long_text_is_joined_by_time_and_beginning(archive: Any, read: Any) -> None:
    """The archive cuts long posts; nothing but second and beginning says whose the long text is."""
    long_text = "All members are &amp; were " + "invited " * 60
    cut = long_text[:270] + "… https://t.co/abc"
    path = archive(
        tweets=[tweet("1", cut), tweet("2", "Another one", "12:00:00"), tweet("3", cut, "13:00:00")],
        note_tweet=[note(long_text)],
    )
    texts = {one.native_id: one.text for one in posts(read(path))}
    assert long_text.replace("&amp;", "&") == texts["1"]
    assert ("Another one", cut.replace("&amp;", "&")) == (texts["2"], texts["3"])
    assert (
        long_text
        in json.loads(next(one.raw for one in posts(read(path)) if one.native_id == "1"))["includes"]["note"][0][
            "noteTweet"
        ]["core"]["text"]
    )


def test_a_long_text_without_its_post_is_not_lost(archive: Any, read: Any) -> None:
    """It is somebody's words all the same."""
    found = bad(read(archive(tweets=[tweet("1")], note_tweet=[note("Other words")])))
    assert ["is a long text whose post is not in the archive"] == [one.reason for one in found]


def test_an_edited_post_is_its_versions(archive: Any, read: Any) -> None:
    """The first version names the chain under `initial`, later ones under `edit`; one id means no edit."""
    chain = ["1", "2"]
    control = {"editTweetIds": chain}
    path = archive(
        tweets=[
            tweet("2", "two", "12:10:00", edit_info={"edit": {"initialTweetId": "1", "editControlInitial": control}}),
            tweet("1", "one", edit_info={"initial": control}),
            tweet("3", "three", "12:20:00", edit_info={"initial": {"editTweetIds": ["3"]}}),
        ]
    )
    expected = [("1", "one", False), ("1", "two", True), ("3", "three", False)]
    found = posts(read(path))
    assert expected == [(one.native_id, one.text, one.edited_at is not None) for one in found]
    assert found[0].created_at == found[1].created_at


def test_deleted_posts_are_gone_since(archive: Any, read: Any) -> None:
    """With the time in the post or among the headers; without one there is no telling, so it is quarantined."""
    path = archive(
        tweets=[],
        deleted_tweets=[
            tweet("1", deleted_at="2026-10-06T08:00:00.000Z"),
            tweet("2"),
            tweet("3"),
        ],
        deleted_tweet_headers=[{"tweet": {"tweet_id": "2", "deleted_at": "Tue Oct 06 09:00:00 +0000 2026"}}],
    )
    found = read(path)
    assert [("1", 8), ("2", 9)] == [(one.native_id, one.deleted_at.hour) for one in posts(found) if one.deleted_at]
    assert ["deleted_at is missing or no text"] == [one.reason for one in bad(found)]


@pytest.mark.parametrize(
    "fields",
    [
        {"scopes": {"followers": True}},
        {"limited_actions": "limit_trusted_friends_tweet"},
        {"trusted_friends_id_str": "5"},
        {"limited": True},
    ],
)
def test_private_posts_are_counted_and_not_kept(archive: Any, read: Any, fields: dict[str, Any]) -> None:
    """LLL-02: what only a circle could read is never collected, not even as raw bytes."""
    found = read(archive(tweets=[tweet("1", "Only for you", **fields)], community_tweet=[tweet("2", "Only for us")]))
    assert [] == posts(found)
    assert [("private", b'{"id": "2"}'), ("private", b'{"id": "1"}')] == [(one.reason, one.raw) for one in bad(found)]


@pytest.mark.parametrize(
    "fields", [{"scopes": {"followers": False}}, {"limited_actions": "limited_replies"}, {"scopes": {}}]
)
def test_limited_replies_are_not_private(archive: Any, read: Any, fields: dict[str, Any]) -> None:
    """The near-miss: everybody can read it."""
    assert 1 == len(posts(read(archive(tweets=[tweet(**fields)]))))


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"tweet": {"full_text": "a", "created_at": "Mon Oct 05 12:00:00 +0000 2026"}}, "id_str is missing or no id"),
        ({"tweet": {"id_str": "9", "created_at": "Mon Oct 05 12:00:00 +0000 2026"}}, "text is missing or no text"),
        ({"tweet": {"id_str": "9", "full_text": "a", "created_at": "Monday"}}, "created_at is no timestamp"),
        ("no object", "id_str is missing or no id"),
    ],
)
def test_a_bad_record_is_quarantined(archive: Any, read: Any, item: Any, reason: str) -> None:
    """With its place, its bytes, its reason; the others are read."""
    found = read(archive(tweets=[tweet("1"), item]))
    assert ["1"] == [one.native_id for one in posts(found)]
    assert [reason] == [one.reason for one in bad(found)]
    assert ["data/tweets.js[1]"] == [one.where for one in bad(found)]


def test_the_profile_without_what_is_private(archive: Any, read: Any) -> None:
    """account.js holds e-mail address and phone number; neither is read nor kept."""
    private = ACCOUNT | {"email": "someone@lakeside.example", "phoneNumber": "+12025550143"}
    shown = {"description": {"bio": "Ours &amp; yours", "website": "https://t.co/1", "location": "Lakeside"}}
    shown |= {"avatarMediaUrl": "https://pbs.example/a.jpg", "headerMediaUrl": "https://pbs.example/b"}
    path = archive(tweets=[], account=[{"account": private}], profile=[{"profile": shown}])
    (profile,) = [one for one in read(path) if isinstance(one, ProfileReading)]
    assert ("2001", "ala_lakeside", "Lakeside & Co") == (profile.native_id, profile.handle, profile.name)
    assert ("Ours & yours", "https://pbs.example/a.jpg") == (profile.bio, profile.avatar_url)
    assert b"someone@" not in profile.raw
    assert b"5550143" not in profile.raw


def test_another_accounts_archive_is_refused(archive: Any, read: Any) -> None:
    """A wrong upload must not become a wrong accusation; a changed handle is the same account."""
    path = archive(tweets=[tweet()], account=[{"account": {"accountId": "3003", "username": "somebody"}}])
    with pytest.raises(ExportRefused, match="is the archive of account 3003, not of 2001"):
        read(path)
    renamed = archive(tweets=[tweet()], account=[{"account": {"accountId": "2001", "username": "new_name"}}])
    assert 1 == len(posts(read(renamed)))


def test_nothing_is_ever_run(archive: Any, read: Any) -> None:
    """The files are JavaScript; whatever is not JSON after the first = is refused."""
    path = archive(tweets=[])
    (path / "data" / "tweets.js").write_text("window.YTD.tweets.part0 = [alert(1)]")
    with pytest.raises(ExportRefused, match=r"data/tweets\.js is not valid JSON at character 1; download"):
        read(path)


@pytest.mark.parametrize("files", [{}, {"like.js": "window.YTD.like.part0 = []"}])
def test_no_posts_file_is_no_archive(read: Any, tmp_path: Path, files: dict[str, str]) -> None:
    """An archive without tweets.js is not an account without posts."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    with pytest.raises(ExportRefused, match=r"holds no data/tweets\.js"):
        read(path)


def test_a_recorded_archive(payloads: Path, account: Any, tmp_path: Path) -> None:
    """Another project's archive files: alone they hold no posts; with its recorded posts, all are read."""
    folder = payloads / "dogsheep__twitter-to-sqlite" / "tests"
    owner = account(native_id="12497", handle="simonw")
    with pytest.raises(ExportRefused, match=r"holds no data/tweets\.js"):
        list(importer("x_archive").read(folder / "zip_contents", owner))
    shutil.copy(folder / "zip_contents" / "account.js", tmp_path / "account.js")
    recorded = (folder / "tweets.json").read_text()
    (tmp_path / "tweets.js").write_text(f"window.YTD.tweets.part0 = {recorded}")
    found = list(importer("x_archive").read(tmp_path, owner))
    assert sorted(one["id_str"] for one in json.loads(recorded)) == sorted(one.native_id for one in posts(found))
    shared = next(one for one in posts(found) if one.native_id == "1169246717864136705")
    assert ("share", "RT @drvox: My new post: an explainer on “carbon capture & utilization”") == (
        shared.kind,
        shared.text[:70],
    )
    assert [] == bad(found)
