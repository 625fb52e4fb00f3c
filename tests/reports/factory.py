"""A believable invented month of one chapter, and a small network of them, for tests and for looking at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from chapterwatch.model import (
    Access,
    Account,
    Association,
    Chapter,
    Coverage,
    DispositionState,
    Finding,
    Lane,
    Person,
    Seen,
    Severity,
    Space,
    Window,
)
from chapterwatch.policy import CaseContext, Clause, Pack, Rule, Source
from reports.facts import PeerMonth, ReplyKind, ReplyOutcome, RuleAnswers
from reports.view import ChainStamp, Change, ChapterInputs, NotJudgedCount

PERIOD = "2026-10"
X, FACEBOOK, GROUP = "x:2001", "facebook_page:7001", "facebook_page:7002"
OCTOBER = (datetime(2026, 10, 1, 5, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC))


@dataclass(frozen=True)
class Decision:
    """A disposition in the archive's shape."""

    state: DispositionState
    note: str
    author_role: str
    at: datetime


@dataclass(frozen=True)
class Replied:
    """A chapter's reply in the archive's shape."""

    kind: ReplyKind
    text: str
    author_role: str
    at: datetime
    outcome: ReplyOutcome = ""
    outcome_note: str = ""


def digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()


def clause(clause_id: str, title: str, quote: str, *lanes: Lane, **more: str) -> Clause:
    return Clause(id=clause_id, title=title, quote=quote, lanes=lanes, **more)


CLAUSES = (
    clause(
        "ALA-03",
        "No threats of violence",
        "Inappropriate postings that include discriminatory remarks, harassment, and threats of violence or similar "
        "inappropriate or unlawful conduct will not be tolerated and may subject you or your chapter to disciplinary "
        "action up to and including termination of charter and/or membership.",
        Lane.ASSIST,
    ),
    clause(
        "ALA-05",
        "The poster is responsible",
        "Ultimately, you are solely responsible for what you post online.",
        Lane.PRINT,
        print="Whoever posts is solely responsible for what they post. This report is a help for reading the "
        "guidelines against your own posts; it neither replaces them nor takes the responsibility over.",
    ),
    clause(
        "ALA-09",
        "The same for photographs, video and audio",
        "Avoid using statements, photographs, video or audio that reasonably could be viewed as malicious, obscene, "
        "threatening or intimidating.",
        Lane.ATTEST,
        question="Did somebody look at this month's photographs and videos, and could any of them be read as "
        "malicious, obscene, threatening or intimidating?",
        not_yet="No rule looks at pictures or hears sound; the chapter's dated answer stands for them.",
    ),
    clause(
        "ALA-14",
        "Be open about altered posts",
        "Be open about any previous posts you have altered.",
        Lane.AUTO,
    ),
    clause(
        "ALA-21",
        "Care with heated topics",
        "Be careful discussing topics that might cause emotions to run high (e.g. politics and religion), and show "
        "respect for others' opinions.",
        Lane.ASSIST,
    ),
    clause(
        "ALA-23",
        "No personal information about yourself or members",
        "Avoid giving out personal information about yourself or your fellow members, or posting confidential or "
        "non-public information.",
        Lane.AUTO,
    ),
    clause(
        "ALA-25",
        "Use the conference hashtags",
        "ALA encourages the use of social media at events (be sure to use our conference hashtags!).",
        Lane.CREDIT,
    ),
    clause(
        "ALA-27",
        "Ask the people in a photo first",
        "It's always a good idea to get permission first from those in the photo, and make sure they are OK with the "
        "content being shared.",
        Lane.ATTEST,
        question="Were the people in this month's photos asked before the photos were posted?",
    ),
    clause(
        "ALA-30",
        "Share the guidelines with whoever curates the accounts",
        "Please be sure to share this document with your chapter and committee members who curate your social media.",
        Lane.ATTEST,
        question="Has everybody who posts for the chapter received the guidelines?",
    ),
    clause(
        "ALA-31",
        "Whom to ask",
        "If you have questions or need further guidance, please contact marketing@alanet.org.",
        Lane.PRINT,
        print="Questions about the guidelines: marketing@alanet.org.",
    ),
    clause(
        "ALA-32",
        "Thought leadership, events, success stories, recruiting",
        "Social media is an excellent tool for spreading thought leadership, event information and success stories.",
        Lane.CREDIT,
    ),
)


