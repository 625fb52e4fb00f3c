"""An invented network of any size in October 2026, made the way the pipeline makes one: out of chapters' months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from chapterwatch.model import Access, Association, Chapter, Coverage, Finding, Lane, Person, Seen, Severity, Window
from chapterwatch.policy import Pack, Rule, load_pack
from chapterwatch.sampling import Estimate
from chapterwatch.shares import Share
from reports.facts import ChapterInputs, ChapterView
from reports.network_facts import (
    Appeal,
    Dormant,
    EndingAccess,
    EndingVersion,
    MonthSample,
    Refused,
    RollupInputs,
    RuleRecord,
    Suppressed,
    Undelivered,
    Unregistered,
)
from reports.view import build_chapter
from tests.reports import factory

PERIOD = factory.PERIOD
MONTHS = tuple(f"{year}-{month:02}" for year, month in [(2025, 10), (2025, 11), (2025, 12)]) + tuple(
    f"2026-{month:02}" for month in range(1, 11)
)
FIRST = (
    "Copper",
    "Lake",
    "Cedar",
    "Harbor",
    "Prairie",
    "Silver",
    "North",
    "River",
    "Summit",
    "Willow",
    "Granite",
    "Blue",
)
FIRST += ("Golden", "Maple", "Stone", "Clear", "Bay", "Oak", "Red", "High")
SECOND = (
    "Canyon",
    "side",
    "Valley",
    "Point",
    "Falls",
    "Ridge",
    "Mesa",
    "Springs",
    "Grove",
    "Bridge",
    "Crossing",
    "Bluffs",
)
ROLES = ("communications chair", "president", "secretary")
COUNTRIES = ("US",) * 15 + ("CA", "CA", "GB", "MX", "IE")
# Named, because a rule more in the pack must not draw another network: what is found hangs on what can be.
RULES = Path(__file__).with_name("network_rules.txt").read_text("utf-8").split()


@cache
def pack() -> Pack:
    """The pack of the demo's first association, real clauses and titles, with the rules that the networks know."""
    whole = load_pack("ala")
    return replace(whole, rules={rule: whole.rules[rule] for rule in RULES})


def network(count: int, *, seed: int = 7, **changes: Any) -> RollupInputs:
    """A network of so many chapters: some grave, some blind, most with a little, many quiet."""
    random = Random(f"{seed}:{count}")
    months = [_month(index, random) for index in range(count)]
    before = tuple(build_chapter(_as_of_september(inputs, random)) for inputs in months)
    views = tuple(build_chapter(inputs) for inputs in months)
    chapters = tuple(inputs.chapter for inputs in months)
    given: dict[str, Any] = {
        "association": factory.association(*chapters),
        "period": PERIOD,
        "chapters": views,
        "issued_on": date(2026, 11, 2),
        "code_version": "0.1.0",
        "before": before,
        "rules": tuple(_records(months, random)),
        "refused": tuple(_refused(views)),
        "ending": tuple(_ending(views, random)),
        "dormant": tuple(_dormant(views, random)),
        "unregistered": tuple(_unregistered(views, random)),
        "appeals": tuple(
            Appeal(chapter=view.chapter_name, since=date(2026, 10, random.randint(3, 30))) for view in views[1::19][:12]
        ),
        "acts": {
            ("headquarters reviewer", "decide"): 3 + count // 4,
            ("headquarters reviewer", "show"): 1 + count // 40,
            ("headquarters reviewer", "sample"): 40,
            ("publisher", "resend"): 1 + count // 80,
            ("chapter relations", "reply_outcome"): 1 + count // 12,
            ("chapter relations", "reply"): count // 12,
        },
        "samples": (
            sample("2026-07", (38, 1, 1), 35 * count),
            sample("2026-08", (38, 0, 2), 35 * count),
            sample("2026-09", (0, 0, 0), 35 * count),
        ),
        "pooled": Estimate(
            drawn=80, read=77, missed=1, unsure=2, posts=70 * count, share=0.014, interval=(0.003, 0.07)
        ),
        "undelivered": tuple(_undelivered(views)),
        "versions": (EndingVersion(title="Graph API", version="v21.0", ends=date(2027, 1, 12)),),
        **changes,
    }
    return RollupInputs(**given)


