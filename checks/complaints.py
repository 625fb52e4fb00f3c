"""Complaints about, and harm to the name of, the association, its partners or its people."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, itemgetter

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import Named, clauses, lists_nobody, named
from checks.lexicons import Hit
from checks.misdeeds import misdeeds, run_down
from checks.screen import Needs, Terms
from checks.text import Text
from checks.word_classes import pattern

#: "ALA support is (really) …", "… was one of the …"
_SAID_OF = pattern(r"^(?:'s?)?(?:\s+(?:\w+|@\S+)){0,5}?\s+(?:{is_said}|{is_said_elsewhere})\b(?:\s+\S+){0,6}\s*$")
#: "terrible service from …", "disappointed with …", "shame on …", "the worst part of …"
_SAID_BY = pattern(
    r"^(?:\s+\w+){0,5}?\s*(?:from|by|with|at|in|of|about|on|to|for|using|dealing with|working with|experience with"
    # es, fr, de, pt
    r"|{by_elsewhere}"
    r")\s+(?:\w+\s+){0,3}$"
    r"|^\s*(?:(?:the|our|you|{articles_abroad}|{articles_romance})\s+|l')?$"
    r"|^,?\s*(?:thanks|thank you)(?: a lot)?,?\s+(?:to )?$"
)
#: "ripped off by …", "fraud at …"
_DONE_BY = pattern(
    r"^(?:\s+\w+){0,4}?\s*(?:from|by|at|of|{from_elsewhere})\s+(?:\w+\s+){0,3}$"
    r"|^\s*(?:(?:the|our|{articles_abroad})\s+|l')?$"
)
#: "do not trust …", "boycott …"
_NAMED_NEXT = re.compile(r"^\s*(?:the\s+|our\s+|this\s+)?$")
#: "ALA's terrible website", "the useless ALA helpdesk"
_NOUN = re.compile(r"^(?:'s|s')?(?:\s+\w+){0,2}\s*$")
_HELPS = pattern(r"\b(?:{lessons} (?:on|about)|{helps}|obrigad\w|{helps_elsewhere})\b|n't\b")
_QUESTION = pattern(r"^\W*(?:{asks}|{asks_elsewhere})\b")
_GOOD = pattern(r"(?<!\w)(?:{praised}|obrigad\w|otim\w|{praised_elsewhere})(?!\w)")
#: "terrible traffic on the way to ALA" is about traffic.
_OTHER_MATTER = pattern(r"\b(?:{other_matter}|{other_matter_elsewhere})\b")
#: "Circulation horrible pour aller à …": in French the matter stands before what is said of it.
_OTHER_MATTER_BEFORE = pattern(r"(?<!\w){other_matter_elsewhere} $")
_BUT = re.compile(r"\b(?:pero|sino que|sin embargo|aber|jedoch|porem|contudo)\b|, (?:mais|mas)\b")
#: What a myth, a talk or a leaflet is about: "the myth that …", "a statement on bad advice".
_TOPIC = pattern(
    r"\b(?:myths?|stereotypes?|misconceptions?|prejudices?) (?:that|about|of)\b"
    r"|\b{tellings} (?:on|about|against|into|over) (?:\w+ ){0,3}$"
)
#: "plays a crook", "told a joke", "recycles junk": what they do, not what they are.
_DEED = pattern(r"\b{does_about}\b")
#: "callers who pretend to be our treasurer", "no one on this board": not whom the words are about.
_NOT_THEM = re.compile(
    r"(?<![\w'])(?:(?:pretend|claim)(?:s|ed|ing)? to be"
    r"|posing as|poses? as|in the name of"
    r"|nobody (?:on|in|at|of|from)"
    r"|no one (?:on|in|at|of|from)"
    r"|none (?:on|in|of)|instead of|unlike"
    r") $"
)
#: How far a word may stand from whom it is said of; a post can be one sentence of 60,000 characters.
_REACH = 300
_A_SENTENCE = 120
#: Longer than anybody's name.
_A_NAME = 200
#: How many words may stand between a name and what it did.
_A_DEED_AWAY = 6
#: A sentence that goes on about whom the one before named: "They …", "Still no receipt.", "Nobody answers."
_GOES_ON = re.compile(
    r"\s*(?:they|their|it|its|it's|they're|she|he|her|his|such|what|absolutely|total|complete|still|no"
    r"|not (?:a|one|even)|nobody|never|nothing|zero|without|just"
    r"|and (?:still|now|then|nobody|no|they)"
    r"|worst|terrible|awful|horrible|useless|pathetic|shame"
    r"|(?:two|three|four|five|six|\d{1,3}) (?:days?|weeks?|months?|hours?|years?|e-?mails?|calls?|times)"
    r")\b"
)
#: "Great job ALA, …", "Thanks a lot, ALA, for …": praise before the name and a failure after it is irony.
_IRONY = pattern(
    r"^\W*(?:(?:so|oh|ah|wow|well),? )?(?:(?:another |yet another )?{grand} (?:job|work|going|one|move|service)"
    r"|way to go|well done|bravo|slow clap|congrat\w*|thank you so much"
    r"|thanks? a (?:lot|bunch|million)"
    r"|thanks for nothing|kudos|hats off|{well_done_elsewhere}"
    r")\b[\w ,]{0,12}$"
)
#: What is added behind a comma and still belongs to the name: "…, without a word of apology", "…, no refund".
_ADDED = re.compile(r"[^,]*,\s*(?:and |but |with )?(?:still )?$")
_ADDS = re.compile(r"(?:without|no|not|nobody|nothing|still|zero|just|never|sin|ohne|sans|sem|kein\w*)\b")
#: "…, they fake", "… because she lied": the name again, by its pronoun.
_ITSELF = re.compile(
    r"\s*(?:,|,? (?:because|since|as|where|and|for|who|which)) ?(?:they|she|he|it|who|which)(?:'ve|'s|'re)?"
    r"(?: (?:just|still|really|all|even|always|simply|once|now|only|never|also|had|have|has)){0,2} ?"
)
#: "ALA, fix it!"
_ADDRESSED = re.compile(
    r"\s*[,!:-]\s*(?:please |for once |just |when |why "
    r"|(?:ihr seid|sie sind|vous etes)(?: (?:doch|echt|nur|vraiment))? )?"
)
#: Questions nobody waits for an answer to.
_RHETORICAL = re.compile(r"how hard|what are we")
#: Nobody's fault.
_FORCE = pattern(r"\b{nobodys_fault}\b")
_WHO = {
    "association": "association",
    "generic": "association",
    "officer": "association's officers",
    "partner": "business partner",
    "person": "person named",
}
#: Those that have no name.
_BODIES = ("generic", "officer")


class ComplaintParams(Params):
    """`about`: whom a complaint must be about: association, partner, person, generic ("headquarters"), officer.

    An officer or a body may be anybody's ("the treasurer", "the board"), so only a name is safe to complain of.
    """

    complaints: str = "complaints"
    generic: str = "complaint_targets"
    about: tuple[str, ...] = ("association", "partner")
    #: Only these senses of the lexicon: `accusation` (of a wrong), `claim` (of bad service), `judgement` (a verdict),
    #: `warning` ("do not trust …").
    senses: tuple[str, ...] = ("accusation", "claim", "judgement", "warning")
    #: Deeds and stances told by their parts (`checks.misdeeds`); none where it is empty.
    misdeeds: str = ""

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.complaints, self.generic, *([self.misdeeds] if self.misdeeds else []))

    def parts(self) -> tuple[str, ...]:
        """The senses of the lexicon of misdeeds one of which everything that rule finds in it has."""
        deeds = ("deed", "take", "luxury", "forge", "harm", "lie") if "accusation" in self.senses else ()
        return (*deeds, *(("slur",) if "judgement" in self.senses else ()))


def _needs(params: ComplaintParams) -> Needs:
    told: Needs = [Terms(params.complaints, params.senses)]
    return [*told, Terms(params.misdeeds, params.parts())] if params.misdeeds else told


@check(
    "complaints",
    ComplaintParams,
    screen=_needs,
    lacks=lambda params, context: lists_nobody(context, params.about),
)
def complaints(batch: Batch, rule: Rule, params: ComplaintParams) -> Judgement:
    """Looks for complaints about the association, its business partners or people of its roster; for a person to read.

    A negative word must be said of the name, in the same clause. Praise, neutral mentions, warnings against scams,
    negations, quotations and complaints about other things (weather, traffic) are not meant.
    """

    def find(row: Row) -> Iterable[Evidence]:
        negatives = [hit for hit in row.hits(params.complaints, also=("en",)) if hit.sense in params.senses]
        parts = row.hits(params.misdeeds, also=("en",)) if params.misdeeds else []
        if not negatives and not parts:
            return ()
        targets = _targets(row, params)
        found = list(_complaints(row, negatives, targets)) if targets else []
        return found or list(_told_by_parts(row, parts, targets, params))

    return judge_each(batch, rule, find)


def _told_by_parts(row: Row, parts: list[Hit], targets: list[Named], params: ComplaintParams) -> Iterator[Evidence]:
    if "accusation" in params.senses:
        yield from misdeeds(row, parts, targets)
    if "judgement" in params.senses:
        yield from run_down(row, parts, targets)


def _targets(row: Row, params: ComplaintParams) -> list[Named]:
    found = named(row.text, row.context, params.about)
    if senses := set(_BODIES) & set(params.about):
        found += [
            Named(hit.start, hit.end, hit.term, hit.sense)
            for hit in row.hits(params.generic, also=("en",))
            if hit.sense in senses
        ]
    meant = (item for item in found if not _NOT_THEM.search(row.text.words[max(0, item.start - 40) : item.start]))
    return sorted(meant, key=attrgetter("start"))


def _complaints(row: Row, negatives: list[Hit], targets: list[Named]) -> Iterator[Evidence]:
    text = row.text
    for hit in negatives:
        if text.is_reported(hit.start, hit.end):
            continue
        sentence = text.sentence_at(hit.start)
        clause = _clause_at(text, sentence, hit.start)
        near = _between(targets, max(clause[0], hit.start - _REACH - _A_NAME), min(clause[1], hit.end + _REACH + 1))
        # A name says whom better than "headquarters" beside it.
        near.sort(key=lambda item: item.kind in _BODIES)
        target = next((item for item in near if _said_of(row, hit, item, clause)), None)
        target = target or _carried(row, hit, targets, clause, sentence)
        if target is not None:
            start, end = min(hit.start, target.start), max(hit.end, target.end)
            yield row.evidence(start, end, f"a complaint about the {_WHO[target.kind]}", 0.65 * hit.weight)
            return


def _between(targets: list[Named], first: int, last: int) -> list[Named]:
    """Those that begin in a stretch of the text; `targets` are in text order."""
    begins = attrgetter("start")
    return targets[bisect_left(targets, first, key=begins) : bisect_left(targets, last, key=begins)]


def _clause_at(text: Text, sentence: tuple[int, int], place: int) -> tuple[int, int]:
    parts = _clauses(text, sentence)
    return parts[min(bisect_right(parts, place, key=itemgetter(1)), len(parts) - 1)]


# Asked of a sentence once, however many hits stand in it.
@lru_cache(maxsize=64)
def _clauses(text: Text, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    """The clauses of a sentence, split also at "but" in the other languages that have a lexicon."""
    found = []
    for start, end in clauses(text, sentence):
        edges = [start, *(but.start() for but in _BUT.finditer(text.words, start, end)), end]
        found += [(left, right) for left, right in pairwise(edges) if left < right]
    return found


def _said_of(row: Row, hit: Hit, target: Named, clause: tuple[int, int]) -> bool:
    """Whether the negative word is said of the target, and not negated, helped against or asked."""
    words = row.text.words
    if not 0 <= max(hit.start - target.end, target.start - hit.end) <= _REACH:
        return False
    after = target.end <= hit.start
    if hit.sense == "warning":
        lead = words[max(clause[0], hit.start - 20) : hit.start]
        return not after and not _HELPS.search(lead) and bool(_NAMED_NEXT.match(words[hit.end : target.start]))
    between = words[target.end : hit.start] if after else words[hit.end : target.start]
    lead = words[max(clause[0], min(hit.start, target.start) - 20) : min(hit.start, target.start)]
    negated = _HELPS.search(lead) or (after and (_HELPS.search(between) or _DEED.search(between)))
    asked = hit.sense != "accusation" and _asks(words, clause) and not _RHETORICAL.match(words, hit.start, hit.end)
    if negated or asked or _TOPIC.search(words, max(clause[0], hit.start - _REACH), hit.start):
        return False
    if after:
        return _is_ironic(words, clause, target, between) or _follows(words, hit, between, clause)
    if hit.sense != "judgement":
        return not _is_forced(words, hit, clause) and bool(_DONE_BY.match(between))
    other = _OTHER_MATTER.search(between) or _OTHER_MATTER_BEFORE.search(words, clause[0], hit.start)
    return bool(_SAID_BY.match(between)) and not other


def _follows(words: str, hit: Hit, between: str, clause: tuple[int, int]) -> bool:
    """Whether what stands behind a name is said of it: a deed close by, or a judgement."""
    if hit.sense == "judgement":
        return bool(_SAID_OF.match(between) or _NOUN.match(between))
    return not _is_forced(words, hit, clause) and _is_done(words[hit.start : hit.end], between)


def _is_forced(words: str, hit: Hit, clause: tuple[int, int]) -> bool:
    return hit.sense == "claim" and _holds(_FORCE, words, clause)


# Asked of a sentence or a clause once, however many hits stand in it.
@lru_cache(maxsize=64)
def _holds(searched: re.Pattern[str], words: str, span: tuple[int, int]) -> bool:
    return searched.search(words[slice(*span)]) is not None


def _is_done(hit: str, between: str) -> bool:
    """Whether a deed stands close behind the name: within six words, a comma only before "without …", "no …"."""
    if _ITSELF.fullmatch(between) or _ADDRESSED.fullmatch(between):
        return True
    if "," in between and not (_ADDED.fullmatch(between) and _ADDS.match(hit)):
        return False
    return len(between.split()) <= _A_DEED_AWAY + (_A_DEED_AWAY if "," in between else 0)


def _is_ironic(words: str, clause: tuple[int, int], target: Named, between: str) -> bool:
    praise = words[clause[0] : target.start]
    return bool(_IRONY.search(praise)) and len(between.split()) <= _A_DEED_AWAY and not _OTHER_MATTER.search(between)


def _asks(words: str, clause: tuple[int, int]) -> bool:
    return bool(_QUESTION.match(words[slice(*clause)])) and "?" in words[clause[1] - 2 : clause[1] + 1]


def _carried(
    row: Row,
    hit: Hit,
    targets: list[Named],
    clause: tuple[int, int],
    sentence: tuple[int, int],
) -> Named | None:
    """The target of the sentence before, when this one goes on with "they", "their" or "it"."""
    words = row.text.words
    # The hit itself may open the sentence ("Still no reply").
    if clause[0] != sentence[0] or hit.start - sentence[0] > _REACH or not _GOES_ON.match(words, sentence[0], hit.end):
        return None
    if _HELPS.search(words[sentence[0] : hit.start]) or _holds(_GOOD, words, sentence):
        return None
    near = _between(targets, sentence[0] - _A_SENTENCE - _A_NAME, sentence[0])
    # A body without a name is too little to go on about: "They" may be anybody.
    before = [item for item in near if item.end <= sentence[0] < item.end + _A_SENTENCE and item.kind != "officer"]
    if not before:
        return None
    last = before[-1]
    return None if _holds(_GOOD, words, row.text.sentence_at(last.start)) else last
