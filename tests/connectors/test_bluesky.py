"""The Bluesky connector against a real HTTP server that keeps a repository, and records into readings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Account, Connection, Page, Window
from connectors.base import open_connector
from connectors.bluesky import parse

DID = "did:plc:chapterlakeside222222"
OTHER = "did:plc:somebodyelse2222222222"
POST, REPOST = parse.POSTS, parse.REPOSTS
DATE = {"date": "Mon, 02 Nov 2026 02:00:00 GMT"}


def tid(moment: str) -> str:
    """The key a server gives a record made at that time."""
    number = int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1_000_000) << 10
    return "".join(parse._DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def item(key: str, text: str = "Hello", *, did: str = DID, **fields: Any) -> dict[str, Any]:
    value = {"$type": POST, "text": text, "createdAt": "2026-10-05T12:00:00Z"} | fields
    return {"uri": f"at://{did}/{POST}/{key}", "cid": f"bafy{key}{len(text)}", "value": value}


def repost(key: str, subject: str) -> dict[str, Any]:
    value = {"$type": REPOST, "subject": {"uri": subject, "cid": "c"}, "createdAt": "2026-10-06T12:00:00Z"}
    return {"uri": f"at://{DID}/{REPOST}/{key}", "cid": f"bafy{key}", "value": value}


KEYS = [tid(f"2026-10-0{day}T12:00:00") for day in (7, 6, 5, 4, 3)]


class Server:
    """A repository server: lists newest first, with cursors that are keys, as the real one does."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply
        self.records: dict[str, list[dict[str, Any]]] = {POST: [], REPOST: []}
        self.elsewhere: dict[str, dict[str, Any]] = {}
        self.page = 2
        self.profile: dict[str, Any] | None = {"displayName": "Lakeside", "description": "Views our own"}
        self.broken: dict[str, Any] = {}

    def __call__(self, asked: Any) -> Any:
        """Answer one question."""
        method = asked.path.rpartition(".")[2]
        if method in self.broken:
            return self.broken[method]
        return {"describeRepo": self._about, "getRecord": self._one, "listRecords": self.list_records}[method](
            asked.query
        )

    def _about(self, query: dict[str, str]) -> Any:
        return {
            "handle": "lakeside.example",
            "did": query["repo"],
            "didDoc": {},
            "collections": [],
            "handleIsCorrect": True,
        }

    def _one(self, query: dict[str, str]) -> Any:
        uri = f"at://{query['repo']}/{query['collection']}/{query['rkey']}"
        if query["collection"] == parse.PROFILE and self.profile is not None:
            return {"uri": uri, "cid": "bafyprofile", "value": self.profile}
        known = {one["uri"]: one for records in self.records.values() for one in records} | self.elsewhere
        missing = self.reply({"error": "RecordNotFound", "message": f"Could not locate record: {uri}"}, status=400)
        return known.get(uri, missing)

    def list_records(self, query: dict[str, str]) -> Any:
        """One page of a collection."""
        keyed = [(one["uri"].rpartition("/")[2], one) for one in self.records[query["collection"]]]
        left = [pair for pair in keyed if pair[0] < query.get("cursor", "~")][: self.page]
        return {"records": [one for _, one in left]} | ({"cursor": left[-1][0]} if left else {})


@pytest.fixture
def server(platform: Any, reply: Any) -> Server:
    repository = Server(reply)
    platform.answers(repository)
    return repository


@pytest.fixture
def chapter(account: Callable[..., Account]) -> Account:
    return account("bluesky", DID, handle="lakeside.example")


@pytest.fixture
def connector(connection: Callable[..., Connection]) -> Callable[..., Any]:
    def opened(**options: str) -> Any:
        return open_connector(connection("bluesky", secrets={}, **options))

    return opened


@pytest.fixture
def pages(connector: Any, chapter: Account, window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, **options: str) -> list[Page]:
        return list(connector(**options).pages(chapter, window, cursor))

    return read


def keys(found: list[Page]) -> list[list[str]]:
    return [[one.native_id.rpartition("/")[2] for one in page.posts] for page in found]


# --- listing --------------------------------------------------------------------------------------------------------


