"""Wikipedia: what an account added, edit by edit, asked from a real HTTP server."""

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
from connectors.wikipedia import parse

USER = {"userid": 77, "name": "Lakeside Chapter"}
LEFT = '<td class="diff-marker" data-marker="-"></td><td class="diff-deletedline diff-side-deleted"><div>{0}</div></td>'
NO_LEFT = '<td colspan="2" class="diff-empty diff-side-deleted"></td>'
RIGHT = '<td class="diff-marker" data-marker="+"></td><td class="diff-addedline diff-side-added"><div>{0}</div></td>'
CONTEXT = '<td class="diff-marker"></td><td class="diff-context diff-side-deleted"><div>old</div></td>' * 2


def row(*cells: str) -> str:
    return f"<tr>{''.join(cells)}</tr>\n"


def compare(*rows: str) -> dict[str, Any]:
    return {"compare": {"fromrevid": 1, "torevid": 2, "body": "".join(rows)}}


def edit(number: int, **fields: Any) -> dict[str, Any]:
    values = {
        "userid": 77,
        "user": "Lakeside Chapter",
        "pageid": 5,
        "revid": number,
        "parentid": number - 1,
        "ns": 0,
        "title": "Lakeside",
        "timestamp": "2026-10-05T12:00:00Z",
        "comment": "/* History */ dates",
        "minor": False,
        "tags": [],
    }
    return values | fields


def contribs(*edits: dict[str, Any], more: str | None = None) -> dict[str, Any]:
    value: dict[str, Any] = {"batchcomplete": True, "query": {"usercontribs": list(edits)}}
    return value | ({"continue": {"uccontinue": more, "continue": "-||"}} if more else {})


ADDED = compare(row(NO_LEFT, RIGHT.format("Founded &amp; loved, see https://a.example/x.")))


class Wiki:
    """Answers by what is asked for; a test changes single answers."""

    def __init__(self) -> None:
        self.users: Any = {"query": {"users": [USER]}}
        self.contribs: list[Any] = [contribs(edit(12))]
        self.compare: Any = ADDED
        self.revisions: Any = {"query": {"pages": []}}
        self.log: Any = {"query": {"logevents": []}}

    def __call__(self, asked: Any) -> Any:
        """The answer to one request."""
        if asked.query["action"] == "compare":
            return self.compare
        if asked.query.get("list") == "usercontribs":
            return self.contribs.pop(0) if len(self.contribs) > 1 else self.contribs[0]
        if asked.query.get("list") == "users":
            return self.users(asked) if callable(self.users) else self.users
        return self.log if asked.query.get("list") == "logevents" else self.revisions


@pytest.fixture
def wiki(platform: Any) -> Wiki:
    made = Wiki()
    platform.answers(made)
    return made


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("wikipedia", "77", handle="Lakeside Chapter")


@pytest.fixture
def opened(connection: Callable[..., Any]) -> Callable[..., Any]:
    def make(secrets: dict[str, str] | None = None, **options: str) -> Any:
        return open_connector(connection("wikipedia", secrets=secrets or {}, **options))

    return make


@pytest.fixture
def pages(opened: Any, lakeside: Any, window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, **options: str) -> list[Page]:
        return list(opened(**options).pages(lakeside, window, cursor))

    return read


@pytest.mark.parametrize(
    ("rows", "added"),
    [
        ([row(CONTEXT)], ""),
        ([row(LEFT.format("gone"), '<td colspan="2" class="diff-empty diff-side-added"></td>')], ""),
        ([row(NO_LEFT, RIGHT.format("A new &lt;b&gt; line"))], "A new <b> line"),
        (
            [row(LEFT.format("We <del>is</del> old"), RIGHT.format('We <ins class="diffchange">are</ins> old'))],
            "are",
        ),
        ([row(NO_LEFT, RIGHT.format('<a class="mw-diff-movedpara-right" href="#x">&#9899;</a>Moved'))], ""),
        (
            [
                row(LEFT.format("Moved"), '<td colspan="2" class="diff-empty"></td>'),
                row(NO_LEFT, RIGHT.format("Moved")),
            ],
            "",
        ),
        ([row(NO_LEFT, RIGHT.format("One")), row(NO_LEFT, RIGHT.format("Two"))], "One\nTwo"),
    ],
)
def test_only_what_an_edit_added_is_its_text(rows: list[str], added: str) -> None:
    """What stood there before is somebody else's; what was taken away or moved was not written."""
    assert added == parse.added_text(json.dumps(compare(*rows)).encode())


@pytest.mark.usefixtures("wiki")
def test_an_edit_is_a_post_of_added_text_and_summary(platform: Any, pages: Any) -> None:
    """The section's name in the summary is the wiki's; links are those in what was added."""
    (page,) = pages(contact="ops@hq.example")
    (post,) = page.posts
    assert "Founded & loved, see https://a.example/x.\n\ndates" == post.text
    assert (("https://a.example/x",), "post", False) == (post.links, post.kind, post.hidden)
    assert (datetime(2026, 10, 5, 12, tzinfo=UTC), "12") == (post.created_at, post.native_id)
    assert "https://en.wikipedia.org/w/index.php?diff=12" == post.permalink
    assert json.dumps(edit(12)).encode() in post.raw
    user, listed, compared = platform.asked
    assert ("/w/api.php", "77") == (user.path, user.query["ususerids"])
    assert ("2026-11-01T00:00:00Z", "2026-10-01T00:00:00Z") == (listed.query["ucstart"], listed.query["ucend"])
    assert ("11", "12") == (compared.query["fromrev"], compared.query["torev"])
    assert "ops@hq.example" in listed.headers["User-Agent"]


