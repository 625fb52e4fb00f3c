# ruff: noqa: INP001, T201 - a script that prints, not part of a package
"""What a chapter's report costs: ours, the same page by WeasyPrint as it comes, by headless Chromium, and by Typst.

Run `python benchmarks/report.py [reports]` (100 unless told otherwise). The month is invented
(`tests/reports/factory.py`).
Chromium (`chromium` on the PATH) prints the very same HTML; Typst (the module `typst`, or the interpreter named by
TYPST_PYTHON) sets the same text, quotations and tables, without the charts. What is not there is left out and said.

Time is CPU time of the child processes, user and system. "first" includes starting the engine; "each further" is what
one more report costs in the same process (for Chromium: in a process of its own, which is how it prints). Ours draws
each report in a fork, so its memory is looked at twice: the largest process of a batch of ten, and of all.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

from pypdf import PdfReader

from reports.facts import ChapterView
from reports.render import Rendered, html_of, render_batch
from reports.view import build_chapter

ROOT = Path(__file__).resolve().parent.parent
#: Reports of a batch that is not about memory.
FEW = 10
#: What the rival engines do in a process of their own; `argv[1]` is the order.
PLAIN = """
import json, sys, weasyprint
for page, pdf in json.loads(sys.argv[1]):
    weasyprint.HTML(filename=page, base_url={base!r}).write_pdf(pdf, pdf_variant="pdf/ua-1")
"""
TYPST = """
import json, sys, typst
for page, pdf in json.loads(sys.argv[1]):
    typst.compile(page, output=pdf)
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds of the first report and of each further one; pages; the largest process in megabytes."""

    name: str
    first: float
    further: float
    pages: int
    megabytes: int


def main(reports: int = 100) -> None:
    """Print a table of costs and how the memory of a long batch goes."""
    # A process of its own for each: the size of the largest child is remembered for as long as its parent lives.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as apart:
        costs = [apart.submit(engine).result() for engine in ENGINES]
        _print_costs([cost for cost in costs if cost])
        few, many = (apart.submit(largest_of_batch, count).result() for count in (FEW, reports))
    print(
        f"\n{FEW} reports in one press: largest process {few} MB; {reports} reports: {many} MB ({many / few:.2f} times)"
    )


def _print_costs(costs: list[Cost]) -> None:
    ours = costs[0]
    print("| engine | pages | first, CPU-s | each further, CPU-s | ours = 1 | largest process, MB |")
    print("|---|--:|--:|--:|--:|--:|")
    for cost in costs:
        ratio = cost.further / ours.further
        print(
            f"| {cost.name} | {cost.pages} | {cost.first:.2f} | {cost.further:.2f} | {ratio:.2f} | {cost.megabytes} |"
        )


# --- engines --------------------------------------------------------------------------------------------------------


def ours() -> Cost:
    """The press: one process, a fork for each report."""
    view = _month()

    def draw(count: int) -> Path:
        drawn = render_batch([_numbered(view, number) for number in range(count)], here)[0]
        if not isinstance(drawn, Rendered):
            raise drawn
        return drawn.pdf_path

    with _folder() as here:
        return _cost("Chapterwatch", draw)


def plain() -> Cost:
    """WeasyPrint as its manual shows it, on the same page."""
    script = PLAIN.format(base=str(ROOT / "reports" / "templates") + "/")
    with _folder() as here:
        page = _put(here / "page.html", html_of(_month()))
        return _cost("WeasyPrint as it comes", lambda count: _scripted(sys.executable, script, page, count))


def chromium() -> Cost | None:
    """Debian's Chromium, which prints one page per process."""
    program = shutil.which("chromium")
    if program is None:
        return _left_out("Chromium", "no chromium on the PATH")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    with _folder() as here:
        page, pdf = _put(here / "page.html", html_of(_month())), here / "page.pdf"
        order = [program, *flags, f"--user-data-dir={here / 'profile'}", f"--print-to-pdf={pdf}", page.as_uri()]

        def draw(count: int) -> Path:
            for _ in range(count):
                subprocess.run(order, check=True, capture_output=True)  # noqa: S603 - our own page
            return pdf

        return _cost("Chromium, printing the same HTML", draw)


