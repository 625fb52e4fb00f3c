"""What people say about themselves: disclaimers, membership, speaking for the association; and naming it at all.

Shared by the checks on disclosure and profiles (ALA-18 to ALA-20, LLL-35, LLL-36). Patterns read the folded view of a
text (`Text.plain`): lower case, accents folded, look-alikes undone.
"""

# ruff: noqa: E501, RUF001, ISC004 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from checks.text import Text, normal


@dataclass(frozen=True)
class Found:
    """A span of `Text.plain` and what it is."""

    start: int
    end: int
    what: str


# --- naming somebody --------------------------------------------------------------------------------------------------


def find_names(text: Text, names: Iterable[str]) -> list[Found]:
    """Where any of the names (of people, partners, events) stands, as whole words, in text order."""
    pattern = _names_pattern(tuple(names))
    return [] if pattern is None else [Found(m.start(), m.end(), m.group()) for m in pattern.finditer(text.plain)]


@lru_cache(maxsize=512)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    folded = sorted({normal(name).strip() for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, folded))})(?!\w)") if folded else None


def find_association(text: Text, names: Iterable[str]) -> list[Found]:
    """Where an association is named. Short forms in capitals count only in capitals: "ALA" is not "à la"."""
    found = []
    for match in _association_pattern(tuple(names)).finditer(text.plain):
        stored = text.cut(match.start(), match.end())
        short = len(match.group().replace(" ", "")) <= _SHORT
        if not short or stored.upper() == stored:
            found.append(Found(match.start(), match.end(), stored))
    return found


_SHORT = 5


@lru_cache(maxsize=64)
def _association_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    folded = sorted({normal(name).strip() for name in names}, key=len, reverse=True)
    return re.compile(rf"(?<![\w@.])(?:{'|'.join(map(re.escape, folded))})(?![\w@])")


# --- disclaimers ------------------------------------------------------------------------------------------------------

_SUBJECT = (
    r"(?:views?|opinions?|tweets?|posts?|thoughts?|comments?|statements?|content|musings|ramblings|takes|everything)"
)
_FILLER = (
    r"(?:expressed|shared|posted|stated|written|presented|here|herein|in|on|this|these|my|the|page|account|site|website|"
    r"profile|blog|post|and|or|&|views|opinions|thoughts|comments|tweets|posts|are|is|all|as|a|by|me|i|share|express|"
    r"contained|always|of|course|any|at|they|re)"
)
_LINK = r"[\s=:;,/|'’*~()\-–—]{1,4}"
_OWNED = r"(?:(?:all|solely|entirely|strictly|purely|only|completely|very much|just)\s+)*(?:my own|mine|her own|his own|their own|own|personal)"
_ENDED = r"(?=\s*(?:$|[^\w\s'’]|\n|and\b|not\b|only\b|alone\b|or\b|do(?:es)?\b|in\b|rt\b))"
_DISCLAIMERS = (
    rf"\b{_SUBJECT}(?:{_LINK}{_FILLER}){{0,12}}{_LINK}{_OWNED}{_ENDED}",
    r"\b(?:all )?(?:my )?(?:own|personal) (?:views|opinions|thoughts)\b(?: only)?(?! (?:of|on|about|matter))",
    r"\b(?:views|opinions|tweets|posts)\b[^.!?\n]{0,80}\b(?:do not|don't|does not|doesn't|may not|not)(?: necessarily| always)?"
    r" (?:represent|reflect|those of|the (?:views|opinions) of|necessarily those of)",
    r"\b(?:do not|don't|does not|doesn't|not)(?: necessarily)? (?:represent|reflect) (?:the )?(?:official )?(?:views|opinions|"
    r"position|positions|policy|stance)\b",
    r"\bmy (?:own )?(?:views|opinions|thoughts)(?: only\b|,? (?:and )?not (?:those|lll|ala|my|the|any)\w*)",
    r"\b(?:views|opinions)\b[^.!?\n]{0,40}\bthose of the author\b|\bnothing (?:here|i (?:say|post|write))\b[^.!?\n]{0,30}\brepresents?\b",
    r"\b(?:anything|everything|what(?:ever)?|all)\b[^.!?\n]{0,30}\b(?:is|are|'s) (?:just |only )?my (?:own |personal )*(?:opinions?|views?)\b",
    r"\bnot (?:necessarily )?(?:those|the (?:views|opinions)) of (?:my|the|any|la|a)?\b",
    r"\b(?:i )?(?:only )?speak(?:s|ing)? (?:only )?for myself\b|\bi (?:do not|don't|never) speak for\b|\bnot speaking (?:for|on behalf of)\b",
    r"\bin (?:a|my) (?:purely |strictly )?(?:personal|private) capacity\b",
    # Spanish
    r"\b(?:opiniones|opinion|tuits|tweets|puntos de vista|comentarios|lo que (?:escribo|publico))\b[^.!?\n]{0,50}"
    r"\b(?:propi[ao]s?|personal(?:es)?|mi[ao]s|solo mi[ao]s|mi responsabilidad)\b",
    r"\ba titulo (?:personal|individual|propio)\b|\bno (?:representan?|reflejan?)\b[^.!?\n]{0,30}\b(?:de|la opinion|las opiniones|a)\b",
    # French
    r"\bn'engagent? que moi\b|\b(?:propos|avis|opinions?|tweets|points de vue|publications)\b[^.!?\n]{0,40}"
    r"\b(?:personnels?|personnelles?|les miens|les miennes|a moi|ma seule responsabilite)\b",
    r"\ba titre (?:personnel|prive)\b|\b(?:ne refletent pas|ne representent pas)\b",
    # German
    r"\b(?:meinung(?:en)?|ansichten|tweets|beitrage|posts|ausserungen)\b[^.!?\n]{0,40}\b(?:meine eigenen?|mein(?:e)? eigen\w*|"
    r"privat|personlich|meine persönlichen|nur meine|allein meine)\b",
    r"\b(?:nur )?meine (?:eigene|personliche|private)n? (?:meinung(?:en)?|ansichten|sicht)\b|\bhier (?:rein )?privat\b|\bprivater (?:account|kanal)\b",
    r"\b(?:private|personliche|eigene) meinung(?:en)?\b|\bals privatperson\b",
    r"\b(?:alles|hier|nur)(?: nur| ist)* meine (?:eigene |personliche )?meinung\b",
    # Portuguese
    r"\b(?:opinioes|opiniao|tweets|posts|comentarios|visoes)\b[^.!?\n]{0,50}\b(?:pessoa(?:l|is)|propri[ao]s?|minhas?|meus)\b",
    r"\ba titulo pessoal\b|\bnao (?:representam?|refletem?)\b",
    # Italian
    r"\b(?:opinioni|opinione|tweet|pareri|idee|commenti|post)\b[^.!?\n]{0,40}\b(?:personal[ei]|mi[ei]|mie|propri[ei]|solo mie)\b",
    r"\ba titolo personale\b|\bnon (?:rappresentano|riflettono)\b",
    # Dutch
    r"\b(?:mening(?:en)?|tweets?|berichten)\b[^.!?\n]{0,30}\b(?:van mijzelf|van mezelf|persoonlijke?|eigen|op persoonlijke titel)\b",
    r"\bop persoonlijke titel\b|\b(?:eigen|persoonlijke) mening\b",
)
_DISCLAIMER = re.compile("|".join(f"(?:{pattern})" for pattern in _DISCLAIMERS))


