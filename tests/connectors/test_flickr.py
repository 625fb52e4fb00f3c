"""The Flickr connector against a real HTTP server: paging, failures that come as success, texts, secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Page
from connectors.base import open_connector

OWNER = "12345678@N00"
OCTOBER = "1791201600"  # 2026-10-05T12:00:00Z
AUGUST = "1785585600"


def photo(number: int, when: str = OCTOBER, **fields: Any) -> dict[str, Any]:
    values = {
        "id": str(number),
        "owner": OWNER,
        "secret": "abc",
        "server": "65535",
        "title": f"Photo {number}",
        "ispublic": 1,
        "description": {"_content": 'The <b>team</b> &amp; <a href="https://a.example/">us</a>'},
        "dateupload": when,
        "lastupdate": "1791999999",
        "pathalias": "lakeside",
        "media": "photo",
        "url_m": "https://live.staticflickr.com/65535/1_abc.jpg",
    }
    return values | fields


def listed(*photos: dict[str, Any], page: int = 1, pages: int = 1) -> dict[str, Any]:
    return {"photos": {"page": page, "pages": pages, "photo": list(photos)}, "stat": "ok"}


def fail(code: int | str) -> dict[str, Any]:
    return {"stat": "fail", "code": code, "message": "said so"}


def single(number: int, **fields: Any) -> dict[str, Any]:
    values = {
        "id": str(number),
        "secret": "abc",
        "server": "65535",
        "dateuploaded": OCTOBER,
        "media": "photo",
        "title": {"_content": f"Photo {number}"},
        "description": {"_content": 'The <b>team</b> &amp; <a href="https://a.example/">us</a>'},
        "owner": {"nsid": OWNER, "path_alias": "lakeside"},
        "visibility": {"ispublic": 1},
    }
    return {"photo": values | fields, "stat": "ok"}


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("flickr", OWNER, handle="lakeside")


@pytest.fixture
def opened(connection: Callable[..., Any], canary: str) -> Callable[..., Any]:
    def make(**options: str) -> Any:
        return open_connector(connection("flickr", secrets={"api_key": canary}, **options))

    return make


@pytest.fixture
def pages(opened: Any, lakeside: Any, window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, **options: str) -> list[Page]:
        return list(opened(**options).pages(lakeside, window, cursor))

    return read


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id for one in page.posts] for page in found]


def test_pages_are_read_to_the_end_and_resumed(platform: Any, pages: Any) -> None:
    """By number, until Flickr's own count is reached."""
    platform.answers(listed(photo(2), pages=2), listed(photo(1), page=2, pages=2))
    found = pages()
    assert ([["2"], ["1"]], ["2", None]) == (ids(found), [page.cursor for page in found])
    assert [False, False] == [page.capped for page in found]
    asked = platform.asked[0]
    assert ("/services/rest/", "flickr.people.getPublicPhotos") == (asked.path, asked.query["method"])
    assert (OWNER, "json") == (asked.query["user_id"], asked.query["format"])
    assert "last_update" in asked.query["extras"]
    platform.answers(listed(photo(1), page=2, pages=2))
    assert [["1"]] == ids(pages("2"))
    assert "2" == platform.asked[-1].query["page"]


def test_a_photograph_is_a_post(platform: Any, pages: Any) -> None:
    """Title and description as a reader sees them. The last update proves no edit: comments move it."""
    platform.answers(listed(photo(1)))
    (post,) = pages()[0].posts
    assert ("Photo 1\n\nThe team & us", ("https://a.example/",)) == (post.text, post.links)
    assert (datetime(2026, 10, 5, 12, tzinfo=UTC), None) == (post.created_at, post.edited_at)
    assert "https://www.flickr.com/photos/lakeside/1/" == post.permalink
    assert [("photo", "1")] == [(one.kind, one.native_id) for one in post.media]
    assert json.dumps(photo(1)).encode() == post.raw


def test_older_photographs_end_the_listing(platform: Any, pages: Any) -> None:
    """Newest uploads come first, so what follows is older still; the window was covered."""
    platform.answers(listed(photo(2), photo(1, AUGUST), pages=9))
    found = pages()
    assert ([["2"]], False, None) == (ids(found), found[0].capped, found[0].cursor)


def test_a_page_that_comes_again_is_a_cap(platform: Any, pages: Any) -> None:
    """Past its limit Flickr repeats its last page; our own cap leaves a place to go on from."""
    platform.answers(listed(photo(2), pages=9), listed(photo(2), page=1, pages=9))
    assert [False, True] == [one.capped for one in pages()]
    numbers = iter(range(1, 99))
    platform.answers(lambda _: listed(photo(number := next(numbers)), page=number, pages=99))
    found = pages(max_pages="2")
    assert ([False, True], "3") == ([one.capped for one in found], found[-1].cursor)
    platform.answers(lambda asked: listed(photo(1), page=int(asked.query["page"]), pages=99))
    assert [*[False] * 7, True] == [one.capped for one in pages(page_size="500")]


