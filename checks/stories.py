"""Retold support conversations (LLL-10): "a mum asked me…" without a word of consent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.composed import Cue, Recipe, meeting
from checks.cues import following
from checks.lexicons import Hit
from checks.screen import Terms
from checks.word_classes import entries, pattern


class SupportStory(Params):
    """The lexicon's senses.

    `person` (mum), `somebody`, `asked` (told me), `consent` (with permission), `made_up` (imagine).
    """

    lexicon: str = "support_story"
    #: A family helped, by its parts: how it was met, who, what is private.
    encounters: str = "encounters"
    #: Details of health, birth and situation.
    details: str = "supported_family"
    #: How many characters may stand between the person and what they did.
    reach: int = 60

    def lexicons(self) -> tuple[str, ...]:
        """The lexicons the rule names."""
        return (self.lexicon, self.encounters, self.details)


#: A person somebody has met, not people in general and not one's own family.
_ONE_PERSON = pattern(
    r"(?:\b(?:a|an|one|another|this|the|that|some|one of (?:the|our|my|your)|two of (?:the|our|my)|new|young"
    r"|first[- ]time|{one_elsewhere}"
    r")\s(?:\w+\s){0,2})$"
)


#: "my client", "our new regular": somebody of one's own in support.
_MY_PERSON = re.compile(r"(?:^|[\s\"(])(?:my|our)\s(?:\w+\s)?$")
_DETAILS = ("health", "birth", "situation")
#: Senses of what nobody but the family has to tell.
_PRIVATE = ("detail", "mood")
#: Senses of how a family was met: by what the author did, or by what the family is to the author ("my client").
_MET = ("helper", "client")
#: What tells of a family helped only together, surest first.
_RECIPES = (
    Recipe.of("helper person detail detail", 0.65, "person"),
    Recipe.of("helper person detail", 0.6, "person"),
    Recipe.of("helper she detail detail", 0.6),
    Recipe.of("helper detail detail", 0.55),
    Recipe.of("helper she detail", 0.55),
    Recipe.of("helper person mood", 0.5),
)
_STORY_REACH = 260
_BARE = frozenset(entries("helped"))
#: "9 days old", "down to 2.4 kilos", "29 weeks", ", 17, ".
_TELLING_NUMBER = re.compile(
    r"(?<![\w.])(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)[- ](?:days?|weeks?|months?)[- ]"
    r"(?:old|postpartum)(?!\w)"
    r"|\d(?:[.,]\d+)? ?(?:kilos?|kg|lbs?)(?!\w)"
    r"|(?:at|of) \d\d weeks"
    r"|(?<=[,(:] )(?:1[4-9]|[2-4]\d),"
    r"|(?<![\w'])(?:she|he|who|mum|mom|mother|caller|client)(?:'s| is| was) (?:only |just )?"
    r"(?:[1-4]\d|\w+teen|twenty|thirty|forty)(?![\w-])"
)
#: What families come for: without a word of it a story may be any story, so it only asks.
_NURSING = pattern(r"(?<![\w'])(?:{nursing}|{nursing_elsewhere})(?![\w'])")


@check(
    "support_story",
    params=SupportStory,
    screen=lambda params: [
        (Terms(params.lexicon, ("person", "somebody")), Terms(params.lexicon, ("asked",))),
        (Terms(params.encounters, _MET), Terms(params.encounters, _PRIVATE)),
        (Terms(params.encounters, _MET), Terms(params.details, _DETAILS)),
    ],
)
def support_story(batch: Batch, rule: Rule, params: SupportStory) -> Judgement:
    """Looks for a support conversation or a family helped retold ("one of our moms told us") without a word of consent.

    People in general, one's own family and made-up examples are left out.
    """

    def find(row: Row) -> Iterator[Evidence]:
        hits = row.hits(params.lexicon)
        senses = {hit.sense for hit in hits}
        if "consent" in senses or "made_up" in senses:
            return
        # The parts of a story say once more what its listed wording has said.
        yield from list(_retold(row, hits, params.reach)) or _confided(row, params)

    return judge_each(batch, rule, find)


def _retold(row: Row, hits: list[Hit], reach: int) -> Iterator[Evidence]:
    """What one person asked or told."""
    sure = 0.6 if _NURSING.search(row.text.words) else 0.5
    for person, asked in _pairs(hits, reach):
        start, end = row.text.sentence_at(person.start)
        before = row.text.words[max(start, person.start - 40) : person.start]
        one = person.sense == "somebody" or _ONE_PERSON.search(before)
        if asked.end <= end and one:
            reason = "retells what somebody asked or told in support, without a word on their consent"
            yield row.evidence(person.start, asked.end, reason, sure)


def _pairs(hits: list[Hit], reach: int) -> Iterator[tuple[Hit, Hit]]:
    all_asked = [hit for hit in hits if hit.sense == "asked"]
    for person in (hit for hit in hits if hit.sense in ("person", "somebody")):
        asked = following(all_asked, person.end, reach)
        if asked is not None:
            yield person, asked


def _confided(row: Row, params: SupportStory) -> Iterator[Evidence]:
    """A family met in support, told with what is private: never from general advice, one's own story or a book."""
    met = row.hits(params.encounters)
    senses = {hit.sense for hit in met}
    if "against" in senses or senses.isdisjoint(_MET):
        return
    # An age or a weight alone is nobody's story.
    if senses.isdisjoint(_PRIVATE) and not any(hit.sense in _DETAILS for hit in row.hits(params.details)):
        return
    cues = [*_cues(row, met), *_private(row, params, met)]
    named = "own" in senses or not _NURSING.search(row.text.words)
    for recipe in _RECIPES:
        # Beside one's own story, or a story of anything, somebody else must be named.
        if named and not recipe.mark:
            continue
        span = meeting(cues, recipe, _STORY_REACH)
        if span is not None:
            reason = "tells of a family that was helped, with what is private, without a word on their consent"
            yield row.evidence(*span, reason, 0.5 if named else recipe.confidence)
            return


