"""What must occur in a text before a check can find anything: the first look that spares most rows the second.

A check declares what it needs (`checks.base.check(screen=…)`) as alternatives, each a need or several that must all be
met. Needs are sound: a row that meets no alternative has nothing for the check to find, so it is clean without being
prepared. A pack's needs are compiled into one `Screen`: every lexicon term, every name and the literals a pattern
cannot match without are looked for in one reading of a text's plain view.

Reading goes by words, not by characters. Posts repeat their words, so what a word between two blanks can be part of
is found out once and remembered; for a new post, taking the known idle words out of its set of words leaves few or
none to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ahocorasick

from checks.language import COMMONNESS
from checks.lexicons import Lexicons, inside_word, is_ordinary
from checks.literals import required_literals
from checks.text import Text, normal, prepare

# --- what a check may need ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """A term of a lexicon, in any language, disguised or not; only of these senses and weights where given."""

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


@dataclass(frozen=True)
class _Literal:
    """A string to look for; the flags say at which ends it must not go on as a word. `bits`: the needs it meets."""

    text: str
    whole_left: bool
    whole_right: bool
    bits: int

    def stands_in(self, plain: str) -> bool:
        """Whether it stands anywhere in a text."""
        at = plain.find(self.text)
        while at >= 0:
            if self.fits(plain, at):
                return True
            at = plain.find(self.text, at + 1)
        return False

    def fits(self, plain: str, at: int) -> bool:
        """Whether an occurrence at `at` keeps to the ends of words."""
        left = self.whole_left and inside_word(plain, at)
        return not left and not (self.whole_right and inside_word(plain, at + len(self.text)))


@dataclass(frozen=True)
class _Piece:
    """The word of a literal by which a text is noticed; a literal of one word is found by it alone."""

    literal: _Literal
    opens: bool
    closes: bool


@dataclass(frozen=True)
class _Seen:
    """What a word between blanks is: the needs it meets alone, and literals of several words it may be part of."""

    bits: int
    parts: tuple[_Literal, ...]


_RARE = min(COMMONNESS.values()) - 1
#: Words remembered before everything is forgotten and learned anew.
_MOST_WORDS = 300_000
_IDLE = _Seen(0, ())


class Literals:
    """Looks for many strings in a text, by its words."""

    def __init__(self, literals: Iterable[_Literal], lexicons: Lexicons, disguised: Mapping[str, int]) -> None:
        self._pieces: dict[str, list[_Piece]] = {}
        for literal in literals:
            self._add(literal)
        self._automaton = _automaton(self._pieces)
        self._lexicons = lexicons
        #: Folded terms that are also looked for in disguise, with the needs they meet.
        self._disguised = disguised
        self._idle: set[str] = set()
        self._busy: dict[str, _Seen] = {}

    def bits(self, plain: str, words: set[str], raw: str) -> int:
        """The needs a text meets. `words`: the different words of `plain` between blanks."""
        bits = 0
        for word in words - self._idle:
            seen = self._busy.get(word)
            if seen is None:
                seen = self._learn(word)
            bits |= seen.bits
            for literal in seen.parts:
                if literal.bits & ~bits and literal.stands_in(plain):
                    bits |= literal.bits
        return bits | self._spaced(plain, raw)

    def _add(self, literal: _Literal) -> None:
        words = literal.text.split()
        at = min(range(len(words)), key=lambda at: (COMMONNESS.get(words[at], _RARE), -len(words[at])))
        piece = _Piece(literal, opens=at == 0, closes=at == len(words) - 1)
        self._pieces.setdefault(words[at], []).append(piece)

    def _learn(self, word: str) -> _Seen:
        if len(self._idle) + len(self._busy) >= _MOST_WORDS:
            self._idle.clear()
            self._busy.clear()
        bits, parts = 0, []
        for piece in self._pieces_in(word):
            if piece.opens and piece.closes:
                bits |= piece.literal.bits
            else:
                parts.append(piece.literal)
        if not is_ordinary(word):
            bits |= self._hidden(self._lexicons.hidden_terms(Text(word, word)))
        if not bits and not parts:
            self._idle.add(word)
            return _IDLE
        seen = _Seen(bits, tuple(dict.fromkeys(parts)))
        self._busy[word] = seen
        return seen

    def _pieces_in(self, word: str) -> Iterator[_Piece]:
        for last, found in self._automaton.iter(word) if self._automaton else ():
            start, end = last - len(found) + 1, last + 1
            for piece in self._pieces[found]:
                left = (not piece.literal.whole_left or not inside_word(word, start)) if piece.opens else start == 0
                right = (
                    (not piece.literal.whole_right or not inside_word(word, end)) if piece.closes else end == len(word)
                )
                if left and right:
                    yield piece

    def _hidden(self, terms: Iterable[str]) -> int:
        bits = 0
        for term in terms:
            bits |= self._disguised.get(term, 0)
        return bits

    def _spaced(self, plain: str, raw: str) -> int:
        """Needs met by words written letter by letter, the one disguise that goes over several words."""
        if not self._disguised or not _TWO_LETTERS.search(plain):
            return 0
        return self._hidden(self._lexicons.hidden_terms(prepare(raw), spaced=True))


#: Two letters alone, one after the other; a link glued to the second hides what it begins with.
_TWO_LETTERS = re.compile(r"[ .\-_*/|][a-z][ .\-_*/|]{1,2}[a-z](?:(?![a-z0-9])|(?=https?://|www\.))")


def _automaton(pieces: Mapping[str, Any]) -> Any:
    if not pieces:
        return None
    automaton = ahocorasick.Automaton()
    for piece in pieces:
        automaton.add_word(piece, piece)
    automaton.make_automaton()
    return automaton


# --- a pack's needs -------------------------------------------------------------------------------------------------


class Screen:
    """The needs of several rules, compiled: literals are bits of a number, everything else a mask over the rows."""

    def __init__(self, needs: Mapping[str, tuple[tuple[Need, ...], ...] | None], lexicons: Lexicons) -> None:
        self._needs = needs
        self._bit_of: dict[Need, int] = {}
        self.unscreened: dict[str, Need] = {}
        found: dict[tuple[str, bool, bool], int] = {}
        disguised: dict[str, int] = {}
        for need in dict.fromkeys(need for each in needs.values() for way in each or () for need in way):
            bit = 1 << len(self._bit_of)
            literals = list(_literals_of(need, lexicons))
            for key in literals:
                found[key] = found.get(key, 0) | bit
            if isinstance(need, Terms):
                for term in lexicons.disguised_of(need.lexicon, need.choice):
                    disguised[term] = disguised.get(term, 0) | bit
            if isinstance(need, (Terms, Names)) or literals:
                self._bit_of[need] = bit
        self.literals = Literals((_Literal(*key, bits) for key, bits in found.items()), lexicons, disguised)

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


def _is_blind(need: Need, bit_of: Mapping[Need, int]) -> bool:
    """Whether nothing is known that the need cannot do without."""
    return isinstance(need, Said) and need not in bit_of


def _literals_of(need: Need, lexicons: Lexicons) -> Iterator[tuple[str, bool, bool]]:
    if isinstance(need, Terms):
        yield from lexicons.terms_of(need.lexicon, need.choice)
    elif isinstance(need, Names):
        for name in need.names:
            if folded := normal(name).strip():
                yield folded, True, True
    elif isinstance(need, Said):
        for literal in required_literals(need.pattern) or ():
            yield literal, False, False


# --- conditions several checks share --------------------------------------------------------------------------------


def has_items(name: str) -> Where:
    """Rows whose list column (`links`, `media`, `pictures`) holds anything."""
    return _HAS_ITEMS.setdefault(name, Where(lambda frame: [_any_in(items) for items in _column(frame, name)]))


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
