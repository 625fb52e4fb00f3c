"""Graph answers into readings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.model import Media, PostReading
from connectors import graph_paging
from connectors.facebook_page import parse
from connectors.records import Unreadable


def post(number: str = "10_1", **fields: Any) -> dict[str, Any]:
    return {"id": number, "message": "Hello", "created_time": "2026-10-05T12:00:00+0000"} | fields


def listed(*posts: Any, **others: Any) -> parse.Listing:
    return parse.listing(json.dumps({"data": list(posts)} | others).encode())


def only(*posts: Any, **others: Any) -> PostReading:
    (reading,) = listed(*posts, **others).posts
    return reading


def photo(number: str = "77", **fields: Any) -> dict[str, Any]:
    image = {"src": f"https://scontent.example/{number}.jpg?oh=signed", "height": 1, "width": 1}
    target = {"id": number, "url": f"https://www.facebook.example/photo/{number}"}
    return {"type": "photo", "media_type": "photo", "media": {"image": image}, "target": target} | fields


def test_a_plain_post() -> None:
    """Message, time and exact bytes; updated_time moves with comments and proves no edit."""
    item = b'{ "id":"10_1","message":"Caf\\u00e9 &amp; tea","created_time":"2026-10-05T12:00:00+0000"'
    item += b',"updated_time":"2026-10-09T12:00:00+0000"}'
    (reading,) = parse.listing(b'{"data":[' + item + b"]}").posts
    expected = PostReading(
        native_id="10_1",
        kind="post",
        created_at=datetime(2026, 10, 5, 12, tzinfo=UTC),
        created_raw="2026-10-05T12:00:00+0000",
        text="Café &amp; tea",
        raw=item,
    )
    assert expected == reading


def test_a_post_without_a_message_is_a_post() -> None:
    """A picture alone, or "updated the cover photo", has no text of the author's."""
    assert "" == only({"id": "10_1", "created_time": "2026-10-05T12:00:00+0000", "story": "Lakeside did"}).text


@pytest.mark.parametrize(
    ("fields", "hidden"),
    [
        ({}, False),
        ({"is_hidden": False, "is_published": True}, False),
        ({"is_hidden": True}, True),
        ({"is_published": False}, True),
        ({"is_hidden": "true"}, False),
    ],
)
def test_hidden_is_what_graph_says_is_hidden(fields: dict[str, Any], hidden: bool) -> None:
    """Not being told is not being hidden."""
    assert hidden == only(post(**fields)).hidden


def test_a_shared_post_is_a_share() -> None:
    """A link is a post with a link; a post of somebody else's is a share."""
    assert "post" == only(post(status_type="shared_story")).kind
    assert "share" == only(post(parent_id="11_1")).kind


def test_links_are_where_a_reader_is_sent() -> None:
    """The link without Facebook's shim; the page of the post's own photo is none."""
    share = {
        "type": "share",
        "media_type": "link",
        "url": "https://l.example/?u=1",
        "unshimmed_url": "https://a.example/",
    }
    preview = share | {"media": {"image": {"src": "https://scontent.example/preview.jpg"}}}
    reading = only(post(attachments={"data": [preview, photo(url="https://www.facebook.example/photo/77")]}))
    assert ("https://a.example/",) == reading.links
    assert ["77"] == [one.native_id for one in reading.media]


def test_an_album_is_its_pictures() -> None:
    """Alt texts come from the photo nodes: the author's own, empty where there is none, None where nobody asked."""
    album = {"type": "album", "media_type": "album", "subattachments": {"data": [photo("1"), photo("2"), photo("3")]}}
    body = json.dumps({"data": [post(attachments={"data": [album]})]}).encode()
    assert ["1", "2", "3"] == parse.photo_ids(body)
    alt = parse.AltText(raw={"1": b'{"id": "1"}', "2": b'{"id":"2"}'}, text={"1": "A desk", "2": ""})
    (reading,) = parse.listing(body, alt).posts
    url = "https://scontent.example/{}.jpg?oh=signed"
    expected = tuple(
        Media(kind="photo", url=url.format(one), alt_text=text, native_id=one)
        for one, text in [("1", "A desk"), ("2", ""), ("3", None)]
    )
    assert expected == reading.media
    assert [{"id": "1"}, {"id": "2"}] == json.loads(reading.raw)["includes"]["photos"]
    assert b'{"id": "1"}' in reading.raw


