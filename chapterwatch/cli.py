"""The command line: the same four steps as the DAGs, and the small tools around them.

Exit status: 0 all well (`judge`: nothing found), 1 something found or not whole, 2 a mistake to mend, in one line.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from chapterwatch import __version__, attest, logs, policy, reviews, settings
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.model import Lane

if TYPE_CHECKING:
    import pandas as pd

    from chapterwatch.pipeline import Workplace

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

FOUND = 1
MISTAKE = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a user's mistake ends in one line and exit status 2."""
    try:
        chapterwatch.main(args=arguments, standalone_mode=False, prog_name="chapterwatch")
    except InvalidFiles as error:
        for problem in error.problems:
            err.print(escape(str(problem)))
        sys.exit(MISTAKE)
    except UserError as error:
        err.print(f"chapterwatch: {escape(str(error))}")
        sys.exit(MISTAKE)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(MISTAKE)
    except click.ClickException as error:
        err.print(f"chapterwatch: {escape(error.format_message())}")
        sys.exit(MISTAKE)
    except click.Abort:
        err.print("chapterwatch: stopped")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read us has seen enough (`| head`). Nothing may be flushed into the closed pipe on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FOUND)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chapterwatch")
@click.option("-v", "--verbose", is_flag=True, help="Log each step (ids and counts only).")
def chapterwatch(*, verbose: bool) -> None:
    """Audit the official social-media accounts of an association's chapters against its own policy."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.WARNING)
    logs.install(logging.INFO if verbose else logging.WARNING)


def _workplace() -> Workplace:
    from chapterwatch.pipeline import Workplace

    chosen = settings.from_environment()
    return Workplace(chosen, chosen.connection)


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Any]:
    """A progress bar on a terminal's stderr; nothing elsewhere. Yields a function to call as steps are done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_, steps=1: bar.advance(task, steps)


CHAPTERS = click.option("--chapter", "chapters", multiple=True, help="Only this chapter (may be repeated).")


# --- the spine ------------------------------------------------------------------------------------------------------


@chapterwatch.command()
@CHAPTERS
@click.option("--platform", "platforms", multiple=True, help="Only this platform (may be repeated).")
@click.option("--night", type=click.DateTime(["%Y-%m-%d"]), help="The day to report on (default: yesterday).")
def collect(chapters: tuple[str, ...], platforms: tuple[str, ...], night: Any) -> None:
    """Capture posts and profiles; say what could not be seen."""
    from chapterwatch import pipeline

    workplace = _workplace()
    accounts = workplace.registry.select(chapters=chapters, platforms=platforms)
    day: date = night.date() if night else pipeline.periods.night_before(workplace.now)
    with _progress("asking accounts", len(accounts)) as step:
        done = pipeline.collect_night(workplace, day, [account.key for account in accounts], on_account=step)
    out.print(
        f"{done.accounts} accounts: {done.seen} seen, {done.partial} partly, {done.unknown} not; "
        f"{done.new} new posts, {done.revised} changed, {done.reads} paid reads",
    )
    for row in pipeline.not_seen(workplace, done.run_id):
        err.print(f"  {row.account_key}: {row.asked} {row.seen} ({row.reason}): {escape(row.detail)}")
    if done.partial or done.unknown:
        sys.exit(FOUND)


@chapterwatch.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", "key", required=True, help="The account's key, platform:native_id.")
@click.option("--format", "export_format", help="The export's format (default: the account's own).")
def import_(file: Path, key: str, export_format: str | None) -> None:
    """Read an official export into the archive. Reading it again adds nothing."""
    from chapterwatch import pipeline

    if not file.exists():
        raise UserError(f"there is no file {file}; check the path")
    workplace = _workplace()
    row, done = pipeline.import_file(workplace, workplace.registry.account(key), file, export_format)
    out.print(f"{done.new} new posts, {done.revised} changed, {done.quarantined} kept aside. {escape(row.detail)}")
    if row.seen != "seen":
        sys.exit(FOUND)


