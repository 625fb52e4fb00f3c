"""Findings a page at a time, and what stands around one: for people who look at an archive of any size.

Pages are asked for by the last row of the page before, never by an offset, and everything is filtered and counted by
the database. The gravest come first, within a severity the latest: each severity is one walk along an index.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from chapterwatch.archive import tables
from chapterwatch.archive.engine import reading
from chapterwatch.archive.findings import finding_of
from chapterwatch.archive.runs import coverage_of
from chapterwatch.archive.sql import chunks
from chapterwatch.model import Coverage, DeliveryState, DispositionState, Finding, Lane, Severity, Window

Standing = Literal["standing", "mended", "withdrawn", "any"]

#: Decisions after which a person has nothing left to do about a finding.
SETTLED = frozenset(
    {
        DispositionState.FALSE_POSITIVE,
        DispositionState.ACCEPTED_RISK,
        DispositionState.DUPLICATE,
        DispositionState.CLOSED,
        DispositionState.VERIFIED,
    },
)
#: Nobody has decided yet, or somebody has to decide again.
UNDECIDED = frozenset({DispositionState.OPEN, DispositionState.REOPENED, DispositionState.OWNER_SAYS_FIXED})


#: What says how much of an account could be seen; looking up known posts by id does not.
LISTING = ("posts", "profile", "export", "review")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which findings. Empty means all; `scope` is what the reader may see at all (None: everything)."""

    scope: frozenset[str] | None = None
    chapters: frozenset[str] = frozenset()
    clause: str = ""
    rule: str = ""
    severity: Severity | None = None
    states: frozenset[DispositionState] = frozenset()
    standing: Standing = "standing"
    lanes: frozenset[Lane] = frozenset({Lane.AUTO, Lane.ASSIST})
    #: (chapters, window): of those chapters what opened within it; several are alternatives.
    opened: tuple[tuple[frozenset[str], Window], ...] = ()
    #: First letters of the finding's key.
    key: str = ""
    #: Only those with an appeal nobody has decided on.
    appealed: bool = False
    #: Keys of findings to leave out, and the only ones to show: what suppressions hold back.
    without: frozenset[str] = frozenset()
    only: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The place of a row in the order of the list."""

    severity: Severity
    opened_at: datetime
    key: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A finding with where it stands."""

    finding: Finding
    state: DispositionState
    retired_at: datetime | None
    first_found_at: datetime

    @property
    def mark(self) -> Mark:
        """Its place in the list."""
        return Mark(severity=self.finding.severity, opened_at=self.finding.opened_at, key=self.finding.key)


@dataclass(frozen=True, kw_only=True)
class Version:
    """One content of a post or profile as it was captured. `texts` by field; empty once its body was erased."""

    captured_at: datetime
    stands_from: datetime
    capture_hash: str
    content_hash: str
    connector: str
    texts: Mapping[str, str]
    permalink: str | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is known of a finding's post or profile: every content, oldest first, and what became of it."""

    versions: tuple[Version, ...]
    #: PostState in words of the archive; empty for a profile.
    state: str = ""
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    gone_at: datetime | None = None


