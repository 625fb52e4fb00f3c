"""Many strings, looked for in a text all at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

from checks.vocabulary import Joined, Mask

#: Halves of characters that JSON escapes can bring along; they have no UTF-8.
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NO_STRING = "\ufffd"


class Automaton:
    """An Aho-Corasick automaton: a text is read once, whatever the number of strings.

    It lies in one piece of memory. The one of a thousand megabytes that would be faster still is not worth them.
    """

    def __init__(self, strings: Sequence[str]) -> None:
        self._found = (
            AhoCorasick(strings, implementation=Implementation.ContiguousNFA, store_patterns=False) if strings else None
        )

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Every place of every string, overlapping ones too: which string, where it begins and where it ends.

        By ascending end; places count code points.
        """
        if self._found is None:
            return []
        try:
            return self._found.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            return self._found.find_matches_as_indexes(_SURROGATES.sub(_NO_STRING, text), overlapping=True)


class Lists:
    """Several lists of strings, looked for in many texts in one reading."""

    def __init__(self, *lists: Sequence[str]) -> None:
        self._automaton = Automaton([string for strings in lists for string in strings])
        self._list_of = [at for at, strings in enumerate(lists) for _ in strings]
        self._lists = len(lists)

    def held(self, texts: Joined) -> list[Mask]:
        """For each list the texts that hold one of its strings."""
        places: list[list[int]] = [[] for _ in range(self._lists)]
        for which, start, _ in self._automaton.find(texts.whole):
            places[self._list_of[which]].append(start)
        return [texts.reached(np.array(starts, dtype=np.int64)) for starts in places]
