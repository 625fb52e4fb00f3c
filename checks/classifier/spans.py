"""The span tagger: which words of a text would be marked as toxic, word by word, from the word and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from checks.classifier.features import (
    Hashes,
    Kinds,
    joined_hashes,
    kinds_of,
    letter_hashes,
    mixed,
    word_hashes,
)
from checks.classifier.words import Column, Ints, Word, words
from checks.text import prepare

BITS = 17
ROWS = 1 << BITS
#: Neighbours that count, by distance from the word.
NEIGHBOURS = (-2, -1, 1, 2)
MOST = 127
PRUNED_BELOW = 2
#: Words this many characters apart and both marked are one span: what stands between is a blank or a comma.
JOINED = 2


@dataclass(frozen=True)
class TagFeatures:
    """Rows of the letters of each distinct word, the distinct word of each token, and the rows of its context."""

    letters: Ints
    letters_first: Ints
    tokens: Ints
    context: Ints


@dataclass(frozen=True)
class Tagger:
    """Weights of the tagger and the score from which a word is marked."""

    kinds: Kinds
    weights: npt.NDArray[np.int8]
    step: float
    intercept: float
    #: A word is marked from this score on, if it also reaches this share of the text's highest.
    least: float = 0.5
    share: float = 0.0
    #: Where no word is marked, the highest is from this score on: what raters of a toxic text would pick.
    floor: float = 1.0
    #: The score from which a text passes `violation` and `review`.
    points: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def rounded(cls, kinds: Kinds, weights: npt.NDArray[np.float64], intercept: float) -> Tagger:
        """A tagger whose weights are rounded to a byte."""
        step = float(np.quantile(np.abs(weights[weights != 0]), 0.9995)) / MOST
        whole = np.clip(np.rint(weights / step), -MOST, MOST)
        whole[np.abs(whole) < PRUNED_BELOW] = 0
        return cls(kinds, whole.astype(np.int8), step, intercept)

    def at(self, least: float, share: float, floor: float) -> Tagger:
        """The same tagger with other thresholds."""
        return replace(self, least=float(least), share=float(share), floor=float(floor))

    @cached_property
    def table(self) -> npt.NDArray[np.float64]:
        """The weights as numbers."""
        return self.weights.astype(np.float64) * self.step

    def scores(self, column: Column) -> npt.NDArray[np.float64]:
        """For each token of a column how likely raters mark it, 0..1."""
        if not len(column.tokens):
            return np.zeros(0)
        found = tag_features(column, self.kinds)
        letters = np.add.reduceat(self.table[found.letters], found.letters_first[:-1])
        letters /= np.sqrt(np.diff(found.letters_first))
        decisions = letters[found.tokens] + self.table[found.context].sum(axis=1) + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(decisions, -30, 30))))

    def highest(self, column: Column) -> npt.NDArray[np.float64]:
        """For each text of a column the highest score of its words; 0 where it has none."""
        text_of = np.repeat(np.arange(len(column.first) - 1), column.lengths)
        highest = np.zeros(len(column.first) - 1)
        np.maximum.at(highest, text_of, self.scores(column))
        return highest

    def spans(self, text: str) -> list[tuple[int, int, float]]:
        """Marked places of a stored text: half-open code points and the highest score in them."""
        prepared = prepare(text)
        found = words(prepared)
        chosen = self.marked(found, self.scores(column_of([found])))
        return [(*prepared.span(start, end), score) for start, end, score in chosen]

    def marked(self, found: list[Word], scores: npt.NDArray[np.float64]) -> list[tuple[int, int, float]]:
        """Marked places of one text by the scores of its words, in characters of its plain view."""
        if not found:
            return []
        highest = scores.max()
        marked = scores >= max(self.least, self.share * highest)
        if not marked.any() and highest >= self.floor:
            marked = scores == highest
        return _merged([(found[at], float(scores[at])) for at in np.flatnonzero(marked)])


def column_of(texts: list[list[Word]]) -> Column:
    """Words of texts as a column."""
    number: dict[str, int] = {}
    tokens = [number.setdefault(word.word, len(number)) for found in texts for word in found]
    first = np.concatenate([[0], np.cumsum([len(found) for found in texts])])
    return Column(tuple(number), np.asarray(tokens, dtype=np.int64), first.astype(np.int64))


def tag_features(column: Column, kinds: Kinds) -> TagFeatures:
    """What the tagger looks at: letters of the word; the word, its kind and those of its neighbours."""
    vocabulary = list(column.vocabulary)
    letters, first = letter_hashes(vocabulary)
    by_token = word_hashes(vocabulary)[column.tokens]
    text_of = np.repeat(np.arange(len(column.first) - 1, dtype=np.int64), column.lengths)
    kind = kinds_of(column, by_token, text_of, kinds).astype(np.uint64)
    near = {distance: _shifted(by_token, text_of, distance) for distance in NEIGHBOURS}
    kinds_near = {distance: _shifted(kind + np.uint64(1), text_of, distance) for distance in NEIGHBOURS}
    columns = [_row([by_token], 1), _row([kind], 2)]
    for distance in NEIGHBOURS:
        salt = 10 + 10 * (distance + 2)
        columns += [
            _row([near[distance]], salt),
            _row([kind, kinds_near[distance]], salt + 1),
        ]
        if abs(distance) == 1:
            columns += [_row([by_token, kinds_near[distance]], salt + 2), _row([kind, near[distance]], salt + 3)]
            columns += [_row([by_token, near[distance]], salt + 4)]
    columns.append(_row([kinds_near[-1], kind, kinds_near[1]], 3))
    return TagFeatures(_to_rows(letters), first, column.tokens, np.stack(columns, axis=1))


def _shifted(values: Hashes, text_of: Ints, distance: int) -> Hashes:
    """The value `distance` tokens away in the same text, else 0."""
    moved = np.zeros_like(values)
    if distance > 0:
        same = text_of[distance:] == text_of[:-distance]
        moved[:-distance][same] = values[distance:][same]
    else:
        same = text_of[-distance:] == text_of[:distance]
        moved[-distance:][same] = values[:distance][same]
    return moved


def _row(parts: list[Hashes], salt: int) -> Ints:
    return _to_rows(mixed(joined_hashes(parts)) + np.uint64(salt))


def _to_rows(hashes: Hashes) -> Ints:
    return (mixed(hashes) >> np.uint64(64 - BITS)).astype(np.int64)


def _merged(chosen: list[tuple[Word, float]]) -> list[tuple[int, int, float]]:
    merged: list[tuple[int, int, float]] = []
    for word, score in chosen:
        if merged and word.start - merged[-1][1] <= JOINED:
            start, _, highest = merged.pop()
            merged.append((start, word.end, max(highest, score)))
        else:
            merged.append((word.start, word.end, score))
    return merged
