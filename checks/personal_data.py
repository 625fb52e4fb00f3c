"""Finders of personal data in free text: phones, e-mail, street addresses, birth dates, card and id numbers.

Pure functions of a text. They say where something stands, not whether it breaks a rule: `checks.personal` decides
that, with what the policy and the roster say. Grammars are anchored by what the data itself must have (a dialling
plan, a check digit, a house number before a capitalised street name), because a loose pattern would accuse people
over "28 close contacts" or "via Zoom 7 pm".
"""

# ruff: noqa: E501, RUF001, SIM905 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from operator import attrgetter

import phonenumbers
import tldextract
from phonenumbers import PhoneNumberMatcher, PhoneNumberType
from stdnum import iban, luhn
from stdnum.be import nn as be_nn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.us import itin, ssn


class Kind(StrEnum):
    """What sort of personal data a span is; the value is the word a report prints."""

    PHONE = "phone number"
    EMAIL = "e-mail address"
    ADDRESS = "street address"
    BIRTH_DATE = "birth date"
    ID_NUMBER = "id number"
    CARD = "card number"
    BANK_ACCOUNT = "bank account"

    @property
    def with_article(self) -> str:
        """The word in a sentence: an e-mail address, a phone number."""
        return f"{'an' if self.value[0] in 'aeiou' else 'a'} {self.value}"


@dataclass(frozen=True, order=True)
class Span:
    """One piece of personal data: half-open code points of the text, and how sure the finder is (0..1)."""

    start: int
    end: int
    kind: Kind = field(compare=False)
    confidence: float = field(compare=False, default=0.9)


@dataclass(frozen=True)
class Allowed:
    """Contact data an association publishes itself, in every way it may be written."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, contacts: Iterable[str], domains: Iterable[str] = (), *, country: str = "US") -> Allowed:
        """From roster entries: e-mail addresses, phone numbers and postal addresses in any order."""
        listed = [contact.strip() for contact in contacts]
        phones = {number for contact in listed if (number := _e164(contact, country))}
        places = tuple(_plain(contact) for contact in listed if "@" not in contact and not _e164(contact, country))
        emails = frozenset(contact.casefold() for contact in listed if "@" in contact)
        return cls(emails, frozenset(phones), places, frozenset(domain.casefold() for domain in domains))


NOTHING_ALLOWED = Allowed()


def find_personal(text: str, *, country: str = "US", allowed: Allowed = NOTHING_ALLOWED) -> list[Span]:
    """Every piece of personal data in a text, in order and without overlap.

    Args:
        text: as stored; spans count its code points.
        country: ISO 3166 alpha-2 of the chapter, for phone numbers without a country code.
        allowed: published contact data, left out.
    """
    found = chain(
        find_emails(text, allowed=allowed),
        find_cards_and_accounts(text),
        find_id_numbers(text),
        find_birth_dates(text),
        find_phones(text, country=country, allowed=allowed),
        find_addresses(text, allowed=allowed),
    )
    return sorted(_first_wins(found))


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with every span blacked out, character for character, so that other spans stay true."""
    characters = list(text)
    for span in spans:
        for place in range(span.start, min(span.end, len(characters))):
            if not characters[place].isspace():
                characters[place] = "█"
    return "".join(characters)


def _first_wins(spans: Iterable[Span]) -> Iterator[Span]:
    taken: list[Span] = []
    for span in spans:
        # What is taken is kept in text order and does not overlap, so only the two neighbours can.
        at = bisect_left(taken, span.start, key=attrgetter("start"))
        free = (at == 0 or taken[at - 1].end <= span.start) and (at == len(taken) or span.end <= taken[at].start)
        if free:
            taken.insert(at, span)
            yield span


# --- e-mail -----------------------------------------------------------------------------------------------------------

