"""Reports on their way from the press into the store of files, and what of them lies there."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath

from chapterwatch import logs
from chapterwatch.archive import Archive, ReportRow
from chapterwatch.errors import FileAltered, FileMissing, FileTaken
from chapterwatch.files import Files, read_checked
from reports import render

log = logging.getLogger(__name__)

#: What every key of a report begins with; the folder behind CHAPTERWATCH_REPORTS_URL.
REPORTS = "reports"
#: What the name of a report begins with that an ad-hoc audit made; it ends with the chapter's id.
_ON_REQUEST = "adhoc:"
#: The files of a report. The page goes first and the PDF last: while it is there, nothing takes the report for gone.
_KINDS = ("html", "csv", "xlsx", "pdf")


def workshop() -> AbstractContextManager[str]:
    """A folder of this machine for what is drawn and not yet stored; it vanishes afterwards."""
    return tempfile.TemporaryDirectory(prefix="chapterwatch-press-")


def put(files: Files, drawn: render.Rendered, folder: str) -> dict[str, str]:
    """Put a drawn report's files into a folder of the store, in the place of any others; kind -> key."""
    keys = {path.suffix[1:]: f"{folder}/{path.name}" for path in _paths(drawn)}
    for path in _paths(drawn):
        files.write(keys[path.suffix[1:]], path.read_bytes())
    return keys


def issue(files: Files, archive: Archive, row: ReportRow, drawn: render.Rendered, folder: str) -> ReportRow:
    """Put an issued report's files into the store and note them in the archive; the row as it stands then.

    The PDF is stored last and never in the place of one that was issued: where another process issued this revision in
    the meantime, that one stands. What a process left that died before it could say so is replaced.

    Raises:
        FilesError: the store cannot be used. The row then names no file, so nothing of it can be mailed, and the next
            run draws it again.
    """
    keys = {path.suffix[1:]: f"{folder}/{path.name}" for path in _paths(drawn)}
    body = drawn.pdf_path.read_bytes()
    if not _is_free(files, archive, row, keys["pdf"], body):
        said = "%s %s revision %s was issued meanwhile; that one stands"
        log.warning(said, row.chapter, row.period, row.revision, extra=fields_of(row))
        return _as_it_stands(archive, row)
    for kind, path in (("html", drawn.html_path), ("csv", drawn.csv_path), ("xlsx", drawn.xlsx_path)):
        files.write(keys[kind], path.read_bytes())
    try:
        files.create(keys["pdf"], body)
    except FileTaken:
        if _as_it_stands(archive, row).pdf_sha256 is not None:
            raise
        files.write(keys["pdf"], body)
    return archive.set_report_files(
        row.chapter,
        row.period,
        row.revision,
        pdf_path=keys["pdf"],
        html_path=keys["html"],
        pdf_sha256=drawn.pdf_sha256,
    )


def is_on_request(row: ReportRow, chapter: str) -> bool:
    """Whether a report is that of an ad-hoc audit of a chapter."""
    return row.chapter.startswith(_ON_REQUEST) and row.chapter.endswith(f":{chapter}")


def is_there(files: Files, row: ReportRow) -> bool:
    """Whether a report's PDF lies in the store."""
    key = pdf_key(files, row)
    return key is not None and files.size(key) is not None


def pdf_key(files: Files, row: ReportRow) -> str | None:
    """The key of a report's PDF; None where it has none, or none that can lie in this store."""
    return files.key_of(row.pdf_path) if row.pdf_path else None


def fields_of(row: ReportRow) -> dict[str, str | int]:
    """What a line of the log about a report carries beside its words."""
    return logs.fields(chapter=row.chapter, period=row.period, revision=row.revision)


def page_of(files: Files, row: ReportRow) -> str | None:
    """A report's page as it was issued; None where it is gone."""
    key = pdf_key(files, row)
    try:
        return files.read(beside(key, "html")).decode() if key is not None else None
    except FileMissing:
        return None


def discard(files: Files, row: ReportRow) -> None:
    """Delete every file of an issued report; publishing its month again draws the last revision anew."""
    if key := pdf_key(files, row):
        for kind in _KINDS:
            files.remove(beside(key, kind))


def beside(key: str, kind: str) -> str:
    """The key of another kind of file of the same report."""
    return str(PurePosixPath(key).with_suffix(f".{kind}"))


def location(files: Files, row: ReportRow) -> str | None:
    """Where a report's PDF lies, for people."""
    key = pdf_key(files, row)
    return files.where(key) if key is not None else row.pdf_path


def pdf_of(files: Files, row: ReportRow) -> bytes | None:
    """A report's PDF as it was issued; None, with a line in the log, where it is gone or no longer that."""
    key = pdf_key(files, row)
    try:
        if key is not None:
            return read_checked(files, key, row.pdf_sha256)
    except FileAltered as error:
        log.error("%s %s: %s", row.chapter, row.period, error, extra=fields_of(row))  # noqa: TRY400 - one line says it
        return None
    except FileMissing:
        pass
    log.error("the PDF of %s %s is gone; publish the month again", row.chapter, row.period, extra=fields_of(row))
    return None


def _paths(drawn: render.Rendered) -> tuple[Path, ...]:
    return drawn.html_path, drawn.csv_path, drawn.xlsx_path, drawn.pdf_path


def _is_free(files: Files, archive: Archive, row: ReportRow, key: str, body: bytes) -> bool:
    """Whether the place of a PDF may be taken: it is empty, holds the same bytes, or what nobody issued."""
    if files.size(key) is None or _as_it_stands(archive, row).pdf_sha256 is None:
        return True
    return files.read(key) == body


def _as_it_stands(archive: Archive, row: ReportRow) -> ReportRow:
    rows: Mapping[int, ReportRow] = {item.revision: item for item in archive.reports(row.chapter, row.period)}
    return rows[row.revision]
