"""Write the made parts of docs/ anew, or with --check say which are out of date (exit status 1)."""

from __future__ import annotations

import sys

import click

from docs_build.pages import made, stale


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 where a page is out of date.")
def main(*, check: bool) -> None:
    """Write the made parts of docs/ anew."""
    late = stale()
    for path in late:
        click.echo(f"{path}: out of date" if check else f"{path}: written")
        if not check:
            path.write_text(made(path), encoding="utf-8")
    if check and late:
        sys.exit(1)


main()
