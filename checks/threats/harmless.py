# ruff: noqa: E501 - grammars read better unbroken
"""Talk with the words of violence that threatens nobody: sport, games, the kitchen, jokes, warnings of what is dangerous."""

from __future__ import annotations

import re
from functools import lru_cache

from checks.base import Row
from checks.text import Text
from checks.threats.places import REACH

_SPORT = re.compile(
    r"(?<!\w)(?:game|match|season|tournament|trivia|league|golf|softball|bowling|kickball|chili|cook-?off|playoffs?"
    r"|finals?"
    r"|scoreboard|monopoly|scrabble|chess|karaoke|bracket|team|championship|opponents?|cosplay|novel|film"
    r"|movie|episode|protagonist|screenplay|last act|last chapter|fortnite|minecraft|playstation|xbox|paintball"
    r"|climbing|zip ?line|bungee|ropes course|in (?:a|the) (?:pot|pan|skillet)|simmer|laser tag|dodgeball|pickleball|nerf|\w+ kart|on points|(?:third|second|first|final) set|collect the|unlock"
    r"|character|thriller|villain|zombies?|levels?|boss fight|rounds?|round (?:one|two|three|\d+)|knockout"
    r"|the ring|boxing|boxer"
    r"|my money is on|half ?time|quest|dragons?|dungeon|avatar|respawn|villains|syrup|butter|garlic|dough"
    r"|batter|sauce"
    r"|oven tray|whisk|recipe|frying pan)(?!\w)"
)
#: The same in Spanish, French, German and Portuguese: sport, games, the kitchen.
_SPORT_ELSEWHERE = re.compile(
    r"(?<!\w)(?:partidos?|cancha|torneo|campeonato|ajedrez|domino|videojuegos?|juego|truco|futbol|receta|sarten"
    r"|tournoi|matchs?|partie|echecs|belote|petanque|jeu video|jeux|recette|poele"
    r"|turniers?|spiel(?:en|s|e)?|schach|skat|kicker|tischtennis|fussball|rezept|pfanne"
    r"|jogo|jogos|partida|torneio|xadrez|futebol|baralho|receita|frigideira)(?!\w)"
)
_JOKING = re.compile(r"(?<!\w)(?:lol|haha+|hehe+|jk|just kidding|rofl|lmao|😂|🤣|😆|😜|;\))")


def is_safety(text: Text, start: int) -> bool:
    """Whether it is a warning: "if you drink and drive you will die"."""
    return bool(_SAFETY.search(text.words, max(text.sentence_at(start)[0], start - REACH), start))


_SAFETY = re.compile(
    r"(?<![\w'])(?:if|when|unless|before) (?:you|u)(?: \w+){0,2}? (?:drink|drive|text|smoke|climb|skip|swim"
    r"|eat|mix|inhale|fall"
    r"|breathe|speed|vape|overdose|wear|slip|touch (?:a|the|that|this) (?:wire|stove|line)|stop taking"
    r"|don't (?:wear|take|vaccinate))"
    r"(?![\w'])"
    r"|(?:^|[.!?]\s*)(?:wear|use|take|get|buckle|hold|mind|check|fasten|put on|drink|don't|do not|never"
    r"|always)[^.!?\n]{1,50}? or\s+$"
)


def certainty(row: Row, position: int) -> float:
    """By how much a finding is to be believed: less where people talk of sport or laugh."""
    factor = 0.4 if is_sport(row, position) or (row.language != "en" and _is_sport_elsewhere(row, position)) else 1.0
    return factor * (0.7 if _is_joking(row.text) else 1.0)


@lru_cache(maxsize=16)
def _is_joking(text: Text) -> bool:
    return bool(_JOKING.search(text.plain))


def is_no_threat_talk(text: Text) -> bool:
    """Whether a text talks of sport, games, stories, the kitchen, or warns of what is dangerous."""
    return bool(_SPORT.search(text.words) or _SAFE_ADVICE.search(text.words))


#: The same warning, read from its beginning.
_SAFE_ADVICE = re.compile(
    r"(?<![\w'])(?:if|when|unless|before) (?:you|u)(?: \w+){0,2}? (?:drink|drive|text|smoke|climb|skip|swim"
    r"|eat|mix|inhale|fall"
    r"|breathe|speed|vape|overdose|wear|slip)(?![\w'])"
    r"|(?:^|[.!?]\s*)(?:wear|use|take|buckle|hold|mind|fasten|put on)[^.!?\n]{1,50}? or (?:you|u)(?![\w'])"
    r"|(?<![\w'])(?:smoking|speeding|drinking|vaping|alcohol|tobacco|asbestos|stress|salt|sugar|heat ?stroke"
    r"|viruse?s?|the virus"
    r"|covid(?:-19)?|flu|measles|cancer|infections?|bacteria|drugs?|opioids?|fentanyl|disease|heart attacks?"
    r"|strokes?|air pollution)"
    r" (?:\w+ ){0,2}?(?:kills?|killed|hurts?|harms?|poisons?|attacks?)(?![\w'])"
)


def is_sport(row: Row, position: int) -> bool:
    """Whether the sentence is of sport, games, stories or the kitchen."""
    return _sport_in(row.text, row.text.sentence_at(position))


def _is_sport_elsewhere(row: Row, position: int) -> bool:
    return bool(_SPORT_ELSEWHERE.search(row.text.words, *row.text.sentence_at(position)))


@lru_cache(maxsize=16)
def _sport_in(text: Text, sentence: tuple[int, int]) -> bool:
    return bool(_SPORT.search(text.words, *sentence))