def test_a_new_page_is_its_whole_text(wiki: Wiki, pages: Any) -> None:
    """There is nothing to compare a first revision with; a talk page is a comment."""
    wiki.contribs = [contribs(edit(12, parentid=0, ns=3, comment=""))]
    revision = {"revid": 12, "slots": {"main": {"content": "== Hi ==\nHello ~~~~"}}}
    wiki.revisions = {"query": {"pages": [{"revisions": [revision]}]}}
    (post,) = pages()[0].posts
    assert ("== Hi ==\nHello ~~~~", "comment") == (post.text, post.kind)


def test_hidden_texts_are_hidden_and_not_silent(wiki: Wiki, pages: Any) -> None:
    """An administrator hid text or summary: the post says so. A comparison that cannot be had is kept aside."""
    wiki.contribs = [contribs(edit(12, texthidden=True), edit(13, commenthidden=True), edit(14))]
    first, second = pages()[0].posts[:2]
    assert (True, "dates") == (first.hidden, first.text)
    assert (False, "Founded & loved, see https://a.example/x.") == (second.hidden, second.text)
    wiki.compare = {"error": {"code": "nosuchrevid", "info": "There is no revision with ID 13."}}
    assert ["its text or the one before it is not shown"] * 2 == [one.reason for one in pages()[0].quarantined]


def test_an_odd_edit_is_kept_aside(wiki: Wiki, pages: Any) -> None:
    """Anything may stand in the place of anything; the other edits are read."""
    wiki.contribs = [contribs(edit(12, parentid=[]), edit(13), edit(14, timestamp=5))]
    (page,) = pages()
    assert ["13"] == [post.native_id for post in page.posts]
    assert ["parentid is missing or no id", "timestamp is missing or no text"] == [
        one.reason for one in page.quarantined
    ]


def test_pages_are_read_to_the_end_and_resumed(platform: Any, wiki: Wiki, pages: Any) -> None:
    """Each page names where the next one starts; a run that broke off goes on there."""
    wiki.contribs = [contribs(edit(12), more="20261005|12"), contribs(edit(11))]
    found = pages()
    assert [["12"], ["11"]] == [[post.native_id for post in page.posts] for page in found]
    assert (["20261005|12", None], [False, False]) == ([one.cursor for one in found], [one.capped for one in found])
    pages("20261005|12")
    assert "20261005|12" == platform.asked[-2].query["uccontinue"]


def test_a_listing_that_goes_in_circles_is_capped(wiki: Wiki, pages: Any) -> None:
    """A repeated place costs two requests; our own page cap leaves a place to go on from."""
    wiki.contribs = [contribs(more="same")]
    assert [False, True] == [one.capped for one in pages()]
    counter = iter(range(100))
    wiki.contribs = [contribs(more=f"at{next(counter)}") for _ in range(5)]
    found = pages(max_pages="2")
    assert ([False, True], "at1") == ([one.capped for one in found], found[-1].cursor)


@pytest.mark.parametrize("place", [{"uccontinue": None}, {"continue": "-||"}, {"uccontinue": 7}, "more"])
def test_a_next_page_nobody_can_ask_for_is_no_end(
    wiki: Wiki, opened: Any, lakeside: Any, window: Any, place: Any
) -> None:
    """What the page showed is kept, and then it is said that there is more: it never reads as the whole."""
    wiki.contribs = [contribs(edit(12)) | {"continue": place}]
    read = opened().pages(lakeside, window)
    assert 1 == len(next(read).posts)
    with pytest.raises(errors.UnexpectedShape, match="names a next page"):
        next(read)


def test_no_edits_is_an_empty_page(wiki: Wiki, pages: Any) -> None:
    """The near-miss of every error below."""
    wiki.contribs = [contribs()]
    assert [()] == [one.posts for one in pages()]


def test_profile_is_the_user_page(wiki: Wiki, opened: Any, lakeside: Any) -> None:
    """An account without a user page has an empty bio, not an error."""
    content = {"revisions": [{"slots": {"main": {"content": "We run [[Lakeside]]."}}}]}
    wiki.revisions = {"query": {"pages": [content]}}
    profile = opened().profile(lakeside)
    assert ("77", "Lakeside Chapter", "We run [[Lakeside]].") == (profile.native_id, profile.handle, profile.bio)
    wiki.revisions = {"query": {"pages": [{"title": "User:Lakeside Chapter", "missing": True}]}}
    assert "" == opened().profile(lakeside).bio


