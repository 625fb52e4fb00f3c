"""The tables of the first release's archive brought up to date: nothing lost, by one process, all or nothing."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, make_url

from chapterwatch.archive import Archive, schema
from chapterwatch.archive.engine import open_engine, writing
from chapterwatch.errors import ArchiveError

from .conftest import First

STEPS = sorted(path.stem[1:5] for path in (schema._MIGRATIONS / "versions").glob("m[0-9]*.py"))
HEAD = STEPS[-1]


def test_every_row_of_the_first_release_is_still_there(first: First) -> None:
    """Captures, findings, decisions, reports, the ledger of mails: each row equal in every column it had."""
    Archive.open(first.url).close()
    after = first.now()

    assert {name: rows for name, rows in first.rows.items() if rows} == after
    counted = {name: len(after[name]) for name in ("capture", "finding", "disposition", "report", "delivery")}
    assert {"capture": 551, "finding": 119, "disposition": 12, "report": 20, "delivery": 15} == counted


def test_the_chains_are_whole_after_an_upgrade(first: First) -> None:
    """Every capture is hashed anew and fits; the heads are those the first release wrote down."""
    heads = {row["account_key"]: row["hash"] for row in first.rows["chain_head"]}
    with Archive.open(first.url) as archive:
        verified = archive.verify()
        found = {key: head.hash for key, head in archive.heads().items()}

    assert (True, 551, 20) == (verified.ok, verified.captures_checked, verified.accounts)
    assert heads == found


def test_the_latest_decision_stands(first: First) -> None:
    """A finding's state is its last decision; of two at one instant, the one written later."""
    with Archive.open(first.url) as archive:
        states = {name: value for name, value in _states(archive).items() if value != "open"}
        decided = {row["finding_key"] for row in first.rows["disposition"]}

    twice = min(decided)
    assert ("false_positive", 10) == (states[twice], len(decided))
    assert decided == states.keys()


def _states(archive: Archive) -> dict[str, str]:
    with archive._engine.connect() as conn:
        return dict(conn.exec_driver_sql("SELECT key, state FROM finding").all())


def test_a_version_is_told_without_an_upgrade(first: First) -> None:
    """Looking changes nothing; upgrading says from where to where, and the second time that nothing was to do."""
    before = Archive.schema(first.url)
    still = Archive.schema(first.url)
    done = Archive.upgrade(first.url)
    again = Archive.upgrade(first.url)

    assert [("0001", HEAD)] * 3 == [(item.found, item.needed) for item in (before, still, done)]
    assert (HEAD, True, None) == (again.found, again.current, again.copy)


def test_the_command_tells_the_same(first: First) -> None:
    """What the entry point of a deployment runs: status 1 before, 0 afterwards, one line each."""
    told = [_command(first.url, what) for what in ("version", "upgrade", "upgrade", "version")]

    assert [1, 0, 0, 0] == [status for status, _ in told]
    ends = [lines[-1] for _, lines in told]
    assert [
        f"schema 0001; this Chapterwatch needs {HEAD}",
        f"schema 0001 -> {HEAD}",
        f"schema {HEAD}: nothing to upgrade",
        f"schema {HEAD}; this Chapterwatch needs {HEAD}",
    ] == ends


