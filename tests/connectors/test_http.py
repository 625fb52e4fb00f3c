"""The HTTP policy every SDK gets."""

from __future__ import annotations

import base64
import gzip
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import requests

from chapterwatch.errors import UnexpectedShape, Unreachable, UserError
from chapterwatch.model import Connection
from connectors.base import open_connector
from connectors.http import Answer, PlatformSession, scrub, scrub_bytes

HOME = "https://graph.example"


@pytest.fixture
def session(connection: Callable[..., Connection]) -> Callable[..., PlatformSession]:
    def make(check: Callable[[Answer], None] = lambda _: None, **options: str) -> PlatformSession:
        return PlatformSession(HOME, connection(**options), check)

    return make


def test_the_base_url_takes_the_platforms_place(platform: Any, connection: Any) -> None:
    """Path and query go to the other server as they were; a base_url may have a path of its own."""
    platform.answers({})
    there = connection()
    PlatformSession(HOME, there, lambda _: None).get(f"{HOME}/v26.0/10?fields=id")
    moved = Connection(**(vars(there) | {"base_url": f"{platform.url}/stand-in/"}))
    PlatformSession(HOME, moved, lambda _: None).get(f"{HOME}/v26.0/10")
    assert ["/v26.0/10", "/stand-in/v26.0/10"] == [one.path for one in platform.asked]
    assert {"fields": "id"} == platform.asked[0].query


@pytest.mark.parametrize("url", ["http://other.example/", "https://graph.example.evil.example/", "file:///etc/passwd"])
def test_nothing_else_can_be_reached(session: Any, url: str) -> None:
    """No adapter is mounted for another place, so no token can go there."""
    with pytest.raises(Unreachable, match=r"\((InvalidSchema|InvalidURL|LocationParseError)\)"):
        session().get(url)


def test_redirects_are_not_followed(platform: Any, session: Any, reply: Any) -> None:
    """Not even to the same place: the answer is judged as it is."""
    platform.answers(reply(b"", status=302, headers={"location": platform.url + "/other"}))
    assert 302 == session().get(HOME + "/").status_code
    assert ["/"] == [one.path for one in platform.asked]


def test_only_get_is_repeated(platform: Any, session: Any, reply: Any) -> None:
    """A repeated POST could do a thing twice."""
    platform.answers(reply(b"", status=503))
    session(attempts="3").post(HOME + "/")
    session(attempts="3").get(HOME + "/")
    assert ["POST", "GET", "GET", "GET"] == [one.method for one in platform.asked]


def test_a_rate_limit_is_not_repeated(platform: Any, session: Any, reply: Any) -> None:
    """Retry-After or not: the scheduler waits, not this process."""
    platform.answers(reply(b"", status=429, headers={"retry-after": "1"}))
    session().get(HOME + "/")
    assert 1 == len(platform.asked)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("90", 90),
        ("Mon, 05 Oct 2026 12:01:30 GMT", 90),
        ("Mon, 05 Oct 2026 11:00:00 GMT", None),
        ("soon", None),
    ],
)
def test_when_to_come_back_is_said_in_seconds_or_as_a_moment(said: str, seconds: int | None) -> None:
    """RFC 9110, section 10.2.3; a moment that is past says nothing."""
    date = datetime(2026, 10, 5, 12, tzinfo=UTC)
    answer = Answer(429, {"retry-after": said, "date": "Mon, 05 Oct 2026 12:00:00 GMT"}, b"", "x:1")
    assert (date + timedelta(seconds=seconds) if seconds else None) == answer.resets_at(None)


def test_compressed_answers_are_limited_by_what_comes_out(platform: Any, session: Any, reply: Any) -> None:
    """A gzip bomb is small on the wire."""
    platform.answers(reply(gzip.compress(b"[]"), headers={"content-encoding": "gzip"}))
    opened = session(max_body_bytes="100000")
    opened.get(HOME + "/")
    assert opened.last is not None
    assert b"[]" == opened.last.body
    platform.answers(reply(gzip.compress(b" " * 50_000_000), headers={"content-encoding": "gzip"}))
    with pytest.raises(UnexpectedShape, match="larger than 100,000 bytes"):
        opened.get(HOME + "/")


def test_an_answer_that_does_not_unpack_is_an_unexpected_shape(platform: Any, session: Any, reply: Any) -> None:
    """Said to be gzip and is not."""
    platform.answers(reply(b"no gzip", headers={"content-encoding": "gzip"}))
    with pytest.raises(UnexpectedShape):
        session().get(HOME + "/")


def test_a_redirect_that_does_not_unpack_is_an_unexpected_shape(platform: Any, session: Any, reply: Any) -> None:
    """A redirect's body is unpacked before anybody looks at it, and may be no brotli either."""
    odd = {"content-encoding": "br", "location": "/elsewhere"}
    platform.answers(reply(b"no brotli", status=302, headers=odd))
    with pytest.raises(UnexpectedShape):
        session().get(HOME + "/")


