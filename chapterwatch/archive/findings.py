"""Conclusions: findings, their denominators, and what people decided about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, update

from chapterwatch.archive import tables
from chapterwatch.archive.bodies import has_body
from chapterwatch.archive.cleaning import clean
from chapterwatch.archive.erasure import ERASED_REASON
from chapterwatch.archive.records import Disposition, Tally
from chapterwatch.archive.sql import chunks, upsert, upsert_on
from chapterwatch.model import RE_FETCH, DispositionState, Finding, Lane, Seen, Severity

# --- findings -------------------------------------------------------------------------------------------------------


def save(conn: Connection, findings: Iterable[Finding], at: datetime) -> None:
    """Insert or recompute by key. The first time it was found is kept; a retired finding made again is live again.

    A finding about an erased body keeps none of it, and one whose body was erased is not touched any more, until the
    post is shown again and says the same.
    """
    rows = [_row(finding, at) for finding in findings]
    frozen = _erased_keys(conn, [row["key"] for row in rows])
    gone = _erased_contents(conn, sorted({row["account_key"] for row in rows}))
    live = [row for row in rows if row["key"] not in frozen or _rests_on_a_body(row, gone)]
    upsert(conn, tables.finding, [_without_erased(row, gone, at) for row in live], keep=("first_found_at",))


def load(
    conn: Connection,
    *,
    chapter: str | None = None,
    account_key: str | None = None,
    retired: bool = False,
) -> list[Finding]:
    """Findings by the time they opened, then key."""
    table = tables.finding
    query = select(table).order_by(table.c.opened_at, table.c.key)
    if chapter is not None:
        query = query.where(table.c.chapter == chapter)
    if account_key is not None:
        query = query.where(table.c.account_key == account_key)
    if not retired:
        query = query.where(table.c.retired_at.is_(None))
    return [finding_of(row) for row in conn.execute(query)]


def beginning(conn: Connection, start: str) -> list[Finding]:
    """Findings whose key begins so, retired ones among them, by key."""
    table = tables.finding
    query = select(table).where(table.c.key.startswith(start, autoescape=True)).order_by(table.c.key)
    return [finding_of(row) for row in conn.execute(query)]


def live_keys(conn: Connection, account_keys: Sequence[str]) -> list[str]:
    """The keys of the accounts' findings that are not retired."""
    table = tables.finding
    found: list[str] = []
    for part in chunks(account_keys):
        where = (table.c.account_key.in_(part), table.c.retired_at.is_(None))
        found += conn.execute(select(table.c.key).where(*where).order_by(table.c.key)).scalars()
    return found


def first_found(conn: Connection, keys: Sequence[str]) -> dict[str, datetime]:
    """When each finding was first made, by key."""
    table = tables.finding
    found: dict[str, datetime] = {}
    for part in chunks(keys):
        rows = conn.execute(select(table.c.key, table.c.first_found_at).where(table.c.key.in_(part)))
        found |= {row.key: row.first_found_at for row in rows}
    return found


def retire(conn: Connection, keys: Sequence[str], at: datetime) -> int:
    """Mark findings a re-judging no longer makes; those whose body was erased cannot be judged again and stay.

    Unless they are open and their post was shown again: what it says now was judged, and refutes them.
    """
    table = tables.finding
    judged = or_(table.c.erased_at.is_(None), _is_refuted())
    done = 0
    for part in chunks(list(keys)):
        where = (table.c.key.in_(part), table.c.retired_at.is_(None), judged)
        done += conn.execute(update(table).where(*where).values(retired_at=at)).rowcount
    return done


def _is_refuted() -> ColumnElement[bool]:
    """An open finding about an erased body of a post that has another body now. An edit's two texts are both gone."""
    table = tables.finding
    shown = has_body(table.c.account_key, table.c.subject_id)
    return and_(table.c.subject_kind == "post", table.c.field != "edit", table.c.closed_at.is_(None), shown)


def _row(finding: Finding, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        item.name: clean(value) if isinstance(value := getattr(finding, item.name), str) else value
        for item in fields(finding)
    }
    row |= {"clauses": json.dumps(finding.clauses)}
    return {**row, "first_found_at": at, "last_found_at": at, "retired_at": None, "erased_at": None}


