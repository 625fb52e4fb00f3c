"""A report's way into the store: what was issued stays, what nobody issued gives way."""

import hashlib
from pathlib import Path

import pytest

from chapterwatch.archive import ReportRow
from chapterwatch.errors import FilesError, FileTaken
from chapterwatch.files import Folder
from chapterwatch.pipeline import filed
from reports.render import Rendered
from tests.pipeline.world import MONTH, MONTH_END, World

FOLDER = f"reports/{MONTH}"
KEY = f"{FOLDER}/ala-lakeside-{MONTH}-r1.pdf"


def drawn(folder: Path, body: bytes) -> Rendered:
    """A report as it comes from the press."""
    folder.mkdir()
    paths = {kind: folder / f"ala-lakeside-{MONTH}-r1.{kind}" for kind in ("pdf", "html", "csv", "xlsx")}
    for kind, path in paths.items():
        path.write_bytes(body + kind.encode())
    return Rendered(
        pdf_path=paths["pdf"],
        html_path=paths["html"],
        csv_path=paths["csv"],
        xlsx_path=paths["xlsx"],
        pdf_sha256=hashlib.sha256(body + b"pdf").hexdigest(),
    )


@pytest.fixture
def row(light: World) -> ReportRow:
    """A revision of which nothing is drawn yet."""
    return light.archive.issue_report("ala-lakeside", MONTH, "facts", reason=None, at=MONTH_END)


@pytest.fixture
def files(light: World) -> Folder:
    return Folder(light.home)


def test_an_issued_report_is_noted_by_its_keys(light: World, files: Folder, row: ReportRow, tmp_path: Path) -> None:
    """Relative ones, so that the store can move; with the hash of what lies there."""
    noted = filed.issue(files, light.archive, row, drawn(tmp_path / "a", b"one "), FOLDER)

    assert (KEY, KEY.replace(".pdf", ".html")) == (noted.pdf_path, noted.html_path)
    assert noted == light.archive.latest_report("ala-lakeside", MONTH)
    assert b"one pdf" == filed.pdf_of(files, noted)
    assert {"csv", "html", "pdf", "xlsx"} == {key.rpartition(".")[2] for key in files.under("reports")}


def test_what_was_issued_meanwhile_stands(light: World, files: Folder, row: ReportRow, tmp_path: Path) -> None:
    """Another process was quicker and drew something else: its PDF and its page stay, and so does the row."""
    first = filed.issue(files, light.archive, row, drawn(tmp_path / "a", b"one "), FOLDER)
    second = filed.issue(files, light.archive, row, drawn(tmp_path / "b", b"two "), FOLDER)

    assert first == second
    assert (b"one pdf", b"one html") == (files.read(KEY), files.read(KEY.replace(".pdf", ".html")))


def test_what_a_dead_process_left_is_replaced(light: World, files: Folder, row: ReportRow, tmp_path: Path) -> None:
    """It died between the store and the archive: nobody has that PDF, and the revision is issued with this one."""
    files.write(KEY, b"left behind")
    noted = filed.issue(files, light.archive, row, drawn(tmp_path / "a", b"one "), FOLDER)

    assert (b"one pdf", noted) == (files.read(KEY), light.archive.latest_report("ala-lakeside", MONTH))


def test_a_lost_file_is_put_back(light: World, files: Folder, row: ReportRow, tmp_path: Path) -> None:
    """Its row is there and its place is free."""
    first = filed.issue(files, light.archive, row, drawn(tmp_path / "a", b"one "), FOLDER)
    files.remove(KEY)
    gone = filed.is_there(files, first), filed.pdf_of(files, first)
    second = filed.issue(files, light.archive, first, drawn(tmp_path / "b", b"one "), FOLDER)

    assert (False, None) == gone
    assert (first, b"one pdf") == (second, filed.pdf_of(files, second))


def test_a_report_without_its_pdf_is_not_issued(light: World, files: Folder, row: ReportRow, tmp_path: Path) -> None:
    """The disk takes its page and not its PDF: the row names no file, so nothing mails it."""
    report = drawn(tmp_path / "a", b"one ")
    (light.home / KEY).mkdir(parents=True)
    with pytest.raises(FilesError):
        filed.issue(files, light.archive, row, report, FOLDER)

    assert row == light.archive.latest_report("ala-lakeside", MONTH)


def test_a_redacted_copy_may_be_drawn_again(files: Folder, tmp_path: Path) -> None:
    """It is no issued report: the archive has no hash of it."""
    for name in ("one ", "two "):
        keys = filed.put(files, drawn(tmp_path / name.strip(), name.encode()), f"{FOLDER}/redacted")

    assert b"two pdf" == files.read(keys["pdf"])
    with pytest.raises(FileTaken):
        files.create(keys["pdf"], b"another")
