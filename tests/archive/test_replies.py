"""What chapters say about their findings: kept once, decided by people, erased with what it quotes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text

from chapterwatch.archive import Archive, ReplyOutcome
from chapterwatch.archive.acts import Act
from chapterwatch.errors import ArchiveError
from chapterwatch.replies import Given

from .conftest import KEY, NIGHT, Shelf, finding, night, post

APPEAL = Given(
    finding_key="f1", kind="appeal", text="It greets nobody.", author_role="president", at=night(1), source="ui"
)


@pytest.fixture
def replied(shelf: Shelf) -> Archive:
    """A finding with an appeal against it."""
    shelf.archive.save_findings([finding("f1"), finding("f2", subject_id="101")], at=NIGHT)
    shelf.archive.acts.returned([APPEAL], taken_in(night(1)))
    return shelf.archive


def decision(outcome: str, note: str = "It does not.", at: datetime | None = None) -> ReplyOutcome:
    """What the audit office says."""
    return ReplyOutcome(outcome=outcome, note=note, author_role="audit office", at=at or night(2))  # type: ignore[arg-type]


def taken_in(at: datetime) -> Act:
    """Who enters what was said or decided."""
    return Act(author="rosa", role="audit office", kind="reply", subject="f1", at=at)


def decide(archive: Archive, outcome: ReplyOutcome, key: str = APPEAL.key) -> bool:
    """Whether the decision was new."""
    return archive.acts.decide_reply(key, outcome, taken_in(outcome.at))


def states(archive: Archive, key: str = "f1") -> list[tuple[str, str, str]]:
    """What stands with a finding: state, note, and by which office."""
    return [(item.state.value, item.note, item.author_role) for item in archive.dispositions([key]).get(key, ())]


def test_what_was_said_comes_back(replied: Archive) -> None:
    """By finding, oldest first; whoever has no reply is not in it."""
    later = replace(APPEAL, kind="answer", text="We asked the author.", at=night(3))
    replied.acts.returned([later], taken_in(night(3)))
    told = replied.replies(["f1", "f2"])

    assert ["f1"] == list(told)
    assert [("appeal", APPEAL.text, "president", night(1), ""), ("answer", later.text, "president", night(3), "")] == [
        (item.kind, item.text, item.author_role, item.at, item.outcome) for item in told["f1"]
    ]


def test_the_same_reply_again_adds_nothing(replied: Archive) -> None:
    """From another file and at another hour of the day it is still the same reply; another word or day is another."""
    again = replace(APPEAL, source="0123456789ab", at=night(1).replace(hour=20))
    other = [replace(APPEAL, text="It greets no one."), replace(APPEAL, at=night(2))]

    assert [] == replied.acts.returned([again], taken_in(night(4)))
    assert other == replied.acts.returned([again, *other], taken_in(night(4)))
    assert 3 == len(replied.replies(["f1"])["f1"])


def test_what_is_said_to_be_fixed_stands_with_the_finding_once(replied: Archive) -> None:
    """The owner's word is a state of its own; it closes nothing, and importing it twice notes it once."""
    fixed = replace(APPEAL, kind="fixed", text="")
    for _ in range(2):
        replied.acts.returned([fixed], taken_in(night(4)))

    assert [("owner_says_fixed", "", "president")] == states(replied)
    assert [None, None] == [item.closed_at for item in replied.findings()]


def test_an_appeal_upheld_makes_a_false_positive(replied: Archive) -> None:
    """With the note, and by the reply's key rather than by anybody's name."""
    assert decide(replied, decision("upheld"))
    [told] = replied.replies(["f1"])["f1"]

    assert ("upheld", "It does not.") == (told.outcome, told.outcome_note)
    assert [("false_positive", "It does not.", "audit office")] == states(replied)
    assert f"reply {APPEAL.key}" == replied.dispositions(["f1"])["f1"][0].author


def test_what_was_upheld_and_is_rejected_later_is_open_again(replied: Archive) -> None:
    """Both decisions are kept, the latest counts."""
    decide(replied, decision("upheld"))
    decide(replied, decision("rejected", "Read it again: it does.", night(5)))
    [told] = replied.replies(["f1"])["f1"]

    assert ["upheld", "rejected"] == [item.outcome for item in told.outcomes]
    assert ["false_positive", "reopened"] == [state for state, _, _ in states(replied)]


@pytest.mark.parametrize("outcome", ["rejected", "noted"])
def test_what_is_not_upheld_changes_no_finding(replied: Archive, outcome: str) -> None:
    """The near-miss: the reply has its outcome, the finding stands as it stood."""
    assert [True, False] == [decide(replied, decision(outcome)) for _ in range(2)]
    assert [] == states(replied)
    assert 1 == len(replied.replies(["f1"])["f1"][0].outcomes)


def test_a_reply_that_is_none_cannot_be_decided(replied: Archive) -> None:
    """One line says so, and nothing is written."""
    with pytest.raises(ArchiveError, match="no reply 0000; list them"):
        decide(replied, decision("upheld"), "0000")

    assert [] == states(replied)


def test_erasing_a_post_blacks_out_what_replies_quote_of_it(shelf: Shelf) -> None:
    """The quotation goes, whatever its letters' case; the chapter's own words stay, and so does the reply's key."""
    shelf.show(0, post("100", "Our treasurer is a crook, everybody says so"))
    shelf.archive.save_findings([finding("f1")], at=NIGHT)
    quoting = replace(APPEAL, text="“our Treasurer is a CROOK” was a joke. Our treasurer laughed.")
    other = replace(APPEAL, text="It was a joke about money.")
    shelf.archive.acts.returned([quoting, other], taken_in(night(1)))
    receipt = shelf.archive.erase_body(KEY, "100", reason="deleted", author="test", at=night(2))
    shelf.archive.acts.returned([quoting], taken_in(night(3)))

    told = {item.key: item.text for item in shelf.archive.replies(["f1"])["f1"]}
    black = "“███ █████████ ██ █ █████” was a joke. "
    assert {quoting.key: black + "███ █████████ laughed.", other.key: other.text} == told
    assert (1, True) == (receipt.replies, shelf.archive.verify().ok)


def test_words_changed_in_a_reply_are_found(replied: Archive, shelf: Shelf) -> None:
    """Its key is made of what was said, so verifying names the reply that says something else now."""
    shelf.show(0, post("100"))
    whole = replied.verify().problems
    with replied._engine.execution_options(chapterwatch_writes=True).begin() as conn:
        conn.execute(text("UPDATE reply SET text = 'It greets everybody.'"))

    assert [] == whole
    assert [f"{KEY}: reply {APPEAL.key} was changed after it was given"] == replied.verify().problems


def _no_finding(archive: Archive) -> object:
    return archive.acts.returned([replace(APPEAL, finding_key="f9")], taken_in(night(1)))


def _no_kind(archive: Archive) -> object:
    return archive.acts.returned([replace(APPEAL, kind="insult")], taken_in(night(1)))  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [_no_finding, _no_kind])
def test_the_database_takes_nothing_else(replied: Archive, wrong: Callable[[Archive], object]) -> None:
    """A reply to no finding, or of no known kind, is refused by the tables themselves."""
    with pytest.raises(Exception, match=r"(?i)constraint"):
        wrong(replied)

    assert 1 == len(replied.replies(["f1", "f9"])["f1"])
