"""LLL-01: is it clear that a personal account is a Leader's? By the words of its profile or of the post itself.

A rule whose scope says `affiliated` is asked of a personal account only where the affiliation is shown: a name of the
association and a Leader's role beside each other ("LLL Leader", "Leader of LLL Oaks", "#LLLLeader"), a link of the
profile to an official domain, a post that says "as an LLL Leader", or the roster's own word (`affiliated: true` of the
account). Everywhere else the answer is "not judged". Spaces of the association itself need no showing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from chapterwatch.model import Space
from chapterwatch.policy import Affiliation
from checks.base import Row
from checks.statements import Found
from checks.text import Text, normal, prepare
from checks.word_classes import pattern

NOT_SHOWN = "affiliation_not_shown"
NOT_SEEN = "profile_not_seen"

#: Between the name and the role may stand a place or a sign, but no other sentence.
_BETWEEN = r"[^.!?\n]{0,40}?"
_REACH = 60
#: Up to this many letters a name is read in capitals only: "lll" may be anything.
_SHORT = 5
#: Somebody else is the Leader, or one is no longer, not yet or not at all.
#: In one breath, or "my friend, an": behind another comma one speaks of oneself again ("loves tea, LLL Leader").
_SOMEBODY_ELSE = pattern(
    r"\b(?:{somebody_else_before}|{somebody_else_before_elsewhere})\b(?:[^.!?\n|;·•,]{0,25}|[^.!?\n|;·•]{0,25}, an? )\Z"
)
#: Right before it: "no", "was an", "raised by an".
_NOT_ME = pattern(r"\b{somebody_else_right_before}(?: an?| the)? \Z")
#: What else somebody leads: "Scout Leader".
_ELSEWHERE = pattern(r"\b{leads_elsewhere}[ -]\Z")
_NO_LONGER = pattern(
    # "LLL Leader's husband", "LLL-Beraterin a. D."
    r"(?:'s? {kin_of_a_leader}\b"
    r"|[^\w.!?\n]{0,3}(?:{no_longer_behind}"
    r"|ret\b"
    r"|until \d{4}"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d|a\. ?d\b"
    r"|{no_longer_behind_elsewhere}))"
)
_FIRST_PERSON = pattern(
    r"(?:\b(?:i am|i'm|im|i've been|i have been|as|being|me as|also|now) (?:an? |the |one of the )?"
    r"|\b{am_a} (?:una? |une |eine? |uma |een |en |et )?)(?:{proud_or_new} )?[^.!?\n]{0,6}\Z"
    r"|\ben tant qu'\Z"
)
_URL = re.compile(r"(?:https?://)?(?:www\.)?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12})(?![\w@.-]*@)", re.IGNORECASE)


@dataclass(frozen=True)
class _Patterns:
    #: A name and a role beside each other, in either order; groups `name` and `role`.
    pairs: tuple[re.Pattern[str], ...]
    #: Both written as one word, as handles and hashtags do.
    joined: re.Pattern[str]


def unaffiliated(row: Row, given: Affiliation) -> str | None:
    """Why a rule for affiliated accounts cannot judge this row, or None where it can.

    Args:
        row: a post or a profile of any space.
        given: how the pack's policy says that an affiliation is shown.
    """
    if row.get("space") != Space.LEADER_PROFILE or row.account_key in row.context.affiliated_accounts:
        return None
    if in_profile(_profile_of(row), given, row.context.official_domains):
        return None
    if in_handle(str(row.get("handle", "")), given):
        return None
    if row.subject == "profile":
        return NOT_SHOWN
    if in_post(row.text, given):
        return None
    return NOT_SEEN if row.get("bio") is None else NOT_SHOWN


def _profile_of(row: Row) -> str:
    # A post carries its account's profile in one column, a profile has one for each.
    fields = ("name", "bio", "website", "location") if row.subject == "profile" else ("bio",)
    return "\n".join(str(row.get(field, "")) for field in fields)


@lru_cache(maxsize=4096)
def in_profile(profile: str, given: Affiliation, official_domains: tuple[str, ...]) -> bool:
    """Whether a profile's text shows the affiliation: by name and role, by hashtag, or by an official link."""
    text = prepare(profile)
    return _links_officially(profile, official_domains) or any(
        not _is_somebody_else(text, found) for found in _pairs(text, given)
    )


