"""Personal data (ALA-23, LLL-11): what is found, what never is, and what a masked excerpt looks like."""

from __future__ import annotations

from itertools import pairwise

import pytest

from checks.base import Context
from checks.personal import Allowed, Kind, allowed_by, find_personal, mask, mask_excerpt

ORDINARY = (
    "We raised $1,250,000 in 2026 and 28 close contacts came by the way",
    "Sessions 10:00-11:30 and 12:00-13:30, 2026-10-12 to 2026-10-15",
    "ISBN 978-3-16-148410-0, order #202-555-0143, room 2025550142",
    "via Zoom 7 pm, via Fiji on 5 October, Arbeitsplatz 40 Stunden",
    "2026 Food Drive, 24 Hour Road Race, 3 St. Louis chapters, 5 Star Court of Honor",
    "version 1.2.3.4 at 192.168.100.200, lat 41.8781 -87.6298, pi 3.14159265358979",
    "https://x.example/u/status/1712345678901234567 and name@2x.png and @devon@social.example",
    "Class of 2024-2025, 42 CFR 164.512, Tel Aviv 2026 2027 2028, Zoom ID 823 4411 9021",
    "Our chapter was born on May 4, 1971; Florence Nightingale was born on 12 May 1820",
    "Happy 40th birthday, Devon! Call 911 in an emergency, or text GIVE to 41444",
    "Donate: our account is IBAN DE89 3704 0044 0532 0130 00",
    "Contact hours 9.00-17.00 12.10.2026, 1-800-555-0199",
    "Two dates: a. 03/05/2026 b. 12/05/2026, and born in the USA, 1984 (the album)",
    "Medicare 2025-2026: 65,000,000 enrolled; Medicare Part B 202.90 dollars; health insurance 12 345 678 people",
    "Call them out: one two three four five six seven; ring out, one two three, one two three, one",
    "Text us your scores: two one, three nil, four two, five one; nine to five, seven days, call nine one one",
    "Show your ID card at gate 12345678, social 2026 budget, give birth 24/7, birth 2026-2027 rates",
)

