"""Reports and mail: one revision per set of facts, one sender per mail, and nothing sent again by itself."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from chapterwatch.archive import Archive, ReportChanged
from chapterwatch.archive.acts import Act
from chapterwatch.errors import ArchiveError
from chapterwatch.model import DeliveryState

from .conftest import NIGHT, Shelf, night

REPORT = ("ala-lakeside", "2026-10", 1)
MAIL = (*REPORT, "ada@lakeside.example")
SENDERS = 8


# --- reports --------------------------------------------------------------------------------------------------------


def test_the_same_facts_are_the_same_revision(shelf: Shelf) -> None:
    """Publishing a month again from the same facts issues nothing new."""
    first = shelf.archive.issue_report("c", "2026-10", "facts", reason=None, at=night(0))

    assert first == shelf.archive.issue_report("c", "2026-10", "facts", reason="no need", at=night(1))
    assert (1, None, night(0)) == (first.revision, first.reason, first.issued_at)
    assert [first] == shelf.archive.reports("c")


def test_other_facts_need_a_reason(shelf: Shelf) -> None:
    """An issued report is changed by a person's reason only, and both revisions stay."""
    shelf.archive.issue_report("c", "2026-10", "facts", reason=None, at=NIGHT)
    with pytest.raises(ReportChanged, match="give a reason"):
        shelf.archive.issue_report("c", "2026-10", "other", reason=None, at=NIGHT)
    second = shelf.archive.issue_report("c", "2026-10", "other", reason="a late export", at=NIGHT)

    assert (2, "a late export") == (second.revision, second.reason)
    assert second == shelf.archive.latest_report("c", "2026-10")
    assert [1, 2] == [row.revision for row in shelf.archive.reports("c", "2026-10")]


def test_a_report_knows_its_files(shelf: Shelf) -> None:
    """Files belong to an issued revision; one never issued has none."""
    shelf.archive.issue_report("c", "2026-10", "facts", reason=None, at=NIGHT)
    files = {"pdf_path": "r.pdf", "html_path": "r.html", "pdf_sha256": "aa"}
    row = shelf.archive.set_report_files("c", "2026-10", 1, **files)

    assert ("r.pdf", "r.html", "aa") == (row.pdf_path, row.html_path, row.pdf_sha256)
    with pytest.raises(ArchiveError, match="publish it first"):
        shelf.archive.set_report_files("c", "2026-10", 2, **files)


# --- deliveries -----------------------------------------------------------------------------------------------------


def claim(archive: Archive) -> bool:
    return archive.claim_delivery(*MAIL, "<m1@chapterwatch.example>", NIGHT)


def state(archive: Archive) -> str:
    [row] = archive.deliveries("ala-lakeside", "2026-10")
    return row.state.value


@pytest.mark.parametrize("end", [DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.UNKNOWN])
def test_a_mail_is_claimed_once(shelf: Shelf, end: DeliveryState) -> None:
    """Neither while it is under way nor once it ended may anyone send it again."""
    assert [True, False] == [claim(shelf.archive), claim(shelf.archive)]
    shelf.archive.settle_delivery(*MAIL, end, "said the server", night(1))

    assert not claim(shelf.archive)
    assert end.value == state(shelf.archive)


def test_a_mailbox_is_one_however_it_is_spelt(shelf: Shelf) -> None:
    """A capital letter in the registry is no second mail."""
    assert claim(shelf.archive)
    assert not shelf.archive.claim_delivery(*REPORT, " Ada@Lakeside.example", "<m2@chapterwatch.example>", NIGHT)


def test_a_deferred_mail_is_claimed_again(shelf: Shelf) -> None:
    """Nothing was handed over, so trying again is safe, one at a time."""
    claim(shelf.archive)
    shelf.archive.settle_delivery(*MAIL, DeliveryState.DEFERRED, "greylisted", night(1))

    assert [True, False] == [claim(shelf.archive), claim(shelf.archive)]
    [row] = shelf.archive.deliveries()
    assert (2, DeliveryState.CLAIMED, None) == (row.attempts, row.state, row.settled_at)


