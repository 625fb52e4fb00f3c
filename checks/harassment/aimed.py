"""Whom an insult is aimed at, where that is somebody spoken to, an account mentioned or a name of the roster."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from checks.base import Row
from checks.cues import MENTION, named
from checks.harassment.around import I_AM_ABROAD, THING, TO_DO
from checks.harassment.grammar import Grammar
from checks.harassment.grammars import grammar_of
from checks.lexicons import Hit
from checks.word_classes import entries, pattern

#: "you are such an …", "you …!", "u r a"
_YOU_ARE = pattern(
    r"(?<![\w'])(?:you(?:'re| are| were|r| guys are| people are| all are| sound| look| must be| r)?|ur|u r|youre)"
    r"(?:\s+{insult_fills}){0,5}\s+$"
    # The same in Spanish, French, German and Portuguese, as the plain view shows them: without accents.
    r"|(?<![\w'])(?:(?:tu |vos |usted |ustedes )?(?:eres|sos|sois|es usted|son ustedes)|tu es|t'es|vous etes"
    r"|du bist|bist du|ihr seid|sie sind|voce e|voces sao|tu es|vc e|ces sao|espece d[e']|pedazo de|du|bande de)"
    r"(?:\s+{insult_fills_abroad}){0,4}\s+$"
    # "Was bist du für ein …", "ihr seid alle so …", "t con": more ways of German and French.
    r"|(?<![\w'-])(?:(?:was |wie )?(?:bist du|seid ihr|sind sie)(?: (?:doch|nur|eigentlich|bloss|denn))*(?: fur)?"
    r"|du bist|du|ihr seid|seid|sie sind|tu es|t'es|t es|t|vous etes|vs etes|espece d[e'])"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
    r"|(?<![\w'])(?:espece d'|bande d'|ramassis d')$"
    # "Sale …", "cállate, …": without the verb.
    r"|(?:^|(?<=[.!?,;:])\s?)(?:{called_abroad})(?:\s+{insult_fills_abroad}){0,3}\s+$"
    r"|(?<![\w']){sent_away_abroad},?\s+(?:{insult_fills_abroad}\s+){0,3}$"
)
#: "Sua …!", "ihr …!": called so, if nothing follows; else it is whose something is.
_YOUR_OWN = pattern(
    r"(?:(?:^|(?<=[.!?,;:]))\s?|{sent_away_abroad},?\s+)(?:seu|sua|seus|suas|ihr|sie)(?:\s+{insult_fills_abroad}){0,3}\s+$"
)
_AND_NO_MORE = re.compile(r"(?:\s[\w-]+)?\s*(?:[.!,]|$)")
#: "@x is such an …", "@x you …", "@x …": what links a name or handle with the insult.
_AFTER_NAME = pattern(
    r"^(?:,|:|\s-)?(?:\s+(?:is|was|are|remains|sounds like|looks like|acts like|you|ur|u|what|being|such)|'s)"
    r"(?:\s+{insult_fills}){0,5}\s+$"
    r"|^\s+(?:ist|war|bleibt|sind|waren|est|etait|reste|sont)"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french})){0,5}\s+$"
)
_DIRECTLY = re.compile(r"^[,:]?\s+$")
#: Too often a word about the matter rather than the person when it only follows a handle.
_ABOUT_MATTERS = frozenset(entries("about_matters"))
#: "What an … you are!"
_SO_YOU_ARE = pattern(
    r"(?:,?\s+[\w-]+)??(?:\s+{people}|\s+(?:for|of) an? \w+)?,?"
    r"\s+(?:you|u) (?:are|r|must be|turned out to be)(?!\w)(?! (?:not|never))"
)
#: "…, clown": called so at the end, in words to somebody.
_VOCATIVE = re.compile(r"(?<=\w),\s+(?:(?:you|old|little|poor|bloody|stupid|fucking|damn)\s+){0,3}$")
_ENDS = re.compile(r"\s*(?:[.!?]|$)")
_TO_SOMEBODY = pattern(r"(?<![\w'])(?:you|your|you're|u|ur|yourself)(?![\w'])|@|^\s*{sent_away}(?![\w'])")
_CONDITION = re.compile(
    r"\b(?:if|when|unless|whether|makes?|making|feel|feeling|let anyone|tell you|thinks?|thought"
    # What others say or one may fear, in German and French.
    r"|einreden|sagt|sagen|gesagt|fuhlst|fuhlt|glaubst|meinst|wenn du|wenn ihr|falls|als ob|als warst"
    r"|vous dire|te dire|dit|disent|fait croire|faire croire|sentez|sens|croyez|crois|penses|pensez|comme si)\b[^.!?]*$"
)
_MENTION = re.compile(MENTION)

#: Where somebody who may be aimed at stands in `Text.words`, and who that is.
Person = tuple[int, int, str]


def people_of(row: Row, aim: Collection[str]) -> tuple[list[Person], ...]:
    """Whom an insult of a post can be aimed at, kind by kind of those in `aim` (`roster`, `mention`), in text order."""
    return (_roster(row) if "roster" in aim else [], _mentions(row) if "mention" in aim else [])


def aim_of(
    row: Row, hit: Hit, sentence: tuple[int, int], people: Sequence[list[Person]], *, at_you: bool
) -> tuple[int, str] | None:
    """Where the words for the person start and who it is; None where nobody is aimed at.

    Args:
        row: the post.
        hit: the insult.
        sentence: the span in which the person may stand.
        people: as `people_of` has them.
        at_you: whether whoever is spoken to counts.
    """
    words, grammar = row.text.words, grammar_of(hit.language)
    before, after = words[sentence[0] : hit.start], words[hit.end : sentence[1]]
    if _is_of_no_person(hit, before, after) or grammar.is_of_no_person(before, after):
        return None
    if at_you:
        found = _you_are(hit, before) or grammar.you_are.search(before)
        if I_AM_ABROAD.match(after) or (found and grammar.denied.search(before, 0, found.start())):
            return None
        found = found or _your_own(hit, before, after)
        is_opening = not before.strip() and hit.sense in ("noun", "figure") and grammar.you_behind.match(after)
        if (
            found
            or is_opening
            or _is_so_called(grammar, after)
            or _is_called_out(hit, grammar, before, after)
            or (not before.strip() and hit.sense == "noun" and grammar.alone.match(after))
        ):
            return sentence[0] + found.start() if found else hit.start, "the person spoken to"
    return next(
        (
            (start, whom)
            for of_kind in people
            for start, end, whom in of_kind[bisect_left(of_kind, (sentence[0],)) : bisect_left(of_kind, (hit.start,))]
            if end <= hit.start and (_linked(words[end : hit.start], hit) or grammar.is_of_name(row, end, hit.start))
        ),
        None,
    )


def _is_of_no_person(hit: Hit, before: str, after: str) -> bool:
    """Whether it is said of a thing, or only of what somebody may think."""
    if THING.match(after) or (grammar_of(hit.language).reads_others_abroad and _CONDITION.search(before)):
        return True
    return hit.sense == "adjective" and TO_DO.match(after) is not None


def _you_are(hit: Hit, before: str) -> re.Match[str] | None:
    found = _YOU_ARE.search(before)
    return None if found and found.group().startswith("your") and hit.sense != "noun" else found


def _your_own(hit: Hit, before: str, after: str) -> re.Match[str] | None:
    is_whole = hit.language in ("pt", "de") and _AND_NO_MORE.match(after)
    return _YOUR_OWN.search(before) if is_whole else None


def _is_so_called(grammar: Grammar, after: str) -> bool:
    """Whether "… you are!" follows."""
    return bool(_SO_YOU_ARE.match(after) or grammar.so_you_are.match(after))


def _is_called_out(hit: Hit, grammar: Grammar, before: str, after: str) -> bool:
    """Whether somebody is called it at the end of what is said to them: "go back to kindergarten, clown"."""
    if hit.sense not in ("noun", "figure") or hit.term.endswith("s") or not _ENDS.match(after):
        return False
    return bool(_VOCATIVE.search(before)) and bool(_TO_SOMEBODY.search(before) or grammar.spoken_to.search(before))


def _roster(row: Row) -> list[Person]:
    people = named(row.text, row.context, ("person",))
    return [(person.start, person.end, "a name of the roster") for person in people]


def _mentions(row: Row) -> list[Person]:
    words = row.text.words
    # "RT @x" names whom a text is from.
    own = [match for match in _MENTION.finditer(words) if not words.endswith("rt ", 0, match.start())]
    return [(match.start(), match.end(), "the account mentioned") for match in own]


def _linked(between: str, hit: Hit) -> bool:
    """Whether "@x is such a …" or "@x, you …" or "@x …" links the name with the insult."""
    if _DIRECTLY.match(between):
        return hit.sense in ("noun", "figure") and hit.term not in _ABOUT_MATTERS
    return bool(_AFTER_NAME.match(between) or _YOU_ARE.search(between))
