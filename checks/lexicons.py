"""Finding the terms of lexicons in a prepared text: whole words only, also where they are disguised.

All lexicons of a pack stand in one Aho-Corasick automaton, so a text is read once whatever the number of rules. A
term is found only between word boundaries (no "ass" in "class"), never inside one of its lexicon's exceptions, and
never in links, handles or e-mail addresses. A term that ends in `*` stands for every word that begins with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

import numpy as np

from chapterwatch.policy_lexicon import Lexicon
from checks.automaton import Automaton
from checks.entries import Entry, HalvedEntries, Key, entries_of
from checks.language import KnownWords
from checks.text import MASK, Text
from checks.vocabulary import Joined

#: Lexicons whose words people disguise to get past a filter. The others are read as they stand.
DISGUISED = frozenset({"profanity", "slurs", "insults"})
#: Where letters are left out (`f**k`) or split (`f.uck`) only words this telling are thought of; where only the first
#: letter is left (`f***`), only profanity.
_CLEAR_WEIGHT = 0.75
#: Shorter stems of an open-ended term are not looked for in disguise.
_SHORTEST_STEM = 4
#: Fewer letters than these, written together, may be anything.
_SHORTEST_TOGETHER = 8
#: Texts whose hits are remembered, and how long they may be together, before all are forgotten: checks of one run ask
#: for the same text again and again, later runs do not.
_MOST_SEEN = 10_000
_MOST_CHARACTERS = 4_000_000

#: Whether a term of this sense and weight is meant.
Choice = Callable[[str | None, float], bool]


@dataclass(frozen=True)
class Hit:
    """One term found: the span counts characters of `Text.plain`."""

    start: int
    end: int
    term: str
    sense: str | None
    weight: float
    language: str
    #: Below 1 where the term was spelt to evade: how sure it is that it was meant.
    certainty: float = 1.0

    @property
    def disguised(self) -> bool:
        """Whether the term was spelt to evade."""
        return self.certainty < 1


class Sought(NamedTuple):
    """A string that stands wherever a term of this language does; it begins a word, and where told ends one."""

    folded: str
    ends: bool
    language: str
    #: Whether the term begins with it; of a frame it may be the second half.
    opens: bool = True


class Lexicons:
    """The compiled lexicons of a pack. `scan` reads a text once for all of them."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        #: By lexicon: terms and exceptions, and frames that stand for very many terms.
        self._of: dict[str, list[Entry]] = {}
        self._halved: dict[str, list[HalvedEntries]] = {}
        self.names: dict[str, set[str]] = {}
        self._together: dict[str, dict[str, Hit]] = {}
        for lexicon in lexicons:
            read = entries_of(lexicon)
            self._of.setdefault(lexicon.name, []).extend(read.terms)
            self._halved.setdefault(lexicon.name, []).extend(read.halved)
            self.names.setdefault(lexicon.name, set()).add(lexicon.language)
        entries: dict[str, list[Entry]] = {}
        for entry in chain.from_iterable(self._of.values()):
            entries.setdefault(entry.folded, []).append(entry)
        halved: dict[str, list[HalvedEntries]] = {}
        for frame in chain.from_iterable(self._halved.values()):
            for folded in frame.sought():
                halved.setdefault(folded, []).append(frame)
        strings = list(dict.fromkeys(chain(entries, halved)))
        self._automaton = Automaton(strings)
        #: What each of the automaton's strings stands for, and what it is the half of.
        self._entries = [tuple(entries.get(folded, ())) for folded in strings]
        self._halves = [tuple(halved.get(folded, ())) for folded in strings]
        self._words = _Words(entries)
        self._seen: dict[int, tuple[Text, dict[Key, list[Hit]]]] = {}
        self._characters = 0

    def languages_of(self, name: str) -> set[str]:
        """The languages there is a lexicon of this name for; empty where there is none."""
        return self.names.get(name, set())

    def scan(self, text: Text) -> Mapping[Key, Sequence[Hit]]:
        """Every hit by (lexicon name, language), overlapping shorter hits of the same lexicon left out."""
        known = self._seen.get(id(text))
        if known is not None and known[0] is text:
            return known[1]
        hits = self._scan(text)
        self._remember(text, hits)
        return hits

    def _remember(self, text: Text, hits: dict[Key, list[Hit]]) -> None:
        if len(self._seen) >= _MOST_SEEN or self._characters > _MOST_CHARACTERS:
            self._seen.clear()
            self._characters = 0
        # What is kept keeps its text alive, so no other text can have its identity.
        self._seen[id(text)] = (text, hits)
        self._characters += len(text.raw)

    @cached_property
    def known_words(self) -> KnownWords:
        """The words of all terms and exceptions, by language."""
        folded: dict[str, list[str]] = {}
        for entry in chain.from_iterable(self._of.values()):
            if entry.certainty == 1:
                folded.setdefault(entry.key[1], []).append(entry.folded)
        for frame in chain.from_iterable(self._halved.values()):
            folded.setdefault(frame.key[1], []).extend(frame.words())
        # All together: a set and a list for each of a quarter of a million terms would take three times as long.
        return KnownWords({language: set(" ".join(terms).split()) for language, terms in folded.items()})

    def terms_of(self, name: str, choice: Choice) -> Iterator[Sought]:
        """The folded terms of a lexicon in every language.

        Of a frame that stands for very many it is the half without which none of them is there.
        """
        for entry in self._chosen(name, choice):
            yield Sought(entry.folded, not entry.open_ended, entry.key[1])
        for frame in self._halved.get(name, ()):
            if choice(frame.sense, frame.weight):
                yield from (Sought(folded, ends, frame.key[1], opens=False) for folded, ends in frame.needs())

    def written_together(self, name: str) -> Mapping[str, Hit]:
        """The terms of a lexicon as a hashtag in small letters writes them ("freepalestine"), as hits of no place.

        Short ones are left out, since blanks are what tells them from other words.
        """
        if name not in self._together:
            terms = (entry for entry in self._of.get(name, ()) if not entry.is_exception)
            crossed = chain.from_iterable(frame.every() for frame in self._halved.get(name, ()))
            squeezed = ((re.sub(r"\W", "", entry.folded), entry) for entry in chain(terms, crossed))
            self._together[name] = {
                word: _hit(0, 0, entry, entry.certainty) for word, entry in squeezed if len(word) >= _SHORTEST_TOGETHER
            }
        return self._together[name]

    def disguised_of(self, name: str, choice: Choice) -> Iterator[tuple[str, str]]:
        """The folded terms of a lexicon that are looked for in disguise, too, each with its language."""
        if name in DISGUISED:
            yield from ((one.folded, one.key[1]) for one in self._chosen(name, choice) if one.folded.isalpha())

    def set_letter_by_letter(self, text: Text) -> Iterator[str]:
        """The folded terms a text may hold letter by letter, the one disguise that goes over several words."""
        for _, entry in self._words.disguised(_spaced(text.words)):
            yield entry.folded

    def hidden_in(self, word: str) -> Iterator[str]:
        """The folded terms a word between blanks may hide."""
        for _, entry in self._words.disguised(_disguises_of(word)):
            yield entry.folded

    def _chosen(self, name: str, choice: Choice) -> Iterator[Entry]:
        # Terms are many, senses and weights few.
        is_meant = cache(choice)
        for entry in self._of.get(name, ()):
            if not entry.is_exception and is_meant(entry.sense, entry.weight):
                yield entry

    def _scan(self, text: Text) -> dict[Key, list[Hit]]:
        found: dict[Key, list[Hit]] = {}
        exceptions: dict[Key, list[tuple[int, int]]] = {}
        for start, end, entry in self._matches(text.words):
            if entry.is_exception:
                exceptions.setdefault(entry.key, []).append((start, end))
            else:
                found.setdefault(entry.key, []).append(_hit(start, end, entry, entry.certainty))
        for candidate, entry in self._words.disguised(disguises(text)):
            hit = _hit(candidate.start, candidate.end, entry, candidate.certainty)
            found.setdefault(entry.key, []).append(hit)
        return {key: kept for key, hits in found.items() if (kept := _longest(hits, exceptions.get(key, [])))}

    def _matches(self, words: str) -> Iterator[tuple[int, int, Entry]]:
        for which, start, end in self._automaton.find(words):
            # Most of what is found begins inside a word, so that is asked in the cheapest way first.
            if start and ((before := words[start - 1]).isalnum() or before == MASK) and inside_word(words, start):
                continue
            for entry in self._entries[which]:
                yield from _whole(words, start, end, entry)
            for halves in self._halves[which]:
                for first, last, entry in halves.around(words, start, end):
                    if not inside_word(words, first):
                        yield from _whole(words, first, last, entry)


