"""The HTML form of Telegram Desktop's export: `messages.html`, `messages2.html` and so on.

Telegram escapes every `<` and `>` of a text, so a tag is what stands between them; no page is run or laid out. The tags
are taken in one pass, whatever a page makes of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from chapterwatch.model import Media
from connectors.chats import kind_of_file
from connectors.exportfiles import ExportFiles

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})(?P<rest>[^<>]*)>")
_ATTRIBUTE = re.compile(r'([a-z]{1,16})="([^"]*)"')
_VOID = {"br", "img", "meta", "link", "input", "hr"}
_TITLE = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)(?: UTC([+-]\d\d):?(\d\d))?")
#: As the macOS client writes it, in English and without a zone.
_WORDED = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2,8}) (\d{4}),? (?:at )?(\d\d):(\d\d):(\d\d)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER = re.compile(r"message(-?\d{1,20})")
_GO_TO = re.compile(r"#go_to_message(-?\d{1,20})")
_DEEPEST = 64
_PADDING = " \n\r\t"

_KINDS = {
    "photo_wrap": "photo",
    "media_photo": "photo",
    "sticker_wrap": "sticker",
    "animated_wrap": "animated",
    "video_file_wrap": "video",
    "media_video": "video",
    "media_voice_message": "audio",
    "media_audio_file": "audio",
    "media_file": "file",
    "media_contact": "contact",
    "media_location": "location",
    "media_live_location": "location",
    "media_venue": "location",
}
#: Parts of a message whose words are read, by the class of their element.
_PARTS = ("text", "question", "answer")


@dataclass
class Shown:
    """One message as a page shows it."""

    number: str | None
    is_service: bool
    raw: bytes = b""
    written: str = ""
    author: str = ""
    moment: datetime | None = None
    text: str = ""
    reply_to: str | None = None
    is_forwarded: bool = False
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass
class Chat:
    """One chat: its title, and its messages in the order of its pages."""

    #: One of the chats of a whole account's export.
    is_of_account: bool
    name: str | None = None
    messages: list[Shown] = field(default_factory=list)


@dataclass
class _Open:
    """An element that is not closed yet."""

    name: str
    part: str | None
    words: list[str] = field(default_factory=list)


def read_chats(files: ExportFiles, names: Sequence[str]) -> list[Chat]:
    """The chats of an export: one for each folder with pages, the pages in the order of their numbers."""
    folders: dict[str, list[str]] = {}
    for name in names:
        folders.setdefault(str(PurePosixPath(name).parent), []).append(name)
    return [_chat(files, pages) for _, pages in sorted(folders.items())]


def _chat(files: ExportFiles, pages: Sequence[str]) -> Chat:
    chat = Chat(is_of_account="chats" in PurePosixPath(pages[0]).parts)
    for name in sorted(pages, key=_page_number):
        text = files.read(name).decode("utf-8", "replace")
        page = _Page(text)
        page.run()
        chat.name = chat.name or page.title
        chat.messages += page.messages
    author = ""
    for message in chat.messages:
        # A message that follows another of its author does not repeat the name.
        author = message.author = message.author or author
    return chat


def _page_number(name: str) -> int:
    digits = re.search(r"(\d{1,9})\.html$", name)
    return int(digits[1]) if digits else 1


class _Page:
    """One pass over a page's tags."""

    def __init__(self, text: str) -> None:
        self.title: str | None = None
        self.messages: list[Shown] = []
        self._text = text
        self._open: list[_Open] = []
        #: Those of the open elements whose words are kept or left out as a part; the innermost takes what is said.
        self._parts: list[_Open] = []
        self._message: tuple[Shown, int, int] | None = None
        self._texts: list[str] = []
        self._links: list[str] = []
        self._media: list[Media] = []

    def run(self) -> None:
        at = 0
        for tag in _TAG.finditer(self._text):
            self._say(self._text[at : tag.start()])
            at = tag.end()
            if tag["close"]:
                self._close(tag["name"].lower(), tag.end())
            else:
                self._enter(tag["name"].lower(), tag)
        self._unwind(0, len(self._text))

    def _say(self, words: str) -> None:
        if self._parts:
            self._parts[-1].words.append(words)

    def _enter(self, name: str, tag: re.Match[str]) -> None:
        if name == "br":
            self._say("\n")
        given = {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(tag["rest"])}
        classes = given.get("class", "").split()
        if name == "div" and "message" in classes:
            self._begin(given, classes, tag.start())
        part = self._part(name, classes, given)
        if name in _VOID or tag["rest"].endswith("/"):
            return
        self._open.append(_Open(name, part))
        if part:
            self._parts.append(self._open[-1])

    def _begin(self, given: dict[str, str], classes: list[str], start: int) -> None:
        if self._message:
            self._unwind(self._message[2], start)
        number = _NUMBER.fullmatch(given.get("id", ""))
        shown = Shown(number=number[1] if number else None, is_service="service" in classes)
        self._message = (shown, start, len(self._open))

    def _part(self, name: str, classes: list[str], given: dict[str, str]) -> str | None:
        """What the words in an element are; notes what its attributes tell."""
        if self._message is None:
            return "title" if name == "div" and {"text", "bold"} <= set(classes) else None
        message = self._message[0]
        if name == "div" and {"date", "details", "pull_right"} <= set(classes):
            message.written = given.get("title", "")
            message.moment = _moment(message.written)
        if name == "div" and ({"forwarded", "body"} <= set(classes) or "forwarded_from" in classes):
            message.is_forwarded = True
        if name == "a":
            self._anchor(message, classes, given.get("href", ""))
        elif kinds := [_KINDS[one] for one in classes if one in _KINDS]:
            self._media.append(Media(kind=kinds[0], url=None))
        if name not in {"div", "span"}:
            return None
        if "from_name" in classes:
            return "forwarded_from" if message.is_forwarded else "author"
        if "details" in classes:
            return "aside"
        return next((part for part in _PARTS if part in classes), None)

    def _anchor(self, message: Shown, classes: list[str], href: str) -> None:
        if reply := _GO_TO.fullmatch(href):
            message.reply_to = message.reply_to or reply[1]
        elif kinds := [_KINDS[one] for one in classes if one in _KINDS]:
            name = PurePosixPath(href.partition("?")[0]).name or None
            kind = kind_of_file(name or "") if kinds[0] == "file" else kinds[0]
            self._media.append(Media(kind=kind, url=None, native_id=name))
        elif href.startswith(("http://", "https://")) and self._is_read():
            self._links.append(href)

    def _is_read(self) -> bool:
        """Whether what is said here belongs to the message's text."""
        return bool(self._parts) and self._parts[-1].part in _PARTS

    def _close(self, name: str, end: int) -> None:
        # A page nests no deeper; an end tag without its start tag means nothing.
        for back, element in enumerate(reversed(self._open[-_DEEPEST:]), start=1):
            if element.name == name:
                self._unwind(len(self._open) - back, end)
                return

    def _unwind(self, depth: int, end: int) -> None:
        """Close elements until `depth` are open."""
        while len(self._open) > depth:
            self._keep(self._open.pop())
            if self._message and len(self._open) <= self._message[2]:
                self._finish(end)
        if self._message and depth <= self._message[2]:
            self._finish(end)

    def _keep(self, element: _Open) -> None:
        if not element.part:
            return
        self._parts.pop()
        words = html.unescape("".join(element.words)).strip(_PADDING)
        if element.part == "title":
            self.title = self.title or words
        elif element.part == "author" and self._message:
            self._message[0].author = words
        elif element.part in _PARTS and words:
            self._texts.append(words.removeprefix("- ") if element.part == "answer" else words)

    def _finish(self, end: int) -> None:
        if self._message is None:
            return
        shown, start, _ = self._message
        shown.raw = self._text[start:end].encode("utf-8")
        shown.text = "\n".join(self._texts)
        shown.links = tuple(dict.fromkeys(self._links))
        shown.media = tuple(self._media)
        self.messages.append(shown)
        self._message = None
        self._texts, self._links, self._media = [], [], []


def _moment(written: str) -> datetime | None:
    """The time in an element's title, with its zone where it has one; the day always stands first."""
    found = _TITLE.fullmatch(written)
    if found is None:
        return _worded(written)
    day, month, year, clock, zone = found[1], found[2], found[3], written[11:19], f"{found[7]}:{found[8]}"
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}{zone if found[7] else ''}")
    except ValueError:
        return None


def _worded(written: str) -> datetime | None:
    found = _WORDED.fullmatch(written)
    if found is None or found[2][:3] not in _MONTHS:
        return None
    month = _MONTHS.index(found[2][:3]) + 1
    try:
        return datetime.fromisoformat(f"{found[3]}-{month:02}-{int(found[1]):02}T{found[4]}:{found[5]}:{found[6]}")
    except ValueError:
        return None
