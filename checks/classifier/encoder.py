"""A small transformer that reads words in their order, numpy alone: the second reader beside the linear models.

The layers of a sentence encoder, trained further on the families (MODEL.md). A text is read in windows, of which the
one that speaks most for a family decides. A window's decision is the mean of what its pieces say, so that what a word
adds is known without asking again. Windows of one length are read together and need no padding: a text's decision does
not hang on what stands beside it, but for the last digits of a sum.

Source of the architecture: Devlin et al. 2019, BERT; Wang et al. 2020, MiniLM.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.classifier.pieces import Cut, Pieces, cut
from checks.classifier.words import Column

#: Pieces of a window, marks included; longer texts are read in several.
MOST_PIECES = 96
#: Pieces that are read at once: more do not fit the caches of a core.
AT_ONCE = 1_024
#: Whole numbers of a rounded matrix reach this far on both sides.
MOST = 127
_LEAST_VARIANCE, _LEAST_STEP = 1e-12, 1e-9

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rounded:
    """A matrix as whole numbers of a byte, times the steps of its rows or columns (`steps` has one of either)."""

    whole: npt.NDArray[np.int8]
    steps: Floats

    @classmethod
    def of(cls, exact: npt.NDArray[Any], *, along: int) -> Rounded:
        """The nearest whole numbers; `along` is the axis that shares a step."""
        steps = np.maximum(np.abs(exact).max(axis=along, keepdims=True), _LEAST_STEP) / MOST
        return cls(np.rint(exact / steps).astype(np.int8), steps.astype(np.float32))

    @cached_property
    def exact(self) -> Floats:
        """The matrix in numbers."""
        made: Floats = self.whole * self.steps
        return made


@dataclass(frozen=True)
class Norm:
    """Scale and shift of a layer norm."""

    scale: Floats
    shift: Floats

    def __call__(self, given: Floats) -> Floats:
        """Every row with mean 0 and variance 1, scaled and shifted."""
        centred = given - given.mean(axis=-1, keepdims=True)
        variance = np.einsum("...i,...i->...", centred, centred)[..., None] / np.float32(given.shape[-1])
        normed: Floats = centred / np.sqrt(variance + np.float32(_LEAST_VARIANCE)) * self.scale + self.shift
        return normed


@dataclass(frozen=True)
class Dense:
    """Weights (inputs x outputs) and a shift for each output."""

    weights: Rounded
    shift: Floats

    def __call__(self, given: Floats) -> Floats:
        """A row of outputs for each row of inputs."""
        made: Floats = given @ self.weights.exact + self.shift
        return made


@dataclass(frozen=True)
class Layer:
    """Self-attention and what follows it; `heads` share the width among them."""

    attend: Dense
    gather: Dense
    after_gather: Norm
    widen: Dense
    narrow: Dense
    after_narrow: Norm
    heads: int

    def __call__(self, given: Floats, windows: int) -> Floats:
        """`given`: the pieces of `windows` windows of one length, a row each."""
        after: Floats = self.after_gather(given + self.gather(self._attended(given, windows)))
        return self.after_narrow(after + self.narrow(_gelu(self.widen(after))))

    def _attended(self, given: Floats, windows: int) -> Floats:
        width, length = given.shape[1], len(given) // windows
        shape = (windows, length, 3, self.heads, width // self.heads)
        asked, keys, said = self.attend(given).reshape(shape).transpose(2, 0, 3, 1, 4)
        fit = asked @ keys.swapaxes(-1, -2) / np.float32(np.sqrt(width // self.heads))
        share = np.exp(fit - fit.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        attended: Floats = (share @ said).transpose(0, 2, 1, 3).reshape(len(given), width)
        return attended


def _gelu(given: Floats) -> Floats:
    """The Gaussian error unit by its tangent formula (Hendrycks and Gimpel 2016, section 2).

    Step by step in one array: this is the widest there is, and writing new ones takes longer than the sums.
    """
    bent = given * given
    bent *= np.float32(0.044715)
    bent += 1
    bent *= given
    bent *= np.float32(0.7978845608)
    np.tanh(bent, out=bent)
    bent += 1
    bent *= given
    bent *= np.float32(0.5)
    return bent


@dataclass(frozen=True)
class Encoder:
    """The whole of it: pieces, their table, where they stand, the layers, and one output a family."""

    families: tuple[str, ...]
    pieces: Pieces
    #: What a piece is before it is read, a row each.
    table: Rounded
    #: What is added at each place of a window.
    places: Floats
    start: Norm
    layers: tuple[Layer, ...]
    out: Dense

    def decide(self, column: Column) -> npt.NDArray[np.float64]:
        """The decision of every family (columns) for every text (rows), before calibration; without words the shift."""
        found = np.tile(self.out.shift.astype(np.float64), (len(column.first) - 1, 1))
        windows = _windows(cut(column, self.pieces))
        read = np.full((len(windows.text), len(self.families)), -np.inf)
        for chosen, said in self._said(windows):
            read[chosen] = said.mean(axis=1)
        if len(windows.text):
            begins = np.flatnonzero(np.diff(windows.text, prepend=-1))
            found[windows.text[begins]] = np.maximum.reduceat(read, begins)
        return found

    def by_word(self, column: Column, family: str) -> npt.NDArray[np.float64]:
        """What each word of a column adds to the decision of its window for one family."""
        at = self.families.index(family)
        windows = _windows(cut(column, self.pieces))
        added = np.zeros(len(column.tokens))
        for chosen, said in self._said(windows):
            own = said[:, 1:-1, at] - self.out.shift[at]
            np.add.at(added, windows.cut.token_of[_places(windows, chosen)], own / said.shape[1])
        return added

    def _said(self, windows: _Windows) -> Iterator[tuple[Ints, Floats]]:
        """Windows of one length, and what each of their pieces says of each family."""
        for chosen in _together(windows.length):
            inside = windows.cut.pieces[_places(windows, chosen)]
            ends = np.full((len(chosen), 1), self.pieces.first), np.full((len(chosen), 1), self.pieces.last)
            yield chosen, self._read(np.concatenate([ends[0], inside, ends[1]], axis=1))

    def _read(self, pieces: Ints) -> Floats:
        windows, length = pieces.shape
        of_piece: Floats = self.table.whole[pieces.ravel()] * self.table.steps[pieces.ravel()]
        given = self.start(of_piece + np.tile(self.places[:length], (windows, 1)))
        for layer in self.layers:
            given = layer(given, windows)
        return self.out(given).reshape(windows, length, len(self.families))


@dataclass(frozen=True)
class _Windows:
    """`text`, `begin` (a place in `cut.pieces`) and `length` of every window, texts in order."""

    cut: Cut
    text: Ints
    begin: Ints
    length: Ints


def _windows(found: Cut) -> _Windows:
    most = MOST_PIECES - 2
    sizes = np.diff(found.first)
    counts = -(-sizes // most)
    text = np.repeat(np.arange(len(sizes)), counts)
    at = np.arange(len(text)) - np.repeat(np.cumsum(counts) - counts, counts)
    # Windows of one text are about as long: a last one of a few words would be read without what it belongs to.
    begin = found.first[:-1][text] + at * sizes[text] // counts[text]
    end = found.first[:-1][text] + (at + 1) * sizes[text] // counts[text]
    return _Windows(found, text, begin, end - begin)


def _together(length: Ints) -> Iterator[Ints]:
    """Places of windows of one length, at most `AT_ONCE` pieces of them."""
    order = np.argsort(length, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(length[order])) + 1):
        if len(same):
            yield from np.array_split(same, -(-len(same) * (int(length[same[0]]) + 2) // AT_ONCE))


def _places(windows: _Windows, chosen: Ints) -> Ints:
    """The places in `cut.pieces` of windows of one length, a row each."""
    return windows.begin[chosen, None] + np.arange(int(windows.length[chosen[0]]))
