# ruff: noqa: RUF001 - reports print typographic signs, and the tests name them as they are printed
"""The PDF as a reader's program sees it: whole, tagged, the same twice; and what happens when it cannot be drawn."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from chapterwatch.errors import RenderFailed
from reports.network import RollupInputs, build_rollup
from reports.press import TEMPLATES, bundled
from reports.render import Limits, Rendered, render_batch, render_chapter, safe_link
from reports.text import Excerpt
from reports.view import ChapterView, build_chapter
from tests.reports.factory import association, date, finding, lakeside, named, quiet

PHONE = "ala.private_data.phone"
ROOT = Path(__file__).resolve().parents[2]


def text_of(path: Path) -> str:
    """The text of all pages, white space made single and invisible break places removed."""
    pages = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    return " ".join(pages.replace("\u200b", "").split())


def tags_of(path: Path) -> list[DictionaryObject]:
    """Every element of the tag tree."""
    found: list[DictionaryObject] = []
    todo = [PdfReader(path).trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        item = todo.pop().get_object()
        if isinstance(item, DictionaryObject):
            found.append(item)
            kids = item.get("/K", [])
            todo.extend(kids if isinstance(kids, list) else [kids])
    return found


@pytest.fixture(scope="module")
def views() -> list[ChapterView]:
    return [build_chapter(lakeside()), build_chapter(named(quiet(), "ala-harbor", "Harbor Chapter"))]


@pytest.fixture(scope="module")
def reports(views: list[ChapterView], tmp_path_factory: pytest.TempPathFactory) -> list[Rendered]:
    inputs = RollupInputs(
        association=association(),
        period="2026-10",
        chapters=tuple(views),
        issued_on=date(2026, 11, 3),
        code_version="1",
    )
    answers = render_batch([*views, build_rollup(inputs)], tmp_path_factory.mktemp("reports"))
    return [answer for answer in answers if isinstance(answer, Rendered)]


def test_a_batch_answers_in_order_under_ascii_names(reports: list[Rendered]) -> None:
    """One press, three reports, nothing left over beside them."""
    assert ["ala-lakeside-2026-10-r1", "ala-harbor-2026-10-r1", "ala-all-2026-10-r1"] == [
        report.pdf_path.stem for report in reports
    ]
    assert 12 == len(list(reports[0].pdf_path.parent.iterdir()))
    assert hashlib.sha256(reports[0].pdf_path.read_bytes()).hexdigest() == reports[0].pdf_sha256


def test_the_pdf_says_what_it_is(reports: list[Rendered]) -> None:
    """Title, author, language, tags and the accessibility claim are there for a reader's program."""
    pdf = PdfReader(reports[0].pdf_path)
    root = pdf.trailer["/Root"]

    assert "Lakeside Chapter: social media report, October 2026" == pdf.metadata.title
    assert "Association of Legal Administrators" == pdf.metadata.author
    assert "en" == root["/Lang"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/TD", "/Link", "/Figure", "/BlockQuote"} <= {
        str(tag.get("/S")) for tag in tags_of(reports[0].pdf_path)
    }


def test_every_drawing_has_its_words(reports: list[Rendered]) -> None:
    """Each figure carries a text alternative, the chart the numbers it draws."""
    alternatives = [str(tag["/Alt"]) for tag in tags_of(reports[0].pdf_path) if tag.get("/S") == "/Figure"]

    assert all(alternatives)
    assert "Critical" in alternatives
    assert [text for text in alternatives if "11 of 31 days" in text]
    assert [text for text in alternatives if "7.5 findings per 100 posts" in text]


def test_table_heads_say_what_they_head(reports: list[Rendered]) -> None:
    """A screen reader is told whether a head heads its column or its row."""
    heads = [tag for tag in tags_of(reports[0].pdf_path) if tag.get("/S") == "/TH"]

    scopes = [str(head["/A"]["/Scope"]) for head in heads]

    assert {"/Column", "/Row"} == set(scopes)
    assert 8 == scopes.count("/Row")


def test_bookmarks_lead_to_sections_and_findings(reports: list[Rendered]) -> None:
    """The outline is the report's order: sections, severities, findings."""
    outline = PdfReader(reports[0].pdf_path).outline
    titles = [str(entry.title) for entry in flattened(outline)]

    assert "Lakeside Chapter" == titles[0]
    for expected in ("Findings in full", "A private telephone number is posted", "How this report is made"):
        assert expected in titles


def flattened(entries: list) -> list:
    return [one for entry in entries for one in (flattened(entry) if isinstance(entry, list) else [entry])]


def test_page_one_answers_everything(reports: list[Rendered]) -> None:
    """Status, what to do, by when, what could not be seen and why: on the first page."""
    front = " ".join(PdfReader(reports[0].pdf_path).pages[0].extract_text().split())

    for expected in (
        "3 findings and 2 questions to look at, 1 of them critical. 1 of 3 accounts was seen only in part.",
        "Read the post today.",
        "Communications chair 3 November",
        "posts, 12–31 October; profile",
        "The platform refused our access: it expired or was revoked.",
        "Conference hashtags were used",
        "7.5 findings per 100 posts, up from 4.7 in September",
    ):
        assert expected in front


