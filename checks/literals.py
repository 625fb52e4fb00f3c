"""What a pattern cannot match without: literals derived from its parse tree.

A pattern is tried at every place of a text; whether one of a few strings stands in it is known much sooner. The idea
is that of RE2's FilteredRE2: of parts in a row the most telling is kept, alternatives are united, what may be left out
is ignored. Where nothing is sure, nothing is said, and the pattern has to be run.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np

from checks.automaton import Automaton
from checks.language import SMALL_WORDS
from checks.text import MASK
from checks.vocabulary import Joined

#: More strings than this are no longer spelt out but given up as exact.
_MOST_STRINGS = 64
_SMALL_CLASS = 8
_TELLING_LENGTH = 3
_ZERO_WIDTH = frozenset({sre.AT, sre.ASSERT, sre.ASSERT_NOT})
_REPEATS = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})


@dataclass(frozen=True)
class _Part:
    """What is known of a part of a pattern: all it can match, or else strings one of which stands in every match."""

    exact: frozenset[str] | None
    required: frozenset[str] | None


_EMPTY = frozenset({""})
_UNKNOWN = _Part(None, None)


@lru_cache(maxsize=1024)
def required_literals(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Lower-case strings of which at least one stands in the plain view of every text the pattern matches.

    None where no such strings are known; a string of blanks alone tells nothing.
    """
    parsed = _parser.parse(pattern.pattern, pattern.flags)
    part = _sequence(parsed, ignore_case=bool(pattern.flags & re.IGNORECASE))
    return part.exact if part.exact is not None and _tells(part.exact) else part.required


def lowered(text: str) -> str:
    """A stored text in the one case in which `may_match` looks for literals; Turkish i's are as the others."""
    return text.lower() if text.isascii() else text.replace("\u0130", "i").casefold().replace("\u0131", "i")


def may_match(pattern: re.Pattern[str], low: str) -> bool:
    """Whether a text can match a pattern, told by literals without running it. `low` is the `lowered` text."""
    literals = few_literals(pattern)
    return literals is None or any(map(low.__contains__, literals))


def may_be_in(pattern: re.Pattern[str], text: str, possible: Container[int] | None = None) -> bool:
    """`may_match` of a stored text. `possible`: what an `Index` with this pattern says of the text, where known."""
    return may_match(pattern, lowered(text)) if possible is None else id(pattern) in possible


#: Looking for more literals than this one by one takes longer than running the pattern.
_FEW = 80


