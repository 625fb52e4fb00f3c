"""Findings as tables: what the report prints and no more, safe to open whatever was posted, the same bytes twice."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from reports.exports import CELL_LIMIT, findings_csv, findings_xlsx, safe_cell, tables_of
from reports.network import build_rollup
from reports.network_facts import RollupInputs, RollupView
from reports.render import Rendered, render_chapter
from reports.view import ChapterView, build_chapter
from reports.words import FALLBACK, languages
from tests.reports.factory import GROUP, Decision, DispositionState, association, date, finding, lakeside, named, quiet
from tests.reports.network_factory import network as large_network
from tests.reports.network_factory import suppressions

PHONE = "ala.private_data.phone"
#: What a spreadsheet would run, from OWASP's page on CSV injection and from what programs really do.
FORMULAS = (
    '=HYPERLINK("http://127.0.0.1/x","open")',
    "=cmd|' /C calc'!A0",
    "+1 202 555 0100",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\uff1d1+1",
    '";=1+1;"',
)


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def sheets_of(body: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


@pytest.fixture(scope="module")
def view() -> ChapterView:
    return build_chapter(lakeside())


@pytest.fixture(scope="module")
def network(view: ChapterView) -> RollupView:
    others = [named(quiet(), f"ala-{number}", f"Chapter {number}") for number in range(60)]
    inputs = RollupInputs(
        association=association(),
        period="2026-10",
        chapters=(view, *map(build_chapter, others)),
        issued_on=date(2026, 11, 3),
        code_version="1",
        failed={"ala-x": "No memory."},
    )
    return build_rollup(inputs)


def with_text(text: str) -> ChapterView:
    return build_chapter(quiet(findings=(finding(PHONE, text, text[:1], reason=text[:100]),)))


def test_the_csv_has_every_finding_of_the_report(view: ChapterView) -> None:
    """In full, fixed and set aside, as the report lists them; days as days, the clause where a finding repeats."""
    rows = rows_of(findings_csv(view))
    in_full = [row for row in rows if row["Listed under"] == "Findings in full"]

    assert findings_csv(view).startswith(b"\xef\xbb\xbf")
    assert view.counts.standing == len(in_full)
    assert {"Findings in full", "Fixed this month", "Set aside by a person"} == {row["Listed under"] for row in rows}
    assert ["Critical", "2026-10-21", "2026-11-03", "ALA-03", "yes"] == [
        in_full[0][name] for name in ("Severity", "Found on", "By when", "Clause", "Asks a person")
    ]
    assert [] == [row for row in in_full if not row["Clause"]]


def test_what_the_report_must_not_print_stands_in_no_table(view: ChapterView) -> None:
    """Numbers stay masked, internal spaces are cited by their stored copy alone, offices stand for people."""
    text = "The budget of the members' room is 4200 dollars"
    inside = build_chapter(lakeside(findings=(finding(PHONE, text, "4200", account_key=GROUP),)))
    for body in (findings_csv(inside), unpacked(findings_xlsx(inside))):
        assert b"4200" not in body
        assert inside.posts[0].quotes[0].capture.encode() in body
    for body in (findings_csv(view), unpacked(findings_xlsx(view))):
        assert "███ ███-██42".encode() in body
        assert b"Ines Fonseca" not in body
        assert b"@lakeside.example" not in body


def test_an_account_known_by_its_notes_alone_has_its_rows(view: ChapterView) -> None:
    """Of a month in which nobody was asked, a table still says what is known of the account's access."""
    [account, *others] = view.accounts
    unasked = replace(account, asked=(), notes=("The token is dead since August.",))
    _, coverage, _ = tables_of(replace(view, accounts=(unasked, *others)))
    own = [(row[0], row[-1]) for row in coverage.rows if row[0] == account.label]
    assert [(account.label, "The token is dead since August.")] == own


