"""The LinkedIn connector against a real HTTP server: paging, versions, pictures, look-ups, errors; its texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapterwatch import errors
from chapterwatch.model import Connection, Media, Page, PostReading, Quarantined, Window
from connectors.base import manifests, open_connector
from connectors.linkedin import faults, parse
from connectors.linkedin.little import plain

TOKEN = "lakeside-token-of-linkedin"
AUTHOR = "urn:li:organization:555"
#: 2026-10-05 12:00 UTC.
WHEN = 1791201600000
DATE = {"date": "Mon, 02 Nov 2026 02:00:00 GMT"}
WINDOW = Window(since=datetime(2026, 10, 1, tzinfo=UTC), until=datetime(2026, 11, 1, tzinfo=UTC))


def post(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"urn:li:share:{number}",
        "author": AUTHOR,
        "commentary": f"Post {number}",
        "createdAt": WHEN,
        "publishedAt": WHEN,
        "lastModifiedAt": WHEN,
        "lifecycleState": "PUBLISHED",
        "lifecycleStateInfo": {"isEditedByAuthor": False},
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"},
    } | fields


def page(*posts: Any, start: int = 0, count: int = 2, following: bool = False) -> dict[str, Any]:
    links = [{"rel": "next", "href": "/rest/posts?q=author"}] if following else []
    elements = [post(one) if isinstance(one, int) else one for one in posts]
    return {"elements": elements, "paging": {"start": start, "count": count, "links": links}}


def problem(status: int, code: str = "", message: str = "", **fields: Any) -> dict[str, Any]:
    return {"status": status, "code": code, "message": message} | fields


@pytest.fixture
def lakeside(account: Callable[..., Any]) -> Any:
    return account("linkedin", "555")


@pytest.fixture
def opened(connection: Callable[..., Any]) -> Callable[..., Any]:
    def make(secrets: dict[str, str] | None = None, **options: str) -> Any:
        return open_connector(connection("linkedin", secrets=secrets or {"access_token": TOKEN}, **options))

    return make


@pytest.fixture
def pages(opened: Any, lakeside: Any) -> Callable[..., list[Page]]:
    def read(cursor: str | None = None, **options: str) -> list[Page]:
        return list(opened(**({"page_size": "2"} | options)).pages(lakeside, WINDOW, cursor))

    return read


def ids(found: list[Page]) -> list[list[str]]:
    return [[one.native_id.rpartition(":")[2] for one in page.posts] for page in found]


# --- asking ----------------------------------------------------------------------------------------------------------


def test_pages_are_read_to_the_end(platform: Any, pages: Any) -> None:
    """By the author's id, encoded; version and protocol in the head of each request; a short page is the last."""
    platform.answers(page(3, 2, following=True), page(1, start=2))
    found = pages()
    assert ([["3", "2"], ["1"]], ["2", None]) == (ids(found), [one.cursor for one in found])
    first, second = platform.asked
    assert ("/rest/posts", AUTHOR, "author", "0", "2") == (
        first.path,
        *(first.query[name] for name in ("author", "q", "start", "count")),
    )
    assert (f"Bearer {TOKEN}", "202605", "2.0.0", "FINDER") == tuple(
        first.headers[name]
        for name in ("Authorization", "LinkedIn-Version", "X-Restli-Protocol-Version", "X-RestLi-Method")
    )
    assert "2" == second.query["start"]


def test_a_full_page_that_names_no_next_is_not_taken_for_the_last(platform: Any, pages: Any) -> None:
    """LinkedIn leaves the links out of some answers; one question more costs nothing."""
    platform.answers(page(3, 2), page())
    assert [["3", "2"], []] == ids(pages())


def test_a_short_page_with_a_next_is_not_the_last(platform: Any, pages: Any) -> None:
    """LinkedIn leaves out what the token may not see and still has more."""
    platform.answers(page(3, following=True), page(start=2, following=True), page(1, start=4))
    assert [["3"], [], ["1"]] == ids(pages())


