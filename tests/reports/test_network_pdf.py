"""The roll-up as it is printed: one page of status, readable with hundreds of chapters, and by a screen reader."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from reports.network import build_rollup
from reports.network_facts import RollupView
from reports.render import html_of, render_rollup
from reports.view import build_chapter
from reports.words import load
from tests.reports.factory import association, quiet
from tests.reports.network_factory import network, of, suppressions
from tests.reports.test_render import tags_of

SIZES = (4, 12, 60, 240)


@pytest.fixture(scope="module")
def views() -> dict[int, RollupView]:
    return {size: build_rollup(network(size)) for size in SIZES}


@pytest.fixture(scope="module")
def printed(views: dict[int, RollupView], tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    home = tmp_path_factory.mktemp("network")
    return {size: render_rollup(view, home / str(size)).pdf_path for size, view in views.items()}


def pages_of(path: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


@pytest.mark.parametrize("size", SIZES)
def test_status_stands_on_page_one(size: int, views: dict[int, RollupView], printed: dict[int, Path]) -> None:
    """Status, five numbers with last month's, trend, reach and every matter that needs somebody: all on one page."""
    front, view = pages_of(printed[size])[0], views[size]
    said = [view.status.headline, view.trend.title, view.reach.title]
    said += [text for number in view.numbers for text in (number.value, number.label, number.note)]
    said += [text for one in view.attention for text in (one.what, one.who, one.by)]

    assert [] == [text for text in said if " ".join(text.split()) not in front]


@pytest.mark.parametrize(("size", "most"), [(4, 2), (12, 5), (60, 7), (240, 9)])
def test_hundreds_of_chapters_stay_readable(size: int, most: int, printed: dict[int, Path]) -> None:
    """The number of pages does not grow with the chapters, and no page is nearly empty."""
    pages = pages_of(printed[size])

    assert len(pages) <= most
    assert min(len(page) for page in pages) > 700


def test_every_printed_chapter_is_in_the_text(views: dict[int, RollupView], printed: dict[int, Path]) -> None:
    """Sixty of 240 chapters by name, and the sentence that says where the others are."""
    text = " ".join(pages_of(printed[240]))

    assert [] == [line.name for line in views[240].chapters[:60] if line.name not in text]
    assert "The 60 most pressing of 240 chapters are printed here; all of them stand in the attached workbook." in text


def test_every_drawing_says_what_it_draws(printed: dict[int, Path]) -> None:
    """Each sparkline names its chapter and its rates, each row of tiles its country and how its chapters stand."""
    told = [str(tag["/Alt"]) for tag in tags_of(printed[240]) if tag.get("/S") == "/Figure"]

    assert all(told)
    assert 100 < sum("findings per 100 posts month by month" in text for text in told)
    assert [text for text in told if re.match(r"United States: \d+ with critical findings, \d+ with high", text)]


def test_tables_have_heads_with_scope(printed: dict[int, Path]) -> None:
    """Every table is tagged, its heads say what they head and none of them is empty."""
    tags = tags_of(printed[240])
    heads = [tag for tag in tags if tag.get("/S") == "/TH"]

    assert {"/Column"} == {str(head["/A"]["/Scope"]) for head in heads}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure"} <= {str(tag.get("/S")) for tag in tags}
    assert [] == [head for head in heads if not _has_content(head)]


def _has_content(tag: DictionaryObject) -> bool:
    kids = tag.get("/K", [])
    return bool(kids)


def test_shapes_tell_stands_apart_without_colour(views: dict[int, RollupView]) -> None:
    """Every stand in the table has a shape of its own, and its word beside it."""
    html = html_of(views[240])
    cells = re.findall(r"<title>([^<]+)</title>(<path [^>]+>)</svg> ([^<]+)</td>", html)
    shapes = {title: re.search(r' d="([^"]+)"', path).group(1) for title, path, _ in cells}  # type: ignore[union-attr]

    assert len(shapes) == len(set(shapes.values())) > 1
    assert all(word.strip() for _, _, word in cells)


def test_the_same_view_gives_the_same_bytes(
    views: dict[int, RollupView], printed: dict[int, Path], tmp_path: Path
) -> None:
    """Printed again the roll-up is the same file."""
    assert printed[12].read_bytes() == render_rollup(views[12], tmp_path).pdf_path.read_bytes()


def test_a_network_without_anything_has_no_empty_table() -> None:
    """What there is nothing of is said in words: a head alone would look as if something were missing."""
    page = html_of(build_rollup(of(association(), [build_chapter(quiet())])))

    assert [] == re.findall(r"<tbody>\s*</tbody>", page)
    assert "Nobody did anything by hand in October 2026" in page
    assert "What the rules miss is not known" in page


def test_nobody_is_named(views: dict[int, RollupView], printed: dict[int, Path]) -> None:
    """Offices and chapters stand in it, never the name or address of one of their people."""
    text = " ".join(pages_of(printed[240])) + html_of(views[240])

    assert [] == [found for found in ("Ann Other", "@c2.example", ".example") if found in text]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "nl"])
def test_suppressions_are_printed_and_the_rest_is_in_the_workbook(language: str, tmp_path: Path) -> None:
    """Ten of twelve by number and reason; a table of seven columns stays within the page in every language."""
    inputs = network(12, suppressed=suppressions(12))
    view = build_rollup(replace(inputs, association=replace(inputs.association, language=language)))
    text = " ".join(pages_of(render_rollup(view, tmp_path).pdf_path))

    assert 10 == sum(f"Decision {number} of the" in text for number in range(1, 13))
    assert load(language)("network.rows.more", n=2) in text
