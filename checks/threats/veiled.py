"""Ready-made phrases of a veiled threat, and what else is said with the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.base import Evidence, Row
from checks.lexicons import Hit
from checks.text import Text
from checks.threats.excused import KINDLY, SAID_AFTER
from checks.threats.harmless import certainty
from checks.word_classes import filled, pattern

#: A name after "we are coming for you". It may be a town's or a woman's: a visit has to be told by more than the name.
_NAMED = filled(
    r",? (?!{no_town}(?![\w'])|@)(?!(?:\w+ )?{people}(?![\w']))"
    r"(?:the )?[a-z][\w'-]+(?: [\w'-]+)?\s{0,3}(?:[!:.🎉✈]|$)"
)
_AFTER_NAME = re.compile(_NAMED)
#: What else is said with the words of a veiled threat, told by what follows: a visit, care of the back, a map.
_INVITING = (
    (re.compile(r"coming for you$"), pattern(r"{named}[^\n]{0,120}?(?:🎉|✈|(?<!\w){visits}(?!\w))", named=_NAMED)),
    (re.compile(r"one eye open$"), pattern(r"[^\n]{0,60}?(?<!\w){cared_for}(?!\w)")),
    (
        re.compile(r"pay for th(?:is|at)$"),
        re.compile(
            r"[^.\n]{0,30}?(?:[$€£]|\d+[.,]\d\d|(?<!\w)(?:per|card|cash|checkout|register|entrance|online)(?!\w))"
        ),
    ),
    (re.compile(r""), pattern(r"[^\n]{0,60}?(?<!\w){treats}(?!\w)")),
    (re.compile(r"(?:your brakes|under your car)$"), pattern(r"[^\n]{0,60}?(?<!\w){car_care}(?!\w)")),
    (re.compile(r"^(?:pas|let|kijk)(?: \w+)? (?:op|uit) "), pattern(r"[^\n]{0,80}?(?<!\w){road_care_dutch}(?!\w)")),
    (re.compile(r"oog open$"), pattern(r"[^\n]{0,60}?(?<!\w){keeps_awake_dutch}(?!\w)")),
    (re.compile(r"^(?:wacht|ik|we|wij|ge) "), pattern(r"[^\n]{0,60}?(?<![\w']){treats_dutch}(?!\w)")),
    (re.compile(r"your back$"), pattern(r"[^\n]{0,100}?(?<!\w){back_care}(?!\w)")),
    (
        re.compile(r"where you (?:live|work|sleep|park)$"),
        pattern(
            r"(?::|,? so(?![\w'])|,? and (?:so|here|can|now)(?![\w'])"
            r"|[.!] (?:so|here|find|that's why|enter|use|see|meet)(?![\w'])| - )"
            r"[^\n]{0,90}?(?<!\w){nearby}(?!\w)"
        ),
    ),
)


def find_veiled(row: Row, phrases: Iterable[Hit]) -> Iterator[Evidence]:
    """Those of the phrases that are the author's own and no invitation."""
    text = row.text
    for hit in phrases:
        if KINDLY.match(text.words, hit.end) or SAID_AFTER.match(text.words, hit.end) or _is_invitation(text, hit):
            continue
        if not text.is_reported(hit.start, hit.end) and not text.is_negated(hit.start, reach=12):
            sure = hit.weight * certainty(row, hit.start) * (0.5 if _is_of_a_name(text, hit) else 1)
            yield row.evidence(hit.start, hit.end, "words often meant as a threat", sure)


def _is_invitation(text: Text, hit: Hit) -> bool:
    """Whether what follows says that nobody is threatened: "we are coming for you, Berlin! Doors open at seven"."""
    said = text.words[hit.start : hit.end]
    return any(words.search(said) and follows.match(text.words, hit.end) for words, follows in _INVITING)


def _is_of_a_name(text: Text, hit: Hit) -> bool:
    """Whether somebody or some town is named that we are coming for, so that it can only be asked about."""
    return text.words.endswith("coming for you", hit.start, hit.end) and bool(_AFTER_NAME.match(text.words, hit.end))
