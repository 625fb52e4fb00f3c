"""Flickr's answers into readings: bytes in, facts out, no network.

`lastupdate` moves when somebody comments or Flickr itself touches a photograph, so it proves no edit and stands in
`raw` alone: `edited_at` stays None and the archive sees an edit by the content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chapterwatch.model import Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.records import Unreadable, identifier, mapping, optional
from connectors.times import UnreadableTime, epoch_time
from connectors.weblog.markup import rendered

_LINK = re.compile(r"https?://[^\s<>\"]+")
_NUMBER = re.compile(r"[0-9]{1,12}")
_SIZES = ("url_o", "url_l", "url_m")


@dataclass(frozen=True)
class Listing:
    """One page of photographs."""

    posts: tuple[PostReading, ...]
    quarantined: tuple[Quarantined, ...]
    page: int
    pages: int


def listing(body: bytes, owner: str) -> Listing:
    """The photographs of a `getPublicPhotos` answer. Raises `Unreadable` where there is no list of them."""
    found = mapping(mapping(rawjson.loads(body)).get("photos"))
    if not isinstance(found.get("photo"), list):
        raise Unreadable("holds no list of photographs")
    posts: list[PostReading] = []
    bad: list[Quarantined] = []
    for item, raw in zip(found["photo"], rawjson.elements(body, "photos", "photo"), strict=True):
        read = _post_or_reason(mapping(item), raw, owner)
        (posts if isinstance(read, PostReading) else bad).append(read)  # type: ignore[arg-type]
    return Listing(tuple(posts), tuple(bad), _whole(found, "page"), _whole(found, "pages"))


def photo(body: bytes, owner: str) -> PostReading | Quarantined:
    """The photograph of a `getInfo` answer, in the words of a listing. Raises `Unreadable` where there is none."""
    found = mapping(mapping(rawjson.loads(body)).get("photo"))
    if not found:
        raise Unreadable("holds no photograph")
    named = {
        "id": found.get("id"),
        "title": found.get("title"),
        "description": found.get("description"),
        "dateupload": found.get("dateuploaded") or mapping(found.get("dates")).get("posted"),
        "media": found.get("media"),
        "pathalias": mapping(found.get("owner")).get("path_alias"),
        "ispublic": mapping(found.get("visibility")).get("ispublic"),
        "secret": found.get("secret"),
        "server": found.get("server"),
    }
    return _post_or_reason(named, body, owner)


def profile(body: bytes) -> ProfileReading:
    """The account of a `people.getInfo` answer. Raises `Unreadable` where id or name is missing."""
    person = mapping(mapping(rawjson.loads(body)).get("person"))
    name = _content(person.get("username"))
    if not name:
        raise Unreadable("username is missing or no text")
    number = identifier(person, "nsid", "id")
    return ProfileReading(
        native_id=number,
        handle=optional(person, "path_alias") or name,
        name=_content(person.get("realname")) or name,
        bio=rendered(_content(person.get("description"))).text,
        website=_content(person.get("profileurl")) or None,
        location=_content(person.get("location")) or None,
        avatar_url=_icon(person, number),
        raw=body,
    )


def _post_or_reason(item: Mapping[str, Any], raw: bytes, owner: str) -> PostReading | Quarantined:
    where = f"flickr photograph {str(item.get('id', 'without id'))[:20]}"
    if str(item.get("ispublic", 1)) != "1":
        return Quarantined(where=where, reason="private", raw=b"")
    try:
        return _post(item, raw, owner)
    except Unreadable as error:
        return Quarantined(where=where, reason=str(error), raw=raw)


def _post(item: Mapping[str, Any], raw: bytes, owner: str) -> PostReading:
    number = identifier(item, "id")
    described = rendered(_content(item.get("description")))
    text = "\n\n".join(part for part in (_content(item.get("title")).strip(), described.text) if part)
    uploaded = identifier(item, "dateupload")
    try:
        created = epoch_time(uploaded)
    except UnreadableTime as error:
        raise Unreadable(f"dateupload {error}") from None
    plain = (found.group().rstrip(".,;:!?)'") for found in _LINK.finditer(text))
    return PostReading(
        native_id=number,
        kind="post",
        created_at=created,
        created_raw=uploaded,
        text=text,
        links=tuple(dict.fromkeys((*described.links, *plain))),
        media=(_medium(item, number),),
        permalink=f"https://www.flickr.com/photos/{optional(item, 'pathalias') or owner}/{number}/",
        raw=raw,
    )


def _medium(item: Mapping[str, Any], number: str) -> Media:
    url = next((found for size in _SIZES if (found := optional(item, size))), None)
    server, secret = item.get("server"), item.get("secret")
    if url is None and server and secret:
        url = f"https://live.staticflickr.com/{server}/{number}_{secret}_b.jpg"
    kind = "video" if optional(item, "media") == "video" else "photo"
    return Media(kind=kind, url=url, native_id=number)


def _content(value: Any) -> str:
    """A text, plain or wrapped as Flickr's JSON wraps XML; "" where there is none."""
    inner = value.get("_content") if isinstance(value, dict) else value
    return inner if isinstance(inner, str) else ""


def _icon(person: Mapping[str, Any], number: str) -> str | None:
    """The account's icon, as Flickr documents its address; None for the one everybody has."""
    server, farm = str(person.get("iconserver", "0")), str(person.get("iconfarm", ""))
    if not (_NUMBER.fullmatch(server) and _NUMBER.fullmatch(farm)) or int(server) == 0:
        return None
    return f"https://farm{farm}.staticflickr.com/{server}/buddyicons/{number}.jpg"


def _whole(record: Mapping[str, Any], name: str) -> int:
    value = str(record.get(name, ""))
    if not _NUMBER.fullmatch(value):
        raise Unreadable(f"{name} is missing or no number")
    return int(value)
