"""The classifier that comes along: linear models over words, letters and kinds of words, and an encoder of whole texts.

The linear models know what the lexicons know and what the words of a family are; the encoder knows how words belong
together and which are like others it was taught. Each is right where the other errs, so a score is made of both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from checks.classifier import store
from checks.classifier.base import About, WeightedSpan
from checks.classifier.spans import column_of
from checks.classifier.words import Column, Word, has_words, read, words
from checks.text import prepare

#: A word is telling when it adds at least this share of what the most telling word adds.
TELLING = 0.4
#: No more places than a reader looks at.
MOST_SPANS = 5
#: Texts whose decisions each reader remembers.
MOST_REMEMBERED = 20_000
#: The family of the span tagger, and its decision points (MODEL.md says what passes them).
TOXIC = "toxic"


class _Remembered:
    """What a reader decides of texts (texts x families), remembered: hints of several families ask of one text.

    A text without a word to read is decided -inf: the intercept alone would speak.
    """

    def __init__(self, decide: Callable[[Column], npt.NDArray[np.float64]]) -> None:
        self._decide = decide
        self._known: dict[str, npt.NDArray[np.float64]] = {}

    def of(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """A row a text; at least one text."""
        if len(self._known) + len(texts) > MOST_REMEMBERED:
            self._known.clear()
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            column = read(new)
            decided = np.where(has_words(column)[:, None], self._decide(column), -np.inf)
            self._known.update(zip(new, decided, strict=True))
        return np.stack([self._known[text] for text in texts])


class BuiltIn:
    """See `Classifier`. Loads its weights at once and refuses files that were tampered with."""

    def __init__(self, folder: Path = store.WEIGHTS) -> None:
        self._model = store.model(folder)
        self._tagger = store.tagger(folder)
        self._encoder = store.encoder(folder)
        self._heads = {head.family: head for head in self._model.heads}
        self._digest = store.digest(folder)
        self._linear, self._encoded = _Remembered(self._model.decide), _Remembered(self._encoder.decide)

    @property
    def families(self) -> tuple[str, ...]:
        """The trained families, and that of the span tagger."""
        return (*self._heads, TOXIC)

    @property
    def about(self) -> About:
        """Trained for Chapterwatch."""
        return About(
            "Chapterwatch's models",
            str(store.VERSION),
            "Apache-2.0",
            "see checks/classifier/MODEL.md",
            self._digest,
        )

    def score(self, texts: Sequence[str], families: Collection[str] | None = None) -> pd.DataFrame:
        """One row a text, one column a family, 0..1. Texts in other scripts than Latin score next to nothing."""
        column = read(texts)
        decisions = self._decisions(column)
        scores = {head.family: head.probability(decisions[:, at]) for at, head in enumerate(self._model.heads)}
        # Where there is no word to read the intercept alone would speak.
        is_read = has_words(column)
        scores = {family: np.where(is_read, values, 0.0) for family, values in scores.items()}
        # The tagger reads every word again, so it reads only where it is asked.
        if families is None or TOXIC in families:
            scores[TOXIC] = self._tagger.highest(column)
        return pd.DataFrame(scores, columns=[name for name in self.families if families is None or name in families])

    def passing(self, texts: Sequence[str], family: str, point: str) -> npt.NDArray[np.float64]:
        """See `Screening`: the encoder reads what the linear model does not rule out."""
        if family == TOXIC:
            scores = self.score(texts, (TOXIC,))[TOXIC].to_numpy()
            return np.where(scores >= self.point(TOXIC, point), scores, 0.0)
        head, at, scores = self._heads[family], list(self._heads).index(family), np.zeros(len(texts))
        own = self._linear.of(texts)[:, at] if texts else scores
        chosen = np.flatnonzero(own >= head.screens[point])
        if len(chosen):
            others = self._encoded.of([texts[place] for place in chosen.tolist()])[:, self._places[at]]
            found = head.probability(own[chosen] + head.trust * others)
            scores[chosen] = np.where(found >= head.points[point], found, 0.0)
        return scores

    def quick(self, texts: Sequence[str], families: Collection[str]) -> pd.DataFrame:
        """See `Screening`: what the linear models decide. The tagger has no quick reader, so it is left out."""
        decided = self._linear.of(texts) if texts else np.empty((0, len(self._heads)))
        return pd.DataFrame(decided, columns=list(self._heads))[[name for name in self._heads if name in families]]

    def _decisions(self, column: Column) -> npt.NDArray[np.float64]:
        return self._model.decide(column) + self._encoder.decide(column)[:, self._places] * self._trusts

    @cached_property
    def _places(self) -> list[int]:
        """Where the encoder's decisions stand, in the order of the heads."""
        return [self._encoder.families.index(family) for family in self._heads]

    @cached_property
    def _trusts(self) -> npt.NDArray[np.float64]:
        """How much the encoder's decisions count, in the order of the heads."""
        return np.asarray([head.trust for head in self._heads.values()])

    def point(self, family: str, name: str) -> float:
        """The score from which a text passes a decision point."""
        return self._tagger.points[name] if family == TOXIC else self._heads[family].points[name]

    def prior(self, family: str) -> float:
        """The share of a family's posts that its calibration takes for granted; of what the tagger marks, a half."""
        return 0.5 if family == TOXIC else self._heads[family].measured["prior"]

    def measured(self, family: str) -> dict[str, float]:
        """What was measured at the decision points of a family, on held-out rows."""
        return dict(self._heads[family].measured)

    def spans(self, text: str, family: str) -> list[WeightedSpan]:
        """The words that add most to a family's score, neighbours joined; for `toxic` the places the tagger marks."""
        return self.spans_of([text], family)[0]

    def spans_of(self, texts: Sequence[str], family: str) -> list[list[WeightedSpan]]:
        """The same for many texts at once, which is many times faster than one by one."""
        prepared = [prepare(text) for text in texts]
        found = [words(text) for text in prepared]
        column = column_of(found)
        tell = self._tagger.marked if family == TOXIC else _telling
        added = self._tagger.scores(column) if family == TOXIC else self._added(column, family)
        parts = np.split(added.astype(np.float64), column.first[1:-1])
        return [
            [(*text.span(start, end), weight) for start, end, weight in tell(own, part)]
            for text, own, part in zip(prepared, found, parts, strict=True)
        ]

    def _added(self, column: Column, family: str) -> npt.NDArray[np.float64]:
        """What each word adds to the decision of a family."""
        by_encoder = self._encoder.by_word(column, family)
        return self._model.by_word(column, family) + self._heads[family].trust * by_encoder


def _telling(found: list[Word], added: np.ndarray) -> list[tuple[int, int, float]]:
    most = float(added.max()) if len(added) else 0.0
    if most <= 0:
        return []
    runs: list[list[int]] = []
    for at in np.flatnonzero(added >= TELLING * most):
        if runs and at - runs[-1][-1] == 1:
            runs[-1].append(int(at))
        else:
            runs.append([int(at)])
    spans = [(found[run[0]].start, found[run[-1]].end, float(added[run].sum())) for run in runs]
    return sorted(sorted(spans, key=lambda span: -span[2])[:MOST_SPANS])
