"""Importer for Instagram's "Download your information" in JSON, and for the one-file export before 2020.

Texts are written like Facebook's, each byte of their UTF-8 as a character of its own; they are put right string by
string after parsing, and `raw` keeps what the file says. Posts have no id in these files: they get one made of their
second. What not everybody could see is left out and counted: archived and deleted posts, stories, which are gone after
a day and may have been for close friends, messages, and everything of a private account.
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
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, Space
from connectors import rawjson
from connectors.chats import not_a_post, private
from connectors.exportfiles import ExportFiles, open_export
from connectors.instagram.words import is_affirmed, ours_of
from connectors.metaexport import kind_of_file, numbered, parsed, repaired
from connectors.records import Unreadable, mapping, mappings, moment, optional
from connectors.times import AmbiguousTime, UnreadableTime, epoch_time, platform_time

#: Files by what their records are. Names are English in exports of every language; folders have moved over the years.
_FILES = {
    "posts": re.compile(r"(?:.*/)?(?:posts(?:_\d+)?|reels|igtv_videos)\.json", re.IGNORECASE),
    "private": re.compile(
        r"(?:.*/)?(?:(?:archived_posts|stories|recently_deleted_content)(?:_\d+)?|messages?(?:_\d+)?|secret_conversations"
        r")\.json",
        re.IGNORECASE,
    ),
    "other": re.compile(r"(?:.*/)?(?:other_content|reposts)(?:_\d+)?\.json", re.IGNORECASE),
    "profile": re.compile(r"(?:.*/)?(?:personal_information|profile)\.json", re.IGNORECASE),
    "old": re.compile(r"(?:.*/)?media\.json", re.IGNORECASE),
}
_AS_PAGES = re.compile(r"(?:.*/)?(?:posts(?:_\d+)?|reels)\.html", re.IGNORECASE)
#: What marks a lone file whose name says nothing.
_BY_KEYS = {
    "private": {"messages", "ig_archived_post_media", "ig_stories", "ig_recently_deleted_media"},
    "profile": {"profile_user"},
    "old": {"photos", "videos"},
    "posts": {"media", "ig_reels_media", "ig_igtv_media"},
}
_FRIENDS = re.compile(r"close.?friends|besties|favou?rites|only.?me|followers", re.IGNORECASE)
_AUDIENCE = ("audience", "visibility", "privacy", "shared_with")


@dataclass(frozen=True)
class _Item:
    record: Mapping[str, Any]
    raw: bytes
    where: str


class InstagramExport:
    """Reads a "Download your information" export, zip, unpacked folder or one of its files."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Profile, then posts oldest first, then what could not be read, then what is private, without its content.

        The files do not say whose they are by id.

        Raises:
            ExportRefused: no post file in it, the HTML form of the export, a damaged file, another account's export,
                a time without its zone, or an account whose space is private.
        """
        if account.space is Space.PRIVATE:
            raise ExportRefused(f"{account.key}: is registered as private, which is never read; remove the export")
        with open_export(path) as files:
            by_kind = _files_by_kind(files)
            own = _own(files, by_kind["profile"], account)
            posts = by_kind["posts"] + by_kind["old"]
            yield from _profile(own, account)
            if own.is_private:
                yield from (private(_place(item)) for name in posts for item in _items(files, name))
            else:
                yield from _posts(files, posts)
            yield from (private(place) for name in by_kind["private"] for place in _places(files, name))
            yield from (not_a_post(_place(item)) for name in by_kind["other"] for item in _items(files, name))


# --- which files -----------------------------------------------------------------------------------------------------


def _files_by_kind(files: ExportFiles) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in _FILES}
    for name in files.names:
        kind = next((kind for kind, pattern in _FILES.items() if pattern.fullmatch(name)), None)
        if kind is None and len(files.names) == 1 and name.lower().endswith(".json"):
            kind = _kind_by_keys(parsed(files, name)[0])
        if kind is not None:
            found[kind].append(name)
    for names in found.values():
        names.sort(key=_in_order)
    pages = any(_AS_PAGES.fullmatch(name) for name in files.names)
    if not any(found[kind] for kind in ("posts", "private", "old")) and (pages or not found["profile"]):
        mend = "order the download again with format JSON" if pages else "choose the download with posts in it"
        raise ExportRefused(f"{files.title}: holds no posts_1.json; {mend}")
    return found


def _kind_by_keys(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    keys = set(mapping(first))
    return next((kind for kind, known in _BY_KEYS.items() if keys & known), None)


def _in_order(name: str) -> tuple[str, int]:
    number = re.search(r"_(\d+)\.json$", name)
    return (name.rpartition("_")[0] if number else name, int(number[1]) if number else 0)


def _items(files: ExportFiles, name: str) -> Iterator[_Item]:
    """The records of a file: a list at the top, under the lists of an object, or one lone record.

    A file that has something in it and no list is one record, and nobody can read it: it must not look empty.
    """
    value, body = parsed(files, name)
    if not isinstance(value, dict) or _is_record(value):
        yield from _listed(value if isinstance(value, list) else [value], rawjson.elements(body) or [body], name)
        return
    lists = [key for key, inner in value.items() if isinstance(inner, list)]
    for key in lists:
        if key != "participants":
            yield from _listed(value[key], rawjson.elements(body, key), f"{name}:{key}")
    if value and not lists:
        yield _Item({}, body, name)


def _listed(records: list[Any], raws: list[bytes], where: str) -> Iterator[_Item]:
    for at, (record, raw) in enumerate(zip(records, raws, strict=False)):
        yield _Item(mapping(repaired(record)), raw, f"{where}[{at}]")


def _is_record(value: Mapping[str, Any]) -> bool:
    return "uri" in value or ("media" in value and not {"title", "creation_timestamp", "timestamp"}.isdisjoint(value))


# --- posts -----------------------------------------------------------------------------------------------------------


def _posts(files: ExportFiles, names: list[str]) -> Iterator[PostReading | Quarantined]:
    read: list[tuple[str, PostReading]] = []
    bad: list[Quarantined] = []
    for item in (item for name in names for item in _items(files, name)):
        part = item.where.rpartition(":")[2].partition("[")[0]
        if part in {"stories", "direct"} or _is_for_some(item.record):
            bad.append(private(_place(item)))
        elif part == "profile":
            bad.append(not_a_post(_place(item)))
        else:
            try:
                read.append((item.where.rpartition("[")[0], _reading(item)))
            except Unreadable as error:
                bad.append(Quarantined(where=item.where, reason=str(error), raw=item.raw))
    yield from numbered(read)
    yield from bad


def _reading(item: _Item) -> PostReading:
    record = item.record
    media = mappings(record.get("media")) or ([record] if "uri" in record or "path" in record else [])
    texts = [_caption(record), *(_caption(one) for one in media)]
    text = "\n".join(dict.fromkeys(text for text in texts if text))
    if not (text or media):
        raise Unreadable("has neither text nor media")
    created, written = _created(record, media, item.where)
    number = record.get("fbid")
    return PostReading(
        native_id=number if isinstance(number, str) and number else f"export-{int(created.timestamp())}",
        kind="post",
        created_at=created,
        created_raw=written,
        text=text,
        media=tuple(_medium(one) for one in media),
        raw=item.raw,
    )


def _caption(record: Mapping[str, Any]) -> str | None:
    return optional(record, "title") or optional(record, "caption")


def _created(record: Mapping[str, Any], media: list[Mapping[str, Any]], where: str) -> tuple[datetime, str]:
    """When it was posted: the post's own time, else that of its first picture."""
    if "taken_at" in record:
        return _taken(record, where)
    holder = next((one for one in (record, *media) if one.get("creation_timestamp") or one.get("timestamp")), record)
    seconds = holder.get("creation_timestamp") or holder.get("timestamp")
    try:
        return epoch_time(seconds), str(seconds)
    except UnreadableTime as error:
        raise Unreadable(f"creation_timestamp {error}") from None


