"""The X connector against a real HTTP server: paging, limits, errors, words, secrets."""

from __future__ import annotations

import base64
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
NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"
OLD_WORDS_REFUSED = {
    "errors": [{"message": "The `tweet.fields` query parameter value [note_tweet] is not one of [note_post]"}],
    "title": "Invalid Request",
    "type": "https://api.twitter.com/2/problems/invalid-request",
}


def post(number: int, created: str = "2026-10-05T12:00:00Z", **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "text": f"Post {number}", "created_at": created} | fields


def page(*numbers: int, next_token: str | None = None) -> dict[str, Any]:
    meta = {"result_count": len(numbers)} | ({"next_token": next_token} if next_token else {})
    return {"data": [post(number) for number in numbers], "meta": meta}


@pytest.fixture
def pages(connection: Callable[..., Any], account: Callable[..., Any], window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, max_reads: int | None = None, **options: str) -> list[Page]:
        connector = open_connector(connection(**options), max_reads=max_reads)
        return list(connector.pages(account(), window, cursor))

    return read


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id for one in page.posts] for page in found]


def test_pages_are_read_to_the_end(platform: Any, pages: Any, canary: str) -> None:
    """Each page names where the next one starts; the last names nothing. The question carries window and token."""
    platform.answers(page(5, 4, next_token="t1"), page(3, 2, next_token="t2"), page(1))
    found = pages()
    assert [["5", "4"], ["3", "2"], ["1"]] == ids(found)
    assert ["t1 2", "t2 4", None] == [one.cursor for one in found]
    assert [2, 2, 1] == [one.reads for one in found]
    assert [False] * 3 == [one.capped for one in found]
    first, second, _ = platform.asked
    assert "/2/users/2001/tweets" == first.path
    assert ("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z") == (first.query["start_time"], first.query["end_time"])
    assert "100" == first.query["max_results"]
    assert "t1" == second.query["pagination_token"]
    assert f"Bearer {canary}" == first.headers["Authorization"]


def test_reading_resumes_at_a_cursor(platform: Any, pages: Any) -> None:
    """A run that broke off goes on where the last stored page pointed."""
    platform.answers(page(1))
    assert [["1"]] == ids(pages("t7"))
    assert "t7" == platform.asked[0].query["pagination_token"]


@pytest.mark.parametrize("meta", [{"next_token": 7}, {"next_token": ["b"]}, [{"next_token": "b"}], "more"])
def test_a_next_page_nobody_can_ask_for_is_no_end(
    platform: Any, connection: Any, account: Any, window: Any, meta: Any
) -> None:
    """What the page showed is kept, and then it is said that there is more: it never reads as the whole."""
    platform.answers(page(1) | {"meta": meta})
    read = open_connector(connection()).pages(account(), window)
    assert ["1"] == [one.native_id for one in next(read).posts]
    with pytest.raises(errors.UnexpectedShape, match="names a next page"):
        next(read)


def test_a_page_read_before_a_failure_is_kept(
    platform: Any, connection: Any, account: Any, window: Any, reply: Any
) -> None:
    """Pages come as they are read, so what came before an outage is not lost with it."""
    platform.answers(page(5, next_token="t1"), reply(b"", status=503))
    stream = open_connector(connection()).pages(account(), window)
    assert "t1 1" == next(stream).cursor
    with pytest.raises(errors.Unreachable):
        next(stream)


def test_a_stale_cursor_restarts_the_window(platform: Any, pages: Any, reply: Any) -> None:
    """X forgets tokens; reading the window again finds what the token would have led to."""
    stale = {"errors": [{"message": "The `pagination_token` query parameter value [old] is not valid"}]}
    platform.answers(reply(stale, status=400), page(1))
    (found,) = pages("old")
    assert "pagination_token" == found.http["dropped"]
    assert "pagination_token" not in platform.asked[1].query


def test_a_window_ending_in_the_future_is_asked_without_its_end(platform: Any, pages: Any, reply: Any) -> None:
    """X refuses an end_time it has not reached; the posts of the window come all the same."""
    future = {"errors": [{"message": "Invalid 'end_time'. 'end_time' must be a minimum of 10 seconds prior"}]}
    platform.answers(reply(future, status=400), page(2, next_token="t"), page(1))
    found = pages()
    assert [["2"], ["1"]] == ids(found)
    assert "end_time" == found[0].http["dropped"]
    assert "end_time" not in platform.asked[1].query


