"""Setting others upon somebody, and pursuing somebody: harassment without a word of abuse.

"Report her until the account is gone", "make his life hell", "block me, I'll make another account". Each pattern is a
sentence with an open place for whom it is about: a handle, a pronoun, a name with a capital. The other party is never
the reader at large ("make you cry") and never the writer. Patterns read `Text.words`.
"""

# ruff: noqa: E501 - grammars read better unbroken.

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.base import Evidence, Row
from checks.cues import MENTION, is_attributed

SET_UPON, PURSUED = "others are set upon somebody", "somebody is pursued"

_PERSON = (
    r"(?:person|woman|man|guy|girl|boy|lady|mother|mom|mum|nurse|doctor|leader|admin|member|teacher|neighbou?r|creep|snake|liar"
    r"|witch|clown|loser|fraud|traitor|hypocrite|idiot|author|poster|account|page|profile)s?"
)
#: Whom: one word that is no name is told by its small letter later.
_WHOM = rf"(?P<whom>{MENTION}|him|her|them|(?:this|that|these|those) (?:[\w-]+ ){{0,2}}?{_PERSON}|(?!it\b|you\b|me\b|us\b|this\b|that\b|your\b|my\b|our\b|the\b|an?\b)[\w-]+(?: [\w-]+)?)"
_WHOSE = (
    rf"(?:(?P<whose>{MENTION}|[\w-]+(?: [\w-]+)?)'s?|his|her|their|(?:this|that) (?:[\w-]+ ){{0,2}}?{_PERSON}(?:'s|s'))"
)
#: Who speaks to many, or for what they will do.
_CALL = r"(?<![\w'])(?:let's|let us|we should|we need to|we have to|we will|we'll|everyone|everybody|all of you|y'all|come on|somebody|someone|i'll|i will|please|go|and|help me|time to|(?:^|(?<=[.!?:\n]))\s{0,3})[,:]?(?: (?:all|everyone|everybody|go|just|please|and|together|now|keep|mass|to)){0,4}\s{0,3}"
_ATTACK = r"(?:mass[- ])?(?:report(?:ing)?|flag(?:ging)?|spam(?:ming)?|bomb(?:ing)?|flood(?:ing)?|swarm(?:ing)?|raid(?:ing)?|dogpile|brigade|harass|hound|troll|bully|mob|heckle)"
_GONE = r"until (?:(?:the|his|her|their|that|this) (?:account|page|profile|channel|shop|business) (?:is|gets?|are|has)|it's|it is|they're|they are) (?:gone|down|deleted|banned|suspended|closed|vanished|dead|finished)"
_BREAKS = r"(?:until|so that|so|and) (?:he|she|they|\w+) (?:quits?|leaves?|cr(?:y|ies)|breaks?|resigns?|snaps?|begs?|deletes? (?:it|everything|(?:the|his|her|their) account)|cracks?|gives? up)"
_LINES = r"(?:inbox(?:es)?|mentions|phones?|phone lines?|dms?|mailbox|comments|reviews|voicemail)"


@dataclass(frozen=True)
class Pursuit:
    """A sentence with an open place, and how sure a finding is that it makes (0..1)."""

    pattern: re.Pattern[str]
    sure: float
    reason: str


def _pursuit(written: str, sure: float, reason: str) -> Pursuit:
    return Pursuit(re.compile(written), sure, reason)


