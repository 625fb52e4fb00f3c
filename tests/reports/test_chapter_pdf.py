"""The chapter's report as a reader's program sees it: what stands where, as what, and on which page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from chapterwatch.policy import POLICIES, load_pack
from reports.facts import ChapterInputs
from reports.render import Rendered, render_batch
from reports.view import build_chapter
from tests.reports.factory import (
    FACEBOOK,
    X,
    account,
    association,
    chapter,
    digest,
    finding,
    full,
    lakeside,
    named,
    quiet,
    runs,
)
from tests.reports.test_render import tags_of, text_of

PACKS = {"ala": ("ALA-05", "ALA-31"), "lll": ("LLL-27", "LLL-29")}


def under(pack: str) -> ChapterInputs:
    """A quiet month under a real pack."""
    return named(quiet(pack=load_pack(pack, POLICIES)), f"{pack}-quiet", "Quiet Chapter")


def many() -> ChapterInputs:
    """Sixty findings."""
    rules = ("ala.threat", "ala.private_data.phone", "ala.heated")
    posts = tuple(finding(rules[at % 3], f"Post {at}: tell the party that gave us fees", "party") for at in range(60))
    return named(replace(full(), findings=(*full().findings, *posts)), "many", "Many Chapter")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    cases = {"full": full(), "many": many(), **{name: under(name) for name in PACKS}}
    drawn = render_batch([build_chapter(one) for one in cases.values()], tmp_path_factory.mktemp("chapter"))
    return {name: one for name, one in zip(cases, drawn, strict=True) if isinstance(one, Rendered)}


def front(report: Rendered) -> str:
    return " ".join(PdfReader(report.pdf_path).pages[0].extract_text().split())


def test_all_are_drawn(printed: dict[str, Rendered]) -> None:
    """Every case is drawn, none with placeholders."""
    assert {"full": False, "many": False, "ala": False, "lll": False} == {
        name: one.placeholders for name, one in printed.items()
    }


@pytest.mark.parametrize("name", ["full", "many"])
def test_page_one_holds_the_summary_whole(printed: dict[str, Rendered], name: str) -> None:
    """Status, last month's numbers, the comparison, what to do, what was not seen and what went well: one page."""
    text = front(printed[name])

    for expected in (
        "2 in September",
        "of 7 chapters that posted about as much",
        "What to do, by when",
        "What could not be seen or judged",
        "The platform refused our access",
        "What went well",
        "See what was not judged",
    ):
        assert expected in text
    assert "Findings in full" not in text


def test_a_reply_and_its_outcome_are_printed(printed: dict[str, Rendered]) -> None:
    """The chapter's own words stand in the report, with what headquarters made of them."""
    text = text_of(printed["full"].pdf_path)

    for expected in (
        "The chapter’s appeal (President, 25 October): It was a joke between friends;",  # noqa: RUF001
        "Outcome: headquarters keeps the finding. A reader outside the chapter cannot know that.",
        "The chapter’s reply (Webmaster, 26 October): We added a note.",  # noqa: RUF001
        "Outcome: not decided yet.",
    ):
        assert expected in text


def test_headings_skip_no_level(printed: dict[str, Rendered]) -> None:
    """Section, severity, post, finding: PDF/UA-1 7.4.2 lets no level be left out on the way down."""
    html = printed["full"].html_path.read_text(encoding="utf-8")
    levels = [int(part[0]) for part in html.split("<h")[1:] if part[0].isdigit()]

    assert {1, 2, 3, 4, 5} == set(levels)
    assert all(later <= level + 1 for level, later in pairwise(levels))


def test_the_tables_are_tables(printed: dict[str, Rendered]) -> None:
    """What to do, the matrix and the measure of rules are told to a screen reader as tables with heads."""
    tags = [str(tag.get("/S")) for tag in tags_of(printed["full"].pdf_path)]
    text = text_of(printed["full"].pdf_path)

    assert tags.count("/Table") >= 9
    assert "What rules look for X @ala_lakeside Facebook / alalakeside Facebook Lakeside members Why not all" in text
    assert "Rule Clause Found here Right Between" in text