@chapterwatch.command()
@CHAPTERS
def audit(chapters: tuple[str, ...]) -> None:
    """Judge what the archive holds; asks no platform."""
    from chapterwatch import pipeline

    workplace = _workplace()
    with err.status("judging") if err.is_terminal else _nothing():
        done = pipeline.audit_all(workplace, f"cli:{workplace.now:%Y-%m-%dT%H:%M:%S}", chapters)
    out.print(
        f"{done['judged']} verdicts, {done['not_judged']} not judged; {done['findings']} findings, {done['open']} open",
    )


@chapterwatch.command()
@click.argument("month")
@CHAPTERS
@click.option("--reason", help="Why a report is issued again although it was issued before.")
def publish(month: str, chapters: tuple[str, ...], reason: str | None) -> None:
    """Write the reports of MONTH (YYYY-MM).

    A PDF and a page per chapter, a roll-up per association.
    """
    from chapterwatch import pipeline

    workplace = _workplace()
    count = len(chapters) or len(workplace.registry.chapters) + len(workplace.registry.associations)
    with _progress("writing reports", count) as step:
        reports = pipeline.publish_reports(workplace, month, chapters, reason=reason, on_report=step)
    for report in reports:
        out.print(f"{report.outcome:<9} {report.name} revision {report.revision}  {report.pdf or ''}")
    if any(report.outcome == "changed" for report in reports):
        err.print("facts changed since a report was issued: give --reason to issue the next revision")
        sys.exit(FOUND)


@chapterwatch.command()
@click.argument("month")
@CHAPTERS
def deliver(month: str, chapters: tuple[str, ...]) -> None:
    """Mail the reports of MONTH, each recipient once."""
    from chapterwatch import pipeline

    counts = pipeline.deliver_month(_workplace(), month, chapters)
    out.print(", ".join(f"{count} {state}" for state, count in counts.items()))
    if any(counts[state] for state in ("deferred", "refused", "unknown", "lost")):
        sys.exit(FOUND)


# --- access ---------------------------------------------------------------------------------------------------------


@chapterwatch.command("check-connectors")
@click.option("--account", "keys", multiple=True, help="Only this account (may be repeated).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--write-docs", type=click.Path(path_type=Path), help="Write docs/connectors.md here and ask nobody.")
def check_connectors(keys: tuple[str, ...], *, as_json: bool, write_docs: Path | None) -> None:
    """Check every connector and each account's access.

    Asks each account's platform whether it lets us in, until when, and under which handle; a paid read per account on
    X. Exit status 1 where something needs a person.
    """
    if write_docs is not None:
        from connectors import docs

        _write_text(write_docs, docs.text())
        return
    from chapterwatch import pipeline

    workplace = _workplace()
    with _progress("asking accounts", len(keys) or len(workplace.registry.accounts)) as step:
        done = pipeline.check_connectors(workplace, keys, on_account=step)
    if as_json:
        click.echo(json.dumps(done.as_record(), indent=2, ensure_ascii=False))
    else:
        _print_checked(done)
    if done.needs_a_person:
        sys.exit(FOUND)


def _print_checked(done: Any) -> None:
    wrong = [(name, fault) for name, faults in done.problems.items() for fault in faults]
    wrong += [(item.platform, f"version {item.version} ends on {item.ends}") for item in done.sunsets]
    if wrong:
        _print_table(("connector", "to mend"), wrong, marked=range(len(wrong)))
        out.print()
    rows = [
        (
            item.account.key,
            item.state.replace("_", " "),
            f"{item.expires} ({item.expires_by})" if item.expires else "",
            item.handle or "",
            "; ".join(item.matters) or item.note,
        )
        for item in done.accounts
    ]
    marked = {number for number, item in enumerate(done.accounts) if item.matters}
    _print_table(("account", "access", "ends", "handle", "note"), rows, marked=marked)
    out.print(
        f"\n{_count(len(done.accounts), 'account')}: {len(marked)} need a person; "
        f"{_count(len(wrong), 'matter')} of connectors"
    )


