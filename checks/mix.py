"""What a post is for (ALA-32): thought leadership, events, success stories, recruiting. Counted in credit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.screen import Terms


class ContentMix(Params):
    """`sense`: which kind of content is counted."""

    sense: Literal["thought_leadership", "event", "success_story", "recruiting"]
    lexicon: str = "content_mix"

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


@check("content_mix", params=ContentMix, screen=lambda params: [Terms(params.lexicon, senses=(params.sense,))])
def content_mix(batch: Batch, rule: Rule, params: ContentMix) -> Judgement:
    """Counts posts of one kind of content, by words that show it; a post may be of several kinds."""

    def find(row: Row) -> Iterable[Evidence]:
        hit = next((one for one in row.hits(params.lexicon) if one.sense == params.sense), None)
        if hit is None or row.text.is_negated(hit.start):
            return []
        return [row.evidence(hit.start, hit.end, f"speaks of {params.sense.replace('_', ' ')}", 0.7)]

    return judge_each(batch, rule, find)
