"""A verb of violence at the head of a clause, which is an order: "Hang her!"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.base import Evidence, Row
from checks.harm import OBJECT, POSSESSED
from checks.lexicons import Hit
from checks.text import Text
from checks.threats.excused import is_excused
from checks.threats.harmless import certainty
from checks.threats.victims import (
    BODILY,
    CONTEMPT,
    HER_THING,
    NEVER_THINGS,
    OWNED,
    PRONOUNS,
    THINGS_DONE,
    bodily_end,
    end_of_victim,
)
from checks.word_classes import entries, pattern

#: The head of a clause, where a bare verb is an order.
_CLAUSE_HEAD = re.compile(
    r"(?:^|[.!?,;:\n\"(…*-])\s*(?:(?:just|please|simply|then|so|fucking|fuckin|go|now|yes|yeah)\s+){0,3}$"
)
#: How far back the head of a clause is looked for: three of its small words and the sign before them.
_HEAD_REACH = 32
_ORDER_VERBS = tuple(entries("order_verbs"))
_ORDERED = pattern(
    r"(?:^|(?<=[.!?,;:\n\"(…*-])|(?<=\bjust)|(?<=\bplease)|(?<=\bsimply)|(?<=\bthen)"
    r"|(?<=\bjust fucking)|(?<=[.!?\n] fucking)|(?<=^fucking))[\s\"'(]{0,5}"
    r"(?P<verb>{order_verbs})(?=\s)"
)
_MILD_ORDERS = frozenset(entries("mild_orders"))
#: "smack her hard"; of "them" eggs are meant.
_HARD = pattern(r"\s+{hit_hard}(?![\w'])")
_ONE = frozenset({"him", "her", "you"})
_HOUSEHOLD = pattern(r"{household}")
#: "them", and nothing of who they are: "drown them in beer".
_THEM = re.compile(r"\sthem(?:\s(?:like|in|with|to|into|on|for|under|against|down|off))?$")


def opens_clause(text: Text, sentence: int, start: int) -> bool:
    """Whether a word stands at the head of a clause of the sentence that starts at `sentence`."""
    return bool(_CLAUSE_HEAD.search(text.words, max(0, sentence - 1, start - _HEAD_REACH), start))


def find_orders(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """Calls for violence: "Hang her!" is an order to hurt somebody."""
    text = row.text
    if not any(text.words.startswith(_ORDER_VERBS, hit.start) for hit in verbs):
        return
    for order in _ORDERED.finditer(text.words, *sentence):
        start, verb = order.span("verb")[0], order.group("verb")
        whole = _whole_order(text, verb, order.end(), sentence[1])
        if whole is None or not _is_verb(start, verbs) or is_excused(text, start, whole):
            continue
        yield row.evidence(start, whole, "a call for violence", 0.65 * certainty(row, start))


def find_ordered_deeds(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """Any strong verb of violence in its plain form at the head of a clause: "Decapitate her!", "run him over"."""
    text = row.text
    for verb in verbs:
        if verb.sense != "strong" or verb.term.endswith(("ing", "ed", "s", "*")):
            continue
        if not opens_clause(text, sentence[0], verb.start):
            continue
        victim = end_of_victim(row, verb, sentence[1])
        if victim is None or is_excused(text, verb.start, victim):
            continue
        if _THEM.search(text.words, verb.end, victim) and _HOUSEHOLD.match(verb.term):
            continue
        yield row.evidence(verb.start, victim, "a call for violence", 0.6 * certainty(row, verb.start))


def _whole_order(text: Text, verb: str, at: int, end: int) -> int | None:
    """Where an order to hurt somebody ends; None where it is about a thing or too mild to be one."""
    victim = OBJECT.match(text.words, at, end) or POSSESSED.match(text.words, at, end)
    if victim is None or OWNED.match(text.words, victim.end(), end):
        return None
    bodily = _is_bodily(text.words, victim, end)
    if verb in _MILD_ORDERS and not bodily and not CONTEMPT.search(victim.group()):
        return None
    if victim.group().endswith(" her") and verb not in NEVER_THINGS and HER_THING.match(text.words, victim.end(), end):
        return None
    if not bodily and victim.group().split()[-1] in PRONOUNS and THINGS_DONE.match(text.words, victim.end(), end):
        return None
    return bodily_end(text.words, victim.end(), end)


def _is_bodily(words: str, victim: re.Match[str], end: int) -> bool:
    """Whether more is said of how a body is hurt: "beat the hell out of him", "in the face", "hard"."""
    if BODILY.match(words, victim.end(), end) or victim.groupdict().get("out"):
        return True
    return victim.group().split()[-1] in _ONE and bool(_HARD.match(words, victim.end(), end))


def _is_verb(start: int, verbs: list[Hit]) -> bool:
    """Whether the verb is a hit of the lexicon: "shoot her an email" is one of its exceptions."""
    return any(hit.start == start for hit in verbs)
