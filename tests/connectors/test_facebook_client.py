"""The Facebook Page connector against a real HTTP server: paging, batches, fields, errors, secrets."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from chapterwatch import errors
from chapterwatch.model import Page
from connectors.base import open_connector

DATE = {"date": "Mon, 02 Nov 2026 02:00:00 GMT"}


def post(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"10_{number}", "message": f"Post {number}", "created_time": "2026-10-05T12:00:00+0000"} | fields


def page(*numbers: int, after: str | None = None) -> dict[str, Any]:
    paging = {"cursors": {"after": after}, "next": f"https://graph.facebook.com/v26.0/x?access_token=T&after={after}"}
    return {"data": [post(number) for number in numbers]} | ({"paging": paging} if after else {})


def fault(code: int, subcode: int | None = None, message: str = "", **fields: Any) -> dict[str, Any]:
    error = {"message": message or f"(#{code}) said so", "type": "OAuthException", "code": code} | fields
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


def with_photo(number: int, photo: str) -> dict[str, Any]:
    attachment = {"type": "photo", "media_type": "photo", "media": {"image": {"src": "https://a.example/1.jpg"}}}
    return post(number, attachments={"data": [attachment | {"target": {"id": photo}}]})


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("facebook_page", "10")


@pytest.fixture
def opened(connection: Callable[..., Any]) -> Callable[..., Any]:
    def make(secrets: dict[str, str] | None = None, **options: str) -> Any:
        return open_connector(connection("facebook_page", secrets=secrets, **options))

    return make


@pytest.fixture
def pages(opened: Any, lakeside: Any, window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, secrets: dict[str, str] | None = None, **options: str) -> list[Page]:
        return list(opened(secrets, **options).pages(lakeside, window, cursor))

    return read


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id for one in page.posts] for page in found]


def test_pages_are_read_to_the_end(platform: Any, pages: Any, canary: str) -> None:
    """The version, window, fields and token of each request, and our own pager by `after`."""
    platform.answers(page(3, 2, after="a1"), page(1))
    found = pages()
    assert [["10_3", "10_2"], ["10_1"]] == ids(found)
    assert ["a1", None] == [one.cursor for one in found]
    assert [0, 0] == [one.reads for one in found]
    first, second = platform.asked
    assert "/v26.0/10/published_posts" == first.path
    assert ("1790812800", "1793491200", "50") == (first.query["since"], first.query["until"], first.query["limit"])
    assert "attachments{" in first.query["fields"]
    assert (f"Bearer {canary}", "a1") == (first.headers["Authorization"], second.query["after"])
    assert "access_token" not in first.query | second.query


def test_the_version_is_an_option(platform: Any, pages: Any) -> None:
    """Meta retires a version every few months."""
    platform.answers(page())
    pages(graph_version="v27.0")
    assert "/v27.0/10/published_posts" == platform.asked[0].path


def test_the_token_may_go_in_the_query(platform: Any, pages: Any, canary: str) -> None:
    """Should Graph refuse the header; then it is in each request's query and nowhere else."""
    platform.answers(page(1))
    pages(token_in_query="true")
    assert canary == platform.asked[0].query["access_token"]
    assert "Authorization" not in platform.asked[0].headers


def test_the_app_secret_proves_each_request(platform: Any, pages: Any) -> None:
    """appsecret_proof is the HMAC of the token; the secret itself stays here."""
    platform.answers({"data": [with_photo(1, "77")]}, [{"code": 200, "body": "{}"}])
    pages(secrets={"page_token": "token-of-page", "app_secret": "secret-of-app"})
    proof = hmac.new(b"secret-of-app", b"token-of-page", hashlib.sha256).hexdigest()
    assert [proof, proof] == [one.query["appsecret_proof"] for one in platform.asked]


def test_a_pages_own_token_wins(platform: Any, opened: Any, account: Any) -> None:
    """One connection, a token for each Page."""
    platform.answers({"id": "10", "name": "Lakeside"})
    connector = opened({"page_token": "shared-token", "page_token:10": "own-token"})
    connector.profile(account("facebook_page", "10"))
    connector.profile(account("facebook_page", "11"))
    assert ["Bearer own-token", "Bearer shared-token"] == [one.headers["Authorization"] for one in platform.asked]


