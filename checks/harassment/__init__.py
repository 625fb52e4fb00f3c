"""Insults aimed at a person."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from chapterwatch.policy import Rule
from checks.base import Batch, Context, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import lists_nobody, spoken_names
from checks.excuses import doubt, is_excused
from checks.harassment.aimed import Person, aim_of, people_of
from checks.harassment.around import NEAR, is_denied
from checks.harassment.grammars import grammar_of
from checks.harassment.third_person import third_person
from checks.lexicons import Hit
from checks.pursuit import CUES, pursuits
from checks.screen import InContext, Need, Said, Terms
from checks.text import Text

#: How far from an insult the person it is aimed at may stand; a post can be one sentence of 60,000 characters.
_REACH = 300


class HarassmentParams(Params):
    """`aim`: whom an insult must hit.

    `you` (second person), `mention` (any handle), `roster` (names of the roster), `person` (anybody the sentence points
    at: "these …", "she is a …"; less certain), `anyone` (wherever an insult stands; least certain). `min_confidence`
    drops weaker finds: 0.5 leaves those that are surely about a person, 0.3 takes all.
    """

    insults: str = "insults"
    aim: tuple[str, ...] = ("you", "mention", "roster")
    phrases: bool = True
    min_confidence: float = 0.3
    #: Leaves what is surer than this to another rule.
    below_confidence: float = 1.1

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.insults,)


def _needs(params: HarassmentParams) -> tuple[tuple[Need, ...], ...]:
    """An insult; where only names of the roster are meant and no phrases, a roster that names somebody as well."""
    someone = (_HAS_PEOPLE,) if _is_by_roster(params) else ()
    pursued = tuple(tuple(map(Said, cues)) for cues in CUES) if params.phrases else ()
    return (*((Terms(name), *someone) for name in params.lexicons()), *pursued)


def _is_by_roster(params: HarassmentParams) -> bool:
    return not params.phrases and set(params.aim) == {"roster"}


def _lacks(params: HarassmentParams, context: Context) -> str | None:
    return lists_nobody(context) if _is_by_roster(params) else None


_HAS_PEOPLE = InContext(lambda context: bool(spoken_names(context, ("person",))))


@check("harassment", HarassmentParams, screen=_needs, lacks=_lacks)
def harassment(batch: Batch, rule: Rule, params: HarassmentParams) -> Judgement:
    """Looks for insults at "you", at a handle, at a name of the roster or at somebody pointed at; for a person to read.

    Calls to set upon somebody and pursuit of somebody (`checks.pursuit`) are found along with the phrases. Insults to
    oneself or to things, quoted or reported insults, negations and friendly jokes are not meant.
    """

    def find(row: Row) -> Iterable[Evidence]:
        best: dict[tuple[int, int], Evidence] = {}
        # Insults come in text order, so only what was found last can hold the next.
        last: deque[tuple[int, int]] = deque(maxlen=2)
        for item in chain(_insults(row, params), pursuits(row) if params.phrases else ()):
            inside = any(start <= item.start and item.end <= end for start, end in last)
            if params.min_confidence <= item.confidence < params.below_confidence and not inside:
                best.setdefault((item.start, item.end), item)
                last.append((item.start, item.end))
        return best.values()

    return judge_each(batch, rule, find)


def _insults(row: Row, params: HarassmentParams) -> Iterator[Evidence]:
    hits = row.hits(params.insults, also=("en",))
    people = people_of(row, params.aim) if hits else ()
    for hit in hits:
        if row.text.is_reported(hit.start, hit.end) or _is_said_by_others(row.text, hit):
            continue
        if hit.sense == "phrase":
            yield from _phrase(row, hit, params)
        else:
            yield from _insult(row, hit, hits, people, params)


def _is_said_by_others(text: Text, hit: Hit) -> bool:
    near = max(text.sentence_at(hit.start)[0], hit.start - NEAR)
    return grammar_of(hit.language).said_by_others.search(text.words, near, hit.start) is not None


def _phrase(row: Row, hit: Hit, params: HarassmentParams) -> Iterator[Evidence]:
    if params.phrases and not row.text.is_negated(hit.start, reach=16) and not _is_turned_on_oneself(row.text, hit):
        sure = 0.7 * doubt(row.text, hit, spoken_to=True)
        yield row.evidence(hit.start, hit.end, "words meant to hurt whoever is spoken to", sure)


def _insult(
    row: Row, hit: Hit, hits: list[Hit], people: Sequence[list[Person]], params: HarassmentParams
) -> Iterator[Evidence]:
    text = row.text
    start, end = text.sentence_at(hit.start)
    around = max(start, hit.start - _REACH), min(end, hit.end + _REACH)
    aimed = aim_of(row, hit, around, people, at_you="you" in params.aim)
    if is_excused(text, hit, spoken_to=aimed is not None):
        return
    if aimed is None:
        if "person" in params.aim or "anyone" in params.aim:
            yield from third_person(row, hit, hits, everywhere="anyone" in params.aim)
        return
    left, whom = aimed
    if not is_denied(text.words[left : hit.start], hit):
        sure = 0.75 * hit.weight * doubt(text, hit, spoken_to=True)
        yield row.evidence(left, _last_of(hit, hits), f"an insult aimed at {whom}", sure)


#: "I'll shut up for a while", "should I get lost": said by the speaker of themselves.
_OF_MINE = re.compile(
    r"(?<![\w'])(?:i|i'll|i'd|i'm|we|we'll|let me|me|myself)(?: (?:will|would|should|could|can|may|might"
    r"|must|ought|have|had|need|got|to|just|better|really|now|then|going|gonna|rather|please|always|never)){0,3} $"
)
#: "Nobody likes you? I do."
_ASKED_BACK = re.compile(r"\s*\?+\s+(?:i|we|they|everyone|everybody|your|that|no|nonsense|of course)(?![\w'])")


def _is_turned_on_oneself(text: Text, hit: Hit) -> bool:
    """Whether a hurting phrase is said of the speaker, or repeated as a question and answered."""
    before = text.words[max(0, hit.start - NEAR) : hit.start]
    return bool(_OF_MINE.search(before) or _ASKED_BACK.match(text.words, hit.end))


def _last_of(hit: Hit, hits: list[Hit]) -> int:
    """Where a chain of insults ends: "a pathetic liar"."""
    end = hit.end
    for other in hits[bisect_right(hits, hit.start, key=attrgetter("start")) :]:
        if other.start > end + 1:
            break
        if other.start == end + 1:
            end = other.end
    return end
