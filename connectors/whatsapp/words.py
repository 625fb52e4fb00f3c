"""What WhatsApp writes by itself, in its languages: `words.yml`, ready to be compared with."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from chapterwatch import strictyaml


class Words(BaseModel):
    """`words.yml`; what each list is for stands there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    am: frozenset[str]
    pm: frozenset[str]
    noon: frozenset[str]
    night: frozenset[str]
    joiners: frozenset[str]
    deleted: frozenset[str]
    edited: frozenset[str]
    omitted: frozenset[str]
    attached: frozenset[str]
    system: tuple[str, ...]


@cache
def words() -> Words:
    """The words. Raises `InvalidFiles` where the file is broken."""
    return strictyaml.validate(Words, strictyaml.load(Path(__file__).with_name("words.yml")))


def word_of(text: str) -> str:
    """A word for a half of the day as `words.yml` has it: letters and vowel signs only, lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc"})


def phrase_of(text: str) -> str:
    """A phrase as `words.yml` has it: one space between words, no marks of direction, no full stop."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(sign for sign in folded if unicodedata.category(sign) != "Cf").split()).rstrip(" .。।")
