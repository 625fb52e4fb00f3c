"""Issued reports: whose they are, and their files.

A file is found by its report's row in the archive and by nothing a browser says. It is handed out only from the
reports' folder, and a PDF only as long as it is the one that was issued.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from chapterwatch.archive import ReportRow
from desk.visit import Visit

#: Kind of file -> media type.
KINDS = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Altered(Exception):
    """The file is no longer the one that was issued."""


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


def files_of(visit: Visit, row: ReportRow) -> dict[str, Path]:
    """The files of a report that are there, by kind."""
    found = {kind: _placed(visit, row, kind) for kind in KINDS}
    return {kind: path for kind, path in found.items() if path is not None}


def read(visit: Visit, row: ReportRow, kind: str) -> bytes | None:
    """A report's file; None where there is none.

    Raises:
        Altered: it is a PDF and not the one whose hash the archive has.
    """
    path = _placed(visit, row, kind)
    if path is None:
        return None
    body = path.read_bytes()
    if kind == "pdf" and row.pdf_sha256 and hashlib.sha256(body).hexdigest() != row.pdf_sha256:
        raise Altered(row.chapter)
    return body


def _placed(visit: Visit, row: ReportRow, kind: str) -> Path | None:
    """Where the file lies within the reports' folder today, even if the whole folder was moved since."""
    noted = row.html_path if kind == "html" else row.pdf_path
    if noted is None or kind not in KINDS:
        return None
    root = visit.place.settings.reports.resolve()
    parts = Path(noted).with_suffix(f".{kind}").parts
    at = max((index for index, part in enumerate(parts) if part == root.name), default=None)
    inside = root.joinpath(*parts[at + 1 :]).resolve() if at is not None else None
    return inside if inside is not None and inside.is_relative_to(root) and inside.is_file() else None
