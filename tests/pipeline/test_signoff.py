"""Before a month is mailed a person says send, hold, or send redacted; whatever is not a clear yes holds."""

from __future__ import annotations

import mailbox
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest

from chapterwatch.errors import UserError
from chapterwatch.pipeline import Workplace, deliver_month, publish_month, resend_delivery, signoff
from chapterwatch.settings import Mail
from tests.pipeline.test_deliver import Server, listening
from tests.pipeline.world import LAKESIDE, MONTH, MONTH_END, REGISTRY, ScriptedX, World, post, workplace_in

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
WORDS = "Marta Ostrowe is a stupid cow and everybody at headquarters knows it."
EVERYBODY = 5
#: A second association that releases by itself.
OTHER = """  - id: lll
    name: La Leche League
    pack: lll
    language: en
    timezone: America/Chicago
    headquarters: [audit@lll.example]
    sign_off: false
    chapters:
      - id: lll-oaks
        name: Oaks Group
        country: US
        people:
          - {name: Thea Lund, email: president@oaks.example, role: leader, leadership: true}
        accounts:
          - {platform: x, native_id: "2099", handle: lll_oaks, space: official, access: public_api,
             connection: x_demo, owner: president@oaks.example}
"""


@pytest.fixture(scope="module")
def issued_once(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which October's reports are written; one of them quotes a post. No platform was asked."""
    home = tmp_path_factory.mktemp("issued")
    shutil.copy(migrated_sqlite, home / "archive.sqlite")
    made = World(workplace_in(home, f"sqlite:///{home / 'archive.sqlite'}", "http://127.0.0.1:1"), ScriptedX())
    made.store(LAKESIDE, post("1", WORDS, POSTED, permalink="https://x.example/1"), at=MONTH_END)
    made.audit(MONTH_END)
    made.at(MONTH_END)
    publish_month(made.workplace, MONTH)
    made.archive.close()
    return home


@pytest.fixture
def issued(issued_once: Path, scripted_x: ScriptedX, tmp_path: Path) -> Iterator[World]:
    """A copy of that home to release the reports of. Mail goes into a folder."""
    shutil.copytree(issued_once, tmp_path, dirs_exist_ok=True)
    made = World(workplace_in(tmp_path, f"sqlite:///{tmp_path / 'archive.sqlite'}", scripted_x.url), scripted_x)
    yield made.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail"))
    made.archive.close()


def mailed(tmp_path: Path) -> list[Any]:
    """The messages in the folder."""
    return list(mailbox.Maildir(tmp_path / "mail")) if (tmp_path / "mail").exists() else []


def pdf_of(messages: list[Any], recipient: str, tmp_path: Path) -> str:
    """The text of the PDF somebody was mailed."""
    [message] = [one for one in messages if one["To"] == recipient]
    [part] = [part for part in message.walk() if part.get_content_type() == "application/pdf"]
    (tmp_path / "mailed.pdf").write_bytes(part.get_payload(decode=True))
    return " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "mailed.pdf").pages)


@pytest.mark.parametrize("choice", ["Hold", "", "send", "Yes"])
def test_whatever_is_no_clear_yes_holds(issued: World, tmp_path: Path, choice: str) -> None:
    """The near-misses: a time-out, a wrong case, another word. Nobody is mailed, and the log says that it was held."""
    counts = signoff.release(issued.workplace, MONTH, "ala", choice, "tom", "wait for the lawyer")

    assert (0, []) == (sum(counts.values()), mailed(tmp_path))
    [act] = issued.archive.acts.page(kind="sign_off")
    assert ("tom", "ala 2026-10", "hold", "wait for the lawyer") == (act.author, act.subject, act.detail, act.why)


def test_a_batch_says_what_would_go_out_without_a_word_of_a_post(issued: World) -> None:
    """One batch for each association: reports, what changed, how many get it."""
    [batch] = signoff.batches(issued.workplace, MONTH)

    assert ("ala", "Association of Legal Administrators, 2026-10: send 4 reports?") == (
        batch["association"],
        batch["subject"],
    )
    assert "| Lakeside Chapter |" in batch["body"]
    assert "stupid" not in batch["body"]
    assert "Ostrowe" not in batch["body"]


def test_send_mails_everybody_once(issued: World, tmp_path: Path) -> None:
    """Said twice, it is mailed once; and nothing waits any more."""
    first = signoff.release(issued.workplace, MONTH, "ala", "Send", "tom", "")
    again = signoff.release(issued.workplace, MONTH, "ala", "Send", "tom", "")

    assert (EVERYBODY, EVERYBODY, EVERYBODY) == (first["sent"], again["already"], len(mailed(tmp_path)))
    assert [] == signoff.batches(issued.workplace, MONTH)


def test_send_redacted_leaves_every_quotation_out(issued: World, tmp_path: Path) -> None:
    """The finding, its clause and the capture's hash stand in it, the words of the post nowhere in the mail."""
    counts = signoff.release(issued.workplace, MONTH, "ala", "Send redacted", "tom", "a minor is named")
    messages = mailed(tmp_path)
    text = pdf_of(messages, "president@lakeside.example", tmp_path)

    assert (EVERYBODY, EVERYBODY) == (counts["sent"], len(messages))
    assert "ALA-" in text
    assert "stupid" not in text
    assert not [
        part for message in messages for part in message.walk() if b"stupid" in (part.get_payload(decode=True) or b"")
    ]
    assert "stupid" in " ".join(
        page.extract_text()
        for page in pypdf.PdfReader(issued.file(issued.archive.latest_report("ala-lakeside", MONTH).pdf_path)).pages
    )


def test_redacted_of_changed_facts_mails_nobody(issued: World, tmp_path: Path) -> None:
    """What was released must be what was issued; other facts are another revision with its reason."""
    issued.store(LAKESIDE, post("2", "You are a stupid cow too.", POSTED), at=MONTH_END.replace(hour=7))
    issued.audit(MONTH_END.replace(hour=8))

    with pytest.raises(UserError, match="facts of ala-lakeside for 2026-10 have changed since its report was issued"):
        signoff.release(issued.workplace, MONTH, "ala", "Send redacted", "tom", "")
    assert [] == mailed(tmp_path)


LEADER = "president@lakeside.example"
LATER = MONTH_END + timedelta(hours=3)


@pytest.mark.parametrize(
    ("answer", "silence"), [("451 try later", False), ("451 try later", True), ("550 no such mailbox", False)]
)
def test_what_was_released_redacted_is_never_mailed_whole(
    issued: World, tmp_path: Path, answer: str, *, silence: bool
) -> None:
    """The mail server did not take one of the mails; by hand it is sent as it was released, without the quotation.

    Asked again nobody may have answered: that holds, and makes it no other report.
    """
    with listening(Server(refuses={LEADER: answer})) as server:
        issued.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port))
        signoff.release(issued.workplace, MONTH, "ala", "Send redacted", "tom", "a minor is named")
    issued.at(LATER, mail=Mail(sender="chapterwatch@hq.example", maildir=tmp_path / "mail"))
    if silence:
        signoff.release(issued.workplace, MONTH, "ala", signoff.SILENCE, "", "")
    if answer.startswith("550"):
        resend_delivery(issued.workplace, f"ala-lakeside/{MONTH}/1/{LEADER}", "tom", "the mailbox is there again")
    counts = deliver_month(issued.workplace, MONTH, although_held=silence)
    text = pdf_of(mailed(tmp_path), LEADER, tmp_path)

    assert {"sent": 1} == {state: count for state, count in counts.items() if count}
    assert "ALA-" in text
    assert "stupid" not in text


