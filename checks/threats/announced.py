
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
    r"(?<![\w'])(?:i|we)(?:'ll| will| shall|ll|(?:'m|'re| am| are|m)(?: \w+)? (?:going to|gonna|about to|coming to"
    r"|gunna|gon)"
    r"|'d (?:love|like|pay) to|d love to| want to| wanna| would (?:love|like) to| swear| promise(?: you)?|'ma"
    r"|ma| could"
    r"| wish i could|'m finna| can't wait to| cant wait to| plan to| intend to| gotta)"
    r"(?: (?:personally|gladly|definitely|fucking|so|just|really|literally|come and|come|go and|go"
    r"|find you and|easily"
    r"|happily|totally|actually|probably|straight up|legit|soon|i will|i'll|to|back and|over and"
    r"|over there and))*(?![\w'])"
    r"|(?<![\w'])(?:imma|ima|finna|gonna|im gonna|im going to|(?:makes?|made|making"
    r"|doesn't make) me (?:want to|wanna)"
    r"|wants? me to|wanting to|itching to|dying to|tempted to|lemme|let me"
    r"|watch me)(?: just| go| come)?(?![\w'])"
)
#: "somebody should", "we ought to", "I'd": what the speaker would like done.
_CALL = looked_for(
    r"(?<![\w'])(?:(?:someone|somebody|anyone|people|we|we all|everyone|they|y'all|you|he|she|i|men|cops"
    r"|the (?:police|cops|government|army|state|courts?)|who else)(?: all)? )?"
    r"(?:should|ought to|needs? to|has to|have to|gotta|must|better|should've|shoulda|should of|coulda|could've)"
    r"(?: (?:have|of|just|all|really|seriously|fucking|go|come|please|definitely|be allowed to|still))*(?![\w'])"
    r"|(?<![\w'])let(?:'s|s| us)(?: all)?(?: just)?(?: go)?(?: and)?(?![\w'])"
    r"|(?<![\w'])(?:i|we)(?:'d| would|'d've| would've|d| woulda)(?: (?:have|of|gladly|happily|just|literally"
    r"|personally))*(?![\w'])"
    r"|(?<![\w'])(?:someone|somebody)(?: please| just| go)*(?= [a-z]+ )"
    r"|(?<![\w'])can (?:we|someone|somebody|i)(?: please| just| all)*(?![\w'])"
    r"|(?<![\w'])i say (?:we|you|they)?(?: all| just)*(?![\w'])"
    r"|(?<![\w'])(?:why (?:don't|not)|how about) (?:we|someone|somebody|they)(?: just| all)*(?![\w'])"
    r"|(?<![\w'])(?:time|ready|free|ok|okay"
    r"|legal|fine|acceptable) to(?![\w'])"
    r"|(?:(?<![\w'])(?:i|we)(?: really| just| only)? |(?:^|(?<=[.!?]))\s{0,3})(?:wish|hope"
    r"|want)(?: that)? (?:\w+ ){1,3}?(?:would|will|had|to)"
    r"(?: have| just| all)*(?![\w'])|(?<![\w'])i wish they'd(?![\w'])"
)
#: "One day somebody will", "my boys are going to": what others are said to do to the reader.
_WILL = looked_for(
    r"(?<![\w'])(?:someone|somebody|one of us|one of them|he|she|they|my (?:brother|brothers|boys|friends|cousin"
    r"|cousins|husband|dad|guys"
    r"|crew|dog|dogs)|the boys|people|karma|god|every one of us|all of us)(?:'ll| will|'s going to| is going to"
    r"| are going to| is gonna"
    r"|'s gonna| are gonna| gonna| finna| might| may just)(?: just| finally| surely| soon| come and| find you and"
    r"| one day| really)*(?![\w'])"
)
#: "Resign or we …": the price of not doing as one is told.
_OR_WE = looked_for(
    r"(?<![\w'])or (?:i|we|my (?:boys|brothers|friends|cousins))(?:'ll| will|'re gonna| are going to)?"
    r"(?: just| all| come and)?(?![\w'])"
)


def announced(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """A verb of violence that follows on "I will" or "somebody should" and is done to somebody."""
    text = row.text
    for left, right, base in openings(text, sentence):
        verb = next((hit for hit in verbs if right <= hit.start <= right + 40 and hit.sense != "thing"), None)
        if verb is None or not joins(text.words[right : verb.start]):
            continue
        victim = end_of_victim(row, verb, sentence[1])
        if victim is None or is_excused(text, left, victim):
            continue
        sure = base * (1.0 if verb.sense == "strong" else 0.8) * certainty(row, verb.start)
        yield row.evidence(left, victim, "an announced or called-for violent act against somebody", sure)


def openings(text: Text, sentence: tuple[int, int]) -> list[tuple[int, int, float]]:
    """Where "I will" and "somebody should" stand, and how sure what follows them is a threat."""
    return [
        (found.start(), found.end(), sure)
        for pattern, sure in ((_INTENT, 0.9), (_OR_WE, 0.65), (_WILL, 0.6), (_CALL, 0.65))
        for found in finds(pattern, text, *sentence)
        if not _NOT.search(found.group())
    ]


_NOT = re.compile(r"(?<![\w'])(?:not|never)(?![\w'])")


#: What parts one clause from another, or denies it.
_PARTS = re.compile(r"[,;:.!?]|\b(?:not|never|no|be|been|before|when|because|if|that|who|we|i|they|he|she)\b|n't")


def joins(between: str) -> bool:
    """Whether only fill words stand between "I will" and the verb: no negation, no other clause."""
    return not _PARTS.search(between) and len(between.split()) <= 6  # noqa: PLR2004 - "round up the whole lot and", no more
