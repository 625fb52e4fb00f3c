"""YouTube in Google Takeout: both header orders, other languages, segments, videos, other people's and broken rows."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.errors import ExportRefused
from chapterwatch.model import PostReading, ProfileReading, Quarantined
from connectors.base import importer
from connectors.records import Unreadable
from connectors.youtube.takeout import segments_text

CHANNEL = "UC" + "a" * 22
OTHER = "UC" + "b" * 22
FIRST = "Ugw" + "c" * 20 + "AaABAg"
REPLY = f"{FIRST}.9iwJkUYNcXa9u0lv3j3Abh"
OLD = ["Comment ID", "Channel ID", "Comment Create Timestamp", "Price", "Parent Comment ID", "Video ID", "Comment Text"]
NEW = [
    *["Channel ID", "Comment Create Timestamp", "Price", "Comment ID", "Parent Comment ID", "Post ID", "Video ID"],
    *["Comment Text", "Top-Level Comment ID"],
]
VIDEOS = [
    *["Video ID", "Approx Duration (ms)", "Video Category", "Video Description (Original)", "Channel ID"],
    *["Video Title (Original)", "Privacy", "Video State", "Video Create Timestamp", "Video Publish Timestamp"],
]
TIME = "2026-10-05T12:00:00.123456+00:00"


def table(header: list[str], *rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return out.getvalue() + "\n\n\n"


def comment(number: str = FIRST, text: str = '{"text":"Hello"}', **cells: str) -> dict[str, str]:
    values = {
        "Comment ID": number,
        "Channel ID": CHANNEL,
        "Comment Create Timestamp": TIME,
        "Price": "0",
        "Video ID": "abcdefghijk",
        "Comment Text": text,
    }
    return values | cells


def video(number: str, **cells: str) -> dict[str, str]:
    values = {
        "Video ID": number,
        "Video Description (Original)": "About us",
        "Channel ID": CHANNEL,
        "Video Title (Original)": "Our film",
        "Privacy": "Public",
        "Video Create Timestamp": "2026-10-04T12:00:00Z",
        "Video Publish Timestamp": "2026-10-05T12:00:00Z",
    }
    return values | cells


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("youtube", CHANNEL)


@pytest.fixture
def read(tmp_path: Path, lakeside: Any) -> Callable[..., list[Any]]:
    def make(**tables: str) -> list[Any]:
        path = tmp_path / "takeout.zip"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("Takeout/archive_browser.html", "<html>")
            for name, text in tables.items():
                packed.writestr(f"Takeout/YouTube et YouTube Music/{name}.csv", text)
        return list(importer("youtube_takeout").read(path, lakeside))

    return make


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def aside(found: list[Any]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Quarantined)]


@pytest.mark.parametrize(
    ("cell", "text", "links"),
    [
        ("plain { text", "plain { text", ()),
        ("", "", ()),
        ('{"takeoutSegments":[{"text":"a "},{"text":"b"}]}', "a b", ()),
        ('{"text":"@you","mention":{"externalChannelId":"UCx"}},{"text":" thanks"}', "@you thanks", ()),
        ('[{"text":"a"},{"text":"b"}]', "ab", ()),
        ('{"text":"here","link":{"linkUrl":"https://a.example/"}}', "here", ("https://a.example/",)),
        ('{"text":"line\\nbreak"}', "line\nbreak", ()),
        ('{"note": "what I typed"}', '{"note": "what I typed"}', ()),
    ],
)
def test_texts_come_plain_or_in_segments(cell: str, text: str, links: tuple[str, ...]) -> None:
    """Three shapes have been in use; a text that merely looks like JSON stays as typed."""
    assert (text, links) == segments_text(cell)


@pytest.mark.parametrize("cell", ['{"text":"a"', '{"takeoutSegments":[{"text":"a"}', '{"text":"a"}{"text":"b"}'])
def test_broken_segments_are_no_text(cell: str) -> None:
    """Half a JSON would be judged as words nobody wrote."""
    with pytest.raises(Unreadable):
        segments_text(cell)


@pytest.mark.parametrize("header", [OLD, NEW, [name.capitalize() for name in NEW], list(reversed(NEW))])
def test_comments_in_every_order_of_columns(read: Any, header: list[str]) -> None:
    """Before and after June 2024, and in either spelling; a reply's parent is in its id, too."""
    rows = [comment(), comment(REPLY, '{"takeoutSegments":[{"text":"Yes"}]}', **{"Parent Comment ID": FIRST})]
    if header[0] not in NEW + OLD:
        rows = [{name.capitalize(): value for name, value in row.items()} for row in rows]
    found = posts(read(comments=table(header, *rows)))
    expected = [(FIRST, "comment", "Hello", None), (REPLY, "reply", "Yes", FIRST)]
    assert expected == [(one.native_id, one.kind, one.text, one.reply_to) for one in found]
    assert datetime(2026, 10, 5, 12, 0, 0, 123456, tzinfo=UTC) == found[0].created_at
    assert f"https://www.youtube.com/watch?v=abcdefghijk&lc={FIRST}" == found[0].permalink