@dataclass(frozen=True)
class Shelf:
    """Reads only. Every method is one transaction."""

    _engine: Engine

    def page(self, wanted: Filter, *, after: Mark | None = None, limit: int = 50) -> list[Line]:
        """Findings, gravest first, then latest; the next page is `after` the last row of this one."""
        with reading(self._engine) as conn:
            return list(_page(conn, wanted, after, limit))

    def line(self, key: str, scope: frozenset[str] | None = None) -> Line | None:
        """One finding; None where there is none, or none the reader may see."""
        query = select(tables.finding).where(tables.finding.c.key == key)
        with reading(self._engine) as conn:
            row = conn.execute(query).first()
        visible = row is not None and (scope is None or row.chapter in scope)
        return _line(row) if row is not None and visible else None

    def undecided(self, rule_ids: Collection[str]) -> list[Finding]:
        """The findings of some rules that nobody has decided about, by the time they opened.

        Credits and what people reported by hand are left out: they are no findings of a rule that could be wrong.
        """
        table = tables.finding
        wanted = Filter(states=UNDECIDED, standing="any")
        found: list[Finding] = []
        with reading(self._engine) as conn:
            for part in chunks(sorted(rule_ids)):
                query = select(table).where(*_where(wanted), table.c.rule_id.in_(part))
                query = query.where(table.c.retired_at.is_(None), table.c.subject_kind != "review")
                found += [finding_of(row) for row in conn.execute(query)]
        return sorted(found, key=lambda one: (one.opened_at, one.key))

    def counts(self, wanted: Filter) -> dict[Severity, int]:
        """How many findings of each severity match, whatever severity `wanted` says."""
        severity = _told(tables.finding.c.severity)
        query = select(severity, func.count()).where(*_where(replace(wanted, severity=None)))
        with reading(self._engine) as conn:
            rows = {row[0]: row[1] for row in conn.execute(query.group_by(severity))}
        return {severity: rows.get(severity.value, 0) for severity in Severity}

    def by_chapter(self, wanted: Filter) -> dict[str, dict[Severity, int]]:
        """Chapter -> severity -> how many match."""
        groups = _told(tables.finding.c.chapter), _told(tables.finding.c.severity)
        query = select(*groups, func.count()).where(*_where(wanted)).group_by(*groups)
        found: dict[str, dict[Severity, int]] = {}
        with reading(self._engine) as conn:
            for chapter, severity, count in conn.execute(query):
                found.setdefault(chapter, {})[Severity(severity)] = count
        return found

    def by_rule(self, wanted: Filter) -> dict[str, dict[DispositionState, int]]:
        """Rule -> where its findings stand with people -> how many match."""
        table = tables.finding
        query = select(table.c.rule_id, table.c.state, func.count()).where(*_where(wanted))
        found: dict[str, dict[DispositionState, int]] = {}
        with reading(self._engine) as conn:
            for rule, state, count in conn.execute(query.group_by(table.c.rule_id, table.c.state)):
                found.setdefault(rule, {})[DispositionState(state)] = count
        return found

    def trend(
        self, months: Sequence[Window], scope: frozenset[str] | None, without: frozenset[str] = frozenset()
    ) -> list[tuple[int, int]]:
        """(posts, findings about posts) of each of some months in a row, set-aside findings and credits left out.

        Left out, too, are the findings whose keys stand in `without`.
        """
        table, account = tables.finding, tables.account
        aside = [state.value for state in SETTLED - {DispositionState.CLOSED, DispositionState.VERIFIED}]
        kept = [*_where(Filter(scope=scope, standing="any", without=without)), table.c.retired_at.is_(None)]
        kept += [table.c.subject_kind == "post", table.c.state.not_in(aside)]
        own = select(account.c.key).where(account.c.chapter.in_(sorted(scope or ())))
        theirs = true() if scope is None else tables.post.c.account_key.in_(own)
        with reading(self._engine) as conn:
            posts = _by_month(conn, tables.post.c.created_at, theirs, months)
            found = _by_month(conn, table.c.opened_at, and_(*kept), months)
        return list(zip(posts, found, strict=True))

    def subject(self, finding: Finding) -> Subject:
        """Every content of the post or profile a finding is about."""
        with reading(self._engine) as conn:
            if finding.subject_kind == "post":
                return _post(conn, finding.account_key, finding.subject_id)
            return _profile(conn, finding)

    def post(self, account_key: str, native_id: str) -> Subject:
        """Every content of a post, whether or not there is a finding about it."""
        with reading(self._engine) as conn:
            return _post(conn, account_key, native_id)

    def texts(self, findings: Sequence[Finding]) -> dict[str, Mapping[str, str]]:
        """Capture hash -> texts by field of the posts and profiles of a few findings, for a page of a list."""
        accounts, subjects, hashes = (
            sorted({getattr(finding, name) for finding in findings})
            for name in ("account_key", "subject_id", "capture_hash")
        )
        posts, profiles, capture = tables.post_revision, tables.profile_revision, tables.capture
        read = (
            (posts, _post_version, posts.c.native_id.in_(subjects)),
            (profiles, _profile_version, true()),
        )
        found: dict[str, Mapping[str, str]] = {}
        with reading(self._engine) as conn:
            for table, version_of, wanted in read:
                query = _captured(table).where(table.c.account_key.in_(accounts), wanted, capture.c.hash.in_(hashes))
                versions = map(version_of, conn.execute(query))
                found |= {version.capture_hash: version.texts for version in versions}
        return found

    def last_run(self, kind: str) -> tuple[str, datetime] | None:
        """(run id, start) of the latest run of a kind; None where there never was one."""
        table = tables.run
        query = select(table.c.run_id, table.c.started_at).where(table.c.kind == kind)
        with reading(self._engine) as conn:
            row = conn.execute(query.order_by(table.c.started_at.desc()).limit(1)).first()
        return (row[0], row[1]) if row else None

    def last_asked(self, accounts: Collection[str]) -> dict[str, list[Coverage]]:
        """What the last run that listed each account's posts or profile said of them, by account key."""
        table = tables.coverage
        listed = (table.c.asked.in_(LISTING), table.c.account_key.in_(list(accounts)))
        newest = select(table.c.account_key, func.max(table.c.at).label("at")).where(*listed)
        last = newest.group_by(table.c.account_key).subquery()
        runs = select(table.c.account_key, table.c.run_id).join(
            last, (last.c.account_key == table.c.account_key) & (last.c.at == table.c.at)
        )
        pairs = runs.distinct().subquery()
        same = (pairs.c.account_key == table.c.account_key) & (pairs.c.run_id == table.c.run_id)
        query = select(table).join(pairs, same).where(table.c.asked.in_(LISTING)).order_by(table.c.at)
        found: dict[str, list[Coverage]] = {}
        with reading(self._engine) as conn:
            for row in conn.execute(query):
                found.setdefault(row.account_key, []).append(coverage_of(row))
        return found

    def troubled_mails(self, states: Collection[DeliveryState]) -> dict[str, int]:
        """Report name (a chapter's id, or `rollup:...`) -> mails in one of some states."""
        table = tables.delivery
        query = select(table.c.chapter, func.count()).where(table.c.state.in_(sorted(item.value for item in states)))
        with reading(self._engine) as conn:
            return {row[0]: row[1] for row in conn.execute(query.group_by(table.c.chapter))}

    def last_seen_whole(self, accounts: Collection[str]) -> dict[str, datetime]:
        """Until when each account's posts were looked at in full; accounts where they never were are left out.

        Where the platform is asked that is when it was; a file reaches as far as it reaches, however often it is read.
        """
        table = tables.coverage
        reached = case((table.c.asked == "export", table.c.window_until), else_=table.c.at)
        query = (
            select(table.c.account_key, func.max(reached))
            .where(table.c.asked.in_(["posts", "export", "review"]), table.c.seen == "seen")
            .where(table.c.account_key.in_(list(accounts)))
            .group_by(table.c.account_key)
        )
        with reading(self._engine) as conn:
            return {row[0]: row[1] for row in conn.execute(query)}


