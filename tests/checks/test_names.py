"""LLL-30: the association's name in handles and in the offers of private businesses."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case
from checks.names import is_business_handle

PACK = load_pack("lll")
NAMES = ("LLL", "LLLI", "La Leche League", "La Leche Liga", "laleche", "lalecheleague")
WORDS = ("shop", "store", "boutique", "consult", "coach", "clinic", "slings", "doula", "ibclc", "blog")
NOT_WORDS = ("workshop", "bishop")


@pytest.mark.parametrize(
    "handle",
    [
        "lll_leader_kim",
        "lalecheleague_leeds",
        "lalecheleagueworkshops",
        "lllily_shop",
        "bell_shop",
        "lalechera_shop",
        "LLLBishopstown",
        "hello_shop",
        "alllondonshop",
        "lalecheleague",
        "molly_lll_mum",
    ],
)
def test_handles_that_are_no_business_of_that_name(handle: str) -> None:
    """A Leader, a place, a workshop, a milkmaid and names with many l's are no business of the association's name."""
    assert not is_business_handle(handle, NAMES, WORDS, NOT_WORDS)


@pytest.mark.parametrize(
    "handle",
    [
        "lalecheleague_shop",
        "LaLecheLeagueDoula",
        "IaIecheleague_store",
        "la1echeleague.coach",
        "LLLShop",
        "LLLIConsulting",
        "lll.slings",
        "lalecheboutique",
        "lalechleague_shop",
        "kim_lll_ibclc",
    ],
)
def test_business_handles_are_seen_through_look_alikes(handle: str) -> None:
    """Joined, spelt with look-alike signs or with a slip: the name and the business are read as the eye reads them."""
    assert is_business_handle(handle, NAMES, WORDS, NOT_WORDS)


@pytest.mark.parametrize(
    "text", ["As an LLL Leader I teach in my online course, book now!", "New at LLL Slings: wraps"]
)
def test_what_is_clear_is_told_once(text: str) -> None:
    """A clear case is a finding and not a question besides; one matter is told by one rule."""
    clear, beside = PACK.rules["lll.name_in_business"], PACK.rules["lll.name_beside_business"]
    assert (True, False) == (
        run_case(PACK, clear, Case(breach=text)).verdict,
        run_case(PACK, beside, Case(clean=text)).verdict,
    )
