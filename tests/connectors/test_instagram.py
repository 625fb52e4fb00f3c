"""The Instagram connector against a real HTTP server: paging, carousels, look-ups, errors, recorded answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch import errors
from chapterwatch.model import Connection, Media, Page
from connectors.base import manifests, open_connector
from connectors.instagram import parse

TOKEN = "lakeside-token-of-instagram"


def media(number: int, **fields: Any) -> dict[str, Any]:
    permalink = f"https://www.instagram.com/p/{number}/"
    kind = {"media_type": "IMAGE", "media_url": f"https://pictures.example/{number}.jpg?sig={number}"}
    return {
        "id": str(number),
        "caption": f"Post {number}",
        "permalink": permalink,
        "timestamp": "2026-10-05T12:00:00+0000",
    } | (kind | fields)


def page(*numbers: int, after: str | None = None) -> dict[str, Any]:
    paging = {"cursors": {"after": after}, "next": f"https://graph.facebook.com/v26.0/x?access_token=T&after={after}"}
    return {"data": [media(number) for number in numbers]} | ({"paging": paging} if after else {})


def fault(code: int, subcode: int | None = None, message: str = "") -> dict[str, Any]:
    error = {"message": message or f"(#{code}) said so", "type": "OAuthException", "code": code}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("instagram", "1784")


@pytest.fixture
def opened(connection: Callable[..., Any]) -> Callable[..., Any]:
    def make(secrets: dict[str, str] | None = None, **options: str) -> Any:
        return open_connector(connection("instagram", secrets=secrets or {"access_token": TOKEN}, **options))

    return make


@pytest.fixture
def pages(opened: Any, lakeside: Any, window: Any) -> Callable[..., list[Page]]:
    return lambda cursor=None, **options: list(opened(**options).pages(lakeside, window, cursor))


def test_pages_are_read_to_the_end(platform: Any, pages: Any) -> None:
    """Version, edge, window, fields and token of each request, and our own pager by `after`."""
    platform.answers(page(3, 2, after="a1"), page(1))
    found = pages()
    assert [["3", "2"], ["1"]] == [[one.native_id for one in page.posts] for page in found]
    assert ["a1", None] == [one.cursor for one in found]
    first, second = platform.asked
    assert "/v26.0/1784/media" == first.path
    assert ("1790812800", "1793491200", "50") == (first.query["since"], first.query["until"], first.query["limit"])
    assert {"caption", "alt_text", "thumbnail_url"} <= set(first.query["fields"].split(","))
    assert (f"Bearer {TOKEN}", "a1") == (first.headers["Authorization"], second.query["after"])


def test_a_repeated_cursor_ends_the_listing_as_capped(platform: Any, pages: Any) -> None:
    """The same cursor again would go on for ever."""
    platform.answers(page(1, after="same"))
    found = pages()
    assert ([False, True], None) == ([one.capped for one in found], found[-1].cursor)


def test_a_login_by_instagram_has_its_own_version_of_a_look_up(platform: Any, opened: Any, lakeside: Any) -> None:
    """graph.instagram.com knows no batches: ids are asked for one by one."""
    platform.answers(media(1), media(2))
    found = opened(instagram_login="true").look_up(lakeside, ["1", "2"])
    assert ["1", "2"] == [one.native_id for one in found.posts]
    assert [("GET", "/v26.0/1"), ("GET", "/v26.0/2")] == [(one.method, one.path) for one in platform.asked]


@pytest.mark.parametrize(("option", "host"), [("false", "graph.facebook.com"), ("true", "graph.instagram.com")])
def test_each_login_has_its_host(
    platform: Any, lakeside: Any, monkeypatch: pytest.MonkeyPatch, option: str, host: str
) -> None:
    """Without a base_url; a proxy on loopback that lets nothing through keeps the question here."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, platform.url)
    options = {"instagram_login": option, "attempts": "1"}
    connection = Connection(id="c", platform="instagram", secrets={"access_token": TOKEN}, options=options)
    with pytest.raises(errors.Unreachable, match=f"instagram:1784: {host} gave no usable answer .ProxyError"):
        open_connector(connection).profile(lakeside)


def test_a_refused_alt_text_costs_no_pictures(platform: Any, pages: Any, reply: Any) -> None:
    """An older version knows no alt_text, on a post or on the children of a carousel; the rest is still asked for."""

    def answer(asked: Any) -> Any:
        if "alt_text" in asked.query["fields"]:
            return reply(fault(100, message="(#100) Tried accessing nonexisting field (alt_text)"), status=400)
        return page(1)

    platform.answers(answer)
    (found,) = pages()
    assert "media.alt_text" == found.http["dropped"]
    assert "children{id,media_type,media_url,thumbnail_url}" in platform.asked[-1].query["fields"]


