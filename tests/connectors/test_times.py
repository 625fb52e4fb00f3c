"""Timestamps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.times import (
    AmbiguousTime,
    EmptyTime,
    UnreadableTime,
    epoch_time,
    http_date,
    platform_time,
    written_time,
)

NOON = datetime(2026, 10, 5, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-05T12:00:30.000Z",
        "2026-10-05T12:00:30Z",
        "2026-10-05t12:00:30z",
        "2026-10-05T12:00:30+0000",
        "2026-10-05 14:00:30+02:00",
        "Mon Oct 05 12:00:30 +0000 2026",
    ],
)
def test_platform_timestamps_become_utc(text: str) -> None:
    """With and without fraction, with either way to write the zone, and in Twitter's old words."""
    assert NOON == platform_time(text)


@pytest.mark.parametrize("text", ["", None, 5, "yesterday", "2026-13-01T00:00:00Z", "2026-10-05", "20261005T120000Z"])
def test_no_timestamp_is_no_time(text: object) -> None:
    """A time that cannot be read is an error, never now and never nothing."""
    with pytest.raises(UnreadableTime):
        platform_time(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "1989-12-31T23:59:59Z", "Thu Jan 01 00:00:00 +0000 1970"])
def test_a_date_before_any_account_is_an_empty_one(text: str) -> None:
    """Some systems write the first day they know where they have no date."""
    with pytest.raises(EmptyTime, match="before the year 1990"):
        platform_time(text)


def test_a_date_of_another_century_is_refused() -> None:
    """Lists kept since the nineties are read; a date after 2100 is a slip."""
    assert datetime(1990, 1, 1, tzinfo=UTC) == platform_time("1990-01-01T00:00:00Z")
    with pytest.raises(UnreadableTime, match="after the year 2100"):
        platform_time("2101-01-01T00:00:00Z")


@pytest.mark.parametrize("text", ["1791201630", "1791201630000", "2026-10-05T12:00:30Z", " 2026-10-05T14:00:30+02:00 "])
def test_written_times_may_be_epoch_or_iso(text: str) -> None:
    """Tables may use epoch seconds, milliseconds or ISO 8601 with a zone."""
    assert NOON == written_time(text)


@pytest.mark.parametrize(
    "text", ["2026-10-05T12:00:30", "2026-10-05", "05/10/2026", "10/5/26 12:00", "5.10.2026", "2026-10-05 12:00"]
)
def test_times_that_need_a_guess_are_ambiguous(text: str) -> None:
    """No zone, or day and month in unknown order: nobody can say which instant that was."""
    with pytest.raises(AmbiguousTime):
        written_time(text)


@pytest.mark.parametrize("seconds", ["-1", "99999999999", "x", None, 9e30])
def test_epochs_outside_our_century_are_refused(seconds: object) -> None:
    """A number that is no plausible time is an error."""
    with pytest.raises(UnreadableTime):
        epoch_time(seconds)


def test_http_dates() -> None:
    """The Date header is UTC; garbage is none."""
    assert NOON == http_date("Mon, 05 Oct 2026 12:00:30 GMT")
    assert http_date("soon") is None
    assert http_date(None) is None
