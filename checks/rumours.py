"""Rumours: things passed on without a source about the association, its people or its partners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import in_span, named
from checks.lexicons import Hit
from checks.screen import Needs, Terms
from checks.text import Text
from checks.word_classes import pattern

_GOOD_NEWS = pattern(r"(?<!\w)(?:{good_things_heard}|{good_things_heard_elsewhere})(?!\w)")
_OTHERS = pattern(
    r"(?<!\w)(?:the|that|another|other|their) (?:\w+ )?{bodies_and_officers}(?!\w)"
    r"|(?<!\w)(?:la otra asociacion|l'autre association|der andere verein|der andere verband"
    r"|a outra associacao)(?!\w)"
)
#: People, places and papers of any association: too little without a matter people gossip about.
_OURS = pattern(r"(?<!\w)(?:our|the|my|this|national|its|spring|fall|annual) (?:\w+ )?{parts_of_an_association}(?!\w)")
#: A name with the word of an organisation behind it, and an acronym: any organisation, of the roster or not.
_ORGANISATION = pattern(
    r"(?<!\w)(?P<name>[\w&'-]{3,24}) (?:{kinds_of_organisation}|{kinds_of_organisation_elsewhere})(?!\w)"
    r"|(?<!\w)(?P<acronym>[a-z]{3,6})(?!\w)"
)
_WEAK = 0.75
#: How much may stand beside a marker that is all its sentence says.
_ALONE = 24
#: Senses of a subject that may be any organisation's: its affairs, and its bodies and officers.
_CIRCLE = frozenset({"circle", "officer"})


class RumourParams(Params):
    """`markers` (sense strong or weak), `events` people gossip about, `denials` that turn a rumour into news."""

    markers: str = "rumours"
    events: str = "gossip"
    denials: str = "rumour_denials"
    generic: str = "complaint_targets"
    about: tuple[str, ...] = ("association", "partner", "person")

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.markers, self.events, self.denials, self.generic)


def _needs(params: RumourParams) -> Needs:
    # A weak marker tells nothing without a matter people gossip about.
    return [Terms(params.markers, min_weight=_WEAK), (Terms(params.markers), Terms(params.events))]


@check("rumours", RumourParams, screen=_needs)
def rumours(batch: Batch, rule: Rule, params: RumourParams) -> Judgement:
    """Looks for unsourced claims about the association, its people, its partners or other associations.

    "Rumour has it" and the like must stand beside such a name; "I heard" only counts with a matter people gossip about.
    Whether the claim is true cannot be told by machine. Denials, corrections and good news are not meant.
    """

    def find(row: Row) -> Iterable[Evidence]:
        markers = row.hits(params.markers, also=("en",))
        return islice(_rumours(row, markers, params), 1) if markers else ()

    return judge_each(batch, rule, find)


def _rumours(row: Row, markers: list[Hit], params: RumourParams) -> Iterator[Evidence]:
    text = row.text
    events, denials = row.hits(params.events, also=("en",)), row.hits(params.denials, also=("en",))
    for marker in markers:
        span = _reach(row, marker)
        if in_span(denials, span) or text.is_quoted(marker.start, marker.end) or _is_good_news(text.words, *span):
            continue
        subject = _subject(row, span, params)
        event = next((hit for hit in in_span(events, span) if not _overlap(hit, marker)), None)
        if subject is None and event is not None and marker.weight >= _WEAK:
            subject = _any_organisation(row.text, span)
        if subject is None and event is not None:
            subject = next((found.span() for found in _OURS.finditer(text.words, *span)), None)
        if subject is None or (event is None and (marker.weight < _WEAK or _is_of_the_circle(row, subject, params))):
            continue
        ends = [marker.end, subject[1], *([event.end] if event else [])]
        starts = [marker.start, subject[0], *([event.start] if event else [])]
        confidence = 0.75 if event and marker.weight >= _WEAK else 0.55
        yield row.evidence(min(starts), max(ends), "a claim passed on without a source", confidence)


def _reach(row: Row, marker: Hit) -> tuple[int, int]:
    """The marker's sentence; where the marker is all there is in its own, also the next one and the one before."""
    start, end = row.text.sentence_at(marker.start)
    if end - start <= marker.end - marker.start + _ALONE:
        if end < len(row.text.plain):
            end = row.text.sentence_at(end)[1]
        # "The director is leaving. You heard it here first."
        start = row.text.sentence_at(start - 1)[0] if start else start
    return start, end


def _subject(row: Row, span: tuple[int, int], params: RumourParams) -> tuple[int, int] | None:
    found = [(n.start, n.end) for n in named(row.text, row.context, params.about)]
    found += [(hit.start, hit.end) for hit in row.hits(params.generic, also=("en",))]
    found += _others_in(row.text.words)
    inside = [item for item in found if span[0] <= item[0] and item[1] <= span[1]]
    return min(inside) if inside else None


# Asked of a text or a sentence once, however many markers stand in it.
@lru_cache(maxsize=4)
def _others_in(words: str) -> list[tuple[int, int]]:
    return [match.span() for match in _OTHERS.finditer(words)]


@lru_cache(maxsize=64)
def _is_good_news(words: str, start: int, end: int) -> bool:
    return _GOOD_NEWS.search(words[start:end]) is not None


def _any_organisation(text: Text, span: tuple[int, int]) -> tuple[int, int] | None:
    """The first organisation of any name: competitors and other associations stand in no roster."""
    for found in _ORGANISATION.finditer(text.words, *span):
        name, acronym = found["name"], found["acronym"]
        stored = text.cut(*found.span("name" if name else "acronym"))
        if stored[:1].isupper() if name else stored == acronym.upper() and not text.raw.isupper():
            return found.span()
    return None


def _is_of_the_circle(row: Row, subject: tuple[int, int], params: RumourParams) -> bool:
    """Whether the subject is only "the treasurer" or "the dues": too little without a matter people gossip about."""
    hits = row.hits(params.generic, also=("en",))
    return any((hit.start, hit.end) == subject and hit.sense in _CIRCLE for hit in hits)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
