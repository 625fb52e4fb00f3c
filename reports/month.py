"""The month of a report, and how much of it was seen.

A month has its bounds in the association's time zone. A day counts as seen only when windows that were fully read
cover all of it; what a later run caught up on is seen, whatever failed before.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from chapterwatch.model import Access, Account, Coverage, Seen, Space
from reports.facts import AccountView, AskedView, DayState, Unseen
from reports.reasons import noted
from reports.text import clean_line, sentence
from reports.words import Words

#: What of an account holds posts; the days of the month are counted over these.
POSTS_ASKED = frozenset({"posts", "export", "review"})

#: What a run's own words say of records it could not read; the report counts those itself, in its own language.
_KEPT_ASIDE = re.compile(r"\s*\d+ records? could not be read and (?:is|are) kept aside\.")

Span = tuple[datetime, datetime]


#: A run notes what it could not see in English, partly in the platform's own words.
RUNS_SPEAK = "en"


@dataclass(frozen=True)
class Month:
    """A calendar month in a time zone, half-open in UTC."""

    period: str
    zone: str
    starts: datetime
    ends: datetime
    days: tuple[date, ...]

    def day_span(self, day: date) -> Span:
        """A day's bounds in UTC; 23 or 25 hours long where clocks change."""
        zone = ZoneInfo(self.zone)
        return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in the month."""
        return self.starts <= moment < self.ends

    def period_of(self, moment: datetime) -> str:
        """The `YYYY-MM` a moment belongs to here."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%Y-%m}"


def month_of(period: str, zone: str) -> Month:
    """The month `YYYY-MM` of a time zone."""
    year, month = (int(part) for part in period.split("-"))
    days = tuple(date(year, month, day + 1) for day in range(monthrange(year, month)[1]))
    here = ZoneInfo(zone)
    return Month(period, zone, _midnight(days[0], here), _midnight(days[-1] + timedelta(days=1), here), days)


def account_view(
    account: Account,
    label: str,
    rows: Sequence[Coverage],
    month: Month,
    posts: int,
    words: Words,
) -> AccountView:
    """What could be seen of one account over the month."""
    days = day_states(account, rows, month)
    return AccountView(
        key=account.key,
        label=label,
        kind=words(
            "coverage.kind",
            space=words(f"space.{account.space}"),
            access=words(f"access.{account.access}"),
        ),
        posts=posts,
        state=_overall(days),
        days=days,
        days_words=_days_words(days, words),
        by_hand=account.access is Access.ATTESTED,
        asked=tuple(_alike([_asked_view(asked, list(group), month, words) for asked, group in _by_asked(rows)])),
    )


def unseen_of(
    account: Account,
    view: AccountView,
    rows: Sequence[Coverage],
    month: Month,
    owner: str,
    words: Words,
) -> list[Unseen]:
    """What of an account could not be looked at, with the reason and who can mend it."""
    gaps = _posts_gaps(account, view, rows, month, owner, words) if view.state != "seen" else []
    for asked, group in _by_asked(rows):
        last = max(group, key=lambda row: row.at)
        if asked not in POSTS_ASKED and last.seen != Seen.SEEN:
            said = noted_of(last, words)
            gaps.append(_unseen(view.label, words.named("asked", asked), last.reason, said, owner, words))
    return _merged(gaps)


def day_states(account: Account, rows: Iterable[Coverage], month: Month) -> tuple[DayState, ...]:
    """One state per day: seen, partial, unknown, or not asked for (before collecting began)."""
    asked = [row for row in rows if row.asked in POSTS_ASKED]
    seen = _joined([(row.window.since, row.window.until) for row in asked if row.seen == Seen.SEEN])
    touched = [(row.window.since, row.window.until) for row in asked if row.seen != Seen.UNKNOWN]
    return tuple(_day_state(day, account, seen, touched, month) for day in month.days)


