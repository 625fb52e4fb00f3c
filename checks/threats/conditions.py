# ruff: noqa: E501 - grammars read better unbroken
"""Orders and conditions with a threat: "go kill yourself", "… or else", "keep talking and you will get hurt"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checks.base import Evidence, Row
from checks.harm import BODY
from checks.threats.excused import KINDLY
from checks.threats.harmless import is_sport
from checks.threats.places import finds, looked_for
from checks.threats.unsaid import find_unsaid
from checks.threats.victims import SOMEBODY

#: "Touch my bike and you're dead", "I'm breaking your jaw", "please run him over".
_DEAD_IF = looked_for(
    r"(?<![\w'])(?P<threat>(?:touch|come|say|post|write|tell|do|try|show|go|talk|look|mention|cross|move|step"
    r"|delete|call)\b"
    r"[^.!?\n]{1,60}?,? and (?:you're|you are|ur|u r|he's|she's|they're) (?:all )?(?:dead|dead meat"
    r"|a dead (?:man|woman|girl|boy)|finished"
    r"|a corpse))(?=[\s.!,]*$|[.!,])"
)
_BREAKING = looked_for(
    rf"(?<![\w'])(?P<threat>(?:i'm|im|i am|we're|we are) (?:breaking|smashing|bashing in|kicking in|caving in"
    rf"|cutting off|cutting"
    rf"|slitting|stabbing|shooting|strangling|choking|gutting|snapping|ripping out|ripping off) (?:some|your"
    rf"|his|her|their|every"
    rf"|all your|both your) (?:\w+ )?{BODY})(?! (?:record|news))(?![\w'])"
)
_RUN_OVER = looked_for(
    rf"(?:(?<![\w'])(?:please|someone|somebody|should|will|i'll|just|gonna|to|go|and|then)\s+|(?:^|[.!?,;:\n])\s*)"
    rf"(?P<threat>(?:run|mow|gun|shoot|cut|strike|put|hunt) {SOMEBODY} (?:over"
    rf"|down)(?: like \w+ \w+)?)"
    rf"(?![\w'])(?! (?:to|the|with|for|some|for a|gently|a) )"
)

_ORDER = looked_for(
    r"(?:(?<![\w'])(?:go|just|please|should|better|and|fucking|now)\s+|^\s{0,40}|(?<=[.!?,;:\n])\s{0,40})"
    r"(?P<threat>kill yourself|kys|hang yourself|go die(?! (?:the|a|my|your|some|those|these)\b)|drop dead(?! gorgeous)|off yourself|neck yourself)(?![\w'])"
)
_OR_ELSE = looked_for(
    r"(?<![\w'])(?P<threat>(?:you(?:'d)? better|you must|you will|you'll|pay|stop|resign|leave|shut up|give"
    r"|do it|do as"
    r"|delete|take|keep|back off|apologi[sz]e|watch)\b[^.!?\n]{0,80}?\bor else)(?=[.!…\s]*$|[.!…]+\s)"
)
#: Harm as the price of speaking up. Only of speech and defiance: "wear a helmet or you will get hurt" means well.
_PRICE = looked_for(
    r"(?<![\w'])(?P<threat>(?:keep (?:talking|posting|asking|pushing|it up|that up|digging|complaining)"
    r"|say (?:that|it) again|(?:tell|report|talk to) (?:anyone|anybody|them|the board|the police)"
    r"|open your mouth|speak up again|cross (?:me|us)"
    r"|come near (?:me|us|here)|show your face|shut up|back off)[^.!?\n]{0,40}?,?\s(?:and|or) (?:you|somebody"
    r"|someone)"
    r"(?:'ll| will|'re going to| are going to| is going to|'re gonna| gonna| might| may| could)(?: just| really)?"
    r" (?:get|be|end up)(?: \w+)? (?:hurt|killed|shot|stabbed|beaten|dead|sorry|(?:in|on) (?:the |a |an )?(?:hospital"
    r"|er|morgue|ditch|grave|ground"
    r"|wheelchair|coffin|body bag|stretcher|intensive care)))(?![\w'])"
)

#: How sure each is a threat.
CONDITIONS = {_ORDER: 0.8, _OR_ELSE: 0.6, _PRICE: 0.7, _DEAD_IF: 0.7, _BREAKING: 0.75, _RUN_OVER: 0.6}


def conditional(row: Row) -> Iterator[Evidence]:
    """An order to hurt oneself, and what somebody is threatened with should they not obey."""
    for pattern, confidence in CONDITIONS.items():
        yield from _unexcused(row, finds(pattern, row.text), confidence)


def unsaid(row: Row) -> Iterator[Evidence]:
    """The same said in words of which none is an act of violence."""
    yield from _unexcused(row, find_unsaid(row.text), 0.65)


def _unexcused(row: Row, threats: Iterable[re.Match[str]], confidence: float) -> Iterator[Evidence]:
    text = row.text
    for found in threats:
        start, end = found.span("threat")
        if KINDLY.match(text.words, end):
            continue
        if not text.is_reported(start, end) and not text.is_negated(start, reach=16) and not is_sport(row, start):
            yield row.evidence(start, end, "an order or condition with a threat", confidence)
