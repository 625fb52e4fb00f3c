"""publish(): one report per chapter and a roll-up, made again only when facts and a reason say so."""

from __future__ import annotations

import hashlib
import json
import mailbox
import multiprocessing
import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from sqlalchemy import Engine, event

from chapterwatch.archive import ReportRow
from chapterwatch.errors import UserError
from chapterwatch.model import DispositionState
from chapterwatch.pipeline import (
    Workplace,
    deliver_month,
    erase_post,
    month_overview,
    publish_month,
    publish_reports,
    quoting_reports,
    withdraw_reports,
)
from chapterwatch.pipeline.publish import Published, chapter_view
from chapterwatch.pipeline.steps import press_of
from chapterwatch.settings import Mail
from tests.pipeline.world import HARBOR, LAKESIDE, MONTH, MONTH_END, SEVERN, ScriptedX, World, post, workplace_in

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
FIRST_SEEN, MENDED = POSTED + timedelta(hours=10), POSTED + timedelta(days=3)
#: A word that stands in the posts of one chapter and nowhere else.
CANARIES = {"ala-lakeside": "Quenselbraak", "ala-harbor": "Vornaddle", "ala-severn": "Ixtelmoor"}
ACCOUNTS = {"ala-lakeside": LAKESIDE, "ala-harbor": HARBOR, "ala-severn": SEVERN}
NAMES = [*CANARIES, "rollup:ala"]
PHONE, EDITED_PHONE = "(202) 555-0187", "(202) 555-0193"


def plant(world: World) -> World:
    """Every chapter has a breach with its canary, a phone number, and a text that was changed."""
    for chapter, word in CANARIES.items():
        key = ACCOUNTS[chapter]
        rude = f"This is bullshit, {word}. Call Jim at {PHONE}"
        before, after = (f"Meet {word} on {day}, call Jim at {EDITED_PHONE}" for day in ("Tuesday", "Friday"))
        world.store(key, post("1", rude, POSTED), post("2", before, POSTED), at=FIRST_SEEN, bio=f"{word} and friends")
        world.store(key, post("2", after, POSTED), at=MENDED)
    world.audit(MENDED)
    return world.at(MONTH_END)


@pytest.fixture(scope="module")
def printed(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, list[Published]]]:
    """October as first published, once for all tests. They look at it and leave it as it is."""
    home = tmp_path_factory.mktemp("printed")
    shutil.copy(migrated_sqlite, home / "archive.sqlite")
    world = World(workplace_in(home, f"sqlite:///{home / 'archive.sqlite'}", "http://127.0.0.1:9"), ScriptedX())
    done = publish_reports(plant(world).workplace, MONTH)
    yield world, done
    world.archive.close()


@pytest.fixture
def october(printed: tuple[World, list[Published]], tmp_path: Path) -> Iterator[World]:
    """The same October again for one test alone, which may do with it as it likes."""
    original = printed[0]
    original.archive.vacuum()
    home = tmp_path / "home"
    shutil.copytree(original.home, home)
    made = World(workplace_in(home, f"sqlite:///{home / 'archive.sqlite'}", "http://127.0.0.1:9"), ScriptedX())
    yield made.at(MONTH_END)
    made.archive.close()


def outcomes(done: list[Published]) -> dict[str, tuple[str, int]]:
    """Outcome and revision by report."""
    return {item.name: (item.outcome, item.revision) for item in done}


def pdf_text(source: Path | bytes) -> str:
    """A PDF's words without the spaces a line's end puts between them."""
    reader = pypdf.PdfReader(BytesIO(source) if isinstance(source, bytes) else source)
    return re.sub(r"[\s\u00ad\u200b]+", "", "".join(page.extract_text() for page in reader.pages))


def files(world: World) -> dict[str, bytes]:
    """Every file below the reports' folder."""
    folder = world.workplace.settings.home / "reports"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- a first issue --------------------------------------------------------------------------------------------------


def test_every_chapter_and_every_association_gets_a_report(printed: tuple[World, list[Published]]) -> None:
    """Issued as revision 1, with PDF and page where the archive says they lie."""
    world, done = printed

    assert dict.fromkeys(NAMES, ("issued", 1)) == outcomes(done)
    for row in world.archive.reports():
        assert world.file(row.pdf_path).read_bytes().startswith(b"%PDF-")
        assert "</html>" in world.file(row.html_path).read_text()
    assert [(name, 4) for name in CANARIES] == [
        (row.chapter, row.new) for row in month_overview(world.workplace, MONTH)
    ]