@pytest.mark.parametrize(
    "paging",
    [
        {"start": "0", "count": 2, "links": [{"rel": "next"}]},
        {"links": [{"rel": "next"}]},
        {"start": 0, "count": 2, "links": "next"},
        ["next"],
    ],
)
def test_a_next_page_without_its_start_is_asked_for_all_the_same(platform: Any, pages: Any, paging: Any) -> None:
    """It starts where the page asked for ends."""
    platform.answers(page(3) | {"paging": paging}, page(1, start=2))
    assert [["3"], ["1"]] == ids(pages())
    assert "2" == platform.asked[1].query["start"]


def test_an_empty_page_whose_next_has_no_start_is_no_end(platform: Any, pages: Any) -> None:
    """LinkedIn left out all that stood on it, and says that there is more."""
    platform.answers(page(3, 2), page() | {"paging": {"links": [{"rel": "next"}]}}, page(1, start=4))
    assert [["3", "2"], [], ["1"]] == ids(pages())
    assert ["0", "2", "4"] == [one.query["start"] for one in platform.asked]


def test_a_server_that_ignores_the_start_ends_as_capped(platform: Any, pages: Any) -> None:
    """The same posts again would go on for ever."""
    platform.answers(page(3, 2, following=True))
    found = pages()
    assert ([False, True], None) == ([one.capped for one in found], found[-1].cursor)


def test_our_own_cap_is_said(platform: Any, pages: Any) -> None:
    """And the place to go on from is kept."""
    platform.answers(page(3, 2, following=True))
    (found,) = pages(max_pages="1")
    assert (True, "2") == (found.capped, found.cursor)


def test_reading_resumes_at_a_cursor(platform: Any, pages: Any) -> None:
    """A cursor that is none starts anew."""
    platform.answers(page())
    pages("40")
    pages("odd")
    assert ["40", "0"] == [one.query["start"] for one in platform.asked]


def test_reading_ends_with_what_was_not_touched_since_the_window_began(platform: Any, pages: Any) -> None:
    """Posts come by their last change. One changed now and published before is not of the window."""
    before = WHEN - 30 * 86_400_000
    old = post(2, createdAt=before, publishedAt=before)
    older = [post(one, createdAt=before, publishedAt=before, lastModifiedAt=before) for one in (8, 9)]
    platform.answers(page(3, old, following=True), page(*older, start=2, following=True))
    found = pages()
    assert ([["3"], []], [False, False]) == (ids(found), [one.capped for one in found])
    assert 2 == len(platform.asked)


def test_the_version_is_an_option(platform: Any, pages: Any) -> None:
    """LinkedIn retires one each month."""
    platform.answers(page())
    pages(linkedin_version="202609")
    assert "202609" == platform.asked[0].headers["LinkedIn-Version"]


@pytest.mark.parametrize("version", ["2026", "202613", "v202605", "2026-05"])
def test_a_version_that_is_no_month_is_refused(opened: Any, version: str) -> None:
    """In one line, before anything is sent."""
    with pytest.raises(errors.UserError, match="write YYYYMM, as in 202605"):
        opened(linkedin_version=version)


def test_the_manifest_says_when_its_version_may_end() -> None:
    """Twelve months are promised; December has a next year too."""
    manifest = manifests()["linkedin"]
    assert manifest.api_version_ends == faults.promised_until(str(manifest.api_version))
    assert date(2027, 12, 1) == faults.promised_until("202612")


def test_an_organisations_own_token_wins(platform: Any, opened: Any, account: Any) -> None:
    """One connection, a token for each."""
    platform.answers({"id": 555, "localizedName": "Lakeside"})
    connector = opened({"access_token": "shared-token", "access_token:555": "own-token-555"})
    connector.profile(account("linkedin", "555"))
    connector.profile(account("linkedin", "urn:li:organization:556"))
    assert ["Bearer own-token-555", "Bearer shared-token"] == [one.headers["Authorization"] for one in platform.asked]
    assert "/rest/organizations/556" == platform.asked[1].path


def test_a_missing_token_is_said_before_any_request(platform: Any, opened: Any, lakeside: Any) -> None:
    """Not configured is another thing than refused."""
    with pytest.raises(errors.CredentialsMissing, match="has no access_token"):
        opened({"other": "x"}).profile(lakeside)
    assert [] == platform.asked


