"""Graph answers about Instagram into readings: bytes in, facts out, no network.

Graph gives no time of an edit and no history, so `edited_at` stays None and the archive sees an edit by the content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chapterwatch.model import PostReading, ProfileReading, Quarantined
from connectors import graph_paging, graph_records, rawjson
from connectors.graph_paging import Listing
from connectors.graph_records import media_of, words
from connectors.records import identifier, mapping, moment, optional, required


def listing(body: bytes) -> Listing:
    """The posts of the media edge. Raises `Unreadable` where there is no list of data."""
    return graph_paging.listing(body, post_or_reason)


def post_or_reason(record: Any, raw: bytes) -> PostReading | Quarantined:
    """One media object, or why it could not be read."""
    return graph_records.post_or_reason("instagram", record, raw, _post)


def profile(body: bytes) -> ProfileReading:
    """The profile of an account. Raises `Unreadable` where id or username is missing."""
    user = mapping(rawjson.loads(body))
    username = required(user, "username")
    return ProfileReading(
        native_id=identifier(user, "id"),
        handle=username,
        name=optional(user, "name") or username,
        bio=optional(user, "biography") or "",
        website=optional(user, "website"),
        avatar_url=optional(user, "profile_picture_url"),
        raw=body,
    )


def _post(record: Mapping[str, Any], raw: bytes) -> PostReading:
    return PostReading(
        native_id=identifier(record, "id"),
        kind="post",
        created_at=moment(record, "timestamp"),
        created_raw=required(record, "timestamp"),
        text=words(record, "caption"),
        permalink=optional(record, "permalink"),
        media=tuple(media_of(record)),
        raw=raw,
    )
