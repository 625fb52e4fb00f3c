"""E-mail addresses of people, also spelled out."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import tldextract

from checks.personal_data.published import NOTHING_ALLOWED, Allowed
from checks.personal_data.spans import UNLIKELY, URL, Kind, Span, within
from checks.word_classes import entries

_EMAIL = re.compile(r"(?<![\w.+@/%-])[\w+%][\w.+%'&-]{0,63}@((?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,23})(?![\w@])")
_AT = r"(?:\s?[\[({<]\s?(?:at|a|@|arroba|arobase)\s?[\])}>]\s?)"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|d|\.|punkt|punto|point|ponto)\s?[\])}>]\s?|\.)"
#: The signs said aloud, in the languages of the rules.
_SAID_DOT = "(?: (?:dot|punkt|punto|ponto|point) )"
_SAID_AT = "(?: (?:at|ät|arroba|arobase|aroba) | ?@ ?)"
#: One of these is in every mailbox said so; "point" is too common a word to look for.
SAID = (" dot ", " punkt ", " punto ", " ponto ", " arobase ")
#: Spelled with brackets, or all in words: "name at mailbox dot org".
_SPELLED = re.compile(
    rf"(?<![\w.+-])(?P<local>[\w+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,3}})"
    rf"{_AT}(?P<domain>[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}})(?![\w@])"
    rf"|(?<![\w.+-])(?P<words>[\w.+-]{{1,64}}(?:{_SAID_DOT}[\w+-]{{1,64}}){{0,2}}"
    rf"{_SAID_AT}[\w-]{{1,63}}(?:{_SAID_DOT}[\w-]{{1,63}}){{1,3}})(?!\w)",
    re.IGNORECASE,
)
#: Blanks around the sign and the dot, or a sign for a word before a plain domain: "name @ mailbox . org".
_APART = re.compile(
    r"(?<![\w.+@/%-])(?P<local>[\w+][\w.+-]{0,63})"
    r"(?: @ ?|(?P<at> at ))"
    r"(?P<domain>(?:[\w-]{1,63} ?\. ?){1,4}[a-z]{2,12})(?!\w)",
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
    re.compile(r"ail[^\n]{0,24}? at [\w-]{1,63}\.[A-Za-z]"),
    re.compile(r" at (?:gmail|yahoo|hotmail|outlook|icloud|aol|proton|gmx)\."),
)
_MAY_SPELL = re.compile(r"[\[({<]\s?(?:at|a|@|arroba|arobase)\s?[\])}>]|" + "|".join(SAID), re.IGNORECASE)
#: Words before "at", where a place is told and no mailbox.
_BEFORE_AT = frozenset(entries("before_a_place"))
#: Names of mailboxes that belong to an office, not to a person.
_ROLE_MAILBOXES = frozenset(entries("office_mailboxes"))
#: RFC 2606 names, which no suffix list knows and documentation and samples use.
_RESERVED_ENDINGS = ("example", "test", "invalid")
#: At signs of other character sets.
_SIGNS = str.maketrans("＠﹫", "@@")
_BEFORE = 30
_suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


def find_emails(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Mail addresses: not published ones, not the official domain's, not names inside a web address.

    Mailboxes of an office (info@, press@) are given with the confidence `spans.UNLIKELY`.
    """
    text = text.translate(_SIGNS)
    if "@" in text:
        urls = [match.span() for match in URL.finditer(text)]
        for match in _EMAIL.finditer(text):
            if _is_mail_domain(match[1]) and not within(match.start(), urls):
                yield from _span(match, match.group(), 0.95, allowed)
    if may_be_apart(text):
        yield from _apart(text, allowed)
    if not _MAY_SPELL.search(text):
        return
    for match in _SPELLED.finditer(text):
        address = _unspelled(match)
        if match["words"] and address.partition("@")[0].casefold() in _BEFORE_AT:
            continue
        if "." in address.rpartition("@")[2] and _is_mail_domain(address.rpartition("@")[2]):
            yield from _span(match, address, 0.6 if match["words"] else 0.85, allowed)


def may_be_apart(text: str) -> bool:
    """Whether there can be a mailbox whose sign stands between blanks or is a word."""
    return any(pattern.search(text) for pattern in APART)


def _apart(text: str, allowed: Allowed) -> Iterator[Span]:
    for match in _APART.finditer(text):
        domain = re.sub(r"\s", "", match["domain"])
        cued = _MAIL_CUE.search(text[max(0, match.start() - _BEFORE) : match.start()]) is not None
        shaped = _MAILBOX_SHAPE.fullmatch(match["local"]) is not None
        # "Email registration at …", "dinner @ …": a word of the language alone is no mailbox.
        meant = (shaped or (cued and not match["at"])) and (cued or not match["at"])
        meant = meant or (_FREEMAIL.match(domain) is not None and match["local"].casefold() not in _BEFORE_AT)
        if meant and _is_mail_domain(domain):
            yield from _span(match, f"{match['local']}@{domain}", 0.7, allowed)


def _span(match: re.Match[str], address: str, confidence: float, allowed: Allowed) -> Iterator[Span]:
    address = address.casefold().strip(".'")
    if not _is_own(address, allowed):
        yield Span(match.start(), match.end(), Kind.EMAIL, UNLIKELY if _is_office(address) else confidence)


def _unspelled(match: re.Match[str]) -> str:
    if match["words"]:
        signed = re.sub(_SAID_AT, "@", match["words"], flags=re.IGNORECASE)
        return re.sub(_SAID_DOT, ".", signed, flags=re.IGNORECASE)
    local, domain = (re.sub(_DOT, ".", match[part], flags=re.IGNORECASE) for part in ("local", "domain"))
    return f"{local}@{domain}"


@lru_cache(maxsize=4096)
def _is_mail_domain(domain: str) -> bool:
    lowered = domain.casefold()
    return lowered.endswith(tuple(f".{ending}" for ending in _RESERVED_ENDINGS)) or bool(_suffixes(lowered).suffix)


def _is_own(address: str, allowed: Allowed) -> bool:
    domain = address.rpartition("@")[2]
    official = any(domain == own or domain.endswith(f".{own}") for own in allowed.domains)
    return official or address in allowed.emails


def _is_office(address: str) -> bool:
    mailbox = address.rpartition("@")[0]
    return not _ROLE_MAILBOXES.isdisjoint({mailbox, *re.split(r"[._+-]", mailbox)})
