"""Candidates that no word list reaches: posts whose words, taken together, are like those of a family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, checks, judge_each
from checks.classifier import BUILT_IN, WeightedSpan, classifier
from checks.cues import MENTION, named
from checks.screen import Where
from checks.text import normal

_YOU = re.compile(r"(?<![\w'])(?:you|your|yours|you're|youre|ur|u|y'all|yourself)(?!\w)")
_MENTION = re.compile(MENTION)


class ScoredParams(Params):
    """`family`: a family of the classifier; `point`: the decision point from which a post is a candidate.

    `aim`: who must occur, one of them: `you`, `mention` (a handle), `roster` (a person or partner), `association`,
    `generic` (a term of the lexicon `generic_terms`). `not_in`: lexicons of which no term may occur (counter-speech).
    `needs`: lexicons of which one must have a term. `after`: the check that judges the same clause by grammar; what it
    finds is left to it.
    """

    family: Literal["hate", "harassment", "threat", "complaint", "disparagement"]
    point: Literal["violation", "review"] = "violation"
    classifier: str = BUILT_IN
    aim: tuple[Literal["you", "mention", "roster", "association", "generic"], ...] = ()
    generic_terms: str = "complaint_targets"
    needs: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    after: str | None = None
    after_params: dict[str, Any] = Field(default_factory=dict)

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        grammar = checks()[self.after].params.model_validate(self.after_params).lexicons() if self.after else ()
        generic = (self.generic_terms,) if "generic" in self.aim else ()
        return tuple(dict.fromkeys((*self.needs, *self.not_in, *generic, *grammar)))


def _needs(params: ScoredParams) -> list[Where]:
    return [Where(lambda frame: passes(frame["text"], params))]


def passes(texts: pd.Series[Any], params: ScoredParams) -> npt.NDArray[np.bool_]:
    """Which texts of a column reach the decision point; a missing text does not."""
    known = tuple("" if pd.isna(text) else str(text) for text in texts)
    least = classifier(params.classifier).point(params.family, params.point)
    return np.asarray(_scores(params.classifier, known)[params.family] >= least, dtype=np.bool_)


# The rules of a pack ask about the same column one after the other.
@lru_cache(maxsize=2)
def _scores(name: str, texts: tuple[str, ...]) -> pd.DataFrame:
    return classifier(name).score(texts)


@check("scored", ScoredParams, screen=_needs)
def scored(batch: Batch, rule: Rule, params: ScoredParams) -> Judgement:
    """Asks about posts whose words together are like those of this kind, where no rule of words found anything.

    A statistical hint, not a finding of fact: a linear model trained on public examples gives a score, and
    posts from a stated score on are shown with the words between the first and last that tell. Quotations,
    condemnations and posts that name nobody are left out where the rule says so.
    """
    rows = _candidates(batch, rule, params)
    scores = _scores(params.classifier, tuple(row.text.raw for row in rows))[params.family] if rows else ()
    score_of = dict(zip((row.label for row in rows), scores, strict=True))

    def find(row: Row) -> Iterable[Evidence]:
        score = score_of.get(row.label)
        if score is None or not _is_meant(row, params):
            return
        span = _telling(row, classifier(params.classifier).spans(row.text.raw, params.family))
        if span is not None:
            start, end = span
            reason = f"a statistical hint: the words together are like those of {_NAMES[params.family]}"
            yield Evidence(row.field, start, end, reason, round(float(score), 2))

    return judge_each(batch, rule, find)


_NAMES = {
    "hate": "remarks against groups",
    "harassment": "insults and harassment",
    "threat": "threats",
    "complaint": "complaints",
    "disparagement": "remarks that harm a name",
}


def _candidates(batch: Batch, rule: Rule, params: ScoredParams) -> Sequence[Row]:
    """The rows that reach the point and that the grammar of the same clause leaves clean."""
    if not batch.rows:
        return ()
    enough = passes(pd.Series([row.text.raw for row in batch.rows], dtype="object"), params)
    rows = [row for row, passed in zip(batch.rows, enough, strict=True) if passed]
    if params.after is None or not rows:
        return rows
    grammar = checks()[params.after]
    part = Batch(batch.subject, None, rows, batch.posts, batch.profiles, batch.lexicons, batch.contexts)
    found = grammar.judge(part, rule, grammar.params.model_validate(params.after_params))
    clean = (~found.breach.fillna(True).astype(bool)).to_numpy()  # what it cannot judge is left to it
    return [row for row, is_clean in zip(rows, clean, strict=True) if is_clean]


def _is_meant(row: Row, params: ScoredParams) -> bool:
    aimed = not params.aim or any(_occurs(row, who, params) for who in params.aim)
    needed = not params.needs or any(row.hits(name) for name in params.needs)
    return aimed and needed and not any(row.hits(name) for name in params.not_in)


def _occurs(row: Row, who: str, params: ScoredParams) -> bool:
    if who == "you":
        return bool(_YOU.search(row.text.words))
    if who == "mention":
        return bool(_MENTION.search(row.text.words))
    if who == "generic":
        return bool(row.hits(params.generic_terms))
    return bool(named(row.text, row.context, ("person", "partner") if who == "roster" else ("association",)))


def _telling(row: Row, spans: Sequence[WeightedSpan]) -> tuple[int, int] | None:
    """From the first to the last telling word of the sentence with the most telling one; None where it is reported."""
    if not spans:
        return None
    plain = {span: _in_plain(row, span) for span in spans}
    start, end = plain[max(spans, key=lambda span: span[2])]
    if row.text.is_reported(start, end):
        return None
    first, last = row.text.sentence_at(start)
    near = [span for span in spans if first <= plain[span][0] and plain[span][1] <= last]
    return min(span[0] for span in near), max(span[1] for span in near)


def _in_plain(row: Row, span: WeightedSpan) -> tuple[int, int]:
    """A span of the stored text as one of its plain view."""
    return len(normal(row.text.raw[: span[0]])), len(normal(row.text.raw[: span[1]]))
