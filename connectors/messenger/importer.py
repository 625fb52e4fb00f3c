"""Importer for Messenger threads: "Download your information" (`message_1.json` …), and encrypted chats' own form.

A download holds its owner's private conversations too: of those nothing is read but how many messages they have. The
classic form writes each byte of a text's UTF-8 as a character of its own, which is put right string by string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.chats import Ids, is_named, kind_of_file, not_a_post, private, refuse_private
from connectors.exportfiles import ExportFiles, open_export
from connectors.facebook_page.export import repaired
from connectors.records import Unreadable, mapping, mappings, optional
from connectors.times import UnreadableTime, epoch_time

_PART = re.compile(r"(?:.*/)?message_(\d{1,6})\.json", re.IGNORECASE)
_AS_PAGES = re.compile(r"(?:.*/)?message_\d+\.html", re.IGNORECASE)
#: The encrypted form ends each thread's name with a number.
_NUMBERED = re.compile(r"_\d+$")
_PAIR = 2

_MEDIA = {"photos": "photo", "videos": "video", "gifs": "animated", "audio_files": "audio", "files": "file"}
#: What the app writes by itself; a call has its own fields too.
_EVENTS = {"Subscribe", "Unsubscribe", "Call"}
#: How a reaction reads that older apps sent as a message.
_REACTION = re.compile(r"Reacted [^\w\s]{1,16} to your message ?")

Item = PostReading | Quarantined


@dataclass(frozen=True)
class _Message:
    """One record, its exact bytes and where it stands."""

    record: Mapping[str, Any]
    raw: bytes
    where: str


@dataclass
class _Thread:
    """One conversation: how it may be named, whether it is one of two people, and its messages oldest first."""

    names: tuple[str | None, ...]
    #: Its number, where the download states one.
    number: str | None
    is_private: bool
    messages: list[_Message] = field(default_factory=list)


class MessengerExport:
    """Reads a download, zip or unpacked, one thread's folder, or one thread's file."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Messages of the account's thread oldest first, then what is no message, unread, or of other threads.

        A message that was unsent shows no text and counts as deleted at the thread's last message.

        Raises:
            ExportRefused: the account's space is private, it holds no thread, the HTML form, a damaged file, or one
                thread whose number is another than the account's.
        """
        refuse_private(account)
        with open_export(path) as files:
            threads = _threads(files, account)
        found: list[Item] = []
        for thread in threads:
            if _is_accounts(thread, account, alone=len(threads) == 1) and not thread.is_private:
                found += _readings(thread)
            else:
                found += [private(message.where) for message in thread.messages]
        yield from (one for one in found if isinstance(one, PostReading))
        yield from (one for one in found if isinstance(one, Quarantined))


def _is_accounts(thread: _Thread, account: Account, *, alone: bool) -> bool:
    """By number where both have one, else by name; a thread by itself may have neither. Refuses another by itself."""
    if thread.number is None or not account.native_id.isdecimal():
        return alone or is_named(account, *thread.names)
    if alone and thread.number != account.native_id:
        raise ExportRefused(
            f"account {account.key}: this is the download of thread {thread.number}; check the account's native_id"
        )
    return thread.number == account.native_id


def _threads(files: ExportFiles, account: Account) -> list[_Thread]:
    """Every thread, each from the files of its folder; a file of another name is a thread of its own."""
    parts = [name for name in files.names if _PART.fullmatch(name)]
    folders: dict[str, list[str]] = {}
    for name in parts or [name for name in files.names if name.lower().endswith(".json")]:
        folders.setdefault(str(PurePosixPath(name).parent) if parts else name, []).append(name)
    threads: list[_Thread] = []
    for folder, names in sorted(folders.items()):
        thread = _thread(files, folder, sorted(names, key=_part_number), len(threads), account)
        threads += [thread] if thread else []
    if threads:
        return threads
    pages = any(_AS_PAGES.fullmatch(name) for name in files.names)
    mend = "order the download again with format JSON" if pages else "choose the download with messages in it"
    raise ExportRefused(f"account {account.key}: holds no Messenger thread; {mend}")


def _part_number(name: str) -> int:
    found = _PART.fullmatch(name)
    return int(found[1]) if found else 0


def _thread(files: ExportFiles, folder: str, names: list[str], number: int, account: Account) -> _Thread | None:
    """One thread; None where the files are none. Folders and files carry names of people, so `where` is a number."""
    thread: _Thread | None = None
    odd: list[_Message] = []
    for name in names:
        where = f"thread {number}, part {_part_number(name)}"
        body = files.read(name)
        try:
            value = rawjson.loads(body)
        except rawjson.BrokenJson as error:
            raise ExportRefused(f"account {account.key}: {where} {error}; order the download again") from None
        if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
            odd += [_Message({}, body, where)] if _PART.fullmatch(name) else []
            continue
        thread = thread or _described(value, folder)
        slices = rawjson.elements(body, "messages")
        is_encrypted = "threadName" in value
        thread.messages += [
            _Message(mapping(one if is_encrypted else repaired(one)), raw, f"{where}[{at}]")
            for at, (one, raw) in enumerate(zip(value["messages"], slices, strict=True))
        ]
    if thread:
        # A part of a thread without messages has lost them: it counts as one that could not be read.
        thread.messages += odd
        # Newest first over all parts; turned round, messages of one millisecond stay in their order.
        thread.messages.reverse()
        thread.messages.sort(key=_milliseconds)
    return thread


def _described(value: Mapping[str, Any], folder: str) -> _Thread:
    title = optional(value, "threadName") or repaired(optional(value, "title"))
    title = _NUMBERED.sub("", title) if title and "threadName" in value else title
    place = PurePosixPath(optional(value, "thread_path") or folder).name
    number = place.rpartition("_")[2]
    own = _number(value) or (number if "thread_path" in value else None)
    stated = own if own is not None and own.isdecimal() else None
    names = (title, place, number, _number(value))
    return _Thread(names, stated, _is_private(value, title, _people(value)))


def _number(value: Mapping[str, Any]) -> str | None:
    number = value.get("thread_id") or value.get("threadId")
    return str(number) if isinstance(number, (int, str)) else None


def _people(value: Mapping[str, Any]) -> list[str]:
    """The names of those in the thread, as far as it lists them."""
    listed = value.get("participants")
    if not isinstance(listed, list):
        return []
    names = [one if isinstance(one, str) else repaired(optional(mapping(one), "name")) for one in listed]
    return [name for name in names if name]


def _is_private(value: Mapping[str, Any], title: str | None, people: list[str]) -> bool:
    """Whether it is a conversation of two: told by its type, else by its people, whose name is then its title."""
    kind = optional(value, "thread_type")
    if kind is not None:
        return not kind.endswith("Group")
    return 0 < len(people) <= _PAIR and (title is None or title in people or "joinable_mode" not in value)


def _milliseconds(message: _Message) -> int:
    stamp = message.record.get("timestamp_ms", message.record.get("timestamp"))
    return stamp if isinstance(stamp, int) and not isinstance(stamp, bool) else 0


def _readings(thread: _Thread) -> list[Item]:
    ids = Ids("messenger")
    found: list[Item] = []
    for message in thread.messages:
        try:
            found.append(_reading(message, ids))
        except Unreadable as error:
            found.append(Quarantined(where=message.where, reason=str(error), raw=message.raw))
    times = [one.created_at for one in found if isinstance(one, PostReading)]
    last = max(times, default=None)
    return [replace(one, deleted_at=last) if isinstance(one, PostReading) and one.deleted_at else one for one in found]


def _reading(message: _Message, ids: Ids) -> Item:
    record = message.record
    if not record:
        raise Unreadable("is no message")
    created = _created(record)
    author = optional(record, "sender_name") or optional(record, "senderName") or ""
    native_id = ids.of(str(_milliseconds(message)), author)
    if _is_event(record):
        return not_a_post(message.where)
    is_unsent = record.get("is_unsent") is True or record.get("isUnsent") is True
    if not is_unsent and record.get("type") == "placeholder":
        raise Unreadable("is a placeholder, whose content the download does not hold")
    share = mapping(record.get("share"))
    link = optional(share, "link")
    return PostReading(
        native_id=native_id,
        kind="post",
        created_at=created,
        created_raw=str(_milliseconds(message)),
        text="" if is_unsent else _text(record, share),
        links=(link,) if link and not is_unsent else (),
        media=() if is_unsent else tuple(_media(record)),
        deleted_at=created if is_unsent else None,
        raw=_taken_back(record) if is_unsent else message.raw,
    )


def _created(record: Mapping[str, Any]) -> datetime:
    stamp = record.get("timestamp_ms", record.get("timestamp"))
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        raise Unreadable("timestamp is missing or no time")
    try:
        return epoch_time(stamp // 1000) + timedelta(milliseconds=stamp % 1000)
    except UnreadableTime as error:
        raise Unreadable(f"timestamp {error}") from None


def _is_event(record: Mapping[str, Any]) -> bool:
    text = optional(record, "content") or ""
    return optional(record, "type") in _EVENTS or "call_duration" in record or bool(_REACTION.fullmatch(text))


def _text(record: Mapping[str, Any], share: Mapping[str, Any]) -> str:
    text = optional(record, "content") or optional(record, "text") or ""
    shared = optional(share, "share_text")
    return "\n".join(part for part in (text, shared if shared and shared not in text else None) if part)


def _media(record: Mapping[str, Any]) -> Iterator[Media]:
    for name, kind in _MEDIA.items():
        for one in mappings(record.get(name)):
            yield Media(kind=kind, url=None, native_id=_file(one))
    if sticker := mapping(record.get("sticker")):
        yield Media(kind="sticker", url=None, native_id=_file(sticker))
    for one in mappings(record.get("media")):
        file = _file(one)
        yield Media(kind=kind_of_file(file or ""), url=None, native_id=file)


def _file(one: Mapping[str, Any]) -> str | None:
    """The name of a file; None where a sentence says why there is none."""
    name = PurePosixPath(optional(one, "uri") or "").name
    return name if PurePosixPath(name).suffix else None


def _taken_back(record: Mapping[str, Any]) -> bytes:
    """An unsent message without its content, which some downloads still hold."""
    kept = ("timestamp_ms", "timestamp", "type", "is_unsent", "isUnsent")
    return json.dumps({name: record[name] for name in kept if name in record}).encode()
