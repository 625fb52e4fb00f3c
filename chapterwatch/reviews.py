"""Reviews by hand: for accounts nothing can read, what people looked at, when the next review is due, how far it goes.

A month is to be reviewed by the fourteenth day after it, like the monthly questions. A day counts as seen when reviews
made on a later day looked for every clause of the checklist on it. Nothing here reads a clock: the time is passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from chapterwatch.attest import Standing
from chapterwatch.model import Access, Account, Chapter, Review, Seen, Space, Window
from chapterwatch.policy import Clause, checklist_of

#: Days after a month's end by which its review is in time.
DUE_DAYS = 14

_DAY = timedelta(days=1)
Span = tuple[date, date]


@dataclass(frozen=True, kw_only=True)
class State:
    """What a run notes of an account that is reviewed by hand."""

    seen: Seen
    reason: str | None
    detail: str
    window: Window


@dataclass(frozen=True, kw_only=True)
class Due:
    """One month of one account: by when its review is due, and how far it has come."""

    account: str
    period: str
    due: date
    #: First and last day to be reviewed.
    starts: date
    ends: date
    #: Days of these seen in full, and the review made last that touches them.
    days_seen: int
    latest: Review | None

    @property
    def is_done(self) -> bool:
        """Whether every day of the month was reviewed for the whole checklist."""
        return self.days_seen == (self.ends - self.starts).days + 1

    @property
    def said(self) -> str:
        """What the review made last says, and how many days it and its like cover."""
        if self.latest is None:
            return ""
        days = (self.ends - self.starts).days + 1
        return f"{_found(self.latest) or 'nothing found'} ({self.latest.on}, {self.days_seen} of {days} days)"

    def standing(self, today: date) -> Standing:
        """Answered, due by a day to come (or today), or overdue."""
        if self.is_done:
            return Standing.ANSWERED
        return Standing.OVERDUE if self.due < today else Standing.DUE


@dataclass(frozen=True)
class Reviewed:
    """An account with its reviews and the checklist they are held against."""

    account: Account
    reviews: tuple[Review, ...]
    checklist: frozenset[str]

    @cached_property
    def days(self) -> frozenset[date]:
        """The days seen in full: over, and looked at for the whole checklist, by one review or several."""
        looked: dict[date, set[str]] = {}
        for review in self.reviews:
            items = self.checklist if "all" in review.looked_at else set(review.looked_at)
            # The day of the review itself was not over.
            for day in _days(review.starts, min(review.ends, review.on - _DAY)):
                looked.setdefault(day, set()).update(items)
        return frozenset(day for day, items in looked.items() if self.checklist <= items)

    def due(self, period: str) -> Due | None:
        """How the month `YYYY-MM` stands; None before the account is to be read."""
        first, last = _month(period)
        first = max(first, self.account.collect_from or first)
        if first > last:
            return None
        touching = [one for one in self.reviews if one.starts <= last and one.ends >= first]
        return Due(
            account=self.account.key,
            period=period,
            due=last + timedelta(days=DUE_DAYS),
            starts=first,
            ends=last,
            days_seen=sum(day in self.days for day in _days(first, last)),
            latest=max(touching, key=lambda one: (one.on, one.ends), default=None),
        )

    def state(self, now: datetime, noted: Sequence[Window]) -> State:
        """What a run at `now` notes: first days reviewed that no run has noted yet, then how the last month stands."""
        today = now.astimezone(self._zone).date()
        for span in _spans(self.days):
            window = self._window(span)
            if not any(one.since <= window.since and window.until <= one.until for one in noted):
                return self._seen(span)
        asked = self.due(_month_before(today)) or self.due(f"{max(today, self.account.collect_from or today):%Y-%m}")
        if asked is None:
            raise ValueError("a month always holds its own days")
        return self._open(asked, today)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.account.timezone)

    def _window(self, span: Span) -> Window:
        since, until = (datetime(day.year, day.month, day.day, tzinfo=self._zone) for day in (span[0], span[1] + _DAY))
        return Window(since=since.astimezone(UTC), until=until.astimezone(UTC))

    def _seen(self, span: Span) -> State:
        made = [one for one in self.reviews if one.starts <= span[1] and one.ends >= span[0]]
        last = max(one.on for one in made)
        found = "; ".join(dict.fromkeys(words for one in made if (words := _found(one))))
        said = f"they reported: {found}" if found else "they found nothing"
        detail = f"Reviewed by a person on {last}, from {span[0]} to {span[1]}; {said}."
        return State(seen=Seen.SEEN, reason=None, detail=detail, window=self._window(span))

    def _open(self, asked: Due, today: date) -> State:
        spans = _spans(day for day in _days(asked.starts, asked.ends) if day in self.days)
        if asked.is_done:
            return self._seen(next(span for span in _spans(self.days) if span[0] <= asked.starts <= span[1]))
        late = asked.due < today
        reason, by = ("review_overdue", "was due") if late else ("review_due", "is due")
        if asked.latest is None:
            detail = f"No review of {asked.period} was handed in; it {by} by {asked.due}."
            return State(
                seen=Seen.UNKNOWN, reason=reason, detail=detail, window=self._window((asked.starts, asked.ends))
            )
        seen, total = asked.days_seen, (asked.ends - asked.starts).days + 1
        detail = (
            f"Reviewed by a person on {asked.latest.on}; {seen} of {total} days of {asked.period} were seen in full."
        )
        touched = (max(asked.latest.starts, asked.starts), min(asked.latest.ends, asked.ends))
        window = self._window((spans[0][0], spans[-1][1]) if spans else touched)
        return State(seen=Seen.PARTIAL, reason=reason if spans else "review_incomplete", detail=detail, window=window)


def reviewed(account: Account, reviews: Iterable[Review], checklist: Iterable[Clause]) -> Reviewed:
    """The account with those of a chapter's reviews that are its own."""
    own = tuple(one for one in reviews if one.account == account.key)
    return Reviewed(account, own, frozenset(clause.id for clause in checklist))


def due_of(chapter: Chapter, until: str, policies: Path) -> list[Due]:
    """Every month of every account of the chapter that is reviewed by hand, up to `until` (`YYYY-MM`)."""
    found = []
    for account in chapter.accounts:
        if account.access is Access.ATTESTED and account.space is not Space.PRIVATE:
            one = reviewed(account, chapter.reviews, checklist_of(account.pack, policies))
            found += [due for period in months(account, until) if (due := one.due(period))]
    return found


def months(account: Account, until: str) -> Iterator[str]:
    """The months to be reviewed, from the account's first to `until` (`YYYY-MM`)."""
    year, month = (int(part) for part in until.split("-"))
    begun = account.collect_from or date(year, month, 1)
    for number in range(begun.year * 12 + begun.month - 1, year * 12 + month):
        yield f"{number // 12}-{number % 12 + 1:02}"


def _found(review: Review) -> str:
    """What a review says it found; empty where nothing was."""
    return "; ".join(matter.words.rstrip(". ") for matter in review.reported)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _spans(days: Iterable[date]) -> list[Span]:
    spans: list[Span] = []
    for day in sorted(days):
        if spans and spans[-1][1] + _DAY == day:
            spans[-1] = spans[-1][0], day
        else:
            spans.append((day, day))
    return spans


def _month(period: str) -> Span:
    year, month = (int(part) for part in period.split("-"))
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - _DAY


def _month_before(today: date) -> str:
    return f"{today.replace(day=1) - _DAY:%Y-%m}"
