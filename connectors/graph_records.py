"""Parts of a post that Pages, Instagram and Threads write alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chapterwatch.model import Media, PostReading, Quarantined
from connectors.records import Unreadable, goes_on, mapping, mappings, optional


def post_or_reason(
    platform: str,
    record: Any,
    raw: bytes,
    read: Callable[[Mapping[str, Any], bytes], PostReading],
) -> PostReading | Quarantined:
    """One post object as `read` reads it, or why it could not be read."""
    try:
        return read(mapping(record), raw)
    except Unreadable as error:
        where = f"{platform} post {str(mapping(record).get('id', 'without id'))[:60]}"
        return Quarantined(where=where, reason=str(error), raw=raw)


def media_of(record: Mapping[str, Any]) -> Iterator[Media]:
    """The pictures and videos of a post of Instagram or Threads; of a carousel its children in its place."""
    children = mapping(record.get("children"))
    for one in mappings(children.get("data")) or [record]:
        kind = (optional(one, "media_type") or "media").lower()
        url = optional(one, "media_url") or optional(one, "thumbnail_url")
        # A text alone and a repost are no media, whatever they carry.
        if kind not in {"text_post", "text", "repost_facade"}:
            yield Media(kind=kind, url=url, alt_text=optional(one, "alt_text"), native_id=optional(one, "id"))
    yield from left_out(children)


def left_out(*lists: Any) -> Iterator[Media]:
    """A picture nobody can look at for each list within a post that Graph broke off: there is more than was read."""
    for one in lists:
        if goes_on(one, "paging", "next"):
            yield Media(kind="photo", url=None)


def words(record: Mapping[str, Any], name: str) -> str:
    """A text that may be absent. Raises `Unreadable` where it is there and no text."""
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{name} is no text")
    return value or ""