def test_without_a_base_url_linkedin_itself_is_asked(
    platform: Any, lakeside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy on loopback that lets nothing through keeps the question here."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, platform.url)
    connection = Connection(id="c", platform="linkedin", secrets={"access_token": TOKEN}, options={"attempts": "1"})
    with pytest.raises(errors.Unreachable, match=r"linkedin:555: api.linkedin.com gave no usable answer .ProxyError"):
        open_connector(connection).profile(lakeside)


# --- pictures --------------------------------------------------------------------------------------------------------


def test_the_addresses_of_pictures_come_from_the_images_api(platform: Any, pages: Any) -> None:
    """Posts name pictures by id alone; one request for all of a page, the ids encoded and the list not."""
    media = {"media": {"id": "urn:li:image:C1", "altText": "A desk"}}
    several = {"multiImage": {"images": [{"id": "urn:li:image:C2"}, {"id": "urn:li:image:C1"}]}}
    url = "https://media.example/C1?e=1"
    platform.answers(
        page(post(3, content=media), post(2, content=several)),
        {"results": {"urn:li:image:C1": {"downloadUrl": url}}, "errors": {"urn:li:image:C2": {"status": 404}}},
        page(),
    )
    found = pages()[0]
    assert (Media(kind="image", url=url, alt_text="A desk", native_id="urn:li:image:C1"),) == found.posts[0].media
    assert [None, url] == [one.url for one in found.posts[1].media]
    assert ("/rest/images", "List(urn:li:image:C1,urn:li:image:C2)") == (
        platform.asked[1].path,
        platform.asked[1].query["ids"],
    )


def test_pictures_that_cannot_be_had_cost_no_post(platform: Any, pages: Any, reply: Any) -> None:
    """And the page says so; the picture's id stands for it, so that nothing looks edited."""
    picture = post(3, content={"media": {"id": "urn:li:image:C1"}})
    platform.answers(page(picture), reply(problem(403, "ACCESS_DENIED"), status=403))
    (found,) = pages()
    assert ("not read: credentials_rejected", None) == (found.http["pictures"], found.posts[0].media[0].url)


def test_a_profile(platform: Any, opened: Any, lakeside: Any) -> None:
    """Name, description, website, seat; logo and cover through the Images API by their older ids."""
    organisation = {
        "id": 555,
        "vanityName": "lakeside-chapter",
        "localizedName": "Lakeside",
        "description": {
            "localized": {"de_DE": "Wir", "en_US": "Us"},
            "preferredLocale": {"language": "en", "country": "US"},
        },
        "localizedWebsite": "https://a.example",
        "locations": [
            {"locationType": "OTHER", "address": {"city": "Elsewhere"}},
            {"locationType": "HEADQUARTERS", "address": {"city": "Lakeside", "country": "US"}},
        ],
        "logoV2": {"original": "urn:li:digitalmediaAsset:L1", "cropped": "urn:li:digitalmediaAsset:L2"},
        "coverPhotoV2": {"original": "urn:li:digitalmediaAsset:B1"},
    }
    urls = {
        "urn:li:image:L2": {"downloadUrl": "https://m.example/L2"},
        "urn:li:image:B1": {"downloadUrl": "https://m.example/B1"},
    }
    platform.answers(organisation, {"results": urls})
    reading = opened().profile(lakeside)
    assert ("555", "lakeside-chapter", "Lakeside", "Us") == (
        reading.native_id,
        reading.handle,
        reading.name,
        reading.bio,
    )
    assert ("https://a.example", "Lakeside, US") == (reading.website, reading.location)
    assert ("https://m.example/L2", "https://m.example/B1") == (reading.avatar_url, reading.banner_url)


@pytest.mark.parametrize(("status", "raises"), [(403, False), (404, False), (429, True), (500, True)])
def test_a_logo_is_not_lost_to_a_passing_fault(
    platform: Any, opened: Any, lakeside: Any, reply: Any, status: int, raises: bool
) -> None:
    """Else the profile would seem changed tonight and changed back tomorrow."""
    organisation = {"id": 555, "localizedName": "Lakeside", "logoV2": {"original": "urn:li:digitalmediaAsset:L1"}}
    platform.answers(organisation, reply(problem(status), status=status))
    if raises:
        with pytest.raises(errors.ConnectorError):
            opened().profile(lakeside)
    else:
        assert opened().profile(lakeside).avatar_url is None


@pytest.mark.parametrize("body", [{"localizedName": "Lakeside"}, {"id": 555}, {"id": 555, "localizedName": 5}])
def test_a_profile_without_id_or_name_is_an_unexpected_shape(
    platform: Any, opened: Any, lakeside: Any, body: dict[str, Any]
) -> None:
    """What a profile cannot be without is not made up."""
    platform.answers(body)
    with pytest.raises(errors.UnexpectedShape, match="linkedin:555: the profile's"):
        opened().profile(lakeside)


# --- known posts -----------------------------------------------------------------------------------------------------


def test_known_posts_are_there_gone_or_untold(platform: Any, opened: Any, lakeside: Any, reply: Any) -> None:
    """Those LinkedIn shows together are read; each other is asked for by itself before anything is said of it."""
    alone = {
        "2": reply(problem(404, "NOT_FOUND"), status=404),
        "3": reply(problem(403, "ACCESS_DENIED"), status=403),
        "4": post(4),
        "5": reply(problem(400, "ILLEGAL_ARGUMENT"), status=400),
    }

    def answer(asked: Any) -> Any:
        if asked.path == "/rest/posts":
            return {
                "results": {"urn:li:share:1": post(1)},
                "statuses": {},
                "errors": {"urn:li:share:2": {"status": 404}},
            }
        return alone[asked.path.rpartition("%3A")[2]]

    platform.answers(answer)
    wanted = [f"urn:li:share:{number}" for number in range(1, 6)]
    found = opened().look_up(lakeside, [*wanted, "export-7"])
    assert ["1", "4"] == [one.native_id[-1] for one in found.posts]
    expected = [("2", "gone"), ("3", "cannot_tell"), ("5", "cannot_tell"), ("7", "cannot_tell")]
    assert expected == [(one.native_id[-1], one.certainty) for one in found.missing]
    assert json.dumps(post(1)).encode() == found.posts[0].raw
    assert ("BATCH_GET", "/rest/posts/urn%3Ali%3Ashare%3A2") == (
        platform.asked[0].headers["X-RestLi-Method"],
        platform.asked[1].path,
    )


def test_a_server_that_shows_none_together_is_asked_one_by_one(
    platform: Any, opened: Any, lakeside: Any, reply: Any
) -> None:
    """A stand-in may know no lists of ids."""
    platform.answers(reply(b"<html>no such page</html>", status=404), post(1))
    assert ["urn:li:share:1"] == [one.native_id for one in opened().look_up(lakeside, ["urn:li:share:1"]).posts]


@pytest.mark.parametrize("status", [401, 426, 429, 500])
def test_what_concerns_all_posts_is_no_posts_fault(
    platform: Any, opened: Any, lakeside: Any, reply: Any, status: int
) -> None:
    """A dead token or an ended version would else make every post look unshowable."""
    platform.answers(reply(problem(status), status=status))
    with pytest.raises(errors.ConnectorError):
        opened().look_up(lakeside, ["urn:li:share:1"])


@pytest.mark.parametrize(
    ("status", "body", "expected", "said"),
    [
        (401, problem(401, "EXPIRED_ACCESS_TOKEN", serviceErrorCode=65602), errors.CredentialsRejected, "has expired"),
        (401, problem(401, serviceErrorCode=65601), errors.CredentialsRejected, "was revoked"),
        (401, b"", errors.CredentialsRejected, "expired or revoked"),
        (403, problem(403, "ACCESS_DENIED"), faults.NotAllowed, "a role on this Page"),
        (404, problem(404, "NOT_FOUND"), errors.AccountGone, "no such object"),
        (410, problem(410), errors.AccountGone, "no such object"),
        (404, problem(404, "RESOURCE_NOT_FOUND", "No virtual resource found"), errors.UnexpectedShape, "404"),
        (
            426,
            problem(426, "NONEXISTENT_VERSION", "Requested version 20240401 is not active"),
            faults.VersionEnded,
            "has ended",
        ),
        (426, b"", faults.VersionEnded, "set linkedin_version to a newer month"),
        (400, problem(400, "VERSION_MISSING"), faults.VersionEnded, "has ended"),
        (400, problem(400, "", "Requested version 20240401 is not active"), faults.VersionEnded, "has ended"),
        (400, problem(400, "ILLEGAL_ARGUMENT", "Invalid version of the urn"), errors.UnexpectedShape, "no answer it"),
        (429, problem(429), errors.RateLimited, "rate limit"),
        (500, problem(500), errors.Unreachable, "500"),
        (302, b"", errors.UnexpectedShape, "redirect"),
        (200, b"<html>welcome</html>", errors.UnexpectedShape, "web page"),
        (200, b"[]", errors.UnexpectedShape, "no JSON object"),
        (200, {"paging": {}}, errors.UnexpectedShape, "no list of elements"),
    ],
)
def test_every_failure_has_its_type(
    platform: Any, pages: Any, reply: Any, status: int, body: Any, expected: type[Exception], said: str
) -> None:
    """None of them reads as a Page without posts; an ended version is neither a dead token nor a gone account."""
    platform.answers(reply(body, status=status))
    with pytest.raises(errors.ConnectorError, match=said) as raised:
        pages()
    assert expected is type(raised.value)


@pytest.mark.parametrize(
    ("message", "headers", "resets_at"),
    [
        ("Resource level throttle MEMBER DAY limit is reached", {}, datetime(2026, 11, 3, tzinfo=UTC)),
        ("Too many requests", {"retry-after": "60"}, datetime(2026, 11, 2, 2, 1, tzinfo=UTC)),
        ("Too many requests", {}, None),
    ],
)
def test_a_daily_limit_ends_at_midnight(
    platform: Any, pages: Any, reply: Any, message: str, headers: dict[str, str], resets_at: datetime | None
) -> None:
    """UTC, by the server's own clock; another limit when it says so."""
    platform.answers(reply(problem(429, message=message), status=429, headers=DATE | headers))
    with pytest.raises(errors.RateLimited) as raised:
        pages()
    assert resets_at == raised.value.resets_at


# --- reading ---------------------------------------------------------------------------------------------------------


def read(**fields: Any) -> PostReading | Quarantined:
    record = post(1, **fields)
    return parse.post_or_reason(record, json.dumps(record).encode(), AUTHOR)


def reading(**fields: Any) -> PostReading:
    found = read(**fields)
    assert isinstance(found, PostReading)
    return found


def test_a_plain_post() -> None:
    """Times are epoch milliseconds."""
    found = reading(publishedAt=WHEN + 250)
    assert ("urn:li:share:1", "post", "Post 1", None) == (found.native_id, found.kind, found.text, found.edited_at)
    assert datetime(2026, 10, 5, 12, 0, 0, 250_000, tzinfo=UTC) == found.created_at
    assert "https://www.linkedin.com/feed/update/urn:li:share:1" == found.permalink


@pytest.mark.parametrize(
    ("fields", "edited"),
    [
        ({"lastModifiedAt": WHEN + 60_000}, False),
        ({"lifecycleStateInfo": {"isEditedByAuthor": True}}, True),
        ({"lifecycleStateInfo": {"isEditedByAuthor": True}, "lastModifiedAt": None}, False),
        ({"lifecycleStateInfo": {"isEditedByAuthor": "true"}}, False),
    ],
)
def test_only_the_author_edits(fields: dict[str, Any], edited: bool) -> None:
    """The time of the last change moves by itself, when a video is ready or a post is published."""
    assert edited == (reading(**fields).edited_at is not None)


@pytest.mark.parametrize(
    "fields",
    [
        {"visibility": "CONNECTIONS"},
        {"visibility": "CONTAINER"},
        {"visibility": "LOGGED_IN"},
        {"lifecycleState": "DRAFT"},
    ],
)
def test_what_is_not_public_is_counted_and_not_kept(fields: dict[str, Any]) -> None:
    """Nothing of it, not even its bytes."""
    found = read(commentary="a secret", **fields)
    assert isinstance(found, Quarantined)
    assert ("private", b"") == (found.reason, found.raw)


def test_a_reshare_is_a_share() -> None:
    """Also with words of one's own."""
    context = {"parent": "urn:li:share:7", "root": "urn:li:share:6"}
    assert "share" == reading(reshareContext=context).kind


def test_content_of_each_kind() -> None:
    """Links, media and what readers read; the picture of a link is not the post's."""
    article = {"source": "https://a.example/", "title": "T", "thumbnail": "urn:li:image:T"}
    found = reading(content={"article": article})
    assert (("https://a.example/",), ()) == (found.links, found.media)
    poll = {"question": "Tea \\(hot\\)?", "options": [{"text": "Yes"}, {"text": "No"}]}
    assert "Post 1\nTea \\(hot\\)?\nYes\nNo" == reading(content={"poll": poll}).text
    kinds = [reading(content={"media": {"id": f"urn:li:{kind}:1"}}).media[0].kind for kind in ("video", "document")]
    assert ["video", "document"] == kinds


@pytest.mark.parametrize(
    "fields",
    [
        {"author": "urn:li:organization:556"},
        {"author": "urn:li:person:555"},
        {"visibility": None},
        {"commentary": 5},
        {"id": None},
        {"publishedAt": "2026", "createdAt": WHEN},
        {"publishedAt": 10**25},
    ],
)
def test_what_cannot_be_read_is_set_aside(fields: dict[str, Any]) -> None:
    """Another's post above all; the reason names the field."""
    found = read(**fields)
    assert isinstance(found, Quarantined)
    assert next(iter(fields)) in found.reason


@pytest.mark.parametrize("author", ["urn:li:organization:555", "urn:li:company:555", "urn:li:organizationBrand:555"])
def test_an_organisation_has_several_names(author: str) -> None:
    """All of one number."""
    assert author in reading(author=author).raw.decode()


@pytest.mark.parametrize(
    ("little", "shown"),
    [
        ("Nothing to see here.", "Nothing to see here."),
        (r"Join us \(free\) at 50\% \_off\_", "Join us (free) at 50\\% _off_"),
        (r"a\\b \| \{x\} \<y\> \[z\] \~ \* \@home \#1", r"a\b | {x} <y> [z] ~ * @home #1"),
        ("Thanks, @[Ada Example](urn:li:person:a-B_1)!", "Thanks, Ada Example!"),
        (r"@[Lake \(North\) \] Ltd](urn:li:organization:7)", "Lake (North) ] Ltd"),
        (r"{hashtag|\#|Lakeside} and {hashtag|#|two} #three", "#Lakeside and #two #three"),
        ("{hashtag|\\\uff03|湖}", "\uff03湖"),
        (r"\@[Ada](urn:li:person:1)", "@[Ada](urn:li:person:1)"),
        ("@[Ada](https://a.example/)", "@[Ada](https://a.example/)"),
        ("@[Ada", "@[Ada"),
        ("{hashtag|x", "{hashtag|x"),
        ("C:\\temp\\", "C:\\temp\\"),
        ("", ""),
    ],
)
def test_little_text_is_read_as_shown(little: str, shown: str) -> None:
    """Escapes, mentions and hashtags become what readers see; what is none of them stays."""
    assert shown == plain(little)


@given(st.text())
def test_what_was_escaped_comes_back(text: str) -> None:
    """A text with every reserved character behind a backslash is that text."""
    escaped = "".join(f"\\{sign}" if sign in r"|{}@[]()<>#\*_~" else sign for sign in text)
    assert text == plain(escaped)


def test_hostile_text_is_read_in_passing() -> None:
    """Brackets without end cost no search to the end each."""
    for text in ("@[" * 200_000, "{hashtag|#|" * 100_000, "\\" * 400_001, "@[a](urn:li:" * 50_000):
        assert len(plain(text)) <= len(text)
