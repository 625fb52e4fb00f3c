"""LLL-01: whether the words of a personal account show that it is a Leader's."""

# ruff: noqa: E501, RUF001 - lists of what people write about themselves, with their own signs.

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.affiliation import in_handle, in_post, in_profile
from checks.engine import run_case
from checks.text import prepare

PACK = load_pack("lll")
GIVEN = PACK.affiliation
assert GIVEN is not None

NOT_SHOWN = (
    "Team leader at Acme", "Mum of two, gardener", "thanks to my LLL Leader", "Supported by LLL Leaders",
    "Former LLL Leader", "LLL Leader (retired)", "LLL Leader Applicant", "Leader of the opposition",
    "lll leader of nothing", "Follow @lll", "not an LLL Leader", "Girl Scout Leader. Fan of breastfeeding",
    "married to an LLL Leader", "Market leader | https://llli.org.example/", "LLL member",
    "Ehemalige LLL-Stillberaterin", "Stillberaterin", "Ancienne animatrice LLL", "Find a LLL Leader near you",
    "LLL Leader 2003-2011", "LLL Leader's husband", "LLL leader’s kid", "Raised by an LLL Leader", "I am no LLL Leader",
    "Mom was an LLL Leader", "wants to be an LLL Leader", "LLL mom, Scout Leader", "Member of LLL, worship leader",
    "Youth leader, LLL mum", "LLL-Beraterin a. D.",
)  # fmt: skip

SHOWN = (
    "LLL Leader", "La Leche League Leader in Northgate. Queer mum", "Leader of LLL Oaks",
    "Leader | La Leche League of Ohio", "#LLLLeader mum", "#lllleader", "animatrice LLL France",
    "Líder de La Liga de la Leche", "Monitora de La Leche League", "LLL-Stillberaterin",
    "Stillberaterin (La Leche Liga)", "Líder da La Leche League Portugal", "Consulente de La Leche League Italia",
    "LLL-leidster", "Liderka LLL", "LLL-ledare", "LLLリーダー", "ラ・レーチェ・リーグのリーダー", "国际母乳会哺乳辅导", "лидер ЛЛЛ",
    "Mum of 3 · leader with La Leche League GB", "mum\nhttps://www.llli.org",
    "Mother of three. La Leche League Leader at Oaks. x", "LLLI-accredited Leader", "I'm a leader at LLL Leeds",
    "Accredited LLL co-leader", "Poradkyně La Leche League", "LLL vejleder", "Mom of 2, was a teacher, now LLL Leader",
    "Mom of 2, LLL Leader", "Loves tea, LLL Leader",
    "LLL group leader", "LLL, volunteer Leader", "LLL Leader's own account",
)  # fmt: skip


@pytest.mark.parametrize("profile", NOT_SHOWN)
def test_what_shows_no_affiliation(profile: str) -> None:
    """Another's Leader, a former, future or other leader, and a website whose name begins alike show nothing."""
    assert not in_profile(profile, GIVEN, ("llli.org",))


@pytest.mark.parametrize("profile", SHOWN)
def test_affiliation_is_shown_in_many_languages(profile: str) -> None:
    """The association and the role beside each other, a hashtag or an official link show it."""
    assert in_profile(profile, GIVEN, ("llli.org",))


@pytest.mark.parametrize(
    ("handle", "expected"),
    [("allleader", False), ("bell_leader", False), ("team_leader", False), ("lllily", False), ("lll_leader_kim", True),
     ("KimLLLLeader", True), ("lalecheleague_leader_x", True)],
)  # fmt: skip
def test_handles_that_join_name_and_role(handle: str, expected: bool) -> None:
    """A handle shows it where it joins the association's name and the role."""
    assert expected is in_handle(handle, GIVEN)


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("Ask your LLL Leader", False),
        ("Our LLL Leader Tamsin is great", False),
        ("LLL Leaders are volunteers", False),
        ("The LLL Leader said as much", False),
        ("As an LLL Leader I get asked this a lot", True),
        ("Soy líder de La Liga de la Leche", True),
        ("Als LLL-Stillberaterin werde ich oft gefragt", True),
        ("En tant qu'animatrice LLL, je réponds", True),
    ],
)
def test_a_post_shows_it_only_of_its_author(post: str, expected: bool) -> None:
    """A post must say it of its author; naming Leaders is not enough."""
    assert expected is in_post(prepare(post), GIVEN)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (None, "affiliation_not_shown")),
        ({"account_key": "x:known-leader"}, (True, None)),
        ({"website": "https://www.llli.org"}, (True, None)),
        ({"space": "official"}, (True, None)),
    ],
)
def test_the_answer_without_a_shown_affiliation_is_not_judged(
    given: dict[str, str], expected: tuple[bool | None, str | None]
) -> None:
    """Only where the affiliation is shown, or the roster confirms it, is a personal profile judged; official ones always."""
    result = run_case(PACK, PACK.rules["lll.badge"], Case(breach="Proud Democrat", given=given))
    assert expected == (result.verdict, result.not_judged)