def _day_state(day: date, account: Account, seen: list[Span], touched: list[Span], month: Month) -> DayState:
    if account.collect_from and day < account.collect_from:
        return "not_asked"
    starts, ends = month.day_span(day)
    if any(since <= starts and ends <= until for since, until in seen):
        return "seen"
    if any(since < ends and starts < until for since, until in touched):
        return "partial"
    return "unknown"


def _overall(days: Sequence[DayState]) -> DayState:
    asked = {day for day in days if day != "not_asked"}
    if not asked:
        return "not_asked"
    return asked.pop() if len(asked) == 1 else "partial"


def _posts_gaps(
    account: Account,
    view: AccountView,
    rows: Sequence[Coverage],
    month: Month,
    owner: str,
    words: Words,
) -> list[Unseen]:
    failed = [row for row in rows if row.asked in POSTS_ASKED and row.seen != Seen.SEEN and not _replaced(row, rows)]
    last = max(failed, key=lambda row: row.at, default=None)
    reason, detail = (last.reason, noted_of(last, words)) if last else (_reason_without_rows(account, view), "")
    parts = _around_an_export(view.days, rows, month) if reason == "no_export" else ((reason, view.days),)
    return [
        _unseen(view.label, words("unseen.posts", days=_ranges(days, month, words)), why, detail, owner, words)
        for why, days in parts
    ]


def _replaced(row: Coverage, rows: Sequence[Coverage]) -> bool:
    """Whether it speaks of an export in whose place another was read later."""
    return row.asked == "export" and any(
        one.asked == "export" and one.seen == Seen.SEEN and one.at > row.at for one in rows
    )


def _around_an_export(
    days: Sequence[DayState], rows: Sequence[Coverage], month: Month
) -> list[tuple[str, Sequence[DayState]]]:
    """Why no export covers days, each reason with its days; all others pass as seen there.

    An export that was handed in after a day speaks of that day, even if it has no post from it.
    """
    read = [row.at for row in rows if row.asked == "export" and row.seen != Seen.UNKNOWN]
    if not read:
        return [("no_export", days)]
    handed_in = max(read).astimezone(ZoneInfo(month.zone)).date()
    dated = list(zip(month.days, days, strict=True))
    before = [state if day < handed_in else "seen" for day, state in dated]
    since = [state if day >= handed_in else "seen" for day, state in dated]
    parts: list[tuple[str, Sequence[DayState]]] = [("export_short", before), ("no_export", since)]
    return [part for part in parts if {"partial", "unknown"} & set(part[1])]


def _reason_without_rows(account: Account, view: AccountView) -> str:
    if account.space == Space.PRIVATE:
        return "private_space"
    by_access = {Access.NONE: "no_access", Access.ATTESTED: "attested", Access.IMPORT: "no_export"}
    if view.state == "not_asked":
        return "not_yet_collected"
    return by_access.get(account.access, "no_run")


def _unseen(account: str, what: str, reason: str | None, detail: str, owner: str, words: Words) -> Unseen:
    known = reason if reason and words.has(f"reason.{reason}.why") else "other"
    why = words(f"reason.{known}.why")
    if known == "other" and detail:
        why = sentence(detail)
    return Unseen(account=account, what=what, why=why, mend=words(f"reason.{known}.mend", owner=owner))


def _merged(gaps: Sequence[Unseen]) -> list[Unseen]:
    """One line for what is missing for the same reason."""
    by_reason: dict[tuple[str, str], list[Unseen]] = {}
    for gap in gaps:
        by_reason.setdefault((gap.why, gap.mend), []).append(gap)
    return [replace(part[0], what="; ".join(gap.what for gap in part)) for part in by_reason.values()]


def _alike(views: Sequence[AskedView]) -> list[AskedView]:
    by_course: dict[AskedView, list[str]] = {}
    for view in views:
        by_course.setdefault(replace(view, asked=""), []).append(view.asked)
    return [replace(course, asked=", ".join(asked)) for course, asked in by_course.items()]


