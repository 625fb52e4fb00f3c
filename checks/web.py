"""Links of a post: where they stand, and whether they lead to the association itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from checks.base import Row

_URL = re.compile(
    r"https?://[^\s<>\"']{1,2000}|(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}[a-z]{2,12}(?:/[^\s<>\"']{0,2000})?(?![\w@])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Link:
    """One link. The span counts code points of the stored text; (0, 0) where only the platform's list names it."""

    url: str
    start: int = 0
    end: int = 0

    @property
    def host(self) -> str:
        """The host in lower case, without `www.`; empty where the link has none."""
        return _host(self.url)

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters, keys in lower case."""
        return {key.lower(): value for key, value in parse_qsl(_split(self.url)[1], keep_blank_values=True)}


def links_of(row: Row) -> list[Link]:
    """The links written in a post's text, then those only the platform's list of expanded links names."""
    written = [_trimmed(match) for match in _URL.finditer(row.stored("text"))]
    known = {link.url for link in written}
    return [*written, *(Link(str(url)) for url in row.get("links", ()) if url not in known)]


def leads_to(link: Link, domains: Iterable[str]) -> bool:
    """Whether a link leads to one of the domains or below it."""
    return any(link.host == domain or link.host.endswith(f".{domain}") for domain in map(str.casefold, domains))


def _trimmed(match: re.Match[str]) -> Link:
    url = match.group().rstrip(".,;:!?)]}…»”'")
    return Link(url, match.start(), match.start() + len(url))


def _host(url: str) -> str:
    return _split(url)[0].removeprefix("www.")


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        return (parts.hostname or "").casefold(), parts.query
    except ValueError:
        # Not an address at all, such as an open IPv6 bracket: it leads nowhere official.
        return "", ""
