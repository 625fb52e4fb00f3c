"""The rules of the house that a program can hold: which room may import which, and how code is written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[1]
PROGRAMS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "asked", [("lint-imports", "--no-cache"), ("ruff", "check", "."), ("ruff", "format", "--check", ".")]
)
def test_house_rules_are_kept(asked: tuple[str, ...]) -> None:
    """A check that imports a connector, or a line nobody formatted, is told by whoever runs the tests."""
    told = subprocess.run([PROGRAMS / asked[0], *asked[1:]], cwd=REPO, capture_output=True, text=True, check=False)
    assert (0, "") == (told.returncode, "" if told.returncode == 0 else told.stdout + told.stderr)
