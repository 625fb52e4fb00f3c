"""The four steps by hand: collect (or import), audit, publish, deliver."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chapterwatch.cli.root import CHAPTERS, Day, chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, open_workplace, out, print_mailed, progress, waiting
from chapterwatch.errors import UserError

if TYPE_CHECKING:
    from chapterwatch.pipeline import Workplace


@chapterwatch.command()
@CHAPTERS
@click.option("--platform", "platforms", multiple=True, help="Only this platform (may be repeated).")
@click.option("--night", type=Day(), help="The day to report on (default: yesterday).")
def collect(chapters: tuple[str, ...], platforms: tuple[str, ...], night: Any) -> None:
    """Capture posts and profiles; say what could not be seen."""
    from chapterwatch import pipeline

    workplace = open_workplace()
    accounts = workplace.registry.select(chapters=chapters, platforms=platforms)
    if not accounts and (chapters or platforms):
        raise UserError("no account matches the chapters and platforms chosen; choose others")
    keys = [account.key for account in accounts]
    day: date = night.date() if night else pipeline.periods.night_before(workplace.now)
    with progress("asking accounts", len(accounts)) as step:
        done = pipeline.collect_night(workplace, day, keys, on_account=step)
    out.print(
        f"{counted(done.accounts, 'account')}: {done.seen} seen, {done.partial} partly, {done.unknown} not; "
        f"{counted(done.new, 'new post')}, {done.revised} changed, {counted(done.reads, 'paid read')}",
    )
    for row in pipeline.not_seen(workplace, done.run_id, keys):
        err.print(f"  {row.account_key}: {row.asked} {row.seen} ({row.reason}): {row.detail}")
    if done.partial or done.unknown:
        sys.exit(FOUND)


@chapterwatch.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", "key", required=True, help="The account's key, platform:native_id.")
@click.option("--format", "export_format", help="The export's format (default: the account's own).")
def import_(file: Path, key: str, export_format: str | None) -> None:
    """Read an official export into the archive. Reading it again adds nothing.

    Exit status 1 where part of it could not be read; 2 where the file is no such export.
    """
    from chapterwatch import pipeline

    if not file.exists():
        raise UserError(f"there is no file {file}; check the path")
    workplace = open_workplace()
    row, done = pipeline.import_file(workplace, workplace.registry.account(key), file, export_format)
    out.print(f"{counted(done.new, 'new post')}, {done.revised} changed, {done.quarantined} kept aside. {row.detail}")
    if done.quarantined:
        out.print("which, and why: chapterwatch archive aside")
    if row.seen != "seen":
        sys.exit(FOUND)


@chapterwatch.command()
@CHAPTERS
def audit(chapters: tuple[str, ...]) -> None:
    """Judge what the archive holds; asks no platform."""
    from chapterwatch import pipeline

    workplace = open_workplace()
    with waiting("judging"):
        done = pipeline.audit_all(workplace, f"cli:{workplace.now:%Y-%m-%dT%H:%M:%S}", chapters)
    out.print(
        f"{counted(done['judged'], 'verdict')}, {done['not_judged']:,} not judged; "
        f"{counted(done['findings'], 'finding')}, {done['open']:,} open",
    )
    if not done["judged"] and not done["not_judged"]:
        told = "no post is kept yet; run `chapterwatch collect` or `chapterwatch import` first"
        err.print(f"nothing was judged: {told} (home: {workplace.settings.home})")
    if done["outlived"] or done["waiting"]:
        waiting_ = f"; {done['waiting']:,} more with the next audit" if done["waiting"] else ""
        out.print(f"erased under the retention rule: {counted(done['outlived'], 'post')}{waiting_}")


@chapterwatch.command()
def alert() -> None:
    """Mail critical findings to whoever is on duty, once."""
    from chapterwatch import pipeline

    workplace = open_workplace()
    since = workplace.now
    print_mailed(workplace, pipeline.alert_duty(workplace), since)


@chapterwatch.command()
@click.argument("month")
@CHAPTERS
@click.option("--reason", help="Why a report is issued again although it was issued before.")
@click.option("--preview", type=click.Path(path_type=Path), help="Only write what would go out into this empty folder.")
def publish(month: str, chapters: tuple[str, ...], reason: str | None, preview: Path | None) -> None:
    """Write the reports of MONTH (YYYY-MM).

    A PDF and a page per chapter, a roll-up per association. With --preview nothing is issued, recorded or mailed.
    """
    from chapterwatch import pipeline

    workplace = open_workplace()
    count = len(chapters) or len(workplace.registry.chapters) + len(workplace.registry.associations)
    if preview is not None:
        _preview(workplace, month, preview, chapters, reason, count)
        return
    with progress("writing reports", count) as step:
        reports = pipeline.publish_reports(workplace, month, chapters, reason=reason, on_report=step)
    for report in reports:
        out.print(f"{report.outcome:<9} {report.name} revision {report.revision}  {report.pdf or ''}")
    if any(report.outcome == "changed" for report in reports):
        err.print("facts changed since a report was issued: give --reason to issue the next revision")
        sys.exit(FOUND)


def _preview(
    workplace: Workplace, month: str, folder: Path, chapters: tuple[str, ...], reason: str | None, count: int
) -> None:
    from chapterwatch import pipeline

    with progress("writing the preview", count) as step:
        rows = pipeline.preview_reports(workplace, month, folder, chapters, reason=reason, on_report=step)
    said = {"changed": "changed", "reissued": "revised"}
    for row in rows:
        out.print(f"{said.get(row.state, row.state):<9} {row.name} revision {row.revision}  {row.subject}")
    out.print(f"{folder / 'index.html'}: nobody was mailed, nothing was recorded")
    if any(row.state == "changed" for row in rows):
        err.print("facts changed since a report was issued: publishing needs a --reason")
    if any(row.state == "failed" for row in rows):
        sys.exit(FOUND)


@chapterwatch.command()
@click.argument("month")
@CHAPTERS
@click.option("--although-held", is_flag=True, help="Mail also what was held at its sign-off or not released yet.")
def deliver(month: str, chapters: tuple[str, ...], *, although_held: bool) -> None:
    """Mail the reports of MONTH, each recipient once.

    They go out as they were released at their sign-off, redacted where that was the answer.
    """
    from chapterwatch import pipeline

    workplace = open_workplace()
    since = workplace.now
    counts = pipeline.deliver_month(workplace, month, chapters, although_held=although_held)
    names = chapters or [chapter.id for chapter in workplace.registry.chapters]
    if not any(workplace.archive.latest_report(name, month) for name in names):
        whose = f" of {', '.join(chapters)}" if chapters else ""
        raise UserError(f"no report{whose} was issued for {month}; run `chapterwatch publish {month}` first")
    print_mailed(workplace, counts, since)
