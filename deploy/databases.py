"""Creates and migrates what production keeps in PostgreSQL, for init.sh: `databases.py create`, `databases.py migrate`.

Exit status 2 with one line where a person has to do something.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from chapterwatch.archive import Archive
from chapterwatch.errors import UserError

#: Airflow's metadata, and the archive.
NAMES = ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "CHAPTERWATCH_DATABASE")
#: Seconds a server that just starts is waited for.
PATIENCE = 60.0
#: Databases that are there on a server where ours are not yet.
ALWAYS_THERE = ("postgres", "template1")


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run one command; returns the exit status."""
    try:
        if arguments == ["create"]:
            create(environment)
        elif arguments == ["migrate"]:
            migrate(environment)
        else:
            raise UserError("say create or migrate")  # noqa: TRY301 - one place prints
    except UserError as error:
        print(f"chapterwatch: {error}", file=sys.stderr)  # noqa: T201 - this is a script
        return 2
    return 0


def create(environment: Mapping[str, str], patience: float = PATIENCE) -> None:
    """Create the databases that are missing.

    Raises:
        UserError: the server cannot be reached, or its user may not create databases.
    """
    for name in NAMES:
        url = _url(name, environment)
        if url.get_backend_name() == "postgresql" and not _there(url, patience):
            _create(url)


def migrate(environment: Mapping[str, str]) -> None:
    """Bring the archive's schema up to date. Raises UserError where it cannot be."""
    Archive.open(environment[NAMES[1]]).close()


def _url(name: str, environment: Mapping[str, str]) -> URL:
    try:
        return make_url(environment[name])
    except (KeyError, ArgumentError):
        raise UserError(f"{name} is no database URL; start this by deploy/enter.sh init") from None


def _there(url: URL, patience: float) -> bool:
    """Whether a database exists, asked by connecting to it: that needs no further right."""
    last = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(_conninfo(url), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if f'database "{url.database}" does not exist' in str(error):
                return False
            if not _starting(error) or time.monotonic() > last:
                raise UserError(f"{url.host}:{url.port or 5432} cannot be opened: {_line(error)}") from None
            time.sleep(1)
        else:
            return True


def _starting(error: psycopg.OperationalError) -> bool:
    """Whether waiting may help: nothing listens yet, or the server recovers. A wrong password stays wrong."""
    words = ("refused", "starting up", "not yet accepting", "translate host name", "resolve", "No such file", "timeout")
    return any(word in str(error) for word in words)


def _create(url: URL) -> None:
    statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(str(url.database)))
    with _somewhere(url) as connection:
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            raise UserError(
                f"{url.username} may not create databases; as an administrator of {url.host}: "
                f"CREATE DATABASE {url.database} OWNER {url.username} ENCODING 'UTF8' TEMPLATE template0"
            ) from None
        except psycopg.errors.DuplicateDatabase:
            return  # another init was quicker


def _somewhere(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    for database in ALWAYS_THERE:
        try:
            return psycopg.connect(_conninfo(url.set(database=database)), autocommit=True)
        except psycopg.OperationalError as error:
            refused = _line(error)
    raise UserError(f"database {url.database} does not exist and cannot be created: {refused}")


def _conninfo(url: URL) -> str:
    # By keywords: SQLAlchemy writes a space in a password as it is, and libpq refuses such a URL.
    options = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    return make_conninfo("", **url.translate_connect_args(username="user", database="dbname"), **options)


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
