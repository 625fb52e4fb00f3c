"""Products of others (LLL-17) and financial disclosure (LLL-18)."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case

PACK = load_pack("lll")


@pytest.mark.parametrize(
    "text",
    [
        "The dress code is casual.",
        "Donate at the picnic, code of conduct attached.",
        "Area code 202 is down.",
        "Reading https://a.example/?page=2",
    ],
)
@pytest.mark.parametrize("rule", ["lll.other_products", "lll.paid_content"])
def test_codes_of_another_kind_promote_nothing(rule: str, text: str) -> None:
    """A dress code, a code of conduct and page numbers are not promotion."""
    assert run_case(PACK, PACK.rules[rule], Case(clean=text)).problem is None


def test_the_two_clauses_have_two_answers() -> None:
    """An announcement answers LLL-17 and no disclosure; a disclosure answers LLL-18 and is no announcement."""
    products, paid = PACK.rules["lll.other_products"], PACK.rules["lll.paid_content"]
    text = "Use my code KIM20 for the pump."
    assert run_case(PACK, products, Case(clean=f"{text} https://llli.org/pump")).problem is None
    assert run_case(PACK, paid, Case(breach=f"{text} https://llli.org/pump")).problem is None
    assert run_case(PACK, products, Case(breach=f"#ad {text}")).problem is None
    assert run_case(PACK, paid, Case(clean=f"#ad {text}")).problem is None
