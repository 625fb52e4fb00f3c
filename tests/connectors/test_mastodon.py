"""The Mastodon connector: against scripted answers, a whole mock instance, and recorded answers of a real one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from chapterwatch import errors
from chapterwatch.model import Account, Connection, Page, Window
from connectors.base import open_connector
from connectors.mastodon import parse
from connectors.mastodon.markup import LONGEST, shown
from connectors.records import Unreadable

#: An address as Mastodon shortens it.
SHORTENED = """<a href="https://e.example/long"><span class="invisible">https://</span>\
<span class="ellipsis">e.exa</span><span class="invisible">mple/long</span></a>"""
DATE = {"date": "Mon, 02 Nov 2026 02:00:00 GMT"}
NOT_FOUND = {"error": "Record not found"}


def status(number: int, content: str = "<p>Hello</p>", **fields: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": "2026-10-05T12:00:00.000Z",
        "edited_at": None,
        "visibility": "public",
        "content": content,
        "spoiler_text": "",
        "language": "en",
        "url": f"https://instance.example/@lakeside/{number}",
        "account": {"id": "109"},
        "reblog": None,
        "media_attachments": [],
    } | fields


@pytest.fixture
def chapter(account: Callable[..., Account]) -> Account:
    return account("mastodon", "109", handle="lakeside")


@pytest.fixture
def connector(connection: Callable[..., Connection]) -> Callable[..., Any]:
    def opened(secrets: dict[str, str] | None = None, **options: str) -> Any:
        return open_connector(connection("mastodon", secrets=secrets or {}, **options))

    return opened


@pytest.fixture
def pages(connector: Any, chapter: Account, window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, secrets: dict[str, str] | None = None, **options: str) -> list[Page]:
        return list(connector(secrets, **options).pages(chapter, window, cursor))

    return read


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id for one in page.posts] for page in found]


# --- listing --------------------------------------------------------------------------------------------------------


def test_a_page_without_any_id_is_no_end(platform: Any, connector: Any, chapter: Account, window: Any) -> None:
    """An instance asks for the page below an id: where none stands, older posts may follow and nobody can look."""
    platform.answers([status(5) | {"id": None}, status(4) | {"id": 4.5}])
    read = connector().pages(chapter, window)
    assert 2 == len(next(read).quarantined)
    with pytest.raises(errors.UnexpectedShape, match="posts without ids"):
        next(read)


def test_pages_are_read_until_one_is_empty(platform: Any, pages: Any) -> None:
    """A page shorter than asked for is not the end: instances leave posts out of full pages. Nobody signs in."""
    platform.answers([status(5), status(4)], [status(3)], [])
    found = pages()
    assert [["5", "4"], ["3"], []] == ids(found)
    assert ["4", "3", None] == [one.cursor for one in found]
    first, second, _ = platform.asked
    assert ("/api/v1/accounts/109/statuses", "40", None) == (
        first.path,
        first.query["limit"],
        first.query.get("max_id"),
    )
    assert "4" == second.query["max_id"]
    assert "Authorization" not in first.headers


def test_an_empty_page_that_names_a_next_one_is_no_end(platform: Any, pages: Any, reply: Any) -> None:
    """Some servers leave posts out of a page until none is left on it, and say where the next one starts."""
    following = {"link": '<https://instance.example/api?min_id=9>; rel="prev", </api?limit=40&max_id=4>; rel="next"'}
    platform.answers([status(5)], reply([], headers=following), [status(3)], [])
    assert [["5"], [], ["3"], []] == ids(pages())
    assert ["5", "4", "3"] == [one.query["max_id"] for one in platform.asked[1:]]


def test_an_empty_page_that_names_itself_is_a_cap(platform: Any, pages: Any, reply: Any) -> None:
    """For ever the same would cost all the pages there may be; the gap is said."""
    platform.answers([status(5)], reply([], headers={"link": '</api?max_id=5>; rel="next"'}))
    assert [False, True] == [one.capped for one in pages()]


@pytest.mark.parametrize("link", ['<https://[odd>; rel="next"', '</api?limit=40>; rel="next"'])
def test_an_empty_page_with_a_next_nobody_can_ask_for_is_no_end(
    platform: Any, pages: Any, reply: Any, link: str
) -> None:
    """There is more, and nobody can look at it."""
    platform.answers(reply([], headers={"link": link}))
    with pytest.raises(errors.UnexpectedShape, match="names a next page"):
        pages()


def test_a_token_is_sent_where_there_is_one(platform: Any, pages: Any, canary: str) -> None:
    """The account's own token wins, in the header, never in an address."""
    platform.answers([])
    pages(secrets={"access_token": "another-token", "access_token:109": canary})
    assert f"Bearer {canary}" == platform.asked[0].headers["Authorization"]


