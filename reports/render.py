"""From a view to HTML and PDF. The HTML is made here; the PDF in a child process with limits (`reports.press`).

A report that takes too long, too much memory or kills its process is made again with every excerpt replaced by a
visible placeholder. Only if that fails too is there a `RenderFailed`; the other reports of the batch are made all the
same. The same view gives the same bytes, on any day and in any process.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from chapterwatch.errors import RenderFailed
from chapterwatch.model import Severity
from reports import charts, exports, fonts, press
from reports.facts import AccountView, ChapterView, DayState, MixPart, Trend
from reports.network_drawings import network_drawings
from reports.network_facts import RollupView
from reports.text import clean_line
from reports.words import Words, load

log = logging.getLogger(__name__)

View = ChapterView | RollupView

#: What of our environment the press may see: nothing secret, and what decides which libraries it finds.
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
_SCHEMES = frozenset({"http", "https", "mailto"})
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one report may cost. A usual one takes two seconds of processor time and 200 MB."""

    cpu_seconds: int = 60
    wall_seconds: float = 180
    memory_bytes: int = 2 * 1024**3


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A report on disk. `placeholders` says that its excerpts could not be drawn."""

    pdf_path: Path
    html_path: Path
    #: The same findings as tables; both lie in the PDF, too.
    csv_path: Path
    xlsx_path: Path
    pdf_sha256: str
    placeholders: bool = False


def render_chapter(view: ChapterView, out_dir: Path, limits: Limits | None = None) -> Rendered:
    """Write a chapter's report as PDF and HTML into `out_dir`.

    Raises:
        RenderFailed: not even the report without excerpts could be made.
    """
    return _only(render_batch([view], out_dir, limits))


def render_rollup(view: RollupView, out_dir: Path, limits: Limits | None = None) -> Rendered:
    """Write headquarters' roll-up as PDF and HTML into `out_dir`.

    Raises:
        RenderFailed: it could not be made.
    """
    return _only(render_batch([view], out_dir, limits))


def render_batch(views: Sequence[View], out_dir: Path, limits: Limits | None = None) -> list[Rendered | RenderFailed]:
    """Write several reports with one press; the answers stand in the order of `views`.

    Raises:
        RenderFailed: the press cannot start at all (a library is missing).
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=".press-", dir=out_dir))
    try:
        drawn = _print(views, range(len(views)), stage, limits or Limits(), excerpts=True)
        left = [index for index in range(len(views)) if index not in drawn]
        replaced = _print(views, left, stage, limits or Limits(), excerpts=False)
        return [_placed(views[index], index, stage, out_dir, drawn, replaced) for index in range(len(views))]
    finally:
        shutil.rmtree(stage)


def file_stem(view: View) -> str:
    """The ASCII name of a report's files: `lakeside-2026-10-r1`, `lakeside-on-request-2026-10-r1`."""
    subject = view.chapter_id if isinstance(view, ChapterView) else f"{view.association_id}-all"
    if isinstance(view, ChapterView) and view.on_request:
        # Beside the monthly report in somebody's folder it must not look like it.
        subject = f"{subject}-on-request"
    return f"{subject}-{view.period}-r{view.revision}"


def html_of(view: View, *, excerpts: bool = True) -> str:
    """The report as one HTML page. Without `excerpts` every text of strangers is a placeholder."""
    words = load(view.language)
    name = "chapter.html.j2" if isinstance(view, ChapterView) else "rollup.html.j2"
    page = (
        environment()
        .get_template(name)
        .render(
            view=view,
            t=words,
            draw_excerpts=excerpts,
            **_names(view, words),
            **(_drawings(words) if isinstance(view, ChapterView) else network_drawings(words)),
        )
    )
    return fonts.with_languages(page, view.language)