def _taken(record: Mapping[str, Any], where: str) -> tuple[datetime, str]:
    try:
        platform_time(record["taken_at"])
    except AmbiguousTime:
        raise ExportRefused(f"{where}: taken_at has no time zone; order the download again") from None
    except UnreadableTime:
        pass
    return moment(record, "taken_at"), str(record["taken_at"])


def _medium(record: Mapping[str, Any]) -> Media:
    # The uri is a place inside this export, so the file's name stands for the picture.
    name = PurePosixPath(optional(record, "uri") or optional(record, "path") or "").name
    return Media(kind=kind_of_file(name), url=None, native_id=name or None)


def _is_for_some(record: Mapping[str, Any]) -> bool:
    """Whether a record says that only some could see it (LLL-02: private is never collected)."""
    if any(record.get(name) is True for name in ("is_close_friends", "close_friends", "is_private", "is_archived")):
        return True
    said = [record[name] for name in _AUDIENCE if name in record]
    return any(_FRIENDS.search(json.dumps(one, ensure_ascii=False)) for one in said)


def _places(files: ExportFiles, name: str) -> Iterator[str]:
    """Where the records of a file stand that is only counted, so that it need not even be readable."""
    try:
        yield from map(_place, _items(files, name))
    except ExportRefused:
        yield PurePosixPath(name).name


