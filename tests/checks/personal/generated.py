"""Documents with personal data in known places: own sentences, values by the standards, invented names.

Phones come from libphonenumber's examples and random subscriber digits, cards, accounts and ids from their check
digits, addresses from each country's postal layout with made-up streets and towns. Every pool is cut into a half that
may be looked at while grammars are written and a half that is only ever measured (`Half`).
"""

# ruff: noqa: E501, SIM905 - pools and postal layouts read better unbroken.

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum import luhn

from checks.personal_data import Kind


class Half(StrEnum):
    """Which half of every pool a document is drawn from."""

    SEEN = "seen"
    HELD_OUT = "held out"


@dataclass(frozen=True)
class Document:
    """A text and where its personal data stands."""

    text: str
    truths: tuple[tuple[int, int, Kind], ...]


Item = TypeVar("Item")


def half_of(pool: Sequence[Item], half: Half) -> list[Item]:
    """Every other item of a pool."""
    return [item for place, item in enumerate(pool) if (place % 2 == 0) is (half is Half.SEEN)]


REGIONS = (
    "US GB DE FR ES IT PT BR AU MX NL IE CH IN AT BE CA NZ ZA SE NO DK FI PL CZ HU RO GR TR IL JP KR SG HK MY PH ID TH "
    "AR CL CO PE UA HR SK SI BG LT LV EE LU IS AE SA EG NG KE GH MA TN PK BD LK VN TW"
).split()


def phone(rng: random.Random, half: Half, *, cued: bool) -> str:
    """A phone number of a region of the half; without a cue only in forms that tell a number by themselves."""
    if rng.random() < 0.35:
        return _north_american(rng)
    region = rng.choice(half_of(REGIONS, half))
    kind = rng.choice([PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE])
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    digits = str(example.national_number)
    mixed = int(digits[:-4] + "".join(str(rng.randint(0, 9)) for _ in range(4)))
    example.national_number = mixed
    written = PhoneNumberFormat.INTERNATIONAL if not cued or rng.random() < 0.5 else PhoneNumberFormat.NATIONAL
    text = phonenumbers.format_number(example, written)
    change = rng.randint(0, 5)
    if change == 0:
        text = re.sub(r"(?<=\d)[ -](?=\d)", ".", text)
    elif change == 1:
        text = re.sub(r"(?<=\d)[ .](?=\d)", "-", text)
    elif change == 2 and written is PhoneNumberFormat.INTERNATIONAL:
        text = re.sub(r"[ -]", "", text)
    return text


def _north_american(rng: random.Random) -> str:
    area, exchange, line = rng.randint(201, 989), rng.randint(200, 999), rng.randint(0, 9999)
    forms = (
        "({a}) {e}-{n}",
        "{a}-{e}-{n}",
        "{a}.{e}.{n}",
        "+1-{a}-{e}-{n}",
        "+1 {a} {e} {n}",
        "1-{a}-{e}-{n}",
        "({a}){e}-{n}",
    )
    text = rng.choice(forms).format(a=area, e=exchange, n=f"{line:04}")
    return text + rng.choice(["", "", "", " x" + str(rng.randint(10, 9999)), " ext. " + str(rng.randint(10, 999))])


def card(rng: random.Random, half: Half) -> str:
    """A card number of an issuer of the half."""
    issuers = [("4", 16), ("51", 16), ("37", 15), ("6011", 16), ("3530", 16), ("3056", 14), ("5018", 12), ("6304", 13), ("2221", 16),
               ("62", 16), ("4", 13), ("55", 16), ("34", 15), ("65", 16), ("38", 14), ("6759", 18), ("4", 19), ("2720", 16)]  # fmt: skip
    prefix, length = rng.choice(half_of(issuers, half))
    body = prefix + "".join(str(rng.randint(0, 9)) for _ in range(length - len(prefix) - 1))
    digits = body + luhn.calc_check_digit(body)
    separator = rng.choice(["", "", " ", "-"])
    return separator.join(re.findall(r"\d{1,4}", digits))


