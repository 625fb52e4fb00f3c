"""audit(): judge what the archive holds against each association's pack, and keep the findings.

Judging is a pure function of the frames, the pack and the roster, so history can be judged again at any time without
asking a platform. What is kept here are conclusions: they may be computed anew, and a finding that a changed rule no
longer makes is retired, not erased.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from chapterwatch import logs, metrics
from chapterwatch.archive import Archive, Tally
from chapterwatch.errors import ArchiveError, FilesError
from chapterwatch.model import Account, Association, Finding, Lane, Severity, Window, finding_key
from chapterwatch.pipeline import by_hand, retention, roads
from chapterwatch.pipeline.beside import neighbourhood_of
from chapterwatch.pipeline.marks import marked_edits
from chapterwatch.pipeline.rejudge import judge_new
from chapterwatch.policy import Pack, Rule, load_pack
from chapterwatch.registry import Registry
from checks.base import Context
from checks.engine import Judged, judge

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Audited:
    """What one audit concluded, as counts."""

    run_id: str
    accounts: int
    judged: int
    not_judged: int
    #: Posts and profiles that had to be judged by some rule; the answers about the others were known.
    asked: int
    findings: int
    open: int
    retired: int
    #: Bodies of vanished posts removed, as their accounts ask for.
    erased: int
    #: Bodies removed for their age under an association's retention rule, and how many more wait for the next audit.
    outlived: int
    waiting: int

    def counts(self) -> dict[str, Any]:
        """Plain data, for XCom."""
        return asdict(self)


@dataclass(frozen=True)
class Conclusions:
    """What judging some accounts came to: findings, and how often each rule could answer."""

    findings: list[Finding]
    tallies: list[Tally]
    asked: int
    #: Keys of findings not made again that stay as they are, for nobody can look at what they rest on any more.
    untouched: frozenset[str] = frozenset()


def audit(
    archive: Archive,
    registry: Registry,
    *,
    run_id: str,
    now: datetime,
    policies: Path,
    accounts: Sequence[Account],
) -> Audited:
    """Judge every revision of every post and profile of the accounts with their packs, and keep the conclusions.

    They are kept part by part, so that an audit takes no more memory than its largest part. One that breaks off has
    kept some; the next one makes it whole.
    """
    archive.register_accounts(accounts, now)
    count, retired = _Count(), 0
    for part, concluded in _concluded(archive, registry, accounts, policies=policies, run_id=run_id, remember=True):
        retired += _retire_missing(archive, part, concluded, now)
        archive.save_findings(concluded.findings, at=now)
        archive.save_tallies(concluded.tallies)
        count.add(concluded)
    _follow_up(archive, accounts, now)
    keys = _to_clear(archive, registry, accounts)
    erased, outdated = _erase_gone(archive, keys, now), retention.erase_outlived(archive, registry, keys, now)
    if erased or outdated.erased:
        _vacuum(archive)
    count.measure()
    log.info(
        "%s: %d findings about %d accounts",
        run_id,
        count.findings,
        len(accounts),
        extra=logs.fields(run=run_id, step="audit", count=count.findings),
    )
    return Audited(
        run_id=run_id,
        accounts=len(accounts),
        judged=count.judged.total(),
        not_judged=count.silent.total(),
        asked=count.asked,
        findings=count.findings,
        open=count.open,
        retired=retired,
        erased=erased,
        outlived=outdated.erased,
        waiting=outdated.waiting,
    )


@dataclass
class _Count:
    """How the conclusions stand, by pack: what could be judged, what not, and what is open."""

    judged: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    #: (pack, severity) -> open findings that are no credits.
    standing: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: int = 0
    findings: int = 0
    open: int = 0

    def add(self, concluded: Conclusions) -> None:
        """Count one part's conclusions in."""
        for row in concluded.tallies:
            self.judged[row.pack] += row.judged
            self.silent[row.pack] += row.not_judged
        for finding in concluded.findings:
            self.open += finding.closed_at is None
            if finding.closed_at is None and finding.lane is not Lane.CREDIT:
                self.standing[finding.pack, finding.severity.value] += 1
        self.asked += concluded.asked
        self.findings += len(concluded.findings)

    def measure(self) -> None:
        """Tell it as metrics."""
        for pack in self.judged.keys() | self.silent.keys() | {pack for pack, _ in self.standing}:
            metrics.gauge("audit.judged", self.judged[pack], pack=pack)
            metrics.gauge("audit.not_judged", self.silent[pack], pack=pack)
            for severity in Severity:
                standing = self.standing[pack, severity.value]
                metrics.gauge("findings.open", standing, pack=pack, severity=severity.value)


