"""What must occur in a text before a check can find anything: the first look that spares most rows the second.

A check declares what it needs (`checks.base.check(screen=…)`) as alternatives, each a need or several that must all be
met. Needs are sound: a row that meets no alternative has nothing for the check to find, so it is clean without being
prepared. A pack's needs are compiled into one `Screen`: every lexicon term, every name and the literals a pattern
cannot match without are looked for in one reading of a text's plain view.

A column is read as one string by one Aho-Corasick automaton; whether what it finds stands alone as a word is asked of
all places together. Only words that may hide another (`checks.lexicons`) are looked at one by one, each once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import chain
from operator import or_
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from checks.automaton import Automaton
from checks.false_friends import FALSE_FRIENDS, ORDINARY_IN
from checks.lexicons import Lexicons, Sought, inside_word, unordinary
from checks.literals import lowered, required_literals
from checks.text import normal, prepare
from checks.vocabulary import Codes, Joined, Mask, Numbers, Words, words_of

# --- what a check may need ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """A term of a lexicon, disguised or not, that `Row.hits` may give; only of these senses and weights where given.

    That is one in the language of the text, or in English.
    """

    lexicon: str
    senses: tuple[str | None, ...] | None = None
    min_weight: float = 0.0
    below_weight: float = 2.0

    def choice(self, sense: str | None, weight: float) -> bool:
        """Whether a term of this sense and weight is meant."""
        return (self.senses is None or sense in self.senses) and self.min_weight <= weight < self.below_weight


@dataclass(frozen=True)
class Said:
    """What a pattern that runs on `Text.plain` or `Text.words` cannot match without.

    The literals are derived from the pattern.
    """

    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Names:
    """One of these names as a whole word, as `checks.statements.find_names` and `find_association` look for them."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Raw:
    """A match of a pattern in the stored text itself; `opening`: at its beginning."""

    pattern: re.Pattern[str]
    opening: bool = False


@dataclass(frozen=True)
class Where:
    """A condition on other columns: `holds(frame)` gives one boolean a row."""

    holds: Callable[[Any], Any]


@dataclass(frozen=True)
class InContext:
    """A condition on what the roster says of the row's association or chapter."""

    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class NamedInContext:
    """The stored text holds, whatever its case, one of the strings the roster gives (official domains)."""

    strings: Callable[[Any], Iterable[str]]


Need = Terms | Said | Names | Raw | Where | InContext | NamedInContext
#: Alternatives; a tuple of needs is one alternative of which all must be met.
Needs = Iterable[Need | tuple[Need, ...]]


def alternatives(needs: Needs) -> tuple[tuple[Need, ...], ...]:
    """The alternatives, each as a tuple of needs."""
    return tuple(need if isinstance(need, tuple) else (need,) for need in needs)


# --- looking for literals -------------------------------------------------------------------------------------------


#: Which languages of a `_Readers` read a string: a bit each.
_EVERYBODY = -1


class _Readers:
    """The languages told apart, and which of them read a term: its own, and all of them an English one.

    That is how `checks.base.Row.hits` reads: people mix English in. English words that are ordinary ones in a language
    (`checks.false_friends`) are not read in it.
    """

    def __init__(self, languages: Iterable[str] = ()) -> None:
        self._place = {language: at for at, language in enumerate(sorted({*languages, *FALSE_FRIENDS}))}
        self._alone = {language: 1 << at for language, at in self._place.items()} | {"en": _EVERYBODY}
        #: All languages without a term and a false friend are one more.
        self.kinds = len(self._place) + 1

    def of_disguised(self, language: str) -> int:
        """Which languages read a term that is spelt otherwise; no such word is an ordinary one."""
        return self._alone[language]

    def of(self, sought: Sought) -> int:
        """Which languages read a term."""
        if sought.language != "en" or not sought.opens:
            return self._alone[sought.language]
        first, more, _ = sought.folded.partition(" ")
        if first not in ORDINARY_IN or not (more or sought.ends):
            return _EVERYBODY
        return ~sum(self._alone[language] for language in ORDINARY_IN[first])

    def kinds_of(self, languages: Sequence[str]) -> Numbers:
        """The languages of texts as numbers below `kinds`."""
        place, others = self._place, self.kinds - 1
        return np.array([place.get(language, others) for language in languages], dtype=np.int64)


