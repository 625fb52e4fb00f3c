"""Cues that count only together: all of a recipe, close enough, each as often as it is needed."""

from __future__ import annotations

import pytest

from checks.composed import Cue, Recipe, meeting

WARE, SELL, AGAIN, FAR = Cue(0, 4, "ware"), Cue(10, 14, "sell"), Cue(20, 24, "sell"), Cue(500, 504, "sell")


@pytest.mark.parametrize(
    ("cues", "kinds", "expected"),
    [
        ([WARE, SELL], "ware sell", (0, 14)),
        ([SELL, WARE], "sell ware", (0, 14)),
        ([WARE], "ware sell", None),
        ([WARE, SELL], "ware sell sell", None),
        ([WARE, SELL, AGAIN], "ware sell sell", (0, 24)),
        ([WARE, FAR], "ware sell", None),
        ([SELL, AGAIN, Cue(30, 34, "ware")], "ware sell", (20, 34)),
        ([], "ware", None),
    ],
)
def test_a_recipe_is_met_by_all_its_cues_close_together(
    cues: list[Cue], kinds: str, expected: tuple[int, int] | None
) -> None:
    """In any order, each kind as often as named, within the reach; the span is the tightest from the left."""
    assert expected == meeting(cues, Recipe.of(kinds, 0.5), 100)
