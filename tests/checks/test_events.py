"""Event hashtags (ALA-25)."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case

PACK = load_pack("ala")
ABOUT = "Great day at the Lakeside Leadership Summit"


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-09-27", False), ("2026-09-28", True), ("2026-10-29", True), ("2026-10-30", False)],
)
def test_the_days_around_an_event_are_counted_to_the_day(day: str, expected: bool) -> None:
    """Fourteen days before the first and after the last day count, the fifteenth does not."""
    case = Case(clean=ABOUT, given={"created_at": f"{day}T12:00:00Z"})
    assert expected is run_case(PACK, PACK.rules["ala.event_hashtag_missing"], case).verdict


def test_a_post_gets_the_credit_or_the_suggestion_never_both() -> None:
    """The hashtag turns the suggestion into a credit."""
    with_tag = Case(clean=f"{ABOUT} #lakesidesummit26")
    verdicts = [
        run_case(PACK, PACK.rules[name], with_tag).verdict
        for name in ("ala.credit.event_hashtag", "ala.event_hashtag_missing")
    ]
    assert [True, False] == verdicts
