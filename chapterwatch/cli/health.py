"""How everything stands, for whoever keeps it running."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from chapterwatch import metrics
from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import FOUND, open_workplace, out, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chapterwatch.pipeline.health import Check


@chapterwatch.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--prometheus", is_flag=True, help="Print the gauges for Prometheus' textfile collector.")
def health(*, as_json: bool, prometheus: bool) -> None:
    """Say how everything stands, and what needs a person.

    Looked at are nights, accounts, tokens, suppressions, reports, mails, archive and disk.

    Asks no platform. Each line is named as its section in docs/operate.md. Exit status 1 where something needs a
    person; with --prometheus 0, for there the alerts say so.
    """
    from chapterwatch import pipeline

    kept = metrics.Kept()
    with metrics.sent_to(kept):
        checks = pipeline.check_health(open_workplace(makes_archive=False))
    wrong = [check for check in checks if not check.ok]
    if prometheus:
        click.echo(kept.prometheus(), nl=False)
        return
    if as_json:
        click.echo(json.dumps({"ok": not wrong, "checks": [check.as_record() for check in checks]}, indent=2))
    else:
        _print(checks)
    if wrong:
        sys.exit(FOUND)


def _print(checks: Sequence[Check]) -> None:
    from chapterwatch.pipeline.health import LISTED

    marked = {number for number, check in enumerate(checks) if not check.ok}
    rows = [("ok" if check.ok else "TO DO", check.id, check.says) for check in checks]
    print_table(("", "check", "how it stands"), rows, marked=marked)
    for check in checks:
        if check.cases:
            out.print(f"\n{check.id}:")
            for case in check.cases[:LISTED]:
                out.print(f"  {case}")
            if len(check.cases) > LISTED:
                out.print(f"  and {len(check.cases) - LISTED} more: chapterwatch health --json")
    out.print(f"\n{len(marked)} of {len(checks)} need a person" + (": see docs/operate.md" if marked else ""))
