"""The text in a picture, by Tesseract: upright or turned, small or as long as the screenshot of a whole thread.

Tesseract reads one page in one direction. So a long picture is cut between its lines, and one in which next to nothing
was read is asked which way up it stands and in which script: letters of a script that no language here has would
otherwise come out as other letters, and be called clean.
"""

# ruff: noqa: RUF001 - pictures are written with these characters.

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
from PIL import Image

Facts = Mapping[str, Any]


class Words:
    """The text in a picture, by Tesseract."""

    name = "words"
    failed: ClassVar[Facts] = {"ocr_status": "failed"}
    #: Tesseract's names of the languages the shared lexicons have words of; all are written in Latin letters.
    LANGUAGES = ("eng", "spa", "fra", "deu", "por", "ita", "nld")
    #: Tesseract's confidence (0..100) below which a word is more likely noise.
    LEAST_CONFIDENCE = 50
    #: Mean confidence (0..1) below which it is asked which way up the picture stands, and in which script.
    DOUBTFUL = 0.8
    #: Fewer letters than these are too few to say that all is read.
    FEW_LETTERS = 12
    #: Longest side, in pixels, that is read; and the shortest a picture is enlarged to.
    LARGEST, SMALLEST = 2_400, 1_400
    #: Pieces of a long picture that are read, the first ones.
    MOST_PIECES = 12
    TIMEOUT_SECONDS = 30

    def __init__(self) -> None:
        # One thread a picture is faster than four that wait for each other.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")

    @cached_property
    def languages(self) -> Sequence[str]:
        """The languages Tesseract has here, of those that help."""
        import pytesseract  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

        there = set(pytesseract.get_languages(config=""))
        return [name for name in self.LANGUAGES if name in there] or ["eng"]

    @cached_property
    def version(self) -> str:
        """Tesseract's version and its languages here: another language reads everything again."""
        import pytesseract  # noqa: PLC0415 - an extra

        return f"2 tesseract-{pytesseract.get_tesseract_version()} {'+'.join(self.languages)}"

    def read(self, image: Image.Image) -> Facts:
        """`ocr_text`, `ocr_confidence` (0..1), `ocr_lines`, `ocr_share` of the area that is words.

        The text comes line by line, with an empty line between paragraphs. `ocr_status` is `read`; `partly` where a
        picture is too long to be read to its end, `unreadable` where letters in it are those of another script.
        """
        pieces = list(_pieces(image.convert("L")))
        pages = [self._page(piece) for piece in pieces[: self.MOST_PIECES]]
        words = [word for page in pages for word in page.words]
        strange, whole = any(page.strange for page in pages), len(pages) == len(pieces)
        return {
            "ocr_status": "unreadable" if strange else "read" if whole else "partly",
            "ocr_text": "\n\n".join(filter(None, (_joined(page.lines) for page in pages))),
            "ocr_confidence": round(_mean(words), 3),
            "ocr_lines": sum(len(page.lines) for page in pages),
            "ocr_share": round(sum(word.area for word in words) / sum(page.area for page in pages), 4),
        }

    def _page(self, piece: Image.Image) -> _Page:
        scaled = self._scaled(piece)
        page = self._as_it_stands(scaled)
        letters, is_sure = sum(len(word.text) for word in page.words), _mean(page.words) >= self.DOUBTFUL
        if is_sure and letters >= self.FEW_LETTERS:
            return page
        turn, script = self._standing(scaled)
        # Of a few letters the script is a guess, so what was read surely is believed.
        if not is_sure and script not in ("Latin", None):
            return replace(page, strange=True)
        turned = self._as_it_stands(scaled.rotate(-turn, expand=True)) if turn else page
        return max(page, turned, key=lambda one: sum(word.confidence for word in one.words))

    def _as_it_stands(self, page: Image.Image) -> _Page:
        import pytesseract  # noqa: PLC0415 - an extra

        data = pytesseract.image_to_data(
            page,
            lang="+".join(self.languages),
            output_type=pytesseract.Output.DICT,
            timeout=self.TIMEOUT_SECONDS,
        )
        lines: dict[tuple[int, int, int], list[_Word]] = {}
        for at, text in enumerate(data["text"]):
            word = _Word.of(data, at, _letter_i(text.strip(), _next(data, at)))
            if word.confidence >= self.LEAST_CONFIDENCE and any(character.isalnum() for character in word.text):
                lines.setdefault((data["block_num"][at], data["par_num"][at], data["line_num"][at]), []).append(word)
        return _Page(page.width * page.height, tuple(map(_Line, lines.values())))

    def _standing(self, page: Image.Image) -> tuple[int, str | None]:
        """By how many degrees a page must be turned clockwise to be read, and its script where that is sure."""
        import pytesseract  # noqa: PLC0415 - an extra

        try:
            found = pytesseract.image_to_osd(
                page, config=_OF_FEW, output_type=pytesseract.Output.DICT, timeout=self.TIMEOUT_SECONDS
            )
        except pytesseract.TesseractError:
            # Too few letters to tell, or its data for that is not installed.
            return 0, None
        script = str(found["script"]) if float(found["script_conf"]) >= _SURE_OF_SCRIPT else None
        return int(found["rotate"]), script

    def _scaled(self, grey: Image.Image) -> Image.Image:
        longest = max(grey.size)
        factor = min(max(1.0, self.SMALLEST / longest), self.LARGEST / longest, 3.0)
        return grey.resize((max(1, round(grey.width * factor)), max(1, round(grey.height * factor))))