#: ISO 13616 registry: country, length, whether the account part holds letters.
_IBANS = (("DE", 22), ("GB", 22), ("ES", 24), ("FR", 27), ("IT", 27), ("NL", 18), ("PT", 25), ("BE", 16), ("AT", 20), ("CH", 21), ("IE", 22), ("NO", 15),
          ("SE", 24), ("DK", 18), ("FI", 18), ("PL", 28), ("CZ", 24), ("GR", 27), ("LU", 20), ("HU", 28))  # fmt: skip
_IBAN_SHAPES = {"GB": "AAAA", "IE": "AAAA", "NL": "AAAA", "IT": "A"}


def iban(rng: random.Random, half: Half) -> str:
    """An account number of a country of the half with the right mod 97 check, whatever the national check says."""
    country, length = rng.choice(half_of(_IBANS, half))
    letters = "".join(rng.choice("BCDKLNRW") for _ in _IBAN_SHAPES.get(country, ""))
    body = letters + "".join(str(rng.randint(0, 9)) for _ in range(length - 4 - len(letters)))
    number = int("".join(str(int(character, 36)) for character in body + country + "00"))
    text = f"{country}{98 - number % 97:02}{body}"
    form = rng.randint(0, 3)
    if form == 0:
        return " ".join(re.findall(r".{1,4}", text))
    return text.lower() if form == 1 else text


def social_security(rng: random.Random, _half: Half) -> str:
    """A number within what the SSA gives out."""
    area = rng.choice([rng.randint(1, 665), rng.randint(667, 899)])
    return f"{area:03}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}"


def ip_address(rng: random.Random, _half: Half) -> str:
    """A public IPv4 or a random IPv6 address."""
    if rng.random() < 0.6:
        return ".".join(str(octet) for octet in (rng.randint(11, 126), *(rng.randint(1, 254) for _ in range(3))))
    return ":".join(f"{rng.randint(0, 65535):x}" for _ in range(8))


def email(rng: random.Random, half: Half) -> str:
    """A mail address of a person."""
    first, last = _name(rng, half).lower(), _name(rng, half).lower()
    local = rng.choice(
        [
            f"{first}.{last}",
            f"{first}{rng.randint(1, 99)}",
            f"{first[0]}{last}",
            f"{first}_{last}+news",
            f"{first}-{last}",
        ]
    )
    ending = rng.choice(half_of(("com", "org", "co.uk", "de", "edu.au", "net", "io", "com.br", "it", "museum"), half))
    domain = rng.choice([f"{_name(rng, half).lower()}.{ending}", f"mail.{_name(rng, half).lower()}.{ending}"])
    return rng.choice(
        [f"{local}@{domain}"] * 6 + [f"{local} [at] {domain.replace('.', ' [dot] ')}", f"{local}(at){domain}"]
    )


_FIRST = "Cal Wex Thorn Ald Brom Hart Mer Stan Lin Far Ash Win Pen Rad Shel Tor Kel Dun Mar Whit Gar Hol".split()
_SECOND = "der bourne wick field mont ley brook ton ham stead well wood more ridge worth dale ford mere".split()


def _name(rng: random.Random, half: Half) -> str:
    return rng.choice(half_of(_FIRST, half)) + rng.choice(half_of(_SECOND, half))


_US_SUFFIXES = (
    "Street Avenue Road Lane Drive Court Place Boulevard Way Circle Terrace Trail Parkway Square Loop Run Ridge Hollow Crossing Point "
    "Heights Meadows Springs Mills Station Landing Knolls Manor Glen Forge Shores Views Summit Pass Creek Canyon Bypass Spur Walks Extension "
    "St. Ave. Rd. Ln. Dr. Ct. Pl. Blvd. Cir. Pkwy. Hwy Ter"
).split()
_STATES = "OH TX CA NY WA GA IL MN OR VT AZ FL KY MI NM PA".split()


def _united_states(rng: random.Random, half: Half) -> str:
    number = rng.randint(1, 19999)
    side = rng.choice(["", "", "", "N. ", "West ", "SE "])
    unit = rng.choice(
        [
            "",
            "",
            " Apt. " + str(rng.randint(1, 999)),
            " Suite " + str(rng.randint(1, 999)),
            ", Unit " + rng.choice("ABCD"),
            " #" + str(rng.randint(1, 99)),
        ]
    )
    street = f"{number} {side}{_name(rng, half)} {rng.choice(half_of(_US_SUFFIXES, half))}{unit}"
    break_ = rng.choice([", ", "\n", " "])
    tail = f"{break_}{_name(rng, half)}, {rng.choice(half_of(_STATES, half))} {rng.randint(10000, 99899)}"
    return street + rng.choice([tail, tail, ""])


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(count))


