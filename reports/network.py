"""From the chapters' views to what the roll-up for headquarters says: pure, no clock, no files, no second judgement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from chapterwatch.model import Severity
from reports.access import version_words
from reports.facts import ChapterView, Number, Status, TrendPoint
from reports.month import month_of
from reports.network_access import dormant_of, ending_of, linked_of, listed, reach_of, unseen_of
from reports.network_chapters import (
    PRINTED_LIMIT,
    chapter_lines,
    countries_of,
    grid_of,
    network_level,
    network_points,
    stands_of,
    systemic_of,
    top_of,
    total,
)
from reports.network_facts import (
    Attention,
    AttestLine,
    ChapterNote,
    ChapterUnseen,
    EndingVersion,
    NetworkTrend,
    RollupInputs,
    RollupView,
)
from reports.network_rules import not_judged_of, quality_of, unjudged_words
from reports.text import clean_line, sentence
from reports.view import paper_of, share_words
from reports.words import Words, load

__all__ = ["EndingVersion", "RollupInputs", "RollupView", "build_rollup"]

#: How a chapter stands in the network, most pressing first.
NETWORK_LEVELS = ("findings", "unseen", "limited", "clear")
#: Lines under "where attention is needed".
ATTENTION_LIMIT = 8
#: Days in which headquarters decides about an appeal, counted from its day.
APPEAL_DAYS = 14
#: Days before an end from which it needs attention; those warned of by mail (`pipeline.access.STAGES`) begin there too.
ENDING_SOON = 30


def build_rollup(inputs: RollupInputs) -> RollupView:
    """The network's month out of its chapters' views: where things stand, what is systemic, what was not seen."""
    words = load(inputs.association.language)
    lines = chapter_lines(inputs.chapters, inputs.association.chapters, words)
    by_id = {view.chapter_id: view for view in inputs.chapters}
    ranked = [by_id[line.chapter_id] for line in lines]
    access = tuple(ChapterUnseen(chapter=one.chapter_name, unseen=gap) for one in ranked for gap in one.unseen)
    not_judged = not_judged_of(inputs.chapters)
    points, top = network_points(inputs.chapters), top_of(lines)
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
        status=_status(inputs, words),
        numbers=_numbers(inputs, words),
        attention=tuple(_attention(inputs, ranked, words))[:ATTENTION_LIMIT],
        trend=NetworkTrend(title=_trend_title(points, words), caption=words("trend.caption"), points=points),
        reach=reach_of(inputs.chapters, inputs.period, words),
        chapters=tuple(lines),
        printed=min(len(lines), PRINTED_LIMIT),
        top=top,
        top_words=words.rate(top),
        stands=stands_of(lines),
        grid=grid_of(lines, points, top, words),
        countries=countries_of(lines, words),
        systemic=systemic_of(inputs.chapters, inputs.before, words),
        access=access,
        unseen=unseen_of(access, words),
        ending=ending_of(inputs.ending, inputs.issued_on, words),
        rules=quality_of(inputs.rules, inputs.decisions, words),
        dormant=dormant_of(inputs.dormant, words),
        linked=linked_of(inputs.unregistered, words),
        attest=_attest(ranked, words),
        not_judged=not_judged,
        unjudged_words=unjudged_words(not_judged, words),
        failed=tuple(_failed(inputs)),
        facts=_facts(inputs, words),
        access_notes=tuple(
            ChapterNote(chapter=one.chapter_name, account=account.label, note=note)
            for one in ranked
            for account in one.accounts
            for note in account.notes
        ),
        versions=tuple(version_words(item, inputs.issued_on, words) for item in inputs.versions),
    )


# --- status, numbers, trend -----------------------------------------------------------------------------------------


def _status(inputs: RollupInputs, words: Words) -> Status:
    chapters = inputs.chapters
    levels = Counter(network_level(chapter) for chapter in chapters)
    parts = [words(f"network.{level}", n=levels[level]) for level in NETWORK_LEVELS if levels[level]]
    headline = words("network.headline", n=len(chapters), parts=words.both(parts)) if parts else words("network.none")
    whole = levels["clear"] == len(chapters) and not inputs.failed and bool(chapters)
    return Status(
        level="findings" if levels["findings"] else "clear" if whole else "limited",
        headline=headline,
        notices=tuple(_notices(inputs, words)),
    )


def _notices(inputs: RollupInputs, words: Words) -> Iterator[str]:
    """What a mail says beside the headline; on page one the lines on attention say more."""
    if inputs.failed:
        yield words("network.failed", n=len(inputs.failed))
    if late := sum(chapter.attest.overdue > 0 for chapter in inputs.chapters):
        answers = sum(chapter.attest.overdue for chapter in inputs.chapters)
        yield words("network.overdue", n=late, answers=answers)
    if inputs.unknown_deliveries:
        yield words("notice.unknown_deliveries", n=inputs.unknown_deliveries)
    if inputs.refused_deliveries:
        yield words("network.refused", n=inputs.refused_deliveries)


def _numbers(inputs: RollupInputs, words: Words) -> tuple[Number, ...]:
    """Five numbers, each with last month's beside it; where that month is not known, with what it counts."""
    now, then = total([view.counts for view in inputs.chapters]), total([view.counts for view in inputs.before])
    month = _month_before(inputs.period, words)

    def number(name: str, count: int, before: int, note: str) -> Number:
        told = words("number.before", n=before, month=month) if inputs.before else note
        return Number(value=words.number(count), label=words(f"number.{name}", n=count), note=told)

    days = words("number.seen_note_each", seen=now.days_seen, n=now.days_asked)
    seen_then = share_words(then.days_seen, then.days_asked, words)
    return (
        number("new", now.new, then.new, words("number.new_note")),
        number("open", now.still_open, then.still_open, words("number.open_note")),
        number("fixed", now.fixed, then.fixed, words("number.fixed_note")),
        number("posts", now.posts, then.posts, words("number.posts_note", n=now.accounts)),
        Number(
            value=share_words(now.days_seen, now.days_asked, words),
            label=words("number.seen"),
            # What was read of the month before later than its end is no sight of that month.
            note=words("network.before", value=seen_then, month=month) if then.days_seen else days,
        ),
    )