def rule(rule_id: str, severity: Severity, lane: Lane, clauses: str, title: str, remedy: str, **more: Any) -> Rule:
    given = {
        "version": 1,
        "check": "invented",
        "why": "The guidelines ask for it.",
        "false_positives": "None known.",
        **more,
    }
    return Rule(
        id=rule_id, severity=severity, lane=lane, clauses=tuple(clauses.split()), title=title, remedy=remedy, **given
    )


RULES = (
    rule(
        "ala.threat",
        Severity.CRITICAL,
        Lane.ASSIST,
        "ALA-03",
        "Could a reader take this as a threat?",
        "Read the post today. If a reader could feel threatened, take it down and tell headquarters.",
        due_days=1,
        why="Words of violence stand close to a person.",
        false_positives="Sports, games and figures of speech (“killing it”).",
    ),
    rule(
        "ala.private_data.phone",
        Severity.HIGH,
        Lane.AUTO,
        "ALA-23",
        "A private telephone number is posted",
        "Remove the number, or replace it by the chapter's public one.",
        due_days=7,
        why="A telephone number that is in no public list of the chapter stands in a post.",
        false_positives="A business line that is public but not in the registry: ask for it to be listed.",
    ),
    rule(
        "ala.edit.unmarked",
        Severity.MEDIUM,
        Lane.AUTO,
        "ALA-14",
        "A post was changed without saying so",
        "Add a line that says what was changed and when.",
        due_days=14,
        why="The text changed after publication and nothing in it says so.",
        false_positives="Corrected typing mistakes of one or two letters are left out already.",
    ),
    rule(
        "ala.heated",
        Severity.LOW,
        Lane.ASSIST,
        "ALA-21",
        "Does this post take sides on a heated topic?",
        "Read it as somebody of the other opinion would; if in doubt, rephrase or remove it.",
        due_days=30,
        why="Words of party politics or religion stand in it.",
        false_positives="Notices of polling-place volunteering, names of streets and holidays.",
        status="experimental",
    ),
    rule(
        "ala.credit.hashtag",
        Severity.LOW,
        Lane.CREDIT,
        "ALA-25",
        "Conference hashtags were used",
        "Go on like this.",
    ),
    rule(
        "ala.credit.success",
        Severity.LOW,
        Lane.CREDIT,
        "ALA-32",
        "Members' success stories were told",
        "Go on like this.",
    ),
)


def pack(**changes: Any) -> Pack:
    given: dict[str, Any] = {
        "id": "ala",
        "title": "Social Media Guidelines for ALA Members, Chapters and Leadership",
        "version": "1.0",
        "language": "en",
        "source": Source(title="Social Media Guidelines for ALA Members, Chapters and Leadership", revised="2020"),
        "contact": "marketing@alanet.org",
        "excerpts": "masked",
        "clauses": {one.id: one for one in CLAUSES},
        "rules": {one.id: one for one in RULES},
        "lexicons": {},
        "shared_cases": {},
        "case_context": CaseContext(),
        "digest": digest("pack"),
        "folder": Path("policies/ala"),
    }
    return Pack(**{**given, **changes})


