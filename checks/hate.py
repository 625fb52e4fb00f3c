"""Remarks against protected groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import in_span
from checks.lexicons import Hit

#: "X are (all nothing but) …", "X act like …"
_COPULA = re.compile(
    r"^[\s,]*(?:\w+ ){0,2}(?:are|is|were|was|r|aint|ain't|be|being|as|act like|look like|behave like|smell like"
    r"|breed like|multiply like|live like|=)"
    r"(?: (?:all|just|such|so|nothing but|nothing more than|a|an|the|bunch of|like|literally|basically|simply"
    r"|always|too"
    r"|really|fucking|mostly|by nature|only|more|than|no better than|naturally|born|pure|total|absolute|real"
    r"|complete"
    r"|full of|of|disgusting|filthy|dirty|stupid|lazy|lying|worthless|little|big|and|\w+,)){0,5}\s*$"
)
_SLUR_TALK = re.compile(
    r"(?:the|a|this|that|word|words|term|terms|slur|slurs|label|say|saying|used|using|use|called"
    r"|calling)\s*[\"'“(]?$"
)
_WORD_TALK = re.compile(r"\b(?:word|words|term|terms|slur|slurs|label|called|calling)\b")
_OURS = re.compile(
    r"(?<!\w)(?:as an? (?:\w+ )?|we |us |our |i'm an? (?:\w+ )?|i am an? (?:\w+ )?|proud |my fellow |fellow )$"
)
#: "no more", "ban", "kill": only as an order or as the speaker's own feeling.
_SPEAKER = re.compile(
    r"(?:^|[.!?,:;\n]\s*|\b(?:i|we|let's|should|must|to|please|time to|need to|can't|just|really|all|and)\s+)$"
)
_ALL_OF = re.compile(
    r"\s*(?:(?:all|the|these|those|any|more|out|every|fucking|damn|of|single|filthy|dirty|stupid|illegal)\s+)*"
)
#: "girls who …" are some, not the group; "men's lunch" is a lunch.
_NOT_THE_GROUP = re.compile(r"\s+(?:who|that|which|whose)\b|'s?\b|'(?=\s)")
_HERE = re.compile(r"\s+(?:around |anywhere )?(?:here|out|away|in (?:our|my|this)|on our|off our)(?!\w)")
_OTHER_CLAUSE = re.compile(r"[;:]|\bwho\b.*\bbut\b")
_INTENSIFIERS = frozenset({"", "little", "old", "fucking", "ass"})
_NEAR = 40
#: `_NEAR` and the longest predicate: a post can be one sentence of 60,000 characters.
_REACH = 160
_CLEAR = 0.75


class HateParams(Params):
    """Lexicons: groups (sense = protected status), slurs, dehumanising predicates, counter-speech."""

    groups: str = "groups"
    slurs: str = "slurs"
    predicates: str = "dehumanising"
    counter: str = "counter_speech"
    #: Only these protected statuses; empty means all.
    statuses: tuple[str, ...] = ()

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.groups, self.slurs, self.predicates, self.counter)


@check("hate", HateParams)
def hate(batch: Batch, rule: Rule, params: HateParams) -> Judgement:
    """Looks for slurs, and for protected groups said to be less than others, for a person to read.

    A group must stand in one sentence with a predicate that dehumanises, excludes or attacks it. Naming a group is
    never enough. Sentences that condemn, quote, report or negate such words are not meant, nor are a speaker's words
    for themselves. The evidence names the protected status.
    """

    def find(row: Row) -> Iterable[Evidence]:
        seen: set[tuple[int, int]] = set()
        for item in (*_slurs(row, params), *_attacks(row, params)):
            if (item.start, item.end) not in seen:
                seen.add((item.start, item.end))
                yield item

    return judge_each(batch, rule, find)


def _slurs(row: Row, params: HateParams) -> Iterator[Evidence]:
    text = row.text
    for hit in row.hits(params.slurs, also=("en",)):
        if not _wanted(hit, params) or text.is_reported(hit.start, hit.end) or _is_surname(row, hit):
            continue
        before = text.words[max(0, hit.start - 24) : hit.start]
        talk = _SLUR_TALK.search(before) and _WORD_TALK.search(before)
        if talk or _countered(row, hit, params) or _OURS.search(before):
            continue
        yield row.evidence(hit.start, hit.end, f"a slur ({hit.sense})", 0.85 * hit.weight)


def _is_surname(row: Row, hit: Hit) -> bool:
    """Whether a word that is also a surname (weight below `_CLEAR`) is written like one: "Senator Coons"."""
    return hit.weight < _CLEAR and row.text.cut(hit.start, hit.end).istitle()


def _attacks(row: Row, params: HateParams) -> Iterator[Evidence]:
    groups = [hit for hit in row.hits(params.groups, also=("en",)) if _wanted(hit, params)]
    if not groups:
        return
    predicates = row.hits(params.predicates, also=("en",))
    for group in groups:
        start, end = row.text.sentence_at(group.start)
        near = max(start, group.start - _REACH), min(end, group.end + _REACH)
        for predicate in in_span(predicates, near):
            confidence = _attack(row, group, predicate)
            if confidence and not _excused(row, group, predicate, params):
                start, end = min(group.start, predicate.start), max(group.end, predicate.end)
                yield row.evidence(
                    start, end, f"a hostile statement about a group ({group.sense})", confidence * group.weight
                )
                break


def _attack(row: Row, group: Hit, predicate: Hit) -> float:
    """How surely the predicate is said of the group; 0 where it is not."""
    words = row.text.words
    after = group.end <= predicate.start
    between = words[group.end : predicate.start] if after else words[predicate.end : group.start]
    overlap = group.start < predicate.end and predicate.start < group.end
    if overlap or len(between) > _NEAR:
        return 0.0
    if _OTHER_CLAUSE.search(between) or _NOT_THE_GROUP.match(words, group.end):
        return 0.0
    if predicate.sense == "exclusion":
        return _exclusion(between, after=after)
    if predicate.sense in ("hostile_verb", "keep_out"):
        return 0.0 if after else _hostility(words, group, predicate)
    if after:
        return 0.75 if _COPULA.match(between) else 0.0
    return 0.7 if predicate.sense == "adjective" and between.strip() in _INTENSIFIERS else 0.0


def _hostility(words: str, group: Hit, predicate: Hit) -> float:
    """Whether "I hate …", "Ban all …" is said by the speaker, of the whole group."""
    own = _SPEAKER.search(words[max(0, predicate.start - 16) : predicate.start])
    whole = _ALL_OF.fullmatch(words[predicate.end : group.start])
    # "don't want X" and "keep X" say nothing until "here" or "out" follows.
    complete = predicate.sense != "keep_out" or _HERE.match(words, group.end)
    return 0.75 if own and whole and complete else 0.0


def _exclusion(between: str, *, after: bool) -> float:
    if after:
        # "X really just should …", or "X, go back …".
        few = len(between.split()) <= 4 and "," not in between  # noqa: PLR2004
        return 0.75 if few or between.strip() == "," else 0.0
    return 0.65 if re.fullmatch(r"[\s,]*(?:(?:you|the|these|those|our|by|by the|to)\s+){0,2}", between) else 0.0


def _wanted(hit: Hit, params: HateParams) -> bool:
    return not params.statuses or hit.sense in params.statuses


def _excused(row: Row, group: Hit, predicate: Hit, params: HateParams) -> bool:
    text = row.text
    start, end = min(group.start, predicate.start), max(group.end, predicate.end)
    between = text.words[min(group.end, predicate.end) : max(group.start, predicate.start)]
    negated = re.search(r"\b(?:not|never|no)\b|n't", between) and predicate.sense != "exclusion"
    return bool(negated) or text.is_reported(start, end) or text.is_negated(start) or _countered(row, group, params)


def _countered(row: Row, hit: Hit, params: HateParams) -> bool:
    return bool(in_span(row.hits(params.counter, also=("en",)), row.text.sentence_at(hit.start)))
