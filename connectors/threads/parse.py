"""Threads answers into readings: bytes in, facts out, no network.

Threads gives no time of an edit and no history, so `edited_at` stays None and the archive sees an edit by the content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chapterwatch.model import PostReading, ProfileReading, Quarantined
from connectors import graph_paging, graph_records, rawjson
from connectors.graph_paging import Listing
from connectors.graph_records import media_of, words
from connectors.records import identifier, mapping, moment, optional, required

_OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def listing(body: bytes) -> Listing:
    """The posts of the threads or replies edge. Raises `Unreadable` where there is no list of data."""
    return graph_paging.listing(body, post_or_reason)


def post_or_reason(record: Any, raw: bytes) -> PostReading | Quarantined:
    """One post object, or why it could not be read."""
    return graph_records.post_or_reason("threads", record, raw, _post)


def profile(body: bytes) -> ProfileReading:
    """The profile of an account. Raises `Unreadable` where id or username is missing."""
    user = mapping(rawjson.loads(body))
    username = required(user, "username")
    return ProfileReading(
        native_id=identifier(user, "id"),
        handle=username,
        name=optional(user, "name") or username,
        bio=optional(user, "threads_biography") or "",
        avatar_url=optional(user, "threads_profile_picture_url"),
        raw=body,
    )


def _post(record: Mapping[str, Any], raw: bytes) -> PostReading:
    link = optional(record, "link_attachment_url")
    return PostReading(
        native_id=identifier(record, "id"),
        kind=_kind(record),
        created_at=moment(record, "timestamp"),
        created_raw=required(record, "timestamp"),
        text=_text(record),
        permalink=optional(record, "permalink"),
        links=(link,) if link else (),
        media=tuple(media_of(record)),
        reply_to=optional(mapping(record.get("replied_to")), "id"),
        raw=raw,
    )


def _kind(record: Mapping[str, Any]) -> str:
    if record.get("media_type") == "REPOST_FACADE" or mapping(record.get("reposted_post")):
        return "share"
    if record.get("is_reply") is True or mapping(record.get("replied_to")):
        return "reply"
    return "quote" if record.get("is_quote_post") is True else "post"


def _text(record: Mapping[str, Any]) -> str:
    """The text, and the answers of a poll under it, one a line: the author wrote both."""
    poll = mapping(record.get("poll_attachment"))
    answers = [answer for name in _OPTIONS if (answer := optional(poll, name))]
    return "\n".join([words(record, "text"), *answers] if answers else [words(record, "text")])
