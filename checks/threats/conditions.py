"""Orders and conditions with a threat: "go kill yourself", "… or else", "keep talking and you will get hurt"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.base import Evidence, Row
from checks.harm import SOMEBODY
from checks.threats.excused import KINDLY
from checks.threats.harmless import is_sport
from checks.threats.places import finds, looked_for
from checks.threats.unsaid import unsaid_in

_ORDER = looked_for(
    r"(?:(?<![\w'])(?:go|just|please|should|better|and|fucking|now)\s+|^\s{0,40}|(?<=[.!?,;:\n])\s{0,40})"
    r"(?P<threat>kill yourself|kys|hang yourself|go die(?! (?:the|a|my|your|some|those|these)\b)"
    r"|drop dead(?! gorgeous)|off yourself|neck yourself)(?![\w'])"
)
_OR_ELSE = looked_for(r"(?<![\w'])(?P<threat>{demands}\b[^.!?\n]{0,80}?\bor else)(?=[.!…\s]*$|[.!…]+\s)")
#: Harm as the price of speaking up. Only of speech and defiance: "wear a helmet or you will get hurt" means well.
_PRICE = looked_for(
    r"(?<![\w'])(?P<threat>{defiance}[^.!?\n]{0,40}?,?\s(?:and|or) (?:you|somebody|someone)"
    r"(?:'ll| will|'re going to| are going to| is going to|'re gonna| gonna| might| may| could)(?: just| really)?"
    r" (?:get|be|end up)(?: \w+)?"
    r" (?:hurt|killed|shot|stabbed|beaten|dead|sorry|(?:in|on) (?:the |a |an )?{ends_up_in}))(?![\w'])"
)
#: "Touch my bike and you're dead".
_DEAD_IF = looked_for(
    r"(?<![\w'])(?P<threat>{provocations}\b[^.!?\n]{1,60}?,?"
    r" and (?:you're|you are|ur|u r|he's|she's|they're) (?:all )?"
    r"(?:dead|dead meat|a dead (?:man|woman|girl|boy)|finished|a corpse))(?=[\s.!,]*$|[.!,])"
)
#: "I'm breaking your jaw".
_BREAKING = looked_for(
    r"(?<![\w'])(?P<threat>(?:i'm|im|i am|we're|we are) {breaking}"
    r" (?:some|your|his|her|their|every|all your|both your) (?:\w+ )?{body})(?! (?:record|news))(?![\w'])"
)
#: "Please run him over".
_RUN_OVER = looked_for(
    r"(?:(?<![\w'])(?:please|someone|somebody|should|will|i'll|just|gonna|to|go|and|then)\s+|(?:^|[.!?,;:\n])\s*)"
    r"(?P<threat>(?:run|mow|gun|shoot|cut|strike|put|hunt) {somebody} (?:over|down)(?: like \w+ \w+)?)"
    r"(?![\w'])(?! (?:to|the|with|for|some|for a|gently|a) )",
    somebody=SOMEBODY,
)
#: How sure each is a threat.
CONDITIONS = {_ORDER: 0.8, _OR_ELSE: 0.6, _PRICE: 0.7, _DEAD_IF: 0.7, _BREAKING: 0.75, _RUN_OVER: 0.6}


def find_conditions(row: Row) -> Iterator[Evidence]:
    """An order to hurt oneself, and what somebody is threatened with should they not obey."""
    for pattern, confidence in CONDITIONS.items():
        yield from _unexcused(row, finds(pattern, row.text), confidence)


def find_unsaid(row: Row) -> Iterator[Evidence]:
    """The same said in words of which none is an act of violence."""
    yield from _unexcused(row, unsaid_in(row.text), 0.65)


def _unexcused(row: Row, threats: Iterable[re.Match[str]], confidence: float) -> Iterator[Evidence]:
    text = row.text
    for found in threats:
        start, end = found.span("threat")
        if KINDLY.match(text.words, end):
            continue
        if not text.is_reported(start, end) and not text.is_negated(start, reach=16) and not is_sport(row, start):
            yield row.evidence(start, end, "an order or condition with a threat", confidence)
