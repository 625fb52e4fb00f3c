"""The right of reply: a form comes back, staff decide, and the next report prints both."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import get_type_hints

import pytest

from chapterwatch.archive import tables
from chapterwatch.archive.acts import Act
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.pipeline import (
    decide_reply,
    give_reply,
    import_replies,
    listed_replies,
    reply_template,
    steps,
)
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, inputs_hash
from chapterwatch.pipeline.letters import entries_of
from chapterwatch.policy import load_pack
from reports import facts, network_facts
from reports.view import ChapterInputs, build_chapter
from tests.pipeline.world import HARBOR, LAKESIDE, MONTH, MONTH_END, World, post
from tests.reports.factory import finding, quiet

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
WITHIN, AFTER = datetime(2026, 10, 20, 9, tzinfo=UTC), datetime(2026, 11, 5, 9, tzinfo=UTC)
PRESIDENT = "president@lakeside.example"


@pytest.fixture
def told(light: World) -> World:
    """Two chapters have a rude post each."""
    for key in (LAKESIDE, HARBOR):
        light.store(
            key, post("1", "This is bullshit. Call Jim at (202) 555-0187", POSTED), at=POSTED + timedelta(hours=9)
        )
    light.audit(POSTED + timedelta(days=1))
    return light.at(WITHIN)


def rude(world: World, key: str = LAKESIDE) -> str:
    """The key of the finding about the rude word."""
    [found] = [item.key for item in world.archive.findings(account_key=key) if item.excerpt == "bullshit"]
    return found


def form(world: World, *rows: tuple[str, str, str, str], chapter: str = "ala-lakeside", by: str = PRESIDENT) -> Path:
    """A form with these replies (finding, kind, text, on) comes back."""
    lines = [f"chapter: {chapter}", "replies:"]
    for key, kind, text, on in rows:
        lines += [
            f'  - finding: "{key}"',
            f"    reply: {kind}",
            f'    text: "{text}"',
            f"    by: {by}",
            f"    on: {on}",
        ]
    path = world.home / "back.yml"
    path.write_text("\n".join(lines) + "\n")
    return path


def inputs(world: World, month: str = MONTH) -> ChapterInputs:
    """What Lakeside's report of a month is made from."""
    press = steps.press_of(world.workplace)
    chapter = press.registry.chapter("ala-lakeside")
    association = press.registry.association("ala")
    issue = Issue(revision=1, reason=None, issued_at=MONTH_END)
    return chapter_inputs(press.archive, association, chapter, load_pack("ala"), month, issue)


# --- coming back ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["yaml", "csv"])
def test_a_form_that_went_out_comes_back(told: World, kind: str) -> None:
    """The template names the open findings; filled in and imported it is one reply, and again none."""
    text, entries = reply_template(told.workplace, "ala-lakeside", MONTH, kind)
    path = told.home / f"form.{'csv' if kind == 'csv' else 'yml'}"
    key = rude(told)[:12]
    if kind == "csv":
        text = text.replace(f"{key},,,,,", f"{key},answer,We asked the author.,{PRESIDENT},2026-10-20,")
    else:
        ahead, _, behind = text.partition(f'  - finding: "{key}"\n')
        filled = f"reply: answer\n    text: We asked the author.\n    by: {PRESIDENT}\n    on: 2026-10-20\n"
        text = f'{ahead}  - finding: "{key}"\n    {filled}' + "".join(behind.splitlines(keepends=True)[4:])
    path.write_text(text)
    first, again = (import_replies(told.workplace, path) for _ in range(2))

    assert (1, 0, entries - 1) == (first.added, first.known, first.empty)
    assert (0, 1) == (again.added, again.known)
    assert ["We asked the author."] == [item.reply.text for item in listed_replies(told.workplace)]


def test_findings_of_one_post_are_told_apart_in_the_form() -> None:
    """The words each rests on stand before the post; a finding that is alone in its post has the post."""
    rule, text = "ala.private_data.phone", "Call 555 or 556 about the seats"
    several = [finding(rule, text, hit, key=hit, subject_id="p") for hit in ("555", "556")]
    alone = finding(rule, "Call 557 today", "557", key="alone", subject_id="q")
    shown = {entry.key: entry.excerpt for entry in entries_of(build_chapter(quiet(findings=(*several, alone))))}
    assert shown["555"].endswith(f": 555 / {text}")
    assert shown["556"].endswith(f": 556 / {text}")
    assert shown["alone"].endswith(": Call 557 today")


def test_another_chapter_s_finding_is_nobody_s(told: World) -> None:
    """A chapter replies to its own findings alone, and only its own people may."""
    with pytest.raises(InvalidFiles, match="ala-lakeside has no finding"):
        import_replies(told.workplace, form(told, (rude(told, HARBOR), "answer", "Not ours.", "2026-10-20")))
    with pytest.raises(InvalidFiles, match="not among the chapter's people"):
        import_replies(
            told.workplace,
            form(told, (rude(told), "answer", "Not ours.", "2026-10-20"), by="president@harbor.example"),
        )

    assert [] == list(listed_replies(told.workplace))


