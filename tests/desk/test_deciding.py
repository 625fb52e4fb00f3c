"""What staff decide, what of it is kept, and what of a post they see."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from chapterwatch.archive import Archive
from chapterwatch.archive.acts import Act, Decision, Overtaken
from chapterwatch.errors import ArchiveError
from chapterwatch.evidence_check import check
from chapterwatch.model import DispositionState, Window
from tests.desk.conftest import NOW

HIT = "202 555 0147"


def test_a_decision_stands_with_its_line_in_the_log(desktop: Any) -> None:
    """Who, what, about what, when and why: the disposition and the act say the same."""
    desktop.post("remo", "findings/a1/decide", {"state": "false_positive", "note": "Her own number."})
    last = desktop.archive.dispositions(["a1"])["a1"][-1]
    assert (DispositionState.FALSE_POSITIVE, "Her own number.", "remo", "reviewer") == (
        last.state,
        last.note,
        last.author,
        last.author_role,
    )
    act = desktop.archive.acts.page(limit=1)[0]
    assert ("remo", "reviewer", "decide", "a1", "lakeside", "false_positive", "Her own number.", last.at) == (
        act.author,
        act.role,
        act.kind,
        act.subject,
        act.chapter,
        act.detail,
        act.why,
        act.at,
    )
    assert DispositionState.FALSE_POSITIVE is desktop.archive.shelf.line("a1").state


@pytest.mark.parametrize("state", ["false_positive", "accepted_risk", "duplicate", "closed", "reopened"])
def test_what_takes_a_finding_out_of_a_report_needs_a_note(desktop: Any, state: str) -> None:
    """Somebody will ask why; a blank is no answer."""
    assert 400 == desktop.post("rosa", "findings/a2/decide", {"state": state, "note": "  "}).status_code


def test_who_forgot_the_note_is_told_the_way_back(desktop: Any) -> None:
    """The page that refuses is not the one with the form. A page that is not there leads nowhere back."""
    said = "Your browser's Back leads to what you wrote."
    refused = desktop.post("rosa", "findings/a2/decide", {"state": "closed", "note": ""})
    assert (True, False) == (said in refused.text, said in desktop.get("rosa", "findings/none").text)


@pytest.mark.parametrize("state", ["", "open", "verified", "nonsense"])
def test_only_a_persons_decisions_can_be_sent(desktop: Any, state: str) -> None:
    """Whether something is mended is told by the platform: `verified` is nobody's to say."""
    assert 400 == desktop.post("rosa", "findings/a2/decide", {"state": state, "note": "x"}).status_code


def test_who_decides_late_sees_the_other_decision_first(desktop: Any) -> None:
    """A form that shows one decision less than there are is not taken."""
    desktop.post("rosa", "findings/a2/decide", {"state": "confirmed", "note": "first", "seen": "0"})
    answer = desktop.post("ada", "findings/a2/decide", {"state": "closed", "note": "late", "seen": "0"})
    assert (409, True, "confirmed") == (
        answer.status_code,
        "first" in answer.text,
        desktop.archive.dispositions(["a2"])["a2"][-1].state,
    )


def test_several_are_decided_together_or_not_at_all(desktop: Any) -> None:
    """One key that is not there, and nothing is decided about the others."""
    before = len(desktop.archive.dispositions(["b1"]).get("b1", ()))
    assert 404 == desktop.post("rosa", "findings", {"state": "confirmed", "key": ["b1", "none"]}).status_code
    assert before == len(desktop.archive.dispositions(["b1"]).get("b1", ()))
    assert (
        303 == desktop.post("rosa", "findings?state=any", {"state": "confirmed", "key": ["b1", "b1", "i1"]}).status_code
    )
    assert before + 1 == len(desktop.archive.dispositions(["b1"])["b1"])
    assert 400 == desktop.post("rosa", "findings", {"state": "confirmed"}).status_code


def test_personal_data_is_black_until_a_reason_is_given(desktop: Any) -> None:
    """Everybody sees what the report prints; with a reason a reviewer sees the words once, and that is logged."""
    assert dict.fromkeys(("vera", "rosa", "ada"), False) == {
        who: HIT in desktop.get(who, "findings/a1").text or "strange_owl" in desktop.get(who, "findings/a1").text
        for who in ("vera", "rosa", "ada")
    }
    assert 400 == desktop.post("rosa", "findings/a1/show", {"why": " "}).status_code
    shown = desktop.post("rosa", "findings/a1/show", {"why": "is it hers?"})
    assert (True, "no-store") == (HIT in shown.text, shown.headers["Cache-Control"])
    act = desktop.archive.acts.of_subject("a1")[-1]
    assert ("rosa", "show", "is it hers?") == (act.author, act.kind, act.why)