def conclude(
    archive: Archive,
    registry: Registry,
    accounts: Sequence[Account],
    *,
    policies: Path,
    pack: str | None = None,
    run_id: str = "",
    remember: bool = False,
) -> Conclusions:
    """Judge the accounts, each by its own pack or all by `pack`.

    Keeps nothing, unless with `remember` what the rules said, so that the next time only what is new is judged.
    """
    parts = _concluded(archive, registry, accounts, policies=policies, pack=pack, run_id=run_id, remember=remember)
    findings: list[Finding] = []
    tallies: list[Tally] = []
    asked = 0
    for _, concluded in parts:
        findings += concluded.findings
        tallies += concluded.tallies
        asked += concluded.asked
    return Conclusions(findings, tallies, asked)


def _concluded(
    archive: Archive,
    registry: Registry,
    accounts: Sequence[Account],
    *,
    policies: Path,
    pack: str | None = None,
    run_id: str,
    remember: bool,
) -> Iterator[tuple[Sequence[Account], Conclusions]]:
    """The conclusions about the accounts, part by part, each with the accounts it is about."""
    for name, group in _by_pack(accounts, pack).items():
        loaded = load_pack(name, policies)
        contexts = _contexts(registry, group)
        for part in parts_of(archive, group):
            posts, profiles, judged, asked = _judge_group(archive, contexts, loaded, part, remember=remember)
            around = neighbourhood_of(archive, registry, part, posts, loaded)
            judged = around.without_guesses(judged)
            findings = _findings(judged, loaded, posts, profiles)
            findings += by_hand.findings_of(registry, part, loaded)
            yield part, Conclusions(findings, list(_tallies(judged, loaded, run_id)), asked, around.untouched)


def findings_among(
    posts: pd.DataFrame, profiles: pd.DataFrame, pack: Pack, contexts: Mapping[str, Context]
) -> list[Finding]:
    """What a pack finds in some posts and profiles. Nothing is kept, nothing remembered is asked."""
    return _findings(judge(posts, profiles, pack, contexts), pack, posts, profiles)


def contexts_of(association: Association) -> dict[str, Context]:
    """What the registry tells the checks, by association id, for its chapters by `association/chapter`.

    And for accounts that post in a language of their own by `association/chapter/account`.
    """
    contacts = [contact for chapter in association.chapters for contact in chapter.public_contacts]
    accounts = [account for chapter in association.chapters for account in chapter.accounts]
    whole = Context(
        association=association.name,
        language=association.language,
        country=association.chapters[0].country,
        roster_names=association.roster_names,
        partners=association.partners,
        official_domains=association.official_domains,
        public_contacts=(*association.public_contacts, *contacts),
        events=association.events,
        official_accounts=tuple(account.key for account in accounts if account.headquarters),
        affiliated_accounts=tuple(account.key for account in accounts if account.affiliated),
    )
    chapters = {
        f"{association.id}/{chapter.id}": replace(
            whole,
            language=chapter.language,
            country=chapter.country,
            consents=chapter.consents,
            officers=tuple(person.name for person in chapter.people),
        )
        for chapter in association.chapters
    }
    speaking = {
        f"{association.id}/{chapter.id}/{account.key}": replace(
            chapters[f"{association.id}/{chapter.id}"], language=account.language
        )
        for chapter in association.chapters
        for account in chapter.accounts
        if account.language != chapter.language
    }
    return {association.id: whole, **chapters, **speaking}