def test_a_known_post_is_there_gone_or_untold(platform: Any, opened: Any, lakeside: Any) -> None:
    """100/33 says gone; a missing permission says nothing about the post; each id ends somewhere."""
    items = [(200, media(1)), (400, fault(100, 33)), (400, fault(10)), None, (200, {"id": "5"})]
    platform.answers([item and {"code": item[0], "body": json.dumps(item[1])} for item in items])
    found = opened().look_up(lakeside, ["1", "2", "3", "4", "5"])
    assert ["1"] == [one.native_id for one in found.posts]
    expected = [("2", "gone"), ("3", "cannot_tell"), ("4", "cannot_tell")]
    assert expected == [(one.native_id, one.certainty) for one in found.missing]
    assert ["instagram post 5"] == [one.where for one in found.quarantined]


def test_an_id_made_for_an_export_is_not_asked_for(platform: Any, opened: Any, lakeside: Any) -> None:
    """Graph would call it an unknown alias, and a post that stands would be called deleted."""
    found = opened().look_up(lakeside, ["export-1791201600", "export-1791201600-2"])
    assert ["cannot_tell", "cannot_tell"] == [one.certainty for one in found.missing]
    assert [] == platform.asked


@pytest.mark.parametrize(
    ("status", "body", "expected", "said"),
    [
        (400, fault(190, 463), errors.CredentialsRejected, "it has expired"),
        (400, fault(190, 460), errors.CredentialsRejected, "changed the password"),
        (400, fault(190), errors.CredentialsRejected, "expired or revoked"),
        (400, fault(10), errors.CredentialsRejected, "permission"),
        (400, fault(100, 33), errors.AccountGone, "no such object"),
        (400, fault(80002), errors.RateLimited, "rate limit"),
        (500, fault(2), errors.Unreachable, "temporary"),
        (200, b"<html>", errors.UnexpectedShape, "web page"),
        (200, {}, errors.UnexpectedShape, "no list of data"),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception], said: str
) -> None:
    """None of them reads as an account without posts; a dead token says why."""
    platform.answers(reply(body, status=status))
    with pytest.raises(errors.ConnectorError, match=said) as raised:
        pages()
    assert expected is type(raised.value) or isinstance(raised.value, expected)


def test_a_missing_token_is_said_before_any_request(platform: Any, opened: Any, lakeside: Any) -> None:
    """Not configured is another thing than refused."""
    with pytest.raises(errors.CredentialsMissing, match="has no access_token"):
        opened({"page_token": "another-platform"}).profile(lakeside)
    assert [] == platform.asked


def test_a_profile(platform: Any, opened: Any, lakeside: Any) -> None:
    """Every part a rule asks of a profile."""
    body = {
        "id": "1784",
        "username": "ala_lakeside",
        "name": "Lakeside",
        "biography": "Us",
        "website": "https://a.example",
    }
    platform.answers(body | {"profile_picture_url": "https://pictures.example/me.jpg?sig=1"})
    reading = opened().profile(lakeside)
    assert ("1784", "ala_lakeside", "Lakeside", "Us") == (reading.native_id, reading.handle, reading.name, reading.bio)
    assert ("https://a.example", "https://pictures.example/me.jpg?sig=1") == (reading.website, reading.avatar_url)


def test_a_profile_without_a_username_is_an_unexpected_shape(platform: Any, opened: Any, lakeside: Any) -> None:
    """What a profile cannot be without is not made up."""
    platform.answers({"id": "1784"})
    with pytest.raises(errors.UnexpectedShape, match="instagram:1784: the profile's username is missing"):
        opened().profile(lakeside)


def read(**fields: Any) -> Any:
    record = {name: value for name, value in media(1, **fields).items() if value is not None}
    return parse.post_or_reason(record, json.dumps(record).encode())


def test_a_carousel_that_goes_on_shows_a_picture_nobody_could_look_at() -> None:
    """The list of its children names a next page: without a sign of it, the post would look judged whole."""
    children = {"data": [{"id": "1", "media_type": "IMAGE"}], "paging": {"next": "https://graph.example/9?after=a"}}
    reading = read(media_type="CAROUSEL_ALBUM", children=children)
    assert ["1", None] == [one.native_id for one in reading.media]


def test_children_of_a_carousel_are_its_media() -> None:
    """Alt texts stand on the children; the cover is not a picture more."""
    children = [
        {"id": "11", "media_type": "IMAGE", "media_url": "https://p.example/11.jpg", "alt_text": "A desk"},
        {"id": "12", "media_type": "VIDEO", "thumbnail_url": "https://p.example/12.jpg"},
    ]
    reading = read(media_type="CAROUSEL_ALBUM", children={"data": children})
    assert (
        Media(kind="image", url="https://p.example/11.jpg", alt_text="A desk", native_id="11"),
        Media(kind="video", url="https://p.example/12.jpg", native_id="12"),
    ) == reading.media