@pytest.mark.parametrize("paging", [{"next": "https://graph.example/9/attachments?after=a"}, {"next": 7}])
def test_an_album_that_goes_on_shows_a_picture_nobody_could_look_at(paging: dict[str, Any]) -> None:
    """Graph lists the first pictures of a long one; without a sign of the others, the post would look judged whole."""
    album = {"type": "album", "media_type": "album", "subattachments": {"data": [photo("1")], "paging": paging}}
    reading = only(post(attachments={"data": [album]}))
    assert ["1", None] == [one.native_id for one in reading.media]
    assert Media(kind="photo", url=None) == reading.media[-1]


@pytest.mark.parametrize("paging", [{}, {"cursors": {"after": "a"}}, None])
def test_an_album_that_ends_shows_its_pictures_alone(paging: Any) -> None:
    """The near-miss: a place in a list is no next page."""
    album = {"type": "album", "media_type": "album", "subattachments": {"data": [photo("1")], "paging": paging}}
    assert ["1"] == [one.native_id for one in only(post(attachments={"data": [album]})).media]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"alt_text_custom": "A desk", "alt_text": "May be an image of desk"}, "A desk"),
        ({"alt_text": "May be an image of desk"}, ""),
        ({}, ""),
    ],
)
def test_a_guessed_alt_text_is_not_the_authors(node: dict[str, Any], expected: str) -> None:
    """Facebook's own guess changes by itself and would look like an edit."""
    assert expected == parse.alt_text_of(node)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"created_time": "2026-10-05T12:00:00+0000"}, "id is missing or no text"),
        ({"id": "1", "message": "a"}, "created_time is missing or no text"),
        ({"id": "1", "created_time": "now"}, "created_time is no timestamp"),
        ({"id": "1", "created_time": "2026-10-05T12:00:00+0000", "message": 5}, "message is no text"),
        ("post", "id is missing or no text"),
    ],
)
def test_one_bad_record_is_quarantined_and_the_rest_goes_on(record: Any, reason: str) -> None:
    """A record without what a reading needs keeps its bytes and its reason."""
    found = listed(post("1"), record, post("2"))
    assert ["1", "2"] == [one.native_id for one in found.posts]
    assert [(reason, json.dumps(record).encode())] == [(one.reason, one.raw) for one in found.quarantined]


@pytest.mark.parametrize(
    ("paging", "cursor"),
    [
        (None, None),
        ({}, None),
        ({"cursors": {"before": "b", "after": "a"}}, None),
        ({"cursors": {"after": "a"}, "next": "https://graph.facebook.com/v26.0/x?after=a&access_token=T"}, "a"),
        ({"next": "https://graph.facebook.com/v26.0/x?access_token=T&after=QVF%3D"}, "QVF="),
        (
            {"next": "https://graph.facebook.com/v10.0/4/posts?access_token=T&until=16&since&__paging_token=p&limit=5"},
            "?__paging_token=p&until=16",
        ),
        ({"next": "https://graph.facebook.com/v10.0/4/posts?access_token=T"}, None),
        ({"next": 5}, None),
    ],
)
def test_where_the_next_page_starts(paging: Any, cursor: str | None) -> None:
    """`next` decides whether there is one, and its token is never part of the place."""
    assert cursor == listed(post(), paging=paging).cursor
    if cursor:
        assert "T" not in graph_paging.question_of(cursor).values()


def test_a_cursor_asks_for_its_place() -> None:
    """What `next_cursor` says is what `question_of` asks."""
    assert {"__paging_token": "p", "until": "16"} == graph_paging.question_of("?__paging_token=p&until=16")
    assert {"after": "a"} == graph_paging.question_of("a")
    assert {} == graph_paging.question_of(None)


@pytest.mark.parametrize("odd", ["1\0", "\ud800", {}, ""])
def test_a_profile_under_an_id_nobody_can_store_is_none(odd: Any) -> None:
    """No database holds it, so it must not come so far; a number is an id as well."""
    with pytest.raises(Unreadable):
        parse.profile(json.dumps({"id": odd, "name": "L"}).encode())
    assert "1" == parse.profile(json.dumps({"id": 1, "name": "L"}).encode()).native_id