def _britain(rng: random.Random, half: Half) -> str:
    kind = rng.choice(
        half_of("Road Street Close Gardens Lane Crescent Grove Mews Avenue Rise Terrace Drive".split(), half)
    )
    flat = rng.choice(["", "", f"Flat {rng.randint(1, 40)}, "])
    postcode = f"{rng.choice(['LS', 'M', 'BS', 'N', 'EH'])}{rng.randint(1, 19)} {rng.randint(1, 9)}{_letters(rng, 2)}"
    return f"{flat}{rng.randint(1, 250)} {_name(rng, half)} {kind}{rng.choice([', ', chr(10)])}{_name(rng, half)} {postcode}"


def _canada(rng: random.Random, half: Half) -> str:
    postcode = f"K{rng.randint(1, 9)}A {rng.randint(1, 9)}B{rng.randint(1, 9)}"
    return f"{rng.randint(1, 9999)} {_name(rng, half)} {rng.choice(['Street', 'Crescent', 'Ave'])}, {_name(rng, half)}, ON {postcode}"


def _australia(rng: random.Random, half: Half) -> str:
    return f"{rng.choice(['', 'Unit 3/'])}{rng.randint(1, 300)} {_name(rng, half)} {rng.choice(['Parade', 'St', 'Road', 'Circuit'])}, {_name(rng, half)} {rng.choice(['NSW', 'VIC', 'QLD'])} {rng.randint(2100, 6999)}"


def _germany(rng: random.Random, half: Half) -> str:
    street = rng.choice(
        [
            _name(rng, half) + "straße",
            _name(rng, half) + "weg",
            _name(rng, half) + "er Allee",
            "Am " + _name(rng, half),
            _name(rng, half) + "str.",
        ]
    )
    return f"{street} {rng.randint(1, 199)}{rng.choice(['', 'a', 'b'])}, {rng.randint(10115, 99998)} {_name(rng, half)}"


def _netherlands(rng: random.Random, half: Half) -> str:
    return f"{_name(rng, half)}{rng.choice(['straat', 'laan', 'plein', 'gracht'])} {rng.randint(1, 300)}, {rng.randint(2101, 9999)} {_letters(rng, 2)} {_name(rng, half)}"


def _france(rng: random.Random, half: Half) -> str:
    kind = rng.choice(["rue de la", "avenue du", "rue", "impasse des", "boulevard", "allée de"])
    return f"{rng.randint(1, 180)}{rng.choice(['', ' bis', ','])} {kind} {_name(rng, half)}{rng.choice([', ', chr(10)])}{rng.randint(10000, 95999)} {_name(rng, half)}"


def _spain(rng: random.Random, half: Half) -> str:
    kind = rng.choice(["Calle", "C/", "Avenida de", "Paseo del", "Plaza de la", "Calle de los"])
    return f"{kind} {_name(rng, half)}{rng.choice([', ', ' '])}{rng.randint(1, 180)}{rng.choice(['', ', 3º B'])}, {rng.randint(10001, 52080)} {_name(rng, half)}"


def _italy(rng: random.Random, half: Half) -> str:
    kind = rng.choice(["Via", "Viale", "Piazza", "Corso", "Via della"])
    return f"{kind} {_name(rng, half)}{rng.choice([', ', ' '])}{rng.randint(1, 180)}, {rng.randint(10100, 98000)} {_name(rng, half)} ({_letters(rng, 2)})"


def _portugal(rng: random.Random, half: Half) -> str:
    return f"{rng.choice(['Rua', 'Rua da', 'Avenida', 'Travessa do'])} {_name(rng, half)}, {rng.randint(1, 300)}{rng.choice(['', ', 2º Esq'])}, {rng.randint(2100, 9999)}-{rng.randint(100, 999)} {_name(rng, half)}"


