"""Disappearance: two confirmations, coming back, and the order of things playing no part."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from chapterwatch.archive import Archive, tables
from chapterwatch.archive.chain import GENESIS
from chapterwatch.archive.states import Absence, standing_of
from chapterwatch.model import Access, Missing, Page, PostState, Window

from .conftest import KEY, NIGHT, Shelf, account, night, post

ALWAYS = Window(since=night(-400), until=night(400))


def test_one_miss_cannot_tell(shelf: Shelf) -> None:
    """One answer without a post is no deletion, and ends nothing."""
    shelf.show(0, post("1"))
    shelf.miss(1, "1")

    assert {"1": "cannot_tell"} == shelf.states()
    assert shelf.archive.posts_frame()["valid_until"].isna().all()
    assert [1] == [known.absences for known in shelf.archive.known_posts(KEY, ALWAYS)]


def test_a_retried_run_does_not_confirm_itself(shelf: Shelf) -> None:
    """The same run twice is one witness, and so are two runs of one UTC day."""
    shelf.show(0, post("1"), post("2"))
    shelf.miss(1, "1", "2")
    shelf.miss(2, "1", run_id="night-1")
    shelf.archive.record_absences(
        KEY, ["2"], run_id="adhoc", at=night(1) + timedelta(hours=9), certainty="gone", detail="not in the listing"
    )

    assert {"1": "cannot_tell", "2": "cannot_tell"} == shelf.states()


def test_two_nights_make_a_deletion_of_the_first(shelf: Shelf) -> None:
    """Runs of two days agree: deleted, as of the first that missed it."""
    shelf.show(0, post("1"))
    shelf.miss(1, "1")
    shelf.miss(2, "1")

    assert {"1": "deleted"} == shelf.states()
    assert [night(1)] == list(shelf.archive.posts_frame()["valid_until"])


def test_what_cannot_be_told_never_becomes_deleted(shelf: Shelf) -> None:
    """However many nights: without one that says gone there is no deletion."""
    shelf.show(0, post("1"))
    for number in range(1, 6):
        shelf.miss(number, "1", certainty="cannot_tell")

    assert {"1": "cannot_tell"} == shelf.states()


def test_coming_back_forgets_the_misses(shelf: Shelf) -> None:
    """Seen again, a post is as it was, and one more miss later is the first again."""
    shelf.show(0, post("1", "A"))
    shelf.show(1, post("1", "B"))
    shelf.miss(2, "1")
    assert 1 == shelf.show(3, post("1", "B")).reappeared
    assert {"1": "edited"} == shelf.states()

    shelf.miss(4, "1")
    assert {"1": "cannot_tell"} == shelf.states()


def test_a_deleted_post_can_come_back(shelf: Shelf) -> None:
    """A restored post stands again, with no end."""
    shelf.show(0, post("1"))
    shelf.miss(1, "1")
    shelf.miss(2, "1")
    shelf.show(3, post("1"))

    assert {"1": "present"} == shelf.states()
    assert shelf.archive.posts_frame()["valid_until"].isna().all()


def test_a_look_up_reports_misses_with_its_page(shelf: Shelf) -> None:
    """`Page.missing` counts as an absence of that run; ids never seen are no fact."""
    shelf.show(0, post("1"))
    for number in (1, 2):
        gone = [Missing(native_id=name, certainty="gone", detail="not found") for name in ("1", "unknown")]
        shelf.show(number, missing=tuple(gone))

    assert {"1": "deleted"} == shelf.states()


def test_an_export_that_lists_a_deletion_is_believed(shelf: Shelf) -> None:
    """An account's own list of deleted posts says when it went; the text is kept for judging."""
    gone_at = NIGHT - timedelta(hours=1)
    shelf.show(0, post("1", deleted_at=gone_at))

    assert {"1": "deleted"} == shelf.states()
    assert [gone_at] == list(shelf.archive.posts_frame()["valid_until"])


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_an_older_export_does_not_undo_a_deletion(database_url: str, order: tuple[str, str]) -> None:
    """Read night after night in any order, the export that still shows the post does not bring it back."""
    readings = {"old": post("1"), "new": post("1", deleted_at=NIGHT - timedelta(hours=1))}
    with Archive.open(database_url) as archive:
        archive.register_accounts([account(access=Access.IMPORT)], NIGHT)
        shelf = Shelf(archive)
        for number in range(2):
            for name in order:
                shelf.show(number, readings[name])
        assert {"1": "deleted"} == shelf.states()


