"""The Threads connector against a real HTTP server: listings, replies, kinds, look-ups, dead tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Connection, Media, Page
from connectors.base import open_connector
from connectors.threads import parse

TOKEN = "lakeside-token-of-threads"


def thread(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "text": f"Post {number}",
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.net/@ala_lakeside/post/{number}",
        "timestamp": "2026-10-05T12:00:00+0000",
        "username": "ala_lakeside",
    } | fields


def page(*numbers: int, after: str | None = None) -> dict[str, Any]:
    paging = {"cursors": {"after": after}, "next": f"https://graph.threads.net/v1.0/x?access_token=T&after={after}"}
    return {"data": [thread(number) for number in numbers]} | ({"paging": paging} if after else {})


def fault(code: int, subcode: int | None = None) -> dict[str, Any]:
    error = {"message": "said so", "type": "OAuthException", "code": code}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("threads", "901")


@pytest.fixture
def opened(connection: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **options: open_connector(connection("threads", secrets={"access_token": TOKEN}, **options))


@pytest.fixture
def pages(opened: Any, lakeside: Any, window: Any) -> Callable[..., list[Page]]:
    return lambda cursor=None, **options: list(opened(**options).pages(lakeside, window, cursor))


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id for one in page.posts] for page in found]


def test_posts_are_read_to_the_end(platform: Any, pages: Any) -> None:
    """Version 1.0, the account's own id, and no field that needs a scope of its own."""
    platform.answers(page(3, after="a1"), page(2))
    found = pages()
    assert ([["3"], ["2"]], ["threads:a1", None]) == (ids(found), [one.cursor for one in found])
    first, second = platform.asked
    assert ("/v1.0/901/threads", f"Bearer {TOKEN}", "a1") == (
        first.path,
        first.headers["Authorization"],
        second.query["after"],
    )
    assert {"link_attachment_url", "is_quote_post"} <= set(first.query["fields"].split(","))
    assert "replied_to" not in first.query["fields"]


def test_replies_are_read_where_asked_for(platform: Any, pages: Any) -> None:
    """After the posts, from a listing of their own; a page's cursor says which, so that reading can resume there."""
    platform.answers(page(3), page(2, after="r1"), page(1))
    found = pages(replies="true")
    assert ([["3"], ["2"], ["1"]], ["replies:", "replies:r1", None]) == (ids(found), [one.cursor for one in found])
    assert ["threads", "replies", "replies"] == [one.path.rpartition("/")[2] for one in platform.asked]
    assert "replied_to" in platform.asked[0].query["fields"]
    platform.asked.clear()
    platform.answers(page(1))
    assert [["1"]] == ids(pages("replies:r1", replies="true"))
    assert ["/v1.0/901/replies"] == [one.path for one in platform.asked]


