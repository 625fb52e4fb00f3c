"""Edits and deletions (ALA-13 to ALA-15, ALA-17): cosmetic or altered, marked or silent."""

# ruff: noqa: E501 - lists of marks.

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.edits import find_changes, find_marks, new_marks
from checks.engine import run_case

PACK = load_pack("ala")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("see you their", "see you there"),
        ("Meeting at 6 pm", "Meeting at 6pm"),
        ("Thanks to Ana", "Thanks to Anna"),
        ("organisation color", "organization colour"),
        ("Hello world", "HELLO, world!!! 🎉"),
        ("Great talk", "Great talk #law https://a.example/x"),
        ("It's here", "Its here"),
        ("We love our sponsor", "We love our sponsors"),
        ("", ""),
    ],
)
def test_cosmetic_edits_change_nothing(before: str, after: str) -> None:
    """Typing errors, punctuation, case, emoji, links and hashtags do not alter what a post says."""
    assert [] == find_changes(before, after)


@pytest.mark.parametrize(
    ("before", "after", "quoted"),
    [
        ("Meeting at 6 pm", "Meeting at 7 pm", "7"),
        ("Meet on Monday", "Meet on Sunday", "Sunday"),
        ("It is free", "It is not free", "not"),
        ("Come to Lakeside", "Come to Oakdale", "Oakdale"),
        ("10 members", "eleven members", "eleven"),
        ("The hall is open", "The hall is closed", "closed"),
        ("Guests are not welcome", "Guests are welcome", "welcome"),
    ],
)
def test_alterations_are_quoted_from_the_new_text(before: str, after: str, quoted: str) -> None:
    """Numbers, days, names and words that turn the meaning are found where they stand now."""
    assert [quoted] == [after[change.start : change.end] for change in find_changes(before, after)]


def test_a_removed_text_is_a_change_of_an_empty_text() -> None:
    """When every word is taken out there is nothing to quote, and still it is an alteration."""
    assert [(0, 0)] == [(change.start, change.end) for change in find_changes("Cancelled", "")]


@pytest.mark.parametrize(
    "text",
    ["What is your ETA today?", "edit your profile", "a corrections officer", "She edited a book", "update your dues"],
)
def test_words_of_editing_are_not_marks(text: str) -> None:
    """A mark stands by itself; the same words in a sentence mark nothing."""
    assert [] == find_marks(text)


@pytest.mark.parametrize(
    "text",
    [
        "EDIT: x", "(edited)", "[Update] x", "UPDATED 10/12: x", "Edit 2: x", "Update (5 pm): moved", "Corrected the time",
        "Korrektur: x", "MAJ : x", "Mise à jour : x", "Aggiornamento: x", "Editado: x", "~~Tuesday~~ Thursday", "T̶u̶e̶s̶ Thursday",
    ],
)  # fmt: skip
def test_marks_are_known_in_many_forms(text: str) -> None:
    """English, Spanish, French, German and Italian marks and struck-out words say openly what was altered."""
    assert 1 <= len(new_marks("before", text))


def test_a_mark_that_stood_there_before_marks_nothing_new() -> None:
    """Only a fresh mark answers for a fresh change."""
    assert [] == new_marks("EDIT: Monday", "EDIT: Tuesday")
    assert [(14, 19)] == new_marks("EDIT: Monday", "EDIT: Monday. EDIT: no, Tuesday"[:31])


def test_a_long_rewrite_is_one_change_and_does_not_take_minutes() -> None:
    """Two long texts without a common beginning are compared within bounds and still found to differ."""
    before = " ".join(f"alpha{number}" for number in range(8000))
    after = " ".join(f"omega{number}" for number in range(8000))
    assert 1 == len(find_changes(before, after))


@pytest.mark.parametrize("screened", [True, False])
@pytest.mark.parametrize(
    ("rule", "unshown", "reason"),
    [
        ("ala.silent_edit", ["edits"], "edits_not_shown"),
        ("ala.silent_edit", ["deletions", "pictures"], None),
        ("ala.credit.marked_change", ["edits"], "edits_not_shown"),
        ("ala.credit.quick_correction", ["edits"], "edits_not_shown"),
        ("ala.late_correction", ["edits"], "edits_not_shown"),
        ("ala.deletion", ["deletions"], "deletions_not_shown"),
        ("ala.deletion", ["edits"], None),
    ],
)
def test_none_is_said_only_where_one_would_show(
    rule: str, unshown: list[str], reason: str | None, screened: bool
) -> None:
    """An export without a sign of edits or deletions: nobody knows whether there were any."""
    case = Case(clean="See you there", given={"unshown": unshown})
    assert reason == run_case(PACK, PACK.rules[rule], case, screened=screened).not_judged


def test_what_is_known_is_judged_wherever_it_was_read() -> None:
    """An edit between two exports, a deletion told by one: what did show is no gap."""
    edited = {"previous_text": "Meeting at 6 pm", "unshown": ["deletions", "edits"]}
    assert run_case(PACK, PACK.rules["ala.silent_edit"], Case(breach="Meeting at 7 pm", given=edited)).verdict is True
    gone = {"state": "deleted", "unshown": ["deletions", "edits"]}
    assert run_case(PACK, PACK.rules["ala.deletion"], Case(breach="See you", given=gone)).verdict is True


@pytest.mark.parametrize(
    ("state", "expected"), [("present", False), ("hidden", False), ("cannot_tell", None), ("deleted", True)]
)
def test_a_deletion_is_found_only_when_it_is_known(state: str, expected: bool | None) -> None:
    """Where the platform cannot tell, the answer is "not judged"; hidden is not deleted."""
    result = run_case(PACK, PACK.rules["ala.deletion"], Case(clean="See you", given={"state": state}))
    assert expected is result.verdict
