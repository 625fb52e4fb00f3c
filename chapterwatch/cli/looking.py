"""What was found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from chapterwatch.cli.archive import archive_
from chapterwatch.cli.root import CHAPTERS, chapterwatch
from chapterwatch.cli.terminal import FOUND, err, open_workplace, print_table, write_frame

if TYPE_CHECKING:
    import pandas as pd


@chapterwatch.command()
@CHAPTERS
@click.option("--month", help="Only findings that stood or were mended in this month (YYYY-MM).")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def findings(chapters: tuple[str, ...], month: str | None, form: str) -> None:
    """List what was found; exit status 1 if anything."""
    from chapterwatch import pipeline
    from chapterwatch.pipeline.health import AUDIT_RUN

    workplace = open_workplace(makes_archive=False)
    frame = pipeline.findings_frame(workplace, chapters, month)
    _print_frame(frame, form)
    if workplace.archive.shelf.last_run(AUDIT_RUN) is None:
        err.print("nothing was judged yet; run `chapterwatch audit` first")
    if len(frame):
        sys.exit(FOUND)


#: What of a finding fits on a terminal, the excerpt last; csv and json have every column.
_SHOWN = ("chapter", "account", "rule", "severity", "state", "excerpt")


def _print_frame(frame: pd.DataFrame, form: str, shown: Sequence[str] = _SHOWN) -> None:
    if form != "table":
        write_frame(frame, form, None)
        return
    print_table(shown, list(frame[list(shown)].astype(str).itertuples(index=False)))


@archive_.command("aside")
@CHAPTERS
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table")
def archive_aside(chapters: tuple[str, ...], form: str) -> None:
    """List the records that could not be read and were kept aside.

    Says where each stood and why it could not be read; no word of any. Exit status 1 if there are any.
    """
    from chapterwatch import pipeline

    frame = pipeline.kept_aside_frame(open_workplace(makes_archive=False), chapters)
    _print_frame(frame.assign(read_on=frame["read_on"].astype(str)), form, _ASIDE)
    if len(frame):
        sys.exit(FOUND)


_ASIDE = ("chapter", "account", "read_on", "place", "reason")
