"""Insults aimed at a person."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import MENTION, named
from checks.lexicons import Hit
from checks.screen import Terms
from checks.text import Text

#: Words that may stand between "you are" and the insult.
_FILLS = (
    r"(?:a|an|the|such|so|just|really|total|complete|absolute|absolutely|utter|utterly|fucking|damn|freaking"
    r"|bloody|very"
    r"|too|as|big|bunch of|pack of|nothing but|always|still|all|and|lying|stupid|little|old|dirty|even|dumb|kind of"
    r"|sort of|most|biggest|\w+ly)"
)
_BETWEEN = rf"(?:\s+{_FILLS}){{0,5}}\s+"
#: "you are such an …", "you …!", "u r a"
_YOU_ARE = re.compile(
    r"(?<![\w'])(?:you(?:'re| are| were|r| guys are| people are| all are| sound| look| must be| r)?|ur|u r|youre)"
    rf"{_BETWEEN}$"
)
#: "@x is such an …", "@x you …", "@x …": what links a name or handle with the insult.
_AFTER_NAME = re.compile(
    r"^(?:,|:|\s-)?(?:\s+(?:is|was|are|remains|sounds like|looks like|acts like|you|ur|u|what|being|such)|'s)"
    rf"{_BETWEEN}$"
)
_DIRECTLY = re.compile(r"^[,:]?\s+$")
#: Too often a word about the matter rather than the person when it only follows a handle.
_ABOUT_MATTERS = frozenset(
    {"joke", "disgrace", "embarrassment", "fool", "fools", "fraud", "trash", "garbage", "rat", "cow"}
)
#: "What an … you are!"
_SO_YOU_ARE = re.compile(r"\s+(?:you|u) (?:are|r)(?!\w)(?! (?:not|never))")
_CONDITION = re.compile(
    r"\b(?:if|when|unless|whether|makes?|make|making|feel|feeling|let anyone|tell you|think|thinks"
    r"|thought)\b[^.!?]*$"
)
_KIND = re.compile(r"\b(?:not|never|no|aren't|isn't|don't)\b|n't\b")
#: What follows an adjective about a thing: "you stupid printer" is none of ours, "your stupid printer" neither.
_THING = re.compile(
    r"^\s+(?:good|awesome|amazing|talented|cute|proud|funny|smart|printer|copier|laptop|computer|phone|machine"
    r"|car|weather|"
    r"traffic|thing|things|joke|question|questions|idea|ideas|mistake|mistakes|rule|rules|game|sweater|sweaters"
    r"|software|"
    r"app|alarm|meeting|song|shoes|dress|hat|day|enough|to|in the best|in a good|on the dance|at heart|cat|dog"
    r"|kitty|puppy|furbaby)\b"
)
_PRAISE = re.compile(
    r"(?<!\w)(?:love you|we love|congrat\w*|thank you|thanks|proud of|you rock|lol|haha+|jk|just kidding|😂|🤣|😜|😉"
    r"|❤️?|;\))"
)
_MENTION = re.compile(MENTION)
#: How far from an insult the person it is aimed at may stand; a post can be one sentence of 60,000 characters.
_REACH = 300


class HarassmentParams(Params):
    """`aim`: whom an insult must hit: `you` (second person), `mention` (any handle), `roster` (names of the roster)."""

    insults: str = "insults"
    aim: tuple[str, ...] = ("you", "mention", "roster")
    phrases: bool = True

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.insults,)


@check("harassment", HarassmentParams, screen=lambda params: map(Terms, params.lexicons()))
def harassment(batch: Batch, rule: Rule, params: HarassmentParams) -> Judgement:
    """Looks for insults aimed at a person: at "you", at a handle, or at a name of the roster; for a person to read.

    Insults to oneself or to things, quoted or reported insults, negations and friendly jokes are not meant.
    """

    def find(row: Row) -> Iterable[Evidence]:
        best: dict[tuple[int, int], Evidence] = {}
        for item in _insults(row, params):
            best.setdefault((item.start, item.end), item)
        return best.values()

    return judge_each(batch, rule, find)


def _insults(row: Row, params: HarassmentParams) -> Iterator[Evidence]:
    text = row.text
    hits = row.hits(params.insults, also=("en",))
    people = (_roster(row, params), _mentions(row, params)) if hits else ()
    for hit in hits:
        start, end = text.sentence_at(hit.start)
        if text.is_reported(hit.start, hit.end):
            continue
        if hit.sense == "phrase":
            if params.phrases and not text.is_negated(hit.start, reach=16):
                yield row.evidence(hit.start, hit.end, "words meant to hurt whoever is spoken to", 0.7 * _earnest(row))
            continue
        aimed = _aim(row, hit, (max(start, hit.start - _REACH), min(end, hit.end + _REACH)), people, params)
        if aimed is not None and not _KIND.search(text.words[aimed[0] : hit.start]):
            left, whom = aimed
            yield row.evidence(
                left, _last_of(hit, hits), f"an insult aimed at {whom}", 0.75 * hit.weight * _earnest(row)
            )


def _last_of(hit: Hit, hits: list[Hit]) -> int:
    """Where a chain of insults ends: "a pathetic liar"."""
    end = hit.end
    for other in hits[bisect_right(hits, hit.start, key=attrgetter("start")) :]:
        if other.start > end + 1:
            break
        if other.start == end + 1:
            end = other.end
    return end


def _aim(
    row: Row,
    hit: Hit,
    sentence: tuple[int, int],
    people: Sequence[list[tuple[int, int, str]]],
    params: HarassmentParams,
) -> tuple[int, str] | None:
    """Where the words for the person start and who it is; None where nobody is aimed at."""
    words = row.text.words
    before, after = words[sentence[0] : hit.start], words[hit.end : sentence[1]]
    if _THING.match(after) or _CONDITION.search(before):
        return None
    if "you" in params.aim:
        found = _YOU_ARE.search(before)
        if found or _SO_YOU_ARE.match(after):
            return sentence[0] + found.start() if found else hit.start, "the person spoken to"
    return next(
        (
            (start, whom)
            for of_kind in people
            for start, end, whom in of_kind[bisect_left(of_kind, (sentence[0],)) : bisect_left(of_kind, (hit.start,))]
            if end <= hit.start and _linked(words[end : hit.start], hit)
        ),
        None,
    )


def _roster(row: Row, params: HarassmentParams) -> list[tuple[int, int, str]]:
    people = named(row.text, row.context, ("person",)) if "roster" in params.aim else []
    return [(person.start, person.end, "a name of the roster") for person in people]


def _mentions(row: Row, params: HarassmentParams) -> list[tuple[int, int, str]]:
    words = row.text.words
    found = _MENTION.finditer(words) if "mention" in params.aim else ()
    # "RT @x" names whom a text is from.
    own = [match for match in found if not words.endswith("rt ", 0, match.start())]
    return [(match.start(), match.end(), "the account mentioned") for match in own]


def _linked(between: str, hit: Hit) -> bool:
    """Whether "@x is such a …" or "@x, you …" or "@x …" links the name with the insult."""
    if _DIRECTLY.match(between):
        return hit.sense == "noun" and hit.term not in _ABOUT_MATTERS
    return bool(_AFTER_NAME.match(between) or _YOU_ARE.search(between))


def _earnest(row: Row) -> float:
    return 0.6 if _is_friendly(row.text) else 1.0


@lru_cache(maxsize=16)
def _is_friendly(text: Text) -> bool:
    return bool(_PRAISE.search(text.plain))