class _Words:
    """The single words of the disguised lexicons, to look candidates up in."""

    def __init__(self, entries: Mapping[str, Sequence[Entry]]) -> None:
        self._exact: dict[str, list[Entry]] = {}
        self._stems: dict[str, list[Entry]] = {}
        for folded, same in entries.items():
            for entry in same:
                told = entry.certainty == 1 and not entry.is_exception
                if told and entry.key[0] in DISGUISED and folded.isalpha():
                    self._exact.setdefault(folded, []).append(entry)
                    if entry.open_ended:
                        self._stems.setdefault(folded, []).append(entry)
        #: What some stem begins with: most words do not, and are looked up no further.
        self._heads = frozenset(stem[:_SHORTEST_STEM] for stem in self._stems)
        #: A gap never stands at the beginning.
        self._alike: dict[tuple[int, str], list[str]] = {}
        for folded in self._exact:
            self._alike.setdefault((len(folded), folded[0]), []).append(folded)

    def disguised(self, candidates: Iterable[Disguise]) -> Iterator[tuple[Disguise, Entry]]:
        """Those of the candidates that are words of a lexicon, with the word."""
        for candidate in candidates if self._exact else ():
            for entry in self._look_up(candidate):
                yield candidate, entry

    def _look_up(self, candidate: Disguise) -> list[Entry]:
        if candidate.gaps:
            seen = len(candidate.word) - candidate.word.count(_GAP)
            return [
                entry
                for word in self._alike.get((len(candidate.word), candidate.word[0]), ())
                if all(map(_vowel_fits if candidate.split else _fits, candidate.word, word))
                for entry in self._exact[word]
                if entry.weight >= _CLEAR_WEIGHT and (entry.key[0] == "profanity" or (seen > 1 and not candidate.split))
            ]
        found = list(self._exact.get(candidate.word, ()))
        if candidate.word[:_SHORTEST_STEM] in self._heads:
            for length in range(_SHORTEST_STEM, len(candidate.word)):
                found += self._stems.get(candidate.word[:length], ())
        return [entry for entry in found if not candidate.split or entry.weight >= _CLEAR_WEIGHT]