@pytest.mark.parametrize("answer", [{"meta": {"result_count": 0}}, {"data": [], "meta": {"result_count": 0}}])
def test_no_posts_is_an_empty_page(platform: Any, pages: Any, answer: Any) -> None:
    """The near-miss of every error below: X says in so many words that there are none."""
    platform.answers(answer)
    assert [[]] == ids(pages())


def test_a_repeated_token_ends_the_listing_as_capped(platform: Any, pages: Any) -> None:
    """A mock, or a fault, that sends the same token for ever costs two requests, and the gap is said."""
    platform.answers(page(5, 4, next_token="same"))
    found = pages()
    assert [False, True] == [one.capped for one in found]
    assert found[-1].cursor is None
    assert 2 == len(platform.asked)


def test_our_page_cap_is_a_cap_one_can_resume_from(platform: Any, pages: Any) -> None:
    """A listing cut by us says so and where it goes on."""
    counter = iter(range(100, 0, -1))
    platform.answers(lambda _: page(number := next(counter), next_token=f"t{number}"))
    found = pages(max_pages="3")
    assert [False, False, True] == [one.capped for one in found]
    assert "t98 3" == found[-1].cursor


def test_the_newest_3200_are_a_cap(platform: Any, pages: Any) -> None:
    """X lists no more than 3,200 posts and then stops as if there were none: that is not the window's end."""
    tokens = [*(f"t{number}" for number in range(31)), None]
    platform.answers(*[page(*range(100 * at, 100 * at + 100), next_token=token) for at, token in enumerate(tokens)])
    found = pages()
    assert [False] * 31 + [True] == [one.capped for one in found]


@pytest.mark.parametrize(("cursor", "capped"), [("t30 3100", True), ("t30 3099", False), ("t30", False)])
def test_the_newest_3200_are_counted_over_a_listing_that_is_gone_on_with(
    platform: Any, pages: Any, cursor: str, *, capped: bool
) -> None:
    """X counts from the newest post, not from where a run that broke off goes on."""
    platform.answers(page(*range(100)))
    assert [capped] == [one.capped for one in pages(cursor)]
    assert "t30" == platform.asked[0].query["pagination_token"]


def test_a_listing_begun_anew_is_counted_anew(platform: Any, pages: Any, reply: Any) -> None:
    """X forgot the token: what it shows then is the newest post, and what was listed before is listed again."""
    stale = {"errors": [{"message": "The `pagination_token` query parameter value [old] is not valid"}]}
    platform.answers(reply(stale, status=400), page(*range(100), next_token="t1"), page(1))
    found = pages("old 3150")
    assert [("t1 100", False), (None, False)] == [(one.cursor, one.capped) for one in found]


def test_a_server_that_ignores_the_window_is_left_when_it_is_passed(platform: Any, pages: Any) -> None:
    """Posts older than the window end the listing; it is complete, not capped."""
    old = {"data": [post(1, "2026-08-01T00:00:00Z")], "meta": {"next_token": "t2"}}
    platform.answers(page(5, next_token="t1"), old, page(0, next_token="t3"))
    found = pages()
    assert (2, False, None) == (len(found), found[-1].capped, found[-1].cursor)


@pytest.mark.parametrize(
    ("words", "refusal", "status"),
    [
        ("post", OLD_WORDS_REFUSED, 400),
        ("post", {"validation": [{"message": "query parameter expansions[1] must be one of the allowed values"}]}, 422),
        ("post", {"code": 5, "message": "lorem ipsum"}, 422),
    ],
)
def test_refused_words_are_asked_again_in_the_others(
    platform: Any, pages: Any, reply: Any, words: str, refusal: Any, status: int
) -> None:
    """X renamed its fields: the other vocabulary is tried once and remembered for the rest of the session."""

    def answer(asked: Any) -> Any:
        if "post.fields" not in asked.query:
            return reply(refusal, status=status)
        return page(1) if "pagination_token" in asked.query else page(2, next_token="t1")

    platform.answers(answer)
    found = pages()
    assert [["2"], ["1"]] == ids(found)
    assert [words] * 2 == [one.http["vocabulary"] for one in found]
    assert 3 == len(platform.asked)
    assert "note_post" in platform.asked[1].query["post.fields"]
    assert "referenced_posts" in platform.asked[1].query["expansions"]