def _brazil(rng: random.Random, half: Half) -> str:
    return f"{rng.choice(['Rua', 'Avenida', 'Alameda', 'Travessa'])} {_name(rng, half)}, {rng.randint(1, 3000)}{rng.choice(['', ', apto 12'])} - {_name(rng, half)}, {rng.randint(10000, 99999)}-{rng.randint(100, 999)}"


def _ireland(rng: random.Random, half: Half) -> str:
    return f"{rng.randint(1, 99)} {_name(rng, half)} {rng.choice(['Park', 'Road', 'Terrace', 'Lawn'])}, {_name(rng, half)}, Co. {_name(rng, half)}, T12 X{rng.randint(10, 99)}Y"


def _india(rng: random.Random, half: Half) -> str:
    return f"{rng.randint(1, 300)}, {_name(rng, half)} {rng.choice(['Road', 'Nagar', 'Marg'])}, {_name(rng, half)} {rng.randint(110, 799)}{rng.choice(['', ' '])}{rng.randint(100, 999)}"


def _south_africa(rng: random.Random, half: Half) -> str:
    return f"{rng.randint(1, 300)} {_name(rng, half)} {rng.choice(['Street', 'Road', 'Drive'])}, {_name(rng, half)}, {rng.randint(2101, 9999)}"


def _mexico(rng: random.Random, half: Half) -> str:
    return f"Calle {_name(rng, half)} {rng.randint(1, 900)}, Col. {_name(rng, half)}, {rng.randint(10001, 99999)} {_name(rng, half)}"


def _military(rng: random.Random, _half: Half) -> str:
    return f"PSC {rng.randint(100, 9999)}, Box {rng.randint(100, 9999)}{rng.choice([', ', chr(10)])}APO A{rng.choice('EP')} {rng.randint(10000, 98999):05}"


def _rural_highway(rng: random.Random, half: Half) -> str:
    return f"{rng.randint(1, 999)} {_name(rng, half)} {rng.choice(['Highway', 'Hwy'])} {rng.randint(1, 99)}, {_name(rng, half)}, {rng.choice(_STATES)} {rng.randint(10000, 99000)}"


#: The United States stand in both halves, with other streets, kinds of street and states.
_COUNTRIES: tuple[Callable[[random.Random, Half], str], ...] = (
    _britain, _canada, _germany, _netherlands, _france, _italy, _spain, _portugal,
    _mexico, _brazil, _military, _australia, _rural_highway, _ireland, _india, _south_africa,
)  # fmt: skip


def address(rng: random.Random, half: Half) -> str:
    """A street address of a country of the half; four in ten of the United States."""
    if rng.random() < 0.4:
        return _united_states(rng, half)
    return rng.choice(half_of(_COUNTRIES, half))(rng, half)


def birth_date(rng: random.Random, _half: Half) -> str:
    """A date of birth with its year."""
    day, year = rng.randint(1, 28), rng.randint(1931, 2025)
    month = rng.choice("January February March April May June July August September October November December".split())
    return rng.choice(
        [
            f"{day} {month} {year}",
            f"{month} {day}, {year}",
            f"{year}-{rng.randint(1, 12):02}-{day:02}",
            f"{rng.randint(1, 12):02}/{day:02}/{year}",
        ]
    )