def test_a_chapters_words_stand_in_its_own_report_alone(printed: tuple[World, list[Published]]) -> None:
    """Each canary is found in its chapter's PDF and page, and in no other report, the roll-up included."""
    world, _ = printed
    rows = {row.chapter: row for row in world.archive.reports()}
    texts = {
        name: pdf_text(world.file(row.pdf_path)) + world.file(row.html_path).read_text() for name, row in rows.items()
    }

    assert {word: [chapter] for chapter, word in CANARIES.items()} == {
        word: [name for name, text in texts.items() if word in text] for word in CANARIES.values()
    }


def test_a_chapters_words_are_mailed_to_its_own_leadership_alone(october: World) -> None:
    """Whoever leads a chapter reads its canary, in the attached PDF as anywhere; nobody else does."""
    box = october.home / "mail"
    october.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=box))
    deliver_month(october.workplace, MONTH, although_held=True)
    read = {"".join(words_of(message)): str(message["To"]) for message in messages(box)}

    assert 5 == len(read)
    expected = {
        "Quenselbraak": ["president@lakeside.example"],
        "Vornaddle": ["comms@harbor.example", "president@harbor.example"],
        "Ixtelmoor": ["president@severn.example"],
    }
    assert expected == {word: sorted(to for text, to in read.items() if word in text) for word in CANARIES.values()}


def messages(box: Path) -> list[EmailMessage]:
    """What lies in a maildir, parsed."""
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(message.as_bytes()) for message in mailbox.Maildir(box)]  # type: ignore[misc]


def words_of(message: EmailMessage) -> Iterator[str]:
    """Headers, texts, the attached PDF and the cells of the attached tables of a mail."""
    yield str(message.items())
    for part in message.walk():
        if part.get_content_type() == "application/pdf":
            yield pdf_text(part.get_content())
        elif str(part.get_filename()).endswith(".xlsx"):
            yield table_text(part.get_content())
        elif not part.is_multipart():
            yield part.get_content()


def table_text(body: bytes) -> str:
    """Every cell of a workbook."""
    sheets = openpyxl.load_workbook(BytesIO(body)).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)


@pytest.mark.parametrize("number", [PHONE, EDITED_PHONE], ids=["in a finding", "in a change"])
def test_a_report_repeats_no_phone_number(printed: tuple[World, list[Published]], number: str) -> None:
    """The report on a leaked number must not leak it again, in whatever format, in PDF or page."""
    world, _ = printed
    digits = re.sub(r"\D", "", number)[-7:]
    for row in world.archive.reports():
        page = world.file(row.html_path).read_text()
        for text in (pdf_text(world.file(row.pdf_path)), page, re.sub(r"<[^>]*>", "", page)):
            assert digits not in re.sub(r"[^\w]", "", text)


# --- the same month again -------------------------------------------------------------------------------------------


def test_the_same_facts_are_the_same_report(october: World) -> None:
    """Published again a day later: unchanged, and every file byte for byte as it was."""
    before = files(october)
    done = publish_reports(october.at(MONTH_END + timedelta(days=1)).workplace, MONTH)

    assert dict.fromkeys(NAMES, ("unchanged", 1)) == outcomes(done)
    assert before == files(october)
    assert len(NAMES) == len(october.archive.reports())


@pytest.mark.parametrize(("day", "outcome"), [("2026-11-09", "unchanged"), ("2026-11-01", "changed")])
def test_answers_count_up_to_the_month_s_close(october: World, day: str, outcome: str) -> None:
    """What a chapter answers after the close belongs to its next report; a date before it is another fact."""
    people = "        people:\n          - {name: Eluned"
    row = "{question: photo-permission, period: 2026-10, answer: yes, by: president@severn.example, on: %s}"
    path = october.home / "chapters.yml"
    path.write_text(path.read_text().replace(people, f"        answers: [{row % day}]\n{people}"))
    done = publish_reports(october.at(MONTH_END + timedelta(days=20)).workplace, MONTH, ["ala-severn"])

    assert {"ala-severn": (outcome, 1)} == outcomes(done)


def test_a_lost_pdf_is_drawn_again_as_it_was(october: World) -> None:
    """The file is gone, the facts are not: the same revision, byte for byte, even days later."""
    row = october.archive.latest_report("ala-harbor", MONTH)
    assert row is not None
    path = october.file(row.pdf_path)
    before = path.read_bytes()
    path.unlink()
    done = publish_reports(october.at(MONTH_END + timedelta(days=3)).workplace, MONTH, ["ala-harbor"])

    assert {"ala-harbor": ("unchanged", 1)} == outcomes(done)
    assert before == path.read_bytes()
    assert row == october.archive.latest_report("ala-harbor", MONTH)


