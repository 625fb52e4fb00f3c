"""Finders of personal data in free text: phones, e-mail, street addresses, birth dates, card and id numbers.

Pure functions of a text. They say where something stands, not whether it breaks a rule: `checks.personal` decides
that, with what the policy and the roster say. Grammars are anchored by what the data itself must have (a dialling
plan, a check digit, a house number before a capitalised street name), because a loose pattern would accuse people
over "28 close contacts" or "via Zoom 7 pm".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from checks.personal_data.addresses import find_addresses
from checks.personal_data.births import find_birth_dates
from checks.personal_data.cards import find_cards_and_accounts
from checks.personal_data.emails import find_emails
from checks.personal_data.health import find_health_details
from checks.personal_data.ids import find_id_numbers
from checks.personal_data.network import find_ip_addresses
from checks.personal_data.phones import find_phones
from checks.personal_data.published import NOTHING_ALLOWED, Allowed
from checks.personal_data.spans import LIKELY, Kind, Span, first_wins, mask

__all__ = ["NOTHING_ALLOWED", "Allowed", "Kind", "Span", "find_health_details", "find_personal", "mask", "may_hold"]

#: Six digits close together may be data even in a link ("wa.me/…", an address of the network).
_MANY_DIGITS = re.compile(r"\d(?:[^\w\n]{0,4}\d){5}|\d\.\d{1,3}\.\d{1,3}\.\d|\d{3}-[A-Za-z]{3}")
#: Fewer digits count outside links and handles only.
_FEW_DIGITS = re.compile(r"(?:https?://[^\s\d]*+|(?<![\w.+%-])@[^\W\d]*+)(?:\d[^\s\d]*+)*+|(?P<digit>\d)")


#: A mailbox as machines write it, or spelled.
_MAILBOX = re.compile(r"[\w.+%'&-]@[\w-]|[\[({<]\s?(?:at|a|@|arroba|arobase)\s?[\])}>]| dot ", re.IGNORECASE)


def may_hold(text: str) -> bool:
    """Whether there can be anything to find in a text: digits that count, or the sign of a mailbox."""
    return _has_digits(text) or (_may_hold_mailbox(text) and _MAILBOX.search(text) is not None)


def _may_hold_mailbox(text: str) -> bool:
    # Looking for a few strings takes a tenth of the time.
    return any(map(text.__contains__, _MAILBOX_SIGNS)) or " dot " in text.lower()


_MAILBOX_SIGNS = ("@", "(", "[", "{", "<")


def _has_digits(text: str) -> bool:
    if _DIGIT.search(text) is None:
        return False
    return any(found["digit"] for found in _FEW_DIGITS.finditer(text)) or _MANY_DIGITS.search(text) is not None


_DIGIT = re.compile(r"\d")


def find_personal(
    text: str,
    *,
    country: str = "US",
    allowed: Allowed = NOTHING_ALLOWED,
    at_least: float = LIKELY,
) -> list[Span]:
    """Every piece of personal data in a text, in order and without overlap.

    Args:
        text: as stored; spans count its code points.
        country: ISO 3166 alpha-2 of the chapter, for phone numbers without a country code.
        allowed: published contact data, left out.
        at_least: spans less sure than this are left out; 0 also gives help lines, role mailboxes and look-alikes.
    """
    found = chain(
        find_emails(text, allowed=allowed),
        _find_numbers(text, country, allowed) if _has_digits(text) else (),
    )
    # A look-alike must not hide what is sure, so the sure ones come first; within each the order above decides.
    kept = sorted((span for span in found if span.confidence >= at_least), key=lambda span: span.confidence < LIKELY)
    return sorted(first_wins(kept))


def _find_numbers(text: str, country: str, allowed: Allowed) -> Iterator[Span]:
    return chain(
        find_cards_and_accounts(text),
        find_id_numbers(text),
        find_ip_addresses(text),
        find_birth_dates(text),
        find_phones(text, country=country, allowed=allowed),
        find_addresses(text, allowed=allowed),
    )