def test_no_photographs_is_an_empty_page(platform: Any, pages: Any) -> None:
    """The near-miss of every failure below."""
    platform.answers(listed(pages=0))
    assert ([[]], [False]) == (ids(found := pages()), [one.capped for one in found])


def test_odd_photographs_are_kept_aside(platform: Any, pages: Any) -> None:
    """What is not public is counted only; what has no time is kept with its reason."""
    platform.answers(listed(photo(1, ispublic=0), photo(2, "soon"), photo(3, description=None, title="")))
    (page,) = pages()
    assert [("private", b""), ("dateupload is no epoch time", json.dumps(photo(2, "soon")).encode())] == [
        (one.reason, one.raw) for one in page.quarantined
    ]
    assert [""] == [post.text for post in page.posts]


def test_profile(platform: Any, opened: Any, lakeside: Any) -> None:
    """Name, about text, place and icon; the icon everybody has is none."""
    person = {
        "nsid": OWNER,
        "path_alias": "lakeside",
        "iconserver": "5",
        "iconfarm": 6,
        "username": {"_content": "Lakeside!"},
        "realname": {"_content": "Lakeside Chapter"},
        "description": {"_content": "We <i>meet</i>"},
        "location": {"_content": "Chicago"},
        "profileurl": {"_content": "https://www.flickr.com/people/lakeside/"},
    }
    platform.answers({"person": person, "stat": "ok"})
    profile = opened().profile(lakeside)
    expected = (OWNER, "lakeside", "Lakeside Chapter", "We meet", "Chicago")
    assert expected == (profile.native_id, profile.handle, profile.name, profile.bio, profile.location)
    assert f"https://farm6.staticflickr.com/5/buddyicons/{OWNER}.jpg" == profile.avatar_url
    platform.answers({"person": person | {"iconserver": "0"}, "stat": "ok"})
    assert opened().profile(lakeside).avatar_url is None


def test_known_photographs_are_looked_up(platform: Any, opened: Any, lakeside: Any, pages: Any) -> None:
    """The same photograph read either way is the same post; gone and not shown are told apart where Flickr does."""
    platform.answers(listed(photo(1)))
    listing = pages()[0].posts[0]
    answers = {"1": single(1), "2": fail(1), "3": fail(2), "4": single(4, visibility={"ispublic": 0})}
    platform.answers(lambda asked: answers[asked.query["photo_id"]])
    page = opened().look_up(lakeside, ["1", "2", "3", "4"])
    assert [listing.content_hash] == [post.content_hash for post in page.posts]
    assert [("2", "gone"), ("3", "cannot_tell")] == [(one.native_id, one.certainty) for one in page.missing]
    assert ["private"] == [one.reason for one in page.quarantined]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, fail(1), errors.AccountGone),
        (200, fail("5"), errors.AccountGone),
        (200, fail(100), errors.CredentialsRejected),
        (200, fail(98), errors.CredentialsRejected),
        (200, fail(105), errors.Unreachable),
        (200, fail(112), errors.UnexpectedShape),
        (200, fail("x" * 9999), errors.UnexpectedShape),
        (200, fail("9" * 9999), errors.UnexpectedShape),
        (429, b"", errors.RateLimited),
        (403, b"<html>", errors.CredentialsRejected),
        (404, b"", errors.UnexpectedShape),
        (503, b"", errors.Unreachable),
        (302, b"", errors.UnexpectedShape),
        (200, b"<rsp stat='ok'/>", errors.UnexpectedShape),
        (200, b"jsonFlickrApi({})", errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, {}, errors.UnexpectedShape),
        (200, {"stat": "ok"}, errors.UnexpectedShape),
        (200, {"stat": "ok", "photos": {"photo": {}}}, errors.UnexpectedShape),
        (200, {"stat": "ok", "photos": {"photo": [], "page": "one"}}, errors.UnexpectedShape),
        (200, {"stat": "ok", "photos": {"photo": [], "page": "9" * 5000}}, errors.UnexpectedShape),
    ],
)
def test_errors_are_typed(
    platform: Any, pages: Any, reply: Any, canary: str, status: int, body: Any, expected: type[Exception]
) -> None:
    """Flickr says most failures with status 200; none reads as an account without photographs."""
    platform.answers(reply(body, status=status))
    with pytest.raises(expected) as raised:
        pages(attempts="1")
    assert canary not in str(raised.value)


def test_the_key_is_sent_and_nowhere_told(platform: Any, pages: Any, canary: str, caplog: Any) -> None:
    """Flickr takes it as a parameter only: it is cut out of what is kept, and not logged."""
    caplog.set_level(logging.DEBUG)
    platform.answers(listed(photo(1, title=f"echo {canary}")))
    found = pages()
    assert canary == platform.asked[0].query["api_key"]
    assert canary not in repr(found)
    assert canary not in caplog.text


def test_without_a_key_nothing_is_sent(platform: Any, connection: Any, lakeside: Any, window: Any) -> None:
    """Said before the first request."""
    with pytest.raises(errors.CredentialsMissing):
        list(open_connector(connection("flickr", secrets={})).pages(lakeside, window))
    assert [] == platform.asked