def _asked_view(asked: str, rows: list[Coverage], month: Month, words: Words) -> AskedView:
    last = max(rows, key=lambda row: row.at)
    seen = sum(row.seen == Seen.SEEN for row in rows)
    return AskedView(
        asked=words.named("asked", asked),
        state=words(f"seen.{last.seen}"),
        window=_window(rows, month, words),
        runs=words("coverage.runs", seen=seen, n=len(rows)),
        why=_why(last, words),
        detail=_detail(rows, last, words),
    )


def _why(last: Coverage, words: Words) -> str:
    key = f"reason.{last.reason}.why"
    return "" if last.seen == Seen.SEEN or words.language == RUNS_SPEAK or not words.has(key) else words(key)


def _window(rows: list[Coverage], month: Month, words: Words) -> str:
    zone = ZoneInfo(month.zone)
    since = min(row.window.since for row in rows).astimezone(zone).date()
    # A window is half-open, so it ends just before its end; one that is empty is a moment.
    until = (max(row.window.until for row in rows) - timedelta(microseconds=1)).astimezone(zone).date()
    until = max(since, until)
    if (since.year, since.month) == (until.year, until.month):
        return _range([since, until], words) if since != until else words.day(since)
    return words("date.range", since=words.day(since), until=words.day(until))


def _detail(rows: list[Coverage], last: Coverage, words: Words) -> str:
    quarantined = max(row.quarantined for row in rows)
    said = noted_of(last, words)
    # Who reviewed by hand, when, and what they found stands nowhere else.
    parts = [] if last.seen == Seen.SEEN and last.asked != "review" else [sentence(said)]
    if quarantined:
        parts.append(words("coverage.quarantined", n=quarantined))
    return " ".join(part for part in parts if part)


def noted_of(row: Coverage, words: Words) -> str:
    """What a run noted of an account: in the report's language where all of it is known, else as the run said it."""
    said = noted_by_run(row)
    return words.spoken_dates(noted(said, words.language) or said)


def noted_by_run(row: Coverage) -> str:
    """What a run noted of an account, as it said it, without what stands beside it in every report."""
    # A run's own words begin with the account, which stands in the line already.
    return clean_line(_KEPT_ASIDE.sub("", row.detail.removeprefix(f"{row.account_key}: ")))


def _days_words(days: Sequence[DayState], words: Words) -> str:
    asked = [day for day in days if day != "not_asked"]
    return words("coverage.days", seen=sum(day == "seen" for day in asked), n=len(asked))


def _ranges(days: Sequence[DayState], month: Month, words: Words) -> str:
    """The days not seen, as ranges where there are few: "12-31 October"."""
    asked = [(day, state) for day, state in zip(month.days, days, strict=True) if state != "not_asked"]
    missing = [day for day, state in asked if state != "seen"]
    if not asked or len(missing) == len(month.days):
        return words("unseen.all_month")
    runs = [[day for _, day in run] for _, run in groupby(enumerate(missing), lambda pair: pair[1].day - pair[0])]
    if len(runs) > 2:  # noqa: PLR2004 - more ranges than that read worse than their sum
        return words("unseen.days", n=len(missing), total=len(asked))
    return words.both([_range(run, words) for run in runs])


def _range(run: list[date], words: Words) -> str:
    if len(run) == 1:
        return words.day(run[0])
    return words("date.days", first=run[0].day, last=words.day(run[-1]))


def _by_asked(rows: Sequence[Coverage]) -> Iterable[tuple[str, Iterable[Coverage]]]:
    order = ["posts", "export", "review", "profile", "known_posts"]
    ranked = sorted(rows, key=lambda row: (order.index(row.asked) if row.asked in order else len(order), row.asked))
    return groupby(ranked, lambda row: row.asked)


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for since, until in sorted(spans):
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(until, joined[-1][1])
        else:
            joined.append((since, until))
    return joined


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
