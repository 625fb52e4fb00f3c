"""Text of strangers made fit to print.

A post may hold anything: half a surrogate, a stack of two hundred accents, marks that turn the line around, one word
of sixty thousand letters. Autoescape keeps markup harmless; this module keeps the *letters* harmless and visible, and
cuts an excerpt around its evidence before it is cleaned, so the highlighted span never slips.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

#: Code points of one excerpt. Line breaking of unbroken text is quadratic, so this bound is also a time limit.
EXCERPT_LIMIT = 280
#: Code points of a chapter's name in headings, tables and subjects.
NAME_LIMIT = 80
#: Code points of a name in a line of its own, such as a letter's salutation.
WHOLE_NAME_LIMIT = 400
#: An unbroken run longer than this gets invisible places to break.
RUN_LIMIT = 30
#: Combining marks kept on one letter; Vietnamese and Hebrew need three.
MARKS_LIMIT = 3
#: Line breaks kept in one excerpt.
LINES_LIMIT = 8

ELLIPSIS = "…"
#: How a control is shown.
MARK = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}{}\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
ZERO_WIDTH_SPACE = "\u200b"

#: Controls that change the order of what is read, by the names Unicode gives them. They are shown, not obeyed.
BIDI = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}

_BLANKS = re.compile(r"[ \t\f\v]+")
_BREAKS = re.compile(r"[ \t]*(?:\r\n|[\r\n\u0085\u2028\u2029])\s*")
_RUN = re.compile(rf"\S{{{RUN_LIMIT + 1},}}")
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
#: A sign that ends a sentence, and at most one closing quotation mark or bracket after it.
_ENDED = re.compile("[.?!…][\"'\u201d\u2019\u00bb)]?$")
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """A piece of text with its evidence in the middle; `cut_before` and `cut_after` say that more stands around it."""

    before: str
    hit: str
    after: str
    cut_before: bool = False
    cut_after: bool = False

    @property
    def text(self) -> str:
        """The whole excerpt as it is read, cuts marked."""
        start = ELLIPSIS if self.cut_before else ""
        end = ELLIPSIS if self.cut_after else ""
        return f"{start}{self.before}{self.hit}{self.after}{end}"


def excerpt_of(text: str, start: int, end: int) -> Excerpt:
    """The part of `text` around the half-open span [start, end), at most `EXCERPT_LIMIT` code points, cleaned.

    An empty span marks nothing and the excerpt begins at the beginning. A span outside the text raises ValueError:
    a highlight in the wrong place accuses the wrong words.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"span {start}:{end} is outside a text of {len(text)} code points")
    left, right = _window(text, start, end)
    stop = min(end, right)
    return Excerpt(
        before=clean(text[left:start]),
        hit=clean(text[start:stop]),
        after=clean(text[stop:right]),
        cut_before=left > 0,
        cut_after=right < len(text),
    )


def excerpts_of(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Excerpt, ...]:
    """The parts of `text` around several half-open spans, in order, to be read one after the other.

    Overlapping spans are marked as one. Spans that fit into one excerpt share it; what lies between two far apart is
    cut. An empty span marks nothing; without any other the beginning of the text is shown.
    """
    marked = _joined(text, spans)
    if len(marked) < 2:  # noqa: PLR2004 - one span is an excerpt of its own
        return (excerpt_of(text, *(marked[0] if marked else (0, 0))),)
    parts = [part for left, right, inside in _windows(text, marked) for part in _parts(text, left, right, inside)]
    # Where two pieces meet the cut is marked once, by the piece before.
    return (parts[0], *(replace(part, cut_before=False) for part in parts[1:]))


def sentence(text: str) -> str:
    """Words as a sentence: a capital first, one full stop last, unless another sign ends it."""
    said = text.strip()
    if not said:
        return ""
    ended = said if _ENDED.search(said) else f"{said}."
    return ended[0].upper() + ended[1:]


def clean(text: str) -> str:
    """Text that draws in finite time and shows what it holds: controls named, marks capped, long runs breakable."""
    shown = "".join(_visible(_keep_lines(text)))
    return _RUN.sub(lambda run: _breakable(run.group()), _cap_marks(shown))


