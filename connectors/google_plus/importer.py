"""Importer for Google+ posts out of Google Takeout, ordered as JSON before the platform closed in 2019.

One file is one post with its comments. Takeout names folders in the language of whoever ordered it, so a post is known
by its keys. Only what everybody could read is kept: what went to circles, people or closed communities is counted and
left out, and so is every word of other people.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, path_of
from connectors import rawjson
from connectors.chats import is_named, not_a_post, private, refuse_private
from connectors.exportfiles import ExportFiles, open_export
from connectors.mailtext import shown_text
from connectors.records import Unreadable, mapping, mappings, moment, optional

_PUBLIC_CIRCLE = "CIRCLE_TYPE_PUBLIC"


@dataclass(frozen=True)
class _Item:
    """One file that is a post."""

    where: str
    record: Mapping[str, Any]
    body: bytes


class GooglePlusTakeout:
    """Reads a Takeout folder or zip, or post files by themselves."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """The account's public posts and its comments on them, oldest first, then what is left out or unreadable.

        The native id of the account is the number or the +name in the address of its profile.

        Raises:
            ExportRefused: no post in it, or none of this account.
        """
        refuse_private(account)
        others: list[Quarantined] = []
        with open_export(path) as files:
            items = list(_items(files, others))
        if not items:
            raise ExportRefused(
                f"account {account.key}: holds no Google+ post; give the Takeout that was ordered as JSON, not HTML"
            )
        if items and not any(_is_by(item.record, account) for item in items):
            raise ExportRefused(f"account {account.key}: holds posts of another account; check the native_id")
        read: dict[str, PostReading] = {}
        for item in items:
            _take(item, account, read, others)
        yield from sorted(read.values(), key=lambda post: (post.created_at, post.native_id))
        yield from others


def _items(files: ExportFiles, others: list[Quarantined]) -> Iterator[_Item]:
    for number, name in enumerate(files.names, start=1):
        if not name.lower().endswith(".json"):
            continue
        body, where = files.read(name), f"file {number}"
        try:
            value = rawjson.loads(body)
        except rawjson.BrokenJson as error:
            # Nobody can tell who could read it, so nothing of it is kept.
            others.append(Quarantined(where=where, reason=str(error), raw=b""))
            continue
        listed = mappings(value) if isinstance(value, list) else [mapping(value)]
        posts = [one for one in listed if "postAcl" in one or ("creationTime" in one and "author" in one)]
        if not posts:
            # Circles, profile, settings, the log of what was liked.
            others.append(not_a_post(where))
            continue
        raws = rawjson.elements(body) if isinstance(value, list) else [body]
        for at, (one, raw) in enumerate(zip(listed, raws, strict=False), start=1):
            yield _Item(where if len(listed) == 1 else f"{where}[{at}]", one, raw)


def _take(item: _Item, account: Account, read: dict[str, PostReading], others: list[Quarantined]) -> None:
    shown = _is_public(mapping(item.record.get("postAcl")))
    if not shown or not _is_by(item.record, account):
        others.append(private(item.where))
    else:
        _add(item.where, item.body, lambda: _post(item), read, others)
    raws = rawjson.elements(item.body, "comments")
    for number, (comment, raw) in enumerate(zip(_listed(item.record.get("comments")), raws, strict=False), start=1):
        where = f"{item.where} comment {number}"
        if not shown or not _is_by(comment, account):
            others.append(private(where))
        else:
            _add(where, raw, lambda comment=comment, raw=raw: _comment(comment, raw, item.record), read, others)


def _listed(value: Any) -> list[Mapping[str, Any]]:
    """Every element of a list, {} in the place of what is no object: the slices are counted alike."""
    return [mapping(one) for one in value] if isinstance(value, list) else []


def _add(where: str, raw: bytes, reading: Any, read: dict[str, PostReading], others: list[Quarantined]) -> None:
    try:
        post = reading()
        if post.native_id in read:
            raise Unreadable("its id stands in the export already")  # noqa: TRY301
        read[post.native_id] = post
    except Unreadable as error:
        others.append(Quarantined(where=where, reason=str(error), raw=raw))


def _is_public(acl: Mapping[str, Any]) -> bool:
    """Whether everybody could read a post. What does not say so could not."""
    if acl.get("isDomainRestricted") is True:
        return False
    circles = mappings(mapping(acl.get("visibleToStandardAcl")).get("circles"))
    if any(circle.get("type") == _PUBLIC_CIRCLE for circle in circles) or acl.get("isPublic") is True:
        return True
    places = [
        one
        for kind, inner in (("communityAcl", "community"), ("collectionAcl", "collection"), ("eventAcl", "event"))
        for one in (mapping(acl.get(kind)), mapping(mapping(acl.get(kind)).get(inner)))
    ]
    return any(one.get("isPublic") is True for one in places)


def _is_by(record: Mapping[str, Any], account: Account) -> bool:
    author = mapping(record.get("author"))
    address = PurePosixPath(path_of(optional(author, "profilePageUrl") or "")).name
    number = (optional(author, "resourceName") or "").removeprefix("users/")
    return is_named(account, number or None, address or None, address.removeprefix("+") or None)


def _post(item: _Item) -> PostReading:
    record = item.record
    text, links = shown_text(optional(record, "content") or "")
    texts = [text, *_captions(record), *_poll(record)]
    link, reshared = mapping(record.get("link")), mapping(record.get("resharedPost"))
    addresses = (*links, optional(link, "url"), optional(reshared, "url"))
    return PostReading(
        native_id=_id_of(record, "activityId"),
        kind="share" if reshared else "post",
        created_at=moment(record, "creationTime"),
        created_raw=str(record["creationTime"]),
        text="\n".join(dict.fromkeys(one for one in texts if one)),
        edited_at=_edited(record),
        permalink=optional(record, "url"),
        links=tuple(dict.fromkeys(one for one in addresses if one)),
        media=_media(record),
        raw=_without_comments(item),
    )


def _comment(record: Mapping[str, Any], raw: bytes, post: Mapping[str, Any]) -> PostReading:
    text, links = shown_text(optional(record, "content") or "")
    return PostReading(
        native_id=_id_of(record, "commentActivityId"),
        kind="comment",
        created_at=moment(record, "creationTime"),
        created_raw=str(record["creationTime"]),
        text=text,
        edited_at=_edited(record),
        permalink=optional(record, "postUrl"),
        links=tuple(dict.fromkeys((*links, *filter(None, [optional(mapping(record.get("link")), "url")])))),
        media=_media(record),
        reply_to=_id_of(post, "activityId"),
        raw=raw,
    )


def _without_comments(item: _Item) -> bytes:
    """The post's bytes up to other people's words: as it stands without comments and likes, else its own keys."""
    if not item.record.get("comments") and not item.record.get("plusOnes"):
        return item.body
    own = {key: value for key, value in item.record.items() if key not in {"comments", "plusOnes"}}
    return json.dumps(own, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _id_of(record: Mapping[str, Any], other: str) -> str:
    """The last of a resource's name, which stands in addresses too; of comments behind the post's."""
    name = optional(record, "resourceName")
    if name:
        _, _, tail = name.partition("/posts/")
        return tail.replace("/comments/", "#") or name
    address = PurePosixPath(path_of(optional(record, "url") or "")).name
    found = optional(record, other) or address
    if not found:
        raise Unreadable("resourceName is missing or no text")
    return found


def _edited(record: Mapping[str, Any]) -> datetime | None:
    if optional(record, "updateTime") is None or record["updateTime"] == record.get("creationTime"):
        return None
    updated = moment(record, "updateTime")
    return updated if updated > moment(record, "creationTime") else None


def _pieces(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    single = record.get("media")
    return [
        *mappings(mapping(record.get("album")).get("media")),
        *([single] if isinstance(single, dict) and single else []),
    ]


def _captions(record: Mapping[str, Any]) -> list[str]:
    return [html.unescape(text) for one in _pieces(record) if (text := optional(one, "description"))]


def _poll(record: Mapping[str, Any]) -> list[str]:
    choices = mappings(mapping(record.get("poll")).get("choices"))
    return [html.unescape(text) for one in choices if (text := optional(one, "description"))]


def _media(record: Mapping[str, Any]) -> tuple[Media, ...]:
    return tuple(_medium(one) for one in _pieces(record))


def _medium(one: Mapping[str, Any]) -> Media:
    kinds = {"image": "photo", "video": "video", "audio": "audio"}
    kind = kinds.get((optional(one, "contentType") or "").partition("/")[0], "media")
    # Pictures lie in the export under their file's name; the address died with the platform.
    name = PurePosixPath(optional(one, "localFilePath") or "").name or optional(one, "resourceName")
    return Media(kind=kind, url=optional(one, "url"), native_id=name)
