"""What people say about themselves: disclaimers, membership, speaking for the association; and naming it at all.

Shared by the checks on disclosure and profiles (ALA-18 to ALA-20, LLL-35, LLL-36). Patterns read the folded view of a
text (`Text.plain`): lower case, accents folded, look-alikes undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from checks import disclaimers
from checks.text import Text, normal
from checks.word_classes import pattern


@dataclass(frozen=True)
class Found:
    """A span of `Text.plain` and what it is."""

    start: int
    end: int
    what: str


# --- naming somebody --------------------------------------------------------------------------------------------------


def find_names(text: Text, names: Iterable[str]) -> list[Found]:
    """Where any of the names (of people, partners, events) stands, as whole words, in text order."""
    any_name = _names_pattern(tuple(names))
    return [] if any_name is None else [Found(m.start(), m.end(), m.group()) for m in any_name.finditer(text.plain)]


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


def find_disclaimer(text: Text) -> Found | None:
    """A statement that views are one's own, in any of `checks.disclaimers.LANGUAGES`."""
    span = disclaimers.find_disclaimer(text)
    return Found(*span, "disclaimer") if span else None


# --- membership -------------------------------------------------------------------------------------------------------

#: A role that is not said of several people.
_ROLE_BEFORE = pattern(r"\b(?:{association_roles}|{association_roles_elsewhere})\b(?!s\b)[^.!?\n|]{0,30}\Z")
_ROLE_BEHIND = pattern(r"(?!'s\b)[^.!?\n|]{0,30}?\b(?:{association_roles}|{association_roles_elsewhere})\b")
#: What only the author can say of themselves, whatever stands around it.
_SELF_MEMBER = pattern(
    r"\b(?:i'm|i am|i've been|i have been|as|proud to be|being) (?:an? |the )?"
    r"(?:(?!not|no|never)\w+[- ]){0,3}{roles_of_ones_own}\b"
    r"|\b(?:proud|fellow|longtime|long-time|lifetime|active) (?:\w+ )?members?\b"
    r"|\b(?:soy|como) (?:miembro|soci[ao]|afiliad[ao])\b"
    r"|\b(?:je suis|en tant que) (?:membre|adherente?)\b"
    r"|\b(?:bin|als) (?:(?!kein|nicht|ein)\w+ |ein )?mitglied\b"
    r"|\b(?:sou|como) (?:membro|associad[ao])\b"
    r"|\b(?:sono|come|in qualita di) (?:membro|soci[ao])\b"
    r"|\b(?:ik ben|als) lid\b"
)
#: Before the association's name: "I belong to", and "my" where a chapter follows.
_BELONGS = re.compile(
    r"\b(?:i belong to|i joined|pertenezco a|j'appartiens a|ich gehore zur?|pertenco a|appartengo a)"
    r"\b[^.!?\n]{0,12}\Z"
)
_MINE = re.compile(r"\b(?:my|our|mi|mon|ma|meine?|minha|meu|mio|mijn) $")
_CHAPTER = re.compile(r"(?:\W+\w+)?\W+(?:chapter|section|kapitel|capitulo|chapitre|capitolo)\b")
_NOT_MEMBER = pattern(r"\b{not_a_member}\b[^.!?\n|;]{0,18}\Z")
#: Who invites others to become members says nothing of themselves.
_INVITES = pattern(r"\b(?:{invites_members}|{invites_members_elsewhere}|{congratulates_members})\b[^.!?\n]{0,25}\Z")


def says_member(text: Text, names: Iterable[str], *, of_profile: bool = True) -> bool:
    """Whether a text says that its author belongs to the association: "ALA member", "Treasurer, ALA Lakeside".

    Args:
        text: a profile or a post.
        names: the association as people write it.
        of_profile: a role beside the name says it in a profile; in a post it may be anybody's, so there the author must
            speak of themselves.
    """
    if any(_is_own(text, said.start()) for said in _SELF_MEMBER.finditer(text.plain)):
        return True
    named = tuple(names)
    tagged = any(_tag_of(name).search(text.plain) for name in named)
    return tagged or any(_belongs(text, name, of_profile=of_profile) for name in find_association(text, named))


@lru_cache(maxsize=64)
def _tag_of(name: str) -> re.Pattern[str]:
    # Hashtags are split at their capitals, and "#ALAmember" has one too many for that.
    letters = " ?".join(re.sub(r"[^a-z]", "", normal(name)))
    return re.compile(rf"#{letters} ?(?:m ?ember|m ?itglied|m ?embre|m ?iembro|m ?embro)\b")


def _is_own(text: Text, start: int) -> bool:
    before = text.plain[max(0, start - 30) : start]
    return not (_INVITES.search(before) or _NOT_MEMBER.search(before))


def _belongs(text: Text, name: Found, *, of_profile: bool) -> bool:
    before, after = text.plain[max(0, name.start - 45) : name.start], text.plain[name.end : name.end + 45]
    if _BELONGS.search(before) or (_MINE.search(before) and _CHAPTER.match(after)):
        return _is_own(text, name.start)
    if not of_profile:
        return False
    ahead = _ROLE_BEFORE.search(before)
    behind = _ROLE_BEHIND.match(after)
    return bool((ahead and _is_plain_role(before[: ahead.start()])) or (behind and _is_plain_role(before)))


def _is_plain_role(before: str) -> bool:
    return not (_NOT_MEMBER.search(before) or _INVITES.search(before) or re.search(r"\b(?:the|to)\s$", before))
