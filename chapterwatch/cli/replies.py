"""The right of reply: what chapters say about their findings, and what becomes of it."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from chapterwatch import replies
from chapterwatch.cli.root import CHAPTERS, chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, open_workplace, out, print_table, shortened, write_text


@chapterwatch.group()
def reply() -> None:
    """What chapters say about their findings."""


@reply.command("template")
@click.option("--chapter", required=True, help="The chapter's id.")
@click.option("--month", help="The report's month, YYYY-MM (default: the month before this one).")
@click.option("--format", "form", type=click.Choice(["yaml", "csv"]), default="yaml")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def reply_template(chapter: str, month: str | None, form: str, output: Path | None) -> None:
    """Write the form for a chapter's open findings.

    The same form comes with the report's mail; `reply import` reads it.
    """
    from chapterwatch import pipeline

    workplace = open_workplace(makes_archive=False)
    text, entries = pipeline.reply_template(
        workplace, chapter, month or pipeline.periods.month_before(workplace.now), form
    )
    if output is None:
        click.echo(text, nl=False)
        return
    write_text(output, text)
    err.print(f"{counted(entries, 'open finding')} written to {output}")


@reply.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def reply_import(file: Path) -> None:
    """Keep the replies of a returned form.

    Importing it again adds nothing.
    """
    from chapterwatch import pipeline

    done = pipeline.import_replies(open_workplace(), file, getpass.getuser())
    said = f"{done.added} replies added" if done.added != 1 else "1 reply added"
    out.print(f"{done.chapter}: {said}, {done.known} known already, {done.empty} findings without one")


@reply.command("list")
@CHAPTERS
@click.option("--undecided", is_flag=True, help="Only those nobody has decided on.")
def reply_list(chapters: tuple[str, ...], *, undecided: bool) -> None:
    """List replies, the newest first.

    Exit status 1 where an appeal awaits its decision.
    """
    from chapterwatch import pipeline

    listed = list(pipeline.listed_replies(open_workplace(makes_archive=False), chapters, undecided=undecided))
    waiting = {number for number, item in enumerate(listed) if item.reply.kind == "appeal" and not item.reply.outcome}
    rows = [
        (
            item.reply.key,
            item.chapter,
            item.rule_id,
            item.reply.kind,
            item.reply.author_role,
            f"{item.reply.at:%Y-%m-%d}",
            item.reply.outcome or "open",
            shortened(item.reply.text, 80),
        )
        for item in listed
    ]
    print_table(("key", "chapter", "rule", "kind", "office", "on", "outcome", "text"), rows, marked=waiting)
    out.print(f"\n{counted(len(waiting), 'appeal')} to decide")
    if waiting:
        sys.exit(FOUND)


@reply.command("decide")
@click.argument("key")
@click.option("--outcome", type=click.Choice(replies.OUTCOMES), required=True)
@click.option("--note", default="", help="The reason, as the report prints it beside the reply.")
@click.option("--role", default="headquarters", help="The office that decides.")
def reply_decide(key: str, outcome: str, note: str, role: str) -> None:
    """Note what becomes of the reply KEY.

    An appeal upheld makes its finding a false positive.
    """
    from chapterwatch import pipeline

    done = pipeline.decide_reply(open_workplace(), key, outcome, note, role, getpass.getuser())
    out.print(f"reply {key}: {outcome}" + ("" if done else " (as before)"))
