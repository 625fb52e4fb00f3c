"""Graph API answers into readings: bytes in, facts out, no network.

`updated_time` moves when somebody comments, so it proves no edit and stands in `raw` alone: `edited_at` stays None and
the archive sees an edit by the content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined
from connectors import graph_paging, graph_records, rawjson
from connectors.graph_paging import Listing
from connectors.records import Unreadable, identifier, mapping, mappings, moment, optional, required

#: Attachment types whose own link is the picture itself, not somewhere a reader is sent.
_PICTURES = {"photo", "video", "album", "video_inline", "video_autoplay", "animated_image_autoplay", "cover_photo"}


@dataclass(frozen=True)
class AltText:
    """What the Photo nodes say: exact bytes and the text the author gave, by photo id."""

    raw: Mapping[str, bytes]
    text: Mapping[str, str]


NO_ALT_TEXT = AltText({}, {})


def listing(body: bytes, alt_text: AltText = NO_ALT_TEXT) -> Listing:
    """The posts of an edge such as published_posts. Raises `Unreadable` where there is no list of data."""
    return graph_paging.listing(body, lambda record, raw: post_or_reason(record, raw, alt_text))


def post_or_reason(record: Any, raw: bytes, alt_text: AltText = NO_ALT_TEXT) -> PostReading | Quarantined:
    """One post object, or why it could not be read."""
    return graph_records.post_or_reason("facebook_page", record, raw, partial(_post, alt_text=alt_text))


def profile(body: bytes) -> ProfileReading:
    """The profile of a Page object. Raises `Unreadable` where id or name is missing."""
    page = mapping(rawjson.loads(body))
    texts = [optional(page, name) for name in ("about", "description", "bio", "mission")]
    return ProfileReading(
        native_id=identifier(page, "id"),
        handle=optional(page, "username") or identifier(page, "id"),
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
        media=(*_media(attachments, alt_text), *graph_records.left_out(*_lists(record))),
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


def _lists(record: Mapping[str, Any]) -> Iterator[Any]:
    yield record.get("attachments")
    yield from (one.get("subattachments") for one in _data(record.get("attachments")))


def _link(attachment: Mapping[str, Any]) -> str | None:
    if optional(attachment, "type") in _PICTURES:
        return None
    return optional(attachment, "unshimmed_url") or optional(attachment, "url")


def _media(attachments: Iterable[Mapping[str, Any]], alt_text: AltText) -> Iterator[Media]:
    yield from filter(None, (_medium(one, alt_text) for one in attachments))


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