def test_posts_then_reposts_to_their_ends(server: Server, pages: Any, platform: Any) -> None:
    """Both collections are listed; the last page of each is empty, as on a real server, and is no fault."""
    server.records[POST] = [item(key) for key in KEYS[:3]]
    server.records[REPOST] = [repost(KEYS[3], f"at://{DID}/{POST}/{KEYS[0]}")]
    found = pages()
    assert [KEYS[:2], [KEYS[2]], [], [KEYS[3]], []] == keys(found)
    assert [f"{POST} {KEYS[1]}", f"{POST} {KEYS[2]}", REPOST, f"{REPOST} {KEYS[3]}", None] == [
        one.cursor for one in found
    ]
    assert not any(one.capped for one in found)
    first = platform.asked[0]
    assert ("/xrpc/com.atproto.repo.listRecords", DID, "100") == (first.path, first.query["repo"], first.query["limit"])
    assert "Authorization" not in first.headers


@pytest.mark.parametrize(
    ("cursor", "expected"),
    [(f"{POST} {KEYS[1]}", [[KEYS[2]], [], []]), (REPOST, [[]]), ("of another time", [KEYS[:2], [KEYS[2]], [], []])],
)
def test_reading_resumes_where_a_page_pointed(server: Server, pages: Any, cursor: str, expected: Any) -> None:
    """A cursor names collection and key; one we do not know starts the window again."""
    server.records[POST] = [item(key) for key in KEYS[:3]]
    assert expected == keys(pages(cursor))


def test_an_account_without_posts_is_empty_pages(server: Server, pages: Any) -> None:
    """The near-miss of every error below."""
    server.records = {POST: [], REPOST: []}
    assert [[], []] == keys(pages())


def test_a_repeated_cursor_ends_the_listing_as_capped(platform: Any, pages: Any) -> None:
    """A server that leads round in a circle costs two requests for each collection, and the gap is said."""
    platform.answers(lambda _: {"records": [item(KEYS[0])], "cursor": "same"})
    found = pages()
    assert [False, True, False, True] == [one.capped for one in found]
    assert found[-1].cursor is None


def test_our_page_cap_says_where_to_go_on(server: Server, pages: Any) -> None:
    """A listing cut by us is capped and can be resumed."""
    server.records[POST] = [item(key) for key in KEYS]
    server.page = 1
    found = pages(max_pages="2")
    assert [False, True] == [one.capped for one in found][:2]
    assert f"{POST} {KEYS[1]}" == found[1].cursor


def test_the_listing_is_left_when_the_window_is_passed(server: Server, pages: Any) -> None:
    """Keys are in order of time: a page from before the window ends the listing, and its posts are not asked for."""
    old = [tid(f"2026-08-0{day}T12:00:00") for day in (4, 3, 2, 1)]
    server.records[POST] = [item(KEYS[0]), *(item(key, createdAt="2026-08-02T12:00:00Z") for key in old)]
    assert [[KEYS[0]], [], []] == keys(pages())


def test_an_author_s_clock_does_not_end_the_listing(server: Server, pages: Any) -> None:
    """The author chooses createdAt: a post dated back for years stands where its key says it was made."""
    server.records[POST] = [
        item(KEYS[0], createdAt="2020-01-01T00:00:00Z"),
        item(KEYS[1], createdAt="2020-01-01T00:00:00Z"),
        item(KEYS[2]),
    ]
    found = pages()
    assert [KEYS[:2], [KEYS[2]], [], []] == keys(found)
    assert datetime(2026, 10, 7, 12, tzinfo=UTC) == found[0].posts[0].created_at
    assert "2020-01-01T00:00:00Z" == found[0].posts[0].created_raw


def test_posts_outside_the_window_are_left_out(server: Server, pages: Any) -> None:
    """Neither those from before the day collecting starts nor those after the window's end."""
    late, early = tid("2026-11-01T00:00:00"), tid("2026-09-30T23:59:59")
    server.records[POST] = [
        item(late, createdAt="2026-11-01T00:00:00Z"),
        item(KEYS[0]),
        item(early, createdAt="2026-09-30T23:59:59Z"),
    ]
    assert [KEYS[0]] == [key for page in keys(pages()) for key in page]