def unpacked(body: bytes) -> bytes:
    """All parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return b"\n".join(parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    """The CSV's cells begin with an apostrophe, the workbook's are text; neither holds a link to follow."""
    view = with_text(text)
    written = [
        cell for row in csv.reader(io.StringIO(findings_csv(view).decode("utf-8-sig"), newline="")) for cell in row
    ]
    cells = [cell for sheet in sheets_of(findings_xlsx(view)) for row in sheet.iter_rows() for cell in row]

    assert [] == [cell for cell in written if cell.lstrip(" ")[:1] in set("=+-@\t\r\uff1d\uff0b\uff0d\uff20") and cell]
    assert [] == [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("text", ["NA", "00123", "1e5", "TRUE", "2026-10-01", "(=1)", "a=b", "", "'quoted"])
def test_what_only_looks_odd_stays(text: str) -> None:
    """The near-misses: not every sign is a formula, and nothing is made into a number or nothing."""
    assert text == safe_cell(text)


@pytest.mark.parametrize("text", ["NA", "00123", "1e5", "TRUE"])
def test_texts_stay_texts(text: str) -> None:
    """A name that looks like a number or like nothing comes back as it was."""
    view = build_chapter(lakeside())
    view = replace(view, fixed=(), counts=replace(view.counts, fixed=0))
    view = replace(view, set_aside=tuple(replace(one, note=text) for one in view.set_aside))
    sheet = sheets_of(findings_xlsx(view)).worksheets[0]

    assert text == rows_of(findings_csv(view))[-1]["Note of the decision"]
    assert [text] == [
        cell.value for row in sheet.iter_rows(min_row=sheet.max_row) for cell in row if cell.value == text
    ]


def test_the_workbook_is_ready_to_work_with(view: ChapterView) -> None:
    """Heads frozen, filters over all rows, days that sort as days, numbers that add up."""
    book = sheets_of(findings_xlsx(view))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    first: dict[Any, Any] = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))

    assert ["Findings", "What was looked at", "What was not judged"] == book.sheetnames
    assert {"A2"} == {one.freeze_panes for one in book}
    assert f"A1:V{sheet.max_row}" == sheet.auto_filter.ref
    assert ("2026-10-21T00:00:00", "2026-11-03T00:00:00", 1) == (
        first["Found on"].isoformat(),
        first["By when"].isoformat(),
        first["No."],
    )
    assert all(8 <= column.width <= 61 for column in sheet.column_dimensions.values())


def test_a_network_has_its_chapters_and_what_they_share(network: RollupView) -> None:
    """Every chapter, those whose report failed too, though the roll-up prints only the first of a large network."""
    rows = rows_of(findings_csv(network))
    titles = [table.title for table in tables_of(network)]

    assert 61 + 1 == len(rows)
    assert ["Lakeside Chapter", "No memory."] == [rows[0]["Chapter"], rows[-1]["Status"]]
    assert titles == sheets_of(findings_xlsx(network)).sheetnames
    assert "Clauses in common" in titles


def test_the_workbook_keeps_what_the_roll_up_promises() -> None:
    """Whatever the roll-up cuts with "stand in the attached workbook" stands there whole: every list, every rule."""
    inputs = large_network(240, suppressed=suppressions(12))
    view = build_rollup(inputs)
    book = sheets_of(findings_xlsx(view))
    rows = {sheet.title: sheet.max_row - 1 for sheet in book}

    assert {
        "Chapters": 240,
        "Clauses in common": len(view.systemic),
        "Who could not be seen": len(view.access),
        "Access that ends": len(view.ending),
        "Accounts gone silent": len(inputs.dormant),
        "Unregistered accounts": len(inputs.unregistered),
        "Rules": len(inputs.rules),
        "Findings held back": len(inputs.suppressed),
    } == rows
    assert min(rows.values()) > 10


def test_a_very_bad_month_says_what_it_leaves_out() -> None:
    """A table is as long as the report's lists; what they leave out is counted in it."""
    many = tuple(finding(PHONE, f"call 555-{number:04}", "555") for number in range(300))
    rows = rows_of(findings_csv(build_chapter(quiet(findings=many))))

    assert (241, "60 further findings are not listed") == (len(rows), rows[-1]["Finding"])


