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

import shutil
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from typing import Any, ClassVar, Protocol

import imagehash
import numpy as np
from PIL import Image

from chapterwatch.pipeline.ocr import Words

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
        return f"2 imagehash-{metadata.version('imagehash')}"

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


class Bodies:
    """Bare parts of bodies and the number of faces, by NudeNet. Never whose, never of which sex."""

    name = "bodies"
    failed: ClassVar[Facts] = {"nudity_status": "failed"}
    LEAST_SCORE = 0.3
    FACE_SCORE = 0.45

    @property
    def version(self) -> str:
        """NudeNet's version: its model comes in the wheel."""
        return f"2 nudenet-{metadata.version('nudenet')}"

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
