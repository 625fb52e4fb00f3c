"""Importer for what was saved of a Yahoo! Group before it closed.

Three forms circulate: the mbox of "Get My Data", which an owner could order; the trees of archiving programs
(`<group>/email/<id>_raw.json`, `<id>.json`, `topics/<id>.json`, `about/about.json`); and JSON Lines, packed with
Zstandard, of the volunteers who saved public groups. A message may stand in several: the whole mail is read, the
other copies are counted and left out. Whatever Yahoo wrote into JSON has its signs "<", ">", "&" written as in HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import zstandard

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, PostReading, ProfileReading, Quarantined
from connectors import rawjson
from connectors.chats import not_a_post, private, refuse_private
from connectors.exportfiles import MAX_FILE_BYTES, MAX_RATIO, RATIO_FROM_BYTES, ExportFiles, open_export
from connectors.mailquotes import is_forward, is_reply, own_words
from connectors.mailtext import (
    Letter,
    Posted,
    digest_id,
    group_names,
    groups_of,
    is_mbox,
    is_one_groups,
    letter,
    posted,
    shown_text,
)
from connectors.records import Unreadable, identifier, mapping, mappings, optional
from connectors.times import UnreadableTime, epoch_time

_FOLDERS = frozenset({"email", "topics", "about"})
_LINES = (".jsonl", ".ndjson", ".jsonl.zst", ".ndjson.zst", ".zst")
#: Three bytes may unpack to 128 KB.
_PIECE = 1024
_ESCAPES = re.compile(r"&(?:lt|gt|amp|quot|#39);")
_NEWMAN = re.compile(r"-m(\d{1,12})\s*$")
#: How headers begin that only Yahoo! Groups wrote.
_OF_GROUPS = ("x-yahoo-group", "x-egroups")
_LEFT_OUT = (".csv", ".warc", ".warc.gz", ".html", ".htm", ".jpg", ".jpeg", ".png", ".gif", ".pdf", ".txt", ".log")


@dataclass(frozen=True)
class _Record:
    """One message as it stands in a file: where, its fields, its bytes."""

    where: str
    fields: Mapping[str, Any]
    raw: bytes
    #: A folder said that it is the group's.
    told: bool


@dataclass
class _Found:
    """What came out of the files so far."""

    posts: dict[str, tuple[int, PostReading]] = field(default_factory=dict)
    others: list[Quarantined] = field(default_factory=list)
    profile: ProfileReading | None = None
    #: Messages there were, and those of the account's group.
    messages: int = 0
    ours: int = 0


class YahooGroupsArchive:
    """Reads a folder, zip or single file in any of the three forms, or several of them together."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """The group's description where it was saved, its messages oldest first, then what is left out or unreadable.

        Raises:
            ExportRefused: the account's space is private, no message in it, or none of this group.
        """
        refuse_private(account)
        found = _Found()
        with open_export(path) as files:
            for number, name in enumerate(files.names, start=1):
                _read_file(files, name, number, account, found)
        if not found.messages and not found.others:
            raise ExportRefused(
                f"account {account.key}: holds no message of Yahoo! Groups; give an mbox, a tree of .json or a .jsonl"
            )
        if found.messages and not found.ours:
            raise ExportRefused(f"account {account.key}: holds no message of this group; check the group's native_id")
        if found.profile:
            yield found.profile
        posts = [post for _, post in found.posts.values()]
        yield from sorted(posts, key=lambda post: (post.created_at, post.native_id))
        yield from found.others


def _read_file(files: ExportFiles, name: str, number: int, account: Account, found: _Found) -> None:
    own, lower, label = group_names(account), name.lower(), f"file {number}"
    told = _group_told(name, own)
    if lower.endswith(_LINES):
        _read_lines(_unpacked(files, name), label, own, found)
    elif lower.endswith(".json"):
        _read_json(files.read(name), label, PurePosixPath(lower).name, told, account, found)
    elif lower.endswith(_LEFT_OUT):
        if lower.endswith(".csv"):
            found.others.append(not_a_post(label))
    else:
        body = files.read(name)
        if is_mbox(body[:600]):
            _read_mbox(body, label, own, found)


def _group_told(name: str, own: frozenset[str]) -> bool | None:
    """Whether the folder above `email` or `topics` is the group's; None where there is no such folder."""
    parts = PurePosixPath(name.casefold()).parts[:-1]
    at = next((at for at, part in enumerate(parts) if part in _FOLDERS), 0)
    return parts[at - 1] in own if at > 0 else None


# --- the three forms ------------------------------------------------------------------------------------------------


def _read_lines(body: bytes, label: str, own: frozenset[str], found: _Found) -> None:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            continue
        where = f"{label}:{number}"
        try:
            fields = mapping(_unwrapped(rawjson.loads(line.strip())))
        except rawjson.BrokenJson as error:
            found.others.append(Quarantined(where=where, reason=str(error), raw=line))
            continue
        named = (optional(fields, "groupName") or optional(fields, "group") or "").casefold()
        _take(
            _Record(where, fields, line.strip(), told=named in own),
            own,
            found,
            is_other=bool(named) and named not in own,
        )


