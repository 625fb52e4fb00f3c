"""Records kept aside, as whoever has to mend them sees them."""

from __future__ import annotations

import csv
import io

import pytest

from tests.pipeline.world import LIST, World
from tests.ran import Ran, ran

TABLE = "id,created_at,text\n1,2026-10-01T10:00:00Z,Welcome\n2,2026-10-02T10:00:00Z,Thanks\n"


def listed(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *more: str) -> Ran:
    settings = world.workplace.settings
    for name, value in {"HOME": settings.home, "REGISTRY": settings.registry, "DATABASE": settings.database}.items():
        monkeypatch.setenv(f"CHAPTERWATCH_{name}", str(value))
    return ran(capsys, ["archive", "aside", *more])


def test_nothing_is_listed_where_all_was_read(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 0, and the headings alone."""
    world.drop("a.csv", TABLE)
    world.collect(0, LIST)
    done = listed(world, monkeypatch, capsys, "--format", "csv")

    assert (0, []) == (done.status, done.rows)


def test_a_record_kept_aside_is_told_with_its_place_and_reason_and_without_its_words(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever keeps the table finds the line; nobody reads a post on the way."""
    world.drop("a.csv", TABLE + "3,,A secret without a time\n")
    world.collect(0, LIST)
    done = listed(world, monkeypatch, capsys, "--format", "csv")
    [row] = csv.DictReader(io.StringIO(done.out))

    assert 1 == done.status
    assert (LIST, "a.csv:4", "True") == (row["account"], row["place"], row["kept"])
    assert row["reason"]
    assert "secret" not in done.out + done.err


def test_only_the_accounts_of_a_chapter_that_is_named_are_listed(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a chapter nobody knows is a mistake."""
    world.drop("a.csv", TABLE + "3,,No time\n")
    world.collect(0, LIST)

    assert 1 == listed(world, monkeypatch, capsys, "--chapter", "ala-lakeside").status
    assert 0 == listed(world, monkeypatch, capsys, "--chapter", "ala-harbor").status
    assert 2 == listed(world, monkeypatch, capsys, "--chapter", "ala-nowhere").status
