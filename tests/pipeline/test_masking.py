"""Who stands outside the association is not named in its reports; near-misses first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chapterwatch.pipeline.masking import Masker, masker_of
from chapterwatch.policy import POLICIES, load_pack
from tests.reports.factory import account, association, chapter, pack

LAKESIDE = chapter((account("x:2001", "ala_lakeside"),), public_contacts=("+1 202 555 0121",))
HARBOR = chapter((account("x:2002", "ala_harbor"),), id="ala-harbor", name="Harbor Chapter")
NETWORK = association(
    LAKESIDE,
    HARBOR,
    official_domains=("alanet.org",),
    roster_names=("Marta Ostrowe",),
    partners=("Ledgerfox Billing",),
)
MASKER = masker_of(NETWORK, LAKESIDE, pack())


@pytest.mark.parametrize(
    "text",
    [
        "Follow @ala_lakeside and @ALA_Harbor!",
        "Thanks to @LedgerfoxBilling and to @ledgerfox.billing",
        "Our colleague @MartaOstrowe speaks",
        "Photos: https://x.com/ala_lakeside/status/1234567890",
        "See facebook.com/groups/officepeople and https://www.facebook.com/events/991",
        "https://x.com/hashtag/IWForum26 and https://instagram.com/explore",
        "Doors open @ 6, price @5 each? no: meet @ noon",
        "Seen on netflix.com/title and https://news.example/@",
        "#IWForum26 is on",
    ],
)
def test_the_association_s_own_and_nobody_in_particular_are_kept(text: str) -> None:
    """Own accounts, other chapters, roster and partners are named; a hashtag or a group is nobody."""
    assert text == MASKER(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Well said @janewrites, thanks", "Well said @██████████, thanks"),
        (".@janewrites is wrong", ".@██████████ is wrong"),
        ("via @jane.writes.", "via @███████████."),
        ("@jane@social.example hello", "@███████████████████ hello"),
        ("https://x.com/janewrites/status/77 here", "https://x.com/████████████████████ here"),
        ("see www.facebook.com/jane.writes?ref=1", "see www.facebook.com/█████████████████"),
        ("https://www.facebook.com/profile.php?id=1000", "https://www.facebook.com/███████████████████"),
        ("https://de.linkedin.com/in/jane-writes-1/", "https://de.linkedin.com/in/██████████████"),
        ("https://social.example/@jane", "https://social.example/@████"),
        ("@жанна пишет", "@█████ пишет"),
        ("👩‍👩‍👧 @janewrites", "👩‍👩‍👧 @██████████"),
    ],
)
def test_third_parties_are_blacked_out_at_equal_length(text: str, masked: str) -> None:
    """A handle or profile link of somebody else is black, character for character."""
    assert (masked, len(text)) == (MASKER(text), len(MASKER(text)))


def test_a_name_marked_with_personal_data_goes_with_it() -> None:
    """What a check marked around a blacked-out number may name its owner; the rest of the text stays."""
    text = "Bring cake. Call Dana Whitlock on 602-555-0133, says Dana."
    start, end = text.index("Dana"), text.index(", says")

    masked = MASKER.evidence(text, start, end)

    assert "Bring cake. Call ████ ████████ on ████████████, says Dana." == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "Room 12: Celia Brandt, born 12 March 1991. She likes visitors.",
            "Room 12: █████ ██████, born ██ █████ ████.",
        ),
        ("Llamen a Lupita de la Cruz, 775-555-0133", "Llamen a ██████ ██ ██ ████, ████████████"),
    ],
)
def test_full_names_beside_personal_data_go_with_it(text: str, masked: str) -> None:
    """A birth date is nobody's until a name stands beside it; only the sentence it stands in is read for names."""
    assert MASKER(text).startswith(masked)


@pytest.mark.parametrize(
    "text",
    [
        "Celia Brandt speaks on Monday. Call us. We are open",
        "Marta Ostrowe, 775-555-0133",
        "Ledgerfox Billing Desk, 775-555-0133",
        "Visit us in Reno, 775-555-0133",
    ],
)
def test_names_that_may_stand_do(text: str) -> None:
    """Nothing personal beside it, a name of the roster, a partner, or a single capital: none is a stranger's name."""
    assert text.replace("775-555-0133", "████████████") == MASKER(text)


def test_a_name_in_evidence_without_personal_data_stays() -> None:
    """A question about what was said of somebody needs the sentence; nothing personal was blacked out in it."""
    text = "I heard Quentin Albrandt was fired"

    assert text == MASKER.evidence(text, 0, len(text))


def test_a_pack_may_keep_third_parties() -> None:
    """`third_parties: keep` leaves handles; personal data is blacked out all the same."""
    kept = masker_of(NETWORK, LAKESIDE, replace(pack(), third_parties="keep"))

    assert "@janewrites, ████████████" == kept("@janewrites, 602-555-0133")


def test_both_packs_redact() -> None:
    """No pack names third parties unless somebody decided so."""
    assert {"redact"} == {load_pack(name, POLICIES).third_parties for name in ("ala", "lll")}


def test_the_chapter_s_published_number_stays() -> None:
    """Contact data the chapter publishes itself is no secret."""
    assert "Call +1 202 555 0121" == MASKER("Call +1 202 555 0121")


def test_masking_twice_changes_nothing() -> None:
    """A text masked already, as a change's excerpt is, stays as it is."""
    once = MASKER("@janewrites 602-555-0133 https://x.com/janewrites")

    assert once == MASKER(once)
    assert isinstance(MASKER, Masker)
