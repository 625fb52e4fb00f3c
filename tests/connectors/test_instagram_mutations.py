"""Anything in the place of anything: no record of Instagram, Threads or LinkedIn breaks what reads it."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.model import PostReading, ProfileReading, Quarantined, Window
from connectors.base import importer
from connectors.instagram import parse as instagram
from connectors.linkedin import parse as linkedin
from connectors.records import Unreadable
from connectors.threads import parse as threads

WINDOW = Window(since=datetime(2026, 10, 1, tzinfo=UTC), until=datetime(2026, 11, 1, tzinfo=UTC))
AUTHOR = "urn:li:organization:555"
ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    10**25,
    "",
    "x",
    "\x00",
    "\ud800",
    [],
    [[]],
    [None],
    {},
    {"data": 5},
    {"id": {}},
    "9" * 5000,
]

CHILD = {"id": "11", "media_type": "IMAGE", "media_url": "https://p.example/1.jpg", "alt_text": "A desk"}
MEDIA = {
    "data": [
        {
            "id": "1",
            "caption": "Hello",
            "text": "Hello",
            "media_type": "CAROUSEL_ALBUM",
            "timestamp": "2026-10-05T12:00:00+0000",
            "children": {"data": [CHILD, CHILD]},
            "poll_attachment": {"option_a": "Tea"},
            "replied_to": {"id": "8"},
            "reposted_post": {"id": "9"},
        },
        {"id": "2", "timestamp": "2026-10-04T12:00:00+0000"},
    ],
    "paging": {"cursors": {"after": "a"}, "next": "https://graph.facebook.com/v26.0/1/media?after=a"},
}
POST = {
    "id": "urn:li:share:1",
    "author": AUTHOR,
    "commentary": "Hello @[Ada](urn:li:person:1)",
    "publishedAt": 1791201600000,
    "lastModifiedAt": 1791201600000,
    "lifecycleState": "PUBLISHED",
    "lifecycleStateInfo": {"isEditedByAuthor": True},
    "visibility": "PUBLIC",
    "reshareContext": {"parent": "urn:li:share:7"},
    "content": {
        "media": {"id": "urn:li:image:1", "altText": "A desk"},
        "multiImage": {"images": [{"id": "urn:li:image:2"}]},
        "article": {"source": "https://a.example/"},
        "poll": {"question": "Tea?", "options": [{"text": "Yes"}]},
        "carousel": {"cards": [{"media": {"id": "urn:li:video:3"}, "landingPage": "https://a.example/"}]},
    },
}
POSTS = {
    "elements": [POST, POST | {"id": "urn:li:share:2"}],
    "paging": {"start": 0, "count": 2, "links": [{"rel": "next", "href": "/rest/posts"}]},
}
EXPORT = [
    {"media": [{"uri": "a/1.jpg", "creation_timestamp": 1791201600, "title": "Hello"}]},
    {"media": [{"uri": "a/2.jpg"}, {"uri": "a/3.mp4"}], "title": "Before", "creation_timestamp": 1791201601},
]
CELLS = {"Username": {"value": "ala_lakeside"}, "Bio": {"value": "Us"}, "Private Account": {"value": "False"}}
PARTICULARS = {"profile_user": [{"string_map_data": CELLS, "media_map_data": {"Profile Photo": {"uri": "a.jpg"}}}]}


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*at, key))


def mutations(original: Any, count: int = 500) -> Iterator[Any]:
    """`original` with one value, anywhere in it, replaced by something odd or left out; from a fixed seed."""
    chance = random.Random(20261121)
    for _ in range(count):
        value = copy.deepcopy(original)
        *path, last = chance.choice(list(places(value)))
        holder: Any = value
        for step in path:
            holder = holder[step]
        if chance.random() < 0.3 and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(chance.choice(ODD))
        yield value


@pytest.mark.parametrize("listing", [instagram.listing, threads.listing])
def test_graph_answers(listing: Callable[[bytes], Any]) -> None:
    """Read and set aside together are all that was served."""
    for value in mutations(MEDIA):
        served = value.get("data")
        try:
            found = listing(json.dumps(value).encode())
        except Unreadable:
            assert not isinstance(served, list)
            continue
        assert len(served) == len(found.posts) + len(found.quarantined)
        assert all(isinstance(one.content_hash, str) for one in found.posts)


def test_linkedin_answers() -> None:
    """The same; but what is not of the window is in neither."""
    for value in mutations(POSTS):
        served = value.get("elements")
        try:
            found = linkedin.listing(json.dumps(value).encode(), AUTHOR, WINDOW)
        except Unreadable:
            assert not isinstance(served, list)
            continue
        assert len(served) == len(found.ids) == len(found.posts) + len(found.quarantined)
        assert all(isinstance(one.content_hash, str) for one in found.posts)


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_profiles(odd: Any) -> None:
    """A profile is whole or unreadable, whatever stands in one of its fields."""
    user = {"id": "1", "username": "lakeside", "localizedName": "Lakeside"}
    others = ("name", "biography", "website", "profile_picture_url", "threads_biography", "description", "locations")
    for field in [*user, *others, "logoV2", "vanityName"]:
        body = json.dumps(user | {field: odd}).encode()
        for read in (instagram.profile, threads.profile, lambda body: linkedin.organisation(body).reading):
            try:
                assert isinstance(read(body).content_hash, str)
            except Unreadable:
                assert field in user


def test_exports(account: Any, tmp_path: Path) -> None:
    """Every record of an export is read or set aside."""
    for value in mutations(EXPORT):
        (tmp_path / "posts_1.json").write_text(json.dumps(value))
        found = list(importer("instagram_export").read(tmp_path, account("instagram")))
        assert 2 == sum(isinstance(one, (PostReading, Quarantined)) for one in found), value
        assert all(isinstance(one.content_hash, str) for one in found if isinstance(one, PostReading))


def test_particulars(account: Any, tmp_path: Path) -> None:
    """Odd particulars cost the profile at most."""
    (tmp_path / "posts_1.json").write_text(json.dumps(EXPORT))
    for value in mutations(PARTICULARS):
        (tmp_path / "personal_information.json").write_text(json.dumps(value))
        if '"x"' in json.dumps(value) or "\\u0000" in json.dumps(value) or "9999" in json.dumps(value):
            continue  # may be another account's name, and is refused as that
        found = list(importer("instagram_export").read(tmp_path, account("instagram")))
        assert 2 <= len(found) <= 4
        assert all(isinstance(one.content_hash, str) for one in found if isinstance(one, ProfileReading))
