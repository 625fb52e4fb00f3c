"""A right denied by what the speaker does not think: "I don't think women should vote".

The denial stands before the group and the right after it. Whoever does not think that women are heard complains for
them, so only what *should* be and what belongs are read so, and what is done to people ("should get less") is spared.
"""

from __future__ import annotations

from checks.hostility.groups import Group
from checks.hostility.predicates import Predicates, Said
from checks.word_classes import pattern

#: "I don't think (that)", "we never believed", "never thought", "not sure".
_NOT_THOUGHT = pattern(
    r"(?<![\w'])(?:(?:i|we)(?: \w+){0,2}? {does_not}(?: \w+)? {hold_true}"
    r"|(?:^|(?<=[.!?\n] )){does_not} {hold_true}"
    r"|(?:(?:i|we)(?:'m| am|'re| are)(?: \w+)? )?not (?:\w+ )?(?:sure|convinced)(?! why)"
    r")(?: why)?(?: that)?(?: (?:all|any|these|those|the|most))*\s+$"
)
_SHOULD = pattern(
    r"(?: (?:really|ever|even|all|actually|truly))?"
    r"(?: (?:should|ought to|deserve to|have (?:any|the|a) right to)(?: (?:really|ever|even|all|just))?"
    r"|(?= belong)|(?: (?:are|is)(?: (?:really|even|actually))?)(?= {able_or_worthy}(?!\w)))\s+"
)
_MAY_DO = pattern(r"{may_do}(?!\w)")
#: "should be seen as a burden", "should get less", "should lead only in crises", "should vote until they are citizens".
_HARDSHIP = pattern(r"[\w' ]{0,24}?(?<![\w']){hardship_or_condition}(?!\w)")
#: Rights of everybody whose denial is said of children for their own good.
_GROWN_UP = "age"
#: A weaker word denied may be meant well: "I don't think women should work for that".
_PLAIN = 0.9


def not_thought(words: str, group: Group, predicates: Predicates, before: str, end: int) -> Said | None:
    """The right that a group should not have as the speaker thinks; `before` stands before it in its sentence."""
    if not group.whole or group.status == _GROWN_UP or (denied := _NOT_THOUGHT.search(before)) is None:
        return None
    should = _SHOULD.match(words, group.end, end)
    if should is None:
        return None
    right = _right_at(words, should.end(), predicates, end)
    if right is None or _HARDSHIP.match(words, right, end):
        return None
    start = group.start - len(before) + denied.start()
    return Said(start, right, group, 0.65 * (0.85 if group.pronoun else 1.0), group.start)


def _right_at(words: str, start: int, predicates: Predicates, end: int) -> int | None:
    """Where the name of a right ends that begins at a place; None where there is none."""
    if found := _MAY_DO.match(words, start, end):
        return found.end()
    hit = predicates.at(start)
    return hit.end if hit and hit.sense == "denied" and hit.weight >= _PLAIN else None
