"""Phone numbers disguised from machines: "five five five, oh one two three", "2O2 dash 555 dash OI43", "202~555~0143".

People who hide a number say its digits, put letters in their place, or part its groups by what no number is parted
by. So a row of digits counts here only where it is irregular in one of these ways and makes a number that some dialling
plan allows; without a word of calling beside it, only where nothing but hiding explains how it is written.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from checks.personal_data.digits_said import PART, digits_of, is_single
from checks.personal_data.phones import is_cued, is_of_an_office, is_of_paper, is_possible
from checks.personal_data.published import NOTHING_ALLOWED, Allowed, is_published_phone
from checks.personal_data.spans import UNLIKELY, Kind, Span

#: One of these stands in nearly every number that is said in words, and in few other texts.
SIGNS = (
    *("zero", "three", "four", "five", "seven", "eight", "nine"),
    *("zwei", "drei", "fünf", "sieben", "acht"),
    *("deux", "quatre", "cinq", "huit", "trente", "quarante", "soixante"),
    *("cinco", "siete", "ocho", "nueve", "quatro", "sete", "oito"),
    *("quattro", "cinque", "sette", "zeven", "vijf", "negen"),
)
_UNIT = re.sub(r"\?P<\w+>", "?:", PART.pattern)
#: What parts the groups of such a number, and what parts those of no other.
_SAID_BETWEEN = r"[ ,(\[]{0,2}(?:dash|hyphen|minus|dot|point|slash|space|then)[ ,)\]]{1,2}"
#: A word stands right behind figures or before them: "917five".
_GLUED = r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
_BETWEEN = rf"(?:{_SAID_BETWEEN}|[ ,.;/–—_*~()\[\]|…➖\ufe0f\u20e3-]{{1,4}}|{_GLUED})"
_ODD = re.compile(rf"(?<=[\d ]){_SAID_BETWEEN}|[_~*\[\]…➖\u20e3]", re.IGNORECASE)
_GLUED_TO = re.compile(_GLUED)
_SAID_APART = re.compile(rf"(?<=\d){_SAID_BETWEEN}", re.IGNORECASE)
#: Atomic, since "seventy-one" is one unit or two with a sign between: a long row would be read in each way.
_ROW = re.compile(rf"(?<![\w@#$€£*-])(?>{_UNIT})(?:{_BETWEEN}(?>{_UNIT})){{1,14}}(?![\w#-])", re.IGNORECASE)
#: Fewer words than this among digits are a count or an hour, unless all together make a whole number.
_FEWEST_WORDS = 4
_FEWEST, _WHOLE, _MOST = 7, 10, 13
#: So many digits in words need nothing beside them.
_FEWEST_SINGLES = 4
#: More single digits than this are no row of groups, unless they are decimals or a list.
_MOST_SINGLE = 2
_COUNTED = re.compile(r"\d\d[.,]\d|\d,")
#: "202, 555, 0143": area codes and exchanges begin with 2 to 9 (ATIS-0300051, North American Numbering Plan).
_NORTH_AMERICAN = re.compile(r"(?:1, ?)?[2-9]\d\d, ?[2-9]\d\d, ?\d{4}")
#: Counting up or down, and a rhythm: "one two three, one two three, one".
_COUNTING = re.compile("01234|12345|23456|34567|45678|56789|98765|87654|76543|65432|54321|43210")
_MOST_STEPS = 0.7
_RHYTHM = re.compile(r"(\d{1,4})\1+\d{0,3}")
_MOST_COMMAS = 3
_POINT = re.compile(r"\bpoint\b", re.IGNORECASE)
_CUE_BEFORE = re.compile(
    r"(?:\b(?:my|his|her|their|ur|your) #|(?:area|country) code|(?<!\w)\+|\bplus)[^\w\n]{0,3}(?:is )?$", re.IGNORECASE
)
_CUE_AFTER = re.compile(
    r"[\s,.;(]{1,3}(?:(?:area|country) code"
    r"|(?:to )?(?:text|call|ring|whatsapp|phone|dial|message) (?:me|us|her|him|any ?time|now|tonight)\b)",
    re.IGNORECASE,
)
_BEFORE = 40
_CALLED, _UNCALLED = 0.75, 0.55


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
    """Irregular rows of digits beside a word of calling, or whole numbers said digit by digit; counting is none.

    The line of an office has the confidence `spans.UNLIKELY`; published contacts are left out.
    """
    for match in _ROW.finditer(text):
        said = _Said.of(match.group())
        called = _is_called(text, match.start(), match.end())
        is_number = said.is_number(country) if called else said.is_number_anywhere(country)
        if _is_of_paper(text, match.start()):
            continue
        if is_number and not is_published_phone(said.digits, country, allowed):
            sure = UNLIKELY if is_of_an_office(text, match.start()) else _CALLED if called else _UNCALLED
            yield Span(match.start(), match.end(), Kind.PHONE, sure)


def _is_of_paper(text: str, start: int) -> bool:
    """Whether it is the number of an order or the like; an area code is none."""
    return is_of_paper(text, start) and not _CUE_BEFORE.search(text[max(0, start - _BEFORE) : start])


def _is_called(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _BEFORE) : start]
    return is_cued(text, start, end) or bool(_CUE_BEFORE.search(before) or _CUE_AFTER.match(text, end))


@dataclass(frozen=True)
class _Said:
    """The digits a row says, and how it says them."""

    digits: str
    #: Parts that are words, and of these those that are single digits.
    words: int
    singles: int
    #: Whether letters stand for digits among its figures, or right beside them.
    is_lettered: bool
    #: How often "dash" or the like is said between figures.
    apart: int
    is_odd: bool
    #: Whether its parts are told one after another, or it is a decimal.
    is_list: bool

    @classmethod
    def of(cls, row: str) -> _Said:
        parts = [(found, digits_of(found)) for found in PART.finditer(row)]
        figures = [digits for found, digits in parts if found["figures"]]
        lettered = any(not found["figures"].isdigit() for found, _ in parts if found["figures"])
        is_row = sum(len(digits) == 1 for digits in figures) > _MOST_SINGLE and _COUNTED.search(row) is None
        spoken = _NORTH_AMERICAN.fullmatch(row) is not None
        return cls(
            digits="".join(digits for _, digits in parts),
            words=len(parts) - len(figures),
            singles=sum(is_single(found) for found, _ in parts),
            is_lettered=lettered or _GLUED_TO.search(row) is not None,
            apart=len(_SAID_APART.findall(row)),
            is_odd=lettered or is_row or spoken or _ODD.search(row) is not None,
            is_list=row.count(",") > _MOST_COMMAS or _POINT.search(row) is not None,
        )

    def is_number(self, country: str) -> bool:
        """Whether it is a telephone number, if a word of calling says so."""
        if self._is_rhythm or len(self.digits) > _MOST:
            return False
        if self.words >= _FEWEST_WORDS and len(self.digits) >= _FEWEST:
            return True
        return (self.is_odd or self.words > 0) and self._is_whole(country)

    def is_number_anywhere(self, country: str) -> bool:
        """Whether it is one without such a word: said digit by digit, or parted or spelt as only hidden numbers are."""
        if self._is_rhythm or _COUNTING.search(self.digits) or self.words > self.singles or self.is_list:
            return False
        if not self._is_whole(country):
            return False
        return self.singles >= _FEWEST_SINGLES or self.apart >= _MOST_SINGLE or (self.is_lettered and self.singles > 0)

    @property
    def _is_rhythm(self) -> bool:
        """Whether it is counted, up or down or in turns, or made of noughts and ones."""
        steps = [abs(int(one) - int(other)) == 1 for one, other in pairwise(self.digits)]
        if _COUNTING.match(self.digits) or (self.is_list and sum(steps) > _MOST_STEPS * len(steps)):
            return True
        return _RHYTHM.fullmatch(self.digits) is not None or set(self.digits) <= set("01")

    def _is_whole(self, country: str) -> bool:
        return _WHOLE <= len(self.digits) <= _MOST and is_possible(self.digits, country)
