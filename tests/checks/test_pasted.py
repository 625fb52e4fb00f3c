"""Pasted talk (LLL-12) and published material (LLL-19): what is one, what only looks like one."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case

PACK = load_pack("lll")
TALK, PUBLISHED = PACK.rules["lll.pasted_talk"], PACK.rules["lll.published_material"]
#: Forty-four words nobody published.
LONG = (
    "Some days are long and some nights are longer, and on all of them it helps to sit down with a glass of water and "
    "let the baby find the way, for babies have found it for as long as there have been babies."
)


@pytest.mark.parametrize(
    "text",
    [
        "Our meetings: Monday 10:00 Library, Thursday 18:30 Town hall.",
        "Fact: milk changes.\nMyth: it runs out.\nFact: it follows demand.",
        "Leader: Tamsin\nPlace: Library\nLeader: Annika\nPlace: Town hall",
        "We wrote in our newsletter: “Meetings move to Tuesdays.”",
        "I posted in the group that the door code has changed.",
        "A screenshot of the settings page helps if the app will not start.",
        "If anybody shows you screenshots from this group, tell a Leader.",
        "Is there a screenshot of the chat window anywhere in the manual?",
        "Husband: where is the pump?\nMe: in the pump bag.\nHusband: where is the pump bag?\nMe: on the pump.",
        "Score at the family picnic: Blue: 3\nRed: 2\nWhat a match.",
        "He commented on the weather while the group walked on.",
        "Group chat opens at 9, comments welcome!",
    ],
)
def test_what_is_no_pasted_talk(text: str) -> None:
    """Notices, programmes, one's own words, warnings and jokes share nobody's talk."""
    assert run_case(PACK, TALK, Case(clean=text)).problem is None


@pytest.mark.parametrize(
    "text",
    [
        "[24.09.26, 12:03:11] Anna: he bites\n[24.09.26, 12:04:59] Marie: mine too",
        "12/10/2026, 9:41 PM - Jo Ann: I cannot do this any more",
        "Anna, [12:03]\nhe bites\nMarie, [12:05]\nmine too",
        "Anna: he bites\nMarie: mine too\nAnna: what did you do?",
        "On 24 Sep 2026, Anna K. wrote:\n> he bites and I cry",
        "Look what she posted in the forum: “Leaders know nothing.”",
        "I copied and pasted the whole conversation below, read what she thinks of us.",
        "Forwarded from the mothers' WhatsApp group, this is what they say.",
    ],
)
def test_talk_in_many_shapes(text: str) -> None:
    """Chat exports of several programs, turns without times, mail replies, and posts that say so themselves."""
    assert run_case(PACK, TALK, Case(breach=text)).problem is None


def test_turns_need_somebody_to_speak_again() -> None:
    """Three labels in a row are a list; a fourth line by the first of them makes it talk."""
    listed = "Anna: cake\nMarie: cups\nPriya: plates"
    assert run_case(PACK, TALK, Case(clean=listed)).problem is None
    assert run_case(PACK, TALK, Case(breach=f"{listed}\nMarie: and forks?\nPriya: yes")).problem is None


@pytest.mark.parametrize("consent", ["Shared with permission.", "All of them agreed.", "She said we may share it."])
def test_stated_consent_ends_the_question(consent: str) -> None:
    """The same screenshot is a question without a word of consent and none with it."""
    post = "Screenshot from our group chat, such kind words."
    assert run_case(PACK, TALK, Case(breach=post)).problem is None
    assert run_case(PACK, TALK, Case(clean=f"{post} {consent}")).problem is None


def test_a_quotation_is_long_from_so_many_words_on() -> None:
    """The number stands in the rule; a word less is a short quotation, the usual way of citing."""
    words = LONG.split()
    for count, breach in ((39, False), (40, True)):
        text = f"From the book: “{' '.join(words[:count])}”"
        case = Case(breach=text) if breach else Case(clean=text)
        assert run_case(PACK, PUBLISHED, case).problem is None


@pytest.mark.parametrize(
    "cue", ["© 2019 A. Author.", "Chapter 3 of my favourite:", "ISBN 978-1-4028-9462-6:", "p. 45:"]
)
def test_signs_of_a_published_work(cue: str) -> None:
    """The same long quotation is a question beside such a sign and none without."""
    assert run_case(PACK, PUBLISHED, Case(breach=f"{cue} “{LONG}”")).problem is None
    assert run_case(PACK, PUBLISHED, Case(clean=f"She said at our picnic: “{LONG}”")).problem is None


@pytest.mark.parametrize("end", ["Used by permission.", "CC BY 4.0.", "It is in the public domain.", "llli.org/book"])
def test_permission_licence_or_the_official_source_end_the_question(end: str) -> None:
    """Stated permission and licences, and a link to the association's own publication."""
    assert run_case(PACK, PUBLISHED, Case(clean=f"Excerpt from the book: “{LONG}” {end}")).problem is None


def test_an_excerpt_without_quotation_marks() -> None:
    """What follows the title counts, where there is enough of it."""
    head = "Excerpt from Long Nights, my favourite:\n"
    assert run_case(PACK, PUBLISHED, Case(clean=head + LONG)).problem is None
    assert run_case(PACK, PUBLISHED, Case(breach=f"{head}{LONG} {LONG}")).problem is None


def test_a_language_without_vocabulary_is_not_judged() -> None:
    """Polish is neither a breach nor clean."""
    case = Case(unjudged="To jest zdjęcie z naszej grupy, zobaczcie komentarze.", given={"lang": "pl"})
    assert run_case(PACK, TALK, case).problem is None
    assert run_case(PACK, PUBLISHED, case).problem is None
