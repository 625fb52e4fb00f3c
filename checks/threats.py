"""Threats of violence, direct, conditional, wished for and veiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.cues import MENTION, in_span, named
from checks.lexicons import Hit

#: "I will", "we're gonna", "I swear I'll": the speaker announces what the speaker does.
_INTENT = re.compile(
    r"(?<![\w'])(?:i|we)(?:'ll| will| shall|(?:'m|'re| am| are)(?: \w+)? (?:going to|gonna|about to|coming to)"
    r"|m gonna|m going to|'d love to| want to| wanna| would love to| swear| promise(?: you)?|'ma)"
    r"(?: (?:personally|gladly|definitely|fucking|so|just|really|literally|come and|come|go and|go|find you and))*(?![\w'])"
    r"|(?<![\w'])(?:imma|ima|gonna|im gonna|im going to)(?![\w'])"
)
#: "somebody should", "they all ought to": what the speaker wants others to do.
_CALL = re.compile(
    r"(?<![\w'])(?:someone|somebody|anyone|people|we all|everyone)(?: \w+)?"
    r" (?:should|ought to|needs? to|has to|must|better)(?: just)?(?![\w'])|(?<![\w'])let's(?: all)?(?: go)?(?![\w'])"
)
_VICTIM = re.compile(
    rf"(?:\s+(?:the|all|every|each|one|of|them|those|these|fucking|damn|up|down|in|out|off|into|with|off of|on)){{0,4}}"
    rf"\s+(?P<who>you|u|ya|y'all|your|ur|him|her|them|{MENTION}|bitch|bastards?|that (?:man|woman|guy|bitch)"
    rf"|(?:his|their) (?:head|throat|skull|face|neck|family|kids|house)"
    r"|(?:all|every|these|those) (?:\w+ )?(?:people|men|women|leaders?|members?|officers?|volunteers?))"
    rf"(?![\w'])"
)
_NEXT_WORD = 3
_BODILY_VERBS = frozenset({"hurt", "harm", "punch", "slap", "smack", "cripple", "bash", "attack", "stomp"})
_BODILY = re.compile(
    r"\s+(?:up|down|to death|senseless|in the (?:face|head|throat)|so (?:hard|bad)|until|with a|apart)"
)
#: What "your" must be followed by to be a body, a home or a family.
_BODY = re.compile(
    r"(?:'s)?\s+(?:\w+\s+)?(?:face|head|skull|throat|neck|jaw|teeth|nose|legs?|arms?|knees?|kneecaps|bones?|brains?|eyes?"
    r"|ass|family|kids|children|wife|husband|mother|dog|house|home|office|car|car tires|tires)(?!\w)"
)
_WISH = re.compile(
    rf"(?<![\w'])(?P<who>you|u|he|she|they|{MENTION}|(?:people|anyone|somebody|someone|women|men) like (?:you|him|her|them)"
    rf"|(?:these|those|all) (?:\w+ )?(?:people|leaders?|members?|administrators?))"
    rf"(?: \w+)? (?:deserves?|should|ought|needs?|must|has|have|better)(?: all| just| really| to| a)?"
    rf" (?:to )?(?:be |get |have been )?(?:\w+ )?$"
)
_BE = re.compile(r"(?:be|been|get|gets|getting|to|should|deserves?)(?: \w+)? $")
_HOPE = re.compile(
    rf"(?<![\w'])(?:i|we) (?:really |sincerely |just )?(?:hope|pray|wish)(?: that)? (?:you|u|he|she|they|{MENTION})"
    rf"(?: all)?(?: and \w+ \w+)? (?:will |would |could |all )*(?P<end>dies?|burns? in hell|rots? in hell|"
    rf"gets? (?:shot|hit by a \w+|run over|raped|killed|beaten|stabbed|cancer|murdered))(?!\w)"
)
_ORDER = re.compile(
    r"(?<![\w'])(?:kill yourself|kys|hang yourself|go die|drop dead|off yourself|neck yourself)(?![\w'])"
)
_OR_ELSE = re.compile(
    r"(?<![\w'])(?:you(?:'d)? better|you must|you will|you'll|pay|stop|resign|leave|shut up|give|do it|do as|delete|take"
    r"|keep|back off|apologi[sz]e|watch)\b[^.!?\n]{0,80}?\bor else(?=[.!…\s]*$|[.!…]+\s)"
)
_SPORT = re.compile(
    r"(?<!\w)(?:game|match|season|tournament|trivia|league|golf|softball|bowling|kickball|chili|cook-?off|playoffs?|finals?"
    r"|scoreboard|board game|monopoly|scrabble|chess|karaoke|fantasy football|bracket|team|league|championship|opponents?"
    r"|cosplay|novel|film|movie|episode|character|thriller|villain|zombies?)(?!\w)"
)
_JOKING = re.compile(r"(?<!\w)(?:lol|haha+|hehe+|jk|just kidding|rofl|lmao|😂|🤣|😆|😜|;\))")
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
    | {"choked", "gutted", "dead", "die", "kill*"}
)


class ThreatParams(Params):
    """The verbs of violence (sense `strong` or `weak`) and ready-made phrases; `min_confidence` drops weaker finds."""

    verbs: str = "violence"
    phrases: str = "veiled_threats"
    #: Ready-made threats in other languages than English.
    other_languages: str = "threats"
    min_confidence: float = 0.4

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`; English has the grammar, the other languages have whole phrases."""
        return ()


