"""Data API answers into readings: bytes in, facts out, no network.

There is no time of the last change, so `edited_at` stays None and the archive sees an edit by the content. Tags and
counts are left out: no reader sees the ones, the others change by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, goes_on, identifier, mapping, moment, optional, required

_LINK = re.compile(r"https?://[^\s<>\"]+")
_SIZES = ("maxres", "standard", "high", "medium", "default")


@dataclass(frozen=True)
class Listed:
    """One page of the uploads playlist."""

    #: Video ids in the order they are listed.
    ids: tuple[str, ...]
    #: Of those, what the playlist itself says is private or deleted: id to privacy status.
    withheld: Mapping[str, str]
    #: When each was published (text as given), for those that say so.
    published: Mapping[str, str]
    quarantined: tuple[Quarantined, ...]
    cursor: str | None
    #: It goes on, and nobody can tell where.
    breaks_off: bool


def channel(body: bytes) -> Mapping[str, Any]:
    """The only channel of an answer; {} where there is none. Raises `Unreadable` for a channel without id."""
    value = mapping(rawjson.loads(body))
    items = value.get("items")
    if items is not None and not isinstance(items, list):
        raise Unreadable("holds no list of items")
    if not items:
        # The API leaves `items` out where it found nothing.
        if "pageInfo" not in value and "kind" not in value:
            raise Unreadable("holds no list of items")
        return {}
    found = mapping(items[0])
    identifier(found, "id")
    return found


def uploads_of(found: Mapping[str, Any]) -> str:
    """The playlist that holds a channel's uploads. Raises `Unreadable`."""
    return required(mapping(mapping(found.get("contentDetails")).get("relatedPlaylists")), "uploads")


def profile(found: Mapping[str, Any], raw: bytes) -> ProfileReading:
    """A channel as a profile. Raises `Unreadable` where its name is missing."""
    snippet = mapping(found.get("snippet"))
    image = mapping(mapping(found.get("brandingSettings")).get("image"))
    handle = optional(snippet, "customUrl")
    return ProfileReading(
        native_id=identifier(found, "id"),
        handle=handle or identifier(found, "id"),
        name=required(snippet, "title"),
        bio=optional(snippet, "description") or "",
        website=f"https://www.youtube.com/{handle}" if handle else None,
        location=optional(snippet, "country"),
        avatar_url=_thumbnail(snippet),
        banner_url=optional(image, "bannerExternalUrl"),
        raw=raw,
    )


def listed(body: bytes) -> Listed:
    """A page of playlist items. Raises `Unreadable` where there is no list of them."""
    value = mapping(rawjson.loads(body))
    if not isinstance(value.get("items"), list):
        raise Unreadable("holds no list of items")
    ids: list[str] = []
    withheld: dict[str, str] = {}
    published: dict[str, str] = {}
    bad: list[Quarantined] = []
    for at, (item, raw) in enumerate(zip(value["items"], rawjson.elements(body, "items"), strict=True)):
        details = mapping(mapping(item).get("contentDetails"))
        video = optional(details, "videoId") or optional(mapping(_snippet(item).get("resourceId")), "videoId")
        if video is None:
            bad.append(Quarantined(where=f"youtube item {at + 1}", reason="videoId is missing or no text", raw=raw))
            continue
        ids.append(video)
        status = optional(mapping(mapping(item).get("status")), "privacyStatus") or ""
        when = optional(details, "videoPublishedAt")
        if when:
            published[video] = when
        elif status in {"private", "privacyStatusUnspecified"}:
            withheld[video] = status
    place = optional(value, "nextPageToken")
    breaks_off = place is None and goes_on(value, "nextPageToken")
    return Listed(tuple(ids), withheld, published, tuple(bad), place, breaks_off)


def videos(body: bytes) -> dict[str, PostReading | Quarantined]:
    """The videos of an answer by id. Raises `Unreadable` where there is no list of them."""
    value = mapping(rawjson.loads(body))
    if not isinstance(value.get("items"), list):
        raise Unreadable("holds no list of items")
    pairs = zip(value["items"], rawjson.elements(body, "items"), strict=True)
    return {str(mapping(item).get("id")): _video_or_reason(mapping(item), raw) for item, raw in pairs}


def text_of(title: str, description: str) -> str:
    """What a video says in words: its title, then its description."""
    return "\n\n".join(part for part in (title.strip(), description.strip("\r\n")) if part)


def links_in(text: str) -> tuple[str, ...]:
    """The web addresses in a text, each once."""
    return tuple(dict.fromkeys(found.group().rstrip(".,;:!?)'") for found in _LINK.finditer(text)))


def media_of(video_id: str, preview: str | None) -> tuple[Media, ...]:
    """The video, and its preview picture."""
    recording = Media(kind="video", url=None, native_id=video_id)
    return (recording, Media(kind="photo", url=preview, native_id=f"{video_id}-preview")) if preview else (recording,)


def address_of(video_id: str) -> str:
    """Where a video is watched."""
    return f"https://www.youtube.com/watch?v={video_id}"


def _video_or_reason(item: Mapping[str, Any], raw: bytes) -> PostReading | Quarantined:
    where = f"youtube video {str(item.get('id', 'without id'))[:20]}"
    if optional(mapping(item.get("status")), "privacyStatus") in {"private", "unlisted"}:
        return Quarantined(where=where, reason="private", raw=b"")
    try:
        return _video(item, raw)
    except Unreadable as error:
        return Quarantined(where=where, reason=str(error), raw=raw)


def _video(item: Mapping[str, Any], raw: bytes) -> PostReading:
    snippet = _snippet(item)
    number = required(item, "id")
    description = snippet.get("description", "")
    if not isinstance(description, str):
        raise Unreadable("description is no text")
    text = text_of(required(snippet, "title", may_be_empty=True), description)
    return PostReading(
        native_id=number,
        kind="post",
        created_at=moment(snippet, "publishedAt"),
        created_raw=required(snippet, "publishedAt"),
        text=text,
        links=links_in(text),
        media=media_of(number, _thumbnail(snippet)),
        lang=(optional(snippet, "defaultLanguage") or "").partition("-")[0].lower() or None,
        permalink=address_of(number),
        raw=raw,
    )


def _snippet(item: Any) -> Mapping[str, Any]:
    return mapping(mapping(item).get("snippet"))


def _thumbnail(snippet: Mapping[str, Any]) -> str | None:
    sizes = mapping(snippet.get("thumbnails"))
    found = (optional(mapping(sizes.get(size)), "url") for size in _SIZES)
    return next(filter(None, found), None)
