"""What init.sh, backup.sh and restore.sh need to know of PostgreSQL.

- `create` creates the databases that are missing.
- `services FILE` writes both as libpq's services `airflow` and `archive`: passwords have no place among arguments.
- `make-room [--replace]` gives two empty databases, or says what stands in the way.
- `fernet` tries the Fernet key on a connection that was restored.

Exit status 2 with one line where a person has to do something.
"""
# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from chapterwatch.errors import UserError

#: Airflow's metadata, and the archive.
NAMES = {"airflow": "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "archive": "CHAPTERWATCH_DATABASE"}
#: Seconds a server that just starts is waited for.
PATIENCE = 60.0
#: Databases that are there on a server where ours are not yet.
ALWAYS_THERE = ("postgres", "template1")


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run one command; returns the exit status."""
    try:
        match arguments:
            case ["create"]:
                create(environment)
            case ["services", file]:
                services(environment, Path(file))
            case ["make-room", *options]:
                make_room(environment, replace=options == ["--replace"])
            case ["fernet"]:
                fernet(environment)
            case _:
                raise UserError("databases.py knows create, services FILE, make-room and fernet")  # noqa: TRY301
    except UserError as error:
        print(f"chapterwatch: {error}", file=sys.stderr)  # noqa: T201 - this is a script
        return 2
    return 0


def create(environment: Mapping[str, str], patience: float = PATIENCE) -> None:
    """Create the databases that are missing.

    Raises:
        UserError: the server cannot be reached, or its user may not create databases.
    """
    for name in NAMES.values():
        url = _url(name, environment)
        if url.get_backend_name() == "postgresql" and not _there(url, patience):
            _create(url)


def services(environment: Mapping[str, str], file: Path) -> None:
    """Write both databases as libpq's services. Raises UserError where one is no PostgreSQL."""
    lines = []
    for service, name in NAMES.items():
        url = _postgresql(name, environment)
        lines += [f"[{service}]", *(f"{key}={value}" for key, value in _parameters(url).items()), ""]
    file.touch(mode=0o600)
    file.write_text("\n".join(lines), encoding="utf-8")


def make_room(environment: Mapping[str, str], *, replace: bool) -> None:
    """Create both databases, after dropping them where they may be replaced.

    Raises:
        UserError: a database holds tables already, or somebody is still connected to it.
    """
    urls = [_postgresql(name, environment) for name in NAMES.values()]
    full = [url for url in urls if _there(url, PATIENCE) and _tables(url)]
    if full and not replace:
        raise UserError(f"database {full[0].database} is not empty; restore into new databases, or say --replace")
    for url in full:
        _drop(url)
    create(environment)


def fernet(environment: Mapping[str, str]) -> None:
    """Try the key at hand. Raises UserError where connections are kept that it does not open."""
    keys = environment.get("AIRFLOW__CORE__FERNET_KEY") or environment.get("AIRFLOW_FERNET_KEY") or ""
    url = _postgresql(NAMES["airflow"], environment)
    with psycopg.connect(_conninfo(url)) as connection:
        if connection.execute("SELECT to_regclass('connection')").fetchone() == (None,):
            return
        query = "SELECT conn_id, extra FROM connection WHERE is_extra_encrypted AND extra <> '' LIMIT 1"
        row = connection.execute(query).fetchone()
    if row is None:
        return
    try:
        MultiFernet([Fernet(key) for key in keys.split(",")]).decrypt(row[1].encode())
    except (InvalidToken, ValueError):
        raise UserError(
            f"the data is back, but this Fernet key does not open connection {row[0]}; set AIRFLOW_FERNET_KEY to the "
            "one of the backup, or enter the connections anew"
        ) from None


def _url(name: str, environment: Mapping[str, str]) -> URL:
    try:
        return make_url(environment[name])
    except (KeyError, ArgumentError):
        raise UserError(f"{name} is no database URL; start this by deploy/enter.sh init") from None


def _postgresql(name: str, environment: Mapping[str, str]) -> URL:
    url = _url(name, environment)
    if url.get_backend_name() != "postgresql":
        raise UserError(f"{name} is no PostgreSQL database; stop everything and copy its file instead")
    return url


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
    statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
        sql.Identifier(str(url.database))
    )
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


def _tables(url: URL) -> int:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    with psycopg.connect(_conninfo(url)) as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _drop(url: URL) -> None:
    with _somewhere(url) as connection:
        try:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(str(url.database))))
        except psycopg.errors.ObjectInUse:
            raise UserError(f"somebody is connected to database {url.database}; stop every process first") from None
        except psycopg.errors.InsufficientPrivilege:
            raise UserError(
                f"{url.username} may not drop database {url.database}; drop it as an administrator"
            ) from None


def _conninfo(url: URL) -> str:
    # By keywords: SQLAlchemy writes a space in a password as it is, and libpq refuses such a URL.
    return make_conninfo("", **_parameters(url))


def _parameters(url: URL) -> dict[str, Any]:
    """The keywords libpq has for a database."""
    options = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    return {**url.translate_connect_args(username="user", database="dbname"), **options}


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