def _read_json(body: bytes, label: str, name: str, told: bool | None, account: Account, found: _Found) -> None:
    own = group_names(account)
    try:
        value = rawjson.loads(body)
    except rawjson.BrokenJson as error:
        found.others.append(Quarantined(where=label, reason=str(error), raw=body))
        return
    path = ("ygData",) if isinstance(value, dict) and isinstance(value.get("ygData"), dict) else ()
    inner = _unwrapped(value)
    listed = inner if isinstance(inner, list) else mapping(inner).get("messages")
    records = mappings(listed)
    if name == "about.json" and told is not False:
        found.profile = _profile(mapping(inner), account, body) or found.profile
    elif _is_message(mapping(inner)):
        record = _Record(label, mapping(inner), body, told=bool(told))
        _take(record, own, found, is_other=told is False)
    elif any(map(_is_message, records)):
        steps = path if isinstance(inner, list) else (*path, "messages")
        for number, (fields, raw) in enumerate(zip(records, rawjson.elements(body, *steps), strict=False), start=1):
            record = _Record(f"{label}[{number}]", fields, raw, told=bool(told))
            _take(record, own, found, is_other=told is False)
    else:
        # Polls, members, calendars, lists of numbers: nothing anybody posted.
        found.others.append(not_a_post(label))


def _read_mbox(body: bytes, label: str, own: frozenset[str], found: _Found) -> None:
    messages = posted(body, label)
    alone = is_one_groups(messages, own)
    others = any(one.names and not one.names & own for one in messages)
    for one in messages:
        found.messages += 1
        # A mail that names no group may be somebody's own: then Yahoo's mark or its likes must say whose it is.
        nameless = alone or (not others and one.said is not None and _went_to_a_group(one.said))
        if not (one.names & own if one.names else nameless):
            found.others.append(private(one.where))
            continue
        try:
            _keep(2, _from_mbox(one, found), one.where, found)
        except Unreadable as error:
            found.others.append(Quarantined(where=one.where, reason=str(error), raw=one.envelope.raw))


def _from_mbox(one: Posted, found: _Found) -> PostReading:
    said, envelope = one.said, one.envelope
    if said is None:
        raise Unreadable(one.fault)
    found.ours += 1
    if said.created_at is None:
        raise Unreadable("says no time, or one without its zone")
    native_id = _number_of(said) or said.message_id or digest_id(envelope.who, envelope.date, said.subject)
    return _post(native_id, said, said.created_at, said.created_raw, envelope.raw)


def _went_to_a_group(said: Letter) -> bool:
    """Whether Yahoo! Groups sent it. Yahoo's mail service wrote headers that begin with X-Yahoo into all it sent."""
    of_groups = said.headers.get("x-yahoo-newman-property", "").strip().lower().startswith("groups")
    return of_groups or _number_of(said) is not None or any(name.startswith(_OF_GROUPS) for name in said.headers)


def _number_of(said: Letter) -> str | None:
    """The message's number in the group, which Yahoo wrote into a header of its own."""
    match = _NEWMAN.search(said.headers.get("x-yahoo-newman-id", ""))
    return match[1] if match else None


# --- messages in JSON -----------------------------------------------------------------------------------------------


def _unwrapped(value: Any) -> Any:
    return value["ygData"] if isinstance(value, dict) and isinstance(value.get("ygData"), dict | list) else value


def _is_message(fields: Mapping[str, Any]) -> bool:
    return ("msgId" in fields or "messageId" in fields) and ("rawEmail" in fields or "messageBody" in fields)


def _take(record: _Record, own: frozenset[str], found: _Found, *, is_other: bool) -> None:
    found.messages += 1
    if is_other:
        found.others.append(private(record.where))
        return
    try:
        if record.fields.get("systemMessage") is True:
            found.ours += 1
            found.others.append(not_a_post(record.where))
            return
        rank, post, names = _reading(record)
        if names and not record.told and not names & own:
            found.others.append(private(record.where))
            return
        found.ours += 1
        _keep(rank, post, record.where, found)
    except Unreadable as error:
        found.ours += 1
        found.others.append(Quarantined(where=record.where, reason=str(error), raw=record.raw))


def _keep(rank: int, post: PostReading, where: str, found: _Found) -> None:
    """Keep the fullest form of a message; the lesser, and the same once more, are counted."""
    known = found.posts.get(post.native_id)
    if known is None:
        found.posts[post.native_id] = rank, post
        return
    if known[0] == rank and known[1].content_hash != post.content_hash:
        raise Unreadable("its id stands in the export already")
    if known[0] < rank:
        found.posts[post.native_id] = rank, post
    found.others.append(not_a_post(where))