def clean_line(text: str, limit: int = EXCERPT_LIMIT) -> str:
    """Like `clean`, in one line of at most `limit` code points."""
    line = " ".join(text[: limit * 2].split())
    shown = line if len(line) <= limit and len(text) <= limit * 2 else line[: limit - 1].rstrip() + ELLIPSIS
    return clean(shown)


def clean_name(name: str, limit: int = NAME_LIMIT) -> str:
    """A name in one line of at most `limit` code points; a longer one ends between two words."""
    line = " ".join(name.split())
    if len(line) <= limit:
        return clean(line)
    words = line[: limit - 1].rpartition(" ")[0]
    return f"{clean(words)} {ELLIPSIS}" if words else clean_line(line, limit)


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"span {start}:{end} is outside a text of {len(text)} code points")
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return joined


def _windows(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """The pieces of the text to print, each with the spans inside it."""
    clusters: list[list[tuple[int, int]]] = []
    for span in spans:
        if clusters and span[1] - clusters[-1][0][0] <= EXCERPT_LIMIT:
            clusters[-1].append(span)
        else:
            clusters.append([span])
    windows: list[tuple[int, int, list[tuple[int, int]]]] = []
    for cluster in clusters:
        left, right = _window(text, cluster[0][0], cluster[-1][1])
        if windows and left <= windows[-1][1]:
            first, _, inside = windows.pop()
            windows.append((first, right, inside + cluster))
        else:
            windows.append((left, right, cluster))
    return windows


def _parts(text: str, left: int, right: int, spans: list[tuple[int, int]]) -> Iterator[Excerpt]:
    at = left
    for number, (start, end) in enumerate(spans):
        last = number == len(spans) - 1
        stop = min(end, right)
        yield Excerpt(
            before=clean(text[at:start]),
            hit=clean(text[start:stop]),
            after=clean(text[stop:right]) if last else "",
            cut_before=number == 0 and left > 0,
            cut_after=last and right < len(text),
        )
        at = stop


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    if end - start >= EXCERPT_LIMIT:
        return start, _whole(text, start + EXCERPT_LIMIT)
    room = EXCERPT_LIMIT - (end - start)
    left = max(0, start - room // 2)
    right = min(len(text), left + EXCERPT_LIMIT)
    left = max(0, right - EXCERPT_LIMIT)
    return min(start, _word_start(text, left)), max(end, _word_end(text, right))


def _word_start(text: str, at: int) -> int:
    """The next beginning of a word within a few letters, so that a cut does not halve one."""
    if at == 0:
        return 0
    blank = text.find(" ", at, at + 20)
    return _whole(text, at) if blank < 0 else blank + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    blank = text.rfind(" ", at - 20, at)
    return _whole(text, at) if blank < 0 else blank


def _whole(text: str, at: int) -> int:
    """Move a cut back out of a joined character: an emoji family or a letter with its marks."""
    moved = at
    while 0 < moved < len(text) and at - moved < RUN_LIMIT and _joins(text[moved - 1], text[moved]):
        moved -= 1
    return at if at - moved >= RUN_LIMIT else moved


def _joins(left: str, right: str) -> bool:
    return right in _JOINERS or left == "\u200d" or bool(unicodedata.combining(right)) or "🏻" <= right <= "🏿"


def _keep_lines(text: str) -> str:
    lines = _BREAKS.split(text)
    kept, rest = lines[:LINES_LIMIT], lines[LINES_LIMIT:]
    return _BLANKS.sub(" ", "\n".join(kept) + "".join(f" {line}" for line in rest))


def _visible(text: str) -> Iterator[str]:
    for char in text:
        name = _name_of_control(char)
        yield MARK.format(name) if name else char


def _name_of_control(char: str) -> str | None:
    if char in BIDI:
        return BIDI[char]
    if char == "\n":
        return None
    code = ord(char)
    if code == 0:
        return "NUL"
    if unicodedata.category(char) in {"Cc", "Cs"} or _NONCHARACTER.match(char):
        return f"{code:04X}"
    return None


def _cap_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} and char not in _JOINERS else 0
        if marks <= MARKS_LIMIT:
            kept.append(char)
    return "".join(kept)


def _breakable(run: str) -> str:
    pieces, at = [], 0
    while at < len(run):
        cut = _whole(run, at + RUN_LIMIT)
        pieces.append(run[at:cut])
        at = cut
    return ZERO_WIDTH_SPACE.join(pieces)
