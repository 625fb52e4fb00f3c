"""How far rules can be trusted, as people's decisions show it over twelve months, and which of them never spoke.

Beside them what suppressions held back in the month: it is found by a rule and stands in no chapter's findings.

A share is printed with its Wilson interval, and only where at least `DECIDED_LEAST` findings were decided: below, the
interval is wider than what anybody wants to know, so the counts stand alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from chapterwatch.shares import Share
from reports.facts import ChapterView, NotJudgedView
from reports.network_facts import HeldLine, RuleLine, RuleQuality, RuleRecord, Suppressed
from reports.text import clean_line
from reports.words import Words

#: Decisions a rule needs before a share is made of them.
DECIDED_LEAST = 10
#: From so many decisions on a rule more often set aside than confirmed is called so.
DOUBT_LEAST = 3
LINES_LIMIT = 14
UNJUDGED_LIMIT = 6
#: Code points of a suppression's reason.
REASON_LIMIT = 300


def quality_of(records: Sequence[RuleRecord], words: Words) -> RuleQuality:
    """The rules people decided about, most false alarms first, and those that found nothing."""
    decided = [record for record in records if record.decided.of]
    telling = [record for record in decided if record.decided.of >= DECIDED_LEAST or _doubtful(record)]
    ranked = sorted(telling, key=_most_wrong)
    return RuleQuality(
        intro=_intro(records, decided, words),
        decided=bool(decided),
        lines=tuple(_line(record, words) for record in ranked[:LINES_LIMIT]),
        more=max(0, len(ranked) - LINES_LIMIT),
        rest=len(decided) - len(telling),
        every=tuple(_line(record, words) for record in sorted(records, key=_most_wrong)),
        silent=tuple(_silent(records, words)),
    )


def held_of(items: Iterable[Suppressed], words: Words) -> tuple[HeldLine, ...]:
    """What suppressions held back in the month, and what headquarters decided: the one that held most first."""
    return tuple(
        HeldLine(
            number=item.number,
            rule=clean_line(item.rule),
            where=_where(item, words),
            findings=item.findings,
            reason=clean_line(item.reason, REASON_LIMIT),
            author=clean_line(item.author, 60),
            ends=item.ends,
            ends_words=words.full_date(item.ends),
        )
        for item in sorted(items, key=lambda item: (-item.findings, item.number))
    )


def _where(item: Suppressed, words: Words) -> str:
    where = words(f"network.held.{item.kind}", chapter=item.chapter, account=item.account)
    return words("network.held.phrase", where=where) if item.phrase else where


def _most_wrong(record: RuleRecord) -> tuple[int, int, int, str]:
    return -record.wrong, -record.decided.of, -record.found, record.rule_id


def _intro(records: Sequence[RuleRecord], decided: Sequence[RuleRecord], words: Words) -> str:
    found = sum(record.found for record in records)
    both = sum(record.decided.of for record in decided)
    return words("network.rules.intro", n=found, decided=both)


def _line(record: RuleRecord, words: Words) -> RuleLine:
    decided = record.decided
    return RuleLine(
        title=clean_line(record.title),
        clauses=", ".join(record.clauses),
        found=record.found,
        right=record.right,
        wrong=record.wrong,
        observed=share_line(decided, words) if decided.of >= DECIDED_LEAST else words("network.rules.few"),
        measured=share_line(record.measured, words) if record.measured else words("network.rules.unmeasured"),
        doubtful=_doubtful(record),
    )


def _doubtful(record: RuleRecord) -> bool:
    """Whether people set more of the rule's findings aside than they confirmed."""
    return record.decided.of >= DOUBT_LEAST and record.wrong > record.right


def share_line(share: Share, words: Words) -> str:
    """A share with its interval: "82 % (52-95)"."""
    if share.value is None or share.interval is None:
        return words("network.rules.unmeasured")
    low, high = (words.number(round(100 * bound)) for bound in share.interval)
    return words("network.rules.share", share=words.percent(share.value), low=low, high=high)


def _silent(records: Sequence[RuleRecord], words: Words) -> Iterable[str]:
    """Two sentences: rules that were asked and found nothing, and rules nothing was ever put to."""
    quiet = [record for record in records if not record.found]
    for key, group in (
        ("network.rules.silent", [record for record in quiet if record.asked]),
        ("network.rules.unasked", [record for record in quiet if not record.asked]),
    ):
        if group:
            yield words(key, n=len(group), total=len(records), clauses=_by_clause(group))


def _by_clause(records: Iterable[RuleRecord]) -> str:
    counted = Counter(clause for record in records for clause in record.clauses[:1])
    return ", ".join(clause if counted[clause] == 1 else f"{clause} ({counted[clause]})" for clause in sorted(counted))


def not_judged_of(chapters: Iterable[ChapterView]) -> tuple[NotJudgedView, ...]:
    """What rules could not answer over all chapters, most often first."""
    merged: dict[str, NotJudgedView] = {}
    for row in (row for chapter in chapters for row in chapter.not_judged):
        known = merged.get(row.rule)
        merged[row.rule] = NotJudgedView(
            rule=row.rule,
            title=row.title,
            clauses=row.clauses,
            unjudged=row.unjudged + (known.unjudged if known else 0),
            total=row.total + (known.total if known else 0),
            why="",
        )
    return tuple(sorted(merged.values(), key=lambda row: (-row.unjudged, row.rule)))


def unjudged_words(rows: Sequence[NotJudgedView], words: Words) -> str:
    """The rules that could answer least, in one sentence; empty where every rule could answer."""
    if not rows:
        return ""
    parts = [
        words("network.not_judged.part", title=row.title, clauses=row.clauses, n=row.unjudged, total=row.total)
        for row in rows[:UNJUDGED_LIMIT]
    ]
    if len(rows) > UNJUDGED_LIMIT:
        parts.append(words("network.not_judged.more", n=len(rows) - UNJUDGED_LIMIT))
    return words("network.not_judged", parts="; ".join(parts))
