"""From the chapters' views to what the roll-up for headquarters says: pure, no clock, no files, no second judgement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chapterwatch.model import Severity
from reports.access import version_words
from reports.facts import ChapterView, Number, Status, TrendPoint
from reports.month import month_of
from reports.network_access import NAMES_LIMIT, dormant_of, ending_of, linked_of, listed, reach_of, unseen_of
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
from reports.network_rules import held_of, not_judged_of, quality_of, unjudged_words
from reports.network_staff import due_of, late_samples, missed_of, watched_of
from reports.text import clean_line, clean_name, sentence
from reports.view import paper_of, posts_words, share_words
from reports.words import Words, load

__all__ = ["EndingVersion", "RollupInputs", "RollupView", "build_rollup"]

#: How a chapter stands in the network, most pressing first.
NETWORK_LEVELS = ("findings", "unseen", "limited", "clear")
#: Matters from which on fewer names stand with each: there may be nine, and all of them stand on page one.
MATTERS_AT_EASE, NAMES_LEAST = 5, 2
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
        association_name=clean_name(inputs.association.name, 120),
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
        attention=tuple(_attention(inputs, ranked, words)),
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
        rules=quality_of(inputs.rules, words),
        held=held_of(inputs.suppressed, words),
        missed=missed_of(inputs, words),
        watched=watched_of(inputs.acts, words),
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
        erased_words=_erased_words(inputs, words),
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
    unknown, refused, bounced = _undelivered(inputs)
    if unknown:
        yield words("notice.unknown_deliveries", n=unknown)
    if refused:
        yield words("network.refused", n=refused)
    if bounced:
        yield words("network.bounced", n=bounced)
    if erased := _erased_words(inputs, words):
        yield erased


def _erased_words(inputs: RollupInputs, words: Words) -> str:
    """What the chapters' reports say of texts erased for their age, over all of them; empty where there is none."""
    now = total([view.counts for view in inputs.chapters])
    return words("notice.texts_erased", n=now.outlived, total=now.posts) if now.outlived else ""


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
        replace(
            number("posts", now.posts, then.posts, words("number.posts_note", n=now.accounts)),
            value=posts_words(now, words),
        ),
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


@dataclass(frozen=True, kw_only=True)
class _Matter:
    """One matter before it is known how many others share the page with it."""

    kind: str
    count: int
    names: Sequence[str]
    by: str
    #: What stands before the names.
    told: str = ""


def _attention(inputs: RollupInputs, ranked: Sequence[ChapterView], words: Words) -> Iterator[Attention]:
    """Matters in the order in which they press, each with who can do what by when; names as many as there is room."""
    matters = list(_matters(inputs, ranked, words))
    room = NAMES_LIMIT if len(matters) <= MATTERS_AT_EASE else NAMES_LEAST
    for one in matters:
        where = listed(one.names, words, room)
        yield Attention(
            count=words.number(one.count),
            what=words(f"attention.{one.kind}.what", n=one.count),
            where=words("attention.where", told=one.told, names=where) if one.told else where,
            who=words(f"attention.{one.kind}.who", n=one.count),
            by=one.by,
        )


def _matters(inputs: RollupInputs, ranked: Sequence[ChapterView], words: Words) -> Iterator[_Matter]:
    yield from _critical(ranked, inputs.issued_on, words)
    yield from _unplaced(ranked, words)
    yield from _refused(inputs, words)
    yield from _blind(inputs, ranked, words)
    yield from _overdue(ranked, words)
    yield from _appeals(inputs, words)
    yield from _deliveries(inputs, words)
    yield from _not_drawn(inputs, words)
    yield from _ending_soon(inputs, words)
    yield from _unread(inputs, words)


def _critical(ranked: Sequence[ChapterView], today: date, words: Words) -> Iterator[_Matter]:
    graver = [view for view in ranked if view.counts.critical]
    if not graver:
        return
    due = [action.due for view in graver for action in view.actions if action.severity is Severity.CRITICAL]
    names = [_counted(view.chapter_name, view.counts.critical, words) for view in graver]
    by = _due(min(due), today, words) if due else words("attention.now")
    yield _Matter(kind="critical", count=sum(view.counts.critical for view in graver), names=names, by=by)