# --- pages ----------------------------------------------------------------------------------------------------------


def _page(conn: Connection, wanted: Filter, after: Mark | None, limit: int) -> Iterator[Line]:
    left = limit
    for severity in Severity:
        past = after is not None and severity.rank < after.severity.rank
        if past or wanted.severity not in {None, severity} or not left:
            continue
        query = _ordered(replace(wanted, severity=severity), after if after and after.severity is severity else None)
        for row in conn.execute(query.limit(left)):
            left -= 1
            yield _line(row)


def _ordered(wanted: Filter, after: Mark | None) -> Select[Any]:
    table = tables.finding
    query = select(table).where(*_where(wanted)).order_by(table.c.opened_at.desc(), table.c.key.desc())
    if after is None:
        return query
    place = tuple_(literal(after.opened_at, tables.Moment()), literal(after.key))
    return query.where(tuple_(table.c.opened_at, table.c.key) < place)


def _line(row: Row[Any]) -> Line:
    return Line(
        finding=finding_of(row),
        state=DispositionState(row.state),
        retired_at=row.retired_at,
        first_found_at=row.first_found_at,
    )


# --- filters --------------------------------------------------------------------------------------------------------


def _where(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    table = tables.finding
    yield table.c.lane.in_(sorted(lane.value for lane in wanted.lanes))
    yield from _standing(wanted.standing)
    if wanted.scope is not None:
        yield table.c.chapter.in_(sorted(wanted.scope))
    if wanted.chapters:
        yield table.c.chapter.in_(sorted(wanted.chapters))
    if wanted.severity is not None:
        yield table.c.severity == wanted.severity.value
    if wanted.states:
        yield table.c.state.in_(sorted(state.value for state in wanted.states))
    if wanted.rule:
        yield table.c.rule_id == wanted.rule
    if wanted.clause:
        # A JSON list of strings: the clause with its quotation marks is one of its elements.
        yield table.c.clauses.contains(json.dumps(wanted.clause), autoescape=True)
    yield from _keys(wanted)
    if wanted.opened:
        yield or_(*(_opened(chapters, window) for chapters, window in wanted.opened))
    if wanted.appealed:
        yield table.c.key.in_(_appealed())


def _appealed() -> Select[tuple[str]]:
    """The keys of findings with an appeal nobody has decided on, whatever became of the finding since."""
    table, outcome = tables.reply, tables.reply_outcome
    decided = exists().where(outcome.c.reply_key == table.c.key)
    return select(table.c.finding_key).where(table.c.kind == "appeal", ~decided)


def _keys(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.key:
        yield tables.finding.c.key.startswith(wanted.key, autoescape=True)
    if wanted.without:
        yield ~_among(wanted.without)
    if wanted.only is not None:
        yield _among(wanted.only)


def _among(keys: frozenset[str]) -> ColumnElement[bool]:
    # Written out rather than bound: of parameters a statement may have only so many.
    written: BindParameter[list[str]] = bindparam(
        "keys", sorted(keys), expanding=True, literal_execute=True, unique=True
    )
    return tables.finding.c.key.in_(written)


def _standing(standing: Standing) -> Iterator[ColumnElement[bool]]:
    table = tables.finding
    if standing == "withdrawn":
        yield table.c.retired_at.is_not(None)
    elif standing != "any":
        yield table.c.retired_at.is_(None)
        yield table.c.closed_at.is_(None) if standing == "standing" else table.c.closed_at.is_not(None)


def _opened(chapters: frozenset[str], window: Window) -> ColumnElement[bool]:
    table = tables.finding
    within = and_(table.c.opened_at >= window.since, table.c.opened_at < window.until)
    return and_(table.c.chapter.in_(sorted(chapters)), within)


def _told(column: Column[Any]) -> ColumnElement[str]:
    """A column to group by, dressed so that no index is walked for its order alone: SQLite would, row by row."""
    return func.lower(column)


def _by_month(
    conn: Connection, moment: ColumnElement[Any], wanted: ColumnElement[bool], months: Sequence[Window]
) -> list[int]:
    if not months:
        return []
    bucket = case(*((moment < month.until, index) for index, month in enumerate(months)), else_=len(months))
    within = (moment >= months[0].since, moment < months[-1].until)
    query = select(bucket.label("bucket"), func.count()).where(wanted, *within).group_by("bucket")
    counted = {row[0]: row[1] for row in conn.execute(query)}
    return [counted.get(index, 0) for index in range(len(months))]


# --- one subject ----------------------------------------------------------------------------------------------------

_PROFILE_FIELDS = ("name", "handle", "bio", "website", "location")


def _post(conn: Connection, account_key: str, native_id: str) -> Subject:
    revision, post = tables.post_revision, tables.post
    own = (revision.c.account_key == account_key, revision.c.native_id == native_id)
    query = _captured(revision).where(*own).order_by(revision.c.stands_from, revision.c.captured_at, revision.c.seq)
    versions = tuple(_post_version(row) for row in conn.execute(query))
    where = (post.c.account_key == account_key, post.c.native_id == native_id)
    row = conn.execute(select(post).where(*where)).first()
    if row is None:
        return Subject(versions=versions)
    known = {name: row._mapping[name] for name in ("state", "first_seen_at", "last_seen_at", "gone_at")}  # noqa: SLF001
    return Subject(versions=versions, **known)


def _captured(revision: Table) -> Select[Any]:
    """Revisions of posts or profiles, each with the capture it was read in."""
    capture = tables.capture
    same = (capture.c.account_key == revision.c.account_key) & (capture.c.seq == revision.c.seq)
    return select(revision, capture.c.hash, capture.c.connector).join(capture, same)


def _post_version(row: Row[Any]) -> Version:
    described = "\n".join(str(item.get("alt_text") or "") for item in json.loads(row.media)) if row.media else ""
    erased = row.erased_at is not None
    return Version(
        captured_at=row.captured_at,
        stands_from=row.stands_from,
        capture_hash=row.hash,
        content_hash=row.content_hash,
        connector=row.connector,
        texts={} if erased else {"text": row.text, "edit": row.text, "alt_text": described},
        permalink=row.permalink,
        erased_at=row.erased_at,
    )


def _profile(conn: Connection, finding: Finding) -> Subject:
    revision = tables.profile_revision
    own = revision.c.account_key == finding.account_key
    query = _captured(revision).where(own).order_by(revision.c.captured_at, revision.c.seq)
    return Subject(versions=tuple(_profile_version(row) for row in conn.execute(query)))


def _profile_version(row: Row[Any]) -> Version:
    texts = {name: row._mapping[name] or "" for name in _PROFILE_FIELDS}  # noqa: SLF001 - Row's public mapping
    return Version(
        captured_at=row.captured_at,
        stands_from=row.captured_at,
        capture_hash=row.hash,
        content_hash=row.content_hash,
        connector=row.connector,
        texts=texts,
    )
