"""What exports call the account's particulars, in their languages: `words.yml`, ready to be compared with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from chapterwatch import strictyaml


class Words(BaseModel):
    """`words.yml`; what each list is for stands there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: frozenset[str]
    name: frozenset[str]
    bio: frozenset[str]
    website: frozenset[str]
    private: frozenset[str]
    affirmed: frozenset[str]


@cache
def words() -> Words:
    """The words. Raises `InvalidFiles` where the file is broken."""
    return strictyaml.validate(Words, strictyaml.load(Path(__file__).with_name("words.yml")))


def ours_of(key: str) -> str | None:
    """Our word for a particular of the account: username, name, bio, website or private; None for any other."""
    word = key.strip().casefold()
    return next((ours for ours in ("username", "name", "bio", "website", "private") if word in _folded(ours)), None)


def is_affirmed(value: str) -> bool:
    """Whether a particular says yes."""
    return value.strip().casefold() in _folded("affirmed")


@cache
def _folded(ours: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in getattr(words(), ours))
