"""What the frames of `checks.menace` hear: wishes, regrets, calls, plans and prophecies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.attribution import is_attributed
from checks.base import Evidence, Row
from checks.menace import frames_of, is_worded
from checks.text import Text
from checks.threats.excused import KINDLY, is_excused
from checks.threats.harmless import certainty, is_safety
from checks.threats.places import possible

#: The groups of a frame that are shown.
_SHOWN = ("threat", "threat2")


def find_framed(row: Row) -> Iterator[Evidence]:
    """What the frames of `checks.menace` hear: wishes, regrets, calls, plans and prophecies."""
    text = row.text
    for frame in frames_of(text, possible(text)):
        for found in frame.pattern.finditer(text.words):
            if not is_worded(text):
                return
            start, end = _span_shown(found)
            excused = _is_excused_but_for_negation if frame.own_negation else is_excused
            if not excused(text, start, end) and not is_safety(text, start):
                yield row.evidence(start, end, frame.reason, frame.sure * certainty(row, start))


def _is_excused_but_for_negation(text: Text, start: int, end: int) -> bool:
    """For frames that are built of a negation themselves: "it is a pity that nobody shot him"."""
    return text.is_reported(start, end) or is_attributed(text, start) or bool(KINDLY.match(text.words, end))


def _span_shown(found: re.Match[str]) -> tuple[int, int]:
    """The span of the first of `_SHOWN` that took part."""
    spans = (found.span(name) for name in _SHOWN if name in found.re.groupindex)
    return next(span for span in spans if span[0] >= 0)
