# ruff: noqa: I001 - a script's module
"""Train the span tagger: which words of a post raters would mark as toxic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, stdev

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

import card
import marked
from checks.classifier import spans as sp
from checks.classifier.features import Kinds
from checks.classifier.words import Column, read
from quality.spans import agreement

STRENGTH = 0.04
ITERATIONS = 80
#: Thresholds to choose from: least score, share of the text's highest, floor.
DECISIONS = tuple((least, share, 0.05) for least in (0.08, 0.1, 0.15, 0.2, 0.25) for share in (0.5, 0.6, 0.7))


@dataclass(frozen=True)
class Trained:
    """The tagger and its figures on the test part, of which nothing was learnt."""

    tagger: sp.Tagger
    figures: Mapping[str, float]


def train(data: Path, kinds: Kinds, harmless: list[str], points: Mapping[str, float]) -> Trained:
    """Fit on the train part, choose the thresholds on the trial part, measure on the test part.

    The points are set on harmless posts.
    """
    # Kinds learnt from these very marks would be believed too much here.
    kinds = Kinds({word: kind for word, kind in kinds.of.items() if not kind.startswith("marked")})
    learn = [marked.words_of(text, places)[1] for text, places in marked.comments(data, "train")]
    column = _column(learn)
    features = matrix(sp.tag_features(column, kinds))
    labels = np.asarray([is_marked for words in learn for _, is_marked in words], dtype=np.int8)
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS, tol=1e-4).fit(features, labels)
    tagger = sp.Tagger.rounded(kinds, model.coef_[0], float(model.intercept_[0]))
    tagger, trial = _cautious(tagger, list(marked.comments(data, "trial")))
    highest = tagger.highest(read(harmless))
    tagger = replace(tagger, points={name: card.threshold(highest, share) for name, share in points.items()})
    test = fmean(agreement(tagger, marked.comments(data, "test")))
    return Trained(tagger, {"trial": trial, "test": test, "threshold": tagger.least})


def _cautious(tagger: sp.Tagger, trial: Sequence[tuple[str, frozenset[int]]]) -> tuple[sp.Tagger, float]:
    """The tagger with the thresholds that mark least among those as good as the best, and its mean F1.

    As good is what lies within one standard error of the best (Breiman et al. 1984, Classification and Regression
    Trees, 3.4.3): the few comments of the trial part cannot tell them apart, and other comments have less to mark.
    """
    tried = {each: agreement(tagger.at(*each), trial) for each in DECISIONS}
    best = max(tried.values(), key=fmean)
    least = fmean(best) - stdev(best) / len(best) ** 0.5
    chosen = max((each for each, scores in tried.items() if fmean(scores) >= least), key=lambda each: (each[1], each))
    return tagger.at(*chosen), fmean(tried[chosen])


def matrix(found: sp.TagFeatures) -> sparse.csr_matrix:
    """The features of every token as a sparse matrix."""
    words = len(found.letters_first) - 1
    share = 1.0 / np.sqrt(np.diff(found.letters_first))
    letters = sparse.csr_matrix(
        (np.repeat(share, np.diff(found.letters_first)), found.letters, found.letters_first), shape=(words, sp.ROWS)
    )
    tokens = len(found.tokens)
    of_word = sparse.csr_matrix((np.ones(tokens), found.tokens, np.arange(tokens + 1)), shape=(tokens, words)) @ letters
    count = found.context.shape[1]
    context = sparse.csr_matrix(
        (np.ones(tokens * count), found.context.ravel(), np.arange(tokens + 1) * count), shape=(tokens, sp.ROWS)
    )
    return (of_word + context).tocsr()


def _column(texts: list[list[tuple[object, bool]]]) -> Column:
    number: dict[str, int] = {}
    tokens = [number.setdefault(word.word, len(number)) for words in texts for word, _ in words]  # type: ignore[attr-defined]
    first = np.concatenate([[0], np.cumsum([len(words) for words in texts])])
    return Column(tuple(number), np.asarray(tokens, dtype=np.int64), first.astype(np.int64))
