"""Phone numbers in words, as people write who hide them from machines: "five five five, oh one two three"."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.personal_data.phones import is_cued, is_of_an_office
from checks.personal_data.published import NOTHING_ALLOWED, Allowed, is_published_phone
from checks.personal_data.spans import UNLIKELY, Kind, Span
from checks.word_classes import entries, filled

#: One of these stands in nearly every such number and in few other texts; where none does, none is looked for.
SIGNS = ("zero", "three", "four", "five", "seven", "eight", "nine")
_DIGIT_OF = {word: str(at) for at, word in enumerate(entries("digit_words"))} | dict.fromkeys(entries("noughts"), "0")
_TIMES = {"double": 2, "triple": 3}
_UNIT = filled(r"(?:(?:(?:double|triple)[ -])?(?:{digit_words}|{noughts})|\d{1,4})")
_ROW = re.compile(rf"(?<![\w-]){_UNIT}(?:[ ,.;/–-]{{1,3}}{_UNIT}){{4,14}}(?![\w-])", re.IGNORECASE)
_PART = re.compile(filled(r"(?:(double|triple)[ -])?({digit_words}|{noughts}|\d+)"), re.IGNORECASE)
#: Fewer words than this among digits are a count or an hour.
_FEWEST_WORDS = 4
_FEWEST, _MOST = 7, 13
#: Counting up or down, and a rhythm: "one two three, one two three, one".
_COUNTING = re.compile("01234|12345|23456|34567|45678|56789|98765|87654|76543|65432|54321|43210")
_RHYTHM = re.compile(r"(\d{1,3})\1+\d{0,2}")
_AREA = re.compile(r"[\s,.;(]{1,3}(?:area|country) code", re.IGNORECASE)


def may_hold(text: str) -> bool:
    """Whether there can be anything for `find_phones_in_words` to find."""
    low = text.lower()
    return any(sign in low for sign in SIGNS) and _ROW.search(text) is not None


def find_phones_in_words(text: str, *, country: str = "US", allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Rows of digits in words beside a word of calling; counting and songs are none.

    The line of an office has the confidence `spans.UNLIKELY`; published contacts are left out.
    """
    for match in _ROW.finditer(text):
        digits = _digits(match.group())
        cued = is_cued(text, match.start(), match.end()) or _AREA.match(text, match.end()) is not None
        if digits is not None and cued and not is_published_phone(digits, country, allowed):
            sure = UNLIKELY if is_of_an_office(text, match.start()) else 0.75
            yield Span(match.start(), match.end(), Kind.PHONE, sure)


def _digits(row: str) -> str | None:
    """The number a row of words says; None where it is none."""
    parts = _PART.findall(row.lower())
    digits = "".join(_DIGIT_OF.get(said, said) * _TIMES.get(times, 1) for times, said in parts)
    words = sum(said in _DIGIT_OF for _, said in parts)
    if words < _FEWEST_WORDS or not _FEWEST <= len(digits) <= _MOST:
        return None
    return None if _COUNTING.search(digits) or _RHYTHM.fullmatch(digits) else digits
