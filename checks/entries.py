"""What a lexicon's terms are looked for as: an entry for each, or one for all terms of a frame that stands for many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from chapterwatch.policy_lexicon import Halves, Lexicon, Term
from checks.text import normal

#: A lexicon's name and language.
Key = tuple[str, str]

_OPEN = "*"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

#: Obscene and nothing else: only these are thought of where letters inside the word are changed over (`fcuk`).
_OBSCENE = 1.0
_SHORTEST_SWAPPED = 4
_SWAPPED_CERTAINTY = 0.8
#: Words that a swap would make, or that are made so already: a king of England and his namesakes.
_REAL_WORDS = frozenset({"cnut", "cnuts", "fuck"})

#: What is read as it is written; so are nine terms in ten.
_AS_WRITTEN = re.compile(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*")


class Entry(NamedTuple):
    """One term. `folded` is what is looked for, in the form of `Text.plain`; `term` as the lexicon has it."""

    key: Key
    folded: str
    term: str
    sense: str | None
    weight: float
    open_ended: bool
    is_exception: bool
    certainty: float = 1.0


def folded_term(term: str) -> str:
    """A term as texts are read, without the star that says how it may end; the very string where nothing changes."""
    if _AS_WRITTEN.fullmatch(term):
        return term
    folded = normal(term.removesuffix(_OPEN)).strip()
    return term if folded == term else folded


def is_open_ended(term: str) -> bool:
    """Whether a term stands for every word that begins so."""
    return term.endswith(_OPEN)


#: Folded strings, each with the ways it is written.
_Written = Mapping[str, tuple[str, ...]]


class HalvedEntries:
    """The terms of a frame as its halves: one of them is searched for, the other is looked up beside it."""

    def __init__(self, key: Key, halves: Halves) -> None:
        self.key, self.sense, self.weight = key, halves.sense, halves.weight
        self._left, self._right = _by_folded(halves.left), _by_folded(halves.right)
        #: The half of longer strings is searched for: it is found less often where nothing is meant.
        self._seeks_left = min(map(len, self._left)) > min(map(len, self._right))
        self._lengths = sorted({len(folded) for folded in (self._right if self._seeks_left else self._left)})

    def sought(self) -> Iterable[str]:
        """The folded strings a text is searched for."""
        return self._left if self._seeks_left else self._right

    def needs(self) -> Iterator[tuple[str, bool]]:
        """The same with whether a word ends there."""
        if self._seeks_left:
            yield from ((folded, True) for folded in self._left)
        else:
            yield from ((folded, not any(map(is_open_ended, ways))) for folded, ways in self._right.items())

    def words(self) -> Iterator[str]:
        """The words of all its terms."""
        for folded in (*self._left, *self._right):
            yield from folded.split()

    def every(self) -> Iterator[Entry]:
        """All its terms, one by one."""
        for left, right in product(self._left, self._right):
            yield from self._entries(left, right)

    def around(self, words: str, start: int, end: int) -> Iterator[tuple[int, int, Entry]]:
        """The terms of which the half that was sought stands from `start` to `end`, with their places."""
        if self._seeks_left:
            yield from self._ending(words, start, end)
        else:
            yield from self._beginning(words, start, end)

    def _ending(self, words: str, start: int, end: int) -> Iterator[tuple[int, int, Entry]]:
        if words[end : end + 1] == " ":
            for length in self._lengths:
                right = words[end + 1 : end + 1 + length]
                if len(right) == length and right in self._right:
                    yield from ((start, end + 1 + length, one) for one in self._entries(words[start:end], right))

    def _beginning(self, words: str, start: int, end: int) -> Iterator[tuple[int, int, Entry]]:
        if start and words[start - 1] == " ":
            for length in self._lengths:
                first = start - 1 - length
                if first >= 0 and (left := words[first : start - 1]) in self._left:
                    yield from ((first, end, one) for one in self._entries(left, words[start:end]))

    def _entries(self, left: str, right: str) -> Iterator[Entry]:
        for one in self._left[left]:
            for other in self._right[right]:
                term, folded = f"{one} {other}", f"{left} {right}"
                yield Entry(self.key, folded, term, self.sense, self.weight, is_open_ended(term), is_exception=False)


def _by_folded(strings: Iterable[str]) -> _Written:
    found: dict[str, tuple[str, ...]] = {}
    for string in strings:
        folded = folded_term(string)
        found[folded] = (*found.get(folded, ()), string)
    return found


# --- reading a lexicon ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entries:
    """What a lexicon is looked for as: its terms and exceptions, and its frames that stand for very many terms."""

    terms: tuple[Entry, ...]
    halved: tuple[HalvedEntries, ...]


def entries_of(lexicon: Lexicon) -> Entries:
    """What a lexicon is looked for as; the packs that share it share this, too."""
    return _entries_of(SameLists((lexicon,)))


@dataclass(frozen=True, eq=False)
class SameLists:
    """Lexicons as a key: what was read of a file is the same object for as long as the file says the same."""

    lexicons: tuple[Lexicon, ...]

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.lexicons)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameLists) and tuple(map(id, self.lexicons)) == tuple(map(id, other.lexicons))


# Half a second of a pack's compiling; two packs have five lists in six in common.
@lru_cache(maxsize=512)
def _entries_of(same: SameLists) -> Entries:
    (lexicon,) = same.lexicons
    key, parts, exceptions = (lexicon.name, lexicon.language), list(lexicon.parts()), list(lexicon.exceptions)
    if lexicon.language == "de":
        # The same as people write it who have no umlauts: "bloed", "Luegner".
        parts += [other for part in parts if (other := _spelt_out(part)) != part]
        exceptions += [spelt for phrase in exceptions if (spelt := _without_umlauts(phrase)) != phrase]
    terms = [entry for part in parts if isinstance(part, Term) for entry in _of_term(key, part)]
    terms += [entry for phrase in exceptions for entry in _of_exception(key, phrase)]
    return Entries(tuple(terms), tuple(HalvedEntries(key, part) for part in parts if isinstance(part, Halves)))


def _of_term(key: Key, term: Term) -> Iterator[Entry]:
    if not (folded := folded_term(term.term)):
        return
    entry = Entry(key, folded, term.term, term.sense, term.weight, is_open_ended(term.term), is_exception=False)
    yield entry
    if key == ("profanity", "en") and term.weight >= _OBSCENE:
        for swapped in _swapped(folded):
            yield entry._replace(folded=swapped, certainty=_SWAPPED_CERTAINTY)


def _of_exception(key: Key, phrase: str) -> Iterator[Entry]:
    if folded := folded_term(phrase):
        yield Entry(key, folded, phrase, None, 0.0, is_open_ended(phrase), is_exception=True)


def _without_umlauts(term: str) -> str:
    return term.translate(_UMLAUTS)


def _spelt_out(part: Term | Halves) -> Term | Halves:
    if isinstance(part, Term):
        return part._replace(term=_without_umlauts(part.term))
    left, right = (tuple(map(_without_umlauts, half)) for half in (part.left, part.right))
    return part._replace(left=left, right=right)


def _swapped(word: str) -> Iterator[str]:
    """The word with two neighbouring letters inside it changed over: how a filter is passed and a reader is not."""
    if len(word) < _SHORTEST_SWAPPED or not (word.isascii() and word.isalpha()):
        return
    for at in range(1, len(word) - 2):
        other = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if other != word and other not in _REAL_WORDS:
            yield other
