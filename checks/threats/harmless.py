"""Talk with the words of violence that threatens nobody: sport, games, the kitchen, jokes, warnings of dangers."""

from __future__ import annotations

import re
from functools import lru_cache

from checks.base import Row
from checks.text import Text
from checks.threats.places import REACH
from checks.word_classes import pattern

_SPORT = pattern(r"(?<!\w)(?:{games}|round (?:one|two|three|\d+)|{fiction}|{cooking})(?!\w)")
_SPORT_ELSEWHERE = pattern(r"(?<!\w){games_elsewhere}(?!\w)")
_SPORT_IN_DUTCH = pattern(r"(?<!\w){dutch_games}(?!\w)")
_JOKING = re.compile(r"(?<!\w)(?:lol|haha+|hehe+|jk|just kidding|rofl|lmao|😂|🤣|😆|😜|;\))")
#: "If you drink and drive …", "wear your helmet or …": what is foretold after it is a danger.
_SAFETY = pattern(
    r"(?<![\w'])(?:if|when|unless|before) (?:you|u)(?: \w+){0,2}?"
    r" (?:{risky}|touch (?:a|the|that|this) (?:wire|stove|line)|stop taking|don't (?:wear|take|vaccinate))(?![\w'])"
    r"|(?:^|[.!?\n]\s*)(?:{careful}|get|check|drink|don't|do not|never|always)[^.!?\n]{1,50}? or\s+$"
)
#: The same warning, read from its beginning; and what is dangerous itself: "smoking kills".
_SAFE_ADVICE = pattern(
    r"(?<![\w'])(?:if|when|unless|before) (?:you|u)(?: \w+){0,2}? {risky}(?![\w'])"
    r"|(?:^|[.!?\n]\s*){careful}[^.!?\n]{1,50}? or (?:you|u)(?![\w'])"
    r"|(?<![\w']){dangers} (?:\w+ ){0,2}?(?:kills?|killed|hurts?|harms?|poisons?|attacks?)(?![\w'])"
)


def certainty(row: Row, position: int) -> float:
    """By how much a finding is to be believed: less where people talk of sport or laugh."""
    factor = 0.4 if is_sport(row, position) or (row.language != "en" and _is_sport_elsewhere(row, position)) else 1.0
    return factor * (0.7 if _is_joking(row.text) else 1.0)


def is_sport(row: Row, position: int) -> bool:
    """Whether the sentence is of sport, games, stories or the kitchen."""
    return _sport_in(row.text, row.text.sentence_at(position))


def is_safety(text: Text, start: int) -> bool:
    """Whether it is a warning: "if you drink and drive you will die"."""
    return bool(_SAFETY.search(text.words, max(0, text.sentence_at(start)[0] - 1, start - REACH), start))


def is_no_threat_talk(text: Text) -> bool:
    """Whether a text talks of sport, games, stories, the kitchen, or warns of what is dangerous."""
    return bool(_SPORT.search(text.words) or _SAFE_ADVICE.search(text.words))


def _is_sport_elsewhere(row: Row, position: int) -> bool:
    place = row.text.sentence_at(position)
    if row.language == "nl" and _SPORT_IN_DUTCH.search(row.text.words, *place):
        return True
    return bool(_SPORT_ELSEWHERE.search(row.text.words, *place))


@lru_cache(maxsize=16)
def _sport_in(text: Text, sentence: tuple[int, int]) -> bool:
    return bool(_SPORT.search(text.words, *sentence))


@lru_cache(maxsize=16)
def _is_joking(text: Text) -> bool:
    return bool(_JOKING.search(text.plain))
