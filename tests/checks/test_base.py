"""What every check is made of: evidence that shares words is one."""

from __future__ import annotations

from itertools import permutations

from checks.base import Evidence, joined


def _said(start: int, end: int, confidence: float, field: str = "text") -> Evidence:
    return Evidence(field, start, end, f"reason of {confidence}", confidence)


def test_evidence_that_shares_words_is_one_with_the_surest_reason() -> None:
    """Whatever their order, the whole span is kept once."""
    parts = [_said(0, 11, 0.7), _said(4, 16, 0.8), _said(12, 20, 0.6)]
    for order in permutations(parts):
        assert joined(order) == [Evidence("text", 0, 20, "reason of 0.8", 0.8)]


def test_equal_evidence_is_said_once() -> None:
    """The same span twice is one finding."""
    assert joined([_said(3, 9, 0.7), _said(3, 9, 0.7)]) == [_said(3, 9, 0.7)]


def test_evidence_apart_stays_as_it_is() -> None:
    """Neighbours, other fields and whole items are not joined, and keep their order."""
    apart = [_said(5, 9, 0.7), _said(0, 5, 0.8), _said(5, 9, 0.7, "alt_text"), _said(0, 0, 0.9), _said(0, 0, 0.6)]
    assert joined(apart) == apart
