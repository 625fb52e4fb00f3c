"""Whom a verb of violence is done to, and whether that is a person, a body or only a thing."""

from __future__ import annotations

import re

from checks.base import Row
from checks.cues import named
from checks.harm import OBJECT, POSSESSED
from checks.lexicons import Hit
from checks.word_classes import entries, pattern

#: The lexicon of groups whose members can be victims.
GROUPS = "groups"
PRONOUNS = frozenset({"them", "it", "her", "him", "em", "'em"})
#: Pronouns that stand inside a phrase of violence ("run you over"): it has its victim already.
_WITHIN = frozenset({"you", "him", "her", "them"})

#: What nobody does to a thing, wherever it is done.
NEVER_THINGS = frozenset(
    {"hurt", "harm", "rape", "strangle", "stab", "murder", "torture", "behead", "lynch", "castrate", "assassinate"}
)
#: Verbs of which hardly anything but a person is the object: one hangs, drowns and executes things, too.
_ONLY_PEOPLE = frozenset(
    {"kill*", "murder", "strangle", "rape", "lynch", "behead", "assassinate", "castrate", "stab", "shoot"}
)
_ALSO_FILMED = frozenset({"kill*", "shoot"})
_BODILY_VERBS = frozenset({"hurt", "harm", "punch", "slap", "smack", "cripple", "bash", "attack", "stomp"})
#: Of one who is called names: "somebody needs to cap this bitch".
_BLOWS = frozenset(entries("blows"))
CONTEMPT = pattern(r"{contempt}$")
#: "beat her senseless", "punch him in the face".
BODILY = pattern(
    r"\s+(?:{hit_until}"
    r"|(?:right |straight |square )?(?:in|on|across|upside|over) (?:the|her|his|your|their) (?:\w+ )?{hit_at}"
    r"|(?:with|w/) (?:a|an|my|the|your))(?!\w)"
)

#: Posters are hung, films are shot and candles are burned, too.
THINGS_DONE = re.compile(r"\s+(?:in|on|up|at|from|outside|near|by|above|over|around|there|here|for|with|a|an|some)\b")
#: "kill her career", "shoot your movie".
OWNED = pattern(r"(?:'s)?\s+(?:some|a|an|the|over|{their_things})\b")
#: "Hang the women's quilts": what is theirs, and no part of them (`POSSESSED`).
_BELONGING = pattern(r"'s?\s+(?!{kin_and_home}(?![\w']))\w")
#: A thing of hers: "hang her coat", "stone her counters".
HER_THING = pattern(r"\s+(?!(?:fucking |own |whole )?(?:{people}|{body})(?![\w']))(?!{after_her}(?![\w']))[a-z]")

#: A name stands right behind its verb, with a blank or a sign between.
_NEXT_WORD = 3
#: What may stand between a verb and a group ("shoot all the filthy …"), and how long it may be.
_ALL_OF = re.compile(
    r"(?:\s+(?:up|down|off|all|the|these|those|every|any|each|some|an?|another|next|last|single|one|of"
    r"|fucking|filthy|dirty|damn|stupid|ugly|\w+ing))*\s+$"
)
_ALL_REACH = 40
#: A first and a last name and then the end of the clause; whether in capitals the stored text tells.
_FULL_NAME = pattern(
    r" ((?:{honorifics}\.? )?[a-z][\w'-]+ [a-z][\w'-]+)"
    r"(?=[\s.!]*$|[.!,;]| (?:and|or|for (?:this|that|what)|with|before|already|if|in)(?![\w']))"
)
_TITLES = frozenset(entries("title_ends"))


def end_of_victim(row: Row, verb: Hit, end: int) -> int | None:
    """Where the object of the verb ends, when it is a person; None when it is a thing or nobody."""
    words = row.text.words
    if not _WITHIN.isdisjoint(verb.term.split()[1:]):
        return verb.end
    possessed = POSSESSED.match(words, verb.end, end)
    if possessed:
        return possessed.end()
    found = OBJECT.match(words, verb.end, end)
    whole = _named_next(row, verb) or (found.end() if found else _group_next(row, verb)) or _capitals_next(row, verb)
    if whole is None or OWNED.match(words, whole, end) or _BELONGING.match(words, whole, end):
        return None
    who, bodily = (found.group("who"), found.group("out")) if found else ("", None)
    if not _is_meant_for(verb, who, words[verb.end : end], whole - verb.end, bool(bodily)):
        return None
    return bodily_end(words, whole, end)


def bodily_end(words: str, whole: int, end: int) -> int:
    """Where what follows a victim ends, if it says how a body is hurt: "in the face"; else `whole`."""
    found = BODILY.match(words, whole, end)
    return found.end() if found else whole


def is_person(row: Row, found: re.Match[str]) -> bool:
    """Whether a plural that no list has ("Xs should be shot") is a group of the lexicon."""
    place = found.span("kin") if "kin" in found.re.groupindex else (-1, -1)
    return place[0] < 0 or any(place[0] <= hit.start and hit.end <= place[1] for hit in row.hits(GROUPS, also=("en",)))


def _is_meant_for(verb: Hit, who: str, after: str, at: int, bodily: bool) -> bool:
    """Whether a body is meant and no thing of hers, nothing hung on a wall. `at`: where the object ends in `after`."""
    bodily = bodily or bool(BODILY.match(after, at))
    # A weak verb ("beat", "hit") is meant for a body only with more words: "beat you up".
    if verb.sense == "weak" and verb.term not in _BODILY_VERBS and not bodily:
        return verb.term in _BLOWS and bool(CONTEMPT.search(after[:at]))
    if verb.term in NEVER_THINGS or verb.term in _ONLY_PEOPLE - _ALSO_FILMED:
        return True
    if who == "her" and HER_THING.match(after, at):
        return False
    return bodily or not (who in PRONOUNS and THINGS_DONE.match(after, at))


def _named_next(row: Row, verb: Hit) -> int | None:
    """Where a name of the roster that follows the verb directly ends."""
    people = named(row.text, row.context, ("person",))
    return next((person.end for person in people if 0 < person.start - verb.end <= _NEXT_WORD), None)


def _group_next(row: Row, verb: Hit) -> int | None:
    """Where a group that the verb is done to ends: "shoot all the Xs"."""
    for group in row.hits(GROUPS, also=("en",)):
        if 0 < group.start - verb.end <= _ALL_REACH and _ALL_OF.fullmatch(row.text.words, verb.end, group.start):
            return group.end
    return None


def _capitals_next(row: Row, verb: Hit) -> int | None:
    """Where a first and a last name in capitals that follow the verb end."""
    found = _FULL_NAME.match(row.text.words, verb.end) if verb.term in _ONLY_PEOPLE else None
    if found is None:
        return None
    written = row.text.cut(*found.span(1)).split()
    is_name = all(word[:1].isupper() and word[1:].islower() for word in written) and written[-1] not in _TITLES
    return found.end() if is_name else None
