"""A few pages of a chapter's own web site, asked for politely: robots.txt honoured, one host, little and slowly enough.

The HTTP policy is that of the platforms. Nothing but links is taken from a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from chapterwatch import __version__
from chapterwatch.errors import ConnectorError, UnexpectedShape, Unreachable
from chapterwatch.model import Connection
from connectors.http import Answer, PlatformSession, origin_of

AGENT = f"chapterwatch/{__version__}"
#: The home page and the likeliest others.
MOST_PAGES = 5
MOST_REDIRECTS = 3
MOST_LINKS = 2_000
_OPTIONS = {"attempts": "2", "timeout_seconds": "10", "deadline_seconds": "30", "max_body_bytes": "2000000"}
_LIKELY = re.compile(r"contact|kontakt|about|ueber|uber-uns|social|connect|follow|links|impressum|team", re.IGNORECASE)
_OK, _REDIRECTS, _SERVER_ERROR = 200, range(300, 400), 500
_GONE = frozenset({404, 410})


@dataclass(frozen=True, kw_only=True)
class Site:
    """What was read of a site: links with the page each was found on, and pages that could not be read."""

    links: dict[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    #: Address -> why: gone, refused by robots.txt, or what went wrong.
    unread: dict[str, str] = field(default_factory=dict)


def read_site(home: str) -> Site:
    """The links of a site's home page and of a few likely pages of the same host. Raises nothing for a broken site."""
    visit = _Visit(home)
    waiting = [home]
    pages: list[str] = []
    links: dict[str, str] = {}
    unread: dict[str, str] = {}
    for page in waiting:
        if len(pages) + len(unread) >= MOST_PAGES:
            break
        try:
            found = visit.links_of(page)
        except ConnectorError as error:
            unread[page] = str(error)
            continue
        pages.append(page)
        for link in found:
            links.setdefault(link, page)
        waiting += [link for link in found if _same_host(link, home) and _LIKELY.search(link) and link not in waiting]
    return Site(links=links, pages=tuple(pages), unread=unread)


def is_dead(url: str) -> bool | None:
    """Whether an address leads nowhere (404 or 410); None where its host does not let us ask, or does not say."""
    try:
        answer = _Visit(url).ask(url)
    except ConnectorError:
        return None
    if answer.status in _GONE:
        return True
    return False if answer.status == _OK else None


class _Visit:
    """Requests to one site, as its robots.txt allows."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._sessions: dict[str, PlatformSession] = {}
        self._rules: dict[str, RobotFileParser] = {}

    def links_of(self, page: str) -> list[str]:
        """The links of a page, each once. Raises `ConnectorError` where it cannot or must not be read."""
        answer = self.ask(page)
        if answer.status != _OK:
            raise Unreachable(f"the page answered {answer.status}")
        if b"<" not in answer.body[:2000]:
            raise UnexpectedShape("the page is no HTML")
        reader = _Links(page)
        reader.feed(answer.body.decode("utf-8", "replace"))
        return list(dict.fromkeys(reader.found))

    def ask(self, url: str) -> Answer:
        """One page, redirects within the site followed. Raises `ConnectorError`."""
        for _ in range(MOST_REDIRECTS + 1):
            if not self._allowed(url):
                raise UnexpectedShape("robots.txt asks not to read the page")
            answer = self._get(url)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not target:
                return answer
            url = urljoin(url, target)
            if not _same_host(url, self._home):
                raise UnexpectedShape("the page leads to another site")
        raise UnexpectedShape("the page leads from one to the next")

    def _allowed(self, url: str) -> bool:
        origin = origin_of(url)
        if origin not in self._rules:
            self._rules[origin] = self._robots(origin)
        return self._rules[origin].can_fetch(AGENT, url)

    def _robots(self, origin: str) -> RobotFileParser:
        """The rules of a host. RFC 9309: none where there is no file, everything shut where the server fails."""
        rules = RobotFileParser()
        answer = self._get(f"{origin}/robots.txt")
        if answer.status >= _SERVER_ERROR:
            rules.parse(["User-agent: *", "Disallow: /"])
        else:
            lines = answer.body.decode("utf-8", "replace").splitlines() if answer.status == _OK else []
            rules.parse(lines)
        return rules

    def _get(self, url: str) -> Answer:
        origin = origin_of(url)
        if origin not in self._sessions:
            connection = Connection(id="website", platform="website", options=_OPTIONS)
            self._sessions[origin] = PlatformSession(origin, connection, lambda _: None)
            self._sessions[origin].headers["User-Agent"] = AGENT
        session = self._sessions[origin]
        session.subject, session.last = urlsplit(url).hostname or "", None
        session.get(url)
        if session.last is None:
            raise Unreachable("nothing was answered")
        return session.last


class _Links(HTMLParser):
    """The addresses a page links to, made whole."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the target of a link."""
        target = dict(attrs).get("href") if tag in {"a", "area", "link"} else None
        if target and len(self.found) < MOST_LINKS:
            self.found += _whole(self._page, target.strip())


def _whole(page: str, target: str) -> Iterator[str]:
    try:
        url = urldefrag(urljoin(page, target)).url
        parts = urlsplit(url)
        host = parts.hostname if parts.username is None else None
    except ValueError:
        return
    if host and url.startswith(("http://", "https://")):
        yield url


def _same_host(url: str, home: str) -> bool:
    one, other = (urlsplit(item) for item in (url, home))
    return (one.hostname or "").removeprefix("www.") == (other.hostname or "").removeprefix("www.") and (
        one.port == other.port or None in {one.port, other.port}
    )
