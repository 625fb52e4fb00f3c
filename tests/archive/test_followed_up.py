"""What asking again says of findings people decided about: verified as mended, or opened again, once."""

from __future__ import annotations

from typing import Any

import pytest

from chapterwatch.model import RE_FETCH, Coverage, DispositionState, Seen, Window

from .conftest import KEY, NIGHT, Shelf, finding, night, post


def found(shelf: Shelf, number: int, **changes: Any) -> None:
    """The nth night's audit finds the one finding so."""
    shelf.archive.save_findings([finding(**changes)], at=night(number))


def mended(shelf: Shelf, number: int) -> None:
    """The nth night's audit finds that the words are gone."""
    found(shelf, number, closed_at=night(number), closed_by="edited")


def decided(shelf: Shelf, state: str, number: int) -> None:
    """Somebody decides on the day before the nth night, eight hours after the night before it."""
    at = night(number) - (night(1) - night(0)) * 2 / 3
    shelf.archive.add_disposition("f1", DispositionState(state), "", "officer", at, "president")


def followed(shelf: Shelf, number: int) -> list[str]:
    """What was decided about the finding, by whomever, after the nth night's audit closed."""
    shelf.archive.follow_up([KEY], night(number))
    return [item.state.value for item in shelf.archive.dispositions(["f1"]).get("f1", ())]


@pytest.mark.parametrize("state", ["confirmed", "sent_to_owner", "owner_says_fixed"])
def test_what_ended_after_somebody_asked_for_it_is_verified_once(shelf: Shelf, state: str) -> None:
    """However often it is looked at afterwards."""
    found(shelf, 0)
    decided(shelf, state, 1)
    assert [state] == followed(shelf, 0)
    mended(shelf, 1)

    assert [[state, "verified"]] * 2 == [followed(shelf, number) for number in (1, 2)]
    assert [(RE_FETCH, RE_FETCH)] == [
        (item.author, item.author_role) for item in shelf.archive.dispositions(["f1"])["f1"][1:]
    ]


def test_a_word_that_counts_from_later_on_waits_for_the_next_night(shelf: Shelf) -> None:
    """A reply counts from noon of its day, and may be entered before; it is followed up once all the same."""
    mended(shelf, 1)
    decided(shelf, "owner_says_fixed", 2)
    assert ["owner_says_fixed"] == followed(shelf, 1)

    assert [["owner_says_fixed", "verified"]] * 2 == [followed(shelf, number) for number in (2, 3)]


@pytest.mark.parametrize("state", ["false_positive", "accepted_risk", "duplicate", "closed", "reopened"])
def test_what_nobody_waits_for_is_not_verified(shelf: Shelf, state: str) -> None:
    """The near-misses: somebody decided that nothing is to be mended, or asked for it before it came back."""
    found(shelf, 0)
    decided(shelf, state, 1)
    mended(shelf, 1)

    assert [state] == followed(shelf, 1)


def test_what_nobody_decided_or_no_rule_finds_is_not_verified(shelf: Shelf) -> None:
    """A finding nobody looked at is mended, not verified; one that is withdrawn was mended by nobody."""
    mended(shelf, 1)
    assert [] == followed(shelf, 1)
    decided(shelf, "confirmed", 2)
    shelf.archive.retire_findings(["f1"], night(2))

    assert ["confirmed"] == followed(shelf, 2)


def test_words_seen_after_they_were_said_to_be_fixed_open_again_once(shelf: Shelf) -> None:
    """Nobody is contradicted before somebody looked; a second word may be wrong again."""
    shelf.show(0, post())
    found(shelf, 0)
    decided(shelf, "owner_says_fixed", 1)
    assert ["owner_says_fixed"] == followed(shelf, 0)
    shelf.show(1, post())
    once = ["owner_says_fixed", "reopened"]
    assert [once, once] == [followed(shelf, number) for number in (1, 2)]
    decided(shelf, "owner_says_fixed", 3)
    shelf.show(3, post())

    assert [*once, *once] == followed(shelf, 3)


@pytest.mark.parametrize("state", ["confirmed", "sent_to_owner"])
def test_what_nobody_called_fixed_is_not_opened_again(shelf: Shelf, state: str) -> None:
    """It is still open."""
    found(shelf, 0)
    decided(shelf, state, 1)
    shelf.show(1, post())

    assert [state] == followed(shelf, 1)


def test_what_was_verified_and_stands_again_is_opened_again(shelf: Shelf) -> None:
    """Settled findings wake nobody, so words that came back must not stay settled."""
    found(shelf, 0)
    decided(shelf, "confirmed", 1)
    mended(shelf, 1)
    followed(shelf, 1)
    shelf.show(2, post())
    found(shelf, 2)

    assert ["confirmed", "verified", "reopened"] == followed(shelf, 2)


@pytest.mark.parametrize(("seen", "expected"), [(Seen.SEEN, ["owner_says_fixed", "reopened"]),
                                                (Seen.UNKNOWN, ["owner_says_fixed"])])  # fmt: skip
def test_a_profile_is_seen_by_the_run_that_asked_for_it(shelf: Shelf, seen: Seen, expected: list[str]) -> None:
    """One that stayed the same leaves no new capture; one that could not be looked at says nothing."""
    found(shelf, 0, subject_kind="profile", subject_id="2001", field="bio")
    decided(shelf, "owner_says_fixed", 1)
    row = Coverage(
        run_id="night-1", account_key=KEY, asked="profile", seen=seen, reason=None, detail="",
        window=Window(since=NIGHT, until=night(1)), at=night(1),
    )  # fmt: skip
    shelf.archive.start_run("night-1", "nightly", "2026-10-02", night(1))
    shelf.archive.add_coverage([row])

    assert expected == followed(shelf, 1)
