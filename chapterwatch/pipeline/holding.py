"""Which findings suppressions hold back: they are judged and kept as ever, and stand nowhere as findings.

A month's report heeds what was decided by the month's close, as it does with everything else, so that a report made
again is the same report: a suppression counts from the report of the first month that had not closed when it was made
to that of the last month whose end it reaches. What is told at once, such as an alert, heeds what stands just then.

In doubt nothing is held back: what a person decided about a finding itself goes before any suppression, an edited post
is another post, and whoever is on duty hears of what is critical unless just this post or just these words were meant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chapterwatch.archive import Archive, Disposition, Suppression
from chapterwatch.archive.browse import UNDECIDED
from chapterwatch.model import Association, Finding, Lane, Severity, Window
from chapterwatch.pipeline.periods import month_closes
from chapterwatch.registry import Registry

#: How long one may hold at most. One that an earlier version kept without an expiry ends after this time, too.
LONGEST = timedelta(days=365)

#: (account key, subject id) -> the hash of the content that stood.
Contents = Mapping[tuple[str, str], str]


def ends_of(item: Suppression) -> datetime:
    """When it expires (UTC): the first moment at which it holds nothing back any more."""
    return item.expires_at or item.at + LONGEST


def last_day(item: Suppression, timezone: str) -> date:
    """The last day on which it holds, where an association is."""
    return (ends_of(item) - timedelta(microseconds=1)).astimezone(ZoneInfo(timezone)).date()


def counts_in(item: Suppression, bounds: Window) -> bool:
    """Whether a month's report heeds it: made and not ended by the month's close, and lasting to the month's end."""
    closes = month_closes(bounds)
    kept = item.ended_at is None or item.ended_at >= closes
    return item.at < closes and ends_of(item) >= bounds.until and kept


def of_month(archive: Archive, bounds: Window) -> list[Suppression]:
    """What a month's report heeds, oldest first."""
    return [item for item in archive.suppressions() if counts_in(item, bounds)]


def standing(archive: Archive, now: datetime) -> list[Suppression]:
    """What stands at a moment, oldest first."""
    return [item for item in archive.active_suppressions(now) if ends_of(item) > now]


def is_narrow(item: Suppression) -> bool:
    """Whether it is about one post, one finding or one phrase: nothing wider holds back what is critical."""
    return item.finding_key is not None or "post" in item.scope or "phrase" in item.scope


def plain(words: str) -> str:
    """Words as they are compared: letter case, blanks and the way accents are encoded aside, as in a finding's key."""
    return unicodedata.normalize("NFC", " ".join(words.split()).casefold())


def holds(item: Suppression, finding: Finding, association: str, content: str) -> bool:
    """Whether a suppression is about a finding of an association, whose subject read so (the content's hash) then."""
    if finding.rule_id != item.rule_id or finding.lane is Lane.CREDIT or finding.subject_kind == "review":
        return False
    if finding.severity is Severity.CRITICAL and not is_narrow(item):
        return False
    return (
        _is_somewhere(item)
        and item.content_hash in {None, content}
        and item.finding_key in {None, finding.key}
        and all(_is_within(name, value, finding, association) for name, value in item.scope.items())
    )


def _is_somewhere(item: Suppression) -> bool:
    """Whether it says where it holds; for one post or one finding also for which content."""
    if item.finding_key is not None or "post" in item.scope:
        return item.content_hash is not None
    return bool({"association", "chapter", "account_key"} & item.scope.keys())


def _is_within(name: str, value: str, finding: Finding, association: str) -> bool:
    if name == "phrase":
        return plain(value) == plain(finding.excerpt)
    own = {
        "association": association,
        "chapter": finding.chapter,
        "account_key": finding.account_key,
        "post": finding.subject_id if finding.subject_kind == "post" else None,
    }
    # What narrows it in a way nobody knows here holds nothing: one finding printed too often does less harm.
    return own.get(name) == value


def first_of(
    items: Iterable[Suppression], finding: Finding, association: str, contents: Contents | None = None
) -> Suppression | None:
    """The first that holds a finding back, or None. Where `contents` says nothing the finding's own content counts."""
    content = (contents or {}).get((finding.account_key, finding.subject_id), finding.content_hash)
    return next((item for item in items if holds(item, finding, association, content)), None)


def is_undecided(decided: Sequence[Disposition]) -> bool:
    """Whether nobody has decided about a finding itself, or somebody has to again: what a suppression may hold back."""
    latest = sorted(decided, key=lambda one: one.at)[-1:]
    return all(one.state in UNDECIDED for one in latest)


def held_now(archive: Archive, registry: Registry, now: datetime) -> dict[str, Suppression]:
    """Finding key -> what holds it back at a moment, mended findings included."""
    return held_by(archive, registry, standing(archive, now))


def held_by(archive: Archive, registry: Registry, items: Sequence[Suppression]) -> dict[str, Suppression]:
    """Finding key -> the first of some suppressions that is about it, whether or not they stand."""
    found = archive.shelf.undecided({item.rule_id for item in items})
    return {finding.key: item for finding, item in held_among(items, registry, found)}


def held_among(
    items: Sequence[Suppression], registry: Registry, findings: Iterable[Finding]
) -> Iterator[tuple[Finding, Suppression]]:
    """Those of some undecided findings that suppressions are about, each with the first of them."""
    association = {chapter.id: chapter.association for chapter in registry.chapters}
    for finding in findings:
        item = first_of(items, finding, association.get(finding.chapter, ""))
        if item is not None:
            yield finding, item


def standing_under(archive: Archive, registry: Registry, item: Suppression) -> list[Finding]:
    """The findings that stand now and that a suppression is about, whether or not it stands itself."""
    found = (one for one in archive.shelf.undecided({item.rule_id}) if one.closed_at is None)
    return [finding for finding, _ in held_among([item], registry, found)]


def of_network(archive: Archive, association: Association, bounds: Window) -> list[Finding]:
    """The findings that the reports of an association's month leave out, each with the content it was found in."""
    items = of_month(archive, bounds)
    chapters = {chapter.id for chapter in association.chapters}
    found = archive.shelf.undecided({item.rule_id for item in items})
    return [one for one in found if one.chapter in chapters and first_of(items, one, association.id)]


def shows_in(finding: Finding, bounds: Window) -> bool:
    """Whether a month's report would list a finding: it stood at its end, or was mended within it."""
    return finding.opened_at < bounds.until and (finding.closed_at is None or finding.closed_at >= bounds.since)
