"""How old texts are, what still goes on about them, and what people keep from being erased."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chapterwatch.archive import Hold
from chapterwatch.archive.acts import Act
from chapterwatch.archive.records import ReplyOutcome
from chapterwatch.errors import ArchiveError
from chapterwatch.model import Access, DispositionState, Lane
from chapterwatch.replies import Given

from .conftest import KEY, Shelf, account, finding, night, post

LATE = night(400)


def aged(shelf: Shelf, before: int) -> list[str]:
    """The posts last seen before the nth night."""
    return [item.native_id for item in shelf.archive.aged_posts(KEY, night(before))]


# --- how old ----------------------------------------------------------------------------------------------------------


def test_a_post_seen_again_is_as_young_as_its_last_sight(shelf: Shelf) -> None:
    """The near-miss: written long ago and shown last night; the limit itself is not over yet."""
    shelf.show(0, post("1"), post("2"))
    shelf.show(9, post("1"))

    assert ["2"] == aged(shelf, 9)
    assert ["2", "1"] == aged(shelf, 10)


def test_a_text_that_is_gone_is_not_old(shelf: Shelf) -> None:
    """What was erased already is not erased again, whatever erased it."""
    shelf.show(0, post("1"), post("2"))
    shelf.archive.erase_body(KEY, "1", reason="r", author="a", at=night(1))

    assert (["2"], 1) == (aged(shelf, 9), shelf.archive.texts_left(KEY))


def test_reading_an_export_again_is_no_sight(shelf: Shelf) -> None:
    """A file that lies in the inbox for years does not make its posts young; a text it brings anew is young."""
    shelf.archive.register_accounts([account(access=Access.IMPORT)], night(0))
    shelf.show(0, post("1"), post("2"))
    shelf.show(8, post("1", "Hello again"), post("2"))

    assert ["2"] == aged(shelf, 8)


# --- what still goes on -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (None, True),
        (DispositionState.CONFIRMED, True),
        (DispositionState.SENT_TO_OWNER, True),
        (DispositionState.OWNER_SAYS_FIXED, True),
        (DispositionState.REOPENED, True),
        (DispositionState.FALSE_POSITIVE, False),
        (DispositionState.ACCEPTED_RISK, False),
        (DispositionState.CLOSED, False),
    ],
)
def test_a_finding_that_stands_is_open_until_it_is_settled(
    shelf: Shelf, state: DispositionState | None, is_open: bool
) -> None:
    """Asked for, said to be done, opened again: somebody still needs the words. Once it is no matter, nobody does."""
    shelf.show(0, post("100"))
    shelf.archive.save_findings([finding()], at=night(0))
    if state is not None:
        shelf.archive.add_disposition("f1", state, "n", "a", night(1))

    assert is_open == ("100" in shelf.archive.open_posts(KEY))


def test_what_is_no_breach_or_no_more_is_not_open(shelf: Shelf) -> None:
    """A merit, a mended finding, a withdrawn one, and one about the profile."""
    shelf.show(0, post("100"))
    shelf.archive.save_findings(
        [
            finding("f1", lane=Lane.CREDIT),
            finding("f2", closed_at=night(1), closed_by="edited"),
            finding("f3"),
            finding("f4", subject_kind="profile", subject_id="2001"),
        ],
        at=night(0),
    )
    shelf.archive.retire_findings(["f3"], night(1))

    assert set() == shelf.archive.open_posts(KEY)


def test_an_appeal_is_open_until_it_is_decided(shelf: Shelf) -> None:
    """Also about a finding that is mended: whether it ever was one is what is asked. An answer asks nothing."""
    shelf.show(0, post("100"), post("101"))
    ended = {"closed_at": night(1), "closed_by": "edited"}
    shelf.archive.save_findings([finding("f1", **ended), finding("f2", subject_id="101", **ended)], at=night(0))
    said = {"text": "It was a joke.", "author_role": "president", "at": night(2), "source": "form"}
    read_in = Act(author="rosa", role="reviewer", kind="reply", subject="", at=night(2))
    shelf.archive.acts.returned(
        [Given(finding_key="f1", kind="appeal", **said), Given(finding_key="f2", kind="answer", **said)], read_in
    )
    before = shelf.archive.open_posts(KEY)
    [reply] = shelf.archive.replies(["f1"])["f1"]
    rejected = ReplyOutcome(outcome="rejected", note="It was none.", author_role="reviewer", at=night(3))
    shelf.archive.acts.decide_reply(reply.key, rejected, replace(read_in, kind="reply_outcome", at=night(3)))

    assert ({"100"}, set()) == (before, shelf.archive.open_posts(KEY))
    assert {"100": [night(1), night(2), night(3)], "101": [night(1), night(2)]} == shelf.archive.happened(KEY)


# --- what was erased by age -------------------------------------------------------------------------------------------


def test_only_what_went_for_its_age_is_told_as_that(shelf: Shelf) -> None:
    """A post erased on request has not outlived anything; one that is shown again is there again."""
    shelf.show(0, post("1"), post("2"), post("3"))
    shelf.archive.erase_body(KEY, "1", reason="asked for", author="a", at=night(5))
    for name in ("2", "3"):
        shelf.archive.erase_body(KEY, name, reason="old", author="chapterwatch", at=night(5), months=24)
    shelf.show(6, post("3"))

    assert [("2", 24, night(5))] == [(i.native_id, i.months, i.at) for i in shelf.archive.outlived([KEY])]
    assert shelf.archive.verify().ok


def test_what_was_erased_is_not_looked_up_for_ever(shelf: Shelf) -> None:
    """Where reads are paid, a post nobody can tell about is asked for each night; without its text nobody needs it."""
    shelf.show(0, post("1"), post("2"))
    shelf.miss(1, "1", "2", certainty="cannot_tell")
    shelf.archive.erase_body(KEY, "1", reason="old", author="chapterwatch", at=night(100), months=3)

    assert ["2"] == shelf.archive.due_for_recheck(KEY, LATE, days=())


# --- holds ------------------------------------------------------------------------------------------------------------


def put_on_hold(shelf: Shelf, native_id: str | None, key: str = KEY) -> int:
    """Somebody wants a post, or all of them, kept until the tenth night."""
    item = Hold(
        account_key=key, native_id=native_id, reason="matter 12", author="office", at=night(1), expires_at=night(10)
    )
    return shelf.archive.acts.hold(item, said("until the tenth night"))


def said(what: str, at: int = 1) -> Act:
    return Act(author="office", role="admin", kind="hold", subject=KEY, detail=what, why="matter 12", at=night(at))


def test_a_hold_holds_what_it_names(shelf: Shelf) -> None:
    """One post and not its neighbour, one account and not the next one."""
    shelf.show(0, post("1"), post("2"))
    put_on_hold(shelf, "1")
    [item] = shelf.archive.holds(night(2))

    assert (True, False, False) == (item.covers(KEY, "1"), item.covers(KEY, "2"), item.covers("x:2002", "1"))
    put_on_hold(shelf, None)
    assert shelf.archive.holds(night(2))[1].covers(KEY, "2")


def test_a_hold_stands_from_its_word_to_its_end(shelf: Shelf) -> None:
    """Neither before it was said nor at the moment it expires; ended by hand it is over at once."""
    shelf.show(0, post("1"))
    number = put_on_hold(shelf, "1")
    moments = (night(1) - timedelta(seconds=1), night(1), night(10) - timedelta(seconds=1), night(10))
    assert [0, 1, 1, 0] == [len(shelf.archive.holds(at)) for at in moments]

    assert number == shelf.archive.acts.end_hold(number, said("ended", at=3)).id
    assert [] == shelf.archive.holds(night(4))
    with pytest.raises(ArchiveError, match="no hold 1 stands"):
        shelf.archive.acts.end_hold(number, said("ended", at=4))


@pytest.mark.parametrize(("native_id", "key"), [("99", KEY), (None, "x:2002")])
def test_what_nobody_knows_cannot_be_held(shelf: Shelf, native_id: str | None, key: str) -> None:
    """A mistyped id would hold nothing, and nobody would notice before it is gone. Nothing is logged either."""
    shelf.show(0, post("1"))

    with pytest.raises(ArchiveError, match="is not in the archive; check the"):
        put_on_hold(shelf, native_id, key)
    assert ([], []) == (shelf.archive.holds(night(2)), shelf.archive.acts.of_subject(KEY))
