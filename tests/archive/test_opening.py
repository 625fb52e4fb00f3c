"""Opening an archive: made from nothing, never downgraded, and the migrations keep step with the tables."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from chapterwatch.archive import Archive, tables
from chapterwatch.errors import ArchiveError

from .conftest import KEY, NIGHT, Shelf, account, post


def test_an_empty_database_becomes_an_archive(empty_database_url: str) -> None:
    """The first opening creates every table; the second finds what was stored."""
    with Archive.open(empty_database_url) as archive:
        archive.register_accounts([account()], NIGHT)
        Shelf(archive).show(0, post("1"))
    with Archive.open(empty_database_url) as archive:
        assert [("1", 0, "Hello")] == Shelf(archive).texts()


def test_the_migrations_make_the_tables(empty_database_url: str) -> None:
    """What the migrations create is what the code thinks it talks to."""
    with Archive.open(empty_database_url) as archive, archive._engine.connect() as conn:
        assert [] == compare_metadata(MigrationContext.configure(conn), tables.metadata)
        names = set(inspect(conn).get_table_names())
    assert {*tables.metadata.tables, "alembic_version"} == names


def test_a_newer_archive_is_refused(database_url: str) -> None:
    """An archive of a later schema is left alone, and the reader is told to upgrade, in one line."""
    with (
        Archive.open(database_url) as archive,
        archive._engine.execution_options(chapterwatch_writes=True).begin() as conn,
    ):
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ArchiveError, match=r"^[^\n]*newer Chapterwatch \(schema 9999\); upgrade[^\n]*$"):
        Archive.open(database_url)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("not a url", "URL cannot be read"),
        ("mysql://user:hunter2@db.example/x", "cannot live in mysql"),
        ("sqlite:////nonexistent/folder/archive.sqlite", "/nonexistent/folder does not exist"),
        ("postgresql://user:hunter2@127.0.0.1:1/x", "cannot be opened"),
    ],
)
def test_a_place_that_is_none_is_told_in_one_line(url: str, complaint: str) -> None:
    """What is wrong and what to do, without the password."""
    with pytest.raises(ArchiveError, match=complaint) as told:
        Archive.open(url)

    assert (1, False) == (len(str(told.value).splitlines()), "hunter2" in str(told.value))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A text file is not overwritten."""
    path = tmp_path / "archive.sqlite"
    path.write_text("This is a letter, not a database. " * 200)

    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive.open(f"sqlite:///{path}")
    assert path.read_text().startswith("This is a letter")


_OPENER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from chapterwatch.archive import Archive
sys.stdin.readline()
Archive.open(sys.argv[1]).close()
"""


def test_processes_that_open_at_once_migrate_once(empty_database_url: str) -> None:
    """Airflow's workers start together: one migrates, the others wait."""
    command = [sys.executable, "-c", _OPENER, empty_database_url]
    openers = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for opener in openers:
        assert opener.stdin
        opener.stdin.write("go\n")
        opener.stdin.flush()
    said = [opener.communicate()[1] for opener in openers]

    assert [(0, "")] * 3 == [(opener.returncode, text) for opener, text in zip(openers, said, strict=True)]


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path) -> None:
    """WAL, foreign keys, a busy timeout and full syncs on every connection."""
    with Archive.open(f"sqlite:///{tmp_path / 'a.sqlite'}") as archive, archive._engine.connect() as conn:
        names = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        found = [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert ["wal", 1, 60_000, 2] == found


def _rights(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_a_new_archive_is_its_owners_alone(tmp_path: Path) -> None:
    """It holds what people posted; so do the files SQLite keeps beside it while it is in use."""
    before = os.umask(0o022)
    try:
        with Archive.open(f"sqlite:///{tmp_path / 'a.sqlite'}") as archive:
            archive.register_accounts([account()], NIGHT)
            assert {"a.sqlite": 0o600, "a.sqlite-wal": 0o600, "a.sqlite-shm": 0o600} == _rights(tmp_path)
    finally:
        os.umask(before)


@pytest.mark.parametrize("mode", [0o640, 0o644])
def test_an_archives_file_keeps_the_rights_it_was_given(tmp_path: Path, mode: int) -> None:
    """Whoever made the file empty beforehand, or opened it to a group, meant it so."""
    file = tmp_path / "a.sqlite"
    file.touch()
    file.chmod(mode)
    Archive.open(f"sqlite:///{file}").close()
    assert mode == file.stat().st_mode & 0o777
    Archive.open(f"sqlite:///{file}").close()
    assert mode == file.stat().st_mode & 0o777


def test_writers_of_one_account_wait_for_each_other(database_url: str) -> None:
    """Pages of one account stored at the same time by several threads make one unbroken chain."""
    with Archive.open(database_url) as archive:
        archive.register_accounts([account()], NIGHT)
        shelf = Shelf(archive)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda n: shelf.show(0, post(str(n % 5)), post(f"own-{n}")), range(12)))

        assert (17, True) == (archive.heads()[KEY].count, archive.verify().ok)


# --- copies ---------------------------------------------------------------------------------------------------------


def test_a_copy_is_the_archive_of_one_moment(tmp_path: Path) -> None:
    """Made while somebody writes, readable by its owner alone, whole, and with the heads it was told to have."""
    url, copy = f"sqlite:///{tmp_path / 'archive.sqlite'}", tmp_path / "copy.sqlite"
    with Archive.open(url) as archive:
        archive.register_accounts([account()], NIGHT)
        Shelf(archive).show(0, post("1"))
        told = Archive.copy(url, copy)
        Shelf(archive).show(1, post("2"))
        assert archive.head_digest()[0] == told[1] + 1
    assert 0o600 == copy.stat().st_mode & 0o777
    with Archive.open(f"sqlite:///{copy}") as archive:
        assert (told, []) == ((1, *archive.head_digest()), archive.verify().problems)
        assert ["1"] == [row[0] for row in Shelf(archive).texts()]


def test_a_copy_replaces_nothing_and_makes_no_archive(tmp_path: Path) -> None:
    """A file that stands stays, and where there is no archive none is made."""
    url, taken = f"sqlite:///{tmp_path / 'archive.sqlite'}", tmp_path / "taken"
    with pytest.raises(ArchiveError, match="there is no archive"):
        Archive.copy(url, tmp_path / "copy")
    Archive.upgrade(url)
    taken.write_text("mine", encoding="utf-8")
    for place, complaint in ((taken, "exists"), (tmp_path / "none" / "copy", "cannot be copied")):
        with pytest.raises(ArchiveError, match=complaint):
            Archive.copy(url, place)
    assert {"archive.sqlite", "taken"} == {item.name for item in tmp_path.iterdir() if "-" not in item.name}
    assert "mine" == taken.read_text(encoding="utf-8")


def test_a_database_that_is_no_file_has_tools_of_its_own(tmp_path: Path) -> None:
    """PostgreSQL is not even asked."""
    with pytest.raises(ArchiveError, match=r"no SQLite file; copy it with `enter\.sh backup FOLDER`"):
        Archive.copy("postgresql://user:hunter2@127.0.0.1:1/x", tmp_path / "copy")
