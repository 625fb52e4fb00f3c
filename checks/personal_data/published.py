"""Contact data an association publishes itself, in every way it may be written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers


@dataclass(frozen=True)
class Allowed:
    """Contact data an association publishes itself, in every way it may be written."""

    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, contacts: Iterable[str], domains: Iterable[str] = (), *, country: str = "US") -> Allowed:
        """From roster entries: e-mail addresses, phone numbers and postal addresses in any order."""
        listed = [contact.strip() for contact in contacts]
        phones = {number for contact in listed if (number := e164(contact, country))}
        places = tuple(_plain(contact) for contact in listed if "@" not in contact and not e164(contact, country))
        emails = frozenset(contact.casefold() for contact in listed if "@" in contact)
        return cls(emails, frozenset(phones), places, frozenset(domain.casefold() for domain in domains))


NOTHING_ALLOWED = Allowed()


def parse(raw: str, region: str) -> phonenumbers.PhoneNumber | None:
    """What a region's dialling plan makes of a text, or None where it is no number there."""
    try:
        return phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        # Not a number in this plan; the caller tries the next one.
        return None


def e164(contact: str, country: str) -> str | None:
    """A published contact as +<country><number>, or None where it is not a phone number."""
    if "@" in contact or not re.fullmatch(r"[\d\s().+/ext\-\u2010-\u2013]{7,30}", contact):
        return None
    number = parse(contact, country)
    return None if number is None else e164_of(number)


def e164_of(number: phonenumbers.PhoneNumber) -> str:
    """A number as +<country><number>."""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_SHORT_FORMS = {
    "st": "street",
    "ave": "avenue",
    "rd": "road",
    "blvd": "boulevard",
    "ln": "lane",
    "dr": "drive",
    "ste": "suite",
    "hwy": "highway",
    "pkwy": "parkway",
    "ct": "court",
    "pl": "place",
    "sq": "square",
    "strasse": "straße",
}


def _plain(place: str) -> str:
    words = re.findall(r"\w+", place.casefold())
    return f" {' '.join(_SHORT_FORMS.get(word, word) for word in words)} "


def is_published(place: str, allowed: Allowed) -> bool:
    """Whether a street address is one the association publishes."""
    plain = _plain(place)
    return any(plain in known or known in plain for known in allowed.places)
