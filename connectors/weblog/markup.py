"""HTML into what a reader sees: text, links and pictures.

A scanner of our own: the standard library's parser takes minutes over a few hundred kilobytes of unclosed tags, and a
feed is written by strangers. This one looks at each character a fixed number of times.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from chapterwatch.model import Media

_NAME = re.compile(r"(/?)([A-Za-z][^\s/>]{0,60})")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s=>/"'][^\s=>/]*|["'])(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
_TAG_END = re.compile(r"[\s/]*>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_APART = frozenset({"blockquote", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"})
_BLOCKS = _APART | frozenset(
    "address article aside center dd details div dt fieldset figcaption footer form header hr legend li main nav"  # noqa: SIM905 - a list of names reads best as one
    " section summary tbody tfoot thead tr".split()
)
_UNSEEN = frozenset({"script", "style", "template", "title", "textarea", "object", "applet"})
_PLAYERS = {"video": "video", "audio": "audio"}


@dataclass(frozen=True)
class Rendered:
    """What a piece of HTML shows."""

    text: str
    #: Absolute addresses, each once, in the order they are met; embedded players among them.
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Tag:
    """One tag: its lower-case name and attributes."""

    name: str
    closes: bool
    attributes: dict[str, str]


def rendered(markup: str, base: str = "") -> Rendered:
    """The text, links and media of a piece of HTML; relative addresses are resolved against `base`."""
    reader = _Reader(base)
    for piece in tokens(markup):
        reader.take(piece)
    return Rendered(reader.text, tuple(dict.fromkeys(reader.links)), tuple(dict.fromkeys(reader.media)))


def tokens(markup: str) -> Iterator[str | Tag]:
    """Texts, character references resolved, and tags. What is never closed hides the rest, as in a browser."""
    at = 0
    while at < len(markup):
        opening = markup.find("<", at)
        if opening < 0:
            yield html.unescape(markup[at:])
            return
        if opening > at:
            yield html.unescape(markup[at:opening])
        at, piece = _after(markup, opening)
        if piece is not None:
            yield piece
        if isinstance(piece, Tag) and piece.name in _UNSEEN and not piece.closes:
            ends = re.compile(rf"</{piece.name}\b[^>]*>?", re.IGNORECASE).search(markup, at)
            at = ends.end() if ends else len(markup)


def _after(markup: str, at: int) -> tuple[int, str | Tag | None]:
    """What stands at a `<`, and where it ends."""
    for opening, ending in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">")):
        if markup.startswith(opening, at):
            end = markup.find(ending, at + len(opening))
            return (end + len(ending) if end >= 0 else len(markup)), None
    name = _NAME.match(markup, at + 1)
    if name is None:
        return at + 1, "<"
    end, attributes = _attributes(markup, name.end())
    return end, Tag(name[2].lower(), bool(name[1]), attributes)


def _attributes(markup: str, at: int) -> tuple[int, dict[str, str]]:
    found: dict[str, str] = {}
    while True:
        end = _TAG_END.match(markup, at)
        if end:
            return end.end(), found
        one = _ATTRIBUTE.match(markup, at)
        if one is None:
            return len(markup), found
        value = one[2] or ""
        if value[:1] in {'"', "'"} and value[-1:] == value[:1]:
            value = value[1:-1]
        found.setdefault(one[1].lower(), html.unescape(value))
        at = one.end()


@dataclass
class _Reader:
    base: str
    links: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    #: Line ends owed before the next text.
    _break: int = 0
    _kept_spaces: int = 0

    @property
    def text(self) -> str:
        """The text so far: runs of blanks are one, blocks stand on lines of their own."""
        lines = (line.rstrip(" ") for line in "".join(self._parts).split("\n"))
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def take(self, piece: str | Tag) -> None:
        if isinstance(piece, str):
            self._text(piece)
            return
        if piece.name == "pre":
            self._kept_spaces = max(self._kept_spaces + (-1 if piece.closes else 1), 0)
        if piece.name == "br":
            self._write("\n")
        elif piece.name in _BLOCKS:
            self._break = max(self._break, 2 if piece.name in _APART else 1)
        elif piece.name in {"td", "th"} and not piece.closes:
            self._text(" ")
        if not piece.closes:
            self._opened(piece)

    def _text(self, text: str) -> None:
        if self._kept_spaces:
            self._write(text.replace("\r\n", "\n"))
            return
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (self._break or not self._parts or self._parts[-1][-1:] in {" ", "\n"}):
            text = text[1:]
        if text:
            self._write(text)

    def _write(self, text: str) -> None:
        self._parts.append("\n" * self._break + text)
        self._break = 0

    def _opened(self, tag: Tag) -> None:
        if tag.name == "a":
            self._link(tag.attributes.get("href", ""))
        elif tag.name in {"iframe", "embed"}:
            self._link(tag.attributes.get("src", ""))
        elif tag.name == "img":
            self._picture(tag.attributes)
        elif tag.name in _PLAYERS and tag.attributes.get("src"):
            self.media.append(Media(kind=_PLAYERS[tag.name], url=absolute(tag.attributes["src"], self.base)))

    def _link(self, address: str) -> None:
        found = absolute(address, self.base)
        if found:
            self.links.append(found)

    def _picture(self, attributes: dict[str, str]) -> None:
        classes = attributes.get("class", "").split()
        if {"emoji", "wp-smiley"} & set(classes):
            # WordPress writes emoji as pictures in feeds; the character stands in the alt text.
            self._text(attributes.get("alt", ""))
            return
        if attributes.get("width") in {"0", "1"} and attributes.get("height") in {"0", "1"}:
            return
        self.media.append(Media(kind="photo", url=self._address_of(attributes), alt_text=attributes.get("alt")))

    def _address_of(self, attributes: dict[str, str]) -> str | None:
        """A picture's address. Pages that load late keep it from `src`, where a blank stands until then."""
        names = ("data-src", "data-lazy-src", "data-original", "src")
        found = (absolute(attributes[name], self.base) for name in names if attributes.get(name))
        from_set = attributes.get("srcset", "").partition(",")[0].split()[:1]
        return next(filter(None, found), None) or (absolute(from_set[0], self.base) if from_set else None)


def absolute(address: str, base: str) -> str | None:
    """A web or mail address in full; None for a place on the same page, a script, data, or no address at all."""
    address = address.strip()
    if not address or address.startswith("#"):
        return None
    try:
        found = urljoin(base, address)
        parts = urlsplit(found)
    except ValueError:
        return None
    if parts.scheme == "mailto" or (parts.scheme in {"http", "https"} and parts.netloc):
        return found
    return None
