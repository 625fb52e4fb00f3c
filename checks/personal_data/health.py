"""Health details told of a named or related person: "my sister was diagnosed with", "Devon Achterberg had a stroke".

Names alone are never looked for: in posts most capitalised words are no names of people. A match starts from a health
phrase; only then is a relative or a name looked for right before it, in the same sentence.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.personal_data.spans import UNLIKELY, Kind, Span
from checks.word_classes import entries, filled

#: An illness; up to two words may stand before it ("a rare lung cancer").
_ILLNESS = filled(
    r"(?:[\w-]{1,20} ){0,2}?"
    r"(?:leuk[ae]+mia|\bms\b|{illnesses}|{illnesses_romance}|{illnesses_german})"
)
#: Medicines by their names and by the endings of their classes.
_MEDICINE = filled(
    r"(?:{medicines}"
    r"|[a-z]{3,12}{medicine_endings}"
    r"|[a-z]{4,12}(?:pril|cillin|mycin))"
)
_DETAIL = re.compile(
    filled(
        r"\b(?:(?:was|is|were|got|has been|had been|['’]s been|been|being|just) (?:recently |just |finally )?"
        r"diagnosed(?: with| as)?(?: {illness})?"
        r"|{has_an_illness}"
        r" (?:a |an |another |her |his |severe |stage \w{1,3} |terminal |chronic |type \d ){0,2}{illness}"
        r"|(?:had|has had|having|needs|needed|underwent|undergoing|recovering from|scheduled for)"
        r" (?:a |an |her |his |another |emergency |open[- ]heart |major ){0,3}(?:[\w-]{1,15} )?{treatments}"
        r"|(?:is|was|['’]s|has been|went) (?:back |still |now )?(?:in (?:the )?{care_wards}|{under_treatment})"
        r"|(?:(?:is|was|['’]s|has been|been|went|put|started|still) (?:\w+ ){0,2}?(?:back )?on"
        r"|takes?|taking|took|prescribed|needs|stopped taking|came off)"
        r" (?:her |his |their |daily |some )?{medicine}"
        r"|{health_tests} (?:came|has come|have come|is|was|were|are|turned out) (?:back )?(?:to be )?"
        r"(?:positive|malignant|cancerous|abnormal|benign)"
        r"|(?:tried|wanted|wants|threatened) to (?:kill (?:her|him|them)sel(?:f|ves)"
        r"|(?:take|end) (?:her|his|their) (?:own )?li(?:fe|ves))"
        r"|attempted suicide"
        r"|self[- ]harm(?:s|ed|ing)?"
        r"|(?:was|were|is|got|been|being) (?:just |re-?)?{brought_to_care}(?: back)?"
        r" (?:(?:in)?to (?:the )?(?:a&e|{brought_to})|with (?:a |an |severe )?{illness})"
        r"|(?:is|are|was|were|still|['’]s|['’]re)(?: (?:still|now|back))? in (?:the )?(?:nicu|picu|er|a&e|detox)"
        r"|(?:is|was|were|are|been) born (?:(?:at|in) (?:week )?2\d weeks?|(?:at|in) (?:week )?3[0-5](?: weeks?)?"
        r"|prematurely|premature|too early)"
        r"|lost (?:her|his|their|the) (?:unborn |first |second )?(?:baby|babies|twins|pregnancy|child)"
        r"|tested positive(?: for [\w-]{2,20})?"
        r"|had a (?:breakdown|relapse)"
        r"|(?:relapsed|overdosed|miscarried)"
        # Spanish.
        r"|{has_an_illness_spanish} (?:un |una |de )?(?:[\wáéíóúñ]{1,15} )?{illness_in_spanish}"
        r"|(?:está|estuvo) (?:hospitalizad[oa]|ingresad[oa]|en quimioterapia)"
        r"|(?:fue|será) operad[oa]"
        # French.
        r"|(?:a|avait|souffre d['e]|souffre de|est attein\w+ d['e]|est attein\w+ de) ?(?:un |une |du |de la |d')?"
        r"(?:[\wéèêà]{1,15} )?{illness_in_french}"
        r"|(?:est|a été) (?:hospitalisée?|opérée?|diagnostiquée?)"
        r"|suit une chimio\w*"
        # German.
        r"|(?:hat|hatte|leidet an|erkrankte an|starb an|kämpft gegen) (?:einen |eine |an )?"
        r"(?:[\wäöüß]{1,15} )?(?:\w{0,12}krebs|{illness_in_german})"
        r"|(?:liegt|lag|ist|war) (?:seit \w+ )?"
        r"(?:im krankenhaus|auf der intensivstation|in der klinik|an \w{0,12}krebs erkrankt)"
        r"|wurde (?:gestern |heute )?operiert"
        # Portuguese.
        r"|(?:tem|teve|sofre de|sofreu|morreu de|foi diagnosticad[oa] com) (?:um |uma )?"
        r"(?:[\wáéíóúãõç]{1,15} )?{illness_in_portuguese}"
        r"|(?:está|esteve|foi) (?:hospitalizad[oa]|internad[oa]|operad[oa]))\b",
        illness=_ILLNESS,
        medicine=_MEDICINE,
    ),
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?:{_ILLNESS}|{_MEDICINE})\b", re.IGNORECASE)
_SUBJECT = re.compile(
    filled(
        r"(?P<kin>\b(?:"
        r"(?:my|our|her|his|their|(?:[A-Za-zÀ-ÿ][\w’-]+['’]s?)|mi|su|mon|ma|notre|son|sa|mein|meine|unser|unsere|sein|seine"
        r"|ihr|ihre|meu|minha|seu|sua|nosso|nossa) (?:\w{2,12} ){0,2}?"
        r"(?:{near_ones}|(?:grand|step)\w{2,9}|\d{1,2}[- ](?:day|week|month|year)s?[- ]olds?"
        r"|{near_ones_spanish}|{near_ones_french}|{near_ones_german}|{near_ones_portuguese})"
        r"))(?P<apart>(?:,? (?:[\w'’-]+,? ){0,4})?)$"
    ),
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?<![\w@#])(?P<name>[A-ZÀ-Þ][a-zà-ÿ’'-]{1,20}(?: (?:[A-Z]\. )?[A-ZÀ-Þ][a-zà-ÿ’'-]{1,20}){0,2})"
    r"(?P<apart>,? ?(?:[a-zà-ÿ'’-]+,? ){0,3})$"
)
_NO_NAME = frozenset(entries("no_persons_name"))
#: A talk, an appeal, a figure, a greeting: not a disclosure about somebody near.
_PUBLIC = re.compile(filled(r"\b(?:{told_in_public}|\d+ ?%)\b"), re.IGNORECASE)
_OF_NOBODY = re.compile(filled(r"\b(?:{figures_of_illness}|{illness_as_subject})\b"), re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]\s|\n")
_BEFORE = 80


def names_illness(text: str) -> bool:
    """Whether an illness or a medicine is named, whoever has it."""
    return _NAMED.search(text) is not None


def is_of_nobody(text: str) -> bool:
    """Whether what sounds like somebody's health is a figure of speech, or the subject of a talk, study or appeal."""
    return _OF_NOBODY.search(text) is not None


