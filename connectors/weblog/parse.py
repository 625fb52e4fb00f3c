"""Feeds into readings: bytes in, facts out, no network.

feedparser reads Atom, RSS and RDF, well-formed or not. It is handed bytes only (a text it would take for an address or
a file), and its own cleaning of HTML is off, for the text is taken out by `.markup`.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]

from chapterwatch.model import Media, PostReading, Quarantined
from connectors.records import Unreadable, mappings, optional
from connectors.times import UnreadableTime
from connectors.weblog.dates import feed_time
from connectors.weblog.jsonfeed import json_feed
from connectors.weblog.markup import Rendered, Tag, absolute, rendered, tokens
from connectors.weblog.records import Entry, Feed, NoFeed, kind_of_mime, reading

#: Tags open at once. Real feeds stay below 30; a feed of nothing but opening tags keeps the parser busy for minutes.
MAX_DEPTH = 2_000

_MARKS = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(?:[\w.-]{1,40}:)?(item|entry)(?=[\s/>])", re.IGNORECASE)
_DEPTH_MARKS = re.compile(rb"<!\[CDATA\[|<!--|<(/?)[A-Za-z_][^<>]*")
_UNKEPT = re.compile(rb"<wp:comment>.*?</wp:comment>\s*", re.DOTALL)
_BARE = re.compile(rb"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARED = re.compile(r"<\?xml[^>]*\?>")
_COMPLETE = re.compile(rb"<(?:[\w.-]+:)?complete(?=[\s/>])")
_HISTORY = b"http://purl.org/syndication/history/1.0"
_ROOT_ENDS = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:feed|rss|rdf|channel)\s*>", re.IGNORECASE)
_FEED_TYPES = ("application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml")
#: What Blogger's own export holds beside posts.
_BLOGGER_KIND = "http://schemas.google.com/blogger/2008/kind#"
_WORDPRESS_POSTS = {"post", "page"}


def read_feed(body: bytes, *, url: str, content_type: str = "", zone: ZoneInfo) -> Feed:
    """A feed of any kind; `url` is where it was read, for its relative addresses, `zone` for times without one.

    Raises:
        NoFeed: it is something else, with the feeds it names if it is a web page.
    """
    start = body[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return json_feed(body.removeprefix(b"\xef\xbb\xbf"), url, zone)
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        body, content_type = _from_utf16(body), "application/xml; charset=utf-8"
    _refuse_depth(body)
    parsed = _parsed(body, content_type)
    if parsed.bozo and (mended := _mended(body)) != body:
        again = _parsed(mended, content_type)
        parsed = parsed if again.bozo else again
    if not parsed.get("version") and not parsed.entries:
        raise _no_feed(body, start, url)
    return _feed(parsed, body, url, zone)


def _parsed(body: bytes, content_type: str) -> Any:
    # Without an address: given one, feedparser would make addresses of ids such as "17".
    headers = {"content-type": content_type or "application/xml"}
    try:
        return feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 - its loose parser fails in many ways over broken markup
        raise NoFeed(f"is too broken to read ({type(error).__name__})") from None


def _from_utf16(body: bytes) -> bytes:
    text = body.decode("utf-16", "replace")
    return _DECLARED.sub("", text, count=1).encode("utf-8", "replace")


def _mended(body: bytes) -> bytes:
    """A document with its bare ampersands escaped and control characters left out: what breaks most feeds.

    feedparser's own way with those, its loose parser, reads "AT&T" as "AT&T;".
    """
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        data = body.find(b"<![CDATA[", at)
        parts.append(_BARE.sub(b"&amp;", body[at : data if data >= 0 else len(body)]))
        end = body.find(b"]]>", data) if data >= 0 else -1
        at = end + 3 if end >= 0 else len(body)
        if data >= 0:
            parts.append(body[data:at])
    return _CONTROLS.sub(b"", b"".join(parts))


def closed(entry: Mapping[str, Any]) -> str | None:
    """Why an entry of a system's own export was never a public post: `private` or `not_a_post`; None of a post."""
    kinds = {str(tag.get("term", "")) for tag in mappings(entry.get("tags"))}
    blogger = str(entry.get("blogger_type", "")).upper()
    other = [kind for kind in kinds if kind.startswith(_BLOGGER_KIND) and not kind.endswith(("#post", "#page"))]
    if other or (blogger and blogger not in {"POST", "PAGE"}):
        return "not_a_post"
    if str(entry.get("wp_post_type", "post")) not in _WORDPRESS_POSTS:
        return "not_a_post"
    unpublished = str(entry.get("app_draft", "")).strip().lower() == "yes"
    unpublished |= str(entry.get("wp_status", "publish")) != "publish"
    unpublished |= str(entry.get("blogger_status") or "LIVE").upper() not in {"LIVE", "PUBLISHED"}
    return "private" if unpublished or entry.get("wp_post_password") else None