def account(key: str, handle: str, **changes: Any) -> Account:
    platform, native_id = key.split(":")
    given: dict[str, Any] = {
        "key": key,
        "platform": platform,
        "native_id": native_id,
        "handle": handle,
        "association": "ala",
        "chapter": "ala-lakeside",
        "space": Space.OFFICIAL,
        "access": Access.PUBLIC_API,
        "pack": "ala",
        "language": "en",
        "timezone": "America/Chicago",
        "connection": "demo",
        "owner": "ines.fonseca@lakeside.example",
    }
    return Account(**{**given, **changes})


ACCOUNTS = (
    account(X, "ala_lakeside"),
    account(
        FACEBOOK, "alalakeside", access=Access.OWNER_TOKEN, owner="omar.haddad@lakeside.example", deputy="x@y.example"
    ),
    account(GROUP, "lakeside.members", access=Access.OWNER_TOKEN, space=Space.INTERNAL),
)


def chapter(accounts: tuple[Account, ...] = ACCOUNTS, **changes: Any) -> Chapter:
    given: dict[str, Any] = {
        "id": "ala-lakeside",
        "name": "Lakeside Chapter",
        "association": "ala",
        "language": "en",
        "timezone": "America/Chicago",
        "country": "US",
        "people": (
            Person(
                name="Ines Fonseca", email="ines.fonseca@lakeside.example", role="Communications chair", leadership=True
            ),
            Person(name="Omar Haddad", email="omar.haddad@lakeside.example", role="President", leadership=True),
        ),
        "accounts": accounts,
    }
    return Chapter(**{**given, **changes})


def association(*chapters: Chapter, **changes: Any) -> Association:
    given: dict[str, Any] = {
        "id": "ala",
        "name": "Association of Legal Administrators",
        "pack": "ala",
        "language": "en",
        "timezone": "America/Chicago",
        "headquarters": ("audit@hq.example",),
        "chapters": chapters,
    }
    return Association(**{**given, **changes})


def finding(rule_id: str, text: str, hit: str = "", **changes: Any) -> Finding:
    """A finding whose evidence is `hit` inside `text`; keys and hashes follow from both."""
    by_rule = {one.id: one for one in RULES}
    served = by_rule.get(rule_id, RULES[0])
    start = text.index(hit) if hit else 0
    given: dict[str, Any] = {
        "key": digest(rule_id, text),
        "rule_id": rule_id,
        "rule_version": 1,
        "pack": "ala",
        "pack_version": "1.0",
        "clauses": served.clauses,
        "severity": served.severity,
        "lane": served.lane,
        "account_key": X,
        "chapter": "ala-lakeside",
        "subject_kind": "post",
        "subject_id": digest(text)[:12],
        "revision": 0,
        "content_hash": digest("content", text),
        "capture_hash": digest("capture", text),
        "field": "text",
        "start": start,
        "end": start + len(hit),
        "excerpt": text,
        "reason": "A telephone number stands in the post.",
        "confidence": 0.93,
        "opened_at": datetime(2026, 10, 14, 23, 5, tzinfo=UTC),
    }
    return Finding(**{**given, **changes})


def runs(account_key: str, asked: str, days: Iterable[int], seen: Seen = Seen.SEEN, **changes: Any) -> list[Coverage]:
    """Nightly runs, each over the 24 hours before 05:00 UTC of the day after."""
    rows = []
    for day in days:
        since = OCTOBER[0] + timedelta(days=day - 1)
        until = since + timedelta(days=1)
        given: dict[str, Any] = {
            "run_id": f"run-{day:02}",
            "account_key": account_key,
            "asked": asked,
            "seen": seen,
            "reason": None,
            "detail": "",
            "window": Window(since=since, until=until),
            "at": until + timedelta(hours=2),
        }
        rows.append(Coverage(**{**given, **changes}))
    return rows


def covered(*accounts: str) -> tuple[Coverage, ...]:
    """Everything asked of these accounts was seen on every day."""
    asked = ("posts", "profile", "known_posts")
    return tuple(row for key in accounts for name in asked for row in runs(key, name, range(1, 32)))