_TEMPLATES: dict[Kind, tuple[str, ...]] = {
    Kind.PHONE: (
        "Running late, ring me on {} when you get there.", "Ph: {}", "If the gate is shut call {} and Ana comes down",
        "You can always text her at {}.", "Devon Achterberg\nTreasurer\nMobile: {}\nLakeside", "her new cell number is {}, save it",
        "Mein Handy: {} - bitte nur abends", "WhatsApp {} para confirmar", "Appelez-moi au {} ce soir", "Tel. {} (after six)",
        "Reach Priya on {} or by mail", "fax it to {} please", "Chiamami al {}", "My phone number's {} in case you lose it", "Ligue para {} e fale com a Rosa", "Bel me op {}",
    ),
    Kind.EMAIL: ("Write to {} before Friday", "his address is {}", "Contact: {}", "({})", "Mail an {} genügt.", "send the photos to {}, thanks!"),
    Kind.ADDRESS: (
        "She has moved to {}", "Send the casserole to {}", "My new place: {}", "He lives at {}", "Housewarming tonight!\n{}\nBring chairs.",
        "Please ship it to {} by Monday", "{}", "The parcel for Marisol went to {}", "Dirección: {}", "Wohnt jetzt hier: {}", "Her home address is {}", "pick me up at {}?",
    ),
    Kind.CARD: ("Use my card {} for the deposit", "card number: {}", "{}", "They charged {} twice", "Visa {} exp 10/29", "paid with {}"),
    Kind.BANK_ACCOUNT: ("Transfer it to {}", "my account is {}", "IBAN: {}", "{} is where the refund goes", "Konto {}", "wire to {} today"),
    Kind.SSN: ("My SSN is {}", "SSN: {}", "social security number {}", "they asked for {} on the form", "{}", "SSN {} was on the page"),
    Kind.IP_ADDRESS: ("the post came from {}", "IP {}", "my router answers at {}", "Log in to {} as root", "{} kept trying", "server address {}"),
    Kind.BIRTH_DATE: ("DOB {}", "Date of birth: {}", "She was born on {}", "Little Oskar, born {}", "Tamsin's birthday is {}", "his birth date is {}"),
}  # fmt: skip
_VALUES: dict[Kind, Callable[[random.Random, Half], str]] = {
    Kind.EMAIL: email, Kind.ADDRESS: address, Kind.CARD: card, Kind.BANK_ACCOUNT: iban, Kind.SSN: social_security,
    Kind.IP_ADDRESS: ip_address, Kind.BIRTH_DATE: birth_date,
}  # fmt: skip
_ORDINARY = (
    "Doors open at {time} on {date}.", "We raised ${money} for {n} families.", "Order no. {long} ships on {date}.", "{n} of {n} members voted, {pct}% for it.",
    "ISBN 978-{n}-{n}{n}-{n}-1", "Session {n}.{n}: room {n}, {time}-{time}", "Zoom ID {long}, passcode {n}", "Psalm {n}:{n}-{n} was read", "#{long} #{n}days",
    "Tracking {long} left the depot", "lat {n}.{long}, lon -{n}.{long}", "{n} close contacts, {n} new ways to help", "Version {n}.{n}.{n} is out", "The {n}th edition sold {money} copies",
    "Final score {n}-{n}, attendance {money}", "Chapters {n}-{n} of {n}", "see https://x.example/{long}/{long}", "Section {n}.{n}.{n} applies since {date}",
)  # fmt: skip


def documents(half: Half, count: int, seed: int) -> Iterator[Document]:
    """`count` documents of a half: a datum in a sentence, now and then with ordinary sentences around it, or none."""
    rng = random.Random(f"{seed} {half}")
    kinds = list(_TEMPLATES)
    for _ in range(count):
        before = ordinary(rng) + " " if rng.random() < 0.4 else ""
        if rng.random() < 0.2:
            yield Document(before + ordinary(rng), ())
            continue
        kind = rng.choice([*kinds, Kind.PHONE, Kind.PHONE, Kind.ADDRESS, Kind.ADDRESS])
        template = rng.choice(half_of(_TEMPLATES[kind], half))
        value = phone(rng, half, cued=True) if kind is Kind.PHONE else _VALUES[kind](rng, half)
        start = len(before) + template.index("{}")
        after = rng.choice(["", "", " " + ordinary(rng)])
        yield Document(before + template.format(value) + after, ((start, start + len(value), kind),))


def ordinary(rng: random.Random) -> str:
    """A sentence full of numbers that are nobody's data."""
    return rng.choice(_ORDINARY).format(
        time=f"{rng.randint(0, 23)}:{rng.choice(['00', '30', '45'])}",
        date=rng.choice(
            [
                f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.2026",
                f"2026-10-{rng.randint(10, 28)}",
                f"10/{rng.randint(10, 28)}/2026",
            ]
        ),
        money=f"{rng.randint(1, 999)},{rng.randint(100, 999)}",
        n=rng.randint(2, 99),
        pct=rng.randint(1, 99),
        long="".join(str(rng.randint(0, 9)) for _ in range(rng.choice([8, 10, 12]))),
    )
