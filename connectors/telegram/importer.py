"""Importer for exports of Telegram Desktop: one chat or a whole account, as JSON, else as HTML.

A whole account's export holds its owner's private conversations. Of these nothing is read but their number: only the
chat the account names goes on, and that only if Telegram calls it public or the registry calls it the association's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, Unshown
from connectors import rawjson
from connectors.chats import (
    OPEN_TO_AUDIT,
    Ids,
    in_utc,
    is_named,
    kind_of_file,
    not_a_post,
    private,
    refuse_private,
)
from connectors.exportfiles import ExportFiles, open_export
from connectors.records import Unreadable, identifier, mapping, mappings, optional
from connectors.telegram.pages import Chat as PagesChat
from connectors.telegram.pages import Shown, read_chats
from connectors.times import UnreadableTime, epoch_time

_JSON = re.compile(r"(?:.*/)?result[^/]*\.json", re.IGNORECASE)
_PAGES = re.compile(r"(?:.*/)?messages\d*\.html", re.IGNORECASE)

#: A conversation of two, or with oneself: private whatever a registry says (LLL-02).
_NEVER = {"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"}
#: What everybody can join or read.
_PUBLIC = {"public_channel", "public_supergroup"}

_MEDIA = {
    "sticker": "sticker",
    "animation": "animated",
    "video_file": "video",
    "video_message": "video",
    "voice_message": "audio",
    "audio_file": "audio",
}
#: What stands for a file that was not exported.
_NO_FILE = re.compile(r"\(.*\)", re.DOTALL)

_BY_ITSELF = "messages"

Item = PostReading | Quarantined


@dataclass(frozen=True)
class _Chat:
    """One chat of an export: who it is, and its messages with their exact bytes."""

    number: str | None
    name: str | None
    type: str | None
    where: str
    messages: list[tuple[Any, bytes]]

    @property
    def is_whole_file(self) -> bool:
        """Whether somebody exported this chat by itself, not their whole account."""
        return self.where == _BY_ITSELF


class TelegramExport:
    """Reads an export folder, its zip, or its result.json or messages.html alone."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Messages of the account's chat oldest first, then what is no message, unread, or of other chats.

        Raises:
            ExportRefused: the account's space is private, it is no export of Telegram Desktop, a damaged file, or the
                export of another chat.
        """
        refuse_private(account)
        with open_export(path) as files:
            found: list[Item] = []
            names = _names(files, _JSON, ".json")
            # Telegram can write both forms at once; the JSON says more.
            chats = [chat for name in names for chat in _chats(files, name, account)]
            if names:
                for chat in _judged(chats, account):
                    found += chat
            else:
                found = list(_from_pages(files, account))
        posts = [one for one in found if isinstance(one, PostReading)]
        yield from sorted(posts, key=lambda post: post.created_at)
        yield from (one for one in found if isinstance(one, Quarantined))


def _names(files: ExportFiles, pattern: re.Pattern[str], suffix: str) -> list[str]:
    """The files of one form; a single file may have any name."""
    named = [name for name in files.names if pattern.fullmatch(name)]
    return named or [name for name in files.names if len(files.names) == 1 and name.lower().endswith(suffix)]


# --- whose chat it is -----------------------------------------------------------------------------------------------


def _judged(chats: list[_Chat], account: Account) -> Iterator[list[Item]]:
    """The messages of the account's chat, and the others' as mere numbers."""
    alone = len(chats) == 1
    for chat in chats:
        named = _is_accounts(chat.number, chat.name, account)
        if alone and chat.is_whole_file and not named and chat.number is not None:
            raise ExportRefused(
                f"account {account.key}: this is the export of chat {chat.number}; check the account's native_id"
            )
        if _may_read(chat, account, named=named, alone=alone):
            yield _messages(chat, account)
        else:
            yield [private(f"{chat.where}[{at}]") for at in range(len(chat.messages))]


def _may_read(chat: _Chat, account: Account, *, named: bool, alone: bool) -> bool:
    if chat.type in _NEVER:
        return False
    # A chat exported by itself may lack both number and type; then the registry alone says whose and what it is.
    is_accounts = named or (alone and chat.number is None)
    if chat.type in _PUBLIC or (chat.type is None and alone):
        return is_accounts
    return named and account.space in OPEN_TO_AUDIT


def _is_accounts(number: str | None, name: str | None, account: Account) -> bool:
    """By number where both have one, else by name."""
    if number is not None and bare(account.native_id).isdecimal():
        return bare(number) == bare(account.native_id)
    return is_named(account, name)


def bare(number: str) -> str:
    """A chat's number as exports write it: bots and links put -100, "channel" and the like before it."""
    digits = re.fullmatch(r"(?:channel|chat|group|user|supergroup)?(-?\d+)", number.strip().lower())
    if digits is None:
        return number.strip().casefold()
    found = digits[1]
    return found[4:] if found.startswith("-100") and len(found) > 10 else found.removeprefix("-")  # noqa: PLR2004


