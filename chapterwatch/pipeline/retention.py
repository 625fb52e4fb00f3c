"""The retention rule: whose texts are erased for their age, what keeps the others, and what people put on hold.

An association says in the registry how many months texts and pictures of posts are kept after the post was last seen.
Nothing goes that somebody still needs: a finding nobody has settled, an appeal without a decision, a month whose report
is not issued yet, a hold.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from chapterwatch import logs
from chapterwatch.archive import AgedPost, Archive, Hold, KeptAccount
from chapterwatch.archive.acts import Act
from chapterwatch.errors import ClockAhead, FilesError, UserError
from chapterwatch.model import Association
from chapterwatch.pipeline import periods
from chapterwatch.pipeline.marks import marked_edits
from chapterwatch.pipeline.persons import act_of, decided
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.registry import Registry

log = logging.getLogger(__name__)

#: Who erases by itself, in tombstones and receipts.
AUTHOR = "chapterwatch"
#: Posts erased by one audit: a first night with a rule must not keep the alerts waiting for hours.
NIGHTLY = 2_000
#: So long after a night was told that the clock is ahead, the clock is not taken for right.
CLOCK_DOUBTED = timedelta(days=2)

#: Why a text that is old enough stays: on hold, a finding or appeal is open, or its month is not reported yet.
Kept = Literal["hold", "open", "unreported"]


@dataclass(frozen=True, kw_only=True)
class Ageing:
    """How the rule stands for one account."""

    account: KeptAccount
    #: None: its texts are kept for ever.
    months: int | None
    #: Posts with a text left.
    texts: int
    #: Those that go now, the one seen longest ago first.
    due: Sequence[AgedPost] = ()
    #: Those old enough that stay, by the first reason.
    kept: Mapping[Kept, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """What one audit erased by age, and how many posts wait for the next one."""

    erased: int = 0
    waiting: int = 0


# --- erasing --------------------------------------------------------------------------------------------------------


def erase_outlived(
    archive: Archive, registry: Registry, keys: Collection[str], now: datetime, limit: int = NIGHTLY
) -> Outdated:
    """Erase the texts of some accounts' posts that outlived their association's rule, `limit` at most.

    Where the store of pictures is out of reach the rest waits for the next audit. Nothing goes while a platform says
    that the machine's clock is ahead: what is old by that clock may have been seen yesterday.
    """
    if _is_clock_doubted(archive, now):
        log.warning("no text is erased for its age: the clock is in doubt", extra=logs.fields(step="audit"))
        return Outdated()
    erased = waiting = 0
    for account in _chosen(archive, keys):
        standing = _ageing(archive, registry, account, now, count=False)
        part = standing.due[: limit - erased]
        waiting += len(standing.due) - len(part)
        marked = marked_edits(archive, account.key) if part else {}
        try:
            for post in part:
                _erase(archive, post, standing.months or 0, now, marked.get(post.native_id, frozenset()))
                erased += 1
        except FilesError as error:
            log.error("texts that outlived their time are not erased yet: %s", error, extra=logs.fields(step="audit"))  # noqa: TRY400
            break
    if erased or waiting:
        told = logs.fields(step="audit", count=erased)
        log.info("%d posts erased under the retention rule, %d wait", erased, waiting, extra=told)
    return Outdated(erased=erased, waiting=waiting)


def _is_clock_doubted(archive: Archive, now: datetime) -> bool:
    rows = archive.coverage(since=now - CLOCK_DOUBTED, asked="posts")
    return any(row.reason == ClockAhead.reason and now - CLOCK_DOUBTED <= row.at <= now for row in rows)


def _erase(archive: Archive, post: AgedPost, months: int, now: datetime, marked: Collection[str]) -> None:
    reason = f"not seen for {_spoken(months)}, which is as long as the association's retention rule keeps a text"
    archive.erase_body(
        post.account_key, post.native_id, reason=reason, author=AUTHOR, at=now, months=months, marked=marked
    )


def _spoken(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def is_held(holds: Iterable[Hold], account_key: str, native_id: str) -> bool:
    """Whether one of the holds keeps a post from being erased by itself."""
    return any(hold.covers(account_key, native_id) for hold in holds)


# --- looking --------------------------------------------------------------------------------------------------------


def ageing(workplace: Workplace, chapters: Collection[str] = ()) -> list[Ageing]:
    """How the rule stands for every account something is kept of, or those of some chapters. Changes nothing.

    Raises:
        UserError: unknown chapter.
    """
    for chapter in chapters:
        workplace.registry.chapter(chapter)
    archive, registry = workplace.archive, workplace.registry
    found = archive.kept_accounts()
    return [
        _ageing(archive, registry, account, workplace.now, count=True)
        for account in found
        if not chapters or account.chapter in chapters
    ]


def _chosen(archive: Archive, keys: Collection[str]) -> list[KeptAccount]:
    wanted = set(keys)
    return [account for account in archive.kept_accounts() if account.key in wanted]


def _ageing(archive: Archive, registry: Registry, account: KeptAccount, now: datetime, *, count: bool) -> Ageing:
    association = next((item for item in registry.associations if item.id == account.association), None)
    months = association.retention.of(account.platform) if association else None
    texts = archive.texts_left(account.key) if count else 0
    if association is None or months is None:
        return Ageing(account=account, months=months, texts=texts)
    aged = archive.aged_posts(account.key, periods.months_ago(now, months))
    if not aged:
        return Ageing(account=account, months=months, texts=texts)
    needs = _Needs(archive, registry, association, account, now)
    due: list[AgedPost] = []
    kept = Counter[Kept]()
    for post in aged:
        why = needs.why_kept(post)
        if why is None:
            due.append(post)
        else:
            kept[why] += 1
    return Ageing(account=account, months=months, texts=texts, due=due, kept=kept)


class _Needs:
    """What keeps an account's texts although they are old enough to go."""

    def __init__(
        self, archive: Archive, registry: Registry, association: Association, account: KeptAccount, now: datetime
    ) -> None:
        self._zone = ZoneInfo(association.timezone)
        self._holds = archive.holds(now)
        self._open = archive.open_posts(account.key)
        self._happened = archive.happened(account.key)
        self._issued = archive.issued_periods(account.key, account.chapter)
        self._first = min({self._month(account.registered_at), *self._issued})
        # Of a chapter that left the registry no report will come any more.
        self._reported_on = account.chapter in {chapter.id for chapter in registry.chapters}

    def why_kept(self, post: AgedPost) -> Kept | None:
        """The first reason to keep a post's text; None where there is none."""
        if is_held(self._holds, post.account_key, post.native_id):
            return "hold"
        if post.native_id in self._open:
            return "open"
        moments = (post.created_at, *self._happened.get(post.native_id, ()))
        return "unreported" if any(map(self._awaits_a_report, moments)) else None

    def _awaits_a_report(self, moment: datetime) -> bool:
        """Whether a report is still to come of the month of a moment. None was due before the account was known."""
        month = self._month(moment)
        return self._reported_on and month >= self._first and month not in self._issued

    def _month(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime("%Y-%m")


# --- holds ----------------------------------------------------------------------------------------------------------


_WHO = "a hold is a person's decision; say who decides (--by) and why (--why)"


def add_hold(workplace: Workplace, account_key: str, native_id: str | None, *, by: str, why: str, until: date) -> Hold:
    """Keep an account's posts, or one of them, from being erased by itself up to and with a day (UTC); the hold.

    That goes for posts deleted on their platform, too.

    Raises:
        UserError: nobody says who wants it and why, or the day is over.
        ArchiveError: the archive knows no such account or post.
    """
    by, why = decided(by, why, _WHO)
    now, expires = workplace.now, periods.day_after(until)
    if expires <= now:
        raise UserError(f"{until} is over; a hold ends on a day to come, and can be set again then")
    archive = workplace.archive
    post = archive.post_of(account_key, native_id) if native_id else None
    hold = Hold(account_key=account_key, native_id=post, reason=why, author=by, at=now, expires_at=expires)
    number = archive.acts.hold(hold, _act(workplace, hold, f"until {until}", by, why))
    return next(item for item in archive.holds(now) if item.id == number)


def end_hold(workplace: Workplace, number: int, *, by: str, why: str) -> Hold:
    """End a hold before its day; returns it.

    Raises:
        UserError: nobody says who wants it and why.
        ArchiveError: none of that number stands.
    """
    by, why = decided(by, why, _WHO)
    archive = workplace.archive
    hold = next((item for item in archive.holds(workplace.now) if item.id == number), None)
    if hold is None:
        raise UserError(f"there is no hold {number}; `chapterwatch archive hold list` names those that stand")
    return archive.acts.end_hold(number, _act(workplace, hold, "ended", by, why))


def _act(workplace: Workplace, hold: Hold, what: str, by: str, why: str) -> Act:
    subject = hold.account_key if hold.native_id is None else f"{hold.account_key}/{hold.native_id}"
    chapter = workplace.archive.chapter_of(hold.account_key) or ""
    return act_of(workplace, "hold", by, subject=subject, chapter=chapter, detail=what, why=why)
