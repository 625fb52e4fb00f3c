"""Street addresses with a house number."""

# ruff: noqa: E501, RUF001 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from checks.personal_data.published import NOTHING_ALLOWED, Allowed, is_published
from checks.personal_data.spans import Kind, Span

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
_YEAR_ONLY = re.compile(r"(?:19|20)\d{2}")


def find_addresses(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Street addresses with a house number, in English, German, Dutch, French, Spanish, Portuguese and Italian.

    Words that are streets only sometimes ("Drive", "Close", "Way", "Via") need a town, a unit or a word such as
    "lives at" beside them.
    """
    if not any(character.isdigit() for character in text):
        return
    for span in chain(_english_addresses(text), _other_addresses(text)):
        if not is_published(text[span.start : span.end], allowed):
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
