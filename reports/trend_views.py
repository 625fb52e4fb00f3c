"""A chapter's findings per 100 posts over the months, and how that stands beside chapters of like size.

Nobody is ranked: a chapter sees the middle half and the median of the others, or why there is nothing to see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chapterwatch.model import Access
from reports.facts import PEER_POSTS_LEAST, PEERS_LEAST, ChapterInputs, PeerMonth, Trend, TrendPoint
from reports.finding_views import Material, count_by_month
from reports.text import sentence
from reports.words import Words

#: The report's month and the year before it.
TREND_MONTHS = 13


def trend_of(material: Material) -> Trend:
    """The months known, at most `TREND_MONTHS`, each with its denominator and, where enough stand, with its peers."""
    words, inputs = material.words, material.inputs
    counted = count_by_month(material.judged, material.month)
    points = tuple(_point(period, counted, inputs, words) for period in _periods(inputs))
    known = {month.period: month for month in inputs.peers if month.median is not None}
    peers = tuple(known.get(point.period) for point in points)
    return Trend(
        title=_title(points, inputs, words),
        caption=sentence(words("trend.caption")),
        points=points,
        peers=peers,
        comparison=_comparison(points[-1], inputs, words),
    )


@dataclass(frozen=True)
class Before:
    """The month before in numbers, as it stood at its own end."""

    period: str
    new: int
    still_open: int
    fixed: int
    posts: int


def before_of(inputs: ChapterInputs) -> Before | None:
    """The month before the report's; None where nothing is known of it, for then a nought would be a claim."""
    period = _period(_number(inputs.period) - 1)
    if inputs.on_request or not any(count and month <= period for (_, month), count in inputs.posts_by_month.items()):
        return None
    then = Material(replace(inputs, period=period))
    return Before(
        period=period,
        new=len(then.new),
        still_open=len(then.standing) - len(then.new),
        fixed=len(then.fixed),
        posts=sum(count for (_, month), count in inputs.posts_by_month.items() if month == period),
    )


def _periods(inputs: ChapterInputs) -> list[str]:
    """Every month from the first with posts to the report's own; a month without posts is a gap, not left out."""
    first = min((period for _, period in inputs.posts_by_month if period <= inputs.period), default=inputs.period)
    numbers = range(_number(first), _number(inputs.period) + 1)
    return [_period(number) for number in numbers[-TREND_MONTHS:]]


def _period(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"


def _number(period: str) -> int:
    year, month = period.split("-")
    return int(year) * 12 + int(month) - 1


def _point(period: str, counted: Mapping[str, int], inputs: ChapterInputs, words: Words) -> TrendPoint:
    posts = sum(count for (_, month), count in inputs.posts_by_month.items() if month == period)
    findings = counted.get(period, 0)
    rate = 100 * findings / posts if posts else None
    label = words.month_name(period, short=True)
    return TrendPoint(period=period, label=label, posts=posts, findings=findings, per_hundred=rate)


def _title(points: Sequence[TrendPoint], inputs: ChapterInputs, words: Words) -> str:
    now = points[-1]
    if now.per_hundred is None and _is_read_by_nobody(inputs):
        return words("trend.by_hand")
    if now.per_hundred is None:
        return words("trend.no_posts", month=words.month_name(now.period))
    before = next((point for point in reversed(points[:-1]) if point.per_hundred is not None), None)
    if before is None or before.per_hundred is None:
        return words("trend.first", now=words.rate(now.per_hundred))
    key = _direction(now.per_hundred, before.per_hundred, words)
    return words(
        f"trend.{key}",
        now=words.rate(now.per_hundred),
        before=words.rate(before.per_hundred),
        month=words.month_name(before.period),
    )


def _is_read_by_nobody(inputs: ChapterInputs) -> bool:
    """Whether people alone look at all of the chapter's accounts: then nobody knows how many posts there were."""
    accounts = inputs.chapter.accounts
    return bool(accounts) and all(account.access is Access.ATTESTED for account in accounts)


def _direction(now: float, before: float, words: Words) -> str:
    if words.rate(now) == words.rate(before):
        return "same"
    return "down" if now < before else "up"


def _comparison(now: TrendPoint, inputs: ChapterInputs, words: Words) -> str:
    """Where the month stands beside chapters of like size, in one sentence; why nowhere, in one as well."""
    if inputs.on_request or now.per_hundred is None:
        return ""
    if now.posts < PEER_POSTS_LEAST:
        return words("trend.too_few_posts", least=PEER_POSTS_LEAST)
    month = next((month for month in inputs.peers if month.period == inputs.period), PeerMonth(period="", chapters=0))
    if month.low is None or month.median is None or month.high is None:
        return words("trend.too_few_chapters", n=month.chapters, least=PEERS_LEAST)
    return words(
        "trend.beside",
        n=month.chapters,
        low=words.rate(month.low),
        high=words.rate(month.high),
        median=words.rate(month.median),
    )
