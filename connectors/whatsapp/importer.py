"""Importer for chats exported from WhatsApp ("Export chat"), as text or zip, in any locale.

An export has no ids and no time zone, its lines are in the words of one phone, and what follows a line break is only
known by not looking like a new message. So: ids are made of time, author and order; times are the account's zone; the
order of day and month is what the whole file tells (`stamps`), and a file that does not tell it is refused. A person
who knows may say it in the file's name: `_chat.dmy.txt`, `_chat.mdy.txt`, `_chat.ymd.txt`, or in that of the zip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined
from connectors.base import KnownMedia
from connectors.chats import Ids, Place, in_utc, kind_of_file, not_a_post, private, refuse_private
from connectors.exportfiles import ExportFiles, open_export
from connectors.whatsapp.stamps import ORDERS, Stamp, UnknownOrder, orders_of, own_forms, stamp_of
from connectors.whatsapp.words import phrase_of, words

_CHAT = re.compile(r"(?:.*/)?_chat(?:[ ._(-].*)?\.txt", re.IGNORECASE)
_TOLD = re.compile(rf"\.({'|'.join(ORDERS)})(?=\.|$)", re.IGNORECASE)
#: What `surrogateescape` makes of bytes that are no UTF-8.
_BROKEN = re.compile("[\udc80-\udcff]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

#: What the app writes by itself is no longer.
_LONGEST_PHRASE = 300

#: No name of a person or group is longer; WhatsApp cuts subjects at 100.
_LONGEST_NAME = 120
_SAID = re.compile(rf"([^:\n]{{1,{_LONGEST_NAME}}}?):(?: |\r?$|(?=\u200e)|(?=\n))(.*)", re.DOTALL)
_QUOTES = '"“”«»„「」'
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
#: What an app writes by itself stands behind this on iOS.
_BY_APP = "\u200e"

_FILE = r"[^<>:\n/\\]{1,200}\.\w{0,5}"
_ATTACHED_IOS = re.compile(rf"<(?P<word>[^<>:\uff1a\n]{{2,40}})[:\uff1a] ?(?P<file>{_FILE})>")
_ATTACHED_ANDROID = re.compile(rf"\u200e?(?P<file>{_FILE}) \((?P<word>[^()\n]{{2,40}})\)(?=\n|$)")
_ANDROID_NAME = re.compile(r"[A-Z]{3}-\d{8}-WA\d{4}\.", re.IGNORECASE)
_IOS_NAME = re.compile(r"\d{6,8}-")
_OMITTED = re.compile(
    r"\u200e?[<\uff1c](?P<named>[^<>\uff1c\uff1e\n]{2,60})[>\uff1e](?=\n|$)|\u200e(?P<marked>[^<>\n]{2,60})(?=\n|$)"
)
_LEFT_OUT = "omitted"
_DOCUMENT = re.compile(r".{1,150}? \u200e(?P<words>[^\n\u200e]{4,60})$", re.DOTALL)
_EDITED = re.compile(r"\s?(?P<mark>\u200e?)<(?P<words>[^<>:\n]{4,60})>\s*$")


@dataclass
class _Entry:
    """One message: its stamp, the lines that belong to it, and where it starts."""

    stamp: Stamp
    where: str
    #: The line it starts with, and those that follow.
    first: str
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "\n".join([self.stamp.rest, *self.lines])


@dataclass(frozen=True)
class _Shown:
    """What a message shows once the app's own marks are taken off."""

    text: str
    media: tuple[Media, ...] = ()
    deleted: bool = False
    #: What ids of an earlier release held of the media: the file, or that it was left out.
    kind: str = ""


@dataclass(frozen=True)
class _Message:
    """One message as an export shows it, under the id of its place alone."""

    place: Place
    shown: _Shown
    post: PostReading


#: What was read of one chat: its messages, and the records that are none or could not be read.
_Read = tuple[list[_Message], list[Quarantined]]
#: The media of known posts, by time and id.
_Known = dict[datetime, dict[str, tuple[Media, ...]]]