def test_an_account_gone_takes_its_posts_along(shelf: Shelf) -> None:
    """Posts go with their account, those deleted before stay deleted, and a sign of life puts all in doubt."""
    shelf.show(0, post("1"), post("2"), post("3"))
    shelf.miss(1, "3")
    shelf.miss(2, "3")
    assert 2 == shelf.archive.mark_account_gone(KEY, "night-3", night(3))
    assert 0 == shelf.archive.mark_account_gone(KEY, "night-3", night(3))
    assert {"1": "account_gone", "2": "account_gone", "3": "deleted"} == shelf.states()

    shelf.show(4, post("1"))
    assert {"1": "present", "2": "cannot_tell", "3": "deleted"} == shelf.states()
    assert ["2"] == shelf.archive.due_for_recheck(KEY, night(5), ())


@pytest.mark.parametrize(
    ("age", "seen_at_age", "due"),
    [(0.9, 0.3, False), (1, 0.3, True), (2, 1, False), (3, 1, True), (29, 7, False), (45, 8, True), (45, 30, False)],
)
def test_a_post_is_looked_at_again_on_days_1_3_7_and_30(
    shelf: Shelf, age: float, seen_at_age: float, due: bool
) -> None:
    """Due once an age was passed since the last sight, however late; else not, because X is paid per read."""
    made = NIGHT
    seen = made + timedelta(days=seen_at_age)
    shelf.archive.record_page(
        KEY, Page(posts=(post("1", created_at=made),)), run_id="r", captured_at=seen, connector="test 1"
    )

    assert (["1"] if due else []) == shelf.archive.due_for_recheck(KEY, made + timedelta(days=age))


def test_known_posts_are_those_of_the_window(shelf: Shelf) -> None:
    """The window is half-open, on the time of posting."""
    shelf.show(0, *(post(str(hour), created_at=NIGHT - timedelta(hours=hour)) for hour in (1, 2, 3)))
    window = Window(since=NIGHT - timedelta(hours=2), until=NIGHT - timedelta(hours=1))

    assert ["2"] == [known.native_id for known in shelf.archive.known_posts(KEY, window)]


@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        ([], PostState.PRESENT),
        ([("a", "gone", 0)], PostState.PRESENT),
        ([("a", "gone", 1)], PostState.CANNOT_TELL),
        ([("a", "gone", 1), ("b", "gone", 2)], PostState.DELETED),
        ([("a", "gone", 1), ("b", "cannot_tell", 2)], PostState.CANNOT_TELL),
        ([("a", "gone", 0), ("b", "gone", 2)], PostState.CANNOT_TELL),
        ([("a", "account_gone", 1), ("b", "gone", 2)], PostState.ACCOUNT_GONE),
    ],
)
def test_the_state_follows_from_sights_and_misses(absences: list[tuple[str, str, int]], expected: PostState) -> None:
    """Only what came after the last sight counts, and only two days that say gone make a deletion."""
    found = [Absence(run_id=run, certainty=certainty, at=night(day)) for run, certainty, day in absences]

    assert expected == standing_of(PostState.PRESENT, night(0), found).state


# --- any order ------------------------------------------------------------------------------------------------------

_EVENTS = st.lists(
    st.tuples(st.sampled_from(["1", "2"]), st.sampled_from(["A", "B", "C", "hidden", "gone", "cannot_tell"])),
    min_size=1,
    max_size=7,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_EVENTS, data=st.data())
def test_retries_leave_the_archive_as_one_run_through(shelf: Shelf, events: list[Any], data: st.DataObject) -> None:
    """Any sequence of sights and misses, with any earlier night stored again at any point, ends as if told once."""
    expected = _told(shelf, list(enumerate(events)))
    again: list[Any] = []
    for number, event in enumerate(events):
        again.append((number, event))
        again += [(n, events[n]) for n in data.draw(st.lists(st.integers(0, number), max_size=2))]

    assert expected == _told(shelf, again)


def _told(shelf: Shelf, story: list[Any]) -> list[dict[str, Any]]:
    _emptied(shelf)
    for number, (native_id, event) in story:
        if event in {"gone", "cannot_tell"}:
            shelf.miss(number, native_id, certainty=event)
        else:
            shelf.show(number, post(native_id, "A" if event == "hidden" else event, hidden=event == "hidden"))
    assert shelf.archive.verify().ok
    frame = shelf.archive.posts_frame().drop(columns="capture_hash")
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _emptied(shelf: Shelf) -> None:
    with shelf.archive._engine.execution_options(chapterwatch_writes=True).begin() as conn:
        for table in (tables.absence, tables.post_revision, tables.post, tables.capture, tables.chain_head):
            conn.execute(delete(table))
        conn.execute(insert(tables.chain_head), {"account_key": KEY, "entries": 0, "hash": GENESIS})
