"""E-mail addresses of people, also disguised."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.personal_data.emails_disguised import Found, find_disguised
from checks.personal_data.mail_domains import is_mail_domain
from checks.personal_data.published import NOTHING_ALLOWED, Allowed
from checks.personal_data.spans import UNLIKELY, URL, Kind, Span, within
from checks.word_classes import entries

_EMAIL = re.compile(
    r"(?<![\w.+@/%-])[\w+%][\w.+%'&-]{0,63}@((?:[\w-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{1,59}|[^\W\d_]{2,24}))(?![^\W_]|@)"
)
#: A comma for the dot before the last part.
_COMMA = re.compile(
    r"(?<![\w.+@/%-])(?P<local>[\w+][\w.+-]{0,63})@(?P<domain>[\w-]{1,63}),(?P<end>com|org|net|edu|info)(?!\w)"
)
#: Names of mailboxes that belong to an office, not to a person.
_ROLE_MAILBOXES = frozenset(entries("office_mailboxes"))
#: The same run together with a name: "dana.photocontest", "lakesideinternships".
_ROLE_ENDINGS = tuple(entries("office_mailbox_endings"))
#: At signs of other character sets.
_SIGNS = str.maketrans("＠﹫．｡。", "@@...")


def find_emails(text: str, *, allowed: Allowed = NOTHING_ALLOWED) -> Iterator[Span]:
    """Mail addresses: not published ones, not the official domain's, not names inside a web address.

    Mailboxes of an office (info@, press@) are given with the confidence `spans.UNLIKELY`.
    """
    text = text.translate(_SIGNS)
    for found in (*(_written(text) if "@" in text else ()), *find_disguised(text)):
        address = found.address.casefold().strip(".'")
        if not _is_own(address, allowed):
            sure = UNLIKELY if _is_office(address) else found.confidence
            yield Span(found.start, found.end, Kind.EMAIL, sure)


def _written(text: str) -> Iterator[Found]:
    urls = [match.span() for match in URL.finditer(text)]
    for match in _EMAIL.finditer(text):
        if is_mail_domain(match[1]) and not within(match.start(), urls):
            yield Found(match.start(), match.end(), match.group(), 0.95)
    for match in _COMMA.finditer(text):
        yield Found(match.start(), match.end(), f"{match['local']}@{match['domain']}.{match['end']}", 0.7)


def _is_own(address: str, allowed: Allowed) -> bool:
    domain = address.rpartition("@")[2]
    official = any(domain == own or domain.endswith(f".{own}") for own in allowed.domains)
    return official or address in allowed.emails


def _is_office(address: str) -> bool:
    mailbox = address.rpartition("@")[0]
    if mailbox.rstrip("0123456789._-").endswith(_ROLE_ENDINGS):
        return True
    return not _ROLE_MAILBOXES.isdisjoint({mailbox, *re.split(r"[._+-]", mailbox)})
