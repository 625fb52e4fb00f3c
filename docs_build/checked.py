"""`check-connectors` run over what a page shows, against an invented server: the output the page prints."""

from __future__ import annotations

import tempfile
from pathlib import Path

from click.testing import CliRunner

from chapterwatch.cli import chapterwatch
from docs_build import loopback
from docs_build.example import Example, save

#: The day of the examples; ends of tokens are told against it.
TODAY = "2026-11-02T09:00:00Z"


def works(example: Example) -> str:
    """The command and its output where the platform lets us in."""
    return _ran(example, refused=False)


def refused(example: Example) -> str:
    """The same where it does not."""
    return _ran(example, refused=True)


def _ran(example: Example, *, refused: bool) -> str:
    account = example.account
    key = f"{account['platform']}:{account['native_id']}"
    command = ["check-connectors", "--account", key]
    with loopback.serving(account["platform"], refused=refused) as url, tempfile.TemporaryDirectory() as folder:
        save(Path(folder), example, url)
        result = CliRunner().invoke(chapterwatch, command, env=_environment(Path(folder)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return f"```console\n$ chapterwatch {' '.join(command)}\n{_trimmed(result.output)}\n```"


def _environment(folder: Path) -> dict[str, str | None]:
    return {
        "CHAPTERWATCH_HOME": str(folder),
        "CHAPTERWATCH_REGISTRY": str(folder / "config" / "chapters.yml"),
        "CHAPTERWATCH_CONNECTIONS": str(folder / "config" / "connections.yml"),
        "CHAPTERWATCH_DATABASE": None,
        "CHAPTERWATCH_POLICIES": None,
        "CHAPTERWATCH_NOW": TODAY,
        "COLUMNS": "200",
    }


def _trimmed(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.strip().splitlines())
