"""Evidence: one finding as a file that proves itself, and the check of such a file."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from chapterwatch import evidence_check
from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import FOUND, counted, open_workplace, out, write_private
from chapterwatch.errors import UserError


@chapterwatch.group()
def evidence() -> None:
    """One finding's evidence, for whoever has no archive."""


@evidence.command("take")
@click.argument("finding")
@click.option("--to", "target", type=click.Path(path_type=Path), help="The new file [default: evidence-FINDING.zip].")
@click.option("--by", required=True, help="Who takes it, as the log keeps it.")
@click.option("--why", required=True, help="Why, as the log and the file itself keep it.")
def evidence_take(finding: str, target: Path | None, by: str, why: str) -> None:
    """Write the evidence of FINDING into a ZIP file.

    FINDING is its key in a report. The file holds what was captured to the byte, its pictures, the finding with its
    clause, and the chain of hashes up to the seals that reports print. It holds words unmasked: it can be read by you
    alone, and taking it stands in the log.
    """
    from chapterwatch import pipeline

    file = target or Path(f"evidence-{finding.strip()}.zip")
    if file.exists():
        raise UserError(f"{file} is there already; name a new file with --to")
    taken = pipeline.take_evidence(open_workplace(makes_archive=False), finding, by=by, why=why)
    write_private(file, taken.packed)
    erased = f", {taken.erased} erased" if taken.erased else ""
    out.print(f"{file}: {counted(taken.captures, 'capture')}{erased}, {counted(taken.pictures, 'picture')}")
    reports = counted(taken.reports, "issued report") if taken.reports else "no report yet"
    out.print(f"committed to by {reports}; check it with: chapterwatch evidence verify {shlex.quote(str(file))}")


@evidence.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def evidence_verify(file: Path) -> None:
    """Check that nothing in an evidence FILE was changed.

    Asks no archive. Prints the seal that each report has to have printed; exit status 1 where something is wrong.
    """
    try:
        for line in evidence_check.check(evidence_check.opened(file)):
            out.print(line)
    except evidence_check.Changed as error:
        out.print(f"DOES NOT HOLD: {error}")
        sys.exit(FOUND)
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror}); check the path") from error
    out.print(evidence_check.HOLDS)
