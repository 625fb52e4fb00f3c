"""Candidates that no word list reaches: posts whose words, taken together, are like those of a family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from chapterwatch.policy import Rule
from checks.attribution import is_attributed
from checks.base import Batch, Check, Context, Evidence, Judgement, Params, Row, check, checks, judge_each
from checks.classifier import BUILT_IN, Screening, WeightedSpan, classifier
from checks.coarse import abuse_nobody
from checks.counter import (
    asks_for_discretion,
    is_denied_of_you,
    is_ones_own,
    is_spoken_for,
    speaks_against,
    speaks_well,
)
from checks.cues import FORMS_OF_YOU, MENTION, YOU, lists_nobody, named, spoken_names
from checks.hostility import is_hostile, is_others_doing
from checks.personal_data import is_of_nobody
from checks.screen import NamedInContext, Names, Need, Said, Terms, Where
from checks.text import normal
from checks.threats import is_no_threat_talk
from checks.word_classes import pattern

_MENTION, _AT = re.compile(MENTION), re.compile(r"@\w")


Family = Literal[
    "hate",
    "harassment",
    "threat",
    "complaint",
    "disparagement",
    "rumour",
    "confidential",
    "promotion",
    "politics",
    "pii.health",
]


class ScoredParams(Params):
    """`family`: a family of the classifier; `point`: the decision point from which a post is a candidate.

    `aim`: who must occur, one of them: `you`, `mention` (a handle), `roster` (a person or partner), `association`,
    `generic` (a term of the lexicon `generic_terms`, of one of the `generic_senses` where there are any). `not_in`:
    lexicons of which no term may occur (counter-speech).
    `needs`: lexicons of which one must have a term. `in_earnest`: lexicons of hostile words; where some of them stand,
    one must be meant, that is neither denied nor reported. `after`: the check that judges the same clause by grammar;
    what it finds is left to it. `unless`: checks of other clauses; where one of them finds something, that says enough.
    `shows`: the words that tell, which take longer to find than the score, or the whole post.
    """

    family: Family
    point: Literal["violation", "review"] = "violation"
    classifier: str = BUILT_IN
    aim: tuple[Literal["you", "mention", "roster", "association", "generic"], ...] = ()
    generic_terms: str = "complaint_targets"
    generic_senses: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    in_earnest: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    after: str | None = None
    after_params: dict[str, Any] = Field(default_factory=dict)
    unless: tuple[str, ...] = ()
    shows: Literal["words", "post"] = "words"

    @field_validator("after", "unless")
    @classmethod
    def _are_checks(cls, given: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        names = (given,) if isinstance(given, str) else given or ()
        if unknown := sorted(set(names) - checks().keys()):
            raise ValueError(f"no check is called {', '.join(unknown)}")
        return given

    def grammars(self) -> list[tuple[Check[Any], Params]]:
        """The checks it leaves posts to, each with its parameters."""
        given = [(self.after, self.after_params)] if self.after else []
        known = [(checks()[name], values) for name, values in (*given, *((name, {}) for name in self.unless))]
        return [(grammar, grammar.params.model_validate(values)) for grammar, values in known]

    def named(self) -> set[str]:
        """Those of the grammars it comes after as well."""
        return super().named().union(*(params.named() for _, params in self.grammars()))

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        grammars = [name for _, params in self.grammars() for name in params.lexicons()]
        generic = (self.generic_terms,) if "generic" in self.aim else ()
        return tuple(dict.fromkeys((*self.needs, *self.in_earnest, *self.not_in, *generic, *grammars)))


_ROSTER: Mapping[str, tuple[str, ...]] = {"roster": ("person", "partner"), "association": ("association",)}


def _needs(params: ScoredParams) -> list[tuple[Need, ...]]:
    """Whom it must name and the words it must hold: reading the words costs less than scoring them."""
    aims = [_aim(who, params) for who in params.aim]
    words = [Terms(name) for name in params.needs]
    parts = [part for part in (aims, words) if part]
    return [tuple(needs) for needs in product(*parts)] if parts else [(_ANY,)]


def _lacks(params: ScoredParams, context: Context) -> str | None:
    kinds = [kind for who in params.aim for kind in _ROSTER.get(who, (who,))]
    return lists_nobody(context, kinds)


_ANY = Where(lambda frame: np.ones(len(frame), dtype=np.bool_))


def _aim(who: str, params: ScoredParams) -> Need:
    if who == "you":
        return Names(FORMS_OF_YOU)
    if who == "mention":
        return Said(_AT)
    if who == "generic":
        return Terms(params.generic_terms, params.generic_senses or None)
    return NamedInContext(lambda context: spoken_names(context, _ROSTER[who]))


def passes(texts: Sequence[str], params: ScoredParams) -> npt.NDArray[np.bool_]:
    """Which texts reach the decision point."""
    return np.asarray(_passing(texts, params) > 0, dtype=np.bool_)


#: Texts whose scores are remembered: rules of both packs ask for the same texts, some for the same family.
_MOST_SCORED = 20_000


#: By classifier, family and point, the score of each text.
_KNOWN: dict[tuple[str, str, str], dict[str, float]] = {}


def _passing(texts: Sequence[str], params: ScoredParams) -> npt.NDArray[np.float64]:
    """The score of each text where it reaches the decision point, else 0."""
    known = _KNOWN.setdefault((params.classifier, params.family, params.point), {})
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if len(known) + len(new) > _MOST_SCORED:
        known.clear()
        new = list(dict.fromkeys(texts))
    if new:
        known.update(zip(new, _scored(new, params).tolist(), strict=True))
    return np.array([known[text] for text in texts], dtype=np.float64)


def _scored(texts: Sequence[str], params: ScoredParams) -> npt.NDArray[np.float64]:
    scorer = classifier(params.classifier)
    if isinstance(scorer, Screening):
        return scorer.passing(texts, params.family, params.point)
    scores = scorer.score(texts, (params.family,))[params.family].to_numpy(dtype=np.float64)
    return np.where(scores >= scorer.point(params.family, params.point), scores, 0.0)


@check("scored", ScoredParams, screen=_needs, lacks=_lacks)
def scored(batch: Batch, rule: Rule, params: ScoredParams) -> Judgement:
    """Asks about posts whose words together are like those of this kind, where no rule of words found anything.

    A statistical hint, not a finding of fact: two trained readers, taught with public examples and with sentences
    written for Chapterwatch, give a score, and posts from a stated score on are shown with the words between the
    first and last that tell. Quotations,
    condemnations and posts that name nobody are left out where the rule says so.
    """
    score_of = {row.label: score for row, score in _candidates(batch, rule, params)}
    scorer = classifier(params.classifier)

    def find(row: Row) -> Iterable[Evidence]:
        score = score_of.get(row.label)
        if score is None:
            return
        whole = row.text.span(0, len(row.text.plain)) if params.shows == "post" else None
        span = whole or _telling(row, scorer.spans(row.text.raw, params.family))
        if span is not None:
            start, end = span
            reason = f"a statistical hint: the words together are like those of {FAMILIES[params.family]}"
            sure = _SUREST * _among_chapters(score, scorer.prior(params.family))
            yield Evidence(row.field, start, end, reason, round(sure, 2))

    return judge_each(batch, rule, find)


#: Of the posts a hint may ask about (somebody is named beside hostile words), as many are taken to be what it asks for.
#: Chapters break a rule far more seldom; those are the posts that look like it.
_AMONG_CHAPTERS = 1 / 50


#: How far the model is believed: what strangers write beside the matter misleads it more than the posts it was
#: calibrated on, and none of those was a chapter's. So no hint is surer than this, and the likelier come first.
_SUREST = 0.55


def _among_chapters(score: float, prior: float) -> float:
    """A probability that holds where the share of breaches is `prior`, brought to the share among chapters' posts.

    Source: Saerens, Latinne and Decaestecker 2002, Adjusting the outputs of a classifier, equation 2.4.
    """
    breach, clean = score * _AMONG_CHAPTERS / prior, (1 - score) * (1 - _AMONG_CHAPTERS) / (1 - prior)
    return breach / (breach + clean)


#: What each family holds, in words.
FAMILIES = {
    "hate": "remarks against groups",
    "harassment": "insults and harassment",
    "threat": "threats",
    "complaint": "complaints",
    "disparagement": "remarks that harm a name",
    "rumour": "hearsay",
    "confidential": "matters that should stay inside",
    "promotion": "advertisements",
    "politics": "politics",
    "pii.health": "private details of somebody's health",
}


def _candidates(batch: Batch, rule: Rule, params: ScoredParams) -> Iterator[tuple[Row, float]]:
    """The rows that reach the point and that the grammars leave clean, with their scores."""
    if not batch.rows:
        return
    # Where names or words are asked for few rows are meant, and asking costs less than scoring; elsewhere few score.
    is_chosen = _is_meant if params.aim or params.needs else _is_short_or_hostile
    rows = [row for row in batch.rows if is_chosen(row, params)]
    scores = _passing([row.stored(row.field) for row in rows], params).tolist()
    high = [(row, score) for row, score in zip(rows, scores, strict=True) if score > 0 and _is_meant(row, params)]
    for grammar, own in params.grammars() if high else ():
        rows = [row for row, _ in high]
        part = Batch(batch.subject, None, rows, batch.posts, batch.profiles, batch.lexicons, batch.contexts)
        found = grammar.judge(part, rule, own)
        # What a grammar finds, or cannot judge, is left to it.
        left = found.found.keys() | found.reasons.keys()
        high = [each for each in high if each[0].label not in left]
    yield from high


def _is_short_or_hostile(row: Row, params: ScoredParams) -> bool:
    """Whether a post is short, or holds a hostile word: reading a very long one takes seconds."""
    return len(row.stored(row.field)) <= _LONG or any(row.hits(name) for name in params.in_earnest)


#: Code points. Facebook allows 63,206, and few posts have a tenth of that.
_LONG = 5_000


def _is_meant(row: Row, params: ScoredParams) -> bool:
    aimed = not params.aim or any(_occurs(row, who, params) for who in params.aim)
    needed = not params.needs or any(row.hits(name) for name in params.needs)
    hostile = [hit for name in params.in_earnest for hit in row.hits(name)]
    earnest = not hostile or any(is_hostile(row.text, hit) for hit in hostile)
    if not (aimed and needed and earnest) or any(row.hits(name) for name in params.not_in):
        return False
    if params.family == _HEALTH:
        return not (asks_for_discretion(row.text) or is_of_nobody(row.text.raw) or _is_agreed(row, params))
    if params.family == _HEARSAY:
        return _ASKS.search(row.text.words) is None
    if params.family in _GRIEVANCES:
        return not speaks_against(row.text)
    return not (params.family in _ABUSE and _is_spared(row, params.family))


def _is_agreed(row: Row, params: ScoredParams) -> bool:
    """Whether the post says that whoever it tells of has agreed, or is made up."""
    return any(hit.sense in _AGREED for name in params.lexicons() for hit in row.hits(name))


_AGREED = ("consent", "made_up")
_ABUSE, _HEALTH, _HEARSAY = ("hate", "harassment", "threat"), "pii.health", "rumour"
#: Who tells of hatred that was met with complains of nobody here.
_GRIEVANCES = ("complaint", "disparagement")
_ASKS = pattern(r"(?<!\w){asks_whether_true}(?!\w)")


def _is_spared(row: Row, family: str) -> bool:
    """Whether a post speaks against such words, of the speaker's own kind, of a film, or of what somebody is not."""
    text = row.text
    if speaks_against(text):
        return True
    if family == "harassment" and (is_denied_of_you(text) or abuse_nobody(text, row.hits(_INSULTS))):
        return True
    if family == "threat" and is_no_threat_talk(text):
        return True
    # A group may be loved in hostile words ("I love you gay idiots") but seldom despised in loving ones.
    if family == "hate" and speaks_well(text):
        return True
    groups = row.hits(_GROUPS) if family == "hate" else []
    return bool(groups) and all(
        is_ones_own(text, hit.start)
        or is_spoken_for(text, hit.start)
        or is_others_doing(text, hit.start)
        or is_attributed(text, hit.start)
        for hit in groups
    )