def test_a_claim_nobody_settled_is_unknown(shelf: Shelf) -> None:
    """Only claims older than the moment given are given up, and they are never sent again by themselves."""
    claim(shelf.archive)
    assert [] == shelf.archive.abandon_claims(NIGHT)

    later = NIGHT + timedelta(minutes=30)
    assert ["ada@lakeside.example"] == [row.recipient for row in shelf.archive.abandon_claims(later)]
    assert "unknown" == state(shelf.archive)
    assert not claim(shelf.archive)


def said(at: datetime, kind: str, why: str = "") -> Act:
    """What an officer does about the mail."""
    return Act(author="officer", role="headquarters", kind=kind, subject="ala-lakeside 2026-10 r1", at=at, why=why)


def resent(archive: Archive, why: str, at: datetime) -> bool:
    """Whether the mail may be sent again on the officer's word."""
    return archive.acts.resend(REPORT, MAIL[3], said(at, "resend", why))


def test_a_person_may_send_again(shelf: Shelf) -> None:
    """An unknown mail goes out again on a named person's word; a sent one never does."""
    claim(shelf.archive)
    shelf.archive.abandon_claims(night(1))
    assert resent(shelf.archive, "she did not get it", night(2))
    assert claim(shelf.archive)
    shelf.archive.settle_delivery(*MAIL, DeliveryState.SENT, "", night(2))

    assert not resent(shelf.archive, "again", night(3))
    told = [(event.state.value, event.author) for event in shelf.archive.delivery_events(*MAIL)]
    expected = [("claimed", ""), ("unknown", ""), ("deferred", "officer"), ("claimed", ""), ("sent", "")]
    assert expected == told


def test_only_what_is_open_can_be_settled(shelf: Shelf) -> None:
    """Settling a mail nobody claimed, or one that ended, is a mistake; a person may settle an unknown one."""
    with pytest.raises(ArchiveError, match="waiting to be settled"):
        shelf.archive.settle_delivery(*MAIL, DeliveryState.SENT, "", NIGHT)
    claim(shelf.archive)
    shelf.archive.abandon_claims(night(1))
    shelf.archive.acts.arrived(REPORT, MAIL[3], "she has it", said(night(2), "settle"))

    assert "sent" == state(shelf.archive)
    with pytest.raises(ArchiveError, match="waiting to be settled"):
        shelf.archive.settle_delivery(*MAIL, DeliveryState.REFUSED, "", night(3))


def bounced(archive: Archive, detail: str, *, final: bool = True) -> bool:
    """A notice comes back about the mail."""
    return archive.bounce_delivery(*MAIL, detail=detail, final=final, at=night(3))


@pytest.mark.parametrize("end", [DeliveryState.SENT, DeliveryState.UNKNOWN])
def test_a_mail_that_came_back_is_bounced_once(shelf: Shelf, end: DeliveryState) -> None:
    """The same notice again changes nothing; nobody sends it again by itself, a person may."""
    claim(shelf.archive)
    shelf.archive.settle_delivery(*MAIL, end, "", night(1))

    assert [True, False] == [bounced(shelf.archive, "no such mailbox (notice 1)") for _ in range(2)]
    assert ("bounced", False) == (state(shelf.archive), claim(shelf.archive))
    assert resent(shelf.archive, "address mended", night(4))
    assert claim(shelf.archive)
    shelf.archive.settle_delivery(*MAIL, DeliveryState.SENT, "", night(4))
    # The old notice says nothing of the new mail.
    assert not bounced(shelf.archive, "no such mailbox (notice 1)")
    assert "sent" == state(shelf.archive)