PERSONAL = (
    ("Call Anna at 202-555-0143", "US", Kind.PHONE, "202-555-0143"),
    ("(202) 555-0143", "US", Kind.PHONE, "(202) 555-0143"),
    (
        "call Priya: two zero two, five five five, oh one four three",
        "US",
        Kind.PHONE,
        "two zero two, five five five, oh one four three",
    ),
    ("text me double five 5 0 one two three, area code 202", "US", Kind.PHONE, "double five 5 0 one two three"),
    ("reach me at 2 0 2 - 5 5 5 - 0 1 4 3", "US", Kind.PHONE, "2 0 2 - 5 5 5 - 0 1 4 3"),
    ("my cell is 555-0143", "US", Kind.PHONE, "555-0143"),
    ("my number is 07700 900123", "GB", Kind.PHONE, "07700 900123"),
    ("Ruf mich an: 030 901820", "DE", Kind.PHONE, "030 901820"),
    ("Tél. 01 99 00 12 34", "FR", Kind.PHONE, "01 99 00 12 34"),
    ("https is not needed: wa.me/12025550143", "US", Kind.PHONE, "wa.me/12025550143"),
    ("write to jane.doe@mailbox.example", "US", Kind.EMAIL, "jane.doe@mailbox.example"),
    ("jane [at] mailbox [dot] example", "US", Kind.EMAIL, "jane [at] mailbox [dot] example"),
    ("SSN 219-09-9999", "US", Kind.SSN, "219-09-9999"),
    ("DNI 12345678Z", "ES", Kind.ID_NUMBER, "12345678Z"),
    ("NI number AB 12 34 56 C", "GB", Kind.ID_NUMBER, "AB 12 34 56 C"),
    ("Passport number X1234567", "US", Kind.ID_NUMBER, "X1234567"),
    ("pay with 4111-1111-1111-1111", "US", Kind.CARD, "4111-1111-1111-1111"),
    ("my IBAN DE89 3704 0044 0532 0130 00", "DE", Kind.BANK_ACCOUNT, "DE89 3704 0044 0532 0130 00"),
    ("She lives at 5 Church Close", "GB", Kind.ADDRESS, "5 Church Close"),
    ("42 Maple Drive, Springfield, IL 62704", "US", Kind.ADDRESS, "42 Maple Drive, Springfield, IL 62704"),
    ("chez moi : 12, rue de la Paix", "FR", Kind.ADDRESS, "12, rue de la Paix"),
    ("Hauptstraße 5", "DE", Kind.ADDRESS, "Hauptstraße 5"),
    ("Calle Mayor, 15", "ES", Kind.ADDRESS, "Calle Mayor, 15"),
    ("abito in Via Garibaldi 7", "IT", Kind.ADDRESS, "Via Garibaldi 7"),
    ("DOB: 1990-03-03", "US", Kind.BIRTH_DATE, "1990-03-03"),
    ("née le 12 mars 1984", "FR", Kind.BIRTH_DATE, "12 mars 1984"),
    ("née à Lille le 12 mars 1984", "FR", Kind.BIRTH_DATE, "12 mars 1984"),
    ("né(e) le 12 mars 1984", "FR", Kind.BIRTH_DATE, "12 mars 1984"),
    ("Devon's birthday is March 3", "US", Kind.BIRTH_DATE, "March 3"),
    ("Devon Achterberg, b. 17 March 1969", "US", Kind.BIRTH_DATE, "17 March 1969"),
    ("her birthday (12/31/1975) was wrong on the form", "US", Kind.BIRTH_DATE, "12/31/1975"),
    ("DOB (dd/mm/yyyy): 04/12/1985", "GB", Kind.BIRTH_DATE, "04/12/1985"),
    ("dob 04121985", "GB", Kind.BIRTH_DATE, "04121985"),
    ('"birth_date": "1985-12-04"', "US", Kind.BIRTH_DATE, "1985-12-04"),
    ("my birthday: 12-Mar-1985", "US", Kind.BIRTH_DATE, "12-Mar-1985"),
    ("Born: 1990/12/31", "US", Kind.BIRTH_DATE, "1990/12/31"),
    ("date of birth as October 31, 1960", "US", Kind.BIRTH_DATE, "October 31, 1960"),
    ("social 219-09-9999", "US", Kind.SSN, "219-09-9999"),
    ("my SIN is 046 454 286", "CA", Kind.ID_NUMBER, "046 454 286"),
    ("passport no. C01X00T47", "DE", Kind.ID_NUMBER, "C01X00T47"),
    ("Personalausweis T22000129", "DE", Kind.ID_NUMBER, "T22000129"),
    ("carte d'identité n° 880692310285", "FR", Kind.ID_NUMBER, "880692310285"),
    ("my medicare id is 1EG4-TE5-MK73", "US", Kind.ID_NUMBER, "1EG4-TE5-MK73"),
    ("her Medicare number is 2123 45670 1", "AU", Kind.ID_NUMBER, "2123 45670 1"),
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_has_no_personal_data(text: str) -> None:
    """Numbers, dates, places, web addresses and public figures are nobody's personal data."""
    assert [] == [text[span.start : span.end] for span in find_personal(text)]


@pytest.mark.parametrize(("text", "country", "kind", "quoted"), PERSONAL)
def test_personal_data_is_found_exactly(text: str, country: str, kind: Kind, quoted: str) -> None:
    """The span holds the datum and nothing else, in the countries' own ways of writing it."""
    found = find_personal(text, country=country)
    assert [(kind, quoted)] == [(span.kind, text[span.start : span.end]) for span in found]


@pytest.mark.parametrize(
    "written",
    [
        "+1 202 555 0142",
        "(202) 555-0142",
        "202.555.0142",
        "1-202-555-0142",
        "Office@Lakeside.example",
        "1200 Harbor St.",
    ],
)
def test_published_contacts_are_left_out_in_any_writing(written: str) -> None:
    """What the roster publishes is no disclosure, in whatever way a post writes it."""
    allowed = Allowed.of(["+1 202 555 0142", "office@lakeside.example", "1200 Harbor Street, Suite 400"])
    assert [] == find_personal(f"Contact: {written}", allowed=allowed)


def test_another_number_is_not_covered_by_a_published_one() -> None:
    """Only the published number itself is left out, not its neighbours."""
    allowed = Allowed.of(["+1 202 555 0142"])
    assert ["202-555-0143"] == [
        "202-555-0142 or 202-555-0143"[span.start : span.end]
        for span in find_personal("202-555-0142 or 202-555-0143", allowed=allowed)
    ]


def test_addresses_on_the_official_domain_and_below_are_left_out() -> None:
    """A staff address on the association's own domain is published by it; a look-alike domain is not."""
    allowed = allowed_by(Context(association="The Association", official_domains=("hq.example",)))
    text = "kim.lee@hq.example, kim.lee@mail.hq.example, kim.lee@hq.example.test"
    assert ["kim.lee@hq.example.test"] == [text[s.start : s.end] for s in find_personal(text, allowed=allowed)]


def test_a_masked_text_keeps_its_length_and_loses_the_datum() -> None:
    """Other spans of the same text stay true, and nothing of the number is left."""
    text = "Call Anna at 202-555-0143 or write to anna.b@mailbox.example now"
    masked = mask_excerpt(text)
    assert len(text) == len(masked)
    assert "Call Anna at ████████████ or write to ██████████████████████ now" == masked


def test_masking_a_masked_text_changes_nothing() -> None:
    """Masking twice is masking once."""
    once = mask_excerpt("Call Anna at 202-555-0143")
    assert once == mask_excerpt(once)


def test_mask_keeps_code_points_beside_emoji_and_combining_characters() -> None:
    """Spans count code points of the stored text, also after characters outside the basic plane."""
    text = "👩‍👧 Zoë: jane.doe@mailbox.example 👍🏽"
    assert "👩‍👧 Zoë: ████████████████████████ 👍🏽" == mask(text, find_personal(text))


def test_spans_never_overlap() -> None:
    """One place of a text is one piece of personal data: a card number is not also a phone number."""
    text = "card 4111 1111 1111 1111, call 202-555-0143, jane@mailbox.example, 5 Elm Street"
    spans = find_personal(text)
    assert 4 == len(spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))