# --- JSON -----------------------------------------------------------------------------------------------------------


def _chats(files: ExportFiles, name: str, account: Account) -> Iterator[_Chat]:
    body = files.read(name)
    try:
        value = rawjson.loads(body)
    except rawjson.BrokenJson as error:
        raise ExportRefused(f"account {account.key}: result.json {error}; export the chat again") from None
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        yield _chat(value, body, _BY_ITSELF)
        return
    holder = mapping(value)
    lists = [part for part in ("chats", "left_chats") if isinstance(mapping(holder.get(part)).get("list"), list)]
    if not lists:
        raise ExportRefused(
            f"account {account.key}: is no export of Telegram Desktop; choose JSON or HTML when exporting the chat"
        )
    for part in lists:
        slices = rawjson.elements(body, part, "list")
        for at, (chat, raw) in enumerate(zip(value[part]["list"], slices, strict=True)):
            yield _chat(mapping(chat), raw, f"{part}[{at}]")


def _chat(value: Mapping[str, Any], raw: bytes, where: str) -> _Chat:
    listed, number = value.get("messages"), value.get("id")
    if not isinstance(listed, list):
        # What it held is lost: it counts as one message that could not be read.
        listed, raw = [None], b'{"messages":[%s]}' % raw
    return _Chat(
        number=str(number) if isinstance(number, (int, str)) and number != "" else None,
        name=optional(value, "name"),
        type=optional(value, "type"),
        where=where,
        messages=list(zip(listed, rawjson.elements(raw, "messages"), strict=True)) if listed else [],
    )


def _messages(chat: _Chat, account: Account) -> list[Item]:
    found: list[Item] = []
    ids, zone = Ids("telegram"), ZoneInfo(account.timezone)
    previous: datetime | None = None
    for at, (message, raw) in enumerate(chat.messages):
        where = f"{chat.where}[{at}]"
        try:
            one = _reading(_record(message), raw, where, ids, _Clock(zone, previous))
        except Unreadable as error:
            one = Quarantined(where=where, reason=str(error), raw=raw)
        previous = one.created_at if isinstance(one, PostReading) else previous
        found.append(one)
    return found


@dataclass(frozen=True)
class _Clock:
    """How to read a time without a zone: the account's zone, and the message before."""

    zone: ZoneInfo
    previous: datetime | None


def _record(message: Any) -> Mapping[str, Any]:
    if not isinstance(message, dict):
        raise Unreadable("is no message")
    return message


def _reading(record: Mapping[str, Any], raw: bytes, where: str, ids: Ids, clock: _Clock) -> Item:
    kind = record.get("type")
    if kind == "service":
        return not_a_post(where)
    if kind == "unsupported":
        raise Unreadable("is of a kind the export does not show")
    if kind not in (None, "message"):
        raise Unreadable("has an unknown type")
    written = str(record.get("date_unixtime") or record.get("date") or "")
    author = optional(record, "from_id") or optional(record, "from") or ""
    reply_to = record.get("reply_to_message_id")
    return PostReading(
        native_id=identifier(record, "id") if "id" in record else ids.of(written, author),
        kind=_kind(record),
        created_at=_time(record, "date", clock),
        created_raw=written,
        text=_text(record),
        edited_at=_time(record, "edited", clock) if "edited" in record or "edited_unixtime" in record else None,
        links=_links(record),
        media=tuple(_media(record)),
        reply_to=str(reply_to) if isinstance(reply_to, (int, str)) and reply_to else None,
        shows=frozenset({Unshown.EDITS}),
        raw=raw,
    )


def _kind(record: Mapping[str, Any]) -> str:
    if any(record.get(name) for name in ("forwarded_from", "forwarded_from_id", "saved_from")):
        return "share"
    return "reply" if record.get("reply_to_message_id") else "post"


def _time(record: Mapping[str, Any], name: str, clock: _Clock) -> datetime:
    """A time of a message in UTC: epoch seconds where the export has them, else a clock time in the account's zone."""
    seconds = record.get(f"{name}_unixtime")
    try:
        if seconds not in (None, ""):
            return epoch_time(seconds)
        return in_utc(_local(record.get(name)), clock.zone, clock.previous if name == "date" else None)
    except (UnreadableTime, ValueError, OverflowError):
        raise Unreadable(f"{name} is missing or no time") from None


