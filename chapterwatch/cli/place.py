"""Where an installed Chapterwatch has what others need to be told of."""

from __future__ import annotations

from pathlib import Path

import click

import chapterwatch as package
from chapterwatch.cli.root import chapterwatch
from chapterwatch.errors import UserError


@chapterwatch.command("dags-folder")
def dags_folder() -> None:
    """Print the folder of the DAGs, for Airflow's settings.

    As AIRFLOW__CORE__DAGS_FOLDER, or as the path of a DAG bundle beside your own DAGs.
    """
    folder = Path(package.__file__).resolve().parent.parent / "dags"
    if not (folder / "collect_posts.py").is_file():
        raise UserError(f"there are no DAGs in {folder}; install Chapterwatch again")
    click.echo(folder)
