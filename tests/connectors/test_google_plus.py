"""Google+ out of Takeout: only what everybody could read, only the account's own words."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, Quarantined
from connectors.base import importer

PUBLIC = {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_PUBLIC"}]}}
OWN = {"displayName": "Lakeside", "profilePageUrl": "https://plus.google.com/+lakeside", "resourceName": "users/77"}
OTHER = {"displayName": "Somebody", "profilePageUrl": "https://plus.google.com/88", "resourceName": "users/88"}


def post(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "url": f"https://plus.google.com/+lakeside/posts/p{number}",
        "creationTime": "2018-10-05 12:00:00+0000",
        "updateTime": "2018-10-05 12:00:00+0000",
        "author": OWN,
        "content": "Hello <b>all</b><br>&amp; welcome",
        "resourceName": f"users/77/posts/p{number}",
        "postAcl": PUBLIC,
    } | fields


def comment(number: int = 1, author: Any = OWN, **fields: Any) -> dict[str, Any]:
    return {
        "creationTime": "2018-10-06 12:00:00+0000",
        "author": author,
        "content": "Thanks",
        "resourceName": f"users/77/posts/p1/comments/c{number}",
    } | fields


@pytest.fixture
def page(account: Callable[..., Account]) -> Account:
    return account("google_plus", "77", handle="+lakeside")


@pytest.fixture
def read(page: Account, tmp_path: Path) -> Callable[..., list[Any]]:
    def make(*records: Any) -> list[Any]:
        path = tmp_path / "takeout.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for number, one in enumerate(records):
                body = one if isinstance(one, bytes) else json.dumps(one)
                packed.writestr(f"Takeout/Google+ Stream/Beiträge/20181005 - Hello({number}).json", body)
        return list(importer("google_plus_takeout").read(path, page))

    return make


def posts(found: list[Any]) -> list[PostReading]:
    return [one for one in found if isinstance(one, PostReading)]


def left(found: list[Any]) -> list[str]:
    return sorted(one.reason for one in found if isinstance(one, Quarantined))


def test_an_address_that_is_none_costs_nothing(read: Any) -> None:
    """An open bracket where an author's or a post's address stands: whoever can be told otherwise is told."""
    odd = "http://[no-address"
    found = read(post(1), post(2, author=OWN | {"profilePageUrl": odd}), post(3, resourceName=None, url=odd))
    assert 3 == len(posts(found))


def test_a_post_with_everything(read: Any) -> None:
    """Text as shown, captions and choices said too, links of all kinds, pictures by the name of their file."""
    piece = {
        "contentType": "image/*",
        "localFilePath": "Photos/a.jpg",
        "url": "https://a.example/1",
        "description": "A desk",
    }
    record = post(
        updateTime="2018-10-07 09:00:00+0200",
        link={"url": "https://b.example/"},
        album={"media": [piece]},
        poll={"choices": [{"description": "Yes"}, {"description": "No"}]},
        resharedPost={"url": "https://plus.google.com/88/posts/q", "content": "theirs"},
    )
    (one,) = posts(read(record))
    assert ("p1", "share", "Hello all\n& welcome\nA desk\nYes\nNo") == (one.native_id, one.kind, one.text)
    assert (datetime(2018, 10, 5, 12, tzinfo=UTC), datetime(2018, 10, 7, 7, tzinfo=UTC)) == (
        one.created_at,
        one.edited_at,
    )
    assert ("https://b.example/", "https://plus.google.com/88/posts/q") == one.links
    assert (Media(kind="photo", url="https://a.example/1", native_id="a.jpg"),) == one.media
    assert json.dumps(record).encode() == one.raw


def test_unchanged_since_it_was_posted(read: Any) -> None:
    """The near-miss: the same time twice is no edit, nor is one without."""
    found = posts(read(post(1), post(2, updateTime=None)))
    assert [None, None] == [one.edited_at for one in found]


@pytest.mark.parametrize(
    "acl",
    [
        PUBLIC,
        {"isPublic": True},
        {"communityAcl": {"community": {"displayName": "c"}, "isPublic": True}},
        {"collectionAcl": {"collection": {"isPublic": True}}},
        {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_USER_CIRCLE"}, {"type": "CIRCLE_TYPE_PUBLIC"}]}},
    ],
)
def test_what_everybody_could_read_is_kept(read: Any, acl: dict[str, Any]) -> None:
    """Posted to the public, or to a community or collection open to it."""
    assert 1 == len(posts(read(post(postAcl=acl))))


@pytest.mark.parametrize(
    "acl",
    [
        None,
        {},
        {"isLegacyAcl": True},
        {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_YOUR_CIRCLES"}]}},
        {"visibleToStandardAcl": {"circles": [{"type": "CIRCLE_TYPE_EXTENDED_CIRCLES"}]}},
        {"visibleToStandardAcl": {"users": [{"displayName": "CIRCLE_TYPE_PUBLIC"}]}},
        {"communityAcl": {"community": {"displayName": "c"}}},
        {"collectionAcl": {"collection": {"displayName": "c"}, "isPublic": "true"}},
        PUBLIC | {"isDomainRestricted": True},
        [PUBLIC],
    ],
)
def test_what_is_not_certainly_public_is_counted_and_left_out(read: Any, acl: Any) -> None:
    """With every word below it, and not one byte kept."""
    found = read(post(postAcl=acl, comments=[comment(), comment(2, OTHER)]))
    assert ([], ["private"] * 3) == (posts(found), left(found))
    assert {b""} == {one.raw for one in found}


def test_comments_of_the_account_alone(read: Any) -> None:
    """Other people's are counted, and stand in nothing that is kept."""
    found = read(post(comments=[comment(1), comment(2, OTHER, content="their words")], plusOnes=[{"plusOner": OTHER}]))
    first, second = posts(found)
    assert ("comment", "p1#c1", "p1", "Thanks") == (second.kind, second.native_id, second.reply_to, second.text)
    assert ["private"] == left(found)
    assert not any(word in one.raw for one in (first, second) for word in (b"their words", b"Somebody"))