@chapterwatch.group()
def access() -> None:
    """Access to the platforms and its ends."""


@access.command("warn")
def access_warn() -> None:
    """Mail warnings of access that is about to end, each once."""
    from chapterwatch import pipeline

    counts = pipeline.warn_of_access(_workplace())
    out.print(", ".join(f"{count} {state}" for state, count in counts.items()))
    if any(counts[state] for state in ("deferred", "refused", "unknown")):
        sys.exit(FOUND)


# --- looking --------------------------------------------------------------------------------------------------------


@chapterwatch.command()
@CHAPTERS
@click.option("--month", help="Only findings that stood or were mended in this month (YYYY-MM).")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def findings(chapters: tuple[str, ...], month: str | None, form: str) -> None:
    """List what was found; exit status 1 if anything."""
    from chapterwatch import pipeline

    frame = pipeline.findings_frame(_workplace(), chapters, month)
    _print_frame(frame, form)
    if len(frame):
        sys.exit(FOUND)


@chapterwatch.group()
def registry() -> None:
    """The roster of chapters, people and accounts."""


@registry.command("lint")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def registry_lint(file: Path | None) -> None:
    """Check the registry; every problem in one go."""
    from chapterwatch import registry as registries
    from chapterwatch.known import known

    chosen = settings.from_environment()
    loaded = registries.load(file or chosen.registry, known(chosen.policies))
    out.print(
        f"{loaded.path}: {len(loaded.associations)} associations, {len(loaded.chapters)} chapters, "
        f"{len(loaded.accounts)} accounts, no problems",
    )
    for chapter in loaded.chapters:
        for earlier, later in attest.replaced_in(chapter):
            out.print(
                f"{chapter.id}: the answer to {later.question} for {later.period} of {later.on} replaces that of "
                f"{earlier.on}"
            )


@registry.command("discover")
@CHAPTERS
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def registry_discover(chapters: tuple[str, ...], *, as_json: bool) -> None:
    """Read chapters' web sites for accounts nobody registered.

    Lists missing and renamed accounts, look-alikes and dead links for a person to confirm; changes nothing. Exit status
    1 where there is something.
    """
    from chapterwatch import pipeline

    workplace = _workplace()
    with _progress("reading web sites", len(chapters) or len(workplace.registry.chapters)) as step:
        found = pipeline.discover(workplace, chapters, on_chapter=step)
    if as_json:
        click.echo(json.dumps([item.as_record() for item in found], indent=2, ensure_ascii=False))
    else:
        headings = ("chapter", "what", "platform", "name", "link", "why")
        rows = [(i.chapter, i.kind.replace("_", " "), i.platform, i.name, i.url, i.detail) for i in found]
        _print_table(headings, rows)
        out.print(f"\n{_count(len(found), 'matter')} to confirm")
    if found:
        sys.exit(FOUND)


@chapterwatch.group("attest")
def attest_() -> None:
    """Questions only a person can answer."""


def _month_asked(workplace: Workplace, month: str | None) -> str:
    from chapterwatch.pipeline import periods

    return periods.month_of(month) if month else periods.month_before(workplace.now)


def _packs_of(workplace: Workplace) -> dict[str, policy.Pack]:
    names = {item.pack for item in workplace.registry.associations}
    return {name: policy.load_pack(name, workplace.settings.policies) for name in sorted(names)}