def few_literals(pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    """The case-folded strings of which one stands in every match, without those that hold another; None if many."""
    known = _FEW_OF.get(id(pattern))
    if known is None:
        known = _FEW_OF[id(pattern)] = (pattern, _find_few(pattern))
    return known[1]


#: By identity: the hash of a pattern reads its whole code each time, which takes longer than looking for the strings.
_FEW_OF: dict[int, tuple[re.Pattern[str], tuple[str, ...] | None]] = {}


def _find_few(pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    required = required_literals(pattern)
    if required is None:
        return None
    literals = {lowered(literal) for literal in required}
    # What holds the longer one holds the shorter one, too.
    few = tuple(one for one in literals if not any(other != one and other in one for other in literals))
    return few if len(few) <= _FEW else None


@lru_cache(maxsize=256)
def opens_lines(pattern: re.Pattern[str]) -> bool:
    """Whether a pattern can match at the beginning of a line only."""
    first = next(iter(_parser.parse(pattern.pattern, pattern.flags)), None)
    return bool(pattern.flags & re.MULTILINE) and first == (sre.AT, sre.AT_BEGINNING)


def _sequence(items: Iterable[tuple[Any, Any]], *, ignore_case: bool) -> _Part:
    run: list[frozenset[str]] = []
    best, whole = None, True
    for operator, argument in items:
        part = _part(operator, argument, ignore_case)
        if part.exact is None:
            best, whole = _better(_better(best, _spelt(run)), part.required), False
            run = []
        elif prod(map(len, run)) * len(part.exact) <= _MOST_STRINGS:
            run.append(part.exact)
        else:
            # What does not fit from its beginning may fit from later on.
            best, whole = _better(best, _spelt(run)), False
            run = _fitting([*run, part.exact])
    said = _spelt(run)
    return _Part(said if whole else None, _better(best, said))


def _spelt(run: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset(map("".join, product(*run)))


def _fitting(run: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The longest end of a run that can be spelt out."""
    return next(list(run[at:]) for at in range(len(run)) if prod(map(len, run[at:])) <= _MOST_STRINGS)


def _part(operator: Any, argument: Any, ignore_case: bool) -> _Part:  # noqa: PLR0911 - one answer a construct
    if operator in _ZERO_WIDTH:
        return _Part(_EMPTY, None)
    if operator is sre.LITERAL:
        return _literal(argument, ignore_case)
    if operator is sre.IN:
        return _class(argument, ignore_case)
    if operator is sre.BRANCH:
        return _union([_sequence(branch, ignore_case=ignore_case) for branch in argument[1]])
    if operator is sre.SUBPATTERN:
        _, added, removed, inner = argument
        ignoring = (ignore_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
        return _sequence(inner, ignore_case=ignoring)
    if operator is sre.ATOMIC_GROUP:
        return _sequence(argument, ignore_case=ignore_case)
    if operator in _REPEATS:
        least, most, inner = argument
        return _repeat(least, most, inner, ignore_case=ignore_case)
    return _UNKNOWN


def _literal(code: int, ignore_case: bool) -> _Part:
    char = chr(code)
    if char == MASK or (ignore_case and not char.isascii() and not char.upper() == char == char.casefold()):
        return _UNKNOWN
    if ignore_case and char in "iI":
        return _Part(frozenset({"i", "\u0131"}), None)
    return _Part(frozenset({char.lower()}), None)


def _class(members: Sequence[tuple[Any, Any]], ignore_case: bool) -> _Part:
    chars: set[str] = set()
    for operator, argument in members:
        if operator is sre.LITERAL:
            codes = range(argument, argument + 1)
        elif operator is sre.RANGE and argument[1] - argument[0] < _SMALL_CLASS:
            codes = range(argument[0], argument[1] + 1)
        else:
            return _UNKNOWN
        for code in codes:
            exact = _literal(code, ignore_case).exact
            if exact is None:
                return _UNKNOWN
            chars |= exact
    return _Part(frozenset(chars), None) if len(chars) <= _SMALL_CLASS else _UNKNOWN


def _union(parts: Sequence[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    together = frozenset[str]().union(*exact) if len(exact) == len(parts) else None
    if together is not None and len(together) <= _MOST_STRINGS:
        return _Part(together, None)
    required = [part.required if part.exact is None else _telling(part.exact) for part in parts]
    known = [strings for strings in required if strings]
    return _Part(None, frozenset[str]().union(*known) if len(known) == len(parts) else None)


def _repeat(least: int, most: int, inner: Any, *, ignore_case: bool) -> _Part:
    part = _sequence(inner, ignore_case=ignore_case)
    if least == most == 1:
        return part
    if least == 0:
        optional = part.exact if most == 1 else None
        return _Part(optional | _EMPTY, None) if optional is not None else _UNKNOWN
    return _Part(None, part.required if part.exact is None else _telling(part.exact))


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """The more telling of two sets of strings, of which one is enough."""
    known = [strings for strings in (one, other) if strings and _tells(strings)]
    return max(known, key=_worth, default=None)


def _telling(strings: frozenset[str]) -> frozenset[str] | None:
    return strings if _tells(strings) else None


def _tells(strings: frozenset[str]) -> bool:
    return bool(strings) and all(literal.strip() for literal in strings)


def _worth(strings: frozenset[str]) -> tuple[bool, int, int]:
    rare = not any(len(literal.strip()) < _TELLING_LENGTH or literal.strip() in SMALL_WORDS for literal in strings)
    return rare, min(len(literal.strip()) for literal in strings), -len(strings)


class Index:
    """Many patterns that run on the stored text: which of them can match, told in one reading.

    `needing` are things that know their literals themselves, None where nothing is known.
    """

    def __init__(
        self, patterns: Iterable[re.Pattern[str]], needing: Iterable[tuple[object, frozenset[str] | None]] = ()
    ) -> None:
        by_literal: dict[str, set[int]] = {}
        # Identities stay true as long as the patterns live.
        self._items = (*((pattern, required_literals(pattern)) for pattern in patterns), *needing)
        #: Patterns nothing is known of have to be run.
        self._always = frozenset(id(item) for item, literals in self._items if literals is None)
        for item, literals in self._items:
            for literal in literals or ():
                by_literal.setdefault(lowered(literal), set()).add(id(item))
        self._automaton = Automaton(list(by_literal))
        #: What each of the automaton's strings belongs to.
        self._found = [frozenset(found) for found in by_literal.values()]

    def possible(self, text: str) -> frozenset[int]:
        """The patterns that may match a text, by `id`: their hashes take longer than the reading."""
        return self._always.union(*(self._found[which] for which, _, _ in self._automaton.find(lowered(text))))

    def all_possible(self, texts: Sequence[str]) -> list[frozenset[int]]:
        """`possible` of many texts, told in one reading of them all."""
        joined = Joined([lowered(text) for text in texts])
        told = [self._always] * len(texts)
        hits = self._automaton.find(joined.whole)
        places = joined.texts_at(np.array([start for _, start, _ in hits], dtype=np.int64)).tolist()
        for at, (which, _, _) in zip(places, hits, strict=True):
            told[at] |= self._found[which]
        return told
