"""Violence that is announced or called for: "I will …", "somebody should …", with a verb of violence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.base import Evidence, Row
from checks.lexicons import Hit
from checks.text import Text
from checks.threats.excused import is_excused
from checks.threats.harmless import certainty
from checks.threats.places import finds, looked_for
from checks.threats.victims import end_of_victim

#: "I will", "we're gonna", "I swear I'll": the speaker announces what the speaker does.
_INTENT = looked_for(
    r"(?<![\w'])(?:i|we)(?:'ll|ll|(?:'m|'re| am| are|m)(?: \w+)? (?:going to|gonna|about to|coming to|gunna|gon)"
    r"|'d (?:love|like|pay) to|d love to|'ma|ma|'m finna| {announces})"
    r"(?: {announced_how})*(?![\w'])"
    r"|(?<![\w']){announces_alone}(?: just| go| come)?(?![\w'])"
)
#: "somebody should", "we ought to", "I'd": what the speaker would like done.
_CALL = looked_for(
    r"(?<![\w'])(?:{called_upon}(?: all)? )?{should}(?: {called_how})*(?![\w'])"
    r"|(?<![\w'])let(?:'s|s| us)(?: all)?(?: just)?(?: go)?(?: and)?(?![\w'])"
    r"|(?<![\w'])(?:i|we)(?:'d| would|'d've| would've|d| woulda)"
    r"(?: (?:have|of|gladly|happily|just|literally|personally))*(?![\w'])"
    r"|(?<![\w'])(?:someone|somebody)(?: please| just| go)*(?= [a-z]+ )"
    r"|(?<![\w'])can (?:we|someone|somebody|i)(?: please| just| all)*(?![\w'])"
    r"|(?<![\w'])i say (?:we|you|they)(?: all| just)*(?![\w'])"
    r"|(?<![\w'])(?:why (?:don't|not)|how about) (?:we|someone|somebody|they)(?: just| all)*(?![\w'])"
    r"|(?<![\w']){called_fit} to(?![\w'])"
    r"|(?:(?<![\w'])(?:i|we)(?: really| just| only)? |(?:^|(?<=[.!?]))\s{0,3})(?:wish|hope|want)(?: that)?"
    r" (?:\w+ ){1,3}?(?:would|will|had|to)(?: have| just| all)*(?![\w'])"
    r"|(?<![\w'])i wish they'd(?![\w'])"
)
#: "One day somebody will", "my boys are going to": what others are said to do to the reader.
_WILL = looked_for(
    r"(?<![\w']){avenger}"
    r"(?:'ll| will|(?:'s| is| are) going to|(?: is|'s| are)? gonna| finna| might| may just)"
    r"(?: just| finally| surely| soon| come and| find you and| one day| really)*(?![\w'])"
)
#: "Resign or we …": the price of not doing as one is told.
_OR_WE = looked_for(
    r"(?<![\w'])or (?:i|we|my (?:boys|brothers|friends|cousins))(?:'ll| will|'re gonna| are going to)?"
    r"(?: just| all| come and)?(?![\w'])"
)
#: What one says one "could" do to somebody one is cross with, and what is left of a threat then.
_ONE_COULD = frozenset({"strangle", "throttle", "kill*", "murder", "smack", "shoot"})
_AS_IF = 0.6
#: How far behind "I will" its verb may begin: some six small words.
_VERB_REACH = 40
_NOT = re.compile(r"(?<![\w'])(?:not|never)(?![\w'])")
#: What parts one clause from another, or denies it.
_PARTS = re.compile(r"[,;:.!?]|\b(?:not|never|no|be|been|before|when|because|if|that|who|we|i|they|he|she)\b|n't")


def find_announced(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """A verb of violence that follows on "I will" or "somebody should" and is done to somebody."""
    text = row.text
    for left, right, base in openings(text, sentence):
        verb = next((hit for hit in verbs if right <= hit.start <= right + _VERB_REACH and hit.sense != "thing"), None)
        if verb is None or not joins(text.words[right : verb.start]):
            continue
        victim = end_of_victim(row, verb, sentence[1])
        if victim is None or is_excused(text, left, victim):
            continue
        sure = base * (1.0 if verb.sense == "strong" else 0.8) * certainty(row, verb.start)
        sure *= _AS_IF if _is_exasperated(text.words[left:right], verb) else 1.0
        yield row.evidence(left, victim, "an announced or called-for violent act against somebody", sure)


def openings(text: Text, sentence: tuple[int, int]) -> list[tuple[int, int, float]]:
    """Where "I will" and "somebody should" stand, and how sure what follows them is a threat."""
    return [
        (found.start(), found.end(), sure)
        for pattern, sure in ((_INTENT, 0.9), (_OR_WE, 0.65), (_WILL, 0.6), (_CALL, 0.65))
        for found in finds(pattern, text, *sentence)
        if not _NOT.search(found.group())
    ]


def _is_exasperated(opening: str, verb: Hit) -> bool:
    """Whether it is a way of saying how annoyed one is: "I could strangle my sister"."""
    return opening.endswith(" could") and verb.term in _ONE_COULD


def joins(between: str) -> bool:
    """Whether only fill words stand between "I will" and the verb: no negation, no other clause."""
    return not _PARTS.search(between) and len(between.split()) <= 6  # noqa: PLR2004 - "round up the whole lot and"
