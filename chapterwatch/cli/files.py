"""The store of reports and pictures: whether it holds what the archive names."""

from __future__ import annotations

import sys

import click

from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, open_workplace, out, progress


@chapterwatch.group("files")
def files_() -> None:
    """The store of reports and pictures."""


@files_.command("verify")
def files_verify() -> None:
    """Read every report and picture the archive names.

    For after a move or a restore: names each file that is missing or was changed; exit status 1 then. Pictures that no
    row names are listed too; they may be deleted.
    """
    from chapterwatch.pipeline.filecheck import verify_files

    workplace = open_workplace()
    with progress("reading files", None) as step:
        found = verify_files(workplace, on_file=step)
    for problem in found.problems:
        err.print(problem)
    for key in found.left_over:
        out.print(f"{key}: no row of the archive names it")
    out.print(
        f"{counted(found.reports, 'report')} and {counted(found.pictures, 'picture')} in "
        f"{workplace.settings.files.place}: {'whole' if found.ok else 'NOT WHOLE'}"
    )
    if not found.ok:
        sys.exit(FOUND)


@files_.command("copy")
@click.argument("to")
def files_copy(to: str) -> None:
    """Copy every file into another store.

    TO is a folder, or s3://bucket/prefix.

    The store in force stays as it is, and so does the archive, whose keys are the same in both. Stop what writes first;
    then set CHAPTERWATCH_FILES to the new store and run `files verify`. May be repeated.
    """
    from chapterwatch.pipeline.filecheck import copy_files

    with progress("copying files", None) as step:
        count = copy_files(open_workplace(), to, on_file=step)
    out.print(f"{counted(count, 'file')} in {to}; now set CHAPTERWATCH_FILES to it, and verify")
