"""Lexicons of a pack: terms of one language, written out or as frames that stand for many.

A pack's frames can be filled in some two hundred thousand ways. Kept are the frames; the terms are made anew whenever
they are asked for, so a pack that is loaded takes no more memory than its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Term(NamedTuple):
    """One term of a lexicon, its frame filled."""

    term: str
    #: Free word the check knows: a topic, a sense, a target group.
    sense: str | None
    #: 0..1, how telling the term is alone.
    weight: float


class Frame(BaseModel):
    """One entry of a lexicon as it is written: a term, or a frame with slots that stands for many."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str
    sense: str | None = None
    weight: float = Field(default=1.0, ge=0, le=1)


class Lexicon(BaseModel):
    """A list of terms of one language with its origin and licence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    language: str
    origin: str
    licence: str
    #: As they are written; `terms` are the frames filled.
    frames: tuple[Frame, ...] = Field(alias="terms")
    #: Phrases inside which a term does not count: place names, medical words, idioms.
    exceptions: tuple[str, ...] = ()
    #: Words that take each other's place: `{a|b}` in a term or an exception stands for either, `{name}` for every word
    #: of the class of this name, `{|very}` for "very" or nothing.
    classes: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("frames", mode="before")
    @classmethod
    def _plain_terms(cls, entries: Any) -> Any:
        if not isinstance(entries, list):
            return entries
        return [{"term": entry} if isinstance(entry, str) else entry for entry in entries]

    @model_validator(mode="before")
    @classmethod
    def _filled_exceptions(cls, data: Any) -> Any:
        exceptions = data.get("exceptions") if isinstance(data, dict) else None
        if not (isinstance(exceptions, list) and any("{" in str(phrase) for phrase in exceptions)):
            return data
        classes = data.get("classes") or {}
        return {**data, "exceptions": [plain for phrase in exceptions for plain in filled(str(phrase), classes)]}

    @model_validator(mode="after")
    def _can_be_filled(self) -> Self:
        for frame in self.frames:
            _choices(frame.term, self.classes)
        return self

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, in the order of the file: a term for every way its frame can be filled."""
        return tuple(self._terms())

    def _terms(self) -> Iterator[Term]:
        for frame in self.frames:
            for term in filled(frame.term, self.classes):
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
    return list(dict.fromkeys(" ".join("".join(words).split()) for words in product(*_choices(frame, classes))))


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