def answered(*accounts: str, judged: int = 14) -> tuple[RuleAnswers, ...]:
    """Every rule was asked of these accounts and could always answer."""
    return tuple(
        RuleAnswers(rule_id=one.id, account_key=key, judged=judged, not_judged=0) for key in accounts for one in RULES
    )


def quiet(**changes: Any) -> ChapterInputs:
    """A month in which everything was seen and nothing was found, with one account."""
    accounts = (account(X, "ala_lakeside"),)
    chapter_now = chapter(accounts)
    given: dict[str, Any] = {
        "association": association(chapter_now),
        "chapter": chapter_now,
        "period": PERIOD,
        "pack": pack(),
        "findings": (),
        "dispositions": {},
        "coverage": covered(X),
        "posts_by_month": {(X, PERIOD): 14},
        "changes": (),
        "not_judged": (),
        "permalinks": {},
        "handles": {},
        "chain": ChainStamp(captures=412, digest=digest("head"), verified=True, previous_digest=digest("previous")),
        "revision": 1,
        "revision_reason": None,
        "issued_on": date(2026, 11, 2),
        "code_version": "0.1.0",
    }
    return ChapterInputs(**{**given, **changes})


def _lakeside_findings() -> tuple[Finding, ...]:
    unmarked = {"start": 0, "end": 0, "field": "edit", "confidence": 0.99}
    return (
        finding(
            "ala.threat",
            "If the venue cancels on us a third time I will personally kill the events manager. Budget season is "
            "something else this year!",
            "I will personally kill the events manager",
            reason="“kill” stands two words before a person's office.",
            confidence=0.64,
            opened_at=datetime(2026, 10, 22, 1, 41, tzinfo=UTC),
        ),
        finding(
            "ala.private_data.phone",
            "Carpool for Thursday's lunch-and-learn: Dana drives from Elm Street at 11:15, text her at "
            "███ ███-██42 and bring your parking stub. Two seats left 🎉",
            "███ ███-██42",
            account_key=FACEBOOK,
            reason="A US telephone number that is not among the chapter's public contacts.",
            confidence=0.97,
        ),
        finding(
            "ala.edit.unmarked",
            "Dinner with our partners is on Tuesday 20 October at seven; tickets are 45 dollars.",
            reason="The price changed from 35 to 45 dollars four days after publication.",
            account_key=FACEBOOK,
            opened_at=datetime(2026, 10, 9, 15, 20, tzinfo=UTC),
            **unmarked,
        ),
        finding(
            "ala.edit.unmarked",
            "Our webinar on payroll rules starts at noon Central.",
            reason="The hour changed from eleven to noon two days after publication.",
            opened_at=datetime(2026, 9, 17, 15, 2, tzinfo=UTC),
            **unmarked,
        ),
        finding(
            "ala.heated",
            "Whatever you think of the governor's bill, this is the month to tell the party that gave us the new "
            "filing fees what small offices think of them.",
            "tell the party that gave us the new filing fees",
            reason="“governor's bill” and “party” stand in one sentence.",
            confidence=0.71,
            opened_at=datetime(2026, 10, 27, 14, 30, tzinfo=UTC),
        ),
        finding(
            "ala.heated",
            "A vote of thanks to all who count ballots on Election Day for our board, our party planners included.",
            "party",
            reason="“party” and “ballots” stand in one sentence.",
            confidence=0.6,
            opened_at=datetime(2026, 10, 5, 14, 30, tzinfo=UTC),
        ),
        finding(
            "ala.private_data.phone",
            "Call our treasurer",
            opened_at=datetime(2026, 9, 29, 14, 30, tzinfo=UTC),
            closed_at=datetime(2026, 10, 6, 14, 30, tzinfo=UTC),
            closed_by="edited",
        ),
        finding(
            "ala.heated",
            "An old heated one",
            opened_at=datetime(2026, 8, 11, 14, 30, tzinfo=UTC),
            closed_at=datetime(2026, 10, 2, 9, 12, tzinfo=UTC),
            closed_by="deleted",
        ),
        *(finding("ala.credit.hashtag", f"See you there! #ALAConf26 {day}") for day in range(6)),
        *(finding("ala.credit.success", f"Congratulations, member {day}") for day in range(2)),
    )


