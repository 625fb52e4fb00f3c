"""A loopback server that answers for the demo network in the shapes of X and Graph.

Its clock is set from outside (`PUT /_sample/clock {"now": "2026-10-29T02:15:00Z"}`) and what it shows is a function of
that clock alone, but for one thing: a rate limit ends after a few seconds of real time, so that a client can wait for
it. Run it with `python -m sample.server --port 8900`.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sample import graph_api, network, pictures, x_api
from sample.answers import Answer, World, moment

FIRST_NIGHT = datetime(2026, 10, 29, 2, 15, tzinfo=UTC)
#: How long a rate limit lasts, in seconds of real time.
RESET_IN = 3
CLOCK = "/_sample/clock"
#: The platforms' picture servers; in every answer this server stands in their place.
PICTURE_SERVERS = ("https://pbs.twimg.com", "https://scontent.xx.fbcdn.net")
PICTURES = "_pictures"
LIMIT = 900
WINDOW = 900


class Host:
    """The network, its clock and its rate limits, shared by the threads that answer."""

    def __init__(self, content: network.Network, now: datetime, wall: Callable[[], float] = time.time) -> None:
        self._lock = threading.Lock()
        self._content = content
        self._wall = wall
        self._secrets = network.tokens()
        self._pictures = pictures.by_path(content)
        self.url = ""
        self.set_clock(now)

    @property
    def now(self) -> datetime:
        """The instant (UTC) this host pretends it is."""
        return self._now

    def set_clock(self, now: datetime) -> None:
        """Turn the clock. Rate limits start anew with every setting."""
        with self._lock:
            self._now = now
            self._states = network.state(self._content, now)
            self._limited_until: dict[str, int] = {}
            self._asked = 0

    def answer_x(self, path: list[str], query: Mapping[str, str], token: str | None) -> Answer:
        """Answer one request to /2, bearer token, rate limit and all."""
        world = self._world("x")
        headers = self._rate_headers()
        if token not in world.secrets.values():
            return x_api.unauthorized()
        reset = self._limited(x_api.account_asked_for(world, path))
        if reset is not None:
            too_many = x_api.problem(429, "Too Many Requests", "about:blank", "Too Many Requests")
            spent = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
            return Answer(429, too_many.body, {**headers, **spent})
        result = x_api.answer(world, path, query)
        return Answer(result.status, result.body, {**headers, **result.headers})

    def answer_graph(self, method: str, path: list[str], query: Mapping[str, str]) -> Answer:
        """Answer one request to /v26.0."""
        return graph_api.answer(self._world("facebook_page"), method, path, query)

    def answer_picture(self, path: str) -> Answer:
        """Answer one request to a picture server, whose path this is."""
        name = self._pictures.get(path)
        return Answer(404, {"detail": "no such picture"}) if name is None else Answer(200, pictures.draw(name))

    def _world(self, platform: str) -> World:
        with self._lock:
            return World(states=self._states, secrets=self._secrets[platform], url=self.url)

    def _rate_headers(self) -> dict[str, str]:
        with self._lock:
            self._asked += 1
            left = max(0, LIMIT - self._asked)
        reset = int(self._wall()) + WINDOW
        names = ("x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset")
        return dict(zip(names, map(str, (LIMIT, left, reset)), strict=True))

    def _limited(self, key: str | None) -> int | None:
        """The epoch second (real time) until which this account is limited; None when it is not."""
        account = self._content.accounts.get(key) if key else None
        if account is None or account.faults.rate_limited_on != self._now.date():
            return None
        with self._lock:
            reset = self._limited_until.setdefault(account.key, int(self._wall()) + RESET_IN)
        return reset if self._wall() < reset else None


@dataclass(frozen=True)
class RunningServer:
    """A server that is up: where it is, its clock, and how to end it."""

    url: str
    set_clock: Callable[[datetime], None]
    stop: Callable[[], None]


def start(port: int = 0, now: datetime = FIRST_NIGHT) -> RunningServer:
    """Start the server on 127.0.0.1 in a thread of its own; port 0 takes a free one. Raises OSError if it is taken."""
    host = Host(network.load(), now)
    server = _server(host, port)
    thread = threading.Thread(target=server.serve_forever, name="sample-server", daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return RunningServer(host.url, host.set_clock, stop)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Serve the demo network on 127.0.0.1 in the shapes of X and Graph.")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--now", type=moment, default=FIRST_NIGHT, help="the clock's first setting (ISO 8601)")
    given = parser.parse_args()
    host = Host(network.load(), given.now)
    server = _server(host, given.port)
    print(f"demo network on {host.url}, clock at {given.now.isoformat()}", flush=True)  # noqa: T201 - the command's answer
    with suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()


def _server(host: Host, port: int) -> ThreadingHTTPServer:
    handler = type("SampleHandler", (_Handler,), {"host": host})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    host.url = f"http://127.0.0.1:{server.server_port}"
    return server


class _Handler(BaseHTTPRequestHandler):
    host: Host
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET", b"")

    def do_POST(self) -> None:
        self._answer("POST", self._body())

    def do_PUT(self) -> None:
        self._write(self._turn_clock(self._body()))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Nothing: request lines carry tokens."""

    def _answer(self, method: str, body: bytes) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(parse_qsl(body.decode("utf-8")))
        names = [name for name in parts.path.split("/") if name]
        self._write(self._routed(method, names, query))

    def _routed(self, method: str, names: list[str], query: dict[str, str]) -> Answer:
        match names:
            case ["_sample", "clock"] if method == "GET":
                return Answer(200, {"now": self.host.now.isoformat()})
            case [name, *rest] if name == PICTURES and method == "GET":
                return self.host.answer_picture("/" + "/".join(rest))
            case ["2", *rest] if method == "GET":
                return self.host.answer_x(rest, query, self._bearer())
            case [graph_api.VERSION, *rest]:
                token = query.get("access_token") or self._bearer() or ""
                return self.host.answer_graph(method, rest, {**query, "access_token": token})
        return Answer(404, {"detail": "no such path in the sample"})

    def _turn_clock(self, body: bytes) -> Answer:
        if urlsplit(self.path).path != CLOCK:
            return Answer(404, {"detail": "no such path in the sample"})
        try:
            now = moment(json.loads(body)["now"])
        except (ValueError, KeyError, TypeError):
            return Answer(400, {"detail": 'send {"now": "2026-10-29T02:15:00Z"}'})
        self.host.set_clock(now)
        return Answer(200, {"now": now.isoformat()})

    def _bearer(self) -> str | None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _as_json(self, body: Any) -> bytes:
        text = json.dumps(body, ensure_ascii=False)
        for server in PICTURE_SERVERS:
            text = text.replace(server, f"{self.host.url}/{PICTURES}")
        return text.encode("utf-8", "surrogatepass")

    def _write(self, answer: Answer) -> None:
        is_picture = isinstance(answer.body, bytes)
        payload = answer.body if is_picture else self._as_json(answer.body)
        self.send_response(answer.status)
        self.send_header("Content-Type", "image/jpeg" if is_picture else "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(payload)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)


if __name__ == "__main__":
    main()
