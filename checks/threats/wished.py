# ruff: noqa: E501 - grammars read better unbroken
"""Violence that is wished for: somebody deserves it, should suffer it, is hoped to, is said to be doomed to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.base import Evidence, Row
from checks.cues import MENTION
from checks.harm import BODIES, DESERVES, DIES, DONE_TO, PEOPLE, TRADE
from checks.lexicons import Hit
from checks.threats.excused import is_excused
from checks.threats.harmless import certainty, is_safety
from checks.threats.places import REACH, finds, looked_for
from checks.threats.victims import is_person

_WHO = (
    rf"(?P<who>(?<![\w'])(?:you|u|he|she|they|{MENTION}|y'all"
    r"|(?:people|anyone|somebody|someone|women|men) like (?:you|him|her|them|this|that)"
    r"|(?:(?:all|each|every|any|the|this|that|these|those|such|your|his|her|their|most|both)(?: of)? ){1,2}"
    rf"(?:[\w'-]+ ){{0,2}}?(?:{PEOPLE}|{TRADE})|{PEOPLE}"
    r"|(?:whoever|anyone who|anybody who|everyone who|everybody who)(?: [\w']+){1,8}?"
    rf"|(?:the|this|that|your|his|her|their) (?:whole|entire) (?:[\w'-]+ )?{BODIES}"
    r"|(?:the (?:whole )?lot|every (?:last )?one|all|each|both) of (?:them|you)|(?P<kin>[\w'-]{3,}s)))"
)
_WHO_AGAIN = _WHO.replace("?P<who>", "?:").replace("|(?P<kin>[\\w'-]{3,}s)", "")
_ADVERBS = (
    r"(?: (?:all|both|just|really|truly|too|also|so|definitely|either|almost|fucking|literally|seriously"
    r"|probably|still))*"
)
#: What else tells who is meant: "the fans who threw beer", "these liars on the news".
_MORE_OF = r"(?: (?:who|that|on|in|from|at|behind|wearing|with)(?: [\w']+){1,8}?)?"
_SHOULD = looked_for(
    rf"{_WHO}{_MORE_OF}{_ADVERBS}"
    r" (?:deserve[sd]? to|should|ought to|oughta|needs? to|has to|have to|had better|must|better|shoulda|should've"
    r"|should of)"
    rf"{_ADVERBS}(?: (?:have|of))?{_ADVERBS}"
    r" (?:(?:be|get|been|gotten|being)(?: (?:(?:taken|dragged|rounded|lined|locked|hunted|tied|thrown|pulled|marched|caught|hauled|led)(?: \w+){0,3}? and"
    r"|hung and|tried and|found and|beaten and|arrested and|first|either|hard|both|all|just|fucking"
    r"|\w+ly))*"
    rf" {DONE_TO.pattern}|{DIES}(?![\w'])(?! (?:the|a|an|your|our|some|more|it|out|off|calories|fuel|up|around|with"
    rf"|in there|on)\b))"
)
#: Also of somebody named: "Jane Roe deserves the noose".
_DESERVED = looked_for(
    rf"(?:{_WHO}|(?P<name>(?<![\w'])(?!(?:i|we|it|this|that|nobody|none|not|never|nor|who|what|which|one|and|or"
    rf"|but)(?![\w']))[\w'-]+))"
    rf"(?:'s|'re| is| are)?{_ADVERBS} (?:{DESERVES.pattern})"
)
#: "she ought to be …", before a participle of any verb of violence.
_TO_BE = looked_for(
    rf"(?:{_WHO}{_MORE_OF}{_ADVERBS} (?:deserve[sd]? to|should|ought to|oughta|needs? to|has to"
    rf"|have to|had better|must"
    rf"|better|shoulda|should've|should of|is going to|are going to|will|gonna){_ADVERBS}(?: (?:have"
    rf"|of))?{_ADVERBS} (?:be|get|been|gotten|being)"
    rf"|(?<![\w'])(?:i|we)(?:'d| would)? (?:hope|wish|want|pray|like|love|need)(?: to see"
    rf"| to watch)? {_WHO_AGAIN}"
    rf"{_ADVERBS}(?: (?:will|would|to|could|had|have|has))?{_ADVERBS} (?:be|get|gets|got|been|gotten|being|getting|is"
    rf"|are|was|were))"
    r"(?: (?:all|both|fucking|just|finally|\w+ly|(?:taken|dragged|rounded|lined|locked|found|hunted|tied|thrown|pulled|marched|put|caught|hauled|led)"
    r"(?: \w+){0,3}? and))* $"
)
_SPECULATION = re.compile(r"\b(?:must have been|have been told|should be able|must be (?:dead|dying|hanging|cancer))\b")
_HOPE = looked_for(
    r"(?<![\w'])(?:(?:i|we)(?:'m| am)?(?: (?:really|sincerely|just|do|fucking|truly|only|seriously))*"
    r" (?:hope|hoping|pray|wish|can't wait (?:until|till|for))|(?:^|(?<=[.!?]))\s*(?:hope|hopefully|hoping|pray|praying|here's hoping"
    r"|can'?t wait (?:until|till|for)|may))"
    rf"(?: that| for the day| the day| to see| to god| to hear)* {_WHO}(?:'d)?(?: all| both)?(?: (?:and"
    rf"|or)(?: \w+){{1,3}}?)?"
    r"(?: (?:will|would|could|can|to|soon|all|just|finally|fucking|really|slowly|had|have|has|painfully|literally|is"
    r"|are"
    r"|was|were|get|gets|got|getting|be|been|both|eventually|already|never)){0,4}"
    rf" (?:{DIES}|{DONE_TO.pattern})(?![\w'])(?! (?:in (?:jail|prison|a cell|a prison|a jail|his sleep|her sleep"
    rf"|their sleep|peace|less|comfort)|at home|with (?:dignity|less|luck|good)|peacefully))"
)
_WANTED_DEAD = looked_for(
    r"(?<![\w'])(?:i|we)(?: (?:really|just|all|fucking|still))*"
    r" (?:want|need|would love|would like|'d love|'d like|wish|prefer|would prefer)(?: to see| to watch)?"
    rf" (?P<who>him|her|them|you|it|{PEOPLE}|(?:the|that|this|these|those|all|every|your|his|her"
    rf"|their) (?:\w+ )?{PEOPLE}"
    r"|(?:the (?:whole )?lot|every (?:last )?one|all|each|both) of (?:them|you))(?: all| both)?"
    rf" (?:dead|(?:(?:to|be|being|get|getting|were|was) )*(?:{DIES}|{DONE_TO.pattern}))(?![\w'])"
)
#: "You gon die": what the speaker says will come.
_DOOMED = looked_for(
    r"(?<![\w'])(?P<who>(?:you|u|y'all|she|he|they)(?:'re| are|'s| is|r|(?='ll))?(?: all| both| fucking| so)?"
    r"(?: |(?='ll))(?:gonna|gon|going to|about to|will|'ll|finna|dead meat$)(?: \w+)? (?:die|be dead|get shot"
    r"|get stabbed"
    r"|get killed|bleed out|bleed to death|be killed|pay in blood|pay with your life|lose your (?:teeth|head"
    r"|legs|fingers|eyes|life)"
    r"|not (?:live|survive)|never walk again|need an ambulance|be (?:begging|crying) for mercy"
    r"|leave in a (?:bag|body bag|coffin)"
    r"|be found dead|wish \w+ were dead|end up dead))(?![\w'])(?! (?:laughing|of laughter|for|happy|when|of old age"
    r"|one day|someday|eventually|if|from|of|without))"
)


def wished(row: Row, sentence: tuple[int, int]) -> Iterator[Evidence]:
    """Violence that somebody is said to deserve or to need, or that is hoped for."""
    text = row.text
    for pattern, confidence in ((_SHOULD, 0.8), (_DESERVED, 0.7), (_HOPE, 0.75), (_WANTED_DEAD, 0.75), (_DOOMED, 0.65)):
        for found in finds(pattern, text, *sentence):
            start = found.start("who") if pattern is _SHOULD else _first_letter(found)
            if not is_person(row, found) or is_safety(text, found.start()):
                continue
            if not is_excused(text, start, found.end()) and not _SPECULATION.search(found.group()):
                yield row.evidence(
                    start, found.end(), "violence wished on somebody", confidence * certainty(row, start)
                )


def to_be_done(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    """The passive of any strong verb of violence, demanded or hoped for: "they all need to be scalped"."""
    text = row.text
    for verb in verbs:
        if verb.sense != "strong":
            continue
        found = next(finds(_TO_BE, text, max(sentence[0], verb.start - REACH), verb.start), None)
        if found is None or text.words[verb.start : verb.end].endswith(("ing", "s")):
            continue
        if _BY_NOW.match(text.words, verb.end):
            continue
        if not is_person(row, found):
            continue
        start = _first_letter(found) if found.group("who") is None else found.start("who")
        if not is_excused(text, start, verb.end) and not _SPECULATION.search(found.group()):
            yield row.evidence(start, verb.end, "violence wished on somebody", 0.7 * certainty(row, start))


#: "They should be dead by now", "dead tired".
_BY_NOW = re.compile(r" (?:by now|already|tired|on|set|serious|certain|sure|last|even|cent(?:er|re)|simple|easy)(?!\w)")


def _first_letter(found: re.Match[str]) -> int:
    return found.end() - len(found.group().lstrip())