def find_health_details(text: str) -> Iterator[Span]:
    """What a text tells of the health of a named person or of somebody's relative, friend or colleague.

    The span runs from the person to the end of the detail. Talks, studies and appeals have the confidence
    `spans.UNLIKELY`.
    """
    for match in _DETAIL.finditer(text):
        start = _sentence_start(text, match.start())
        person = _person(text[max(start, match.start() - _BEFORE) : match.start()])
        if person is not None:
            length, confidence = person
            public = _PUBLIC.search(text[start : _sentence_end(text, match.end())])
            yield Span(match.start() - length, match.end(), Kind.HEALTH, UNLIKELY if public else confidence)


def _person(before: str) -> tuple[int, float] | None:
    """How many characters before the detail the person begins, and how sure it is one."""
    relative = _SUBJECT.search(before)
    if relative is not None:
        return len(before) - relative.start(), 0.75
    named = _NAME.search(before)
    if named is None or not _NO_NAME.isdisjoint(re.findall(r"[\w’'-]+", named["name"].casefold())):
        return None
    return len(before) - named.start(), 0.75 if " " in named["name"] else 0.6


def _sentence_start(text: str, place: int) -> int:
    return max(
        (end.end() for end in _SENTENCE_END.finditer(text, max(0, place - 2 * _BEFORE), place)),
        default=max(0, place - 2 * _BEFORE),
    )


def _sentence_end(text: str, place: int) -> int:
    found = _SENTENCE_END.search(text, place)
    return found.start() if found else len(text)
