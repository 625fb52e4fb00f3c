# ruff: noqa: E501 - grammars read better unbroken
"""Ready-made phrases of a veiled threat, and what else is said with the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.base import Evidence, Row
from checks.harm import PEOPLE
from checks.lexicons import Hit
from checks.text import Text
from checks.threats.excused import KINDLY, SAID_AFTER
from checks.threats.harmless import certainty


def veiled(row: Row, phrases: Iterable[Hit]) -> Iterator[Evidence]:
    """Those of the phrases that are the author's own and no invitation."""
    text = row.text
    for hit in phrases:
        if KINDLY.match(text.words, hit.end) or SAID_AFTER.match(text.words, hit.end) or _is_invitation(text, hit):
            continue
        if not text.is_reported(hit.start, hit.end) and not text.is_negated(hit.start, reach=12):
            sure = hit.weight * certainty(row, hit.start) * (0.5 if _is_of_a_name(text, hit) else 1)
            yield row.evidence(hit.start, hit.end, "words often meant as a threat", sure)


#: Words of those who come to perform, meet or sell.
_VISIT = (
    r"(?:doors?|tours?|tickets?|shows?|gigs?|concerts?|conferences?|conventions?|congress|summits?|festivals?|meet-?ups?|booths?"
    r"|stands?|workshops?|classes|courses|training|roadshows?|road trip|pop-?ups?|stages?|next stop|see you (?:at|in|on|there|soon)"
    r"|join us|sign up|register|rsvp|book (?:now|your|a)|open(?:s|ing)?|launch(?:es|ing)?|can't wait|cannot wait|excited)"
)

#: A name after "we are coming for you". It may be a town's or a woman's: a visit has to be told by more than the name.
_NAMED = (
    r",? (?!(?:and|so|be|you|your|we|i|no|if|or|run|hide|watch|get|tonight|tomorrow|better|just|now|when|right)(?![\w'])|@)"
    rf"(?!(?:\w+ )?{PEOPLE}(?![\w']))(?:the )?[a-z][\w'-]+(?: [\w'-]+)?\s{{0,3}}(?:[!:.🎉✈]|$)"
)

#: What else is said with the words of a veiled threat, told by what follows: a visit to a town, care of the back, a map.
_INVITING = (
    (
        re.compile(r"coming for you$"),
        re.compile(rf"{_NAMED}[^\n]{{0,120}}?(?:🎉|✈|(?<!\w){_VISIT}(?!\w))"),
    ),
    (
        re.compile(r"one eye open$"),
        re.compile(
            r"[^\n]{0,60}?(?<!\w)(?:newborns?|bab(?:y|ies)|parents|toddlers?|moms?|mums?|cats?|puppy|puppies|dolphins?)(?!\w)"
        ),
    ),
    (
        re.compile(r"pay for th(?:is|at)$"),
        re.compile(
            r"[^.\n]{0,30}?(?:[$€£]|\d+[.,]\d\d|(?<!\w)(?:per|card|cash|checkout|register|entrance|online)(?!\w))"
        ),
    ),
    (
        re.compile(r""),
        re.compile(
            r"[^\n]{0,60}?(?<!\w)(?:cakes?|cookies|brownies|wine|pizzas?|flowers|casseroles?|gifts?|presents?|tomatoes|snacks|balloons|soup|cupcakes)(?!\w)"
        ),
    ),
    (
        re.compile(r"your back$"),
        re.compile(
            r"[^\n]{0,100}?(?<!\w)(?:tips?|lift(?:ing)?|posture|stretch(?:es|ing)?|baby|bab(?:y|ies)|carry(?:ing)?|slings?|desks?"
            r"|ergonomics?|exercises?|workouts?|physio\w*|chiropract\w*|spine|muscles?|yoga|massage|shovel(?:l?ing)?|boxes"
            r"|garden(?:ing)?|squats?|bend(?:ing)?|chairs?)(?!\w)"
        ),
    ),
    (
        re.compile(r"where you (?:live|work|sleep|park)$"),
        re.compile(
            r"(?::|,? so(?![\w'])|,? and (?:so|here|can|now)(?![\w'])|[.!] (?:so|here|find|that's why|enter|use|see|meet)(?![\w'])"
            r"| - | \u2013)[^\n]{0,90}?(?<!\w)(?:maps?|groups?|near you|closest|nearest|zip|post ?codes?|local|deliver(?:y|ed|s)?|chapters?"
            r"|meetings?|weather|forecast|commute|librar(?:y|ies)|leaders?|events?)(?!\w)"
        ),
    ),
)
_AFTER_NAME = re.compile(_NAMED)


def _is_invitation(text: Text, hit: Hit) -> bool:
    """Whether what follows says that nobody is threatened: "we are coming for you, Berlin! Doors open at seven"."""
    said = text.words[hit.start : hit.end]
    return any(words.search(said) and follows.match(text.words, hit.end) for words, follows in _INVITING)


def _is_of_a_name(text: Text, hit: Hit) -> bool:
    """Whether somebody or some town is named that we are coming for, so that it can only be asked about."""
    return text.words.endswith("coming for you", hit.start, hit.end) and bool(_AFTER_NAME.match(text.words, hit.end))