def test_unreadable_records_are_quarantined_and_the_rest_is_read(server: Server, pages: Any) -> None:
    """Records in = posts + quarantined."""
    bad: list[Any] = [
        item(KEYS[0]) | {"value": {"text": 7, "createdAt": "2026-10-05T12:00:00Z"}},
        {"uri": "at://nowhere", "cid": "c", "value": {}},
        {"uri": f"at://{DID}/{POST}/own-key", "cid": "c", "value": {"text": "When?"}},
        "no object",
    ]
    server.list_records = lambda query: {"records": [*bad, item(KEYS[1])] if query["collection"] == POST else []}  # type: ignore[method-assign]
    found = pages()
    assert [[KEYS[1]], []] == keys(found)
    assert 4 == len(found[0].quarantined)


# --- reposts --------------------------------------------------------------------------------------------------------


def test_a_repost_shows_the_original(server: Server, pages: Any) -> None:
    """What is shared is read from the same server, which passes on what others hold."""
    uri = f"at://{OTHER}/{POST}/{KEYS[0]}"
    server.elsewhere[uri] = item(KEYS[0], "Shared words", did=OTHER)
    server.records[REPOST] = [repost(KEYS[1], uri)]
    (share,) = [one for page in pages() for one in page.posts]
    assert ("share", "Shared words") == (share.kind, share.text)
    assert f"https://bsky.app/profile/{OTHER}/post/{KEYS[0]}" == share.permalink
    assert b"Shared words" in share.raw
    assert b'"includes"' in share.raw


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "RecordNotFound", "message": "Could not locate record: at://x"}),
        (400, {"error": "InvalidRequest", "message": "Could not locate record: at://x"}),
        (400, {"error": "RepoNotFound", "message": "Could not find repo"}),
    ],
)
def test_a_repost_of_what_is_gone_has_no_text(server: Server, pages: Any, reply: Any, status: int, body: Any) -> None:
    """The original was deleted: the repost shows nothing any more, and keeps its link."""
    server.records[REPOST] = [repost(KEYS[1], f"at://{OTHER}/{POST}/{KEYS[0]}")]
    server.broken["getRecord"] = reply(body, status=status)
    (share,) = [one for page in pages() for one in page.posts]
    assert ("", (f"https://bsky.app/profile/{OTHER}/post/{KEYS[0]}",)) == (share.text, share.links)


def test_a_repost_whose_original_is_out_of_reach_is_quarantined(
    server: Server, pages: Any, reply: Any, platform: Any
) -> None:
    """An outage must not look as if the text had been taken away; after one, the page's others are not tried."""
    server.records[REPOST] = [repost(key, f"at://{OTHER}/{POST}/{KEYS[0]}") for key in KEYS[:2]]
    server.broken["getRecord"] = reply({"error": "UpstreamFailure"}, status=502)
    found = pages()
    assert 2 == sum(len(one.quarantined) for one in found)
    assert 3 == sum(one.path.endswith("getRecord") for one in platform.asked)
    shares = [one for page in pages(read_shared="false") for one in page.posts]
    assert ["", ""] == [one.text for one in shares]


# --- looking up -----------------------------------------------------------------------------------------------------


def test_a_next_page_nobody_can_ask_for_is_no_end(
    server: Server, connector: Any, chapter: Account, window: Any
) -> None:
    """What the page showed is kept, it is said that there is more, and a second try begins anew."""
    server.broken["listRecords"] = {"records": [item(KEYS[0])], "cursor": 7}
    read = connector().pages(chapter, window)
    shown = next(read)
    assert (1, None) == (len(shown.posts), shown.cursor)
    with pytest.raises(errors.UnexpectedShape, match="names a next page"):
        next(read)


def test_every_id_looked_up_has_an_answer(server: Server, connector: Any, chapter: Account) -> None:
    """There, changed in place, gone, and two that nobody could look up here."""
    server.records[POST] = [item(KEYS[0], "Hello EDITED")]
    ids = [f"at://{DID}/{POST}/{KEYS[0]}", f"at://{DID}/{POST}/{KEYS[1]}", f"at://{OTHER}/{POST}/k", "12345"]
    found = connector().look_up(chapter, ids)
    assert ["Hello EDITED"] == [one.text for one in found.posts]
    assert [(ids[1], "gone"), (ids[2], "cannot_tell"), (ids[3], "cannot_tell")] == [
        (one.native_id, one.certainty) for one in found.missing
    ]