def _month(index: int, random: Random) -> ChapterInputs:
    name = f"{FIRST[index % len(FIRST)]} {SECOND[(index // len(FIRST) + index) % len(SECOND)]}".replace(" side", "side")
    ident = f"ala-{index:03}"
    keys = [f"x:{9000 + index}", f"facebook_page:{7000 + index}"][: 1 + (index % 3 > 0)]
    accounts = tuple(
        factory.account(
            key, f"ala{index:03}", chapter=ident, access=Access.OWNER_TOKEN, owner=f"owner@c{index}.example"
        )
        for key in keys
    )
    chapter = factory.chapter(
        accounts,
        id=ident,
        name=f"{name} Chapter",
        country=COUNTRIES[(index * 7) % len(COUNTRIES)],
        people=(Person(name="Ann Other", email=f"owner@c{index}.example", role=ROLES[index % 3], leadership=True),),
    )
    size, trouble = random.choice((8, 14, 20, 35, 60)), random.choice((0, 0, 0, 0.02, 0.04, 0.06, 0.12))
    drift = random.choice((0.85, 0.95, 1.0, 1.0, 1.05, 1.15))
    posts = {(keys[0], month): max(0, round(random.gauss(size, size / 5))) for month in MONTHS}
    findings = [
        one
        for at, month in enumerate(MONTHS)
        for one in _findings(chapter, month, posts[keys[0], month], trouble * drift**at, random)
    ]
    fate = random.random()
    return factory.quiet(
        association=factory.association(chapter),
        chapter=chapter,
        pack=pack(),
        findings=tuple(findings),
        coverage=tuple(_coverage(keys, PERIOD, fate)),
        posts_by_month=posts if fate > 0.03 else {},
        handles=dict.fromkeys(keys, f"@ala{index:03}"),
        answers_until=date(2026, 11, 2),
    )


def _findings(chapter: Chapter, month: str, posts: int, trouble: float, random: Random) -> Iterator[Finding]:
    for number in range(sum(random.random() < trouble for _ in range(posts))):
        rule = random.choice(_rules() + _rules()[:6] * 4)
        if rule.severity is Severity.CRITICAL and random.random() < 0.9:
            continue
        opened = datetime(int(month[:4]), int(month[5:]), random.randint(2, 27), 15, tzinfo=UTC)
        mended = opened + timedelta(days=random.randint(2, 25)) if month != PERIOD or random.random() < 0.1 else None
        open_still = month == "2026-09" and random.random() < 0.3
        yield factory.finding(
            rule.id,
            f"An invented post {chapter.id} {month} {number}",
            clauses=rule.clauses,
            severity=rule.severity,
            lane=rule.lane,
            account_key=chapter.accounts[0].key,
            chapter=chapter.id,
            opened_at=opened,
            closed_at=None if open_still else mended,
            closed_by=None if open_still or not mended else "edited",
        )


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in pack().rules.values() if rule.lane is not Lane.CREDIT)


def _coverage(keys: Sequence[str], period: str, fate: float) -> Iterator[Coverage]:
    year, month = (int(part) for part in period.split("-"))
    first, length = datetime(year, month, 1, 5, tzinfo=UTC), 31 if month == 10 else 30
    blind_from = 1 if fate < 0.04 else 12 if fate < 0.09 else 25 if fate < 0.12 else length + 1
    for place, key in enumerate(keys):
        until = length + 1 if place else blind_from
        for since, ends, seen in ((1, until, Seen.SEEN), (until, length + 1, Seen.UNKNOWN)):
            if since >= ends:
                continue
            window = Window(since=first + timedelta(days=since - 1), until=first + timedelta(days=ends - 1))
            refused = {"reason": "credentials_rejected", "detail": "The platform refused the token."}
            yield from _row(key, window, seen, {} if seen is Seen.SEEN else refused)


def _row(key: str, window: Window, seen: Seen, why: dict[str, str]) -> Iterator[Coverage]:
    yield Coverage(
        run_id=f"run-{window.since:%m-%d}",
        account_key=key,
        asked="posts",
        seen=seen,
        reason=why.get("reason"),
        detail=why.get("detail", ""),
        window=window,
        at=window.until + timedelta(hours=2),
    )


