"""Phone numbers that may be a person's, in the ways of many countries.

A number is told by three things together: what the dialling plans of the world know (libphonenumber), the way it is
written (a plus, brackets, groups, an extension), and words beside it ("call me at", "Tel.", "M:"). Confidence says
how many of them agree; a bare row of digits that some plan would allow is never enough.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from checks.literals import may_be_in
from checks.personal_data.published import NOTHING_ALLOWED, Allowed, is_published_phone, parse
from checks.personal_data.spans import UNLIKELY, URL, Kind, Span, within
from checks.word_classes import filled

_SPACE = "[ \u00a0\u2009\u202f]"
_DASH = r"[.*·•\-\u2010-\u2013\u2212]"
#: Atomic, since it is read in one way or another to the same digit: a long number that is none would be read in each.
_BETWEEN = rf"(?>(?:{_SPACE}{{0,2}}(?:\)?{_DASH}?|{_DASH}?\(?|\)\(){_SPACE}{{0,2}}|\)? ?/ ?\(?)(?=\d))"
_EXTENSION = r"(?:[ ,;]{0,2}(?:x|ext(?:ension|n)?|poste|ramal|durchwahl|toestel|interno|anexo|#)[.: ]{0,2}\d{1,6})"
_CANDIDATE = re.compile(
    r"(?<![\w@#$€£¥=\\+*&%])(?<!\d[.,:/-])(?<![\w)]-)(?<![a-z]/)"
    rf"(?P<number>(?:\(?\+{_SPACE}?)?\(?\d(?:{_BETWEEN}\d){{5,17}})"
    rf"(?P<extension>{_EXTENSION}?)(?![\w@]|{_SPACE}?[%€$£¥]|[.,:/-]\d)",
    re.IGNORECASE,
)
_SEVEN_DIGITS = re.compile(r"\d(?:(?:[^\w\n]{0,4}\d){6}|\d\d-[A-Z]{3})")
#: A number with letters for digits, as keypads have them.
_VANITY = re.compile(r"(?<![\w-])(?:1-)?\(?\d{3}\)?-(?:[A-Z]{3}-?[A-Z]{4}|\d{3}-[A-Z]{4})(?![\w-])")
_LINK = re.compile(
    r"\b(?:wa\.me/|tel:|whatsapp://send\?phone=|api\.whatsapp\.com/send\?phone=)(\+?[\d().-]{8,20}\d)\b", re.IGNORECASE
)

_PHONE_WORD = filled(
    r"(?:{phone_words}|{phone_words_abroad}"
    # Stems with endings: Spanish, Portuguese, French.
    r"|ll[aá]m[aeo]\w{0,4}|marc[aq]\w{0,3}"
    r"|telefon[ae]\w{0,4}|contat\w{1,3}"
    r"|appel\w{1,3}|t[eé]l(?:[eé]phone\w{0,2})?"
    # German, Italian, Dutch.
    r"|ruf\w{0,3}|anruf\w{0,3}|handy\w{0,6}|mobil\w{0,8}|telefon\w{0,6}|erreich\w{0,3}"
    r"|chiam\w{1,5}"
    r"|telefoon\w{0,6}"
    # Polish, Czech, Hungarian, Romanian, Finnish.
    r"|za?dzwo\w{0,6}|kom[oó]rk\w{1,3}|(?:za)?volej\w{0,3}|h[ií]vj\w{0,3}|sun[aă]\w{0,4}|soita\w{0,3})"
)
#: A phone word, then at most three short words ("call me back at").
_CUE = re.compile(
    rf"(?:\b(?:{_PHONE_WORD}|numbers?(?: is| at)?|digits|num[eé]ro|n[uú]mero|nummer|nr)\b|[📞☎📱✆📲])[^\w\n]{{0,6}}"
    r"(?:[^\W\d]{1,12}[^\w\n]{1,3}){0,4}(?:\n ?)?$",
    re.IGNORECASE,
)
#: A phone word that stands directly before, which outweighs words such as "no." in between.
_DIRECT = re.compile(
    rf"(?:\b{_PHONE_WORD}(?:[ -]?(?:number|num|no|nr|#))?\b|[📞☎📱✆📲])"
    r"(?: ?\((?:home|work|cell|mobile|office|o|h|m|c|w)\))?"
    r"[^\w\n]{0,4}"
    r"(?:(?:is|was|at|on|is:|es|ist|est|é|è|to|al|au|unter|me at|him at|her at|us at|them at)[^\w\n]{1,3})?$",
    re.IGNORECASE,
)
#: One letter for "phone", "mobile", "fax", as signatures have it.
_SIGNATURE = re.compile(
    r"(?:^|[\n|•·(,;/]|  )[ \t]{0,3}(?:ph|t|m|p|c|f|h|o|d|mob|cel|fon|hp|w|gsm)(?:[.:] ?|[ \t]{1,2})$", re.IGNORECASE
)
_CUE_AFTER = re.compile(
    filled(
        r" ?[(\[,-]{1,2} ?(?:{kinds_of_phone}|mob|fax|tel|phone|whatsapp|voicemail)\b"
        r"| {kinds_of_phone}(?=\s*(?:$|[.,;)\n]))"
        r"|(?: is|'s) (?:my|her|his|their|the) (?:\w+ ){0,2}(?:number|phone|cell|mobile)\b"
    ),
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(?:0|[1-9]\d{0,2})\.\d{5,}")
#: Two numbers in a row share the word before the first.
_AND = re.compile(r"\s{0,2}(?:[,;/|&]|or|and|oder|und|ou|et|o|y|e|en|of)?\s{0,2}$", re.IGNORECASE)
#: The next of an office's several numbers: "(Forest Hills), ", " or our New City office (".
_SAME_DESK = re.compile(filled(r"(?![^\n]*\b{private_phones}\b)[^.!?\n]{0,32}"), re.IGNORECASE)
_OFFICE = re.compile(
    filled(
        r"\b(?:{desks_called}"
        r"|{booked_by_phone}(?: line)?"
        r"|(?:our|my|the|his|her|their|either of (?:our|my)) (?:[\w,.'’]+ ){0,3}{offices_called}s?"
        r"|{desks_called_abroad})\b[^\n]{0,40}$"
    ),
    re.IGNORECASE,
)
_PAPER = re.compile(
    filled(
        r"\b(?:{numbered_things}|a/c|h\.?r|{numbered_abroad})\b"
        r"[^\w\n]{0,4}(?:(?:numbers?|no|id|is|code|nr|nummer|n[uú]mero|num[eé]ro)\b[^\w\n]{0,4}){0,3}$"
        # The last blocks of a tracking number: "tracking number 1Z 999 AA1 01 2345 6784".
        r"|\b{parcels}\b[^\w\n]{0,4}"
        r"(?:(?:number|no|id|is|code|nr|nummer|n[uú]mero|num[eé]ro)\b[^\w\n]{0,4}){0,3}(?:\w{0,4}\d\w{0,4}[ -]){1,5}$"
    ),
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<![\d./-])(?:(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:(?:19|20)\d{2}|\d{2}))(?![\d./-])"
    r"|^\d{1,2}[.:]\d{2} ?[-–] ?\d{1,2}[.:]\d{2}$|^(?:19|20)\d{2} \d{1,2} \d{1,2}$|^\d{1,2} \d{1,2} (?:19|20)\d{2}$"
    r"|(?<!\d)(?:1[5-9]|20)\d{2} ?[-–/ ] ?(?:1[5-9]|20)\d{2}(?!\d)"
    r"|^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ _-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$",
)
_YEAR_FIRST = re.compile(r"(?:19|20)\d{2} ?[-/–]")
_COUNT_AFTER = re.compile(filled(r"\s?{counted_things}\b"), re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:([. \u00a0\u202f])\d{3})(?:\1\d{3})+")
#: Three, three and four digits: how North America writes, and what its plan's fiction and invented numbers look like.
_NANP = re.compile(
    rf"(?:\(?\+? ?(?:00)?1\)?[ .-]?)?(?:\(\d{{3}}\)[ .-]{{0,2}}|\d{{3}}{_DASH}|\d{{3}}/)\d{{3}}[ ]?[-. –][ ]?\d{{4}}"
    r"|\(\d{3}\) ?\d{7}|1?[ .-]?\d{3} \d{3}[ -]\d{4}|\d{3} \d{3}-\d{4}"
)
#: How free lines begin in most plans.
_FREE = re.compile(
    r"\W*(?:\+\d{1,3}\W)?\W?0{0,2}(?:800|808|900|1300|1800)"
    # Britain's for organisations, in the groups Britain writes; elsewhere such beginnings are towns.
    r"|0(?:3\d\d|8[47]\d) \d{3} \d{4}$"
)
#: "…, línea gratuita", right behind such a number: plans of many countries begin so, and not all mean a free line.
_FREE_SAID = re.compile(filled(r"[^\w\n]{1,3}(?:\w{1,8} ){0,2}?{said_to_be_free}\b"), re.IGNORECASE)
#: North America's, also with numbers kept for fiction, which no plan calls free.
_TOLL_FREE = re.compile(r"\(?\+?(?:1[ .(-]{0,2})?\(?8(?:00|33|44|55|66|77|88)\)?[ .-]{0,2}\d{3}[ .-]?\d{4}$")
_PAIRS = re.compile(r"0[1-9]([ .-])\d\d\1\d\d\1\d\d\1\d\d")
#: An area code in brackets, then groups: no other number is written so.
_BRACKETED = re.compile(r"(?:[078] ?)?\(0?\d{2,4}\) ?\d{2,5}(?:[- ]\d{2,5}){1,3}")
_LOCAL_MOST = 9
_LOCAL = re.compile(r"\d{3}[- .]\d{4}")
#: Where members of an international association live; tried only after the chapter's own country.
_REGIONS = re.findall(
    r"\w\w",
    "US GB DE FR ES IT PT BR AU MX NL IE CH IN AT BE CA NZ ZA SE NO DK FI PL CZ HU RO GR TR IL JP KR "
    "SG HK MY PH ID TH AR CL CO PE UA HR SK SI BG LT LV EE LU IS AE SA EG NG KE GH MA TN PK BD LK VN TW CN RU",
)
#: Numbers nobody has at home.
_BUSINESS = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    },
)
_NORTH_AMERICA = ("US", "CA")
_FEWEST, _MOST = 7, 15
_BEFORE = 60
#: Single digits a number written in groups may have: the trunk code and one more.
_MOST_SINGLE = 2
#: In so many groups none but the first has a single digit, unless a country's code goes before it.
_MANY_GROUPS = 5
#: A part of a longer row of digits must be this sure by itself.
_SURE_PART = 0.7


#: The patterns that `may_hold` asks for by their literals.
CUES = (_LINK,)


def may_hold(text: str, possible: Container[int] | None = None) -> bool:
    """Whether there can be anything for `find_phones` to find. `possible`: which of `CUES` may match."""
    return _SEVEN_DIGITS.search(text) is not None or may_be_in(_LINK, text, possible)


def find_phones(text: str, *, country: str = "US", allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Phone numbers with the confidence that they are a person's.

    Written internationally or in the form of a plan that knows them they are near certain; numbers no plan gives out
    (fiction, invented ones) count beside a word such as "call" or in the North American form, with less confidence.
    Toll-free lines, help lines and office lines stay below `spans.LIKELY`; published contacts are left out.
    """
    yield from _linked(text, country, allowed)
    if not _SEVEN_DIGITS.search(text):
        return
    urls = [match.span() for match in URL.finditer(text)]
    last, office = -1, False
    for match in _CANDIDATE.finditer(text):
        if within(match.start(), urls):
            continue
        between = text[last : match.start()] if last >= 0 else None
        joined = between is not None and bool(_AND.fullmatch(between))
        same_desk = office and between is not None and bool(_SAME_DESK.fullmatch(between))
        for start, end, confidence in _numbers(text, match, country, joined=joined):
            sure = UNLIKELY if same_desk and confidence > UNLIKELY else confidence
            last, office = end, sure == UNLIKELY
            if not is_published_phone(text[start:end], country, allowed):
                yield Span(start, end, Kind.PHONE, sure)
    for match in _VANITY.finditer(text):
        if not is_published_phone(phonenumbers.convert_alpha_characters_in_number(match.group()), country, allowed):
            yield Span(
                match.start(), match.end(), Kind.PHONE, UNLIKELY if _is_business(match.group(), country) else 0.6
            )