def test_an_edit_changes_the_content_and_not_the_id(server: Server, connector: Any, chapter: Account) -> None:
    """A changed record keeps its address and gets another CID; what is read of it differs."""
    uri = f"at://{DID}/{POST}/{KEYS[0]}"
    server.records[POST] = [item(KEYS[0])]
    (before,) = connector().look_up(chapter, [uri]).posts
    (again,) = connector().look_up(chapter, [uri]).posts
    server.records[POST] = [item(KEYS[0], "Hello EDITED")]
    (after,) = connector().look_up(chapter, [uri]).posts
    assert (before.native_id, before.content_hash) == (again.native_id, again.content_hash)
    assert before.native_id == after.native_id
    assert before.content_hash != after.content_hash
    assert json.loads(before.raw)["cid"] != json.loads(after.raw)["cid"]


def test_another_record_than_asked_for_is_no_answer(server: Server, connector: Any, chapter: Account) -> None:
    """Nobody's post is taken for the one that was looked up."""
    server.broken["getRecord"] = item(KEYS[2])
    with pytest.raises(errors.UnexpectedShape):
        connector().look_up(chapter, [f"at://{DID}/{POST}/{KEYS[0]}"])


def test_half_a_character_in_an_answer_is_an_unexpected_shape(server: Server, connector: Any, chapter: Account) -> None:
    """JSON may say it and atproto cannot: no error of its own gets through."""
    server.broken["getRecord"] = item(KEYS[0]) | {"uri": "\ud800"}
    with pytest.raises(errors.UnexpectedShape):
        connector().look_up(chapter, [f"at://{DID}/{POST}/{KEYS[0]}"])


# --- profiles and where accounts are --------------------------------------------------------------------------------


def test_a_profile_is_read(server: Server, connector: Any, chapter: Account) -> None:
    """Name, bio, website and pictures; the picture's path names it, so another picture is another profile."""
    blob = {"$type": "blob", "ref": {"$link": "bafkreiavatar"}, "mimeType": "image/png", "size": 1}
    server.profile = {
        "displayName": "Lakeside",
        "description": "Views our own",
        "website": "https://l.example",
        "avatar": blob,
    }
    found = connector().profile(chapter)
    assert (DID, "lakeside.example", "Lakeside", "Views our own") == (
        found.native_id,
        found.handle,
        found.name,
        found.bio,
    )
    assert "https://l.example" == found.website
    assert f"https://cdn.bsky.app/img/avatar/plain/{DID}/bafkreiavatar@jpeg" == found.avatar_url


def test_an_account_without_a_profile_is_there(server: Server, connector: Any, chapter: Account) -> None:
    """No profile record is an empty profile, not a missing account."""
    server.profile = None
    assert ("lakeside.example", "") == ((found := connector().profile(chapter)).name, found.bio)


def test_a_handle_is_resolved_once_and_the_did_is_the_id(
    server: Server, connector: Any, account: Any, window: Any, platform: Any
) -> None:
    """A handle may pass to somebody else; the DID does not."""
    server.broken["resolveHandle"] = {"did": DID}
    server.records[POST] = [item(KEYS[0])]
    named = account("bluesky", "lakeside.example")
    opened = connector()
    assert DID == opened.profile(named).native_id
    assert [KEYS[0]] == [key for page in keys(list(opened.pages(named, window))) for key in page]
    assert 1 == sum(one.path.endswith("resolveHandle") for one in platform.asked)


def test_without_a_base_url_the_did_document_names_the_server(server: Server, chapter: Account, platform: Any) -> None:
    """The directory is asked once, and the server it names is asked for everything else."""

    def answer(asked: Any) -> Any:
        if asked.path == f"/{DID}":
            return {"id": DID, "service": [{"id": "#atproto_pds", "serviceEndpoint": platform.url}]}
        return server(asked)

    platform.answers(answer)
    opened = open_connector(Connection(id="b", platform="bluesky", options={"directory": platform.url}))
    assert "Lakeside" == opened.profile(chapter).name
    assert [f"/{DID}", "/xrpc/com.atproto.repo.describeRepo"] == [one.path for one in platform.asked][:2]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://pds.example",
        "https://10.0.0.1",
        "https://[::1]",
        "https://localhost",
        "https://intranet",
        "https://pds.internal",
        "https://user@pds.example",
        "https://pds.example/path",
        "https://pds.example:port",
        "ftp://pds.example",
        "",
        None,
    ],
)
def test_a_server_no_account_could_have_is_not_asked(platform: Any, chapter: Account, endpoint: Any) -> None:
    """A DID document is written by whoever holds the account: it must not send us into our own network."""
    platform.answers({"id": DID, "service": [{"id": "#atproto_pds", "serviceEndpoint": endpoint}]})
    opened = open_connector(Connection(id="b", platform="bluesky", options={"directory": platform.url}))
    with pytest.raises(errors.UnexpectedShape):
        opened.profile(chapter)
    assert 1 == len(platform.asked)


