"""Birth dates: dates after a word that makes them one."""

# ruff: noqa: E501, RUF001 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from checks.literals import may_be_in
from checks.personal_data.spans import Kind, Span

_NEAR = 60
_DIGIT = re.compile(r"\d")

_MONTHS = (
    r"jan(?:uary|uar|vier)?|enero|janeiro|gennaio|feb(?:ruary|ruar|rero|braio)?|f[eé]v(?:rier|ereiro)?|mar(?:ch|s|zo|ço|z)?|märz|"
    r"apr(?:il|ile)?|abr(?:il)?|avril|ma[iyj]o?|mai|maggio|jun[ie]?|junio|junho|juin|giugno|jul[iy]?|julio|julho|"
    r"juillet|luglio|aug(?:ust)?|ago(?:sto)?|août|sep(?:t|tember|tembre|tiembre)?|set(?:embro|tembre)?|o[ck]t(?:ober|obre|ubre)?|"
    r"out(?:ubro)?|ottobre|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embre|embro)?|d[eé]c(?:embre)?|dic(?:iembre|embre)?"
)
_DAY = r"[0-3]?\d(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?:19|20)\d{2}"
_FULL_DATE = (
    rf"(?:{_YEAR}-\d{{2}}-\d{{2}}|\d{{1,2}}[./-]\d{{1,2}}[./-](?:{_YEAR}|\d{{2}})(?!\d)"
    rf"|{_DAY} (?:of |de )?(?:{_MONTHS})\.?,?(?: de| of)? {_YEAR}"
    rf"|(?:{_MONTHS})\.? {_DAY},? {_YEAR})"
)
_DAY_AND_MONTH = rf"(?:{_DAY} (?:of |de )?(?:{_MONTHS})|(?:{_MONTHS})\.? {_DAY})(?!\w)"
_WEEKDAY = r"(?:\w{3,10},? )?"
_IN_A_PLACE = r"(?: (?:in|at|à|a|en|em|in) [\w .'’-]{2,30}?,?)?"
_BIRTH = (
    re.compile(
        r"(?<!\w)(?:dob|d\.o\.b\.?|dates? of birth|birth ?date|birth ?day date|fecha de nacimiento|f\. ?nac\.?|date de naissance|geburtsdatum|geb\.|"
        r"geb\.? ?datum|data de nascimento|data di nascita|geboortedatum)(?:\s*(?:is|was|are|es|est|ist|lautet|è|é)\b)?[\s:=(\-–]{0,4}"
        rf"(?P<date>{_FULL_DATE})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?:born{_IN_A_PLACE}(?:,? on)?(?: the)?|n[ée]{{1,2}}e?s?(?: \(e\))?{_IN_A_PLACE} le|naci(?:d[oa]s?|ó|o|eron){_IN_A_PLACE} el(?: d[ií]a)?|"
        rf"geboren(?: (?:wurde|ist|bin|is|werd))?(?: (?:er|sie|ich))?{_IN_A_PLACE},? (?:am|op)|nat[oaie]{_IN_A_PLACE} il|"
        rf"nascid[oa]s?{_IN_A_PLACE} (?:em|a)|nasce(?:u|ram){_IN_A_PLACE} (?:em|a|no dia)) {_WEEKDAY}(?P<date>{_FULL_DATE})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?:am|op) {_WEEKDAY}(?P<date>{_FULL_DATE}) (?:[\w-]{{1,20}} (?:in )?){{0,2}}geboren\b", re.IGNORECASE
    ),
    re.compile(
        r"(?<!\w)(?:birthday|b-day|bday|cumplea[nñ]os|anniversaire|geburtstag|anivers[aá]rio|compleanno|verjaardag)"
        rf"(?: is| is on| falls on| on| was|:|,| es el| es| est le| ist am| ist der| é| è| é em| é no dia| è il| is op)\s{_WEEKDAY}(?:the )?(?P<date>{_FULL_DATE}|{_DAY_AND_MONTH})",
        re.IGNORECASE,
    ),
)
_NO_PERSON_BORN = re.compile(
    r"\b(?:chapter|association|organi[sz]ation|league|company|club|society|group|foundation|idea|movement|website|"
    r"podcast|program(?:me)?|tradition|newsletter|project|ALA|LLLI?|country|nation|award|team|conference|week|day|month|festival)\b"
    r"[^.!?\n]{0,50}$",
    re.IGNORECASE,
)
#: Whoever was born before is a figure of history.
_OLDEST_BIRTH = 1925


#: What every `_FULL_DATE` holds.
_DATE_SIGN = re.compile(r"(?:19|20)\d\d|\d[./-]\d{1,2}[./-]\d\d")
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
            year = re.search(_YEAR, match["date"])
            historic = year is not None and int(year.group()) < _OLDEST_BIRTH
            if not historic and not _NO_PERSON_BORN.search(text[max(0, match.start() - _NEAR) : match.start()]):
                yield Span(match.start("date"), match.end("date"), Kind.BIRTH_DATE, 0.9 if year else 0.7)