#: The lexicons of protected groups and of insults.
_GROUPS, _INSULTS = "groups", "insults"


def _occurs(row: Row, who: str, params: ScoredParams) -> bool:
    if who == "you":
        return bool(YOU.search(row.text.words))
    if who == "mention":
        return bool(_MENTION.search(row.text.words))
    if who == "generic":
        hits = row.hits(params.generic_terms)
        return any(not params.generic_senses or hit.sense in params.generic_senses for hit in hits)
    # Disguised names are not looked for, here nor by the screen.
    said = row.stored(row.field).casefold()
    written = any(name.casefold() in said for name in spoken_names(row.context, _ROSTER[who]))
    return written and bool(named(row.text, row.context, _ROSTER[who]))


def _telling(row: Row, spans: Sequence[WeightedSpan]) -> tuple[int, int] | None:
    """From the first to the last telling word of the sentence with the most telling one; None where it is reported."""
    if not spans:
        return None
    plain = {span: _in_plain(row, span) for span in spans}
    start, end = plain[max(spans, key=lambda span: span[2])]
    if row.text.is_reported(start, end):
        return None
    first, last = row.text.sentence_at(start)
    # A run of telling words may begin in one sentence and end in the next.
    near = [span for span in spans if first <= plain[span][0] < last]
    left, right = min(span[0] for span in near), max(span[1] for span in near)
    # A small word alone tells a reader nothing: then the sentence it stands in does.
    return row.text.span(first, last) if right - left < _SHORTEST else (left, right)


_SHORTEST = 8


def _in_plain(row: Row, span: WeightedSpan) -> tuple[int, int]:
    """A span of the stored text as one of its plain view."""
    return len(normal(row.text.raw[: span[0]])), len(normal(row.text.raw[: span[1]]))