def later_finding(world: World) -> None:
    """An export brings an October post of Lakeside that was not known when the report was made."""
    world.store(LAKESIDE, post("3", "More bullshit.", POSTED), at=MONTH_END + timedelta(days=1))
    world.audit(MONTH_END + timedelta(days=1))


def test_changed_facts_without_a_reason_change_no_report(october: World) -> None:
    """The outcome says so, and what was mailed stays what lies there."""
    before = files(october)
    later_finding(october)
    done = publish_reports(october.workplace, MONTH)
    counts = publish_month(october.workplace, MONTH)

    unchanged = dict.fromkeys(NAMES, ("unchanged", 1))
    assert unchanged | {"ala-lakeside": ("changed", 1)} == outcomes(done)
    assert before == files(october)
    assert {"month": MONTH, "issued": 0, "unchanged": 3, "changed": 1, "failed": 0} == counts


def test_changed_facts_with_a_reason_are_the_next_revision(october: World) -> None:
    """Revision 2 says that it is one and why, beside the file of revision 1; untouched chapters stay as they are."""
    before = files(october)
    later_finding(october)
    done = publish_reports(october.workplace, MONTH, ["ala-lakeside", "ala-harbor"], reason="A late export came in.")
    row = october.archive.latest_report("ala-lakeside", MONTH)
    assert row is not None
    text = pdf_text(october.file(row.pdf_path))

    assert {"ala-lakeside": ("issued", 2), "ala-harbor": ("unchanged", 1)} == outcomes(done)
    assert (2, "A late export came in.") == (row.revision, row.reason)
    assert "Alateexportcamein." in text
    assert re.search(r"[Rr]evision2", text)
    assert before.items() <= files(october).items()
    assert ("changed", 1) == outcomes(publish_reports(october.workplace, MONTH))["rollup:ala"]


@pytest.mark.parametrize("what", ["a new post", "an edit", "a miss", "a deletion"])
def test_what_happens_later_belongs_to_later_months(october: World, what: str) -> None:
    """October is closed: nothing that November brings makes it another report."""
    later = [datetime(2026, 11, day, 2, 15, tzinfo=UTC) for day in (5, 6)]
    match what:
        case "a new post":
            october.store(LAKESIDE, post("9", "This is bullshit.", later[0] - timedelta(hours=3)), at=later[0])
        case "an edit":
            october.store(LAKESIDE, post("1", "This is nonsense.", POSTED), at=later[0])
        case "a miss":
            october.miss(LAKESIDE, "1", at=later[0])
        case _:
            october.miss(LAKESIDE, "1", at=later[0])
            october.miss(LAKESIDE, "1", at=later[1])
    october.audit(later[1])
    done = publish_reports(october.workplace, MONTH)

    assert dict.fromkeys(NAMES, ("unchanged", 1)) == outcomes(done)


def test_a_post_missed_within_the_month_changes_its_report(october: World) -> None:
    """The near-miss: the night of 1 November still belongs to October, so its doubt does too."""
    october.miss(LAKESIDE, "1", at=datetime(2026, 11, 1, 2, 15, tzinfo=UTC))
    done = publish_reports(october.workplace, MONTH, ["ala-lakeside"])

    assert {"ala-lakeside": ("changed", 1)} == outcomes(done)


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_an_unknown_chapter_is_told_with_those_there_are(october: World) -> None:
    """One line: what is wrong and what to use; nothing is written."""
    before = files(october)
    with pytest.raises(UserError, match=r"no chapter 'ala-nowhere'.*ala-harbor, ala-lakeside, ala-severn"):
        publish_reports(october.workplace, MONTH, ["ala-nowhere"])

    assert before == files(october)


@pytest.mark.parametrize("month", ["2026-13", "October", "2026-1", "", "2026-10-01"])
def test_a_month_is_written_in_one_way(light: World, month: str) -> None:
    """Anything but YYYY-MM is refused."""
    with pytest.raises(UserError, match="write it as YYYY-MM"):
        publish_reports(light.workplace, month)