@pytest.mark.parametrize("name", PACKS)
def test_responsibility_and_contact_are_printed(printed: dict[str, Rendered], name: str) -> None:
    """ALA-05 and ALA-31, LLL-27 and LLL-29: clauses whose lane is `print`, with the pack's version and contact."""
    text, pack = text_of(printed[name].pdf_path), load_pack(name, POLICIES)

    for clause_id in PACKS[name]:
        clause = pack.clauses[clause_id]
        assert f"Clause {clause_id}, {clause.title}." in text
        assert " ".join((clause.print or "").split()) in text
    assert f"{name}, version {pack.version}" in text
    assert pack.contact in text


def test_a_page_that_begins_within_a_post_names_it_in_its_head(tmp_path: Path) -> None:
    """Whose the findings at its top are is said above them; one that begins with a post or a section has no need."""
    posts = [finding("ala.heated", f"Post on {key}", account_key=key) for key in (FACEBOOK, X)]
    parts = [replace(post, start=at, end=at + 1, key=digest(post.key, str(at))) for post in posts for at in range(10)]
    (report,) = render_batch([build_chapter(lakeside(findings=tuple(parts)))], tmp_path)
    pages = [page.extract_text() for page in PdfReader(report.pdf_path).pages]  # type: ignore[union-attr]
    heads = [re.search(r"October 2026 (.*)\nConfidential", page) for page in pages[1:]]

    assert [
        "Findings in full",
        "Findings in full · Post on X @ala_lakeside, 14 October, 18:05",
        "Findings in full · Post on Facebook /alalakeside, 14 October, 18:05",
        "Edits and deletions",
    ] == [head and head[1] for head in heads][:4]


def test_no_row_of_a_table_stands_alone_on_a_page(tmp_path: Path) -> None:
    """However long a table is: its first two rows stand together, and its last two."""
    mended = [
        finding("ala.heated", f"Mended {number}", closed_at=datetime(2026, 10, 20, tzinfo=UTC), closed_by="edited")
        for number in range(18)
    ]
    months = [named(quiet(findings=tuple(mended[:rows])), f"rows-{rows}", "Rows") for rows in range(14, 18)]
    drawn = render_batch([build_chapter(one) for one in months], tmp_path)
    pages = [page for one in drawn for page in PdfReader(one.pdf_path).pages]  # type: ignore[union-attr]
    counts = [rows for page in pages if (rows := page.extract_text().count("edited away"))]

    assert [14, 15, 14, 2, 15, 2] == counts


def test_what_was_asked_of_an_account_stands_on_one_page_under_its_name(tmp_path: Path) -> None:
    """Its name stands in the first of its lines alone, so no page begins with a line that has none."""
    accounts = tuple(account(f"x:{3000 + number}", f"account_{number}") for number in range(14))
    now = chapter(accounts)
    since = {"posts": 1, "profile": 2, "known_posts": 3}
    coverage = [row for one in accounts for name, day in since.items() for row in runs(one.key, name, range(day, 32))]
    inputs = quiet(chapter=now, association=association(now), coverage=tuple(coverage))
    (report,) = render_batch([build_chapter(inputs)], tmp_path)
    pages = [page.extract_text() for page in PdfReader(report.pdf_path).pages]  # type: ignore[union-attr]
    firsts = [page.split("Complete readings State\n")[-1].split("\n")[0] for page in pages if "readings State" in page]

    assert [True] * 2 == [first.startswith("X @account_") for first in firsts]


@pytest.mark.parametrize("name", ["full", "many", "ala", "lll"])
def test_no_page_is_nearly_empty(printed: dict[str, Rendered], name: str) -> None:
    """A page with two lines is one a reader turns for nothing; running head and foot are some 12 words."""
    words = [len(page.extract_text().split()) for page in PdfReader(printed[name].pdf_path).pages]

    assert min(words) > 50


def test_an_internal_space_is_cited_by_hash_and_link_alone(tmp_path: Path) -> None:
    """What an internal group wrote is not repeated, in no part of the report."""
    inside = finding("ala.heated", "secret words of the party", "party", account_key="facebook_page:7002")
    inputs = replace(full(), findings=(inside,), permalinks={inside.subject_id: "https://www.facebook.com/groups/1"})
    (report,) = render_batch([build_chapter(inputs)], tmp_path)
    text = text_of(report.pdf_path)  # type: ignore[union-attr]

    assert "secret words" not in text
    assert "Not printed here. Please read it where it stands." in text
    assert inside.capture_hash[:16] in text
    assert "https://www.facebook.com/groups/1" in report.html_path.read_text("utf-8")  # type: ignore[union-attr]