@attest_.command("list")
@CHAPTERS
@click.option("--month", help="Questions up to this month, YYYY-MM (default: the month before this one).")
def attest_list(chapters: tuple[str, ...], month: str | None) -> None:
    """List what is answered or reviewed, due and overdue.

    Exit status 1 where something is overdue.
    """
    workplace = _workplace()
    until, today = _month_asked(workplace, month), workplace.now.date()
    packs, rows, counts = _packs_of(workplace), [], Counter[str]()
    for chapter in [workplace.registry.chapter(name) for name in chapters] or workplace.registry.chapters:
        for one in attest.asked_of(packs[workplace.registry.association(chapter.association).pack], chapter, until):
            standing = one.standing(today)
            counts[standing] += 1
            said = f"{one.answer.answer} ({one.answer.on})" if one.answer else ""
            rows.append((chapter.id, one.clause.id, one.question.id, one.period, standing, str(one.due), said))
        for due in reviews.due_of(chapter, until, workplace.settings.policies):
            standing = due.standing(today)
            counts[standing] += 1
            rows.append((chapter.id, "review", due.account, due.period, standing, str(due.due), due.said))
    late = {number for number, row in enumerate(rows) if row[4] == attest.Standing.OVERDUE}
    _print_table(("chapter", "clause", "question", "period", "state", "due", "answer"), rows, marked=late)
    out.print("\n" + ", ".join(f"{counts[standing]} {standing}" for standing in attest.Standing))
    if late:
        sys.exit(FOUND)


@attest_.command("template")
@click.option("--chapter", required=True, help="The chapter's id.")
@click.option("--month", help="Questions up to this month, YYYY-MM (default: the month before this one).")
@click.option("--format", "form", type=click.Choice(["yaml", "csv"]), default="yaml")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def attest_template(chapter: str, month: str | None, form: str, output: Path | None) -> None:
    """Write a chapter's open questions to fill in.

    A questionnaire for mailing there and back; `attest import` reads it.
    """
    workplace = _workplace()
    asked_of = workplace.registry.chapter(chapter)
    pack = policy.load_pack(workplace.registry.association(asked_of.association).pack, workplace.settings.policies)
    open_ = [one for one in attest.asked_of(pack, asked_of, _month_asked(workplace, month)) if one.answer is None]
    text = attest.questionnaire(asked_of, open_, form)
    if output is None:
        click.echo(text, nl=False)
        return
    _write_text(output, text)
    err.print(f"{_count(len(open_), 'open question')} written to {output}")


@attest_.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def attest_import(file: Path) -> None:
    """Add the answers of a returned questionnaire.

    Importing it again adds nothing.
    """
    workplace = _workplace()
    done = attest.import_answers(workplace.registry, _packs_of(workplace), file)
    out.print(
        f"{done.chapter}: {_count(done.added, 'answer')} added to {done.file}, {done.known} known already, "
        f"{done.empty} left open"
    )


@chapterwatch.group("policy")
def policy_() -> None:
    """Policy packs: their clauses, rules and cases."""


def _packs(names: Sequence[str], folder: Path) -> list[policy.Pack]:
    """The packs named, or all there are. Raises UserError where there are none: testing nothing would look well."""
    chosen = names or policy.packs_available(folder)
    if not chosen:
        raise UserError(f"there is no policy pack in {folder}; set CHAPTERWATCH_POLICIES to the folder of the packs")
    return [policy.load_pack(name, folder) for name in chosen]


@policy_.command("picture")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def policy_picture(files: tuple[Path, ...]) -> None:
    """Print the hashes of pictures for a pack."""
    from chapterwatch import pipeline

    for file in files:
        phash, dhash = pipeline.hashes_of(file)
        entry = {"name": file.stem, "sense": "logo", "phash": phash, "dhash": dhash}
        click.echo(f"  - {json.dumps(entry, ensure_ascii=False)}")


@policy_.command("test")
@click.argument("packs", nargs=-1)
def policy_test(packs: tuple[str, ...]) -> None:
    """Run every case of every rule."""
    from checks.engine import run_case

    folder = settings.from_environment().policies
    failures = total = 0
    for pack in _packs(packs, folder):
        cases = [(rule, case) for rule in pack.rules.values() for case in pack.cases_of(rule)]
        with _progress(f"cases of {pack.id}", len(cases)) as step:
            for rule, case in cases:
                result = run_case(pack, rule, case)
                total += 1
                step()
                if not result.passed:
                    failures += 1
                    err.print(f"{rule.id}: {escape(result.problem or '')}")
    out.print(f"{total} cases, {failures} failed")
    if failures:
        sys.exit(FOUND)


