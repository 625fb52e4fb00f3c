"""Shares and their intervals: figures from the literature, and the edges."""

from __future__ import annotations

import pytest

from chapterwatch.shares import Share


def test_nothing_of_nothing_has_no_share() -> None:
    """The near-miss: without a denominator there is no figure, not a nought."""
    assert (None, None) == (Share(0, 0).value, Share(0, 0).interval)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe 1998, table I, method 3 (score without continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    """The bounds are those Newcombe printed for the score method."""
    interval = Share(hits, of).interval
    assert interval is not None
    assert (low, high) == (round(interval[0], 4), round(interval[1], 4))
