"""How a sentence is hostile to a group: which groups it names, and what is said of them.

A group is a noun ("immigrants"), an adjective with a noun for people ("deaf kids", "the elderly"), or "they" after one
of these. From a group the sentence is read word by word, forwards and backwards, over words that may stand between a
subject and what is said of it ("are all just", "should never"), until a hostile predicate of the lexicon stands there
or another word does.
"""

from __future__ import annotations

import re
from dataclasses import replace

from checks.hostility.after import CONTEMPT, REMOVED, said_after
from checks.hostility.before import said_before
from checks.hostility.dutch import WE_WANT, is_done_by_some, said_in_dutch
from checks.hostility.frames import FRAME_CUES, FRAME_REACH, framed
from checks.hostility.groups import EVERYDAY, SOME, Group, groups_in, is_others_doing, is_restricted
from checks.hostility.not_thought import not_thought
from checks.hostility.predicates import Predicates, Said, is_hostile
from checks.hostility.set_phrases import SET_PHRASES, exclaimed, set_phrase
from checks.text import Text

__all__ = [
    "CONTEMPT",
    "EVERYDAY",
    "FRAME_CUES",
    "REMOVED",
    "SET_PHRASES",
    "WE_WANT",
    "Group",
    "Predicates",
    "Said",
    "groups_in",
    "is_hostile",
    "is_others_doing",
    "said_of",
]

_SUPPOSED = re.compile(
    r"(?<!\w)(?:(?:if|unless|suppose|imagine|whether|until)\s+(?:all\s+|only\s+|these\s+)?"
    r"|(?:refuse to|won't|would never|will never|never|not|don't) (?:say|claim)(?: that)?\s+"
    r"|if (?:[\w']+ ){1,4}?(?:say|saying|claim|think|believe|tell me)(?: that)?\s+)$"
)
#: "It's the … who are behind every war": said of all of them, not of some who are.
_IT_IS = re.compile(
    r"(?<![\w'])(?:it's|its|it is|it was|always|again)(?: always| again| once again| only)?(?: the| these)?\s+$"
)
_CLEFT = re.compile(r"\s+(?:who|that)(?=\s+(?:are|is|have|always|bring|want|own|run|control|steal)(?!\w))")
#: "Those who torch shelters for …": what follows is said of those.
_OF_THOSE = re.compile(
    r"(?<![\w'])(?:those|people|anyone|whoever|men|thugs|cowards|idiots) who"
    r" (?!know|think|say|believe|understand|realise|realize|tell|claim)[\w' ]{3,50}?"
    r"(?<= )(?:for|of|against|with|on|at|near|from)\s+(?:the\s+)?$"
)
#: "… can still be sacked there": told of the law of a place.
_UNDER_THE_LAW = re.compile(
    r"\s+can (?:still |legally |also )*be \w+(?: \w+){0,3}?,?"
    r" (?:there|still|by law|legally|in \w+ (?:states|countries))(?!\w)"
)
#: "Ban on gay marriage lifted".
_LIFTED = re.compile(
    r"(?:\s[\w']+){0,3}?\s(?:is |was |were |has been |are )?"
    r"(?:lifted|overturned|struck down|repealed|ruled|ended|scrapped|upheld|challenged|blocked)(?!\w)"
)
_A_BAN = re.compile(r"(?<!\w)(?:bans?|barr?iers?) (?:on|against|to)\s+(?:\w+\s+)?$")
#: "The boys were pigs at the buffet": told is of some of them, once.
_THE, _WERE = re.compile(r"(?<!\w)the\s+$"), re.compile(r"\s+(?:were|had|got|looked|acted|did|came|went)(?!\w)")


def said_of(text: Text, group: Group, predicates: Predicates) -> Said | None:
    """The first hostile thing a sentence says of a group; None where it says none."""
    words = text.words
    start, end = text.sentence_at(group.start)
    group = _whoever_it_is(words, group, start)
    if is_restricted(words, group):
        return None
    before = words[max(start, group.start - 60) : group.start]
    if denied := not_thought(words, group, predicates, before, end):
        return denied
    if _is_of_others(group, before) or _is_told(words, group, before) or is_others_doing(text, group.start):
        return None
    if is_done_by_some(group, before):
        return None
    return (
        framed(words, group, words[max(start, group.start - FRAME_REACH) : group.start], end)
        or set_phrase(text, group, predicates, end)
        or said_after(words, group, predicates, before, end)
        or said_before(words, group, predicates, start)
        or exclaimed(words, group, predicates, before)
        or said_in_dutch(words, group, predicates, before)
    )


def _whoever_it_is(words: str, group: Group, start: int) -> Group:
    """A group of a cleft with its "who", so that what is said of it comes next: "it's the … who are behind it"."""
    if not _IT_IS.search(words[max(start, group.start - 24) : group.start]):
        return group
    cleft = _CLEFT.match(words, group.end)
    return replace(group, end=cleft.end()) if cleft else group


def _is_of_others(group: Group, before: str) -> bool:
    """Whether only some of the group are spoken of, or those who do something to it, or it is only supposed."""
    is_some = not group.pronoun and not group.slur and bool(SOME.search(before))
    return is_some or bool(_SUPPOSED.search(before) or _OF_THOSE.search(before))


def _is_told(words: str, group: Group, before: str) -> bool:
    """Whether it is told what the law of a place is, that a ban ended, or what some did once."""
    if _UNDER_THE_LAW.match(words, group.end) or (_A_BAN.search(before) and _LIFTED.match(words, group.end)):
        return True
    return group.status in EVERYDAY and bool(_THE.search(before) and _WERE.match(words, group.end))