def test_one_fault_keeps_the_whole_form_out(told: World) -> None:
    """All or none: nobody has to find out which rows of a form were taken."""
    good, bad = (rude(told), "answer", "We asked.", "2026-10-20"), ("ffffffffffff", "answer", "x", "2026-10-20")
    with pytest.raises(InvalidFiles):
        import_replies(told.workplace, form(told, good, bad))

    assert [] == list(listed_replies(told.workplace))


def test_a_finding_judged_otherwise_by_now_can_still_be_answered(told: World) -> None:
    """It stands in the report the chapter has before it, whatever the rules say today."""
    told.archive.retire_findings([rude(told)], WITHIN)
    [key] = [
        item.key for item in told.archive.findings(account_key=LAKESIDE, retired=True) if item.excerpt == "bullshit"
    ]

    assert 1 == import_replies(told.workplace, form(told, (key, "appeal", "A quotation.", "2026-10-20"))).added


def test_a_reply_through_a_form_of_the_staff(told: World) -> None:
    """By the key as printed; the second time it is known; a stranger's finding is told in one line."""
    given = {"finding": rude(told)[:12], "kind": "answer", "text": "We asked.", "role": "webmaster"}
    first, again = (give_reply(told.workplace, given, "tom") for _ in range(2))
    assert [("tom", "reply", "answer")] == [(act.author, act.kind, act.detail) for act in told.archive.acts.page()]

    assert give_reply(told.workplace, given | {"on": "2026-10-09"}, "tom")["added"]
    assert "2026-10-09" in {f"{item.reply.at:%Y-%m-%d}" for item in listed_replies(told.workplace)}
    assert (1, 0, "ala-lakeside") == (first["added"], again["added"], first["chapter"])
    with pytest.raises(UserError, match="there is no finding 'ffffffffffff'; copy its key"):
        give_reply(told.workplace, given | {"finding": "ffffffffffff"})
    with pytest.raises(UserError, match="nobody of ala-lakeside is 'communications chair'"):
        give_reply(told.workplace, given | {"role": "communications chair"})


def test_what_is_done_on_the_command_line_stands_in_the_log(told: World) -> None:
    """As what is done on the staff's pages: each new reply of a form and each outcome, once, with who did it."""
    returned = form(told, (rude(told), "appeal", "A quotation.", "2026-10-20"))
    for _ in range(2):
        import_replies(told.workplace, returned, "tom")
    [item] = listed_replies(told.workplace)
    for _ in range(2):
        decide_reply(told.workplace, item.reply.key, "upheld", "It is a quotation.", asked_by="rosa")
    about = {"subject": rude(told), "chapter": "ala-lakeside", "at": told.workplace.now, "role": ""}
    decided = Act(author="rosa", kind="reply_outcome", detail="upheld", why="It is a quotation.", **about)
    entered = Act(author="tom", kind="reply", detail="appeal", why="as the chapter gave it", **about)

    assert [decided, entered] == [replace(act, id=None) for act in told.archive.acts.page()]


# --- deciding -------------------------------------------------------------------------------------------------------


def test_an_appeal_upheld_sets_its_finding_aside(told: World) -> None:
    """The report prints the appeal's outcome, and the finding counts no more."""
    import_replies(told.workplace, form(told, (rude(told), "appeal", "A quotation.", "2026-10-20")))
    [item] = listed_replies(told.workplace, undecided=True)
    before = build_chapter(inputs(told))
    decide_reply(told.workplace, item.reply.key, "upheld", "It is a quotation.")
    after = build_chapter(inputs(told))

    assert (0, 1) == (before.counts.set_aside, after.counts.set_aside)
    assert before.counts.new - 1 == after.counts.new
    assert "It is a quotation." == after.set_aside[0].note
    assert [] == list(listed_replies(told.workplace, undecided=True))


@pytest.mark.parametrize(
    ("kind", "outcome", "note", "fault"),
    [
        ("answer", "upheld", "Yes.", "is no appeal, so it cannot be upheld; use noted"),
        ("appeal", "rejected", " ", "an appeal is rejected with a reason"),
        ("appeal", "perhaps", "Well.", "'perhaps' is no outcome"),
        ("appeal", "noted", "x" * 1001, "the text has 1,001 characters"),
    ],
)
def test_what_cannot_be_decided_is_told(told: World, kind: str, outcome: str, note: str, fault: str) -> None:
    """One line each, and nothing is written."""
    import_replies(told.workplace, form(told, (rude(told), kind, "A quotation.", "2026-10-20")))
    [item] = listed_replies(told.workplace)
    with pytest.raises(UserError, match=fault):
        decide_reply(told.workplace, item.reply.key, outcome, note)

    assert "" == next(listed_replies(told.workplace)).reply.outcome


# --- in the report --------------------------------------------------------------------------------------------------


