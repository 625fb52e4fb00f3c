"""What is said of access beside what could not be seen: refused times, new handles, silences, ending versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chapterwatch.model import Account, Coverage, Seen
from reports.facts import AccessGap, ChapterInputs, Renamed
from reports.month import POSTS_ASKED, noted_of
from reports.network_facts import EndingVersion
from reports.text import clean_line, sentence
from reports.words import Words


def notes_of(account: Account, rows: Sequence[Coverage], inputs: ChapterInputs, words: Words) -> tuple[str, ...]:
    """Everything to be known of one account's access in the month, one or two sentences each."""
    return tuple(_notes(account, rows, inputs, words))


def _notes(account: Account, rows: Sequence[Coverage], inputs: ChapterInputs, words: Words) -> Iterator[str]:
    zone = inputs.association.timezone
    yield from (_gap(gap, inputs.period, zone, words) for gap in inputs.gaps if gap.account_key == account.key)
    yield from (
        _renamed(item, inputs.period, zone, words) for item in inputs.renamed if item.account_key == account.key
    )
    last = max((row for row in rows if row.asked in POSTS_ASKED), key=lambda row: row.at, default=None)
    if last and last.reason == "silent_account" and last.seen is Seen.SEEN:
        yield sentence(noted_of(last, words))


def _gap(gap: AccessGap, period: str, zone: str, words: Words) -> str:
    since, days = _day(gap.since, period, zone, words), words("gap.days", n=gap.days)
    if gap.until is not None:
        until = _day(gap.until, period, zone, words)
        refused = words("gap.closed", since=since, until=until, days=days)
        return " ".join([refused, words("gap.read_later", n=gap.read_later), words("gap.changes")])
    refused = words("gap.open", since=since, days=days)
    return f"{refused} {words('gap.expected', n=gap.expected)}" if gap.expected else refused


def _renamed(item: Renamed, period: str, zone: str, words: Words) -> str:
    before, after = (clean_line(handle.lstrip("@"), 60) for handle in (item.before, item.after))
    if item.at is None:
        return words("renamed.never", before=before, after=after)
    return words("renamed.since", before=before, after=after, day=_day(item.at, period, zone, words))


def _day(moment: datetime, period: str, zone: str, words: Words) -> str:
    """A day without its year where that is the report's own."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return words.day(day) if f"{day:%Y}" == period[:4] else words.full_date(day)


def version_words(item: EndingVersion, today: date, words: Words) -> str:
    """When an API version ends or has ended, as a sentence."""
    key = "expiry.version_past" if item.ends < today else "expiry.version"
    return words(
        key,
        title=clean_line(item.title, 60),
        version=clean_line(item.version, 20),
        day=words.full_date(item.ends),
        left=left(item.ends, today, words),
    )


def left(ends: date, today: date, words: Words) -> str:
    """How far an end is from today: "in 14 days", "tomorrow", "3 days ago"."""
    days = (ends - today).days
    return words("expiry.left", n=days) if days >= 0 else words("expiry.past", n=-days)
