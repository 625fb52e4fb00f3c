"""Insults for somebody who is neither spoken to nor named."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from checks.attribution import is_attributed
from checks.base import Evidence, Row
from checks.excuses import doubt
from checks.harassment.around import I_AM_ABROAD, NEAR, OF_MINE_ABROAD, THING, TO_DO, is_denied
from checks.harassment.grammars import grammar_of
from checks.lexicons import Hit
from checks.word_classes import pattern

#: "this pig, stuffing herself": a person after all.
_THAT_SELF = re.compile(r"^,?(?:\s+[\w'-]+){0,2}?\s+(?:himself|herself|themselves)(?!\w)")
#: "this utter …", "what a …", "those …": somebody there is to see.
_POINTED = pattern(
    r"(?<![\w'])(?:this|that|these|those|what an?|what|such an?|such|those two|you|some|another|by an?|like an?|like"
    r"|{pointing_abroad})(?:\s+(?:{insult_fills}|{scorn})){0,4}\s+$"
)
_ARTICLE = pattern(
    r"(?<![\w'])(?:the|an?|any|every|all|two|bunch of|pack of|group of|gang of|load of|full of|of|and|or|by|with"
    r"|our|your|their|his|her|fucking|damn|goddamn)(?:\s+(?:{insult_fills}|same|other|old)){0,3}\s+$"
)
#: "she is a complete …", "they're all …": a subject that is a person.
_PERSON_IS = pattern(
    r"(?<![\w'])(?:"
    r"(?:he|she|they|who|somebody|someone|everyone|everybody|{people}|board|committee|team|these|those)"
    r"(?: (?:who|that) [^,.;!?]{1,40}?)?(?: \w+ly)?"
    r"\s+(?:is|are|was|were|remains?|sounds?|looks?|acts?|must be|can be|seems?|being|be|has been|have been)"
    r"|he's|she's|they're|who's|theyre|hes|shes|(?:calling|call|consider|think) (?:him|her|them))"
    r"(?:\s+(?:{insult_fills}|{plainly_so}|(?:[\w-]+ ){1,2}and(?: an?)?|[\w-]+,)){0,6}\s+$"
    # "Diese Frau ist eine verlogene …", "la concierge est une vraie …".
    r"|(?<![\w'])(?:{people_german}(?: \w+)?? (?:ist|sind|war|waren|bleibt)"
    r"|{people_french}(?: \w+)?? (?:est|sont|etait|etaient|reste))"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
)
#: "Sie ist eine …", "il est un …": a noun for a person, for "sie" and "il" may be things.
_PRONOUN_IS = pattern(
    r"(?<![\w'])(?:(?:er|sie|wer|die) (?:ist|sind|war|waren|bleibt)|(?:ist|sind) (?:er|sie)"
    r"|(?:il|elle|ils|elles) (?:est|sont|etait|etaient|reste))"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
)
_ANY_IS = pattern(
    r"\w+\s+(?:is|are|was|were|'s|remains|sounds like|looks like|acts like)"
    r"(?:\s+(?:{insult_fills}|real|pure|nothing but|like)){0,4}\s+$"
)
_PEOPLE_AFTER = pattern(r"(?:\s+[\w'-]+){0,1}?\s+{people}(?![\w'])")
_SELF = re.compile(
    r"(?<![\w'])(?:i|i'm|im|me|myself|we|we're|am|ourselves|(?:my|our) (?:own|poor|dumb|stupid|silly"
    r"|\w+ (?:brain|self|ass|head)))(?![\w'])"
)
_OTHER = re.compile(r"(?<![\w'])(?:you|he|she|they|this|that|these|those|who|him|her|them|@)(?![\w'])")
#: "Forgive this old fool".
_FORGIVE_ME = re.compile(r"(?<!\w)(?:forgive|excuse|pardon|indulge|bear with|from) this(?: \w+){0,2} $")
#: "What a sore loser I am".
_I_AM = re.compile(r"(?:\s[\w'-]+)?\s(?:i|we) (?:am|was|are|were)(?!\w)")
#: What the insult must be at least so that it counts wherever it stands.
_PLAIN_WEIGHT = 0.8


def third_person(row: Row, hit: Hit, hits: list[Hit], *, everywhere: bool) -> Iterator[Evidence]:
    """An insult for somebody who is neither spoken to nor named: the span is the insulting words alone.

    Args:
        row: the post.
        hit: the insult.
        hits: all of the post, in its order.
        everywhere: also where nothing tells that it is for a person.
    """
    words, grammar = row.text.words, grammar_of(hit.language)
    sentence = row.text.sentence_at(hit.start)
    before = words[max(sentence[0], hit.start - NEAR) : hit.start]
    after = words[hit.end : min(sentence[1], hit.end + NEAR)]
    if (
        _OF_A_GROUP.search(before)
        or (grammar.reads_english_self and _is_about_self(before))
        or _I_AM.match(after)
        or I_AM_ABROAD.match(after)
        or OF_MINE_ABROAD.search(before)
        or grammar.is_of_nobody(before, after)
        or _FORGIVE_ME.search(before)
        or is_denied(before[-_SELF_REACH:], hit)
        or is_attributed(row.text, hit.start)
    ):
        return
    neighbour = _neighbour(hit, hits)
    if neighbour and neighbour.start < hit.start and neighbour.sense == "adjective":
        before = words[max(sentence[0], neighbour.start - NEAR) : neighbour.start]
    sure = _sureness(hit, before, after, neighbour)
    is_noun = hit.sense == "noun" or grammar.of_whom.match(after) is not None
    if sure < _AT_PERSON and (
        grammar.is_of_a_person(row, before, hit.start, noun=is_noun) or (is_noun and grammar.so_they_are.match(after))
    ):
        sure = _OF_A_PERSON
    if sure < _OF_A_NAME and hit.sense != "abstract" and _is_of_a_name(row, hit, before):
        sure = _OF_A_NAME
    if sure < _AT_PERSON and not everywhere:
        return
    if sure:
        start = neighbour.start if neighbour and neighbour.start < hit.start else hit.start
        yield row.evidence(start, hit.end, "an insult", sure * hit.weight * doubt(row.text, hit, spoken_to=False))


#: What is said of a protected group is another rule's matter.
_OF_A_GROUP = pattern(r"(?<![\w']){groups_spoken_of}\s+(?:are|were)\s+(?:\w+\s+){0,3}$")
#: From here on an insult is about somebody rather than said at large.
_AT_PERSON = 0.55
#: A name may be that of a team, a film or a cat.
_OF_A_NAME = 0.58
_OF_A_PERSON = 0.65
_NAMED_IS = pattern(
    r"(?:(?P<two>(?:[A-Z][\w'-]+ ){1,2}[A-Z][\w'-]+|{forms_of_address}\.? [A-Z][\w'-]+)|(?P<one>[A-Z][a-z'-]+))"
    r"(?: (?:is|was|remains|has been|sounds like|looks like|acts like|must be)|'s)"
    r"(?P<fills>(?: {insult_fills}|\s[\w-]+ and(?: an?)?| [\w-]+,){0,5}) $"
)


def _is_of_a_name(row: Row, hit: Hit, before: str) -> bool:
    """Whether an insult is said of a name: two capitals, one inside a sentence, or a first name of the roster."""
    written = row.text.cut(hit.start - len(before), hit.start)
    found = _NAMED_IS.search(written)
    if found is None:
        return grammar_of(hit.language).named_is.search(written) is not None
    if found["two"] or found.start():
        return True
    return any(name.split()[0] == found["one"] for name in row.context.people)


def _is_about_self(before: str) -> bool:
    mine = [found.end() for found in _SELF.finditer(before)]
    others = [found.end() for found in _OTHER.finditer(before)]
    if not mine or (others and others[-1] > mine[-1]):
        return False
    # "I put it in at sixty degrees like a fool": compared is whoever did it.
    return len(before) - mine[-1] < _SELF_REACH or before.endswith((" like a ", " like an "))


_SELF_REACH = 28


def _neighbour(hit: Hit, hits: list[Hit]) -> Hit | None:
    """The insult that stands right before or after this one."""
    at = bisect_left(hits, hit.start, key=attrgetter("start"))
    near = [other for other in hits[max(0, at - 1) : at + 2] if other is not hit]
    return next((other for other in near if hit.start - other.end == 1 or other.start - hit.end == 1), None)


def _sureness(hit: Hit, before: str, after: str, neighbour: Hit | None) -> float:
    """How surely an insult is meant for a person, from the words around it; 0 where it may be about a thing."""
    if hit.sense == "noun":
        return _of_noun(before, neighbour)
    if hit.sense == "figure":
        return _of_figure(before, after, neighbour)
    if hit.sense == "adjective":
        return _of_adjective(hit, before, after, neighbour)
    return 0.4 if hit.sense == "abstract" else 0.0


def _of_noun(before: str, neighbour: Hit | None) -> float:
    if any(frame.search(before) for frame in (_POINTED, _PERSON_IS, _PRONOUN_IS)) or (
        neighbour and neighbour.sense == "adjective"
    ):
        return 0.7
    if _ANY_IS.search(before):
        return 0.65
    return 0.5 if _ARTICLE.search(before) else 0.42


def _of_figure(before: str, after: str, neighbour: Hit | None) -> float:
    insulted = neighbour is not None and neighbour.sense == "adjective"
    if _PERSON_IS.search(before):
        return 0.65
    if _POINTED.search(before) and (insulted or _THAT_SELF.match(after)):
        return 0.7
    return 0.45 if insulted else 0.0


def _of_adjective(hit: Hit, before: str, after: str, neighbour: Hit | None) -> float:
    if neighbour and neighbour.sense in ("noun", "figure") and neighbour.start > hit.start:
        # The noun's evidence takes the adjective in.
        return 0.0
    if THING.match(after) or TO_DO.match(after):
        return 0.0
    if _PERSON_IS.search(before):
        return 0.65
    if _PEOPLE_AFTER.match(after):
        return 0.6 if _POINTED.search(before) else 0.55
    return 0.42 if hit.weight >= _PLAIN_WEIGHT else 0.0