def _month_before(period: str, words: Words) -> str:
    first = date.fromisoformat(f"{period}-01")
    return words.month_name((first - timedelta(days=1)).strftime("%Y-%m"))


def _trend_title(points: Sequence[TrendPoint], words: Words) -> str:
    rates = [point for point in points if point.per_hundred is not None]
    if not points or points[-1].per_hundred is None:
        return words("network.trend.none")
    now = words.rate(points[-1].per_hundred)
    if len(rates) == 1:
        return words("trend.first", now=now)
    then, month = words.rate(rates[-2].per_hundred), words.month_name(rates[-2].period)
    if now == then:
        return words("trend.same", now=now, month=month)
    down = (points[-1].per_hundred or 0) < (rates[-2].per_hundred or 0)
    return words("trend.down" if down else "trend.up", now=now, before=then, month=month)


# --- where attention is needed --------------------------------------------------------------------------------------


def _attention(inputs: RollupInputs, ranked: Sequence[ChapterView], words: Words) -> Iterator[Attention]:
    """Matters in the order in which they press, each with who can do what by when."""
    yield from _critical(ranked, inputs.issued_on, words)
    yield from _refused(inputs, words)
    yield from _blind(inputs, ranked, words)
    yield from _overdue(ranked, words)
    yield from _appeals(inputs, words)
    yield from _deliveries(inputs, words)
    yield from _not_drawn(inputs, words)
    yield from _ending_soon(inputs, words)


def _line(kind: str, count: int, names: Sequence[str], by: str, words: Words) -> Attention:
    return Attention(
        count=words.number(count),
        what=words(f"attention.{kind}.what", n=count),
        where=listed(names, words),
        who=words(f"attention.{kind}.who", n=count),
        by=by,
    )


def _critical(ranked: Sequence[ChapterView], today: date, words: Words) -> Iterator[Attention]:
    graver = [view for view in ranked if view.counts.critical]
    if not graver:
        return
    due = [action.due for view in graver for action in view.actions if action.severity is Severity.CRITICAL]
    names = [_counted(view.chapter_name, view.counts.critical, words) for view in graver]
    by = _due(min(due), today, words) if due else words("attention.now")
    yield _line("critical", sum(view.counts.critical for view in graver), names, by, words)


