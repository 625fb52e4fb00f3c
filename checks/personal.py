"""Personal data and private life: ALA-23 (personal information about yourself or members), LLL-11 (people supported).

The finders stand in `checks.personal_data`; here stands what the policies make of what they find. Published contact
data of the association and its chapters is never a finding, and neither is the address of a venue.
"""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import pandas as pd
from pydantic import Field

from chapterwatch.policy import Rule
from checks.base import Batch, Context, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import lists_nobody
from checks.lexicons import Hit
from checks.personal_data import NOTHING_ALLOWED, Allowed, Kind, Span, all_may_hold, find_personal, mask
from checks.screen import InContext, Need, Needs, Said, Terms, Where, has_items
from checks.statements import Found, find_names
from checks.vocabulary import Mask
from checks.word_classes import entries, filled, pattern

__all__ = ["Allowed", "Kind", "Span", "allowed_by", "find_personal", "mask", "mask_excerpt"]

_VENUE = re.compile(filled(r"\b(?:{venues}|{venues_abroad}|{venues_romance})\b"), re.IGNORECASE)
_HOME = re.compile(
    filled(
        r"(?:\b(?:liv(?:e|es|ed|ing) (?:at|on|in)"
        r"|resid(?:es|ing) at"
        r"|(?:my|her|his|their|our|'s|’s|new) (?:home|house|place|apartment|flat|address|condo)"
        r"|home address"
        r"|at home"
        r"|moved (?:in)?to"
        r"|(?:send|mail|drop|ship)\w* (?:\w+ ){0,4}to"
        r"|{at_home_abroad})\b|🏠|🏡)[^.!?\n]{0,40}$"
    ),
    re.IGNORECASE,
)
_AROUND = 90


def _may_hold(frame: pd.DataFrame) -> Mask:
    texts = frame["text"].tolist() if "text" in frame.columns else [None] * len(frame)
    return all_may_hold([text if isinstance(text, str) else "" for text in texts])


_MAY_HOLD = Where(_may_hold)


class PersonalData(Params):
    """`kinds`: which personal data counts; all of it when empty."""

    kinds: tuple[Kind, ...] = ()
    #: Findings less sure than this are left out.
    min_confidence: float = Field(default=0.5, ge=0, le=1)


@check("personal_data", params=PersonalData, screen=lambda _: [_MAY_HOLD, has_items("media")])
def personal_data(batch: Batch, rule: Rule, params: PersonalData) -> Judgement:
    """Looks for phone numbers, e-mail, street and internet addresses, birth dates, card, account and id numbers.

    What the association or the chapter publishes itself is left out, in whatever way it is written, and so are
    addresses of venues, toll-free lines and mailboxes such as info@.
    """

    def find(row: Row) -> Iterator[Evidence]:
        allowed = allowed_by(row.context)
        for field in ("text", "alt_text"):
            stored = row.stored(field)
            for span in find_personal(
                stored, country=row.context.country, allowed=allowed, at_least=params.min_confidence
            ):
                wanted = not params.kinds or span.kind in params.kinds
                if wanted and not _is_venue(stored, span):
                    reason = f"this reads as {span.kind.with_article} that is not published contact data"
                    yield Evidence(field, span.start, span.end, reason, span.confidence)

    return judge_each(batch, rule, find)


def mask_excerpt(text: str, *, country: str = "US", allowed: Allowed = NOTHING_ALLOWED) -> str:
    """A text as reports print it under `excerpts: masked`: personal data blacked out, length unchanged.

    Mask the whole stored text first and cut the excerpt out of it: half a phone number is not recognised any more.
    """
    return mask(text, find_personal(text, country=country, allowed=allowed))


def allowed_by(context: Context) -> Allowed:
    """The published contact data of a context."""
    return _allowed(context.public_contacts, context.official_domains, context.country)


@lru_cache(maxsize=512)
def _allowed(contacts: tuple[str, ...], domains: tuple[str, ...], country: str) -> Allowed:
    return Allowed.of(contacts, domains, country=country)


