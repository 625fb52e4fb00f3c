"""What keeps strangers out: tokens for forms, the same-origin rule, and the headers of every answer."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

#: Seconds a form may lie open before it is sent.
TOKEN_LIFE = 12 * 3600

#: Nothing from elsewhere is loaded, no script stands in a page, and only our own origin (Airflow's UI) may frame it.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
#: A report is one page with its own style; whatever is in it, no script of it runs.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-popups"
)

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def token(secret: bytes, name: str, now: float) -> str:
    """A token for the forms of one person: when it was made, something random, and a seal over both and the name."""
    head = f"{int(now)}.{secrets.token_urlsafe(9)}"
    return f"{head}.{_seal(secret, name, head)}"


def is_ours(secret: bytes, name: str, given: str, now: float) -> bool:
    """Whether a token was made for this person within its life."""
    head, _, seal = given.rpartition(".")
    made = head.partition(".")[0]
    if not made.isdecimal() or not hmac.compare_digest(seal.encode(), _seal(secret, name, head).encode()):
        return False
    return 0 <= now - int(made) + 60 <= TOKEN_LIFE


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a POST comes from one of our own pages, as its browser says.

    Browsers send Sec-Fetch-Site on HTTPS and on loopback, and Origin with every POST. A POST with neither is not from
    a page.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    hosts = {headers.get("host"), headers.get("x-forwarded-host")} - {None, ""}
    return origin is not None and urlsplit(origin).netloc in hosts


def _seal(secret: bytes, name: str, head: str) -> str:
    return hmac.new(secret, f"{name}\x1f{head}".encode(), hashlib.sha256).hexdigest()