def spans(body: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Where each item or entry stands, in order, and whether the last is closed; if not it goes on to the end."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    for begin, end, closes in _marks(body, _MARKS):
        if closes and start is not None:
            ends = body.find(b">", end)
            found.append((start, ends + 1 if ends >= 0 else len(body)))
            start = None
        elif not closes and start is None:
            start = begin
    if start is not None:
        found.append((start, len(body)))
    return found, start is None


def _marks(body: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int, bool]]:
    """Tags outside comments and character data: where each begins, where its match ends, whether it closes."""
    at = 0
    while match := pattern.search(body, at):
        at = match.end()
        if match[0] in {b"<![CDATA[", b"<!--"}:
            ending = b"]]>" if match[0] == b"<![CDATA[" else b"-->"
            end = body.find(ending, at)
            if end < 0:
                return
            at = end + len(ending)
        else:
            yield match.start(), at, bool(match[1])


def _refuse_depth(body: bytes) -> None:
    depth = 0
    for begin, end, closes in _marks(body, _DEPTH_MARKS):
        depth += -1 if closes else int(not body[begin:end].endswith(b"/"))
        if depth > MAX_DEPTH:
            raise NoFeed(f"has more than {MAX_DEPTH:,} tags open at once")


def _no_feed(body: bytes, start: bytes, url: str) -> NoFeed:
    if b"<html" not in body[:4096].lower() and not start.lower().startswith(b"<!doctype html"):
        return NoFeed("is no feed" if start else "is empty")
    return NoFeed("is a web page, no feed", tuple(_offers(body.decode("utf-8", "replace"), url)))


def _offers(page: str, url: str) -> Iterator[str]:
    """The feeds a web page names in its head, those of comments left out."""
    for piece in tokens(page[:500_000]):
        if not isinstance(piece, Tag) or piece.name != "link" or piece.closes:
            continue
        rel, kind = piece.attributes.get("rel", "").lower().split(), piece.attributes.get("type", "").strip().lower()
        address = absolute(piece.attributes.get("href", ""), url)
        if "alternate" in rel and kind in _FEED_TYPES and address and "comments" not in address:
            yield address


def _feed(parsed: Any, body: bytes, url: str, zone: ZoneInfo) -> Feed:
    head = parsed.feed
    places, is_closed = spans(body)
    raws = [body[begin:end] for begin, end in places]
    exact = len(raws) == len(parsed.entries)
    entries = [
        _read(_Source(entry, raws[at] if exact else _dumped(entry), at), head, url, zone)
        for at, entry in enumerate(parsed.entries)
    ]
    if exact and not is_closed:
        entries[-1] = Quarantined(where=f"weblog entry {len(raws)}", reason="is cut off", raw=raws[-1])
    if entries and is_closed and not _ROOT_ENDS.search(body):
        tail = body[places[-1][1] :] if places else body[-1:]
        entries.append(Quarantined(where="weblog feed", reason="breaks off before its end", raw=tail or body[-1:]))
    links = {str(link.get("rel")): link.get("href") for link in mappings(head.get("links"))}
    older = absolute(str(links.get("next") or links.get("prev-archive") or ""), url)
    paged = bool({"first", "last", "previous", "current"} & links.keys()) and older is None
    return Feed(
        title=_inline(head, "title"),
        subtitle=_inline(head, "subtitle"),
        website=absolute(str(head.get("link") or ""), url),
        icon=_icon(head, url),
        head=_head(body, places),
        entries=tuple(entries),
        older=older,
        whole=paged or (_HISTORY in body[:8192] and bool(_COMPLETE.search(body))),
        generator=str(head.get("generator") or ""),
    )


def _head(body: bytes, places: list[tuple[int, int]]) -> bytes:
    """The document without its entries."""
    edges = [0, *(edge for place in places for edge in place), len(body)]
    return b"".join(body[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2))


