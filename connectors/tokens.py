"""What platforms say of a token itself: until when it works and what it may do.

Sources: Graph API and Threads API, debug_token; LinkedIn, token introspection.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from chapterwatch.errors import ConnectorError, CredentialsRejected, RateLimited, UnexpectedShape, Unreachable
from chapterwatch.model import Account, Connection
from connectors import graph_faults
from connectors.base import Probe
from connectors.http import Answer, PlatformSession

log = logging.getLogger(__name__)

#: An end is told in seconds since 1970; beyond this it is garbage.
_LAST_SECOND = 32_503_680_000


def graph_probe(
    connection: Connection,
    account: Account,
    *,
    home: str,
    version: str,
    token: str,
    handle: str | None,
    in_query: bool = False,
) -> Probe:
    """What the Graph API or Threads says of a token of an account that was just reached.

    The app's own token asks where the connection has an `app_id` and `app_secret`, else the token asks about itself,
    which some apps are refused; the probe then says so, and the account counts as reachable all the same.

    Raises:
        CredentialsRejected: the platform calls the token invalid.
    """
    session = PlatformSession(home, connection, graph_faults.check)
    asking = _asking_token(connection, token)
    question = {"input_token": token}
    if in_query:
        question["access_token"] = asking
    else:
        session.headers["Authorization"] = f"Bearer {asking}"
    app_secret = connection.secrets.get("app_secret")
    if app_secret and asking == token:
        question["appsecret_proof"] = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    try:
        told = _told(session, account, f"{home}/{version}/debug_token", question)
    except ConnectorError as error:
        log.info("account %s: token not told (%s)", account.key, error.reason)
        why = _UNTOLD.get(error.reason, "it does not answer this question")
        return Probe(reachable=True, handle=handle, note=f"The platform would not tell about the token: {why}.")
    if told.get("is_valid") is False:
        raise CredentialsRejected(f"{account.key}: the platform calls the token invalid")
    ends = _earliest(told.get("expires_at"), told.get("data_access_expires_at"))
    note = "" if ends else "The token has no end of its own; it dies with the role or password of whoever made it."
    return Probe(reachable=True, expires_at=ends, scopes=_words(told.get("scopes")), handle=handle, note=note)


def linkedin_probe(
    connection: Connection,
    account: Account,
    *,
    home: str,
    token: str,
    check: Callable[[Answer], None],
    handle: str | None,
) -> Probe:
    """What LinkedIn says of a token, where the connection has the app's `client_id` and `client_secret`.

    Raises:
        CredentialsRejected: LinkedIn calls the token expired or revoked.
    """
    client_id = connection.options.get("client_id") or connection.secrets.get("client_id")
    client_secret = connection.secrets.get("client_secret")
    if not client_id or not client_secret:
        return Probe(
            reachable=True,
            handle=handle,
            note="When the token ends LinkedIn tells only with client_id and client_secret.",
        )
    session = PlatformSession(home, connection, check)
    session.subject = account.key
    form = {"client_id": client_id, "client_secret": client_secret, "token": token}
    try:
        session.post(f"{home}/oauth/v2/introspectToken", data=form)
        told = _mapping(session.last)
    except ConnectorError as error:
        log.info("account %s: token not told (%s)", account.key, error.reason)
        return Probe(reachable=True, handle=handle, note="LinkedIn would not tell when the token ends.")
    if told.get("active") is False:
        raise CredentialsRejected(f"{account.key}: LinkedIn calls the token {told.get('status', 'inactive')}")
    return Probe(
        reachable=True,
        expires_at=_earliest(told.get("expires_at")),
        scopes=_words(told.get("scope")),
        handle=handle,
    )


#: Why a platform tells nothing about a token. Whatever else it says is about the question, never about the account.
_UNTOLD = {
    RateLimited.reason: "its limit of questions was reached",
    Unreachable.reason: "it could not be reached",
}


def _asking_token(connection: Connection, token: str) -> str:
    app_id, app_secret = connection.options.get("app_id"), connection.secrets.get("app_secret")
    return f"{app_id}|{app_secret}" if app_id and app_secret else token


def _told(session: PlatformSession, account: Account, url: str, question: Mapping[str, str]) -> Mapping[str, Any]:
    session.subject = account.key
    session.get(url, params=question)
    told = _mapping(session.last).get("data")
    if not isinstance(told, dict):
        raise UnexpectedShape(f"{account.key}: the answer says nothing of the token")
    return told


def _mapping(answer: Answer | None) -> Mapping[str, Any]:
    value = answer.value if answer else None
    return value if isinstance(value, dict) else {}


def _earliest(*epochs: object) -> datetime | None:
    """The earliest of some ends in seconds since 1970; 0 says never."""
    ends = [one for one in epochs if isinstance(one, int) and not isinstance(one, bool) and 0 < one < _LAST_SECOND]
    return datetime.fromtimestamp(min(ends), tz=UTC) if ends else None


def _words(scopes: object) -> tuple[str, ...] | None:
    """Scopes as Graph lists them, or as LinkedIn writes them, with commas or spaces."""
    if isinstance(scopes, str):
        return tuple(scopes.replace(",", " ").split())
    return tuple(str(one) for one in scopes) if isinstance(scopes, Iterable) else None