def _fits(seen: str, letter: str) -> bool:
    return seen in (letter, _GAP)


def _vowel_fits(seen: str, letter: str) -> bool:
    return seen == letter or (seen == _GAP and letter in "aeiouy")


class Disguise(NamedTuple):
    """A word that may be hidden in a text: how it would read without its disguise, and how sure that reading is."""

    start: int
    end: int
    word: str
    certainty: float
    gaps: bool = False
    split: bool = False


_GAP = "*"
_NO_BLANKS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\U00020000-\U0003ffff]"
)
_LEET = str.maketrans("01345678@$!+|¡9", "oieasgtbasitiig")
#: A number behind a hyphen makes a part number of what stands before it.
_LEET_WORD = re.compile(r"(?<![^\W_])(?<!\d-)(?=\S{0,40}[a-z])[a-z0-9@$!+|¡]{3,20}(?<![!+|])(?![^\W_])(?!-\d)")
_SPACED = re.compile(r"(?<![^\W_])[a-z](?:[ .\-_*/|]{1,2}[a-z]){2,14}(?![^\W_])")
_SPLIT = re.compile(r"(?<![^\W_.])[a-z]+(?:[.\-_*~][a-z]+){1,6}(?![.\-_*~]?[^\W_])")
_GAPPED = re.compile(r"(?<![^\W_])(?<!\*)[a-z]+(?:[*#%@$]|--)[a-z*#%@$-]*(?![^\W_])")
_REPEATED = re.compile(r"(?<![^\W_])[a-z]*([a-z])\1\1[a-z]*(?![^\W_])")
#: One sign in place of one letter: "f_ck", "sh-t". Longer gaps and other signs are `_GAPPED`.
_PIERCED = re.compile(r"(?<![^\W_])(?<![._-])[a-z]+[._-][a-z]+(?![^\W_])(?![._-][^\W_])")
_SHORTEST_PIERCED = 4
_ORDINARY = re.compile(r"[\"'(]*[^\W\d_]+[.,!?:;)\"']*|https?://[^\s<>\"]*[^\s<>\".,;:!?)'\]]")
#: A word of letters with one of these behind it is ordinary, too.
_ENDS = frozenset(".,!?:;)\"'")
#: A handle and nothing else.
_HANDLE = re.compile(r"@[a-z0-9_]\w*")
#: What any disguise inside a word has: signs or digits beside letters, a letter three times.
_SIGN = re.compile(r"[@$]|[a-z](?:[0-9¡]|[!+|]+[a-z0-9¡]|[.\-_*~][a-z]|[*#%]|--)|[0-9!+|¡][a-z]|([a-z])\1\1")
#: A word between blanks with such a sign.
_SIGNED = re.compile(rf"(?<!\S)\S*?(?:{_SIGN.pattern})\S*")
_TRIPLE = re.compile(r"([a-z])\1\1")
#: Two letters alone, one after the other: without them no word is set letter by letter.
_TWO_ALONE = re.compile(r"[ .\-_*/|][a-z][ .\-_*/|]{1,2}[a-z](?![^\W_])")


