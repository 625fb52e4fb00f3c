"""Phone numbers disguised from machines: "five five five, oh one two three", "2O2 dash 555 dash OI43", "202~555~0143".

People who hide a number say its digits, put letters in their place, or part its groups by what no number is parted
by. So a row of digits counts here only where it is irregular in one of these ways, has a word of calling beside it,
and makes a number that some dialling plan allows.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.personal_data.phones import is_cued, is_of_an_office, is_possible
from checks.personal_data.published import NOTHING_ALLOWED, Allowed, is_published_phone
from checks.personal_data.spans import UNLIKELY, Kind, Span
from checks.word_classes import entries, filled

#: One of these stands in nearly every number that is said in words, and in few other texts.
SIGNS = ("zero", "three", "four", "five", "seven", "eight", "nine")
_ONE_OF = {word: str(at) for at, word in enumerate(entries("digit_words"))} | dict.fromkeys(entries("noughts"), "0")
_TEEN_OF = {word: str(at) for at, word in enumerate(entries("teen_words"), start=10)}
_TENS_OF = {word: str(at) for at, word in enumerate(entries("ten_words"), start=2)}
_TIMES = {"double": 2, "triple": 3}
_LOOK_ALIKES = str.maketrans("OoIl|", "00111")
_END = r"(?![^\W\d_])"
_PART = re.compile(
    filled(
        r"(?:(?P<times>double|triple)[ -])?(?P<one>{digit_words}|{noughts})(?P<hundred>[ -]hundred)?{end}"
        r"|(?P<teen>{teen_words}){end}"
        r"|(?P<tens>{ten_words})(?:[ -](?P<unit>{digit_words}))?{end}"
        r"|(?P<figures>[OoIl|]{0,3}\d[\dOoIl|]{0,11}){end}",
        end=_END,
    ),
    re.IGNORECASE,
)
_UNIT = re.sub(r"\?P<\w+>", "?:", _PART.pattern)
#: What parts the groups of such a number, and what parts those of no other.
_SAID_BETWEEN = r"[ ,]{0,2}(?:dash|hyphen|minus|dot|point|slash|space|then)[ ,]{1,2}"
_BETWEEN = rf"(?:{_SAID_BETWEEN}|[ ,.;/–—_*~()\[\]|➖\ufe0f\u20e3-]{{1,4}})"
_ODD = re.compile(rf"(?<=[\d ]){_SAID_BETWEEN}|[_~*\[\]➖\u20e3]", re.IGNORECASE)
#: Atomic, since "seventy-one" is one unit or two with a sign between: a long row would be read in each way.
_ROW = re.compile(rf"(?<![\w@#$€£*-])(?>{_UNIT})(?:{_BETWEEN}(?>{_UNIT})){{1,14}}(?![\w#-])", re.IGNORECASE)
#: Fewer words than this among digits are a count or an hour, unless all together make a whole number.
_FEWEST_WORDS = 4
_FEWEST, _WHOLE, _MOST = 7, 10, 13
#: More single digits than this are no row of groups, unless they are decimals or a list.
_MOST_SINGLE = 2
_COUNTED = re.compile(r"\d\d[.,]\d|\d,")
#: "202, 555, 0143": area codes and exchanges begin with 2 to 9 (ATIS-0300051, North American Numbering Plan).
_NORTH_AMERICAN = re.compile(r"(?:1, ?)?[2-9]\d\d, ?[2-9]\d\d, ?\d{4}")
#: Counting up or down, and a rhythm: "one two three, one two three, one".
_COUNTING = re.compile("01234|12345|23456|34567|45678|56789|98765|87654|76543|65432|54321|43210")
_RHYTHM = re.compile(r"(\d{1,3})\1+\d{0,2}")
_CUE_BEFORE = re.compile(
    r"(?:\b(?:my|his|her|their|ur|your) #|(?:area|country) code)[^\w\n]{0,3}(?:is )?$", re.IGNORECASE
)
_CUE_AFTER = re.compile(
    r"[\s,.;(]{1,3}(?:(?:area|country) code|(?:text|call|ring|whatsapp|phone|dial|message) (?:me|us|her|him)\b)",
    re.IGNORECASE,
)
_BEFORE = 40


def may_hold(text: str, *, with_digits: bool) -> bool:
    """Whether there can be anything for `find_disguised_phones` to find.

    Args:
        text: as stored.
        with_digits: whether the text has digits that are worth a look.
    """
    if not with_digits:
        low = text.lower()
        with_digits = any(sign in low for sign in SIGNS)
    return with_digits and _ROW.search(text) is not None


def find_disguised_phones(text: str, *, country: str = "US", allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Irregular rows of digits beside a word of calling; counting and songs are none.

    The line of an office has the confidence `spans.UNLIKELY`; published contacts are left out.
    """
    for match in _ROW.finditer(text):
        if not _is_called(text, match.start(), match.end()):
            continue
        said = _Said.of(match.group())
        if said.is_number(country) and not is_published_phone(said.digits, country, allowed):
            sure = UNLIKELY if is_of_an_office(text, match.start()) else 0.75
            yield Span(match.start(), match.end(), Kind.PHONE, sure)


def _is_called(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _BEFORE) : start]
    return is_cued(text, start, end) or bool(_CUE_BEFORE.search(before) or _CUE_AFTER.match(text, end))


@dataclass(frozen=True)
class _Said:
    """The digits a row says, how many of its parts are words, and whether its figures are written oddly."""

    digits: str
    words: int
    is_odd: bool

    @classmethod
    def of(cls, row: str) -> _Said:
        parts = [(found, _digits(found)) for found in _PART.finditer(row)]
        figures = [digits for found, digits in parts if found["figures"]]
        lettered = any(not found["figures"].isdigit() for found, _ in parts if found["figures"])
        apart = sum(len(digits) == 1 for digits in figures) > _MOST_SINGLE and _COUNTED.search(row) is None
        spoken = _NORTH_AMERICAN.fullmatch(row) is not None
        is_odd = lettered or apart or spoken or _ODD.search(row) is not None
        return cls("".join(digits for _, digits in parts), len(parts) - len(figures), is_odd)

    def is_number(self, country: str) -> bool:
        if _COUNTING.search(self.digits) or _RHYTHM.fullmatch(self.digits) or not len(self.digits) <= _MOST:
            return False
        if self.words >= _FEWEST_WORDS and len(self.digits) >= _FEWEST:
            return True
        return (self.is_odd or self.words > 0) and len(self.digits) >= _WHOLE and is_possible(self.digits, country)


def _digits(part: re.Match[str]) -> str:
    """The digits one part of a row says: "double five", "nine hundred", "forty-three", "2O2"."""
    if part["figures"]:
        return part["figures"].translate(_LOOK_ALIKES)
    if part["teen"]:
        return _TEEN_OF[part["teen"].lower()]
    if part["tens"]:
        return _TENS_OF[part["tens"].lower()] + (_ONE_OF[part["unit"].lower()] if part["unit"] else "0")
    one = _ONE_OF[part["one"].lower()]
    return one + "00" if part["hundred"] else one * _TIMES.get((part["times"] or "").lower(), 1)
