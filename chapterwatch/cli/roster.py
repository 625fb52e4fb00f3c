"""The roster: its file, accounts nobody registered, and the questions chapters answer."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapterwatch import attest, policy, reviews, settings
from chapterwatch.cli.root import CHAPTERS, chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, open_workplace, out, print_table, progress, write_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chapterwatch.model import Association
    from chapterwatch.pipeline import Workplace


@chapterwatch.group()
def registry() -> None:
    """The roster of chapters, people and accounts."""


@registry.command("lint")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--clauses", is_flag=True, help="Also name the clauses that an empty list leaves out; takes seconds.")
def registry_lint(file: Path | None, *, clauses: bool) -> None:
    """Check the registry; every problem in one go."""
    from chapterwatch import registry as registries
    from chapterwatch.known import known
    from reports.text import NAME_LIMIT

    chosen = settings.from_environment()
    loaded = registries.load(file or chosen.registry, known(chosen.policies))
    out.print(
        f"{loaded.path}: {counted(len(loaded.associations), 'association')}, "
        f"{counted(len(loaded.chapters), 'chapter')}, {counted(len(loaded.accounts), 'account')}, no problems",
    )
    for association in loaded.associations:
        lists = _unlisted(association, chosen.policies) if clauses else _empty(association)
        for notice in (*_unwritten(association), *lists):
            out.print(f"{association.id}: {notice}")
    for chapter in loaded.chapters:
        if not chapter.accounts:
            nothing = "so its report will say that nothing could be looked at"
            out.print(f"{chapter.id}: has no account, {nothing}; list them under accounts")
        if len(chapter.name) > NAME_LIMIT:
            out.print(f"{chapter.id}: its name has {len(chapter.name)} characters, and reports cut it at {NAME_LIMIT}")
        for earlier, later in attest.replaced_in(chapter):
            out.print(
                f"{chapter.id}: the answer to {later.question} for {later.period} of {later.on} replaces that of "
                f"{earlier.on}"
            )


def _unwritten(association: Association) -> Iterator[str]:
    """The languages a roster asks reports in and nobody has translated them to."""
    from reports.words import languages

    wanted = {association.language, *(chapter.language for chapter in association.chapters)}
    for language in sorted(wanted - set(languages())):
        spoken = ", ".join(languages())
        yield f"language {language} is none that reports are written in ({spoken}); chapters with it get English ones"


#: What is missing, by the reason the rules that answer by it give for not judging, and what to list.
_LISTS = {
    "no_roster_names": ("roster_names is empty", "list members and staff, names and handles"),
    "no_events": ("events is empty", "list the events whose hashtag posts should carry"),
}


def _empty(association: Association) -> Iterator[str]:
    """The lists an association has left out; which rules of its pack answer by them alone takes seconds to know."""
    given = {"roster_names": association.roster_names, "events": association.events}
    if left_out := [name for name, listed in given.items() if not listed]:
        said = f"{' and '.join(left_out)} {'are' if left_out[1:] else 'is'} empty"
        yield f'{said}; a rule that has nothing else to answer by will say "not judged" (--clauses names them)'


def _unlisted(association: Association, policies: Path) -> Iterator[str]:
    """The lists an association has left out, and the rules that can only answer by them."""
    from chapterwatch.pipeline.audit import contexts_of
    from checks.engine import lacking

    if association.roster_names and association.events:
        # Nothing can be missing, and reading a pack takes seconds.
        return
    pack = policy.load_pack(association.pack, policies)
    for reason, rules in lacking(pack.rules.values(), contexts_of(association)[association.id]).items():
        what, mend = _LISTS[reason]
        clauses = ", ".join(sorted({clause for rule in rules for clause in rule.clauses}))
        yield f'{what}, so {counted(len(rules), "rule")} of {clauses} will say "not judged"; {mend}'


@registry.command("discover")
@CHAPTERS
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def registry_discover(chapters: tuple[str, ...], *, as_json: bool) -> None:
    """Read chapters' web sites for accounts nobody registered.

    Lists missing and renamed accounts, look-alikes and dead links for a person to confirm; changes nothing. Exit status
    1 where there is something.
    """
    from chapterwatch import pipeline

    workplace = open_workplace()
    with progress("reading web sites", len(chapters) or len(workplace.registry.chapters)) as step:
        found = pipeline.discover(workplace, chapters, on_chapter=step)
    unread = [one.id for one in workplace.registry.chapters_called(chapters) if not one.website]
    if unread:
        err.print(f"not read, for the registry names no website: {', '.join(unread)}")
    if as_json:
        click.echo(json.dumps([item.as_record() for item in found], indent=2, ensure_ascii=False))
    else:
        headings = ("chapter", "what", "platform", "name", "link", "why")
        rows = [(i.chapter, i.kind.replace("_", " "), i.platform, i.name, i.url, i.detail) for i in found]
        print_table(headings, rows)
        out.print(f"\n{counted(len(found), 'matter')} to confirm")
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
    workplace = open_workplace()
    until, today = _month_asked(workplace, month), workplace.now.date()
    packs, rows, counts = _packs_of(workplace), [], Counter[str]()
    for chapter in workplace.registry.chapters_called(chapters):
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
    print_table(("chapter", "clause", "question", "period", "state", "due", "answer"), rows, marked=late)
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
    workplace = open_workplace()
    asked_of = workplace.registry.chapter(chapter)
    pack = policy.load_pack(workplace.registry.association(asked_of.association).pack, workplace.settings.policies)
    open_ = [one for one in attest.asked_of(pack, asked_of, _month_asked(workplace, month)) if one.answer is None]
    text = attest.questionnaire(asked_of, open_, form)
    if output is None:
        click.echo(text, nl=False)
        return
    write_text(output, text)
    err.print(f"{counted(len(open_), 'open question')} written to {output}")


@attest_.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--print", "print_only", is_flag=True, help="Write nothing; print the whole file of answers.")
def attest_import(file: Path, print_only: bool) -> None:
    """Add the answers of a returned questionnaire.

    Importing it again adds nothing. The file of answers keeps its owner, group and mode. Where the roster can only be
    read, `--print` prints that file as it has to be, for a person to put there.
    """
    workplace = open_workplace()
    done = attest.import_answers(workplace.registry, _packs_of(workplace), file, write=not print_only)
    if print_only:
        click.echo(done.text, nl=False)
    (err if print_only else out).print(
        f"{done.chapter}: {counted(done.added, 'answer')} {'to be ' * print_only}added to {done.file}, "
        f"{done.known} known already, {done.empty} left open"
    )
