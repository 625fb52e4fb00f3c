"""A server on loopback that answers for an invented chapter in each platform's shape: its profile and its token.

It knows what `chapterwatch check-connectors` asks and no more. The real connectors ask it, so what the pages show is
what the command prints.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]

_ENDS = int(datetime(2027, 1, 4, tzinfo=UTC).timestamp())
_FEED = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel>
<title>Lakeside Chapter</title><link>https://blog.lakeside.example/</link><description>News</description>
<item><guid>https://blog.lakeside.example/forum</guid><link>https://blog.lakeside.example/forum</link>
<title>The forum</title><pubDate>Fri, 16 Oct 2026 18:00:00 -0500</pubDate>
<description>The forum is over, and the projector was bullshit from the first slide to the last.</description></item>
<item><guid>https://blog.lakeside.example/october</guid><link>https://blog.lakeside.example/october</link>
<title>October</title><pubDate>Mon, 05 Oct 2026 09:30:00 -0500</pubDate>
<description>Our October meeting is on Thursday. Everybody is welcome.</description></item>
</channel></rss>
"""


def _graph(path: str, ends: int, scopes: list[str], profile: Mapping[str, Any]) -> Any:
    if path.endswith("debug_token"):
        return {"data": {"is_valid": True, "expires_at": ends, "scopes": scopes}}
    return profile


def _x(path: str, _: Mapping[str, str]) -> Any:
    return {"data": {"id": path.rpartition("/")[2], "username": "ala_lakeside", "name": "Lakeside Chapter"}}


def _facebook_page(path: str, _: Mapping[str, str]) -> Any:
    scopes = ["pages_show_list", "pages_read_engagement"]
    return _graph(path, 0, scopes, {"id": path.rpartition("/")[2], "name": "Lakeside", "username": "alalakeside"})


def _instagram(path: str, _: Mapping[str, str]) -> Any:
    scopes = ["instagram_basic", "pages_show_list", "pages_read_engagement"]
    return _graph(path, 0, scopes, {"id": path.rpartition("/")[2], "username": "ala_lakeside", "name": "Lakeside"})


def _threads(path: str, _: Mapping[str, str]) -> Any:
    return _graph(path, _ENDS, ["threads_basic"], {"id": path.rpartition("/")[2], "username": "ala_lakeside"})


def _linkedin(path: str, _: Mapping[str, str]) -> Any:
    if path.endswith("introspectToken"):
        return {
            "active": True,
            "status": "active",
            "expires_at": _ENDS,
            "scope": "r_organization_social r_organization_admin",
        }
    return {"id": int(path.rpartition("/")[2]), "vanityName": "lakeside-chapter", "localizedName": "Lakeside Chapter"}


def _youtube(_: str, query: Mapping[str, str]) -> Any:
    snippet = {"title": "Lakeside Chapter", "description": "", "customUrl": "@lakesidechapter", "thumbnails": {}}
    lists = {"relatedPlaylists": {"uploads": "UU" + query["id"][2:]}}
    items = [{"id": query["id"], "snippet": snippet, "contentDetails": lists}]
    return {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 1}, "items": items}


def _flickr(_: str, query: Mapping[str, str]) -> Any:
    texts = {"username": "Lakeside", "realname": "Lakeside Chapter", "description": "", "location": "Chicago"}
    person: dict[str, Any] = {name: {"_content": said} for name, said in texts.items()}
    person |= {"nsid": query["user_id"], "path_alias": "lakesidechapter", "iconserver": "0", "iconfarm": 0}
    return {"person": person, "stat": "ok"}


def _mastodon(path: str, _: Mapping[str, str]) -> Any:
    if not path.startswith("/api/v1/accounts/"):
        return {"version": "4.5.0", "uri": "social.example", "title": "Social"}
    return {"id": path.rpartition("/")[2], "acct": "lakeside", "display_name": "Lakeside Chapter", "note": ""}


def _bluesky(path: str, query: Mapping[str, str]) -> Any:
    if path.endswith("describeRepo"):
        return {
            "did": query["repo"],
            "handle": "lakeside.example",
            "didDoc": {},
            "collections": [],
            "handleIsCorrect": True,
        }
    uri = f"at://{query['repo']}/{query['collection']}/{query['rkey']}"
    return {"uri": uri, "cid": "bafyinvented", "value": {"displayName": "Lakeside Chapter"}}


def _wikipedia(_: str, query: Mapping[str, str]) -> Any:
    if query.get("list") == "users":
        return {"query": {"users": [{"userid": int(query.get("ususerids", "77")), "name": "Lakeside Chapter"}]}}
    return {"query": {"pages": []}}


def _weblog(_: str, __: Mapping[str, str]) -> bytes:
    return _FEED


_WELL = {
    "x": _x,
    "facebook_page": _facebook_page,
    "instagram": _instagram,
    "threads": _threads,
    "linkedin": _linkedin,
    "youtube": _youtube,
    "flickr": _flickr,
    "mastodon": _mastodon,
    "bluesky": _bluesky,
    "wikipedia": _wikipedia,
    "weblog": _weblog,
}

_GRAPH_DEAD = (400, {"error": {"code": 190, "error_subcode": 460, "type": "OAuthException", "message": "changed"}})
#: What each platform answers when it does not let us in, or knows no such account.
_REFUSED: dict[str, Answer] = {
    "x": (401, {"title": "Unauthorized", "status": 401}),
    "facebook_page": _GRAPH_DEAD,
    "instagram": _GRAPH_DEAD,
    "threads": (400, {"error": {"code": 190, "error_subcode": 463, "type": "OAuthException", "message": "expired"}}),
    "linkedin": (401, {"code": "EXPIRED_ACCESS_TOKEN", "message": "expired", "status": 401}),
    "youtube": (400, {"error": {"code": 400, "message": "no", "details": [{"reason": "API_KEY_INVALID"}]}}),
    "flickr": (200, {"stat": "fail", "code": 100, "message": "Invalid API Key"}),
    "mastodon": (404, {"error": "Record not found"}),
    "bluesky": (400, {"error": "RepoNotFound", "message": "Could not find repo"}),
    "wikipedia": (200, {"query": {"users": [{"userid": 77, "missing": True}]}}),
    "weblog": (403, b""),
}


@contextmanager
def serving(platform: str, *, refused: bool = False) -> Iterator[str]:
    """Answer for a platform as long as it is entered; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            length = int(self.headers.get("content-length") or 0)
            query |= {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            _send(self, *(_REFUSED[platform] if refused else (200, _WELL[platform](parts.path, query))))

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _send(handler: BaseHTTPRequestHandler, status: int, answer: Any) -> None:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    handler.send_response(status)
    handler.send_header("content-type", "text/xml" if isinstance(answer, bytes) else "application/json")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