def test_a_did_nobody_registered_is_a_missing_account(platform: Any, chapter: Account, reply: Any) -> None:
    """What the directory says of a DID it does not have, and of one given up."""
    opened = open_connector(Connection(id="b", platform="bluesky", options={"directory": platform.url}))
    for status, text in ((404, "DID not registered: x"), (410, "DID not available: x")):
        platform.answers(reply({"message": text}, status=status))
        with pytest.raises(errors.AccountGone):
            opened.profile(chapter)


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"error": "InvalidRequest", "message": "Could not find repo: did:plc:x"}, errors.AccountGone),
        (400, {"error": "RepoNotFound", "message": ""}, errors.AccountGone),
        (400, {"error": "RepoTakendown", "message": "x"}, errors.AccountGone),
        (400, {"error": "RepoDeactivated", "message": "x"}, errors.AccountGone),
        (400, {"error": "AccountTakedown", "message": "x"}, errors.AccountGone),
        (400, {"error": "InvalidRequest", "message": "limit too large"}, errors.UnexpectedShape),
        (401, {"error": "AuthMissing"}, errors.CredentialsRejected),
        (403, b"<html>no</html>", errors.CredentialsRejected),
        (404, {"error": "XRPCNotSupported"}, errors.UnexpectedShape),
        (404, b"<html>nothing here</html>", errors.UnexpectedShape),
        (429, {"error": "RateLimitExceeded"}, errors.RateLimited),
        (500, {"error": "InternalServerError"}, errors.Unreachable),
        (501, {"error": "MethodNotImplemented"}, errors.UnexpectedShape),
        (502, {"error": "UpstreamFailure"}, errors.Unreachable),
        (503, b"", errors.Unreachable),
        (302, b"", errors.UnexpectedShape),
        (200, b"<!doctype html>", errors.UnexpectedShape),
        (200, b'{"records":[{"uri":"', errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, b"[]", errors.UnexpectedShape),
        (200, {}, errors.UnexpectedShape),
        (200, {"records": None}, errors.UnexpectedShape),
        (200, {"records": {"a": 1}}, errors.UnexpectedShape),
        (200, b"[" * 5000, errors.UnexpectedShape),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception]
) -> None:
    """None of them reads as an account without posts."""
    platform.answers(reply(body, status=status))
    with pytest.raises(expected) as caught:
        pages()
    assert expected is caught.type
    assert f"bluesky:{DID}" in str(caught.value)


def test_a_rate_limit_says_until_when(platform: Any, pages: Any, reply: Any) -> None:
    """The header is epoch seconds."""
    headers = DATE | {"ratelimit-reset": str(int(datetime(2026, 11, 2, 2, 5, tzinfo=UTC).timestamp()))}
    platform.answers(reply({"error": "RateLimitExceeded"}, status=429, headers=headers))
    with pytest.raises(errors.RateLimited) as caught:
        pages()
    assert datetime(2026, 11, 2, 2, 5, tzinfo=UTC) == caught.value.resets_at


def test_a_page_read_before_a_failure_is_kept(
    platform: Any, connector: Any, chapter: Account, window: Any, reply: Any
) -> None:
    """Pages come as they are read."""
    platform.answers({"records": [item(KEYS[0])], "cursor": "c"}, reply(b"", status=503))
    stream = connector().pages(chapter, window)
    assert 1 == len(next(stream).posts)
    with pytest.raises(errors.Unreachable):
        next(stream)


# --- records --------------------------------------------------------------------------------------------------------


def read(server: str | None = "https://pds.example", **fields: Any) -> Any:
    value = item(KEYS[0], **fields)
    return parse.post(parse.record(value, b"{}"), server)


