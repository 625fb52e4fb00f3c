# ruff: noqa: RUF001 - reports print typographic signs, and the tests name them as they are printed
"""Whatever strangers put into posts, names and links: it is drawn whole, asks nobody anything, and does nothing."""

from __future__ import annotations

import threading
import unicodedata
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pikepdf.pdfa import validate_written
from pypdf import PdfReader

from reports.press import TEMPLATES
from reports.render import Limits, Rendered, _run_press, html_of, render_batch
from reports.view import Change, ChapterInputs, build_chapter
from tests.reports.factory import FACEBOOK, Decision, DispositionState, X, finding, lakeside, named, quiet
from tests.reports.test_fonts import NOT_KNOWN

MARKUP = (
    "<script>alert(1)</script>{{{{ 7*7 }}}}{{% raw %}}<img src='{url}/img.png'><link rel=attachment href='file:///etc/hostname'>"
    "<link rel=stylesheet href='{url}/a.css'><svg><image href='{url}/b.svg'/></svg></bdi></blockquote>"
    '"><style>@import url({url}/c.css);*{{display:none}}</style>'
)
POSTS = {
    "long": "A" * 63_206,
    "zalgo": "Z" + "\u0335\u0321\u0489" * 90 + "algo",
    "bidi": "pay \u202egnihton\u202c \u2066now\u2069 " * 30,
    "nul": "one\x00two\x1bthree\ud800four\ufffefive",
    "rtl": "تعالوا إلى الاجتماع يوم الخميس في المكتب الجديد",
    "emoji": "👩‍👩‍👧‍👦" * 60 + "🏳️‍🌈🇩🇪👍🏿",
    "lines": "a\n" * 5000,
    "css": "expression(alert(1)); background:url(http://127.0.0.1/x); content: '\\0041'",
    "word": "Kläranlage" * 1000,
    "han word": "会議" * 5000,
    "marks": "ก็" * 3000,
    "private": "\ue000\U0010fffd" * 40 + "\u2d63",
    "formula": '=HYPERLINK("http://127.0.0.1/x";"open")',
    "entities": "&lt;b&gt; &amp;amp; &#x41; ]]> --> <!-- <![CDATA[",
}
LINKS = ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,<b>", "https://x.com@evil.example/")


class Counter(BaseHTTPRequestHandler):
    """Counts who asks."""

    hits: list[str]

    def do_GET(self) -> None:
        """Count, and answer."""
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    handler = type("Counting", (Counter,), {"hits": []})
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", handler.hits
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def hostile(url: str) -> ChapterInputs:
    """A chapter in which every place a stranger can write to is hostile."""
    markup = MARKUP.format(url=url)
    texts = [*POSTS.values(), markup, markup[::-1]]
    findings = tuple(
        finding("ala.private_data.phone", text, text[:5], reason=text[:300], account_key=FACEBOOK) for text in texts
    )
    change = Change(
        account_key=X,
        subject_id="c",
        kind="edited",
        at=datetime(2026, 10, 3, tzinfo=UTC),
        before_excerpt=markup,
        after_excerpt=POSTS["bidi"],
        permalink=LINKS[0],
    )
    decided = Decision(DispositionState.CONFIRMED, markup, "<i>reviewer</i>", datetime(2026, 10, 4, tzinfo=UTC))
    return lakeside(
        findings=findings,
        changes=(change,),
        dispositions={findings[0].key: (decided,)},
        handles={X: markup, FACEBOOK: "\u202e</td>" + POSTS["zalgo"]},
        permalinks={one.subject_id: LINKS[number % len(LINKS)] for number, one in enumerate(findings)},
    )


def test_hostile_posts_are_harmless_and_complete(server: tuple[str, list[str]], tmp_path: Path) -> None:
    """Every finding is in the PDF, nothing was fetched, no link but ours, no attachment, no script, no local file."""
    url, hits = server
    view = build_chapter(named(hostile(url), "ala-x", "<b>Chapter</b> & Söhne"))
    answer = render_batch([view], tmp_path, Limits(cpu_seconds=40))[0]

    assert isinstance(answer, Rendered)
    assert not answer.placeholders
    pdf = PdfReader(answer.pdf_path)
    text = readable(pdf)
    assert len(POSTS) + 2 == text.count("What to do. Remove the number")
    assert 40 > len(pdf.pages) > len(POSTS) // 3
    assert len(POSTS) + 2 == answer.csv_path.read_text("utf-8-sig").count('"Findings in full"')
    for expected in ("<script>alert(1)</script>", "{{ 7*7 }}", "‹RLO›", "‹NUL›two", "‹D800›", "<b>Chapter</b> & Söhne"):
        assert expected in text
    assert [] == hits
    assert {answer.csv_path.name, answer.xlsx_path.name} == set(pdf.attachments)
    assert [] == [target for target in targets(pdf) if not target.startswith("#")]
    assert [] == [one for one in validate_written(answer.pdf_path, "3b").findings if one.rule not in NOT_KNOWN]
    raw = answer.pdf_path.read_bytes()
    assert [] == [sign for sign in (b"/JavaScript", b"/JS ", b"/Launch") if sign in raw]
    assert Path("/etc/hostname").read_text().strip() not in text.replace("/etc/hostname", "")


