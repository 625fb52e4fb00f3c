"""Where a pattern of threats may match: told for all of them in one reading of a text.

Most texts with a verb of violence hold no threat, and running every pattern over them would take most of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from checks.harm import DEED
from checks.literals import Index
from checks.menace import FRAMES
from checks.text import Text
from checks.word_classes import pattern

#: How far back from a verb its beginning is looked for; a post can be one sentence of 60,000 characters.
REACH = 200
_LOOKED_FOR = [DEED]


def looked_for(written: str, **parts: str) -> re.Pattern[str]:
    """A pattern of `checks.word_classes` that `finds` runs, entered in the index. To be called at import."""
    compiled = pattern(written, **parts)
    _LOOKED_FOR.append(compiled)
    return compiled


def finds(sought: re.Pattern[str], text: Text, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """What `finditer` gives for a part of a text's words, run only where the pattern may match the text."""
    if id(sought) in possible(text):
        yield from sought.finditer(text.words, start, len(text.words) if end is None else end)


@lru_cache(maxsize=16)
def possible(text: Text) -> frozenset[int]:
    """The patterns that were entered and the frames of `checks.menace` that may match a text, by `id`."""
    return _index().possible(text.words)


@cache
def _index() -> Index:
    return Index(_LOOKED_FOR, [(frame, frame.literals) for frame in FRAMES])
