"""Answers of LinkedIn's REST API into readings: bytes in, facts out, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined, Window
from connectors import rawjson
from connectors.linkedin.little import plain
from connectors.records import Unreadable, identifier, mapping, mappings, optional, required
from connectors.times import UnreadableTime, epoch_time

#: How the same organisation is written as an author.
_ORGANISATIONS = ("organization", "organizationBrand", "company")
_IMAGE = "urn:li:image:"
#: The name of an uploaded picture before there were images of their own; the number is the same.
_ASSET = "urn:li:digitalmediaAsset:"


@dataclass(frozen=True)
class Listing:
    """One parsed page of posts."""

    posts: tuple[PostReading, ...]
    quarantined: tuple[Quarantined, ...]
    #: Ids of all records of the page, also of those outside the window.
    ids: tuple[str, ...]
    #: When the last of them was changed; None on a page without a time.
    newest_change: datetime | None
    #: Where the platform says the next page starts; None where it names none.
    following: int | None
    #: Whether it names a next page at all, even where it does not say where that starts.
    goes_on: bool


@dataclass(frozen=True)
class Organisation:
    """What an organisation's record says, and the ids of its logo and cover."""

    reading: ProfileReading
    logo: str | None
    cover: str | None


def listing(body: bytes, author: str, window: Window) -> Listing:
    """The posts of a page that were published in the window. Raises `Unreadable` where there is no list of elements."""
    value = rawjson.loads(body)
    if not isinstance(value, dict) or not isinstance(value.get("elements"), list):
        raise Unreadable("holds no list of elements")
    records = [mapping(one) for one in value["elements"]]
    found = [
        post_or_reason(record, raw, author)
        for record, raw in zip(records, rawjson.elements(body, "elements"), strict=True)
        if _is_within(record, window)
    ]
    changes = [moment for record in records if (moment := _changed(record))]
    return Listing(
        posts=tuple(one for one in found if isinstance(one, PostReading)),
        quarantined=tuple(one for one in found if isinstance(one, Quarantined)),
        ids=tuple(str(record.get("id")) for record in records),
        newest_change=max(changes, default=None),
        following=_following(mapping(value.get("paging"))),
        goes_on=_goes_on(value.get("paging")),
    )


def post_or_reason(record: Any, raw: bytes, author: str) -> PostReading | Quarantined:
    """One post object, or why it could not be read. Of a post not open to everybody nothing is kept (LLL-02)."""
    where = f"linkedin post {str(mapping(record).get('id', 'without id'))[:60]}"
    try:
        if _is_private(mapping(record)):
            return Quarantined(where=where, reason="private", raw=b"")
        return _post(mapping(record), raw, author)
    except Unreadable as error:
        return Quarantined(where=where, reason=str(error), raw=raw)


def organisation(body: bytes) -> Organisation:
    """The profile of an organisation. Raises `Unreadable` where id or name is missing."""
    record = mapping(rawjson.loads(body))
    number = identifier(record, "id")
    reading = ProfileReading(
        native_id=number,
        handle=optional(record, "vanityName") or number,
        name=optional(record, "localizedName") or _localized(record, "name") or required(record, "localizedName"),
        bio=optional(record, "localizedDescription") or _localized(record, "description") or "",
        website=optional(record, "localizedWebsite") or _localized(record, "website"),
        location=_seat(record),
        raw=body,
    )
    return Organisation(reading, _picture_of(record, "logoV2"), _picture_of(record, "coverPhotoV2"))


def downloads(body: bytes) -> dict[str, str]:
    """Where pictures are fetched, by their id: an answer of the Images API for several ids."""
    results = mapping(mapping(rawjson.loads(body)).get("results"))
    return {one: url for one, image in results.items() if (url := optional(mapping(image), "downloadUrl"))}


def results(body: bytes) -> dict[str, tuple[Any, bytes]]:
    """The objects of an answer for several ids, each with its exact bytes, by id."""
    found = mapping(mapping(rawjson.loads(body)).get("results"))
    slices = {one: rawjson.elements(body, "results", one) for one, value in found.items() if isinstance(value, dict)}
    return {one: (found[one], raw[0]) for one, raw in slices.items() if raw}


def is_picture_id(native_id: str | None) -> bool:
    """Whether a medium's id is that of a picture, which the Images API knows."""
    return native_id is not None and native_id.startswith(_IMAGE)


# --- a post ----------------------------------------------------------------------------------------------------------


def _post(record: Mapping[str, Any], raw: bytes, author: str) -> PostReading:
    _refuse_others(record, author)
    name = "publishedAt" if record.get("publishedAt") else "createdAt"
    native_id = required(record, "id")
    content = mapping(record.get("content"))
    return PostReading(
        native_id=native_id,
        kind="share" if mapping(record.get("reshareContext")) else "post",
        created_at=_moment(record, name),
        created_raw=str(record[name]),
        edited_at=_edited(record),
        text=_text(record, content),
        permalink=f"https://www.linkedin.com/feed/update/{native_id}",
        links=tuple(dict.fromkeys(_links(content))),
        media=tuple(_media(content)),
        raw=raw,
    )