def _command(url: str, what: str) -> tuple[int, list[str]]:
    program = str(Path(sys.executable).with_name("chapterwatch"))
    environment = os.environ | {"CHAPTERWATCH_DATABASE": url}
    done = subprocess.run(
        [program, "archive", what], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


# --- one process ----------------------------------------------------------------------------------------------------

#: Every process has seen the old schema before the first of them may go on.
_RACER = """
import sys
from chapterwatch.archive import schema
from chapterwatch.archive.engine import open_engine

look = schema.look

def look_and_wait(engine):
    found = look(engine)
    print("looked", flush=True)
    sys.stdin.readline()
    return found

schema.look = look_and_wait
print(schema.migrate(open_engine(sys.argv[1])).found)
"""


def test_of_many_workers_that_open_at_once_one_migrates(first: First) -> None:
    """Four processes all see the old schema; one upgrades, the others find it done and go on."""
    command = [sys.executable, "-c", _RACER, first.url]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "looked\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    ended = [racer.communicate() for racer in racers]

    assert [""] * 4 == [told[1] for told in ended]
    assert ["0001", HEAD, HEAD, HEAD] == sorted(told[0].strip() for told in ended)
    assert {name: rows for name, rows in first.rows.items() if rows} == first.now()


def test_an_opening_does_not_wait_for_a_writer(first: First) -> None:
    """Where nothing is to upgrade no lock is taken: a night that writes for an hour keeps nobody from opening."""
    Archive.open(first.url).close()
    with (
        Archive.open(first.url) as writer,
        writer._engine.connect().execution_options(chapterwatch_writes=True) as conn,
        conn.begin(),
    ):
        conn.exec_driver_sql("UPDATE chain_head SET hash = hash")
        with Archive.open(first.url) as archive:
            assert len(archive.heads()) == 20


# --- all or nothing -------------------------------------------------------------------------------------------------

#: Statements after which the power goes: each step's end, and the middle of steps that do more than add a table.
MOMENTS = (
    *(f"UPDATE alembic_version SET version_num='{step}'" for step in STEPS[1:]),
    "ALTER TABLE finding ADD COLUMN state",
)
#: SQLite makes a table anew where PostgreSQL changes its condition in place.
MOMENTS_OF_SQLITE = ("CREATE TABLE delivery_event_aside", "DROP TABLE delivery", "INSERT INTO delivery_event")


def test_a_killed_upgrade_leaves_an_archive_that_upgrades(first: First) -> None:
    """SIGKILL in the middle, again and again: the archive is what it was, and the next opening upgrades it whole."""
    for statement in MOMENTS + (MOMENTS_OF_SQLITE if "sqlite" in first.url else ()):
        killed = multiprocessing.get_context("fork").Process(target=_upgrade_until, args=(first.url, statement))
        killed.start()
        killed.join(120)
        assert (statement, -signal.SIGKILL) == (statement, killed.exitcode)
        assert (statement, "0001", first.rows.keys()) == (statement, Archive.schema(first.url).found, _tables(first))

    with Archive.open(first.url) as archive:
        assert archive.verify().ok
    assert Archive.schema(first.url).current
    assert {name: rows for name, rows in first.rows.items() if rows} == first.now()


def _tables(first: First) -> set[str]:
    engine = open_engine(first.url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def _upgrade_until(url: str, statement: str) -> None:
    @event.listens_for(Engine, "after_cursor_execute")
    def pull_the_plug(_conn: Any, _cursor: Any, said: str, *_: Any) -> None:
        if " ".join(said.split()).startswith(statement):
            os.kill(os.getpid(), signal.SIGKILL)

    Archive.open(url)


# --- the way back ---------------------------------------------------------------------------------------------------


def test_an_older_chapterwatch_refuses_a_newer_archive(
    first: First, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that ends at schema 0004 leaves an archive of today alone and says in one line what to do."""
    Archive.open(first.url).close()
    older = tmp_path / "migrations"
    shutil.copytree(schema._MIGRATIONS, older)
    for step in STEPS[4:]:
        next((older / "versions").glob(f"m{step}_*.py")).unlink()
    monkeypatch.setattr(schema, "_MIGRATIONS", older)

    with pytest.raises(ArchiveError, match=rf"^[^\n]*newer Chapterwatch \(schema {HEAD}\); upgrade[^\n]*$"):
        Archive.open(first.url)
    monkeypatch.undo()
    assert Archive.schema(first.url).current


def test_sqlite_keeps_the_archive_as_it_was(first: First) -> None:
    """The copy is a whole archive of the old schema, readable by nobody who could not read the archive."""
    if "sqlite" not in first.url:
        pytest.skip("PostgreSQL is copied by its own tools")
    archive = Path(str(make_url(first.url).database))
    archive.chmod(0o600)
    Archive.upgrade(first.url)
    copy = archive.with_name("archive.sqlite.schema-0001")

    assert ("0001", 0o600) == (Archive.schema(f"sqlite:///{copy}").found, copy.stat().st_mode & 0o777)
    assert first.rows == First(f"sqlite:///{copy}", first.rows).now() | {n: [] for n, r in first.rows.items() if not r}


def test_without_its_copy_nothing_is_upgraded(first: First) -> None:
    """Where the copy cannot be written the archive stays at its schema, and one line says why and what to do."""
    if "sqlite" not in first.url:
        pytest.skip("PostgreSQL is copied by its own tools")
    Path(f"{make_url(first.url).database}.schema-0001").mkdir()

    with pytest.raises(ArchiveError, match=r"^the archive cannot be copied to [^\n]*so it was not upgraded; [^\n]*$"):
        Archive.upgrade(first.url)
    assert Archive.schema(first.url).found == "0001"
    assert (HEAD, None) == ((done := Archive.upgrade(first.url, keep_copy=False)).needed, done.copy)


def test_tables_of_another_program_are_left_alone(empty_database_url: str) -> None:
    """Airflow's own database, given by mistake, is not called an archive; nothing is made in it."""
    engine = open_engine(empty_database_url)
    with writing(engine) as conn:
        conn.exec_driver_sql("CREATE TABLE dag (dag_id TEXT PRIMARY KEY)")
        conn.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        conn.exec_driver_sql("INSERT INTO alembic_version VALUES ('9fc3fc5de720')")

    with pytest.raises(ArchiveError, match=r"^[^\n]*holds the tables of another program; [^\n]*own$"):
        Archive.open(empty_database_url)
    assert {"dag", "alembic_version"} == set(inspect(engine).get_table_names())
    engine.dispose()


def test_an_archive_without_its_version_is_not_migrated(first: First) -> None:
    """A half-restored archive would be made anew over its own tables; it is refused in one line instead."""
    engine = open_engine(first.url)
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM alembic_version")
    engine.dispose()

    with pytest.raises(ArchiveError, match=r"^[^\n]*has tables but no schema version; restore it from a backup[^\n]*$"):
        Archive.open(first.url)
