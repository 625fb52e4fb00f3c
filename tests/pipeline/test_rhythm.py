"""An account's own rhythm: what is a silence for it, and what is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from chapterwatch.pipeline.rhythm import silence_of

NOW = datetime(2026, 10, 5, 2, 15, tzinfo=UTC)


def ago(days: Iterable[float]) -> list[datetime]:
    """A post so many days before now, each."""
    return [NOW - timedelta(days=day) for day in days]


@pytest.mark.parametrize(
    ("what", "days"),
    [
        ("no post at all", []),
        ("a new account: four posts in its first week, then three weeks of nothing", [25, 24, 23, 22]),
        ("a new account: a burst in five days, then three weeks of nothing", [27, 26, 25, 24, 23, 22.5, 22]),
        ("a new account: ten days of daily posts, then nearly three weeks", range(20, 30)),
        ("twenty posts in the hours of one event, then a month of nothing", [30 + hour / 24 for hour in range(12)]),
        ("a daily poster, thirteen days on holiday", range(13, 100)),
        (
            "a daily poster who paused for four weeks last Christmas, and does again",
            [*range(28, 300), *range(329, 390)],
        ),
        ("a weekly poster after three weeks", range(21, 200, 7)),
        ("a weekly poster after four weeks", range(28, 200, 7)),
        ("a monthly poster after three months", range(90, 390, 30)),
        ("a yearly poster", [200, 380]),
        ("a poster of twice a year", [100, 280]),
        ("an event's bursts among monthly posts", [*range(61, 380, 30), *[90 + hour / 24 for hour in range(20)]]),
        ("posts of an exact fortnight ago", [14, *range(15, 60)]),
    ],
)
def test_what_is_no_silence(what: str, days: Iterable[float]) -> None:
    """Near-misses: a pause that is usual for the account, or an account too young to have a usual."""
    assert silence_of(ago(days), NOW) is None, what


@pytest.mark.parametrize(
    ("what", "days", "quiet", "usual"),
    [
        ("a daily poster after fifteen days", range(15, 100), 15, 1),
        ("a weekly poster after five weeks", range(35, 200, 7), 35, 7),
        ("a monthly poster after five months", range(150, 390, 30), 150, 30),
        ("a young account after three weeks and a day", range(22, 32), 22, 1),
        ("one long pause excuses no third month", [*range(70, 90), *range(200, 230)], 70, 1),
        ("an event's twenty posts make no weekly poster a daily one",
         [*range(35, 200, 7), *[49 + hour / 24 for hour in range(20)]], 35, 7),
    ],
)  # fmt: skip
def test_what_is_a_silence(what: str, days: Iterable[float], quiet: int, usual: int) -> None:
    """Four times the usual gap, never less than a fortnight."""
    found = silence_of(ago(days), NOW)
    assert found is not None, what
    assert (quiet, usual) == (found.quiet.days, found.usual.days)


def test_the_order_of_posts_and_the_future_do_not_matter() -> None:
    """Posts come in any order; one dated after now is no sign of life."""
    times = ago(range(15, 100))
    assert silence_of(times, NOW) == silence_of([NOW + timedelta(days=3), *reversed(times)], NOW)