def typst() -> Cost | None:
    """Typst, in one process."""
    python = os.environ.get("TYPST_PYTHON", sys.executable)
    known = subprocess.run([python, "-c", "import typst"], capture_output=True, check=False)  # noqa: S603 - as above
    if known.returncode:
        return _left_out("Typst", "no module typst; name an interpreter that has it in TYPST_PYTHON")
    with _folder() as here:
        page = _put(here / "page.typ", typst_of(html_of(_month())))
        return _cost("Typst, the same text", lambda count: _scripted(python, TYPST, page, count))


ENGINES: tuple[Callable[[], Cost | None], ...] = (ours, plain, chromium, typst)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _put(page: Path, text: str) -> Path:
    page.write_text(text, encoding="utf-8")
    return page


def _left_out(name: str, why: str) -> None:
    print(f"{name} is left out: {why}", file=sys.stderr)


def _scripted(python: str, script: str, page: Path, count: int) -> Path:
    """Draw a page `count` times in one process; the first of the PDFs."""
    jobs = [(str(page), str(page.with_name(f"{number}.pdf"))) for number in range(count)]
    subprocess.run([python, "-c", script, json.dumps(jobs)], check=True, capture_output=True)  # noqa: S603 - our script
    return Path(jobs[0][1])


def typst_of(html: str) -> str:
    """The page's headings, paragraphs, quotations and tables as a Typst document; charts are left out."""
    body = re.sub(r"(?s)<(svg|style|head)\b.*?</\1>", "", html)
    lines = ['#set document(title: "report")', '#set text(lang: "en", size: 9.6pt)', "#set page(margin: 18mm)"]
    pieces = re.findall(r"(?s)<(h1|h2|h3|h4|p|blockquote|table)\b[^>]*>(.*?)</\1>", body)
    lines += [_typst_piece(tag, inner) for tag, inner in pieces]
    return "\n\n".join(lines) + "\n"


def _typst_piece(tag: str, inner: str) -> str:
    if tag == "table":
        rows = [re.findall(r"(?s)<t[hd]\b[^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"(?s)<tr>(.*?)</tr>", inner)]
        columns = max(map(len, rows), default=1)
        cells = [_typst_text(cell) for row in rows for cell in [*row, *[""] * (columns - len(row))]]
        return f"#table(columns: {columns}, {', '.join(f'[#{cell}]' for cell in cells)})"
    text = f"#{_typst_text(inner)}"
    if tag[0] == "h":
        return f"#heading(level: {tag[1]})[{text}]"
    return f"#quote(block: true)[{text}]" if tag == "blockquote" else text


def _typst_text(inner: str) -> str:
    """The plain text of a piece of HTML as a Typst string literal: nothing in it is markup."""
    return json.dumps(" ".join(unescape(re.sub(r"<[^>]*>", " ", inner)).split()), ensure_ascii=False)


# --- measuring ------------------------------------------------------------------------------------------------------


def _cost(name: str, draw: Callable[[int], Path]) -> Cost:
    """What one report costs, and what nine more add."""
    with _cpu() as first:
        pdf = draw(1)
    with _cpu() as several:
        draw(FEW)
    pages = len(PdfReader(pdf).pages)
    return Cost(name, first[0], (several[0] - first[0]) / (FEW - 1), pages, _largest())


@contextmanager
def _cpu() -> Iterator[list[float]]:
    """A list that holds the CPU seconds of the children once the block has ended."""
    spent: list[float] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield spent
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def largest_of_batch(count: int) -> int:
    """Draw a batch and return the size of its largest process in megabytes."""
    view = _month()
    with tempfile.TemporaryDirectory() as folder:
        answers = render_batch([_numbered(view, number) for number in range(count)], Path(folder))
    if failed := [answer for answer in answers if not isinstance(answer, Rendered)]:
        raise failed[0]
    return _largest()


def _month() -> ChapterView:
    return build_chapter(_factory().lakeside())


def _numbered(view: ChapterView, number: int) -> ChapterView:
    return replace(view, chapter_id=f"{view.chapter_id}-{number}", chapter_name=f"{view.chapter_name} {number}")


def _factory() -> ModuleType:
    """The tests' invented month: tests are no package, so it is read from its file."""
    path = ROOT / "tests" / "reports" / "factory.py"
    spec: Any = importlib.util.spec_from_file_location("factory", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["factory"] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