def _dumped(entry: Any) -> bytes:
    # Where a document is so broken that its entries cannot be cut out, what was understood of it is kept.
    return json.dumps(entry, default=str, ensure_ascii=True, sort_keys=True).encode()


@dataclass(frozen=True)
class _Source:
    entry: Any
    raw: bytes
    at: int


def _read(source: _Source, head: Any, url: str, zone: ZoneInfo) -> PostReading | Quarantined:
    where = f"weblog entry {source.at + 1}"
    reason = closed(source.entry)
    if reason is not None:
        return Quarantined(where=where, reason=reason, raw=b"")
    # Comments in WordPress's export carry readers' names and addresses.
    raw = _UNKEPT.sub(b"", source.raw) if b"<wp:comment>" in source.raw else source.raw
    try:
        return reading(_entry(source.entry, raw, head, url, zone))
    except Unreadable as error:
        return Quarantined(where=where, reason=str(error), raw=raw)


def _entry(entry: Any, raw: bytes, head: Any, url: str, zone: ZoneInfo) -> Entry:
    # FeedParserDict answers `updated` with `published` when it is asked in the ordinary way.
    said = dict(entry)
    address = absolute(str(said.get("feedburner_origlink") or said.get("link") or ""), url)
    created, created_raw = _created(said, zone)
    detail = _fullest(said)
    return Entry(
        native_id=str(said["id"]) if said.get("id") else None,
        address=address,
        title=_inline(said, "title"),
        body=_body(detail, address or url),
        created=created,
        created_raw=created_raw,
        updated=_moment(said, "wp_post_modified_gmt", zone) or _moment(said, "updated", zone),
        language=str(detail.get("language") or head.get("language") or ""),
        media=tuple(_media(said, address or url)),
        raw=raw,
    )


def _created(said: Mapping[str, Any], zone: ZoneInfo) -> tuple[datetime, str]:
    for name in ("published", "wp_post_date_gmt", "created", "updated"):
        found = _moment(said, name, zone)
        if found is not None:
            return found, str(said[name])
    if any(said.get(name) for name in ("published", "created", "updated")):
        raise Unreadable("date says no time")
    raise Unreadable("has no date")


def _moment(said: Mapping[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    """A time of an entry; None where there is none or none to read."""
    text = said.get(name)
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return feed_time(text, said.get(f"{name}_parsed"), ZoneInfo("UTC") if name.endswith("_gmt") else zone)
    except UnreadableTime:
        return None


def _fullest(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content with the most in it; the summary only where there is no content."""
    contents = [one for one in mappings(said.get("content")) if optional(one, "value")]
    if contents:
        return max(contents, key=lambda one: (kind_of_mime(optional(one, "type")) == "file", len(one["value"])))
    summary = said.get("summary_detail")
    return summary if isinstance(summary, dict) else {"value": said.get("summary"), "type": "text/html"}


def _body(detail: Mapping[str, Any], address: str) -> Rendered:
    value = optional(detail, "value") or ""
    if optional(detail, "type") == "text/plain":
        return Rendered(value)
    base = optional(detail, "base") or ""
    return rendered(value, base if absolute(base, "") else address)


def _inline(said: Mapping[str, Any], name: str) -> str:
    detail = said.get(f"{name}_detail")
    value = str(said.get(name) or "")
    if isinstance(detail, dict) and detail.get("type") != "text/plain":
        value = rendered(value).text
    return " ".join(value.split())


def _icon(head: Any, url: str) -> str | None:
    image = head.get("image")
    address = (image.get("href") if isinstance(image, dict) else None) or head.get("icon") or head.get("logo")
    return absolute(str(address or ""), url)


def _media(said: Mapping[str, Any], base: str) -> Iterator[Media]:
    for link in mappings(said.get("links")):
        if link.get("rel") == "enclosure":
            yield from _medium(str(link.get("href") or ""), kind_of_mime(optional(link, "type")), base)
    for one in mappings(said.get("media_content")):
        medium = {"image": "photo", "video": "video", "audio": "audio"}.get(str(one.get("medium", "")))
        yield from _medium(str(one.get("url") or ""), medium or kind_of_mime(optional(one, "type")), base)


def _medium(address: str, kind: str, base: str) -> Iterator[Media]:
    found = absolute(address, base)
    if found:
        yield Media(kind=kind, url=found)
