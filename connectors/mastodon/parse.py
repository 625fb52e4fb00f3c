"""Mastodon API answers into readings: bytes in, facts out, no network.

Sources: Mastodon API documentation, entities Account, Status, StatusEdit, MediaAttachment, Poll and Quote. The text of
a post is what a reader sees: content warning, content and poll options, a blank line between them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chapterwatch.model import Media, PostReading, ProfileReading
from connectors import rawjson
from connectors.mastodon.markup import Shown, shown
from connectors.records import Unreadable, identifier, mapping, mappings, moment, optional, required

#: What everybody can read; unlisted posts are only kept out of public timelines.
OPEN = frozenset({"public", "unlisted"})

_KINDS = {"gifv": "animated_gif", "unknown": "media"}
#: The picture of an account that has none.
_NO_PICTURE = re.compile(r"/missing\.png$")


@dataclass(frozen=True)
class Status:
    """One post as the API gave it: its record and its exact bytes."""

    record: Mapping[str, Any]
    raw: bytes

    @property
    def edited(self) -> bool:
        """Whether there are earlier versions to ask for."""
        return optional(self.record, "edited_at") is not None


def statuses(body: bytes) -> list[Status]:
    """The posts of a listing. Raises `Unreadable` where it is no list."""
    value = rawjson.loads(body)
    if not isinstance(value, list):
        raise Unreadable("is no list")
    return [Status(mapping(one), raw) for one, raw in zip(value, rawjson.elements(body), strict=True)]


def is_private(status: Status) -> bool:
    """Whether only some may read it. Raises `Unreadable` where the instance does not say."""
    shared = status.record.get("reblog")
    holders = [status.record, *([shared] if isinstance(shared, dict) else [])]
    return any(required(one, "visibility") not in OPEN for one in holders)


def versions(status: Status, history: bytes | None = None) -> tuple[PostReading, ...]:
    """All versions of a post, oldest first; without its history the present one alone.

    Raises:
        Unreadable: what a reading cannot do without is missing.
    """
    own = identifier(status.record, "id")
    edits = statuses(history) if history is not None else []
    if len(edits) < 2:  # noqa: PLR2004 - an edited post has at least two versions
        return (_reading(status.record, status.raw),)
    times = [required(one.record, "created_at") for one in edits]
    # An edit gives no new id, so versions are told apart by their times; the first keeps the post's own.
    chain = (own, *(f"{own}@{time}" for time in times[1:]))
    earlier = [
        _reading(_as_it_was(status.record, edit.record, first=at == 0), _raw_of(own, edit), chain)
        for at, edit in enumerate(edits[:-1])
    ]
    return (*earlier, _reading(status.record, status.raw, chain))


def profile(body: bytes) -> ProfileReading:
    """An account. Its table of links belongs to what it says of itself. Raises `Unreadable` without id or name."""
    account = mapping(rawjson.loads(body))
    bio, links = described(optional(account, "note") or "", mappings(account.get("fields")))
    handle = required(account, "acct")
    return ProfileReading(
        native_id=identifier(account, "id"),
        handle=handle,
        name=optional(account, "display_name") or handle,
        bio=bio,
        website=links[0] if links else None,
        avatar_url=_picture(account, "avatar"),
        banner_url=_picture(account, "header"),
        raw=body,
    )


def described(note: str, fields: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[str, ...]]:
    """A profile's words, its table as lines of "name: value", and the links in that table."""
    rows = [(optional(one, "name") or "", shown(optional(one, "value") or "")) for one in fields]
    table = "\n".join(f"{name}: {value.text}" for name, value in rows)
    links = tuple(link for _, value in rows for link in value.links)
    return joined(shown(note).text, table), links


def joined(*parts: str) -> str:
    """The parts that say something, a blank line between them."""
    return "\n\n".join(part for part in parts if part.strip())


def _reading(record: Mapping[str, Any], raw: bytes, chain: tuple[str, ...] = ()) -> PostReading:
    shared = record.get("reblog")
    seen = shared if isinstance(shared, dict) else record
    quoted = _quoted(seen)
    content = shown(required(seen, "content", may_be_empty=True), without_quote=bool(quoted))
    reply_to = optional(record, "in_reply_to_id")
    return PostReading(
        native_id=identifier(record, "id"),
        kind="share" if seen is not record else "reply" if reply_to else "quote" if quoted else "post",
        created_at=moment(record, "created_at"),
        created_raw=required(record, "created_at"),
        edited_at=moment(record, "edited_at") if optional(record, "edited_at") else None,
        version_ids=chain,
        text=_text(seen, content),
        links=tuple(dict.fromkeys([*content.links, *([quoted] if quoted and "://" in quoted else [])])),
        media=tuple(_medium(one) for one in mappings(seen.get("media_attachments"))),
        lang=optional(seen, "language"),
        reply_to=reply_to,
        permalink=optional(seen, "url") or optional(seen, "uri"),
        raw=raw,
    )


def _text(record: Mapping[str, Any], content: Shown) -> str:
    options = mappings(mapping(record.get("poll")).get("options"))
    poll = "\n".join(title for one in options if (title := optional(one, "title")))
    return joined(optional(record, "spoiler_text") or "", content.text, poll)


def _as_it_was(record: Mapping[str, Any], edit: Mapping[str, Any], *, first: bool) -> Mapping[str, Any]:
    """The post with the content of an earlier version. What an edit cannot change is the post's own."""
    content = {name: edit.get(name) for name in ("content", "spoiler_text", "media_attachments", "poll")}
    return {**record, **content, "edited_at": None if first else edit.get("created_at")}


def _raw_of(own: str, edit: Status) -> bytes:
    """An earlier version's bytes, which do not say by themselves of which post."""
    return rawjson.joined("version", edit.raw, {"post": [json.dumps(own).encode()]})


def _quoted(record: Mapping[str, Any]) -> str | None:
    """The address of the post that is quoted, its id where the instance shows no more; None where nothing is."""
    quote = mapping(record.get("quote"))
    # Mastodon wraps it and says whether the quoted author agreed; others give the post itself.
    post = mapping(quote.get("quoted_status")) or quote
    return optional(post, "url") or optional(post, "uri") or optional(quote, "quoted_status_id") or _state(quote)


def _state(quote: Mapping[str, Any]) -> str | None:
    """A quote whose post is not shown (deleted, not agreed to) is one all the same."""
    return optional(quote, "state")


def _medium(record: Mapping[str, Any]) -> Media:
    kind = optional(record, "type") or "media"
    return Media(
        kind=_KINDS.get(kind, kind),
        url=optional(record, "url") or optional(record, "remote_url"),
        alt_text=optional(record, "description"),
        native_id=optional(record, "id"),
    )


def _picture(account: Mapping[str, Any], name: str) -> str | None:
    url = optional(account, name)
    return None if url is None or _NO_PICTURE.search(url) else url
