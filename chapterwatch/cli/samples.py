"""Samples: what the rules miss, told by people reading posts nothing was found in."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import counted, err, open_workplace, out, print_table, write_text


@chapterwatch.group()
def sample() -> None:
    """Posts without a finding, drawn for a person to read."""


@sample.command("draw")
@click.argument("month")
def sample_draw(month: str) -> None:
    """Draw the samples of MONTH (YYYY-MM), each association's once.

    Forty posts by chance, and at most three most like each kind of breach.
    """
    from chapterwatch import pipeline

    for association, count in pipeline.draw_samples(open_workplace(), pipeline.periods.month_of(month)).items():
        out.print(f"{association}: {counted(count, 'post')}")


@sample.command("sheet")
@click.argument("month")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def sample_sheet(month: str, output: Path | None) -> None:
    """Write the samples of MONTH as a table to fill in.

    The column answer takes clean, missed or unsure; `sample import` reads the table back.
    """
    from chapterwatch import pipeline

    text = pipeline.sheet(open_workplace(makes_archive=False), pipeline.periods.month_of(month))
    if output is None:
        click.echo(text, nl=False)
        return
    write_text(output, text)
    err.print(f"{counted(text.count(chr(10)) - 1, 'line')} written to {output}")


@sample.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def sample_import(file: Path) -> None:
    """Keep the answers of a filled-in table.

    Importing it again adds nothing.
    """
    from chapterwatch import pipeline

    workplace, login = open_workplace(), getpass.getuser()
    role = workplace.registry.role_of(login) or "staff"
    done = pipeline.import_sheet(workplace, file, login, role)
    out.print(f"{counted(done.answered, 'answer')} kept, {done.known} known already, {done.empty} left open")


@sample.command("result")
@click.argument("month")
def sample_result(month: str) -> None:
    """Say what the answers so far tell about MONTH.

    The share is of the posts chance drew; those most like a breach stand for
    no others and are counted by themselves.
    """
    from chapterwatch import pipeline

    workplace, rows = open_workplace(makes_archive=False), []
    for association in workplace.registry.associations:
        found = pipeline.estimate_of(workplace, association.id, pipeline.periods.month_of(month))
        low, high = found.interval or (0.0, 1.0)
        likely, read, hits = pipeline.likely_misses(workplace, association.id, pipeline.periods.month_of(month))
        missed = f"{found.share:.1%} ({low:.1%} to {high:.1%})" if found.share is not None else "nothing read yet"
        rows.append(
            (
                association.id,
                str(found.drawn),
                str(found.read),
                str(found.missed),
                str(found.unsure),
                missed,
                f"{hits} of {read} read, {likely} chosen",
            )
        )
    columns = ("association", "drawn", "read", "missed", "unsure", "share missed, 95 %", "missed among the likeliest")
    print_table(columns, rows)