def finding_of(row: Row[Any]) -> Finding:
    """A finding from its row."""
    values = {item.name: row._mapping[item.name] for item in fields(Finding)}  # noqa: SLF001 - Row's public mapping
    values |= {
        "clauses": tuple(json.loads(row.clauses)),
        "severity": Severity(row.severity),
        "lane": Lane(row.lane),
    }
    return Finding(**values)


def _erased_keys(conn: Connection, keys: Sequence[str]) -> set[str]:
    table = tables.finding
    found: set[str] = set()
    for part in chunks(keys):
        where = (table.c.key.in_(part), table.c.erased_at.is_not(None))
        found |= set(conn.execute(select(table.c.key).where(*where)).scalars())
    return found


def _erased_contents(conn: Connection, account_keys: Sequence[str]) -> dict[tuple[str, str], set[str]]:
    """Per post of the accounts with an erased body, the contents of it that are still there."""
    table = tables.post_revision
    contents: dict[tuple[str, str], set[str]] = {}
    for part in chunks(account_keys):
        gone = (table.c.account_key.in_(part), table.c.erased_at.is_not(None))
        for row in conn.execute(select(table.c.account_key, table.c.native_id).where(*gone).distinct()):
            contents[row.account_key, row.native_id] = set()
    for account_key, native_id in contents:
        where = (table.c.account_key == account_key, table.c.native_id == native_id, table.c.erased_at.is_(None))
        contents[account_key, native_id] = set(conn.execute(select(table.c.content_hash).where(*where)).scalars())
    return contents


def _rests_on_a_body(row: Mapping[str, Any], gone: Mapping[tuple[str, str], set[str]]) -> bool:
    left = gone.get((row["account_key"], row["subject_id"]))
    return row["subject_kind"] != "post" or left is None or row["content_hash"] in left


def _without_erased(row: dict[str, Any], gone: Mapping[tuple[str, str], set[str]], at: datetime) -> dict[str, Any]:
    """An audit that began before the erasure must not bring the words back."""
    if _rests_on_a_body(row, gone):
        return row
    return {**row, "excerpt": "", "reason": ERASED_REASON, "content_hash": "", "erased_at": at}


# --- denominators ---------------------------------------------------------------------------------------------------

_TALLY_KEY = ("run_id", "pack", "rule_id", "account_key")


def save_tallies(conn: Connection, rows: Iterable[Tally]) -> None:
    """Insert, or overwrite what the same run said before; what earlier runs counted for these accounts goes.

    A report prints the last count. One row for every rule, account and night would soon be most of the archive.
    """
    values = [{**asdict(row), "reasons": json.dumps(dict(row.reasons), sort_keys=True)} for row in rows]
    table = tables.tally
    judged: dict[str, set[str]] = {}
    for value in values:
        judged.setdefault(value["run_id"], set()).add(value["account_key"])
    for run_id, keys in judged.items():
        for part in chunks(sorted(keys)):
            conn.execute(delete(table).where(table.c.account_key.in_(part), table.c.run_id != run_id))
    upsert_on(conn, table, values, keys=_TALLY_KEY)


def tallies(conn: Connection, run_id: str) -> list[Tally]:
    """What one run counted."""
    table = tables.tally
    return _tallies(conn, select(table).where(table.c.run_id == run_id))


def latest_tallies(conn: Connection, account_keys: Sequence[str]) -> list[Tally]:
    """What the last run that judged each account counted for it. Rules it no longer has are not in it."""
    table = tables.tally
    newest = select(func.max(table.c.id)).where(table.c.account_key.in_(list(account_keys)))
    last = table.alias()
    runs = select(last.c.account_key, last.c.run_id).where(last.c.id.in_(newest.group_by(table.c.account_key)))
    pairs = runs.subquery()
    same = (table.c.account_key == pairs.c.account_key) & (table.c.run_id == pairs.c.run_id)
    return _tallies(conn, select(table).join(pairs, same))


def _tallies(conn: Connection, query: Select[Any]) -> list[Tally]:
    table = tables.tally
    rows = conn.execute(query.order_by(table.c.account_key, table.c.pack, table.c.rule_id)).mappings()
    names = [item.name for item in fields(Tally)]
    return [Tally(**{**{name: row[name] for name in names}, "reasons": json.loads(row["reasons"])}) for row in rows]


# --- people's decisions ---------------------------------------------------------------------------------------------