def _is_venue(text: str, span: Span) -> bool:
    if span.kind is not Kind.ADDRESS or _HOME.search(text[max(0, span.start - _AROUND) : span.start]):
        return False
    return bool(_VENUE.search(text[max(0, span.start - _AROUND) : span.end + _AROUND]))


class PersonDetail(Params):
    """`lexicon`: words for health and family, senses `private` (the detail), `public` (a talk, a greeting)."""

    lexicon: str = "private_life"

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


@check(
    "person_detail",
    params=PersonDetail,
    screen=lambda params: [(Terms(params.lexicon, ("private",)), InContext(lambda context: bool(context.people)))],
    lacks=lambda _, context: lists_nobody(context),
)
def person_detail(batch: Batch, rule: Rule, params: PersonDetail) -> Judgement:
    """Looks for a detail of health or family in the same sentence as a name of the roster.

    Greetings, condolences and talks about a topic are left out.
    """

    def find(row: Row) -> Iterator[Evidence]:
        if not row.context.people:
            return
        hits = row.hits(params.lexicon)
        for hit in _of_sense(hits, "private"):
            start, end = row.text.sentence_at(hit.start)
            spoken_of = [name for name in _names(row) if start <= name.start < end]
            if spoken_of and not any(start <= other.start < end for other in _of_sense(hits, "public")):
                reason = "a detail of health or family beside the name of a member or staff person"
                yield row.evidence(hit.start, hit.end, reason, 0.6)

    return judge_each(batch, rule, find)


def _names(row: Row) -> list[Found]:
    return find_names(row.text, row.context.people)


def _of_sense(hits: Iterable[Hit], *senses: str) -> list[Hit]:
    return [hit for hit in hits if hit.sense in senses]


class SupportedFamily(Params):
    """`at_least`: how many kinds of detail together let a family be recognised."""

    lexicon: str = "supported_family"
    at_least: int = Field(default=2, ge=1)

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


#: Senses of the details that words tell.
_DETAILS = ("age", "health", "birth", "situation")
_PARENT = filled(r"(?:{families_helped}|\d\d-year-old)")
#: One family somebody met: "helped a young mother", "was contacted by a teacher", "the case of a …".
_HELPED = pattern(
    r"\b{helped_one} (?:a|an|this|one|another|the|two) (?:(?!and |my |with )[\w-]+ ){0,3}?{parent}\b", parent=_PARENT
)
#: The same said the other way round: "the mother I visited", "a mum at my meeting".
_WHOM_WE_MET = pattern(
    r"\b(?:the|a|an|that|this|one|another) (?:[\w-]+ ){0,2}{parent} (?:who(?:m)? |that )?"
    r"(?:(?:i|we) (?:visit|help|support|met|saw|see|counsel|talked|spoke|looked after|sat"
    r"|have been (?:see|help|support|visit))\w*"
    r"|i'm (?:working|helping|supporting|seeing)"
    r"|(?:at|in|from) (?:my|our|today's|yesterday's|last (?:week|night|month)'s|this morning's) (?:\w+ )?"
    r"(?:meeting|group|circle|helpline|session|class))\b",
    parent=_PARENT,
)
#: "My Thursday regular", "our second caller".
_CALLERS = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:regular|newest member|first caller|second caller|last caller)\b"
    r"|\b(?:first|second|third|last) caller\b"
)
_MET = re.compile("|".join(way.pattern for way in (_HELPED, _WHOM_WE_MET, _CALLERS)))


def _families(row: Row, hits: Sequence[Hit]) -> list[Found]:
    """Where one family that somebody supported is spoken of: phrases of the lexicon, in English its grammar too."""
    told = [Found(hit.start, hit.end, "family") for hit in _of_sense(hits, "family")]
    met = _MET.finditer(row.text.words) if row.language == "en" else ()
    told += [Found(found.start(), found.end(), "family") for found in met]
    return sorted(told, key=lambda found: found.start)


