"""Records of a Bluesky repository into readings: JSON or CBOR values in, facts out, no network.

Sources: the lexicons app.bsky.feed.post, .repost, app.bsky.actor.profile and app.bsky.embed.*, and the AT Protocol
specification of TIDs. A post is known by its address (at://did/collection/key), which stays through every change; a
change gives the record a new CID, and as a CID is the hash of the content, the content shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import libipld

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, goes_on, mapping, mappings, moment, optional, required

POSTS = "app.bsky.feed.post"
REPOSTS = "app.bsky.feed.repost"
PROFILE = "app.bsky.actor.profile"

_ADDRESS = re.compile(
    r"at://(?P<did>did:[a-z]+:[A-Za-z0-9._:%-]+)/(?P<collection>[A-Za-z0-9.-]+)/(?P<key>[A-Za-z0-9._:~-]{1,512})"
)
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_TID = re.compile(f"[{_DIGITS[:16]}][{_DIGITS}]{{12}}")
#: The first records of the network are from November 2022.
_FIRST_YEAR, _LAST_YEAR = 2022, 2100
#: How far what an author says of a post's time and what its key says may lie apart.
CLOCKS_AGREE = timedelta(days=1)

_PICTURES = "https://cdn.bsky.app/img"


@dataclass(frozen=True)
class Address:
    """Where a record stands: at://did/collection/key."""

    did: str
    collection: str
    key: str

    def __str__(self) -> str:
        return f"at://{self.did}/{self.collection}/{self.key}"

    @classmethod
    def of(cls, text: object) -> Address:
        """An address in parts. Raises `Unreadable`."""
        match = _ADDRESS.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise Unreadable("uri is no address of a record")
        return cls(match["did"], match["collection"], match["key"])


@dataclass(frozen=True)
class Record:
    """One record: its address, its value and its exact bytes."""

    address: Address
    value: Mapping[str, Any]
    raw: bytes


@dataclass(frozen=True)
class Listing:
    """One parsed answer of listRecords."""

    records: tuple[Record, ...]
    quarantined: tuple[Quarantined, ...]
    cursor: str | None
    #: It goes on, and nobody can tell where.
    breaks_off: bool


def listing(body: bytes) -> Listing:
    """The records of a listing. Raises `Unreadable` where there is no list of them."""
    value = rawjson.loads(body)
    if not isinstance(value.get("records"), list):
        raise Unreadable("holds no list of records")
    found: list[Record] = []
    bad: list[Quarantined] = []
    for one, raw in zip(value["records"], rawjson.elements(body, "records"), strict=True):
        try:
            found.append(record(mapping(one), raw))
        except Unreadable as error:
            bad.append(Quarantined(where="bluesky record", reason=str(error), raw=raw))
    place = optional(value, "cursor")
    return Listing(tuple(found), tuple(bad), place, place is None and goes_on(value, "cursor"))


def record(item: Mapping[str, Any], raw: bytes) -> Record:
    """One item of a listing, or a getRecord answer. Raises `Unreadable`."""
    if not isinstance(item.get("value"), dict):
        raise Unreadable("value is missing or no object")
    return Record(Address.of(item.get("uri")), item["value"], raw)


def post(found: Record, server: str | None, original: Record | None = None) -> PostReading:
    """A post or repost.

    Args:
        found: the record.
        server: the address of the account's server, where its pictures lie; None where only the network's
            copy is known.
        original: of a repost, the post that is shared, None where nobody has it.

    Raises:
        Unreadable: what a reading cannot do without is missing.
    """
    return _share(found, original) if found.address.collection == REPOSTS else _own(found, server)


def shared(found: Record) -> Address:
    """What a repost shares. Raises `Unreadable`."""
    return Address.of(mapping(found.value.get("subject")).get("uri"))


def profile(account_did: str, handle: str, value: Mapping[str, Any], raw: bytes) -> ProfileReading:
    """The profile record of an account; {} where it has none, which is a profile without words."""
    return ProfileReading(
        native_id=account_did,
        handle=handle,
        name=optional(value, "displayName") or handle,
        bio=optional(value, "description") or "",
        website=optional(value, "website"),
        avatar_url=_picture_url("avatar", account_did, value.get("avatar")),
        banner_url=_picture_url("banner", account_did, value.get("banner")),
        raw=raw,
    )


def key_time(key: str) -> datetime | None:
    """When a record's key was made, to the microsecond; None for a key that is no timestamp (TID) of our years."""
    if not _TID.fullmatch(key):
        return None
    number = 0
    for digit in key:
        number = number * 32 + _DIGITS.index(digit)
    made = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number >> 10)
    return made if _FIRST_YEAR <= made.year <= _LAST_YEAR else None