def test_both_vocabularies_refused_is_an_unexpected_shape(platform: Any, pages: Any, reply: Any) -> None:
    """Two attempts, then an error that no one takes for silence."""
    platform.answers(reply(OLD_WORDS_REFUSED, status=400))
    with pytest.raises(errors.UnexpectedShape):
        pages()
    assert 2 == len(platform.asked)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"title": "Unauthorized"}, errors.CredentialsRejected),
        (401, b"<html>no</html>", errors.CredentialsRejected),
        (402, {"title": "Payment Required"}, errors.QuotaSpent),
        (403, {"title": "Forbidden", "detail": "client-forbidden"}, errors.CredentialsRejected),
        (403, [1, 2], errors.CredentialsRejected),
        (403, {"errors": None}, errors.CredentialsRejected),
        (403, {"detail": "User has been suspended: [2001]."}, errors.AccountGone),
        (403, {"title": "Usage", "type": "https://api.x.com/2/problems/usage-capped"}, errors.QuotaSpent),
        (404, {"title": "Not Found Error", "type": NOT_FOUND}, errors.AccountGone),
        (404, b"<html>nothing here</html>", errors.UnexpectedShape),
        (404, {"title": "Not Found", "type": "about:blank"}, errors.UnexpectedShape),
        (400, {"title": "Invalid Request"}, errors.UnexpectedShape),
        (429, {"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}, errors.QuotaSpent),
        (429, {"title": "Too Many Requests"}, errors.RateLimited),
        (500, {"title": "Internal"}, errors.Unreachable),
        (503, b"", errors.Unreachable),
        (302, b"", errors.UnexpectedShape),
        (200, b"<!doctype html><title>hi</title>", errors.UnexpectedShape),
        (200, b'{"data":[{"id":"1","text":"a"', errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, b'{"data":[],"data":[]}', errors.UnexpectedShape),
        (200, b'{"data":[{"n":NaN}]}', errors.UnexpectedShape),
        (200, b"[" * 5000, errors.UnexpectedShape),
        (200, b"[]", errors.UnexpectedShape),
        (200, b"true", errors.UnexpectedShape),
        (200, {}, errors.UnexpectedShape),
        (200, {"data": {"deleted": True}}, errors.UnexpectedShape),
        (200, {"errors": [{"title": "Not Found Error", "type": NOT_FOUND, "parameter": "id"}]}, errors.AccountGone),
        (200, {"errors": [{"title": "Forbidden", "detail": "User has been suspended"}]}, errors.AccountGone),
        (
            200,
            {"errors": [{"type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}]},
            errors.AccountGone,
        ),
        (200, {"errors": [{"title": "Something else"}]}, errors.UnexpectedShape),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception]
) -> None:
    """No failure reads as "no posts", and none escapes as an SDK's, requests' or json's own exception."""
    platform.answers(reply(body, status=status, headers={"location": "http://127.0.0.1:1/"}))
    with pytest.raises(errors.ConnectorError) as raised:
        pages()
    assert expected is raised.type or (expected is errors.UnexpectedShape and isinstance(raised.value, expected))


@pytest.mark.parametrize(
    ("headers", "resets_at"),
    [
        ({"x-rate-limit-reset": "1793585700"} | DATE, datetime(2026, 11, 2, 2, 15, tzinfo=UTC)),
        ({"retry-after": "900"} | DATE, datetime(2026, 11, 2, 2, 15, tzinfo=UTC)),
        ({"x-rate-limit-reset": "1793584000"} | DATE, None),
        ({"x-rate-limit-reset": "soon"} | DATE, None),
        ({"x-rate-limit-reset": "-1"} | DATE, None),
        (DATE, None),
    ],
)
def test_a_rate_limit_says_until_when_or_does_not(
    platform: Any, pages: Any, reply: Any, headers: dict[str, str], resets_at: datetime | None
) -> None:
    """One request, no sleeping; a reset in the server's past or in no number is no promise."""
    platform.answers(lambda _: reply({}, status=429, headers=headers))
    with pytest.raises(errors.RateLimited) as raised:
        pages()
    assert resets_at == raised.value.resets_at
    assert 1 == len(platform.asked)


def test_a_passing_fault_is_tried_again(platform: Any, pages: Any, reply: Any) -> None:
    """Two 5xx and then an answer: nobody need know."""
    platform.answers(reply(b"", status=502), reply(b"oops", status=500), page(1))
    assert [["1"]] == ids(pages())


def test_a_lasting_fault_ends_after_the_attempts(platform: Any, pages: Any, reply: Any) -> None:
    """Attempts are counted, not minutes."""
    platform.answers(reply(b"", status=503))
    with pytest.raises(errors.Unreachable, match="x:2001: X answered 503"):
        pages(attempts="2")
    assert 2 == len(platform.asked)


@pytest.mark.parametrize("fault", [{"delay": 1.0}, {"short": True}, {"drip": 0.1}], ids=["slow", "cut off", "dripping"])
def test_no_answer_in_time_is_unreachable(platform: Any, pages: Any, reply: Any, fault: dict[str, Any]) -> None:
    """Silence, a broken connection and an endless drip all end, each as "no usable answer"."""
    platform.answers(reply(page(1), **fault))
    with pytest.raises(errors.Unreachable):
        pages(timeout_seconds="0.3", deadline_seconds="0.5", attempts="1")


def test_nobody_there_is_unreachable(account: Any, window: Any, connection: Any) -> None:
    """A refused connection."""
    there = connection(attempts="1")
    nowhere = type(there)(**(vars(there) | {"base_url": "http://127.0.0.1:1"}))
    with pytest.raises(errors.Unreachable, match=r"x:2001: 127\.0\.0\.1 gave no usable answer"):
        next(open_connector(nowhere).pages(account(), window))


def test_chunked_answers_are_read(platform: Any, pages: Any, reply: Any) -> None:
    """The near-miss of a cut-off answer: no length announced, all bytes there."""
    platform.answers(reply(page(1), chunked=True))
    assert [["1"]] == ids(pages())


def test_a_huge_answer_is_refused(platform: Any, pages: Any, reply: Any) -> None:
    """The body is limited while it is read, not after."""
    platform.answers(reply(b" " * 200_000))
    with pytest.raises(errors.UnexpectedShape, match="larger than 100,000 bytes"):
        pages(max_body_bytes="100000")


def test_the_spend_cap_shrinks_the_last_page_and_then_stops(platform: Any, pages: Any) -> None:
    """With 12 reads left no page of 100 is asked for; with less than X's smallest page left nothing is."""
    platform.answers(page(*range(10), next_token="t1"))
    with pytest.raises(errors.QuotaSpent, match="cap of 12 paid reads"):
        pages(max_reads=12)
    assert ["12"] == [one.query["max_results"] for one in platform.asked]


def test_an_exact_spend_cap_is_no_error(platform: Any, pages: Any) -> None:
    """The near-miss: the last page costs the last read."""
    platform.answers(page(*range(10)))
    assert 10 == pages(max_reads=10)[0].reads


def test_the_profile_counts_as_a_read(platform: Any, connection: Any, account: Any) -> None:
    """The profile costs one read of the cap, and with none left it is not asked for."""
    platform.answers({"data": {"id": "2001", "username": "ala_lakeside", "name": "Lakeside"}})
    connector = open_connector(connection(), max_reads=1)
    assert "Lakeside" == connector.profile(account()).name
    with pytest.raises(errors.QuotaSpent):
        connector.profile(account())
    assert ["/2/users/2001"] == [one.path for one in platform.asked]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"errors": [{"title": "Not Found Error", "type": NOT_FOUND}]}, errors.AccountGone),
        ({"errors": [{"title": "Forbidden", "detail": "User has been suspended"}]}, errors.AccountGone),
        ({"data": {"id": "2001", "name": "Lakeside"}}, errors.UnexpectedShape),
        ({"data": []}, errors.UnexpectedShape),
    ],
)
def test_a_profile_that_is_not_there(
    platform: Any, connection: Any, account: Any, body: Any, expected: type[Exception]
) -> None:
    """A suspended user is HTTP 200; a profile without its handle is no profile."""
    platform.answers(body)
    with pytest.raises(expected):
        open_connector(connection()).profile(account())


