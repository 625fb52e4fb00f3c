"""What must occur in a text before a check can find anything: the first look that spares most rows the second.

A check declares what it needs (`checks.base.check(screen=…)`) as alternatives, each a need or several that must all be
met. Needs are sound: a row that meets no alternative has nothing for the check to find, so it is clean without being
prepared. A pack's needs are compiled into one `Screen`: every lexicon term, every name and the literals a pattern
cannot match without are looked for in one reading of a text's plain view.

Reading goes by words, not by characters. Posts repeat their words, so what a word between two blanks can be part of
is found out once and remembered; a column is read as the numbers of its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import ahocorasick
import numpy as np
import numpy.typing as npt

from checks.language import COMMONNESS
from checks.lexicons import Lexicons, inside_word, unordinary
from checks.literals import required_literals
from checks.text import Text, normal, prepare
from checks.vocabulary import Joined, Words, words_of

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
    opens: bool = True
    closes: bool = True
    #: The words of the literal on both sides.
    before: str = ""
    behind: str = ""

    def stands_at(self, word: str, start: int, end: int) -> bool:
        """Whether an occurrence in a word between blanks can be this piece."""
        left = (not self.literal.whole_left or not inside_word(word, start)) if self.opens else start == 0
        right = (not self.literal.whole_right or not inside_word(word, end)) if self.closes else end == len(word)
        return left and right


@dataclass(frozen=True)
class _Seen:
    """What a word between blanks is: the needs it meets alone, and literals of several words it may be part of.

    The latter by how the word behind begins or the one before ends, whichever they have.
    """

    bits: int
    behind: Mapping[str, Sequence[_Literal]]
    before: Mapping[str, Sequence[_Literal]]

    def parts(self, before: str, behind: str) -> Iterator[_Literal]:
        """The literals the word may be part of between these two."""
        # A literal's neighbouring word may have one letter only.
        for key in dict.fromkeys((behind[:2], behind[:1])) if self.behind else ():
            yield from self.behind.get(key, ())
        for key in dict.fromkeys((before[-2:], before[-1:])) if self.before else ():
            yield from self.before.get(key, ())


_RARE = min(COMMONNESS.values()) - 1
#: Words remembered before everything is forgotten and learned anew.
_MOST_WORDS = 300_000
_RUN = re.compile(r"[^\W_]+")
#: Needs are kept in numbers of this many bits.
_WIDTH = 64
#: Which needs each of some texts meets: a row a text, a bit a need.
Met = npt.NDArray[np.uint64]


class Literals:
    """Looks for many strings in many texts, by their words."""

    def __init__(self, literals: Iterable[_Literal], lexicons: Lexicons, disguised: Mapping[str, int]) -> None:
        #: Pieces that are a whole run of letters and digits wherever they stand; the others have to be searched for.
        self._whole: dict[str, list[_Piece]] = {}
        self._loose: dict[str, list[_Piece]] = {}
        most = 0
        for literal in literals:
            most = max(most, literal.bits.bit_length())
            self._add(literal)
        for bits in disguised.values():
            most = max(most, bits.bit_length())
        self._size = max(1, -(-most // _WIDTH))
        self._search = _automaton(self._loose)
        self._search_all = _automaton({**self._whole, **self._loose})
        self._lexicons = lexicons
        #: Folded terms that are also looked for in disguise, with the needs they meet.
        self._disguised = disguised
        self._idle: set[str] = set()
        self._busy: dict[str, _Seen] = {}

    def bits(self, plain: str, raw: str) -> int:
        """The needs one text meets."""
        met = self.met([plain], words_of([plain]), [raw])
        return int.from_bytes(met.tobytes(), "little")

    def met(self, plains: Sequence[str], words: Words, raws: Sequence[str | None]) -> Met:
        """The needs each of many texts meets. `plains`: their plain view; `words`: of it; `raws`: as stored."""
        self._learn(words.different)
        met = np.zeros((len(plains), self._size), dtype=np.uint64)
        seen = [self._busy.get(word) for word in words.different]
        self._alone(seen, words, met)
        self._in_parts(seen, words, plains, met)
        for text in self._set_letter_by_letter(plains) if self._disguised else ():
            hidden = self._lexicons.hidden_terms(prepare(raws[text] or ""), spaced=True)
            met[text] |= self.mask(self._hidden(hidden))
        return met

    def mask(self, bits: int) -> Met:
        """Needs as one row of `met`."""
        return self._packed([bits]).reshape(-1)

    def _alone(self, seen: Sequence[_Seen | None], words: Words, met: Met) -> None:
        packed = self._packed([one.bits if one else 0 for one in seen])
        is_busy = np.array([bool(one and one.bits) for one in seen], dtype=np.bool_)
        busy = np.flatnonzero(is_busy[words.word])
        if len(busy):
            texts = words.text[busy]
            first = np.flatnonzero(np.diff(texts, prepend=-1))
            met[texts[first]] |= np.bitwise_or.reduceat(packed[words.word[busy]], first, axis=0)

    def _in_parts(self, seen: Sequence[_Seen | None], words: Words, plains: Sequence[str], met: Met) -> None:
        many = np.array([bool(one and (one.behind or one.before)) for one in seen], dtype=np.bool_)
        places = np.flatnonzero(many[words.word])
        # A word of the neighbouring text does no harm: the whole literal is then looked for in the own one.
        word, last = words.word, len(words.word) - 1
        near = zip(
            words.text[places].tolist(),
            word[places].tolist(),
            word[np.maximum(places - 1, 0)].tolist(),
            word[np.minimum(places + 1, last)].tolist(),
            strict=True,
        )
        different = words.different
        behind_of = [one.behind if one else {} for one in seen]
        before_of = [one.before if one else {} for one in seen]
        for text, own, before, behind in near:
            # Most neighbours are strangers; asked here, they cost no call.
            known, other, left, right = behind_of[own], before_of[own], different[before], different[behind]
            if right[:2] in known or right[:1] in known or left[-2:] in other or left[-1:] in other:
                one = seen[own]
                for literal in one.parts(left, right) if one else ():
                    if literal.stands_in(plains[text]):
                        met[text] |= self.mask(literal.bits)

    def _packed(self, bits: Sequence[int]) -> Met:
        size = self._size * _WIDTH // 8
        packed = b"".join([one.to_bytes(size, "little") for one in bits])
        return np.frombuffer(packed, dtype="<u8").reshape(-1, self._size)

    def _add(self, literal: _Literal) -> None:
        words = literal.text.split()
        at = min(range(len(words)), key=lambda at: (COMMONNESS.get(words[at], _RARE), -len(words[at])))
        before, behind = (words[at - 1] if at else ""), (words[at + 1] if at + 1 < len(words) else "")
        piece = _Piece(literal, opens=not before, closes=not behind, before=before, behind=behind)
        is_bounded = (literal.whole_left or not piece.opens) and (literal.whole_right or not piece.closes)
        pieces = self._whole if words[at].isalnum() and words[at].isascii() and is_bounded else self._loose
        pieces.setdefault(words[at], []).append(piece)

    def _learn(self, words: Sequence[str]) -> None:
        new = [word for word in words if word not in self._idle and word not in self._busy]
        if len(self._idle) + len(self._busy) + len(new) > _MOST_WORDS:
            self._idle.clear()
            self._busy.clear()
            new = list(words)
        found: dict[str, list[_Piece]] = {}
        for word, piece in chain(self._runs_in(new), self._searched_in(new)):
            found.setdefault(word, []).append(piece)
        for word in unordinary(new) if self._disguised else ():
            if bits := self._hidden(self._lexicons.hidden_terms(Text(word, word))):
                found.setdefault(word, []).append(_Piece(_Literal(word, True, True, bits)))
        self._busy |= {word: _seen(pieces) for word, pieces in found.items()}
        self._idle.update(word for word in new if word not in found)

    def _runs_in(self, words: Iterable[str]) -> Iterator[tuple[str, _Piece]]:
        """Pieces that are a whole run of letters and digits in a word of ASCII."""
        known = self._whole
        for word in words:
            if word.isalnum():
                if word in known and word.isascii():
                    yield from ((word, piece) for piece in known[word])
            elif word.isascii():
                for run in _RUN.finditer(word):
                    for piece in known.get(run.group(), ()):
                        if (piece.opens or run.start() == 0) and (piece.closes or run.end() == len(word)):
                            yield word, piece

    def _searched_in(self, words: Sequence[str]) -> Iterator[tuple[str, _Piece]]:
        """Pieces that have to be searched for: in ASCII those that may be part of a run, elsewhere all."""
        ascii_only = [word for word in words if word.isascii()]
        others = [word for word in words if not word.isascii()]
        for automaton, own in ((self._search, ascii_only), (self._search_all, others)):
            if automaton is None or not own:
                continue
            joined = Joined(own)
            hits = list(automaton.iter(joined.whole))
            lasts = np.fromiter((last for last, _ in hits), dtype=np.int64, count=len(hits))
            for (last, piece_text), at in zip(hits, joined.texts_at(lasts).tolist(), strict=True):
                word = own[at]
                end = last + 1 - (int(joined.ends[at]) - len(word))
                wholes = self._whole.get(piece_text, ()) if own is others else ()
                for piece in chain(self._loose.get(piece_text, ()), wholes):
                    if piece.stands_at(word, end - len(piece_text), end):
                        yield word, piece

    def _hidden(self, terms: Iterable[str]) -> int:
        bits = 0
        for term in terms:
            bits |= self._disguised.get(term, 0)
        return bits

    def _set_letter_by_letter(self, plains: Sequence[str]) -> list[int]:
        """Texts with words written letter by letter, the one disguise that goes over several words."""
        joined = Joined(plains)
        codes = np.concatenate([joined.codes, np.zeros(4, dtype=np.uint8)])
        gap, letter = _GAPS[codes], (codes >= ord("a")) & (codes <= ord("z"))
        alone = gap[:-4] & letter[1:-3] & gap[2:-2] & (letter[3:-1] | (gap[3:-1] & letter[4:]))
        texts = np.unique(joined.texts_at(np.flatnonzero(alone))).tolist()
        return [text for text in texts if _TWO_LETTERS.search(plains[text])]


def _seen(pieces: Sequence[_Piece]) -> _Seen:
    bits = 0
    behind: dict[str, list[_Literal]] = {}
    before: dict[str, list[_Literal]] = {}
    for piece in dict.fromkeys(pieces):
        if piece.opens and piece.closes:
            bits |= piece.literal.bits
        elif piece.behind:
            behind.setdefault(piece.behind[:2], []).append(piece.literal)
        else:
            before.setdefault(piece.before[-2:], []).append(piece.literal)
    return _Seen(bits, behind, before)


#: Two letters alone, one after the other; a link glued to the second hides what it begins with.
_TWO_LETTERS = re.compile(r"[ .\-_*/|][a-z][ .\-_*/|]{1,2}[a-z](?:(?![a-z0-9])|(?=https?://|www\.))")


_GAPS = np.zeros(256, dtype=np.bool_)
_GAPS[list(b" .-_*/|")] = True


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
