"""Classes of words that patterns take: `{people}` in a pattern is any noun for people.

A pattern says how a sentence is built; which words fill it is data, in the files of this folder, a class an entry:

    # Nouns for people, by role, kind or contempt.
    people: child(ren), bab(y|ies), man, men, officer(s)

Words are divided by commas. `(s)` may stand there or not, of `(y|ies)` one must, `*` is any letters, and `{body}` any
word of another class. A pattern tries them in their order: where nothing after it decides, the longer of two that
begin alike comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from chapterwatch import strictyaml

_PLACE = re.compile(r"\{([a-z][a-z_]*)\}")
_INNERMOST = re.compile(r"\(([^()]+)\)")
#: Stand for the brackets of a group that is done, while groups around it are looked for.
_OPEN, _CLOSE = "\x01", "\x02"


def pattern(written: str, **parts: str) -> re.Pattern[str]:
    """A regular expression with its places filled, compiled; see `filled`."""
    return re.compile(filled(written, **parts))


def filled(written: str, **parts: str) -> str:
    """A regular expression with each `{name}` filled: by the part given, else by the class of that name.

    Raises `KeyError` for a place that nothing fills.
    """
    return _PLACE.sub(lambda place: parts[place[1]] if place[1] in parts else word_class(place[1]), written)


@cache
def word_class(name: str) -> str:
    """A regular expression for any word of a class. Raises `KeyError` where no file has it."""
    return rf"(?:{'|'.join(map(_spelt, entries(name)))})"


def entries(name: str) -> list[str]:
    """The words of a class as they are listed. Raises `KeyError` where no file has it."""
    return classes()[name].split(", ")


def spellings(name: str) -> frozenset[str]:
    """The words of a class spelt out: `her(s)` is two. For classes without `*` and places."""
    return frozenset(spelt for entry in entries(name) for spelt in _spelt_out(entry))


@cache
def classes() -> Mapping[str, str]:
    """Every class with its words, divided by a comma and a blank. Raises `ValueError` for a class listed twice."""
    found: dict[str, str] = {}
    for path in sorted(Path(__file__).parent.glob("*.yml")):
        listed = strictyaml.load(path).data
        if twice := found.keys() & listed:
            raise ValueError(f"{path.name}: listed before: {', '.join(sorted(twice))}")
        found |= {name: " ".join(words.split()) for name, words in listed.items()}
    return found


def _spelt(entry: str) -> str:
    spelt, count = entry.replace("*", r"\w+"), 1
    while count:
        spelt, count = _INNERMOST.subn(_group, spelt)
    return filled(spelt.replace(_OPEN, "(?:").replace(_CLOSE, ")"))


def _spelt_out(entry: str) -> Iterator[str]:
    found = _INNERMOST.search(entry)
    if found is None:
        yield entry
        return
    choices = found[1].split("|") if "|" in found[1] else (found[1], "")
    for choice in choices:
        yield from _spelt_out(entry[: found.start()] + choice + entry[found.end() :])


def _group(found: re.Match[str]) -> str:
    letters = found[1]
    if "|" in letters:
        return f"{_OPEN}{letters}{_CLOSE}"
    return f"{letters}?" if len(letters) == 1 else f"{_OPEN}{letters}{_CLOSE}?"
