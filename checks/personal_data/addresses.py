"""Street addresses with a house number, post-office boxes and military mail."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import chain

from checks.literals import Index, may_be_in
from checks.personal_data.published import NOTHING_ALLOWED, Allowed, is_published
from checks.personal_data.spans import UNLIKELY, Kind, Span
from checks.personal_data.streets_continental import FRENCH_KIND, HOUSE_NUMBER, STREETS
from checks.personal_data.streets_continental import TAIL as CONTINENTAL_TAIL
from checks.personal_data.streets_english import (
    BOX,
    ENGLISH,
    GAP,
    GRID,
    LOCALITY,
    LOWER,
    MILITARY,
    NAME,
    NAMED,
    NUMBERED,
    PLOT,
    RURAL,
    SEPARATOR,
    SURE_TAIL,
    TAIL,
    UPPER,
)
from checks.word_classes import entries, filled

_DIGIT = re.compile(r"\d")
#: Three to five digits, no year and no round sum.
_LONG_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)(?!\d0+$)\d{3,5}")
_TOWN = re.compile(rf"(?:,[ ]{LOCALITY}){{1,2}}")
#: A flat, which no count of things has behind it.
_FLAT = re.compile(rf"(?:{SEPARATOR})(?:Apt|APT|apt|Apartment|Flat)\.?[ ]?#?[ ]?\w{{1,4}}(?![\w'’])")
_YEAR = re.compile(r"(?:19|20)\d{2}")
#: Words of home or post that end just before the address.
_PLACE_CUE = re.compile(
    filled(
        r"(?:\b(?:{home_or_post}|drop(?: \w+){0,3} off"
        r"|{home_or_post_abroad}|wohn\w{1,4}|habite\w{0,2}|woon\w?|domicilié\w?)\b"
        r"[^\w\n]{0,3}(?:{before_an_address}\b[^\w\n]{0,3}){0,4}\n?"
        r"|\bat "
        r"|\bat [^\W\d_]{2,20}['’]s,? "
        r"|🏠 ?"
        r"|📍 ?)$"
    ),
    re.IGNORECASE,
)
_HOME_CUE = re.compile(
    r"\b(?:liv(?:e|es|ed|ing) (?:at|on|in)"
    r"|resid(?:es|ing) (?:at|on)"
    r"|(?:(?:my|her|his|their)(?: new| mailing| current)*|(?<!our )(?<!the )(?:home|mailing|new)) address(?: is|:)?"
    r"|moved to"
    r"|(?:my|her|his|their) (?:home|house|place|apartment|flat)(?: is)?(?: at| on|,|:)?)[ :]{0,2}$",
    re.IGNORECASE,
)
#: Behind the plainest words of home: a number and a name, or a name and a number.
_TOLD = re.compile(
    filled(
        r"\b(?:(?:[Ii]|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[A-Z][a-z]+) (?:live|lives|lived) (?:at|on)"
        r"|(?:[Mm]y|[Hh]er|[Hh]is|[Tt]heir)(?: new| home| mailing| current)* address(?: is|:)?"
        r"|[Hh]ome address(?: is|:)?)"
        r"[ :]{1,2}(?:the )?(?!{no_homes}\b)"
        r"(?P<place>\d{1,5}[A-Za-z]?(?:/\d{1,4})?,?{gap}{name}(?:{gap}{name}){1,3}"
        r"|{name}(?:{gap}(?:[a-z]{2,3} )?{name}){0,4},?{gap}\d{1,4}[A-Za-z]?(?![\w%/:]|[ ]?(?:{counted_at_home})\b))",
        gap=GAP,
        name=NAME,
    )
)
#: An office, a shop or a hall told as such just before: right as an address, nobody's home.
_INSTITUTION = re.compile(
    filled(
        r"\b(?:our|the|your|new|main|head|district|field|local|regional|campaign) (?:[\w'’]+ ){0,2}{institutions}"
        r"[^\w\n]{0,3}(?:is |are )?(?:now )?(?:located |open )?(?:at|on|in|:|,)?[^\w\n]{0,3}$"
        r"|\b{venues_and_events}"
        r"[^\w\n]{0,4}(?:(?:at|on|in|is|to|located|the|address|park|room|today|tomorrow|tonight)[^\w\n]{1,2}){0,3}$"
        r"|\b(?:our|the (?:chapter|group|association)(?:['’]s)?|office|business) (?:{kinds_of_address} )?address"
        r"(?: is| will be| remains)?(?: now| again)?[^\w\n]{0,3}$"
        r"|\b(?:i ?['’]m at|checked in at) [^\n]{2,40}\( ?$"
    ),
    re.IGNORECASE,
)
#: Firms have suites; people who live in one say so.
_OFFICE_UNIT = re.compile(r"\b(?:Suite|SUITE|suite|Ste|STE)\b")
_OF_AN_OFFICE = 0.55
#: Hours behind an address make a place of it where anybody may come: ", 8 to 6", " (open 9am-4pm)".
_HOURS = re.compile(
    r"[ ,;:(–-]{1,3}(?:(?:open|from|between|mon|tue|wed|thu|fri|sat|sun)\w{0,6}[ ,:]{1,2}){0,3}"
    r"(?:\d{1,2}(?:[:.]\d\d)?|noon)[ ]?(?:[ap]\.?m\.?)?[ ]?(?:to|till|until|through|and|[-–])[ ]?"
    r"(?:\d{1,2}(?:[:.]\d\d)?|noon|dusk|late)[ ]?(?:[ap]\.?m\.?)?(?![\w/:]|\.\d)",
    re.IGNORECASE,
)
#: What follows the word when no street is meant, and what stands before it.
_NO_STREET_AFTER = re.compile(
    filled(r"[ -]?(?:{no_street_after}(?!\w)|fest|to |for |of |with |and the )"), re.IGNORECASE
)
_NO_STREET_BEFORE = re.compile(filled(r"\b(?:{no_street_before}|a\.m\.|p\.m\.|vs\.?)\.?$"), re.IGNORECASE)
_NEAR, _FAR = 48, 160


#: A house number, then what begins a name: a capital or a number ("5th"), small words before it; or a French street.
_NUMBER_FIRST = re.compile(
    rf"[\d½¼¾](?:[A-Za-z]|[ ]?(?:bis|ter|quater|[A-D]))?,?{GAP}"
    rf"(?:(?:(?:of|the|on|at|upon|de|la|las|los|del|el|van|von|and|du|des)[ ]){{0,2}}(?:{UPPER}|\d)|{FRENCH_KIND}{GAP})"
)
#: "No." or the like between the street and the number.
_MARK = r"[ \t\u00a0,]{0,4}(?:s/|#?[ ]?(?:[Nn][\wº°]{0,5}[.:º°]{0,2}[ \t\u00a0]{0,2})?)\d"
#: A name, or another word that ends a street or opens a box, then a number.
_NAME_LAST = re.compile(rf"{UPPER}[\w'’.-]{{0,48}}{_MARK}")
_WORD_LAST = re.compile(
    rf"(?:box|bag|correos|postal|postale|calle|carrera|avenida|utca|út|tér|körút|ulica|cesta|trg|náměstí|námestie){_MARK}"
)
#: What `LOWER` begins with, and what each `_HOME_CUE` holds.
_LOWER_FIRST = re.compile(rf"\d[a-d]?{GAP}(?:[a-z]|\d{{1,3}}(?:st|nd|rd|th))")
_HOME = re.compile("liv|resid|address|home|moved to|house|place|apartment|flat", re.IGNORECASE)


#: The patterns that `may_hold` asks for by their literals.
CUES = (_WORD_LAST, _HOME)


def may_hold(text: str, possible: Container[int] | None = None) -> bool:
    """Whether there can be anything for `find_addresses` to find: what all its shapes have beside their number.

    `possible`: which of `CUES` may match.
    """
    if _NUMBER_FIRST.search(text) or _NAME_LAST.search(text):
        return True
    if may_be_in(_WORD_LAST, text, possible) and _WORD_LAST.search(text):
        return True
    return may_be_in(_HOME, text, possible) and _LOWER_FIRST.search(text) is not None


def find_addresses(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Street addresses of many countries, with unit, town and postcode where they follow.

    Words that are streets only sometimes ("Drive", "Close", "Way", "Via") need a town, a unit or a word such as
    "lives at" beside them. Addresses told as an office's or a venue's have the confidence `spans.UNLIKELY`.
    """
    if not _DIGIT.search(text):
        return
    for start, end, confidence in chain(
        _military(text),
        _numbered(text),
        _english(text),
        _continental(text),
        _named(text),
        _boxes(text),
        _lower(text),
        _plots(text),
        _told(text),
    ):
        stop = len(text[:end].rstrip(" \t\r\n,;.-")) if text[end - 1 : end] != "." else end
        if not is_published(text[start:stop], allowed):
            yield Span(start, stop, Kind.ADDRESS, min(confidence, _most(text, start, stop)))