def _unplaced(ranked: Sequence[ChapterView], words: Words) -> Iterator[_Matter]:
    """What people reported by hand and put under no clause: it is no finding, and it may be a grave one."""
    told = [view for view in ranked if view.counts.unplaced]
    if told:
        names = [_counted(view.chapter_name, view.counts.unplaced, words) for view in told]
        count = sum(view.counts.unplaced for view in told)
        yield _Matter(kind="unplaced", count=count, names=names, by=words("attention.now"))


def _refused(inputs: RollupInputs, words: Words) -> Iterator[_Matter]:
    if inputs.refused:
        longest = sorted(inputs.refused, key=lambda item: (item.since, item.chapter, item.account))
        names = [
            words("attention.since", what=f"{item.chapter}, {item.account}", day=words.day(item.since))
            for item in longest
        ]
        yield _Matter(kind="refused", count=len(longest), names=names, by=words("attention.now"))


def _blind(inputs: RollupInputs, ranked: Sequence[ChapterView], words: Words) -> Iterator[_Matter]:
    """Chapters of which nothing at all was seen, for other reasons than a refused access."""
    known = {item.chapter for item in inputs.refused}
    names = [view.chapter_name for view in ranked if network_level(view) == "unseen" and view.chapter_name not in known]
    if names:
        yield _Matter(kind="blind", count=len(names), names=names, by=words("attention.before_close"))


def _overdue(ranked: Sequence[ChapterView], words: Words) -> Iterator[_Matter]:
    late = sorted((view for view in ranked if view.attest.overdue), key=lambda view: -view.attest.overdue)
    if late:
        since = min(view.attest.overdue_since for view in late if view.attest.overdue_since)
        names = [_counted(view.chapter_name, view.attest.overdue, words) for view in late]
        by = words("attention.overdue_since", day=words.day(since))
        yield _Matter(kind="overdue", count=sum(view.attest.overdue for view in late), names=names, by=by)


def _appeals(inputs: RollupInputs, words: Words) -> Iterator[_Matter]:
    if inputs.appeals:
        counted = Counter(item.chapter for item in inputs.appeals)
        oldest = min(item.since for item in inputs.appeals)
        names = [_counted(name, count, words) for name, count in sorted(counted.items())]
        by = _due(oldest + timedelta(days=APPEAL_DAYS), inputs.issued_on, words)
        yield _Matter(kind="appeals", count=len(inputs.appeals), names=names, by=by)


def _deliveries(inputs: RollupInputs, words: Words) -> Iterator[_Matter]:
    counts = dict(zip(("unknown", "refused", "bounced"), _undelivered(inputs), strict=True))
    if any(counts.values()):
        told = [words(f"attention.deliveries.{state}", n=count) for state, count in counts.items() if count]
        names = [_counted(item.chapter, item.mails, words) for item in inputs.undelivered if item.mails]
        yield _Matter(
            kind="deliveries",
            count=sum(counts.values()),
            names=sorted(names),
            by=words("attention.now"),
            told=words.both(told),
        )


def _undelivered(inputs: RollupInputs) -> tuple[int, int, int]:
    """Mails that may or may not have arrived, that were refused, and that came back."""
    items = inputs.undelivered
    return (
        sum(item.unknown for item in items),
        sum(item.refused for item in items),
        sum(item.bounced for item in items),
    )


def _not_drawn(inputs: RollupInputs, words: Words) -> Iterator[_Matter]:
    if inputs.failed:
        names = [name for name, _ in _failed(inputs)]
        yield _Matter(kind="failed", count=len(names), names=names, by=words("attention.now"))


def _ending_soon(inputs: RollupInputs, words: Words) -> Iterator[_Matter]:
    soon = sorted(
        (item for item in inputs.ending if 0 <= (item.ends - inputs.issued_on).days <= ENDING_SOON),
        key=lambda item: (item.ends, item.chapter, item.account),
    )
    if soon:
        names = [f"{item.chapter}, {item.account}" for item in soon]
        yield _Matter(kind="ending", count=len(soon), names=names, by=words.full_date(soon[0].ends))


def _unread(inputs: RollupInputs, words: Words) -> Iterator[_Matter]:
    """Random samples nobody has read in time: until somebody does, what is missed leaves no trace at all."""
    late = late_samples(inputs.samples, inputs.issued_on)
    if late:
        names = [
            words("attention.samples.one", n=sample.estimate.drawn, month=words.month(sample.period)) for sample in late
        ]
        by = _due(due_of(late[0]), inputs.issued_on, words)
        yield _Matter(kind="samples", count=len(late), names=names, by=by)


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
