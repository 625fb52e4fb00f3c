"""The SDKs the connectors use, pointed at the loopback server, page through it as through the platforms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import facebook
import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from sample import network, server

CONTENT = network.load()
SECRETS = network.tokens()
PAGE = "100200300400504"


class Detour(HTTPAdapter):
    """Sends whatever is asked of a platform's host to the server at `url`."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._parts = urlsplit(url)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Turn the request round and send it."""
        parts = urlsplit(str(request.url))
        request.url = urlunsplit((self._parts.scheme, self._parts.netloc, parts.path, parts.query, ""))
        return super().send(request, *args, **kwargs)


@pytest.fixture(scope="module")
def running() -> Iterator[server.RunningServer]:
    up = server.start()
    yield up
    up.stop()


def test_tweepy_pages_through_a_timeline(running: server.RunningServer) -> None:
    """tweepy.Paginator finds every post once, newest first."""
    client = tweepy.Client(SECRETS["x"]["bearer_token"], return_type=dict, wait_on_rate_limit=False)
    client.session.mount("https://api.twitter.com", Detour(running.url))
    user = client.get_user(username="ala_prairie")["data"]
    pages = tweepy.Paginator(client.get_users_tweets, user["id"], limit=20, max_results=10)
    found = [post["id"] for page in pages for post in page["data"]]
    shown = network.state(CONTENT, server.FIRST_NIGHT)[f"x:{user['id']}"].posts
    assert [item.current.id for item in shown] == found


def test_tweepy_raises_on_a_bad_token(running: server.RunningServer) -> None:
    """401 becomes tweepy.Unauthorized."""
    client = tweepy.Client("demo-token-x-wrong", return_type=dict)
    client.session.mount("https://api.twitter.com", Detour(running.url))
    with pytest.raises(tweepy.Unauthorized):
        client.get_user(username="ala_prairie")


def test_facebook_sdk_pages_through_published_posts(running: server.RunningServer) -> None:
    """facebook.GraphAPI finds every post once with cursors taken from its answers."""
    session = requests.Session()
    session.mount("https://graph.facebook.com", Detour(running.url))
    graph = facebook.GraphAPI(SECRETS["facebook_page"][f"page_token:{PAGE}"], session=session, timeout=10)
    graph.version = "v26.0"
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        body = graph.get_connections(PAGE, "published_posts", fields="id,message", limit=7, **after)
        found += [post["id"] for post in body["data"]]
        if "next" not in body["paging"]:
            break
        after = {"after": body["paging"]["cursors"]["after"]}
    shown = network.state(CONTENT, server.FIRST_NIGHT)[f"facebook_page:{PAGE}"].posts
    assert [item.post.id for item in shown] == found


def test_facebook_sdk_raises_on_the_dead_token(running: server.RunningServer) -> None:
    """The error envelope becomes GraphAPIError with code 190."""
    session = requests.Session()
    session.mount("https://graph.facebook.com", Detour(running.url))
    dead = SECRETS["facebook_page"]["page_token:100200300400503"]
    graph = facebook.GraphAPI(dead, session=session, timeout=10)
    graph.version = "v26.0"
    with pytest.raises(facebook.GraphAPIError) as caught:
        graph.get_object("100200300400503", fields="id,name")
    assert caught.value.code == 190
