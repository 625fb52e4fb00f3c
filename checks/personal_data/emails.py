"""E-mail addresses of people, also spelled out."""

# ruff: noqa: E501, SIM905 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import tldextract

from checks.personal_data.published import NOTHING_ALLOWED, Allowed
from checks.personal_data.spans import URL, Kind, Span, within

_EMAIL = re.compile(r"(?<![\w.+@/%-])[\w.+%-]{1,64}@((?:[\w-]{1,63}\.){1,8}[A-Za-z][\w-]{1,23})(?![\w@])")
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?[\[({]\s?at\s?[\])}]\s?"
    r"([\w-]{1,63}(?:\s?(?:[\[({]\s?dot\s?[\])}]|\.)\s?[\w-]{1,63}){1,4})(?!\w)",
    re.IGNORECASE,
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
    """Mail addresses of people: not role mailboxes, not the official domain's, not names inside a web address."""
    if "@" in text:
        urls = [match.span() for match in URL.finditer(text)]
        for match in _EMAIL.finditer(text):
            address = match.group().casefold().strip(".")
            if _is_mail_domain(match[1]) and not within(match.start(), urls) and not _is_office(address, allowed):
                yield Span(match.start(), match.end(), Kind.EMAIL)
    for match in _SPELLED_EMAIL.finditer(text):
        domain = re.sub(r"\s?[\[({]\s?dot\s?[\])}]\s?", ".", match[1], flags=re.IGNORECASE)
        if "." in domain and _is_mail_domain(domain):
            local = re.split(r"\s?[\[({]", match.group(), maxsplit=1)[0]
            if not _is_office(f"{local}@{domain}".casefold(), allowed):
                yield Span(match.start(), match.end(), Kind.EMAIL, 0.8)


@lru_cache(maxsize=4096)
def _is_mail_domain(domain: str) -> bool:
    lowered = domain.casefold()
    return lowered.endswith(tuple(f".{ending}" for ending in _RESERVED_ENDINGS)) or bool(_suffixes(lowered).suffix)


def _is_office(address: str, allowed: Allowed) -> bool:
    mailbox, _, domain = address.rpartition("@")
    official = any(domain == own or domain.endswith(f".{own}") for own in allowed.domains)
    return (
        official
        or address in allowed.emails
        or not _ROLE_MAILBOXES.isdisjoint({mailbox, *re.split(r"[._+-]", mailbox)})
    )
