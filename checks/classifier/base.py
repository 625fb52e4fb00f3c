"""What a classifier is to Chapterwatch: the trained models that come along, or another (`checks.classifier.chosen`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pandas as pd

#: Half-open code points of the stored text, and how telling they are (more than 0).
WeightedSpan = tuple[int, int, float]


@dataclass(frozen=True)
class About:
    """Where a classifier comes from: printed beside what it says."""

    name: str
    version: str
    licence: str
    origin: str
    #: SHA-256 of the weights, or whatever tells one state of a service from another.
    digest: str


@runtime_checkable
class Classifier(Protocol):
    """Scores texts by families. Pure: the same text has the same score, alone or in a column."""

    @property
    def families(self) -> tuple[str, ...]:
        """The families it scores."""
        ...

    @property
    def about(self) -> About:
        """Where it comes from."""
        ...

    def score(self, texts: Sequence[str], families: Collection[str] | None = None) -> pd.DataFrame:
        """One row a text in their order, one float column a family (only these where given): calibrated, 0..1."""
        ...

    def spans(self, text: str, family: str) -> list[WeightedSpan]:
        """The most telling places of a text for a family, in text order; empty where nothing speaks for it."""
        ...

    def point(self, family: str, name: str) -> float:
        """The score from which a text passes the decision point `review` or `violation` of a family."""
        ...

    def prior(self, family: str) -> float:
        """The share of a family's posts among those its scores are calibrated on, between 0 and 1.

        Where the share is another one, what a score means is another probability.
        """
        ...


@runtime_checkable
class Screening(Classifier, Protocol):
    """A classifier of two readers, of which a quick one spares a thorough one most texts."""

    def passing(self, texts: Sequence[str], family: str, point: str) -> npt.NDArray[np.float64]:
        """For each text its score where it passes the decision point of a family, else 0.

        A text that the quick reader rules out is not read again; a few that `score` lets pass are lost so.
        """
        ...

    def quick(self, texts: Sequence[str], families: Collection[str]) -> pd.DataFrame:
        """What the quick reader alone decides: one row a text, a column a family, the higher the likelier.

        No probability, and -inf where there is no word to read: it says which texts to read thoroughly first.
        """
        ...
