"""A command of the command line, run in this process."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from chapterwatch import cli


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """The printed CSV, as read."""
        return list(csv.DictReader(io.StringIO(self.out)))


def ran(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> Ran:
    """Run a command; what was printed before it is forgotten."""
    capsys.readouterr()
    try:
        cli.main(arguments)
        status = 0
    except SystemExit as stop:
        status = int(stop.code or 0)
    seen = capsys.readouterr()
    return Ran(status, seen.out, seen.err)