_VOCATIVE = r"(?:,? [\w@'-]+(?: [\w'-]+)?,)?"
PURSUITS = (
    _pursuit(
        rf"{_CALL}(?P<said>{_ATTACK} (?:on )?{_WHOM}(?:'s?)?(?: (?:account|page|profile))? (?:\w+ ){{0,3}}?(?:{_GONE}|{_BREAKS}))(?!\w)",
        0.7,
        SET_UPON,
    ),
    _pursuit(
        rf"{_CALL}(?P<said>(?:flood|spam|bomb|blow up|fill|swamp|jam) (?:up )?{_WHOSE} {_LINES} (?:\w+ ){{0,3}}?(?:{_BREAKS}|until|and make (?:him|her|them|{MENTION}|\w+) (?:cry|suffer|regret|quit|pay)|with (?:hate|insults|complaints|abuse|one[- ]star|1[- ]star|bad reviews)))(?!\w)",
        0.7,
        SET_UPON,
    ),
    _pursuit(
        rf"{_CALL}(?P<said>make {_WHOSE} (?:life|lives|days?|time here|job) (?:as )?(?:an? )?(?:living |total |absolute |pure )?(?:hell|miserable|misery|unbearable|nightmare|unlivable))(?!\w)",
        0.75,
        SET_UPON,
    ),
    _pursuit(
        rf"{_CALL}(?P<said>(?:don't|do not|never) let {_WHOM} (?:sleep|rest|have (?:a (?:moment of )?)?peace|forget (?:it|this|what (?:he|she|they) did))[^.!?\n]{{0,40}}?keep (?:calling|ringing|texting|messaging|posting|knocking))(?!\w)",
        0.65,
        SET_UPON,
    ),
    _pursuit(
        rf"{_CALL}(?P<said>get {_WHOM} (?:fired(?! up)|sacked|kicked out|evicted|deported|disbarred|expelled|thrown out|cancelled|struck off)[^.!?\n]{{0,30}}?(?:share|spread|call|tell|ring|e?-?mail|post|tag|message) (?:this|it|(?:his|her|their) (?:boss|employer|work|office|landlord|school|company|family)|everywhere|everyone))(?!\w)",
        0.65,
        SET_UPON,
    ),
    _pursuit(
        rf"(?<![\w'])(?P<said>(?:answer|reply to|call|text|talk to|meet|unblock|pay|marry|message|listen to) me(?: back| now)?{_VOCATIVE}(?: [\w-]+)? or (?:i'll|i will|i'm going to|i am going to|i'm gonna) (?:post|share|publish|send|leak|show|put|spread|tell) (?:everyone|everybody|(?:your|the) (?:\w+ )?(?:photos?|pictures?|pics|videos?|messages|chats?|address|secrets?|name|number|nudes)))(?!\w)",
        0.75,
        PURSUED,
    ),
    _pursuit(
        r"(?:(?<![\w'])(?:you (?:can|may)|go ahead,?(?: and)?|just) |(?:^|(?<=[.!?\n]))\s?)(?P<said>block me(?: all you (?:like|want)| again)?(?:,? [\w@'-]+(?: [\w'-]+)?)?,? (?:and |but |because )?(?:i'll|i will|i can|i have) (?:just |always |simply |still |soon )?(?:make|create|open|use|have|got|be back with)?\s?(?:another|a new|new|more|other|ten|five|a dozen|a different|a fresh) accounts?)(?!\w)",
        0.7,
        PURSUED,
    ),
    _pursuit(
        r"(?<![\w'])(?P<said>keep (?:ignoring|blocking|avoiding|dodging|ghosting) me(?:,? [\w@'-]+(?: [\w'-]+)?)?,? and (?:see what (?:happens|you get|comes)|watch what (?:happens|i do)|find out|you'll (?:see|regret|be sorry)|you will (?:see|regret|be sorry)))(?!\w)",
        0.7,
        PURSUED,
    ),
)
#: What they cannot do without, sooner read than they: alternatives of words all of which must stand in a text.
CUES = tuple(
    tuple(map(re.compile, words))
    for words in (
        (
            "report|flag|spam|bomb|flood|swarm|raid|dogpile|brigade|harass|hound|troll|bully|mob|heckle|blow up|fill|swamp|jam",
            "until|quit|leave|cry|cries|break|resign|snap|beg|delete|crack|give up|gives up|with|suffer|regret|pay",
        ),
        ("make ", "hell|miser|unbearable|nightmare|unlivable"),
        ("don't let|do not let|never let", "keep "),
        ("get ", "fired|sacked|kicked out|evicted|deported|disbarred|expelled|thrown out|cancelled|struck off"),
        (" or i", " me"),
        ("block me|(?:ignoring|blocking|avoiding|dodging|ghosting) me",),
    )
)
#: An account that is not who it says, which everybody is rightly asked to report.
_IMPOSTOR = re.compile(
    r"(?<![\w'])(?:fakes?|impost[eo]rs?|impersonat\w+|pretend\w*|scam\w*|hack\w*|phish\w*|bots?|cloned?|stolen|spammers?)(?![\w'])"
)
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
