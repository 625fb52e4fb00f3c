"""From the chapters' months to what the roll-up for headquarters is made of: gathered once, as far as it stood then.

A chapter's part is taken from the same inputs as its own report, so that a month end gathers each chapter once. What a
report prints of posts is left out of it: a network of thousands of chapters is kept in memory as numbers and names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd

from chapterwatch.archive import Archive, Suppression
from chapterwatch.model import RE_FETCH, Account, Association, Chapter, DeliveryState, DispositionState, Finding, Window
from chapterwatch.pipeline import holding
from chapterwatch.pipeline.access import expiry_of
from chapterwatch.pipeline.discover import Discovery, held_against
from chapterwatch.pipeline.inputs import coverage_of
from chapterwatch.pipeline.periods import month_before, month_bounds, month_closes
from chapterwatch.pipeline.rhythm import REACH, silence_of
from chapterwatch.policy import Pack
from chapterwatch.registry import ASKED
from chapterwatch.shares import Share
from connectors.website import Site
from reports.facts import ChapterInputs, ChapterView, Disposition
from reports.network_facts import (
    Appeal,
    Dormant,
    EndingAccess,
    Linked,
    Refused,
    RuleRecord,
    Suppressed,
    Undelivered,
    Unregistered,
)
from reports.text import clean_line, clean_name
from reports.view import build_chapter

#: How far back decisions and findings speak for a rule.
YEAR = timedelta(days=365)

#: Decisions that say whether a rule was right. Somebody who accepts a risk, or says it is fixed, found it to be one;
#: what is a duplicate or was passed on is not decided by that.
RIGHT = frozenset(
    {
        DispositionState.CONFIRMED,
        DispositionState.ACCEPTED_RISK,
        DispositionState.OWNER_SAYS_FIXED,
        DispositionState.VERIFIED,
    },
)
WRONG = frozenset({DispositionState.FALSE_POSITIVE})

#: Kinds of discoveries headquarters hears of here; a renamed account stands with the access of its chapter.
_LINKED: Mapping[str, Linked] = {"missing": "missing", "look_alike": "look_alike", "elsewhere": "elsewhere"}
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one chapter adds to its network's month."""

    #: The chapter's view without its posts, changes and method; and the month before, where it was known then.
    view: ChapterView
    before: ChapterView | None
    #: Rule id -> findings in twelve months, those decided as right and as wrong, and how often it was asked last.
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    #: Role -> decisions in the month.
    decisions: Counter[str] = field(default_factory=Counter)
    refused: tuple[Refused, ...] = ()
    dormant: tuple[Dormant, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    #: Suppression -> findings of the month it held back.
    held: Counter[int] = field(default_factory=Counter)


def part_of(archive: Archive, inputs: ChapterInputs, others: Sequence[Account]) -> Part:
    """A chapter's part of the network's month; `others` are the accounts of all other chapters."""
    bounds = month_bounds(inputs.period, inputs.association.timezone)
    view = _without_posts(build_chapter(inputs, inputs.association.language))
    found = [finding for finding in inputs.findings if _counts(finding, inputs.pack, bounds)]
    held = [one.finding for one in inputs.held if _counts(one.finding, inputs.pack, bounds)]
    verdicts = Counter(_verdicts(found, inputs, bounds))
    decided = (item for items in inputs.dispositions.values() for item in items if item.author_role != RE_FETCH)
    return Part(
        view=view,
        before=_month_before(archive, inputs),
        # What is held back was found as well: a rule is not called silent for it.
        found=Counter(finding.rule_id for finding in (*found, *held)),
        right=Counter({rule: count for (rule, right), count in verdicts.items() if right}),
        wrong=Counter({rule: count for (rule, right), count in verdicts.items() if not right}),
        asked=_asked(archive, inputs.chapter),
        decisions=Counter(item.author_role for item in decided if bounds.since <= item.at < bounds.until),
        refused=tuple(_refused(inputs, view)),
        dormant=tuple(_dormant(archive, inputs, view, bounds)),
        unregistered=tuple(_unregistered(archive, inputs, view, others, bounds)),
        appeals=tuple(_appeals(inputs, view)),
        held=Counter(one.suppression for one in inputs.held if one.in_month),
    )


def _without_posts(view: ChapterView) -> ChapterView:
    gravest = tuple(replace(post, quotes=(), findings=()) for post in view.posts[:1])
    bare = replace(view, posts=gravest, matrices=(), beyond=(), fixed=(), set_aside=(), changes=())
    return replace(bare, method=replace(view.method, facts=(), statements=(), printed=(), not_yet=()))


def _month_before(archive: Archive, inputs: ChapterInputs) -> ChapterView | None:
    """The same chapter a month earlier, by what is known now; None where nothing of it was read then."""
    first = month_bounds(inputs.period, inputs.association.timezone).since
    period = month_before(first + timedelta(days=2))
    bounds = month_bounds(period, inputs.association.timezone)
    keys = [account.key for account in inputs.chapter.accounts]
    rows = tuple(coverage_of(archive, keys, bounds))
    posted = any(month == period for _, month in inputs.posts_by_month)
    if not rows and not posted:
        return None
    earlier = replace(
        inputs,
        period=period,
        coverage=rows,
        answers_until=month_closes(bounds).date(),
        changes=(),
        not_judged=(),
        gaps=(),
        renamed=(),
        peers=(),
        replies={},
        unplaced=(),
        outlived=(),
        suppressed=0,
        held=(),
    )
    return _without_posts(build_chapter(earlier, inputs.association.language))


# --- rules ----------------------------------------------------------------------------------------------------------


def _counts(finding: Finding, pack: Pack, bounds: Window) -> bool:
    """Whether a finding speaks for a rule as it is now."""
    rule = pack.rules.get(finding.rule_id)
    current = rule is not None and rule.version == finding.rule_version
    return current and bounds.until - YEAR <= finding.opened_at < bounds.until


def _verdicts(findings: Iterable[Finding], inputs: ChapterInputs, bounds: Window) -> Iterator[tuple[str, bool]]:
    closes = month_closes(bounds)
    for finding in findings:
        items = [item for item in inputs.dispositions.get(finding.key, ()) if item.at < closes]
        verdict = verdict_of(items)
        if verdict is not None:
            yield finding.rule_id, verdict


def verdict_of(items: Iterable[Disposition]) -> bool | None:
    """Whether people found a finding right, by the last decision that says so; None while none does."""
    telling = [item for item in items if item.state in RIGHT | WRONG]
    last = max(telling, key=lambda item: item.at, default=None)
    return None if last is None else last.state in RIGHT


def _asked(archive: Archive, chapter: Chapter) -> Counter[str]:
    asked = Counter[str]()
    for tally in archive.latest_tallies([account.key for account in chapter.accounts]):
        asked[tally.rule_id] += tally.judged + tally.not_judged
    return asked


def rule_records(parts: Sequence[Part], pack: Pack) -> Iterator[RuleRecord]:
    """What became of every rule of a pack, over all chapters."""
    for rule in pack.rules.values():
        measured = pack.measured(rule)
        yield RuleRecord(
            rule_id=rule.id,
            title=rule.title,
            clauses=rule.clauses,
            found=sum(part.found[rule.id] for part in parts),
            right=sum(part.right[rule.id] for part in parts),
            wrong=sum(part.wrong[rule.id] for part in parts),
            asked=sum(part.asked[rule.id] for part in parts),
            measured=Share(measured.right, measured.found) if measured and measured.found else None,
        )


def suppressed(archive: Archive, parts: Sequence[Part], association: Association, pack: Pack) -> Iterator[Suppressed]:
    """What each suppression held back in the month over all chapters, and what headquarters decided."""
    held = sum((part.held for part in parts), Counter[int]())
    for item in archive.suppressions():
        if item.id is not None and held[item.id]:
            rule, home = pack.rules.get(item.rule_id), _home_of(item, parts)
            yield Suppressed(
                number=item.id,
                rule=rule.title if rule else item.rule_id,
                kind=_kind_of(item),
                chapter=home.chapter_name if home else "",
                account=_labels(home).get(item.scope.get("account_key", ""), "") if home else "",
                phrase="phrase" in item.scope,
                findings=held[item.id],
                reason=item.reason,
                author=item.author,
                ends=holding.last_day(item, association.timezone),
            )


def _kind_of(item: Suppression) -> Literal["association", "chapter", "account", "post"]:
    if "post" in item.scope or item.finding_key is not None:
        return "post"
    return "account" if "account_key" in item.scope else "chapter" if "chapter" in item.scope else "association"


def _home_of(item: Suppression, parts: Sequence[Part]) -> ChapterView | None:
    """The chapter a suppression is about, or whose one of its accounts or findings is; None for an association."""
    chapter, account = item.scope.get("chapter"), item.scope.get("account_key")
    one = item.finding_key is not None
    return next(
        (
            part.view
            for part in parts
            if part.view.chapter_id == chapter or account in _labels(part.view) or (one and part.held[item.id or 0])
        ),
        None,
    )


# --- access ---------------------------------------------------------------------------------------------------------


def _refused(inputs: ChapterInputs, view: ChapterView) -> Iterator[Refused]:
    labels, zone = _labels(view), ZoneInfo(inputs.association.timezone)
    for gap in inputs.gaps:
        if gap.until is None:
            yield Refused(
                chapter=view.chapter_name,
                account=labels[gap.account_key],
                owner=_owner(inputs.chapter, gap.account_key),
                since=gap.since.astimezone(zone).date(),
                days=gap.days,
            )


def ending_access(archive: Archive, parts: Sequence[Part], chapters: Iterable[Chapter]) -> Iterator[EndingAccess]:
    """Accounts of which platform or registry say when access ends."""
    checks = archive.access_checks()
    views = {part.view.chapter_id: part.view for part in parts}
    for chapter in chapters:
        labels = _labels(views[chapter.id])
        for account in chapter.accounts:
            ends, by = expiry_of(account, None, checks.get(account.key)) if account.access in ASKED else (None, None)
            if ends is not None:
                yield EndingAccess(
                    chapter=views[chapter.id].chapter_name,
                    account=labels[account.key],
                    owner=_owner(chapter, account.key),
                    ends=ends,
                    told_by="platform" if by == "platform" else "registry",
                )


def _labels(view: ChapterView) -> dict[str, str]:
    return {account.key: account.label for account in view.accounts}


def _owner(chapter: Chapter, key: str) -> str:
    """Who answers for an account, by office."""
    owners = {account.key: account.owner for account in chapter.accounts}
    roles = {person.email: person.role for person in chapter.people}
    return clean_line(roles.get(owners.get(key) or "", ""), 60)


def undelivered(archive: Archive, association: Association, period: str) -> Iterator[Undelivered]:
    """Chapters whose newest report of the month, or of the month before, did not surely arrive.

    A month's mails leave after its roll-up is made: what became of them is told by the next one.
    """
    earlier = month_before(month_bounds(period, "UTC").since)
    months = [archive.delivery_counts(month) for month in (earlier, period)]
    for chapter in association.chapters:
        states = Counter[DeliveryState]()
        for counts in months:
            states.update(counts.get(chapter.id, {}))
        yield Undelivered(
            chapter=clean_name(chapter.name),
            unknown=states[DeliveryState.UNKNOWN],
            refused=states[DeliveryState.REFUSED],
            bounced=states[DeliveryState.BOUNCED],
        )


# --- silent and unregistered accounts -------------------------------------------------------------------------------


def _dormant(archive: Archive, inputs: ChapterInputs, view: ChapterView, bounds: Window) -> Iterator[Dormant]:
    """Accounts that were seen to the month's end and are silent.

    Nothing is said of one nobody could look at, nor of one people alone look at: no post of it is known.
    """
    zone = ZoneInfo(inputs.association.timezone)
    for account in view.accounts:
        if account.by_hand or not account.days or account.days[-1] != "seen":
            continue
        span = Window(since=bounds.until - REACH, until=bounds.until)
        times = [post.created_at for post in archive.known_posts(account.key, span)]
        silence = silence_of(times, bounds.until)
        never = not times and account.state == "seen"
        if silence or never:
            yield Dormant(
                chapter=view.chapter_name,
                account=account.label,
                last=_day(max(times), zone) if times else None,
                usual_days=max(1, round(silence.usual / timedelta(days=1))) if silence else None,
            )


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _unregistered(
    archive: Archive,
    inputs: ChapterInputs,
    view: ChapterView,
    others: Sequence[Account],
    bounds: Window,
) -> Iterator[Unregistered]:
    """What the accounts' own profiles link to and the registry does not know. No web site is asked."""
    keys = [account.key for account in inputs.chapter.accounts]
    profiles = archive.profiles_frame(keys)
    known = profiles[profiles["valid_from"] < pd.Timestamp(month_closes(bounds))]
    current = known.sort_values("revision").groupby("account_key").tail(1)
    labels = _labels(view)
    for item in _discoveries(inputs.chapter, others, current):
        if item.kind in _LINKED:
            yield Unregistered(
                chapter=view.chapter_name,
                kind=_LINKED[item.kind],
                platform=item.platform,
                name=item.name,
                page=labels[item.page],
                account=labels.get(item.account or ""),
            )


def _discoveries(chapter: Chapter, others: Sequence[Account], profiles: pd.DataFrame) -> Iterator[Discovery]:
    links: dict[str, str] = {}
    for row in profiles.to_dict("records"):
        for text in (row["bio"], row["website"]):
            for address in _ADDRESS.findall(text) if isinstance(text, str) else ():
                links.setdefault(address.rstrip(".,;:!?"), str(row["account_key"]))
    latest = dict(zip(profiles["account_key"].astype(str), profiles["handle"].astype(str), strict=True))
    return held_against(chapter, others, Site(links=links), latest, dead=lambda _: False)


# --- appeals --------------------------------------------------------------------------------------------------------


def _appeals(inputs: ChapterInputs, view: ChapterView) -> Iterator[Appeal]:
    """The appeals nobody has decided on."""
    zone = ZoneInfo(inputs.association.timezone)
    for replies in inputs.replies.values():
        for reply in replies:
            if reply.kind == "appeal" and not reply.outcome:
                yield Appeal(chapter=view.chapter_name, since=_day(reply.at, zone))