@lru_cache(maxsize=4096)
def in_handle(handle: str, given: Affiliation) -> bool:
    """Whether a handle joins a name and a role, as `kim_lll_leader` and `LLLLeaderKim` do."""
    return _patterns(given).joined.search(_squashed(handle)) is not None


def in_post(text: Text, given: Affiliation) -> bool:
    """Whether a post says of its author that they are a Leader; naming Leaders is not enough."""
    return any(
        _FIRST_PERSON.search(text.plain[max(0, found.start - _REACH) : found.start])
        and not _NO_LONGER.match(text.plain, found.end)
        for found in _pairs(text, given)
    )


def _links_officially(profile: str, domains: tuple[str, ...]) -> bool:
    hosts = {match.group(1).casefold().removeprefix("www.") for match in _URL.finditer(profile)}
    wanted = tuple(map(str.casefold, domains))
    return any(host == domain or host.endswith(f".{domain}") for host in hosts for domain in wanted)


def _pairs(text: Text, given: Affiliation) -> list[Found]:
    patterns = _patterns(given)
    found = [
        Found(match.start(), match.end(), match["role"])
        for pair in patterns.pairs
        for match in pair.finditer(text.plain)
        if _is_name(text, *match.span("name")) and not _ELSEWHERE.search(text.plain[: match.start("role")][-_REACH:])
    ]
    tags = [match for match in re.finditer(r"#(\w{4,60})", text.plain) if patterns.joined.match(_squashed(match[1]))]
    return [*found, *(Found(tag.start(), tag.end(), tag[1]) for tag in tags)]


def _is_name(text: Text, start: int, end: int) -> bool:
    stored = text.cut(start, end)
    return len(stored) > _SHORT or stored.upper() == stored


def _is_somebody_else(text: Text, found: Found) -> bool:
    before = text.plain[max(0, found.start - _REACH) : found.start]
    inside = text.plain[found.start : found.end]
    return bool(
        _SOMEBODY_ELSE.search(before)
        or _NOT_ME.search(before)
        or _NO_LONGER.match(text.plain, found.end)
        or re.search(r"\b(?:not an?|former|retired|ehemalige?|ancienne?|exlider)\b", inside)
    )


@lru_cache(maxsize=16)
def _patterns(given: Affiliation) -> _Patterns:
    names, roles = _any_of(given.names), _any_of(given.roles)
    # ASCII borders: Japanese and Chinese put no space between the name and the role.
    name = rf"(?<![a-z0-9@.])(?P<name>{names})(?![a-z0-9@])"
    role = rf"(?P<role>(?<![a-z0-9])(?:{roles})(?![a-z0-9]))"
    if others := _any_of(tuple(role for role in given.roles if not role.isascii())):
        role = rf"(?P<role>(?<![a-z0-9])(?:{roles})(?![a-z0-9])|(?:{others})(?![a-z0-9]))"
    squashed = "|".join(filter(None, map(_squashed, given.names)))
    squashed_roles = "|".join(filter(None, (_squashed(role) for role in given.roles if role.isascii())))
    return _Patterns(
        (re.compile(name + _BETWEEN + role), re.compile(role + _BETWEEN + name)),
        re.compile(rf"(?:{squashed})(?:{squashed_roles})(?!s(?![a-z]))"),
    )


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(sorted((re.escape(normal(word).strip()) for word in words), key=len, reverse=True))


def _squashed(words: str) -> str:
    return re.sub(r"[^a-z]", "", normal(words))