def test_a_missing_token_is_said_before_any_request(platform: Any, opened: Any, lakeside: Any) -> None:
    """Not configured is another thing than refused."""
    with pytest.raises(
        errors.CredentialsMissing, match="facebook_page:10: connection facebook_page_demo has no page_token"
    ):
        opened({"app_secret": "x"}).profile(lakeside)
    assert [] == platform.asked


def test_an_empty_page_in_between_is_no_end(platform: Any, pages: Any) -> None:
    """Graph leaves out what the token may not see and still has more."""
    platform.answers(page(3, after="a1"), page(after="a2"), page(1))
    assert [["10_3"], [], ["10_1"]] == ids(pages())


def test_a_repeated_cursor_ends_the_listing_as_capped(platform: Any, pages: Any) -> None:
    """The same cursor again would go on for ever."""
    platform.answers(page(1, after="same"))
    found = pages()
    assert ([False, True], None, 2) == ([one.capped for one in found], found[-1].cursor, len(platform.asked))


def test_time_based_paging_is_followed(platform: Any, pages: Any) -> None:
    """Some edges page by time; the place in `next` is asked for, its token is not."""
    following = "https://graph.facebook.com/v26.0/10/published_posts?access_token=T&until=179&__paging_token=p&limit=50"
    platform.answers({"data": [post(2)], "paging": {"next": following}}, page(1))
    found = pages()
    assert [["10_2"], ["10_1"]] == ids(found)
    assert ("179", "p") == (platform.asked[1].query["until"], platform.asked[1].query["__paging_token"])


def test_a_next_page_nobody_can_ask_for_is_no_end(platform: Any, opened: Any, lakeside: Any, window: Any) -> None:
    """What the page showed is kept, and then it is said that the list goes on: it never reads as the whole."""
    platform.answers(page(2) | {"paging": {"next": "further on"}})
    read = opened().pages(lakeside, window)
    assert ["10_2"] == [one.native_id for one in next(read).posts]
    with pytest.raises(errors.UnexpectedShape, match="names a next page"):
        next(read)


def test_a_stale_cursor_restarts_the_window(platform: Any, pages: Any, reply: Any) -> None:
    """Reading the window again finds what the cursor would have led to; no field is given up for it."""
    platform.answers(reply(fault(100, message="(#100) Invalid parameter"), status=400), page(1))
    (found,) = pages("old")
    assert "refused, restarted" == found.http["cursor"]
    assert "dropped" not in found.http
    assert "after" not in platform.asked[1].query


def test_refused_fields_are_given_up_by_group(platform: Any, pages: Any, reply: Any) -> None:
    """(#100) costs the optional group it names, the page says so, and the next page does not ask again."""

    def answer(asked: Any) -> Any:
        if "attachments" in asked.query["fields"]:
            message = "(#100) Tried accessing nonexisting field (attachments) on node type (PagePost)"
            return reply(fault(100, message=message), status=400)
        return page(1) if "after" in asked.query else page(2, after="a1")

    platform.answers(answer)
    found = pages()
    assert [["10_2"], ["10_1"]] == ids(found)
    assert ["post.attachments"] * 2 == [one.http["dropped"] for one in found]
    assert 3 == len(platform.asked)
    assert "is_hidden" in platform.asked[1].query["fields"]


def test_a_refusal_of_everything_ends(platform: Any, pages: Any, reply: Any) -> None:
    """With only the base fields left there is nothing to give up."""
    platform.answers(reply(fault(100, message="(#100) Invalid parameter"), status=400))
    with pytest.raises(errors.UnexpectedShape):
        pages()
    assert 4 == len(platform.asked)


