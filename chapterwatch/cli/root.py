"""The command itself: its options, and how a mistake ends."""

from __future__ import annotations

import errno
import gc
import io
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from chapterwatch import __version__, logs
from chapterwatch.cli.terminal import FOUND, MISTAKE, err
from chapterwatch.errors import InvalidFiles, UserError


class Day(click.DateTime):
    """A day as 2026-10-31; anything else is told so in words."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002 - as click calls it
        """What the help says."""
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day's midnight.

        Raises:
            click.BadParameter: it is written otherwise, or there is no such day.
        """
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"'{value}' is no day; write it as 2026-10-31.", param, ctx)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a user's mistake ends in one line and exit status 2."""
    try:
        _run(arguments)
    except InvalidFiles as error:
        for problem in error.problems:
            err.print(str(problem))
        sys.exit(MISTAKE)
    except UserError as error:
        err.print(f"chapterwatch: {error}")
        sys.exit(MISTAKE)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(MISTAKE)
    except click.ClickException as error:
        # Where an option has choices, click puts each on a line of its own.
        told = " ".join(error.format_message().split())
        err.print(f"chapterwatch: {told}{'' if told.endswith(('.', '?')) else '.'}{_help_on(error)}")
        sys.exit(MISTAKE)
    except (click.Abort, KeyboardInterrupt):
        err.print("chapterwatch: stopped")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read us has seen enough (`| head`).
        _print_no_more()
        sys.exit(FOUND)
    except Exception as error:
        said = _of_a_disk(error) or _of_the_database(error)
        if said is None:
            raise
        err.print(f"chapterwatch: {said}")
        sys.exit(MISTAKE)


def _help_on(error: click.ClickException) -> str:
    """Where all commands and options stand, for whoever guessed one; empty where that is no answer."""
    return f" See {error.ctx.command_path} -h." if isinstance(error, click.UsageError) and error.ctx else ""


#: New objects before Python looks for reference cycles. What a command loads stays until it ends: after every 700, as
#: Python has it, looking takes a tenth of a short command's time.
_BETWEEN_COLLECTIONS = 100_000


def _run(arguments: Sequence[str] | None) -> None:
    """Run the command, and hand on all it printed while a failure to do so can still be told."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows no dash is no reason to print nothing.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        chapterwatch.main(args=arguments, standalone_mode=False, prog_name="chapterwatch")
    finally:
        sys.stdout.flush()


def _print_no_more() -> None:
    """What is still to be printed goes nowhere: flushing it on the way out would fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_a_disk(error: Exception) -> str | None:
    """A disk without room, be it that of standard output; None where it is none."""
    if not isinstance(error, OSError) or error.errno not in {errno.ENOSPC, errno.EDQUOT}:
        return None
    _print_no_more()
    return f"{error.strerror}; make room where it writes to, and repeat"


def _of_the_database(error: Exception) -> str | None:
    """A failure of the database in its own words, without the statement and its values; None where it is none."""
    # After the failure: the light commands know no database, and loading its library takes a while.
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return None
    reason = str(error.orig).strip().partition("\n")[0]
    return f"the archive cannot be used: {reason}; check the database and its disk"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chapterwatch")
@click.option("-v", "--verbose", is_flag=True, help="Log each step (ids and counts only).")
def chapterwatch(*, verbose: bool) -> None:
    """Audit the official social-media accounts of an association's chapters against its own policy."""
    logging.basicConfig(format="%(asctime)s %(name)s %(message)s", level=logging.WARNING)
    if os.environ.get("CHAPTERWATCH_LOG") == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(logs.AsJson())
    logs.install(logging.INFO if verbose else logging.WARNING)


CHAPTERS = click.option("--chapter", "chapters", multiple=True, help="Only this chapter (may be repeated).")
