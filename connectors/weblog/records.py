"""What every kind of feed comes down to, and one entry made a reading."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from chapterwatch.model import Media, PostReading, Quarantined
from connectors.weblog.markup import Rendered

#: Publishing itself touches an entry for a moment; what is younger than this is no edit.
PUBLISHING = timedelta(minutes=1)

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id", re.IGNORECASE)


@dataclass(frozen=True)
class Feed:
    """One feed document, read. `entries` keep the document's order."""

    title: str
    subtitle: str
    website: str | None
    icon: str | None
    #: The document without its entries, as far as it can be cut.
    head: bytes = field(repr=False)
    entries: tuple[PostReading | Quarantined, ...] = ()
    #: Where older entries are (RFC 5005, JSON Feed `next_url`).
    older: str | None = None
    #: The document says it holds every entry there is, or that it is the last of several pages.
    whole: bool = False
    generator: str = ""

    @property
    def posts(self) -> tuple[PostReading, ...]:
        """The entries that could be read."""
        return tuple(one for one in self.entries if isinstance(one, PostReading))

    @property
    def quarantined(self) -> tuple[Quarantined, ...]:
        """Those that could not."""
        return tuple(one for one in self.entries if isinstance(one, Quarantined))


class NoFeed(ValueError):
    """Bytes that are no feed. `offers` are the feeds a web page names in its place."""

    def __init__(self, reason: str, offers: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.offers = offers


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry before it is a reading."""

    native_id: str | None
    address: str | None
    title: str
    body: Rendered
    created: datetime
    created_raw: str
    updated: datetime | None
    language: str | None
    media: tuple[Media, ...]
    links: tuple[str, ...] = ()
    raw: bytes = field(repr=False)


def reading(entry: Entry) -> PostReading:
    """The post of an entry: its title, then its text."""
    text = "\n\n".join(part for part in (entry.title.strip(), entry.body.text) if part)
    edited = entry.updated is not None and entry.updated > entry.created + PUBLISHING
    media = {(one.kind, one.url or one.alt_text): one for one in (*entry.media, *entry.body.media)}
    return PostReading(
        native_id=entry.native_id or fallback_id(entry),
        kind="post",
        created_at=entry.created,
        created_raw=entry.created_raw,
        edited_at=entry.updated if edited else None,
        text=text,
        permalink=entry.address,
        links=tuple(dict.fromkeys((*entry.links, *entry.body.links))),
        media=tuple(media.values()),
        lang=language(entry.language),
        raw=entry.raw,
    )


def fallback_id(entry: Entry) -> str:
    """The id of an entry whose feed gives none: its address without tracking, else a digest of time and title."""
    if entry.address:
        parts = urlsplit(entry.address)
        query = urlencode([pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])])
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    packed = f"{entry.created_raw}\x1f{entry.title}".encode("utf-8", "surrogatepass")
    return f"entry-{hashlib.sha256(packed).hexdigest()[:32]}"


def language(tag: str | None) -> str | None:
    """The language of a tag such as en-US: en. None where there is none to read."""
    match = _LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def kind_of_mime(mime: str | None) -> str:
    """photo, video, audio or file, by a media type."""
    major = (mime or "").partition("/")[0].strip().lower()
    return {"image": "photo", "video": "video", "audio": "audio"}.get(major, "file")
