"""Fixtures of the pipeline's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.world import ScriptedX, World, serving, workplace_in


@pytest.fixture
def scripted_x() -> Iterator[ScriptedX]:
    with serving(ScriptedX()) as running:
        yield running


@pytest.fixture
def world(database_url: str, scripted_x: ScriptedX, tmp_path: Path) -> Iterator[World]:
    """The three chapters with an empty archive, once on SQLite and once on PostgreSQL."""
    made = World(workplace_in(tmp_path, database_url, scripted_x.url), scripted_x)
    yield made
    made.archive.close()


@pytest.fixture
def light(migrated_sqlite: Path, scripted_x: ScriptedX, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite alone, where the database plays no part in the rule."""
    path = tmp_path / "archive.sqlite"
    shutil.copy(migrated_sqlite, path)
    made = World(workplace_in(tmp_path, f"sqlite:///{path}", scripted_x.url), scripted_x)
    yield made
    made.archive.close()