def safe_link(url: str | None) -> str:
    """The address if it is one a reader may be sent to, else an empty string: http, https or mailto, parsed, plain."""
    if not url or re.search(r"[\s\x00-\x1f\x7f\\<>\"'`]", url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in _SCHEMES or "@" in parts.netloc:
        return ""
    whole = bool(parts.netloc) if parts.scheme != "mailto" else "@" in parts.path
    return url if whole else ""


def own_file(path: str) -> str:
    """The path if it names a file below the page itself and nothing else, else an empty string."""
    plain = re.fullmatch(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*", path)
    return path if plain and ".." not in path.split("/") else ""


# --- HTML -----------------------------------------------------------------------------------------------------------


@cache
def environment() -> jinja2.Environment:
    """The templates' environment: everything escaped, everything named must exist."""
    # Not select_autoescape(): it looks at the file's name, and `.html.j2` is not among the names it knows.
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(press.TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters |= {"safe_link": safe_link, "own_file": own_file, "as_text": clean_line, "utc": _utc}
    return environment


def _utc(epoch: int) -> str:
    """A moment as HTML's own dates are written (W3C profile of ISO 8601)."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _printable(value: object) -> object:
    """The last door: whatever a view forgot to clean cannot end the encoding of a whole report."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value


def _names(view: View, words: Words) -> dict[str, str]:
    if isinstance(view, ChapterView):
        return {
            "title": words(
                "doc.title_on_request" if view.on_request else "doc.title",
                chapter=view.chapter_name,
                month=view.period_words,
            ),
            "running": words("doc.running", chapter=view.chapter_name, month=view.period_words),
            "confidential": words("doc.confidential"),
        }
    return {
        "title": words("doc.network_title", association=view.association_name, month=view.period_words),
        "running": words("doc.running", chapter=view.association_name, month=view.period_words),
        "confidential": words("doc.network_confidential"),
    }


def _drawings(words: Words) -> dict[str, object]:
    def mark(severity: Severity, word: str) -> Markup:
        return charts.severity_mark(severity, word)

    def trend(shown: Trend) -> Markup:
        return charts.trend(shown, words)

    def strip(account: AccountView) -> Markup:
        return charts.coverage_strip(
            account.days, words("coverage.strip", account=account.label, days=account.days_words)
        )

    def legend(state: DayState) -> Markup:
        return charts.legend_mark(state, words(f"coverage.legend_{state}"))

    def share(part: MixPart) -> Markup:
        return charts.share_bar(part.share, f"{part.label}: {part.share_words}")

    return {"share": share, "mark": mark, "trend": trend, "strip": strip, "legend": legend}


# --- PDF ------------------------------------------------------------------------------------------------------------


def _print(views: Sequence[View], wanted: Sequence[int], stage: Path, limits: Limits, *, excerpts: bool) -> set[int]:
    """Print the wanted views with one press; returns those that have a PDF now."""
    for index in wanted:
        (stage / f"{index}.html").write_text(html_of(views[index], excerpts=excerpts), encoding="utf-8")
        (stage / f"{index}.csv").write_bytes(exports.findings_csv(views[index]))
        (stage / f"{index}.xlsx").write_bytes(exports.findings_xlsx(views[index]))
    if wanted:
        _run_press([_job(views[index], index, stage) for index in wanted], limits)
    return {index for index in wanted if (stage / f"{index}.pdf").exists()}


def _job(view: View, index: int, stage: Path) -> dict[str, object]:
    words = load(view.language)
    told = {
        "csv": words("export.csv" if isinstance(view, ChapterView) else "export.csv_network"),
        "xlsx": words("export.xlsx"),
    }
    attachments = [
        {"path": str(stage / f"{index}.{kind}"), "name": f"{file_stem(view)}.{kind}", "description": description}
        for kind, description in told.items()
    ]
    paths = {kind: str(stage / f"{index}.{kind}") for kind in ("html", "pdf")}
    return {**paths, "epoch": view.epoch, "attachments": attachments}


def _run_press(jobs: Sequence[dict[str, object]], limits: Limits) -> None:
    """Run one press over the jobs. What it could not make has no PDF afterwards, for whatever reason."""
    order = json.dumps({"limits": asdict(limits), "jobs": jobs})
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", press.__name__],
            input=order,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            cwd=press.TEMPLATES.parent.parent,
            env={**known, "LANG": "C.UTF-8"},
            timeout=60 + limits.wall_seconds * len(jobs),
            check=False,
        )
        if done.returncode == press.CANNOT_START:
            raise RenderFailed(f"the press could not start: {done.stderr.strip()}")


def _placed(
    view: View, index: int, stage: Path, out_dir: Path, drawn: set[int], replaced: set[int]
) -> Rendered | RenderFailed:
    if index not in drawn and index not in replaced:
        return RenderFailed(f"{file_stem(view)}: no PDF within the limits, not even without excerpts")
    _note_undrawn(view, stage / f"{index}.pdf.json")
    files = {kind: out_dir / f"{file_stem(view)}.{kind}" for kind in ("html", "csv", "xlsx", "pdf")}
    for kind, path in files.items():
        _move(stage / f"{index}.{kind}", path)
    return Rendered(
        pdf_path=files["pdf"],
        html_path=files["html"],
        csv_path=files["csv"],
        xlsx_path=files["xlsx"],
        pdf_sha256=hashlib.sha256(files["pdf"].read_bytes()).hexdigest(),
        placeholders=index in replaced,
    )


def _note_undrawn(view: View, told: Path) -> None:
    undrawn = json.loads(told.read_text("utf-8"))["undrawn"]
    if undrawn:
        log.warning("%s: %d signs no bundled font draws, printed by their code points", file_stem(view), undrawn)


def _move(source: Path, target: Path) -> None:
    """Rename into place with everything flushed: a reader sees the old file or the new one, whole."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    with contextlib.suppress(OSError):  # not every file system can flush a folder
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _only(answers: Sequence[Rendered | RenderFailed]) -> Rendered:
    answer = answers[0]
    if isinstance(answer, RenderFailed):
        raise answer
    return answer
