"""What was found, and whether the archive is whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from chapterwatch.cli.root import CHAPTERS, chapterwatch
from chapterwatch.cli.terminal import FOUND, err, open_workplace, out, print_table, waiting, write_frame

if TYPE_CHECKING:
    import pandas as pd


@chapterwatch.command()
@CHAPTERS
@click.option("--month", help="Only findings that stood or were mended in this month (YYYY-MM).")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def findings(chapters: tuple[str, ...], month: str | None, form: str) -> None:
    """List what was found; exit status 1 if anything."""
    from chapterwatch import pipeline

    frame = pipeline.findings_frame(open_workplace(), chapters, month)
    _print_frame(frame, form)
    if len(frame):
        sys.exit(FOUND)


#: What of a finding fits on a terminal, the excerpt last; csv and json have every column.
_SHOWN = ("chapter", "account", "rule", "severity", "state", "excerpt")


def _print_frame(frame: pd.DataFrame, form: str) -> None:
    if form != "table":
        write_frame(frame, form, None)
        return
    print_table(_SHOWN, list(frame[list(_SHOWN)].astype(str).itertuples(index=False)))


@chapterwatch.group("archive")
def archive_() -> None:
    """The archive's own health."""


@archive_.command("verify")
def archive_verify() -> None:
    """Re-read and re-hash every capture and every picture.

    Names the first entry that does not fit; exit status 1 then.
    """
    with waiting("verifying"):
        result = open_workplace().archive.verify()
    for problem in result.problems:
        err.print(escape(problem))
    pictures = f" and {result.files_checked} pictures" if result.files_checked else ""
    out.print(
        f"{result.captures_checked} captures{pictures} of {result.accounts} accounts: "
        f"{'whole' if result.ok else 'NOT WHOLE'}"
    )
    if not result.ok:
        sys.exit(FOUND)
