"""Made-up values for the slots of functional tests: `{phone:GB}`, `{card:amex}`, `{iban}`, `{digits:8}`.

Nothing here belongs to anybody. Telephone numbers stand in the ranges that regulators keep free for fiction, or are the
examples of the `phonenumbers` library where a country keeps none; card numbers are those that payment services publish
for tests, bank accounts the examples of the SWIFT registry, addresses of machines those of RFC 5737 and RFC 3849.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

import phonenumbers
from phonenumbers import PhoneNumberFormat

#: National numbers kept free for films and books; `x` is any digit. NANPA, Ofcom, ACMA, ComReg, Arcep, BNetzA.
_FICTION: Mapping[str, tuple[str, ...]] = {
    "US": ("202555013x", "31255501xx", "70755501xx", "84555501xx"),
    "CA": ("41655501xx", "60455501xx", "51455501xx"),
    "GB": ("07700900xxx", "02079460xxx", "01134960xxx", "01632960xxx"),
    "AU": ("0491570156", "0491570159", "02555001xx", "03701001xx"),
    "IE": ("02091012xx",),
    "FR": ("01990012xx", "06399812xx"),
    "DE": ("03023125xxx", "0171392001x", "015228817386"),
}
_CARDS: Mapping[str, tuple[str, ...]] = {
    "visa": ("4111111111111111", "4242424242424242", "4012888888881881", "4000056655665556"),
    "mastercard": ("5555555555554444", "5105105105105100", "2223003122003222", "5200828282828210"),
    "amex": ("378282246310005", "371449635398431", "378734493671000"),
    "discover": ("6011111111111117", "6011000990139424"),
    "jcb": ("3530111333300000", "3566002020360505"),
    "diners": ("30569309025904", "38520000023237"),
    "unionpay": ("6200000000000005",),
    "maestro": ("6759649826438453", "6304000000000000"),
}
_IBANS = (
    *("AT611904300234573201", "BE68539007547034", "BG80BNBG96611020345678", "CH9300762011623852957"),
    *("CY17002001280000001200527600", "CZ6508000000192000145399", "DE89370400440532013000", "DK5000400440116243"),
    *("EE382200221020145685", "ES9121000418450200051332", "FI2112345600000785", "FR1420041010050500013M02606"),
    *("GB29NWBK60161331926819", "GR1601101250000000012300695", "HR1210010051863000160", "IE29AIBK93115212345678"),
    *("HU42117730161111101800000000", "IT60X0542811101000000123456", "LU280019400644750000", "NL91ABNA0417164300"),
    *("LT121000011101001000", "MT84MALT011000012345MTLCAST001S", "NO9386011117947", "PL61109010140000071219812874"),
    *("PT50000201231234567890154", "RO49AAAA1B31007593840000", "SE4550000000058398257466", "SI56263300012039086"),
    *("SK3112000000198742637541", "TR330006100519786457841326", "AE070331234567890123456", "SA0380000000608010167519"),
)
_V4 = ("192.0.2.", "198.51.100.", "203.0.113.")
_V6 = (
    "2001:db8::{0:x}",
    "2001:db8:{0:x}::{1:x}",
    "2001:0db8:85a3:0000:0000:8a2e:0370:{1:04x}",
    "2001:db8:{0:x}:1::{1:x}:9",
)


def value(kind: str, argument: str, dice: random.Random) -> str:
    """One value of a kind.

    Raises:
        KeyError: there is no such kind, or the kind does not know the argument.
    """
    return _KINDS[kind](argument, dice)


def _phone(region: str, dice: random.Random) -> str:
    """A telephone number as people of the region write it, at home or for abroad."""
    number = phonenumbers.parse(_national(region, dice), region)
    home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    abroad = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    parted = [re.sub(r"\D+", mark, home).strip(mark) for mark in (".", "-", " ")]
    return dice.choice((home, home, abroad, *parted, re.sub(r"\D", "", home), re.sub(r"[^\d+]", "", abroad)))


def _national(region: str, dice: random.Random) -> str:
    if region in _FICTION:
        return "".join(str(dice.randrange(10)) if sign == "x" else sign for sign in dice.choice(_FICTION[region]))
    of_kind = dice.choice((phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE))
    example = phonenumbers.example_number_for_type(region, of_kind)
    if example is None:
        raise KeyError(region)
    return phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)


def _card(brand: str, dice: random.Random) -> str:
    number = dice.choice(_CARDS[brand])
    lengths = (4, 6, len(number) - 10) if len(number) in (14, 15) else (4,) * 4
    return dice.choice((number, _parted(number, lengths, " "), _parted(number, lengths, "-")))


def _no_card(brand: str, dice: random.Random) -> str:
    """Of a card's length and look, with a check digit that is wrong."""
    number = dice.choice(_CARDS[brand])
    return number[:-1] + str((int(number[-1]) + dice.randrange(1, 10)) % 10)


def _iban(country: str, dice: random.Random) -> str:
    number = dice.choice([iban for iban in _IBANS if iban.startswith(country)] if country else _IBANS)
    return dice.choice((number, " ".join(re.findall(".{1,4}", number))))


def _no_iban(_: str, dice: random.Random) -> str:
    """Of the look of an account, with check digits that are wrong."""
    number = dice.choice(_IBANS)
    return f"{number[:2]}{(int(number[2:4]) + dice.randrange(1, 90)) % 97 + 2:02}{number[4:]}"


def _ssn(_: str, dice: random.Random) -> str:
    return f"{dice.randrange(773, 900)}-{dice.randrange(1, 100):02}-{dice.randrange(1, 10_000):04}"


def _ipv4(_: str, dice: random.Random) -> str:
    return dice.choice(_V4) + str(dice.randrange(1, 255))


def _ipv6(_: str, dice: random.Random) -> str:
    return dice.choice(_V6).format(dice.randrange(16, 65_536), dice.randrange(1, 65_536))


def _digits(length: str, dice: random.Random) -> str:
    """Digits that do not begin with a zero."""
    return str(dice.randrange(10 ** (int(length) - 1), 10 ** int(length)))


def _isbn(_: str, dice: random.Random) -> str:
    """The number of a book, its check digit right."""
    body = "978" + "".join(str(dice.randrange(10)) for _ in range(9))
    check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body)) % 10
    return f"{body[:3]}-{body[3]}-{body[4:8]}-{body[8:]}-{check}"


def _parted(number: str, lengths: tuple[int, ...], mark: str) -> str:
    parts, at = [], 0
    for length in lengths:
        parts.append(number[at : at + length])
        at += length
    return mark.join(part for part in parts if part)


_KINDS: Mapping[str, Callable[[str, random.Random], str]] = {
    "phone": _phone,
    "card": _card,
    "nocard": _no_card,
    "iban": _iban,
    "noiban": _no_iban,
    "ssn": _ssn,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "digits": _digits,
    "isbn": _isbn,
}