def readable(pdf: PdfReader) -> str:
    """The text of all pages in one line.

    pypdf reads a font's Latin letters as two bytes each as soon as one sign of it lies beyond the first plane;
    other readers do not. None of ours is a NUL, for those are shown by name.
    """
    text = " ".join(page.extract_text() for page in pdf.pages)
    return " ".join(text.replace("\x00", "").replace("\u200b", "").split())


def targets(pdf: PdfReader) -> list[str]:
    """Where the links of a PDF lead; inner ones begin with `#`."""
    found = []
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            found.append(str(action["/URI"]) if "/URI" in action else "#")
    return found


def test_a_good_link_is_a_link(tmp_path: Path) -> None:
    """The near-miss: an address of the platform stays clickable."""
    answer = render_batch([build_chapter(lakeside())], tmp_path)[0]

    assert isinstance(answer, Rendered)
    assert [
        target for target in targets(PdfReader(answer.pdf_path)) if target.startswith("https://x.com/ala_lakeside/")
    ]


def test_the_fetcher_has_teeth(server: tuple[str, list[str]], tmp_path: Path) -> None:
    """Even if escaping failed one day, nothing leaves: raw markup put into the page still asks nobody."""
    url, hits = server
    raw = html_of(build_chapter(quiet())).replace(
        "</main>", f"<img src='{url}/a.png'><link rel=attachment href='file:///etc/hostname'></main>"
    )
    page, pdf = tmp_path / "a.html", tmp_path / "a.pdf"
    page.write_text(raw, encoding="utf-8")

    _run_press([{"html": str(page), "pdf": str(pdf), "epoch": 0}], Limits())
    assert [] == hits
    assert b"/EmbeddedFile" not in pdf.read_bytes()
    # And the server does count when asked.
    urllib.request.urlopen(f"{url}/proof").close()
    assert ["/proof"] == hits


@pytest.mark.parametrize("name", POSTS)
def test_each_hostile_post_leaves_a_page_that_can_be_read(name: str) -> None:
    """In the HTML, too, no control, no bidi override and no unpaired surrogate is left."""
    text = POSTS[name]
    view = build_chapter(quiet(findings=(finding("ala.private_data.phone", text, text[:3]),)))
    page = html_of(view)

    assert page == page.encode("utf-8").decode("utf-8")
    assert not {unicodedata.category(char) for char in page.replace("\n", "")} & {"Cc", "Cs"}
    assert not set(page) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    assert len(page) < 200_000


def test_a_name_the_view_forgot_to_clean_does_not_end_the_report() -> None:
    """The last door scrubs what nobody cleaned, so that one half surrogate costs a sign and not the report."""
    view = replace(build_chapter(quiet()), contact="half \ud800", chapter_name="Half \ud800\x00")

    assert "Half \ufffd\ufffd" in html_of(view)


def test_canary_a_chapters_words_stand_in_its_own_report_only(tmp_path: Path) -> None:
    """Two chapters in one press: neither report holds a word of the other."""
    ours = quiet(findings=(finding("ala.private_data.phone", "our canary is Xylophon", "Xylophon"),))
    theirs = quiet(findings=(finding("ala.private_data.phone", "their canary is Quokka", "Quokka"),))
    answers = render_batch(
        [build_chapter(named(ours, "ala-a", "A Chapter")), build_chapter(named(theirs, "ala-b", "B Chapter"))], tmp_path
    )
    texts = [
        " ".join(page.extract_text() for page in PdfReader(one.pdf_path).pages)
        for one in answers
        if isinstance(one, Rendered)
    ]

    assert [(True, False), (False, True)] == [("Xylophon" in text, "Quokka" in text) for text in texts]


def test_templates_folder_is_where_the_press_looks() -> None:
    """The base of relative addresses is the bundled folder, which holds nothing secret."""
    assert {".woff2", ".gz", ".json", ".conf", ".txt", ".md", ".css", ".j2"} == {
        path.suffix for path in TEMPLATES.rglob("*") if path.is_file()
    }
