"""How long a night waits for a platform's limit: to the reset where that is near, and for nobody who names a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chapterwatch.pipeline.collect import Collected

glue = pytest.importorskip("chapterwatch.airflow_glue")

TRIES = range(1, 7)


def decision(*minutes: float | None, try_number: int = 1) -> Any:
    """What becomes of a task with an account for each reset, so many minutes away; None: nobody said when."""
    now = datetime.now(UTC)
    resets = tuple(None if away is None else now + timedelta(minutes=away) for away in minutes)
    collected = Collected(run_id="nightly:2026-10-04", waiting=("x:1",) * len(resets), resets=resets)
    with pytest.raises(glue.StillWaiting, match="wait for a rate limit's reset") as raised:
        glue.waiting_or_counts(collected)
    return glue.WaitForReset().evaluate(raised.value, try_number, 7)


def minutes_of(wait: timedelta) -> int:
    return round(wait.total_seconds() / 60)


@pytest.mark.parametrize(("away", "waited"), [(9, 9), (59, 59), (-3, 0), (None, 15)])
def test_a_reset_that_is_near_is_waited_for(away: float | None, waited: int) -> None:
    """Just to it; a quarter of an hour where the platform did not say; not at all where it is past."""
    found = decision(away)

    assert ("retry", waited) == (found.action.value, minutes_of(found.retry_delay))


@pytest.mark.parametrize("away", [61, 22 * 60, 9_999_999 / 60, 99_999_999_999 / 60 / 24])
def test_a_reset_that_is_far_is_left_to_the_next_night(away: float) -> None:
    """A limit for the day, and a Retry-After of four months: every association's alerts would wait for one account."""
    assert "fail" == decision(away).action.value


@pytest.mark.parametrize("try_number", TRIES)
def test_the_usual_window_is_waited_for_on_every_try(try_number: int) -> None:
    """X answers again after a quarter of an hour, six times in a night of a large network."""
    found = decision(15, None, try_number=try_number)

    assert ("retry", 15) == (found.action.value, minutes_of(found.retry_delay))


def test_all_waits_of_a_task_are_less_than_three_hours() -> None:
    """Also where a platform names each time the latest moment that is still waited for."""

    def longest(number: int) -> int:
        return max(away for away in range(1, 90) if decision(away, try_number=number).action.value == "retry")

    assert [59, 29, 19, 19, 19, 19] == [longest(number) for number in TRIES]


def test_one_far_reset_keeps_nobody_waiting_who_can_be_asked_soon() -> None:
    """The batch waits for the latest of those that come in time, and asks all that are left once more."""
    found = decision(115 * 24 * 60, 5, 12)

    assert ("retry", 12) == (found.action.value, minutes_of(found.retry_delay))
