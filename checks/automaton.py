"""Many strings, looked for in a text all at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, Implementation

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
