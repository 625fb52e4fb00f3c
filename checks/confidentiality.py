"""Confidential or not yet public matters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import in_span, named
from checks.lexicons import Hit
from checks.screen import Said, Terms
from checks.word_classes import pattern

_ADVICE = pattern(
    r"(?<!\w)(?:{advises_discretion}"
    r"|{law_of_discretion}"
    r"|{public_by_now}"
    r"|{advises_discretion_spanish}"
    r"|(?<!no )fue anunciad\w"
    r"|(?<!no )se anuncio"
    r"|{advises_discretion_french}"
    r"|{advises_discretion_german}"
    r"|{advises_discretion_portuguese}"
    r"|(?<!nao )foi anunciad\w"
    r"|agora e publico)(?!\w)"
)
#: "I won't answer", and no "but": whoever keeps a secret says that there is one.
_REFUSED = pattern(
    r"(?<!\w)(?:(?:i|we|she|he)(?:'m not going to| am not going to| won't| wont| will not) {tell_it}(?!\w)"
    r"|{kept_to_oneself}|nope,? under nda)"
    r"(?![^\n]*(?<!\w)(?:but|though|although|however|except|between us|between you)(?!\w))"
)
_MONEY = re.compile(
    r"(?:[$€£]\s?\d[\d,.]*\s?[km]?|\d[\d,.]*\s?(?:dollars|euros|pounds|usd|eur|k a year|per year|a year))"
)
_PAY = pattern(r"(?<!\w){what_is_paid}(?!\w)")
_PAY_TALK = pattern(r"(?<!\w){no_pay_of_somebody}(?!\w)")
_STAFF = pattern(r"(?<!\w)(?:our|the|their) (?:new |old |former )?{paid_staff}(?!\w)")
_WEAK = 0.75
_NEAR = 30


class ConfidentialityParams(Params):
    """`markers` (sense strong or weak) and the `objects` a weak marker must stand beside; `pay` looks for salaries."""

    markers: str = "confidentiality"
    objects: str = "confidential_objects"
    pay: bool = True

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.markers, self.objects)


@check(
    "confidentiality",
    ConfidentialityParams,
    screen=lambda params: [
        Terms(params.markers, min_weight=_WEAK),
        (Terms(params.markers), Terms(params.objects)),
        *([(Said(_PAY), Said(_MONEY))] if params.pay else []),
    ],
)
def confidentiality(batch: Batch, rule: Rule, params: ConfidentialityParams) -> Judgement:
    """Looks for marks of confidential or unannounced matters, and for salaries of named or appointed people.

    "Not for distribution", "embargoed until", "before it is announced" count alone; "confidential" only beside a
    document or figures. Advice on confidentiality, confidential helplines and surveys are not meant. For a person to
    read.
    """

    def find(row: Row) -> Iterable[Evidence]:
        markers = row.hits(params.markers, also=("en",))
        found = list(_marked(row, markers, params)) if markers else []
        if params.pay:
            found += _salaries(row)
        return found[:1]

    return judge_each(batch, rule, find)


def _marked(row: Row, markers: list[Hit], params: ConfidentialityParams) -> Iterator[Evidence]:
    text = row.text
    if _REFUSED.search(text.words):
        return
    objects = row.hits(params.objects, also=("en",))
    for marker in markers:
        sentence = text.sentence_at(marker.start)
        if text.is_quoted(marker.start, marker.end) or _ADVICE.search(text.words, *sentence):
            continue
        if marker.weight >= _WEAK:
            if not text.is_negated(marker.start, reach=14):
                yield row.evidence(marker.start, marker.end, "a mark of something not public", 0.7)
            continue
        near = [
            hit for hit in in_span(objects, sentence) if abs(hit.start - marker.end) <= _NEAR and not _same(hit, marker)
        ]
        if near and not text.is_negated(marker.start):
            start, end = min(marker.start, near[0].start), max(marker.end, near[0].end)
            yield row.evidence(start, end, "a document or figure said to be confidential", 0.55)


def _salaries(row: Row) -> list[Evidence]:
    text = row.text
    if not _PAY.search(text.words):
        return []
    found = []
    for money in _MONEY.finditer(text.words):
        start, end = text.sentence_at(money.start())
        people = [(n.start, n.end) for n in named(text, row.context, ("person",)) if start <= n.start < end]
        people += _staff_in(text.words, start, end)
        if people and _is_of_pay(text.words, start, end):
            left, right = min(people[0][0], money.start()), max(people[0][1], money.end())
            found.append(row.evidence(left, right, "what somebody is paid", 0.65))
    return found


# Asked of a sentence once, however many amounts stand in it.
@lru_cache(maxsize=64)
def _staff_in(words: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _STAFF.finditer(words, start, end)]


@lru_cache(maxsize=64)
def _is_of_pay(words: str, start: int, end: int) -> bool:
    return bool(_PAY.search(words, start, end)) and not _PAY_TALK.search(words, start, end)


def _same(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