def test_looking_up_says_for_each_id_what_became_of_it(platform: Any, connection: Any, account: Any) -> None:
    """There, deleted, not shown, unreadable, not mentioned: five different facts."""
    platform.answers(
        {
            "data": [post(1), {"id": "4", "text": "no time"}],
            "errors": [
                {"resource_id": "2", "title": "Not Found Error", "type": NOT_FOUND},
                {"resource_id": "3", "type": "https://api.twitter.com/2/problems/not-authorized-for-resource"},
                {"resource_id": "99", "title": "Not Found Error", "type": NOT_FOUND},
            ],
        }
    )
    found = open_connector(connection()).look_up(account(), ["1", "2", "3", "4", "5"])
    assert ["1"] == [one.native_id for one in found.posts]
    assert [("2", "gone"), ("3", "cannot_tell"), ("5", "cannot_tell")] == [
        (one.native_id, one.certainty) for one in found.missing
    ]
    assert ["x post 4"] == [one.where for one in found.quarantined]
    assert "1,2,3,4,5" == platform.asked[0].query["ids"]


def test_a_post_nobody_asked_for_is_not_taken(platform: Any, connection: Any, account: Any) -> None:
    """Whose post it is nobody knows, so it must not end up with this account."""
    platform.answers({"data": [post(1), post(77)]})
    found = open_connector(connection()).look_up(account(), ["1"])
    assert (["1"], "1") == ([one.native_id for one in found.posts], found.http["unasked"])