_AGE = re.compile(
    r"\b\d{1,3}[- ]?(?:day|week|month|year|wk|mo|yr)s?[- ]?old\b"
    r"|\b\d{1,2} (?:days|weeks|months) postpartum\b"
    r"|\b(?:she|he|mom|mum|mother|baby|who)(?: is| was|'s) (?:only )?\d{1,2}\b(?! ?(?:%|am|pm|years (?:in|of)))"
    r"|\b(?:born )?at \d{2} weeks\b"
    r"|\bat day (?:\d{1,2}|\w+)\b"
    r"|, \d{2}, "
    r"|\b\d{1,2} (?:days|weeks|months),"
    r"|\b\d{1,2}[- ](?:tage|wochen|monate|jahre) alt"
    r"|\bde \d{1,2} (?:dias|semanas|meses|anos|años)\b"
    r"|\b(?:de|agee? de) \d{1,2} (?:jours|semaines|mois|ans)\b",
)
_PLACE = re.compile(
    r"\b(?:from|in|on|lives? in|living in|near|at|de|aus|en|em|à|du|von)"
    r" (?P<place>[A-ZÀ-Þ][\w'’-]{2,}(?: [A-ZÀ-Þ][\w'’-]{2,}){0,2})"
    r"(?! (?:League|Leche|Group|Week|Month))",
)
_NO_PLACE = frozenset(entries("names_no_place"))


def _needs(params: SupportedFamily) -> Needs:
    parent = Said(re.compile(_PARENT))
    met: list[tuple[Need, ...]] = [
        (Terms(params.lexicon, ("family",)),),
        (Said(_HELPED), parent),
        (Said(_WHOM_WE_MET), parent),
        (Said(_CALLERS),),
    ]
    if params.at_least == 1:
        return met
    # A place, which only its capital tells, is one detail: another kind must stand beside it.
    return [(*way, detail) for way in met for detail in (Terms(params.lexicon, _DETAILS), Said(_AGE))]


@check("supported_family", params=SupportedFamily, screen=_needs)
def supported_family(batch: Batch, rule: Rule, params: SupportedFamily) -> Judgement:
    """Looks for a family somebody has supported, told with details that together let it be recognised.

    Details are age, place, health, birth (a preemie, twins) and the family's situation (a refugee, a husband who left);
    one alone is no finding.
    """

    def find(row: Row) -> Iterator[Evidence]:
        hits = row.hits(params.lexicon)
        families = _families(row, hits)
        if not families or _of_sense(hits, "consent"):
            return
        details = [found for found in (_age(row, hits), _place(row, hits), *_told(hits)) if found]
        if len(details) >= params.at_least:
            start = min(families[0].start, *(found.start for found in details))
            end = max(families[0].end, *(found.end for found in details))
            kinds = ", ".join(found.what for found in details)
            yield row.evidence(start, end, f"a supported family told with {kinds}", 0.4 + 0.1 * len(details))

    return judge_each(batch, rule, find)


def _age(row: Row, hits: Iterable[Hit]) -> Found | None:
    said = next(iter(_of_sense(hits, "age")), None)
    found = _AGE.search(row.text.words)
    if found:
        return Found(found.start(), found.end(), "age")
    return Found(said.start, said.end, "age") if said else None


def _place(row: Row, hits: Iterable[Hit]) -> Found | None:
    # Places are told by their capital, which only the stored text keeps.
    for match in _PLACE.finditer(row.text.raw):
        if match["place"].split()[0].casefold() not in _NO_PLACE:
            at = row.text.words.find(match["place"].casefold())
            if at >= 0:
                return Found(at, at + len(match["place"]), "place")
    said = next(iter(_of_sense(hits, "place")), None)
    return Found(said.start, said.end, "place") if said else None


def _told(hits: Sequence[Hit]) -> Iterator[Found]:
    """Health, birth and situation, one of each at most."""
    for sense in _DETAILS[1:]:
        found = next(iter(_of_sense(hits, sense)), None)
        if found:
            yield Found(found.start, found.end, sense)
