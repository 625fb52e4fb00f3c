"""From the archive to what one chapter's month is made of. Nothing is judged and nothing is drawn here.

A month is taken as it stood when its last night had been collected: what happens later belongs to later months, so
that a report made again from the same facts is the same report.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from chapterwatch import __version__
from chapterwatch.archive import Archive, Disposition, Reply, Suppression, Tally
from chapterwatch.model import (
    RE_FETCH,
    Association,
    Chapter,
    Coverage,
    DeliveryState,
    DispositionState,
    Finding,
    PostState,
    Window,
)
from chapterwatch.pipeline import by_hand, holding, roads
from chapterwatch.pipeline.marks import is_marked
from chapterwatch.pipeline.masking import Masker, finds_personal, masker_of
from chapterwatch.pipeline.periods import month_bounds, month_closes
from chapterwatch.pipeline.sight import access_gaps, of_month, renamed
from chapterwatch.policy import Pack
from checks.pictures import PREFIX, text_in
from reports.facts import HeldBack, OutlivedText, RuleAnswers
from reports.view import ChainStamp, Change, ChapterInputs, NotJudgedCount

#: Code points of an edited or vanished text shown in the log of changes.
CHANGE_EXCERPT = 240


@dataclass(frozen=True, kw_only=True)
class Issue:
    """Which issue of a report this is."""

    revision: int
    reason: str | None
    issued_at: datetime


def chapter_inputs(
    archive: Archive,
    association: Association,
    chapter: Chapter,
    pack: Pack,
    period: str,
    issue: Issue,
    concluded: Iterable[Finding] | None = None,
) -> ChapterInputs:
    """Everything the report of one chapter and month (`YYYY-MM`) is made from.

    `concluded` stands in for the archive's findings where an audit on request has judged in memory.
    """
    keys = [account.key for account in chapter.accounts]
    bounds = month_bounds(period, association.timezone)
    coverage = tuple(coverage_of(archive, keys, bounds))
    posts, profiles = archive.posts_frame(keys, erased=True), archive.profiles_frame(keys)
    posts = posts[posts["created_at"] < pd.Timestamp(bounds.until)]
    masker = masker_of(association, chapter, pack)
    closes = month_closes(bounds)
    known_by = closes.date()
    found = tuple(archive.findings(chapter=chapter.id) if concluded is None else concluded)
    decided = _decided(archive.dispositions([finding.key for finding in found]), known_by)
    held = _held(archive, association, found, decided, posts, bounds)
    kept = [finding for finding in found if finding.key not in held]
    findings = tuple(_as_of(kept, bounds, _stored(posts, profiles), masker, pack))
    told, left_out = {finding.key for finding in findings}, tuple(_left_out(found, held, bounds))
    aside = [one.finding for one in left_out]
    known = _answered_by(chapter, known_by, masker)
    deliveries = archive.deliveries(chapter=chapter.id)
    tallies = archive.latest_tallies(keys)
    noticed, doubted = archive.noticed(keys), _doubted(archive, keys, bounds)
    return ChapterInputs(
        association=association,
        chapter=known,
        period=period,
        pack=pack,
        findings=findings,
        dispositions={key: items for key, items in decided.items() if key in told},
        coverage=tuple(_spoken(row, masker) for row in coverage),
        posts_by_month=posts_by_month(posts, association.timezone),
        changes=tuple(_changes(_with_marks(posts, archive, keys), bounds, masker, doubted, noticed)),
        not_judged=tuple(_not_judged(tallies)),
        answers=tuple(_answers(tallies)),
        permalinks=_permalinks(posts) | {one.subject_id: link for one in findings if (link := by_hand.link_of(one))},
        handles={account.key: account.handle for account in chapter.accounts},
        chain=_chain(archive, chapter.id, keys, period),
        revision=issue.revision,
        revision_reason=issue.reason,
        issued_on=_issued_on(issue, association),
        code_version=__version__,
        answers_until=known_by,
        suppressed=sum(one.in_month for one in left_out),
        held=left_out,
        unknown_deliveries=sum(row.state == DeliveryState.UNKNOWN for row in deliveries),
        gaps=tuple(access_gaps(archive.coverage(keys), posts, bounds, closes, frozenset(coverage))),
        renamed=tuple(renamed(chapter.accounts, profiles, closes)),
        # Also those about what is held back: an appeal against it waits for its decision all the same.
        replies=_replies(archive.replies([finding.key for finding in (*findings, *aside)]), known_by, masker),
        noticed=noticed,
        unplaced=tuple(replace(one, words=masker(one.words)) for one in by_hand.unplaced(association, known, bounds)),
        outlived=tuple(_outlived(archive, keys, bounds)),
        unaudited=_unaudited(archive, keys, posts, profiles, bounds) if concluded is None else 0,
        unshown=roads.unshown_in(posts, profiles, chapter.accounts, bounds),
    )


def _outlived(archive: Archive, keys: list[str], bounds: Window) -> Iterator[OutlivedText]:
    """The posts up to the month's end whose text was erased for its age. Whenever that was: what is gone is gone."""
    for post in archive.outlived(keys):
        if post.created_at < bounds.until:
            yield OutlivedText(
                account_key=post.account_key,
                subject_id=post.native_id,
                months=post.months,
                of_the_month=bounds.since <= post.created_at,
            )


