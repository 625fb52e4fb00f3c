"""The first release's archive, loaded into either database at its schema."""

import hashlib
import lzma
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, create_engine, func, insert, select, text

from chapterwatch import pipeline, settings
from chapterwatch.archive import schema
from chapterwatch.archive.engine import open_engine, writing

HERE = Path(__file__).parent
DUMP = HERE / "archive-0.1.0.sql.xz"
ROOT = HERE.parents[1]
#: Where the first release's archive says that its files lie.
FIRST_HOME = "/var/lib/chapterwatch"
REPORT = HERE / "ala-prairie-2026-09-r1.pdf"
#: Some weeks after the first release's last run.
TODAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class First:
    """An archive of the first release, and what stood in it."""

    url: str
    rows: Rows

    def now(self) -> Rows:
        """What stands in the columns the first release knew, now."""
        engine = open_engine(self.url)
        found = rows_of(engine, {name: rows[0].keys() for name, rows in self.rows.items() if rows})
        engine.dispose()
        return found


def rows_of(engine: Engine, columns: dict[str, Any] | None = None) -> Rows:
    """Every row of every table (but Alembic's), or of the named columns, in one order; times without their zone."""
    with engine.connect() as conn:
        known = MetaData()
        known.reflect(conn)
        return {
            table.name: sorted(map(_comparable, _select(conn, table, columns)), key=str)
            for table in known.sorted_tables
            if table.name != "alembic_version" and (columns is None or table.name in columns)
        }


def _select(conn: Connection, table: Any, columns: dict[str, Any] | None) -> Any:
    chosen = table.c if columns is None else [table.c[name] for name in columns[table.name]]
    return conn.execute(select(*chosen)).mappings()


def _comparable(row: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in sorted(row.items())}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).replace(tzinfo=None)
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture(scope="session")
def first_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive as the first release left it: its own tables, made by its own DDL."""
    path = tmp_path_factory.mktemp("first") / "archive.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(lzma.decompress(DUMP.read_bytes()).decode())
        database.execute("PRAGMA journal_mode=WAL")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder in which the first release kept its files."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def first(empty_database_url: str, first_sqlite: Path, home: Path) -> First:
    """The first release's archive in either database, its files in `home`."""
    source = create_engine(f"sqlite:///{first_sqlite}")
    engine = open_engine(empty_database_url)
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(first_sqlite)) as old, closing(sqlite3.connect(str(engine.url.database))) as new:
            old.backup(new)
    else:
        _move(source, engine)
    with writing(engine) as conn:
        _put_files(conn, home)
    rows = rows_of(engine)
    source.dispose()
    engine.dispose()
    return First(empty_database_url, rows)


def _put_files(conn: Connection, home: Path) -> None:
    """The reports' files, so that nothing but the ledger holds a mail back. One is real; the others are its copies."""
    digest = hashlib.sha256(REPORT.read_bytes()).hexdigest()
    for column in ("pdf_path", "html_path"):
        statement = text(f"UPDATE report SET {column} = replace({column}, :old, :new), pdf_sha256 = :digest")
        conn.execute(statement, {"old": FIRST_HOME, "new": str(home), "digest": digest})
    for path in conn.execute(text("SELECT pdf_path FROM report")).scalars():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPORT, path)


def _move(source: Engine, target: Engine) -> None:
    """What a PostgreSQL archive of the first release holds: its schema by its migration, the same rows."""
    tables, there = MetaData(), MetaData()
    tables.reflect(source)
    with writing(target) as conn:
        config = schema._config()
        config.attributes["connection"] = conn
        command.upgrade(config, "0001")
        there.reflect(conn)
        conn.execute(text("SET LOCAL session_replication_role = replica"))
        for name, table in tables.tables.items():
            if name != "alembic_version":
                _copy_rows(source, table, conn, there.tables[name])


def _copy_rows(source: Engine, table: Any, conn: Connection, into: Any) -> None:
    with source.connect() as old:
        rows = [{name: _zoned(value) for name, value in row.items()} for row in old.execute(select(table)).mappings()]
    if not rows:
        return
    conn.execute(insert(into), rows)
    if "id" in into.c:
        # Numbers go on after the last one, as they would have where the rows had been written here.
        conn.execute(select(func.setval(func.pg_get_serial_sequence(into.name, "id"), max(row["id"] for row in rows))))


def _zoned(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.fixture
def workplace(first: First, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pipeline.Workplace]:
    """Today's Chapterwatch on the first release's archive."""
    for name in [name for name in os.environ if name.startswith("CHAPTERWATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CHAPTERWATCH_HOME", str(home))
    monkeypatch.setenv("CHAPTERWATCH_DATABASE", first.url)
    monkeypatch.setenv("CHAPTERWATCH_REGISTRY", str(ROOT / "sample" / "registry.yml"))
    monkeypatch.setenv("CHAPTERWATCH_MAIL", f"maildir:{home / 'mail'}")
    monkeypatch.setenv("CHAPTERWATCH_SENDER", "chapterwatch@hq.example")
    monkeypatch.setenv("CHAPTERWATCH_NOW", TODAY.isoformat())
    chosen = settings.from_environment()
    made = pipeline.Workplace(chosen, chosen.connection)
    yield made
    made.archive.close()