def test_alt_texts_come_by_a_batch(platform: Any, pages: Any) -> None:
    """Attachments have no alt text, photo nodes do; a null in the batch costs one alt text."""
    body = '{"id":"77","alt_text_custom":"A desk"}'
    platform.answers(
        {"data": [with_photo(1, "77"), with_photo(2, "78")]},
        [{"code": 200, "headers": [], "body": body}, None],
    )
    (found,) = pages()
    assert ["A desk", None] == [one.media[0].alt_text for one in found.posts]
    assert "not read for 1 pictures" == found.http["alt_text"]
    assert body.encode() in found.posts[0].raw
    batch = json.loads(platform.asked[1].form["batch"])
    assert ["v26.0/77?fields=id,alt_text,alt_text_custom", "v26.0/78?fields=id,alt_text,alt_text_custom"] == [
        one["relative_url"] for one in batch
    ]


def test_an_alt_text_that_is_none_costs_nothing(platform: Any, pages: Any) -> None:
    """A list where a photo node should stand."""
    platform.answers({"data": [with_photo(1, "77")]}, [{"code": 200, "headers": [], "body": "[]"}])
    assert ["10_1"] == [one.native_id for one in pages()[0].posts]


@pytest.mark.parametrize("status", [403, 503])
def test_without_alt_texts_the_posts_are_kept(platform: Any, pages: Any, reply: Any, status: int) -> None:
    """The second call is an extra; its failure is noted, not fatal."""
    platform.answers({"data": [with_photo(1, "77")]}, reply(b"", status=status))
    (found,) = pages()
    assert (["10_1"], None) == ([one.native_id for one in found.posts], found.posts[0].media[0].alt_text)
    assert found.http["alt_text"].startswith("not read: ")


def test_looking_up_says_for_each_id_what_became_of_it(platform: Any, opened: Any, lakeside: Any) -> None:
    """There, gone, never there, not allowed, timed out, unreadable: each its own fact, in one batch."""
    items = [
        (200, post(1)),
        (404, fault(100, 33, "Unsupported get request. Object with ID '10_2' does not exist")),
        (400, fault(803)),
        (403, fault(10)),
        None,
        (200, {"id": "10_6"}),
    ]
    platform.answers([item and {"code": item[0], "body": json.dumps(item[1])} for item in items])
    found = opened().look_up(lakeside, [f"10_{number}" for number in range(1, 7)])
    assert ["10_1"] == [one.native_id for one in found.posts]
    assert [("10_2", "gone"), ("10_3", "gone"), ("10_4", "cannot_tell"), ("10_5", "cannot_tell")] == [
        (one.native_id, one.certainty) for one in found.missing
    ]
    assert ["facebook_page post 10_6"] == [one.where for one in found.quarantined]
    assert json.dumps(post(1)).encode() == found.posts[0].raw


def test_looking_up_a_batch_at_a_time(platform: Any, opened: Any, lakeside: Any) -> None:
    """Graph takes 50 requests in a batch."""

    def answer(asked: Any) -> Any:
        urls = [one["relative_url"] for one in json.loads(asked.form["batch"])]
        return [{"code": 200, "body": json.dumps(post(int(url.split("_")[1].split("?")[0])))} for url in urls]

    platform.answers(answer)
    found = opened().look_up(lakeside, [f"10_{number}" for number in range(120)])
    assert (120, 3) == (len(found.posts), len(platform.asked))


def test_looking_up_without_batches(platform: Any, opened: Any, lakeside: Any, reply: Any) -> None:
    """A stand-in for Graph that knows no batches is asked one by one."""

    def answer(asked: Any) -> Any:
        if asked.method == "POST":
            return reply(b"<html>no such page</html>", status=404)
        return post(1) if asked.path.endswith("10_1") else reply(fault(100, 33), status=400)

    platform.answers(answer)
    found = opened().look_up(lakeside, ["10_1", "10_2"])
    assert (["10_1"], ["10_2"]) == ([one.native_id for one in found.posts], [one.native_id for one in found.missing])