def _unaudited(archive: Archive, keys: list[str], posts: pd.DataFrame, profiles: pd.DataFrame, bounds: Window) -> int:
    """How many posts and profiles came to stand in the month as no audit has judged them: read after the last one."""
    found: set[tuple[str, str, str]] = set()
    for kind, frame in (("post", posts), ("profile", profiles)):
        of_month = (frame["valid_from"] >= pd.Timestamp(bounds.since)) & (
            frame["valid_from"] < pd.Timestamp(bounds.until)
        )
        # An erased body is left out: nobody can judge it, and what was said of it is forgotten with it.
        rows = frame[of_month & (frame["content_hash"] != "")]
        known, _ = archive.remembered(keys, kind) if len(rows) else (rows, {})
        judged = set(_revisions(known))
        found |= {
            (kind, key, subject) for key, subject, number in _revisions(rows) if (key, subject, number) not in judged
        }
    return len(found)


def _revisions(frame: pd.DataFrame) -> Iterator[tuple[str, str, int]]:
    return zip(frame["account_key"], frame["subject_id"], frame["revision"], strict=True)


def issued_as(inputs: ChapterInputs, issue: Issue) -> ChapterInputs:
    """The same facts as another issue of the report, without gathering them anew."""
    return replace(
        inputs,
        revision=issue.revision,
        revision_reason=issue.reason,
        issued_on=_issued_on(issue, inputs.association),
    )


def _issued_on(issue: Issue, association: Association) -> date:
    return issue.issued_at.astimezone(ZoneInfo(association.timezone)).date()


def inputs_hash(inputs: ChapterInputs) -> str:
    """SHA-256 of the facts a report is made from: not of when, by which code or after how many later captures.

    The chapters of like size (`peers`) are left out: they are context, and another chapter's deletion or decision must
    not make a new revision of this chapter's report. So is which texts outlived the retention rule: an erasure is no
    other fact about the month.
    """
    facts = {
        "findings": sorted(_facts_of(finding) for finding in inputs.findings),
        "dispositions": {key: [_plain(item) for item in items] for key, items in inputs.dispositions.items()},
        "coverage": sorted(json.dumps(_seen_facts(row), sort_keys=True) for row in inputs.coverage),
        "posts": sorted(f"{key[0]} {key[1]} {count}" for key, count in inputs.posts_by_month.items()),
        "changes": sorted(f"{item.account_key} {item.subject_id} {item.kind} {item.at}" for item in inputs.changes),
        "pack": inputs.pack.digest,
        "chapter": _chapter_facts(inputs.chapter),
    }
    if inputs.unaudited:
        facts["unaudited"] = inputs.unaudited
    if inputs.held:
        facts["held"] = sorted(_facts_of(one.finding) for one in inputs.held)
    if inputs.replies:
        facts["replies"] = {key: [_said(item) for item in items] for key, items in inputs.replies.items()}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _said(item: Any) -> list[str]:
    # The key stands for the text: what is blacked out in it with a post's erasure makes no other report.
    return [item.key, item.outcome, item.outcome_note]