def _refused(inputs: RollupInputs, words: Words) -> Iterator[Attention]:
    if inputs.refused:
        longest = sorted(inputs.refused, key=lambda item: (item.since, item.chapter, item.account))
        names = [
            words("attention.since", what=f"{item.chapter}, {item.account}", day=words.day(item.since))
            for item in longest
        ]
        yield _line("refused", len(longest), names, words("attention.now"), words)


def _blind(inputs: RollupInputs, ranked: Sequence[ChapterView], words: Words) -> Iterator[Attention]:
    """Chapters of which nothing at all was seen, for other reasons than a refused access."""
    known = {item.chapter for item in inputs.refused}
    names = [view.chapter_name for view in ranked if network_level(view) == "unseen" and view.chapter_name not in known]
    if names:
        yield _line("blind", len(names), names, words("attention.before_close"), words)


def _overdue(ranked: Sequence[ChapterView], words: Words) -> Iterator[Attention]:
    late = sorted((view for view in ranked if view.attest.overdue), key=lambda view: -view.attest.overdue)
    if late:
        since = min(view.attest.overdue_since for view in late if view.attest.overdue_since)
        names = [_counted(view.chapter_name, view.attest.overdue, words) for view in late]
        by = words("attention.overdue_since", day=words.day(since))
        yield _line("overdue", sum(view.attest.overdue for view in late), names, by, words)


def _appeals(inputs: RollupInputs, words: Words) -> Iterator[Attention]:
    if inputs.appeals:
        counted = Counter(item.chapter for item in inputs.appeals)
        oldest = min(item.since for item in inputs.appeals)
        names = [_counted(name, count, words) for name, count in sorted(counted.items())]
        by = _due(oldest + timedelta(days=APPEAL_DAYS), inputs.issued_on, words)
        yield _line("appeals", len(inputs.appeals), names, by, words)


def _deliveries(inputs: RollupInputs, words: Words) -> Iterator[Attention]:
    unknown, refused = inputs.unknown_deliveries, inputs.refused_deliveries
    if unknown + refused:
        parts = [words("attention.deliveries.unknown", n=unknown)] if unknown else []
        parts += [words("attention.deliveries.refused", n=refused)] if refused else []
        yield _line("deliveries", unknown + refused, [words.both(parts)], words("attention.now"), words)


def _not_drawn(inputs: RollupInputs, words: Words) -> Iterator[Attention]:
    if inputs.failed:
        yield _line("failed", len(inputs.failed), [name for name, _ in _failed(inputs)], words("attention.now"), words)


def _ending_soon(inputs: RollupInputs, words: Words) -> Iterator[Attention]:
    soon = sorted(
        (item for item in inputs.ending if 0 <= (item.ends - inputs.issued_on).days <= ENDING_SOON),
        key=lambda item: (item.ends, item.chapter, item.account),
    )
    if soon:
        names = [f"{item.chapter}, {item.account}" for item in soon]
        yield _line("ending", len(soon), names, words.full_date(soon[0].ends), words)


def _due(day: date, today: date, words: Words) -> str:
    return words.full_date(day) if day >= today else words("attention.overdue_since", day=words.day(day))


def _counted(name: str, count: int, words: Words) -> str:
    return words("attention.counted", name=name, count=count) if count > 1 else name


# --- answers, failures, facts ---------------------------------------------------------------------------------------


def _failed(inputs: RollupInputs) -> list[tuple[str, str]]:
    names = {chapter.id: chapter.name for chapter in inputs.association.chapters}
    return [
        (clean_line(names.get(chapter, chapter)), sentence(clean_line(why)))
        for chapter, why in sorted(inputs.failed.items())
    ]


def _attest(chapters: Sequence[ChapterView], words: Words) -> tuple[AttestLine, ...]:
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


def _facts(inputs: RollupInputs, words: Words) -> tuple[tuple[str, str], ...]:
    issued = words(
        "fact.issue_value",
        date=words.full_date(inputs.issued_on),
        revision=inputs.revision,
        month=words.month(inputs.period),
        zone=inputs.association.timezone,
        code=clean_line(inputs.code_version),
    )
    return ((words("fact.issue"), issued),)
