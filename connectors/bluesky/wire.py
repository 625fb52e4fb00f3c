"""atproto over our own HTTP session: it brings httpx, which is given a transport that sends nothing by itself."""

from __future__ import annotations

from typing import Any

import httpx
from atproto_client.client.raw import ClientRaw  # type: ignore[import-untyped]
from atproto_client.request import Request  # type: ignore[import-untyped]

from connectors.http import PlatformSession, origin_of


class SessionTransport(httpx.BaseTransport):
    """Hands every request to a `PlatformSession`, whose errors pass through httpx and atproto as they are."""

    def __init__(self, session: PlatformSession) -> None:
        self._session = session

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request where the session may go; httpx has tidied the address, only its path is taken."""
        url = origin_of(self._session.base) + request.url.raw_path.decode("ascii")
        response = self._session.request(request.method, url, headers={"accept": "application/json"})
        return httpx.Response(
            response.status_code, headers={"content-type": "application/json"}, content=response.content
        )


def client_over(session: PlatformSession) -> Any:
    """An atproto client without an account that asks through `session`. `Any`: its calls are made at run time."""
    transport = SessionTransport(session)
    return ClientRaw(session.base, request=Request(transport=transport, trust_env=False))
