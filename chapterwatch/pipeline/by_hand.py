"""What people found in reviews by hand: findings under a clause, and matters somebody has yet to put under one.

Nothing is judged here. Whoever looked has said what it is, under which clause and how grave; a report asks about it
like about any question. A line taken out of the register withdraws its finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from chapterwatch.model import (
    Access,
    Account,
    Association,
    Chapter,
    Finding,
    Lane,
    Matter,
    Review,
    Severity,
    Space,
    Window,
    finding_key,
)
from chapterwatch.pipeline.periods import month_bounds, month_closes
from chapterwatch.policy import Pack, by_hand_id
from chapterwatch.registry import Registry
from reports.facts import Unplaced

_NOON = time(12)
#: What ended a finding by hand: nothing was asked again, somebody looked again.
BY_A_PERSON = "reviewed"


@dataclass(frozen=True)
class _Report:
    """One matter with the line of the register it stands in."""

    account: Account
    review: Review
    matter: Matter


def findings_of(registry: Registry, accounts: Iterable[Account], pack: Pack) -> list[Finding]:
    """The matters under a clause that people reported of those of the accounts that the pack judges by right."""
    found: dict[str, Finding] = {}
    for account in accounts:
        if account.pack == pack.id:
            chapter = registry.chapter(account.chapter)
            association = registry.association(chapter.association)
            for one in _reports(chapter, [account]):
                if one.matter.clause and one.matter.severity:
                    finding = _finding(one, one.matter.clause, one.matter.severity, pack, association)
                    found[finding.key] = finding
    return list(found.values())


def unplaced(association: Association, chapter: Chapter, bounds: Window) -> Iterator[Unplaced]:
    """The matters without a clause that a month's report is the first to tell of."""
    for one in _reports(chapter, chapter.accounts):
        if one.matter.clause is None and bounds.since <= _told_at(one, association) < bounds.until:
            yield Unplaced(account_key=one.account.key, on=one.review.on, words=one.matter.words)


def link_of(finding: Finding) -> str | None:
    """Where a person saw what they reported, where they gave a link."""
    linked = finding.subject_kind == "review" and _is_link(finding.subject_id)
    return finding.subject_id if linked else None


def _reports(chapter: Chapter, accounts: Iterable[Account]) -> Iterator[_Report]:
    for account in accounts:
        if account.access is Access.ATTESTED and account.space is not Space.PRIVATE:
            own = (review for review in chapter.reviews if review.account == account.key)
            yield from (_Report(account, review, matter) for review in own for matter in review.reported)


def _finding(one: _Report, clause: str, severity: Severity, pack: Pack, association: Association) -> Finding:
    matter, line = one.matter, one.review.line(one.matter)
    subject = matter.where if _is_link(matter.where) else f"{_day(one)} {matter.where}".strip()
    rule_id, opened_at = by_hand_id(pack.id), _told_at(one, association)
    return Finding(
        key=finding_key(rule_id, one.account.key, "review", subject, "report", f"{clause} {matter.words}"),
        rule_id=rule_id,
        rule_version=1,
        pack=pack.id,
        pack_version=pack.version,
        clauses=(clause,),
        severity=severity,
        lane=Lane.ASSIST,
        account_key=one.account.key,
        chapter=one.account.chapter,
        subject_kind="review",
        subject_id=subject,
        revision=0,
        content_hash=line,
        capture_hash=line,
        field="report",
        start=0,
        end=len(matter.words),
        excerpt=matter.words,
        reason=_reason(matter),
        confidence=1.0,
        opened_at=opened_at,
        closed_at=max(opened_at, _noon(matter.gone, one.account)) if matter.gone else None,
        closed_by=BY_A_PERSON if matter.gone else None,
    )


def _reason(matter: Matter) -> str:
    place = "" if _is_link(matter.where) else matter.where
    return f"a person reported this ({place})" if place else "a person reported this"


def _is_link(where: str) -> bool:
    return where.startswith(("https://", "http://"))


def _day(one: _Report) -> date:
    return one.matter.on or one.review.ends


def _told_at(one: _Report, association: Association) -> datetime:
    """When a matter came to stand, for reports: on its own day, or on its review's where its month was closed before.

    A review is due by the fourteenth. What it finds must be new in some report, not old in all of them.
    """
    stood = _noon(_day(one), one.account)
    month = f"{stood.astimezone(ZoneInfo(association.timezone)):%Y-%m}"
    closes = month_closes(month_bounds(month, association.timezone)).date()
    return stood if one.review.on <= closes else _noon(one.review.on, one.account)


def _noon(day: date, account: Account) -> datetime:
    # At noon a day is the same day in the time zones of a chapter and of its association.
    return datetime.combine(day, _NOON, ZoneInfo(account.timezone)).astimezone(UTC)