def test_what_is_no_post_is_counted(read: Any) -> None:
    """Circles, settings, broken files: nobody can tell who could read the last, so nothing of it is kept."""
    found = read(post(), {"name": "Friends", "person": []}, b'{"content": "x"', [1])
    assert (1, ["is not valid JSON at character 15", "not_a_post", "not_a_post"]) == (len(posts(found)), left(found))
    assert {b""} == {one.raw for one in found if isinstance(one, Quarantined)}


def test_posts_of_another_account(read: Any, page: Account, tmp_path: Path) -> None:
    """Somebody else's among them are left out; an export of nothing else is refused, as is one in HTML."""
    assert ["private"] == left(read(post(), post(2, author=OTHER)))
    with pytest.raises(ExportRefused, match="another account"):
        read(post(author=OTHER))
    (tmp_path / "a.html").write_text("<p>Hello</p>")
    with pytest.raises(ExportRefused, match="ordered as JSON, not HTML"):
        list(importer("google_plus_takeout").read(tmp_path / "a.html", page))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"creationTime": "2018-10-05 12:00:00"}, "creationTime has no time zone"),
        ({"creationTime": "05/10/2018"}, "creationTime is no timestamp"),
        ({"creationTime": None}, "creationTime is missing or no text"),
        ({"resourceName": None, "url": None}, "resourceName is missing or no text"),
        ({"resourceName": "users/77/posts/p9"}, "its id stands in the export already"),
    ],
)
def test_a_bad_post_costs_itself(read: Any, changes: dict[str, Any], reason: str) -> None:
    """The one beside it is read."""
    found = read(post(9), post(**changes))
    assert (["p9"], [reason]) == ([one.native_id for one in posts(found)], left(found))


_ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.none(), max_size=2) | st.just({})


@given(st.lists(st.dictionaries(st.sampled_from([*post(), "comments", "album", "link"]), _ODD, max_size=3), max_size=5))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_add_up(page: Account, tmp_path: Path, changes: list[dict[str, Any]]) -> None:
    """With anything in the place of anything: as many records come out as went in."""
    records = [post(0), *(post(number) | change for number, change in enumerate(changes, start=1))]
    path = tmp_path / "posts"
    path.mkdir(exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    for number, one in enumerate(records):
        (path / f"{number}.json").write_text(json.dumps(one))
    found = list(importer("google_plus_takeout").read(path, page))
    comments = sum(len(one["comments"]) for one in records if isinstance(one.get("comments"), list))
    assert len(records) + comments == len(found)
