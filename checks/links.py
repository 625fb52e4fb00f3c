"""Linking the source: LLL-14 (policy is quoted with a link), LLL-21 and LLL-22 (linking the association, in credit)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from chapterwatch.policy import Rule
from checks.attribution import is_attributed, is_rejected
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.screen import OFFICIAL_LINKS, Names
from checks.statements import find_association
from checks.text import normal
from checks.web import leads_to, links_of
from checks.word_classes import pattern


class PolicyClaim(Params):
    """`names`: the association as people write it; short ones count in capitals only."""

    names: tuple[str, ...]


_CLAIMS = (
    r"{name}(?:'s|s)? (?:\w+ ){0,2}{policy_documents} (?:\w+ ){0,3}?{policy_says}\b",
    (
        r"\b(?:according to|as per) (?:the )?(?:\w+ ){0,2}(?:{policy_documents} (?:of|by|from) (?:the )?)?{name}"
        r"(?:'s|s)?(?: (?:\w+ ){0,2}{policy_documents})?(?!\w)"
    ),
    r"\b(?:under|per|following|in line with|by) (?:the )?{name}(?:'s|s)? (?:\w+ ){0,2}{policy_documents}(?!\w)",
    (
        r"\b(?:the |new |official |current )*{policy_documents} (?:of|from|by) (?:the )?{name}\b[^.!?\n]{0,20}"
        r"\b{policy_says}\b"
    ),
    r"{name} (?:\w+ly )?{association_says}\b",
    (
        r"\b(?:segun|de acuerdo con) (?:la |las (?:normas|politicas) de (?:la )?)?{name}"
        r"|\b(?:la|las) (?:politicas?|normas?) de (?:la )?{name}\b[^.!?\n]{0,20}"
        r"\b(?:dice|exige|establece|prohibe|permite|dicen|exigen|prohiben)\b"
    ),
    (
        r"\b(?:selon|d'apres) (?:la |le reglement de (?:la )?)?{name}"
        r"|\bla politique de (?:la )?{name}\b[^.!?\n]{0,20}"
        r"\b(?:dit|exige|interdit|prevoit|permet|stipule)\b"
    ),
    (
        r"\b(?:laut|nach|gemass) (?:den (?:richtlinien|regeln) (?:der |von )?|der )?{name}"
        r"|\bdie (?:richtlinien?|regeln) (?:der |von )?{name}\b[^.!?\n]{0,20}"
        r"\b(?:besag\w+|verlang\w+|verbiet\w+|erlaub\w+|sag\w+)\b"
    ),
)
#: A claim that is none: a question, a wish to know, or one's own ignorance of the rule.
_NO_CLAIM = pattern(r"\b{asks_of_policy}\b[^.!?\n]{0,60}$")


@check("policy_claim_link", params=PolicyClaim, screen=lambda params: [Names(params.names)])
def policy_claim_link(batch: Batch, rule: Rule, params: PolicyClaim) -> Judgement:
    """Looks for claims about the association's policy ("the policy says", "according to") without a link to it.

    A link to any official domain answers the rule; questions about a policy are no claims.
    """

    def find(row: Row) -> Iterator[Evidence]:
        if any(leads_to(link, row.context.official_domains) for link in links_of(row)):
            return
        for start, end in _claims(row, params.names):
            yield row.evidence(
                start, end, "a claim about the association's policy without a link to an official source", 0.75
            )

    return judge_each(batch, rule, find)


def _claims(row: Row, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    named = [(found.start, found.end) for found in find_association(row.text, names)]
    if not named:
        return
    for claim in _claim_patterns(names):
        for match in claim.finditer(row.text.words):
            first, last = row.text.sentence_at(match.start())
            before, sentence = row.text.words[first : match.start()], row.text.words[first:last]
            meant = any(match.start() <= start and end <= match.end() for start, end in named)
            told = is_attributed(row.text, match.start()) or is_rejected(row.text, match.end())
            if meant and not told and not sentence.rstrip().endswith("?") and not _NO_CLAIM.search(before):
                yield match.start(), match.end()


@lru_cache(maxsize=32)
def _claim_patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    folded = sorted((re.escape(normal(name).strip()) for name in names), key=len, reverse=True)
    return tuple(pattern(claim, name=rf"(?<!\w)(?:{'|'.join(folded)})") for claim in _CLAIMS)


class OfficialLink(Params):
    """`cues`: words of which one must stand in the post; any post with the link counts when empty."""

    cues: tuple[str, ...] = ()


@check("official_link", params=OfficialLink, screen=lambda _: OFFICIAL_LINKS)
def official_link(batch: Batch, rule: Rule, params: OfficialLink) -> Judgement:
    """Counts posts that link to the association's own website, in the chapter's favour."""

    def find(row: Row) -> Iterable[Evidence]:
        if params.cues and not any(_has(row, cue) for cue in params.cues):
            return []
        official = [link for link in links_of(row) if leads_to(link, row.context.official_domains)]
        return [Evidence("text", link.start, link.end, "links to the association", 0.95) for link in official[:1]]

    return judge_each(batch, rule, find)


def _has(row: Row, cue: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(normal(cue))}", row.text.plain) is not None
