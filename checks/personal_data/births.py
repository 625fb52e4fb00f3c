"""Birth dates: dates after a word that makes them one."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from checks.literals import may_be_in
from checks.personal_data.spans import Kind, Span
from checks.word_classes import filled, word_class

_NEAR = 60
_DIGIT = re.compile(r"\d")

#: Months in English, German, French, Spanish, Portuguese, Italian and Dutch.
_MONTHS = word_class("months")
_DAY = r"[0-3]?\d(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:19|20)\d{2}"
_FULL_DATE = (
    rf"(?:{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:{_YEAR}|\d{{2}})(?!\d)"
    rf"|[0-3]?\d-{_MONTHS}-{_YEAR}"
    rf"|{_DAY} (?:of |de )?{_MONTHS}\.?,?(?: de| of)? {_YEAR}"
    rf"|{_MONTHS}\.? {_DAY},? {_YEAR})"
)
#: A year of two digits, behind the name of a month: "May 84", "Nov '75".
_SHORT_YEAR = r"['’]?\d\d(?![\d:.]\d|\d)"
#: What is a date behind such a word only: "12 03 1990", "12MAR1990", "3 May '84", "May 3rd, 84".
_LOOSE_DATE = (
    rf"(?:\d{{1,2}} \d{{1,2}} {_YEAR}(?!\d)|[0-3]?\d ?{_MONTHS} ?{_YEAR}(?!\d)"
    rf"|{_DAY}[ -](?:of |de )?{_MONTHS}\.?,?[ -]{_SHORT_YEAR}|{_MONTHS}\.? {_DAY}, {_SHORT_YEAR}"
    rf"|{_YEAR}, {_MONTHS}\.? {_DAY})"
)
_DAY_AND_MONTH = rf"(?:{_DAY} (?:of |de )?{_MONTHS}|{_MONTHS}\.? {_DAY})(?!\w)"
_WEEKDAY = r"(?:\w{3,10},? )?"
_IN_A_PLACE = r"(?: (?:in|at|à|a|en|em|in) [\w .'’-]{2,30}?,?)?"
#: What a pattern of `_BIRTH` is put together of.
_PARTS = {
    "date": _FULL_DATE,
    "loose": _LOOSE_DATE,
    "day": _DAY_AND_MONTH,
    "weekday": _WEEKDAY,
    "in_a_place": _IN_A_PLACE,
}
#: By itself, for the one literal that tells of it: " le " stands in no English text, " le" in every other one.
_BORN_IN_FRENCH = re.compile(
    filled(r"(?<!\w)n[ée]{1,2}e?s?(?: ?\(e\))?{in_a_place} le {weekday}(?P<date>{date})", **_PARTS), re.IGNORECASE
)
_BIRTH = (
    _BORN_IN_FRENCH,
    re.compile(
        filled(
            r"(?<!\w)(?:{birth_date_words}|d\.o\.b\.?|d o b|birth_date|date_of_birth|f\. ?nac\.?|geb\.|geb\.? ?datum"
            # Of a form: "born:", "birth:".
            r"|b(?:orn|irth)(?=\s?[:=]))"
            # What a form asks for: "(dd/mm/yyyy)".
            r"(?:\s?\([^()\n]{1,20}\)|, [^,\n]{1,30},(?= (?:is|was) ))?"
            r"(?:\s*(?:is|was|are|as|to|es|est|ist|lautet|è|é)\b)?[\s:=(\"'\-–]{0,4}(?:the )?"
            # In a row of digits no day could be told from any other number without such a word.
            r"(?P<date>{date}|(?:\d\d)?\d{6}(?![\w-])|{loose})",
            **_PARTS,
        ),
        re.IGNORECASE,
    ),
    re.compile(
        filled(
            r"(?<!\w)(?:born{in_a_place}(?:,? on)?(?: the| an?)?"
            r"|naci(?:d[oa]s?|ó|o|eron){in_a_place} el(?: d[ií]a)?"
            r"|geboren(?: (?:wurde|ist|bin|is|werd))?(?: (?:er|sie|ich))?{in_a_place},? (?:am|op)"
            r"|nat[oaie]{in_a_place} il"
            r"|nascid[oa]s?{in_a_place} (?:em|a)"
            r"|nasce(?:u|ram){in_a_place} (?:em|a|no dia)) {weekday}(?P<date>{date})",
            **_PARTS,
        ),
        re.IGNORECASE,
    ),
    re.compile(
        filled(
            r"(?<!\w){came_to_be}(?: safely| happily| early| late)?(?:,? on)?(?: the)? {weekday}(?P<date>{date})",
            **_PARTS,
        ),
        re.IGNORECASE,
    ),
    # "Born in 1984, on May 3rd".
    re.compile(filled(rf"(?<!\w)born (?:back )?in (?P<date>{_YEAR},? on (?:the )?{{day}})", **_PARTS), re.IGNORECASE),
    # "Dana Poe, b. 3 May 1984"; without a name before it is the second point of a list.
    re.compile(filled(r"[^\W\d_][,;]? ?[(,]? ?b\. ?(?P<date>{date})", **_PARTS), re.IGNORECASE),
    re.compile(
        filled(r"(?<!\w)(?:am|op) {weekday}(?P<date>{date}) (?:[\w-]{1,20} (?:in )?){0,2}geboren\b", **_PARTS),
        re.IGNORECASE,
    ),
    # "… is her date of birth", "… (DOB)", "… birth date".
    re.compile(
        filled(
            r"(?<![\w./-])(?P<date>{date})"
            r"(?: (?:is|was) (?:her|his|my|their|your) {birth_dates_after}(?!\w)"
            r"| \({birth_dates_after}\.?\)|,? {birth_dates_after}(?=\s*(?:$|[.;,)\n])))",
            **_PARTS,
        ),
        re.IGNORECASE,
    ),
    re.compile(
        filled(
            r"(?<!\w){birthday_words}"
            r"(?:(?:['’]s| is| is on| falls on| on| was|:|,"
            r"| es el| es| est le| ist am| ist der| é| è| é em| é no dia| è il| is op)\s|\s?\()"
            r"{weekday}(?:the )?(?P<date>{date}|{day})",
            **_PARTS,
        ),
        re.IGNORECASE,
    ),
)
_NO_PERSON_BORN = re.compile(filled(r"\b{no_person_born}\b[^.!?\n]{0,50}$"), re.IGNORECASE)
#: Whoever was born before is a figure of history.
_OLDEST_BIRTH = 1925


#: What every `_FULL_DATE`, and a date in a row of digits, holds.
_DATE_SIGN = re.compile(
    rf"(?:19|20)\d\d|\d[./-]\d{{1,2}}[./-]\d\d|\d{{6}}|{_MONTHS}\.?(?: {_DAY})?,?[ -]['’]?\d\d(?!\d)", re.IGNORECASE
)
#: Which of the patterns do with a day and a month.
_WITHOUT_YEAR = _BIRTH[-1:]


#: The patterns that `may_hold` asks for by their literals.
CUES = _BIRTH


def may_hold(text: str, possible: Container[int] | None = None) -> bool:
    """Whether there can be anything for `find_birth_dates` to find. `possible`: which of `CUES` may match."""
    return bool(_possible(text, possible))


def _possible(text: str, possible: Container[int] | None = None) -> list[re.Pattern[str]]:
    cued = [one for one in _BIRTH if may_be_in(one, text, possible)]
    if not cued or not _DIGIT.search(text):
        return []
    return cued if _DATE_SIGN.search(text) else [one for one in cued if one in _WITHOUT_YEAR]


def find_birth_dates(text: str) -> Iterator[Span]:
    """Dates after a word that makes them somebody's birth date; chapters and figures of history are not people."""
    for pattern in _possible(text):
        for match in pattern.finditer(text):
            year = re.search(rf"(?<!\d){_YEAR}(?!\d)", match["date"])
            historic = year is not None and int(year.group()) < _OLDEST_BIRTH
            if not historic and not _NO_PERSON_BORN.search(text[max(0, match.start() - _NEAR) : match.start()]):
                yield Span(match.start("date"), match.end("date"), Kind.BIRTH_DATE, 0.9 if year else 0.7)