def test_a_delay_is_a_note_and_no_bounce(shelf: Shelf) -> None:
    """The mail server still tries: the state stays, the note stands among the events."""
    claim(shelf.archive)
    shelf.archive.settle_delivery(*MAIL, DeliveryState.SENT, "", night(1))

    assert [True, False] == [bounced(shelf.archive, "delayed (notice 2)", final=False) for _ in range(2)]
    assert "sent" == state(shelf.archive)
    assert "delayed (notice 2)" == shelf.archive.delivery_events(*MAIL)[-1].detail


@pytest.mark.parametrize("end", [None, DeliveryState.REFUSED, DeliveryState.DEFERRED])
def test_what_never_left_cannot_come_back(shelf: Shelf, end: DeliveryState | None) -> None:
    """No mail, or one no server ever took: the notice is of something else."""
    if end:
        claim(shelf.archive)
        shelf.archive.settle_delivery(*MAIL, end, "", night(1))

    assert [False, False] == [bounced(shelf.archive, "no such mailbox", final=final) for final in (True, False)]
    assert ([end.value] if end else []) == [row.state.value for row in shelf.archive.deliveries()]


def test_deliveries_are_counted_by_report_and_state(shelf: Shelf) -> None:
    """Of the revision mailed last alone: what an earlier one met is history."""
    for revision, end in ((1, DeliveryState.REFUSED), (2, DeliveryState.SENT)):
        key = ("ala-lakeside", "2026-10", revision, "ada@lakeside.example")
        shelf.archive.claim_delivery(*key, "<m@x.example>", NIGHT)
        shelf.archive.settle_delivery(*key, end, "", NIGHT)
    shelf.archive.claim_delivery("ala-harbor", "2026-10", 1, "a@harbor.example", "<n@x.example>", NIGHT)

    counted = {"ala-harbor": {DeliveryState.CLAIMED: 1}, "ala-lakeside": {DeliveryState.SENT: 1}}
    assert counted == shelf.archive.delivery_counts("2026-10")
    assert {} == shelf.archive.delivery_counts("2026-09")


def test_what_a_mail_says_is_kept_once(shelf: Shelf) -> None:
    """The words of an issued report stand, whatever is said later; one never issued has none."""
    shelf.archive.issue_report(*REPORT[:2], "facts", reason=None, at=NIGHT)
    shelf.archive.keep_letter(*REPORT, '{"subject": "first"}')
    shelf.archive.keep_letter(*REPORT, '{"subject": "second"}')

    assert '{"subject": "first"}' == shelf.archive.letter(*REPORT)
    assert shelf.archive.letter("ala-harbor", "2026-10", 1) is None


@pytest.mark.parametrize("before", [None, DeliveryState.DEFERRED])
def test_of_many_threads_one_sends(shelf: Shelf, before: DeliveryState | None) -> None:
    """Runs of one month at the same time: exactly one gets each mail, the first time and after a deferral."""
    if before:
        claim(shelf.archive)
        shelf.archive.settle_delivery(*MAIL, before, "", NIGHT)
    with ThreadPoolExecutor(SENDERS) as pool:
        won = list(pool.map(lambda _: claim(shelf.archive), range(SENDERS)))

    assert 1 == won.count(True)


_CLAIMER = """
import sys
from datetime import UTC, datetime
from chapterwatch.archive import Archive
with Archive.open(sys.argv[1]) as archive:
    sys.stdin.readline()
    for month in range(1, 13):
        key = ("ala-lakeside", f"2026-{month:02}", 1, "ada@lakeside.example")
        print(int(archive.claim_delivery(*key, "<m@chapterwatch.example>", datetime(2026, 10, 1, tzinfo=UTC))))
"""


def test_of_many_processes_one_sends(database_url: str) -> None:
    """The same between processes, which share nothing but the database."""
    command = [sys.executable, "-c", _CLAIMER, database_url]
    senders = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for sender in senders:
        assert sender.stdin
        sender.stdin.write("go\n")
        sender.stdin.flush()
    won = [sender.communicate()[0].split() for sender in senders]

    assert [1] * 12 == [sum(map(int, month)) for month in zip(*won, strict=True)]
