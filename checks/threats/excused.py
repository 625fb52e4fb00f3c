# ruff: noqa: E501 - grammars read better unbroken
"""Whose violence it is: nobody is accused of words they quote, deny, tell of, or say in kindness."""

from __future__ import annotations

import re

from checks.counter import is_spoken_against
from checks.cues import is_attributed
from checks.text import Text

#: "We will hunt you down and hug you."
KINDLY = re.compile(
    r"\s+(?:(?:and|to|with) (?:\w+ )?(?:hugs?|kiss(?:es)?|thank|kindness|love|feed|congratulate|presents?|cake"
    r"|help|a camera|details)"
    r"|in (?:black and white|colou?r|portrait|landscape|slow motion|applause|love|kindness|chocolate"
    r"|level \w+|bronze|marble|oil|watercolou?r|style)|onto a|by (?:our|the|a|my) (?:\w+ )?photographer|(?:details|applause|kindness|love|gifts|flowers)(?!\w)|at (?:noon|dawn|sunset|sunrise|golden hour|one|two|three|four|five|six|seven|eight|nine|ten|eleven|half past|\d)"
    r"|by the (?:door|window)|with the details|a (?:mail|message|note|line|text)"
    r"|on the (?:list|agenda|rota|calendar|map)"
    r"|for (?:the |a |an |one |two |three |four )?(?:\w+ )?(?:slot|shift|list|tickets?|raffle|nap|shuttle|seats?|places?|session|class|workshop|lunch|dinner)"
    r"|in the (?:\w+ )?(?:calendar|diary|app|minutes|churchyard|cemetery|family grave|garden)"
    r"|at (?:home|sea) (?:next|on|this|beside)|up with (?:emotion|tears|laughter|pride|joy)"
    r"|with (?:a |an |some |our |my |the )?(?:\w+ )?(?:sprig|pinch|drizzle|dash|parsley|herbs|lemon|sauce|cake|cakes|tea|coffee|flowers|minibus|bus|van"
    r"|tickets|keys|ladder|trailer|paperwork|forms?|petition|accounts|figures|facts|questions|invoices?|votes?|ballots?|letter|card|banner|song))(?!\w)"
)

#: Told as what happened, or asked about.
_TOLD = re.compile(
    r"(?<![\w'])(?:tried to|wanted to|wants to|trying to|threatened to|attempted to|went to|how to|did|didn't|used to"
    r"|able to"
    r"|would you|could you|why would|who would|the right|in order|only way)\s+(?:to\s+)?(?:\w+\s+)?$"
)
#: A clause of the speaker's own after a comma: "he is lucky I was not there, I would have …".
_OWN_CLAUSE = re.compile(r"(?:i|we|someone|somebody)(?:'ll|'d| will| would| should| swear| am|'m)(?![\w'])")


def _is_anew(text: Text, start: int) -> bool:
    """Whether a negation before belongs to the clause before."""
    if text.words[max(0, start - 2) : start] == ", " and _OWN_CLAUSE.match(text.words, start):
        return True
    return bool(_CONDITION.search(text.words[max(0, start - 80) : start]))


_WHOEVER = re.compile(
    r"^(?:whoever|(?:anyone|anybody|everyone|everybody) who) |(?<![\w'])(?:whoever|(?:anyone|anybody|everyone|everybody) who)$"
)


#: What a court, a doctor or a paper says.
_RULED = re.compile(
    r"(?<![\w'])(?:ruled|decided|ordered|decreed|held|recommended|demanded|argued|testified|reported|announced|feared"
    r"|concluded|prosecutors?|jury|court|judges?|tribunal|sharia|koran|quran|bible|law)(?: \w+){0,4} that (?:\w+ ){0,3}$"
)
SAID_AFTER = re.compile(
    r",? (?:the )?(?:doctors?|police|court|judge|report|paper|nurse|\w+) (?:said|told us|reported|ruled|warned)(?!\w)"
    r"|,? (?:says|said|goes|sang|sings) (?:the|an?|that|my|our) (?:old |new )?(?:song|saying|proverb|film|movie|poster|sign|playlist|lyrics?"
    r"|chorus|line|book|legend|rhyme|hymn|game|villain|slogan|mug|t-shirt)(?!\w)"
    r"|,? (?:isn't|is not|is no|is never|aren't|are not) (?:an? |any |just |even )*(?:banter|jokes?|funny|ok|okay|fine|opinions?|debate|football|way)(?!\w)"
)
#: "If she does not laugh, …": the negation is the condition's.
_CONDITION = re.compile(r"(?<![\w'])(?:if|when|unless|until|since|because)(?![\w'])[^.!?,\n]{1,60}, (?:\w+ )?$")


def is_excused(text: Text, start: int, end: int) -> bool:
    """Whether somebody else's words are given, or the act is denied or told of."""
    if text.is_reported(start, end) or is_attributed(text, start):
        return True
    if text.is_negated(start, reach=20) and not _is_anew(text, start):
        return True
    if KINDLY.match(text.words, end) or _is_photographed(text, start, end):
        return True
    # Whoever is threatened for what they wrote is no author of the threat.
    if is_spoken_against(text, start, end) and not _WHOEVER.search(text.words[start:end]):
        return True
    if _TOLD.search(text.words[max(0, start - 30) : start]):
        return True
    return bool(_RULED.search(text.words[max(0, start - 80) : start]) or SAID_AFTER.match(text.words, end))


_SHOOTS = re.compile(r"(?<![\w'])(?:shoot|shoots|shot|shooting|capture|hang|hung|frame)(?![\w'])")
#: Of pictures: taken, printed, hung.
_PICTURES = re.compile(
    r"(?<![\w'])(?:photos?|photograph\w*|pictures?|portraits?|prints|camera|lens|tripod|in focus|out of focus|footage|film(?:ed|ing)?|video|selfies?"
    r"|frames?|exposures?|headshots?|snaps|album|backdrop|smiles?)(?![\w'])"
)


def _is_photographed(text: Text, start: int, end: int) -> bool:
    """Whether people are shot with a camera: "shot thirty families at the hall, all in focus"."""
    return bool(_SHOOTS.search(text.words[start:end]) and _PICTURES.search(text.words, *text.sentence_at(start)))