def _by_pack(accounts: Iterable[Account], pack: str | None) -> dict[str, list[Account]]:
    groups: dict[str, list[Account]] = {}
    for account in accounts:
        groups.setdefault(pack or account.pack, []).append(account)
    return groups


def _judge_group(
    archive: Archive,
    contexts: Mapping[str, Context],
    pack: Pack,
    group: Sequence[Account],
    *,
    remember: bool,
) -> tuple[pd.DataFrame, pd.DataFrame, Judged, int]:
    """The posts and profiles of some accounts, what the rules say, and of how many they had to be asked.

    The association's own channels are read beside them, for rules that ask what was announced; nothing is concluded
    about a channel that is not of the group.
    """
    keys = {account.key for account in group}
    beside = {key for context in contexts.values() for key in context.official_accounts}
    posts, profiles = archive.posts_frame(sorted(keys | beside)), archive.profiles_frame(sorted(keys | beside))
    posts, profiles = roads.with_unshown(posts, profiles, group)
    if remember:
        rejudged = judge_new(archive, posts, profiles, pack, contexts)
        judged, asked = rejudged.judged, rejudged.new
    else:
        judged, asked = judge(posts, profiles, pack, contexts), len(posts) + len(profiles)
    only = Judged(_of_accounts(judged.verdicts, keys), _of_accounts(judged.evidence, keys))
    return _of_accounts(posts, keys), _of_accounts(profiles, keys), only, asked


def _contexts(registry: Registry, group: Iterable[Account]) -> dict[str, Context]:
    wanted = {account.association for account in group}
    chosen = [item for item in registry.associations if item.id in wanted]
    return {key: context for item in chosen for key, context in contexts_of(item).items()}


#: Posts judged at once: some 13 kB each while they are, and every part costs the rules' own preparations once.
PART = 20_000


def parts_of(archive: Archive, group: Sequence[Account], size: int = PART) -> Iterator[list[Account]]:
    """The accounts in parts of about `size` posts that can be judged apart: no thread and no chapter is divided.

    The rules that look beyond an account's own posts look at threads and at the association's channels, and those are
    read beside every part.
    """
    counts = archive.post_counts(Window(since=datetime.min.replace(tzinfo=UTC), until=datetime.max.replace(tzinfo=UTC)))
    part: list[Account] = []
    posts = 0
    for unit in _units(archive, group):
        own = sum(counts.get(account.key, 0) for account in unit)
        if part and posts + own > size:
            yield part
            part, posts = [], 0
        part += unit
        posts += own
    if part:
        yield part


def _units(archive: Archive, group: Sequence[Account]) -> list[list[Account]]:
    """The accounts of each chapter, together with those of the chapters it shares a thread with."""
    home = {account.key: account.chapter for account in group}
    head = {chapter: chapter for chapter in home.values()}

    def find(chapter: str) -> str:
        while head[chapter] != chapter:
            chapter = head[chapter]
        return chapter

    for linked in archive.linked_accounts(home):
        first, *others = sorted({find(home[key]) for key in linked})
        head |= dict.fromkeys(others, first)
    units: dict[str, list[Account]] = {}
    for account in group:
        units.setdefault(find(account.chapter), []).append(account)
    return list(units.values())


def _of_accounts(frame: pd.DataFrame, keys: Collection[str]) -> pd.DataFrame:
    return frame[frame["account_key"].isin(list(keys))].reset_index(drop=True)


# --- from evidence to findings --------------------------------------------------------------------------------------

_SUBJECT = ["account_key", "subject_id"]


def _findings(judged: Judged, pack: Pack, posts: pd.DataFrame, profiles: pd.DataFrame) -> list[Finding]:
    frames = {"post": _timeline(posts), "profile": _timeline(profiles)}
    marked = _marked(judged, pack)
    found: dict[str, Finding] = {}
    for piece in judged.evidence.sort_values(["subject_kind", *_SUBJECT, "revision", "start"]).to_dict("records"):
        rule = pack.rules[piece["rule_id"]]
        subject = (piece["account_key"], piece["subject_id"])
        finding = _finding(piece, rule, pack, frames[piece["subject_kind"]][subject], marked.get(subject, frozenset()))
        known = found.get(finding.key)
        found[finding.key] = _joined(known, finding) if known else finding
    return list(found.values())


