"""The four steps as a workplace runs them: what to select, under which run id, with which settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

import connectors
from chapterwatch import metrics, policy, reviews
from chapterwatch.archive import Suppression, Verification
from chapterwatch.errors import UserError
from chapterwatch.model import Access, Account, Association, Coverage, DispositionState, Seen
from chapterwatch.pipeline import audit, collect, deliver, eyes, filed, health, holding, periods, publish
from chapterwatch.pipeline.collect import Collected, Run
from chapterwatch.pipeline.deliver import Gate, Parcel, PostOffice
from chapterwatch.pipeline.publish import Press, Published
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.reviews import Reviewed

FINDING_COLUMNS = (
    "key",
    "chapter",
    "account",
    "rule",
    "clause",
    "severity",
    "lane",
    "subject",
    "id",
    "field",
    "start",
    "end",
    "excerpt",
    "reason",
    "confidence",
    "opened_at",
    "closed_at",
    "closed_by",
    "state",
    "held_back",
)


# --- collect --------------------------------------------------------------------------------------------------------


def nightly_run_id(night: date) -> str:
    """The run id of a night: repeating a night repeats the run."""
    return f"nightly:{night.isoformat()}"


def run_of(workplace: Workplace, run_id: str) -> Run:
    """A collecting run with this workplace's archive, connections and spend cap."""
    reviewed = [account for account in workplace.registry.accounts if account.access is Access.ATTESTED]
    return Run(
        archive=workplace.archive,
        run_id=run_id,
        now=workplace.now,
        connection_for=workplace.connection_for,
        by_the_clock=workplace.settings.pinned_now is None,
        inbox=workplace.settings.files.within("inbox"),
        max_reads=workplace.settings.max_reads,
        max_pictures=workplace.settings.max_pictures,
        reviews={account.key: _reviews_of(workplace, account) for account in reviewed},
    )


def _reviews_of(workplace: Workplace, account: Account) -> Reviewed:
    chapter = workplace.registry.chapter(account.chapter)
    checklist = policy.checklist_of(account.pack, workplace.settings.policies)
    return reviews.reviewed(account, chapter.reviews, checklist)


def collect_night(
    workplace: Workplace,
    night: date,
    keys: Collection[str],
    *,
    on_account: Callable[[Account, Collected], object] | None = None,
) -> Collected:
    """Collect some accounts for a night. Accounts this night has seen already are not asked again.

    Raises:
        UserError: the night is not over, or lies before anything is read; unknown account.
    """
    _check_night(workplace, night)
    if not keys:
        return Collected(run_id=nightly_run_id(night))
    accounts = workplace.registry.select(keys=keys)
    with metrics.timed("collect"):
        return collect.collect(run_of(workplace, nightly_run_id(night)), accounts, on_account=on_account)


def _check_night(workplace: Workplace, night: date) -> None:
    """A night collected before its time would count as seen when it comes; one before all reading says nothing."""
    last = periods.night_before(workplace.now)
    if night > last:
        raise UserError(f"{night} is not over; the last day to report on is {last}")
    starts = [periods.first_instant(item.collect_from, workplace.now).date() for item in workplace.registry.accounts]
    first = min([*starts, last])
    if night < first:
        raise UserError(f"no account is read from before {first}; give a day from then to {last}")


def night_counts(workplace: Workplace, night: date) -> dict[str, Any]:
    """How much of a night was seen, by coverage state of the accounts."""
    rows = workplace.archive.coverage_of_run(nightly_run_id(night))
    # Whoever has no closing row was begun and never finished: that is not seen.
    closed = {row.account_key for row in rows if row.asked in collect.CLOSING}
    worst = {row.account_key: Seen.SEEN if row.account_key in closed else Seen.UNKNOWN for row in rows}
    order = [Seen.SEEN, Seen.PARTIAL, Seen.UNKNOWN]
    for row in rows:
        worst[row.account_key] = max(worst[row.account_key], row.seen, key=order.index)
    health.say(workplace)
    return {"night": night.isoformat(), **{state.value: list(worst.values()).count(state) for state in order}}


def not_seen(workplace: Workplace, run_id: str, keys: Collection[str] | None = None) -> Iterator[Coverage]:
    """What a run could not look at, or only in part; with keys, of these accounts."""
    rows = workplace.archive.coverage_of_run(run_id)
    return (row for row in rows if row.seen is not Seen.SEEN and (keys is None or row.account_key in keys))