def test_links_are_those_of_facets_card_and_quote() -> None:
    """The text shows links cut short; the whole address stands in its facet."""
    facet = {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://long.example/whole"}]}
    mention = {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": OTHER}]}
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://card.example", "title": "t"}}
    quote = {"$type": "app.bsky.embed.record", "record": {"record": {"uri": f"at://{OTHER}/{POST}/k", "cid": "c"}}}
    embed = {"$type": "app.bsky.embed.recordWithMedia", "media": card, "record": quote["record"]}
    found = read(facets=[facet, mention], embed=embed)
    assert (
        "https://long.example/whole",
        "https://card.example",
        f"https://bsky.app/profile/{OTHER}/post/k",
    ) == found.links
    assert "quote" == found.kind


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "post"),
        ({"embed": {"external": {"uri": "https://card.example"}}}, "post"),
        ({"embed": {"record": {"uri": f"at://{OTHER}/{POST}/k"}}}, "quote"),
        ({"reply": {"root": {"uri": "at://r"}, "parent": {"uri": f"at://{OTHER}/{POST}/k"}}}, "reply"),
        ({"reply": None, "embed": None, "facets": None, "langs": None}, "post"),
        ({"reply": [], "embed": "x", "facets": [1, {"features": [None]}], "langs": "en"}, "post"),
    ],
)
def test_the_kind_of_a_post(fields: dict[str, Any], kind: str) -> None:
    """What a post answers or shows decides; odd values say nothing."""
    assert kind == read(**fields).kind


def test_pictures_and_videos_have_their_alt_text() -> None:
    """Also inside a quote with media. A picture without one is one without one, not an unknown."""
    image = {"ref": {"$link": "bafkreipicture"}, "mimeType": "image/png"}
    images = {"images": [{"alt": "A lake", "image": image}, {"alt": "", "image": {"cid": "bafyold"}}]}
    found = read(embed={"media": images, "record": {"record": {"uri": f"at://{OTHER}/{POST}/k"}}})
    assert [("image", "A lake", "bafkreipicture"), ("image", None, "bafyold")] == [
        (one.kind, one.alt_text, one.native_id) for one in found.media
    ]
    assert f"https://pds.example/xrpc/com.atproto.sync.getBlob?did={DID}&cid=bafkreipicture" == found.media[0].url
    video = read(embed={"$type": "app.bsky.embed.video", "video": {"ref": {"$link": "bafkreifilm"}}, "alt": "Waves"})
    assert [("video", "Waves")] == [(one.kind, one.alt_text) for one in video.media]


def test_the_language_is_the_first_named() -> None:
    """An author may name several."""
    assert ["de", None, None] == [read(langs=langs).lang for langs in (["de", "en"], [], [7])]


def test_the_permalink_holds_the_did() -> None:
    """A handle may change; the page by DID stays."""
    assert f"https://bsky.app/profile/{DID}/post/{KEYS[0]}" == read().permalink


@pytest.mark.parametrize("key", ["self", "3jzfcijpj2z2", "zzzzzzzzzzzzz", "2222222222222", "3jzfcijpj2z2a1", ""])
def test_a_key_that_is_no_time_says_none(key: str) -> None:
    """Chosen keys, keys of another length, and times outside our years."""
    assert parse.key_time(key) is None


def test_the_time_in_a_key() -> None:
    """Microseconds since 1970, above ten bits that tell clocks apart."""
    assert datetime(2026, 10, 7, 12, tzinfo=UTC) == parse.key_time(KEYS[0])


def test_recorded_listings_add_up(payloads: Path, platform: Any, connector: Any, account: Any) -> None:
    """Four recorded answers of a real server, the last one empty: 224 posts, each once."""
    path = payloads / "atproto-sample" / "atproto-listRecords.json"
    if not path.is_file():
        pytest.skip("no atproto-sample among the payloads")
    recorded = json.loads(path.read_text())
    platform.answers(*recorded, {"records": []})
    did = "did:plc:wrv43huw72ol2mdmtqf6jkdc"
    whole = Window(since=datetime(2026, 11, 1, tzinfo=UTC), until=datetime(2026, 12, 1, tzinfo=UTC))
    found = list(connector().pages(account("bluesky", did), whole))
    assert [100, 100, 24, 0, 0] == [len(one.posts) for one in found]
    assert 224 == len({post.native_id for page in found for post in page.posts})
    assert not any(page.quarantined or page.capped for page in found)