def _most(text: str, start: int, end: int) -> float:
    """How sure it can be at most that an address is somebody's."""
    before = _before(text, start)
    if _INSTITUTION.search(before):
        return UNLIKELY
    of_all = _OFFICE_UNIT.search(text, start, end) or _HOURS.match(text, end)
    if of_all and not _HOME_CUE.search(before):
        return _OF_AN_OFFICE
    return 1.0


_SHAPES = Index([ENGLISH, NUMBERED, RURAL, MILITARY, BOX, LOWER, PLOT, *(street.shape for street in STREETS)])


#: The streets to look for, without a number that may end one and with it.
_STREETS_OF = (tuple(street for street in STREETS if not street.ends_in_number), STREETS)


@lru_cache(maxsize=4)
def _possible(text: str) -> frozenset[int]:
    """The shapes that a text has the words for, by `id`."""
    return _SHAPES.possible(text)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _NEAR) : start]


_RUN = re.compile(r"\d+")
_UNITS = entries("leading_parts")


@lru_cache(maxsize=4)
def _starts(text: str) -> tuple[int, ...] | None:
    """Where a house number can begin, a point of the compass before it; None where a part of a house may come first."""
    if any(map(text.__contains__, _UNITS)):
        return None
    starts = []
    for run in _RUN.finditer(text):
        start = run.start()
        if start and text[start - 1] in "NSEW":
            starts.append(start - 1)
        starts.append(start)
    return tuple(starts)


