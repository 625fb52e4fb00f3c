"""The archive's tables have a version, the schema; an opening brings an older one up to date.

All steps of an upgrade are one transaction on either database, so a process killed in the middle leaves the archive as
it was, and the next opening begins anew. One process migrates: the others wait for PostgreSQL's advisory lock or for
SQLite's write lock, look again, and find nothing left to do. Where there was nothing to do from the start no lock is
taken, so an opening never waits for a writer.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from chapterwatch.archive.engine import reading, writing
from chapterwatch.errors import ArchiveError

log = logging.getLogger(__name__)

#: Any fixed number: whoever migrates a PostgreSQL archive holds this advisory lock.
_MIGRATION_LOCK = 4_211_907_331

_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The version of an archive's tables, as found and as this Chapterwatch needs it."""

    #: None: there is no archive in the database yet.
    found: str | None
    needed: str
    #: The file that holds the archive as it was before an upgrade; None where none was kept.
    copy: Path | None = None

    @property
    def current(self) -> bool:
        """Whether there is nothing to upgrade."""
        return self.found == self.needed


def look(engine: Engine) -> Schema:
    """The schema of the archive as it stands. Changes nothing.

    Raises:
        ArchiveError: the database cannot be opened, holds something else, or a newer Chapterwatch wrote it.
    """
    if engine.dialect.name == "sqlite" and _is_blank(Path(engine.url.database or "")):
        # Connecting would make the file, or write into the empty one.
        return Schema(found=None, needed=_head(_scripts()))
    try:
        with reading(engine) as conn:
            return _look(conn, engine)
    except DBAPIError as error:
        raise _unopened(engine, error) from error


def _is_blank(file: Path) -> bool:
    """Whether nothing stands there yet: no file, or one of no bytes."""
    return not file.is_file() or file.stat().st_size == 0


def migrate(engine: Engine, *, keep_copy: bool = False) -> Schema:
    """Create or upgrade the tables, one process at a time; returns what was found.

    With `keep_copy` an SQLite archive of an older schema is first copied beside itself. PostgreSQL has its own tools.

    A new SQLite archive can be read by its owner alone.

    Raises:
        ArchiveError: the database cannot be opened, holds something else, cannot be copied, or a newer Chapterwatch
            wrote it.
    """
    schema = look(engine)
    if schema.current:
        return schema
    if schema.found is None:
        _make_file_of_owner(engine)
    try:
        with writing(engine) as conn:
            return _migrate(conn, engine, keep_copy)
    except DBAPIError as error:
        raise _unopened(engine, error) from error


def _make_file_of_owner(engine: Engine) -> None:
    """Make a new SQLite archive's file for its owner alone; SQLite gives the files beside it the same rights."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        return
    try:
        # It will hold what people posted. A file that exists keeps the rights it has.
        Path(file).touch(mode=0o600)
    except OSError as error:
        raise ArchiveError(
            f"the archive {_place(engine)} cannot be made: {error.strerror}; check CHAPTERWATCH_DATABASE"
        ) from None


def _look(conn: Connection, engine: Engine) -> Schema:
    scripts = _scripts()
    found = MigrationContext.configure(conn).get_current_heads()
    unknown = sorted(set(found) - {script.revision for script in scripts.walk_revisions()})
    ours = inspect(conn).has_table("capture")
    if unknown and not ours:
        raise ArchiveError(
            f"{_place(engine)} holds the tables of another program; give the archive a database of its own"
        )
    if unknown:
        raise ArchiveError(
            f"the archive {_place(engine)} was written by a newer Chapterwatch (schema {', '.join(unknown)}); "
            "upgrade Chapterwatch"
        )
    if ours and not found:
        raise ArchiveError(
            f"the archive {_place(engine)} has tables but no schema version; restore it from a backup, or name an "
            "empty database in CHAPTERWATCH_DATABASE"
        )
    return Schema(found=found[0] if found else None, needed=_head(scripts))


def _migrate(conn: Connection, engine: Engine, keep_copy: bool) -> Schema:
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    schema = _look(conn, engine)
    if schema.current:
        return schema
    copy = _copy(engine, schema) if keep_copy and schema.found else None
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    if schema.found:
        log.info("archive upgraded: schema %s -> %s", schema.found, schema.needed)
    return Schema(found=schema.found, needed=schema.needed, copy=copy)


def _copy(engine: Engine, schema: Schema) -> Path | None:
    """Copy an SQLite archive, whose write lock is held. The copy has its name only once it is whole."""
    archive = Path(engine.url.database or "")
    if engine.dialect.name != "sqlite" or not archive.is_file():
        return None
    copy = archive.with_name(f"{archive.name}.schema-{schema.found}")
    part = copy.with_name(f"{copy.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        _vacuum_into(archive, part)
        part.chmod(archive.stat().st_mode)
        part.rename(copy)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise ArchiveError(
            f"the archive cannot be copied to {copy} ({error}), so it was not upgraded; make room there, or copy it "
            "yourself and say --no-copy"
        ) from error
    return copy


def copy_sqlite(engine: Engine, copy: Path) -> None:
    """Copy an SQLite archive into a new file, as it stands at one moment. Others may write meanwhile.

    Raises:
        ArchiveError: it is another database, there is no archive, the file exists, or it cannot be written.
    """
    if engine.dialect.name != "sqlite":
        raise ArchiveError("the archive is no SQLite file; copy it with `enter.sh backup FOLDER`, or with pg_dump")
    if look(engine).found is None:
        raise ArchiveError(f"there is no archive at {engine.url.database} to copy; check CHAPTERWATCH_HOME")
    if copy.exists():
        raise ArchiveError(f"{copy} exists, and a copy replaces nothing; say a new file")
    part = copy.with_name(f"{copy.name}.part")
    try:
        part.unlink(missing_ok=True)
        # It holds what reports say of people.
        part.touch(mode=0o600)
        _vacuum_into(Path(engine.url.database or ""), part)
        part.rename(copy)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or error
        raise ArchiveError(f"the archive cannot be copied to {copy} ({why}); say another place") from error


def _vacuum_into(archive: Path, part: Path) -> None:
    with closing(sqlite3.connect(archive)) as database:
        database.execute("VACUUM INTO ?", (str(part),))


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _head(scripts: ScriptDirectory) -> str:
    (head,) = scripts.get_heads()
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _unopened(engine: Engine, error: DBAPIError) -> ArchiveError:
    reason = str(error.orig).strip().partition("\n")[0]
    return ArchiveError(f"the archive {_place(engine)} cannot be opened: {reason}; check CHAPTERWATCH_DATABASE")


def _place(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)
