"""E-mail addresses that are spelled, set apart or cut short so that machines do not read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.personal_data.mail_domains import is_mail_domain
from checks.word_classes import entries

_AT = r"(?:\s?[\[({<]\s?(?:at|ät|a|@|arroba|arobase)\s?[\])}>]\s?)"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|d|\.|punkt|punto|point|ponto)\s?[\])}>]\s?|\.)"
#: The signs said aloud, in the languages of the rules.
_SAID_DOT = "(?: (?:dot|punkt|punto|ponto|point) )"
_SAID_AT = "(?: (?:at|ät|arroba|arobase|aroba) | ?@ ?)"
#: One of these is in every mailbox said so; "point" is too common a word to look for.
_MARKED = ("_dot_", "-dot-", "/dot/", "/ dot /", "#at#", "*at*")
SAID = (" dot ", " punkt ", " punto ", " ponto ", " arobase ", *_MARKED)
#: Spelled with brackets, or all in words: "name at mailbox dot org".
_SPELLED = re.compile(
    rf"(?<![\w.+-])(?P<local>[\w+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,3}})"
    rf"{_AT}(?P<domain>[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}})(?![\w@])"
    rf"|(?<![\w.+-])(?P<words>[\w.+-]{{1,64}}(?:{_SAID_DOT}[\w+-]{{1,64}}){{0,2}}"
    rf"{_SAID_AT}[\w-]{{1,63}}(?:{_SAID_DOT}[\w-]{{1,63}}){{1,3}})(?!\w)",
    re.IGNORECASE,
)
#: Between other signs than brackets: "name_at_mailbox_dot_org", "name #at# mailbox.org".
_BETWEEN_SIGNS = re.compile(
    r"(?<![\w.+-])(?P<local>[\w.+-]{1,64}?)"
    r"\s?(?P<sign>[_#*/-])\s?at\s?(?P=sign)\s?"
    r"(?P<domain>[\w-]{1,63}?(?:(?:\s?(?P=sign)\s?dot\s?(?P=sign)\s?|(?<![_/-])\.)[a-z][\w-]{1,62}?){1,3})(?![\w@])",
    re.IGNORECASE,
)
_SIGNED_DOT = re.compile(r"\s?[_#*/-]\s?dot\s?[_#*/-]\s?", re.IGNORECASE)
#: A house where everybody has a mailbox, without its ending: "name84@gmail", "gmail: name84".
_HOUSES = "gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|protonmail|gmx"
_AT_A_HOUSE = re.compile(
    rf"(?<![\w.+@/%-])(?P<local>[\w+][\w.+-]{{2,63}})(?P<at>@| at | ?\(at\) ?)(?P<house>{_HOUSES})(?![\w.]\w|\w)"
    rf"|(?<![\w@.])(?P<own>gmail|hotmail)\s?[:=]\s?(?P<name>[^\W\d_]+[._+\d-]+\w*)(?![\w@])",
    re.IGNORECASE,
)
#: Blanks around the sign and the dot, or a sign for a word before a plain domain: "name @ mailbox . org".
_APART = re.compile(
    r"(?<![\w.+@/%-])(?P<local>[\w+][\w.+-]{0,63}(?: \. ?[\w+-]{1,63}){0,2})"
    r"(?: @ ?|@ |(?P<at> at ))"
    r"(?P<domain>(?:[\w-]{1,63} ?\. ?){1,4}[a-z]{2,12})(?!\w|\s?@)",
    re.IGNORECASE,
)
#: Words of mail before, the shape of a mailbox's name, and houses where everybody has one.
_MAIL_CUE = re.compile(
    r"\b(?:e-?mail|mail|correo|courriel|write|gmail)\b[^\w\n]{0,3}(?:(?:me|us|him|her|is|to|at|address)\b[^\w\n]{0,3}){0,3}$",
    re.IGNORECASE,
)
_MAILBOX_SHAPE = re.compile(r"[^\W\d_]+[._+\d-]+\w*")
_FREEMAIL = re.compile(
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton|protonmail|gmx|live|msn)\.", re.IGNORECASE
)
#: What a match of `_APART` holds, each with letters first that are found fast.
APART = (
    re.compile(r" @ ?[\w-]+ ?\. ?[A-Za-z]"),
    re.compile(r"@ [\w-]+ ?\. ?[A-Za-z]"),
    re.compile(r" at [\w-]{1,63}\.[a-z]", re.IGNORECASE),
)
_MAY_SPELL = re.compile(
    r"[\[({<]\s?(?:at|ät|a|@|arroba|arobase)\s?[\])}>]|" + "|".join(map(re.escape, SAID)), re.IGNORECASE
)
#: What a match of `_AT_A_HOUSE` holds: one of the names, with a sign before or behind it.
HOUSES = tuple(_HOUSES.split("|"))
_HOUSE_SIGN = re.compile(rf"(?:@| at |\(at\) ?)(?:{_HOUSES})|(?:gmail|hotmail) ?[:=]")
#: Words before "at", where a place is told and no mailbox.
_BEFORE_AT = frozenset(entries("before_a_place"))
_BEFORE = 30


class Found(NamedTuple):
    """Where an address stands, how it would be written, and how sure it is one."""

    start: int
    end: int
    address: str
    confidence: float


def find_disguised(text: str) -> Iterator[Found]:
    """Every address that is not written plainly, whoever it belongs to."""
    if may_be_apart(text):
        yield from _apart(text)
    if may_be_at_a_house(text):
        yield from _at_a_house(text)
    if _MAY_SPELL.search(text):
        yield from _between_signs(text)
        yield from _spelled(text)


def may_be_apart(text: str) -> bool:
    """Whether there can be a mailbox whose sign stands between blanks or is a word."""
    return any(pattern.search(text) for pattern in APART)


def may_be_at_a_house(text: str) -> bool:
    """Whether a house where everybody has a mailbox is named with a sign before or behind it."""
    low = text.lower()
    return any(house in low for house in HOUSES) and _HOUSE_SIGN.search(low) is not None


def _between_signs(text: str) -> Iterator[Found]:
    for match in _BETWEEN_SIGNS.finditer(text):
        domain = _SIGNED_DOT.sub(".", match["domain"])
        if is_mail_domain(domain):
            yield Found(match.start(), match.end(), f"{match['local']}@{domain}", 0.75)


def _spelled(text: str) -> Iterator[Found]:
    for match in _SPELLED.finditer(text):
        address = _unspelled(match)
        local, _, domain = address.rpartition("@")
        if match["words"] and local.partition("@")[0].casefold() in _BEFORE_AT:
            continue
        if "." in domain and is_mail_domain(domain):
            yield Found(match.start(), match.end(), address, 0.6 if match["words"] else 0.85)


def _at_a_house(text: str) -> Iterator[Found]:
    for match in _AT_A_HOUSE.finditer(text):
        local, house = match["local"] or match["name"], match["house"] or match["own"]
        cued = _MAIL_CUE.search(text[max(0, match.start() - _BEFORE) : match.start()]) is not None
        # "She works at yahoo": a word of the language alone is no mailbox.
        said = match["at"] == " at "
        if not said or cued or _MAILBOX_SHAPE.fullmatch(local):
            yield Found(match.start(), match.end(), f"{local}@{house}.com", 0.65)


def _apart(text: str) -> Iterator[Found]:
    for match in _APART.finditer(text):
        domain = re.sub(r"\s", "", match["domain"])
        cued = _MAIL_CUE.search(text[max(0, match.start() - _BEFORE) : match.start()]) is not None
        local = re.sub(r"\s", "", match["local"])
        shaped = _MAILBOX_SHAPE.fullmatch(local) is not None
        # "Email registration at …", "dinner @ …": a word of the language alone is no mailbox.
        meant = (shaped or (cued and not match["at"])) and (cued or not match["at"])
        meant = meant or (_FREEMAIL.match(domain) is not None and match["local"].casefold() not in _BEFORE_AT)
        if meant and is_mail_domain(domain):
            yield Found(match.start(), match.end(), f"{local}@{domain}", 0.7)


def _unspelled(match: re.Match[str]) -> str:
    if match["words"]:
        signed = re.sub(_SAID_AT, "@", match["words"], flags=re.IGNORECASE)
        return re.sub(_SAID_DOT, ".", signed, flags=re.IGNORECASE)
    local, domain = (re.sub(_DOT, ".", match[part], flags=re.IGNORECASE) for part in ("local", "domain"))
    return f"{local}@{domain}"
