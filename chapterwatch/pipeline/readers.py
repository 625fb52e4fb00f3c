"""Readers of pictures: what a machine can say of one, as plain facts. None of them judges, and none knows people.

| reader | says | needs |
|---|---|---|
| likeness | perceptual hashes, share of flat colour | comes along |
| words | the text in it, with confidence | `chapterwatch[ocr]` and Debian's tesseract-ocr |
| bodies | which parts of bodies are bare, how many faces | `chapterwatch[nudity]` |

A reader's version names everything its answer hangs on: its own code's number, its library, its languages. Another
version reads every picture again; what the older one said stays beside it.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, ClassVar, Protocol

import imagehash
import numpy as np
from PIL import Image

Facts = Mapping[str, Any]


class Reader(Protocol):
    """Reads one picture at a time."""

    @property
    def name(self) -> str:
        """The word its readings are kept under."""
        ...

    @property
    def version(self) -> str:
        """What its answers hang on."""
        ...

    #: What is kept where it breaks on a picture.
    failed: ClassVar[Facts]

    def read(self, image: Image.Image) -> Facts:
        """What it says of an upright RGB picture."""
        ...


def installed() -> list[Reader]:
    """The readers that can work here."""
    found: list[Reader] = [Likeness()]
    if find_spec("pytesseract") and shutil.which("tesseract"):
        found.append(Words())
    if find_spec("nudenet"):
        found.append(Bodies())
    return found


class Likeness:
    """Perceptual hashes, by which a logo is known again at another size, and how much of a picture is flat colour."""

    name = "likeness"
    failed: ClassVar[Facts] = {}
    #: Pixels of a side of the small copy whose colours are counted.
    _SIDE = 128
    _COLOURS = 3

    @property
    def version(self) -> str:
        """The hashes are imagehash's."""
        return f"1 imagehash-{metadata.version('imagehash')}"

    def read(self, image: Image.Image) -> Facts:
        """`phash` and `dhash` (64 bits, hexadecimal), `flat`: the share of the three commonest colours (0..1)."""
        small = image.resize((self._SIDE, self._SIDE), Image.Resampling.NEAREST)
        # Five bits a channel: the noise of JPEG does not count as colour.
        levels = small.point(lambda value: value >> 3).tobytes()
        colours = Counter(levels[at : at + 3] for at in range(0, len(levels), 3))
        common = sum(count for _, count in colours.most_common(self._COLOURS))
        return {
            "phash": str(imagehash.phash(image)),
            "dhash": str(imagehash.dhash(image)),
            "flat": round(common / (self._SIDE * self._SIDE), 3),
        }


class Words:
    """The text in a picture, by Tesseract."""

    name = "words"
    failed: ClassVar[Facts] = {"ocr_status": "failed"}
    #: Tesseract's names of the languages the shared lexicons have words of.
    LANGUAGES = ("eng", "spa", "fra", "deu", "por")
    #: Tesseract's confidence (0..100) below which a word is more likely noise.
    LEAST_CONFIDENCE = 50
    #: Longest side, in pixels, that is read; and the shortest a picture is enlarged to.
    LARGEST, SMALLEST = 2_400, 1_400
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

        return f"1 tesseract-{pytesseract.get_tesseract_version()} {'+'.join(self.languages)}"

    def read(self, image: Image.Image) -> Facts:
        """`ocr_text`, `ocr_confidence` (0..1), `ocr_lines`, `ocr_share` of the area that is words.

        The text comes line by line, with an empty line between paragraphs.
        """
        import pytesseract  # noqa: PLC0415 - an extra

        scaled = self._scaled(image)
        data = pytesseract.image_to_data(
            scaled,
            lang="+".join(self.languages),
            output_type=pytesseract.Output.DICT,
            timeout=self.TIMEOUT_SECONDS,
        )
        words = [at for at, word in enumerate(data["text"]) if self._is_word(word, float(data["conf"][at]))]
        lines: dict[tuple[int, int, int], list[int]] = {}
        for at in words:
            lines.setdefault((data["block_num"][at], data["par_num"][at], data["line_num"][at]), []).append(at)
        area = sum(data["width"][at] * data["height"][at] for at in words)
        confidence = sum(float(data["conf"][at]) for at in words) / (100 * len(words)) if words else 0.0
        return {
            "ocr_status": "read",
            "ocr_text": _joined([_Line.of(data, line) for line in lines.values()]),
            "ocr_confidence": round(confidence, 3),
            "ocr_lines": len(lines),
            "ocr_share": round(area / (scaled.width * scaled.height), 4),
        }

    def _is_word(self, word: str, confidence: float) -> bool:
        return confidence >= self.LEAST_CONFIDENCE and any(character.isalnum() for character in word)

    def _scaled(self, image: Image.Image) -> Image.Image:
        grey = image.convert("L")
        longest = max(grey.size)
        factor = min(max(1.0, self.SMALLEST / longest), self.LARGEST / longest, 3.0)
        return grey.resize((max(1, round(grey.width * factor)), max(1, round(grey.height * factor))))


@dataclass(frozen=True)
class _Line:
    """One line of words: its text, and where it begins and ends from above, in pixels."""

    text: str
    top: int
    bottom: int

    @classmethod
    def of(cls, data: Mapping[str, Any], words: Sequence[int]) -> _Line:
        text = " ".join(data["text"][at].strip() for at in words)
        top = min(data["top"][at] for at in words)
        return cls(text, top, max(data["top"][at] + data["height"][at] for at in words))


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


class Bodies:
    """Bare parts of bodies and the number of faces, by NudeNet. Never whose, never of which sex."""

    name = "bodies"
    failed: ClassVar[Facts] = {"nudity_status": "failed"}
    LEAST_SCORE = 0.3
    FACE_SCORE = 0.45

    @property
    def version(self) -> str:
        """NudeNet's version: its model comes in the wheel."""
        return f"1 nudenet-{metadata.version('nudenet')}"

    @cached_property
    def _detector(self) -> Any:
        import nudenet  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

        return nudenet.NudeDetector(providers=["CPUExecutionProvider"])

    def read(self, image: Image.Image) -> Facts:
        """`nudity`: label -> highest score (0..1) of the bare parts, `faces`: how many."""
        found = self._detector.detect(np.asarray(image)[:, :, ::-1].copy())
        bare: dict[str, float] = {}
        for item in found:
            if item["class"].endswith("_EXPOSED") and item["score"] >= self.LEAST_SCORE:
                bare[item["class"]] = max(bare.get(item["class"], 0.0), round(float(item["score"]), 3))
        faces = sum(item["class"].startswith("FACE_") and item["score"] >= self.FACE_SCORE for item in found)
        return {"nudity_status": "read", "nudity": bare, "faces": faces}
