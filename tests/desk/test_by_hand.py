"""What a person reported by hand, as the staff see it and decide about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chapterwatch.model import DispositionState, Finding, Lane, Severity

from .conftest import HERE, NOW

LINK = "https://www.linkedin.example/groups/1/posts/7"
WORDS = "A member was threatened with a beating."


def test_what_a_person_reported_is_shown_and_decided_like_any_question(
    desktop: Any, make_finding: Callable[..., Finding]
) -> None:
    """Its words, clause, link and line of the register; no rule's page or figure is promised, and it can be decided."""
    one = make_finding(
        "h1", HERE, "x:2001", rule_id="ala.by_hand", clauses=("ALA-03",), severity=Severity.CRITICAL, lane=Lane.ASSIST,
        subject_kind="review", subject_id=LINK, field="report", start=0, end=len(WORDS), excerpt=WORDS,
        reason="a person reported this", content_hash="5f0a", capture_hash="5f0a",
    )  # fmt: skip
    desktop.archive.save_findings([one], at=NOW)
    page = desktop.get("rosa", "findings/h1")

    assert 200 == page.status_code
    said = (WORDS, LINK, "A person reported this in a review by hand", "Line of the register <code>5f0a</code>")
    assert [] == [words for words in (*said, "Judged by a person.", "ALA-03") if words not in page.text]
    assert [] == [words for words in ("policy/ala/rules/ala.by_hand", "as it was captured") if words in page.text]
    assert "does it break the clause?" in desktop.get("rosa", "findings?rule=ala.by_hand").text
    desktop.post("rosa", "findings/h1/decide", {"state": "confirmed", "note": ""})
    assert DispositionState.CONFIRMED is desktop.archive.shelf.line("h1").state
