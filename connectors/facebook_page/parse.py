"""Graph API answers into readings: bytes in, facts out, no network.

`updated_time` moves when somebody comments, so it proves no edit and stands in `raw` alone: `edited_at` stays None and
the archive sees an edit by the content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, mapping, mappings, moment, optional, required

#: Attachment types whose own link is the picture itself, not somewhere a reader is sent.
_PICTURES = {"photo", "video", "album", "video_inline", "video_autoplay", "animated_image_autoplay", "cover_photo"}
#: Query parameters of `paging.next` that do not say where the next page starts.
_NOT_PLACE = {"access_token", "appsecret_proof", "fields", "limit", "pretty", "since", "format", "method", "debug"}


@dataclass(frozen=True)
class AltText:
    """What the Photo nodes say: exact bytes and the text the author gave, by photo id."""

    raw: Mapping[str, bytes]
    text: Mapping[str, str]


NO_ALT_TEXT = AltText({}, {})


@dataclass(frozen=True)
class Listing:
    """One parsed answer."""

    posts: tuple[PostReading, ...]
    quarantined: tuple[Quarantined, ...]
    #: Where the next page starts: an `after` cursor, or `?` and the query of a time-based page. None on the last.
    cursor: str | None


def listing(body: bytes, alt_text: AltText = NO_ALT_TEXT) -> Listing:
    """The posts of an edge such as published_posts. Raises `Unreadable` where there is no list of data."""
    value = rawjson.loads(body)
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        raise Unreadable("holds no list of data")
    posts: list[PostReading] = []
    bad: list[Quarantined] = []
    for record, raw in zip(value["data"], rawjson.elements(body, "data"), strict=True):
        read = post_or_reason(record, raw, alt_text)
        (posts if isinstance(read, PostReading) else bad).append(read)  # type: ignore[arg-type]
    return Listing(tuple(posts), tuple(bad), next_cursor(value))


def post_or_reason(record: Any, raw: bytes, alt_text: AltText = NO_ALT_TEXT) -> PostReading | Quarantined:
    """One post object, or why it could not be read."""
    try:
        return _post(mapping(record), raw, alt_text)
    except Unreadable as error:
        where = f"facebook_page post {str(mapping(record).get('id', 'without id'))[:60]}"
        return Quarantined(where=where, reason=str(error), raw=raw)


def profile(body: bytes) -> ProfileReading:
    """The profile of a Page object. Raises `Unreadable` where id or name is missing."""
    page = mapping(rawjson.loads(body))
    texts = [optional(page, name) for name in ("about", "description", "bio", "mission")]
    return ProfileReading(
        native_id=required(page, "id"),
        handle=optional(page, "username") or required(page, "id"),
        name=required(page, "name"),
        bio="\n".join(dict.fromkeys(text for text in texts if text)),
        website=optional(page, "website"),
        location=optional(page, "single_line_address"),
        avatar_url=optional(mapping(mapping(page.get("picture")).get("data")), "url"),
        banner_url=optional(mapping(page.get("cover")), "source"),
        raw=body,
    )


def photo_ids(body: bytes) -> list[str]:
    """The ids of the pictures in the attachments of a post or of a list of posts, each once."""
    value = mapping(rawjson.loads(body))
    posts = value["data"] if isinstance(value.get("data"), list) else [value]
    found = [
        media_id
        for post in posts
        for one in _attachments(mapping(post))
        if optional(one, "type") in {"photo", "cover_photo", "profile_media"} and (media_id := _target_id(one))
    ]
    return list(dict.fromkeys(found))


def alt_text_of(photo: Mapping[str, Any]) -> str:
    """What the author wrote for a Photo node. A text Facebook guessed is not theirs and changes by itself: ""."""
    return optional(photo, "alt_text_custom") or ""


def next_cursor(value: Mapping[str, Any]) -> str | None:
    """Where the next page starts, without the token `paging.next` carries; None where it names no next page."""
    paging = mapping(value.get("paging"))
    following = optional(paging, "next")
    if following is None:
        return None
    after = optional(mapping(paging.get("cursors")), "after")
    query = parse_qs(urlsplit(following).query)
    if after or "after" in query:
        return after or query["after"][0]
    place = {name: values[0] for name, values in query.items() if name not in _NOT_PLACE}
    return "?" + urlencode(sorted(place.items())) if place else None


def question_of(cursor: str | None) -> dict[str, str]:
    """The parameters that resume at a cursor of `next_cursor`."""
    if cursor is None:
        return {}
    if cursor.startswith("?"):
        return {name: values[0] for name, values in parse_qs(cursor[1:]).items()}
    return {"after": cursor}


def _post(record: Mapping[str, Any], raw: bytes, alt_text: AltText) -> PostReading:
    attachments = list(_attachments(record))
    photos = [alt_text.raw[one] for one in filter(None, map(_target_id, attachments)) if one in alt_text.raw]
    return PostReading(
        native_id=required(record, "id"),
        kind="share" if record.get("parent_id") else "post",
        created_at=moment(record, "created_time"),
        created_raw=required(record, "created_time"),
        text=_message(record),
        permalink=optional(record, "permalink_url"),
        links=tuple(dict.fromkeys(filter(None, map(_link, attachments)))),
        media=tuple(filter(None, (_medium(one, alt_text) for one in attachments))),
        hidden=record.get("is_hidden") is True or record.get("is_published") is False,
        raw=rawjson.joined("post", raw, {"photos": photos}),
    )


def _message(record: Mapping[str, Any]) -> str:
    message = record.get("message")
    if message is not None and not isinstance(message, str):
        raise Unreadable("message is no text")
    return message or ""


def _attachments(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The attachments; of an album its pictures in its place."""
    for one in _data(record.get("attachments")):
        inner = _data(one.get("subattachments"))
        yield from inner or [one]


def _link(attachment: Mapping[str, Any]) -> str | None:
    if optional(attachment, "type") in _PICTURES:
        return None
    return optional(attachment, "unshimmed_url") or optional(attachment, "url")


def _medium(attachment: Mapping[str, Any], alt_text: AltText) -> Media | None:
    media = mapping(attachment.get("media"))
    kind = optional(attachment, "media_type") or optional(attachment, "type") or "media"
    if not media or kind == "link":
        # The preview picture of a link belongs to the page linked to.
        return None
    target = _target_id(attachment)
    url = optional(mapping(media.get("image")), "src") or optional(media, "source")
    return Media(kind=kind, url=url, alt_text=alt_text.text.get(target or ""), native_id=target)


def _target_id(attachment: Mapping[str, Any]) -> str | None:
    return optional(mapping(attachment.get("target")), "id")


def _data(value: Any) -> Sequence[Mapping[str, Any]]:
    return mappings(mapping(value).get("data"))
