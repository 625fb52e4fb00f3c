"""Fetching the pictures of posts and profiles: from a platform's picture servers, or out of an export.

Addresses come from platforms' answers, so they are not trusted: only http(s), no private address whatever a name or a
redirect leads to, no cookies, no credentials, sizes and times within limits. What comes back must be a picture by its
own bytes. Videos and sound are never asked for.
"""

from __future__ import annotations

import io
import ipaddress
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from PIL import Image, UnidentifiedImageError
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Connection, path_of
from connectors.exportfiles import ExportFiles, open_export
from connectors.http import (
    BodyTooLarge,
    BodyTooSlow,
    Policy,
    base_url_of,
    keep_headers,
    origin_of,
    retries,
    whole_body,
)

MAX_BYTES = 8_000_000
#: A picture of 25 million pixels is 75 MB unpacked; a bomb claims thousands of millions.
MAX_PIXELS = 25_000_000
DEADLINE_SECONDS = 60.0
MOST_REDIRECTS = 3

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
#: Some picture servers do not say what they send; what they do say must not be something else.
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
_GONE = {401, 403, 404, 410, 451}
_REDIRECTS = {301, 302, 303, 307, 308}
#: X gives a profile's picture in 48 x 48 pixels and documents the other sizes by this ending.
_X_SMALL = re.compile(r"_normal(?=\.\w+$)")


class PictureRefused(Exception):
    """A picture that could not be had. `reason`: too_large, gone, not_an_image or unreachable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """The bytes of a picture as they came, and what they say they are. Sizes are pixels."""

    body: bytes = field(repr=False)
    mime: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A picture to be had: where it was seen, and what tells it from others (`model.picture_key`)."""

    subject_id: str
    picture: str
    url: str | None


class PictureSource(Protocol):
    """Where the pictures of one account come from."""

    def picture(self, wanted: Wanted) -> Picture:
        """One picture. Raises `PictureRefused`."""
        ...


def inspect(body: bytes) -> Picture:
    """What a body is, by its bytes alone.

    Raises:
        PictureRefused: it is larger than we keep, packed or unpacked, or no whole picture of a kind we read.
    """
    if len(body) > MAX_BYTES:
        raise PictureRefused("too_large")
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise PictureRefused("too_large")
            # Headers may lie; only unpacking it shows that a picture is whole.
            image.load()
            return Picture(body, Image.MIME[str(image.format)], width, height)
    except Image.DecompressionBombError:
        raise PictureRefused("too_large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise PictureRefused("not_an_image") from None


# --- from a server --------------------------------------------------------------------------------------------------


class WebPictures:
    """Pictures from a platform's servers, or from the one server a connection on loopback names."""

    def __init__(self, connection: Connection) -> None:
        self._policy = replace(Policy.of(connection), attempts=2)
        self._platform = connection.platform
        self._session = _session(base_url_of(connection), self._policy)

    def picture(self, wanted: Wanted) -> Picture:
        """Fetch one picture, following a few redirects. Raises `PictureRefused`."""
        if not wanted.url:
            raise PictureRefused("gone")
        url = _X_SMALL.sub("_400x400", wanted.url) if self._platform == "x" else wanted.url
        try:
            return inspect(self._body(url))
        except (requests.RequestException, urllib3.exceptions.HTTPError, BodyTooSlow, ValueError):
            # ValueError: an address in a redirect that is none.
            raise PictureRefused("unreachable") from None
        except BodyTooLarge:
            raise PictureRefused("too_large") from None

    def _body(self, url: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            with self._get(url) as response:
                if response.status_code not in _REDIRECTS:
                    return _usable(response)
                url = urljoin(url, response.headers.get("location", ""))
        raise PictureRefused("unreachable")

    @contextmanager
    def _get(self, url: str) -> Iterator[requests.Response]:
        _refuse_address(url)
        response = self._session.get(
            url, stream=True, allow_redirects=False, timeout=self._policy.timeout_seconds, auth=keep_headers
        )
        with response:
            yield response


def _usable(response: requests.Response) -> bytes:
    if response.status_code in _GONE:
        raise PictureRefused("gone")
    if response.status_code != requests.codes.ok:
        raise PictureRefused("unreachable")
    said = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in _UNSAID and not said.startswith("image/"):
        raise PictureRefused("not_an_image")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise PictureRefused("too_large")
    return whole_body(response, MAX_BYTES, DEADLINE_SECONDS)


def _session(base: str | None, policy: Policy) -> requests.Session:
    """A session that keeps nothing and reaches public addresses only, and the server `base` names.

    Where that server is on loopback it is all there is: a rehearsal never asks the real picture servers.
    """
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "chapterwatch"})
    session.adapters.clear()
    if base is None or not _is_loopback(base):
        for scheme in ("http://", "https://"):
            session.mount(scheme, _PublicAdapter(max_retries=retries(policy)))
    if base is not None:
        session.mount(origin_of(base) + "/", HTTPAdapter(max_retries=retries(policy)))
    return session


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_address(url: str) -> None:
    """What cannot be the address of a picture: another scheme, no host, or credentials in it."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    if not usable:
        raise PictureRefused("unreachable")


class _NotPublic(urllib3.exceptions.HTTPError):
    """A name or a redirect led to an address of our own network."""


def _refuse_private(sock: socket.socket) -> socket.socket:
    """Judge the address that was connected to, not the name: a name may lead elsewhere the second time it is asked."""
    peer = ipaddress.ip_address(sock.getpeername()[0].partition("%")[0])
    mapped = getattr(peer, "ipv4_mapped", None) or peer
    if not mapped.is_global or mapped.is_multicast:
        sock.close()
        raise _NotPublic
    return sock


class _PublicHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _refuse_private(super()._new_conn())


class _PublicHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _refuse_private(super()._new_conn())


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


class _PublicAdapter(HTTPAdapter):
    """Reaches public addresses only. Behind a proxy it is the proxy that decides what can be reached."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}


# --- out of an export -----------------------------------------------------------------------------------------------


class ExportPictures:
    """The pictures inside an export: X's `*_media` folders, Facebook's files by name."""

    def __init__(self, files: ExportFiles, account: Account) -> None:
        self._files = files
        self._account = account
        self._names: dict[str, list[str]] = {}
        for name in files.names:
            path = PurePosixPath(name)
            # X writes the post's id (or the account's) before the picture's own name.
            own = path.name.partition("-")[2] if path.parent.name.endswith("_media") else ""
            for base in {path.name, own} - {""}:
                self._names.setdefault(base, []).append(name)

    def picture(self, wanted: Wanted) -> Picture:
        """One picture by the name its post gives it; two files of one name are told apart by the post's id.

        Raises:
            PictureRefused: `gone` where the export holds no such file.
        """
        name = self._name_of(wanted)
        if name is None:
            raise PictureRefused("gone")
        try:
            return inspect(self._files.read(name))
        except ExportRefused:
            raise PictureRefused("unreachable") from None

    def _name_of(self, wanted: Wanted) -> str | None:
        bases = [PurePosixPath(path_of(wanted.url or "")).name, PurePosixPath(wanted.picture).name]
        found = next((self._names[base] for base in bases if base in self._names), [])
        own = [name for name in found if PurePosixPath(name).name.startswith(f"{wanted.subject_id}-")]
        chosen = own or found
        return chosen[0] if len(chosen) == 1 else None


@contextmanager
def export_pictures(path: Path, account: Account) -> Iterator[ExportPictures]:
    """The pictures of an export that was read before. Raises `ExportRefused` as reading it did."""
    with open_export(path) as files:
        yield ExportPictures(files, account)
