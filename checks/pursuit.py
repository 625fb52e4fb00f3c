"""Setting others upon somebody, and pursuing somebody: harassment without a word of abuse.

"Report her until the account is gone", "make his life hell", "block me, I'll make another account". Each pattern is a
sentence with an open place for whom it is about: a handle, a pronoun, a name with a capital. The other party is never
the reader at large ("make you cry") and never the writer. Patterns read `Text.words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.attribution import is_attributed
from checks.base import Evidence, Row
from checks.cues import MENTION
from checks.word_classes import filled, pattern

SET_UPON, PURSUED = "others are set upon somebody", "somebody is pursued"

#: Parts of the sentences below.
_PARTS = {
    "mention": MENTION,
    # Whom: one word that is no name is told by its small letter later.
    "whom": filled(
        r"(?P<whom>{mention}|him|her|them|(?:this|that|these|those) (?:[\w-]+ ){0,2}?{pursued_person}s?"
        r"|(?!it\b|you\b|me\b|us\b|this\b|that\b|your\b|my\b|our\b|the\b|an?\b)[\w-]+(?: [\w-]+)?)",
        mention=MENTION,
    ),
    "whose": filled(
        r"(?:(?P<whose>{mention}|[\w-]+(?: [\w-]+)?)'s?|his|her|their"
        r"|(?:this|that) (?:[\w-]+ ){0,2}?{pursued_person}s?(?:'s|s'))",
        mention=MENTION,
    ),
    # Who speaks to many, or for what they will do.
    "call": filled(
        r"(?<![\w'])(?:{speaks_to_many}|(?:^|(?<=[.!?:\n]))\s{0,3})"
        r"[,:]?(?: (?:all|everyone|everybody|go|just|please|and|together|now|keep|mass|to)){0,4}\s{0,3}"
    ),
    "attack": filled(r"(?:mass[- ])?{set_upon}"),
    "gone": filled(
        r"until (?:(?:the|his|her|their|that|this) (?:account|page|profile|channel|shop|business) (?:is|gets?|are|has)"
        r"|it's|it is|they're|they are) {account_gone}"
    ),
    "breaks": filled(r"(?:until|so that|so|and) (?:he|she|they|\w+) {breaks}"),
    "vocative": r"(?:,? [\w@'-]+(?: [\w'-]+)?,)?",
}


@dataclass(frozen=True)
class Pursuit:
    """A sentence with an open place, and how sure a finding is that it makes (0..1)."""

    pattern: re.Pattern[str]
    sure: float
    reason: str


def _pursuit(written: str, sure: float, reason: str) -> Pursuit:
    return Pursuit(pattern(written, **_PARTS), sure, reason)


PURSUITS = (
    _pursuit(
        r"{call}(?P<said>{attack} (?:on )?{whom}(?:'s?)?(?: (?:account|page|profile))? (?:\w+ ){0,3}?"
        r"(?:{gone}|{breaks}))(?!\w)",
        0.7,
        SET_UPON,
    ),
    _pursuit(
        r"{call}(?P<said>(?:flood|spam|bomb|blow up|fill|swamp|jam) (?:up )?{whose} {lines_to_somebody} (?:\w+ ){0,3}?"
        r"(?:{breaks}"
        r"|until"
        r"|and make (?:him|her|them|{mention}|\w+) (?:cry|suffer|regret|quit|pay)"
        r"|with (?:hate|insults|complaints|abuse|one[- ]star|1[- ]star|bad reviews)))(?!\w)",
        0.7,
        SET_UPON,
    ),
    _pursuit(
        r"{call}(?P<said>make {whose} (?:life|lives|days?|time here|job)"
        r" (?:as )?(?:an? )?(?:living |total |absolute |pure )?"
        r"(?:hell|miserable|misery|unbearable|nightmare|unlivable))(?!\w)",
        0.75,
        SET_UPON,
    ),
    _pursuit(
        r"{call}(?P<said>(?:don't|do not|never) let {whom}"
        r" (?:sleep|rest|have (?:a (?:moment of )?)?peace|forget (?:it|this|what (?:he|she|they) did))"
        r"[^.!?\n]{0,40}?keep (?:calling|ringing|texting|messaging|posting|knocking))(?!\w)",
        0.65,
        SET_UPON,
    ),
    _pursuit(
        r"{call}(?P<said>get {whom} (?:fired(?! up)|{done_out_of})"
        r"[^.!?\n]{0,30}?(?:share|spread|call|tell|ring|e?-?mail|post|tag|message)"
        r" (?:this|it|everywhere|everyone"
        r"|(?:his|her|their) (?:boss|employer|work|office|landlord|school|company|family)))(?!\w)",
        0.65,
        SET_UPON,
    ),
    _pursuit(
        r"(?<![\w'])(?P<said>{asked_of_me} me(?: back| now)?{vocative}(?: [\w-]+)?"
        r" or (?:i'll|i will|i'm going to|i am going to|i'm gonna)"
        r" (?:post|share|publish|send|leak|show|put|spread|tell)"
        r" (?:everyone|everybody|(?:your|the) (?:\w+ )?{kept_private}))(?!\w)",
        0.75,
        PURSUED,
    ),
    _pursuit(
        r"(?:(?<![\w'])(?:you (?:can|may)|go ahead,?(?: and)?|just) |(?:^|(?<=[.!?\n]))\s?)"
        r"(?P<said>block me(?: all you (?:like|want)| again)?(?:,? [\w@'-]+(?: [\w'-]+)?)?,?"
        r" (?:and |but |because )?(?:i'll|i will|i can|i have) (?:just |always |simply |still |soon )?"
        r"(?:make|create|open|use|have|got|be back with)?\s?"
        r"(?:another|a new|new|more|other|ten|five|a dozen|a different|a fresh) accounts?)(?!\w)",
        0.7,
        PURSUED,
    ),
    _pursuit(
        r"(?<![\w'])(?P<said>keep (?:ignoring|blocking|avoiding|dodging|ghosting) me(?:,? [\w@'-]+(?: [\w'-]+)?)?,?"
        r" and (?:see what (?:happens|you get|comes)|watch what (?:happens|i do)|find out"
        r"|you'll (?:see|regret|be sorry)|you will (?:see|regret|be sorry)))(?!\w)",
        0.7,
        PURSUED,
    ),
)
#: What they cannot do without, sooner read than they: alternatives of words all of which must stand in a text.
CUES = tuple(
    tuple(map(pattern, words))
    for words in (
        ("{set_upon_cue}", "{until_cue}"),
        ("make ", "hell|miser|unbearable|nightmare|unlivable"),
        ("don't let|do not let|never let", "keep "),
        ("get ", "fired|{done_out_of}"),
        (" or i", " me"),
        ("block me|(?:ignoring|blocking|avoiding|dodging|ghosting) me",),
    )
)
#: An account that is not who it says, which everybody is rightly asked to report.
_IMPOSTOR = pattern(r"(?<![\w']){impostor}(?![\w'])")
#: How far before them a negation takes them back.
_NEGATED = 24
_NO_NAME = re.compile(rf"{MENTION}|him|her|them|(?:this|that|these|those) .*")


def pursuits(row: Row) -> Iterator[Evidence]:
    """Calls to set upon somebody and pursuit of somebody; not what is reported, denied or given as others' view."""
    text = row.text
    for pursuit in PURSUITS if _is_cued(text.words) else ():
        for found in pursuit.pattern.finditer(text.words):
            start, end = found.span("said")
            excused = text.is_reported(start, end) or text.is_negated(start, reach=_NEGATED)
            excused = excused or is_attributed(text, start) or _IMPOSTOR.search(text.words) is not None
            if _names_somebody(row, found) and not excused:
                yield row.evidence(start, end, pursuit.reason, pursuit.sure)


def _is_cued(words: str) -> bool:
    return any(all(cue.search(words) for cue in together) for together in CUES)


def _names_somebody(row: Row, found: re.Match[str]) -> bool:
    """Whether the open place holds a person: a handle, a pronoun, or a name, which has a capital in the stored text."""
    places = (found.span(name) for name in ("whom", "whose") if name in found.re.groupindex and found[name])
    return all(
        _NO_NAME.fullmatch(found.string, start, end) is not None or row.text.cut(start, end)[:1].isupper()
        for start, end in places
    )