def _formats(account: Account) -> str:
    """The export formats of an account's platform, or `plain`: a table takes any platform's posts."""
    return " or ".join(connectors.manifests()[account.platform].importers) or "plain"


def import_file(
    workplace: Workplace,
    account: Account,
    file: Path,
    export_format: str | None,
) -> tuple[Coverage, Collected]:
    """Read one export into the archive; its coverage row and counts.

    Raises:
        UserError: nobody names its format, or there is no such format.
        ExportRefused: the file is no such export; nothing is noted of it.
    """
    if not (export_format or account.export_format):
        raise UserError(f"account {account.key} names no export_format; give --format with {_formats(account)}")
    run = run_of(workplace, f"import:{workplace.now:%Y-%m-%dT%H:%M:%S}")
    workplace.archive.register_accounts([account], workplace.now)
    workplace.archive.start_run(run.run_id, "import", f"{workplace.now:%Y-%m-%d}", workplace.now)
    done = collect.read_exports(run, account, [file], export_format, by_hand=True)
    [row] = [row for row in workplace.archive.coverage_of_run(run.run_id) if row.account_key == account.key]
    return row, done


# --- audit ----------------------------------------------------------------------------------------------------------


def audit_all(workplace: Workplace, run_id: str, chapters: Collection[str] = ()) -> dict[str, Any]:
    """Look into the pictures not read yet, then judge all accounts, or those of some chapters; the counts."""
    accounts = workplace.registry.select(chapters=chapters)
    archive, run_id = workplace.archive, f"audit:{run_id}"
    archive.start_run(run_id, health.AUDIT_RUN, f"{workplace.now:%Y-%m-%d}", workplace.now)
    with metrics.timed("audit"):
        eyes.look(archive, [account.key for account in accounts], workplace.now)
        done = audit.audit(
            archive,
            workplace.registry,
            run_id=run_id,
            now=workplace.now,
            policies=workplace.settings.policies,
            accounts=accounts,
        )
    archive.finish_run(run_id, workplace.now)
    health.say(workplace)
    return done.counts()


# --- publish --------------------------------------------------------------------------------------------------------


def press_of(workplace: Workplace) -> Press:
    """What publishing needs from this workplace."""
    return Press(
        archive=workplace.archive,
        registry=workplace.registry,
        policies=workplace.settings.policies,
        files=workplace.settings.files,
        now=workplace.now,
    )


def publish_reports(
    workplace: Workplace,
    month: str,
    chapters: Collection[str] = (),
    *,
    reason: str | None = None,
    on_report: publish.OnReport = lambda _: None,
) -> list[Published]:
    """Write the reports of a month; what became of each.

    Raises:
        UserError: the month has not closed; unknown chapter.
    """
    press, period = press_of(workplace), periods.closed_month(month, workplace.now)
    with metrics.timed("publish"):
        done = publish.publish(press, period, chapters=chapters, reason=reason, on_report=on_report)
    for outcome, reports in Counter(report.outcome for report in done).items():
        metrics.count("reports.written", reports, outcome=outcome)
    health.say(workplace)
    return done


def publish_month(workplace: Workplace, month: str, *, reason: str | None = None) -> dict[str, Any]:
    """Write every report of a month; counts by outcome."""
    outcomes = Counter(report.outcome for report in publish_reports(workplace, month, reason=reason))
    return {"month": month, **{name: outcomes[name] for name in ("issued", "unchanged", "changed", "failed")}}


# --- deliver --------------------------------------------------------------------------------------------------------


def hand_over(workplace: Workplace, parcels: Sequence[Parcel]) -> dict[str, int]:
    """Mail some parcels; counts by state."""
    with metrics.timed("deliver"):
        counts = deliver.deliver(post_of(workplace), parcels)
    health.say(workplace)
    return counts


def post_of(workplace: Workplace) -> PostOffice:
    """What mailing needs from this workplace."""
    settings = workplace.settings
    return PostOffice(
        archive=workplace.archive,
        gate=Gate(settings.registry, settings.policies),
        transport=settings.mail,
        now=workplace.now,
        files=settings.files,
        reports_url=settings.reports_url,
        attach_limit=settings.attach_limit,
    )


