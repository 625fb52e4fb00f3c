"""JSON Feed 1.0 and 1.1 (jsonfeed.org): bytes in, facts out. Both versions differ in `authors` and `language` only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from chapterwatch.model import Media, PostReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, identifier, mapping, mappings, optional
from connectors.times import UnreadableTime
from connectors.weblog.dates import feed_time
from connectors.weblog.markup import Rendered, absolute, rendered
from connectors.weblog.records import Entry, Feed, NoFeed, kind_of_mime, reading


def json_feed(body: bytes, url: str, zone: ZoneInfo) -> Feed:
    """A JSON feed. Raises `NoFeed` where it is other JSON or none."""
    try:
        value = rawjson.loads(body)
    except rawjson.BrokenJson as error:
        raise NoFeed(str(error)) from None
    if not isinstance(value, dict) or "jsonfeed.org/version" not in str(value.get("version", "")):
        raise NoFeed("is JSON, but no JSON Feed")
    if not isinstance(value.get("items"), list):
        raise NoFeed("is a JSON Feed without a list of items")
    pairs = zip(value["items"], rawjson.elements(body, "items"), strict=True)
    home = absolute(optional(value, "home_page_url") or "", url)
    older = absolute(optional(value, "next_url") or "", url)
    entries = tuple(_read(mapping(item), raw, at, url, value, zone) for at, (item, raw) in enumerate(pairs))
    return Feed(
        title=optional(value, "title") or "",
        subtitle=optional(value, "description") or "",
        website=home,
        icon=absolute(optional(value, "icon") or "", url),
        head=json.dumps({name: one for name, one in value.items() if name != "items"}).encode(),
        entries=entries,
        older=older,
    )


def _read(
    item: Mapping[str, Any], raw: bytes, at: int, url: str, feed: Mapping[str, Any], zone: ZoneInfo
) -> PostReading | Quarantined:
    try:
        return reading(_entry(item, raw, url, feed, zone))
    except Unreadable as error:
        return Quarantined(where=f"weblog item {at + 1}", reason=str(error), raw=raw)


def _entry(item: Mapping[str, Any], raw: bytes, url: str, feed: Mapping[str, Any], zone: ZoneInfo) -> Entry:
    address = absolute(optional(item, "url") or "", url)
    created = optional(item, "date_published") or optional(item, "date_modified")
    if created is None:
        raise Unreadable("has no date")
    try:
        posted = feed_time(created, None, zone)
        modified = optional(item, "date_modified")
        updated = feed_time(modified, None, zone) if modified else None
    except UnreadableTime as error:
        raise Unreadable(f"date {error}") from None
    external = absolute(optional(item, "external_url") or "", url)
    return Entry(
        native_id=identifier(item, "id"),
        address=address,
        title=optional(item, "title") or "",
        body=_body(item, address or url),
        created=posted,
        created_raw=created,
        updated=updated,
        language=optional(item, "language") or optional(feed, "language"),
        links=(external,) if external else (),
        media=tuple(_media(item, address or url)),
        raw=raw,
    )


def _body(item: Mapping[str, Any], base: str) -> Rendered:
    markup = optional(item, "content_html")
    if markup is not None:
        return rendered(markup, base)
    return Rendered(optional(item, "content_text") or optional(item, "summary") or "")


def _media(item: Mapping[str, Any], base: str) -> Iterator[Media]:
    for name in ("image", "banner_image"):
        address = absolute(optional(item, name) or "", base)
        if address:
            yield Media(kind="photo", url=address)
    for one in mappings(item.get("attachments")):
        address = absolute(optional(one, "url") or "", base)
        if address:
            yield Media(kind=kind_of_mime(optional(one, "mime_type")), url=address)