#: By itself it wants fifty letters, more than many a picture has.
_OF_FEW = "-c min_characters_to_try=8"
#: Its confidence (of no fixed scale) in a script from which it is believed.
_SURE_OF_SCRIPT = 1.5


@dataclass(frozen=True)
class _Word:
    text: str
    top: int
    bottom: int
    area: int
    #: 0..100
    confidence: float

    @classmethod
    def of(cls, data: Mapping[str, Any], at: int, text: str) -> _Word:
        top, height = data["top"][at], data["height"][at]
        return cls(text, top, top + height, data["width"][at] * height, float(data["conf"][at]))


@dataclass(frozen=True)
class _Line:
    """One line of words."""

    words: Sequence[_Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> int:
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> int:
        return max(word.bottom for word in self.words)


@dataclass(frozen=True)
class _Page:
    """What was read of a piece of a picture: its area in pixels and its lines. `strange`: in letters nobody reads."""

    area: int
    lines: Sequence[_Line]
    strange: bool = False

    @property
    def words(self) -> list[_Word]:
        return [word for line in self.lines for word in line.words]


def _mean(words: Sequence[_Word]) -> float:
    return sum(word.confidence for word in words) / (100 * len(words)) if words else 0.0


# --- letters that look alike ----------------------------------------------------------------------------------------

#: A capital I without feet is read as a stroke.
_STROKE = re.compile(r"[|](?=$|['’](?:m|ve|ll|d|re)\b|[,.!?]$)")
#: Or as a one or a small L, before what nobody counts.
_AS_A_DIGIT = re.compile(r"[1l](?=$|['’](?:m|ve|ll|d)\b)")
_OF_MINE = re.compile(
    r"(?:am|will|would|can|could|have|had|hate|love|know|want|wish|hope|think|was|do|don['’]t|won['’]t|can['’]t|never|just)$"
)


def _next(data: Mapping[str, Any], at: int) -> str:
    following = data["text"][at + 1] if at + 1 < len(data["text"]) else ""
    return str(following).strip()


def _letter_i(word: str, following: str) -> str:
    """A word with the stroke that stands for "I" spelt so: "| will", "|'m", "1 will"."""
    if _STROKE.match(word) or (_AS_A_DIGIT.match(word) and (len(word) > 1 or _OF_MINE.match(following))):
        return "I" + word[1:]
    return word


# --- long pictures --------------------------------------------------------------------------------------------------

#: A picture higher than this many times its width is cut into pieces of about that height.
_TALL = 2.5
#: Where a cut may be moved to: this share of a piece's height above it.
_MARGIN = 0.3


def _pieces(grey: Image.Image) -> Iterator[Image.Image]:
    """A long picture cut between its lines; any other as it is."""
    height = round(grey.width * _TALL)
    top = 0
    while grey.height - top > height * (1 + _MARGIN):
        cut = _between_lines(grey, top + round(height * (1 - _MARGIN)), top + height)
        yield grey.crop((0, top, grey.width, cut))
        top = cut
    yield grey.crop((0, top, grey.width, grey.height)) if top else grey


def _between_lines(grey: Image.Image, first: int, last: int) -> int:
    """The middle of the emptiest stretch of rows between two heights: where the colour changes least along a row."""
    rows = np.asarray(grey.crop((0, first, grey.width, last)), dtype=np.int16)
    restless = np.abs(np.diff(rows, axis=1)).sum(axis=1) if rows.shape[1] > 1 else np.zeros(len(rows))
    empty = np.flatnonzero(restless <= restless.min())
    runs = np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1)
    longest = max(runs, key=len)
    return first + int(longest[len(longest) // 2])


# --- lines ----------------------------------------------------------------------------------------------------------

#: More room than this many heights of a line between two lines ends a paragraph.
_GAP = 1.3


def _joined(lines: Sequence[_Line]) -> str:
    """The lines of a picture, with an empty one where a paragraph ends. Tesseract itself ends one at any odd space."""
    parts = [lines[0].text] if lines else []
    for above, below in pairwise(lines):
        height = max(above.bottom - above.top, below.bottom - below.top)
        follows = -height < below.top - above.bottom <= _GAP * height
        parts.append(("\n" if follows else "\n\n") + below.text)
    return "".join(parts)
