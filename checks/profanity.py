"""Obscene language."""

from __future__ import annotations

from collections.abc import Iterable

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each


class ProfanityParams(Params):
    """`min_weight`: lexicon entries lighter than this are let pass."""

    lexicon: str = "profanity"
    min_weight: float = 0.5

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.lexicon,)


@check("profanity", ProfanityParams)
def profanity(batch: Batch, rule: Rule, params: ProfanityParams) -> Judgement:
    """Looks for obscene words, whole words only, also where they are disguised.

    Inside quotation marks a word still counts but is less certain. Medical and breastfeeding vocabulary is not obscene
    and stands in no list.
    """

    def find(row: Row) -> Iterable[Evidence]:
        for hit in row.hits(params.lexicon, also=("en",)):
            if hit.weight >= params.min_weight:
                factor = 0.6 if row.text.is_quoted(hit.start, hit.end) else 1.0
                reason = "a disguised obscene word" if hit.disguised else "an obscene word"
                yield row.evidence(hit.start, hit.end, reason, hit.weight * factor)

    return judge_each(batch, rule, find)
