"""Contact data an association publishes itself, in every way it may be written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

_EXTENSION = re.compile(r"[ ,;]{0,2}(?:x|ext|extension|#)[.: ]{0,2}\d{1,6}$", re.IGNORECASE)
_FEWEST_DIGITS = 6


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
        phones = [contact for contact in listed if "@" not in contact and _is_phone(contact)]
        keys = frozenset(key for phone in phones for key in phone_keys(phone, country))
        places = tuple(_plain(contact) for contact in listed if "@" not in contact and contact not in phones)
        emails = frozenset(contact.casefold() for contact in listed if "@" in contact)
        return cls(emails, keys, places, frozenset(domain.casefold() for domain in domains))


NOTHING_ALLOWED = Allowed()


def parse(raw: str, region: str) -> phonenumbers.PhoneNumber | None:
    """What a region's dialling plan makes of a text, or None where it is no number there."""
    try:
        return phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        # Not a number in this plan; the caller tries the next one.
        return None


def phone_keys(written: str, country: str) -> frozenset[str]:
    """The digits a phone number is known by: as the plan reads it, and as written without prefix or extension.

    A chapter may publish a number its country's plan does not know (reserved, new, or simply short): it is the same
    number all the same, so the digits count beside the plan.
    """
    bare = _EXTENSION.sub("", written)
    digits = re.sub(r"\D", "", bare.replace("(0)", ""))
    number = parse(bare, country)
    keys = {digits, digits.lstrip("0")}
    if number is not None:
        keys |= {f"{number.country_code}{number.national_number}", str(number.national_number)}
    return frozenset(key for key in keys if len(key) >= _FEWEST_DIGITS)


def is_published_phone(written: str, country: str, allowed: Allowed) -> bool:
    """Whether a phone number is one the association publishes, however both are written."""
    return bool(allowed.phones) and not allowed.phones.isdisjoint(phone_keys(written, country))


def _is_phone(contact: str) -> bool:
    return re.fullmatch(r"(?:tel[.:]? ?)?[\d\s().+/ext\-\u2010-\u2013]{7,34}", contact, re.IGNORECASE) is not None


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
