"""Retold support conversations (LLL-10): "a mum asked me…" without a word of consent."""

# ruff: noqa: E501 - patterns read better unbroken.

from __future__ import annotations

import re
from collections.abc import Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.screen import Terms


class SupportStory(Params):
    """The lexicon's senses: `person` (mum), `somebody`, `asked` (told me), `consent` (with permission), `made_up` (imagine)."""

    lexicon: str = "support_story"
    #: How many characters may stand between the person and what they did.
    reach: int = 60

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


#: A person somebody has met, not people in general and not one's own family.
_ONE_PERSON = re.compile(
    r"(?:\b(?:a|an|one|another|this|the|that|some|one of (?:the|our|my|your)|two of (?:the|our|my)|new|young|first[- ]time|"
    r"una?|otra|esta|una de (?:las|nuestras)|une?|cette|une (?:autre|jeune)|une de (?:nos|mes)|eine|einer?|diese|eine der|eine unserer|"
    r"uma|outra|uma das|un'altra)\s(?:\w+\s){0,2})$",
)


@check(
    "support_story",
    params=SupportStory,
    screen=lambda params: [(Terms(params.lexicon, ("person", "somebody")), Terms(params.lexicon, ("asked",)))],
)
def support_story(batch: Batch, rule: Rule, params: SupportStory) -> Judgement:
    """Looks for a support conversation retold ("one of our moms told us") in a post that says nothing of consent.

    People in general, one's own family and made-up examples are left out.
    """

    def find(row: Row) -> Iterator[Evidence]:
        hits = row.hits(params.lexicon)
        senses = {hit.sense for hit in hits}
        if "consent" in senses or "made_up" in senses:
            return
        for person, asked in _pairs(hits, params.reach):
            start, end = row.text.sentence_at(person.start)
            before = row.text.words[max(start, person.start - 40) : person.start]
            one = person.sense == "somebody" or _ONE_PERSON.search(before)
            if asked.end <= end and one:
                reason = "retells what somebody asked or told in support, without a word on their consent"
                yield row.evidence(person.start, asked.end, reason, 0.6)

    return judge_each(batch, rule, find)


def _pairs(hits: list[Hit], reach: int) -> Iterator[tuple[Hit, Hit]]:
    for person in (hit for hit in hits if hit.sense in ("person", "somebody")):
        after = (hit for hit in hits if hit.sense == "asked" and 0 <= hit.start - person.end <= reach)
        asked = next(after, None)
        if asked is not None:
            yield person, asked
