"""Nights, months and windows are pure functions of the instant they are given."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chapterwatch.errors import UserError
from chapterwatch.pipeline import periods


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_night_before() -> None:
    """A run in the early morning reports on the day before."""
    assert date(2026, 10, 31) == periods.night_before(at("2026-11-01T02:15"))


def test_month_before_new_year() -> None:
    """January's run reports on December of the year before."""
    assert "2025-12" == periods.month_before(at("2026-01-02T06:00"))


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "October", "2026-10\n", "2026-10-01"])
def test_not_a_month(text: str) -> None:
    """Whatever is no month is refused in one line."""
    with pytest.raises(UserError, match="is not a month; write it as YYYY-MM"):
        periods.month_of(text)


@pytest.mark.parametrize(
    ("zone", "since", "until"),
    [
        ("UTC", "2026-10-01T00:00", "2026-11-01T00:00"),
        ("America/Chicago", "2026-10-01T05:00", "2026-11-01T05:00"),
        # The clocks go back on 25 October in Berlin, so the month is an hour longer there.
        ("Europe/Berlin", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("Pacific/Auckland", "2026-09-30T11:00", "2026-10-31T11:00"),
    ],
)
def test_month_bounds(zone: str, since: str, until: str) -> None:
    """A month has its bounds in the association's zone and closes at 06:00 UTC on the second of the next."""
    bounds = periods.month_bounds("2026-10", zone)

    assert (at(since), at(until)) == (bounds.since, bounds.until)
    assert at("2026-11-02T06:00") == periods.month_closes(bounds)


@pytest.mark.parametrize(
    ("now", "month", "closes"),
    [
        ("2026-11-02T05:59", "2026-10", "2026-11-02 at 06:00"),
        ("2026-11-02T06:00", "2026-11", "2026-12-02 at 06:00"),
        ("2026-11-02T06:00", "2026-12", "2027-01-02 at 06:00"),
    ],
)
def test_a_month_is_closed_only_when_its_last_night_was_read(now: str, month: str, closes: str) -> None:
    """Before that it is refused in one line that says when; afterwards it is the month itself."""
    with pytest.raises(UserError, match=f"{month} closes on {closes} UTC"):
        periods.closed_month(month, at(now))

    assert "2026-10" == periods.closed_month("2026-10", at("2026-11-02T06:00"))


def test_first_window_reaches_to_the_start_of_collecting() -> None:
    """The first time an account is read from where the registry says."""
    window = periods.reading_window(
        collect_from=date(2026, 8, 1),
        covered_until=None,
        overlap=timedelta(days=2),
        now=at("2026-10-30T02:15"),
    )

    assert (at("2026-08-01T00:00"), at("2026-10-30T02:15")) == (window.since, window.until)


def test_later_windows_overlap() -> None:
    """Later windows start before what was covered, so that an edit or a deletion is seen; never before the start."""
    now = at("2026-10-30T02:15")
    later = periods.reading_window(
        collect_from=date(2026, 8, 1),
        covered_until=at("2026-10-29T02:15"),
        overlap=timedelta(days=2),
        now=now,
    )
    early = periods.reading_window(
        collect_from=date(2026, 10, 29),
        covered_until=at("2026-10-29T02:15"),
        overlap=timedelta(days=2),
        now=now,
    )

    assert (at("2026-10-27T02:15"), at("2026-10-29T00:00")) == (later.since, early.since)


def test_months_between() -> None:
    """Every month that has a day of the span, over a year's end too."""
    assert ["2025-12", "2026-01"] == periods.months_between(date(2025, 12, 31), date(2026, 1, 1))