def _reading(record: _Record) -> tuple[int, PostReading, frozenset[str]]:
    """How full the record's form is, its post, and the groups it says it went to."""
    fields = record.fields
    native_id = identifier(fields, "msgId", "messageId")
    written = fields.get("postDate")
    received = _posted(written) if written not in (None, "", 0, "0") else None
    source = optional(fields, "rawEmail")
    if source is None:
        if received is None:
            raise Unreadable("postDate is missing")
        return 0, _from_page(record, native_id, received), frozenset()
    mail = _unescaped(source).encode("utf-8", "replace")
    topic = _topic(fields, native_id)
    said = letter(mail, received=received, received_raw=str(written), unicode_body=True, in_topic=topic is not None)
    moment = received or said.created_at
    if moment is None:
        raise Unreadable("says no time, or one without its zone")
    raw = str(written) if received else said.created_raw
    post = _post(native_id, said, moment, raw, record.raw, topic=topic)
    return 1, post, groups_of(said)


def _post(
    native_id: str, said: Letter, moment: datetime, written: str, raw: bytes, *, topic: str | None = None
) -> PostReading:
    return PostReading(
        native_id=native_id,
        kind="reply" if said.is_reply or topic else "post",
        created_at=moment,
        created_raw=written,
        text=said.text,
        links=said.links,
        media=said.media,
        reply_to=topic or said.in_reply_to,
        raw=raw,
    )


def _from_page(record: _Record, native_id: str, moment: datetime) -> PostReading:
    """A message of which only the page's HTML was saved."""
    body = record.fields.get("messageBody")
    if not isinstance(body, str):
        raise Unreadable("messageBody is missing or no text")
    text, links = shown_text(body)
    subject = " ".join(html.unescape(optional(record.fields, "subject") or "").split())
    topic = _topic(record.fields, native_id)
    answers = topic is not None or is_reply(subject)
    said = own_words(text, forwarded=is_forward(subject), answer=answers)
    return PostReading(
        native_id=native_id,
        kind="reply" if answers else "post",
        created_at=moment,
        created_raw=str(record.fields.get("postDate")),
        text=said if is_reply(subject) or not subject else f"{subject}\n\n{said}".rstrip(),
        links=links,
        reply_to=topic,
        raw=record.raw,
    )


def _topic(fields: Mapping[str, Any], native_id: str) -> str | None:
    """The message a topic began with, for all but this one."""
    topic = fields.get("topicId")
    written = str(topic) if isinstance(topic, int | str) and not isinstance(topic, bool) else ""
    return written if written not in ("", "0", native_id) else None


def _posted(written: object) -> datetime:
    try:
        return epoch_time(written)
    except UnreadableTime:
        pass
    # The oldest groups were taken over from a service of 1998.
    try:
        seconds = int(str(written))
    except ValueError:
        raise Unreadable("postDate is no epoch time") from None
    if not 883_612_800 <= seconds < 946_684_800:  # noqa: PLR2004 - 1998 and 1999
        raise Unreadable("postDate is an epoch time outside the years of the service")
    return datetime.fromtimestamp(seconds, tz=epoch_time(946_684_800).tzinfo)


def _unescaped(source: str) -> str:
    """A mail as it was sent. Whether it is written as in HTML is told by its headers, where addresses have brackets."""
    head = re.split(r"\r?\n\r?\n", source, maxsplit=1)[0]
    told = head if "<" in head or "&lt;" in head else source
    return html.unescape(source) if "<" not in told and _ESCAPES.search(told) else source


def _profile(about: Mapping[str, Any], account: Account, raw: bytes) -> ProfileReading | None:
    name = optional(about, "title") or optional(about, "name") or optional(about, "groupName")
    bio = optional(about, "description") or optional(about, "desc") or optional(about, "groupDesc") or ""
    if name is None and not bio:
        return None
    return ProfileReading(
        native_id=account.native_id,
        handle=optional(about, "name") or account.handle,
        name=html.unescape(name or account.handle),
        bio=shown_text(bio)[0],
        raw=raw,
    )


def _unpacked(files: ExportFiles, name: str) -> bytes:
    """The lines of a file, unpacked in memory within the limits every export has."""
    body = files.read(name)
    if not name.lower().endswith(".zst"):
        return body
    lines = bytearray()
    try:
        for part in _frames(body):
            lines += part
            bomb = len(lines) > RATIO_FROM_BYTES and len(lines) > MAX_RATIO * len(body)
            if bomb or len(lines) > MAX_FILE_BYTES:
                raise ExportRefused(
                    f"{files.title}: a .zst file unpacks far larger than an archive; check where it is from"
                )
    except zstandard.ZstdError:
        raise ExportRefused(f"{files.title}: a .zst file is damaged or cut off; fetch it again") from None
    return bytes(lines)


def _frames(body: bytes) -> Iterator[bytes]:
    """What the frames of a Zstandard file hold, piece by piece. Raises `ZstdError`, also where the last is cut off."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=2**27)
    frame = unpacker.decompressobj()
    for start in range(0, len(body), _PIECE):
        rest = body[start : start + _PIECE]
        while rest:
            if frame.eof:
                frame = unpacker.decompressobj()
            yield frame.decompress(rest)
            rest = frame.unused_data
    if not frame.eof:
        raise zstandard.ZstdError("cut off")
