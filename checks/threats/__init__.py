"""Threats of violence, direct, conditional, wished for and veiled.

Each module here hears one way of threatening; whom it is done to stands in `victims`, what takes a finding back in
`excused` and `harmless`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import in_span
from checks.false_friends import is_false_friend
from checks.lexicons import Hit
from checks.menace import WORDS
from checks.screen import Names, Said, Terms
from checks.text import normal
from checks.threats.announced import find_announced
from checks.threats.conditions import CONDITIONS, find_conditions, find_unsaid
from checks.threats.deeds import find_deeds
from checks.threats.dutch import find_dutch
from checks.threats.framed import find_framed
from checks.threats.harmless import is_no_threat_talk
from checks.threats.italian import ITALIAN_ORDERS, find_italian_orders
from checks.threats.orders import find_ordered_deeds, find_orders
from checks.threats.unsaid import UNSAID_PARTS, UNSAID_WORDS
from checks.threats.veiled import find_veiled
from checks.threats.victims import GROUPS
from checks.threats.wished import find_demanded, find_wished

__all__ = ["ThreatParams", "is_no_threat_talk", "threats"]

#: How far around the verbs of a sentence its words are read.
_NEAR = 300


class ThreatParams(Params):
    """The verbs of violence (sense `strong` or `weak`) and ready-made phrases; `min_confidence` drops weaker finds."""

    verbs: str = "violence"
    phrases: str = "veiled_threats"
    #: Whose members can be victims, beside people by role or kind.
    groups: str = GROUPS
    #: Ready-made threats in other languages than English.
    other_languages: str = "threats"
    #: Of which every threat holds one in a language that has a grammar of its own: Dutch.
    cues: str = "threat_verbs"
    min_confidence: float = 0.4


@check(
    "threats",
    ThreatParams,
    screen=lambda params: [
        *map(Terms, (params.phrases, params.other_languages, params.cues, params.verbs)),
        *map(Said, (*CONDITIONS, UNSAID_PARTS)),
        Names(UNSAID_WORDS),
        Names(WORDS),
        Names(ITALIAN_ORDERS),
    ],
)
def threats(batch: Batch, rule: Rule, params: ThreatParams) -> Judgement:
    """Looks for threats of violence against somebody, for a person to read.

    Announced ("I will … you"), conditional ("… or else"), wished for ("deserves to be …") and veiled ("we know where
    you live"). Idioms, sport, news, negations and threats that are quoted or reported as received are not meant.
    English has the full grammar; Spanish, French, German, Portuguese, Italian and Dutch have frames of announcing,
    calling for, wishing and veiling harm.
    """

    def find(row: Row) -> Iterable[Evidence]:
        found = (item for item in _threats(row, params) if item.confidence >= params.min_confidence)
        return _outermost(found)

    return judge_each(batch, rule, find)


def _threats(row: Row, params: ThreatParams) -> Iterator[Evidence]:
    yield from find_veiled(row, [*row.hits(params.phrases, also=("en",)), *row.hits(params.other_languages)])
    yield from find_italian_orders(row)
    yield from _in_dutch(row, row.hits(params.cues))
    yield from (item for item in _by_grammar(row, params) if not _is_foreign(row, item))


def _is_foreign(row: Row, item: Evidence) -> bool:
    """Whether an English pattern took a word of the post's own language for one of violence: "Die Mutter …"."""
    return is_false_friend(normal(row.text.raw[item.start : item.end]), row.language)


def _in_dutch(row: Row, cues: list[Hit]) -> Iterator[Evidence]:
    """What the frames of Dutch say, in every sentence with one of its words."""
    for sentence in dict.fromkeys(row.text.sentence_at(hit.start) for hit in cues):
        inside = in_span(cues, sentence)
        yield from find_dutch(
            row, (max(sentence[0], inside[0].start - _NEAR), min(sentence[1], inside[-1].end + _NEAR))
        )


def _by_grammar(row: Row, params: ThreatParams) -> Iterator[Evidence]:
    """What verbs, orders and frames say, all of them English."""
    text = row.text
    verbs = row.hits(params.verbs, also=("en",))
    for sentence in dict.fromkeys(text.sentence_at(hit.start) for hit in verbs):
        inside = in_span(verbs, sentence)
        near = max(sentence[0], inside[0].start - _NEAR), min(sentence[1], inside[-1].end + _NEAR)
        yield from find_announced(row, near, inside)
        yield from find_orders(row, near, inside)
        yield from find_ordered_deeds(row, near, inside)
        yield from find_wished(row, near)
        yield from find_demanded(row, near, inside)
        yield from find_deeds(row, near)
    yield from find_conditions(row)
    yield from find_unsaid(row)
    yield from find_framed(row)


def _outermost(found: Iterable[Evidence]) -> list[Evidence]:
    kept: list[Evidence] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, -item.confidence, item.start)):
        if not any(item.start < other.end and other.start < item.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)