def test_every_finding_is_in_the_text(reports: list[Rendered], views: list[ChapterView]) -> None:
    """Title, excerpt, clause, reason, remedy and capture of each finding can be read and searched."""
    text = text_of(reports[0].pdf_path)
    for post in views[0].posts:
        for quote in post.quotes:
            assert " ".join(quote.text.split()) in text
            assert quote.capture[:16] in text
        for one in post.findings:
            for expected in (one.title, one.clauses[0].quote, one.reason, one.remedy, one.key):
                assert " ".join(expected.split()) in text


def test_a_post_with_several_findings_is_quoted_once(tmp_path: Path) -> None:
    """Two findings, one quotation, one clause quotation; each can be linked to and says which words it is about."""
    text = "Ask Dana on 555 or 556 before Thursday."
    pair = (finding(PHONE, text, "555", key="a" * 64), finding(PHONE, text, "556", key="b" * 64))
    answer = render_chapter(build_chapter(quiet(findings=pair)), tmp_path)
    html, printed = answer.html_path.read_text("utf-8"), text_of(answer.pdf_path)

    assert 1 == printed.count(text)
    assert 1 == printed.count("Avoid giving out personal information about yourself")
    assert ["555", "556"] == re.findall(r"<mark>(\w+)</mark>", html)
    assert ["555", "556"] == re.findall(r"<mark><bdi>(\w+)</bdi></mark>", html)
    assert ["finding-1", "finding-2"] == re.findall(r'id="(finding-\d)"', html)


def test_no_heading_stands_alone_at_the_foot_of_a_page(tmp_path: Path) -> None:
    """A post's heading and quotation stay with its first finding, and no page but the last is nearly empty."""
    rules = ("ala.threat", PHONE, "ala.heated")
    texts = [f"Post {n}. " + "Some words about the office. " * (n % 5) for n in range(9)]
    many = tuple(finding(rule, text, "Post", subject_id=text) for text in texts for rule in rules)
    answer = render_chapter(build_chapter(quiet(findings=many)), tmp_path)
    pages = [page.extract_text() for page in PdfReader(answer.pdf_path).pages]
    ends = [" ".join(page.split("Confidential.")[0].split()[-6:]) for page in pages]

    assert [] == [end for end in ends if re.search(r"Post on X|Stored copy \w+$|Open the post$", end)]
    assert min(len(page) for page in pages[:-1]) > 900


def test_running_heads_and_page_numbers_are_short(reports: list[Rendered]) -> None:
    """Chapter and month above, confidence and page below, from page two on."""
    pages = PdfReader(reports[0].pdf_path).pages
    second = pages[1].extract_text()

    assert "Lakeside Chapter · October 2026" in second
    assert f"Page 2 of {len(pages)}" in second
    assert "Confidential. For chapter leadership and headquarters." in second
    assert 4 <= len(pages) <= 7


def test_paper_size(reports: list[Rendered]) -> None:
    """Letter for a chapter in the United States."""
    box = PdfReader(reports[0].pdf_path).pages[0].mediabox

    assert (612, 792) == (round(box.width), round(box.height))


def test_only_bundled_fonts_draw_latin_text(reports: list[Rendered]) -> None:
    """The quiet report is set in the two bundled families alone, each embedded."""
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in PdfReader(reports[1].pdf_path).pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert fonts
    assert [] == [name for name in fonts if not name.startswith("Source")]