class _Literal(NamedTuple):
    """A string to look for: at which ends it must not go on as a word, and which languages read it."""

    text: str
    whole_left: bool = False
    whole_right: bool = False
    readers: int = _EVERYBODY


class _Asked(NamedTuple):
    """What is asked of a string: at which ends it must not go on as a word, who reads it, the needs it meets then."""

    whole_left: bool
    whole_right: bool
    readers: int
    bits: int

    def allows(self, state: int) -> bool:
        """Whether it may stand where a word goes on to the left (1) or to the right (2)."""
        return not (self.whole_left and state & 1) and not (self.whole_right and state & 2)


#: The needs a string meets, language by language.
_Told = tuple[int, ...]
#: Terms looked for in disguise, with who reads them and the needs they meet.
_Disguised = Mapping[str, Sequence[tuple[int, int]]]
#: A literal's end goes on as a word: neither, the left, the right, both.
_STATES = 4
#: Words remembered before everything is forgotten and learned anew.
_MOST_WORDS = 100_000
#: Needs are kept in numbers of this many bits.
_WIDTH = 64
#: Which needs each of some texts meets: a row a text, a bit a need.
Met = npt.NDArray[np.uint64]


class Literals:
    """Looks for many strings in many texts, all at once."""

    def __init__(
        self, literals: Mapping[_Literal, int], lexicons: Lexicons, disguised: _Disguised, languages: _Readers
    ) -> None:
        of_text: dict[str, list[_Asked]] = {}
        for (text, left, right, readers), bits in literals.items():
            of_text.setdefault(text, []).append(_Asked(left, right, readers, bits))
        needs = {*literals.values(), *(bits for each in disguised.values() for _, bits in each)}
        self._size = max(1, -(-max(map(int.bit_length, needs), default=0) // _WIDTH))
        self._readers = languages
        short = {text: asked for text, asked in of_text.items() if _is_short_word(text, asked)}
        for text in short:
            del of_text[text]
        #: Short words by their letters in one number, ascending, and what each says.
        self._short = np.array(sorted(map(_letters_as_number, short)), dtype=np.int64)
        self._short_told = self._table([self._said(short[text], 0) for text in sorted(short, key=_letters_as_number)])
        self._automaton = Automaton(list(of_text))
        #: Whether a literal's own first and last character are of a word: only then a word can go on there.
        self._opens = np.array([_is_wordly(text[0]) for text in of_text], dtype=np.int64)
        self._closes = np.array([_is_wordly(text[-1]) for text in of_text], dtype=np.int64)
        #: What literals say, each different saying once; and which of them each literal says in each state, `_STATES`
        #: rows a literal. Of most literals the same is asked.
        ways: dict[tuple[_Asked, ...], int] = {}
        way = np.array([ways.setdefault(tuple(asked), len(ways)) for asked in of_text.values()], dtype=np.int32)
        sayings: dict[_Told, int] = {}
        told = [
            sayings.setdefault(self._said(asked, state), len(sayings)) for asked in ways for state in range(_STATES)
        ]
        self._told = np.array(told, dtype=np.int32).reshape(-1, _STATES)[way].reshape(-1)
        self._sayings = self._table(list(sayings))
        self._tells = np.array([any(bits) for bits in sayings], np.bool_)
        self._lexicons = lexicons
        #: Folded terms that are also looked for in disguise, with who reads them and the needs they meet.
        self._disguised = disguised
        #: Words that may hide another, with the needs they meet; nothing where they hide none.
        self._hidden: dict[str, _Told] = {}

    def bits(self, plain: str, raw: str, language: str = "en") -> int:
        """The needs one text meets."""
        met = self.met([plain], words_of([plain]), [raw], [language])
        return int.from_bytes(met.tobytes(), "little")

    def met(self, plains: Sequence[str], words: Words, raws: Sequence[str | None], languages: Sequence[str]) -> Met:
        """The needs each of many texts meets. `plains`: their plain view; `words`: of it; `raws`: as stored."""
        joined, kinds = Joined(plains), self._readers.kinds_of(languages)
        met = self.spelt(joined, kinds)
        if self._disguised:
            self._in_disguise(words, kinds, met)
            for text in _set_letter_by_letter(joined, plains):
                told = self._told_by(self._lexicons.set_letter_by_letter(prepare(raws[text] or "")))
                if told:
                    met[text] |= self.mask(told[kinds[text]])
        return met

    def mask(self, bits: int) -> Met:
        """Needs as one row of `met`."""
        return self._packed([bits]).reshape(-1)

    def spelt(self, joined: Joined, kinds: Numbers) -> Met:
        """The needs that literals meet as they are written; `kinds`: the texts' languages."""
        met = np.zeros((len(joined.ends), self._size), dtype=np.uint64)
        codes = joined.codes
        # The edge of everything is no part of a word; what is beyond Latin-1 is taken for none, which finds more.
        wordly = np.append(_WORDLY[codes], [False, False])
        if len(self._short):
            self._add_short_words(joined, codes, wordly, kinds, met)
        hits = np.fromiter(chain.from_iterable(self._automaton.find(joined.whole)), dtype=np.int64).reshape(-1, 3)
        which, start, end = hits.T
        left = wordly[start - 1] & self._opens[which]
        right = wordly[end] & self._closes[which]
        told = self._told[which * _STATES + left + 2 * right]
        telling = self._tells[told]
        texts = joined.texts_at(end[telling] - 1)
        _add(met, texts, self._sayings[told[telling], kinds[texts]])
        return met

    def _add_short_words(self, joined: Joined, codes: Codes, wordly: Mask, kinds: Numbers, met: Met) -> None:
        """Words of a few letters: the automaton would find each inside every tenth word."""
        starts = np.flatnonzero(wordly[:-1] & ~np.append(False, wordly[:-2]))
        lengths = np.flatnonzero(wordly[:-1] & ~wordly[1:]) + 1 - starts
        starts, lengths = starts[lengths <= _SHORT], lengths[lengths <= _SHORT]
        padded = np.append(codes, np.zeros(_SHORT, dtype=codes.dtype)).astype(np.int64)
        letters = np.zeros(len(starts), dtype=np.int64)
        for place in range(_SHORT):
            letters |= np.where(place < lengths, padded[starts + place], 0) << (8 * place)
        at = np.minimum(np.searchsorted(self._short, letters), len(self._short) - 1)
        is_one = self._short[at] == letters
        texts = joined.texts_at(starts[is_one])
        _add(met, texts, self._short_told[at[is_one], kinds[texts]])

    def _in_disguise(self, words: Words, kinds: Numbers, met: Met) -> None:
        odd = unordinary(words.different)
        if len(self._hidden) + len(odd) > _MOST_WORDS:
            self._hidden.clear()
        told = [self._hidden_in(words.different[at]) for at in odd]
        hiding = [at for at, found in zip(odd, told, strict=True) if found]
        if hiding:
            place = np.full(len(words.different), -1, dtype=np.int64)
            place[hiding] = np.arange(len(hiding))
            at = np.flatnonzero(place[words.word] >= 0)
            texts = words.text[at]
            _add(met, texts, self._table([found for found in told if found])[place[words.word[at]], kinds[texts]])

    def _hidden_in(self, word: str) -> _Told:
        known = self._hidden.get(word)
        if known is None:
            known = self._hidden[word] = self._told_by(self._lexicons.hidden_in(word))
        return known

    def _told_by(self, terms: Iterable[str]) -> _Told:
        """The needs that hidden terms meet; nothing where there are none."""
        asked = [_Asked(False, False, *one) for term in terms for one in self._disguised.get(term, ())]
        return self._said(asked, 0) if asked else ()

    def _said(self, asked: Iterable[_Asked], state: int) -> _Told:
        allowed = [one for one in asked if one.allows(state)]
        return tuple(
            reduce(or_, (one.bits for one in allowed if one.readers >> kind & 1), 0)
            for kind in range(self._readers.kinds)
        )

    def _table(self, told: Sequence[_Told]) -> npt.NDArray[np.uint64]:
        """The needs told, by saying, language and number."""
        return self._packed(list(chain.from_iterable(told))).reshape(len(told), self._readers.kinds, self._size)

    def _packed(self, bits: Sequence[int]) -> Met:
        size = self._size * _WIDTH // 8
        packed = b"".join([one.to_bytes(size, "little") for one in bits])
        return np.frombuffer(packed, dtype="<u8").reshape(-1, self._size)


#: Words of at most so many letters are looked for by themselves.
_SHORT = 3


def _is_short_word(text: str, asked: Iterable[_Asked]) -> bool:
    """Whether a string counts only as a whole word, of letters that stand for themselves in a column's codes."""
    if len(text) > _SHORT or not (text.isascii() and text.isalnum()):
        return False
    return all(one.whole_left and one.whole_right for one in asked)


def _letters_as_number(text: str) -> int:
    return int.from_bytes(text.encode("ascii"), "little")


def _add(met: Met, texts: Numbers, bits: Met) -> None:
    """Add needs to the texts that meet them; `texts` ascend."""
    if len(texts):
        first = np.flatnonzero(np.diff(texts, prepend=-1))
        met[texts[first]] |= np.bitwise_or.reduceat(bits, first, axis=0)


def _set_letter_by_letter(joined: Joined, plains: Sequence[str]) -> list[int]:
    """Texts with words written letter by letter, the one disguise that goes over several words."""
    codes = np.concatenate([joined.codes, np.zeros(4, dtype=np.uint8)])
    gap, letter = _GAPS[codes], _LETTERS[codes]
    alone = np.flatnonzero(gap[:-4] & letter[1:-3] & gap[2:-2])
    alone = alone[letter[alone + 3] | (gap[alone + 3] & letter[alone + 4])]
    texts = np.unique(joined.texts_at(alone)).tolist()
    return [text for text in texts if _TWO_LETTERS.search(plains[text])]


#: Two letters alone, one after the other; a link glued to the second hides what it begins with.
_TWO_LETTERS = re.compile(r"[ .\-_*/|][a-z][ .\-_*/|]{1,2}[a-z](?:(?![a-z0-9])|(?=https?://|www\.))")


_GAPS = np.zeros(256, dtype=np.bool_)
_GAPS[list(b" .-_*/|")] = True
_LETTERS = np.zeros(256, dtype=np.bool_)
_LETTERS[list(b"abcdefghijklmnopqrstuvwxyz")] = True
_WORDLY = np.array([chr(code).isalnum() for code in range(256)], dtype=np.bool_)


@cache
def _is_wordly(char: str) -> bool:
    return inside_word(char + "a", 1)


# --- a pack's needs -------------------------------------------------------------------------------------------------


class Screen:
    """The needs of several rules, compiled: literals are bits of a number, everything else a mask over the rows."""

    def __init__(self, needs: Mapping[str, tuple[tuple[Need, ...], ...] | None], lexicons: Lexicons) -> None:
        self._needs = needs
        self._bit_of: dict[Need, int] = {}
        self.stored = _Stored(need for each in needs.values() for way in each or () for need in way)
        readers = _Readers(language for languages in lexicons.names.values() for language in languages)
        found: dict[_Literal, int] = {}
        disguised: dict[str, list[tuple[int, int]]] = {}
        for need in dict.fromkeys(need for each in needs.values() for way in each or () for need in way):
            bit = 1 << len(self._bit_of)
            literals = list(_literals_of(need, lexicons, readers))
            for literal in literals:
                found[literal] = found.get(literal, 0) | bit
            if isinstance(need, Terms):
                for term, language in lexicons.disguised_of(need.lexicon, need.choice):
                    disguised.setdefault(term, []).append((readers.of_disguised(language), bit))
            if isinstance(need, (Terms, Names)) or literals:
                self._bit_of[need] = bit
        self.literals = Literals(found, lexicons, disguised, readers)

    def ways(self, rule_id: str) -> list[tuple[int, tuple[Need, ...]]] | None:
        """The alternatives of a rule: the bits all of which a row must have, and the needs left to ask the frame.

        None where the rule looks at every row.
        """
        ways = self._needs.get(rule_id)
        if ways is None or any(_is_blind(need, self._bit_of) for way in ways for need in way):
            return None
        return [self._way(way) for way in ways]

    def _way(self, way: tuple[Need, ...]) -> tuple[int, tuple[Need, ...]]:
        bits = 0
        for need in way:
            bits |= self._bit_of.get(need, 0)
        return bits, tuple(need for need in way if need not in self._bit_of)


class _Stored:
    """What is looked for in stored texts: which of them a pattern may match, told in one reading of a column."""

    def __init__(self, needs: Iterable[Need]) -> None:
        self._bit_of: dict[Raw, int] = {}
        found: dict[_Literal, int] = {}
        for need in dict.fromkeys(needs):
            # What is asked at the beginning only is asked faster than any string is looked for.
            if isinstance(need, Raw) and not need.opening and (required := required_literals(need.pattern)):
                self._bit_of[need] = 1 << len(self._bit_of)
                for text in map(lowered, required):
                    literal = _Literal(text)
                    found[literal] = found.get(literal, 0) | self._bit_of[need]
        self._literals = Literals(found, Lexicons([]), {}, _Readers())

    def met(self, low: Joined) -> Met:
        """The patterns each text may match, for `possible`; `low`: the `lowered` texts."""
        return self._literals.spelt(low, np.zeros(len(low.ends), dtype=np.int64))

    def possible(self, need: Raw, met: Met) -> Mask:
        """The texts a pattern may match."""
        if need not in self._bit_of:
            return np.ones(len(met), dtype=np.bool_)
        found: Mask = np.any(met & self._literals.mask(self._bit_of[need]), axis=1)
        return found


def _is_blind(need: Need, bit_of: Mapping[Need, int]) -> bool:
    """Whether nothing is known that the need cannot do without."""
    return isinstance(need, Said) and need not in bit_of


def _literals_of(need: Need, lexicons: Lexicons, readers: _Readers) -> Iterator[_Literal]:
    if isinstance(need, Terms):
        for sought in lexicons.terms_of(need.lexicon, need.choice):
            yield _Literal(sought.folded, True, sought.ends, readers.of(sought))
    elif isinstance(need, Names):
        for name in need.names:
            if folded := normal(name).strip():
                yield _Literal(folded, whole_left=True, whole_right=True)
    elif isinstance(need, Said):
        for literal in required_literals(need.pattern) or ():
            yield _Literal(literal)


# --- conditions several checks share --------------------------------------------------------------------------------


def has_items(name: str) -> Where:
    """Rows whose list column (`links`, `media`, `pictures`) holds anything."""
    return _HAS_ITEMS.setdefault(name, Where(lambda frame: [_any_in(items) for items in _column(frame, name)]))


def not_shown(what: str) -> Where:
    """Rows that were seen only where this (pictures, edits, deletions) never shows."""
    return Where(lambda frame: [hasattr(told, "__len__") and what in told for told in _column(frame, "unshown")])


def _any_in(items: Any) -> bool:
    return hasattr(items, "__len__") and len(items) > 0


def _column(frame: Any, name: str) -> Iterable[Any]:
    return frame[name] if name in frame.columns else [None] * len(frame)


# One object a name, so that several rules ask the frame once.
_HAS_ITEMS: dict[str, Where] = {}

#: Rows with links that only the platform's list names.
LISTED_LINKS = has_items("links")
#: Rows whose text holds, or whose platform lists, a link that may lead to the association.
OFFICIAL_LINKS = (NamedInContext(lambda context: context.official_domains), LISTED_LINKS)
