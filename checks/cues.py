"""What several text checks ask of a sentence: whom it names, whom it addresses, what kind of clause it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

from checks.base import Context
from checks.lexicons import Hit
from checks.text import MASK, Text, normal
from checks.word_classes import entries

#: A masked handle in `Text.words`.
MENTION = rf"@{MASK}+"
#: Whoever is spoken to, in any form, and where it stands; "you've" holds one.
FORMS_OF_YOU = ("you", "your", "yours", "you're", "youre", "ur", "u", "y'all", "yourself")
YOU = re.compile(rf"(?<![\w'{MASK}])(?:{'|'.join(FORMS_OF_YOU)})(?![\w{MASK}])")
#: Where one clause hands over to another that may be about something else.
CLAUSE_BREAK = re.compile(
    r"[;:]| - "
    r"|, (?:but|yet|while|so|and|because|though|although|which)\b"
    r"|\b(?:but|however|despite|although|though|whereas|while|instead of|rather than)\b"
)
#: Legal and trade words that a partner's everyday name leaves off.
_TRADE_WORDS = frozenset(entries("trade_words"))
#: First words too common to stand for a company.
_COMMON_FIRST_WORDS = frozenset(entries("common_first_words"))
_SHORT_NAME = 5


@dataclass(frozen=True)
class Named:
    """Somebody or something of the roster found in a text: the span counts characters of `Text.plain`."""

    start: int
    end: int
    name: str
    #: association, partner, person
    kind: str


def named(text: Text, context: Context, kinds: Iterable[str]) -> list[Named]:
    """Every mention of the roster's names of these kinds (association, partner, person), in text order."""
    return _named(text, context, frozenset(kinds))


# Checks ask once per hit, and a post can have thousands.
@lru_cache(maxsize=64)
def _named(text: Text, context: Context, wanted: frozenset[str]) -> list[Named]:
    found = [
        Named(match.start(), match.end(), name, kind)
        for kind, name, whole in _patterns(context)
        if kind in wanted
        for match in _matches(whole, text)
        # An acronym in small letters is a word ("ala carte").
        if not name.isupper() or text.cut(match.start(), match.end()).isupper()
    ]
    return sorted(set(found), key=lambda item: (item.start, -item.end, item.name))


def _matches(whole: re.Pattern[str], text: Text) -> Iterator[re.Match[str]]:
    # Handles are masked in `words`, so a handle of the roster is looked for where it can be seen.
    source = text.plain if whole.pattern.startswith("(?<!\\w)@") else text.words
    return whole.finditer(source)


@lru_cache(maxsize=256)
def _patterns(context: Context) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    names = [
        *(("association", name) for name in association_names(context)),
        *(("partner", alias) for name in context.partners for alias in _partner_names(name)),
        *(("person", alias) for name in context.people for alias in _person_names(name)),
    ]
    return tuple((kind, name, _whole(name)) for kind, name in names)


def lists_nobody(context: Context, kinds: Iterable[str] = ("person",)) -> str | None:
    """The reason for not judging where the association lists none of these (person, partner), and they are all one has.

    A chapter's officers are looked for all the same, but they are a few of those whom a post may be about.
    """
    listed = {"person": context.roster_names, "partner": context.partners}
    wanted = set(kinds)
    return "no_roster_names" if wanted and wanted <= listed.keys() and not any(map(listed.get, wanted)) else None


def spoken_names(context: Context, kinds: Iterable[str]) -> tuple[str, ...]:
    """What `named` looks for: the roster's names of these kinds, as they may be said."""
    wanted = frozenset(kinds)
    return tuple(name for kind, name, _ in _patterns(context) if kind in wanted)


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(normal(name))}(?!\w)")


@lru_cache(maxsize=256)
def association_names(context: Context) -> tuple[str, ...]:
    """The association's name, its capitals as an acronym, it without "International", and what the policy calls it."""
    name = context.association
    capitals = "".join(word[0] for word in re.findall(r"[A-Z][\w'-]*", name))
    names = [name]
    if len(capitals) > 2:  # noqa: PLR2004 - two letters are a word too often
        names.append(capitals)
    if name.endswith(" International"):
        names += [name.removesuffix(" International"), capitals[:-1]]
    return tuple(dict.fromkeys(each for each in (*names, *context.also_called) if len(each) > 2))  # noqa: PLR2004


def _partner_names(name: str) -> list[str]:
    words = name.split()
    kept = [word for word in words if normal(word).strip(".,") not in _TRADE_WORDS]
    short = " ".join(kept)
    distinct = len(short) >= _SHORT_NAME and normal(short) not in _COMMON_FIRST_WORDS
    return list(dict.fromkeys([name, short])) if distinct else [name]


def _person_names(name: str) -> list[str]:
    if name.startswith("@") or " " not in name:
        return [name]
    last = name.rsplit(" ", 1)[-1]
    return [name, last] if len(last) > _SHORT_NAME else [name]


def in_span(hits: Sequence[Hit], span: tuple[int, int]) -> list[Hit]:
    """The hits, given in text order, that stand inside a span."""
    first = bisect_left(hits, span[0], key=attrgetter("start"))
    last = bisect_right(hits, span[1], key=attrgetter("start"))
    return [hit for hit in hits[first:last] if hit.end <= span[1]]


def following(hits: Sequence[Hit], place: int, reach: int) -> Hit | None:
    """The first of hits, given in text order, that begins at a place or at most `reach` characters after it."""
    at = bisect_left(hits, place, key=attrgetter("start"))
    return hits[at] if at < len(hits) and hits[at].start - place <= reach else None


def clauses(text: Text, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The clauses of a sentence, split where another subject may take over."""
    start, end = span
    edges = [start, *(start + found.start() for found in CLAUSE_BREAK.finditer(text.words[start:end])), end]
    return [(left, right) for left, right in pairwise(edges) if left < right]