def test_all_deleted_is_no_error(platform: Any, connection: Any, account: Any) -> None:
    """An answer of errors alone is an answer about posts."""
    platform.answers({"errors": [{"resource_id": "2", "title": "Not Found Error", "type": NOT_FOUND}]})
    found = open_connector(connection()).look_up(account(), ["2"])
    assert [("2", "gone")] == [(one.native_id, one.certainty) for one in found.missing]


def test_looking_up_a_hundred_at_a_time(platform: Any, connection: Any, account: Any) -> None:
    """X takes 100 ids; all end in one page."""
    platform.answers(lambda asked: {"data": [post(int(one)) for one in asked.query["ids"].split(",")]})
    found = open_connector(connection()).look_up(account(), [str(number) for number in range(1, 251)])
    assert (250, 250, 3) == (len(found.posts), found.reads, len(platform.asked))


def test_a_look_up_that_cannot_be_paid_is_not_begun(platform: Any, connection: Any, account: Any) -> None:
    """Half of it would be paid for and lost with the error."""
    with pytest.raises(errors.QuotaSpent):
        open_connector(connection(), max_reads=149).look_up(account(), [str(number) for number in range(150)])
    assert [] == platform.asked


def test_looking_up_an_edited_post_finds_its_present_text(platform: Any, connection: Any, account: Any) -> None:
    """Asked for the first id X shows the first version; the present one is asked for by the last id."""
    chain = {"edit_history_tweet_ids": ["1", "2"]}
    versions = {"1": post(1, **chain), "2": post(2, "2026-10-05T12:10:00Z", **chain)}
    platform.answers(lambda asked: {"data": [versions[asked.query["ids"]]]})
    found = open_connector(connection()).look_up(account(), ["1"])
    assert [("1", "Post 1", False), ("1", "Post 2", True)] == [
        (one.native_id, one.text, one.edited_at is not None) for one in found.posts
    ]
    assert () == found.missing


def test_a_present_text_that_cannot_be_paid_for_is_told(platform: Any, connection: Any, account: Any) -> None:
    """What was paid for is counted, and the old version is not given out as the present one."""
    platform.answers({"data": [post(1, edit_history_tweet_ids=["1", "2"])]})
    found = open_connector(connection(), max_reads=1).look_up(account(), ["1"])
    assert ((), [("1", "cannot_tell")]) == (found.posts, [(one.native_id, one.certainty) for one in found.missing])
    assert 1 == found.reads