@pytest.mark.parametrize("said", ["nothing", "silence", "hold", "send, then issued again"])
def test_what_nobody_released_is_mailed_by_hand_only_when_told_so(issued: World, tmp_path: Path, said: str) -> None:
    """A hold is a person's word, and what was issued after a release nobody has seen."""
    if said in {"silence", "hold"}:
        signoff.release(issued.workplace, MONTH, "ala", "Hold", "tom" if said == "hold" else "", "")
    elif said != "nothing":
        signoff.release(issued.workplace, MONTH, "ala", "Send", "tom", "")
        issued.store(LAKESIDE, post("2", "You are a stupid cow too.", POSTED), at=MONTH_END.replace(hour=7))
        issued.audit(MONTH_END.replace(hour=8))
        publish_month(issued.workplace, MONTH, reason="a late post")
    before = len(mailed(tmp_path))
    with pytest.raises(UserError, match=r"reports of ala for 2026-10 are held.* give --although-held$"):
        deliver_month(issued.workplace, MONTH, ["ala-lakeside"])

    assert before == len(mailed(tmp_path))
    assert 1 == deliver_month(issued.workplace, MONTH, ["ala-lakeside"], although_held=True)["sent"]


def test_one_associations_hold_keeps_no_other_mails_back(issued: World, tmp_path: Path) -> None:
    """The others' go out, and the line says what became of them and whose are held."""
    registry = issued.workplace.settings.registry
    registry.write_text(REGISTRY + OTHER)
    issued.workplace = Workplace(issued.workplace.settings, issued.workplace.connection_for)
    publish_month(issued.workplace, MONTH)
    with pytest.raises(UserError, match=r"reports of ala for 2026-10 are held.*\(the others: 2 sent\)"):
        deliver_month(issued.workplace, MONTH)

    assert {"president@oaks.example", "audit@lll.example"} == {message["To"] for message in mailed(tmp_path)}


