"""How well the places marked as toxic are those that raters mark (SemEval-2021 task 5, test part)."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from checks.classifier import store
from checks.classifier.spans import Tagger


@dataclass(frozen=True)
class SpanResult:
    """The mean F1 over characters, and of how many comments."""

    f1: float
    comments: int


def toxic_spans(home: Path) -> SpanResult | None:
    """The span tagger that comes with the project on the task's test part; None where the set is absent."""
    path = home / "toxic_spans" / "SemEval2021__data__tsd_test.csv"
    if not path.is_file():
        return None
    scores = agreement(store.tagger(), comments(path))
    return SpanResult(fmean(scores), len(scores))


def agreement(tagger: Tagger, marked: Iterable[tuple[str, frozenset[int]]]) -> list[float]:
    """For each comment, with the code points raters marked in it, the F1 of a tagger's places."""
    return [
        span_f1(places, frozenset(at for start, end, _ in tagger.spans(text) for at in range(start, end)))
        for text, places in marked
    ]


def span_f1(marked: frozenset[int], found: frozenset[int]) -> float:
    """F1 of one comment's characters, as the task defines it: 1 where nothing is marked and nothing found."""
    if not marked or not found:
        return float(not marked and not found)
    return 2 * len(marked & found) / (len(marked) + len(found))


def comments(path: Path) -> Iterator[tuple[str, frozenset[int]]]:
    """Each comment of a part's file with the code points raters marked in it."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            yield row["text"], frozenset(ast.literal_eval(row["spans"]))
