"""Answers with anything in the place of anything: each record is read or quarantined, and no other error escapes."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapterwatch.model import PostReading, ProfileReading, Quarantined
from connectors.base import importer
from connectors.facebook_page import parse as graph
from connectors.records import Unreadable
from connectors.x import parse as x_api

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

X_PAGE = {
    "data": [
        {
            "id": "1002",
            "text": "Hello &amp; welcome",
            "created_at": "2026-10-05T12:10:00.000Z",
            "lang": "en",
            "edit_history_tweet_ids": ["1001", "1002"],
            "note_tweet": {
                "text": "Hello",
                "entities": {"urls": [{"url": "https://t.co/1", "expanded_url": "https://a.example/"}]},
            },
            "entities": {"urls": [{"url": "https://t.co/1", "expanded_url": "https://a.example/"}]},
            "attachments": {"media_keys": ["3_1"]},
            "referenced_tweets": [{"type": "retweeted", "id": "9"}],
        },
        {"id": "1000", "text": "Before", "created_at": "2026-10-04T12:00:00Z"},
    ],
    "includes": {
        "media": [{"media_key": "3_1", "type": "photo", "url": "https://a.example/1.jpg", "alt_text": "A desk"}],
        "tweets": [
            {"id": "1001", "text": "Hello", "created_at": "2026-10-05T12:00:00.000Z"},
            {"id": "9", "text": "Original", "created_at": "2026-10-01T12:00:00.000Z"},
        ],
    },
    "meta": {"result_count": 2, "next_token": "t"},
}
PHOTO = {
    "type": "photo",
    "media_type": "photo",
    "media": {"image": {"src": "https://a.example/1.jpg"}},
    "target": {"id": "7"},
}
GRAPH_PAGE = {
    "data": [
        {
            "id": "10_1",
            "message": "Hello",
            "created_time": "2026-10-05T12:00:00+0000",
            "is_hidden": False,
            "attachments": {"data": [{"type": "album", "subattachments": {"data": [PHOTO]}}, PHOTO]},
        },
        {"id": "10_2", "created_time": "2026-10-04T12:00:00+0000"},
    ],
    "paging": {"cursors": {"after": "a"}, "next": "https://graph.facebook.com/v26.0/10/published_posts?after=a"},
}
TWEETS = [
    {
        "tweet": {
            "id_str": "2",
            "full_text": "Hello",
            "created_at": "Mon Oct 05 12:00:00 +0000 2026",
            "edit_info": {"edit": {"initialTweetId": "1", "editControlInitial": {"editTweetIds": ["1", "2"]}}},
            "entities": {"urls": [{"expanded_url": "https://a.example/"}], "media": [{"id_str": "5", "type": "photo"}]},
        }
    },
    {"tweet": {"id_str": "3", "full_text": "Before", "created_at": "Sun Oct 04 12:00:00 +0000 2026"}},
]
FACEBOOK_POSTS = [
    {
        "timestamp": 1791201600,
        "data": [{"post": "Hello"}, {"update_timestamp": 1791201660}],
        "attachments": [{"data": [{"media": {"uri": "a/1.jpg"}}, {"external_context": {"url": "https://a.example/"}}]}],
    },
    {"timestamp": 1791201601, "data": [{"post": "Before"}]},
]


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*at, key))


@st.composite
def mutated(draw: st.DrawFn, original: Any) -> Any:
    """`original` with one to three values, anywhere in it, replaced by something odd or left out."""
    value = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        if not value:
            break
        *path, last = draw(st.sampled_from(list(places(value))))
        holder = value
        for step in path:
            holder = holder[step]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[last]
        elif holder:
            holder[last] = copy.deepcopy(draw(st.sampled_from(ODD)))
    return value


@settings(max_examples=300, deadline=None)
@given(mutated(X_PAGE))
def test_x_answers(value: dict[str, Any]) -> None:
    """Read and quarantined together are all that was served; an earlier version is extra."""
    found = x_api.listing(json.dumps(value).encode(), "ala_lakeside")
    data = value.get("data")
    served = len(data) if isinstance(data, list) else 0
    assert served == found.returned
    assert served <= len(found.posts) + len(found.quarantined)
    assert all(isinstance(one.content_hash, str) for one in found.posts)


@settings(max_examples=300, deadline=None)
@given(mutated(GRAPH_PAGE))
def test_graph_answers(value: dict[str, Any]) -> None:
    """Read and quarantined together are all that was served."""
    body = json.dumps(value).encode()
    try:
        found = graph.listing(body)
    except Unreadable:
        assert not isinstance(value.get("data"), list)
        return
    assert len(value["data"]) == len(found.posts) + len(found.quarantined)
    assert all(isinstance(one, str) for one in graph.photo_ids(body))
    assert all(isinstance(one.content_hash, str) for one in found.posts)


@pytest.mark.parametrize("profile", [x_api.profile, graph.profile])
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_profiles(profile: Callable[[bytes], ProfileReading], odd: Any) -> None:
    """A profile is whole or unreadable, whatever stands in one of its fields."""
    user = {
        "id": "1",
        "username": "lakeside",
        "name": "Lakeside",
        "entities": {"url": {"urls": [{}]}},
        "picture": {"data": {}},
    }
    for field in [*user, "description", "about", "website", "cover", "url"]:
        record = user | {field: odd}
        try:
            reading = profile(json.dumps(record | {"data": record}).encode())
        except Unreadable:
            assert field in {"id", "username", "name"}
        else:
            assert isinstance(reading.content_hash, str)


@pytest.mark.parametrize(
    ("export_format", "name", "opening", "original"),
    [
        ("x_archive", "tweets.js", "window.YTD.tweets.part0 = ", TWEETS),
        ("facebook_export", "your_posts_1.json", "", FACEBOOK_POSTS),
    ],
)
def test_exports(
    account: Any, tmp_path: Path, export_format: str, name: str, opening: str, original: list[Any]
) -> None:
    """Every record of an export is read or quarantined: 400 mutations of each, from a fixed seed."""
    chance = random.Random(20261121)
    for _ in range(400):
        value = copy.deepcopy(original)
        *path, last = chance.choice(list(places(value)))
        holder: Any = value
        for step in path:
            holder = holder[step]
        holder[last] = copy.deepcopy(chance.choice(ODD))
        (tmp_path / name).write_text(opening + json.dumps(value))
        found = list(importer(export_format).read(tmp_path, account()))
        assert 2 == sum(isinstance(one, (PostReading, Quarantined)) for one in found), value
        assert all(isinstance(one.content_hash, str) for one in found if isinstance(one, PostReading))
