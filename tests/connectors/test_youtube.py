"""The YouTube connector against a real HTTP server, and the contract of the discovery document in the wheel."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Page
from connectors.base import manifests, open_connector

CHANNEL = "UC" + "a" * 22
UPLOADS = "UU" + "a" * 22


def channel(**fields: Any) -> dict[str, Any]:
    snippet = {
        "title": "Lakeside",
        "description": "Our films",
        "customUrl": "@lakeside",
        "thumbnails": {"default": {"url": "https://pic.example/a.jpg"}},
    }
    found = {
        "id": CHANNEL,
        "snippet": snippet,
        "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}},
        "brandingSettings": {"image": {"bannerExternalUrl": "https://pic.example/b.jpg"}},
    }
    return {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 1}, "items": [found | fields]}


def listed(*ids: str, more: str | None = None, when: str = "2026-10-05T12:00:00Z", **status: str) -> dict[str, Any]:
    items = [
        {
            "snippet": {"title": "Deleted video" if one in status else "T", "resourceId": {"videoId": one}},
            "contentDetails": {"videoId": one} | ({} if one in status else {"videoPublishedAt": when}),
            "status": {"privacyStatus": status.get(one, "public")},
        }
        for one in ids
    ]
    return {"items": items} | ({"nextPageToken": more} if more else {})


def video(number: str, when: str = "2026-10-05T12:00:00Z", **snippet: Any) -> dict[str, Any]:
    values = {"title": f"Film {number}", "description": "See https://a.example/x.", "publishedAt": when}
    return {"id": number, "snippet": values | snippet, "status": {"privacyStatus": "public"}}


def fault(status: int, reason: str, **detail: Any) -> dict[str, Any]:
    return {"error": {"code": status, "message": "said so", "errors": [{"reason": reason, "domain": "x"}]} | detail}


class Tube:
    """Answers by what is asked for; a test changes single answers."""

    def __init__(self) -> None:
        self.channels: Any = channel()
        self.lists: list[Any] = [listed("v1")]
        self.hidden: set[str] = set()
        self.single: Any = {"items": []}

    def __call__(self, asked: Any) -> Any:
        """The answer to one request."""
        kind = asked.path.rpartition("/")[2]
        if kind == "channels":
            return self.channels
        if kind == "videos":
            shown = [one for one in asked.query["id"].split(",") if one not in self.hidden]
            return {"items": [video(one) for one in shown]}
        if "videoId" in asked.query:
            return self.single
        return self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]


@pytest.fixture
def tube(platform: Any) -> Tube:
    made = Tube()
    platform.answers(made)
    return made


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("youtube", CHANNEL, handle="@lakeside")


@pytest.fixture
def opened(connection: Callable[..., Any], canary: str) -> Callable[..., Any]:
    def make(**options: str) -> Any:
        return open_connector(connection("youtube", secrets={"api_key": canary}, **options))

    return make


@pytest.fixture
def pages(opened: Any, lakeside: Any, window: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, **options: str) -> list[Page]:
        return list(opened(**options).pages(lakeside, window, cursor))

    return read


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id for one in page.posts] for page in found]


def test_videos_come_over_the_uploads_playlist(platform: Any, tube: Tube, pages: Any) -> None:
    """Title and description are the text; search, which costs a hundred times as much, is never asked."""
    tube.lists = [listed("v2", "v1", more="t1"), listed("v0")]
    found = pages()
    assert ([["v2", "v1"], ["v0"]], ["t1", None]) == (ids(found), [page.cursor for page in found])
    post = found[0].posts[0]
    assert ("Film v2\n\nSee https://a.example/x.", ("https://a.example/x",)) == (post.text, post.links)
    assert datetime(2026, 10, 5, 12, tzinfo=UTC) == post.created_at
    assert "https://www.youtube.com/watch?v=v2" == post.permalink
    assert json.dumps(video("v2")).encode() == post.raw
    assert ["channels", *["playlistItems", "videos"] * 2] == [asked.path.rpartition("/")[2] for asked in platform.asked]
    assert (UPLOADS, "50") == (platform.asked[1].query["playlistId"], platform.asked[1].query["maxResults"])
    assert "t1" == platform.asked[3].query["pageToken"]


def test_a_next_page_nobody_can_ask_for_is_no_end(tube: Tube, opened: Any, lakeside: Any, window: Any) -> None:
    """What the page showed is kept, and then it is said that there is more: it never reads as the whole."""
    tube.lists = [listed("v1") | {"nextPageToken": 7}]
    read = opened().pages(lakeside, window)
    assert ["v1"] == [one.native_id for one in next(read).posts]
    with pytest.raises(errors.UnexpectedShape, match="names a next page"):
        next(read)


def test_a_page_of_older_videos_ends_the_listing(tube: Tube, pages: Any) -> None:
    """One older video among newer ones does not: a scheduled video stands where it was uploaded."""
    mixed = listed("v2", "v1", more="t1")
    mixed["items"][1]["contentDetails"]["videoPublishedAt"] = "2026-08-01T00:00:00Z"
    tube.lists = [mixed, listed("v0", more="t2", when="2026-08-01T00:00:00Z"), listed("never")]
    found = pages()
    assert (2, False, None) == (len(found), found[-1].capped, found[-1].cursor)


def test_a_token_that_repeats_is_a_cap(tube: Tube, pages: Any) -> None:
    """A fault that would go on for ever costs two pages; our own cap leaves a place to go on from."""
    tube.lists = [listed("v1", more="same")]
    assert [False, True] == [one.capped for one in pages()]
    tube.lists = [listed(f"v{at}", more=f"t{at}") for at in range(9)]
    found = pages(max_pages="2")
    assert ([False, True], "t1") == ([one.capped for one in found], found[-1].cursor)


def test_a_channel_without_videos_is_an_empty_page(tube: Tube, pages: Any, reply: Any) -> None:
    """The near-miss of a channel that is gone: YouTube says its list of uploads does not exist."""
    tube.lists = [reply(fault(404, "playlistNotFound"), status=404)]
    assert [[]] == ids(pages())
    tube.lists = [listed()]
    assert [[]] == ids(pages())


def test_deleted_and_private_videos_are_missing(tube: Tube, pages: Any) -> None:
    """The list keeps them as what they are, in any language; private is not deleted."""
    tube.lists = [listed("v1", "v2", "v3", v2="private", v3="privacyStatusUnspecified")]
    tube.hidden = {"v2", "v3"}
    (page,) = pages()
    assert [("v2", "cannot_tell"), ("v3", "gone")] == [(one.native_id, one.certainty) for one in page.missing]
    assert [["v1"]] == ids([page])


def test_a_listed_video_that_is_not_shown_is_told(tube: Tube, pages: Any) -> None:
    """The list calls it public and nobody can read it: it is counted, for a new one is looked up by nobody later."""
    tube.lists = [listed("v1", "v2")]
    tube.hidden = {"v2"}
    (page,) = pages()
    assert [("youtube video v2", "listed, but not shown by id")] == [
        (one.where, one.reason) for one in page.quarantined
    ]
    assert ([["v1"]], ()) == (ids([page]), page.missing)


def test_what_is_not_public_is_dropped(platform: Any, tube: Tube, pages: Any) -> None:
    """An owner's key may show private and unlisted videos: they are counted, and nothing of them is kept."""

    def answer(asked: Any) -> Any:
        if asked.path.endswith("/videos"):
            return {"items": [video("v1") | {"status": {"privacyStatus": "unlisted"}}]}
        return tube(asked)

    platform.answers(answer)
    (page,) = pages()
    assert ((), [("private", b"")]) == (page.posts, [(one.reason, one.raw) for one in page.quarantined])