@pytest.mark.parametrize("month", ["2026-11", "2026-12"])
def test_a_month_that_is_not_over_has_no_reports(light: World, month: str) -> None:
    """Neither one that runs nor one to come: nothing is issued, so the whole month is not spoilt."""
    light.at(MONTH_END)
    with pytest.raises(UserError, match=f"{month} closes on .* --preview"):
        publish_reports(light.workplace, month)

    assert [] == light.archive.reports(period=month)


def test_one_chapter_alone_leaves_the_roll_up_out(october: World) -> None:
    """A roll-up over one chapter of several would look like a roll-up."""
    seen: list[Published] = []
    publish_reports(october.workplace, MONTH, ["ala-severn"], on_report=seen.append)

    assert ["ala-severn"] == [item.name for item in seen]


def test_a_chapter_that_moves_its_reports_folder_loses_nothing(october: World) -> None:
    """Another home for reports: where the old files are still there, they are still the report."""
    moved = replace(october.workplace.settings, home=october.home / "elsewhere")
    october.workplace.settings = moved
    done = publish_reports(october.workplace, MONTH, ["ala-severn"])

    assert {"ala-severn": ("unchanged", 1)} == outcomes(done)


# --- after an erasure -----------------------------------------------------------------------------------------------


def test_what_cites_an_erased_post_is_named_and_drawn_anew_without_it(october: World) -> None:
    """The report of its chapter alone, both revisions; published again its last one holds the word no more."""
    later_finding(october)
    publish_reports(october.workplace, MONTH, ["ala-lakeside"], reason="A late export came in.")
    other = october.archive.latest_report("ala-harbor", MONTH)
    assert other is not None
    erase_post(october.workplace, LAKESIDE, "1", by="records officer", why="a request")
    cited = quoting_reports(october.workplace, LAKESIDE, "1")
    gone = withdraw_reports(october.workplace, LAKESIDE, "1", by="records officer", why="a request")
    left = sorted(name for name in files(october) if "lakeside" in name)
    done = publish_reports(october.workplace, MONTH, ["ala-lakeside"])
    row = october.archive.latest_report("ala-lakeside", MONTH)

    assert [("ala-lakeside", 1), ("ala-lakeside", 2)] == [(row.chapter, row.revision) for row in cited]
    assert (cited, []) == (gone, left)
    assert {"ala-lakeside": ("unchanged", 2)} == outcomes(done)
    assert row is not None
    text = pdf_text(october.file(row.pdf_path))
    assert "bullshit,Quenselbraak" not in text
    assert "erased" in text
    assert october.file(other.pdf_path).exists()
    assert ["body", "2 reports"] == [act.detail for act in october.archive.acts.of_subject(f"{LAKESIDE}/1")]


def test_a_mail_that_waits_does_not_quote_an_erased_post(october: World) -> None:
    """Its form of reply names the finding without its words. Nothing else in it changes, and no other mail does."""
    kept = [october.archive.letter(row.chapter, MONTH, 1) for row in october.archive.reports()]
    receipt = erase_post(october.workplace, LAKESIDE, "1", by="records officer", why="a request")
    left = [october.archive.letter(row.chapter, MONTH, 1) for row in october.archive.reports()]
    [(before, after)] = [(json.loads(a or ""), json.loads(b or "")) for a, b in zip(kept, left, strict=True) if a != b]

    assert (1, "ala-lakeside") == (receipt.letters, after["about"])
    assert (True, False) == ("bullshit" in before["reply_form"], "bullshit" in after["reply_form"])
    assert before["reply_form"].count("finding:") == after["reply_form"].count("finding:")
    assert before | {"reply_form": ""} == after | {"reply_form": ""}
    assert 0 == erase_post(october.workplace, LAKESIDE, "1", by="records officer", why="a request").letters


def test_a_report_is_named_by_an_edit_it_prints_too(october: World) -> None:
    """Post 2 was edited: its finding was mended, and the report tells of it; post 9 is in none."""
    october.store(LAKESIDE, post("9", "We meet on Monday", POSTED), at=MONTH_END + timedelta(days=1))
    cited = {name: quoting_reports(october.workplace, LAKESIDE, name) for name in ("2", "9")}

    assert {"2": ["ala-lakeside"], "9": []} == {name: [row.chapter for row in rows] for name, rows in cited.items()}


def test_reports_are_withdrawn_by_somebody_for_a_reason(october: World) -> None:
    """Nobody's wish deletes no file."""
    before = files(october)
    with pytest.raises(UserError, match="a person's decision"):
        withdraw_reports(october.workplace, LAKESIDE, "1", by=" ", why="a request")

    assert before == files(october)


# --- after the retention rule -----------------------------------------------------------------------------------------