@pytest.mark.parametrize(
    ("published", "country", "written"),
    [
        ("030 1234567", "DE", "Tel. 030/1234567"),
        ("030 1234567", "DE", "Ruf an: +49 30 1234567"),
        ("(555) 123-4567", "US", "call 555-123-4567"),
        ("+1 555 123 4567", "US", "call (555) 123-4567 x12"),
        ("01632 960 001", "GB", "Tel: 01632 960001"),
        ("0100 000 123", "FR", "Tél. 0100 00 01 23"),
        ("07700 900123", "US", "ring 07700 900 123"),
        ("tel: 9999 12345", "IE", "Phone 9999 12345"),
    ],
)
def test_a_published_number_no_plan_knows_is_left_out_too(published: str, country: str, written: str) -> None:
    """A chapter's own number counts by its digits, also where libphonenumber calls it invalid or foreign."""
    assert [] != find_personal(written, country=country)
    assert [] == find_personal(written, country=country, allowed=Allowed.of([published], country=country))


def test_a_published_number_does_not_cover_one_that_only_ends_alike() -> None:
    """Digits count as a whole: an area code makes another number of it."""
    allowed = Allowed.of(["555-0142"])
    assert ["312-555-0142"] == [
        "call 312-555-0142"[span.start : span.end] for span in find_personal("call 312-555-0142", allowed=allowed)
    ]