def _linked(text: str, country: str, allowed: Allowed) -> Iterator[Span]:
    for match in _LINK.finditer(text) if may_be_in(_LINK, text) else ():
        if not is_published_phone(match[1], country, allowed):
            yield Span(match.start(), match.end(), Kind.PHONE, 0.95)


def _numbers(text: str, match: re.Match[str], country: str, *, joined: bool) -> Iterator[tuple[int, int, float]]:
    """The number a candidate is, or the numbers it holds when two stand close together."""
    taken = -1
    for start, end in _readings(match):
        stop = match.end() if end == match.end("number") else end
        confidence = _confidence(text, start, stop, text[start:end], country, joined=joined) if start > taken else None
        whole = (start, end) == match.span("number")
        if confidence is not None and (whole or confidence >= _SURE_PART):
            yield start, stop, confidence
            taken = stop
            if end == match.end("number"):
                return


_GROUP = re.compile(rf"\+? ?\(?\d+(?:\)?{_DASH}\(?\d+)*\)?")


def _readings(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    start, end = match.span("number")
    yield start, end
    groups = [group.span() for group in _GROUP.finditer(match["number"])]
    if sum(character.isdigit() for character in match["number"]) > 10 and len(groups) > 1:  # noqa: PLR2004 - longer than a national number
        for first, last in ((0, len(groups) - 2), (1, len(groups) - 1)):
            yield start + groups[first][0], start + groups[last][1]


def _confidence(text: str, start: int, end: int, raw: str, country: str, *, joined: bool) -> float | None:
    before = text[max(0, start - _BEFORE) : start]
    digits = re.sub(r"\D", "", raw)
    if (
        not _FEWEST <= len(digits) <= _MOST + 2
        or _DATE.search(raw)
        or digits.endswith("000000")
        or _DECIMAL.fullmatch(raw)
        or _is_odd_row(raw)
    ):
        return None
    direct = _is_direct(before)
    if not direct and _PAPER.search(before):
        return None
    extended = end > start + len(raw)
    cued = direct or joined or extended or is_cued(text, start, end)
    is_apart = _SINGLES.fullmatch(raw) is not None
    if not cued and (is_apart or _COUNT_AFTER.match(text, end)):
        return None
    raw = digits if is_apart else raw
    known = _plan_confidence(raw, country, cued=cued)
    formed = _form_confidence(raw, digits, cued=cued, alone=_stands_alone(text, start, end))
    if known is None and formed is None:
        return None
    sure = max(known or 0, formed or 0)
    is_free = _FREE.match(raw) and _FREE_SAID.match(text, end)
    return UNLIKELY if is_free or is_of_an_office(text, start) or _is_business(raw, country) else sure


def _is_direct(before: str) -> bool:
    return bool(_DIRECT.search(before) or _SIGNATURE.search(before))


def is_of_paper(text: str, start: int) -> bool:
    """Whether what a number is of stands before it, such as an order or a version, and no word of calling directly."""
    before = text[max(0, start - _BEFORE) : start]
    return _PAPER.search(before) is not None and not _is_direct(before)


def is_cued(text: str, start: int, end: int) -> bool:
    """Whether a word of calling stands shortly before a number, or what kind of number it is right after."""
    before = text[max(0, start - _BEFORE) : start]
    return bool(_DIRECT.search(before) or _CUE.search(before) or _CUE_AFTER.match(text, end))


def is_of_an_office(text: str, start: int) -> bool:
    """Whether a desk that anybody may call stands before a number, and no person's own line."""
    before = text[max(0, start - _BEFORE) : start]
    return _OFFICE.search(before) is not None and not _is_persons(before)


#: Every digit by itself, as people write who hide a number from machines.
_SINGLES = re.compile(r"\d(?:[ .-]{1,3}\d){9,12}")


def _is_odd_row(raw: str) -> bool:
    """Groups as no telephone number has them: sets of a match, a version, a number with a check digit behind it."""
    groups = re.findall(r"\d+", raw)
    if len(groups) == 1 or _SINGLES.fullmatch(raw):
        return False
    if len(groups) >= _MANY_GROUPS and raw[0].isdigit() and not raw.startswith("00") and 1 in map(len, groups[1:]):
        return True
    return len(groups[-1]) == 1 or sum(len(group) == 1 for group in groups) > _MOST_SINGLE


def _plan_confidence(raw: str, country: str, *, cued: bool) -> float | None:
    """How sure a number is that a dialling plan knows; None when none does, or when it looks like any other number."""
    if "+" in raw:
        return {"valid": 0.97, "possible": 0.8 if cued else 0.7}.get(_standing(raw, "ZZ"))
    if _standing(raw, country) == "valid":
        return 0.95 if cued else _home_confidence(raw, country)
    if raw.startswith("00") and _standing("+" + raw[2:], "ZZ") == "valid":
        return 0.9 if cued else 0.75
    if (cued or _has_trunk(raw)) and _valid_region(raw):
        return 0.85 if cued else 0.65 if len(re.findall(r"\d+", raw)) > 2 else 0.55  # noqa: PLR2004 - three groups read as a number to dial
    return None


def _home_confidence(raw: str, country: str) -> float | None:
    """A number the chapter's own plan knows, without a word beside it: its form must tell it from other numbers."""
    if raw.isdigit() or _YEAR_FIRST.match(raw):
        return None
    if _THOUSANDS.fullmatch(raw):
        return 0.55 if " " in raw and country not in _NORTH_AMERICA else None
    return 0.9 if _looks_national(raw, country) else 0.45


def _has_trunk(raw: str) -> bool:
    """Written as 0xx xxx xxxx or (0xx) xxxxxx, or in five pairs as in France."""
    groups = re.findall(r"\d+", raw)
    long_enough = sum(map(len, groups)) >= 9 and len(groups) > 1  # noqa: PLR2004 - shorter ones are codes and times
    grouped = 1 < len(groups[0]) < 6 and max(map(len, groups[1:]), default=0) > 2  # noqa: PLR2004 - an area code, and not pairs as in times
    return bool(_PAIRS.fullmatch(raw)) or (raw.startswith(("0", "(0")) and long_enough and grouped)


def _looks_national(raw: str, country: str) -> bool:
    if country in _NORTH_AMERICA:
        return bool(_NANP.fullmatch(raw) or re.fullmatch(r"\D*1?\D*\d{3}\D+\d{7}", raw))
    return raw.startswith(("0", "(")) or len(re.findall(r"\d+", raw)) > 2  # noqa: PLR2004 - two groups are as often a range


def _form_confidence(raw: str, digits: str, *, cued: bool, alone: bool) -> float | None:
    """How sure a number is that no plan knows as given out, by the way it is written and the words beside it."""
    if _NANP.fullmatch(raw):
        spaced_only = re.fullmatch(r"[\d ]+", raw) is not None
        return 0.8 if cued else 0.5 if spaced_only else 0.7
    if cued and _LOCAL.fullmatch(raw):
        return 0.65
    if cued and len(digits) <= _MOST and (len(digits) > _FEWEST or not raw.isdigit()):
        return 0.6 if _possible_somewhere(raw) or "+" in raw else 0.5
    if "+" in raw and len(digits) >= 9:  # noqa: PLR2004 - country and subscriber
        return 0.55
    return _bare_confidence(raw, digits, alone=alone)


def _bare_confidence(raw: str, digits: str, *, alone: bool) -> float | None:
    """The same without a word beside it."""
    grouped = len(re.findall(r"\d+", raw)) > 1 and not _THOUSANDS.fullmatch(raw)
    if _BRACKETED.fullmatch(raw) and _possible_somewhere(raw):
        return 0.55
    if alone and (
        _possible_somewhere(raw) if grouped else len(digits) > _LOCAL_MOST and _valid_region(raw) is not None
    ):
        return 0.5
    return 0.4 if raw.startswith(("0", "(0")) and grouped and _possible_somewhere(raw) else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    rest = text[line_start:start] + text[end : len(text) if line_end < 0 else line_end]
    return not any(character.isalnum() for character in rest)


@lru_cache(maxsize=8192)
def _standing(raw: str, region: str) -> str:
    number = parse(raw, region)
    if number is None:
        return "none"
    if phonenumbers.is_valid_number(number):
        return "valid"
    return "possible" if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE else "none"


@lru_cache(maxsize=4096)
def _valid_region(raw: str) -> str | None:
    return next((region for region in _REGIONS if _standing(raw, region) == "valid"), None)


def is_possible(digits: str, country: str) -> bool:
    """Whether the dialling plan of the country, or of one where many live, allows a number, given out or not."""
    return _standing(digits, country) != "none" or _possible_somewhere(digits)


@lru_cache(maxsize=4096)
def _possible_somewhere(raw: str) -> bool:
    return any(_standing(raw, region) != "none" for region in _REGIONS[:16])


#: "with Jane Roe, tel.": a person answers, even where bookings are taken.
_PERSON = re.compile(
    r"\b(?:[Ww]ith|[Aa]sk for|[Cc]ontact|[Cc]all|[Tt]ext|[Rr]ing|[Vv]ia|[Tt]hrough|[Tt]o)"
    r" (?P<name>[A-Z][a-zà-ÿ'’-]+ [A-Z][\w'’-]+)"
    r"[^\w\n]{0,3}(?:[^\W\d]{2,9}[.:]{0,2} ?){0,2}$"
)
_DESK = re.compile(filled(r"\b{desk_words}\b"), re.IGNORECASE)


def _is_persons(before: str) -> bool:
    named = _PERSON.search(before)
    return named is not None and _DESK.search(named["name"]) is None


def _is_business(raw: str, country: str) -> bool:
    if _TOLL_FREE.match(raw):
        return True
    home = _standing(raw, country) == "valid"
    if not home and not _FREE.match(raw):
        return False
    number = parse(raw, country if home else _valid_region(raw) or country)
    return number is not None and phonenumbers.number_type(number) in _BUSINESS