def test_pictures_under_no_address_are_no_fault() -> None:
    """What is no address stands for itself: the profile is told from another, and so is the post."""
    odd = ["http://[no-address", "http://a\u2100b.example/"]
    shown = [parse.profile(json.dumps({"id": "1", "name": "L", "cover": {"source": one}}).encode()) for one in odd]
    assert 2 == len({one.content_hash for one in shown})


@pytest.mark.parametrize(
    ("paging", "expected"),
    [
        ({}, False),
        ({"cursors": {"after": "a"}}, False),
        ({"next": None}, False),
        ({"next": "https://graph.facebook.com/v26.0/1/posts?after=a"}, False),
        ({"next": "further on"}, True),
        ({"next": "http://[no-address"}, True),
        ({"next": 7}, True),
        (["next"], True),
    ],
)
def test_a_list_that_goes_on_nobody_knows_where(paging: Any, expected: bool) -> None:
    """Near-misses first: a last page, and one whose next page can be asked for."""
    assert expected == listed(post(), paging=paging).breaks_off


@pytest.mark.parametrize("body", [b"{}", b'{"data":{}}', b'{"data":null}', b"[]"])
def test_no_list_is_not_an_empty_list(body: bytes) -> None:
    """Nothing but a list of data says that there are no posts."""
    with pytest.raises(Unreadable):
        parse.listing(body)
    assert () == parse.listing(b'{"data":[]}').posts


def test_a_profile() -> None:
    """About texts one a line, each once; pictures as addresses; a Page without a username is called by its id."""
    page = {
        "id": "10",
        "name": "Lakeside Chapter",
        "username": "ala.lakeside",
        "about": "Legal administrators",
        "description": "Views are our own",
        "mission": "Legal administrators",
        "website": "https://lakeside.example/",
        "single_line_address": "Lakeside",
        "picture": {"data": {"url": "https://scontent.example/p.jpg"}},
        "cover": {"source": "https://scontent.example/c.jpg", "id": "5"},
    }
    reading = parse.profile(json.dumps(page).encode())
    assert ("10", "ala.lakeside", "Lakeside Chapter") == (reading.native_id, reading.handle, reading.name)
    assert "Legal administrators\nViews are our own" == reading.bio
    assert ("https://scontent.example/p.jpg", "https://scontent.example/c.jpg") == (
        reading.avatar_url,
        reading.banner_url,
    )
    least = parse.profile(b'{"id":"10","name":"Lakeside"}')
    assert ("10", "") == (least.handle, least.bio)


def test_recorded_feeds_are_read(payloads: Path) -> None:
    """Other projects' recorded Page and feed answers: every post is a reading, and paging goes on as it should."""
    folder = payloads / "sns-sdks__python-facebook" / "testdata"
    found = {}
    for name in (
        "base/full_connecions_p1",
        "facebook/apidata/posts/feeds_default_fields_p1",
        "facebook/apidata/posts/feed_fields_p1",
    ):
        body = (folder / f"{name}.json").read_bytes()
        found[name] = parse.listing(body)
        assert len(json.loads(body)["data"]) == len(found[name].posts)
        assert () == found[name].quarantined
    first = found["facebook/apidata/posts/feeds_default_fields_p1"].posts[0]
    assert ("19292868552_10158349356748553", ()) == (first.native_id, first.links)
    assert [("photo", "10158349355013553")] == [(one.kind, one.native_id) for one in first.media]
    assert "after" == found["facebook/apidata/posts/feeds_default_fields_p1"].cursor
    expected = "?__paging_token=__paging_token&until=1624385168"
    assert expected == found["facebook/apidata/posts/feed_fields_p1"].cursor


def test_recorded_pages_are_profiles(payloads: Path) -> None:
    """Other projects' recorded Page objects."""
    folder = payloads / "sns-sdks__python-facebook" / "testdata" / "facebook" / "apidata" / "pages"
    reading = parse.profile((folder / "single_default_page.json").read_bytes())
    assert "https://scontent.xx.fbcdn.net/v/t1.0-9/" == (reading.banner_url or "")[:39]
    assert "facebookapp" == parse.profile((folder / "single_fields_page.json").read_bytes()).handle