def test_a_wait_beyond_every_calendar_is_no_moment() -> None:
    """A platform that names an absurd wait is rate limiting all the same; it only does not say until when."""
    answer = Answer(429, {"date": "Mon, 05 Oct 2026 12:00:00 GMT"}, b"")
    assert answer.after(60 * 10**20) is None
    assert answer.after(60) is not None


def test_a_refused_answer_is_not_the_last(platform: Any, session: Any) -> None:
    """`last` is what a parser may read."""

    def check(answer: Answer) -> None:
        if answer.value != {"good": 1}:
            raise UnexpectedShape("no")

    platform.answers({"good": 1}, {"bad": 1})
    opened = session(check)
    opened.get(HOME + "/")
    with pytest.raises(UnexpectedShape):
        opened.get(HOME + "/")
    assert opened.last is not None
    assert {"good": 1} == opened.last.value


def test_the_sdk_sees_the_body_once_more(platform: Any, session: Any) -> None:
    """After our reading the SDK still finds content and JSON."""
    platform.answers({"a": "é"})
    response = session().get(HOME + "/")
    assert isinstance(response, requests.Response)
    assert ({"a": "é"}, "application/json") == (response.json(), response.headers["content-type"])


def test_a_proxy_is_not_asked_for_a_loopback_server(
    platform: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which proxy applies is decided for where the request really goes."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    platform.answers({})
    assert 200 == session(attempts="1").get(HOME + "/").status_code


SECRET = "tok/en+with|odd=chars"  # an invented token


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET.replace("/", "\\/"),
    ],
)
def test_secrets_are_cut_in_every_form(form: str) -> None:
    """Plain, URL-encoded, base64 and as JSON writes slashes."""
    assert "a [cut] b" == scrub(f"a {form} b", [SECRET])
    assert b"a [cut] b" == scrub_bytes(f"a {form} b".encode(), [SECRET])


def test_one_secret_of_thousands_is_cut_in_every_form() -> None:
    """A connection may hold a token for each Page; they begin alike, and one may be the beginning of another."""
    tokens = [f"EAAB/invented+{number:04d}/" + "x" * (number % 40) for number in range(2000)] + ["tiny-tok", SECRET]
    forms = [
        tokens[7],
        quote(tokens[99], safe=""),
        base64.b64encode(tokens[1234].encode()).decode(),
        "tiny-tok",
        SECRET,
    ]
    body = " and ".join(f"<{form}>" for form in forms)
    assert " and ".join(["<[cut]>"] * len(forms)).encode() == scrub_bytes(body.encode(), tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/?access_token=T123&after=x", "https://a.example/?access_token=[cut]&after=x"),
        ("url: /v26.0/?appsecret_proof=ab12 (Caused", "url: /v26.0/?appsecret_proof=[cut] (Caused"),
        ("next=https%3A%2F%2Fa%3Faccess_token%3DT123", "next=https%3A%2F%2Fa%3Faccess_token%3D[cut]"),
        ("our access_token is kept in a vault", "our access_token is kept in a vault"),
    ],
)
def test_tokens_in_urls_are_cut_unknown_ones_too(text: str, expected: str) -> None:
    """In messages, whoever's token it is. Words about tokens are no tokens."""
    assert expected == scrub(text)


def test_bytes_without_a_secret_are_untouched() -> None:
    """Evidence is not edited: neither invalid UTF-8, nor somebody's link, nor by a secret as short as a word."""
    body = b'\xff {"text":"see https://a.example/?access_token=T123, page"}'
    assert body == scrub_bytes(body, [SECRET, "page", ""])


def test_talkative_loggers_are_kept_quiet() -> None:
    """At DEBUG tweepy prints the token, urllib3 the query, whatever the root logger is set to."""
    for name in ("tweepy", "tweepy.client", "urllib3", "urllib3.connectionpool", "requests_oauthlib", "oauthlib"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.INFO


@pytest.mark.parametrize(
    "base_url", ["127.0.0.1:8900", "ftp://a.example", "https://", "https://user:pw@a.example", "https://a.example?x=1"]
)
@pytest.mark.parametrize("name", ["x", "facebook_page"])
def test_an_address_that_is_none_is_refused_at_once(name: str, base_url: str) -> None:
    """Before a run, in one line."""
    with pytest.raises(UserError, match=r"connection c: base_url is no web address; write https://host\[:port\]"):
        open_connector(Connection(id="c", platform=name, base_url=base_url))


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "soon"])
def test_a_patience_that_is_none_is_refused_at_once(value: str) -> None:
    """A timeout of nothing or for ever cannot be meant."""
    with pytest.raises(UserError, match="option timeout_seconds is no positive number"):
        open_connector(Connection(id="c", platform="x", options={"timeout_seconds": value}))