def _seen_facts(row: Coverage) -> Any:
    """What could be seen, without what it cost: an account asked twice, since a worker died, was seen as well."""
    facts = _plain(row)
    del facts["reads"]
    return facts


def _chapter_facts(chapter: Chapter) -> Any:
    """The chapter without what only looking after its access needs: renewing a token makes no report another one."""
    facts = _plain(chapter)
    del facts["website"]
    for account in facts["accounts"]:
        del account["expires"]
    return facts


def coverage_of(archive: Archive, keys: Iterable[str], bounds: Window) -> Iterator[Coverage]:
    """The coverage rows that speak of a month: made before it was closed, or catching up on it."""
    return of_month(archive.coverage(list(keys), bounds.since, bounds.until), bounds, month_closes(bounds))


def _spoken(row: Coverage, masker: Masker) -> Coverage:
    """A row of coverage; personal data in the free words of a review by hand is masked."""
    return replace(row, detail=masker(row.detail)) if row.asked == "review" else row


def _decided(dispositions: Mapping[str, tuple[Disposition, ...]], day: date) -> dict[str, tuple[Disposition, ...]]:
    """The decisions on each finding: what staff decide counts at once.

    The chapter's own word and what re-fetching showed count up to that day: later ones belong to the next report.
    """
    counted = {
        key: tuple(item for item in items if _by_staff(item) or item.at.date() <= day)
        for key, items in dispositions.items()
    }
    return {key: items for key, items in counted.items() if items}


def _by_staff(item: Disposition) -> bool:
    return item.state is not DispositionState.OWNER_SAYS_FIXED and item.author_role != RE_FETCH


def _replies(given: Mapping[str, tuple[Reply, ...]], day: date, masker: Masker) -> dict[str, tuple[Reply, ...]]:
    """What the chapter had said of its findings by that day, with what had become of it; personal data is masked.

    An appeal that was upheld later is told at once, as the decision that withdraws its finding counts at once.
    """
    told = {
        key: tuple(_reply(item, day, masker) for item in items if item.at.date() <= day) for key, items in given.items()
    }
    return {key: items for key, items in told.items() if items}


def _reply(item: Reply, day: date, masker: Masker) -> Reply:
    latest = item.outcomes[-1] if item.outcome == "upheld" else None
    known = (one for one in item.outcomes if one.at.date() <= day or one is latest)
    outcomes = tuple(replace(one, note=masker(one.note)) for one in known)
    return replace(item, text=masker(item.text), outcomes=outcomes)


def _answered_by(chapter: Chapter, day: date, masker: Masker) -> Chapter:
    """The chapter with what its registers held on that day; personal data in free words is masked."""
    answers = (
        replace(answer, answer=masker(answer.answer), note=masker(answer.note))
        for answer in chapter.answers
        if answer.on <= day
    )
    return replace(
        chapter,
        answers=tuple(answers),
        consents=tuple(consent for consent in chapter.consents if consent.signed_on <= day),
        acknowledgements=tuple(item for item in chapter.acknowledgements if item.on <= day),
        reviews=tuple(review for review in chapter.reviews if review.on <= day),
    )


# --- findings -------------------------------------------------------------------------------------------------------


def _held(
    archive: Archive,
    association: Association,
    found: Iterable[Finding],
    decided: Mapping[str, tuple[Disposition, ...]],
    posts: pd.DataFrame,
    bounds: Window,
) -> dict[str, Suppression]:
    """Finding key -> the suppression that holds it back in the month's report."""
    heeded = holding.of_month(archive, bounds)
    if not heeded:
        return {}
    stood = _contents(posts, bounds)
    undecided = (finding for finding in found if holding.is_undecided(decided.get(finding.key, ())))
    told = ((finding.key, holding.first_of(heeded, finding, association.id, stood)) for finding in undecided)
    return {key: item for key, item in told if item is not None}


def _contents(posts: pd.DataFrame, bounds: Window) -> dict[tuple[str, str], str]:
    """How each post read at the month's end: what it was changed to later is no matter of this month."""
    stood = posts[posts["valid_from"] < pd.Timestamp(bounds.until)].sort_values("revision")
    columns = ("account_key", "subject_id", "content_hash")
    return {(key, post): content for key, post, content in stood[list(columns)].itertuples(index=False)}


