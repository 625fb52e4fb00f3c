"""Issued reports: whose they are, and their files.

A file is found by its report's row in the archive and by nothing a browser says. It is handed out only from the
reports' folder, and a PDF only as long as it is the one that was issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from chapterwatch.archive import ReportRow
from chapterwatch.errors import FileMissing
from chapterwatch.files import Files, open_checked
from chapterwatch.pipeline import filed
from desk.visit import Visit

#: Kind of file -> media type.
KINDS = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

#: Files asked for one by one: more than a report has.
_FEW = 8


def visible(visit: Visit, name: str) -> bool:
    """Whether the reader may see a report named after a chapter, `rollup:<association>` or `adhoc:<run>:<chapter>`.

    A roll-up speaks of every chapter of its association, so only who sees them all may have it.
    """
    kind, _, rest = name.partition(":")
    if kind == "rollup" and rest:
        found = [item for item in visit.place.registry().associations if item.id == rest]
        return bool(found) and visit.person.sees_all(chapter.id for chapter in found[0].chapters)
    return visit.person.sees(name.rpartition(":")[2])


def title_of(visit: Visit, name: str) -> str:
    """A report's name in words."""
    kind, _, rest = name.partition(":")
    if kind == "rollup" and rest:
        found = [item for item in visit.place.registry().associations if item.id == rest]
        return f"{found[0].name}, all chapters" if found else name
    chapter = visit.place.chapter(name.rpartition(":")[2])
    words = chapter.name if chapter else name
    return f"{words}, on request" if kind == "adhoc" and rest else words


def kinds_of(visit: Visit, rows: Sequence[ReportRow]) -> list[tuple[str, ...]]:
    """Which files of each report are there. Raises FilesError."""
    keys = [{kind: key for kind in KINDS if (key := _key(visit, row, kind))} for row in rows]
    there = _there(visit, {key for each in keys for key in each.values()})
    return [tuple(kind for kind, key in each.items() if key in there) for each in keys]


def opened(visit: Visit, row: ReportRow, kind: str) -> BinaryIO | None:
    """A report's file to hand on; None where there is none.

    Raises:
        FileAltered: it is a PDF and not the one whose hash the archive has.
        FilesError: the store cannot be used.
    """
    key = _key(visit, row, kind)
    try:
        return open_checked(_files(visit), key, row.pdf_sha256 if kind == "pdf" else None) if key else None
    except FileMissing:
        return None


def _files(visit: Visit) -> Files:
    return visit.place.settings.files


def _key(visit: Visit, row: ReportRow, kind: str) -> str | None:
    """The file's key among the reports, even if the whole folder was moved since."""
    noted = row.html_path if kind == "html" else row.pdf_path
    key = _files(visit).key_of(noted) if noted and kind in KINDS else None
    return filed.beside(key, kind) if key is not None and key.startswith(f"{filed.REPORTS}/") else None


def _there(visit: Visit, keys: set[str]) -> set[str]:
    """Those keys that a file has: few are asked for one by one, of many the folders are listed."""
    if len(keys) <= _FEW:
        return {key for key in keys if _files(visit).size(key) is not None}
    # A month has a folder, and every audit on request one within `adhoc`.
    folders = {"/".join(key.split("/")[:-1][:2]) for key in keys}
    return keys & {key for folder in folders for key in _files(visit).under(folder)}
