"""The child process that turns HTML into PDF: `python -m reports.press < order.json`.

A report holds text of strangers, and laying out text can take minutes or gigabytes. So it happens here, apart from
everything else: the operating system ends a report that takes too long or too much, nothing but the bundled files can
be fetched, and no secret of the parent's environment is known. One press makes many reports, each in a fork of its
own, because loading WeasyPrint and the fonts costs more than a report does.

The order is JSON: `{"limits": {...}, "jobs": [{"html": path, "pdf": path, "epoch": seconds}]}`. A PDF that is there is
whole: it is written beside its place, flushed and renamed.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TEMPLATES = Path(__file__).resolve().parent / "templates"

#: Exit status when the press could not even start: a missing library, no memory for it.
CANNOT_START = 70

_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


def bundled(url: str) -> Path | None:
    """The bundled file a `file:` address names, or None: nothing outside the templates folder exists for a report."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc:
        return None
    path = Path(unquote(parts.path)).resolve()
    return path if path.is_relative_to(TEMPLATES) and path.suffix in _TYPES and path.is_file() else None


def main() -> int:
    """Print every job of the order on standard input; what fails leaves no PDF behind."""
    order = json.load(sys.stdin)
    limits = order["limits"]
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        printer = _Printer()
    except (ImportError, OSError, MemoryError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return CANNOT_START
    for job in order["jobs"]:
        _apart(printer, job, limits)
    return 0


def _apart(printer: _Printer, job: dict[str, Any], limits: dict[str, float]) -> None:
    """Make one report in a process of its own, and wait for its end, whatever that is.

    What one text does to the caches of fonts changes how the next would be drawn: only a fresh copy of the press makes
    a report's bytes depend on the report alone. And a copy can be ended without ending the batch.
    """
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    status = 1
    try:
        _limit_time(limits)
        printer.make(Path(job["html"]), Path(job["pdf"]), job["epoch"])
        status = 0
    finally:
        os._exit(status)


class _Printer:
    """WeasyPrint with our fonts loaded once, before any report is read."""

    def __init__(self) -> None:
        import weasyprint  # noqa: PLC0415 - two seconds that only this process may cost
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        self._weasyprint = weasyprint
        self._fetcher = _fetcher(weasyprint.urls)
        self._fonts = FontConfiguration()
        css = TEMPLATES / "css" / "fonts.css"
        weasyprint.CSS(filename=str(css), font_config=self._fonts, url_fetcher=self._fetcher)
        # Layout makes millions of objects that live as long as the document: collecting them is a third of the time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 50, 50)

    def make(self, html: Path, pdf: Path, epoch: int) -> None:
        """Print one page of HTML. The dates inside are those of `epoch`, so the same page gives the same bytes."""
        os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
        _store(self._draw(html), pdf)

    def _draw(self, html: Path) -> bytes:
        document = self._weasyprint.HTML(
            string=html.read_text(encoding="utf-8"),
            base_url=TEMPLATES.as_uri() + "/",
            url_fetcher=self._fetcher,
        )
        body: bytes = document.write_pdf(font_config=self._fonts, pdf_variant="pdf/ua-1", finisher=_finish)
        return body


def _fetcher(urls: Any) -> Any:
    class Bundled(urls.URLFetcher):  # type: ignore[misc] # the base is only known once WeasyPrint is loaded
        """Gives out `data:` and the bundled files; everything else does not exist."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = bundled(url)
            if path is None:
                return super().fetch(url, headers)
            return urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _TYPES[path.suffix]})

    return Bundled()


def _finish(_document: Any, pdf: Any) -> None:
    """Say of every table head what it heads, and that links are printed: WeasyPrint leaves both out."""
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("S") == "/TH" and isinstance(item.get("A"), dict):
            item["A"]["Scope"] = "/Column" if _within(item, pdf) == "/THead" else "/Row"
        elif isinstance(item, dict) and item.get("Subtype") == "/Link":
            item["F"] = 4


def _within(head: Any, pdf: Any) -> str:
    """What part of its table a head's row stands in."""
    row = pdf.objects[int(head["P"].split()[0])]
    part = pdf.objects[int(row["P"].split()[0])]
    return str(part["S"])


def _limit_time(limits: dict[str, float]) -> None:
    """Processor and wall time of this process. The default answer to both signals ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits["cpu_seconds"]), int(limits["cpu_seconds"])))
    signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"])


def _store(body: bytes, pdf: Path) -> None:
    part = pdf.with_suffix(".part")
    with part.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.replace(pdf)


if __name__ == "__main__":
    sys.exit(main())