def test_reading_resumes_at_a_cursor(platform: Any, pages: Any) -> None:
    """A run that broke off goes on below the last post it stored."""
    platform.answers([])
    assert [[]] == ids(pages("7"))
    assert "7" == platform.asked[0].query["max_id"]


def test_a_repeated_page_ends_the_listing_as_capped(platform: Any, pages: Any) -> None:
    """An instance that ignores max_id costs two requests, and the gap is said."""
    platform.answers([status(5)])
    assert [False, True] == [one.capped for one in pages()]
    assert 2 == len(platform.asked)


def test_our_page_cap_says_where_to_go_on(platform: Any, pages: Any) -> None:
    """A listing cut by us can be resumed."""
    counter = iter(range(100, 0, -1))
    platform.answers(lambda _: [status(next(counter))])
    found = pages(max_pages="2")
    assert [(False, "100"), (True, "99")] == [(one.capped, one.cursor) for one in found]


def test_the_listing_is_left_when_the_window_is_passed(platform: Any, pages: Any) -> None:
    """Posts from before the window end it and are not kept, nor are those from after it."""
    late, old = "2026-11-01T00:00:00.000Z", "2026-09-30T23:59:59.999Z"
    platform.answers([status(6, created_at=late), status(5), status(4, created_at=old)], [status(3, created_at=old)])
    found = pages()
    assert [["5"], []] == ids(found)
    assert (None, False) == (found[-1].cursor, found[-1].capped)


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
def test_posts_everybody_may_read_are_read(platform: Any, pages: Any, visibility: str) -> None:
    """The near-miss of the next one."""
    platform.answers([status(1, visibility=visibility)], [])
    assert [["1"], []] == ids(pages())


@pytest.mark.parametrize("visibility", ["private", "direct", "local", "list", "Public"])
def test_other_posts_are_dropped_and_counted(platform: Any, pages: Any, visibility: str) -> None:
    """With a token an instance shows them; their text goes nowhere, not even with a broken record."""
    broken = status(3, visibility=visibility, created_at=None)
    boost = status(2, reblog=status(9, "<p>secret</p>", visibility=visibility))
    platform.answers([broken, boost, status(1, "<p>secret</p>", visibility=visibility)], [])
    (first, _) = pages()
    assert [("private", b"")] * 3 == [(one.reason, one.raw) for one in first.quarantined]
    assert () == first.posts


def test_a_post_that_does_not_say_who_may_read_it_is_not_kept(platform: Any, pages: Any) -> None:
    """It is counted as unreadable, without its text."""
    platform.answers([status(1, visibility=None), status(2, content=None), "no object"], [])
    (first, _) = pages()
    assert [True, False, True] == [one.raw == b"" for one in first.quarantined]


# --- edits ----------------------------------------------------------------------------------------------------------

EDITED = "2026-10-06T08:00:00.000Z"


def edits(*contents: str, **fields: Any) -> list[dict[str, Any]]:
    times = ["2026-10-05T12:00:00.000Z", "2026-10-06T07:00:00.000Z", EDITED]
    return [
        {"content": content, "spoiler_text": "", "created_at": time, "media_attachments": []} | fields
        for content, time in zip(contents, times, strict=False)
    ]


def test_an_edited_post_comes_with_its_versions(platform: Any, pages: Any) -> None:
    """Oldest first, all under the post's id, each with the time it came to stand."""
    platform.answers(
        [status(1, "<p>three</p>", edited_at=EDITED)], edits("<p>one</p>", "<p>two</p>", "<p>three</p>"), []
    )
    posts = pages()[0].posts
    assert [("1", "one", None), ("1", "two", 7), ("1", "three", 8)] == [
        (one.native_id, one.text, one.edited_at and one.edited_at.hour) for one in posts
    ]
    assert {("1", "1@2026-10-06T07:00:00.000Z", f"1@{EDITED}")} == {one.version_ids for one in posts}
    assert "/api/v1/statuses/1/history" == platform.asked[1].path