def lakeside(**changes: Any) -> ChapterInputs:
    """Lakeside Chapter, October 2026: findings of every kind, one account dead from the 12th on."""
    findings = _lakeside_findings()
    false_alarm = findings[5]
    decisions = {
        false_alarm.key: (
            Decision(
                DispositionState.FALSE_POSITIVE,
                "A board election and a party for it; no politics.",
                "headquarters reviewer",
                datetime(2026, 10, 8, 10, tzinfo=UTC),
            ),
        ),
        findings[3].key: (
            Decision(DispositionState.SENT_TO_OWNER, "", "chapter relations", datetime(2026, 10, 3, 16, tzinfo=UTC)),
        ),
    }
    rejected = {"reason": "credentials_rejected", "detail": "The platform refused the token of account 7002."}
    now = chapter()
    given: dict[str, Any] = {
        "chapter": now,
        "association": association(now),
        "findings": findings,
        "dispositions": decisions,
        "coverage": (
            *covered(X, FACEBOOK),
            *runs(GROUP, "posts", range(1, 12)),
            *runs(GROUP, "posts", range(12, 32), Seen.UNKNOWN, **rejected),
            *runs(GROUP, "profile", range(1, 12)),
            *runs(GROUP, "profile", range(12, 32), Seen.UNKNOWN, **rejected),
        ),
        "posts_by_month": {
            (X, "2026-08"): 21,
            (FACEBOOK, "2026-08"): 17,
            (X, "2026-09"): 24,
            (FACEBOOK, "2026-09"): 19,
            (X, PERIOD): 26,
            (FACEBOOK, PERIOD): 18,
            (GROUP, PERIOD): 9,
        },
        "changes": (
            Change(
                account_key=FACEBOOK,
                subject_id="p1",
                kind="edited",
                at=datetime(2026, 10, 9, 15, 20, tzinfo=UTC),
                before_excerpt="Dinner with our partners is on Tuesday 20 October at seven; tickets are 35 dollars.",
                after_excerpt="Dinner with our partners is on Tuesday 20 October at seven; tickets are 45 dollars.",
                permalink="https://www.facebook.com/alalakeside/posts/9001",
            ),
            Change(
                account_key=X,
                subject_id="p2",
                kind="marked_edit",
                at=datetime(2026, 10, 19, 18, 2, tzinfo=UTC),
                before_excerpt="Registration closes on Friday.",
                after_excerpt="Registration closes on Friday. [Edited 19 Oct: extended to Monday.]",
            ),
            Change(account_key=X, subject_id="p3", kind="deleted", at=datetime(2026, 10, 2, 9, 12, tzinfo=UTC)),
        ),
        "not_judged": (
            NotJudgedCount(rule_id="ala.heated", account_key=X, reason="language:es", count=3, judged=22),
            NotJudgedCount(rule_id="ala.heated", account_key=X, reason="no_text", count=1, judged=22),
            NotJudgedCount(rule_id="ala.heated", account_key=FACEBOOK, reason="language:es", count=1, judged=17),
            NotJudgedCount(rule_id="ala.threat", account_key=X, reason="language:es", count=3, judged=23),
            NotJudgedCount(rule_id="ala.private_data.phone", account_key=X, reason="no_text", count=0, judged=26),
        ),
        "permalinks": {one.subject_id: f"https://x.com/ala_lakeside/status/{one.subject_id}" for one in findings},
        "handles": {X: "@ala_lakeside", FACEBOOK: "/alalakeside", GROUP: "Lakeside members"},
        "suppressed": 1,
        "unknown_deliveries": 0,
    }
    return quiet(**{**given, **changes})


