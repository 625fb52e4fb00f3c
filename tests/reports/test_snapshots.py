"""Whole views as they read, kept in files. Run with `UPDATE_SNAPSHOTS=1` this file writes them anew.

A change of words or numbers shows as a difference between two readable files; whoever makes it reads that difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from reports.facts import ChapterInputs
from reports.view import build_chapter
from tests.reports.factory import X, answered, full, lakeside, quiet

SNAPSHOTS = Path(__file__).parent / "snapshots"


CASES: Mapping[str, Callable[[], ChapterInputs]] = {
    "full": full,
    "clear": lambda: quiet(answers=answered(X)),
    "nothing-seen": lambda: quiet(coverage=(), posts_by_month={}),
    "reference": lambda: lakeside(pack=replace(lakeside().pack, excerpts="reference")),
}


def readable(value: Any) -> Any:
    """A view as JSON holds it, without what is empty; a month's days as runs: "seen 11, unknown 20"."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((one.name, readable(getattr(value, one.name))) for one in fields(value))
        return {name: kept for name, kept in pairs if kept not in ("", None, [], {}, False)}
    if isinstance(value, tuple) and value and all(day in ("seen", "partial", "unknown", "not_asked") for day in value):
        return ", ".join(f"{state} {value.count(state)}" for state in dict.fromkeys(value))
    if isinstance(value, tuple | list):
        return [readable(one) for one in value]
    return value.value if isinstance(value, Enum) else value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", CASES)
def test_the_view_reads_as_it_did(name: str) -> None:
    """Every sentence, number and order of a chapter's view is the one that was last read by a person."""
    view = readable(build_chapter(CASES[name]()))
    said = json.dumps(view, ensure_ascii=False, indent=1) + "\n"
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(said, encoding="utf-8")

    assert file.read_text(encoding="utf-8") == said


def test_every_snapshot_is_of_a_case() -> None:
    """A file nobody compares to says nothing."""
    assert sorted(CASES) == sorted(file.stem for file in SNAPSHOTS.glob("*.json"))
