"""Orders to hurt oneself in Italian that are the whole sentence: "Ammazzati!".

The same words are participles ("uomini ammazzati") and cracks in a wall ("crepa"), so only a sentence that says nothing
else is one. With more words they stand in the lexicon of threats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.base import Evidence, Row
from checks.threats.harmless import certainty
from checks.word_classes import pattern, spellings

#: Of which a text has one.
ITALIAN_ORDERS = tuple(sorted(spellings("kill_yourself_italian")))
_ORDER = pattern(
    r"(?:^|(?<=[.!?\n]))[\s\"]{0,3}(?:(?:ma|e|allora|dai|su|per favore),? )?(?P<threat>{kill_yourself_italian})"
    r"(?: (?:tu|te|va|pure|subito|presto|allora|anche tu))?(?=\s{0,3}(?:[.!]|$))"
)
#: "In bocca al lupo! Crepa!" is how luck is wished.
_LUCK = re.compile(r"(?<!\w)(?:lupo|balena)(?!\w)")


def find_italian_orders(row: Row) -> Iterator[Evidence]:
    """Orders that are a whole sentence, in a post in Italian."""
    text = row.text
    if row.language != "it" or _LUCK.search(text.words):
        return
    for found in _ORDER.finditer(text.words):
        start, end = found.span("threat")
        if not text.is_reported(start, end):
            yield row.evidence(start, end, "an order or condition with a threat", 0.8 * certainty(row, start))
