"""Lists as the Graph API pages them: their records one by one, and where the next page starts. No network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from chapterwatch.model import PostReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, goes_on, mapping, optional

#: Query parameters of `paging.next` that do not say where the next page starts.
_NOT_PLACE = {"access_token", "appsecret_proof", "fields", "limit", "pretty", "since", "format", "method", "debug"}


@dataclass(frozen=True)
class Listing:
    """One parsed answer."""

    posts: tuple[PostReading, ...]
    quarantined: tuple[Quarantined, ...]
    #: Where the next page starts: an `after` cursor, or `?` and the query of a time-based page. None on the last.
    cursor: str | None
    #: A next page is named, but not where it starts: the list goes on, and nobody can follow.
    breaks_off: bool = False


def listing(body: bytes, read: Callable[[Any, bytes], PostReading | Quarantined]) -> Listing:
    """The records of a list, each given to `read` with its exact bytes.

    Raises `Unreadable` where there is no list of data.
    """
    value = rawjson.loads(body)
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        raise Unreadable("holds no list of data")
    posts: list[PostReading] = []
    bad: list[Quarantined] = []
    for record, raw in zip(value["data"], rawjson.elements(body, "data"), strict=True):
        one = read(record, raw)
        (posts if isinstance(one, PostReading) else bad).append(one)  # type: ignore[arg-type]
    cursor = next_cursor(value)
    return Listing(tuple(posts), tuple(bad), cursor, breaks_off=cursor is None and goes_on(value, "paging", "next"))


def next_cursor(value: Mapping[str, Any]) -> str | None:
    """Where the next page starts, without the token `paging.next` carries; None where it names no next page."""
    paging = mapping(value.get("paging"))
    following = optional(paging, "next")
    if following is None:
        return None
    after = optional(mapping(paging.get("cursors")), "after")
    query = parse_qs(_query_of(following))
    if after or "after" in query:
        return after or query["after"][0]
    place = {name: values[0] for name, values in query.items() if name not in _NOT_PLACE}
    return "?" + urlencode(sorted(place.items())) if place else None


def _query_of(address: str) -> str:
    try:
        return urlsplit(address).query
    except ValueError:
        return ""


def question_of(cursor: str | None) -> dict[str, str]:
    """The parameters that resume at a cursor of `next_cursor`."""
    if cursor is None:
        return {}
    if cursor.startswith("?"):
        return {name: values[0] for name, values in parse_qs(cursor[1:]).items()}
    return {"after": cursor}
