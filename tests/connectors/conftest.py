"""A real HTTP server on loopback whose answers a test writes down, and accounts and connections that point at it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chapterwatch.model import Access, Account, Connection, Space, Window

REPO = Path(__file__).parents[2]

#: Looks like nothing else, so that finding it anywhere is a leak.
CANARY = "cAnArY-t0ken/with+odd=chars|7391"


@dataclass
class Reply:
    """One scripted answer: a JSON value or bytes, and how it misbehaves."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    #: Announce more bytes than are sent.
    short: bool = False
    #: Send one byte at a time with this pause.
    drip: float = 0.0
    chunked: bool = False

    @property
    def bytes(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


class Platform:
    """The scripted platform. `script` holds replies or functions of the request; the last one repeats for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self._script: list[Any] = []

    def answers(self, *replies: Any) -> None:
        """Write down what comes next."""
        self._script = list(replies)

    def reply_to(self, asked: Asked) -> Reply:
        """Take the next of the script, keeping the last."""
        self.asked.append(asked)
        following = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        reply = following(asked) if callable(following) else following
        return reply if isinstance(reply, Reply) else Reply(reply)


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def canary() -> str:
    return CANARY


@pytest.fixture
def platform() -> Iterator[Platform]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            form = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            asked = Asked(self.command, parts.path, _single(parts.query), dict(self.headers.items()), _single(form))
            _send(self, scripted.reply_to(asked))

        do_POST = do_GET  # noqa: N815 - http.server's name

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A client that hangs up early is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted = Platform(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield scripted
    server.shutdown()
    server.server_close()


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    time.sleep(reply.delay)
    body = reply.bytes
    try:
        handler.send_response_only(reply.status)
        for name, value in (
            {"content-type": "application/json", "date": handler.date_time_string()} | reply.headers
        ).items():
            handler.send_header(name, value)
        if reply.chunked:
            handler.send_header("transfer-encoding", "chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        else:
            handler.send_header("content-length", str(len(body) + (50 if reply.short else 0)))
        handler.end_headers()
        for piece in [body[at : at + 1] for at in range(len(body))] if reply.drip else [body]:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(reply.drip)
    except OSError:
        pass
    handler.close_connection = reply.short or bool(reply.drip)


@pytest.fixture
def account() -> Callable[..., Account]:
    def make(platform_name: str = "x", native_id: str = "2001", **changes: Any) -> Account:
        values: dict[str, Any] = {
            "key": f"{platform_name}:{native_id}",
            "platform": platform_name,
            "native_id": native_id,
            "handle": "ala_lakeside",
            "association": "ala",
            "chapter": "ala-lakeside",
            "space": Space.OFFICIAL,
            "access": Access.PUBLIC_API,
            "pack": "ala",
            "language": "en",
            "timezone": "America/Chicago",
        }
        return Account(**values | changes)

    return make


@pytest.fixture
def connection(platform: Platform) -> Callable[..., Connection]:
    """Connections to the scripted server, impatient unless a test says otherwise."""

    def make(platform_name: str = "x", *, secrets: dict[str, str] | None = None, **options: str) -> Connection:
        name = "bearer_token" if platform_name == "x" else "page_token"
        patience = {"timeout_seconds": "5", "backoff_seconds": "0.01", "attempts": "3"}
        return Connection(
            id=f"{platform_name}_demo",
            platform=platform_name,
            base_url=platform.url,
            secrets={name: CANARY} if secrets is None else secrets,
            options=patience | options,
        )

    return make


@pytest.fixture
def window() -> Window:
    return Window(since=datetime(2026, 10, 1, tzinfo=UTC), until=datetime(2026, 11, 1, tzinfo=UTC))


def _folder(variable: str, name: str) -> Path:
    folder = Path(os.environ.get(variable) or REPO.parent / "shared" / name)
    if not folder.is_dir():
        pytest.skip(f"no folder of {name}; set {variable} to one")
    return folder


@pytest.fixture
def payloads() -> Path:
    """Recorded answers and exports of other projects, not part of this one."""
    return _folder("CHAPTERWATCH_FIXTURES", "fixtures")


@pytest.fixture
def hostile() -> Path:
    """Inputs that break parsers, not part of this project."""
    return _folder("CHAPTERWATCH_HOSTILE", "data/hostile")
