"""Finding the terms of lexicons in a prepared text: whole words only, also where they are disguised.

All lexicons of a pack stand in one Aho-Corasick automaton, so a text is read once whatever the number of rules. A
term is found only between word boundaries (no "ass" in "class"), never inside one of its lexicon's exceptions, and
never in links, handles or e-mail addresses. A term that ends in `*` stands for every word that begins with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick

from chapterwatch.policy import Lexicon
from checks.text import MASK, Text, normal

Key = tuple[str, str]


@dataclass(frozen=True)
class Hit:
    """One term found: the span counts characters of `Text.plain`; `disguised` where it was spelt to evade."""

    start: int
    end: int
    term: str
    sense: str | None
    weight: float
    language: str
    disguised: bool = False


@dataclass(frozen=True)
class _Entry:
    key: Key
    term: str
    sense: str | None
    weight: float
    open_ended: bool
    is_exception: bool


class Lexicons:
    """The compiled lexicons of a pack. `scan` reads a text once for all of them."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        self.names: dict[str, set[str]] = {}
        for lexicon in lexicons:
            self._add(lexicon)
        self._automaton = _automaton(self._entries)
        self._seen: dict[int, tuple[Text, dict[Key, list[Hit]]]] = {}

    def languages_of(self, name: str) -> set[str]:
        """The languages there is a lexicon of this name for; empty where there is none."""
        return self.names.get(name, set())

    def scan(self, text: Text) -> Mapping[Key, Sequence[Hit]]:
        """Every hit by (lexicon name, language), overlapping shorter hits of the same lexicon left out."""
        known = self._seen.get(id(text))
        if known is not None and known[0] is text:
            return known[1]
        hits = self._scan(text)
        self._seen[id(text)] = (text, hits)
        return hits

    def _add(self, lexicon: Lexicon) -> None:
        key = (lexicon.name, lexicon.language)
        self.names.setdefault(lexicon.name, set()).add(lexicon.language)
        for term in lexicon.terms:
            self._enter(key, term.term, term.sense, term.weight, exception=False)
        for phrase in lexicon.exceptions:
            self._enter(key, phrase, None, 0.0, exception=True)

    def _enter(self, key: Key, term: str, sense: str | None, weight: float, *, exception: bool) -> None:
        open_ended = term.endswith("*")
        folded = normal(term.removesuffix("*")).strip()
        if folded:
            self._entries.setdefault(folded, []).append(_Entry(key, term, sense, weight, open_ended, exception))

    def _scan(self, text: Text) -> dict[Key, list[Hit]]:
        if self._automaton is None:
            return {}
        found: dict[Key, list[Hit]] = {}
        exceptions: dict[Key, list[tuple[int, int]]] = {}
        for start, end, entry in self._matches(text.words):
            if entry.is_exception:
                exceptions.setdefault(entry.key, []).append((start, end))
            else:
                found.setdefault(entry.key, []).append(_hit(start, end, entry))
        return {key: kept for key, hits in found.items() if (kept := _longest(hits, exceptions.get(key, [])))}

    def _matches(self, words: str) -> Iterator[tuple[int, int, _Entry]]:
        for last, folded in self._automaton.iter(words):
            start, end = last - len(folded) + 1, last + 1
            if _inside_word(words, start):
                continue
            for entry in self._entries[folded]:
                if not _inside_word(words, end):
                    yield start, end, entry
                elif entry.open_ended:
                    yield start, _word_end(words, end), entry


def _automaton(entries: Mapping[str, Any]) -> Any:
    if not entries:
        return None
    automaton = ahocorasick.Automaton()
    for folded in entries:
        automaton.add_word(folded, folded)
    automaton.make_automaton()
    return automaton


def _inside_word(words: str, at: int) -> bool:
    """Whether position `at` splits a word: a letter or digit on both sides."""
    return 0 < at < len(words) and _is_word(words[at - 1]) and _is_word(words[at])


def _is_word(char: str) -> bool:
    return char.isalnum() or char == MASK


def _word_end(words: str, at: int) -> int:
    found = re.compile(r"[^\W_]*").match(words, at)
    return found.end() if found else at


def _hit(start: int, end: int, entry: _Entry) -> Hit:
    return Hit(start, end, entry.term, entry.sense, entry.weight, entry.key[1])


def _longest(hits: list[Hit], exceptions: list[tuple[int, int]]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda hit: (hit.start - hit.end, hit.start, -hit.weight, hit.term)):
        excepted = any(left <= hit.start and hit.end <= right for left, right in exceptions)
        if not excepted and not any(hit.start < other.end and other.start < hit.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)