def find_disclaimer(text: Text) -> Found | None:
    """A statement that views are one's own, in English, Spanish, French, German, Portuguese, Italian or Dutch.

    "In my opinion" is an opinion, not a disclaimer, and "retweets are no endorsements" says nothing about the views.
    """
    match = _DISCLAIMER.search(text.plain)
    return Found(match.start(), match.end(), "disclaimer") if match else None


# --- membership -------------------------------------------------------------------------------------------------------

_ROLE = (
    r"(?:members?(?:hip)?|president(?:-elect)?|vice[- ]president|treasurer|secretary|board|director|volunteer|leaders?|officer|"
    r"chair(?:man|woman|person)?|committee|staff|admin(?:istrator)?|delegate|ambassador|miembros?|soci[ao]s?|afiliad[ao]|"
    r"membres?|adherente?|benevole|mitglied\w*|vorstand|ehrenamtlich\w*|membros?|associad[ao]|lid|iscritt[ao])"
)
_SELF_MEMBER = re.compile(
    r"\b(?:i'm|i am|i've been|i have been|as|proud to be|being) (?:an? |the )?(?:(?!not|no|never)\w+[- ]){0,3}(?:member|president|treasurer|"
    r"secretary|board member|volunteer|leader|chair|officer)\b|\b(?:proud|fellow|longtime|long-time|lifetime|active) members?\b|"
    r"\b(?:soy|como) (?:miembro|soci[ao])\b|\b(?:je suis|en tant que) (?:membre|adherente?)\b|\b(?:bin|als) mitglied\b|"
    r"\b(?:sou|como) (?:membro|associad[ao])\b|\b(?:sono|come|in qualita di) (?:membro|soci[ao])\b",
)
_NOT_MEMBER = re.compile(r"\b(?:not|never|isn't|no longer|non|ex|former|lapsed)[- ](?:an? |the )?(?:\w+ )?$")


#: Who invites others to become members says nothing of themselves.
_INVITES = re.compile(
    r"\b(?:join|become|becoming|sign up|register|renew|welcome|welcoming|invite|why)\b[^.!?\n]{0,25}$"
)


def says_member(text: Text, names: Iterable[str]) -> bool:
    """Whether a text says that its author belongs to the association: "ALA member", "Treasurer, ALA Lakeside"."""
    for said in _SELF_MEMBER.finditer(text.plain):
        if not _INVITES.search(text.plain[max(0, said.start() - 30) : said.start()]):
            return True
    for name in find_association(text, names):
        around = text.plain[max(0, name.start - 45) : name.start], text.plain[name.end : name.end + 45]
        before = re.search(rf"\b{_ROLE}\b[^.!?\n|]{{0,30}}$", around[0])
        after = re.match(rf"(?:'s)?[^.!?\n|]{{0,30}}?\b{_ROLE}\b", around[1])
        if (before and not _NOT_MEMBER.search(around[0][: before.start()])) or (
            after and not _NOT_MEMBER.search(around[0]) and not _INVITES.search(around[0])
        ):
            return True
    return False