def _left_out(found: Iterable[Finding], held: Mapping[str, Suppression], bounds: Window) -> Iterator[HeldBack]:
    """What is held back, as it stood at the month's end and without its words."""
    for finding in found:
        item = held.get(finding.key)
        if item is not None and item.id is not None and finding.opened_at < bounds.until:
            wordless = replace(_known_by(finding, bounds), excerpt="", start=0, end=0, reason="")
            yield HeldBack(suppression=item.id, finding=wordless, in_month=holding.shows_in(finding, bounds))


def _known_by(finding: Finding, bounds: Window) -> Finding:
    """A finding without an end that came after the month."""
    later = finding.closed_at is not None and finding.closed_at >= bounds.until
    return replace(finding, closed_at=None, closed_by=None) if later else finding


Stored = Mapping[tuple[str, str, str, int], Mapping[Any, Any]]


def _as_of(
    findings: Iterable[Finding], bounds: Window, stored: Stored, masker: Masker, pack: Pack
) -> Iterator[Finding]:
    """The findings as they stood at the month's end, oldest first."""
    for finding in sorted(findings, key=lambda item: (item.opened_at, item.key)):
        if finding.opened_at >= bounds.until:
            continue
        known = _known_by(finding, bounds)
        row = stored.get((finding.subject_kind, finding.account_key, finding.subject_id, finding.revision), {})
        yield _presented(known, row, masker, personal=finds_personal(pack, finding.rule_id))


def _stored(posts: pd.DataFrame, profiles: pd.DataFrame) -> Stored:
    return {
        (kind, row["account_key"], row["subject_id"], int(row["revision"])): row
        for kind, frame in (("post", posts), ("profile", profiles))
        for row in frame.to_dict("records")
    }


def _presented(finding: Finding, row: Mapping[Any, Any], masker: Masker, *, personal: bool) -> Finding:
    """The finding with the whole judged field as its excerpt, personal data masked at equal length."""
    field = _judged(finding, row)
    if isinstance(field, str) and field[finding.start : finding.end] == finding.excerpt:
        excerpt = masker.evidence(field, finding.start, finding.end)
    else:
        excerpt = masker.alone(finding.excerpt, personal=personal)
    return replace(finding, excerpt=excerpt, reason=masker(finding.reason))


def _judged(finding: Finding, row: Mapping[Any, Any]) -> Any:
    """The stored text that a finding's span counts in."""
    if finding.field.startswith(PREFIX):
        return text_in(row.get("pictures"), finding.field)
    if finding.field == "alt_text":
        return "\n".join(str(item.get("alt_text") or "") for item in row.get("media") or ())
    # The spans of an edit count in the text it led to.
    return row.get("text" if finding.field == "edit" else finding.field)


# --- changes, counts, chain -----------------------------------------------------------------------------------------

_GONE = {PostState.DELETED, PostState.HIDDEN, PostState.ACCOUNT_GONE}


def _doubted(archive: Archive, keys: Iterable[str], bounds: Window) -> dict[tuple[str, str], datetime]:
    """The posts (account key, native id) that had been missed before the month was closed, and since when."""
    ever = Window(since=datetime.min.replace(tzinfo=UTC), until=bounds.until)
    closed = month_closes(bounds)
    known = ((key, item) for key in keys for item in archive.known_posts(key, ever))
    return {(key, item.native_id): item.missed_at for key, item in known if item.missed_at and item.missed_at < closed}


def _with_marks(posts: pd.DataFrame, archive: Archive, keys: list[str]) -> pd.DataFrame:
    """The posts, and of each erased revision whether its edit was marked: its texts cannot tell any more."""
    return posts.assign(erased_mark=posts["capture_hash"].isin(archive.marked_edits(keys)))


def _changes(
    posts: pd.DataFrame,
    bounds: Window,
    masker: Masker,
    doubted: Mapping[tuple[str, str], datetime],
    noticed: frozenset[tuple[str, str, datetime]],
) -> Iterator[Change]:
    for row in posts.to_dict("records"):
        for change in _changes_of(row, bounds, masker, doubted):
            known = change.noticed_at or (change.account_key, change.subject_id, change.at) not in noticed
            yield change if known else replace(change, noticed_at=change.at)