def test_comments_in_a_language_not_known_are_told_by_what_stands_in_them(read: Any) -> None:
    """Takeout translates headings; ids, times and segments look the same everywhere."""
    text = table(NEW, comment(), comment(REPLY))
    for at, name in enumerate(NEW):
        text = text.replace(name, f"Sarake {at}", 1)
    assert [(FIRST, None), (REPLY, FIRST)] == [(one.native_id, one.reply_to) for one in posts(read(kommentit=text))]


def test_german_comments(read: Any) -> None:
    """Headings as a German Takeout has them."""
    names = dict(
        zip(
            OLD,
            [
                "Kommentar-ID",
                "Kanal-ID",
                "Zeitstempel",
                "Preis",
                "Übergeordnete Kommentar-ID",
                "Video-ID",
                "Kommentartext",
            ],
            strict=True,
        )
    )
    row = {names[name]: value for name, value in comment(text="nur Text").items() if name in names}
    assert ["nur Text"] == [one.text for one in posts(read(Kommentare=table(list(names.values()), row)))]


def test_chats_are_comments(read: Any) -> None:
    """Live chat messages have ids of their own."""
    header = ["Live Chat ID", "Channel ID", "Live Chat Create Timestamp", "Price", "Video ID", "Live Chat Text"]
    row = {"Live Chat ID": "chat1", "Channel ID": CHANNEL, "Live Chat Create Timestamp": TIME, "Live Chat Text": "Hi"}
    (post,) = posts(read(chats=table(header, row)))
    assert ("chat1", "comment", "Hi") == (post.native_id, post.kind, post.text)


def test_public_videos_with_their_latest_texts(read: Any) -> None:
    """Title, then description; the table of texts tells when they were changed. What is not public is only counted."""
    texts = [
        *["Video ID", "Video Text Create Timestamp", "Video Text Update Timestamp"],
        *["Video Description Text Segments 1", "Video Description Text Segments 2", "Video Title Text Segments 1"],
    ]
    later = dict(zip(texts, ["v" * 11, TIME, "2026-10-09T12:00:00Z", "About ", "us all", "Our new film"], strict=True))
    rows = [video("v" * 11), video("w" * 11), video("x" * 11, Privacy="Unlisted"), video("y" * 11, Privacy="Private")]
    found = read(videos=table(VIDEOS, *rows), texts=table(texts, later))
    first, second = posts(found)
    assert ("Our new film\n\nAbout us all", datetime(2026, 10, 9, 12, tzinfo=UTC)) == (first.text, first.edited_at)
    assert ("Our film\n\nAbout us", None) == (second.text, second.edited_at)
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == second.created_at
    assert [("private", b"")] * 2 == [(one.reason, one.raw) for one in found if isinstance(one, Quarantined)]


