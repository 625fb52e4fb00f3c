"""Coarse words for women and men that abuse nobody: hard things, weaknesses smiled at, pride, animals, dear friends.

"That hill is a bitch to climb", "a slut for garlic bread", "boss bitch energy", "happy birthday, bitch!": obscene they
may be, and another rule says so, but nobody is insulted. Each pattern is such a frame. They read `Text.words`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from checks.lexicons import Hit
from checks.text import Text
from checks.word_classes import pattern

_COARSE = pattern(r"(?:{insult_for_women}|{coarse_for_men})")
#: How far a frame may stand from the word.
_REACH = 60
_SUCH = r"(?:\s(?:such|an?|the|one|my|{so_coarsely}))*\s$"
_IS = r"(?:(?:'s|s)|\s(?:is|was|are|were|can be|will be|would be|has been|being))"
#: "Life's a …", "the wind up there is a …", "peeling forty kilos is a …".
_HARD_THING = pattern(
    r"(?:(?<![\w'])(?:{hard_things}|{things_told_off})"
    r"(?:\s(?:up|down|on|in|at|out|over|here|there|of|with)(?:\s[\w']+){0,3}?)?"
    r"|(?:^|[.!?;,:]\s|(?<![\w'])(?:and|but|because|that)\s)(?!king|sterling)[a-z]{2,}ing\s[^.!?;,:]{1,40}?)"
    + _IS
    + _SUCH
)
#: "Onions, you …", "dear portal, you are a …", "this … of a printer" has no such words before it.
_THING_ADDRESSED = pattern(r"(?<![\w'])(?:{hard_things}|{things_told_off}|{pets}),?\s(?:you|u)(?:\sare|'re)?" + _SUCH)
#: "I'm that …", "boss …", "resting … face", "poor …".
_PRIDE = pattern(r"(?<![\w'])(?:{proud_kind}|{that_one}(?: still)?(?: also)? that)\s$")
_ANIMAL = pattern(r"(?<![\w'])(?:brood|breeding|pedigree|champion|{pets})\s$")
_KENNEL = pattern(r"(?<![\w']){kennel}(?![\w'])")
_SAID_OF = re.compile(r"(?:(?<![\w'])(?:is|was|are|were|you)|'s|'re)(?:\s[\w']+){0,3}\s$")
#: Who it would be said of, had a person gone before: "she was a … to work with".
_OF_A_PERSON = pattern(r"(?<![\w'])(?:he|she|they|you|who|he's|she's|they're|you're|{people})(?:\s[\w']+){0,5}\s$")
#: "a … to park", "such a … of a climb": the word of a thing has an article.
_A = pattern(r"(?<![\w'])(?:an?|such|one|{so_coarsely})\s$")
_HARD_TO = pattern(r"\sto\s(?!{no_chore}(?![\w']))[\w-]+|\son\s(?:my|the|your)\s(?!{people})")
_OF_A_THING = pattern(r"\sof\s(?:an?|the)\s(?!(?:[\w-]+\s)?(?:{people}|{kin})(?![\w']))[\w-]+")
_SUBJECT = re.compile(r"(?P<who>[\w-]+)(?:'s|\s(?:is|was|can be|will be|would be|has been))(?:\s\w+){0,3}?\s$")
#: "a … for garlic bread", "a … for punishment".
_WEAKNESS = pattern(r"\sfor\s(?:an?\s|the\s|some\s|any\s|good\s)?(?!{no_weakness}(?![\w']))[\w-]+")
#: "what a … is", "in Danish … means finish": the word itself is spoken of.
_WHAT_ONE_IS = (
    re.compile(r"(?<![\w'])what an?\s$"),
    re.compile(r"\s(?:is|was|means?|meant)(?![\w'])(?!\s(?:he|she|you|that|this))"),
)
_WHAT_IT_MEANS = (re.compile(r"(?:^|(?<![\w'])in \w+,?\s)$"), re.compile(r"\s(?:means|meant|translates)(?![\w'])"))
#: Warm words anywhere: nobody wishes a happy birthday to somebody they abuse.
_WARM = pattern(r"(?<![\w']){warm}(?![\w'])|❤|💕|💖|🥰|😘|<3")


def is_no_abuse(text: Text, start: int, end: int) -> bool:
    """Whether a coarse word abuses nobody where it stands.

    Args:
        text: the whole post.
        start: where the word, or a phrase that ends with it, begins in `Text.words`.
        end: where it ends there.
    """
    found = _COARSE.search(text.words, start, end)
    if found is None or found.end() != end:
        return False
    first, last = text.sentence_at(found.start())
    before = text.words[max(first, found.start() - _REACH) : found.start()]
    after = text.words[end : min(last, end + _REACH)]
    return (
        _is_of_a_thing(before, after)
        or (_is_hard(before, after) and not _has_a_name(text, before, found.start()))
        or bool(_PRIDE.search(before))
        or _is_an_animal(text, before)
        or bool(_A.search(before) and _WEAKNESS.match(after))
        or any(left.search(before) and right.match(after) for left, right in (_WHAT_ONE_IS, _WHAT_IT_MEANS))
        or is_warm(text)
    )


def abuse_nobody(text: Text, insults: Sequence[Hit]) -> bool:
    """Whether a post has insults, and all of them are such words that abuse nobody."""
    return bool(insults) and all(is_no_abuse(text, hit.start, hit.end) for hit in insults)


def _is_of_a_thing(before: str, after: str) -> bool:
    return bool(_HARD_THING.search(before) or _THING_ADDRESSED.search(before) or _OF_A_THING.match(after))


def _is_hard(before: str, after: str) -> bool:
    return bool(_A.search(before) and _HARD_TO.match(after) and not _OF_A_PERSON.search(before))


def _has_a_name(text: Text, before: str, end: int) -> bool:
    """Whether it is said of somebody by name: "Dana is a … to work with"; `before` ends at `end`."""
    subject = _SUBJECT.search(before)
    if subject is None:
        return False
    start = end - len(before) + subject.start("who")
    return text.cut(start, start + 1).isupper()


def _is_an_animal(text: Text, before: str) -> bool:
    return bool(_ANIMAL.search(before)) or (_is_of_a_kennel(text) and not _SAID_OF.search(before))


@lru_cache(maxsize=16)
def _is_of_a_kennel(text: Text) -> bool:
    return bool(_KENNEL.search(text.words))


@lru_cache(maxsize=16)
def is_warm(text: Text) -> bool:
    """Whether a post has words of love or a wish that go with no abuse."""
    return bool(_WARM.search(text.plain))
