"""Policy packs: their clauses, rules and cases."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chapterwatch import policy, settings
from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, out, print_table, progress, shortened
from chapterwatch.errors import UserError, choices

if TYPE_CHECKING:
    from chapterwatch.pipeline import dryrun


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
        with progress(f"cases of {pack.id}", len(cases)) as step:
            for rule, case in cases:
                result = run_case(pack, rule, case)
                total += 1
                step()
                if not result.passed:
                    failures += 1
                    err.print(f"{rule.id}: {result.problem or ''}")
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
    print_table(("clause", "lanes", "breach+clean", "languages", "served by"), lines, marked=marked)


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
        print_table(("", "clause", "why"), [*open_, *missing], marked=marked)
    served = sum(not row.gaps for row in rows)
    out.print(
        f"\n{served} of {counted(len(rows), 'clause')} served, {len(open_)} not fully yet, {len(missing)} missing"
    )


@policy_.command("diff")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--posts",
    type=click.IntRange(min=1),
    default=5000,
    show_default=True,
    help="Judge so many of the newest posts.",
)
@click.option("--seed", default=0, show_default=True, help="Draws the findings shown.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def policy_diff(folder: Path, posts: int, seed: int, *, as_json: bool) -> None:
    """Try a changed pack on the archive.

    Judges the newest posts with the pack in use and with the one in FOLDER and says which findings would appear and
    which would vanish, with up to twenty of each drawn at random. Keeps nothing. Exit status 1 where they differ.
    """
    from chapterwatch.pipeline import Workplace, dryrun

    found = settings.from_environment()
    place = Workplace(found, found.connection, makes_archive=False)
    draft = dryrun.load_draft(folder.resolve(), found.policies)
    current = policy.load_pack(draft.id, found.policies)
    trial = dryrun.trial(place.archive, place.registry, current, draft, newest=posts, seed=seed)
    if as_json:
        click.echo(json.dumps(_trial_record(trial), indent=2, ensure_ascii=False))
    else:
        _print_trial(trial)
    if trial.appear or trial.vanish:
        sys.exit(FOUND)


def _trial_record(trial: dryrun.Trial) -> dict[str, Any]:
    names = ("pack", "version", "draft_version", "posts", "bounded", "accounts", "rules", "appear", "vanish", "seed")
    sample = {
        name: [{"key": one.key, "rule": one.rule_id, "account": one.account_key, "id": one.subject_id} for one in part]
        for name, part in (("appearing", trial.appearing), ("vanishing", trial.vanishing))
    }
    return {**{name: getattr(trial, name) for name in names}, **sample}


def _print_trial(trial: dryrun.Trial) -> None:
    bound = ", older ones left out" if trial.bounded else ""
    out.print(f"{trial.pack} {trial.draft_version} beside {trial.version}: {counted(trial.posts, 'post')}{bound}")
    out.print(f"rules that may judge otherwise: {', '.join(trial.rules) or 'none'}")
    for word, counts, sample in (
        ("appear", trial.appear, trial.appearing),
        ("vanish", trial.vanish, trial.vanishing),
    ):
        out.print(f"\n{counted(sum(counts.values()), 'finding')} would {word}", style="bold")
        if sample:
            rows = [(one.rule_id, one.chapter, one.subject_id, shortened(one.excerpt, 60)) for one in sample]
            print_table(("rule", "chapter", "id", "words"), rows)


def _explain_by_hand(rule_id: str) -> None:
    """What stands in a rule's place where a person reported something: it has no clause of its own and no cases."""
    from reports.words import load

    words = load("en")
    out.print(words("by_hand.title"), style="bold", end="")
    out.print(f"  ({rule_id}, graded by whoever reported it)")
    for label, key in (
        ("Why", "by_hand.why"),
        ("What to do", "by_hand.remedy"),
        ("Where it goes wrong", "by_hand.errs"),
    ):
        out.print(f"\n{label}", style="bold")
        out.print(words(key))


@chapterwatch.command()
@click.argument("rule_id")
def explain(rule_id: str) -> None:
    """Explain a rule: clause, reason, remedy, cases."""
    from checks.base import checks

    folder = settings.from_environment().policies
    packs = _packs((), folder)
    rules = {rule.id: (pack, rule) for pack in packs for rule in pack.rules.values()}
    if rule_id in {policy.by_hand_id(pack.id) for pack in packs}:
        _explain_by_hand(rule_id)
        return
    if rule_id not in rules:
        raise UserError(f"there is no rule {rule_id!r}; {choices(rule_id, rules)}")
    pack, rule = rules[rule_id]
    out.print(rule.title, style="bold", end="")
    out.print(f"  ({rule.id} version {rule.version}, {rule.severity}, {rule.lane})")
    for clause_id in rule.clauses:
        out.print(f"  {clause_id}: “{pack.clauses[clause_id].quote}”")
    for label, text in (
        ("Why", rule.why),
        ("What to do", rule.remedy),
        ("Where it goes wrong", rule.false_positives),
        ("How it is judged", checks()[rule.check].doc),
    ):
        out.print(f"\n{label}", style="bold")
        out.print(text.strip())
    out.print("\nCases", style="bold")
    for case in pack.cases_of(rule):
        expected = {True: "finding ", False: "clean   ", None: "unjudged"}[case.expected]
        out.print(f"  {expected}  {shortened(case.text, 90)}" + (f"  — {case.why}" if case.why else ""))
