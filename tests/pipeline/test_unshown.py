"""A road that never shows pictures, edits or deletions lets no rule about them answer "clean"."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapterwatch.archive import Archive
from chapterwatch.model import Unshown
from chapterwatch.pipeline import roads, steps
from chapterwatch.pipeline.inputs import Issue, chapter_inputs
from chapterwatch.policy import load_pack

from .world import LAKESIDE, LIST, MONTH, MONTH_END, World, night, post

PICTURES, EDITS, DELETIONS = "ala.picture_threat", "ala.silent_edit", "ala.deletion"
BARE = "id,created_at,text\n1,2026-10-05T09:30:00Z,Our meeting is on Thursday.\n"
TOLD = (
    "id,created_at,text,media_alt,edited_at,deleted_at\n"
    "1,2026-10-05T09:30:00Z,Our meeting is on Thursday.,,,\n"
    "2,2026-10-05T10:30:00Z,Our dinner is on Friday.,,,\n"
)


def reasons(archive: Archive, key: str = LIST) -> dict[str, dict[str, int]]:
    """Why some rules could not judge an account, and how often."""
    tallies = archive.latest_tallies([key])
    return {row.rule_id: dict(row.reasons) for row in tallies if row.rule_id in (PICTURES, EDITS, DELETIONS)}


def unshown(world: World, key: str = LIST) -> tuple[str, ...]:
    """What the month's report says never shows in what was read of an account."""
    registry = world.workplace.registry
    chapter, association = registry.chapter("ala-lakeside"), registry.association("ala")
    issue = Issue(revision=1, reason=None, issued_at=MONTH_END)
    inputs = chapter_inputs(world.archive, association, chapter, load_pack("ala"), MONTH, issue)
    return inputs.unshown.get(key, ())


def read(world: World, body: str) -> None:
    """A table is imported by hand and judged."""
    world.at(night(3))
    path = Path(world.home) / "posts.csv"
    path.write_text(body, encoding="utf-8")
    steps.import_file(world.workplace, world.workplace.registry.account(LIST), path, None)
    world.audit(night(3))


def test_a_bare_table_shows_none_of_them(light: World) -> None:
    """Nobody can read off three columns that there was no picture, no edit and no deletion."""
    read(light, BARE)
    assert {
        PICTURES: {"pictures_not_shown": 1},
        EDITS: {"edits_not_shown": 1},
        DELETIONS: {"deletions_not_shown": 1},
    } == reasons(light.archive)
    assert ("pictures", "edits", "deletions") == unshown(light)


def test_a_table_with_the_columns_does(light: World) -> None:
    """An empty cell under a column for it is an answer."""
    read(light, TOLD)
    assert {PICTURES: {}, EDITS: {}, DELETIONS: {}} == reasons(light.archive)
    assert () == unshown(light)


def test_an_edit_between_two_tables_is_judged(light: World) -> None:
    """Where a later table has another text, an edit did show."""
    read(light, BARE)
    read(light, BARE.replace("Thursday", "Friday"))
    assert {} == reasons(light.archive)[EDITS]


def test_live_posts_are_judged_as_ever(light: World) -> None:
    """A platform that shows all three leaves no gap."""
    light.x.shows("2001", "7", "Our meeting is on Thursday.", night(0))
    light.collect(1)
    light.audit(night(1))
    assert {PICTURES: {}, EDITS: {}, DELETIONS: {}} == reasons(light.archive, LAKESIDE)


def test_what_was_kept_before_is_taken_for_its_accounts_road(light: World) -> None:
    """An archive from before roads were noted: an export of three columns showed no more then than it does now."""
    light.store(LIST, post("1", "Our meeting is on Thursday.", night(0)), at=night(0))
    light.store(LAKESIDE, post("2", "Our meeting is on Thursday.", night(0)), at=night(0))
    light.audit(night(1))
    assert {"edits_not_shown": 1} == reasons(light.archive)[EDITS]
    assert {} == reasons(light.archive, LAKESIDE)[EDITS]


@pytest.mark.parametrize(
    ("key", "expected"), [(LAKESIDE, frozenset()), (LIST, frozenset(one.value for one in Unshown))]
)
def test_the_registry_names_the_road(light: World, key: str, expected: frozenset[str]) -> None:
    """By the account's way in and, of exports, by their format."""
    assert expected == roads.unshown_of(light.workplace.registry.account(key))