def test_a_reply_stands_in_the_report_masked_and_by_its_office(told: World) -> None:
    """Beside its finding, with what became of it; a phone number in it is no less private for that."""
    import_replies(told.workplace, form(told, (rude(told), "answer", "Jim has (202) 555-0187.", "2026-10-20")))
    [item] = listed_replies(told.workplace)
    decide_reply(told.workplace, item.reply.key, "noted", "Thank you.")
    view = build_chapter(inputs(told))
    [printed] = [reply for one in view.posts for finding in one.findings for reply in finding.replies]

    assert "Thank you." == printed.outcome_note
    assert "president" in printed.by_words.lower()
    assert "555" not in printed.text
    assert PRESIDENT not in repr(view)


@pytest.mark.parametrize(("on", "counts"), [("2026-10-20", True), ("2026-11-02", True), ("2026-11-03", False)])
def test_replies_count_up_to_the_day_the_month_closes(told: World, on: str, counts: bool) -> None:
    """What comes later belongs to the next report, and so does the word that something is fixed."""
    before = inputs_hash(inputs(told))
    told.at(AFTER)
    rows = [(rude(told), kind, words, on) for kind, words in (("answer", "We asked."), ("fixed", ""))]
    import_replies(told.workplace, form(told, *rows))
    october, november = inputs(told), inputs(told, "2026-11")

    assert (counts, True) == (bool(october.replies), bool(november.replies))
    assert counts is (inputs_hash(october) != before)
    assert counts is (rude(told) in october.dispositions)


def test_an_outcome_after_the_close_changes_the_month_only_where_it_withdraws_a_finding(told: World) -> None:
    """A rejection in November leaves October as it was issued; a wrong accusation is taken back at once."""
    import_replies(told.workplace, form(told, (rude(told), "appeal", "A quotation.", "2026-10-20")))
    [item] = listed_replies(told.workplace)
    issued = inputs_hash(inputs(told))
    told.at(AFTER)
    decide_reply(told.workplace, item.reply.key, "rejected", "It is not.")
    rejected = inputs_hash(inputs(told))
    decide_reply(told.workplace, item.reply.key, "upheld", "It is, after all.")
    upheld = inputs(told)

    assert issued == rejected != inputs_hash(upheld)
    assert ["upheld"] == [reply.outcome for reply in upheld.replies[rude(told)]]


def test_erasing_what_a_reply_quotes_makes_no_other_report(told: World) -> None:
    """The quotation is blacked out, the report's facts are the same."""
    import_replies(told.workplace, form(told, (rude(told), "answer", "This is bullshit. was a joke", "2026-10-20")))
    before = inputs_hash(inputs(told))
    told.archive.erase_body(LAKESIDE, "1", reason="deleted", author="test", at=WITHIN)
    [item] = listed_replies(told.workplace)

    assert before == inputs_hash(inputs(told))
    assert "bullshit" not in item.reply.text
    assert item.reply.text.endswith("was a joke")


# --- who reported something -----------------------------------------------------------------------------------------

#: Words under which somebody might keep who reported or complained about a post.
_REPORTERS = (
    "reporter",
    "reported_by",
    "complain",
    "informant",
    "whistle",
    "flagged_by",
    "tipster",
    "accuser",
    "source_person",
)
#: Tables a report's inputs are read from, and the registry's rows, which come along in `chapter` and `association`.
_READ = (
    "finding",
    "disposition",
    "reply",
    "reply_outcome",
    "coverage",
    "post",
    "post_revision",
    "profile_revision",
    "tally",
    "suppression",
    "report",
    "delivery",
    "capture",
    "absence",
)


def dataclasses_of(module: ModuleType) -> list[type]:
    """Every dataclass a module defines."""
    return [item for item in vars(module).values() if isinstance(item, type) and is_dataclass(item)]


def test_no_field_a_report_sees_holds_who_reported_something() -> None:
    """No name and no type of one: not in what a report is made from, not in what it says, not in the tables behind."""
    classes = [*dataclasses_of(facts), *dataclasses_of(network_facts)]
    named = [f"{cls.__name__}.{item.name}: {get_type_hints(cls)[item.name]}" for cls in classes for item in fields(cls)]
    named += [f"{name}.{column.name}" for name in _READ for column in tables.metadata.tables[name].columns]

    assert {"ChapterInputs", "RollupView", "FindingView", "ReplyView"} <= {cls.__name__ for cls in classes}
    assert [] == [item for item in named if any(word in item.lower() for word in _REPORTERS)]


def test_a_reply_has_a_column_for_an_office_and_none_for_a_person() -> None:
    """Neither name nor address of whoever replied or decided can be kept: there is no place for it."""
    columns = {name: set(tables.metadata.tables[name].columns.keys()) for name in ("reply", "reply_outcome")}

    assert {
        "reply": {"id", "key", "finding_key", "kind", "text", "author_role", "at", "source", "kept_at", "erased_at"},
        "reply_outcome": {"id", "reply_key", "outcome", "note", "author_role", "at"},
    } == columns