def test_a_post_signed_anew_is_no_edit_and_a_new_caption_is() -> None:
    """Addresses change with every reading. Graph tells no edit, so the content alone does."""
    first, again = read(), read(media_url="https://other.example/x.jpg?sig=2")
    assert (first.content_hash, None) == (again.content_hash, again.edited_at)
    assert first.content_hash != read(caption="Post 1, mended").content_hash


def test_a_post_without_a_caption_is_a_post() -> None:
    """A picture alone says nothing in words."""
    reading = read(caption=None)
    assert ("", datetime(2026, 10, 5, 12, tzinfo=UTC)) == (reading.text, reading.created_at)


@pytest.mark.parametrize(
    "fields", [{"caption": 5}, {"timestamp": None}, {"timestamp": "2026-10-05T12:00:00"}, {"id": None}]
)
def test_what_cannot_be_read_is_set_aside(fields: dict[str, Any]) -> None:
    """With its reason and its bytes, which name no content."""
    found = read(**fields)
    assert next(iter(fields)) in found.reason


def test_graph_knows_the_fields_asked_for() -> None:
    """Meta's own SDK, where it is installed, lists every field and edge asked of an account and a post."""
    user = pytest.importorskip("facebook_business.adobjects.iguser", reason="facebook_business not installed").IGUser
    post = pytest.importorskip("facebook_business.adobjects.igmedia").IGMedia
    for group, names in manifests()["instagram"].fields.items():
        model = user if group.startswith("user") else post
        asked = {name.partition("{")[0] for name in names}
        assert set() == {name for name in asked if name not in model._field_types and not hasattr(model, f"get_{name}")}


# --- recorded answers ------------------------------------------------------------------------------------------------


@pytest.fixture
def recorded(payloads: Path) -> Path:
    return payloads / "sns-sdks__python-facebook" / "testdata"


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (["instagram/apidata/users/medias_p1.json", "instagram/apidata/users/medias_p2.json"], {}),
        (["instagram/apidata/discovery/medias_p1.json"], {}),
        (
            ["instagram_basic/apidata/user/user_medias_p1.json", "instagram_basic/apidata/user/user_medias_p2.json"],
            {"instagram_login": "true"},
        ),
    ],
)
def test_recorded_pages_are_read_over_http(
    platform: Any, opened: Any, lakeside: Any, reply: Any, recorded: Path, names: list[str], options: dict[str, str]
) -> None:
    """Each post of a recorded answer is read through the production path, none set aside."""
    bodies = [(recorded / name).read_bytes() for name in names]
    lists = [_list_of(json.loads(body)) for body in bodies]
    platform.answers(*(reply({"data": rows, "paging": paging}) for rows, paging in lists))
    always = type("Always", (), {"since": datetime(2000, 1, 1, tzinfo=UTC), "until": datetime(2030, 1, 1, tzinfo=UTC)})
    found = list(opened(**options).pages(lakeside, always()))
    assert [len(rows) for rows, _ in lists][: len(found)] == [len(one.posts) for one in found]
    assert [] == [one for page in found for one in page.quarantined]
    assert all(one.media and one.media[0].native_id for page in found for one in page.posts if one.media)


def _list_of(value: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    listed = value if "data" in value else value["business_discovery"]["media"]
    return listed["data"], listed.get("paging", {})


def test_a_recorded_carousel_has_its_children(
    platform: Any, opened: Any, lakeside: Any, reply: Any, recorded: Path
) -> None:
    """Three children, one of them a video."""
    body = (recorded / "instagram" / "apidata" / "medias" / "media_default.json").read_bytes()
    platform.answers(reply(body))
    (reading,) = opened(instagram_login="true").look_up(lakeside, ["17896129349106152"]).posts
    children = json.loads(body)["children"]["data"]
    assert [one["media_type"].lower() for one in children] == [one.kind for one in reading.media]
    assert "ALBUM" == reading.text


def test_a_recorded_profile_is_read(platform: Any, opened: Any, lakeside: Any, reply: Any, recorded: Path) -> None:
    """A real answer has no website where the account names none."""
    platform.answers(reply((recorded / "instagram" / "apidata" / "users" / "user_fields.json").read_bytes()))
    reading = opened().profile(lakeside)
    assert (True, None) == (bool(reading.bio), reading.website)


def test_a_recorded_permission_error_is_no_missing_account(
    platform: Any, pages: Any, reply: Any, recorded: Path
) -> None:
    """Graph says "does not exist" of what the token may not see; the permission it names decides."""
    platform.answers(reply((recorded / "base" / "error_data.json").read_bytes(), status=400))
    with pytest.raises(errors.CredentialsRejected):
        pages()