def outliving(world: World) -> World:
    """Texts are kept for three months; every finding of October is settled, and February has come."""
    path = world.workplace.settings.registry
    text = path.read_text()
    path.write_text(text.replace("    language: en\n", "    language: en\n    retention: {months: 3}\n", 1))
    world.workplace.__dict__.pop("registry", None)
    for finding in world.archive.findings():
        world.archive.add_disposition(finding.key, DispositionState.ACCEPTED_RISK, "stays", "a.person", MONTH_END)
    publish_reports(world.workplace, MONTH, reason="Everything is decided.")
    for month in ("2026-11", "2027-01"):
        for name in CANARIES:
            world.archive.issue_report(name, month, f"facts of {month}", reason=None, at=MONTH_END)
    world.audit(datetime(2027, 2, 20, tzinfo=UTC))
    return world


def clean_month(world: World) -> None:
    """Harbor's October is two posts in which nothing was found, one of them with an edit that says so."""
    world.store(HARBOR, post("1", "We meet on Monday.", POSTED), post("2", "The lake is blue.", POSTED), at=FIRST_SEEN)
    marked = "The lake is green. EDIT: it is green and not blue."
    world.store(HARBOR, post("2", marked, POSTED), at=MENDED)
    world.audit(MENDED)
    world.at(MONTH_END)
    publish_reports(world.workplace, MONTH, ["ala-harbor"])


def test_a_report_drawn_anew_says_that_its_texts_outlived_the_rule(october: World) -> None:
    """Its file was lost: the same revision, with every finding and none of the words, and why they are gone."""
    outliving(october)
    row = october.archive.latest_report("ala-lakeside", MONTH)
    assert row is not None
    october.file(row.pdf_path).unlink()
    done = publish_reports(october.workplace, MONTH, ["ala-lakeside"])
    text = pdf_text(october.file(row.pdf_path))

    assert {"ala-lakeside": ("unchanged", 2)} == outcomes(done)
    assert "Quenselbraak" not in text
    assert "Thetextsof2ofthismonth" in text
    assert "Thetextsof2poststhisreportcoverswereerased" in text
    assert "retentionrule,3monthsaftertheywerelastseen" in text


def test_a_month_without_findings_is_not_called_clear_when_its_texts_are_gone(light: World) -> None:
    """Nobody can read them again, and page one says so; a marked edit is still called marked."""
    clean_month(light)
    before = chapter_view(press_of(light.workplace), light.workplace.registry.chapter("ala-harbor"), MONTH)
    outliving(light)
    after = chapter_view(press_of(light.workplace), light.workplace.registry.chapter("ala-harbor"), MONTH)

    said = [[one for one in view.status.notices if "retention rule" in one] for view in (before, after)]
    assert ([], 1) == (said[0], len(said[1]))
    assert said[1][0].startswith("The texts of 2 of this month")
    assert ("limited", 2, 2) == (after.status.level, after.counts.posts, after.counts.outlived)
    marked = ["Edited, marked as such"]
    assert (marked, marked) == ([row.kind_words for row in before.changes], [row.kind_words for row in after.changes])
    assert after.changes[0].missing.startswith("The text is no longer kept: its time under the association")
    assert "unchanged" == publish_reports(light.workplace, MONTH, ["ala-harbor"])[0].outcome


def test_a_report_of_texts_that_are_kept_says_nothing_of_the_rule(light: World) -> None:
    """The near-miss: a rule that has erased nothing of what is covered is not spoken of."""
    clean_month(light)
    outliving(light)
    later = datetime(2027, 2, 3, 15, tzinfo=UTC)
    light.store(HARBOR, post("7", "We meet on Monday.", later), at=later)
    view = chapter_view(press_of(light.workplace), light.workplace.registry.chapter("ala-harbor"), "2027-02")

    assert [] == [said for said in (*view.method.statements, *view.status.notices) if "retention" in said]
    assert 0 == view.counts.outlived


def test_an_edit_of_an_erased_post_is_called_as_it_was(light: World) -> None:
    """Asked for by a person or deleted on its platform: a marked edit must not turn into an unmarked one."""
    clean_month(light)
    erase_post(light.workplace, HARBOR, "2", by="records officer", why="a request")
    view = chapter_view(press_of(light.workplace), light.workplace.registry.chapter("ala-harbor"), MONTH)

    assert ["Edited, marked as such"] == [row.kind_words for row in view.changes]
    assert "unchanged" == publish_reports(light.workplace, MONTH, ["ala-harbor"])[0].outcome


