"""X API v2 answers into readings: bytes in, facts out, no network.

Both of X's vocabularies are read (tweet.* until 2026-08, post.* since), whichever was asked for. A record that cannot
be read is quarantined with its reason and the rest goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, goes_on, identifier, mapping, mappings, moment, optional, required

#: Our word -> X's words for it, the older first.
ALIASES = {
    "history": ("edit_history_tweet_ids", "edit_history_post_ids"),
    "note": ("note_tweet", "note_post"),
    "referenced": ("referenced_tweets", "referenced_posts"),
    "posts": ("tweets", "posts"),
}

_SHARED = ("retweeted", "reposted")
_KINDS = (*((word, "share") for word in _SHARED), ("replied_to", "reply"), ("quoted", "quote"))
SHARE_PREFIX = re.compile(r"RT @\w{1,20}: ")
#: Pseudo languages of X: undetermined, no linguistic content, only hashtags or media and so on.
_NO_LANGUAGE = re.compile(r"und|zxx|q[a-z]{2}")


@dataclass(frozen=True)
class Includes:
    """Posts and media that came along, each with its value and its exact bytes."""

    posts: Mapping[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    media: Mapping[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """One parsed answer. `stale` are posts of which only an outdated version came, with their newest id."""

    posts: tuple[PostReading, ...]
    quarantined: tuple[Quarantined, ...]
    #: Records in `data`, readable or not: what is paid for.
    returned: int
    next_token: str | None
    stale: Mapping[str, str] = field(default_factory=dict)
    #: A next page is named, but not where it starts: there is more, and nobody can follow.
    breaks_off: bool = False


def listing(body: bytes, handle: str) -> Listing:
    """The posts of a timeline or lookup answer (whose JSON is known to be an object)."""
    value = rawjson.loads(body)
    includes = _includes(value, body)
    posts: list[PostReading] = []
    bad: list[Quarantined] = []
    stale: dict[str, str] = {}
    for record, raw in _records(value, body, "data"):
        try:
            sent = _reading(record, raw, record, includes, handle)
        except Unreadable as error:
            bad.append(_quarantined(record, raw, error))
            continue
        posts += _all_versions(sent, record, includes, handle, bad)
        stale |= _stale(record, includes)
    token = optional(mapping(value.get("meta")), "next_token")
    returned = len(posts) + len(bad) if not isinstance(value.get("data"), list) else len(value["data"])
    breaks_off = token is None and goes_on(value, "meta", "next_token")
    return Listing(tuple(posts), tuple(bad), returned, token, stale, breaks_off)


def has_posts(value: Mapping[str, Any]) -> bool:
    """Whether an answer says what posts there are, none included: `data`, or a result count of zero."""
    return isinstance(value.get("data"), list) or (
        value.get("data") is None and mapping(value.get("meta")).get("result_count") == 0
    )


def profile(body: bytes) -> ProfileReading:
    """The profile of a user lookup. Raises `Unreadable` where id, name or username is missing."""
    return _profile(mapping(rawjson.loads(body).get("data")), rawjson.elements(body, "data")[0])


def profiles(body: bytes) -> dict[str, ProfileReading | Unreadable]:
    """The profiles of a lookup of many users, by id; in place of one that cannot be read, why.

    A reading's `raw` is the user's own slice of the answer, byte for byte, and not the answer: a capture then holds
    nobody else's profile, is erased without another's, and hashes as if that user alone had been asked for.
    """
    found: dict[str, ProfileReading | Unreadable] = {}
    for user, raw in _records(rawjson.loads(body), body, "data"):
        number = str(user.get("id"))
        try:
            found[number] = _profile(user, raw)
        except Unreadable as error:
            found[number] = error
    return found


def _profile(user: Mapping[str, Any], raw: bytes) -> ProfileReading:
    return ProfileReading(
        native_id=identifier(user, "id"),
        handle=required(user, "username"),
        name=unescaped(required(user, "name")),
        bio=unescaped(optional(user, "description") or ""),
        website=_expanded_website(user),
        location=optional(user, "location"),
        avatar_url=optional(user, "profile_image_url"),
        banner_url=optional(user, "profile_banner_url"),
        raw=raw,
    )


def aliased(record: Mapping[str, Any], word: str) -> Any:
    """The value under whichever of X's names for `word` is there."""
    return next((record[name] for name in ALIASES[word] if record.get(name) is not None), None)


def _all_versions(
    sent: PostReading, record: dict[str, Any], includes: Includes, handle: str, bad: list[Quarantined]
) -> Iterator[PostReading]:
    """The version that was sent and those that came along, oldest first. An unreadable one costs only itself."""
    own = identifier(record, "id")
    for version in sent.version_ids:
        if version == own:
            yield sent
        elif version in includes.posts:
            other, raw = includes.posts[version]
            try:
                yield _reading(other, raw, record, includes, handle)
            except Unreadable as error:
                bad.append(_quarantined(other, raw, error))