def disguises(text: Text) -> Iterator[Disguise]:
    """Words that may be hidden: digits for letters, letters set apart, masked letters, stretched letters.

    All but letters set apart by blanks stand between two blanks, so a word alone tells as much as the whole text.
    """
    for found in _SIGNED.finditer(text.words):
        word, at = found.group(), found.start()
        for read in () if is_ordinary(word) else _in_word(word):
            yield read._replace(start=at + read.start, end=at + read.end)
    yield from _spaced(text.words)
    for mark in text.marks:
        if mark.kind == "handle":
            yield _of_handle(mark.start, mark.text)


def _disguises_of(word: str) -> Iterable[Disguise]:
    # Most words that may hide another are handles, and a handle is read in one way only.
    return (_of_handle(0, word),) if _HANDLE.fullmatch(word) else disguises(Text(word, word))


def _of_handle(start: int, handle: str) -> Disguise:
    return Disguise(start, start + len(handle), "a" + handle[1:], 0.8, split=True)


def is_ordinary(word: str) -> bool:
    """Whether a word between blanks cannot hide another: a link, or letters only, none three times in a row."""
    return _ORDINARY.fullmatch(word) is not None and not (_TRIPLE.search(word) and "://" not in word)


def unordinary(words: Sequence[str]) -> list[int]:
    """The places of those of many words between blanks that may hide another."""
    joined = Joined(words)
    letters = np.concatenate([joined.codes, np.zeros(2, dtype=np.uint8)])
    is_triple = (letters[:-2] == letters[1:-1]) & (letters[1:-1] == letters[2:])
    # Once a word, for a word of a thousand letters "a" is three times the same at nearly every one of them.
    stretched = np.unique(joined.texts_at(np.flatnonzero(is_triple))).tolist()
    signed = [
        at
        for at, word in enumerate(words)
        if not (word.isalpha() or (word[-1:] in _ENDS and word[:-1].isalpha())) and _SIGN.search(word)
    ]
    odd = (at for at in signed if _ORDINARY.fullmatch(words[at]) is None)
    return sorted({*odd, *(at for at in stretched if not is_ordinary(words[at]))})


def _spaced(words: str) -> Iterator[Disguise]:
    for found in _SPACED.finditer(words) if _TWO_ALONE.search(words) else ():
        yield Disguise(found.start(), found.end(), "".join(filter(str.isalpha, found.group())), 0.9)


