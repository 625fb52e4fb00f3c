"""The archive's own health: whether it is whole, and which version its tables have."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from chapterwatch import settings
from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, err, open_workplace, out, waiting


@chapterwatch.group("archive")
def archive_() -> None:
    """The archive's own health, and what it keeps."""


@archive_.command("version")
def archive_version() -> None:
    """Say which schema the archive has, and which is needed.

    Changes nothing; exit status 1 where they differ.
    """
    from chapterwatch.archive import Archive

    schema = Archive.schema(settings.from_environment().database)
    if schema.found is None:
        out.print(f"no archive yet; this Chapterwatch makes schema {schema.needed}")
    else:
        out.print(f"schema {schema.found}; this Chapterwatch needs {schema.needed}")
    if not schema.current:
        sys.exit(FOUND)


@archive_.command("upgrade")
@click.option("--no-copy", is_flag=True, help="Keep no copy of an SQLite archive (there is a backup of it).")
def archive_upgrade(*, no_copy: bool) -> None:
    """Create the archive, or bring its tables up to date.

    An SQLite archive is copied first, beside itself; of PostgreSQL make a backup with its own tools. Nothing happens
    to an archive that needs no upgrade.
    """
    from chapterwatch.archive import Archive
    from chapterwatch.pipeline.workplace import make_folder_of

    url = settings.from_environment().database
    make_folder_of(url)
    with waiting("upgrading"):
        schema = Archive.upgrade(url, keep_copy=not no_copy)
    if schema.current:
        out.print(f"schema {schema.found}: nothing to upgrade")
        return
    if schema.copy:
        out.print(f"kept as it was: {schema.copy} (delete it when the upgrade has proved itself)")
    out.print(f"schema {schema.found or 'none'} -> {schema.needed}")


@archive_.command("copy")
@click.argument("file", type=click.Path(path_type=Path))
def archive_copy(file: Path) -> None:
    """Copy an SQLite archive, even in use, to a new FILE.

    Prints the digest of the chain heads: noted elsewhere, it tells later whether a copy is the one you made. Reports,
    pictures and exports lie beside the archive and are copied with it by any tool. It keeps what is erased later.
    """
    from chapterwatch.archive import Archive

    with waiting("copying"):
        accounts, captures, digest = Archive.copy(settings.from_environment().database, file)
    out.print(f"{file}: {captures} captures of {accounts} accounts; chain heads {digest}")


@archive_.command("verify")
def archive_verify() -> None:
    """Re-read and re-hash every capture and every picture.

    Names the first entry that does not fit; exit status 1 then.
    """
    from sqlalchemy.exc import DBAPIError

    from chapterwatch import pipeline
    from chapterwatch.archive.engine import is_damage

    try:
        with waiting("verifying"):
            result = pipeline.verify_archive(open_workplace(makes_archive=False))
    except DBAPIError as error:
        if not is_damage(error):
            raise
        err.print(f"{error.orig}; restore the archive from a backup")
        out.print("NOT WHOLE: the database file is damaged")
        sys.exit(FOUND)
    for problem in result.problems:
        err.print(problem)
    pictures = f" and {counted(result.files_checked, 'picture')}" if result.files_checked else ""
    out.print(
        f"{counted(result.captures_checked, 'capture')}{pictures} of {counted(result.accounts, 'account')}: "
        f"{'whole' if result.ok else 'NOT WHOLE'}"
    )
    if not result.ok:
        sys.exit(FOUND)
