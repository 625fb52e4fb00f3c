"""Links to the source (LLL-14, LLL-21, LLL-22)."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case
from checks.web import Link, leads_to

PACK = load_pack("lll")


@pytest.mark.parametrize(
    "url",
    [
        "https://llli.org.example/a",
        "https://notllli.org/a",
        "https://example.test/?u=llli.org",
        "https://llli.org@evil.example/",
        "http://[::1",
    ],
)
def test_look_alike_addresses_do_not_lead_to_the_official_domain(url: str) -> None:
    """Only the host decides, whatever else an address says."""
    assert not leads_to(Link(url), ["llli.org"])


@pytest.mark.parametrize(
    "url", ["https://llli.org", "http://WWW.LLLI.ORG/a?b=c", "llli.org/a", "https://store.llli.org:443/x"]
)
def test_the_domain_and_what_is_below_it_are_official(url: str) -> None:
    """Case, port, path and a leading www do not matter."""
    assert leads_to(Link(url), ["llli.org"])


@pytest.mark.parametrize(
    "text", ["Following LLL since 2009", "Made by LLL moms", "LLLI rules!", "What does LLL recommend?"]
)
def test_naming_the_association_is_no_policy_claim(text: str) -> None:
    """A claim says what the policy is; praise, credits and questions do not."""
    assert run_case(PACK, PACK.rules["lll.policy_link"], Case(clean=text)).problem is None


@pytest.mark.parametrize(
    "text",
    ["As per LLLI policy we may not.", "According to the policy of LLLI it is fine.", "LLLI's guidelines say no."],
)
def test_a_policy_claim_needs_its_link(text: str) -> None:
    """The same claim is a breach without an official link and clean with one."""
    rule = PACK.rules["lll.policy_link"]
    assert run_case(PACK, rule, Case(breach=text)).problem is None
    assert run_case(PACK, rule, Case(breach=f"{text} https://news.example/p")).problem is None
    assert run_case(PACK, rule, Case(clean=f"{text} https://llli.org/p")).problem is None