@pytest.mark.parametrize(
    ("item", "expected"),
    [(fault(190, 463), errors.CredentialsRejected), (fault(4), errors.RateLimited)],
)
def test_a_dead_token_or_a_limit_in_a_batch_is_everybodys(
    platform: Any, opened: Any, lakeside: Any, item: Any, expected: type[Exception]
) -> None:
    """Else a dead token would make every post look unshowable."""
    platform.answers([{"code": 400, "body": json.dumps(item)}])
    with pytest.raises(expected):
        opened().look_up(lakeside, ["10_1"])


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, fault(190, 463), errors.CredentialsRejected),
        (200, fault(190, 460), errors.CredentialsRejected),
        (500, fault(190), errors.CredentialsRejected),
        (401, b"", errors.CredentialsRejected),
        (400, fault(10), errors.CredentialsRejected),
        (403, fault(200), errors.CredentialsRejected),
        (400, fault(299), errors.CredentialsRejected),
        (400, fault(368), errors.CredentialsRejected),
        (
            400,
            fault(100, message="(#100) This endpoint requires the 'pages_read_engagement' permission"),
            errors.CredentialsRejected,
        ),
        (400, fault(100, 33), errors.AccountGone),
        (404, fault(803), errors.AccountGone),
        (400, fault(4), errors.RateLimited),
        (400, fault(80001), errors.RateLimited),
        (429, b"", errors.RateLimited),
        (400, fault(2), errors.Unreachable),
        (400, fault(1), errors.Unreachable),
        (500, fault(2, is_transient=True), errors.Unreachable),
        (500, {"data": []}, errors.Unreachable),
        (503, b"<html>", errors.Unreachable),
        (404, b"<html>", errors.UnexpectedShape),
        (302, b"", errors.UnexpectedShape),
        (400, fault(999999), errors.UnexpectedShape),
        (200, {"error": "odd"}, errors.UnexpectedShape),
        (200, {"error": {}}, errors.UnexpectedShape),
        (200, b"true", errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, b"<html>welcome</html>", errors.UnexpectedShape),
        (200, b'{"data":[{"id":"1"', errors.UnexpectedShape),
        (200, b'{"data":[],"data":[]}', errors.UnexpectedShape),
        (200, {"paging": {}}, errors.UnexpectedShape),
        (200, [], errors.UnexpectedShape),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception]
) -> None:
    """The error's own code first, then the status, which facebook-sdk never looks at."""
    platform.answers(reply(body, status=status))
    with pytest.raises(errors.ConnectorError) as raised:
        pages()
    assert isinstance(raised.value, expected)


@pytest.mark.parametrize("content_type", ["text/javascript; charset=UTF-8", "", "text/html"])
def test_the_content_type_decides_nothing(platform: Any, pages: Any, reply: Any, content_type: str) -> None:
    """facebook-sdk chokes on all but one of them; JSON is what reads as JSON."""
    platform.answers(reply(page(1), headers={"content-type": content_type}))
    assert [["10_1"]] == ids(pages())


def test_a_temporary_fault_is_tried_again(platform: Any, pages: Any, reply: Any) -> None:
    """Graph says temporary with 400 as with 500; attempts are counted once, not squared."""
    platform.answers(reply(fault(2), status=400), reply(fault(1, is_transient=True), status=500), page(1))
    assert [["10_1"]] == ids(pages())
    platform.asked.clear()
    platform.answers(reply(fault(2), status=500))
    with pytest.raises(errors.Unreachable):
        pages(attempts="2")
    assert 2 == len(platform.asked)


@pytest.mark.parametrize(
    ("headers", "resets_at"),
    [
        (
            {"x-business-use-case-usage": '{"10":[{"type":"pages","estimated_time_to_regain_access":15}]}'},
            datetime(2026, 11, 2, 2, 15, tzinfo=UTC),
        ),
        ({"x-business-use-case-usage": '{"10":[{"estimated_time_to_regain_access":0}]}'}, None),
        ({"x-business-use-case-usage": "garbage"}, None),
        ({"x-business-use-case-usage": "[1]"}, None),
        ({}, None),
    ],
)
def test_a_throttle_says_until_when_or_does_not(
    platform: Any, pages: Any, reply: Any, headers: dict[str, str], resets_at: datetime | None
) -> None:
    """Minutes, counted from the answer's own date; one request and no sleeping."""
    platform.answers(reply(fault(80001), status=400, headers=headers | DATE))
    with pytest.raises(errors.RateLimited) as raised:
        pages()
    assert (resets_at, 1) == (raised.value.resets_at, len(platform.asked))