def _marked(judged: Judged, pack: Pack) -> dict[tuple[str, str], frozenset[int]]:
    """The revisions of each post whose change was marked openly."""
    rules = [rule.id for rule in pack.rules.values() if rule.check in FINDS_MARKS]
    told = judged.evidence[judged.evidence["rule_id"].isin(rules)]
    groups = told.groupby(_SUBJECT)["revision"]
    return {(str(key), str(subject)): frozenset(map(int, revisions)) for (key, subject), revisions in groups}


def _timeline(frame: pd.DataFrame) -> dict[tuple[str, str], dict[int, dict[str, Any]]]:
    timeline: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    for record in frame.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        timeline.setdefault((row["account_key"], row["subject_id"]), {})[int(row["revision"])] = row
    return timeline


def _finding(
    piece: Mapping[Any, Any],
    rule: Rule,
    pack: Pack,
    revisions: Revisions,
    marked: frozenset[int],
) -> Finding:
    revision = int(piece["revision"])
    row = revisions[revision]
    closed_at, closed_by = _ended(revision, revisions, rule, marked)
    words = piece["excerpt"]
    return Finding(
        key=finding_key(
            rule.id,
            piece["account_key"],
            piece["subject_kind"],
            piece["subject_id"],
            piece["field"],
            words,
        ),
        rule_id=rule.id,
        rule_version=rule.version,
        pack=pack.id,
        pack_version=pack.version,
        clauses=rule.clauses,
        severity=rule.severity,
        lane=rule.lane,
        account_key=piece["account_key"],
        chapter=row["chapter"],
        subject_kind=piece["subject_kind"],
        subject_id=piece["subject_id"],
        revision=revision,
        content_hash=row["content_hash"],
        capture_hash=row["capture_hash"],
        field=piece["field"],
        start=int(piece["start"]),
        end=int(piece["end"]),
        excerpt=words,
        reason=piece["reason"],
        confidence=float(piece["confidence"]),
        opened_at=_opened(row, rule),
        closed_at=closed_at,
        closed_by=closed_by,
    )


def _opened(row: Mapping[str, Any], rule: Rule) -> datetime:
    # What is wrong with a vanished post came to be when it vanished, not when it was written.
    gone = row.get("valid_until")
    if rule.check in JUDGES_ABSENCE and not pd.isna(gone):
        return _instant(gone)
    return _instant(row["valid_from"])


#: Checks whose finding is that a post is gone: its being gone does not mend it.
JUDGES_ABSENCE = frozenset({"deletion"})
#: Checks whose finding is that a change was not marked: only a mark in a later revision mends it, or the post's end.
JUDGES_SILENCE = frozenset({"silent_edit"})
#: Checks that find the mark. What they find is a merit, and no later revision takes it away.
FINDS_MARKS = frozenset({"marked_change"})

Revisions = Mapping[int, Mapping[str, Any]]


def _ended(
    revision: int, revisions: Revisions, rule: Rule, marked: frozenset[int]
) -> tuple[datetime | None, str | None]:
    """When and by what the words of a revision came to an end; `marked` are the revisions with a marked change."""
    if rule.check in JUDGES_ABSENCE | FINDS_MARKS:
        return None, None
    if rule.check in JUDGES_SILENCE:
        mended = min((later for later in marked if later > revision), default=None)
        if mended is not None:
            return _instant(revisions[mended]["valid_from"]), "edited"
        revision = max(revisions)
    row = revisions[revision]
    if pd.isna(row["valid_until"]):
        return None, None
    ended_by = "edited" if revision < max(revisions) else str(row.get("state") or "edited")
    return _instant(row["valid_until"]), ended_by


def _joined(earlier: Finding, later: Finding) -> Finding:
    """The same words in a later revision: the finding goes on, opened when it first stood.

    Where they were gone in between it has come back, and when is kept.
    """
    came_back = earlier.closed_at is not None and earlier.closed_at < later.opened_at
    reopened = later.opened_at if came_back else earlier.reopened_at
    return replace(later, opened_at=min(earlier.opened_at, later.opened_at), reopened_at=reopened)


