"""check_health(): what whoever keeps Chapterwatch running has to know, each with its section of the runbook.

It reads the archive, the registry and the disk and asks no platform. What it finds is also said as gauges, so that
alerts hang on the same figures whether a metrics system watches or somebody runs `chapterwatch health`.
"""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from chapterwatch import metrics
from chapterwatch.archive import ReportRow, RunRow, Suppression
from chapterwatch.errors import (
    CredentialsMissing,
    CredentialsRejected,
    QuotaSpent,
    RateLimited,
    UnexpectedShape,
    UserError,
)
from chapterwatch.model import Account, Association, Connection, Coverage, DeliveryState, Seen, Space
from chapterwatch.pipeline import holding, periods
from chapterwatch.pipeline.access import expiry_of
from chapterwatch.pipeline.collect import CLOSING
from chapterwatch.pipeline.deliver import leadership_of
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.registry import ASKED

log = logging.getLogger(__name__)

#: A night is due every day; this leaves it time to wait for a platform's limits.
NIGHT_LATE = timedelta(hours=30)
#: Begun so long before, a run is no longer the last night, whenever it was repeated: the next one was due.
NIGHT_LENGTH = timedelta(hours=24)
AUDIT_LATE = timedelta(hours=30)
#: Of an association's accounts that a machine can ask.
COVERAGE_LOW = 0.95
#: Reports are written on the second; a day later they are missed.
REPORT_GRACE = timedelta(days=1)
MAIL_GRACE = timedelta(days=1)
VERIFICATION_OLD = timedelta(days=8)
DISK_LOW = 0.10
#: How long an unsettled mail is brought up again: until the next month's report.
MAILS_REACH = timedelta(days=45)
TOKEN_DAYS = (14, 7, 0)
#: Before a suppression's end somebody decides whether it is renewed; so long after it, it is brought up where its
#: findings stand again: until the next month's report has told them.
SUPPRESSION_SOON, SUPPRESSION_PAST = timedelta(days=14), timedelta(days=45)
#: Cases listed in words; all are in `--json`.
LISTED = 20

#: Kinds of runs in the archive, beside those of collecting.
AUDIT_RUN, VERIFY_RUN = "audit", "verify"
#: Slashes in the key of an issued report, `reports/<month>/<name>`; redacted ones lie deeper and have no row.
_PLACE = 2
#: Nights looked back at for one in which every account was asked.
_NIGHTS = 14
_REACH = timedelta(days=120)

#: Every word for why an account was not seen in full: gauges name them all, for what is over must be said to be 0.
REASONS = (
    *("credentials_missing", "credentials_rejected", "account_gone", "rate_limited", "quota_spent"),
    *("unexpected_shape", "unreachable", "broken_off", "clock_ahead", "mass_vanishing", "silent_account"),
    *("quarantined", "platform_cap"),
    *("no_export", "export_refused", "export_empty", "no_access", "attested"),
    *("review_due", "review_overdue", "review_incomplete"),
)