def _local(written: object) -> datetime:
    if not isinstance(written, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", written):
        raise UnreadableTime("is no timestamp")
    return datetime.fromisoformat(written)


def _text(record: Mapping[str, Any]) -> str:
    """What the message says: its text, else the words of its poll or list, else what it shows of a place or game."""
    text = _plain(record.get("text") or record.get("text_entities"))
    lines = [text] if text else []
    for name, title in (("poll", "question"), ("todo_list", "title")):
        holder = mapping(record.get(name))
        lines += [_plain(holder.get(title)), *(_plain(one.get("text")) for one in mappings(holder.get("answers")))]
    lines += [_plain(record.get(name)) for name in ("place_name", "address", "game_title", "game_description")]
    invoice = mapping(record.get("invoice_information"))
    lines += [_plain(invoice.get(name)) for name in ("title", "description")]
    return "\n".join(line for line in lines if line)


def _plain(text: Any) -> str:
    """A text, or the pieces of one: strings, and objects with the piece under `text`."""
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        return ""
    return "".join(part if isinstance(part, str) else optional(mapping(part), "text") or "" for part in text)


def _links(record: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    for part in (*mappings(record.get("text")), *mappings(record.get("text_entities"))):
        if part.get("type") == "text_link":
            found.append(optional(part, "href"))
        elif part.get("type") in ("link", "url"):
            found.append(optional(part, "text"))
    return tuple(dict.fromkeys(link for link in found if link))


def _media(record: Mapping[str, Any]) -> Iterator[Media]:
    if photo := optional(record, "photo"):
        yield Media(kind="photo", url=None, native_id=_file_name(photo))
    file, kind = optional(record, "file"), optional(record, "media_type")
    if file or kind:
        mime = (optional(record, "mime_type") or "").partition("/")[0]
        by_name = kind_of_file(optional(record, "file_name") or file or "")
        guessed = {"image": "photo", "video": "video", "audio": "audio"}.get(mime, by_name)
        yield Media(kind=_MEDIA.get(kind or "", guessed), url=None, native_id=_file_name(file or ""))
    if "contact_information" in record:
        yield Media(kind="contact", url=None)
    if "location_information" in record:
        yield Media(kind="location", url=None)


def _file_name(path: str) -> str | None:
    return None if _NO_FILE.fullmatch(path) else PurePosixPath(path).name or None


# --- HTML -----------------------------------------------------------------------------------------------------------


def _from_pages(files: ExportFiles, account: Account) -> Iterator[Item]:
    names = _names(files, _PAGES, ".html")
    chats = read_chats(files, names)
    if not chats or not any(chat.messages for chat in chats):
        raise ExportRefused(
            f"account {account.key}: is no export of Telegram Desktop; choose JSON or HTML when exporting the chat"
        )
    alone = len(chats) == 1 and not chats[0].is_of_account
    for number, chat in enumerate(chats):
        if alone or is_named(account, chat.name):
            yield from _pages_messages(chat, f"chat {number}", account)
        else:
            yield from (private(f"chat {number}[{at}]") for at in range(len(chat.messages)))


def _pages_messages(chat: PagesChat, label: str, account: Account) -> Iterator[Item]:
    ids, zone = Ids("telegram"), ZoneInfo(account.timezone)
    previous: datetime | None = None
    for at, message in enumerate(chat.messages):
        where = f"{label}[{at}]"
        if message.is_service:
            yield not_a_post(where)
            continue
        try:
            post = _pages_reading(message, ids, _Clock(zone, previous))
        except Unreadable as error:
            yield Quarantined(where=where, reason=str(error), raw=message.raw)
            continue
        previous = post.created_at
        yield post


def _pages_reading(message: Shown, ids: Ids, clock: _Clock) -> PostReading:
    if message.moment is None:
        raise Unreadable("date is missing or no time")
    zoned = message.moment.tzinfo is not None
    try:
        created = message.moment.astimezone(UTC) if zoned else in_utc(message.moment, clock.zone, clock.previous)
    except OverflowError:
        raise Unreadable("date is missing or no time") from None
    return PostReading(
        native_id=message.number or ids.of(message.written, message.author),
        kind="share" if message.is_forwarded else "reply" if message.reply_to else "post",
        created_at=created,
        created_raw=message.written,
        text=message.text,
        links=message.links,
        media=message.media,
        reply_to=message.reply_to,
        raw=message.raw,
    )