def parcels_of(press: Press, association: Association, month: str, chapters: Collection[str] = ()) -> Iterator[Parcel]:
    """The issued reports of an association's month with their mails: chapters first, then, for all, the roll-up."""
    for chapter in association.chapters:
        report = press.archive.latest_report(chapter.id, month)
        if report is not None and (not chapters or chapter.id in chapters):
            letter = publish.letter_of(press, report, partial(publish.chapter_view, press, chapter, month))
            recipients = deliver.leadership_of(chapter)
            yield Parcel(report=report, letter=letter, recipients=recipients, reply_to=association.headquarters[0])
    report = press.archive.latest_report(publish.rollup_name(association), month)
    if report is not None and not chapters:
        letter = publish.letter_of(press, report, partial(publish.rollup_view, press, association, month))
        yield Parcel(report=report, letter=letter, recipients=association.headquarters)


# --- looking --------------------------------------------------------------------------------------------------------


def verify_archive(workplace: Workplace) -> Verification:
    """Re-read and re-hash the whole archive, and note as a run that it was done; only a whole one counts as finished.

    The run is noted when the answer is known: one that was broken off says nothing.
    """
    began = workplace.now
    run_id = f"verify:{began:%Y-%m-%dT%H:%M:%S}"
    with metrics.timed("verify"):
        result = workplace.archive.verify()
    workplace.archive.start_run(run_id, health.VERIFY_RUN, f"{began:%Y-%m-%d}", began)
    if result.ok:
        workplace.archive.finish_run(run_id, workplace.now)
    health.say(workplace)
    return result


def findings_frame(workplace: Workplace, chapters: Collection[str], month: str | None) -> pd.DataFrame:
    """The findings of some chapters (default: all) as a table; with a month, those that stood or ended in it.

    `held_back` is the number of the suppression that holds a finding back now; empty where none does.
    """
    chosen = workplace.registry.chapters_called(chapters)
    held = holding.held_now(workplace.archive, workplace.registry, workplace.now)
    rows = [
        row
        for chapter in chosen
        for row in _finding_rows(
            workplace, chapter.id, workplace.registry.association(chapter.association), month, held
        )
    ]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS))


def _finding_rows(
    workplace: Workplace, chapter: str, association: Any, month: str | None, held: Mapping[str, Suppression]
) -> Iterator[tuple[Any, ...]]:
    bounds = periods.month_bounds(periods.month_of(month), association.timezone) if month else None
    found = workplace.archive.findings(chapter=chapter)
    states = workplace.archive.dispositions([finding.key for finding in found])
    for finding in sorted(found, key=lambda item: (item.severity.rank, item.opened_at, item.key)):
        over = finding.closed_at is not None and bounds is not None and finding.closed_at < bounds.since
        if bounds is not None and (finding.opened_at >= bounds.until or over):
            continue
        decided = states.get(finding.key, ())
        yield (
            finding.key,
            finding.chapter,
            finding.account_key,
            finding.rule_id,
            ";".join(finding.clauses),
            finding.severity.value,
            finding.lane.value,
            finding.subject_kind,
            finding.subject_id,
            finding.field,
            finding.start,
            finding.end,
            finding.excerpt,
            finding.reason,
            finding.confidence,
            finding.opened_at.isoformat(),
            finding.closed_at.isoformat() if finding.closed_at else "",
            finding.closed_by or "",
            (decided[-1].state if decided else DispositionState.OPEN).value,
            str(held[finding.key].id) if finding.key in held else "",
        )


@dataclass(frozen=True, kw_only=True)
class Overview:
    """One chapter's month in one line."""

    chapter: str
    new: int
    still_open: int
    fixed: int
    credits: int
    seen: str
    pdf: str | None


def month_overview(workplace: Workplace, month: str) -> Sequence[Overview]:
    """Every chapter's month in one line each, as its report counts it."""
    press = press_of(workplace)
    return [_overview(press, chapter, periods.month_of(month)) for chapter in press.registry.chapters]


def _overview(press: Press, chapter: Any, month: str) -> Overview:
    view = publish.chapter_view(press, chapter, month)
    report = press.archive.latest_report(chapter.id, month)
    counts = view.counts
    whole = counts.accounts - counts.accounts_unseen - counts.accounts_partial
    return Overview(
        chapter=chapter.id,
        new=counts.new,
        still_open=counts.still_open,
        fixed=counts.fixed,
        credits=len(view.credits),
        seen=f"{whole} of {counts.accounts}"
        + (f", {counts.accounts_partial} partly" if counts.accounts_partial else ""),
        pdf=filed.location(press.files, report) if report else None,
    )
