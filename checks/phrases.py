"""Ready-made phrases: for clauses whose breach shows in how people put it."""

from __future__ import annotations

from collections.abc import Iterable

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import in_span, named
from checks.lexicons import Hit
from checks.screen import Needs, Terms

_WEAK = 0.75


class PhraseParams(Params):
    """A lexicon of phrases, and what must or must not stand in the same sentence."""

    lexicon: str
    #: What the reader of a finding is told was found.
    reason: str
    #: Excuses: a sentence with a hit of this lexicon is not meant.
    unless: str | None = None
    #: What must stand in the same sentence: a hit of this lexicon.
    beside: str | None = None
    #: What must stand beside a weak phrase ("I think"): a hit of this lexicon.
    weak_beside: str | None = None
    #: Kinds of roster names (association, partner, person) one of which must stand in the sentence.
    about: tuple[str, ...] = ()
    confidence: float = 0.6

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.lexicon, *(name for name in (self.unless, self.beside, self.weak_beside) if name))


def _needs(params: PhraseParams) -> Needs:
    beside = (Terms(params.beside),) if params.beside else ()
    if not params.weak_beside:
        return [(Terms(params.lexicon), *beside)]
    # A weak phrase tells nothing without what must stand beside it.
    return [
        (Terms(params.lexicon, min_weight=_WEAK), *beside),
        (Terms(params.lexicon), Terms(params.weak_beside), *beside),
    ]


@check("phrases", PhraseParams, screen=_needs)
def phrases(batch: Batch, rule: Rule, params: PhraseParams) -> Judgement:
    """Looks for phrases of a word list that usually go with what the clause asks to avoid, for a person to read.

    Quoted, reported and negated phrases are not meant, nor sentences with one of the rule's excuses.
    """

    def find(row: Row) -> Iterable[Evidence]:
        for hit in row.hits(params.lexicon):
            if not _excused(row, hit, params) and _stands_with(row, hit, params):
                yield row.evidence(hit.start, hit.end, params.reason, params.confidence * hit.weight)

    return judge_each(batch, rule, find)


def _excused(row: Row, hit: Hit, params: PhraseParams) -> bool:
    text = row.text
    if text.is_reported(hit.start, hit.end) or text.is_negated(hit.start, reach=16):
        return True
    return params.unless is not None and bool(in_span(row.hits(params.unless), text.sentence_at(hit.start)))


def _stands_with(row: Row, hit: Hit, params: PhraseParams) -> bool:
    """Whether the sentence has what the rule asks for beside the phrase."""
    start, end = row.text.sentence_at(hit.start)
    needed = [params.beside] if params.beside else []
    if params.weak_beside and hit.weight < _WEAK:
        needed.append(params.weak_beside)
    if not all(in_span(row.hits(lexicon), (start, end)) for lexicon in needed):
        return False
    if not params.about:
        return True
    return any(start <= item.start < end for item in named(row.text, row.context, params.about))