def _changes_of(
    row: Mapping[Any, Any],
    bounds: Window,
    masker: Masker,
    doubted: Mapping[tuple[str, str], datetime],
) -> Iterator[Change]:
    if row["revision"] > 0 and not row["seen_anew"] and _within(row["valid_from"], bounds):
        yield _change(
            row,
            "marked_edit" if row["erased_mark"] or is_marked(row) else "edited",
            row["valid_from"],
            masker,
            after=True,
        )
    if not row["is_current"]:
        return
    missed_at = doubted.get((row["account_key"], row["subject_id"]))
    if row["state"] in _GONE and _within(row["valid_until"], bounds):
        yield _change(row, str(row["state"]), row["valid_until"], masker, after=False)
    elif row["state"] == PostState.CANNOT_TELL and missed_at:
        # It belongs to the end of the month, whenever it was missed first.
        told = _change(row, "cannot_tell", bounds.until - timedelta(seconds=1), masker, after=False)
        yield replace(told, noticed_at=missed_at)


def _change(row: Mapping[Any, Any], kind: Any, at: Any, masker: Masker, *, after: bool) -> Change:
    before = row["previous_text"] if after else row["text"]
    return Change(
        account_key=row["account_key"],
        subject_id=row["subject_id"],
        kind=kind,
        at=pd.Timestamp(at).to_pydatetime(),
        before_excerpt=_short(before, masker),
        after_excerpt=_short(row["text"], masker) if after else "",
        permalink=None if pd.isna(row["permalink"]) else row["permalink"],
        erased=not row["content_hash"],
    )


def _short(text: Any, masker: Masker) -> str:
    if not isinstance(text, str):
        return ""
    masked = masker(text)
    return masked if len(masked) <= CHANGE_EXCERPT else masked[:CHANGE_EXCERPT] + "…"


def _within(moment: Any, bounds: Window) -> bool:
    return not pd.isna(moment) and pd.Timestamp(bounds.since) <= moment < pd.Timestamp(bounds.until)


def posts_by_month(posts: pd.DataFrame, timezone: str) -> dict[tuple[str, str], int]:
    """How many posts of `Archive.posts_frame()` fall into each (account key, `YYYY-MM`) of a time zone."""
    current = posts[posts["is_current"].astype(bool)]
    months = current["created_at"].dt.tz_convert(timezone).dt.strftime("%Y-%m")
    return dict(Counter(zip(current["account_key"].astype(str), months.astype(str), strict=True)))


def _permalinks(posts: pd.DataFrame) -> dict[str, str]:
    linked = posts[posts["is_current"].astype(bool) & posts["permalink"].notna()]
    return dict(zip(linked["subject_id"], linked["permalink"], strict=True))


def _answers(tallies: Iterable[Tally]) -> Iterator[RuleAnswers]:
    for tally in tallies:
        yield RuleAnswers(
            rule_id=tally.rule_id,
            account_key=tally.account_key,
            judged=tally.judged,
            not_judged=tally.not_judged,
        )


def _not_judged(tallies: Iterable[Tally]) -> Iterator[NotJudgedCount]:
    for tally in tallies:
        for reason, count in tally.reasons.items():
            yield NotJudgedCount(
                rule_id=tally.rule_id,
                account_key=tally.account_key,
                reason=reason,
                count=count,
                judged=tally.judged,
            )


def _chain(archive: Archive, chapter: str, keys: list[str], period: str) -> ChainStamp:
    captures, digest = archive.head_digest(keys)
    earlier = [row for row in archive.reports(chapter=chapter) if row.period < period and row.chain_digest]
    previous = max(earlier, key=lambda row: (row.period, row.revision), default=None)
    return ChainStamp(
        captures=captures,
        digest=digest,
        verified=archive.verify(keys).ok,
        previous_digest=previous.chain_digest if previous else None,
    )


def _facts_of(finding: Finding) -> str:
    closed = finding.closed_at.isoformat() if finding.closed_at else ""
    # Without the excerpt: erasing a vanished post's body later does not make it another report.
    return f"{finding.key} {finding.rule_version} {finding.opened_at.isoformat()} {closed}"


def _plain(item: Any) -> Any:
    return json.loads(json.dumps(asdict(item), sort_keys=True, default=str))