@pytest.mark.parametrize("choice", ["Send", "Send redacted"])
def test_what_was_released_and_mailed_is_delivered_again_to_nobody(issued: World, tmp_path: Path, choice: str) -> None:
    """The near-miss: everybody has theirs, so nothing is held and nothing is drawn."""
    signoff.release(issued.workplace, MONTH, "ala", choice, "tom", "")
    counts = deliver_month(issued.workplace, MONTH)

    assert (0, EVERYBODY) == (counts["sent"], len(mailed(tmp_path)))


def test_an_association_can_switch_it_off(issued: World, tmp_path: Path) -> None:
    """Then nothing waits, and its reports are mailed without asking; with it on, they are not."""
    asked = signoff.release_unasked(issued.workplace, MONTH)
    before = "    headquarters: [audit@hq.example]\n"
    issued.workplace.settings.registry.write_text(REGISTRY.replace(before, before + "    sign_off: false\n"))
    workplace = Workplace(issued.workplace.settings, issued.workplace.connection_for)
    unasked = signoff.release_unasked(workplace, MONTH)

    assert (0, EVERYBODY) == (asked["sent"], unasked["sent"])
    assert [] == signoff.batches(workplace, MONTH)
    assert EVERYBODY == len(mailed(tmp_path))


def test_headquarters_is_told_once_that_reports_wait(issued: World, tmp_path: Path) -> None:
    """What would go out, until when, and where to say so; asked again it is not mailed again, nor is a post quoted."""
    until = MONTH_END + timedelta(days=7)
    first = signoff.tell_waiting(issued.workplace, MONTH, until)
    again = signoff.tell_waiting(issued.workplace, MONTH, until)
    [message] = mailed(tmp_path)
    body = message.get_payload(0).get_payload(decode=True).decode()

    assert (1, 0, 1) == (first["sent"], again["sent"], again["already"])
    assert ("audit@hq.example", "4 reports of October 2026 wait for your release") == (
        message["To"],
        message["Subject"],
    )
    assert "Lakeside Chapter" in body
    assert re.search(r"until 9 November[^(]* \(America/Chicago\) they are held", " ".join(body.split()))
    assert "stupid" not in body


def test_headquarters_is_told_again_when_reports_are_issued_again(issued: World, tmp_path: Path) -> None:
    """After four first revisions were sent two second ones wait: silence would hold them."""
    until = MONTH_END + timedelta(days=7)
    signoff.tell_waiting(issued.workplace, MONTH, until)
    signoff.release(issued.workplace, MONTH, "ala", "Send", "tom", "")
    issued.store(LAKESIDE, post("2", "You are a stupid cow too.", POSTED), at=MONTH_END.replace(hour=7))
    issued.audit(MONTH_END.replace(hour=8))
    publish_month(issued.workplace, MONTH, reason="a late post")
    counts = signoff.tell_waiting(issued.workplace, MONTH, until)
    again = signoff.tell_waiting(issued.workplace, MONTH, until)

    assert (1, 1) == (counts["sent"], again["already"])
    assert "2 reports of October 2026 wait for your release" in [message["Subject"] for message in mailed(tmp_path)]


@pytest.mark.parametrize("why", ["released already", "no sign-off wanted"])
def test_nobody_is_told_of_what_does_not_wait(issued: World, tmp_path: Path, why: str) -> None:
    """The near-misses: a month that was sent, and an association that releases by itself."""
    workplace = issued.workplace
    if why == "released already":
        signoff.release(workplace, MONTH, "ala", "Send", "tom", "")
    else:
        before = "    headquarters: [audit@hq.example]\n"
        workplace.settings.registry.write_text(REGISTRY.replace(before, before + "    sign_off: false\n"))
        workplace = Workplace(workplace.settings, workplace.connection_for)
    known = len(mailed(tmp_path))

    counts = signoff.tell_waiting(workplace, MONTH, MONTH_END)

    assert (0, known) == (sum(counts.values()), len(mailed(tmp_path)))