def test_the_html_version_is_the_same_report(reports: list[Rendered]) -> None:
    """The page beside the PDF says the same and asks nothing of the network."""
    html = reports[0].html_path.read_text("utf-8")

    assert "1 of 3 accounts was seen only in part" in html
    assert [] == re.findall(r"<(?:link|script|img|iframe|object)\b|url\(|@import", html)


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Two processes with different hash seeds, clocks apart: identical PDF and HTML."""
    program = (
        "import sys; from pathlib import Path; from tests.reports.factory import lakeside;"
        "from reports.view import build_chapter; from reports.render import render_chapter;"
        "print(render_chapter(build_chapter(lakeside()), Path(sys.argv[1])).pdf_sha256)"
    )
    digests = set()
    for seed in ("1", "77"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
        command = [sys.executable, "-c", program, str(tmp_path / seed)]
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
        digests.add(done.stdout.strip())
    pages = {(tmp_path / seed / "ala-lakeside-2026-10-r1.html").read_bytes() for seed in ("1", "77")}

    assert (1, 1) == (len(digests), len(pages))


def test_a_report_does_not_depend_on_its_neighbours(views: list[ChapterView], tmp_path: Path) -> None:
    """Alone, first or last in a batch: the same bytes, whatever text another report has made the fonts do."""
    text = "👩‍👩‍👧‍👦" * 40 + "مرحبا" + "九月"
    neighbour = replace(with_excerpt(views[0], text), chapter_id="ala-next")
    alone = render_chapter(views[1], tmp_path / "alone").pdf_sha256
    first, _ = render_batch([views[1], neighbour], tmp_path / "first")
    _, last = render_batch([neighbour, views[1]], tmp_path / "last")

    assert isinstance(first, Rendered)
    assert isinstance(last, Rendered)
    assert {alone} == {first.pdf_sha256, last.pdf_sha256}


def test_a_very_bad_month_stays_readable(tmp_path: Path) -> None:
    """Forty findings in full, the others one line each, and the numbers of all of them."""
    many = tuple(finding("ala.private_data.phone", f"call 555-{number:04}", "555") for number in range(130))
    view = build_chapter(quiet(findings=many))
    answer = render_chapter(view, tmp_path)

    assert (130, 40, 90) == (view.counts.standing, len(view.posts), len(view.beyond))
    assert 200 > len(PdfReader(answer.pdf_path).pages) > 10
    assert "130 findings to look at." in text_of(answer.pdf_path)


# --- limits ---------------------------------------------------------------------------------------------------------


def with_excerpt(view: ChapterView, text: str) -> ChapterView:
    """A view whose first finding holds an excerpt nothing has capped."""
    first = view.posts[0]
    bomb = replace(first.quotes[0], parts=(Excerpt(before=text, hit="", after=""),))
    return replace(view, posts=(replace(first, quotes=(bomb,)), *view.posts[1:]))


def test_a_report_that_takes_too_long_gets_placeholders_and_the_others_do_not(
    views: list[ChapterView], tmp_path: Path
) -> None:
    """One bad report is ended and made again with a visible placeholder; the rest of the batch is whole."""
    bad = with_excerpt(views[0], "word " * 120_000)
    other = replace(views[1], chapter_id="ala-second")
    answers = render_batch([views[1], bad, other], tmp_path, Limits(cpu_seconds=6))

    assert [False, True, False] == [isinstance(one, Rendered) and one.placeholders for one in answers]
    text = text_of(tmp_path / "ala-lakeside-2026-10-r1.pdf")
    capture = bad.posts[0].quotes[0].capture[:16]
    assert f"This text could not be drawn; see the archive, stored copy {capture}." in text
    assert "word word" not in text
    assert "Carpool" not in text


def test_a_press_without_memory_ends_in_render_failed(views: list[ChapterView], tmp_path: Path) -> None:
    """If not even placeholders help there is no PDF, no half file, and an error that names the report only."""
    with pytest.raises(RenderFailed):
        render_chapter(views[1], tmp_path, Limits(memory_bytes=64 * 1024**2))

    assert [] == list(tmp_path.iterdir())


def test_a_wall_clock_limit_ends_a_press_too(views: list[ChapterView], tmp_path: Path) -> None:
    """A report that cannot be made within its time at all fails by its own name."""
    with pytest.raises(RenderFailed, match="ala-lakeside-2026-10-r1"):
        render_chapter(with_excerpt(views[0], "word " * 40_000), tmp_path, Limits(wall_seconds=0.05))


def test_importing_the_room_does_not_import_weasyprint() -> None:
    """The command line and DAG parsing stay light: only the press loads it."""
    program = "import sys, reports.view, reports.render, reports.mail; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "False" == done.stdout.strip()


# --- what may be fetched and linked -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        f"file://{TEMPLATES}/../press.py",
        f"file://{TEMPLATES}/fonts/../../../pyproject.toml",
        f"file://elsewhere.example{TEMPLATES}/css/page.css",
        f"file://{TEMPLATES}/chapter.html.j2",
        "http://169.254.169.254/latest/meta-data/",
        "ftp://host.example/a.css",
        "gopher://x",
    ],
)
def test_nothing_but_bundled_files_can_be_fetched(url: str) -> None:
    """Outside the bundled style sheets and fonts, a report's world is empty."""
    assert bundled(url) is None


def test_the_bundled_style_sheet_can_be_fetched() -> None:
    """The near-miss of the rule above."""
    assert TEMPLATES / "css" / "page.css" == bundled((TEMPLATES / "css" / "page.css").as_uri())


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://x.com/ala_lakeside/status/1", True),
        ("http://www.facebook.com/p/1?x=1#a", True),
        ("mailto:marketing@alanet.org", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("java\tscript:alert(1)", False),
        (" https://x.com", False),
        ("https://x.com\n.evil.example", False),
        ("https://x.com@evil.example/", False),
        ("https:///nohost", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//evil.example", False),
        ('https://x.com/"onmouseover="x', False),
        ("https://[half", False),
        ("", False),
        (None, False),
    ],
)
def test_links_are_parsed_before_they_are_links(url: str | None, safe: bool) -> None:
    """http, https and mailto pass when plain; everything else is printed as text."""
    assert (url if safe else "") == safe_link(url)
