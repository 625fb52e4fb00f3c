"""Profiles (LLL-31 to LLL-36): who one is is never a finding."""

# ruff: noqa: E501 - lists of what people write about themselves.

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case

PACK = load_pack("lll")

WHO_ONE_IS = (
    "🏳️‍🌈", "🏳️‍⚧️ they/them", "she/her", "✡️ Jewish mother", "☪️ Muslima", "Hijabi mum", "✝️ Catholic", "Evangelical Christian",
    "Atheist", "LDS, mother of 7", "Hindu 🕉️", "Sikh", "Buddhist", "pagan", "Quaker", "Black mom ✊🏿", "Proudly Black and Muslim",
    "lesbian mum", "Gay dad", "bisexual", "Queer Latina", "trans woman", "LGBTQIA+ family", "Pride", "#Pride2026", "Afro-Latina",
    "Asian American", "Māori", "Native American", "First Nations", "Roma", "Arab", "Kurdish mama", "white", "🇮🇱", "🇵🇸", "🇺🇦", "🇺🇸", "🇹🇼",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scottish", "Palestinian-American", "refugee from Syria", "immigrant", "autistic mom", "Deaf", "Ramadan mubarak", "Merry Christmas",
    "God first", "Conservative Judaism", "#BlackBreastfeedingWeek", "Republic of Ireland", "SPD (symphysis pubis dysfunction) survivor",
)  # fmt: skip


@pytest.mark.parametrize("bio", WHO_ONE_IS)
@pytest.mark.parametrize("rule", ["lll.badge", "lll.cause"])
def test_who_one_is_is_never_a_finding(rule: str, bio: str) -> None:
    """LLL-32: one's own orientation, race, religion, origin or pronouns are not prohibited, in bio or name."""
    for case in (
        Case(clean=bio),
        Case(clean="LLL Leader", given={"name": bio}),
        Case(clean=f"LLL Leader. {bio}. Mum."),
    ):
        assert run_case(PACK, PACK.rules[rule], case).problem is None


@pytest.mark.parametrize(
    ("field", "said", "quoted"),
    [
        ("bio", "LLL Leader, #VoteBlue", "VoteBlue"),
        ("name", "Kim 🗳️💙", "🗳️💙"),
        ("handle", "vote_labour_kim", "vote_labour"),
        ("handle", "VoteBlueKim", "VoteBlue"),
        ("bio", "SPD-Mitglied", "SPD-Mitglied"),
        ("bio", "Re-elect Jane Brown", "Re-elect Jane"),
    ],
)
def test_badges_are_quoted_from_the_field_they_stand_in(field: str, said: str, quoted: str) -> None:
    """LLL-33: a party, candidate or campaign badge is found in name, description and handle, quoted exactly."""
    text = said if field == "bio" else "LLL Leader"
    result = run_case(PACK, PACK.rules["lll.badge"], Case(breach=text, given={} if field == "bio" else {field: said}))
    assert (True, quoted) == (result.verdict, next(iter(result.excerpts), None))


def test_regular_means_many_and_recent() -> None:
    """LLL-35 asks for a disclaimer from three posts on within the window; two are not regular."""
    rule = PACK.rules["lll.regular_disclaimer"]
    posts = ["LLL meeting", "LLL picnic", "Roses"]
    assert run_case(PACK, rule, Case(clean="Gardener", given={"posts": posts})).problem is None
    assert run_case(PACK, rule, Case(breach="Gardener", given={"posts": [*posts, "LLL news"]})).problem is None
