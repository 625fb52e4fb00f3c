"""What proves a capture to somebody who has no archive: its bytes, and the chain of hashes from it to today's head."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from chapterwatch.archive import chain, pictures, tables
from chapterwatch.archive.records import Body, Head, Proof, WitnessedReport
from chapterwatch.model import Space

#: Pictures of a profile; all others belong to posts.
_PROFILE_ROLES = frozenset({"avatar", "banner"})


def proof(conn: Connection, account_key: str, kind: str, subject_id: str) -> Proof | None:
    """The captures of one post or profile with the chain behind them; None where there is none.

    `kind` is post or profile. What was erased has its place in the chain and no body.
    """
    found = _bodies(conn, account_key, kind, subject_id) if kind in chain.READINGS else ()
    bodies = {body.seq: body for body in found}
    if not bodies:
        return None
    entries = list(_entries(conn, account_key, since=min(bodies)))
    return Proof(
        account_key=account_key,
        space=_space(conn, account_key),
        prev=_prev(conn, account_key, min(bodies)),
        entries=entries,
        bodies=bodies,
        reports=list(_reports(conn, account_key, since=min(bodies))),
    )


def _bodies(conn: Connection, account_key: str, kind: str, subject_id: str) -> Iterator[Body]:
    table = tables.capture
    query = select(table).where(
        table.c.account_key == account_key, table.c.subject_id == subject_id, table.c.kind.in_([kind, "picture"])
    )
    readings = _readings(conn, kind, account_key, subject_id)
    for row in map(dict, conn.execute(query.order_by(table.c.seq)).mappings()):
        if row["kind"] == "picture":
            sealed = pictures.sealed_by(row) if row["raw"] is not None else None
            if sealed and (sealed.role in _PROFILE_ROLES) == (kind == "profile"):
                yield Body(seq=row["seq"], kind="picture", raw=row["raw"], salt=row["salt"], picture=sealed.sha256)
        else:
            reading, erased_at = readings.get(row["seq"], ({}, None))
            yield Body(
                seq=row["seq"],
                kind=kind,
                raw=row["raw"],
                salt=row["salt"],
                reading={} if erased_at else reading,
                erased_at=erased_at,
            )


def _readings(
    conn: Connection, kind: str, account_key: str, subject_id: str
) -> dict[int, tuple[Mapping[str, Any], datetime | None]]:
    """By seq, the columns of each reading as they are hashed, and when its body was erased."""
    table = chain.READINGS[kind]
    names = chain.reading_columns(table)
    query = select(table).where(table.c.account_key == account_key, table.c.native_id == subject_id)
    found: dict[int, tuple[Mapping[str, Any], datetime | None]] = {}
    for row in conn.execute(query).mappings():
        found[row["seq"]] = {name: chain.plain(row[name]) for name in names}, row.get("erased_at")
    return found


def _entries(conn: Connection, account_key: str, since: int) -> Iterator[dict[str, Any]]:
    """Each entry from `since` on as its hash has it; the one before it says nothing anew."""
    table = tables.capture
    columns = [table.c[name] for name in (*chain.METADATA, "leaf", "hash") if name != "account_key"]
    query = select(*columns).where(table.c.account_key == account_key, table.c.seq >= since)
    for row in conn.execute(query.order_by(table.c.seq)).mappings():
        yield {name: chain.plain(value) for name, value in row.items()}


def _space(conn: Connection, account_key: str) -> Space:
    table = tables.account
    return Space(conn.execute(select(table.c.space).where(table.c.key == account_key)).scalar_one())


def _prev(conn: Connection, account_key: str, seq: int) -> str:
    table = tables.capture
    query = select(table.c.prev).where(table.c.account_key == account_key, table.c.seq == seq)
    return str(conn.execute(query).scalar_one())


def _reports(conn: Connection, account_key: str, since: int) -> Iterator[WitnessedReport]:
    """The reports whose printed digest commits to the entry `since`, oldest first, with the heads it is made of."""
    table, report = tables.witness, tables.report
    same = [table.c[name] == report.c[name] for name in ("chapter", "period", "revision")]
    own = select(report).join(table, same[0] & same[1] & same[2])
    own = own.where(table.c.account_key == account_key, table.c.entries >= since)
    for row in conn.execute(own.order_by(report.c.issued_at, report.c.chapter)).mappings():
        place = [table.c[name] == row[name] for name in ("chapter", "period", "revision")]
        yield WitnessedReport(
            chapter=row["chapter"],
            period=row["period"],
            revision=row["revision"],
            issued_at=row["issued_at"],
            digest=row["chain_digest"] or "",
            heads=_heads(conn, place),
        )


def _heads(conn: Connection, place: Collection[ColumnElement[bool]]) -> dict[str, Head]:
    table = tables.witness
    rows = conn.execute(select(table.c.account_key, table.c.entries, table.c.hash).where(*place))
    return {row.account_key: Head(count=row.entries, hash=row.hash) for row in rows}