@pytest.mark.parametrize(
    ("code", "history"),
    [(404, NOT_FOUND), (401, NOT_FOUND), (403, NOT_FOUND), (200, []), (200, {}), (200, [{}, {}]), (200, b"<html>")],
)
def test_without_a_history_the_present_version_is_read(
    platform: Any, pages: Any, reply: Any, code: int, history: Any
) -> None:
    """Not every instance keeps or shows one; that a post was edited and when is known all the same."""
    platform.answers([status(1, edited_at=EDITED)], reply(history, status=code), [])
    (found,) = pages()[0].posts
    assert datetime(2026, 10, 6, 8, tzinfo=UTC) == found.edited_at
    assert () == found.version_ids


def test_a_post_that_was_not_edited_costs_no_request(platform: Any, pages: Any) -> None:
    """The near-miss of an edit."""
    platform.answers([status(1)], [])
    pages()
    assert [True, True] == [one.path.endswith("/statuses") for one in platform.asked]


# --- what a post says -----------------------------------------------------------------------------------------------


@pytest.fixture
def post(platform: Any, connector: Any, chapter: Account) -> Callable[..., Any]:
    def looked_up(content: str = "<p>Hello</p>", **fields: Any) -> Any:
        platform.answers(status(1, content, **fields))
        (found,) = connector().look_up(chapter, ["1"]).posts
        return found

    return looked_up


def test_the_text_is_warning_content_and_poll(post: Any) -> None:
    """Whatever a reader sees of a post can break a rule."""
    poll = {"options": [{"title": "Yes", "votes_count": 3}, {"title": "No"}]}
    assert "Politics\n\nHello\n\nYes\nNo" == post(spoiler_text="Politics", poll=poll).text
    assert "Hello" == post(spoiler_text="", poll=None).text


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "post"),
        ({"in_reply_to_id": "7"}, "reply"),
        ({"quote": {"state": "accepted", "quoted_status": {"url": "https://i.example/9"}}}, "quote"),
        ({"quote": {"state": "deleted", "quoted_status": None}}, "quote"),
        ({"quote": {"state": "accepted", "quoted_status_id": "9"}}, "quote"),
        ({"quote": None, "card": {"url": "https://card.example"}}, "post"),
        ({"reblog": status(9)}, "share"),
    ],
)
def test_the_kind_of_a_post(post: Any, fields: dict[str, Any], kind: str) -> None:
    """What a post answers, quotes or boosts decides."""
    assert kind == post(**fields).kind


def test_a_boost_shows_the_original(post: Any) -> None:
    """Text, pictures, language and page are the original's, id and time the boost's own."""
    picture = {"id": "5", "type": "image", "url": "https://i.example/a.png", "description": "A lake"}
    original = status(9, "<p>Theirs</p>", language="fr", media_attachments=[picture])
    found = post("", reblog=original, language=None)
    assert ("1", "Theirs", "fr", original["url"]) == (found.native_id, found.text, found.lang, found.permalink)
    assert [("image", "A lake", "5")] == [(one.kind, one.alt_text, one.native_id) for one in found.media]


def test_a_quote_leaves_out_the_line_that_stands_in_for_it(post: Any) -> None:
    """Applications that show quotes hide it; its address is a link."""
    line = '<p class="quote-inline">RE: <a href="https://i.example/9">https://i.example/9</a></p>'
    quote = {"state": "accepted", "quoted_status": {"url": "https://i.example/9"}}
    assert ("Mine", ("https://i.example/9",)) == ((found := post(line + "<p>Mine</p>", quote=quote)).text, found.links)
    assert "RE: https://i.example/9\n\nMine" == post(line + "<p>Mine</p>").text


@pytest.mark.parametrize(
    ("markup", "text", "links"),
    [
        ("<p>a &lt;b&gt; &amp;amp;</p>", "a <b> &amp;", ()),
        ("<p>one<br />two</p><p>three</p>", "one\ntwo\n\nthree", ()),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb", ()),
        ("3 < 4 and 5 > 4, a<b", "3 < 4 and 5 > 4, a<b", ()),
        ('<a href="https://e.example/?a=1&amp;b=2">words</a>', "words", ("https://e.example/?a=1&b=2",)),
        (
            SHORTENED,
            "https://e.example/long",
            ("https://e.example/long",),
        ),
        ('<a href="https://i.example/@a" class="u-url mention">@<span>a</span></a>', "@a", ()),
        ('<a class="mention hashtag" href="https://i.example/tags/x" rel="tag">#<span>x</span></a>', "#x", ()),
        ("<a href='/relative'>x</a><a href=https://bare.example>y</a>", "xy", ("https://bare.example",)),
        ("<script>no()</script><p>yes", "yes", ()),
        ("<P>A<BR>B</P>", "A\nB", ()),
        ("", "", ()),
    ],
)
def test_html_as_a_reader_sees_it(markup: str, text: str, links: Any) -> None:
    """Words as shown, addresses in full, mentions and hashtags no links."""
    assert (text, links) == ((found := shown(markup)).text, found.links)


