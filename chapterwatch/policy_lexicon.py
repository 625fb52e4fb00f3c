"""Lexicons of a pack: terms of one language, written out or as frames that stand for many.

A pack's frames can be filled in some three hundred thousand ways. Kept are the frames; the terms are made anew whenever
they are asked for, so a pack that is loaded takes no more memory than its files. Whoever looks for the terms need not
write them all out either: a frame that stands for very many is handed out as its two halves (`Lexicon.parts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from operator import itemgetter
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator


class Term(NamedTuple):
    """One term of a lexicon, its frame filled."""

    term: str
    #: Free word the check knows: a topic, a sense, a target group.
    sense: str | None
    #: 0..1, how telling the term is alone.
    weight: float


class Halves(NamedTuple):
    """The terms of one frame, as what they begin and what they end with: every pair, a blank between, is a term."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    sense: str | None
    weight: float


class Frame(BaseModel):
    """One entry of a lexicon as it is written: a term, or a frame with slots that stands for many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    sense: str | None = None
    weight: float = Field(default=1.0, ge=0, le=1)


_Written = TypeVar("_Written", Frame, str)


def _fillable(written: _Written, info: ValidationInfo) -> _Written:
    _choices(written.term if isinstance(written, Frame) else written, info.data.get("classes", {}))
    return written


class Lexicon(BaseModel):
    """A list of terms of one language with its origin and licence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    language: str
    origin: str
    licence: str
    #: Words that take each other's place: `{a|b}` in a term or an exception stands for either, `{name}` for every word
    #: of the class of this name, `{|very}` for "very" or nothing. First, for what follows is filled with them.
    classes: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    #: As they are written; `terms` are the frames filled.
    frames: tuple[Annotated[Frame, AfterValidator(_fillable)], ...] = Field(alias="terms")
    #: As they are written; `exceptions` are these filled.
    phrases: tuple[Annotated[str, AfterValidator(_fillable)], ...] = Field(default=(), alias="exceptions")

    @field_validator("frames", mode="before")
    @classmethod
    def _plain_terms(cls, entries: Any) -> Any:
        if not isinstance(entries, list):
            return entries
        return [{"term": entry} if isinstance(entry, str) else entry for entry in entries]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, in the order of the file: a term for every way its frame can be filled."""
        return tuple(self._terms())

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Phrases inside which a term does not count: place names, medical words, idioms."""
        return tuple(phrase for written in self.phrases for phrase in filled(written, self.classes))

    def parts(self) -> Iterator[Term | Halves]:
        """The same terms in the same order, those of a frame that stands for very many as its halves."""
        for frame in self.frames:
            halves = _halved(frame.term, self.classes)
            if halves is None:
                yield from _terms_of(frame, self.classes)
            else:
                yield Halves(*halves, frame.sense, frame.weight)

    def _terms(self) -> Iterator[Term]:
        for frame in self.frames:
            yield from _terms_of(frame, self.classes)


def _terms_of(frame: Frame, classes: Mapping[str, Sequence[str]]) -> Iterator[Term]:
    for term in filled(frame.term, classes):
        yield Term(term, frame.sense, frame.weight)


_SLOT = re.compile(r"\{([^{}]*)\}")
#: A frame that says more than this is a mistake, and would fill the memory.
_MOST_FILLED = 20_000


def filled(frame: str, classes: Mapping[str, Sequence[str]]) -> list[str]:
    """Every way to fill the slots of a frame, in order; a term without slots as it is.

    Raises:
        ValueError: a slot names no class or is not closed, or the frame says too much.
    """
    if "{" not in frame:
        return [frame]
    return list(_joined(_choices(frame, classes)))


def _joined(choices: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One of each piece, one behind the other, in every way; no way twice, no blank doubled."""
    return tuple(dict.fromkeys(" ".join("".join(words).split()) for words in product(*choices)))


#: A frame that stands for fewer terms is written out: halves are looked up in two steps.
_MANY = 64
#: Halves have to be fewer than the terms by this factor to be worth it.
_WORTH = 4
#: One half has no string shorter than this: a text is read for that half, and short words stand everywhere.
_TELLING = 8


def _halved(frame: str, classes: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The fewest halves a frame can be cut into at a blank of its own; None where it is better written out."""
    choices = _choices(frame, classes)
    ways = prod(map(len, choices))
    if ways < _MANY:
        return None
    counted = ((prod(map(len, left)) + prod(map(len, right)), left, right) for left, right in _cuts(choices))
    worth = sorted((cut for cut in counted if cut[0] * _WORTH <= ways), key=itemgetter(0))
    halves = ((_joined(left), _joined(right)) for _, left, right in worth)
    return next(filter(_can_be_looked_for, halves), None)


_Pieces = Sequence[Sequence[str]]


def _cuts(choices: _Pieces) -> Iterator[tuple[_Pieces, _Pieces]]:
    """What stands before and behind each blank that is written between slots."""
    for at in range(0, len(choices), 2):
        (written,) = choices[at]
        for blank in (place for place, char in enumerate(written) if char == " "):
            yield [*choices[:at], (written[:blank],)], [(written[blank + 1 :],), *choices[at + 1 :]]


def _can_be_looked_for(halves: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Whether no half is empty (the blank between would be none) and one of them is telling."""
    shortest = [min(map(len, half)) for half in halves]
    return min(shortest) > 0 and max(shortest) >= _TELLING


def _choices(frame: str, classes: Mapping[str, Sequence[str]]) -> list[Sequence[str]]:
    """The pieces of a frame, one behind the other, each with what may stand there."""
    if "{" not in frame:
        return [(frame,)]
    pieces = _SLOT.split(frame)
    if any(brace in piece for piece in pieces[::2] for brace in "{}"):
        raise ValueError(f"{frame!r} has a brace alone; write slots as {{a|b}} or {{name}}")
    choices = [_words_for(piece, classes, frame) if at % 2 else (piece,) for at, piece in enumerate(pieces)]
    ways = prod(map(len, choices))
    if ways > _MOST_FILLED:
        raise ValueError(f"{frame!r} can be filled in {ways} ways; use fewer or smaller classes")
    return choices


def _words_for(slot: str, classes: Mapping[str, Sequence[str]], frame: str) -> Sequence[str]:
    if "|" in slot:
        return [word for part in slot.split("|") for word in classes.get(part, [part])]
    if slot not in classes:
        raise ValueError(f"{frame!r} names no class {slot!r}; add it under classes or write {{a|b}}")
    return [str(word) for word in classes[slot]]