def _place(item: _Item) -> str:
    """Where a record stands, without its folder: folders of messages bear people's names."""
    return item.where.rpartition("/")[2]


# --- the profile -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Own:
    """What was read of the account's particulars, by our names, and whether the account is private."""

    said: Mapping[str, str]
    raw: bytes
    picture: str | None
    is_private: bool
    where: str = ""


def _own(files: ExportFiles, names: list[str], account: Account) -> _Own:
    for name in names:
        value, _ = parsed(files, name)
        for record in mappings(mapping(value).get("profile_user")) or [mapping(value)]:
            if not isinstance(record.get("string_map_data"), dict) and "username" not in record:
                continue
            own = _particulars(record, PurePosixPath(name).name)
            _refuse_others(own, files, account)
            return own
    return _Own({}, b"", None, is_private=False)


def _particulars(record: Mapping[str, Any], where: str) -> _Own:
    # The file also holds e-mail address, telephone number and birthday: only what is read of it is kept.
    cells = mapping(record.get("string_map_data")) or {
        key: {"value": str(value)} for key, value in record.items() if isinstance(value, str | bool)
    }
    kept: dict[str, Any] = {}
    said: dict[str, str] = {}
    for key, cell in cells.items():
        ours = ours_of(repaired(key))
        if ours and ours not in said:
            kept[key] = {"value": mapping(cell).get("value")}
            said[ours] = optional(mapping(repaired(cell)), "value") or ""
    photos = [mapping(one) for one in mapping(record.get("media_map_data")).values()]
    picture = next((uri for one in photos if (uri := optional(one, "uri"))), None)
    return _Own(said, json.dumps(kept).encode(), picture, is_affirmed(said.get("private", "")), where)


def _refuse_others(own: _Own, files: ExportFiles, account: Account) -> None:
    username = own.said.get("username", "").casefold()
    known = {account.handle.removeprefix("@").casefold(), account.native_id.casefold()}
    if username and username not in known:
        raise ExportRefused(
            f"{files.title}: is the export of another account than {account.key}; check the account's entry"
        )


def _profile(own: _Own, account: Account) -> Iterator[ProfileReading | Quarantined]:
    if own.is_private:
        yield private(own.where)
    if not own.said or own.is_private:
        return
    handle = own.said.get("username") or account.handle
    yield ProfileReading(
        native_id=account.native_id,
        handle=handle,
        name=own.said.get("name") or handle,
        bio=own.said.get("bio", ""),
        website=own.said.get("website") or None,
        avatar_url=own.picture,
        raw=own.raw,
    )