class WhatsAppExport:
    """Reads one group's export: a text file, the zip or folder around it, or several exports of the group over time."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Messages oldest first, then what is no message and what could not be read.

        A message taken back shows no text and counts as deleted at the export's last message, for that is when it was
        certainly gone.

        Raises:
            ExportRefused: the account's space is private, it is no WhatsApp export or one of several chats, or its
                dates do not tell the day from the month.
        """
        yield from self.read_again(path, account, {})

    def read_again(
        self, path: Path, account: Account, known: KnownMedia
    ) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """As `read`; a message is told by its place, whatever an export shows of its media.

        Media left out of this export are those known of the message. One taken back is told under every id it had.
        """
        refuse_private(account)
        with open_export(path) as files:
            names = _chats(files)
            own = _own(names, account)
            if not own:
                what = "several WhatsApp chats, none of them called like the account" if names else "no WhatsApp chat"
                raise ExportRefused(
                    f"account {account.key}: holds {what}; give the .zip or .txt that WhatsApp exports of the group"
                )
            chats: list[_Read] = []
            for number, name in enumerate(names, start=1):
                body, label = files.read(name), f"chat {number}"
                told = _told(name) or _told(path.name)
                chats.append(_read(body, label, account, told) if name in own else _other(body, label))
        so_far = {moment: dict(posts) for moment, posts in known.items()}
        # Of several exports the one that reaches further is read last, so that what it says stands.
        for messages, others in sorted(chats, key=_reaches):
            for message in messages:
                yield from _known_again(message, so_far)
            yield from others


def _reaches(chat: _Read) -> float:
    messages, _ = chat
    return messages[-1].post.created_at.timestamp() if messages else 0.0


def _known_again(message: _Message, known: _Known) -> Iterator[PostReading]:
    """The message under the id it is known by, else that of its place; one taken back under all it is known by."""
    at = known.setdefault(message.post.created_at, {})
    ids = [one for one in _ids(message, at) if one in at] or [message.post.native_id]
    for native_id in ids if message.shown.deleted else ids[:1]:
        media = message.post.media
        if message.shown.kind == _LEFT_OUT:
            media = at.get(native_id) or media
        at[native_id] = media or at.get(native_id, ())
        yield replace(message.post, native_id=native_id, media=media)


def _ids(message: _Message, at: Mapping[str, tuple[Media, ...]]) -> list[str]:
    """The ids a message may have: earlier releases put into it which file was shown, or that it was left out."""
    kinds = [message.shown.kind] if message.shown.kind else []
    if message.shown.deleted or message.shown.kind == _LEFT_OUT:
        files = {one.native_id for media in at.values() for one in media if one.native_id}
        kinds += [_LEFT_OUT, *(_file_kind(file) for file in sorted(files))]
    elif kinds:
        kinds.append(_LEFT_OUT)
    return list(dict.fromkeys(message.place.id(kind) for kind in (*kinds, "")))


def _chats(files: ExportFiles) -> list[str]:
    """The texts that are chats: named as WhatsApp names them, else the only text there is."""
    texts = [name for name in files.names if name.lower().endswith(".txt")]
    named = [name for name in texts if _CHAT.fullmatch(name) or "whatsapp" in PurePosixPath(name).name.lower()]
    return named or (texts if len(texts) == 1 else [])


def _own(names: Sequence[str], account: Account) -> list[str]:
    """The chats of the account: all where they are exports of one chat, else those whose name holds the account's."""
    called = {name: _called(name) for name in names}
    if len(set(called.values())) <= 1:
        return list(names)
    wanted = [word.casefold() for word in (account.handle, account.native_id) if word]
    return [name for name, title in called.items() if any(word in title for word in wanted)]


def _called(name: str) -> str:
    """What a file says it is the chat of: its name, or that of the folder of a `_chat.txt`, without copies' numbers."""
    path = PurePosixPath(_TOLD.sub("", name))
    title = path.parent.name if _CHAT.fullmatch(name) else path.stem
    return re.sub(r"\s*\(\d{1,4}\)$", "", title).casefold()


def _other(body: bytes, label: str) -> _Read:
    """Somebody else's chat: how many messages it has, and nothing more."""
    entries, bad = _entries(_decoded(body), label)
    return [], [private(where) for where in [*(one.where for one in entries), *(one.where for one in bad)]]


