"""Personal data in ways people write it beside those a form asks for, each with what only looks so."""

# ruff: noqa: RUF001 - people do write these signs.

from __future__ import annotations

import pytest

from checks.personal_data import Kind, all_may_hold, find_personal, may_hold

NEAR_MISSES = (
    "We won 6-4 3-6 7-6 (7-2)",
    "6-4 3-6 7-6 (7-2)",
    "999.300.12.1",
    "20261121 203000",
    "NDC 0781-1506-10",
    "lotto numbers 04 17 23 31 42 08",
    "Dinner @ Joe's . com on in",
    "dinner tickets @ lakeside.org",
    "email registration at lakeside.org",
    "look at lakeside.org for the mail",
    "wir treffen uns punkt acht am Bahnhof",
    "a tal punto que me fui",
    "polka dot dress @ the gala",
    "12*345*6789 = 28,108,... says the quiz",
    "dial *100*5550133# for your balance",
    "she works at yahoo, he at gmail",
    "outlook: partly-cloudy",
    "look-at-this.com has the list",
    "meet us @ lakeside.org for lunch",
    "and/or at/dot/com, says the form",
    "send your picture to lakesidecoverphoto@gmail.com",
    "apply at tx34internships@gmail.com",
    "contact the bureau's Lakeside Field Office at (202) 555-0143",
    "equipment lots 203,0,113,77 sold",
    "tip: seats 2-0-1-3",
    "text your vote: 1, 2, 3, 4, 5, 6, 7, 8, 9, 0",
    "ring sizes 10.5, 11.5, 12.5, 13.5",
    "we called the numbers 04, 12, 23, 31, 44 in the raffle",
    "the numbers were 4, 8, 1, 5, 1, 6, 2, 3, 4, 2",
    "contact hours: 10-12, 14-16, 18-20",
    "our text study covers Luke 12, 13 and 14, then 15 and 16, 17, 18",
    "Tel Aviv numbers 120, 130, 1404",
    "the parcel arrived on 14 June 2024",
    "seats 2 0 2 5 5 5 0 1 3 6 are taken",
    "14 Friends, Room 9",
    "10.4.12.3",
    "300 Road Trip ideas",
    "DOB 3 May 10:30 am appointment",
    "Birthday party: 4 July, 20 seats left",
    "born to lead, 3 May 24 people came",
    "305 Elm Street Fest tickets",
    "At the corner's, 9a Elm Grove",
)
FOUND = (
    ("my digits: 2 0 2 5 5 5 0 1 3 6", Kind.PHONE, "2 0 2 5 5 5 0 1 3 6"),
    ("dana's cell is 202*555*0133", Kind.PHONE, "202*555*0133"),
    ("call me on 2O2-555-OI43", Kind.PHONE, "2O2-555-OI43"),
    ("text 202-five five five-0143", Kind.PHONE, "202-five five five-0143"),
    ("my digits are 202 dash 555 dash 0143", Kind.PHONE, "202 dash 555 dash 0143"),
    ("mobile: 07700 nine hundred one two three", Kind.PHONE, "07700 nine hundred one two three"),
    ("2o2 five fifty-five oh one forty-three, text me", Kind.PHONE, "2o2 five fifty-five oh one forty-three"),
    ("07700 double nine 0 0 one 2 3 text me", Kind.PHONE, "07700 double nine 0 0 one 2 3"),
    ("area code 202 then 5550143", Kind.PHONE, "202 then 5550143"),
    ("call 202 - 555 - 0 1 4 3 after six", Kind.PHONE, "202 - 555 - 0 1 4 3"),
    ("phone number is 202, 555, 0143", Kind.PHONE, "202, 555, 0143"),
    ("whatsapp +1_202_555_0143", Kind.PHONE, "1_202_555_0143"),
    ("my # is 2.0.2.5.5.5.0.1.4.3", Kind.PHONE, "2.0.2.5.5.5.0.1.4.3"),
    ("card: 4111/1111/1111/1111", Kind.CARD, "4111/1111/1111/1111"),
    ("card 4111_1111_1111_1111", Kind.CARD, "4111_1111_1111_1111"),
    ("IBAN: ES91.2100.0418.4502.0005.1332", Kind.BANK_ACCOUNT, "ES91.2100.0418.4502.0005.1332"),
    ("Her SSN is 219_09_9999", Kind.SSN, "219_09_9999"),
    ("ss number 219/09/9999", Kind.SSN, "219/09/9999"),
    ("my ssn is 2 1 9 0 9 9 9 9 9", Kind.SSN, "2 1 9 0 9 9 9 9 9"),
    ("her IP: 203[.]0[.]113[.]77", Kind.IP_ADDRESS, "203[.]0[.]113[.]77"),
    ("ip 203 dot 0 dot 113 dot 77", Kind.IP_ADDRESS, "203 dot 0 dot 113 dot 77"),
    ("ip address 203,0,113,77", Kind.IP_ADDRESS, "203,0,113,77"),
    ("D O B 12/03/1990", Kind.BIRTH_DATE, "12/03/1990"),
    ("d.o.b. 12 03 1990", Kind.BIRTH_DATE, "12 03 1990"),
    ("DOB: 12MAR1990", Kind.BIRTH_DATE, "12MAR1990"),
    ("Baby Leo arrived safely on 14 June 2024", Kind.BIRTH_DATE, "14 June 2024"),
    ("She came into this world on the 12th of March 1990", Kind.BIRTH_DATE, "12th of March 1990"),
    ("Bookings with Yuki Morimoto, tel 020 7946 0123.", Kind.PHONE, "020 7946 0123"),
    ("zadzwoń: 512 345 678", Kind.PHONE, "512 345 678"),
    ("msg me 0491570159", Kind.PHONE, "0491570159"),
    ("dana.w＠example.com", Kind.EMAIL, "dana.w＠example.com"),
    ("write to d_w @ example . com", Kind.EMAIL, "d_w @ example . com"),
    ("Email dana.w at lakeside.org!", Kind.EMAIL, "dana.w at lakeside.org"),
    ("dana at gmail.com", Kind.EMAIL, "dana at gmail.com"),
    ("dana at Gmail.com", Kind.EMAIL, "dana at Gmail.com"),
    ("jane.roe at protonmail.com", Kind.EMAIL, "jane.roe at protonmail.com"),
    ("_jane.roe@gmail.com_ or jane", Kind.EMAIL, "_jane.roe@gmail.com"),
    ("jane.roe@gmail.com- thanks", Kind.EMAIL, "jane.roe@gmail.com"),
    ("Flat AB12 account DE89370400440532013000", Kind.BANK_ACCOUNT, "DE89370400440532013000"),
    ("DOB: 05191984", Kind.BIRTH_DATE, "05191984"),
    ("D.O.B. 3 May 84", Kind.BIRTH_DATE, "3 May 84"),
    ("birth-date 12 Nov '75", Kind.BIRTH_DATE, "12 Nov '75"),
    ("DOB May 3rd, 84", Kind.BIRTH_DATE, "May 3rd, 84"),
    ("Dana was born in 1984 on May 3rd", Kind.BIRTH_DATE, "1984 on May 3rd"),
    ("She lives at Andersenvika 6, 8160 Lunde", Kind.ADDRESS, "Andersenvika 6, 8160 Lunde"),
    ("his home address is Pod Letištěm 25", Kind.ADDRESS, "Pod Letištěm 25"),
    ("Dana lives on 98 Leonard Lees", Kind.ADDRESS, "98 Leonard Lees"),
    ("Her DOB, for the visa form, is 14 Mar 1985", Kind.BIRTH_DATE, "14 Mar 1985"),
    ("14/03/1985 is her date of birth", Kind.BIRTH_DATE, "14/03/1985"),
    ("Here is Dana's: 14 March 1985 (DOB)", Kind.BIRTH_DATE, "14 March 1985"),
    ("For the record Dana Poe, 03/14/1985 birth date", Kind.BIRTH_DATE, "03/14/1985"),
    ("Dana is geboren op 14 maart 1985", Kind.BIRTH_DATE, "14 maart 1985"),
    ("his b-day's 14.3.1985", Kind.BIRTH_DATE, "14.3.1985"),
    ("Born on a Tuesday, 12 November 1975, she", Kind.BIRTH_DATE, "12 November 1975"),
    ("dana arroba lakeside punto org", Kind.EMAIL, "dana arroba lakeside punto org"),
    ("dana@lakeside dot org", Kind.EMAIL, "dana@lakeside dot org"),
    ("dana.w [ät] lakeside.de", Kind.EMAIL, "dana.w [ät] lakeside.de"),
    ("dana-w_at_lakeside_dot_org", Kind.EMAIL, "dana-w_at_lakeside_dot_org"),
    ("dana.w-at-lakeside-dot-org", Kind.EMAIL, "dana.w-at-lakeside-dot-org"),
    ("dana.w #at# lakeside.org", Kind.EMAIL, "dana.w #at# lakeside.org"),
    ("dana / at / lakeside / dot / org", Kind.EMAIL, "dana / at / lakeside / dot / org"),
    ("reach me at dana . w @ lakeside . org", Kind.EMAIL, "dana . w @ lakeside . org"),
    ("write me: dana.w@ lakeside.org", Kind.EMAIL, "dana.w@ lakeside.org"),
    ("dana.w@lakeside,org", Kind.EMAIL, "dana.w@lakeside,org"),
    ("e-mail me: danaw84@gmail", Kind.EMAIL, "danaw84@gmail"),
    ("my mail is danaw at gmail", Kind.EMAIL, "danaw at gmail"),
    ("gmail: dana.w84", Kind.EMAIL, "gmail: dana.w84"),
    ("dana.w＠lakeside．org", Kind.EMAIL, "dana.w＠lakeside．org"),
    ("dana ät lakeside punkt de", Kind.EMAIL, "dana ät lakeside punkt de"),
    ("dana arobase lakeside point fr", Kind.EMAIL, "dana arobase lakeside point fr"),
    ("203.0.113.150", Kind.IP_ADDRESS, "203.0.113.150"),
    ("ship it to 305 Sunset Pkwy Dayton, Ohio 45402", Kind.ADDRESS, "305 Sunset Pkwy Dayton, Ohio 45402"),
    ("potluck! 14 Broadway, Apt 9", Kind.ADDRESS, "14 Broadway, Apt 9"),
    ("We meet at Dana's, 9a Elm Grove", Kind.ADDRESS, "9a Elm Grove"),
    ("H.No. 76, Sector 15, Gurgaon 122001", Kind.ADDRESS, "H.No. 76, Sector 15, Gurgaon 122001"),
)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_look_alikes_are_left_alone(text: str) -> None:
    """Scores, clocks, codes and places are nobody's."""
    assert [] == find_personal(text)


@pytest.mark.parametrize(("text", "kind", "written"), FOUND)
def test_what_people_write_is_found_whole(text: str, kind: Kind, written: str) -> None:
    """The span is what a report must black out, no more and no less."""
    assert [(kind, written)] == [(span.kind, text[span.start : span.end]) for span in find_personal(text)]


def test_the_screen_lets_all_of_it_through() -> None:
    """A text is read for personal data only where the quick look says there may be some, alone or among many."""
    texts = [text for text, _, _ in FOUND]
    assert [True] * len(texts) == [may_hold(text) for text in texts]
    assert [may_hold(text) for text in (*texts, *NEAR_MISSES)] == all_may_hold([*texts, *NEAR_MISSES]).tolist()
