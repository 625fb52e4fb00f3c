"""`check-connectors` run over what a page shows, against an invented server: the output the page prints."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from chapterwatch.archive import Archive
from chapterwatch.cli import chapterwatch
from docs_build import loopback
from docs_build.example import Example, save

#: The day of the examples; ends of tokens are told against it.
TODAY = "2026-11-02T09:00:00Z"
#: Of Chapterwatch's settings only the day is set: everything else is where a fresh folder has it.
_ENVIRONMENT: dict[str, str | None] = {
    **{name: None for name in os.environ if name.startswith("CHAPTERWATCH_")},
    "CHAPTERWATCH_NOW": TODAY,
    "COLUMNS": "200",
}
_FIRST = (
    "registry lint",
    "check-connectors",
    "collect",
    "audit",
    "findings",
    "publish 2026-10 --preview look",
)


def works(example: Example) -> str:
    """The command and its output where the platform lets us in."""
    return _ran(example, refused=False)


def refused(example: Example) -> str:
    """The same where it does not."""
    return _ran(example, refused=True)


def first_report(example: Example) -> str:
    """From a registry and a connection to a look at the month's report."""
    return _as_text(example, _FIRST, refused=False)


def _ran(example: Example, *, refused: bool) -> str:
    key = f"{example.account['platform']}:{example.account['native_id']}"
    return _as_text(example, [f"check-connectors --account {key}"], refused=refused)


def _as_text(example: Example, commands: Sequence[str], *, refused: bool) -> str:
    with loopback.serving(example.account["platform"], refused=refused) as url, tempfile.TemporaryDirectory() as place:
        save(Path(place), example, url)
        _furnish(Path(place))
        with chdir(place):
            said = [f"$ chapterwatch {command}\n{_output(command)}" for command in commands]
    return "```console\n{}\n```".format("\n".join(said))


@cache
def _empty_archive() -> bytes:
    """An archive with nothing in it: made once, for making one takes longer than all the rest."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "archive.sqlite"
        Archive.open(f"sqlite:///{file}").close()
        return file.read_bytes()


def _furnish(folder: Path) -> None:
    home = folder / ".chapterwatch"
    home.mkdir()
    (home / "archive.sqlite").write_bytes(_empty_archive())


def _output(command: str) -> str:
    result = CliRunner().invoke(chapterwatch, command.split(), env=_ENVIRONMENT)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return _trimmed(result.output)


def _trimmed(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.strip().splitlines())
