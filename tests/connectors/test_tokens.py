"""What platforms say of tokens, asked over real HTTP on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import connectors
from chapterwatch.errors import CredentialsRejected
from chapterwatch.model import Access, Account, Connection, Space
from connectors import graph_faults
from connectors.tokens import graph_probe, linkedin_probe

TOKEN = "invented-token-1a2b3c"
ENDS = datetime(2027, 1, 5, 12, tzinfo=UTC)
ACCOUNT = Account(
    key="facebook_page:7001", platform="facebook_page", native_id="7001", handle="lakeside", association="ala",
    chapter="ala-lakeside", space=Space.OFFICIAL, access=Access.OWNER_TOKEN, pack="ala", language="en", timezone="UTC",
)  # fmt: skip


class Host:
    """A server that gives one answer to everything and keeps what it was asked."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.body, self.status = body, status
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.url = ""


@contextmanager
def hosting(host: Host) -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            host.asked.append((parts.path, parse_qs(parts.query or form), self.headers.get("Authorization", "")))
            said = host.body(parts.path) if callable(host.body) else host.body
            body = json.dumps(said).encode()
            self.send_response(host.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield host
    server.shutdown()
    server.server_close()


def graph(host: Host, **extra: Any) -> connectors.Probe:
    """What Graph says of the token."""
    options = {"attempts": "1", "timeout_seconds": "5"} | extra.get("options", {})
    connection = Connection(
        id="fb", platform="facebook_page", base_url=host.url, secrets=extra.get("secrets", {}), options=options
    )
    home = "https://graph.facebook.com"
    return graph_probe(connection, ACCOUNT, home=home, version="v26.0", token=TOKEN, handle="lakeside")


def test_graph_tells_end_and_scopes() -> None:
    """The earliest of both ends counts, and the token asks about itself."""
    told = {"is_valid": True, "expires_at": int(ENDS.timestamp()), "data_access_expires_at": int(ENDS.timestamp()) + 9}
    with hosting(Host({"data": told | {"scopes": ["pages_show_list"]}})) as host:
        probe = graph(host)

    assert (True, ENDS, ("pages_show_list",), "lakeside") == (
        probe.reachable, probe.expires_at, probe.scopes, probe.handle
    )  # fmt: skip
    assert [("/v26.0/debug_token", {"input_token": [TOKEN]}, f"Bearer {TOKEN}")] == host.asked


def test_a_token_without_an_end_is_no_warning() -> None:
    """Zero means never; the sentence says what it dies with."""
    with hosting(Host({"data": {"is_valid": True, "expires_at": 0, "data_access_expires_at": 0}})) as host:
        probe = graph(host)

    assert (None, None) == (probe.expires_at, probe.scopes)
    assert "no end of its own" in probe.note


def test_the_app_asks_where_it_can() -> None:
    """With app_id and app_secret the app's own token asks."""
    with hosting(Host({"data": {"is_valid": True}})) as host:
        graph(host, secrets={"app_secret": "invented-secret"}, options={"app_id": "12"})

    assert ["Bearer 12|invented-secret"] == [asked[2] for asked in host.asked]


@pytest.mark.parametrize(("status", "code"), [(400, 100), (404, 803)])
def test_a_refusal_to_tell_is_no_lost_access(status: int, code: int) -> None:
    """The near-miss: the account was reached, only its token is not talked about; nothing reads as if it were gone."""
    refusal = {"error": {"code": code, "message": "You must provide an app access token"}}
    with hosting(Host(refusal, status)) as host:
        probe = graph(host)

    assert (True, None) == (probe.reachable, probe.expires_at)
    assert "would not tell" in probe.note
    assert "The platform would not tell about the token: it does not answer this question." == probe.note


def test_an_invalid_token_is_rejected() -> None:
    """Graph answers 200 and says so in the body."""
    with hosting(Host({"data": {"is_valid": False}})) as host, pytest.raises(CredentialsRejected):
        graph(host)


@pytest.mark.parametrize("garbage", [-1, True, "1799150400", 10**15, None])
def test_garbage_is_no_end(garbage: object) -> None:
    """What is no instant of this millennium is not taken for one."""
    with hosting(Host({"data": {"is_valid": True, "expires_at": garbage}})) as host:
        assert graph(host).expires_at is None


def linkedin(host: Host, secrets: dict[str, str]) -> connectors.Probe:
    """What LinkedIn says of the token."""
    connection = Connection(id="li", platform="linkedin", base_url=host.url, secrets=secrets)
    home = "https://www.linkedin.com"
    return linkedin_probe(
        connection, ACCOUNT, home=home, token=TOKEN, check=graph_faults.check, handle="lakeside"
    )  # fmt: skip


def test_linkedin_introspects() -> None:
    """End and scopes as LinkedIn writes them."""
    body = {
        "active": True,
        "status": "active",
        "expires_at": int(ENDS.timestamp()),
        "scope": "r_organization_social,rw_ads",
    }
    with hosting(Host(body)) as host:
        probe = linkedin(host, {"client_id": "a", "client_secret": "invented-secret"})

    assert (ENDS, ("r_organization_social", "rw_ads")) == (probe.expires_at, probe.scopes)
    assert [TOKEN] == host.asked[0][1]["token"]


def test_linkedin_without_the_apps_secret_is_not_asked() -> None:
    """Nothing is sent, and the sentence says what is missing."""
    with hosting(Host({})) as host:
        probe = linkedin(host, {})

    assert [] == host.asked
    assert "client_secret" in probe.note


def test_linkedin_calls_a_token_expired() -> None:
    """Inactive is refused, with LinkedIn's word for it."""
    with (
        hosting(Host({"active": False, "status": "expired"})) as host,
        pytest.raises(CredentialsRejected, match="expired"),
    ):
        linkedin(host, {"client_id": "a", "client_secret": "invented-secret"})


@pytest.mark.parametrize(
    ("platform", "secret", "profile"),
    [
        ("facebook_page", "page_token", {"id": "7001", "name": "Lakeside", "username": "lakeside"}),
        ("instagram", "access_token", {"id": "7001", "username": "lakeside", "name": "Lakeside"}),
        ("threads", "access_token", {"id": "7001", "username": "lakeside", "name": "Lakeside"}),
    ],
)
def test_the_graph_family_is_probed_by_profile_and_token(platform: str, secret: str, profile: dict[str, str]) -> None:
    """Through the connectors' own door: reached, under which handle, until when."""
    told = {"data": {"is_valid": True, "expires_at": int(ENDS.timestamp()), "scopes": ["pages_show_list"]}}
    with hosting(Host(lambda path: told if path.endswith("/debug_token") else profile)) as host:
        connection = Connection(id="c", platform=platform, base_url=host.url, secrets={secret: TOKEN})
        probe = connectors.probe(connectors.open_connector(connection), ACCOUNT)

    assert (True, "lakeside", ENDS) == (probe.reachable, probe.handle, probe.expires_at)
    assert {f"Bearer {TOKEN}"} == {asked[2] for asked in host.asked}


def test_a_failure_is_a_probe_too() -> None:
    """Nothing is raised: an account that cannot be reached is what was found out."""
    dead = {"error": {"code": 190, "message": "expired"}}
    with hosting(Host(dead, 400)) as host:
        connection = Connection(id="c", platform="facebook_page", base_url=host.url, secrets={"page_token": TOKEN})
        probe = connectors.probe(connectors.open_connector(connection), ACCOUNT)

    assert (False, "credentials_rejected") == (probe.reachable, probe.reason)
    assert TOKEN not in probe.note


def test_a_proof_goes_along_where_the_app_demands_it() -> None:
    """The token asks about itself, with the app's proof; in the query where Graph takes none in the header."""
    with hosting(Host({"data": {"is_valid": True}})) as host:
        graph(host, secrets={"app_secret": "invented-secret"})

    assert 64 == len(host.asked[0][1]["appsecret_proof"][0])
