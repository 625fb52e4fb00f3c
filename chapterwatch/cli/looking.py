"""What was found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from chapterwatch.cli.root import CHAPTERS, chapterwatch
from chapterwatch.cli.terminal import FOUND, open_workplace, print_table, write_frame

if TYPE_CHECKING:
    import pandas as pd


@chapterwatch.command()
@CHAPTERS
@click.option("--month", help="Only findings that stood or were mended in this month (YYYY-MM).")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def findings(chapters: tuple[str, ...], month: str | None, form: str) -> None:
    """List what was found; exit status 1 if anything."""
    from chapterwatch import pipeline

    frame = pipeline.findings_frame(open_workplace(makes_archive=False), chapters, month)
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