@lru_cache(maxsize=20_000)
def _in_word(word: str) -> tuple[Disguise, ...]:
    """The ways to read one word between blanks; spans count from its beginning."""
    return tuple(chain(_leet(word), _repeated(word), _set_apart(word), _masked(word)))


def _set_apart(word: str) -> Iterator[Disguise]:
    for found in _SPLIT.finditer(word):
        joined = "".join(filter(str.isalpha, found.group()))
        yield Disguise(found.start(), found.end(), joined, 0.8, split=True)


def _masked(word: str) -> Iterator[Disguise]:
    for pattern, shortest, split in ((_GAPPED, 3, False), (_PIERCED, _SHORTEST_PIERCED, True)):
        for found in pattern.finditer(word):
            read = re.sub(r"[^a-z]", _GAP, found.group())
            if len(read) >= shortest:
                yield Disguise(found.start(), found.end(), read, 0.8, gaps=True, split=split)


def _leet(words: str) -> Iterator[Disguise]:
    for found in _LEET_WORD.finditer(words):
        word = found.group()
        letters = sum(char.isalpha() or char in "@$" for char in word)
        if word.isalpha() or letters * 2 < len(word):
            continue
        yield Disguise(found.start(), found.end(), word.translate(_LEET), 0.9)
        if "1" in word:
            yield Disguise(found.start(), found.end(), word.replace("1", "l").translate(_LEET), 0.9)


def _repeated(words: str) -> Iterator[Disguise]:
    for found in _REPEATED.finditer(words):
        for kept in (r"\1", r"\1\1"):
            yield Disguise(found.start(), found.end(), re.sub(r"([a-z])\1{2,}", kept, found.group()), 0.9)


def inside_word(words: str, at: int) -> bool:
    """Whether position `at` splits a word: a letter or digit on both sides.

    Chinese, Japanese, Thai, Lao, Burmese and Khmer put no blanks between words, so nothing there is inside one.
    """
    return 0 < at < len(words) and _is_word(words[at - 1]) and _is_word(words[at])


def _is_word(char: str) -> bool:
    return (char.isalnum() and not (char > "\u0e00" and _NO_BLANKS.match(char))) or char == MASK


def _word_end(words: str, at: int) -> int:
    found = re.compile(r"[^\W_]*").match(words, at)
    return found.end() if found else at


def _whole(words: str, start: int, end: int, entry: Entry) -> Iterator[tuple[int, int, Entry]]:
    """The place of a term that begins a word: to the end of the word where it may go on, nothing where it may not."""
    if not inside_word(words, end):
        yield start, end, entry
    elif entry.open_ended:
        yield start, _word_end(words, end), entry


def _hit(start: int, end: int, entry: Entry, certainty: float = 1.0) -> Hit:
    return Hit(start, end, entry.term, entry.sense, entry.weight, entry.key[1], certainty)


def _longest(hits: list[Hit], exceptions: list[tuple[int, int]]) -> list[Hit]:
    """The longest hits that do not overlap and stand in no exception, in text order.

    Of one term that is written twice with different senses and one weight, the one written first counts.
    """
    excepted = _widest(exceptions)
    kept: list[Hit] = []
    for hit in sorted(
        dict.fromkeys(hits), key=lambda hit: (hit.start - hit.end, hit.start, -hit.weight, -hit.certainty, hit.term)
    ):
        # What is kept is in text order and does not overlap, so only the two neighbours can.
        at = bisect_left(kept, hit.start, key=attrgetter("start"))
        free = (at == 0 or kept[at - 1].end <= hit.start) and (at == len(kept) or hit.end <= kept[at].start)
        around = bisect_right(excepted, hit.start, key=itemgetter(0)) - 1
        if free and (around < 0 or excepted[around][1] < hit.end):
            kept.insert(at, hit)
    return kept


def _widest(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in text order without those inside another."""
    kept: list[tuple[int, int]] = []
    for left, right in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or right > kept[-1][1]:
            kept.append((left, right))
    return kept
