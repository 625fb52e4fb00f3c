"""The child process that turns HTML into PDF: `python -m reports.press < order.json`.

A report holds text of strangers, and laying out text can take minutes or gigabytes. So it happens here, apart from
everything else: the operating system ends a report that takes too long or too much, nothing but the bundled files can
be fetched, and no secret of the parent's environment is known. One press makes many reports, each in a fork of its
own, because loading WeasyPrint and the fonts costs more than a report does.

The order is JSON: `{"limits": {...}, "jobs": [{"html": path, "pdf": path, "epoch": seconds, "attachments": [{"path":
path, "name": ..., "description": ...}]}]}`. A PDF that is there is whole: it is written beside its place, flushed and
renamed. It is PDF/A-3u, for the archive, and PDF/UA-1, for whoever has it read aloud.

Only the bundled fonts exist here, whatever the machine has: `fonts.conf` beside them names no folder. A sign none of
them draws is printed by its code point, and `<pdf>.json` says how many of those there were.
"""

from __future__ import annotations

import gc
import gzip
import json
import os
import re
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from reports import fonts, reading

TEMPLATES = Path(__file__).resolve().parent / "templates"

#: Exit status when the press could not even start: a missing library, no memory for it.
CANNOT_START = 70

#: What relative addresses of a page are relative to.
_BASE = TEMPLATES.as_uri() + "/"

_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".gz": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}
_LANG = re.compile(r'\blang="([A-Za-z-]+)"')
#: Attributes whose value is drawn: running heads, and the words that stand for a drawing.
_DRAWN = re.compile(r"data-.*|alt|title|aria-label")

#: Said of the PDF beside what PDF/A says: that it is PDF/UA-1 (ISO 14289-1, 5), and what the words of that claim mean,
#: for PDF/A-3 knows no claims but its own (ISO 19005-3, 6.6.2.3).
_UA_CLAIM = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1" />
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""  # noqa: E501 - a namespace is one word


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
    for number, job in enumerate(order["jobs"], start=1):
        _apart(printer, number, job, limits)
    return 0


def _apart(printer: _Printer, number: int, job: dict[str, Any], limits: dict[str, float]) -> None:
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
        printer.make(number, job)
        status = 0
    finally:
        os._exit(status)


class _Printer:
    """WeasyPrint with the fonts of every report loaded once, before any report is read."""

    def __init__(self) -> None:
        os.environ["FONTCONFIG_FILE"] = str(fonts.FONTS / "fonts.conf")
        warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
        import weasyprint  # noqa: PLC0415 - two seconds that only this process may cost
        from weasyprint.draw import text as drawing  # noqa: PLC0415
        from weasyprint.pdf import stream as streams  # noqa: PLC0415
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        reading.teach(drawing, streams)

        self._weasyprint = weasyprint
        self._fetcher = _fetcher(weasyprint.urls)
        self._fonts = FontConfiguration()
        sheet = fonts.style_sheet(fonts.always())
        weasyprint.CSS(string=sheet, base_url=_BASE, font_config=self._fonts, url_fetcher=self._fetcher)
        # Layout makes millions of objects that live as long as the document: collecting them is a third of the time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 50, 50)

    def make(self, number: int, job: dict[str, Any]) -> None:
        """Print one page of HTML. The dates inside are those of its epoch, so the same page gives the same bytes."""
        os.environ["SOURCE_DATE_EPOCH"] = str(job["epoch"])
        page = Path(job["html"]).read_text(encoding="utf-8")
        html = self._weasyprint.HTML(string=_with_fonts(page, str(number)), base_url=_BASE, url_fetcher=self._fetcher)
        undrawn = _name_undrawn(html.etree_element, fonts.unknown(page))
        options = {"pdf_variant": "pdf/a-3u", "pdf_tags": True}
        document = html.render(font_config=self._fonts, **options)
        document.metadata.generate_rdf_metadata = partial(_metadata, document.metadata.generate_rdf_metadata)
        attachments = [self._attachment(one, job["epoch"]) for one in job.get("attachments", ())]
        body = document.write_pdf(finisher=_finish, attachments=attachments, **options)
        _store(json.dumps({"undrawn": undrawn}).encode(), Path(job["pdf"] + ".json"))
        _store(body, Path(job["pdf"]))

    def _attachment(self, given: dict[str, str], epoch: int) -> Any:
        at = datetime.fromtimestamp(epoch, UTC)
        return self._weasyprint.Attachment(
            string=Path(given["path"]).read_bytes(),
            name=given["name"],
            description=given["description"],
            created=at,
            modified=at,
            relationship="Data",
        )


