"""Heated topics: politics and religion with taking sides, for a person to read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from chapterwatch.policy import Rule
from checks.attribution import is_attributed, is_rejected
from checks.base import Batch, Evidence, Judgement, NotJudged, Params, Row, check, judge_each
from checks.cues import named
from checks.lexicons import Hit
from checks.screen import Terms
from checks.text import Text
from checks.word_classes import pattern

#: Sentences that inform, invite or greet take no side.
_CIVIC = re.compile(
    r"(?<!\w)(?:remember to vote|don't forget to vote|get out and vote|go vote|make a plan to vote|register to vote|"
    r"registered to vote|voter registration|polls (?:are )?(?:open|close)|polling (?:place|station)s?"
    r"|deadline to register|"
    r"your vote (?:counts|matters)|exercise your right to vote|offices? (?:are |is |will be )?closed"
    r"|time off to vote|"
    r"happy (?:\w+ ){0,2}(?:easter|christmas|hanukkah|diwali|ramadan|eid|passover|holidays?)|merry christmas"
    r"|eid mubarak|"
    r"ramadan (?:mubarak|kareem)|season's greetings|whatever you celebrate|all faiths|of any faith|regardless of|"
    r"interfaith|webinar|cle|legal update|summary of the|explained|employment law|hosted at|meets? at|"
    # es
    r"colegios electorales|mesas de votacion|donde votar|no olvid\w+ votar|sal(?:gan)? a votar|padron electoral"
    r"|feliz (?:\w+ ){0,2}(?:navidad|pascua|ramadan|januca)|todas las religiones|de cualquier religion|nos reunimos en|"
    # fr
    r"bureaux? de vote|allez voter|inscri\w+ sur les listes|listes electorales|joyeux noel|joyeuses paques|bon ramadan"
    r"|toutes les religions|de toute religion|nous nous reunissons|on se retrouve|"
    # de
    r"wahllokale?|geht wahlen|wahlhelfer\w*|briefwahl\w*|frohe (?:weihnachten|ostern)|aller religionen|jeder religion"
    r"|wir treffen uns|treffen im|"
    # pt
    r"locais de votacao|local de votacao|titulo de eleitor|nao esquec\w+ de votar|feliz (?:natal|pascoa)"
    r"|todas as religioes|de qualquer religiao|nos reunimos|encontramo-nos)(?!\w)"
)
#: What associations elect: sentences with general words of politics ("vote for …, the ballot …") and these are of them.
_OWN_ELECTION = pattern(
    r"(?<!\w)(?<!state )(?<!county )(?<!city )(?<!town )(?<!school )"
    r"(?:{own_bodies}|{own_bodies_elsewhere}|{chosen_for_fun})(?!\w)"
    r"(?! of (?:state|the (?:state|county|city|interior|treasury)))"
)
#: Senses of heat that take a side; a `campaign` says whom to elect.
_CAMPAIGN = "campaign"
#: Words that name the topic and take the side at once: "build the wall".
_SLOGAN = "slogan"
_SIDES = frozenset({"stance", _CAMPAIGN, _SLOGAN})
_NEXT = 1
_SURE = 1.0


class TopicParams(Params):
    """`topics` and `heat` are lexicon names; a topic counts only with a heat word in its sentence."""

    topics: tuple[str, ...]
    heat: str = "heat"
    #: A clear topic word (weight 1) needs heat this heavy; a general one (below 1) needs a stance or two heat words.
    min_heat: float = 0.8

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (*self.topics, self.heat)


@check(
    "topics",
    TopicParams,
    screen=lambda params: [
        Terms(params.heat, (_SLOGAN,), min_weight=params.min_heat),
        *((Terms(topic), Terms(params.heat, min_weight=params.min_heat)) for topic in params.topics),
    ],
)
def topics(batch: Batch, rule: Rule, params: TopicParams) -> Judgement:
    """Looks for posts that take sides on a heated topic (politics, religion), for a person to read.

    A topic word is not enough: a stance ("vote for …", "must resign") or heated words must stand with it, or it must be
    a slogan.
    Civic facts, reminders to vote, holiday greetings and the association's own elections are not meant.
    """

    def find(row: Row) -> Iterable[Evidence] | NotJudged:
        heat = [hit for hit in row.hits(params.heat) if hit.weight >= params.min_heat]
        found = (
            [hit for name in params.topics for hit in row.hits(name) if not _is_of_a_thing(row.text, hit)]
            if heat
            else []
        )
        first = next((item for hit in found if (item := _heated(row, hit, heat))), None) or _slogan(row, heat)
        return [first] if first else []

    return judge_each(batch, rule, find)


#: Parties of German that are adjectives as well; the noun behind one has a capital.
_PARTY_OR_COLOUR = re.compile(r"(?:grune|grunen|linke|linken)$")


def _is_of_a_thing(text: Text, hit: Hit) -> bool:
    """Whether a word for a party is only the adjective of a thing: "grüne Smoothies", "die linke Brust"."""
    if hit.language != "de" or not _PARTY_OR_COLOUR.search(text.words[hit.start : hit.end]) or text.raw.isupper():
        return False
    return text.words[hit.end : hit.end + 1] == " " and text.cut(hit.end + 1, hit.end + 2).isupper()


def _heated(row: Row, topic: Hit, heat: list[Hit]) -> Evidence | None:
    text = row.text
    start, end = text.sentence_at(topic.start)
    own_election = any(start <= person.start < end for person in named(text, row.context, ("person",)))
    if own_election or _is_civic(text, start, end):
        return None
    if topic.weight < _SURE and _OWN_ELECTION.search(text.words, start, end):
        return None
    follows = text.sentence_at(end)[1] if topic.weight >= _SURE and end < len(text.plain) else end
    near = [hit for hit in heat if _reaches(text, hit, (start, end), follows) and not _overlap(hit, topic)]
    near = [hit for hit in near if not text.is_quoted(hit.start, hit.end)]
    if not near:
        return None
    stance = any(hit.sense in _SIDES for hit in near)
    if topic.weight < _SURE and not stance and len(near) <= _NEXT:
        return None
    left = min(topic.start, *(hit.start for hit in near))
    right = max(topic.end, *(hit.end for hit in near))
    return row.evidence(left, right, f"takes sides on {topic.sense}", 0.75 if stance else 0.6)


def _slogan(row: Row, heat: list[Hit]) -> Evidence | None:
    text = row.text
    for hit in heat:
        if hit.sense != _SLOGAN or text.is_reported(hit.start, hit.end) or text.is_negated(hit.start, reach=16):
            continue
        if not is_attributed(text, hit.start) and not is_rejected(text, hit.end):
            return row.evidence(hit.start, hit.end, "a slogan of one side", 0.7)
    return None


def _reaches(text: Text, hit: Hit, sentence: tuple[int, int], follows: int) -> bool:
    """Whether heat is said of a topic: in its sentence; a stance also in the next one, a call to vote also before."""
    start, end = sentence
    if hit.sense == _CAMPAIGN and end > start > 0 and _names_somebody(text, hit):
        start = text.sentence_at(start - 1)[0]
        return start <= hit.start < end and not _is_civic(text, start, sentence[0])
    return start <= hit.start < (follows if hit.sense in _SIDES else end)


def _names_somebody(text: Text, call: Hit) -> bool:
    # "votar por Ramiro Esquivel" names a person; "votar por la mejor foto" does not.
    return text.cut(call.end, min(call.end + 4, len(text.plain))).lstrip()[:1].isupper()


@lru_cache(maxsize=16)
def _is_civic(text: Text, start: int, end: int) -> bool:
    return bool(_CIVIC.search(text.words, start, end))


def _overlap(heat: Hit, topic: Hit) -> bool:
    """Whether heat is only the topic's own word; a stance that says more ("vote democrat") stands on its own."""
    if heat.start >= topic.end or topic.start >= heat.end:
        return False
    return heat.sense not in _SIDES or heat.end - heat.start <= topic.end - topic.start
