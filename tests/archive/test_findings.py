"""Conclusions: recomputed by key, retired but kept, and people's decisions beside them."""

from dataclasses import replace
from typing import Any

from chapterwatch.archive import Suppression, Tally
from chapterwatch.model import Coverage, DispositionState, Seen, Window

from .conftest import KEY, NIGHT, Shelf, account, finding, night


def test_a_finding_comes_back_as_it_was_saved(shelf: Shelf) -> None:
    """Every field survives, clauses and enumerations included."""
    told = finding(closed_at=night(3), closed_by="edited", confidence=0.25)
    shelf.archive.save_findings([told], at=NIGHT)

    assert [told] == shelf.archive.findings()


def test_re_judging_keeps_when_it_was_first_found(shelf: Shelf) -> None:
    """A conclusion may be recomputed; since when it is known may not."""
    shelf.archive.save_findings([finding(reason="old words")], at=night(0))
    shelf.archive.save_findings([finding(reason="new words")], at=night(5))

    assert ["new words"] == [item.reason for item in shelf.archive.findings()]
    assert {"f1": night(0)} == shelf.archive.first_found(["f1"])


def test_a_retired_finding_is_kept_out_of_sight(shelf: Shelf) -> None:
    """What a changed rule no longer finds is not shown, not lost, and back when it is found again."""
    shelf.archive.save_findings([finding("f1"), finding("f2")], at=NIGHT)
    assert 1 == shelf.archive.retire_findings(["f1", "unknown"], night(1))
    assert 0 == shelf.archive.retire_findings(["f1"], night(2))

    assert ["f2"] == [item.key for item in shelf.archive.findings()]
    assert ["f1", "f2"] == [item.key for item in shelf.archive.findings(retired=True)]
    shelf.archive.save_findings([finding("f1")], at=night(3))
    assert ["f1", "f2"] == [item.key for item in shelf.archive.findings()]


def test_findings_of_one_chapter_or_account(shelf: Shelf) -> None:
    """Chapters are kept apart."""
    shelf.archive.register_accounts([account("3001", chapter="ala-hills")], NIGHT)
    other = finding("f2", chapter="ala-hills", account_key="x:3001")
    shelf.archive.save_findings([finding("f1"), other], at=NIGHT)

    assert [other] == shelf.archive.findings(chapter="ala-hills")
    assert [other] == shelf.archive.findings(account_key="x:3001")


def test_an_excerpt_no_database_can_hold_is_cleaned(shelf: Shelf) -> None:
    """Excerpts are cleaned one for one, like the text they are cut from."""
    shelf.archive.save_findings([finding(excerpt="a\x00\ud800")], at=NIGHT)

    assert ["a\ufffd\ufffd"] == [item.excerpt for item in shelf.archive.findings()]


def test_decisions_are_appended(shelf: Shelf) -> None:
    """Every decision stays, in order; findings without any are not named."""
    shelf.archive.save_findings([finding("f1"), finding("f2")], at=NIGHT)
    for number, state in enumerate([DispositionState.CONFIRMED, DispositionState.FALSE_POSITIVE]):
        shelf.archive.add_disposition("f1", state, "seen", "officer", night(number), author_role="president")

    found = shelf.archive.dispositions(["f1", "f2"])
    assert ["confirmed", "false_positive"] == [item.state.value for item in found.pop("f1")]
    assert {} == found


def test_a_suppression_ends(shelf: Shelf) -> None:
    """It holds from when it was made until just before it expires; one without expiry goes on."""
    ending = Suppression(
        rule_id="ala/threat",
        scope={"account_key": KEY},
        reason="agreed",
        author="officer",
        at=night(1),
        expires_at=night(3),
        finding_key="f1",
        content_hash="c0",
    )
    lasting = replace(ending, expires_at=None)
    ids = [shelf.archive.add_suppression(item) for item in (ending, lasting)]

    held = [[item.id for item in shelf.archive.active_suppressions(night(number))] for number in range(4)]
    assert [[], ids, ids, ids[1:]] == held
    assert replace(lasting, id=ids[1]) == shelf.archive.active_suppressions(night(3))[0]


def tally(run_id: str = "a1", rule_id: str = "ala/threat", **changes: Any) -> Tally:
    facts: dict[str, Any] = {
        "run_id": run_id,
        "pack": "ala",
        "pack_version": "1",
        "rule_id": rule_id,
        "rule_version": 1,
        "account_key": KEY,
        "judged": 10,
        "breaches": 1,
        "not_judged": 2,
        "reasons": {"language": 2},
    }
    return Tally(**facts | changes)


def test_the_last_judging_gives_the_denominators(shelf: Shelf) -> None:
    """Only the rules the last run judged count for an account, and only they are kept; an account has its own."""
    shelf.archive.register_accounts([account("3001")], NIGHT)
    elsewhere = tally("a1", account_key="x:3001")
    shelf.archive.save_tallies([tally("a1"), tally("a1", "ala/dropped"), elsewhere])
    shelf.archive.save_tallies([tally("a2", judged=11), tally("a2", judged=12)])

    assert [tally("a2", judged=12), elsewhere] == shelf.archive.latest_tallies([KEY, "x:3001"])
    assert [elsewhere] == shelf.archive.tallies("a1")
    assert [] == shelf.archive.latest_tallies([])


def test_coverage_is_said_once_per_question(shelf: Shelf) -> None:
    """A retry overwrites its own row; other runs' rows stay and are found by the window they looked at."""
    row = Coverage(
        run_id="night-0",
        account_key=KEY,
        asked="posts",
        seen=Seen.UNKNOWN,
        reason="rate_limited",
        detail="paused",
        window=Window(since=night(0), until=night(1)),
        at=night(1),
        resets_at=night(2),
    )
    done = replace(row, seen=Seen.SEEN, reason=None, detail="3 posts", posts_seen=3, resets_at=None)
    later = replace(row, run_id="night-5", window=Window(since=night(5), until=night(6)), at=night(6))
    for said in (row, done, later):
        shelf.archive.add_coverage([said])

    assert [done, later] == shelf.archive.coverage()
    assert [done] == shelf.archive.coverage([KEY], since=night(0), until=night(5))
    assert [later] == shelf.archive.coverage_of_run("night-5")
    assert [] == shelf.archive.coverage([])


def test_a_run_counts_what_it_spent(shelf: Shelf) -> None:
    """A retry goes on under the first start, and the reads it pays for are added."""
    shelf.archive.start_run("night-0", "collect", "2026-10-01", night(0))
    shelf.archive.add_reads("night-0", 3)
    shelf.archive.start_run("night-0", "collect", "2026-10-01", night(1))
    shelf.archive.add_reads("night-0", 4)
    shelf.archive.finish_run("night-0", night(1))

    [run] = shelf.archive.runs(since=night(0))
    assert (7, night(0), night(1)) == (run.reads, run.started_at, run.finished_at)


def test_findings_are_found_by_how_their_key_begins(shelf: Shelf) -> None:
    """As a report prints it; the signs of a pattern are letters like others."""
    shelf.archive.save_findings([finding("abc1"), finding("abd2", subject_id="101"), finding("xab3")], at=NIGHT)
    shelf.archive.retire_findings(["abd2"], NIGHT)

    assert ["abc1", "abd2"] == [item.key for item in shelf.archive.findings_beginning("ab")]
    assert [] == shelf.archive.findings_beginning("a%")
    assert [] == shelf.archive.findings_beginning("a_c")