def _at_numbers(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `finditer` gives for a pattern that begins with a house number, or a word for a part of a house before it.

    Numbers are few and found fast; trying such a pattern at every letter takes most of the time.
    """
    starts = _starts(text)
    if starts is None:
        yield from pattern.finditer(text)
        return
    end = 0
    for start in starts:
        if start >= end and (found := pattern.match(text, start)):
            yield found
            end = found.end()


def _military(text: str) -> Iterator[tuple[int, int, float]]:
    for match in MILITARY.finditer(text) if id(MILITARY) in _possible(text) else ():
        yield match.start(), match.end(), 0.95


def _english(text: str) -> Iterator[tuple[int, int, float]]:
    for match in _at_numbers(ENGLISH, text) if id(ENGLISH) in _possible(text) else ():
        if _NO_STREET_AFTER.match(text, match.end()) or _NO_STREET_BEFORE.search(match["name"].strip()):
            continue
        tail = _tail(TAIL, text, match.end())
        cued = bool(_PLACE_CUE.search(_before(text, match.start())))
        plain = match["strong"] is not None and not _YEAR.fullmatch(match["number"])
        plain = plain or _LONG_NUMBER.fullmatch(match["number"]) is not None
        confidence = _sureness(
            plain=plain, tailed=tail > match.end(), cued=cued, alone=_opens_line(text, match.start())
        )
        yield match.start(), max(tail, match.end()), confidence


def _numbered(text: str) -> Iterator[tuple[int, int, float]]:
    for match in chain(
        _at_numbers(NUMBERED, text),
        _at_numbers(GRID, text),
        RURAL.finditer(text) if id(RURAL) in _possible(text) else (),
    ):
        tail = _tail(TAIL, text, match.end())
        cued = bool(_PLACE_CUE.search(_before(text, match.start())))
        yield match.start(), max(tail, match.end()), 0.85 if cued or tail > match.end() else 0.4


def _sureness(*, plain: bool, tailed: bool, cued: bool, alone: bool) -> float:
    if tailed or cued:
        return 0.95 if tailed and (cued or plain) else 0.85
    if plain:
        return 0.65
    return 0.5 if alone else 0.2


def _opens_line(text: str, start: int) -> bool:
    """Whether the address begins a line of its own, as on an envelope, in a text of several lines."""
    return start > 0 and text[:start].rstrip(" \t")[-1:] == "\n"


def _tail(pattern: re.Pattern[str], text: str, end: int) -> int:
    found = pattern.match(text, end, min(len(text), end + _FAR))
    return found.end() if found else end


def _continental(text: str) -> Iterator[tuple[int, int, float]]:
    possible = _possible(text)
    for street in (
        street for street in _STREETS_OF[HOUSE_NUMBER.search(text) is not None] if id(street.shape) in possible
    ):
        for match in street.shape.finditer(text):
            tail = _tail(CONTINENTAL_TAIL, text, match.end())
            cued = bool(_PLACE_CUE.search(_before(text, match.start())))
            if tail > match.end() or cued:
                yield match.start(), tail, 0.9
            elif not _YEAR.search(match.group()):
                yield match.start(), match.end(), 0.65 if street.strong else 0.2


def _named(text: str) -> Iterator[tuple[int, int, float]]:
    for match in _at_numbers(NAMED, text):
        tail = _tail(SURE_TAIL, text, match.end())
        if tail > match.end() and not _NO_STREET_BEFORE.search(match["name"].strip()):
            yield match.start(), tail, 0.75
        elif (town := _TOWN.match(text, match.end())) and _HOME_CUE.search(_before(text, match.start())):
            yield match.start(), town.end(), 0.6
        elif unit := _FLAT.match(text, match.end()):
            yield match.start(), unit.end(), 0.65


def _boxes(text: str) -> Iterator[tuple[int, int, float]]:
    for match in BOX.finditer(text) if id(BOX) in _possible(text) else ():
        tail = max(_tail(TAIL, text, match.end()), _tail(CONTINENTAL_TAIL, text, match.end()))
        home = _HOME_CUE.search(_before(text, match.start()))
        yield match.start(), tail, 0.85 if home else 0.6 if tail > match.end() else 0.45


def _lower(text: str) -> Iterator[tuple[int, int, float]]:
    for match in _at_numbers(LOWER, text) if id(LOWER) in _possible(text) else ():
        if _HOME_CUE.search(_before(text, match.start())):
            yield match.start(), _tail(TAIL, text, match.end()), 0.7


def _told(text: str) -> Iterator[tuple[int, int, float]]:
    """Whatever has a name and a number, where somebody is said to live there: streets of every country and kind."""
    for match in _TOLD.finditer(text) if _HOME.search(text) else ():
        start, end = match.span("place")
        yield start, max(_tail(TAIL, text, end), _tail(CONTINENTAL_TAIL, text, end)), 0.6


def _plots(text: str) -> Iterator[tuple[int, int, float]]:
    for match in PLOT.finditer(text) if id(PLOT) in _possible(text) else ():
        yield match.start(), match.end(), 0.85
