"""Violence that is wished for: somebody deserves it, should suffer it, is hoped to, is said to be doomed to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.base import Evidence, Row
from checks.cues import MENTION
from checks.harm import DESERVES, DONE_TO, TRADE
from checks.lexicons import Hit
from checks.threats.excused import is_excused
from checks.threats.harmless import certainty, is_safety
from checks.threats.places import REACH, finds, looked_for
from checks.threats.victims import is_person
from checks.word_classes import filled, pattern

#: Of whom it is wished; `kin`: a plural that no list has, which `is_person` has to confirm.
_WHO = filled(
    r"(?P<who>(?<![\w'])(?:you|u|he|she|they|{mention}|y'all"
    r"|(?:people|anyone|somebody|someone|women|men) like (?:you|him|her|them|this|that)"
    r"|(?:(?:all|each|every|any|the|this|that|these|those|such|your|his|her|their|most|both)(?: of)? ){1,2}"
    r"(?:[\w'-]+ ){0,2}?(?:{people}|{trade})"
    r"|{people}"
    r"|(?:whoever|anyone who|anybody who|everyone who|everybody who)(?: [\w']+){1,8}?"
    r"|(?:the|this|that|your|his|her|their) (?:whole|entire) (?:[\w'-]+ )?{bodies}"
    r"|(?:the (?:whole )?lot|every (?:last )?one|all|each|both) of (?:them|you)"
    r"|(?P<kin>[\w'-]{3,}s)))",
    mention=MENTION,
    trade=TRADE,
)
_WHO_AGAIN = _WHO.replace("?P<who>", "?:").replace(r"|(?P<kin>[\w'-]{3,}s)", "")
#: What else tells who is meant: "the fans who threw beer", "these liars on the news".
_MORE_OF = r"(?: (?:who|that|on|in|from|at|behind|wearing|with)(?: [\w']+){1,8}?)?"
_ADVERBS = filled(r"(?: {wished_how})*")
_PARTS = {"who": _WHO, "who_again": _WHO_AGAIN, "more_of": _MORE_OF, "adverbs": _ADVERBS, "done_to": DONE_TO.pattern}
#: "These liars should be shot", "you better hang".
_SHOULD = looked_for(
    r"{who}{more_of}{adverbs} {ought}{adverbs}(?: (?:have|of))?{adverbs}"
    r" (?:(?:be|get|been|gotten|being)(?: (?:{led_away}(?: (?!and )\w+){0,3}? and"
    r"|(?:hung|tried|found|beaten|arrested) and|first|either|hard|both|all|just|fucking|\w+ly))* {done_to}"
    r"|{dies}(?![\w'])"
    r"(?! (?:the|a|an|your|our|some|more|it|out|off|calories|fuel|up|around|with|in there|on)\b))",
    **_PARTS,
)
#: Also of somebody named: "Jane Roe deserves the noose".
_DESERVED = looked_for(
    r"(?:{who}|(?P<name>(?<![\w'])"
    r"(?!(?:i|we|it|this|that|nobody|none|not|never|nor|who|what|which|one|and|or|but)(?![\w']))[\w'-]+))"
    r"(?:'s|'re| is| are)?{adverbs} (?:{deserves})",
    **_PARTS,
    deserves=DESERVES.pattern,
)
#: "she ought to be …", before a participle of any verb of violence.
_TO_BE = looked_for(
    r"(?:{who}{more_of}{adverbs} (?:{ought}|is going to|are going to|will|gonna){adverbs}(?: (?:have|of))?{adverbs}"
    r" (?:be|get|been|gotten|being)"
    r"|(?<![\w'])(?:i|we)(?:'d| would)? (?:hope|wish|want|pray|like|love|need)(?: to see| to watch)?"
    r" {who_again}{adverbs}(?: (?:will|would|to|could|had|have|has))?{adverbs}"
    r" (?:be|gets?|got|been|gotten|being|getting|is|are|was|were))"
    r"(?: (?:all|both|fucking|just|finally|\w+ly|(?:{led_away}|found|put)(?: (?!and )\w+){0,3}? and))* $",
    **_PARTS,
)
#: "I hope they all burn", "can't wait until he gets shot".
_HOPE = looked_for(
    r"(?<![\w'])(?:(?:i|we)(?:'m| am)?(?: {hoped_how})* (?:hope|hoping|pray|wish|can't wait (?:until|till|for))"
    r"|(?:^|(?<=[.!?]))\s*(?:hope|hopefully|hoping|pray|praying|here's hoping|can'?t wait (?:until|till|for)|may))"
    r"(?: that| for the day| the day| to see| to god| to hear)* {who}(?:'d)?(?: all| both)?"
    r"(?: (?:and|or)(?: \w+){1,3}?)?"
    r"(?: (?:will|would|could|can|to|had|have|has|is|are|was|were|gets?|got|getting|be|been|{hoped_when})){0,4}"
    r" (?:{dies}|{done_to})(?![\w'])(?! {gentle_end})",
    **_PARTS,
)
#: "We want them dead".
_WANTED_DEAD = looked_for(
    r"(?<![\w'])(?:i|we)(?:'d)?(?: (?:really|just|all|fucking|still))*"
    r" (?:want|need|(?:(?<='d )|would )(?:love|like)|wish|prefer|would prefer)(?: to see| to watch)?"
    r" (?P<who>him|her|them|you|it|{people}"
    r"|(?:the|that|this|these|those|all|every|your|his|her|their) (?:\w+ )?{people}"
    r"|(?:the (?:whole )?lot|every (?:last )?one|all|each|both) of (?:them|you))(?: all| both)?"
    r" (?:dead(?! (?:lift\w*|or alive|tired|set|on|cent(?:er|re)|weight)(?!\w))"
    r"|(?:(?:to|be|being|get|getting|were|was) )*(?:{dies}|{done_to}))(?![\w'])",
    **_PARTS,
)
#: "You gon die": what the speaker says will come.
_DOOMED = looked_for(
    r"(?<![\w'])(?P<who>(?:you|u|y'all|she|he|they)(?:'re| are|'s| is|r|(?='ll))?(?: all| both| fucking| so)?"
    r"(?: |(?='ll))(?:gonna|gon|going to|about to|will|'ll|finna)(?: \w+)? {doom})(?![\w'])(?! {mortal})"
)
_WISHES = ((_SHOULD, 0.8), (_DESERVED, 0.7), (_HOPE, 0.75), (_WANTED_DEAD, 0.75), (_DOOMED, 0.65))
_SPECULATION = re.compile(r"\b(?:must have been|have been told|should be able|must be (?:dead|dying|hanging|cancer))\b")
_DEAD_IDIOM = pattern(r" {dead_idiom}(?!\w)")


def find_wished(row: Row, sentence: tuple[int, int]) -> Iterator[Evidence]:
    """Violence that somebody is said to deserve or to need, or that is hoped for."""
    text = row.text
    for wish, confidence in _WISHES:
        for found in finds(wish, text, *sentence):
            start = found.start("who") if wish is _SHOULD else _first_letter(found)
            if is_person(row, found) and not is_safety(text, found.start()):
                yield from _meant(row, found, (start, found.end()), confidence)


def find_demanded(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """The passive of any strong verb of violence, demanded or hoped for: "they all need to be scalped"."""
    text = row.text
    for verb in verbs:
        if verb.sense != "strong":
            continue
        found = next(finds(_TO_BE, text, max(sentence[0], verb.start - REACH), verb.start), None)
        if found is None or not _is_participle(text.words, verb) or not is_person(row, found):
            continue
        start = _first_letter(found) if found.group("who") is None else found.start("who")
        yield from _meant(row, found, (start, verb.end), 0.7)


def _is_participle(words: str, verb: Hit) -> bool:
    return not words[verb.start : verb.end].endswith(("ing", "s")) and not _DEAD_IDIOM.match(words, verb.end)


def _meant(row: Row, found: re.Match[str], place: tuple[int, int], confidence: float) -> Iterator[Evidence]:
    """A wish as evidence, unless it is excused or only guesses."""
    if not is_excused(row.text, *place) and not _SPECULATION.search(found.group()):
        yield row.evidence(*place, "violence wished on somebody", confidence * certainty(row, place[0]))


def _first_letter(found: re.Match[str]) -> int:
    return found.end() - len(found.group().lstrip())
