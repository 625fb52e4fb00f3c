"""What a finder gives: a span, its kind, how sure it is; and how overlapping spans are settled."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter

#: A web address, in which numbers and @ are nobody's data.
URL = re.compile(r"\bhttps?://[^\s<>\"]{1,2000}|\bwww\.[^\s<>\"]{1,2000}", re.IGNORECASE)

#: From here on a span is taken for what its kind says; below stand look-alikes and what offices publish, for scores.
LIKELY = 0.5
#: Right in form, but nobody's private data as far as the words beside it tell: a help line, an office, a role mailbox.
UNLIKELY = 0.35


class Kind(StrEnum):
    """What sort of personal data a span is; the value is the word a report prints."""

    PHONE = "phone number"
    EMAIL = "e-mail address"
    ADDRESS = "street address"
    BIRTH_DATE = "birth date"
    ID_NUMBER = "id number"
    CARD = "card number"
    BANK_ACCOUNT = "bank account"
    SSN = "social security number"
    IP_ADDRESS = "IP address"
    HEALTH = "health detail"

    @property
    def with_article(self) -> str:
        """The word in a sentence: an e-mail address, a phone number."""
        return f"{'an' if self.value[0] in 'aeiouI' else 'a'} {self.value}"


@dataclass(frozen=True, order=True)
class Span:
    """One piece of personal data: half-open code points of the text, and how sure the finder is (0..1)."""

    start: int
    end: int
    kind: Kind = field(compare=False)
    confidence: float = field(compare=False, default=0.9)


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with every span blacked out, character for character, so that other spans stay true."""
    characters = list(text)
    for span in spans:
        for place in range(span.start, min(span.end, len(characters))):
            if not characters[place].isspace():
                characters[place] = "█"
    return "".join(characters)


def first_wins(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans without those that overlap an earlier one of the sequence."""
    taken: list[Span] = []
    for span in spans:
        # What is taken is kept in text order and does not overlap, so only the two neighbours can.
        at = bisect_left(taken, span.start, key=attrgetter("start"))
        free = (at == 0 or taken[at - 1].end <= span.start) and (at == len(taken) or span.end <= taken[at].start)
        if free:
            taken.insert(at, span)
            yield span


def within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies in one of the spans."""
    return any(start <= place < end for start, end in spans)
