"""Nights, months and windows, as pure functions of the instant they are given."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chapterwatch.errors import UserError
from chapterwatch.model import Window

#: How far back an account is read the first time, where the registry does not say.
FIRST_REACH = timedelta(days=92)

#: Every night reads this far again, so that edits and deletions are seen. Where reads are paid, the short reach is
#: used and known posts are looked up again on the days of `RECHECK_DAYS`. Posts with an open finding are looked up
#: every night in any case: whether a finding is mended is told by the platform, not by anybody's word.
FREE_OVERLAP = FIRST_REACH
PAID_OVERLAP = timedelta(days=2)
RECHECK_DAYS = (1, 3, 7, 30)


def night_before(instant: datetime) -> date:
    """The day a nightly run started at `instant` reports on: the day before, UTC."""
    return instant.astimezone(UTC).date() - timedelta(days=1)


def month_before(instant: datetime) -> str:
    """The month (`YYYY-MM`) before the one `instant` lies in, UTC."""
    return (instant.astimezone(UTC).date().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def month_of(text: str) -> str:
    """`text` if it is a month as `YYYY-MM`. Raises UserError otherwise."""
    if not re.fullmatch(r"[0-9]{4}-(?:0[1-9]|1[0-2])", text):
        raise UserError(f"{text!r} is not a month; write it as YYYY-MM, for example 2026-10")
    return text


def month_bounds(month: str, timezone: str) -> Window:
    """The half-open span of a month in a time zone, as UTC instants."""
    first = date.fromisoformat(f"{month}-01")
    return days_bounds(first, (first + timedelta(days=32)).replace(day=1), timezone)


def days_bounds(first: date, following: date, timezone: str) -> Window:
    """The half-open span from the first day's start to the start of the day that follows the last, as UTC instants."""
    zone = ZoneInfo(timezone)
    starts, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, following))
    return Window(since=starts, until=ends)


def month_closes(bounds: Window) -> datetime:
    """When a month counts as read: 06:00 UTC on the second of the next month.

    A month ends latest at noon UTC of the first (at UTC-12); the night after that reads its last posts.
    """
    last_day = (bounds.until - timedelta(hours=14)).astimezone(UTC).date()
    following = (last_day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(following, time(6), UTC) + timedelta(days=1)


def closed_month(text: str, now: datetime) -> str:
    """`text` if it is a month that has closed by `now`, in whatever time zone. Raises UserError otherwise."""
    closes = month_closes(month_bounds(month_of(text), "UTC"))
    if now < closes:
        raise UserError(
            f"{text} closes on {closes:%Y-%m-%d at %H:%M} UTC and is not whole before; wait until then, or look at it "
            f"with `chapterwatch publish {text} --preview FOLDER`"
        )
    return text


def months_ago(instant: datetime, months: int) -> datetime:
    """The same time so many calendar months before; the last day of a month that lacks the day (UTC)."""
    at = instant.astimezone(UTC)
    month = at.year * 12 + at.month - 1 - months
    first = at.replace(year=month // 12, month=month % 12 + 1, day=1)
    return first.replace(day=min(at.day, monthrange(first.year, first.month)[1]))


def day_after(day: date) -> datetime:
    """When a day is over, UTC."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def first_instant(collect_from: date | None, now: datetime) -> datetime:
    """From when on an account is to be read: the registry's date, else as far back as a first reading goes."""
    return datetime.combine(collect_from, time(), UTC) if collect_from else now - FIRST_REACH


def reading_window(
    *,
    collect_from: date | None,
    covered_until: datetime | None,
    overlap: timedelta,
    now: datetime,
) -> Window:
    """What to ask of an account: everything at first, later from the last covered instant less the overlap."""
    earliest = first_instant(collect_from, now)
    if covered_until is None:
        return Window(since=min(earliest, now), until=now)
    return Window(since=max(earliest, covered_until - overlap), until=now)


def months_between(since: date, until: date) -> list[str]:
    """Every month (`YYYY-MM`) that has a day from `since` to `until`, both included."""
    months, day = [], since.replace(day=1)
    while day <= until:
        months.append(day.strftime("%Y-%m"))
        day = (day + timedelta(days=32)).replace(day=1)
    return months
