"""The hostile words of a text, whether they are meant, and what came of them for a group."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.hostility.groups import Group
from checks.lexicons import Hit
from checks.text import Text

#: "were murdered": told of those who suffered it; "should be murdered" is something else.
_SUFFERED = re.compile(
    r"(?<![\w'])(?:was|were|been|being|got|get|gets|are|is)(?: \w+ly| often| still| once| never)?\s+$"
)
_DONE = re.compile(r"(?:\w+(?:ed|en)|shot|hung|beat|burnt|put down)$")


#: Signs before what is said of a group that are no part of it.
LOOSE = ' .!?:;,\n"('


@dataclass(frozen=True)
class Said:
    """Something hostile said of a group: the span from the first to the last of its words, and how sure it is."""

    start: int
    end: int
    group: Group
    confidence: float
    #: Where it begins with "I don't think": the place of the group, since that much is no word against it.
    thought_until: int | None = None


class Predicates:
    """The hostile predicates found in a text, to ask what begins or ends at a place."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._starts: dict[int, Hit] = {}
        self._ends: dict[int, Hit] = {}
        for hit in hits:
            self._starts[hit.start], self._ends[hit.end] = hit, hit

    def at(self, start: int) -> Hit | None:
        """The predicate that begins at a place."""
        return self._starts.get(start)

    def ending(self, end: int) -> Hit | None:
        """The predicate that ends at a place."""
        return self._ends.get(end)


def is_hostile(text: Text, hit: Hit) -> bool:
    """Whether a hostile word is meant: not somebody else's, not denied; what is good to be, only where it is denied."""
    if text.is_reported(hit.start, hit.end):
        return False
    if _SUFFERED.search(text.words[max(0, hit.start - 24) : hit.start]) and _DONE.search(
        text.words[hit.start : hit.end]
    ):
        return False
    return text.is_negated(hit.start) is (hit.sense == "denied")