def _cues(row: Row, met: list[Hit]) -> Iterator[Cue]:
    for hit in met:
        if hit.sense == "person":
            before = row.text.words[max(0, hit.start - 40) : hit.start]
            if _ONE_PERSON.search(before) or _MY_PERSON.search(before):
                yield Cue(hit.start, hit.end, "person")
        elif hit.sense in ("someone", "client"):
            yield Cue(hit.start, hit.end, "person")
            if hit.sense == "client":
                yield Cue(hit.start, hit.end, "helper")
        elif (hit.sense != "helper" or _is_ours(row, hit)) and not _is_of_many(row, hit):
            yield Cue(hit.start, hit.end, str(hit.sense))


def _is_ours(row: Row, hit: Hit) -> bool:
    """Whether "helped a mum" is said of the author: it opens the sentence, where another subject would stand before."""
    if hit.term.split()[0] not in _BARE:
        return True
    return not row.text.words[row.text.sentence_at(hit.start)[0] : hit.start].strip()


def _is_of_many(row: Row, hit: Hit) -> bool:
    """Whether "whose" is said of people in general: "mothers whose babies …"."""
    return hit.sense == "she" and bool(_OF_MANY.search(row.text.words, max(0, hit.start - 40), hit.end))


_OF_MANY = re.compile(r"s (?:\w+ )?whose$")


def _private(row: Row, params: SupportStory, met: list[Hit]) -> Iterator[Cue]:
    """Details that the words of encounters have not told already: the same word twice is no second detail."""
    known = [hit for hit in met if hit.sense == "detail"]
    for hit in row.hits(params.details):
        is_new = not any(hit.start < other.end and other.start < hit.end for other in known)
        if is_new and hit.sense in _DETAILS and hit.term != "newborn":
            yield Cue(hit.start, hit.end, "detail")
    yield from (Cue(found.start(), found.end(), "detail") for found in _TELLING_NUMBER.finditer(row.text.words))
