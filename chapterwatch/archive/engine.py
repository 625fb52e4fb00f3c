"""Opening the database. What brings its tables up to date stands in `archive.schema`.

SQLite: WAL, foreign keys on, a busy timeout, and BEGIN IMMEDIATE for whatever writes: a deferred BEGIN that turns into
a writer fails at once with SQLITE_BUSY_SNAPSHOT whatever the timeout. Commits are synced in full, because a mail's
claim that a power cut takes back is a mail sent twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from chapterwatch.errors import ArchiveError

BUSY_TIMEOUT_MS = 60_000

#: PostgreSQL's data_corrupted and index_corrupted.
_PG_DAMAGED = frozenset({"XX001", "XX002"})

_HOW = "use sqlite:////absolute/path/archive.sqlite or postgresql://user@host/database"


def open_engine(url: str) -> Engine:
    """An engine for an archive URL, not yet connected.

    Raises:
        ArchiveError: the URL is none, names another database, or its driver is not installed.
    """
    parsed = _parsed(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        return create_engine(parsed, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"})
    except ModuleNotFoundError as error:
        raise ArchiveError(
            f"the archive's database driver {error.name} is missing; install chapterwatch[postgres]"
        ) from error


@contextmanager
def disposing(engine: Engine) -> Iterator[Engine]:
    """An engine whose connections are given up at the end."""
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: committed at the end, rolled back on any exception."""
    with engine.connect().execution_options(chapterwatch_writes=True) as conn, conn.begin():
        yield conn


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: every query in it sees the same state of the archive."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn, conn.begin():
            yield conn
    else:
        with engine.connect() as conn, conn.begin():
            yield conn


def is_damage(error: DBAPIError) -> bool:
    """Whether the database says that its own files are damaged."""
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the error, the rest its kind.
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
    return getattr(error.orig, "sqlstate", None) in _PG_DAMAGED


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError) as error:
        raise ArchiveError(f"the archive's URL cannot be read; {_HOW}") from error
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise ArchiveError(f"the archive cannot live in {backend}; {_HOW}")
    return parsed


def _sqlite(url: URL) -> Engine:
    folder = Path(url.database or ".").parent
    if not folder.is_dir():
        raise ArchiveError(f"the archive's folder {folder} does not exist; create it or change CHAPTERWATCH_DATABASE")
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: object, _: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late and is always deferred, so it is switched off.
    dbapi_connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = dbapi_connection.cursor()  # type: ignore[attr-defined]
    for setting in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    writes = conn.get_execution_options().get("chapterwatch_writes", False)
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
