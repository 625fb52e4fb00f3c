"""Phone numbers that may be a person's, in the ways of many countries."""

# ruff: noqa: E501, RUF001 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import phonenumbers
from phonenumbers import PhoneNumberMatcher, PhoneNumberType

from checks.personal_data.published import NOTHING_ALLOWED, Allowed, e164, e164_of, parse
from checks.personal_data.spans import URL, Kind, Span, within

_SEVEN_DIGITS = re.compile(r"(?:\d[\s().\-/\u00a0\u2010-\u2013]{0,3}){6}\d")
_NATIONAL = re.compile(
    r"(?<![\w@#$€£/.,:+-])(?:\+|00)?\(?\d(?:[ \u00a0().\-/\u2010-\u2013]{0,2}\d){5,14}(?![\w%€$£@/:]|[.,-]\d)",
)
_PHONE_CUE = re.compile(
    r"(?:\b(?:phone|call(?: (?:me|us|her|him|them))?|cell|mobile|text(?: (?:me|her|him))?|tel|telephone|ring|whats ?app|"
    r"dial|sms|number is|reach (?:me|her|him|them)|contact|tel[eé]fono|m[oó]vil|ll[aá]m[ae]\w{0,3}|celular|telefone|"
    r"telem[oó]vel|ligue|appele[zr]|t[eé]l|portable|num[eé]ro|ruf\w{0,3}|anruf\w{0,3}|handy|telefon\w{0,6}|chiama\w{0,3}|"
    r"cellulare|bel)\b|[📞☎📱✆])[^\w\n]{0,6}(?:\w{1,12}[^\w\n]{1,3}){0,3}$",
    re.IGNORECASE,
)
_OFFICE_PHONE = re.compile(
    r"\b(?:hot ?line|help ?line|warm ?line|crisis line|toll[- ]free|front desk|reservations?|box office|switchboard|"
    r"hotel|restaurant|customer (?:service|care)|call cent(?:er|re)|main office|headquarters|dial[- ]in|conference line|"
    r"meeting id|passcode|zoom|line is open|(?:our|my|the|his|her|their|either of (?:our|my)) (?:[\w,.]+ ){0,3}(?:office|caseworker|staff|team)s?)\b[^\n]{0,40}$",
    re.IGNORECASE,
)
_NOT_A_PHONE = re.compile(
    r"\b(?:order|contract|invoice|ticket|tracking|case|ref(?:erence)?|isbn|issn|doi|account|confirmation|item|sku|model|id|no)\b"
    r"[^\w\n]{0,4}(?:(?:number|no|id|is)\b[^\w\n]{0,4}){0,2}$",
    re.IGNORECASE,
)
_WHATSAPP = re.compile(r"\b(?:wa\.me/|tel:)(\+?\d{8,15})\b", re.IGNORECASE)
#: Where members of an international association live; tried only after the chapter's own country.
_OTHER_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "PT", "BR", "AU", "MX", "NL", "IE", "CH", "IN")
#: Numbers nobody has at home.
_BUSINESS_LINES = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    },
)


def find_phones(text: str, *, country: str = "US", allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Phone numbers that may be a person's.

    A number counts when its country's dialling plan knows it and it is written like a number or stands after a word
    such as "call". Numbers set aside for fiction in other plans, and local numbers without area code, count only
    after such a word and with less confidence. Toll-free lines, help lines and published contacts do not count.
    """
    for match in _WHATSAPP.finditer(text):
        if e164(f"+{match[1].lstrip('+')}", country) not in allowed.phones:
            yield Span(match.start(), match.end(), Kind.PHONE)
    if not _SEVEN_DIGITS.search(text):
        return
    urls = [match.span() for match in URL.finditer(text)]
    for span, number in chain(_home_phones(text, country), _other_phones(text, country)):
        before = text[max(0, span.start - 60) : span.start]
        if within(span.start, urls) or _OFFICE_PHONE.search(before) or _NOT_A_PHONE.search(before):
            continue
        if e164_of(number) not in allowed.phones and phonenumbers.number_type(number) not in _BUSINESS_LINES:
            yield span


def _home_phones(text: str, country: str) -> Iterator[tuple[Span, phonenumbers.PhoneNumber]]:
    for match in PhoneNumberMatcher(text, country, phonenumbers.Leniency.VALID):
        cued = _cued(text, match.start)
        written_as_phone = re.search(r"\D", match.raw_string) and not _YEAR_FIRST.match(match.raw_string)
        if cued or written_as_phone:
            yield Span(match.start, match.end, Kind.PHONE, 0.95 if cued else 0.9), match.number


def _other_phones(text: str, country: str) -> Iterator[tuple[Span, phonenumbers.PhoneNumber]]:
    for match in _NATIONAL.finditer(text):
        raw, cued = match.group(), _cued(text, match.start())
        grouped = raw.startswith(("0", "+", "(0")) and len(re.findall(r"\d+", raw)) >= 3  # noqa: PLR2004 - 0xx xxx xxxx
        if not (cued or grouped) or _DATE_LIKE.search(raw):
            continue
        number = _parse_anywhere(raw, country)
        if number is not None:
            yield Span(match.start(), match.end(), Kind.PHONE, 0.8 if cued else 0.6), number
        elif cued and (possible := _parse_possible(raw, country)) is not None:
            yield Span(match.start(), match.end(), Kind.PHONE, 0.6), possible


_YEAR_FIRST = re.compile(r"(?:19|20)\d{2} ?[-/–]")
_DATE_LIKE = re.compile(
    r"(?<![\d./-])(?:(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:(?:19|20)\d{2}|\d{2}))(?![\d./-])"
    r"|^(?:19|20)\d{2} \d{1,2} \d{1,2}$|(?<!\d)(?:19|20)\d{2} ?[-–/ ] ?(?:19|20)\d{2}(?!\d)",
)


def _cued(text: str, start: int) -> bool:
    return bool(_PHONE_CUE.search(text[max(0, start - 50) : start]))


def _parse_anywhere(raw: str, country: str) -> phonenumbers.PhoneNumber | None:
    for region in dict.fromkeys((country, *_OTHER_REGIONS)):
        number = parse(raw, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return number
    return None


def _parse_possible(raw: str, country: str) -> phonenumbers.PhoneNumber | None:
    for region in dict.fromkeys((country, *_OTHER_REGIONS)):
        number = parse(raw, region)
        if number is not None and phonenumbers.is_possible_number(number):
            return number
    return None
