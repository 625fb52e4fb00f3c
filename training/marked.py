"""What raters marked as toxic in comments (SemEval-2021 task 5, CC0): the places, and the words they mark most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from checks.classifier.words import Word, words
from checks.text import Text, prepare
from quality import spans

FOLDER = "toxic_spans"
#: Share of a word's occurrences that raters marked.
HIGH, MIDDLE = 0.5, 0.2
FEWEST_HIGH, FEWEST_MIDDLE = 2, 3


def comments(data: Path, part: str) -> Iterator[tuple[str, frozenset[int]]]:
    """Each comment of a part (train, trial, test) with the code points raters marked in it."""
    return spans.comments(data / FOLDER / f"SemEval2021__data__tsd_{part}.csv")


def words_of(text: str, marked: frozenset[int]) -> tuple[Text, list[tuple[Word, bool]]]:
    """The words of a comment, each with whether most of it is marked."""
    prepared = prepare(text)
    found = []
    for word in words(prepared):
        start, end = prepared.span(word.start, word.end)
        found.append((word, 2 * len(marked.intersection(range(start, end))) > end - start))
    return prepared, found


def telling(data: Path, guarded: frozenset[str]) -> Mapping[str, str]:
    """Words that raters mark often, as kinds; never a word of a protected group."""
    seen, toxic = Counter[str](), Counter[str]()
    for text, marked in comments(data, "train"):
        for word, is_marked in words_of(text, marked)[1]:
            seen[word.word] += 1
            toxic[word.word] += is_marked
    share = {word: toxic[word] / (seen[word] + 1) for word in sorted(toxic) if word.isalpha() and word not in guarded}
    high = {word for word, of in share.items() if of > HIGH and toxic[word] >= FEWEST_HIGH}
    middle = {word for word, of in share.items() if MIDDLE < of <= HIGH and toxic[word] >= FEWEST_MIDDLE}
    return dict.fromkeys(sorted(high), "marked_high") | dict.fromkeys(sorted(middle), "marked_middle")
