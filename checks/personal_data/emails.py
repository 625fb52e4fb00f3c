"""E-mail addresses of people, also spelled out."""

# ruff: noqa: E501, SIM905 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import tldextract

from checks.personal_data.published import NOTHING_ALLOWED, Allowed
from checks.personal_data.spans import UNLIKELY, URL, Kind, Span, within

_EMAIL = re.compile(r"(?<![\w.+@/%-])[\w+%][\w.+%'&-]{0,63}@((?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,23})(?![\w@])")
_AT = r"(?:\s?[\[({<]\s?(?:at|a|@|arroba|arobase)\s?[\])}>]\s?)"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|d|\.|punkt|punto|point|ponto)\s?[\])}>]\s?|\.)"
#: Spelled with brackets, or all in words: "name at mailbox dot org".
_SPELLED = re.compile(
    rf"(?<![\w.+-])(?P<local>[\w+-]{{1,64}}(?:{_DOT}[\w+-]{{1,64}}){{0,3}}){_AT}(?P<domain>[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}})(?![\w@])"
    r"|(?<![\w.+-])(?P<words>[\w.+-]{1,64}(?: dot [\w+-]{1,64}){0,2} at [\w-]{1,63}(?: dot [\w-]{1,63}){1,3})(?!\w)",
    re.IGNORECASE,
)
_MAY_SPELL = re.compile(r"[\[({<]\s?(?:at|a|@|arroba|arobase)\s?[\])}>]| dot ", re.IGNORECASE)
#: Words before "at", where a place is told and no mailbox.
_BEFORE_AT = frozenset(
    (
        "look us me you him her them find found meet see visit available here online live now is are was only join shop order read more page site "
        "website blog up in out back it this that tickets register info details buy watch listen starting everyone team work working"
    ).split()
)
#: Names of mailboxes that belong to an office, not to a person.
_ROLE_MAILBOXES = frozenset(
    (
        "info contact hello office admin press media marketing support help service events registration membership "
        "board webmaster noreply no-reply donate donations volunteer careers jobs sales billing privacy abuse newsletter "
        "team secretary treasurer president hr photo photos contest photocontest casework internships ads kontakt presse contacto contato contatti accueil bonjour postmaster"
    ).split(),
)
#: RFC 2606 names, which no suffix list knows and documentation and samples use.
_RESERVED_ENDINGS = ("example", "test", "invalid")
_suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


def find_emails(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Mail addresses: not published ones, not the official domain's, not names inside a web address.

    Mailboxes of an office (info@, press@) are given with the confidence `spans.UNLIKELY`.
    """
    if "@" in text:
        urls = [match.span() for match in URL.finditer(text)]
        for match in _EMAIL.finditer(text):
            if _is_mail_domain(match[1]) and not within(match.start(), urls):
                yield from _span(match, match.group(), 0.95, allowed)
    if not _MAY_SPELL.search(text):
        return
    for match in _SPELLED.finditer(text):
        address = _unspelled(match)
        if match["words"] and address.partition("@")[0].casefold() in _BEFORE_AT:
            continue
        if "." in address.rpartition("@")[2] and _is_mail_domain(address.rpartition("@")[2]):
            yield from _span(match, address, 0.6 if match["words"] else 0.85, allowed)


def _span(match: re.Match[str], address: str, confidence: float, allowed: Allowed) -> Iterator[Span]:
    address = address.casefold().strip(".'")
    if not _is_own(address, allowed):
        yield Span(match.start(), match.end(), Kind.EMAIL, UNLIKELY if _is_office(address) else confidence)


def _unspelled(match: re.Match[str]) -> str:
    if match["words"]:
        return re.sub(" dot ", ".", re.sub(" at ", "@", match["words"], flags=re.IGNORECASE), flags=re.IGNORECASE)
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
