"""The HTML of posts and profiles as the text a reader sees.

Paragraphs are a blank line apart, breaks and list items begin a line, entities are characters. An address that is shown
shortened stands there in full, as Mastodon keeps its beginning and end in hidden spans; where a link has other words
than its address, the words stay in the text and the address is among the links. Mentions and hashtags are words.

The standard library's HTML parser takes minutes over a hundred thousand unfinished marks, and no instance writes
what needs a whole parser: marks are cut out by one expression, in one pass. What is no finished mark is text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from connectors.records import Unreadable

#: Instances allow 500 to some 10,000 characters; marks make them a few times longer.
LONGEST = 200_000

_PARAGRAPHS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = frozenset({"li", "div", "tr"})
_SILENT = frozenset({"script", "style", "template"})
#: On a link: it stands for a person or a hashtag.
_WORDS = frozenset({"mention", "hashtag"})
#: "RE: address", for readers whose application shows no quotes.
_QUOTE = "quote-inline"

_MARK = re.compile(r"<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<given>[^<>]*)>")
_GIVEN = re.compile(r"(?<![\w-])([a-zA-Z-]{1,40})=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_LONGEST_MARK = 8_192


@dataclass(frozen=True)
class Shown:
    """What a reader sees of some HTML."""

    text: str
    links: tuple[str, ...]


def shown(markup: str, *, without_quote: bool = False) -> Shown:
    """HTML as text and links.

    Args:
        markup: HTML as it comes from an instance, however untidy.
        without_quote: leave out the line that stands in for a quoted post; its address stays among the links.

    Raises:
        Unreadable: longer than any post.
    """
    if len(markup) > LONGEST:
        raise Unreadable("content is longer than any post")
    reader = _Reader(without_quote=without_quote)
    at = 0
    for mark in _MARK.finditer(markup):
        reader.words(markup[at : mark.start()])
        reader.mark(mark["tag"].lower(), bool(mark["end"]), mark["given"])
        at = mark.end()
    reader.words(markup[at:])
    return Shown("".join(reader.parts).strip("\n"), tuple(dict.fromkeys(reader.links)))


class _Reader:
    """Takes words and marks in their order and keeps what is shown."""

    def __init__(self, *, without_quote: bool) -> None:
        self.parts: list[str] = []
        self.links: list[str] = []
        self._without_quote = without_quote
        self._breaks = 0
        #: The element whose words are not shown.
        self._silent: str | None = None

    def words(self, text: str) -> None:
        """Text between two marks."""
        self._say(html.unescape(text))

    def mark(self, tag: str, is_end: bool, given: str) -> None:
        """A break, a link, or the beginning or end of what is not shown."""
        if tag == self._silent or (self._silent == "p" and tag in _PARAGRAPHS):
            self._silent = None
        self._break(tag)
        if not is_end:
            self._begin(tag, _given(given))

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        classes = set(given.get("class", "").split())
        if tag == "br":
            self._say("\n")
        if tag == "a" and not classes & _WORDS and ":" in given.get("href", ""):
            self.links.append(given["href"].strip())
        if tag == "img":
            self._say(given.get("alt", ""))
        if self._silent is None and (tag in _SILENT or (self._without_quote and _QUOTE in classes)):
            self._silent = tag

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._breaks = 2
        elif tag in _LINES:
            self._breaks = max(self._breaks, 1)

    def _say(self, words: str) -> None:
        if self._silent is not None or not words:
            return
        if self.parts and self._breaks:
            self.parts.append("\n" * self._breaks)
        self._breaks = 0
        self.parts.append(words)


def _given(text: str) -> dict[str, str]:
    """What a mark carries, by name."""
    if len(text) > _LONGEST_MARK:
        return {}
    return {name.lower(): html.unescape(one or two or bare) for name, one, two, bare in _GIVEN.findall(text)}