def _as_of_september(inputs: ChapterInputs, random: Random) -> ChapterInputs:
    keys = [account.key for account in inputs.chapter.accounts]
    return replace(inputs, period="2026-09", coverage=tuple(_coverage(keys, "2026-09", random.random() + 0.02)))


def _records(months: Sequence[ChapterInputs], random: Random) -> Iterator[RuleRecord]:
    found = Counter(finding.rule_id for inputs in months for finding in inputs.findings)
    for rule in pack().rules.values():
        decided = round(found[rule.id] * random.choice((0, 0.3, 0.5, 0.8)))
        wrong = round(decided * random.choice((0.0, 0.05, 0.2, 0.6)))
        measured = pack().measured(rule)
        yield RuleRecord(
            rule_id=rule.id,
            title=rule.title,
            clauses=rule.clauses,
            found=found[rule.id],
            right=decided - wrong,
            wrong=wrong,
            asked=0 if random.random() < 0.1 else 400,
            measured=Share(measured.right, measured.found) if measured and measured.found else None,
        )


def _refused(views: Sequence[ChapterView]) -> Iterator[Refused]:
    for view in views:
        for gap in view.unseen:
            if "refused" in gap.why:
                yield Refused(
                    chapter=view.chapter_name, account=gap.account, owner="", since=date(2026, 10, 12), days=20
                )


def _ending(views: Sequence[ChapterView], random: Random) -> Iterator[EndingAccess]:
    for view in views[2::9]:
        yield EndingAccess(
            chapter=view.chapter_name,
            account=view.accounts[0].label,
            owner="Communications chair",
            ends=date(2026, 11, 2) + timedelta(days=random.randint(3, 80)),
            told_by=random.choice(("platform", "registry")),
        )


def _dormant(views: Sequence[ChapterView], random: Random) -> Iterator[Dormant]:
    for view in views[3::13]:
        last = random.choice((None, date(2026, random.randint(3, 8), 14)))
        yield Dormant(
            chapter=view.chapter_name,
            account=view.accounts[-1].label,
            last=last,
            usual_days=random.randint(1, 9) if last else None,
        )


def _unregistered(views: Sequence[ChapterView], random: Random) -> Iterator[Unregistered]:
    for view in views[2::15]:
        yield Unregistered(
            chapter=view.chapter_name,
            kind=random.choice(("missing", "missing", "look_alike")),
            platform="instagram",
            name=f"@{view.chapter_id}.events",
            page=view.accounts[0].label,
            account=view.accounts[0].label,
        )


def sample(month: str, answers: tuple[int, int, int], posts: int = 812) -> MonthSample:
    """A month's forty posts with (clean, missed, unsure) answers, drawn on the second of the next month."""
    clean, missed, unsure = answers
    share = Share(missed, clean + missed)
    found = Estimate(
        drawn=40,
        read=share.of,
        missed=missed,
        unsure=unsure,
        posts=posts if share.of else 0,
        share=share.value,
        interval=share.interval,
    )
    drawn_on = (date.fromisoformat(f"{month}-01") + timedelta(days=32)).replace(day=2)
    return MonthSample(period=month, drawn_on=drawn_on, of=posts, estimate=found)


def suppressions(count: int) -> tuple[Suppressed, ...]:
    """So many suppressions of every kind, each with a reason that takes a line or two."""
    kinds: tuple[Any, ...] = ("chapter", "account", "post", "association")
    return tuple(
        Suppressed(
            number=number,
            rule="Obscene or vulgar words",
            kind=kinds[number % 4],
            chapter="Copper Canyon Chapter",
            account="X @ala001",
            phrase=number % 3 == 0,
            findings=1 + number % 5,
            reason=f"Decision {number} of the board: the president's family name is read as one of the words.",
            author="Dana, communications office",
            ends=date(2027, 1, 31),
        )
        for number in range(1, count + 1)
    )


def _undelivered(views: Sequence[ChapterView]) -> Iterator[Undelivered]:
    for place, view in enumerate(views[4::40]):
        yield Undelivered(chapter=view.chapter_name, unknown=place % 2, bounced=1 - place % 2)


def of(association: Association, views: Sequence[ChapterView]) -> RollupInputs:
    """The least inputs over some views."""
    return RollupInputs(
        association=association,
        period=PERIOD,
        chapters=tuple(views),
        issued_on=date(2026, 11, 2),
        code_version="0.1.0",
    )
