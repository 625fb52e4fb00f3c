"""Retold support conversations (LLL-10) and recognisable families (LLL-11)."""

from __future__ import annotations

import pandas as pd
import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import judge_table, run_case

PACK = load_pack("lll")


@pytest.mark.parametrize(
    "text",
    [
        "My mother told me so.",
        "Many mothers asked us for recipes.",
        "A family reached out to help with the picnic.",
        "A mum told her own story on stage.",
        "Mum, you asked us about bras: here they are.",
        "Imagine a mum told you she wants to wean.",
    ],
)
def test_what_is_no_retold_conversation(text: str) -> None:
    """One's own family, people in general, helpers and made-up examples are nobody's confidence."""
    assert run_case(PACK, PACK.rules["lll.support_story"], Case(clean=text)).problem is None


@pytest.mark.parametrize(
    "consent", ["Shared with permission.", "She said I could share.", "She asked me to share this."]
)
def test_stated_consent_answers_the_question(consent: str) -> None:
    """The same story is a question without a word of consent and none with it."""
    rule, story = PACK.rules["lll.support_story"], "A mother called us yesterday about her supply."
    assert run_case(PACK, rule, Case(breach=story)).problem is None
    assert run_case(PACK, rule, Case(clean=f"{story} {consent}")).problem is None


def test_a_language_without_vocabulary_is_not_judged() -> None:
    """A story in Polish is neither a breach nor clean."""
    result = run_case(PACK, PACK.rules["lll.support_story"], Case(unjudged="Mama mnie zapytała.", given={"lang": "pl"}))
    assert (None, "language:pl") == (result.verdict, result.not_judged)


def test_details_count_together() -> None:
    """LLL-11: one detail of a supported family is no finding, two of different kinds are a question."""
    rule = PACK.rules["lll.supported_family"]
    assert run_case(PACK, rule, Case(clean="I'm helping a mom whose baby has jaundice.")).problem is None
    assert (
        run_case(PACK, rule, Case(breach="I'm helping a mom from Millbrook whose baby has jaundice.")).problem is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "A mum told us last night that her baby of 9 days has jaundice. We helped her, 2.4 kilos, poor thing.",
        "I supported a mum from Millbrook yesterday, she asked me about mastitis; her baby is 9 days old.",
    ],
)
def test_a_story_is_told_once(text: str) -> None:
    """What somebody told and what was private in it are one story, and so one finding."""
    found, _ = judge_table(pd.DataFrame({"id": ["one"], "text": [text]}), PACK, ["lll.support_story"])
    assert len(found) == 1
