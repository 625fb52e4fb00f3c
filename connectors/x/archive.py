"""Importer for the archive X prepares for an account holder ("Download an archive of your data").

Its files are JavaScript that assigns JSON (`window.YTD.tweets.part0 = [...]`). They are cut at the first `=` and read
as JSON, never run. Posts for a closed circle are not collected: they are counted by id, their bodies are not kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.exportfiles import ExportFiles, open_export
from connectors.records import Unreadable, identifier, mapping, mappings, moment, optional, required
from connectors.x.parse import SHARE_PREFIX, unescaped

_FILES = {
    "posts": r"tweets?",
    "notes": r"note-tweets?",
    "deleted": r"deleted-tweets?",
    "deleted_headers": r"deleted-tweet-headers",
    "closed": r"(?:community|circle|twitter-circle)-tweets?",
    "account": r"account",
    "profile": r"profile",
}
_PRIVATE_ACTIONS = re.compile(r"trusted_friends|community|circle", re.IGNORECASE)
#: How a long post's short form ends: an ellipsis, and the link to itself.
_CUT_END = re.compile(r"(…|\.\.\.)?\s*(https://t\.co/\w+)?\s*$")
_PREFIX = 100


@dataclass(frozen=True)
class _Item:
    """One element of a file: its record, exact bytes and where it stands."""

    record: Mapping[str, Any]
    raw: bytes
    where: str


@dataclass
class _Notes:
    """The long texts. X joins them to their posts by nothing but time and beginning."""

    waiting: list[tuple[datetime, str, _Item]] = field(default_factory=list)

    def take(self, created: datetime, short: str) -> tuple[str, _Item] | None:
        """The long text of a post, which then belongs to it."""
        start = _CUT_END.sub("", short)[:_PREFIX]
        for note in self.waiting:
            if abs(note[0] - created) <= timedelta(seconds=1) and start and note[1].startswith(start):
                self.waiting.remove(note)
                return note[1], note[2]
        return None


class XArchive:
    """Reads an X archive, zip or unpacked folder."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Profile, then posts oldest first, then what could not be read.

        Raises:
            ExportRefused: no post file in it, a damaged file, or the archive of another account.
        """
        with open_export(path) as files:
            yield from _profile(files, account)
            yield from _posts(files, account)


def _profile(files: ExportFiles, account: Account) -> Iterator[ProfileReading]:
    holder = next((mapping(one.record.get("account")) for one in _items(files, "account")), {})
    number, name = optional(holder, "accountId"), optional(holder, "username")
    if number and number != account.native_id and (name or "").casefold() != account.handle.casefold():
        raise ExportRefused(
            f"{files.title}: is the archive of account {number}, not of {account.native_id}; check the account's entry"
        )
    for one in _items(files, "profile"):
        shown = mapping(one.record.get("profile"))
        texts = mapping(shown.get("description"))
        own = {key: holder[key] for key in ("accountId", "username", "accountDisplayName") if key in holder}
        yield ProfileReading(
            native_id=number or account.native_id,
            handle=name or account.handle,
            name=unescaped(optional(holder, "accountDisplayName") or name or account.handle),
            bio=unescaped(optional(texts, "bio") or ""),
            website=optional(texts, "website"),
            location=optional(texts, "location"),
            avatar_url=optional(shown, "avatarMediaUrl"),
            banner_url=optional(shown, "headerMediaUrl"),
            # account.js holds e-mail address and phone number too: only what was read of it is kept.
            raw=rawjson.joined("profile", one.raw, {"account": [json.dumps(own).encode()]}),
        )


def _posts(files: ExportFiles, account: Account) -> Iterator[PostReading | Quarantined]:
    items = list(_items(files, "posts", needed=True))
    deleted = list(_items(files, "deleted"))
    gone_at = _deletion_times(files)
    created = {str(one.record.get("id_str")): one.record.get("created_at") for one in map(_post_of, items)}
    read: list[PostReading] = []
    bad: list[Quarantined] = [_private(one) for one in _items(files, "closed")]
    notes = _notes(files, bad)
    for item, is_deleted in [*((one, False) for one in items), *((one, True) for one in deleted)]:
        try:
            if _is_private(_post_of(item).record):
                bad.append(_private(item))
                continue
            deletion = _deletion_time(item, gone_at) if is_deleted else None
            read.append(_reading(_post_of(item), created, notes, account, deletion))
        except Unreadable as error:
            bad.append(Quarantined(where=item.where, reason=str(error), raw=item.raw))
    yield from sorted(read, key=lambda post: (post.created_at, post.native_id, post.edited_at or post.created_at))
    yield from bad
    for _, _, item in notes.waiting:
        yield Quarantined(where=item.where, reason="is a long text whose post is not in the archive", raw=item.raw)


def _reading(
    item: _Item, created: Mapping[str, Any], notes: _Notes, account: Account, deleted_at: datetime | None
) -> PostReading:
    record = item.record
    own = identifier(record, "id_str", "id")
    chain = _chain(record, own)
    posted = moment(record, "created_at")
    first = created.get(chain[0])
    original = {"created_at": first} if isinstance(first, str) else record
    short = unescaped(optional(record, "full_text") or required(record, "text", may_be_empty=True))
    note = notes.take(posted, short)
    reply_to = optional(record, "in_reply_to_status_id_str")
    return PostReading(
        native_id=chain[0],
        kind=_kind(record, short, reply_to),
        created_at=moment(original, "created_at"),
        created_raw=required(original, "created_at"),
        edited_at=posted if own != chain[0] else None,
        version_ids=chain,
        text=note[0] if note else short,
        links=_links(record, note[1] if note else None),
        media=tuple(_media(record)),
        lang=_language(record),
        reply_to=reply_to,
        permalink=f"https://x.com/{account.handle}/status/{own}",
        deleted_at=deleted_at,
        raw=rawjson.joined("post", item.raw, {"note": [note[1].raw] if note else []}),
    )


def _kind(record: Mapping[str, Any], text: str, reply_to: str | None) -> str:
    if SHARE_PREFIX.match(text):
        return "share"
    if reply_to:
        return "reply"
    return "quote" if optional(record, "quoted_status_id_str") else "post"


def _chain(record: Mapping[str, Any], own: str) -> tuple[str, ...]:
    """The ids of all versions, oldest first: in `initial` of the first version, in `edit` of the later ones."""
    info = mapping(record.get("edit_info"))
    edit = mapping(info.get("edit"))
    for control in (mapping(info.get("initial")), mapping(edit.get("editControlInitial")), edit):
        ids = control.get("editTweetIds")
        if isinstance(ids, list) and own in ids:
            return tuple(str(one) for one in ids)
    initial = optional(edit, "initialTweetId")
    return (initial, own) if initial and initial != own else (own,)


def _links(record: Mapping[str, Any], note: _Item | None) -> tuple[str, ...]:
    urls = mappings(mapping(record.get("entities")).get("urls"))
    if note is not None:
        urls += mappings(mapping(_note_record(note).get("core")).get("urls"))
    found = (optional(url, "expanded_url") or optional(url, "expandedUrl") or optional(url, "url") for url in urls)
    return tuple(dict.fromkeys(link for link in found if link))


def _media(record: Mapping[str, Any]) -> Iterator[Media]:
    extended = mappings(mapping(record.get("extended_entities")).get("media"))
    for one in extended or mappings(mapping(record.get("entities")).get("media")):
        yield Media(
            kind=optional(one, "type") or "media",
            url=optional(one, "media_url_https") or optional(one, "media_url"),
            # The archive holds no alt texts, though a newer one may.
            alt_text=optional(one, "ext_alt_text"),
            native_id=optional(one, "id_str"),
        )


def _language(record: Mapping[str, Any]) -> str | None:
    lang = optional(record, "lang")
    return None if lang is None or re.fullmatch(r"und|zxx|q[a-z]{2}", lang) else lang


def _is_private(record: Mapping[str, Any]) -> bool:
    """Whether only a circle or a community could read it (LLL-02: private is never collected)."""
    scopes = record.get("scopes")
    scoped = any(scopes.values()) if isinstance(scopes, dict) else bool(scopes)
    actions = str(record.get("limited_actions") or record.get("limitedActions") or "")
    circle = any(name.startswith("trusted_friends") for name in record)
    return scoped or circle or record.get("limited") is True or bool(_PRIVATE_ACTIONS.search(actions))


def _private(item: _Item) -> Quarantined:
    number = str(_post_of(item).record.get("id_str", "without id"))
    return Quarantined(where=item.where, reason="private", raw=json.dumps({"id": number}).encode())


def _deletion_times(files: ExportFiles) -> dict[str, str]:
    """Deletion time by post id, from the file that lists the headers of deleted posts."""
    headers = [_post_of(item).record for item in _items(files, "deleted_headers")]
    return {str(one.get("tweet_id")): str(one.get("deleted_at")) for one in headers}


def _deletion_time(item: _Item, headers: Mapping[str, str]) -> datetime:
    record = _post_of(item).record
    for holder in (record, item.record):
        for name in ("deleted_at", "deletedAt"):
            if optional(holder, name):
                return moment(holder, name)
    return moment({"deleted_at": headers.get(str(record.get("id_str")))}, "deleted_at")


def _notes(files: ExportFiles, bad: list[Quarantined]) -> _Notes:
    notes = _Notes()
    for item in _items(files, "notes"):
        try:
            notes.waiting.append(_note(item))
        except Unreadable as error:
            bad.append(Quarantined(where=item.where, reason=str(error), raw=item.raw))
    return notes


def _note(item: _Item) -> tuple[datetime, str, _Item]:
    record = _note_record(item)
    core = mapping(record.get("core"))
    created = moment(record, "created_at" if "created_at" in record else "createdAt")
    return created, unescaped(required(core if "text" in core else record, "text")), item


def _note_record(item: _Item) -> Mapping[str, Any]:
    return mapping(item.record.get("noteTweet")) or item.record


def _post_of(item: _Item) -> _Item:
    """The post itself; newer archives wrap it in `tweet`."""
    inner = item.record.get("tweet")
    return _Item(inner, item.raw, item.where) if isinstance(inner, dict) else item


def _items(files: ExportFiles, kind: str, *, needed: bool = False) -> Iterator[_Item]:
    """The elements of every file of one kind, parts in order."""
    pattern = re.compile(rf"(?:.*/)?{_FILES[kind]}(?:-part(?P<part>\d+))?\.js", re.IGNORECASE)
    found = [(int(match["part"] or 0), name) for name in files.names if (match := pattern.fullmatch(name))]
    if needed and not found:
        raise ExportRefused(f"{files.title}: holds no data/tweets.js; choose the whole archive X sent, zip or unpacked")
    for _, name in sorted(found):
        yield from _elements(files, name)


def _elements(files: ExportFiles, name: str) -> Sequence[_Item]:
    body = files.read(name).strip()
    if not body.startswith((b"[", b"{")):
        body = body.partition(b"=")[2].strip().removesuffix(b";")
    try:
        value = rawjson.loads(body)
    except rawjson.BrokenJson as error:
        raise ExportRefused(f"{files.title}: {name} {error}; download the archive again") from None
    if not isinstance(value, list):
        raise ExportRefused(f"{files.title}: {name} is no list; choose the archive X sent")
    pairs = zip(value, rawjson.elements(body), strict=True)
    return [_Item(mapping(one), raw, f"{name}[{at}]") for at, (one, raw) in enumerate(pairs)]
