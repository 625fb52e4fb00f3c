"""From the chapters' views to what the roll-up for headquarters says: pure, no clock, no files, no second judgement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reports.access import version_words
from reports.facts import ChapterView, Counts, NotJudgedView, Number, Status
from reports.month import month_of
from reports.network_facts import (
    AttestLine,
    ChapterLine,
    ChapterNote,
    ChapterUnseen,
    EndingVersion,
    RollupInputs,
    RollupView,
    SystemicClause,
)
from reports.text import clean_line, sentence
from reports.view import numbers_of, paper_of, share_words
from reports.words import Words, load

__all__ = ["EndingVersion", "RollupInputs", "RollupView", "build_rollup"]

#: Chapters in the roll-up's table; a longer network is in the export.
CHAPTERS_LIMIT = 300
#: How a chapter stands in the network, most pressing first.
NETWORK_LEVELS = ("findings", "unseen", "limited", "clear")


def build_rollup(inputs: RollupInputs) -> RollupView:
    """The network's month out of its chapters' views: where things stand, what is systemic, what was not seen."""
    words = load(inputs.association.language)
    ranked = sorted(inputs.chapters, key=_most_pressing)
    access = tuple(ChapterUnseen(chapter=one.chapter_name, unseen=gap) for one in ranked for gap in one.unseen)
    return RollupView(
        association_id=inputs.association.id,
        association_name=clean_line(inputs.association.name, 120),
        period=inputs.period,
        period_words=words.month(inputs.period),
        language=words.language,
        paper=paper_of([chapter.country for chapter in inputs.association.chapters]),
        issued_on=inputs.issued_on,
        issued_words=words.full_date(inputs.issued_on),
        epoch=int(month_of(inputs.period, inputs.association.timezone).ends.timestamp()),
        revision=inputs.revision,
        status=_network_status(inputs, words),
        numbers=_network_numbers(inputs.chapters, words),
        chapters=tuple(_chapter_line(one, words) for one in ranked[:CHAPTERS_LIMIT]),
        more_chapters=max(0, len(ranked) - CHAPTERS_LIMIT),
        systemic=_systemic(inputs.chapters),
        access=access,
        attest=_network_attest(ranked, words),
        not_judged=_network_not_judged(inputs.chapters),
        failed=tuple(_failed(inputs)),
        facts=_network_facts(inputs, words),
        access_notes=tuple(
            ChapterNote(chapter=one.chapter_name, account=account.label, note=note)
            for one in ranked
            for account in one.accounts
            for note in account.notes
        ),
        versions=tuple(version_words(item, inputs.issued_on, words) for item in inputs.versions),
    )


def _most_pressing(view: ChapterView) -> tuple[int, int, int, str]:
    return -view.counts.critical, -view.counts.standing, -view.counts.accounts_unseen, view.chapter_name


def _network_status(inputs: RollupInputs, words: Words) -> Status:
    chapters = inputs.chapters
    levels = Counter(_network_level(chapter) for chapter in chapters)
    notices = []
    if inputs.failed:
        notices.append(words("network.failed", n=len(inputs.failed)))
    if late := sum(chapter.attest.overdue > 0 for chapter in chapters):
        answers = sum(chapter.attest.overdue for chapter in chapters)
        notices.append(words("network.overdue", n=late, answers=answers))
    if inputs.unknown_deliveries:
        notices.append(words("notice.unknown_deliveries", n=inputs.unknown_deliveries))
    if inputs.refused_deliveries:
        notices.append(words("network.refused", n=inputs.refused_deliveries))
    parts = [words(f"network.{level}", n=levels[level]) for level in NETWORK_LEVELS if levels[level]]
    headline = words("network.headline", n=len(chapters), parts=words.both(parts)) if parts else words("network.none")
    whole = levels["clear"] == len(chapters) and not inputs.failed and bool(chapters)
    return Status(
        level="findings" if levels["findings"] else "clear" if whole else "limited",
        headline=headline,
        notices=tuple(notices),
    )


def _failed(inputs: RollupInputs) -> list[tuple[str, str]]:
    names = {chapter.id: chapter.name for chapter in inputs.association.chapters}
    return [
        (clean_line(names.get(chapter, chapter)), sentence(clean_line(why)))
        for chapter, why in sorted(inputs.failed.items())
    ]


def _network_numbers(chapters: Sequence[ChapterView], words: Words) -> tuple[Number, ...]:
    counts = [chapter.counts for chapter in chapters]
    total = Counts(
        new=sum(one.new for one in counts),
        still_open=sum(one.still_open for one in counts),
        fixed=sum(one.fixed for one in counts),
        posts=sum(one.posts for one in counts),
        accounts=sum(one.accounts for one in counts),
        days_asked=sum(one.days_asked for one in counts),
        days_seen=sum(one.days_seen for one in counts),
    )
    return numbers_of(total, words)


def _chapter_line(view: ChapterView, words: Words) -> ChapterLine:
    return ChapterLine(
        chapter_id=view.chapter_id,
        name=view.chapter_name,
        level=view.status.level,
        status_words=_level_words(view, words),
        counts=view.counts,
        per_hundred=view.trend.points[-1].per_hundred,
        seen_share=share_words(view.counts.days_seen, view.counts.days_asked, words),
        trend=view.trend.points,
    )


def _network_level(view: ChapterView) -> str:
    unseen = view.counts.accounts_unseen == view.counts.accounts
    return "unseen" if unseen and view.status.level == "limited" else view.status.level


def _level_words(view: ChapterView, words: Words) -> str:
    level = "critical" if view.counts.critical else _network_level(view)
    return words(f"network.level.{level}", n=view.counts.critical)


def _systemic(chapters: Sequence[ChapterView]) -> tuple[SystemicClause, ...]:
    """Clauses by the number of chapters with a standing finding under them; one chapter alone is not systemic."""
    titles: dict[str, str] = {}
    in_chapters, findings = Counter[str](), Counter[str]()
    for chapter in chapters:
        for tally in chapter.clauses:
            titles[tally.id] = tally.title
            in_chapters[tally.id] += 1
            findings[tally.id] += tally.findings
    several = [clause for clause in titles if in_chapters[clause] > 1]
    ranked = sorted(several, key=lambda clause: (-in_chapters[clause], -findings[clause], clause))
    return tuple(
        SystemicClause(id=clause, title=titles[clause], chapters=in_chapters[clause], findings=findings[clause])
        for clause in ranked
    )


def _network_attest(chapters: Sequence[ChapterView], words: Words) -> tuple[AttestLine, ...]:
    """Who owes answers, most overdue first; chapters that are asked nothing are left out."""
    asked = [chapter for chapter in chapters if chapter.attest.questions]
    ranked = sorted(asked, key=lambda one: (-one.attest.overdue, -one.attest.due, one.chapter_name))
    return tuple(
        AttestLine(
            chapter=one.chapter_name,
            answered=one.attest.answered,
            due=one.attest.due,
            overdue=one.attest.overdue,
            since_words=words.full_date(one.attest.overdue_since) if one.attest.overdue_since else "",
        )
        for one in ranked
    )


def _network_not_judged(chapters: Sequence[ChapterView]) -> tuple[NotJudgedView, ...]:
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


def _network_facts(inputs: RollupInputs, words: Words) -> tuple[tuple[str, str], ...]:
    issued = words(
        "fact.issue_value",
        date=words.full_date(inputs.issued_on),
        revision=inputs.revision,
        month=words.month(inputs.period),
        zone=inputs.association.timezone,
        code=clean_line(inputs.code_version),
    )
    return ((words("fact.issue"), issued),)