def test_known_videos_are_looked_up(tube: Tube, opened: Any, lakeside: Any) -> None:
    """Shown, gone, and what the channel's list still calls private."""
    tube.hidden = {"v2", "v3"}
    answers = {"v2": listed("v2", v2="private"), "v3": {"items": []}}
    connector = opened()
    (page,) = [connector.look_up(lakeside, ["v1"])]
    assert ["v1"] == [post.native_id for post in page.posts]
    for number, certainty in (("v2", "cannot_tell"), ("v3", "gone")):
        tube.single = answers[number]
        assert [certainty] == [one.certainty for one in connector.look_up(lakeside, [number]).missing]


def test_profile(platform: Any, tube: Tube, opened: Any, lakeside: Any, account: Any) -> None:
    """Name, handle, about text and pictures; a handle is asked for as one."""
    profile = opened().profile(lakeside)
    expected = (CHANNEL, "@lakeside", "Lakeside", "Our films", "https://pic.example/a.jpg", "https://pic.example/b.jpg")
    seen = (profile.native_id, profile.handle, profile.name, profile.bio, profile.avatar_url, profile.banner_url)
    assert expected == seen
    opened().profile(account("youtube", "@lakeside"))
    assert "@lakeside" == platform.asked[-1].query["forHandle"]
    tube.channels = {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}}
    with pytest.raises(errors.AccountGone):
        opened().profile(lakeside)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, fault(403, "quotaExceeded"), errors.QuotaSpent),
        (403, fault(403, "dailyLimitExceeded"), errors.QuotaSpent),
        (429, fault(429, "rateLimitExceeded"), errors.RateLimited),
        (403, fault(403, "userRateLimitExceeded"), errors.RateLimited),
        (429, b"", errors.RateLimited),
        (403, fault(403, "accessNotConfigured"), errors.CredentialsRejected),
        (403, b"<html>", errors.CredentialsRejected),
        (400, fault(400, "badRequest", details=[{"reason": "API_KEY_INVALID"}]), errors.CredentialsRejected),
        (400, fault(400, "keyInvalid"), errors.CredentialsRejected),
        (400, fault(400, "invalidParameter"), errors.UnexpectedShape),
        (404, fault(404, "channelNotFound"), errors.AccountGone),
        (403, fault(403, "channelClosed"), errors.AccountGone),
        (500, fault(500, "backendError"), errors.Unreachable),
        (503, b"", errors.Unreachable),
        (302, b"", errors.UnexpectedShape),
        (200, b"<html>", errors.UnexpectedShape),
        (200, b"", errors.UnexpectedShape),
        (200, b"[]", errors.UnexpectedShape),
        (200, b"{}", errors.UnexpectedShape),
        (200, {"items": 5}, errors.UnexpectedShape),
        (200, {"items": [{}]}, errors.UnexpectedShape),
        (200, channel(contentDetails={}), errors.UnexpectedShape),
    ],
)
def test_errors_are_typed(
    platform: Any, pages: Any, reply: Any, canary: str, status: int, body: Any, expected: type[Exception]
) -> None:
    """By the reason YouTube gives, not the status; none reads as a channel without videos or repeats the key."""
    platform.answers(reply(body, status=status))
    with pytest.raises(expected) as raised:
        pages(attempts="1")
    assert canary not in str(raised.value)


