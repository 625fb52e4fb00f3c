"""What is done to people in more than a word: "throw her off a cliff"."""

from __future__ import annotations

from collections.abc import Iterator

from checks.base import Evidence, Row
from checks.harm import DEED
from checks.threats.announced import joins, openings
from checks.threats.excused import is_excused
from checks.threats.harmless import certainty
from checks.threats.orders import opens_clause
from checks.threats.places import finds


def find_deeds(row: Row, sentence: tuple[int, int]) -> Iterator[Evidence]:
    """What is done to people in more than a word ("throw her off a cliff"), as an order, a plan or a call."""
    text = row.text
    deeds = list(finds(DEED, text, *sentence))
    opened = openings(text, sentence) if deeds else []
    for deed in deeds:
        near = [
            (left, base)
            for left, right, base in opened
            if right <= deed.start() and joins(text.words[right : deed.start()])
        ]
        if not (near or opens_clause(text, sentence[0], deed.start())) or is_excused(text, deed.start(), deed.end()):
            continue
        left, base = near[-1] if near else (deed.start(), 0.6)
        yield row.evidence(left, deed.end(), "a violent act against somebody", base * certainty(row, left))