_EMAIL = re.compile(r"(?<![\w.+@/%-])[\w.+%-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z][\w-]{1,23})(?![\w@])")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?[\[({]\s?at\s?[\])}]\s?"
    r"([\w-]{1,63}(?:\s?(?:[\[({]\s?dot\s?[\])}]|\.)\s?[\w-]{1,63}){1,4})(?!\w)",
    re.IGNORECASE,
)
_URL = re.compile(r"\bhttps?://[^\s<>\"]{1,2000}|\bwww\.[^\s<>\"]{1,2000}", re.IGNORECASE)
#: Names of mailboxes that belong to an office, not to a person.
_ROLE_MAILBOXES = frozenset(
    (
        "info contact hello office admin press media marketing support help service events registration membership "
        "board webmaster noreply no-reply donate donations volunteer careers jobs sales billing privacy abuse newsletter "
        "team secretary treasurer president hr photo photos contest photocontest casework internships ads kontakt presse contacto contato contatti accueil bonjour postmaster"
    ).split(),
)
#: RFC 2606 names, which no suffix list knows and documentation and samples use.
_RESERVED_ENDINGS = ("example", "test", "invalid")
_suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


def find_emails(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Mail addresses of people: not role mailboxes, not the official domain's, not names inside a web address."""
    if "@" in text:
        urls = [match.span() for match in _URL.finditer(text)]
        for match in _EMAIL.finditer(text):
            address = match.group().casefold().strip(".")
            if _is_mail_domain(match[1]) and not _within(match.start(), urls) and not _is_office(address, allowed):
                yield Span(match.start(), match.end(), Kind.EMAIL)
    for match in _SPELLED_EMAIL.finditer(text):
        domain = re.sub(r"\s?[\[({]\s?dot\s?[\])}]\s?", ".", match[1], flags=re.IGNORECASE)
        if "." in domain and _is_mail_domain(domain):
            local = re.split(r"\s?[\[({]", match.group(), maxsplit=1)[0]
            if not _is_office(f"{local}@{domain}".casefold(), allowed):
                yield Span(match.start(), match.end(), Kind.EMAIL, 0.8)


@lru_cache(maxsize=4096)
def _is_mail_domain(domain: str) -> bool:
    lowered = domain.casefold()
    return lowered.endswith(tuple(f".{ending}" for ending in _RESERVED_ENDINGS)) or bool(_suffixes(lowered).suffix)


def _is_office(address: str, allowed: Allowed) -> bool:
    mailbox, _, domain = address.rpartition("@")
    official = any(domain == own or domain.endswith(f".{own}") for own in allowed.domains)
    return (
        official
        or address in allowed.emails
        or not _ROLE_MAILBOXES.isdisjoint({mailbox, *re.split(r"[._+-]", mailbox)})
    )


# --- phones -----------------------------------------------------------------------------------------------------------

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
        if _e164(f"+{match[1].lstrip('+')}", country) not in allowed.phones:
            yield Span(match.start(), match.end(), Kind.PHONE)
    if not _SEVEN_DIGITS.search(text):
        return
    urls = [match.span() for match in _URL.finditer(text)]
    for span, number in chain(_home_phones(text, country), _other_phones(text, country)):
        before = text[max(0, span.start - 60) : span.start]
        if _within(span.start, urls) or _OFFICE_PHONE.search(before) or _NOT_A_PHONE.search(before):
            continue
        if _format(number) not in allowed.phones and phonenumbers.number_type(number) not in _BUSINESS_LINES:
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
        number = _parse(raw, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return number
    return None


def _parse_possible(raw: str, country: str) -> phonenumbers.PhoneNumber | None:
    for region in dict.fromkeys((country, *_OTHER_REGIONS)):
        number = _parse(raw, region)
        if number is not None and phonenumbers.is_possible_number(number):
            return number
    return None


def _parse(raw: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        # Not a number in this plan; the caller tries the next one.
        return None


def _e164(contact: str, country: str) -> str | None:
    if "@" in contact or not re.fullmatch(r"[\d\s().+/ext\-\u2010-\u2013]{7,30}", contact):
        return None
    number = _parse(contact, country)
    return None if number is None else _format(number)


def _format(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# --- cards, accounts, ids ---------------------------------------------------------------------------------------------

_CARD = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-]|\.\d)")
_CARD_CUE = re.compile(
    r"\b(?:card|visa|master ?card|amex|american express|credit|debit|cvv|tarjeta|carte|karte|cart[aã]o|carta)\b",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")
#: An account for gifts or dues is published on purpose.
_PUBLIC_ACCOUNT = re.compile(
    r"\b(?:donat\w+|dues|membership fee|our account|chapter account|spende\w*|beitrag\w*|don(?:s|ation)?|cotisation|"
    r"donativos?|donaci[oó]n\w*|cuota|doa[cç][aã]o|doa[cç][oõ]es|quota|donazion\w+)\b",
    re.IGNORECASE,
)
_CARD_LENGTHS = (
    (r"3[47]", (15,)),
    (r"4", (13, 16, 19)),
    (r"5[1-5]|2[2-7]", (16,)),
    (r"6(?:011|4|5)|35|30|36|38", (14, 16)),
)
_NEAR = 60


def find_cards_and_accounts(text: str) -> Iterator[Span]:
    """Payment cards (issuer prefix and Luhn check digit) and IBANs that are not published for gifts or dues."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _is_card(digits) and luhn.is_valid(digits):
            cued = bool(_CARD_CUE.search(text[max(0, match.start() - _NEAR) : match.start()]))
            yield Span(match.start(), match.end(), Kind.CARD, 0.95 if cued else 0.75)
    for match in _IBAN.finditer(text):
        around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if iban.is_valid(match.group()) and not _PUBLIC_ACCOUNT.search(around):
            yield Span(match.start(), match.end(), Kind.BANK_ACCOUNT)


def _is_card(digits: str) -> bool:
    return any(re.match(prefix, digits) and len(digits) in lengths for prefix, lengths in _CARD_LENGTHS)


@dataclass(frozen=True)
class _IdNumber:
    shape: re.Pattern[str]
    valid: Callable[[str], bool]
    #: A word that must stand shortly before; None where the shape and check digits tell enough.
    cue: re.Pattern[str] | None = None


def _always(_number: str) -> bool:
    return True


def _is_nino(number: str) -> bool:
    # HMRC NIM39110: never D F I Q U V as first letter, nor O as second; these prefixes are not issued.
    plain = re.sub(r"\W", "", number).upper()
    return (
        plain[0] not in "DFIQUV"
        and plain[1] not in "DFIQUVO"
        and plain[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
    )


def _cue(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b[^\n]{{0,25}}$", re.IGNORECASE)


_ID_NUMBERS = (
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"), lambda n: ssn.is_valid(n) or itin.is_valid(n)),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"), _always, _cue(r"ssn|social security")),
    _IdNumber(re.compile(r"(?<![\w-])\d{9}(?![\w-])"), ssn.is_valid, _cue(r"ssn|social security")),
    _IdNumber(re.compile(r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"), _is_nino),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])"), nhs.is_valid, _cue(r"nhs (?:number|no)")),
    _IdNumber(re.compile(r"(?<![\w-])\d{8}[- ]?[A-Z](?!\w)"), dni.is_valid),
    _IdNumber(re.compile(r"(?<![\w-])[XYZ][- ]?\d{7}[- ]?[A-Z](?!\w)"), nie.is_valid),
    _IdNumber(re.compile(r"(?<![\w-])[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-])"), nir.is_valid),
    _IdNumber(
        re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?!\w)"),
        codicefiscale.is_valid,
    ),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"), cpf.is_valid),
    _IdNumber(re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)"), curp.is_valid),
    _IdNumber(
        re.compile(r"(?<![\w-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-])"), idnr.is_valid, _cue(r"steuer-?(?:id|nummer)\w*")
    ),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[- ]?\d{3}[- ]?\d{3}(?![\w-])"), sin.is_valid, _cue(r"sin|social insurance")),
    _IdNumber(re.compile(r"(?<![\w-])\d{9}(?![\w-])"), bsn.is_valid, _cue(r"bsn|burgerservicenummer")),
    _IdNumber(re.compile(r"(?<![\w-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w-])"), be_nn.is_valid),
    _IdNumber(
        re.compile(r"(?<!\w)(?=[A-Z0-9]{0,4}\d{4})[A-Z0-9]{7,9}(?!\w)"),
        _always,
        re.compile(
            r"\b(?:passport|pasaporte|passeport|reisepass|passaporte|passaporto|paspoort)"
            r"(?:[- ]?(?:number|num|no|nr|id|n[uú]mero|nummer))?\b\.?[^\w\n]{0,3}(?:(?:is|was|es|est|ist|è|é)\b ?)?[^\w\n]{0,2}$",
            re.IGNORECASE,
        ),
    ),
    _IdNumber(
        re.compile(r"(?<!\w)(?=[A-Z0-9-]{0,12}\d{4})[A-Z0-9-]{6,18}(?!\w)"),
        _always,
        re.compile(
            r"\b(?:driver'?s? licen[cs]e|driving licen[cs]e)(?: (?:number|no|id))?\b\.?[^\w\n]{0,3}(?:is )?#?$",
            re.IGNORECASE,
        ),
    ),
)


def find_id_numbers(text: str) -> Iterator[Span]:
    """National ids, tax ids, passports and driving licences, by shape, check digit and, where both are weak, a cue."""
    if not re.search(r"\d{2}", text):
        return
    for number in _ID_NUMBERS:
        for match in number.shape.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if number.valid(match.group()) and (number.cue is None or number.cue.search(before)):
                yield Span(match.start(), match.end(), Kind.ID_NUMBER)


# --- birth dates ------------------------------------------------------------------------------------------------------

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
_BIRTH = (
    re.compile(
        r"(?<!\w)(?:dob|d\.o\.b\.?|date of birth|birth ?date|fecha de nacimiento|date de naissance|geburtsdatum|"
        rf"data de nascimento|data di nascita|geboortedatum)(?:\s*(?:is|was|es|est|ist|è|é)\b)?[\s:=\-–]{{0,4}}(?P<date>{_FULL_DATE})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?:born(?: on)?|n[ée]e? le|nacid[oa] el|naci[oó] el|geboren am|nat[oa] il|nascid[oa] em|nasceu em|"
        rf"geboren op) {_WEEKDAY}(?P<date>{_FULL_DATE})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<!\w)(?:birthday|cumplea[nñ]os|anniversaire|geburtstag|anivers[aá]rio|compleanno)"
        rf"(?: is| is on| was|:| es el| es| est le| ist am| ist der| é| è)\s{_WEEKDAY}(?P<date>{_FULL_DATE}|{_DAY_AND_MONTH})",
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


def find_birth_dates(text: str) -> Iterator[Span]:
    """Dates after a word that makes them somebody's birth date; chapters and figures of history are not people."""
    if not any(character.isdigit() for character in text):
        return
    for pattern in _BIRTH:
        for match in pattern.finditer(text):
            year = re.search(_YEAR, match["date"])
            historic = year is not None and int(year.group()) < _OLDEST_BIRTH
            if not historic and not _NO_PERSON_BORN.search(text[max(0, match.start() - _NEAR) : match.start()]):
                yield Span(match.start("date"), match.end("date"), Kind.BIRTH_DATE, 0.9 if year else 0.7)


# --- street addresses -------------------------------------------------------------------------------------------------

_GAP = r"[ \t\u00a0]{1,2}"
_MAYBE_GAP = r"[ \t\u00a0]{0,2}"
_UPPER = r"[A-ZÀ-ÖØ-Þ]"
_NAME = rf"{_UPPER}[\w'’.-]{{0,25}}"
_ENGLISH = re.compile(
    rf"(?<![\w$€£#.,:/+-])(?P<number>\d{{1,5}}(?:[A-Da-d]|-\d{{1,4}})?){_GAP}"
    rf"(?P<name>(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.?{_GAP})?"
    rf"(?:(?:{_NAME}|\d{{1,3}}(?:st|nd|rd|th)){_GAP}){{1,4}}?)"
    r"(?:(?P<strong>Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Terrace|Parkway|Pkwy|Highway|Hwy|Crescent|Mews|"
    r"Turnpike)|(?P<weak>St|Str|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Circle|Cir|Trail|Row|Gardens|Gdns|Grove|Close|Way|"
    r"Park|Hill|Walk|Loop|Green|Rise|Plaza|Alley|Crossing|Cove|Bend|Ridge|Run|Pike|Point|Path|STREET|AVENUE|AVE|ROAD|"
    r"RD|BLVD|LANE|DRIVE|COURT))(?![\w'’])\.?",
)
_UNIT = r"(?:,?\s{1,2}(?:Apt|Apartment|Unit|Suite|Ste|Flat|Floor|Room|#)\.?\s?#?[\w-]{1,6})"
_TOWN = rf"(?:,?\s{{1,2}}{_NAME}(?:[ ]{_NAME}){{0,2}})"
_POSTCODE = (
    r"(?:[A-Z]{2},?\s{1,2}\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4,5})(?!\w)"
)
_STATE = (
    r"(?:AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|"
    r"OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY)(?!\w)"
)
_TAIL = re.compile(rf"{_UNIT}?(?:{_TOWN}?,?\s{{1,2}}(?:{_POSTCODE}|{_STATE}))|{_UNIT}")
_PLACE_CUE = re.compile(
    r"(?:\b(?:liv(?:e|es|ed|ing)|resid(?:e|es|ing)|address(?: is)?|home|house|moved|mail|send|ship|deliver(?:y|ed)?|located|"
    r"place|visit)\b[^\w\n]{0,3}(?:(?:at|to|is|it|them|her|his|in|on|the|new|over)[^\w\n]{1,2}){0,3}|\bat |🏠 ?|📍 ?)$",
    re.IGNORECASE,
)
#: What follows the word when no street is meant, and what stands before it.
_NO_STREET_AFTER = re.compile(
    r"[ -]?(?:trip|show|race|fair|food|party|team|art|style|journal|fighter|fest\w*|warriors?|closed|closures?|works|safety|"
    r"runners?|map|test|block|cred|clothes|rage|rules|to |for |of |with |and the )",
    re.IGNORECASE,
)
_NO_STREET_BEFORE = re.compile(
    r"\b(?:food|blood|toy|book|coat|membership|member|pledge|fund|test|hard|flash|disk|clothing|school supply|winter|holiday|"
    r"annual|winning|losing|first|second|third|last|great|final|sesame|million|percent|hours?|days?|years?|minutes?|people|"
    r"members|teams?|national|supreme|tennis|basketball|new|per|times|way|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|mon\w*day|tuesday|wednesday|thursday|friday|saturday|sunday|am|pm|a\.m\.|p\.m\.)$",
    re.IGNORECASE,
)
_OTHER_STREETS = (
    # German, Dutch: one word that ends in the kind of street, then the number.
    (
        re.compile(
            rf"(?<!\w){_UPPER}[\w-]{{1,30}}(?:stra(?:ß|ss)e|str\.|gasse|allee|straat|laan|gracht|kade){_GAP}\d{{1,4}}[a-z]?(?![\w:.%])"
            rf"|(?<!\w){_UPPER}\w{{2,25}}(?:er|e){_GAP}(?:Stra(?:ß|ss)e|Str\.|Allee|Gasse|Weg|Platz){_GAP}\d{{1,4}}[a-z]?(?![\w:.%])"
        ),
        True,
    ),
    (
        re.compile(
            rf"(?<!\w){_UPPER}\w{{2,25}}(?:weg|platz|ring|ufer|damm|plein|dreef){_GAP}\d{{1,4}}[a-z]?(?![\w:.%])"
        ),
        False,
    ),
    (
        re.compile(
            rf"(?<![\w$€£.,:/-])\d{{1,4}}(?: ?(?:bis|ter))?,?{_GAP}(?:rue|avenue|boulevard|bd|all[ée]e|impasse|chemin|quai)"
            rf"(?:{_GAP}(?:de la|de l['’]|des|du|de|d['’]|la|le|les|l['’]))?{_MAYBE_GAP}(?:{_NAME}[ -]?){{1,3}}"
        ),
        True,
    ),
    (
        re.compile(
            rf"(?<!\w)(?:[Cc]alle|C/|[Aa]venida|Avda?\.|[Pp]aseo|[Cc]arrer|[Rr]ua|[Tt]ravessa|Praça)"
            rf"(?:{_GAP}(?:de los|de las|de la|del|de|da|do|dos|das))?{_MAYBE_GAP}(?:{_NAME}(?:{_GAP}(?:de|del|da|do|dos|la))?{_MAYBE_GAP}){{1,4}}?"
            rf",?{_MAYBE_GAP}(?:n[.º°]{{1,2}} ?|núm\. ?)?\d{{1,4}}(?![\w:%/]|\.\d)"
        ),
        True,
    ),
    (
        re.compile(
            rf"(?<!\w)(?:Via|Viale|Piazza|Corso|Vicolo|Plaza|Largo)(?:{_GAP}(?:della|delle|dei|degli|del|di))?"
            rf"(?:{_GAP}{_NAME}){{1,3}},?{_GAP}\d{{1,4}}(?![\w:%/]|\.\d| ?[ap]\.?m)"
        ),
        False,
    ),
)
_FOREIGN_CUE = re.compile(
    r"\b(?:wohn\w{1,4}|adresse|anschrift|zuhause|domicilio|direcci[oó]n|vive|habite\w{0,2}|domicile|indirizzo|abit[aoi]|casa|"
    r"endere[cç]o|mora|moro|adres|woont)\b[^\n]{0,25}$",
    re.IGNORECASE,
)
_FOREIGN_TAIL = re.compile(rf",?\s{{1,2}}(?:[A-Z]-?)?\d{{4,5}}(?:-\d{{3}})?\s{{1,2}}{_NAME}")
_YEAR_ONLY = re.compile(_YEAR)


def find_addresses(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Street addresses with a house number, in English, German, Dutch, French, Spanish, Portuguese and Italian.

    Words that are streets only sometimes ("Drive", "Close", "Way", "Via") need a town, a unit or a word such as
    "lives at" beside them.
    """
    if not any(character.isdigit() for character in text):
        return
    for span in chain(_english_addresses(text), _other_addresses(text)):
        if not _is_published(text[span.start : span.end], allowed):
            yield span


def _english_addresses(text: str) -> Iterator[Span]:
    for match in _ENGLISH.finditer(text):
        after = text[match.end() : match.end() + 120]
        if _NO_STREET_AFTER.match(after) or _NO_STREET_BEFORE.search(match["name"].strip()):
            continue
        tail = _TAIL.match(after)
        cued = bool(_PLACE_CUE.search(text[max(0, match.start() - 40) : match.start()]))
        plain = match["strong"] is not None and not _YEAR_ONLY.fullmatch(match["number"])
        if plain or tail or cued:
            end = match.end() + (tail.end() if tail else 0)
            yield Span(match.start(), end, Kind.ADDRESS, 0.85 if tail or cued else 0.6)


def _other_addresses(text: str) -> Iterator[Span]:
    for pattern, strong in _OTHER_STREETS:
        for match in pattern.finditer(text):
            tail = _FOREIGN_TAIL.match(text, match.end())
            cued = bool(_FOREIGN_CUE.search(text[max(0, match.start() - 40) : match.start()]))
            dated = _YEAR_ONLY.search(match.group()) is not None
            if tail or cued or (strong and not dated):
                end = tail.end() if tail else match.end()
                yield Span(match.start(), len(text[:end].rstrip()), Kind.ADDRESS, 0.85 if tail or cued else 0.6)


_SHORT_FORMS = {
    "st": "street",
    "ave": "avenue",
    "rd": "road",
    "blvd": "boulevard",
    "ln": "lane",
    "dr": "drive",
    "ste": "suite",
    "hwy": "highway",
    "pkwy": "parkway",
    "ct": "court",
    "pl": "place",
    "sq": "square",
    "strasse": "straße",
}


def _plain(place: str) -> str:
    words = re.findall(r"\w+", place.casefold())
    return f" {' '.join(_SHORT_FORMS.get(word, word) for word in words)} "


def _is_published(place: str, allowed: Allowed) -> bool:
    plain = _plain(place)
    return any(plain in known or known in plain for known in allowed.places)


def _within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