def test_a_video_that_cannot_be_read_is_kept_aside(platform: Any, tube: Tube, pages: Any) -> None:
    """The others of the page are read."""

    def answer(asked: Any) -> Any:
        if asked.path.endswith("/videos"):
            return {"items": [video("v1", when="soon"), video("v2"), video("v3", description=5)]}
        return listed("v1", "v2", "v3") if asked.path.endswith("/playlistItems") else tube(asked)

    platform.answers(answer)
    (page,) = pages()
    assert (["v2"], ["publishedAt is no timestamp", "description is no text"]) == (
        [post.native_id for post in page.posts],
        [one.reason for one in page.quarantined],
    )


@pytest.mark.usefixtures("tube")
@pytest.mark.parametrize("in_header", ["false", "true"])
def test_the_key_is_sent_and_nowhere_told(platform: Any, pages: Any, canary: str, caplog: Any, in_header: str) -> None:
    """As the documented parameter or in a header; never in what is kept or logged."""
    caplog.set_level(logging.DEBUG)
    found = pages(key_in_header=in_header)
    asked = platform.asked[0]
    assert canary == (asked.headers["X-Goog-Api-Key"] if in_header == "true" else asked.query["key"])
    assert ("key" not in asked.query) == (in_header == "true")
    assert canary not in repr(found)
    assert canary not in caplog.text


def test_without_a_key_nothing_is_sent(platform: Any, connection: Any, lakeside: Any, window: Any) -> None:
    """Said before the first request."""
    with pytest.raises(errors.CredentialsMissing):
        list(open_connector(connection("youtube", secrets={})).pages(lakeside, window))
    assert [] == platform.asked


def test_youtube_knows_what_is_asked_for() -> None:
    """The discovery document in the wheel has every method, parameter and field this connector relies on."""
    text = files("googleapiclient.discovery_cache").joinpath("documents", "youtube.v3.json").read_text()
    document = json.loads(text)
    assert "https://youtube.googleapis.com/" == document["rootUrl"]
    schemas = document["schemas"]
    for name, kind in (("channels", "Channel"), ("playlistItems", "PlaylistItem"), ("videos", "Video")):
        assert set(manifests()["youtube"].fields[name]) <= set(schemas[kind]["properties"])
    read = {
        "ChannelSnippet": {"title", "description", "customUrl", "country", "thumbnails"},
        "ImageSettings": {"bannerExternalUrl"},
        "PlaylistItemContentDetails": {"videoId", "videoPublishedAt"},
        "PlaylistItemStatus": {"privacyStatus"},
        "PlaylistItemListResponse": {"items", "nextPageToken"},
        "VideoSnippet": {"title", "description", "publishedAt", "thumbnails", "defaultLanguage"},
        "VideoStatus": {"privacyStatus"},
        "ThumbnailDetails": {"maxres", "standard", "high", "medium", "default"},
    }
    assert {} == {
        name: fields - set(schemas[name]["properties"])
        for name, fields in read.items()
        if fields - set(schemas[name]["properties"])
    }
    methods = document["resources"]
    asked = {
        "channels": {"id", "forHandle"},
        "playlistItems": {"playlistId", "videoId", "pageToken", "maxResults"},
        "videos": {"id"},
    }
    assert all(parameters <= set(methods[name]["methods"]["list"]["parameters"]) for name, parameters in asked.items())