def _is_private(record: Mapping[str, Any]) -> bool:
    published = record.get("lifecycleState", "PUBLISHED") == "PUBLISHED"
    return not published or required(record, "visibility") != "PUBLIC"


def _refuse_others(record: Mapping[str, Any], author: str) -> None:
    kind, _, number = required(record, "author").removeprefix("urn:li:").partition(":")
    if number != author.rpartition(":")[2] or kind not in _ORGANISATIONS:
        raise Unreadable("author is another than the account")


def _text(record: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    """The commentary as readers see it, and a poll's question and answers under it, one a line."""
    commentary = record.get("commentary")
    if commentary is not None and not isinstance(commentary, str):
        raise Unreadable("commentary is no text")
    poll = mapping(content.get("poll"))
    asked = [optional(poll, "question"), *(optional(one, "text") for one in mappings(poll.get("options")))]
    return "\n".join([text for text in (plain(commentary or ""), *asked) if text])


def _links(content: Mapping[str, Any]) -> Iterator[str]:
    article = optional(mapping(content.get("article")), "source")
    if article:
        yield article
    for card in mappings(mapping(content.get("carousel")).get("cards")):
        if page := optional(card, "landingPage"):
            yield page


def _media(content: Mapping[str, Any]) -> Iterator[Media]:
    """Pictures, videos and documents. The preview picture of a link belongs to the page linked to."""
    cards = [mapping(card.get("media")) for card in mappings(mapping(content.get("carousel")).get("cards"))]
    for one in [mapping(content.get("media")), *mappings(mapping(content.get("multiImage")).get("images")), *cards]:
        native_id = optional(one, "id")
        if native_id:
            kind = native_id.removeprefix("urn:li:").partition(":")[0]
            yield Media(kind=kind, url=None, alt_text=optional(one, "altText"), native_id=native_id)


def _edited(record: Mapping[str, Any]) -> datetime | None:
    """When the author last edited it; `lastModifiedAt` alone moves by itself."""
    edited = mapping(record.get("lifecycleStateInfo")).get("isEditedByAuthor") is True
    return _moment(record, "lastModifiedAt") if edited and record.get("lastModifiedAt") else None


def _is_within(record: Mapping[str, Any], window: Window) -> bool:
    """Whether a post is of the window; one without a readable time is looked at, and set aside."""
    try:
        moment = _moment(record, "publishedAt" if record.get("publishedAt") else "createdAt")
    except Unreadable:
        return True
    return window.since <= moment < window.until


def _changed(record: Mapping[str, Any]) -> datetime | None:
    for name in ("lastModifiedAt", "publishedAt", "createdAt"):
        try:
            return _moment(record, name)
        except Unreadable:
            continue
    return None


def _moment(record: Mapping[str, Any], name: str) -> datetime:
    """A time in epoch milliseconds."""
    value = record.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{name} is missing or no time")
    try:
        return epoch_time(value // 1000) + timedelta(milliseconds=value % 1000)
    except UnreadableTime as error:
        raise Unreadable(f"{name} {error}") from None


def _following(paging: Mapping[str, Any]) -> int | None:
    start, count = paging.get("start"), paging.get("count")
    named = any(optional(link, "rel") == "next" for link in mappings(paging.get("links")))
    if named and type(start) is int and type(count) is int and count > 0:
        return start + count
    return None


def _goes_on(paging: Any) -> bool:
    """Whether an answer says that there is more of it, however oddly."""
    if not isinstance(paging, dict) or not isinstance(paging.get("links"), list):
        return bool(paging.get("links") if isinstance(paging, dict) else paging)
    return any(optional(link, "rel") == "next" for link in mappings(paging["links"]))


# --- an organisation -------------------------------------------------------------------------------------------------


def _localized(record: Mapping[str, Any], name: str) -> str | None:
    """A text given in several languages: in the one the organisation prefers, else in the first."""
    field = mapping(record.get(name))
    texts = mapping(field.get("localized"))
    preferred = mapping(field.get("preferredLocale"))
    locale = f"{preferred.get('language')}_{preferred.get('country')}"
    return optional(texts, locale) or next((text for text in texts.values() if isinstance(text, str) and text), None)


def _seat(record: Mapping[str, Any]) -> str | None:
    places = mappings(record.get("locations"))
    seats = [one for one in places if one.get("locationType") == "HEADQUARTERS"] or places
    address = mapping(seats[0].get("address")) if seats else {}
    parts = [optional(address, name) for name in ("city", "geographicArea", "country")]
    return ", ".join(part for part in parts if part) or None


def _picture_of(record: Mapping[str, Any], name: str) -> str | None:
    picture = mapping(record.get(name))
    native_id = optional(picture, "cropped") or optional(picture, "original")
    return native_id and native_id.replace(_ASSET, _IMAGE)
