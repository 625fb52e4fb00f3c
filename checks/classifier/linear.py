"""The linear models that come with Chapterwatch: one head a family over the same features, numpy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from checks.classifier.features import SIZE, Floats, Kinds, features, text_sums, token_sums
from checks.classifier.words import Column, read

#: Weights are whole numbers up to this, times the head's step.
MOST = 127


@dataclass(frozen=True)
class Head:
    """One family: weights, Platt's slope and offset, and the decision points with what was measured at them.

    What is calibrated is its own decision and, `trust` times, the encoder's.
    """

    family: str
    #: `SIZE` whole numbers of a byte; a weight is that number times `step`.
    weights: npt.NDArray[np.int8]
    step: float
    intercept: float
    slope: float = 1.0
    offset: float = 0.0
    trust: float = 0.0
    #: Score from which a post passes `violation` and `review`.
    points: Mapping[str, float] = field(default_factory=dict)
    #: Own decision below which a text is taken not to pass a point, whatever the encoder says.
    screens: Mapping[str, float] = field(default_factory=dict)
    #: `<point>.precision`, `<point>.recall`, `<point>.benign`: on held-out rows; see MODEL.md.
    measured: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def rounded(cls, family: str, weights: npt.NDArray[np.float64], intercept: float) -> Head:
        """A head whose weights are rounded to a byte; what rounds to nothing is pruned by it."""
        # The largest few weights are cut so that the many small ones keep their difference.
        step = float(np.quantile(np.abs(weights[weights != 0]), 0.999)) / MOST
        whole = np.clip(np.rint(weights / step), -MOST, MOST)
        whole[np.abs(whole) < PRUNED_BELOW] = 0
        return cls(family, whole.astype(np.int8), step, float(intercept))

    def as_floats(self) -> npt.NDArray[np.float64]:
        """The weights as numbers."""
        return self.weights.astype(np.float64) * self.step

    def probability(self, decisions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Decisions as calibrated scores 0..1."""
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.slope * decisions + self.offset, -30, 30))))


#: Whole weights smaller than this say too little to be worth their place.
PRUNED_BELOW = 2


@dataclass(frozen=True)
class Model:
    """All heads over one set of kinds."""

    kinds: Kinds
    heads: tuple[Head, ...]

    @cached_property
    def table(self) -> npt.NDArray[np.float32]:
        """The weights, one column a head."""
        table = np.empty((SIZE, len(self.heads)), np.float32)
        for at, head in enumerate(self.heads):
            table[:, at] = head.as_floats()
        return table

    @cached_property
    def intercepts(self) -> npt.NDArray[np.float64]:
        """The intercept of each head."""
        return np.asarray([head.intercept for head in self.heads])

    def decisions(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """The decision of every head for every text, before calibration."""
        return self.decide(read(texts))

    def decide(self, column: Column) -> npt.NDArray[np.float64]:
        """The same of texts already read."""
        return text_sums(features(column, self.kinds), self.table) + self.intercepts

    def by_word(self, column: Column, family: str) -> Floats:
        """What each word of a column adds to the decision of one family."""
        at = [head.family for head in self.heads].index(family)
        return np.asarray(token_sums(features(column, self.kinds), self.table[:, at : at + 1])[:, 0])