def _instant(value: Any) -> datetime:
    stamp: datetime = pd.Timestamp(value).to_pydatetime()
    return stamp


def _retire_missing(archive: Archive, accounts: Sequence[Account], concluded: Conclusions, now: datetime) -> int:
    made = concluded.untouched | {finding.key for finding in concluded.findings}
    stale = [key for key in archive.live_findings([account.key for account in accounts]) if key not in made]
    return archive.retire_findings(stale, now)


def _follow_up(archive: Archive, accounts: Sequence[Account], now: datetime) -> None:
    """Say of decided findings what re-fetching showed: mended indeed, or still there against somebody's word."""
    verified, reopened = archive.follow_up([account.key for account in accounts], now)
    if verified or reopened:
        log.info("%d findings verified as mended, %d opened again", verified, reopened, extra=logs.fields(step="audit"))


def _to_clear(archive: Archive, registry: Registry, accounts: Sequence[Account]) -> list[str]:
    """The accounts an audit erases from: its own, and, as nobody audits them any more, those that left the registry."""
    others = {account.key for account in registry.accounts} - {account.key for account in accounts}
    return [account.key for account in archive.kept_accounts() if account.key not in others]


def _erase_gone(archive: Archive, keys: Collection[str], now: datetime) -> int:
    """Remove the bodies of posts surely deleted, where the account does not keep them with its owner's consent.

    Platforms ask for it; a tombstone stays in the chain, and the conclusions drawn before stay without their excerpt.
    What a person put on hold stays. Where the store of pictures is out of reach the rest waits for the next audit:
    alerts must not wait for it.
    """
    erased = 0
    holds = archive.holds(now)
    erasing = sorted(set(archive.erasing_accounts()) & set(keys))
    marks: dict[str, dict[str, frozenset[str]]] = {}
    for key, native_id in archive.deleted_posts(erasing):
        if retention.is_held(holds, key, native_id):
            continue
        if key not in marks:
            marks[key] = marked_edits(archive, key)
        marked = marks[key].get(native_id, frozenset())
        reason = "deleted on the platform"
        try:
            archive.erase_body(key, native_id, reason=reason, author=retention.AUTHOR, at=now, marked=marked)
        except FilesError as error:
            log.error("deleted posts are not erased yet: %s", error, extra=logs.fields(step="audit"))  # noqa: TRY400
            break
        erased += 1
    return erased


def _vacuum(archive: Archive) -> None:
    try:
        archive.vacuum()
    except ArchiveError as busy:
        log.warning(
            "erased bytes stay in the database's free space until the next vacuum: %s",
            busy,
            extra=logs.fields(step="audit"),
        )


# --- denominators ---------------------------------------------------------------------------------------------------


def _tallies(judged: Judged, pack: Pack, run_id: str) -> Iterator[Tally]:
    """One row for every rule and account: counted over the whole table, for there are a hundred of them a chapter."""
    names = ["rule_id", "account_key"]
    told, silent = judged.verdicts[names], judged.verdicts["breach"].isna()
    counts = told.assign(judged=~silent, breaches=judged.verdicts["breach"].fillna(False).astype(bool), silent=silent)
    reasons: dict[tuple[str, str], dict[str, int]] = {}
    grouped = judged.verdicts[silent].groupby([*names, "not_judged"]).size().reset_index(name="count")
    for rule_id, account_key, reason, count in grouped.to_numpy(dtype=object):
        reasons.setdefault((rule_id, account_key), {})[str(reason)] = int(count)
    for rule_id, account_key, *numbers in counts.groupby(names).sum().reset_index().to_numpy(dtype=object):
        rule = pack.rules[str(rule_id)]
        yield Tally(
            run_id=run_id,
            pack=pack.id,
            pack_version=pack.version,
            rule_id=rule.id,
            rule_version=rule.version,
            account_key=str(account_key),
            judged=int(numbers[0]),
            breaches=int(numbers[1]),
            not_judged=int(numbers[2]),
            reasons=reasons.get((rule_id, account_key), {}),
        )
