"""The HTML of posts and profiles as the text a reader sees.

Paragraphs are a blank line apart, breaks and list items begin a line, entities are characters. An address that is shown
shortened stands there in full, as Mastodon keeps its beginning and end in hidden spans; where a link has other words
than its address, the words stay in the text and the address is among the links. Mentions and hashtags are words.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

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
    # Instances send no comments or declarations, and the parser stumbles over odd ones.
    reader.feed(markup.replace("<!", "&lt;!"))
    reader.close()
    return Shown("".join(reader.parts).strip("\n"), tuple(dict.fromkeys(reader.links)))


class _Reader(HTMLParser):
    def __init__(self, *, without_quote: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self._without_quote = without_quote
        self._breaks = 0
        #: The element whose words are not shown.
        self._silent: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a break, a link, or the beginning of what is not shown."""
        if self._silent == "p" and tag in _PARAGRAPHS:
            self._silent = None
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        self._break(tag)
        if tag == "br":
            self._say("\n")
        if tag == "a" and not classes & _WORDS and ":" in given.get("href", ""):
            self.links.append(given["href"].strip())
        if tag == "img":
            self._say(given.get("alt", ""))
        if self._silent is None and (tag in _SILENT or (self._without_quote and _QUOTE in classes)):
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        """Note a break, or the end of what is not shown."""
        self._break(tag)
        if tag == self._silent:
            self._silent = None

    def handle_data(self, data: str) -> None:
        """Words."""
        self._say(data)

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