def test_nothing_a_stranger_writes_breaks_a_file() -> None:
    """NUL, halves of surrogates, noncharacters, signs of Excel's own escape, a note of 40,000 letters."""
    view = build_chapter(lakeside())
    hostile = "a\x00b\x1bc\ud800d\ufffee_x0041_\u202ef" + "z" * 40_000
    view = replace(
        view,
        chapter_name=hostile,
        posts=tuple(replace(post, account=hostile, permalink=hostile) for post in view.posts),
    )
    rows = rows_of(findings_csv(view))
    book = sheets_of(findings_xlsx(view))
    accounts = [row[6].value for row in book.worksheets[0].iter_rows(min_row=2, max_row=2)]

    assert view.counts.standing == sum(row["Listed under"] == "Findings in full" for row in rows)
    assert CELL_LIMIT == len(rows[0]["Account"]) == len(str(accounts[0]))
    assert "\x00" not in rows[0]["Account"]
    assert str(accounts[0]).startswith("a\ufffdb\ufffdc\ufffdd\ufffde_x0041_")


def test_the_same_view_gives_the_same_bytes(view: ChapterView, network: RollupView) -> None:
    """No clock, no order of a set: equal views are equal files."""
    again = build_chapter(lakeside())

    assert (findings_csv(view), findings_xlsx(view)) == (findings_csv(again), findings_xlsx(again))
    assert findings_xlsx(network) == findings_xlsx(replace(network))
    with zipfile.ZipFile(io.BytesIO(findings_xlsx(view))) as parts:
        assert {(1980, 1, 1, 0, 0, 0)} == {part.date_time for part in parts.infolist()}
        assert b"2026-11-01T" in parts.read("docProps/core.xml")


@pytest.mark.parametrize("language", [language for language in languages() if language != FALLBACK])
def test_tables_speak_the_reports_language(view: ChapterView, language: str) -> None:
    """Heads and names of sheets come from the catalogues."""
    names = {table.title for table in tables_of(replace(view, language=language))}

    assert 3 == len(names)
    assert not names & {table.title for table in tables_of(view)}


@pytest.mark.parametrize("language", languages())
def test_no_name_of_a_sheet_is_cut(view: ChapterView, network: RollupView, language: str) -> None:
    """Excel takes 31 letters and none of its own signs."""
    for one in (replace(view, language=language), replace(network, language=language)):
        assert [table.title for table in tables_of(one)] == sheets_of(findings_xlsx(one)).sheetnames


def test_the_tables_lie_beside_the_pdf_and_in_it(view: ChapterView, tmp_path: Path) -> None:
    """The same bytes at both places, with the date of the month and the relation an archive asks for."""
    answer = render_chapter(view, tmp_path)
    pdf = PdfReader(answer.pdf_path)
    files = {answer.csv_path.name: answer.csv_path.read_bytes(), answer.xlsx_path.name: answer.xlsx_path.read_bytes()}

    assert isinstance(answer, Rendered)
    assert files == {name: body[0] for name, body in pdf.attachments.items()}
    assert (findings_csv(view), findings_xlsx(view)) == (files[answer.csv_path.name], files[answer.xlsx_path.name])
    named_files = [reference.get_object() for reference in pdf.trailer["/Root"]["/AF"]]
    assert ["/Data", "/Data"] == [one["/AFRelationship"] for one in named_files]
    assert {"D:20261101050000Z"} == {str(one["/EF"]["/F"]["/Params"]["/CreationDate"]) for one in named_files}


def test_a_decision_is_told_with_its_note() -> None:
    """What a person decided stands beside the finding it was about."""
    text = "call 555-0100"
    one = finding(PHONE, text, "555-0100")
    decided = Decision(DispositionState.CONFIRMED, "Seen.", "reviewer", datetime(2026, 10, 20).astimezone())
    rows = rows_of(findings_csv(build_chapter(quiet(findings=(one,), dispositions={one.key: (decided,)}))))

    assert "Seen." == rows[0]["Note of the decision"]


def test_a_suppression_stands_in_the_workbook_with_its_decision() -> None:
    """Rule, place, number, reason, author and last day, the day as a day."""
    sheet = sheets_of(findings_xlsx(build_rollup(large_network(4, suppressed=suppressions(1)))))["Findings held back"]
    heads, row = sheet.iter_rows(values_only=True)

    assert ("No.", "Rule", "Where", "Findings", "Why", "Decided by", "Until") == heads
    assert (1, "X @ala001 of Copper Canyon Chapter", 2) == (row[0], row[2], row[3])
    assert ("Dana, communications office", "2027-01-31") == (row[5], row[6].date().isoformat())