def test_a_user_without_an_id_is_an_unexpected_shape(wiki: Wiki, opened: Any, lakeside: Any) -> None:
    """Some wikis hide it; without it nobody can ask for the edits."""
    wiki.users = {"query": {"users": [{"name": "Lakeside Chapter"}]}}
    with pytest.raises(errors.UnexpectedShape, match="userid is missing"):
        opened().profile(lakeside)


def test_blocked_and_renamed_accounts_are_said(wiki: Wiki, pages: Any) -> None:
    """Both are facts of the account, not reasons to call it gone."""
    wiki.users = {"query": {"users": [USER | {"name": "Lakeside Club", "blockid": 9, "blockedby": "Admin"}]}}
    assert "blocked,renamed" == pages()[0].http["account"]


def test_a_renamed_account_is_followed_by_its_log(wiki: Wiki, opened: Any, account: Any, window: Any) -> None:
    """Named by name, an account that was renamed is found under its new one; without a log entry it is gone."""
    missing = {"query": {"users": [{"name": "Old Name", "missing": True}]}}
    wiki.users = lambda asked: missing if asked.query["ususers"] == "Old Name" else {"query": {"users": [USER]}}
    named = account("wikipedia", "Old Name", handle="Old Name")
    with pytest.raises(errors.AccountGone):
        list(opened().pages(named, window))
    wiki.log = {"query": {"logevents": [{"params": {"olduser": "Old Name", "newuser": "Lakeside Chapter"}}]}}
    (page,) = opened().pages(named, window)
    assert ("renamed", ["12"]) == (page.http["account"], [post.native_id for post in page.posts])


def test_known_edits_are_looked_up_by_id(wiki: Wiki, opened: Any, lakeside: Any, pages: Any) -> None:
    """The same edit read either way is the same post; one that is gone with its page is gone."""
    (listed,) = pages()[0].posts
    record = {
        name: value for name, value in edit(12).items() if name not in {"ns", "title", "pageid", "user", "userid"}
    }
    hidden = record | {"revid": 13, "sha1hidden": True, "commenthidden": True}
    del hidden["comment"]
    wiki.revisions = {
        "query": {
            "badrevids": {"99": {"revid": 99, "missing": True}},
            "pages": [{"pageid": 5, "ns": 0, "title": "Lakeside", "revisions": [record, hidden]}],
        }
    }
    page = opened().look_up(lakeside, ["12", "13", "99", "98", "odd"])
    post, later = page.posts
    assert (True, "") == (later.hidden, later.text)
    assert (listed.content_hash, listed.native_id) == (post.content_hash, post.native_id)
    expected = [("99", "gone"), ("98", "cannot_tell"), ("odd", "cannot_tell")]
    assert expected == [(one.native_id, one.certainty) for one in page.missing]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"query": {"users": [{"userid": 77, "missing": True}]}}, errors.AccountGone),
        (200, {"error": {"code": "ratelimited", "info": "x"}}, errors.RateLimited),
        (200, {"error": {"code": "maxlag", "info": "x"}}, errors.RateLimited),
        (200, {"error": {"code": "readapidenied", "info": "x"}}, errors.CredentialsRejected),
        (200, {"error": {"code": "mwoauth-invalid-authorization", "info": "x"}}, errors.CredentialsRejected),
        (200, {"error": {"code": "internal_api_error_DBQueryError", "info": "x"}}, errors.Unreachable),
        (200, {"error": {"code": "badvalue", "info": "x"}}, errors.UnexpectedShape),
        (403, b"<html>", errors.CredentialsRejected),
        (404, b"<html>", errors.UnexpectedShape),
        (429, b"slow down", errors.RateLimited),
        (503, b"", errors.Unreachable),
        (302, b"", errors.UnexpectedShape),
        (200, b"<!doctype html>", errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, b"{}", errors.UnexpectedShape),
        (200, b"[]", errors.UnexpectedShape),
        (200, {"query": {}}, errors.UnexpectedShape),
        (200, {"query": {"users": {}}}, errors.UnexpectedShape),
    ],
)
def test_errors_are_typed(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception]
) -> None:
    """Nothing the wiki answers reads as an account that wrote nothing."""
    platform.answers(reply(body, status=status))
    with pytest.raises(expected):
        pages(attempts="1")


def test_the_token_is_sent_and_nowhere_told(
    platform: Any, wiki: Wiki, opened: Any, lakeside: Any, window: Any, canary: str, caplog: Any
) -> None:
    """It goes in the header alone, and is cut out of answers that repeat it."""
    caplog.set_level(logging.DEBUG)
    wiki.contribs = [contribs(edit(12, comment=canary))]
    found = list(opened({"access_token": canary}).pages(lakeside, window))
    assert f"Bearer {canary}" == platform.asked[0].headers["Authorization"]
    assert canary not in repr(found)
    assert canary not in caplog.text
    assert all(canary not in value for asked in platform.asked for value in asked.query.values())


@pytest.mark.parametrize("options", [{"host": "https://en.wikipedia.org"}, {"host": "a/b"}, {"contact": "a\nb"}])
def test_odd_options_are_refused(opened: Any, options: dict[str, str]) -> None:
    """What cannot be a host or stand in a header is said before anything is sent."""
    with pytest.raises(errors.UserError):
        opened(**options)