def add_disposition(conn: Connection, item: Disposition) -> None:
    """Append a decision, and put the finding where it says."""
    row = {**asdict(item), "note": clean(item.note), "state": item.state.value}
    conn.execute(insert(tables.disposition), row)
    _settle(conn, item.finding_key)


def _settle(conn: Connection, finding_key: str) -> None:
    """Put the finding where the latest decision about it says."""
    decided, table = tables.disposition, tables.finding
    latest = (
        select(decided.c.state)
        .where(decided.c.finding_key == finding_key)
        .order_by(decided.c.at.desc(), decided.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    conn.execute(update(table).where(table.c.key == finding_key).values(state=latest))


#: Decisions that ask for the words to go: their end, seen by asking again, is what was waited for.
_AWAITED = (DispositionState.CONFIRMED, DispositionState.SENT_TO_OWNER, DispositionState.OWNER_SAYS_FIXED)
#: What is refuted by words that are still, or again, to be seen.
_REFUTED = (DispositionState.OWNER_SAYS_FIXED, DispositionState.VERIFIED)


def follow_up(conn: Connection, account_keys: Sequence[str], at: datetime) -> tuple[int, int]:
    """Note what asking again said of findings people decided about; (verified, opened again).

    A finding that ended after somebody asked for that is verified. One whose words were seen after they were said to
    be fixed is opened again. Either is said once: the finding then stands elsewhere.
    """
    told = [
        (row, state)
        for part in chunks(sorted(account_keys))
        for row in conn.execute(_decided(part))
        if (state := _followed(conn, row, at)) is not None
    ]
    for row, state in told:
        add_disposition(
            conn, Disposition(finding_key=row.key, state=state, note="", author=RE_FETCH, author_role=RE_FETCH, at=at)
        )
    verified = sum(state is DispositionState.VERIFIED for _, state in told)
    return verified, len(told) - verified


def _decided(account_keys: Sequence[str]) -> Select[Any]:
    """The findings of some accounts that asking again may say something about."""
    table = tables.finding
    ended = and_(table.c.closed_at.is_not(None), table.c.state.in_([state.value for state in _AWAITED]))
    stands = and_(table.c.closed_at.is_(None), table.c.state.in_([state.value for state in _REFUTED]))
    # What a person reported was never fetched, and nothing is asked again.
    ours = (table.c.account_key.in_(account_keys), table.c.retired_at.is_(None), table.c.subject_kind != "review")
    return select(table).where(*ours, or_(ended, stands)).order_by(table.c.key)


def _followed(conn: Connection, row: Row[Any], at: datetime) -> DispositionState | None:
    """Where a finding goes by what was seen; None where nobody looked since the latest decision."""
    decided = tables.disposition
    said = conn.execute(select(func.max(decided.c.at)).where(decided.c.finding_key == row.key)).scalar()
    # A reply counts from noon of its day: what is noted before that would not be the latest.
    if said is None or said > at:
        return None
    if row.closed_at is not None:
        return DispositionState.VERIFIED
    seen = conn.execute(_last_sight(row)).scalar()
    return DispositionState.REOPENED if seen and seen > said else None


def _last_sight(row: Row[Any]) -> Select[Any]:
    """When a finding's post or profile was shown last; one that has not changed leaves no new capture."""
    post, asked = tables.post, tables.coverage
    if row.subject_kind == "post":
        own = (post.c.account_key == row.account_key, post.c.native_id == row.subject_id)
        return select(post.c.last_seen_at).where(*own)
    whole = (asked.c.asked == "profile", asked.c.seen == Seen.SEEN.value)
    return select(func.max(asked.c.at)).where(asked.c.account_key == row.account_key, *whole)


def dispositions(conn: Connection, finding_keys: Sequence[str]) -> dict[str, tuple[Disposition, ...]]:
    """The decisions on each finding that has any, oldest first."""
    table = tables.disposition
    found: dict[str, tuple[Disposition, ...]] = {}
    for part in chunks(list(finding_keys)):
        for row in conn.execute(select(table).where(table.c.finding_key.in_(part)).order_by(table.c.id)):
            item = Disposition(
                finding_key=row.finding_key,
                state=DispositionState(row.state),
                note=row.note,
                author=row.author,
                author_role=row.author_role,
                at=row.at,
            )
            found[row.finding_key] = (*found.get(row.finding_key, ()), item)
    return found