FORMATS = (
    ("Storgatan 12, 123 45 Wexby", "SE", Kind.ADDRESS, "Storgatan 12, 123 45 Wexby"),
    ("Lange Nieuwstraat 14 bis, 3512 PH Wexdam", "NL", Kind.ADDRESS, "Nieuwstraat 14 bis, 3512 PH Wexdam"),
    ("Av. Calmonte, 1578 - Bela Wexa, Brommar - SP, 01310-200", "BR", Kind.ADDRESS, None),
    ("Calle 26 # 13-19, Wexotá", "CO", Kind.ADDRESS, "Calle 26 # 13-19"),
    ("123 N 400 W, Calder, UT 84601", "US", Kind.ADDRESS, "123 N 400 W, Calder, UT 84601"),
    ("moved to 12345 State Route 12, Calder, OH 43001", "US", Kind.ADDRESS, "12345 State Route 12, Calder, OH 43001"),
    ("RR 2 Box 15, Calder, VT 05701", "US", Kind.ADDRESS, "RR 2 Box 15, Calder, VT 05701"),
    ("PSC 1234, Box 567\nAPO AE 09123", "US", Kind.ADDRESS, "PSC 1234, Box 567\nAPO AE 09123"),
    ("my home address is PO Box 12, Calder, OH 43001", "US", Kind.ADDRESS, "PO Box 12, Calder, OH 43001"),
    ("i live at 12 oak street apt 4", "US", Kind.ADDRESS, "12 oak street apt 4"),
    ("Flat 2B, 14-16 St. Wexham's Road, London SE15 4BX", "GB", Kind.ADDRESS, None),
    ("He lives at 5/120 Calder St, Wexbourne VIC 3000", "AU", Kind.ADDRESS, "5/120 Calder St, Wexbourne VIC 3000"),
    ("Phone 555-0143 or 555-0188", "US", Kind.PHONE, "555-0143"),
    ("tel (416)555-0199#12", "CA", Kind.PHONE, "(416)555-0199#12"),
    ("06 12 34 56 78", "FR", Kind.PHONE, "06 12 34 56 78"),
    ("T +44 (0)20 7946 0000 | M 07700 900123", "GB", Kind.PHONE, "+44 (0)20 7946 0000"),
    ("gb82 west 1234 5698 7654 32", "GB", Kind.BANK_ACCOUNT, "gb82 west 1234 5698 7654 32"),
    ("my social is 219099999", "US", Kind.SSN, "219099999"),
    ("from 2001:db8::ff00:42:8329 at 10:30", "US", Kind.IP_ADDRESS, "2001:db8::ff00:42:8329"),
    ("jane dot doe at mailbox dot org", "US", Kind.EMAIL, "jane dot doe at mailbox dot org"),
    ("jörg.müller+news@bücher.example", "DE", Kind.EMAIL, "jörg.müller+news@bücher.example"),
    ("meine Steuer-ID 36 574 261 809", "DE", Kind.ID_NUMBER, "36 574 261 809"),
    ("NIF: 123456789", "PT", Kind.ID_NUMBER, "123456789"),
    ("sie wurde am 3. Mai 1984 in Wexbach geboren", "DE", Kind.BIRTH_DATE, "3. Mai 1984"),
    ("nacida en Wexlán el 3 de mayo de 1984", "ES", Kind.BIRTH_DATE, "3 de mayo de 1984"),
)


@pytest.mark.parametrize(("text", "country", "kind", "quoted"), FORMATS)
def test_formats_of_many_countries_are_found(text: str, country: str, kind: Kind, quoted: str | None) -> None:
    """The first span is the datum as its country writes it (the whole text where nothing is quoted)."""
    span = find_personal(text, country=country)[0]
    assert (kind, quoted or text) == (span.kind, text[span.start : span.end])