def _told(name: str) -> str | None:
    found = _TOLD.search(PurePosixPath(name).name)
    return found[1].lower() if found else None


def _read(body: bytes, label: str, account: Account, told: str | None) -> _Read:
    entries, bad = _entries(_decoded(body), label)
    if not entries:
        raise ExportRefused(f"account {account.key}: {label} holds no message; give the text WhatsApp exports")
    try:
        orders = orders_of([entry.stamp for entry in entries], told)
    except UnknownOrder as error:
        raise ExportRefused(
            f"account {account.key}: {label}: {error}; put .dmy before the ending of the file's name where the day"
            " stands first, .mdy where the month does, .ymd where the year does"
        ) from None
    messages: list[_Message] = []
    ids, zone, title = Ids("whatsapp"), ZoneInfo(account.timezone), _title(entries)
    previous: datetime | None = None
    for entry in entries:
        moment = entry.stamp.moment(orders[entry.stamp.form])
        if moment is None:
            bad.append(_bad(entry, "its date or time does not exist"))
            continue
        previous = in_utc(moment, zone, previous)
        one = _reading(entry, moment, previous, ids, title, opens_chat=entry is entries[0])
        (messages if isinstance(one, _Message) else bad).append(one)  # type: ignore[arg-type]
    last = max((one.post.created_at for one in messages), default=None)
    messages = [replace(one, post=replace(one.post, deleted_at=last)) if one.shown.deleted else one for one in messages]
    return sorted(messages, key=lambda one: one.post.created_at), bad


def _decoded(body: bytes) -> str:
    """The text; bytes that are no UTF-8 come through as lone surrogates, so that only their message is kept aside."""
    if body.startswith(_UTF_16):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8", "surrogateescape")


def _entries(text: str, label: str) -> tuple[list[_Entry], list[Quarantined]]:
    """The messages with their lines, and what stands before the first."""
    # Only line feeds end a line: a message may hold any other sign that Unicode calls a break.
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    stamps = [stamp_of(line) for line in lines]
    own = own_forms([stamp for stamp in stamps if stamp])
    entries: list[_Entry] = []
    bad: list[Quarantined] = []
    for number, (line, stamp) in enumerate(zip(lines, stamps, strict=True), start=1):
        if stamp and stamp.form in own:
            entries.append(_Entry(stamp, f"{label}:{number}", line))
        elif entries:
            entries[-1].lines.append(line)
        elif line.strip():
            bad.append(Quarantined(where=f"{label}:{number}", reason="stands before the first message", raw=_raw(line)))
    return entries, bad


def _reading(
    entry: _Entry, moment: datetime, created: datetime, ids: Ids, title: str | None, *, opens_chat: bool
) -> _Message | Quarantined:
    body = entry.body.replace("\r\n", "\n").removesuffix("\r")
    said = _SAID.match(body)
    if _BROKEN.search(body):
        return _bad(entry, "is not UTF-8")
    if said is None or _in_quotes(said[1]):
        return _without_author(entry, body)
    author, text = said[1].strip(_MARKS + " ~\u202f\u00a0"), said[2]
    if _is_notice(author, text, title, opens_chat=opens_chat):
        return not_a_post(entry.where)
    shown, place = _shown(text), ids.place(moment.isoformat(), author)
    post = PostReading(
        native_id=place.id(),
        kind="post",
        created_at=created,
        created_raw=entry.stamp.written,
        text=shown.text,
        media=shown.media,
        deleted_at=created if shown.deleted else None,
        raw=_whole(entry),
    )
    return _Message(place, shown, post)


def _without_author(entry: _Entry, body: str) -> Quarantined:
    """What no name stands before: the app's own notices, which have no colon or one inside the subject they quote.

    Anything else is kept aside.
    """
    before, colon, after = body.partition("\n")[0].partition(":")
    if not colon or (_in_quotes(before) and not _in_quotes(before + after)):
        return not_a_post(entry.where)
    return _bad(entry, "has no name that ends in a colon and a space")


