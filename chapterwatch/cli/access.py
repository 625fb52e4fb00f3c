"""Whether platforms let us in, and until when."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from chapterwatch.cli.root import chapterwatch
from chapterwatch.cli.terminal import (
    FOUND,
    counted,
    open_workplace,
    out,
    print_mailed,
    print_table,
    progress,
    write_text,
)


@chapterwatch.command("check-connectors")
@click.option("--account", "keys", multiple=True, help="Only this account (may be repeated).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--write-docs", type=click.Path(path_type=Path), help="Write docs/connectors.md here and ask nobody.")
def check_connectors(keys: tuple[str, ...], *, as_json: bool, write_docs: Path | None) -> None:
    """Check every connector and each account's access.

    Asks each account's platform whether it lets us in, until when, and under which handle; a paid read per account on
    X. Exit status 1 where something needs a person.
    """
    if write_docs is not None:
        from connectors import docs

        write_text(write_docs, docs.text())
        return
    from chapterwatch import pipeline

    workplace = open_workplace()
    with progress("asking accounts", len(keys) or len(workplace.registry.accounts)) as step:
        done = pipeline.check_connectors(workplace, keys, on_account=step)
    if as_json:
        click.echo(json.dumps(done.as_record(), indent=2, ensure_ascii=False))
    else:
        _print_checked(done)
    if done.needs_a_person:
        sys.exit(FOUND)


def _print_checked(done: Any) -> None:
    wrong = [(name, fault) for name, faults in done.problems.items() for fault in faults]
    wrong += [(item.platform, f"version {item.version} ends on {item.ends}") for item in done.sunsets]
    if wrong:
        print_table(("connector", "to mend"), wrong, marked=range(len(wrong)))
        out.print()
    rows = [
        (
            item.account.key,
            item.state.replace("_", " "),
            f"{item.expires} ({item.expires_by})" if item.expires else "",
            item.handle or "",
            "; ".join(item.matters) or item.note,
        )
        for item in done.accounts
    ]
    marked = {number for number, item in enumerate(done.accounts) if item.matters}
    print_table(("account", "access", "ends", "handle", "note"), rows, marked=marked)
    out.print(
        f"\n{counted(len(done.accounts), 'account')}: {len(marked)} need a person; "
        f"{counted(len(wrong), 'matter')} of connectors"
    )


@chapterwatch.group()
def access() -> None:
    """Access to the platforms and its ends."""


@access.command("warn")
def access_warn() -> None:
    """Mail warnings of access that is about to end, each once."""
    from chapterwatch import pipeline

    workplace = open_workplace()
    since = workplace.now
    print_mailed(workplace, pipeline.warn_of_access(workplace), since)
