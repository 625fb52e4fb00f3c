"""Threats of violence, direct, conditional, wished for and veiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import MENTION, in_span, named
from checks.lexicons import Hit
from checks.text import Text

#: "I will", "we're gonna", "I swear I'll": the speaker announces what the speaker does.
_INTENT = re.compile(
    r"(?<![\w'])(?:i|we)(?:'ll| will| shall|(?:'m|'re| am| are)(?: \w+)? (?:going to|gonna|about to|coming to)"
    r"|m gonna|m going to|'d love to| want to| wanna| would love to| swear| promise(?: you)?|'ma)"
    r"(?: (?:personally|gladly|definitely|fucking|so|just|really|literally|come and|come|go and|go|find you and))*"
    r"(?![\w'])|(?<![\w'])(?:imma|ima|gonna|im gonna|im going to)(?![\w'])"
)
#: "somebody should", "we ought to", "I'd": what the speaker would like done.
_CALL = re.compile(
    r"(?<![\w'])(?:someone|somebody|anyone|people|we|we all|everyone|they|y'all)(?: all)?"
    r" (?:should|ought to|needs? to|has to|have to|gotta|must|better)(?: have)?(?: just| all)?(?![\w'])"
    r"|(?<![\w'])let's(?: all)?(?: go)?(?![\w'])|(?<![\w'])i(?:'d| would)(?: have)?(?: gladly| happily| just)?(?![\w'])"
    r"|(?<![\w'])(?:someone|somebody)(?: please)?(?= (?:kill|shoot|stab|hang|rape|burn) )"
)
#: An order at the head of a sentence: "Hang her!"
_ORDERED = re.compile(
    r"\W*(?:please |just |go )?(?:kill|shoot|stab|rape|lynch|execute|behead|strangle|slaughter|hang|burn)\s+"
    r"(?:him|her|them all|(?:the|that) bitch|the traitors?|the bastards?"
    r"|(?:these|those) (?:\w+ )?(?:people|bastards|bitches|animals|traitors))(?![\w'])"
)
_VICTIM = re.compile(
    r"(?:\s+(?:the|all|each|one|of|them|those|these|fucking|damn|up|down|out|off|off of)){0,4}"
    rf"\s+(?P<who>you|u|ya|y'all|your|ur|him|her|them|{MENTION}|bitch|bastards?|that (?:man|woman|guy|bitch)"
    r"|(?:his|their|her) (?:head|throat|skull|face|neck|family|kids|house)"
    r"|(?:every|these|those|any) (?:\w+ )?(?:people|men|man|women|woman|leaders?|members?|officers?|volunteers?))"
    r"(?![\w'])"
)
#: Posters are hung, films are shot and candles are burned, too.
_THINGS_DONE = re.compile(r"\s+(?:in|on|up|at|from|outside|near|by|above|over|around|there|here|for|with|a|an|some)\b")
_NEXT_WORD = 3
_BODILY_VERBS = frozenset({"hurt", "harm", "punch", "slap", "smack", "cripple", "bash", "attack", "stomp"})
_BODILY = re.compile(
    r"\s+(?:up|down|to death|senseless|silly|in the (?:face|head|throat)|so (?:hard|bad)|until|with a|apart)(?!\w)"
)
#: What "your" must be followed by to be a body, a home or a family.
_BODY = re.compile(
    r"(?:'s)?\s+(?:\w+\s+)?(?:face|head|skull|throat|neck|jaw|teeth|nose|legs?|arms?|knees?|kneecaps|bones?|brains?|eyes?"
    r"|ass|family|kids|children|wife|husband|mother|dog|house|home|office|car|tires)(?!\w)"
)
_WISH = re.compile(
    rf"(?<![\w'])(?:you|u|he|she|they|{MENTION}|(?:people|anyone|somebody|someone|women|men) like (?:you|him|her|them)"
    r"|(?:these|those|all|that) (?:\w+ )?(?:people|leaders?|members?|guys|woman|man|bitch))"
    r"(?: \w+)? (?:deserves? to|deserves?|should|ought to|needs? to|has to|have to|had better|must|better)"
    r"(?: all| just| really)? (?:be |get |have been )?(?:\w+ )?$"
)
#: More characters than a wish has before its verb; a post can be one sentence of 60,000.
_WISH_REACH = 200
_BE = re.compile(r"(?:be|been|get)(?: \w+)? $")
_SPECULATION = re.compile(r"\bmust have been (?:\w+ )?$")
#: What somebody is wished to have done to them, and what they are wished to do.
_PASSIVE_WISHES = frozenset(
    {
        "shot",
        "stabbed",
        "strangled",
        "raped",
        "lynched",
        "executed",
        "hanged",
        "hung",
        "beheaded",
        "drowned",
        "poisoned",
    }
    | {"bombed", "slaughtered", "tortured", "gassed", "assassinated", "exterminated", "beaten", "whipped", "burned"}
    | {"choked", "gutted", "killed", "murdered", "strung up"}
)
_ACTIVE_WISHES = frozenset({"die", "hang", "burn in hell", "bleed to death", "rot"})
_HOPE = re.compile(
    rf"(?<![\w'])(?:i|we) (?:really |sincerely |just )?(?:hope|pray|wish)(?: that)? (?:you|u|he|she|they|{MENTION})"
    r"(?: all)?(?: and \w+ \w+)? (?:will |would |could |all )*(?:dies?|burns? in hell|rots? in hell"
    r"|gets? (?:shot|hit by a \w+|run over|raped|killed|beaten|stabbed|cancer|murdered))(?!\w)"
)
_ORDER = re.compile(
    r"(?:(?<![\w'])(?:go|just|please|should|better|and|fucking|now)\s+|^\s{0,40}|(?<=[.!?,;:\n])\s{0,40})"
    r"(?P<threat>kill yourself|kys|hang yourself|go die|drop dead(?! gorgeous)|off yourself|neck yourself)(?![\w'])"
)
_OR_ELSE = re.compile(
    r"(?<![\w'])(?P<threat>(?:you(?:'d)? better|you must|you will|you'll|pay|stop|resign|leave|shut up|give|do it|do as"
    r"|delete|take|keep|back off|apologi[sz]e|watch)\b[^.!?\n]{0,80}?\bor else)(?=[.!…\s]*$|[.!…]+\s)"
)
#: Harm as the price of speaking up. Only of speech and defiance: "wear a helmet or you will get hurt" means well.
_PRICE = re.compile(
    r"(?<![\w'])(?P<threat>(?:keep (?:talking|posting|asking|pushing|it up|that up|digging|complaining)"
    r"|say (?:that|it) again|(?:tell|report|talk to) (?:anyone|anybody|them|the board|the police)"
    r"|open your mouth|speak up again|cross (?:me|us)"
    r"|come near (?:me|us|here)|show your face|shut up|back off)[^.!?\n]{0,40}?,?\s(?:and|or) (?:you|somebody|someone)"
    r"(?:'ll| will|'re going to| are going to| is going to|'re gonna| gonna| might| may| could)(?: just| really)?"
    r" (?:get|be|end up)(?: \w+)? (?:hurt|killed|shot|stabbed|beaten|dead|sorry))(?![\w'])"
)
_SPORT = re.compile(
    r"(?<!\w)(?:game|match|season|tournament|trivia|league|golf|softball|bowling|kickball|chili|cook-?off|playoffs?|finals?"
    r"|scoreboard|monopoly|scrabble|chess|karaoke|bracket|team|championship|opponents?|cosplay|novel|film|movie|episode"
    r"|character|thriller|villain|zombies?)(?!\w)"
)
_JOKING = re.compile(r"(?<!\w)(?:lol|haha+|hehe+|jk|just kidding|rofl|lmao|😂|🤣|😆|😜|;\))")


class ThreatParams(Params):
    """The verbs of violence (sense `strong` or `weak`) and ready-made phrases; `min_confidence` drops weaker finds."""

    verbs: str = "violence"
    phrases: str = "veiled_threats"
    #: Ready-made threats in other languages than English.
    other_languages: str = "threats"
    min_confidence: float = 0.4


@check("threats", ThreatParams)
def threats(batch: Batch, rule: Rule, params: ThreatParams) -> Judgement:
    """Looks for threats of violence against somebody, for a person to read.

    Announced ("I will … you"), conditional ("… or else"), wished for ("deserves to be …") and veiled ("we know where
    you live"). Idioms, sport, news, negations and threats that are quoted or reported as received are not meant.
    English has the full grammar; Spanish, French and German have a list of phrases.
    """

    def find(row: Row) -> Iterable[Evidence]:
        return _outermost([item for item in _threats(row, params) if item.confidence >= params.min_confidence])

    return judge_each(batch, rule, find)


def _threats(row: Row, params: ThreatParams) -> Iterator[Evidence]:
    text = row.text
    for hit in [*row.hits(params.phrases, also=("en",)), *row.hits(params.other_languages)]:
        if not text.is_reported(hit.start, hit.end) and not text.is_negated(hit.start, reach=12):
            yield row.evidence(hit.start, hit.end, "words often meant as a threat", hit.weight * _certainty(row, hit))
    verbs = row.hits(params.verbs, also=("en",))
    for sentence in dict.fromkeys(text.sentence_at(hit.start) for hit in verbs):
        yield from _announced(row, sentence, in_span(verbs, sentence))
        yield from _wished(row, sentence, in_span(verbs, sentence))
    yield from _ordered(row)


def _announced(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    words, text = row.text.words, row.text
    start, end = sentence
    openings = [(m.start(), m.end(), 0.9) for m in _INTENT.finditer(words, start, end)]
    openings += [(m.start(), m.end(), 0.65) for m in _CALL.finditer(words, start, end)]
    for left, right, base in openings:
        verb = next((hit for hit in verbs if right <= hit.start <= right + 24), None)
        if verb is None or not _joins(words[right : verb.start]):
            continue
        victim = _victim(row, verb, end)
        if victim is None or text.is_reported(left, victim) or text.is_negated(left, reach=20):
            continue
        certainty = base * (1.0 if verb.sense == "strong" else 0.8) * _certainty(row, verb)
        yield row.evidence(left, victim, "an announced or called-for violent act against somebody", certainty)


def _joins(between: str) -> bool:
    """Whether only fill words stand between "I will" and the verb: no negation, no other clause."""
    if re.search(r"[,;:.!?]|\b(?:not|never|no)\b|n't", between):
        return False
    return len(between.split()) <= 4  # noqa: PLR2004 - "round them up and", no more


def _victim(row: Row, verb: Hit, end: int) -> int | None:
    """Where the object of the verb ends, when it is a person; None when it is a thing or nobody."""
    words = row.text.words
    if verb.term.endswith((" you", " him", " her", " them", " you up", " him up", " them up")):
        return verb.end
    found = _VICTIM.match(words, verb.end, end)
    whole = _named_next(row, verb) or (found.end() if found else None)
    if whole is None:
        return None
    if found and found.group("who") in ("your", "ur"):
        body = _BODY.match(words, found.end(), end)
        return body.end() if body else None
    if found and found.group("who") == "them" and _THINGS_DONE.match(words, found.end(), end):
        return None
    # A weak verb ("beat", "hit") is meant for a body only with more words: "beat you up".
    bodily = _BODILY.match(words, whole, end)
    if verb.sense == "weak" and verb.term not in _BODILY_VERBS and not bodily:
        return None
    return bodily.end() if bodily else whole


def _named_next(row: Row, verb: Hit) -> int | None:
    """Where a name of the roster that follows the verb directly ends."""
    people = named(row.text, row.context, ("person",))
    return next((person.end for person in people if 0 < person.start - verb.end <= _NEXT_WORD), None)


def _wished(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    text = row.text
    for verb in verbs:
        # The lexicon's open-ended terms ("kill*") are told apart by the form found.
        form = text.words[verb.start : verb.end]
        before = (text.words, max(sentence[0], verb.start - _WISH_REACH), verb.start)
        wish = _WISH.search(*before)
        passive = form in _PASSIVE_WISHES and _BE.search(*before) and not _SPECULATION.search(*before)
        if not wish or not (passive or (form in _ACTIVE_WISHES and not _BE.search(*before))):
            continue
        if not text.is_reported(verb.start, verb.end) and not text.is_negated(verb.start):
            yield row.evidence(wish.start(), verb.end, "violence wished on somebody", 0.8 * _certainty(row, verb))
    hope = _HOPE.search(text.words, *sentence)
    if hope and not text.is_reported(hope.start(), hope.end()):
        yield row.evidence(hope.start(), hope.end(), "violence wished on somebody", 0.75)
    order = _ORDERED.match(text.words, *sentence)
    if order and verbs and not text.is_reported(order.start(), order.end()) and not _in_exception(order, verbs):
        start = order.start() + len(order.group()) - len(order.group().lstrip(" \"'.,-"))
        yield row.evidence(start, order.end(), "a call for violence", 0.6 * _certainty(row, verbs[0]))


def _in_exception(order: re.Match[str], verbs: list[Hit]) -> bool:
    """Whether the verb is no hit of the lexicon here: "shoot her an email" is one of its exceptions."""
    return not any(order.start() <= hit.start < order.end() for hit in verbs)


def _ordered(row: Row) -> Iterator[Evidence]:
    text = row.text
    for pattern, confidence in ((_ORDER, 0.8), (_OR_ELSE, 0.6), (_PRICE, 0.7)):
        for found in pattern.finditer(text.words):
            start, end = found.span("threat")
            if not text.is_reported(start, end) and not text.is_negated(start, reach=16) and not _is_sport(row, start):
                yield row.evidence(start, end, "an order or condition with a threat", confidence)


def _certainty(row: Row, hit: Hit) -> float:
    factor = 0.4 if _is_sport(row, hit.start) else 1.0
    return factor * (0.7 if _is_joking(row.text) else 1.0)


@lru_cache(maxsize=16)
def _is_joking(text: Text) -> bool:
    return bool(_JOKING.search(text.plain))


def _is_sport(row: Row, position: int) -> bool:
    return _sport_in(row.text, row.text.sentence_at(position))


@lru_cache(maxsize=16)
def _sport_in(text: Text, sentence: tuple[int, int]) -> bool:
    return bool(_SPORT.search(text.words, *sentence))


def _outermost(found: Iterable[Evidence]) -> list[Evidence]:
    kept: list[Evidence] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, -item.confidence, item.start)):
        if not any(item.start < other.end and other.start < item.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)