# --- a process that dies ---------------------------------------------------------------------------------------------


def _publish_until(world: World, writes: int) -> None:
    """Publish in a process that is killed right before its write of that number to the archive."""
    done = 0

    def fatal(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal done
        done += statement.startswith(("INSERT", "UPDATE"))
        if done == writes:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", fatal)
    publish_month(Workplace(world.workplace.settings, world.workplace.connection_for), MONTH)


@pytest.mark.parametrize("writes", [2, 14], ids=["issued", "stored"])
def test_a_month_whose_publishing_was_killed_is_made_whole_and_mailed_once(light: World, writes: int) -> None:
    """Whatever was issued before is filed under its revision, and everybody has one mail with the file that stands."""
    plant(light)
    process = multiprocessing.get_context("fork").Process(target=_publish_until, args=(light, writes))
    process.start()
    process.join()
    begun = {(row.chapter, row.pdf_sha256) for row in light.archive.reports()}
    publish_month(light.workplace, MONTH)
    light.at(MONTH_END, mail=Mail(sender="chapterwatch@hq.example", maildir=light.home / "mail"))
    mailed = [deliver_month(light.workplace, MONTH, although_held=True) for _ in range(2)]
    rows = light.archive.reports()

    assert -signal.SIGKILL == process.exitcode
    assert any(digest is None for _, digest in begun)
    assert [(name, 1) for name in NAMES] == [(row.chapter, row.revision) for row in sorted(rows, key=_place)]
    assert all(hashlib.sha256(light.file(row.pdf_path).read_bytes()).hexdigest() == row.pdf_sha256 for row in rows)
    assert [(5, 0), (0, 5)] == [(counts["sent"], counts["already"]) for counts in mailed]
    assert 5 == len(messages(light.home / "mail"))


def _place(row: ReportRow) -> int:
    return NAMES.index(row.chapter)


# --- what no audit has judged ---------------------------------------------------------------------------------------


def sole_account(world: World) -> World:
    """The chapter has one account, which was seen on every day of the month."""
    path = world.workplace.settings.registry
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not OTHER_ACCOUNTS.search(line)))
    for number in range(29):
        world.collect(number)
    return world


OTHER_ACCOUNTS = re.compile(r"lakeside-list|export_format: plain|lakeside_friends")


def words_on(world: World) -> tuple[str, str, str, int]:
    """Level, headline and notices of the chapter's month, and how many of what was read no audit has judged."""
    press = press_of(world.at(MONTH_END).workplace)
    view = chapter_view(press, press.registry.chapter("ala-lakeside"), MONTH)
    return view.status.level, view.status.headline, " ".join(view.status.notices), view.counts.unaudited


def test_what_was_read_and_never_judged_is_not_called_good(light: World) -> None:
    """Every day was seen, and the audits of the last weeks failed: the report says that much of it was not judged."""
    light.x.shows("2001", "1", "We meet at the library.", POSTED)
    sole_account(light)
    light.audit(MENDED)
    light.store(LAKESIDE, post("2", "This is bullshit.", POSTED + timedelta(days=9)), at=POSTED + timedelta(days=10))
    before = words_on(light)
    publish_reports(light.workplace, MONTH, ["ala-lakeside"])
    light.audit(MONTH_END)
    after = words_on(light)

    assert ("limited", "No findings so far; one of the posts and profiles read has not been judged yet.", 1) == (
        *before[:2],
        before[3],
    )
    assert "no audit has run since" in before[2]
    assert ("findings", 0) == (after[0], after[3])
    assert not any("no audit" in words for words in after[1:3])
    [again] = publish_reports(light.workplace, MONTH, ["ala-lakeside"])
    assert "changed" == again.outcome


def test_without_any_audit_nothing_is_judged(light: World) -> None:
    """Post and profile were read, and nobody looked at either."""
    light.x.shows("2001", "1", "We meet at the library.", POSTED)

    assert 2 == words_on(sole_account(light))[3]


def test_what_later_months_bring_is_no_matter_of_this_one(light: World) -> None:
    """The near-miss: judged as it stood at the month's end, and what came after waits for its own report."""
    light.x.shows("2001", "1", "We meet at the library.", POSTED)
    sole_account(light).audit(MENDED)
    light.store(LAKESIDE, post("1", "We met.", POSTED), post("2", "News.", MONTH_END), at=MONTH_END + timedelta(days=1))

    assert 0 == words_on(light)[3]
