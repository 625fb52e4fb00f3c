"""What is said of a group before it: an attribute, an order, the speaker's own feeling.

What the senses of the lexicon mean before a group is told in `_SAID_BEFORE`.
"""

from __future__ import annotations

import re

from checks.hostility.groups import ANY_ONE, EVERYDAY, NAMED_WITH, Group
from checks.hostility.predicates import Predicates, Said
from checks.lexicons import Hit
from checks.word_classes import entries, pattern

#: From this weight on a noun of contempt is one whatever it stands beside.
_PLAIN = 0.9
#: Words that may stand between what is said and the group after it.
_BEFORE_GLUE = frozenset(entries("glue_before"))
_MOST_BEFORE = 5
_LAST_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*,?$")
#: "no more", "ban", "kill": only as an order or as the speaker's own feeling.
_SPEAKER = pattern(
    r"(?:^|[.!?:;\n\"(]\s*"
    r"|(?<![\w'])(?:i|we|i'm|im|i am|we're|we are|let's|lets|should|must|please"
    r"|(?:time|need|want|love|like|going|got|have|ought|best|best thing is|how about we) to"
    r"|{of_ones_own}"
    r")\s+)$"
)
#: "I really have", "we are so": the speaker before a feeling of the speaker's own.
_I_FEEL = re.compile(
    r"(?<![\w'])(?:i|we)(?:'ve|'d|'ll|'m|'re|m|ve)?(?: (?:have|got|feel|am|are|will|would|do|just|still|so|too"
    r"|also|only|pretty|kinda|always|even|must say i|openly|fucking|\w+ly"
    r")){0,4}\s+$"
)
_NO_SPEAKER = pattern(r"(?<![\w']){not_the_speaker}\s+(?!(?:should|must|ought|needs?|has|please)\b)(?:\w+\s+){0,3}$")
#: "you stupid …", "these lazy …", "fucking …"
_POINTED = re.compile(
    r"(?<![\w'])(?:you|these|those|all|fucking|goddamn|damn|bloody|fuckin|most|typical)\s+(?:\w+\s+){0,3}$"
)
_HERE = re.compile(
    r"\s+(?:around |anywhere |allowed |living |moving |coming )?(?:here|out|away"
    r"|in (?:our|my|this|the|charge|power|office)"
    r"|on (?:our|my)|near|as (?:my|our)|at (?:our|my|this)|allowed"
    r"|to (?:move|live|lead|vote|teach|work|come)"
    r"|(?:voting|driving|leading us|adopting|breeding|(?:teaching|dating|marrying|touching|raising|using) (?:my|our))"
    r")(?!\w)"
    r"|[.!]*$"
)
#: "… in our town to wait for months", "… here to feel alone": not they are unwanted, but what befalls them.
_TO_SUFFER = re.compile(
    r"(?: (?!because|since|and|but|they|who)\w+){0,2} to"
    r" (?!(?:ruin|destroy|steal|take|rob|spread|breed|rule|vote|live|move|teach|lead|begin|start|come)\b)\w"
)
#: "I'd never hire a woman just to fill a quota": not the woman is refused.
_FOR_THAT_ALONE = re.compile(r"\s+(?:just|only|merely|simply|solely) (?:to|because|for|so|as|on)(?!\w)")
_GENTLE = frozenset({"hurt", "harm", "beat", "kick", "deny", "control", "stop the", "blame", "put all", "send all"})
#: What ends an order or a report as a harmless one: "split the women into two teams", "shoot the girls at noon".
_EVERYDAY_END = pattern(
    r"(?:\s+(?:of|from)\s+[\w'-]+)?(?:\s+{sides})?\s+"
    r"(?:(?:in|at)\s+(?:(?:the|a|our|this|every)\s+)?(?:\w+\s+)?{contests}"
    r"|by\s+\w+\s+(?:points?|goals?|runs?|minutes?|seconds?|metres?|shots?)"
    r"|into\s+(?:(?:groups|teams|pairs|squads|lines|shape|song|cars)"
    r"|(?:(?:a|two|three|four|five|six|small|equal|\d+)\s+)+"
    r"(?:groups?|teams?|pairs|squads|lines?|rows|circles?|halves)"
    r")"
    r"|for\s+(?:(?:a|an|the|our|some|two|three|four|\d+)\s+)?(?:\w+\s+)?{outing_for}"
    r"|an?\s+{kind_gifts}"
    r"|home\s+with\s+(?:some|a|the|full|plenty)(?:\s+of)?\s+(?:\w+\s+)?{sent_home_with}"
    r"|at\s+(?:noon|dawn|sunset|sunrise|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|\d)"
    r"|to\s+(?:lunch|dinner|brunch|breakfast|bed|school|practice|the {outings})"
    r")(?!\w)"
)
_SENT_OFF = re.compile(r"\s(?:all )?(?:back|home|away|packing|off|where they)(?!\w)")
_TO_DO = re.compile(r"\s+(?:to|being|who|that|as|for)(?!\w)")