def named(inputs: ChapterInputs, chapter_id: str, name: str) -> ChapterInputs:
    """The same month under another chapter's name."""
    return replace(inputs, chapter=replace(inputs.chapter, id=chapter_id, name=name))


#: Posts and findings of a year of months before the report's, and what the chapters of like size had; None where there
#: were too few of them, or where the chapter itself posted nothing.
YEAR: tuple[tuple[str, int, int, tuple[float, float, float] | None], ...] = (
    ("2025-10", 25, 2, (1.0, 2.2, 4.0)),
    ("2025-11", 20, 0, (1.4, 3.0, 5.1)),
    ("2025-12", 42, 0, None),
    ("2026-01", 0, 0, None),
    ("2026-02", 38, 2, (1.2, 2.5, 4.4)),
    ("2026-03", 38, 5, (2.0, 3.1, 5.6)),
    ("2026-04", 37, 2, (1.1, 2.9, 4.9)),
    ("2026-05", 33, 2, (0.9, 2.0, 4.1)),
    ("2026-06", 35, 2, (1.5, 2.6, 4.0)),
    ("2026-07", 27, 4, (1.3, 2.4, 3.9)),
    ("2026-08", 38, 1, (1.9, 2.8, 5.0)),
    ("2026-09", 43, 2, (2.2, 3.9, 6.2)),
    ("2026-10", 53, 0, (3.0, 5.0, 8.0)),
)


def with_a_year(inputs: ChapterInputs) -> ChapterInputs:
    """The same month with the year before it, its findings mended each, and with chapters of like size."""
    months = [(period, posts, found) for period, posts, found, _ in YEAR if period < "2026-08"]
    mended = tuple(
        finding(
            "ala.heated",
            f"Mended in {period}, number {number}",
            opened_at=datetime.fromisoformat(f"{period}-10T15:00Z"),
            closed_at=datetime.fromisoformat(f"{period}-20T15:00Z"),
            closed_by="edited",
        )
        for period, _, found in months
        for number in range(found)
    )
    peers = tuple(
        PeerMonth(period=period, chapters=7, low=band[0], median=band[1], high=band[2])
        if band
        else PeerMonth(period=period, chapters=3)
        for period, _, _, band in YEAR
    )
    return replace(
        inputs,
        posts_by_month={**{(X, period): posts for period, posts, _ in months if posts}, **inputs.posts_by_month},
        findings=(*inputs.findings, *mended),
        peers=peers,
    )


def asked(inputs: ChapterInputs, unjudged: int = 3) -> tuple[RuleAnswers, ...]:
    """What the rules answered for each account: all of 40, but for the rule on heated topics."""
    return tuple(
        RuleAnswers(rule_id=one.id, account_key=account.key, judged=40 - missing, not_judged=missing)
        for account in inputs.chapter.accounts
        for one in inputs.pack.rules.values()
        for missing in [unjudged if one.id == "ala.heated" else 0]
    )


def replied(inputs: ChapterInputs) -> dict[str, tuple[Replied, ...]]:
    """An appeal that was rejected, and an answer nobody has decided about."""
    appeal = Replied(
        "appeal",
        "It was a joke between friends; the events manager laughed about it herself.",
        "President",
        datetime(2026, 10, 25, 15, tzinfo=UTC),
        "rejected",
        "A reader outside the chapter cannot know that",
    )
    answer = Replied("answer", "We added a note.", "Webmaster", datetime(2026, 10, 26, 15, tzinfo=UTC))
    return {inputs.findings[0].key: (appeal,), inputs.findings[2].key: (answer,)}


def full(**changes: Any) -> ChapterInputs:
    """Lakeside's October with everything a report can hold."""
    inputs = with_a_year(lakeside())
    return replace(inputs, answers=asked(inputs), replies=replied(inputs), **changes)