def test_threads_has_a_host_of_its_own(platform: Any, lakeside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a base_url; a proxy on loopback that lets nothing through keeps the question here."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, platform.url)
    connection = Connection(id="c", platform="threads", secrets={"access_token": TOKEN}, options={"attempts": "1"})
    with pytest.raises(errors.Unreachable, match=r"threads:901: graph.threads.net gave no usable answer .ProxyError"):
        open_connector(connection).profile(lakeside)


def test_a_repeated_cursor_ends_the_listing_as_capped(platform: Any, pages: Any) -> None:
    """The same cursor again would go on for ever."""
    platform.answers(page(1, after="same"))
    assert [False, True] == [one.capped for one in pages()]


def test_known_posts_are_asked_for_one_by_one(platform: Any, opened: Any, lakeside: Any, reply: Any) -> None:
    """Threads knows no batches, and says "Media Not Found" in its own code."""
    answers = {"1": thread(1), "2": reply(fault(24, 4279009), status=400), "3": reply(fault(100, 33), status=400)}
    platform.answers(lambda asked: answers[asked.path.rpartition("/")[2]])
    found = opened().look_up(lakeside, ["1", "2", "3"])
    assert ["1"] == [one.native_id for one in found.posts]
    assert [("2", "gone"), ("3", "gone")] == [(one.native_id, one.certainty) for one in found.missing]


@pytest.mark.parametrize(
    ("status", "body", "expected", "said"),
    [
        (400, fault(190, 463), errors.CredentialsRejected, "it has expired"),
        (401, fault(190), errors.CredentialsRejected, "expired or revoked"),
        (403, fault(10), errors.CredentialsRejected, "permission"),
        (400, fault(100, 33), errors.AccountGone, "no such object"),
        (400, fault(4), errors.RateLimited, "rate limit"),
        (400, fault(24), errors.UnexpectedShape, "400"),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception], said: str
) -> None:
    """A token dead after its 60 days is the commonest, and never reads as an account without posts."""
    platform.answers(reply(body, status=status))
    with pytest.raises(errors.ConnectorError, match=said) as raised:
        pages()
    assert isinstance(raised.value, expected)


def test_a_dead_token_in_a_look_up_is_everybodys(platform: Any, opened: Any, lakeside: Any, reply: Any) -> None:
    """Else every known post would look unshowable."""
    platform.answers(reply(fault(190, 463), status=400))
    with pytest.raises(errors.CredentialsRejected):
        opened().look_up(lakeside, ["1", "2"])


def test_a_profile(platform: Any, opened: Any, lakeside: Any) -> None:
    """Threads calls biography and picture by names of its own."""
    body = {"id": "901", "username": "ala_lakeside", "threads_biography": "Us"}
    platform.answers(body | {"threads_profile_picture_url": "https://p.example/1.jpg"})
    reading = opened().profile(lakeside)
    assert ("ala_lakeside", "ala_lakeside", "Us", "https://p.example/1.jpg") == (
        reading.handle,
        reading.name,
        reading.bio,
        reading.avatar_url,
    )


def read(**fields: Any) -> Any:
    record = thread(1, **fields)
    return parse.post_or_reason(record, json.dumps(record).encode())


@pytest.mark.parametrize(
    ("fields", "kind", "reply_to"),
    [
        ({}, "post", None),
        ({"is_quote_post": False, "is_reply": False}, "post", None),
        ({"is_quote_post": True, "quoted_post": {"id": "7"}}, "quote", None),
        ({"is_reply": True, "replied_to": {"id": "8"}}, "reply", "8"),
        ({"is_reply": True, "is_quote_post": True}, "reply", None),
        ({"media_type": "REPOST_FACADE", "reposted_post": {"id": "9"}, "text": None}, "share", None),
    ],
)
def test_kinds(fields: dict[str, Any], kind: str, reply_to: str | None) -> None:
    """A repost is somebody else's word; a quoted one stands beside the account's own."""
    reading = read(**fields)
    assert (kind, reply_to) == (reading.kind, reading.reply_to)


def test_a_text_has_no_media_and_a_repost_none_of_its_own() -> None:
    """Nothing to fetch, nothing to call unseen."""
    assert [(), ()] == [read().media, read(media_type="REPOST_FACADE").media]


def test_pictures_polls_and_links() -> None:
    """A carousel's children, the answers of a poll under the text, the link attached."""
    reading = read(
        media_type="CAROUSEL_ALBUM",
        children={
            "data": [{"id": "11", "media_type": "IMAGE", "media_url": "https://p.example/1.jpg", "alt_text": "A desk"}]
        },
        poll_attachment={"option_a": "Tea", "option_b": "Coffee", "option_c": ""},
        link_attachment_url="https://a.example/",
    )
    assert "Post 1\nTea\nCoffee" == reading.text
    assert ("https://a.example/",) == reading.links
    assert (Media(kind="image", url="https://p.example/1.jpg", alt_text="A desk", native_id="11"),) == reading.media


@pytest.mark.parametrize("fields", [{"text": ["x"]}, {"timestamp": 5}, {"id": None}])
def test_what_cannot_be_read_is_set_aside(fields: dict[str, Any]) -> None:
    """With the field's name, and nothing of what it holds."""
    assert next(iter(fields)) in read(**fields).reason