@policy_.command("coverage")
@click.argument("packs", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def policy_coverage(packs: tuple[str, ...], *, as_json: bool) -> None:
    """List what serves each clause.

    Lanes, rules with their cases, questions, texts and languages. Exit status 1 where a clause is served by nothing,
    or a rule has fewer than six cases, fewer clean ones than breaches, or a breach as its first.
    """
    folder = settings.from_environment().policies
    loaded = _packs(packs, folder)
    rows = [row for pack in loaded for row in policy.clause_coverage(pack)]
    gaps = [f"{row.clause.id}: {gap}" for row in rows for gap in row.gaps]
    gaps += [f"{pack.id}: {gap}" for pack in loaded for row in policy.rule_coverage(pack) for gap in row.gaps]
    if as_json:
        click.echo(json.dumps([_coverage_record(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        _print_coverage(rows)
        _print_openly(rows, gaps)
    if gaps:
        sys.exit(FOUND)


def _coverage_record(row: policy.ClauseCoverage) -> dict[str, Any]:
    question = row.clause.question
    return {
        "clause": row.clause.id,
        "title": row.clause.title,
        "lanes": list(row.clause.lanes),
        "rules": [
            {
                "id": item.rule.id,
                "lane": item.rule.lane,
                "breaches": item.breaches,
                "clean": item.cleans,
                "unjudged": item.unjudged,
                "languages": list(item.rule.scope.languages),
            }
            for item in row.rules
        ],
        "cases": row.cases,
        "question": question.model_dump(mode="json", exclude_none=True) if question else None,
        "text": row.text,
        "languages": list(row.languages),
        "not_yet": row.clause.not_yet,
        "gaps": [*row.gaps, *(gap for item in row.rules for gap in item.gaps)],
    }


def _print_coverage(rows: Sequence[policy.ClauseCoverage]) -> None:
    lines = []
    marked = set()
    for at, row in enumerate(rows):
        if row.gaps or any(item.gaps for item in row.rules):
            marked.add(at)
        breaches, cleans = sum(item.breaches for item in row.rules), sum(item.cleans for item in row.rules)
        counted = f"{breaches}+{cleans}" if row.rules else ""
        languages = " ".join(row.languages) or ("any" if row.rules else "")
        served = "; ".join(_served_by(row)) or "nothing"
        lines.append((row.clause.id, " ".join(row.clause.lanes), counted, languages, served))
    _print_table(("clause", "lanes", "breach+clean", "languages", "served by"), lines, marked=marked)


def _served_by(row: policy.ClauseCoverage) -> Iterator[str]:
    if row.rules:
        yield ", ".join(item.rule.id for item in row.rules)
    if row.clause.question:
        yield f"question {row.clause.question.id} ({row.clause.question.period})"
    if row.text:
        yield f"text: {row.text}"


def _print_openly(rows: Sequence[policy.ClauseCoverage], gaps: Sequence[str]) -> None:
    """What is said openly not to be judged yet, then what is missing, then both as numbers."""
    open_ = [("not yet", row.clause.id, row.clause.not_yet) for row in rows if row.clause.not_yet]
    missing = [("missing", *gap.split(": ", 1)) for gap in gaps]
    if open_ or missing:
        out.print()
        marked = range(len(open_), len(open_) + len(missing))
        _print_table(("", "clause", "why"), [*open_, *missing], marked=marked)
    served = sum(not row.gaps for row in rows)
    out.print(f"\n{served} of {_count(len(rows), 'clause')} served, {len(open_)} not fully yet, {len(missing)} missing")


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], marked: Collection[int] = ()) -> None:
    """Print aligned columns, one line a row; only a terminal cuts the last one. Marked rows are red."""
    # A line break in an excerpt would break the table.
    cells = [[" ".join(cell.split()) for cell in row] for row in (headings, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)][:-1]
    room = max(out.width - sum(widths) - 2 * len(widths), 10) if out.is_terminal else None
    for number, row in enumerate(cells):
        ahead = "".join(_padded(cell, width) + "  " for cell, width in zip(row[:-1], widths, strict=True))
        last = Text(row[-1])
        if room is not None:
            last.truncate(room, overflow="ellipsis")
        style = "bold" if number == 0 else "red" if number - 1 in marked else ""
        out.print(Text(ahead) + last, style=style)


def _padded(cell: str, width: int) -> str:
    return cell.rjust(width) if cell.isdecimal() else set_cell_size(cell, width)


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


@chapterwatch.command()
@click.argument("rule_id")
def explain(rule_id: str) -> None:
    """Explain a rule: clause, reason, remedy, cases."""
    from checks.base import checks

    folder = settings.from_environment().policies
    rules = {rule.id: (pack, rule) for pack in _packs((), folder) for rule in pack.rules.values()}
    if rule_id not in rules:
        raise UserError(f"there is no rule {rule_id!r}; use one of: {', '.join(sorted(rules))}")
    pack, rule = rules[rule_id]
    out.print(f"[bold]{rule.title}[/bold]  ({rule.id} version {rule.version}, {rule.severity}, {rule.lane})")
    for clause_id in rule.clauses:
        out.print(f"  {clause_id}: “{escape(pack.clauses[clause_id].quote)}”")
    for label, text in (
        ("Why", rule.why),
        ("What to do", rule.remedy),
        ("Where it goes wrong", rule.false_positives),
        ("How it is judged", checks()[rule.check].doc),
    ):
        out.print(f"\n[bold]{label}[/bold]\n{escape(text.strip())}")
    out.print("\n[bold]Cases[/bold]")
    for case in pack.cases_of(rule):
        expected = {True: "finding ", False: "clean   ", None: "unjudged"}[case.expected]
        out.print(f"  {expected}  {escape(_short(case.text, 90))}" + (f"  — {escape(case.why)}" if case.why else ""))


@chapterwatch.group("archive")
def archive_() -> None:
    """The archive's own health."""


@archive_.command("verify")
def archive_verify() -> None:
    """Re-read and re-hash every capture and every picture.

    Names the first entry that does not fit; exit status 1 then.
    """
    with err.status("verifying") if err.is_terminal else _nothing():
        result = _workplace().archive.verify()
    for problem in result.problems:
        err.print(escape(problem))
    pictures = f" and {result.files_checked} pictures" if result.files_checked else ""
    out.print(
        f"{result.captures_checked} captures{pictures} of {result.accounts} accounts: "
        f"{'whole' if result.ok else 'NOT WHOLE'}"
    )
    if not result.ok:
        sys.exit(FOUND)


# --- judging a file -------------------------------------------------------------------------------------------------


@chapterwatch.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--pack", "pack_name", required=True, help="The policy pack, such as ala or lll.")
@click.option("--rules", help="Only these rules (ids or endings such as `threat`), comma-separated.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "wide"]),
    default="csv",
    help="wide: scores as CSV with one row a post and one column a family.",
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option(
    "--scores", "as_scores", is_flag=True, help="Print a score for every post and family instead of findings."
)
@click.option("--rules-only", is_flag=True, help="Leave out the rules that ask by statistical hints.")
@click.option(
    "--classifier", "classifier_name", help="With --scores: the classifier to use instead of the built-in one."
)
def judge(
    file: Path,
    pack_name: str,
    rules: str | None,
    form: str,
    output: Path | None,
    as_scores: bool,
    rules_only: bool,
    classifier_name: str | None,
) -> None:
    """Judge the posts of a table and print the findings.

    FILE is CSV, JSON, JSONL or Parquet with the columns id and text; platform, lang, created_at, author and kind are
    used where they are there. Findings come in the order of the posts, spans count code points of the text given.
    Exit status 0: nothing found; 1: findings; 2: a mistake to mend.

    With --scores every post gets one row a family: id, family, score (0 to 1, calibrated so that 0.5 is as likely as
    not where one post in three is of the family), point and spans (start-end;start-end in code points). The point is
    the one of few false alarms that the post passes: violation (about 2 in 1,000 benign posts), review (about 20 in
    1,000), or none. Families: profanity, offensive, hate, harassment, threat, complaint, disparagement, politics,
    religion, rumour, confidential, promotion, toxic, and pii.phone, pii.email, pii.address, pii.card, pii.iban,
    pii.ssn, pii.id_number, pii.ip, pii.birthdate, pii.health. Scores need no roster, and exit status 1 is not used.
    See docs/scores.md.
    """
    from checks.engine import judge_table
    from connectors.plain.importer import read_table

    if not as_scores and (form == "wide" or classifier_name):
        raise UserError("--format wide and --classifier go with --scores; add it or leave them out")
    if as_scores and (rules or rules_only):
        raise UserError("--scores uses every rule of the pack; leave --rules and --rules-only out")

    if form == "parquet" and output is None:
        raise UserError("parquet cannot be printed; give --output FILE")
    pack = policy.load_pack(pack_name, settings.from_environment().policies)
    table, aside = read_table(file)
    if aside and table.empty:
        # "Nothing found" would be said of posts nobody could read.
        raise UserError(f"{file}: no row can be read ({aside[0].where}: {aside[0].reason}, for one); mend the rows")
    if as_scores:
        with _progress("scoring rows", len(table)) as step:
            scores = _score_in_parts(table, pack, classifier_name, wide=form == "wide", step=step)
        _write(scores, "csv" if form == "wide" else form, output)
        _say_kept_aside(aside)
        return
    chosen = _rules_named(pack, rules)
    if rules_only:
        chosen = _without_hints(pack, chosen)
    with _progress("judging rows", len(table)) as step:
        found, not_judged = _judge_in_parts(judge_table, table, pack, chosen, step)
    found = _in_order_of(table, found)
    _write(found, form, output)
    _say_kept_aside(aside)
    for line in _not_judged_in_words(not_judged):
        err.print(escape(line))
    rules_used = (
        len(chosen) if chosen is not None else sum(rule.lane is not Lane.CREDIT for rule in pack.rules.values())
    )
    err.print(
        f"{_count(len(table), 'row')} read by {_count(rules_used, 'rule')}: {_count(len(found), 'finding')} in "
        f"{_count(found['id'].nunique(), 'row')}; {_count(len(aside), 'row')} kept aside"
    )
    if len(found):
        sys.exit(FOUND)


#: Rows judged between two steps of the progress bar.
PART = 5000


def _judge_in_parts(judge_table: Any, table: pd.DataFrame, pack: policy.Pack, rules: Any, step: Any) -> Any:
    import pandas as pd

    parts = []
    for start in range(0, max(len(table), 1), PART):
        part = table.iloc[start : start + PART]
        parts.append(judge_table(part, pack, rules))
        step(steps=len(part))
    found = pd.concat([part[0] for part in parts], ignore_index=True)
    counts = pd.concat([part[1] for part in parts], ignore_index=True)
    return found, counts


def _score_in_parts(
    table: pd.DataFrame,
    pack: policy.Pack,
    name: str | None,
    *,
    wide: bool,
    step: Any,
) -> pd.DataFrame:
    import pandas as pd

    from checks import scores
    from checks.classifier import BUILT_IN

    parts = []
    for start in range(0, max(len(table), 1), PART):
        part = table.iloc[start : start + PART]
        found = scores.score_table(part, pack, use=name or BUILT_IN)
        parts.append(scores.wide(found) if wide else found)
        step(steps=len(part))
    return pd.concat(parts, ignore_index=True)


def _in_order_of(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The findings in the order their posts were given, then by where they begin."""
    place = {post: place for place, post in enumerate(table["id"])}
    by_place = found.assign(place=found["id"].map(place))
    ordered = by_place.sort_values(["place", "start", "end", "rule"], kind="stable", ignore_index=True)
    return ordered.drop(columns="place")


def _rules_named(pack: policy.Pack, text: str | None) -> list[str] | None:
    if text is None:
        return None
    chosen = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        matching = [rule for rule in pack.rules if rule == name or rule.endswith(f".{name}")]
        if not matching:
            raise UserError(f"pack {pack.id} has no rule {name!r}; use some of: {', '.join(pack.rules)}")
        chosen += matching
    if not chosen:
        raise UserError("--rules names no rule; leave it out to use all rules of the pack")
    return list(dict.fromkeys(chosen))


def _without_hints(pack: policy.Pack, chosen: Sequence[str] | None) -> list[str]:
    """The rules chosen (all but credits when None) without those that a classifier speaks for."""
    usual = [rule.id for rule in pack.rules.values() if rule.lane is not Lane.CREDIT]
    return [rule for rule in (usual if chosen is None else chosen) if pack.rules[rule].check != "scored"]


def _write(frame: pd.DataFrame, form: str, output: Path | None) -> None:
    if output is None:
        text = _as_text(frame, form)
        click.echo(text, nl=not text.endswith("\n"))
        return
    if form != "parquet":
        _write_text(output, _as_text(frame, form))
        return
    try:
        frame.to_parquet(output, index=False)
    except OSError as error:
        raise UserError(f"{output}: cannot be written ({error.strerror}); choose another file") from None


def _write_text(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"{output}: cannot be written ({error.strerror}); choose another file") from None


def _as_text(frame: pd.DataFrame, form: str) -> str:
    if form == "csv":
        return frame.to_csv(index=False, lineterminator="\n")
    return json.dumps(frame.to_dict("records"), ensure_ascii=False, indent=1) + "\n"


def _say_kept_aside(aside: Sequence[Any]) -> None:
    for item in aside[:5]:
        err.print(f"kept aside: {escape(item.where)}: {escape(item.reason)}")
    if len(aside) > 5:  # noqa: PLR2004 - the first five are an example, not a rule
        err.print(f"… and {_count(len(aside) - 5, 'more row')} kept aside")


#: Why rules could not judge a row, in words.
_NOT_JUDGED = {
    "no_text": "their text is not kept",
    "no_history": "their earlier text is not known",
    "text_cut_off": "their text was cut off before it came to us",
    "cannot_tell": "whether they still stand is not known",
    "account_gone": "their account is gone",
    "profile_not_seen": "their account's profile was not seen",
    "affiliation_not_shown": "nothing shows that their account is a Leader's",
    "too_few_posts": "too few posts were seen to call anything regular",
    "no_official_account": "no official account was collected at that time",
    "no_official_word": "the official accounts did not speak of it",
    "thread_not_seen": "the other replies of their thread were not collected",
    "corrected_post_not_seen": "the post they correct is not known",
}


def _not_judged_in_words(counts: pd.DataFrame) -> Iterator[str]:
    """One line per reason: how many rows, by how many rules. `counts` has the columns rule, reason, count."""
    rows_of: dict[str, Counter[str]] = {}
    for rule, reason, count in zip(counts["rule"], counts["reason"], counts["count"], strict=True):
        rows_of.setdefault(reason, Counter())[rule] += int(count)
    for reason, by_rule in sorted(rows_of.items(), key=lambda item: (-max(item[1].values()), item[0])):
        kind, _, language = reason.partition(":")
        why = f"no vocabulary for {language}" if kind == "language" else _NOT_JUDGED.get(reason, reason)
        yield f"not judged: {_count(max(by_rule.values()), 'row')} by {_count(len(by_rule), 'rule')}: {why}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


#: What of a finding fits on a terminal, the excerpt last; csv and json have every column.
_SHOWN = ("chapter", "account", "rule", "severity", "state", "excerpt")


def _print_frame(frame: pd.DataFrame, form: str) -> None:
    if form != "table":
        _write(frame, form, None)
        return
    _print_table(_SHOWN, list(frame[list(_SHOWN)].astype(str).itertuples(index=False)))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


if __name__ == "__main__":
    main()