def test_a_table_of_videos_in_a_language_not_known_is_kept_aside(read: Any) -> None:
    """Which of its columns is the title would be a guess; that there were videos is said."""
    text = table(VIDEOS, video("v" * 11))
    for at, name in enumerate(VIDEOS):
        text = text.replace(name, f"Sarake {at}", 1)
    assert ([], ["its columns have names not known"]) == (posts(found := read(videot=text)), aside(found))


def test_other_tables_are_nothing_the_channel_said(read: Any) -> None:
    """Subscriptions and playlists of the holder are left alone, unread and uncounted."""
    subscriptions = table(["Channel Id", "Channel Url", "Channel Title"])
    playlist = table(["Video ID", "Playlist Video Creation Timestamp"], {"Video ID": "v" * 11})
    found = read(comments=table(OLD, comment()), playlist=playlist, subscriptions=subscriptions)
    assert 1 == len(found)


def test_the_channel_is_the_profile(read: Any) -> None:
    """From the table of channels, without those of the same holder that are not this account."""
    header = ["Channel ID", "Channel Title (Original)", "Channel Description (Original)"]
    rows = [
        dict(zip(header, [number, name, "About"], strict=True))
        for number, name in ((CHANNEL, "Lakeside"), (OTHER, "Me"))
    ]
    (profile,) = [one for one in read(channel=table(header, *rows)) if isinstance(one, ProfileReading)]
    assert (CHANNEL, "Lakeside", "About") == (profile.native_id, profile.name, profile.bio)


def test_what_another_channel_wrote_is_dropped(read: Any) -> None:
    """A holder's private channel shares the Takeout: its comments are counted, nothing of them is kept."""
    found = read(comments=table(OLD, comment(), comment("Ugother" + "x" * 20, **{"Channel ID": OTHER})))
    assert ([FIRST], ["private"]) == ([one.native_id for one in posts(found)], aside(found))


def test_every_row_is_accounted_for(read: Any) -> None:
    """Rows in are posts, kept aside or dropped; reading twice says the same."""
    broken = [
        comment("", text="no id"),
        comment(REPLY, '{"text":"half'),
        comment("Ugw" + "d" * 23, **{"Comment Create Timestamp": "yesterday"}),
    ]
    text = table(OLD, comment(), *broken) + "one,cell too few\n"
    found = read(comments=text)
    reasons = [
        "comment id is missing",
        "text is broken JSON",
        "time is no timestamp",
        "has 2 fields where the header has 7",
    ]
    assert ([FIRST], reasons) == ([one.native_id for one in posts(found)], aside(found))
    assert found == read(comments=text)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b'"' * 100_001, b"\x00" * 999, b"a" * 300_000, b",\n" * 50_000]
)
def test_hostile_tables_are_refused_or_kept_aside(tmp_path: Path, lakeside: Any, body: bytes) -> None:
    """Nothing crashes, and nothing becomes a post."""
    path = tmp_path / "comments.csv"
    path.write_bytes(body)
    try:
        found = list(importer("youtube_takeout").read(path, lakeside))
    except ExportRefused:
        return
    assert all(isinstance(one, Quarantined) for one in found)


def test_a_takeout_of_another_channel_is_refused(tmp_path: Path, account: Any) -> None:
    """It was dropped for the wrong account."""
    path = tmp_path / "comments.csv"
    path.write_text(table(OLD, comment()))
    with pytest.raises(ExportRefused, match="nothing of channel"):
        list(importer("youtube_takeout").read(path, account("youtube", OTHER)))


def test_segments_survive_csv(read: Any) -> None:
    """Quotes, commas and line ends inside a text."""
    said = 'She said "no, never"\nthen left'
    found = posts(read(comments=table(OLD, comment(text=json.dumps({"text": said})))))
    assert [said] == [one.text for one in found]
