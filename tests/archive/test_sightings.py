"""What no road showed of a content: seen by several roads, it is what was really seen of it."""

from __future__ import annotations

from typing import Any

import pytest

from chapterwatch.model import Page, PostReading, Unshown

from .conftest import KEY, Shelf, night, post, profile

LIVE: frozenset[Unshown] = frozenset()
EXPORT = frozenset(Unshown)


def see(shelf: Shelf, number: int, reading: PostReading, unshown: frozenset[Unshown] | None) -> None:
    shelf.archive.record_page(
        KEY,
        Page(posts=(reading,)),
        run_id=f"night-{number}",
        captured_at=night(number),
        connector="test 1",
        unshown=unshown,
    )


def unshown(shelf: Shelf) -> list[Any]:
    return list(shelf.archive.posts_frame()["unshown"])


@pytest.mark.parametrize("roads", [(LIVE, EXPORT), (EXPORT, LIVE), (EXPORT, LIVE, EXPORT)])
def test_what_one_road_showed_was_seen(shelf: Shelf, roads: tuple[frozenset[Unshown], ...]) -> None:
    """In any order, also where the content was known already and no capture is written."""
    for number, road in enumerate(roads):
        see(shelf, number, post("1"), road)
    assert [()] == unshown(shelf)


def test_what_no_road_shows_was_not(shelf: Shelf) -> None:
    """An export alone, read twice, shows no more for it."""
    see(shelf, 0, post("1"), EXPORT)
    see(shelf, 1, post("1"), EXPORT)
    assert [("deletions", "edits", "pictures")] == unshown(shelf)


def test_two_roads_add_up(shelf: Shelf) -> None:
    """One shows edits, another pictures; deletions neither."""
    see(shelf, 0, post("1"), EXPORT - {Unshown.EDITS})
    see(shelf, 1, post("1"), EXPORT - {Unshown.PICTURES})
    assert [("deletions",)] == unshown(shelf)


def test_pictures_are_a_contents_own_and_edits_the_posts(shelf: Shelf) -> None:
    """What an export showed may have had a picture, though a later text was seen live; the post's history was seen."""
    see(shelf, 0, post("1", "A"), EXPORT)
    see(shelf, 1, post("1", "B"), LIVE)
    assert [("pictures",), ()] == unshown(shelf)


def test_another_post_says_nothing_of_this_one(shelf: Shelf) -> None:
    """Live posts beside an export's leave it as it is."""
    see(shelf, 0, post("1"), EXPORT)
    see(shelf, 0, post("2"), LIVE)
    assert [("deletions", "edits", "pictures"), ()] == unshown(shelf)


def test_a_record_may_show_more_than_its_road(shelf: Shelf) -> None:
    """A table with a column of edits shows edits."""
    see(shelf, 0, post("1", shows=frozenset({Unshown.EDITS})), EXPORT)
    assert [("deletions", "pictures")] == unshown(shelf)


def test_of_older_readings_nothing_is_known(shelf: Shelf) -> None:
    """What was kept before roads were noted says so, until it is read again."""
    see(shelf, 0, post("1"), None)
    assert [None] == unshown(shelf)
    see(shelf, 1, post("1"), EXPORT)
    assert [("deletions", "edits", "pictures")] == unshown(shelf)


def test_a_profile_by_an_export_shows_no_picture(shelf: Shelf) -> None:
    """Until the same profile is read by a road that shows its pictures."""
    for number, road in enumerate((EXPORT, EXPORT, LIVE)):
        shelf.archive.record_profile(
            KEY, profile(), run_id=f"n{number}", captured_at=night(number), connector="test 1", unshown=road
        )
        expected = () if road == LIVE else ("pictures",)
        assert [expected] == list(shelf.archive.profiles_frame()["unshown"])


def test_an_erased_body_leaves_its_sightings(shelf: Shelf) -> None:
    """They name a capture and no content, and another reading of the post goes on from them."""
    see(shelf, 0, post("1"), EXPORT)
    shelf.archive.erase_body(KEY, "1", reason="asked for", author="hq", at=night(1))
    assert [("deletions", "edits", "pictures")] == list(shelf.archive.posts_frame(erased=True)["unshown"])