def test_evidence_is_taken_for_a_reason_that_is_logged(desktop: Any) -> None:
    """The page offers it to whoever may see words unmasked; the file proves itself."""
    pages = {who: desktop.get(who, "findings/a1").text for who in ("vera", "remo")}
    assert {"vera": False, "remo": True} == {who: "Take the evidence away" in page for who, page in pages.items()}
    assert 400 == desktop.post("remo", "findings/a1/evidence", {"why": " "}).status_code
    given = desktop.post("remo", "findings/a1/evidence", {"why": "a hearing"})
    assert ('attachment; filename="evidence-a1.zip"', "application/zip") == tuple(
        given.headers[name] for name in ("Content-Disposition", "Content-Type")
    )
    with zipfile.ZipFile(io.BytesIO(given.content)) as packed:
        told = list(check({name: packed.read(name) for name in packed.namelist()}))
    assert "the finding was judged on entry" in told[-2]
    last = desktop.archive.acts.page(kind="evidence")[0]
    assert ("remo", "a1", "a hearing") == (last.author, last.subject, last.why)


def test_text_of_internal_spaces_is_never_shown(desktop: Any) -> None:
    """Not in a list, not on the page, not in its history, and not with a reason either."""
    pages = [desktop.get("ada", "findings/i1"), desktop.post("ada", "findings/i1/show", {"why": "x"}),
             desktop.get("ada", "api/findings?state=any&key=i1")]  # fmt: skip
    evidence = desktop.post("ada", "findings/i1/evidence", {"why": "x"})
    assert (409, True) == (evidence.status_code, "is handed to nobody" in evidence.text)
    assert [(200, False)] * 3 == [(page.status_code, "Jane Roe" in page.text or HIT in page.text) for page in pages]


def test_names_of_reviewers_are_for_administrators(desktop: Any) -> None:
    """A chapter's viewer learns the role that decided, as a report prints it."""
    desktop.post("rosa", "findings/a1/decide", {"state": "confirmed", "note": "Seen."})
    assert {"vera": False, "ada": True} == {
        who: "rosa" in desktop.get(who, "findings/a1").text for who in ("vera", "ada")
    }


def test_a_reply_is_kept_decided_and_logged(desktop: Any) -> None:
    """An appeal upheld makes the finding a false positive; who entered it stands in the log and nowhere else."""
    form = {"kind": "appeal", "role": "president", "text": "That is our own published number."}
    assert 303 == desktop.post("rosa", "findings/b1/reply", form).status_code
    [reply] = desktop.archive.replies(["b1"])["b1"]
    assert ("appeal", "president") == (reply.kind, reply.author_role)
    path = f"findings/b1/replies/{reply.key}"
    assert 400 == desktop.post("rosa", path, {"outcome": "upheld", "why": ""}).status_code
    assert 303 == desktop.post("rosa", path, {"outcome": "upheld", "why": "It is on their site."}).status_code
    assert DispositionState.FALSE_POSITIVE is desktop.archive.shelf.line("b1").state
    assert ["reply", "reply_outcome"] == [
        act.kind for act in desktop.archive.acts.of_subject("b1") if act.kind != "decide"
    ]
    assert 404 == desktop.post("rosa", f"findings/a1/replies/{reply.key}", {"outcome": "noted", "why": "x"}).status_code


def test_a_reply_is_kept_under_the_day_it_was_given(desktop: Any) -> None:
    """A letter of last week is no reply of today; who enters it today stands in the log."""
    form = {"kind": "answer", "role": "president", "text": "We wrote that in a letter."}
    assert f'type="date" value="{NOW:%Y-%m-%d}"' in desktop.get("rosa", "findings/i1").text
    assert 400 == desktop.post("rosa", "findings/i1/reply", {**form, "on": "2027-01-01"}).status_code
    assert 303 == desktop.post("rosa", "findings/i1/reply", {**form, "on": "2026-10-26"}).status_code
    [reply] = desktop.archive.replies(["i1"])["i1"]
    assert ("2026-10-26", NOW) == (f"{reply.at:%Y-%m-%d}", desktop.archive.acts.of_subject("i1")[-1].at)
    assert "Answer by the president, 26 Oct 2026" in desktop.get("rosa", "findings/i1").text