def _reading(record: dict[str, Any], raw: bytes, sent: dict[str, Any], includes: Includes, handle: str) -> PostReading:
    """One version of the post that was sent; all versions carry the first one's id and time."""
    version, chain = identifier(record, "id"), _chain(sent, identifier(sent, "id"))
    first = record if version == chain[0] else _first(chain, record, includes)
    shown, joined = _shown(record, includes)
    media = _media_keys(shown)
    others = {"media": [includes.media[key][1] for key in media if key in includes.media], "posts": joined}
    kind, reply_to = _kind(record)
    return PostReading(
        native_id=chain[0],
        kind=kind,
        created_at=moment(first, "created_at"),
        created_raw=required(first, "created_at"),
        edited_at=moment(record, "created_at") if version != chain[0] else None,
        version_ids=chain,
        text=_text(record, shown),
        links=_links(shown),
        media=tuple(_medium(key, includes) for key in media),
        lang=_language(record),
        reply_to=reply_to,
        permalink=f"https://x.com/{handle}/status/{version}",
        raw=rawjson.joined("data", raw, others),
    )


def _first(chain: tuple[str, ...], record: dict[str, Any], includes: Includes) -> dict[str, Any]:
    """The version that tells when the post was first made; this one where the first did not come along."""
    first = includes.posts.get(chain[0], (record, b""))[0]
    return first if optional(first, "created_at") else record


def _chain(record: Mapping[str, Any], own: str) -> tuple[str, ...]:
    """The ids of all versions, oldest first. A chain the post itself is not part of says nothing."""
    ids = aliased(record, "history")
    chain = tuple(str(one) for one in ids) if isinstance(ids, list) else ()
    return chain if own in chain else (own,)


def _stale(record: dict[str, Any], includes: Includes) -> dict[str, str]:
    own = identifier(record, "id")
    chain = _chain(record, own)
    return {chain[0]: chain[-1]} if chain[-1] != own and chain[-1] not in includes.posts else {}


def _shown(record: dict[str, Any], includes: Includes) -> tuple[dict[str, Any], list[bytes]]:
    """The record whose content readers see: a repost's own text is cut, the original came along."""
    for kind, number in _references(record):
        if kind in _SHARED and number in includes.posts:
            original, raw = includes.posts[number]
            return original, [raw]
    return record, []


def _text(record: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    own = required(record, "text", may_be_empty=True)
    whole = optional(mapping(aliased(shown, "note")), "text") or required(shown, "text", may_be_empty=True)
    prefix = SHARE_PREFIX.match(own) if shown is not record else None
    return unescaped((prefix.group() if prefix else "") + whole)


def unescaped(text: str) -> str:
    """Text as typed. X escapes these three and nothing else: a typed "&copy;" comes as "&amp;copy;"."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _kind(record: Mapping[str, Any]) -> tuple[str, str | None]:
    types = dict(_references(record))
    kind = next((ours for theirs, ours in _KINDS if theirs in types), "post")
    return kind, types.get("replied_to")


def _references(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a post refers to: kind of reference and id."""
    return [(str(one.get("type")), str(one.get("id"))) for one in mappings(aliased(record, "referenced"))]


def _links(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Links as X expanded them, without those that stand for the post's own media."""
    found: dict[str, None] = {}
    for holder in (record, mapping(aliased(record, "note"))):
        for link in mappings(mapping(holder.get("entities")).get("urls")):
            target = optional(link, "expanded_url") or optional(link, "url")
            if target and not link.get("media_key"):
                found[target] = None
    return tuple(found)


def _media_keys(record: Mapping[str, Any]) -> list[str]:
    keys = mapping(record.get("attachments")).get("media_keys")
    return [str(key) for key in keys] if isinstance(keys, list) else []


def _medium(key: str, includes: Includes) -> Media:
    record = includes.media.get(key, ({}, b""))[0]
    return Media(
        kind=optional(record, "type") or "media",
        url=optional(record, "url") or optional(record, "preview_image_url"),
        alt_text=optional(record, "alt_text"),
        native_id=key,
    )


def _language(record: Mapping[str, Any]) -> str | None:
    lang = optional(record, "lang")
    return None if lang is None or _NO_LANGUAGE.fullmatch(lang) else lang


def _expanded_website(user: Mapping[str, Any]) -> str | None:
    links = mappings(mapping(mapping(user.get("entities")).get("url")).get("urls"))
    return next((link for one in links if (link := optional(one, "expanded_url"))), None) or optional(user, "url")


def _includes(value: Mapping[str, Any], body: bytes) -> Includes:
    known = mapping(value.get("includes"))
    posts: dict[str, tuple[dict[str, Any], bytes]] = {}
    for name in ALIASES["posts"]:
        posts |= {str(post.get("id")): (post, raw) for post, raw in _records(known, body, "includes", name)}
    media = {str(one.get("media_key")): (one, raw) for one, raw in _records(known, body, "includes", "media")}
    return Includes(posts, media)


def _records(holder: Mapping[str, Any], body: bytes, *path: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    values = holder.get(path[-1])
    if isinstance(values, list):
        for value, raw in zip(values, rawjson.elements(body, *path), strict=True):
            yield value if isinstance(value, dict) else {}, raw


def _quarantined(record: Mapping[str, Any], raw: bytes, reason: Unreadable) -> Quarantined:
    number = str(record.get("id", "without id"))[:40]
    return Quarantined(where=f"x post {number}", reason=str(reason), raw=raw)
