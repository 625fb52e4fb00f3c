"""Street addresses as the English-speaking countries write them: the number first, the kind of street last.

Kinds of street and their short forms follow USPS Publication 28 (appendix C1) and common British, Irish, Australian
and Indian use; postcodes follow each country's format. Most kinds are ordinary nouns too, so only a capital, a word
before ("lives at") or a town with a postcode after makes an address of them.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re

from checks.word_classes import entries, filled

UPPER = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĻĽŃŅŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
GAP = "[ \\t\u00a0]{1,2}"
NAME = rf"{UPPER}[\w'’.-]{{0,25}}"
#: A comma, a line's end or a blank between the parts of an address.
SEPARATOR = (
    "(?:[ \\t\u00a0]{0,2}[,;|][ \\t\u00a0]{0,2}(?:\\r?\\n[ \\t]{0,8})?"
    "|[ \\t\u00a0]{0,2},?\\r?\\n[ \\t]{0,8}"
    "|[ \\t\u00a0]{1,2}(?:[-–][ \\t\u00a0]{1,2})?)"
)

#: Hardly ever anything but a street when a number and a capitalised name stand before them.
_STRONG = entries("streets_strong")
_WEAK = entries("streets_weak")
_SHORT = 3
_USUAL = "Drive|Dr|Court|Ct|Place|Pl|Way|Circle|Cir|Trail|Trl|Square|St"
#: Short forms in capitals that are no words of a shouted sentence.
_SHORT_CAPITALS = ("ST", "DR", "CT", "PL", "SQ", "CIR", "WAY")
_SECTIONS = "North|South|East|West|Northeast|Northwest|Southeast|Southwest|NE|NW|SE|SW|N|S|E|W"
_STRONG_WORDS = "|".join(sorted([*_STRONG, *(word.upper() for word in _STRONG)], key=len, reverse=True))
_WEAK_WORDS = "|".join(
    sorted([*_WEAK, *(word.upper() for word in _WEAK if len(word) > _SHORT), *_SHORT_CAPITALS], key=len, reverse=True)
)
_PARTS_OF_A_HOUSE = "|".join(entries("parts_of_a_house"))
_LOWER_KINDS = "|".join(entries("streets_lower"))
_NUMBER = r"(?P<number>(?:[NSEW]\d{1,3}[NSEW]\d{1,5}|\d{1,6})(?:[A-Za-z]|[/–-]\d{1,4}[A-Za-z]?|[ ]?[½¼¾]|[ ]1/2)?)"
_LEADING_UNIT = filled(r"(?:(?:{leading_parts}|Apt\.|Bldg\.)[ ]#?(?:No\.? ?)?\w{1,5}[,/]?[ ])?")
_WORD = rf"(?:{NAME}|\d{{1,3}}(?:st|nd|rd|th|ST|ND|RD|TH))"
_LINK_WORD = r"(?:(?:of|the|on|at|upon|de|la|las|los|del|el|van|von|and|du|des)[ ]){0,2}"
#: Where a house number may begin: not within a price, a date or a bigger number.
_START = r"(?<![\w$€£¥#.,:/+&-])"
ENGLISH = re.compile(
    rf"{_START}(?<![$€£#] ){_LEADING_UNIT}{_NUMBER},?{GAP}"
    rf"(?P<name>(?:(?:{_SECTIONS})\.?{GAP})?(?:{_LINK_WORD}{_WORD}{GAP}){{1,4}}?)"
    rf"(?:(?P<strong>{_STRONG_WORDS})"
    rf"|(?P<weak>{_WEAK_WORDS})(?!{GAP}(?:{_STRONG_WORDS}|{_USUAL})(?!\w)))"
    r"(?![\w'’&]|-[A-Za-z])(?P<dot>\.(?=[\s,]|$))?"
    rf"(?P<section>,?{GAP}(?:{_SECTIONS})(?![\w'’]))?",
)
#: "The Avenue", "Broadway": streets without a kind of their own.
NAMED = re.compile(
    rf"{_START}(?<![$€£#] ){_LEADING_UNIT}{_NUMBER},?{GAP}"
    rf"(?P<name>(?:The{GAP})?(?:{_LINK_WORD}{NAME})(?:{GAP}{_LINK_WORD}{NAME}){{0,2}}?)(?=[ \t]{{0,2}}(?:,|\r?\n))"
)
#: Cities laid out by coordinates: "123 N 400 W".
GRID = re.compile(rf"{_START}\d{{1,5}}{GAP}(?:{_SECTIONS}){GAP}\d{{2,5}}{GAP}(?:{_SECTIONS})(?!\w)")
NUMBERED = re.compile(
    rf"{_START}{_NUMBER}{GAP}(?:(?:{_SECTIONS})\.?{GAP})?"
    rf"(?:(?:U\.?S\.?|State|County|CR|SR|Farm[ -]to[ -]Market|FM|Ranch|Old|{NAME}){GAP}){{0,2}}"
    r"(?:Highway|Hwy\.?|Route|Rte\.?|Road|Rd\.?|CR|SR|FM|Interstate|I-?|Loop|Street|Avenue|HIGHWAY|HWY)"
    rf"[ ]?#?\d{{1,5}}[A-Z]?(?![\w:.%]\w)(?:{GAP}(?:{_SECTIONS})(?!\w))?"
)
RURAL = re.compile(
    r"(?<!\w)(?:RR|R\.R\.|Rural Route|HC|Star Route|RFD)[ ]#?\d{1,3},?[ ](?:Box|BOX|Bx)[ ]#?\d{1,5}[A-Z]?(?!\w)"
)
BOX = re.compile(
    r"(?<!\w)(?:P\.? ?O\.?|Post(?: Office|al)?|Private|Locked|GPO|PMB)[ ]?(?:Box|BOX|box|Bag|BAG)"
    r"[ ]?#?(?:No\.? ?)?\d{1,6}(?!\w)"
    r"|(?<!\w)(?:Postfach|Apartado(?: de [Cc]orreos| [Pp]ostal)?|Aptdo\.|Casella [Pp]ostale|C\.P\.|Postbus"
    r"|Caixa [Pp]ostal|Bo[iî]te [Pp]ostale|BP|B\.P\.|Case [Pp]ostale|P\.O\.B\.)"
    r"[ ]?(?:n[.º°] ?)?\d{1,3}(?:[ ]?\d{2,3}){0,2}(?!\w)"
)
MILITARY = re.compile(
    rf"(?<!\w)(?:(?:PSC|Unit|UNIT|CMR|USCG|USN[SV]?|USS)[ ](?:{NAME}|\d{{1,5}})(?:{GAP}{NAME})?{SEPARATOR})?"
    rf"(?:Box{GAP}\d{{1,5}}{SEPARATOR})?"
    r"(?:APO|FPO|DPO),?[ ](?:AA|AE|AP)[ ]\d{5}(?:-\d{4})?(?!\w)"
)
#: In lower case a street needs a word of home before it.
LOWER = re.compile(
    rf"(?<![\w$€£#.,:/+-])\d{{1,5}}[a-d]?{GAP}(?:(?:[a-z][a-z'’.-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th)){GAP}){{1,3}}?"
    rf"(?:{_LOWER_KINDS})(?![\w'’-])\.?"
)

#: India's houses have numbers of their own in a sector or colony: "H.No. 12, Sector 15, Gurgaon 122001".
PLOT = re.compile(
    r"(?<!\w)(?:H|House|Plot|Flat|Door|Shop|D)\.?[ ]?No\.?[ :-]{0,2}[\w/-]{1,8},[ ][^\n]{3,80}?[ ,-]"
    r"[1-8]\d{2} ?\d{3}(?![\w-])"
)

UNIT = (
    rf"(?:(?:{SEPARATOR})"
    rf"(?:(?:{_PARTS_OF_A_HOUSE})\.?[ ]?#?[ ]?[\w-]{{1,6}}(?![\w'’])"
    r"|#[ ]?[\w-]{1,6}(?!\w)"
    r"|\d{1,2}(?:st|nd|rd|th)[ ](?:Floor|floor|Fl\.?)"
    r"|(?:Ground|First|Second|Third)[ ][Ff]loor"
    r"|Floor[ ]\d{1,2}))"
)
_STATE_CODES = "|".join(entries("american_state_codes"))
_STATE_NAMES = "|".join([*entries("american_states"), r"D\.C\."])
_PROVINCES = "|".join(entries("canadian_provinces"))
_AUSTRALIA = "|".join(entries("australian_states"))
_UK_POSTCODE = r"(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})"
_EIRCODE = r"(?:[AC-FHKNPRTV-Y]\d[0-9W] ?[0-9AC-FHKNPRTV-Y]{4})"
LOCALITY = rf"{NAME}(?:(?:[ -]|[ ](?:of|the|on|upon|under|in|de|la|le|del|an der|am|by|next)[ ]){NAME}){{0,3}}"
#: What tells the country: (a town needed before?) the code itself.
POSTCODE = (
    rf"(?:(?:{_STATE_CODES}|{_STATE_NAMES})(?:{SEPARATOR})\d{{5}}(?:-\d{{4}})?"
    rf"|(?:(?:{_PROVINCES})(?:{SEPARATOR}))?[A-Z]\d[A-Z][ -]?\d[A-Z]\d"
    rf"|{_UK_POSTCODE}"
    rf"|(?:{_AUSTRALIA})(?:{SEPARATOR})\d{{4}}"
    rf"|{_EIRCODE}"
    r"|\d{3} ?\d{3}"
    r"|\d{5}(?:-\d{4})?"
    r"|(?!(?:19|20)\d\d)\d{4}"
    r"|Dublin \d{1,2}W?"
    rf"|(?:Co\.?|County) {NAME})(?![\w-])"
)
#: The state alone ends an address when a town and a comma stand before it.
_STATE_END = rf"(?:{LOCALITY},[ ]?(?:{_STATE_CODES}|{_STATE_NAMES}|{_PROVINCES}|{_AUSTRALIA})(?![\w'’]))"
TAIL = re.compile(
    rf"(?:{UNIT}){{0,2}}(?:(?:{SEPARATOR}){LOCALITY}){{0,3}}?(?:{SEPARATOR}){POSTCODE}"
    rf"|(?:{UNIT}){{0,2}}(?:(?:{SEPARATOR}){LOCALITY}){{0,1}}?(?:{SEPARATOR}){_STATE_END}"
    rf"|(?:{UNIT}){{1,2}}"
)
#: A tail that tells a town by itself: postcode beside a state, or a code no ordinary number looks like.
SURE_TAIL = re.compile(
    rf"(?:{UNIT}){{0,2}}(?:(?:{SEPARATOR}){LOCALITY}){{1,3}}?(?:{SEPARATOR})"
    rf"(?:(?:{_STATE_CODES}|{_STATE_NAMES}),?[ ]{{1,2}}\d{{5}}"
    rf"|(?:(?:{_PROVINCES})(?:{SEPARATOR}))?[A-Z]\d[A-Z] ?\d[A-Z]\d"
    rf"|{_UK_POSTCODE}"
    rf"|(?:{_AUSTRALIA}),?[ ]\d{{4}}"
    rf"|{_EIRCODE})(?![\w-])"
)