def _with_fonts(page: str, mark: str) -> str:
    """The page with the rules of the further faces it needs. The mark keeps them apart from a neighbour's."""
    languages = sorted(set(_LANG.findall(page)))
    chosen = fonts.needed(page, languages)
    rules = f"<style>\n{fonts.style_sheet(chosen, mark)}\n{fonts.families(chosen, languages)}\n</style>"
    # A drawing names its fonts itself, and what it does not name is taken from anywhere.
    named = ", ".join(fonts.stack("sans", (face.family for face in chosen)))
    drawn = page.replace('font-family="Source Sans 3"', f'font-family="{named}"')
    return drawn.replace("</head>", f"{rules}</head>", 1)


def _name_undrawn(root: Element, unknown: set[str]) -> int:
    """Put its code point in place of every sign no face draws; returns how often that was needed.

    A font's own sign for "missing" would say less, and PDF/A and PDF/UA forbid it (ISO 14289-1, 7.21.8).
    """
    if not unknown:
        return 0
    found = 0
    names = str.maketrans({char: fonts.named(char) for char in unknown})
    for text, put in _drawn_texts(root):
        found += sum(char in unknown for char in text)
        put(text.translate(names))
    return found


def _drawn_texts(root: Element) -> Iterator[tuple[str, Callable[[str], None]]]:
    """Every text of a page that is drawn, with what puts another in its place."""
    for element in root.iter():
        if element.text:
            yield element.text, partial(setattr, element, "text")
        if element.tail:
            yield element.tail, partial(setattr, element, "tail")
        for name, value in element.attrib.items():
            if _DRAWN.fullmatch(name):
                yield value, partial(element.set, name)


def _metadata(written: Callable[..., bytes], *given: Any) -> bytes:
    """What WeasyPrint says of the document, and the second standard it keeps."""
    return written(*given).replace(b"</rdf:RDF>", _UA_CLAIM)


def _fetcher(urls: Any) -> Any:
    class Bundled(urls.URLFetcher):  # type: ignore[misc] # the base is only known once WeasyPrint is loaded
        """Gives out `data:` and the bundled files; everything else does not exist."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=False)

        def fetch(self, url: str, headers: Any = None) -> Any:
            path = bundled(url)
            if path is None:
                return super().fetch(url, headers)
            body = path.read_bytes()
            plain = gzip.decompress(body) if path.suffix == ".gz" else body
            return urls.URLFetcherResponse(url, plain, {"Content-Type": _TYPES[path.suffix]})

    return Bundled()


def _finish(_document: Any, pdf: Any) -> None:
    """Say of every table head what it heads, which WeasyPrint leaves out, and of every attachment once."""
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("S") == "/TH" and isinstance(item.get("A"), dict):
            item["A"]["Scope"] = "/Column" if _within(item, pdf) == "/THead" else "/Row"
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def _within(head: Any, pdf: Any) -> str:
    """What part of its table a head's row stands in."""
    row = pdf.objects[int(head["P"].split()[0])]
    part = pdf.objects[int(row["P"].split()[0])]
    return str(part["S"])


def _limit_time(limits: dict[str, float]) -> None:
    """Processor and wall time of this process. The default answer to both signals ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits["cpu_seconds"]), int(limits["cpu_seconds"])))
    signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"])


def _store(body: bytes, target: Path) -> None:
    part = target.with_name(target.name + ".part")
    with part.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


if __name__ == "__main__":
    sys.exit(main())
