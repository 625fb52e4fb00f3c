"""What could be seen of each account, and how long the access to it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from chapterwatch.archive import AccessCheck
from chapterwatch.model import Access, Account, Chapter, Coverage, Seen
from chapterwatch.pipeline.periods import night_before
from desk.visit import Visit

#: A token that ends within so many days needs somebody.
SOON = timedelta(days=30)
_ORDER = ["seen", "partial", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One account: what the last run that asked for it saw, and its access."""

    account: Account
    #: seen, partial, unknown or not_asked
    state: str
    reasons: tuple[str, ...]
    asked_at: datetime | None
    #: Until when its posts were seen in full.
    whole_at: datetime | None
    ends: date | None
    check: AccessCheck | None
    ends_soon: bool = False


def sight_of(visit: Visit, chapters: Sequence[Chapter]) -> list[Sight]:
    """Every account of some chapters, in the registry's order."""
    archive = visit.place.archive
    accounts = [account for chapter in chapters for account in chapter.accounts if account.access is not Access.NONE]
    keys = [account.key for account in accounts]
    rows = {key: list(map(_as_far_as_it_reaches, last)) for key, last in archive.shelf.last_asked(keys).items()}
    whole, checks = archive.shelf.last_seen_whole(keys), archive.access_checks()
    return [_sight(item, rows.get(item.key, []), whole.get(item.key), checks.get(item.key), visit) for item in accounts]


def _sight(
    account: Account, last: Sequence[Coverage], whole: datetime | None, check: AccessCheck | None, visit: Visit
) -> Sight:
    worst = max((row.seen.value for row in last), key=_ORDER.index, default="not_asked")
    ends = _ends(visit, account, check)
    return Sight(
        account=account,
        state=worst,
        reasons=tuple(dict.fromkeys(row.reason for row in last if row.reason and row.seen is not Seen.SEEN)),
        asked_at=last[-1].at if last else None,
        whole_at=whole,
        ends=ends,
        check=check,
        ends_soon=ends is not None and ends <= (visit.now + SOON).date(),
    )


def _as_far_as_it_reaches(row: Coverage) -> Coverage:
    """The row; a file that ends before the night it was read in again showed a part, as reports say of its days."""
    night = datetime.combine(night_before(row.at), time(), UTC)
    if row.asked == "export" and row.seen is Seen.SEEN and row.window.until < night:
        return replace(row, seen=Seen.PARTIAL, reason="export_short")
    return row


def _ends(visit: Visit, account: Account, check: AccessCheck | None) -> date | None:
    """When the access ends: what the platform says, else what somebody noted for the account or its connection."""
    if check and check.expires_at:
        return check.expires_at.date()
    if account.expires or not account.connection:
        return account.expires
    connection = visit.place.connection(account.connection)
    return connection.expires if connection else None