def created(found: Record) -> datetime:
    """When a record was made.

    `createdAt` is whatever the author's application wrote, and may lie in any year. Where it and the time in the key
    are more than a day apart the key is believed, as Bluesky's own application does with its time of first sight.

    Raises:
        Unreadable: neither says a time.
    """
    keyed = key_time(found.address.key)
    try:
        claimed = moment(found.value, "createdAt")
    except Unreadable:
        if keyed is None:
            raise
        return keyed
    return claimed if keyed is None or abs(claimed - keyed) <= CLOCKS_AGREE else keyed


def _own(found: Record, server: str | None) -> PostReading:
    value = found.value
    parent = optional(mapping(mapping(value.get("reply")).get("parent")), "uri")
    quoted = _quoted(value)
    languages = value.get("langs")
    first = languages[0] if isinstance(languages, list) and languages else None
    return PostReading(
        native_id=str(found.address),
        kind="reply" if parent else "quote" if quoted else "post",
        created_at=created(found),
        created_raw=str(value.get("createdAt") or ""),
        text=required(value, "text", may_be_empty=True),
        raw=found.raw,
        permalink=_page_of(found.address),
        links=_links(value, quoted),
        media=tuple(_media(value, found.address.did, server)),
        lang=first if isinstance(first, str) and first else None,
        reply_to=parent,
    )


def _share(found: Record, original: Record | None) -> PostReading:
    """A repost shows the original and nothing of its own; its page is the original's page."""
    what = shared(found)
    value = original.value if original else {}
    return PostReading(
        native_id=str(found.address),
        kind="share",
        created_at=created(found),
        created_raw=str(found.value.get("createdAt") or ""),
        text=optional(value, "text") or "",
        raw=_both(found, original),
        permalink=_page_of(what),
        links=_links(value, _quoted(value)) if original else (_page_of(what),),
        media=tuple(_media(value, what.did, None)),
    )


def _both(found: Record, original: Record | None) -> bytes:
    """The repost's bytes, with the original's where both are JSON: a CAR file has the original as a post anyway."""
    if original is None or not found.raw.startswith(b"{"):
        return found.raw
    return rawjson.joined("repost", found.raw, {"original": [original.raw]})


def _page_of(address: Address) -> str:
    """The page of a post on bsky.app; a record that has none is named by its address."""
    if address.collection != POSTS:
        return str(address)
    return f"https://bsky.app/profile/{address.did}/post/{address.key}"


def _links(value: Mapping[str, Any], quoted: Address | None) -> tuple[str, ...]:
    """Links in the text, the page on the card, and the post that is quoted."""
    features = [one for facet in mappings(value.get("facets")) for one in mappings(facet.get("features"))]
    found = [optional(one, "uri") for one in features]
    # How links were marked before facets.
    found += [optional(one, "value") for one in mappings(value.get("entities")) if one.get("type") == "link"]
    found += [optional(mapping(one.get("external")), "uri") for one in _embeds(value)]
    found += [_page_of(quoted)] if quoted else []
    return tuple(dict.fromkeys(link for link in found if link))


def _embeds(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The embed of a post, and the one inside a quote with media."""
    embed = mapping(value.get("embed"))
    yield embed
    yield mapping(embed.get("media"))


def _quoted(value: Mapping[str, Any]) -> Address | None:
    """The record a post shows inside itself; in a quote with media it stands one level deeper."""
    outer = mapping(mapping(value.get("embed")).get("record"))
    uri = outer.get("uri") or mapping(outer.get("record")).get("uri")
    try:
        return Address.of(uri)
    except Unreadable:
        return None


def _media(value: Mapping[str, Any], did: str, server: str | None) -> Iterator[Media]:
    for embed in _embeds(value):
        for one in mappings(embed.get("images")):
            yield _medium("image", one, one.get("image"), did, server)
        if isinstance(embed.get("video"), dict):
            yield _medium("video", embed, embed["video"], did, server)


def _medium(kind: str, holder: Mapping[str, Any], blob: object, did: str, server: str | None) -> Media:
    cid = blob_cid(blob)
    url = None
    if cid and server:
        url = f"{server}/xrpc/com.atproto.sync.getBlob?did={did}&cid={cid}"
    elif cid and kind == "image":
        url = f"{_PICTURES}/feed_fullsize/plain/{did}/{cid}@jpeg"
    return Media(kind=kind, url=url, alt_text=optional(holder, "alt"), native_id=cid)


def _picture_url(kind: str, did: str, blob: object) -> str | None:
    """A profile picture at the network's own server: its path names the picture, which a query would not."""
    cid = blob_cid(blob)
    return f"{_PICTURES}/{kind}/plain/{did}/{cid}@jpeg" if cid else None


def blob_cid(blob: object) -> str | None:
    """The CID of a blob in JSON ({"$link": ...}), in CBOR (bytes) or in its first form (a plain `cid`)."""
    item = mapping(blob)
    ref = item.get("ref")
    if isinstance(ref, bytes):
        try:
            return str(libipld.encode_cid(ref))
        except ValueError:
            return None
    return optional(mapping(ref), "$link") or optional(item, "cid")
