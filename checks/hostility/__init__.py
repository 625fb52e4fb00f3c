"""How a sentence is hostile to a group: which groups it names, and what is said of them.

A group is a noun ("immigrants"), an adjective with a noun for people ("deaf kids", "the elderly"), or "they" after one
of these. From a group the sentence is read word by word, forwards and backwards, over words that may stand between a
subject and what is said of it ("are all just", "should never"), until a hostile predicate of the lexicon stands there
or another word does.
"""

from __future__ import annotations

import re

from checks.hostility.after import REMOVED, said_after
from checks.hostility.before import said_before
from checks.hostility.groups import EVERYDAY, RESTRICTED, SOME, Group, groups_in, is_others_doing
from checks.hostility.predicates import Predicates, Said, is_hostile
from checks.hostility.set_phrases import SET_PHRASES, exclaimed, set_phrase
from checks.text import Text

__all__ = [
    "REMOVED",
    "SET_PHRASES",
    "Group",
    "Predicates",
    "Said",
    "groups_in",
    "is_hostile",
    "is_others_doing",
    "said_of",
]

_SUPPOSED = re.compile(r"(?<!\w)(?:if|unless|suppose|imagine|whether|until)\s+(?:all\s+|only\s+|these\s+)?$")
#: "The boys were pigs at the buffet": told is of some of them, once.
_THE, _WERE = re.compile(r"(?<!\w)the\s+$"), re.compile(r"\s+(?:were|had|got|looked|acted|did|came|went)(?!\w)")


def said_of(text: Text, group: Group, predicates: Predicates) -> Said | None:
    """The first hostile thing a sentence says of a group; None where it says none."""
    words = text.words
    start, end = text.sentence_at(group.start)
    if RESTRICTED.match(words, group.end):
        return None
    before = words[max(start, group.start - 60) : group.start]
    if (not group.pronoun and not group.slur and SOME.search(before)) or _SUPPOSED.search(before):
        return None
    if group.status in EVERYDAY and _THE.search(before) and _WERE.match(words, group.end):
        return None
    if is_others_doing(text, group.start):
        return None
    return (
        set_phrase(text, group, predicates, end)
        or said_after(words, group, predicates, before, end)
        or said_before(words, group, predicates, start)
        or exclaimed(words, group, predicates, before)
    )