def said_before(words: str, group: Group, predicates: Predicates, start: int) -> Said | None:
    """The hostile thing said nearest before a group, in its sentence from `start` on."""
    at = group.start
    for _ in range(_MOST_BEFORE):
        at -= _blanks(words, at)
        hit = predicates.ending(at)
        sure = _SAID_BEFORE[hit.sense](words, group, hit, start) if hit and hit.sense in _SAID_BEFORE else 0.0
        if hit and sure:
            return Said(hit.start, group.end, group, sure * hit.weight * (0.85 if group.pronoun else 1.0))
        word = _LAST_WORD.search(words, max(start, at - 20), at)
        if word is None or word.group() not in _BEFORE_GLUE:
            return None
        at = word.start()
    return None


def _blanks(words: str, at: int) -> int:
    count = 0
    while at - count > 0 and words[at - count - 1].isspace():
        count += 1
    return count


def _is_own(words: str, hit: Hit, start: int) -> bool:
    """Whether the speaker says it: of the speaker's own feeling, or as an order."""
    before = words[max(start, hit.start - 48) : hit.start]
    if _I_FEEL.search(before):
        return True
    return bool(_SPEAKER.search(before) or not before.strip()) and not _NO_SPEAKER.search(before)


def _attribute_before(words: str, group: Group, hit: Hit, start: int) -> float:
    if group.pronoun or (not group.whole and group.status not in NAMED_WITH):
        return 0.0
    if hit.sense == "adjective":
        return 0.7
    # Of a people, a faith or newcomers a trait right before the name is said of all of them.
    if group.whole and group.status in NAMED_WITH and not words[hit.end : group.start].strip():
        return 0.55
    return 0.6 if _POINTED.search(words[max(start, hit.start - 24) : group.start]) else 0.0


def _verb_before(words: str, group: Group, hit: Hit, start: int) -> float:
    if not (group.whole or group.pronoun or ANY_ONE.search(words[max(0, group.start - 10) : group.start])):
        return 0.0
    if group.pronoun and hit.term in _GENTLE:
        return 0.0
    if group.status in EVERYDAY and _is_everyday(words, group, hit, start):
        return 0.0
    if _EVERYDAY_END.match(words, group.end) or _FOR_THAT_ALONE.match(words, group.end):
        return 0.0
    if not _is_own(words, hit, start):
        return 0.0
    # "The girls" are mostly those of a team, a class or a night out.
    return 0.55 if group.status in EVERYDAY and words[hit.end : group.start].strip() == "the" else 0.75


def _is_everyday(words: str, group: Group, hit: Hit, start: int) -> bool:
    """Whether the girls are sent on an errand, cursed in passing, or a single man is warned of."""
    if hit.term in ("fuck", "screw") and words[start : hit.start].strip():
        return True
    if hit.term.startswith("send "):
        return not (_SENT_OFF.search(hit.term) or _SENT_OFF.match(words, group.end))
    return hit.term == "beware of" and not group.whole


def _fate_before(words: str, group: Group, hit: Hit, start: int) -> float:
    # "They should hang" and "hang them": of all fates only these two are also done to somebody.
    return _verb_before(words, group, hit, start) if hit.term in ("hang", "burn") else 0.0


def _keep_out_before(words: str, group: Group, hit: Hit, start: int) -> float:
    here = _HERE.match(words, group.end)
    if not (group.whole and here) or _TO_SUFFER.match(words, here.end()):
        return 0.0
    return 0.75 if _is_own(words, hit, start) else 0.0


def _noun_before(words: str, group: Group, hit: Hit, _: int) -> float:
    """Of what a group is called right before its name: "parasite immigrants"; not "rats and women"."""
    if group.pronoun or group.status not in NAMED_WITH or not (group.whole or hit.weight >= _PLAIN):
        return 0.0
    apart = words[hit.end : group.start].strip()
    return 0.0 if apart or hit.term.endswith("s") else 0.6


def _wish_before(words: str, group: Group, hit: Hit, _: int) -> float:
    # "Nobody wants women to wait": something else is not wanted.
    if hit.term.endswith(("wants", "want", "likes", "needs")) and _TO_DO.match(words, group.end):
        return 0.0
    return 0.75 if not group.pronoun and (group.whole or " a" in words[hit.end : group.start]) else 0.0


#: How sure a predicate of each sense is before the group.
_SAID_BEFORE = {
    "adjective": _attribute_before,
    "trait": _attribute_before,
    "noun": _noun_before,
    "hostile_verb": _verb_before,
    "strong": _verb_before,
    "weak": _verb_before,
    "fate": _fate_before,
    "keep_out": _keep_out_before,
    "wish_away": _wish_before,
}