def _in_quotes(before: str) -> bool:
    """Whether a quotation is open where a text ends; that of a nickname, Maria "Mimi" Lopez, is closed by then."""
    depth = 0
    for at, sign in enumerate(before):
        if sign in _QUOTES:
            # Many languages close with the sign others open with, so the blanks around it tell.
            blank_before, blank_after = not before[at - 1 : at].strip(), not before[at + 1 : at + 2].strip()
            if blank_before and not blank_after:
                depth += 1
            elif depth:
                depth -= 1
            elif blank_before or not blank_after:
                depth = 1
    return depth > 0


def _is_notice(author: str, text: str, title: str | None, *, opens_chat: bool) -> bool:
    """Whether iOS put a name before a notice of its own: that of the group, or of the person it tells of."""
    is_by_app = text.startswith(_BY_APP)
    plain = phrase_of(text[:_LONGEST_PHRASE])
    if plain.startswith(words().system):
        # Anybody may write these words; the app marks them, or opens the chat with them.
        return is_by_app or opens_chat
    if not is_by_app or _shown(text).kind:
        return False
    return author == title or plain.startswith(phrase_of(author) + " ")


def _title(entries: Sequence[_Entry]) -> str | None:
    """The group's name, which iOS writes before the notice that opens each export."""
    said = _SAID.match(entries[0].body)
    if said and phrase_of(said[2][:_LONGEST_PHRASE]).startswith(words().system):
        return said[1].strip(_MARKS + " ~\u202f\u00a0")
    return None


def _shown(text: str) -> _Shown:
    known = words()
    if _phrase(text) in known.deleted or _is_by_admin(text):
        return _Shown("", deleted=True)
    text = _without_edited(text)
    found = _attachment(text)
    if found:
        return _attached(text[: found.start()] + text[found.end() :], found["file"])
    found = _OMITTED.match(text)
    if found and phrase_of(found["named"] or found["marked"]) in known.omitted:
        return _omitted(text[found.end() :])
    found = _DOCUMENT.match(text)
    if found and phrase_of(found["words"]) in known.omitted:
        return _omitted(text[: found.start("words") - 1])
    return _Shown(text)


def _attachment(text: str) -> re.Match[str] | None:
    """The app's mark of an attached file, in any language where the file's name or a mark of the app's shows it."""
    found = _ATTACHED_IOS.search(text)
    if found and (_IOS_NAME.match(found["file"]) or text[: found.start()].endswith(_BY_APP)):
        return found
    found = _ATTACHED_ANDROID.match(text)
    if found and (_ANDROID_NAME.match(found["file"]) or phrase_of(found["word"]) in words().attached):
        return found
    return None


def _is_by_admin(text: str) -> bool:
    """Whether it says which admin deleted the message."""
    return "\n" not in text and _phrase(text).startswith("this message was deleted by admin ")


def _phrase(text: str) -> str:
    """A short text to be compared with the app's own; nothing for a longer one."""
    return phrase_of(text) if len(text) <= _LONGEST_PHRASE else ""


def _without_edited(text: str) -> str:
    """A text without the app's mark that it was edited: in any language on iOS, in those we know on Android."""
    found = _EDITED.search(text, max(len(text) - 80, 0))
    if found is None or not text[: found.start()].strip(_MARKS + " \n"):
        return text
    is_mark = found["mark"] or phrase_of(found["words"]) in words().edited
    return text[: found.start()] if is_mark else text


def _attached(caption: str, file: str) -> _Shown:
    # iOS numbers the files of each export anew: the picture is the same one, and the address says where it lies.
    numbered = _IOS_NAME.match(file)
    stable = file[numbered.end() :] if numbered else file
    media = Media(kind=kind_of_file(file), url=file if file != stable else None, native_id=stable)
    return _Shown(caption.strip(_MARKS + "\n "), (media,), kind=_file_kind(stable))


def _omitted(caption: str) -> _Shown:
    return _Shown(caption.strip(_MARKS + "\n "), (Media(kind="media", url=None),), kind=_LEFT_OUT)


def _file_kind(file: str) -> str:
    return f"file:{file}"


def _bad(entry: _Entry, reason: str) -> Quarantined:
    return Quarantined(where=entry.where, reason=reason, raw=_whole(entry))


def _whole(entry: _Entry) -> bytes:
    """The bytes of a message as they stand, from its stamp to the line before the next one's."""
    return _raw("\n".join([entry.first, *entry.lines]))


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