@pytest.mark.parametrize("part", ["<", "<a ", "</", "<!--", "<?", "<a href='", '<a href=">', "<![x[", "&", "&#", "<p>"])
def test_untidy_html_is_read_in_one_pass(part: str) -> None:
    """Two hundred thousand characters of broken marks; a parser that starts again at each would take minutes."""
    assert shown("Hello " + part * ((LONGEST - 10) // len(part))).text.startswith("Hello")


def test_content_longer_than_any_post_is_unreadable() -> None:
    """It is quarantined and said."""
    with pytest.raises(Unreadable):
        shown("x" * (LONGEST + 1))


# --- looking up and profiles ----------------------------------------------------------------------------------------


def test_every_id_looked_up_has_an_answer(platform: Any, connector: Any, chapter: Account, reply: Any) -> None:
    """There, gone, somebody else's, and no longer for everybody."""
    platform.answers(
        status(1),
        reply(NOT_FOUND, status=404),
        status(3, account={"id": "7"}),
        status(4, visibility="private"),
        reply({"error": "Gone"}, status=410),
    )
    found = connector().look_up(chapter, ["1", "2", "3", "4", "5"])
    assert ["1"] == [one.native_id for one in found.posts]
    assert [("2", "gone"), ("3", "cannot_tell"), ("5", "gone")] == [
        (one.native_id, one.certainty) for one in found.missing
    ]
    assert ["private"] == [one.reason for one in found.quarantined]


def test_a_404_that_is_no_instance_s_is_not_a_deletion(
    platform: Any, connector: Any, chapter: Account, reply: Any
) -> None:
    """A web page in front of the instance says nothing about a post."""
    platform.answers(reply(b"<html>nothing here</html>", status=404))
    with pytest.raises(errors.UnexpectedShape):
        connector().look_up(chapter, ["1"])


PROFILE = {
    "id": "109",
    "acct": "lakeside",
    "display_name": "Lakeside",
    "note": "<p>Views our own</p>",
    "fields": [{"name": "Web", "value": '<a href="https://l.example">l.example</a>'}],
    "avatar": "https://i.example/avatars/original/missing.png",
    "header": "https://i.example/h.png",
}


def test_a_profile_with_its_table(platform: Any, connector: Any, chapter: Account) -> None:
    """The table belongs to what the account says of itself; the placeholder is no picture."""
    platform.answers(PROFILE)
    found = connector().profile(chapter)
    assert ("109", "lakeside", "Lakeside", "Views our own\n\nWeb: l.example", "https://l.example") == (
        found.native_id,
        found.handle,
        found.name,
        found.bio,
        found.website,
    )
    assert (None, "https://i.example/h.png") == (found.avatar_url, found.banner_url)


def test_a_suspended_account_is_gone(platform: Any, connector: Any, chapter: Account) -> None:
    """The instance answers 200, with everything blanked."""
    platform.answers(PROFILE | {"suspended": True, "note": ""})
    with pytest.raises(errors.AccountGone):
        connector().profile(chapter)


def test_a_moved_account_is_read_and_then_said(platform: Any, connector: Any, chapter: Account, window: Any) -> None:
    """Its old posts stand and are read; that nothing new will come must not look like silence."""
    platform.answers(PROFILE | {"moved": {"url": "https://new.example/@lakeside"}}, [status(1)], [])
    opened = connector()
    assert "Lakeside" == opened.profile(chapter).name
    stream = opened.pages(chapter, window)
    assert [["1"], []] == ids([next(stream), next(stream)])
    with pytest.raises(errors.UnexpectedShape, match="has moved"):
        next(stream)


def test_an_instance_must_be_named() -> None:
    """There is no instance to ask by default."""
    with pytest.raises(errors.UserError, match="base_url"):
        open_connector(Connection(id="m", platform="mastodon"))


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "body", "expected"),
    [
        (401, {"error": "This method requires an authenticated user"}, errors.CredentialsRejected),
        (403, {"error": "This action is outside the authorized scopes"}, errors.CredentialsRejected),
        (404, NOT_FOUND, errors.AccountGone),
        (404, b"<html>", errors.UnexpectedShape),
        (410, {"error": "Gone"}, errors.AccountGone),
        (422, {"error": "x"}, errors.UnexpectedShape),
        (429, {"error": "Too many requests"}, errors.RateLimited),
        (500, b"<html>", errors.Unreachable),
        (502, b"", errors.Unreachable),
        (503, {"error": "x"}, errors.Unreachable),
        (301, b"", errors.UnexpectedShape),
        (200, b"<!doctype html>", errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, {}, errors.UnexpectedShape),
        (200, b"true", errors.UnexpectedShape),
        (200, b'[{"id":"1"', errors.UnexpectedShape),
        (200, b"[" * 5000, errors.UnexpectedShape),
        (200, b'[{"n":NaN}]', errors.UnexpectedShape),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, code: int, body: Any, expected: type[Exception]
) -> None:
    """None of them reads as an account without posts, and none quotes the token."""
    platform.answers(reply(body, status=code))
    with pytest.raises(expected) as caught:
        pages(secrets={"access_token": "a-token-nobody-sees"})
    assert issubclass(caught.type, expected)
    assert "mastodon:109" in str(caught.value)
    assert "a-token-nobody-sees" not in str(caught.value)


@pytest.mark.parametrize(
    "header", ["2026-11-02T02:05:00.123456Z", str(int(datetime(2026, 11, 2, 2, 5, tzinfo=UTC).timestamp()))]
)
def test_a_rate_limit_says_until_when(platform: Any, pages: Any, reply: Any, header: str) -> None:
    """A timestamp in Mastodon's header, epoch seconds in those of others."""
    platform.answers(reply({"error": "x"}, status=429, headers=DATE | {"x-ratelimit-reset": header}))
    with pytest.raises(errors.RateLimited) as caught:
        pages()
    assert caught.value.resets_at is not None
    assert datetime(2026, 11, 2, 2, 5, tzinfo=UTC) == caught.value.resets_at.replace(microsecond=0)


@pytest.mark.parametrize("header", ["soon", "2026-11-02T01:00:00Z", ""])
def test_a_rate_limit_without_a_time_says_none(platform: Any, pages: Any, reply: Any, header: str) -> None:
    """Garbage, or a time that is past."""
    platform.answers(reply({"error": "x"}, status=429, headers=DATE | {"x-ratelimit-reset": header}))
    with pytest.raises(errors.RateLimited) as caught:
        pages()
    assert caught.value.resets_at is None


# --- a whole instance -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def instance() -> Iterator[Any]:
    testing = pytest.importorskip("mastodon_mock.testing")
    with testing.MockServer() as server:
        yield server


def test_a_mock_instance_from_post_to_deletion(instance: Any, account: Any) -> None:
    """Posted, edited, warned of, answered, boosted, hidden and deleted through the API of a server we did not write."""
    alice = instance.client("alice")
    number = str(alice.account_verify_credentials().id)
    edited = alice.status_post("First words", spoiler_text="Careful")
    alice.status_update(edited.id, "Other words", spoiler_text="Careful")
    alice.status_reply(edited, "And a reply")
    alice.status_post("For followers", visibility="private")
    deleted = alice.status_post("Soon gone")
    other = instance.client("bob").status_post("Words of Bob https://b.example/page")
    alice.status_reblog(other)
    holder = account("mastodon", number, handle="alice")
    wide = Window(since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime.now(tz=UTC) + timedelta(days=1))
    opened = open_connector(
        Connection(
            id="m",
            platform="mastodon",
            base_url=instance.base_url,
            secrets={"access_token": alice.access_token},
            options={"page_size": "2"},
        )
    )
    assert number == opened.profile(holder).native_id
    found = list(opened.pages(holder, wide))
    posts = [post for page in found for post in page.posts]
    texts = [post.text for post in posts if post.native_id == str(edited.id)]
    assert ("Careful\n\nFirst words", "Careful\n\nOther words") == (texts[0], texts[-1])
    assert {"post", "reply", "share"} <= {post.kind for post in posts}
    assert any("Words of Bob" in post.text for post in posts if post.kind == "share")
    assert not any("For followers" in post.text for post in posts)
    assert ["private"] == [bad.reason for page in found for bad in page.quarantined]
    alice.status_delete(deleted.id)
    again = opened.look_up(holder, [str(deleted.id), str(edited.id)])
    assert [(str(deleted.id), "gone")] == [(one.native_id, one.certainty) for one in again.missing]
    assert {str(edited.id)} == {post.native_id for post in again.posts}


# --- recorded -------------------------------------------------------------------------------------------------------


class Recorded:
    """Answers GET requests as they were recorded, in their order; of several for one address the last repeats."""

    def __init__(self, path: Path, reply: Any) -> None:
        self._answers: dict[str, list[Any]] = {}
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        for one in yaml.load(path.read_text(), Loader=loader)["interactions"]:
            if one["request"]["method"] == "GET":
                headers = {name.lower(): values[0] for name, values in one["response"]["headers"].items()}
                kept = {name: value for name, value in headers.items() if name.startswith("x-ratelimit")}
                body = one["response"]["body"]["string"]
                answer = reply(
                    body.encode() if isinstance(body, str) else body,
                    status=one["response"]["status"]["code"],
                    headers=kept,
                )
                self._answers.setdefault(urlsplit(one["request"]["uri"]).path, []).append(answer)

    def __call__(self, asked: Any) -> Any:
        """The next recorded answer."""
        following = self._answers[asked.path]
        return following.pop(0) if len(following) > 1 else following[0]


@pytest.fixture
def recorded(payloads: Path, platform: Any, reply: Any) -> Callable[[str], None]:
    def play(name: str) -> None:
        path = payloads / "halcy__Mastodon.py" / "tests" / "cassettes" / f"{name}.yaml"
        if not path.is_file():
            pytest.skip("no recorded Mastodon exchanges among the payloads")
        platform.answers(Recorded(path, reply))

    return play


WIDE = Window(since=datetime(2026, 8, 1, tzinfo=UTC), until=datetime(2026, 9, 1, tzinfo=UTC))


def test_a_recorded_edit(recorded: Any, connector: Any, account: Any) -> None:
    """Mastodon 4.5: the history asked for after the edit has both versions, under one id."""
    recorded("test_status_edit")
    holder = account("mastodon", "117020566092212359")
    opened = connector()
    opened.look_up(holder, ["117020586180926938"])
    posts = opened.look_up(holder, ["117020586180926938"]).posts
    assert {"117020586180926938"} == {one.native_id for one in posts}
    assert posts[-1].edited_at is not None
    assert posts[-1].text != posts[0].text or len(posts) == 1


def test_a_recorded_listing(recorded: Any, connector: Any, account: Any) -> None:
    """Recorded pages of a real instance: each post once, none left over, the rate headers among the facts."""
    recorded("test_fetch_next_previous")
    found = list(connector().pages(account("mastodon", "117020565966271181"), WIDE))
    numbers = [post.native_id for page in found for post in page.posts]
    assert len(numbers) > 0
    assert not any(page.quarantined for page in found)
    assert "300" == found[0].http["x-ratelimit-limit"]
    assert all(post.text for page in found for post in page.posts)


def test_a_recorded_deletion(recorded: Any, connector: Any, account: Any) -> None:
    """What a real instance says of a post it does not have."""
    recorded("test_status_missing")
    (missing,) = connector().look_up(account("mastodon", "1"), ["0"]).missing
    assert "gone" == missing.certainty


def test_every_recorded_post_is_read_or_private(payloads: Path) -> None:
    """Sixty recordings of a real instance: no post but the private ones is left out, whatever it carries."""
    folder = payloads / "halcy__Mastodon.py" / "tests" / "cassettes"
    read = private = 0
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("test_status*.yaml")):
        if path.stat().st_size > 500_000:
            continue
        for one in yaml.load(path.read_text(), Loader=loader)["interactions"]:
            body = one["response"]["body"]["string"]
            value = json.loads(body) if body and body[:1] in {"{", "["} else {}
            if isinstance(value, dict) and {"content", "visibility", "account"} <= set(value):
                found = parse.Status(value, body.encode())
                private += parse.is_private(found)
                read += not parse.is_private(found) and len(parse.versions(found)) == 1
    assert (True, True) == (read > 50, private > 0)
