"""Products of others (LLL-17) and financial disclosure (LLL-18)."""

from __future__ import annotations

import pandas as pd
import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import judge_table, run_case

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


def test_an_offer_is_told_once() -> None:
    """The code, the words around it and the parts of the offer are one promotion, and so one finding of each rule."""
    text = "Shop the Quillow pump here and save 20% with my code KIM20, link in bio, only £40."
    frame = pd.DataFrame({"id": ["one"], "text": [text]})
    found, _ = judge_table(frame, PACK, ["lll.other_products", "lll.paid_content"])
    assert sorted(found["rule"]) == ["lll.other_products", "lll.paid_content"]
    assert set(found["excerpt"]) == {"with my code KIM20"}
