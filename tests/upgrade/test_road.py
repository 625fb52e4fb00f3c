"""Today's code on the first release's archive: it judges, publishes and mails on from where that release stopped."""

import mailbox
from pathlib import Path

import pytest

from chapterwatch import pipeline
from chapterwatch.archive import Archive
from chapterwatch.pipeline import Workplace

from .conftest import REPORT, First

#: October went out before the upgrade; of September one mail each died on the way, was unknown, refused, deferred.
MAILED, BADLY = "2026-10", "2026-09"


def letters(home: Path) -> list[str]:
    """Who has been mailed what since the upgrade, sorted."""
    if not (home / "mail").exists():
        return []
    return sorted(f"{message['To']}: {message['Subject']}" for message in mailbox.Maildir(home / "mail"))


def states(archive: Archive, month: str) -> dict[str, str]:
    """Where each mail of a month stands, by recipient and revision."""
    return {f"{item.recipient} r{item.revision}": item.state.value for item in archive.deliveries(period=month)}


def test_what_was_mailed_before_an_upgrade_is_never_mailed_again(workplace: Workplace, home: Path) -> None:
    """Delivering a month again that went out before: every mail is known as sent, and the maildir stays empty."""
    counts = pipeline.deliver_month(workplace, MAILED)

    assert {"already": 11} == {name: count for name, count in counts.items() if count}
    assert [] == letters(home)


def test_mails_that_went_wrong_before_an_upgrade_end_as_they_would_have(workplace: Workplace, home: Path) -> None:
    """A deferred mail is sent, once, with the PDF of its day; one whose process died, or that was refused, is not."""
    first = pipeline.deliver_month(workplace, BADLY, ("ala-harbor", "ala-prairie", "ala-lakeside"))
    again = pipeline.deliver_month(workplace, BADLY, ("ala-harbor", "ala-prairie", "ala-lakeside"))
    [message] = mailbox.Maildir(home / "mail")
    pdfs = [part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "application/pdf"]

    assert (1, 2, 0, 3) == (first["sent"], first["already"], again["sent"], again["already"])
    assert ("president@prairie-ala.example", [REPORT.read_bytes()]) == (message["To"], pdfs)
    assert {
        "president@lakeside.example r1": "unknown",
        "president@coppercanyon.example r1": "unknown",
        "president@harbor-ala.example r1": "refused",
        "president@prairie-ala.example r1": "sent",
    }.items() <= states(workplace.archive, BADLY).items()


def test_a_report_of_before_the_upgrade_stands_until_somebody_gives_a_reason(workplace: Workplace, home: Path) -> None:
    """Newer rules and questions are other facts: a month published again says so, writes nothing and mails nobody."""
    chapters = ("ala-prairie",)
    issued = workplace.archive.reports("ala-prairie")
    asked = pipeline.publish_reports(workplace, MAILED, chapters)
    pipeline.deliver_month(workplace, MAILED, chapters)

    assert [("changed", 1)] == [(item.outcome, item.revision) for item in asked]
    assert (issued, []) == (workplace.archive.reports("ala-prairie"), letters(home))

    [made] = pipeline.publish_reports(workplace, MAILED, chapters, reason="Read again by newer rules.")
    counts = [pipeline.deliver_month(workplace, MAILED, chapters)["sent"] for _ in range(2)]

    assert ("issued", 2, [1, 0]) == (made.outcome, made.revision, counts)
    assert issued == [row for row in workplace.archive.reports("ala-prairie") if row.revision == 1]
    assert {"president@prairie-ala.example r1": "sent", "president@prairie-ala.example r2": "sent"} == {
        name: state for name, state in states(workplace.archive, MAILED).items() if "prairie" in name
    }


def test_judging_anew_keeps_what_was_found_and_what_people_decided(first: First, workplace: Workplace) -> None:
    """Newer rules find more and withdraw some, but no finding vanishes, is dated anew or loses a decision."""
    pipeline.audit_all(workplace, "cli:after the upgrade")
    rows = {row["key"]: row for row in first.rows["finding"]}
    with workplace.archive._engine.connect() as conn:
        found = {row.key: row for row in conn.exec_driver_sql("SELECT * FROM finding")}
    decided = workplace.archive.dispositions(sorted(rows))
    before = {row["id"]: row["state"] for row in first.rows["disposition"]}

    assert rows.keys() <= found.keys()
    assert len(found) > len(rows)
    assert {key: row["excerpt"] for key, row in rows.items()} == {key: found[key].excerpt for key in rows}
    assert sorted(before.values()) == sorted(item.state.value for items in decided.values() for item in items)


def test_held_back_rules_stay_held_back(workplace: Workplace) -> None:
    """A suppression of the first release still holds for its chapter, with its reason and its end."""
    [item] = workplace.archive.active_suppressions(workplace.now)

    assert ({"chapter": "ala-prairie"}, "Agreed with the chapter for its anniversary.") == (item.scope, item.reason)


@pytest.mark.parametrize("times", [2])
def test_alerts_of_old_findings_go_out_once(workplace: Workplace, home: Path, times: int) -> None:
    """The first release knew no alerts: the duty hears of critical findings that still stand, each once."""
    counts = [pipeline.alert_duty(workplace) for _ in range(times)]

    assert counts[0]["sent"] > 0
    assert (0, counts[0]["sent"]) == (counts[1]["sent"], counts[1]["already"])
    assert len(letters(home)) == counts[0]["sent"]
