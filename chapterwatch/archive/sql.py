"""The two statements SQLAlchemy Core spells differently for each database, and chunked IN lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite

#: Bound parameters SQLite takes in one statement start at 999 in old builds; this stays well below.
CHUNK = 500

T = TypeVar("T")


def insert_for(conn: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT with `on_conflict_*` for the connection's database."""
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)


def insert_missing(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose key is not there yet; returns how many went in."""
    statement = insert_for(conn, table).on_conflict_do_nothing()
    return sum(took_hold(conn, statement, row) for row in rows)


def took_hold(conn: Connection, statement: sqlite.Insert | postgresql.Insert, row: Mapping[str, Any]) -> bool:
    """Run an INSERT that may give way to what is there; whether it wrote. An INSERT's rowcount is not dependable."""
    return conn.execute(statement.returning(literal(1)), dict(row)).first() is not None


def upsert(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: Iterable[str] = ()) -> None:
    """Insert, or overwrite all but the key and the columns in `keep`. Rows all have the same columns."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    upsert_on(conn, table, rows, keys=keys, keep=keep)


def upsert_on(
    conn: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    keys: Sequence[str],
    keep: Iterable[str] = (),
) -> None:
    """`upsert` on another unique key than the primary one."""
    if not rows:
        return
    statement = insert_for(conn, table)
    spared = {*keys, *keep}
    changed = {name: statement.excluded[name] for name in rows[0] if name not in spared}
    conn.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed), list(rows))


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
