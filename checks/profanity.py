"""Obscene language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import is_attributed
from checks.lexicons import Hit
from checks.screen import Terms

_WORD_TALK = re.compile(r"(?<!\w)(?:words?|terms?|slurs?|r-word|n-word|f-word|label)(?!\w)")
#: How sure an obscene word in quotation marks still is: a title or somebody else's words.
_QUOTED = 0.6


class ProfanityParams(Params):
    """Only lexicon entries of a weight in [`min_weight`, `below_weight`) count: 1 obscene, 0.8 vulgar, 0.6 coarse."""

    lexicon: str = "profanity"
    min_weight: float = 0.5
    below_weight: float = 1.1

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.lexicon,)


@check(
    "profanity",
    ProfanityParams,
    screen=lambda params: [
        Terms(params.lexicon, min_weight=params.min_weight, below_weight=params.below_weight),
    ],
)
def profanity(batch: Batch, rule: Rule, params: ProfanityParams) -> Judgement:
    """Looks for obscene words, whole words only, also where they are disguised.

    Inside quotation marks a word still counts but is less certain. Medical and breastfeeding vocabulary is not obscene
    and stands in no list.
    """

    def find(row: Row) -> Iterable[Evidence]:
        for hit in row.hits(params.lexicon, also=("en",)):
            if params.min_weight <= hit.weight < params.below_weight and not _is_spared(row, hit):
                quoted = _QUOTED if row.text.is_quoted(hit.start, hit.end) else 1.0
                reason = "a disguised obscene word" if hit.disguised else "an obscene word"
                yield row.evidence(hit.start, hit.end, reason, hit.weight * hit.certainty * quoted)

    return judge_each(batch, rule, find)


def _is_spared(row: Row, hit: Hit) -> bool:
    return _is_name(row, hit) or (hit.sense == "slur" and _is_named_only(row, hit))


def _is_named_only(row: Row, hit: Hit) -> bool:
    """Whether a slur is spoken of rather than used: quoted, reported, or in a campaign against the word."""
    text = row.text
    if text.is_reported(hit.start, hit.end) or text.is_negated(hit.start) or is_attributed(text, hit.start):
        return True
    return bool(_WORD_TALK.search(text.words[max(0, hit.start - 60) : hit.end + 60]))


def _is_name(row: Row, hit: Hit) -> bool:
    """Whether a word that is also a name (sense `name`) is written like one: "Dick Miller", not "DICK" or "dick"."""
    return hit.sense == "name" and row.text.cut(hit.start, hit.end).istitle()
