"""Importer for Facebook's "Download your information" in JSON, of a Page or a profile.

Facebook writes each byte of a text's UTF-8 as a character of its own; it is put right string by string after parsing,
and `raw` keeps what the file says. Posts have no id in these files: they get one made of their second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, path_of
from connectors import rawjson
from connectors.exportfiles import ExportFiles, open_export
from connectors.metaexport import kind_of_file, numbered, parsed, repaired
from connectors.records import Unreadable, mapping, mappings, optional
from connectors.times import UnreadableTime, epoch_time

__all__ = ["FacebookExport", "repaired"]

_POSTS = re.compile(r"(?:.*/)?(?:your|profile|page)_posts(?:_.*)?_(\d+)\.json", re.IGNORECASE)
_POSTS_AS_PAGES = re.compile(r"(?:.*/)?(?:your|profile|page)_posts.*\.html", re.IGNORECASE)
#: What a person wrote in groups: posts of other people's spaces, which no account of a chapter is.
_IN_GROUPS = re.compile(r"(?:.*/)?(?:group_posts_and_comments|your_comments_in_groups)\.json", re.IGNORECASE)
_PROFILE = re.compile(r"(?:.*/)?(?:profile|page)_information\.json", re.IGNORECASE)


@dataclass(frozen=True)
class _Item:
    record: Mapping[str, Any]
    raw: bytes
    where: str


class FacebookExport:
    """Reads a "Download your information" export, zip or unpacked folder."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Profile, then posts oldest first, then what could not be read.

        The files do not say whose they are by id, nor who could read a post.

        Raises:
            ExportRefused: no post file in it, the HTML form of the export, or a damaged file.
        """
        with open_export(path) as files:
            yield from _profile(files, account)
            yield from _posts(files)


def _posts(files: ExportFiles) -> Iterator[PostReading | Quarantined]:
    read: list[tuple[str, PostReading]] = []
    bad: list[Quarantined] = []
    for item in _post_items(files):
        try:
            read.append((item.where.rpartition("[")[0], _reading(item)))
        except Unreadable as error:
            bad.append(Quarantined(where=item.where, reason=str(error), raw=item.raw))
    yield from numbered(read)
    yield from bad


def _reading(item: _Item) -> PostReading:
    record = item.record
    seconds = record.get("timestamp")
    media = list(_media_records(record))
    texts = [text for one in mappings(record.get("data")) if (text := optional(one, "post"))]
    # A picture's caption stands under the picture: readers see it, unless it is the post's text once more.
    texts += [text for one in media if (text := optional(one, "description")) and text not in texts]
    links = _links(record)
    if not (texts or media or links):
        raise Unreadable("has neither text nor media")
    number = record.get("fbid")
    return PostReading(
        native_id=number if isinstance(number, str) and number else f"export-{seconds}",
        kind="post",
        created_at=_posted(seconds),
        created_raw=str(seconds),
        text="\n".join(dict.fromkeys(texts)),
        links=links,
        media=tuple(_medium(one) for one in media),
        raw=item.raw,
    )


def _posted(seconds: object) -> datetime:
    try:
        return epoch_time(seconds)
    except UnreadableTime as error:
        raise Unreadable(f"timestamp {error}") from None


def _media_records(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for attachment in mappings(record.get("attachments")):
        for one in mappings(attachment.get("data")):
            if isinstance(one.get("media"), dict):
                yield one["media"]
    yield from mappings(record.get("media"))


def _medium(media: Mapping[str, Any]) -> Media:
    # The uri is a place inside this export, so the file's name stands for the picture.
    name = PurePosixPath(optional(media, "uri") or "").name
    return Media(kind=kind_of_file(name), url=None, native_id=name or None)


def _links(record: Mapping[str, Any]) -> tuple[str, ...]:
    contexts = (
        mapping(one.get("external_context"))
        for attachment in mappings(record.get("attachments"))
        for one in mappings(attachment.get("data"))
    )
    return tuple(dict.fromkeys(url for context in contexts if (url := optional(context, "url"))))


def _post_items(files: ExportFiles) -> Iterator[_Item]:
    found = sorted((int(match[1]), name) for name in files.names if (match := _POSTS.fullmatch(name)))
    if not found:
        raise ExportRefused(f"{files.title}: holds no your_posts_*_1.json; {_what_to_order(files)}")
    for _, name in found:
        yield from _items(files, name)


def _what_to_order(files: ExportFiles) -> str:
    if any(_POSTS_AS_PAGES.fullmatch(name) for name in files.names):
        return "order the download again with format JSON"
    if any(_IN_GROUPS.fullmatch(name) for name in files.names):
        return "what was written in groups is not read; keep a group in a table"
    return "choose the download with posts in it"


def _items(files: ExportFiles, name: str) -> Iterator[_Item]:
    value, body = parsed(files, name)
    path = _path_of_list(value)
    records = value
    for step in path:
        records = records[step]
    records = records if isinstance(records, list) else [records]
    raws = rawjson.elements(body, *path) or [body]
    for at, (record, raw) in enumerate(zip(records, raws, strict=False)):
        yield _Item(mapping(repaired(record)), raw, f"{name}[{at}]")


def _path_of_list(value: Any) -> tuple[str, ...]:
    """Where the posts stand: at the top, or under the one list of an object; an object without one is a post itself."""
    if isinstance(value, dict) and "timestamp" not in value:
        return tuple([key for key, inner in value.items() if isinstance(inner, list)][:1])
    return ()


def _profile(files: ExportFiles, account: Account) -> Iterator[ProfileReading]:
    for name in filter(_PROFILE.fullmatch, files.names):
        value, _ = parsed(files, name)
        holder = mapping(next(iter(mapping(value).values()), None))
        # The file also holds birthday, addresses and numbers: only what is read of it is kept.
        wanted = (
            "name",
            "username",
            "profile_uri",
            "about_me",
            "intro_bio",
            "bio",
            "websites",
            "website",
            "current_city",
        )
        own = {key: holder[key] for key in wanted if key in holder}
        yield _profile_of(mapping(repaired(own)), account, json.dumps(own).encode())
        return


def _profile_of(own: Mapping[str, Any], account: Account, raw: bytes) -> ProfileReading:
    address = PurePosixPath(path_of(optional(own, "profile_uri") or "")).name
    sites = [site for one in mappings(own.get("websites")) if (site := optional(one, "address"))]
    bios = (_words(own.get(key)) for key in ("about_me", "intro_bio", "bio"))
    handle = optional(own, "username") or address or account.handle
    return ProfileReading(
        native_id=account.native_id,
        handle=handle,
        name=_words(own.get("name")) or handle,
        bio="\n".join(dict.fromkeys(bio for bio in bios if bio)),
        website=next(iter(sites), None) or optional(own, "website"),
        location=_words(own.get("current_city")),
        raw=raw,
    )


def _words(value: Any) -> str | None:
    """A text, or the text in the object newer exports put in its place."""
    if isinstance(value, str):
        return value or None
    return optional(mapping(value), "full_name") or optional(mapping(value), "name") or optional(mapping(value), "text")
