"""What became of an account's access, out of its coverage and profiles: refused times and new handles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import pandas as pd

from chapterwatch.errors import CredentialsRejected
from chapterwatch.model import Account, Coverage, Seen, Window, same_handle
from reports.view import AccessGap, Renamed

#: The time before a gap from which its usual number of posts is reckoned, and the posts it takes to have one.
_RHYTHM = timedelta(days=84)
_RHYTHM_POSTS = 6

_POSTS_ASKED = frozenset({"posts", "export"})

#: What is seen in full is seen in part, too.
_AS_GOOD = {Seen.SEEN: (Seen.SEEN, Seen.PARTIAL), Seen.PARTIAL: (Seen.PARTIAL,), Seen.UNKNOWN: ()}


def of_month(rows: Iterable[Coverage], bounds: Window, closed: datetime) -> Iterator[Coverage]:
    """The rows that speak of a month.

    Those made before it was closed; and later ones that show posts of it which none before them did, such as an export
    that was handed in late, or the first reading of all. A month that was seen whole is changed by no later row.

    Args:
        rows: coverage whose window touches the month, in the order it was made.
        bounds: the month (UTC).
        closed: when the month was closed.
    """
    shown: dict[tuple[str, Seen], list[Window]] = {}
    for row in rows:
        if row.at >= bounds.since and (row.at < closed or _catches_up(row, bounds, shown)):
            yield row
            for seen in _AS_GOOD[row.seen] if row.asked in _POSTS_ASKED else ():
                shown.setdefault((row.account_key, seen), []).append(row.window)


def _catches_up(row: Coverage, bounds: Window, shown: Mapping[tuple[str, Seen], Sequence[Window]]) -> bool:
    """Whether a row shows posts of the month that were not shown as well before.

    A profile is of its moment, and a review by hand belongs to the day it was made: neither can be caught up on.
    """
    if row.asked not in _POSTS_ASKED or row.seen is Seen.UNKNOWN:
        return False
    since, until = max(row.window.since, bounds.since), min(row.window.until, bounds.until)
    reached: datetime | None = None
    for window in sorted(shown.get((row.account_key, row.seen), ()), key=lambda window: window.since):
        if window.since <= (reached or since) <= window.until:
            reached = window.until
    return reached is None or reached < until


def access_gaps(
    rows: Sequence[Coverage],
    posts: pd.DataFrame,
    bounds: Window,
    closed: datetime,
    caught_up: Collection[Coverage] = (),
) -> Iterator[AccessGap]:
    """The times in which access was refused that touch a month, account by account.

    Args:
        rows: coverage of the accounts, of all time.
        posts: `Archive.posts_frame()` of the accounts.
        bounds: the month (UTC).
        closed: when the month was closed; what is known later is none of its report's.
        caught_up: the later rows that are, for they show posts of the month (`of_month`).
    """
    current = posts[posts["is_current"].astype(bool)]
    for key in sorted({row.account_key for row in rows}):
        made = [pd.Timestamp(moment).to_pydatetime() for moment in current[current["account_key"] == key]["created_at"]]
        asked = [row for row in rows if row.account_key == key and row.asked in _POSTS_ASKED]
        mine = [row for row in asked if row.at < closed or row in caught_up]
        for since, until in _refused(mine):
            if since < bounds.until and (until is None or until > bounds.since):
                yield _gap(key, since, until, made, bounds)


def _refused(rows: Iterable[Coverage]) -> Iterator[tuple[datetime, datetime | None]]:
    """From the end of the last good reading to the next reading that showed anything."""
    covered: datetime | None = None
    since: datetime | None = None
    for row in sorted(rows, key=lambda row: row.at):
        if row.reason == CredentialsRejected.reason:
            since = since or covered or row.window.since
        elif row.seen is not Seen.UNKNOWN:
            if since is not None:
                yield since, row.at
            since = None
            covered = max(covered or row.window.until, row.window.until)
    if since is not None:
        yield since, None


def _gap(key: str, since: datetime, until: datetime | None, made: Sequence[datetime], bounds: Window) -> AccessGap:
    ends = until or bounds.until
    days = max(1, -(-(ends - since) // timedelta(days=1)))
    before = [moment for moment in made if since - _RHYTHM <= moment < since]
    expected = None
    if until is None and len(before) >= _RHYTHM_POSTS:
        expected = round(len(before) * ((ends - since) / (since - min(before))))
    return AccessGap(
        account_key=key,
        since=since,
        until=until,
        days=days,
        read_later=sum(since <= moment < ends for moment in made) if until else 0,
        expected=expected,
    )


def renamed(accounts: Iterable[Account], profiles: pd.DataFrame, closed: datetime) -> Iterator[Renamed]:
    """Accounts whose last profile of the month has another handle than the registry.

    `profiles` is `Archive.profiles_frame()`, `closed` when the month was closed.
    """
    known = profiles[profiles["valid_from"] < pd.Timestamp(closed)].sort_values(["account_key", "revision"])
    for account in accounts:
        history = known[known["account_key"] == account.key].to_dict("records")
        if history and not _is_named(history[-1], account):
            own = [_is_named(row, account) for row in history]
            first = len(own) - own[::-1].index(True) if True in own else None
            yield Renamed(
                account_key=account.key,
                before=account.handle,
                after=str(history[-1]["handle"]),
                at=None if first is None else pd.Timestamp(history[first]["valid_from"]).to_pydatetime(),
            )


def _is_named(row: Mapping[object, object], account: Account) -> bool:
    handle = row["handle"]
    return not isinstance(handle, str) or same_handle(handle, account.handle, account.native_id)
