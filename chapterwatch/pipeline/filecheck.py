"""Whether the store holds every file the archive names, as it was kept, and how all files get into another store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chapterwatch.archive import ReportRow
from chapterwatch.archive.mediafiles import MediaFiles
from chapterwatch.errors import FileAltered, FileMissing, UserError
from chapterwatch.files import Files, Folder, open_files, read_checked
from chapterwatch.pipeline.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check of the store found. `problems` name a file each, by report or by the picture's hash."""

    reports: int
    pictures: int
    problems: tuple[str, ...]
    #: Keys of pictures no row names: left by a process that died, or by an erasure that could not end.
    left_over: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every file is there and unchanged."""
        return not self.problems


def verify_files(workplace: Workplace, *, on_file: Callable[[object], object] = lambda _: None) -> Checked:
    """Read every report and picture the archive names and hold it against its hash.

    Raises:
        FilesError: the store cannot be used, so nothing can be said.
    """
    files, archive = workplace.settings.files, workplace.archive
    rows = [row for row in archive.reports() if row.pdf_path is not None]
    kept = sorted({row.sha256 for row in archive.pictures() if row.status == "kept" and row.sha256})
    problems: list[str] = []
    for row in rows:
        problems += _of_report(files, row)
        on_file(row)
    media = MediaFiles(files.within("media"))
    for sha256 in kept:
        found = media.problem(sha256)
        problems += [f"picture {sha256[:12]} {found}"] if found else []
        on_file(sha256)
    known = {f"{sha256[:2]}/{sha256}" for sha256 in kept}
    left_over = tuple(f"media/{key}" for key in media.files.under() if key not in known)
    return Checked(reports=len(rows), pictures=len(kept), problems=tuple(problems), left_over=left_over)


#: What of a store is ours.
_OURS = ("reports", "media", "inbox")


def copy_files(workplace: Workplace, url: str, *, on_file: Callable[[object], object] = lambda _: None) -> int:
    """Copy every file into another store under the same keys; returns how many there are. The archive is not changed.

    May be repeated: what is there already stays. The options in force are those of whichever of the two is a bucket.

    Raises:
        FileTaken: the other store holds other bytes under one of the keys.
        FilesError: one of the stores cannot be used.
        UserError: no such store, or it is the one in force, or lies in it.
    """
    here, there = workplace.settings.files, open_files(url, workplace.settings.files_options)
    _refuse_itself(here, there)
    keys = [key for part in _OURS for key in here.under(part)]
    for key in keys:
        there.create(key, here.read(key))
        on_file(key)
    return len(keys)


def _refuse_itself(here: Files, there: Files) -> None:
    """Copied into itself a store would hold every file twice, and twice as many the next time."""
    if isinstance(here, Folder) and isinstance(there, Folder):
        inside = there.root.resolve().is_relative_to(here.root.resolve())
    else:
        inside = f"{there.place}/".startswith(f"{here.place}/")
    if inside:
        raise UserError(f"{there.place} lies in the store in force, {here.place}; name a place outside of it")


def _of_report(files: Files, row: ReportRow) -> Iterator[str]:
    name = f"report {row.chapter} {row.period} revision {row.revision}"
    for kind, noted, sha256 in (("PDF", row.pdf_path, row.pdf_sha256), ("page", row.html_path, None)):
        problem = _of_file(files, noted, sha256) if noted else None
        if problem:
            yield f"{name}: its {kind} {problem}"


def _of_file(files: Files, noted: str, sha256: str | None) -> str | None:
    key = files.key_of(noted)
    if key is None:
        return f"is noted as {noted}, which lies in no store; publish the month again"
    try:
        if sha256 is None:
            return None if files.size(key) is not None else f"is missing ({key})"
        read_checked(files, key, sha256)
    except FileMissing:
        return f"is missing ({key})"
    except FileAltered:
        return f"was changed ({key})"
    return None