def test_the_token_appears_nowhere(
    platform: Any, pages: Any, reply: Any, canary: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Even with the token in the query: not in logs, exceptions or what is kept, though paging.next carries it."""
    caplog.set_level(logging.DEBUG)
    encoded = quote(canary, safe="")
    following = f"https://graph.facebook.com/v26.0/x?access_token={encoded}&after=a1"
    inner = {"data": [], "paging": {"next": following}}
    platform.answers({"data": [post(1, comments=inner, story=canary)], "paging": {"next": following}}, page())
    found = pages(token_in_query="true")
    # urllib3 warns of each repetition with the whole URL.
    platform.answers(reply(b"", delay=1.0))
    with pytest.raises(errors.Unreachable) as raised:
        pages(token_in_query="true", attempts="2", timeout_seconds="0.2")
    kept = found[0].posts[0].raw.decode() + str(found[0].http) + str([one.cursor for one in found])
    said = str(raised.value) + repr(raised.value) + caplog.text
    assert [] == [form for form in (canary, encoded) if form in kept + said]


def test_error_envelopes_have_our_class(platform: Any, pages: Any, reply: Any, hostile: Path) -> None:
    """Recorded Graph error envelopes: retry is a passing error, auth is a refused token, a bug is a shape."""
    wrong = []
    for line in (hostile / "graph-error-shapes" / "errors.jsonl").read_text().splitlines():
        case = json.loads(line)
        platform.answers(reply(case["body"], status=case["status"], headers=case.get("headers", {})))
        with pytest.raises(errors.ConnectorError) as raised:
            pages(attempts="1")
        kinds = {errors.CredentialsRejected: "auth", errors.UnexpectedShape: "bug"}
        ours = (
            "retry" if raised.value.passing else next((k for t, k in kinds.items() if isinstance(raised.value, t)), "?")
        )
        if ours != case["class"]:
            wrong.append((case, raised.value))
    assert [] == wrong


def test_a_permission_error_without_a_subcode_is_no_deleted_page(
    platform: Any, pages: Any, reply: Any, payloads: Path
) -> None:
    """Graph says "does not exist" of what the token may not see; the permission it names decides."""
    body = (payloads / "sns-sdks__python-facebook" / "testdata" / "base" / "error_data.json").read_bytes()
    platform.answers(reply(body, status=400))
    with pytest.raises(errors.CredentialsRejected):
        pages()


def test_recorded_pages_are_read_over_http(platform: Any, pages: Any, reply: Any, payloads: Path) -> None:
    """Two recorded pages served again through the production path."""
    folder = payloads / "sns-sdks__python-facebook" / "testdata" / "base"
    bodies = [(folder / f"full_connecions_{name}.json").read_bytes() for name in ("p1", "p2")]
    platform.answers(*map(reply, bodies))
    found = pages()
    assert [len(json.loads(body)["data"]) for body in bodies][: len(found)] == [len(one.posts) for one in found]
    assert sum(len(one.posts) for one in found) > 0


def test_a_profile(platform: Any, opened: Any, lakeside: Any, reply: Any) -> None:
    """Fields Graph no longer knows cost their group, not the profile."""

    def answer(asked: Any) -> Any:
        if "mission" in asked.query["fields"]:
            return reply(fault(100, message="(#100) Tried accessing nonexisting field (mission)"), status=400)
        return {"id": "10", "name": "Lakeside", "about": "Us"}

    platform.answers(answer)
    reading = opened().profile(lakeside)
    assert ("Lakeside", "Us") == (reading.name, reading.bio)
    assert "picture.type(large){url}" in platform.asked[-1].query["fields"]