def test_deleting_the_newest_version_deletes_the_post(platform: Any, connection: Any, account: Any) -> None:
    """The old version X still shows is not the post any more."""
    platform.answers(
        {"data": [post(1, edit_history_tweet_ids=["1", "2"])]},
        {"errors": [{"resource_id": "2", "title": "Not Found Error", "type": NOT_FOUND}]},
    )
    found = open_connector(connection()).look_up(account(), ["1"])
    assert ((), [("1", "gone")]) == (found.posts, [(one.native_id, one.certainty) for one in found.missing])


@pytest.mark.parametrize(
    "secrets", [{}, {"bearer_token": " "}, {"bearer_token": "two words"}, {"bearer_token": "a\nb"}]
)
def test_a_missing_token_is_said_before_any_request(
    platform: Any, connection: Any, account: Any, secrets: dict[str, str]
) -> None:
    """Not configured is another thing than refused, and nothing is sent."""
    with pytest.raises(errors.CredentialsMissing, match="x:2001: "):
        open_connector(connection(secrets=secrets)).profile(account())
    assert [] == platform.asked


def test_an_accounts_own_token_wins(platform: Any, connection: Any, account: Any) -> None:
    """One connection serves many accounts, some with tokens of their own."""
    platform.answers(page(1))
    connector = open_connector(connection(secrets={"bearer_token": "shared-token", "bearer_token:2001": "own-token"}))
    connector.look_up(account(), ["1"])
    connector.look_up(account(native_id="2002"), ["1"])
    assert ["Bearer own-token", "Bearer shared-token"] == [one.headers["Authorization"] for one in platform.asked]


def test_the_token_appears_nowhere(
    platform: Any, pages: Any, reply: Any, canary: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in logs at DEBUG, not in exceptions, not in what is kept, in none of its forms, even if X echoes it."""
    caplog.set_level(logging.DEBUG)
    forms = [canary, quote(canary, safe=""), base64.b64encode(canary.encode()).decode(), json.dumps(canary)[1:-1]]
    platform.answers({"data": [post(1, text=" ".join(forms))], "meta": {"result_count": 1}})
    (found,) = pages()
    platform.answers(reply({"title": canary, "detail": canary}, status=403))
    with pytest.raises(errors.CredentialsRejected) as raised:
        pages()
    kept = found.posts[0].raw.decode() + found.posts[0].text + str(found.http)
    said = str(raised.value) + repr(raised.value) + caplog.text
    assert [] == [form for form in forms if form in kept + said]
    assert "[cut] [cut] [cut] [cut]" == found.posts[0].text


def test_netrc_does_not_replace_the_token(
    platform: Any, pages: Any, canary: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A netrc entry for the host would take the place of the bearer token in requests."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    platform.answers(page(1))
    pages()
    assert f"Bearer {canary}" == platform.asked[0].headers["Authorization"]


def test_error_envelopes_have_our_class(platform: Any, pages: Any, reply: Any, hostile: Path) -> None:
    """X's recorded error envelopes: gone and suspended accounts, and a partial answer that is none of ours."""
    classes = {
        "account_gone": errors.AccountGone,
        "account_suspended": errors.AccountGone,
        "partial": errors.UnexpectedShape,
    }
    for line in (hostile / "graph-error-shapes" / "x_errors.jsonl").read_text().splitlines():
        case = json.loads(line)
        platform.answers(reply(case["body"], status=case["status"]))
        with pytest.raises(classes[case["class"]]):
            pages()


def test_recorded_rate_limit_headers_become_facts(platform: Any, pages: Any, reply: Any, payloads: Path) -> None:
    """A recorded answer with its real headers, served again: status and limits stand in the page's facts."""
    path = payloads / "tweepy__tweepy" / "decoded" / "test_client_get_users_tweets.0.json"
    recorded = json.loads(path.read_bytes())
    body = recorded["body"] | {"meta": {"result_count": 2}}
    platform.answers(reply(body, headers={k: v for k, v in recorded["headers"].items() if k.startswith("x-rate")}))
    (found,) = pages()
    assert ("200", "1498") == (found.http["status"], found.http["x-rate-limit-remaining"])
    assert 2 == len(found.quarantined)