def test_an_appeal_is_on_the_overview_until_somebody_decides(desktop: Any) -> None:
    """Whoever comes to the pages sees that one waits, also where its finding was decided about before."""
    said, listed = "finding with an appeal to decide", "findings?reply=appeal&state=any&standing=any"
    assert 303 == desktop.post("rosa", "findings/a1/decide", {"state": "confirmed", "note": ""}).status_code
    assert said not in desktop.get("rosa", "").text
    form = {"kind": "appeal", "role": "president", "text": "We said so on the phone."}
    assert 303 == desktop.post("rosa", "findings/a1/reply", form).status_code
    page = desktop.get("rosa", "").text
    assert (True, True) == (f"<strong>1</strong> {said}" in page, listed.replace("&", "&amp;") in page)
    assert ["a1"] == [one["key"] for one in desktop.get("rosa", f"api/{listed}").json()["findings"]]
    assert 'href="./findings/a1"' in desktop.get("rosa", listed).text
    [reply] = desktop.archive.replies(["a1"])["a1"]
    decided = {"outcome": "rejected", "why": "It names somebody."}
    assert 303 == desktop.post("rosa", f"findings/a1/replies/{reply.key}", decided).status_code
    assert said not in desktop.get("rosa", "").text
    assert [] == desktop.get("rosa", f"api/{listed}").json()["findings"]


def test_a_reply_by_nobody_of_the_chapter_is_refused(desktop: Any) -> None:
    """An office the roster does not know has not spoken."""
    assert 400 == desktop.post("rosa", "findings/b1/reply", {"kind": "answer", "role": "pope", "text": "x"}).status_code


def test_a_refused_mail_is_sent_again_with_a_reason(desktop: Any) -> None:
    """The next delivery sends it; one that arrived is not sent twice."""
    again = {"recipient": "president@lakeside.example", "why": "The address works again."}
    assert 400 == desktop.post("paul", "reports/lakeside/2026-10/1/again", {**again, "why": ""}).status_code
    assert 303 == desktop.post("paul", "reports/lakeside/2026-10/1/again", again).status_code
    assert ["deferred"] == [mail.state.value for mail in desktop.archive.deliveries("lakeside", "2026-10")]
    assert ("paul", "resend") == (
        desktop.archive.acts.page(limit=1)[0].author,
        desktop.archive.acts.page(limit=1)[0].kind,
    )


def test_the_log_can_only_be_added_to(desktop: Any) -> None:
    """Neither we nor somebody with the database's password by mistake changes what was done."""
    archive: Archive = desktop.archive
    for statement in ("UPDATE staff_act SET why = 'nothing'", "DELETE FROM staff_act"):
        with pytest.raises(DatabaseError, match="only ever added to"), archive._engine.begin() as conn:
            conn.execute(text(statement))


def test_counts_of_acts_name_nobody(desktop: Any) -> None:
    """What is reported each month: how many acts of which kind by which role, of some chapters or all."""
    at = datetime(2025, 5, 2, tzinfo=UTC)
    acts = desktop.archive.acts
    for kind, chapter in (("decide", "lakeside"), ("decide", "harbor"), ("show", "harbor")):
        acts.note(Act(author="rosa", role="reviewer", kind=kind, subject="k", chapter=chapter, at=at))
    month = Window(since=at, until=at + timedelta(days=1))
    assert {("reviewer", "decide"): 2, ("reviewer", "show"): 1} == acts.counts(month)
    assert {("reviewer", "decide"): 1, ("reviewer", "show"): 1} == acts.counts(month, {"harbor"})
    assert {} == acts.counts(Window(since=at + timedelta(days=1), until=at + timedelta(days=2)))
    assert 3 == acts.without_reason(month)


def test_a_decision_outside_the_readers_chapters_is_refused_by_the_archive(desktop: Any) -> None:
    """The archive itself holds the scope, so a page that forgets it cannot widen it."""
    decision = Decision(
        state=DispositionState.CONFIRMED, note="", author="remo", role="reviewer", at=datetime(2026, 11, 2, tzinfo=UTC)
    )
    with pytest.raises(ArchiveError):
        desktop.archive.acts.decide(["b1"], decision, chapters=frozenset({"lakeside"}))
    with pytest.raises(Overtaken):
        desktop.archive.acts.decide(["a1"], decision, known={"a1": 0})