#: Somebody has to look after these; a deferred mail is tried again by itself.
_UNSETTLED = (DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.BOUNCED)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing looked at. `id` is its section in docs/operate.md, `cases` are ids of what is not well."""

    id: str
    ok: bool
    says: str
    cases: Sequence[str] = ()

    def as_record(self) -> dict[str, Any]:
        """For JSON."""
        return {"id": self.id, "ok": self.ok, "says": self.says, "cases": list(self.cases)}


@dataclass
class _Look:
    """What several checks need, read once."""

    workplace: Workplace
    _connections: dict[str, Connection | None] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.workplace.now

    @cached_property
    def runs(self) -> list[RunRow]:
        # What a clock that was ahead has dated later than now would hide all that is done until then.
        return [run for run in self.workplace.archive.runs(since=self.now - _REACH) if run.started_at <= self.now]

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        return {item.key: item for item in self.workplace.registry.accounts if item.space is not Space.PRIVATE}

    @cached_property
    def registered(self) -> Mapping[str, datetime]:
        return self.workplace.archive.registered()

    @cached_property
    def nights(self) -> list[RunRow]:
        """Nightly runs, the last one first."""
        return [run for run in reversed(self.runs) if run.run_id.startswith("nightly:")][:_NIGHTS]

    @cached_property
    def sight(self) -> Mapping[str, Coverage]:
        """What the last night noted of each account that is still in the registry."""
        noted = self.workplace.archive.sight(self.nights[0].run_id, CLOSING) if self.nights else {}
        return {key: row for key, row in noted.items() if key in self.accounts}

    @cached_property
    def unseen(self) -> list[Coverage]:
        return [row for row in self.sight.values() if row.seen is not Seen.SEEN]

    def of_kind(self, kind: str) -> list[RunRow]:
        """Finished runs of a kind, the last one first."""
        return [run for run in reversed(self.runs) if run.kind == kind and run.finished_at]

    def connection(self, account: Account) -> Connection | None:
        """An account's connection, asked for once: a network's accounts share a few."""
        name = account.connection
        if name and name not in self._connections:
            self._connections[name] = self.workplace.connection_of(account)
        return self._connections.get(name or "")


def check_health(workplace: Workplace) -> list[Check]:
    """Look at everything, and say the gauges on the way.

    Raises:
        UserError: the registry or the archive cannot be read.
    """
    look = _Look(workplace)
    return [check for area in _AREAS for check in area(look)]


def say(workplace: Workplace) -> None:
    """Say the gauges as they stand, where anybody listens. What cannot be found out keeps no step from its end."""
    if not metrics.heard():
        return
    try:
        check_health(workplace)
    except UserError as error:
        log.warning("gauges not said: %s", error)


# --- the night ------------------------------------------------------------------------------------------------------


def _night(look: _Look) -> Iterator[Check]:
    full = next((run for run in look.nights if _is_full(look, run)), None)
    ended = _ended(full) if full else None
    metrics.gauge("night.last_full", ended.timestamp() if ended else 0)
    if ended is None:
        yield Check(id="night-late", ok=False, says="No night is known in which every account was asked.")
        return
    age = look.now - ended
    says = f"The last full night ended {_ago(age)} ({full.run_id if full else ''})."
    yield Check(id="night-late", ok=age <= NIGHT_LATE, says=says)


def _ended(night: RunRow) -> datetime | None:
    """When a night ended. Repeated days later it asks nobody whom it has seen, so it is no new night by that."""
    return min(night.finished_at, night.started_at + NIGHT_LENGTH) if night.finished_at else None


def _is_full(look: _Look, run: RunRow) -> bool:
    """Whether everybody known when the run began was asked; what came into the registry later has its first night."""
    noted = look.sight if run is look.nights[0] else look.workplace.archive.sight(run.run_id, CLOSING)
    known = (key for key in look.accounts if look.registered.get(key, look.now) <= run.started_at)
    return run.finished_at is not None and all(key in noted for key in known)


def _coverage(look: _Look) -> Iterator[Check]:
    _say_sight(look)
    low = []
    for association in look.workplace.registry.associations:
        asked = [row for row in _of(look, association) if look.accounts[row.account_key].access in ASKED]
        share = sum(row.seen is Seen.SEEN for row in asked) / len(asked) if asked else 1.0
        metrics.gauge("night.coverage", share, association=association.id)
        if share < COVERAGE_LOW:
            low.append(f"{association.id} {share:.0%}")
    says = f"{len(look.sight) - len(look.unseen)} of {len(look.sight)} accounts were seen in full in the last night."
    if look.sight and not any(look.accounts[key].access in ASKED for key in look.sight):
        says += " A machine can ask none of them."
    if low:
        says += f" Below {COVERAGE_LOW:.0%} of what can be asked: {', '.join(low)}."
    cases = [f"{row.account_key} {row.seen} {row.reason}" for row in look.unseen]
    yield Check(id="coverage-low", ok=not low, says=says, cases=cases)


def _of(look: _Look, association: Association) -> list[Coverage]:
    return [row for row in look.sight.values() if look.accounts[row.account_key].association == association.id]


def _say_sight(look: _Look) -> None:
    platform_of = {key: account.platform for key, account in look.accounts.items()}
    seen = Counter((platform_of[row.account_key], row.seen.value) for row in look.sight.values())
    why = Counter((platform_of[row.account_key], row.reason or "") for row in look.unseen)
    aside = Counter[str]()
    for row in look.sight.values():
        aside[platform_of[row.account_key]] += row.quarantined
    for platform in sorted(set(platform_of.values())):
        for state in Seen:
            metrics.gauge("night.accounts", seen[platform, state.value], platform=platform, seen=state.value)
        for reason in REASONS:
            metrics.gauge("night.not_seen", why[platform, reason], platform=platform, reason=reason)
        metrics.gauge("night.quarantined", aside[platform], platform=platform)


def _reasons(look: _Look) -> Iterator[Check]:
    for name, reasons, says in (
        ("credentials-rejected", (CredentialsRejected.reason, CredentialsMissing.reason), "Without a token that works"),
        ("rate-limited", (RateLimited.reason,), "Stopped by a platform's limit in the last night"),
        ("spend-cap", (QuotaSpent.reason,), "Not read because the spend cap or the plan's quota was used up"),
        ("unreadable-answers", (UnexpectedShape.reason, "quarantined"), "With answers that could not be read whole"),
    ):
        cases = [row.account_key for row in look.unseen if row.reason in reasons]
        yield Check(id=name, ok=not cases, says=f"{says}: {_accounts(len(cases))}.", cases=cases)
    cap = look.workplace.settings.max_reads
    spent = look.nights[0].reads if look.nights else 0
    metrics.gauge("reads.of_cap", spent / cap if cap else 0)


# --- access ---------------------------------------------------------------------------------------------------------


def _tokens(look: _Look) -> Iterator[Check]:
    checks, today = look.workplace.archive.access_checks(), look.now.date()
    left: dict[str, int] = {}
    for key, account in look.accounts.items():
        if account.access in ASKED:
            ends, _ = expiry_of(account, look.connection(account), checks.get(key))
            if ends is not None and (ends - today).days <= max(TOKEN_DAYS):
                left[key] = (ends - today).days
    platforms = {account.platform for account in look.accounts.values() if account.access in ASKED}
    for within in TOKEN_DAYS:
        near = Counter(look.accounts[key].platform for key, days in left.items() if days <= within)
        for platform in sorted(platforms):
            metrics.gauge("access.ending", near[platform], platform=platform, within=str(within))
    yield _ending("token-ends-soon", {key: days for key, days in left.items() if days > 7}, "ends in 8 to 14 days")  # noqa: PLR2004
    yield _ending("token-ends-now", {key: days for key, days in left.items() if days <= 7}, "ended or ends in 7 days")  # noqa: PLR2004


def _ending(name: str, left: Mapping[str, int], within: str) -> Check:
    cases = [f"{key} {days} days" for key, days in sorted(left.items(), key=lambda item: item[1])]
    return Check(id=name, ok=not left, says=f"With a token that {within}: {_accounts(len(left))}.", cases=cases)


# --- judging --------------------------------------------------------------------------------------------------------


def _audit(look: _Look) -> Iterator[Check]:
    last = next(iter(look.of_kind(AUDIT_RUN)), None)
    ended = last.finished_at if last else None
    metrics.gauge("audit.last", ended.timestamp() if ended else 0)
    if ended is None:
        yield Check(id="audit-late", ok=not look.nights, says="Nothing was audited yet.")
        return
    age = look.now - ended
    yield Check(id="audit-late", ok=age <= AUDIT_LATE, says=f"The last audit ended {_ago(age)}.")


def _suppressions(look: _Look) -> Iterator[Check]:
    """Those about to end, and those that have expired since and would still hold something back."""
    archive, registry = look.workplace.archive, look.workplace.registry
    items = archive.suppressions()
    soon = [one for one in items if _ends_within(one, look.now, look.now + SUPPRESSION_SOON, items)]
    gone = [one for one in items if _ends_within(one, look.now - SUPPRESSION_PAST, look.now, items)]
    past = {one.id: count for one in gone if (count := _free_again(look, one))}
    held = {one.id: len(holding.standing_under(archive, registry, one)) for one in soon}
    metrics.gauge("suppressions.ending", len(soon), state="soon")
    metrics.gauge("suppressions.ending", len(past), state="past")
    cases = [f"{_named(one)} ends {_days(holding.ends_of(one) - look.now)}, holds back {held[one.id]}" for one in soon]
    cases += [f"{_named(one)} is over, findings that stand again: {past[one.id]}" for one in gone if one.id in past]
    says = f"End within 14 days: {_suppressions_of(len(soon))}; over, and their findings stand again: {len(past)}."
    yield Check(id="suppressions-ending", ok=not cases, says=says, cases=cases)


def _ends_within(item: Suppression, since: datetime, until: datetime, items: Sequence[Suppression]) -> bool:
    """Whether it expires within a time, unless somebody ended it or another one of the same goes on."""
    ends = holding.ends_of(item)
    renewed = any(
        (other.rule_id, other.scope, other.content_hash, other.ended_at)
        == (item.rule_id, item.scope, item.content_hash, None)
        and holding.ends_of(other) > ends
        for other in items
    )
    return item.ended_at is None and since < ends <= until and not renewed


def _free_again(look: _Look, item: Suppression) -> int:
    """Findings that stand, that it was about and that nothing else holds back now."""
    archive, registry = look.workplace.archive, look.workplace.registry
    held = holding.held_now(archive, registry, look.now)
    return sum(one.key not in held for one in holding.standing_under(archive, registry, item))


def _named(item: Suppression) -> str:
    return f"{item.id} {item.rule_id}"


def _days(left: timedelta) -> str:
    return "today" if left < timedelta(days=1) else f"in {left.days} day{'' if left.days == 1 else 's'}"


# --- reports and mails ----------------------------------------------------------------------------------------------


def due_month(now: datetime, timezone: str) -> str:
    """The last month whose reports should have been written by now."""
    month = periods.month_before(now)
    if now < periods.month_closes(periods.month_bounds(month, timezone)) + REPORT_GRACE:
        month = periods.month_before(now.replace(day=1) - timedelta(days=1))
    return month


def _reports(look: _Look) -> Iterator[Check]:
    missing: list[str] = []
    undrawn: list[str] = []
    for association in look.workplace.registry.associations:
        month = due_month(look.now, association.timezone)
        written = {row.chapter: row for row in look.workplace.archive.reports(period=month)}
        closed = periods.month_closes(periods.month_bounds(month, association.timezone))
        lacking = [
            f"{chapter.id} {month}"
            for chapter in association.chapters
            if chapter.id not in written
            and any(look.registered.get(account.key, look.now) < closed for account in chapter.accounts)
        ]
        # Issued, but its PDF could not be drawn: nobody can be mailed it.
        blank = [f"{row.chapter} {month}" for row in _theirs(written, association) if row.pdf_path is None]
        metrics.gauge("reports.overdue", len(lacking) + len(blank), association=association.id)
        missing += lacking
        undrawn += blank
    says = f"Overdue: {_reports_of(len(missing))}."
    if undrawn:
        again = " and ".join(sorted({f"`chapterwatch publish {case.rpartition(' ')[2]}`" for case in undrawn}))
        says += f" Issued without a PDF: {_reports_of(len(undrawn))}, to be drawn by {again}."
    yield Check(id="reports-late", ok=not missing + undrawn, says=says, cases=missing + undrawn)


def _mails(look: _Look) -> Iterator[Check]:
    found = Counter[DeliveryState]()
    people = {address.lower() for address in _addresses(look)}
    for (state, recipient), mails in look.workplace.archive.open_mails(since=look.now - MAILS_REACH).items():
        # Whoever's mail came back and who has another address now has had it there.
        if state is not DeliveryState.BOUNCED or recipient in people:
            found[state] += mails
    for state in (*_UNSETTLED, DeliveryState.DEFERRED):
        metrics.gauge("mails.open", found[state], state=state.value)
    unsettled = [f"{found[state]} {state}" for state in _UNSETTLED if found[state]]
    says = f"Mails to look after: {', '.join(unsettled) or 'none'}."
    yield Check(id="mails-unsettled", ok=not unsettled, says=says, cases=unsettled)
    deferred = found[DeliveryState.DEFERRED]
    yield Check(id="mails-deferred", ok=not deferred, says=f"Mails that wait for the mail server: {deferred}.")


def _addresses(look: _Look) -> Iterator[str]:
    """Everybody the registry would have written to."""
    for association in look.workplace.registry.associations:
        yield from (*association.headquarters, *association.duty)
        for chapter in association.chapters:
            yield from (person.email for person in chapter.people)


def _releases(look: _Look) -> Iterator[Check]:
    waiting: list[str] = []
    late: list[str] = []
    month = periods.month_before(look.now)
    mailed = {(row.chapter, row.revision) for row in look.workplace.archive.deliveries(period=month)}
    latest = {row.chapter: row for row in look.workplace.archive.reports(period=month)}
    for association in look.workplace.registry.associations:
        unsent = [row for row in _theirs(latest, association) if (row.chapter, row.revision) not in mailed]
        waits = unsent if association.sign_off and not _held(look, association, month, unsent) else []
        stuck = [] if association.sign_off else [row for row in unsent if row.issued_at < look.now - MAIL_GRACE]
        metrics.gauge("sign_off.waiting", len(waits), association=association.id)
        metrics.gauge("mails.overdue", len(stuck), association=association.id)
        waiting += [f"{row.chapter} {month}" for row in waits]
        late += [f"{row.chapter} {month}" for row in stuck]
    says = f"Waiting to be released: {_reports_of(len(waiting))}."
    yield Check(id="sign-off-waiting", ok=not waiting, says=says, cases=waiting)
    yield Check(
        id="mails-late", ok=not late, says=f"Issued and mailed to nobody: {_reports_of(len(late))}.", cases=late
    )


def _theirs(latest: Mapping[str, ReportRow], association: Association) -> list[ReportRow]:
    names = [chapter.id for chapter in association.chapters if leadership_of(chapter)]
    return [latest[name] for name in (*names, f"rollup:{association.id}") if name in latest]


def _held(look: _Look, association: Association, month: str, unsent: Sequence[ReportRow]) -> bool:
    """Whether somebody, and not silence, said "hold" of just these reports."""
    acts = look.workplace.archive.acts.of_subject(f"{association.id} {month}")
    said = [act for act in acts if act.kind == "sign_off" and act.author]
    return bool(said) and said[-1].detail == "hold" and all(row.issued_at <= said[-1].at for row in unsent)


# --- the archive and the disk ---------------------------------------------------------------------------------------


def _archive(look: _Look) -> Iterator[Check]:
    verified = [run for run in reversed(look.runs) if run.kind == VERIFY_RUN]
    whole = not verified or verified[0].finished_at is not None
    good = next(iter(look.of_kind(VERIFY_RUN)), None)
    metrics.gauge("archive.whole", int(whole))
    metrics.gauge("archive.verified", good.started_at.timestamp() if good else 0)
    says = "The last verification found every entry in its place." if whole else "The archive is NOT WHOLE."
    yield Check(id="archive-broken", ok=whole, says=says if verified else "No verification has found a fault.")
    since = good.started_at if good else min((run.started_at for run in look.runs), default=look.now)
    age = look.now - since
    said = f"The archive was verified whole {_ago(age)}." if good else "The archive was never verified."
    yield Check(id="archive-unverified", ok=age <= VERIFICATION_OLD, says=said)
    strange = _unknown_files(look)
    metrics.gauge("archive.behind", len(strange))
    says = f"Written in the last months and unknown to the archive: {_reports_of(len(strange))}."
    yield Check(id="archive-behind", ok=not strange, says=says, cases=strange)


def _unknown_files(look: _Look) -> list[str]:
    """Reports on the disk that the archive has no row of: an older copy of it was put back."""
    files, strange = look.workplace.settings.files, []
    for month in (periods.month_before(look.now), look.now.strftime("%Y-%m")):
        rows = look.workplace.archive.reports(period=month)
        known = {files.key_of(row.pdf_path) for row in rows if row.pdf_path}
        found = (key for key in files.under(f"reports/{month}") if key.count("/") == _PLACE and key.endswith(".pdf"))
        strange += [key for key in found if key not in known]
    return strange


def _disk(look: _Look) -> Iterator[Check]:
    usage = shutil.disk_usage(_existing(look.workplace.settings.home))
    share = usage.free / usage.total
    metrics.gauge("disk.free", share)
    says = f"{share:.0%} of the home folder's disk is free ({usage.free / 1e9:.1f} GB)."
    yield Check(id="disk-low", ok=share >= DISK_LOW, says=says)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


# --- words ----------------------------------------------------------------------------------------------------------


def _accounts(count: int) -> str:
    return "1 account" if count == 1 else f"{count:,} accounts"


def _reports_of(count: int) -> str:
    return "1 report" if count == 1 else f"{count:,} reports"


def _suppressions_of(count: int) -> str:
    return "1 suppression" if count == 1 else f"{count:,} suppressions"


def _ago(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours ago" if hours < 72 else f"{hours // 24} days ago"  # noqa: PLR2004 - three days


_AREAS = (_night, _coverage, _reasons, _tokens, _audit, _suppressions, _reports, _mails, _releases, _archive, _disk)
#: The id of every check, which is its section in the runbook.
IDS = (
    *("night-late", "coverage-low", "credentials-rejected", "rate-limited", "spend-cap", "unreadable-answers"),
    *("token-ends-soon", "token-ends-now", "audit-late", "suppressions-ending", "reports-late", "mails-unsettled"),
    *(
        "mails-deferred",
        "sign-off-waiting",
        "mails-late",
        "archive-broken",
        "archive-unverified",
        "archive-behind",
        "disk-low",
    ),
)
