"""What a production with killed workers has to come to: what the command line comes to, and one mail each."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import yaml

from chapterwatch.archive import Archive
from chapterwatch.model import DeliveryState
from chapterwatch.pipeline.periods import night_before
from chapterwatch.pipeline.steps import nightly_run_id
from production.servers import LOOPBACK
from production.trial import CUT_MAIL, Told
from sample.demo import MONTH, NIGHTS, ROOT

#: How the subject of a mail about a critical finding begins; such a mail is none of a report's.
ALERT = "Please look today"


@pytest.fixture(scope="module")
def reference(told: Told) -> Iterator[Archive]:
    """The archive of the command line's road."""
    with Archive.open(f"sqlite:///{told.reference_home / 'archive.sqlite'}") as archive:
        yield archive


@pytest.fixture(scope="module")
def archive(told: Told) -> Iterator[Archive]:
    """The archive of production."""
    with told.house.archive as archive:
        yield archive


# --- what was found -------------------------------------------------------------------------------------------------


def test_findings_are_those_of_the_command_line(told: Told) -> None:
    """Workers may die: what is found, its evidence and when it was opened and closed stay the same, to the letter."""
    expected, found = (list(csv.DictReader(text.splitlines())) for text in (told.reference, told.findings))

    assert len(expected) > 40
    assert expected == found


def test_every_post_is_kept_once(reference: Archive, archive: Archive) -> None:
    """A batch cut in the middle is gone on with: no post is lost, no revision is kept twice, no state differs."""
    what = ["account_key", "subject_id", "revision", "content_hash", "state", "valid_from", "valid_until"]
    expected, kept = (one.posts_frame(erased=True)[what].sort_values(what[:3]) for one in (reference, archive))

    assert len(expected) > 300
    assert expected.to_dict("records") == kept.to_dict("records")


def coverage(archive: Archive) -> dict[tuple[str, str, str], tuple[str, str | None, str, str]]:
    """How far each account was seen in each night: state, reason, and the window asked for."""
    return {
        (row.run_id, row.account_key, row.asked): (
            row.seen.value,
            row.reason,
            row.window.since.isoformat(),
            row.window.until.isoformat(),
        )
        for night in NIGHTS
        for row in archive.coverage_of_run(nightly_run_id(night_before(night)))
    }


def test_as_much_is_seen(reference: Archive, archive: Archive) -> None:
    """A night in which a worker died looks no different in what it could see: what was cut is asked again."""
    expected = coverage(reference)

    assert len(expected) > 100
    assert expected == coverage(archive)


def test_reports_state_the_same_facts(reference: Archive, archive: Archive) -> None:
    """A report's hash is over findings, decisions, coverage and changes: each of the ten is the command line's."""
    expected, issued = (
        {row.chapter: (row.revision, row.inputs_hash) for row in one.reports(period=MONTH)}
        for one in (reference, archive)
    )

    assert 10 == len(expected)
    assert expected == issued


# --- what was mailed ------------------------------------------------------------------------------------------------


def entitled() -> list[str]:
    """Every leader of a chapter and every headquarters of the sample: each gets one report."""
    registry = yaml.safe_load((ROOT / "sample" / "registry.yml").read_text(encoding="utf-8"))
    chapters = [chapter for item in registry["associations"] for chapter in item["chapters"]]
    leaders = [person["email"] for chapter in chapters for person in chapter["people"] if person.get("leadership")]
    return leaders + [mail for item in registry["associations"] for mail in item["headquarters"]]


def reports(told: Told) -> list[tuple[str, EmailMessage]]:
    """The reports' mails as the mail server took them, each with its recipient."""
    return [(recipient, message) for recipient, message in told.box.taken if ALERT not in str(message["Subject"])]


def test_one_mail_each(told: Told) -> None:
    """Every recipient of a report got it once, though its sender was killed in the middle and tried again."""
    assert sorted(entitled()) == sorted(recipient for recipient, _ in reports(told))


def test_no_message_left_twice(told: Told) -> None:
    """No two messages the mail server took, alerts among them, have one Message-ID."""
    repeated = [
        one for one, times in Counter(str(message["Message-ID"]) for _, message in told.box.taken).items() if times > 1
    ]

    assert [] == repeated


def test_alerts_left_once(told: Told) -> None:
    """Each headquarters was told of critical findings in one mail, as the DAG's audits went."""
    alerts = [recipient for recipient, message in told.box.taken if ALERT in str(message["Subject"])]
    headquarters = [mail for mail in entitled() if mail.startswith("audit@")]

    assert sorted(headquarters) == sorted(alerts)


def test_the_cut_mail_is_unknown_and_no_other(told: Told, archive: Archive) -> None:
    """As many deliveries are unknown as senders were killed between a mail's end and the server's answer: one."""
    states = {row.recipient: row.state for row in archive.deliveries(period=MONTH)}

    assert len(entitled()) == len(states)
    assert {told.cut_recipient} == {recipient for recipient, state in states.items() if state is DeliveryState.UNKNOWN}
    assert {DeliveryState.UNKNOWN, DeliveryState.SENT} == set(states.values())


def test_some_mails_had_left_and_some_had_not(told: Told) -> None:
    """The kill was in the middle of delivering: else this trial shows nothing."""
    assert told.cut_recipient == reports(told)[CUT_MAIL - 1][0]
    assert len(entitled()) > CUT_MAIL


def test_the_unknown_mail_is_listed_for_a_person(told: Told) -> None:
    """It is shown with the command that sends it again, and is not sent again by itself."""
    assert told.cut_recipient in told.listed_unknown
    assert "chapterwatch delivery resend" in told.listed_unknown
    assert "0 sent" in told.delivered_again
    assert told.taken_before == len(told.box.taken)


# --- how it went ----------------------------------------------------------------------------------------------------


def test_killed_tasks_came_back(told: Told) -> None:
    """What a killed worker was doing was missed by its heartbeat, tried again and done."""
    done = {
        (dag, run, task["task_id"], task["map_index"]): (task["state"], task["try_number"] > 1)
        for dag, runs in told.runs.items()
        for run in runs
        for task in told.house.tasks(dag, run)
    }

    assert {"x.collect", "deliver_unasked"} <= {killed[2] for killed in told.killed}
    assert [("success", True)] * len(told.killed) == [done[killed] for killed in told.killed]


def test_every_run_ended_well(told: Told) -> None:
    """Four nights, the audits that follow them by themselves, and one month."""
    states = {dag: [told.house.state(dag, run) for run in runs] for dag, runs in told.runs.items()}

    assert {
        "collect_posts": ["success"] * 4,
        "audit_chapters": ["success"] * 4,
        "publish_reports": ["success"],
    } == states


def test_production_listens_on_loopback_only(told: Told) -> None:
    """Reports name volunteers: nothing of production answers on another interface unless somebody says so."""
    listening = told.house.listening()

    assert ("api-server", LOOPBACK) in listening
    assert {LOOPBACK} == {address for _, address in listening}