@check("threats", ThreatParams)
def threats(batch: Batch, rule: Rule, params: ThreatParams) -> Judgement:
    """Looks for threats of violence against somebody, for a person to read.

    Announced ("I will … you"), conditional ("… or else"), wished for ("deserves to be …") and veiled ("we know where
    you live"). Idioms, sport, news, negations and threats that are quoted or reported as received are not meant.
    English has the full grammar; Spanish, French and German have a list of phrases.
    """

    def find(row: Row) -> Iterable[Evidence]:
        found = [item for item in _threats(row, params) if item.confidence >= params.min_confidence]
        return _outermost(found)

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
    yield from _plain_phrases(row)


def _announced(row: Row, sentence: tuple[int, int], verbs: list[Hit]) -> Iterator[Evidence]:
    words, text = row.text.words, row.text
    start, end = sentence
    openings = [(m.start(), m.end(), 0.9) for m in _INTENT.finditer(words, start, end)]
    openings += [(m.start(), m.end(), 0.7) for m in _CALL.finditer(words, start, end)]
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
    return len(between.split()) <= 3  # noqa: PLR2004 - "personally come and", no more


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
        if verb.term not in _PASSIVE_WISHES or text.is_reported(verb.start, verb.end):
            continue
        before = text.words[sentence[0] : verb.start]
        wish = _WISH.search(before)
        if wish and (_BE.search(before) or verb.term == "die") and not text.is_negated(verb.start):
            start = sentence[0] + wish.start()
            yield row.evidence(start, verb.end, "violence wished on somebody", 0.8 * _certainty(row, verb))
    hope = _HOPE.search(text.words, *sentence)
    if hope and not text.is_reported(hope.start(), hope.end()):
        yield row.evidence(hope.start(), hope.end(), "violence wished on somebody", 0.75)


def _plain_phrases(row: Row) -> Iterator[Evidence]:
    text = row.text
    for pattern, confidence in ((_ORDER, 0.8), (_OR_ELSE, 0.6)):
        for found in pattern.finditer(text.words):
            reported = text.is_reported(found.start(), found.end())
            if not reported and not text.is_negated(found.start(), reach=16) and not _is_sport(row, found.start()):
                yield row.evidence(found.start(), found.end(), "an order or condition with a threat", confidence)


def _certainty(row: Row, hit: Hit) -> float:
    factor = 0.4 if _is_sport(row, hit.start) else 1.0
    return factor * (0.7 if _JOKING.search(row.text.plain) else 1.0)


def _is_sport(row: Row, position: int) -> bool:
    return bool(_SPORT.search(row.text.words, *row.text.sentence_at(position)))


def _outermost(found: Iterable[Evidence]) -> list[Evidence]:
    kept: list[Evidence] = []
    for item in sorted(found, key=lambda item: (item.start - item.end, -item.confidence, item.start)):
        if not any(item.start < other.end and other.start < item.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)
