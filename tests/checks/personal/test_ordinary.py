"""What is never personal data: numbers of every other sort, and real posts of the development sets."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.personal_data import Kind, find_personal

ORDINARY = (
    "The vote was 1,204,512 to 1,198,003 (50.1 %) on 2026-10-12 at 10:30",
    "Sessions 09:00-10:30, 11:00-12:30, 14.00-15.30 Uhr am 12.10.2026",
    "Founded 1956, reformed 1987-1991 and 2003/2004; seasons 2024 2025 2026",
    "$12,500.00, 3.500,00 EUR, £1 250 000, 10 000 000 people, 612 345 678 euros",
    "ISBN 978-3-16-148410-0, ISSN 2049-3630, doi:10.1000/182.1234.5678, ORCID 0000-0002-1825-0097",
    "Order number 202-555-0143, invoice 4421-0098-7712, ticket no. 0161 496 0123",
    "Tracking 1Z999AA10123456784 and 9400 1000 0000 0000 0000 00 left the depot",
    "lat 41.878113, lon -87.629799, 51.5074 -0.1278, 48°51'24\"N 2°21'03\"E",
    "John 3:16-18, Psalm 119:105-112, 1 Corinthians 13:4-8",
    "version 10.15.7, v1.2.3.4, section 3.2.1.4, article 12.3.4.5, build 192.10.3.4",
    "Zoom ID 823 4411 9021, passcode 445566, webinar id: 912 3344 5566",
    "#2025550143 @202_555_0143 https://x.example/p/2025550143/5551234567?id=4111111111111111",
    "text GIVE to 41444 or call 911, 112 or 988",
    "28 close contacts, 5 way tie, 100 days drive, 3 Star Court of Honor, 24 Hour Road Race",
    "2026 Food Drive, 10 Million Trees Way ahead, 2014 Values Voter Summit, 7 Little Words Place third",
    "42 CFR 164.512, H.R. 4435, H. R. 1406, S. 2155, Art. 12 Abs. 3, § 1 Nr. 14",
    "via Zoom 7 pm, via Fiji on 5 October, via Couponing 4 You, en la calle 3 personas",
    "Arbeitsplatz 40 Stunden, Marktplatz 2026, Weg 3 von 5, der Ring 1 ist frei, Octava Ronda 10 - 9",
    "Score 21-14 21-17 15-12, splits 12.45.33 and 1:59:40, pace 4:12/km, 98.6.4.2",
    "Room 12 345, Hall 3, Gate 45B, Flight LH 4512, Bus 12, Track 9, Platform 9 3/4",
    "EIN 52-1693387, VAT 123456789, charity no. 1112223, company no 08567890",
    "METAR RJOM 120400Z 22007KT 9999 FEW006 SCT070 23/20 Q0997",
    "IMEI 490154203237518, serial 4539 1488 0343 6467 for the asset tag",
    "10:30:22 and 12::30 and std::vector and a:b:c:d, aspect 16:9, ratio 1:2:3",
    "Our chapter was born on May 4, 1971. Abigail Adams was born on November 22, 1744.",
    "She lived at Camp Lakeview 3 summers, they live on Facebook 7 pm, I live on Coffee 24/7, she lives on 2 Oreos",
    "His address to the 2026 Convention moved us, their address: Chapter 12, my address on May 3 was short",
    "Submit by 14/03/2026, date of birth required. Updated 03/14/2026. Date of birth is optional.",
    "14 March 2026 is our birthday; on 14 March 2026 birthday bash, 3 May 2026 was the birthday of our chapter",
    "The form asks for date of birth, address, 3 May 2026 is the last day",
    "Tickets $45 at the door, 300 seats, rows 10-14, seats 101 102 103",
    "Meet us here: look at stackoverflow dot com, find us at lakeside dot org",
    "We gained 1.234.567 followers, 98.765.432 views and +10 000 000 impressions",
    "The 2026 budget: 012 345 678 906 items, 33 1/3 rpm, 5 3/4 in, 12 x 34 x 56 cm",
    "1234567890 0987654321 1111 1111 1111 1111",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_numbers_of_other_sorts_are_nobodys_data(text: str) -> None:
    """Dates, times, prices, scores, papers, coordinates, verses, versions and statistics are no personal data."""
    assert [] == [(span.kind.value, text[span.start : span.end], span.confidence) for span in find_personal(text)]


OFFICES = (
    ("Our crisis hotline is +1 212 736 5000", Kind.PHONE),
    ("Box office: (212) 736-5001", Kind.PHONE),
    ("Call our office at two one two, seven three six, five zero zero one", Kind.PHONE),
    ("Call our office at (212) 736-5001 with questions", Kind.PHONE),
    ("Call the chapter line at (212) 736-5001", Kind.PHONE),
    ("Text our volunteer line 212-736-5001 or the breastfeeding phone line", Kind.PHONE),
    ("Toll-free 1-800-736-5001", Kind.PHONE),
    ("For urgent membership questions leave a message at 212-736-5001 and somebody will call you back", Kind.PHONE),
    ("New main number 212-736-5001. The fax number is gone.", Kind.PHONE),
    ("Thanks to volunteers, even on Christmas Day. Ring 0345 120 2918.", Kind.PHONE),
    ("Write to transitions@lakeside.example. You are not alone in this.", Kind.EMAIL),
    ("Write to info@lakeside.example", Kind.EMAIL),
    ("press.office@lakeside.example answers journalists", Kind.EMAIL),
    ("Visit our new office at 455 Meridian Street, Springfield, IL 62704", Kind.ADDRESS),
    ("Our new mailing address is 455 Meridian Street, Springfield, IL 62704", Kind.ADDRESS),
    ("Office address: 455 Meridian Street, Suite 12", Kind.ADDRESS),
    ("Visit the library at 12 Orchard Street", Kind.ADDRESS),
    ("Register at 77 Harbor Road", Kind.ADDRESS),
    ("Donations: IBAN DE89 3704 0044 0532 0130 00", Kind.BANK_ACCOUNT),
)


@pytest.mark.parametrize(("text", "kind"), OFFICES)
def test_official_desks_are_left_out_but_known_to_the_scores(text: str, kind: Kind) -> None:
    """What an office publishes is no finding; whoever asks for everything gets it with little confidence."""
    assert [] == find_personal(text)
    assert [kind] == [span.kind for span in find_personal(text, at_least=0)]


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("The drop-off is at 200 Tranmere Street, 8 to 6.", False),
        ("Bring toys to 200 Tranmere Street (open 9am-4pm)", False),
        ("Everything must go: 200 Tranmere Street, Sat 8:30 - noon", False),
        ("Jane lives at 200 Tranmere Street, 8 to 6", True),
        ("She is at 200 Tranmere Street, 8th floor", True),
        ("She is at 200 Tranmere Street, 8/6 at last", True),
    ],
)
def test_a_place_with_hours_is_open_to_anybody(text: str, is_sure: bool) -> None:
    """It is still told, less surely: people sell things at home, too."""
    [span] = find_personal(text)
    assert is_sure is (span.confidence >= 0.6)


LABELLED = Path(os.environ.get("CHAPTERWATCH_DATA") or Path(__file__).parents[4] / "shared" / "data" / "labelled")


def _posts(name: str) -> Iterator[str]:
    if name == "banking77":
        for path in sorted((LABELLED / name).glob("*.csv")):
            with path.open(encoding="utf-8") as lines:
                yield from (row["text"] for row in csv.DictReader(lines))
    elif name == "538_tweets":
        with (LABELLED / name / "mayweather-mcgregor__tweets.csv").open(encoding="utf-8", errors="replace") as lines:
            yield from (row["text"] or "" for row in csv.DictReader(lines))
    elif name == "political_social_media":
        with (LABELLED / name / "political_social_media.csv").open(encoding="utf-8", errors="replace") as lines:
            yield from (row["text"] for row in csv.DictReader(lines))
    else:
        for path in sorted((LABELLED / name).glob("*.conll")):
            for block in path.read_text(encoding="utf-8").split("\n\n"):
                yield " ".join(line.split()[0] for line in block.splitlines() if line.strip())


#: Findings per 1,000 posts at most; politicians do publish desks and halls, which are right as data.
@pytest.mark.parametrize(
    ("name", "addresses", "all_kinds"),
    [
        ("banking77", 0.0, 0.0),
        ("broad_twitter", 0.3, 0.7),
        ("538_tweets", 0.0, 0.4),
        ("political_social_media", 1.5, 7.0),
    ],
)
def test_posts_of_the_development_sets_are_seldom_taken_for_personal_data(
    name: str, addresses: float, all_kinds: float
) -> None:
    """A rule that fires on everyday posts is no use, however well it finds."""
    if not (LABELLED / name).exists():
        pytest.skip(f"{name} is not on this machine")
    posts = [text for place, text in enumerate(_posts(name)) if place % 3 == 0][:4000]
    found = [span.kind for text in posts for span in find_personal(text)]
    assert 1000 * len(found) / len(posts) <= all_kinds
    assert 1000 * found.count(Kind.ADDRESS) / len(posts) <= addresses
