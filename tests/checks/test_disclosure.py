"""Who speaks for whom (ALA-18 to ALA-20)."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case
from checks.statements import find_association, says_member
from checks.text import prepare

PACK = load_pack("ala")
NAMES = ("ALA", "Association of Legal Administrators")


@pytest.mark.parametrize("text", ["à la carte", "Ala Moana", "gala ALAMO", "alanet", "la la la"])
def test_three_letters_are_the_association_only_in_capitals(text: str) -> None:
    """The short name is the association where it stands by itself in capitals; "à la" is French."""
    assert [] == find_association(prepare(text), NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "I'm not an ALA member",
        "Former ALA member",
        "Join ALA as a member today",
        "ALA is great",
        "Why become an ALA member?",
    ],
)
def test_no_membership_is_read_into_denials_and_invitations(text: str) -> None:
    """Who denies, has left or invites does not say that they are a member."""
    assert not says_member(prepare(text), NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "ALA member",
        "member of ALA since 2010",
        "President, ALA Lakeside",
        "Proud member of the Association of Legal Administrators",
    ],
)
def test_membership_is_read_from_many_wordings(text: str) -> None:
    """Membership or an office in the association is a disclosure."""
    assert says_member(prepare(text), NAMES)


def test_an_unseen_profile_leaves_the_question_open() -> None:
    """Without the profile nobody can say that a disclosure is missing."""
    result = run_case(PACK, PACK.rules["ala.own_views"], Case(unjudged="ALA's new course is worth it."))
    assert (None, "profile_not_seen") == (result.verdict, result.not_judged)


@pytest.mark.parametrize(
    "text",
    ["I can't speak on behalf of ALA", "Thank you ALA!", "ALA announced the winners", "Speaking at ALA next week!"],
)
def test_not_speaking_for_the_association(text: str) -> None:
    """Denials, thanks and reports do not speak for anybody."""
    assert run_case(PACK, PACK.rules["ala.spokesperson"], Case(clean=text)).problem is None
