"""What a chapter's rate may be set beside: the other chapters of its association that post about as much.

Counted once per association and month, by the database; no chapter's posts are read for another chapter's report.
Nobody is ranked and nobody is named: a report gets the middle half and the median of at least `PEERS_LEAST` chapters,
or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from chapterwatch.archive import Archive
from chapterwatch.model import Association, Finding
from chapterwatch.pipeline import holding
from chapterwatch.pipeline.periods import month_bounds
from reports.facts import PEER_POSTS_LEAST, PEER_SIZE, PEERS_LEAST, PeerMonth
from reports.finding_views import SET_ASIDE
from reports.trend_views import TREND_MONTHS


@dataclass(frozen=True)
class ChapterMonth:
    """One chapter's month in two numbers."""

    posts: int
    findings: int

    @property
    def per_hundred(self) -> float:
        """Findings per 100 posts; the month has posts."""
        return 100 * self.findings / self.posts


#: `YYYY-MM` -> chapter id -> its numbers, oldest month first.
Network = Mapping[str, Mapping[str, ChapterMonth]]


def network_months(archive: Archive, association: Association, period: str) -> Network:
    """Every chapter's posts and findings in the months up to `period` (`YYYY-MM`), in the association's time zone.

    Counted as a chapter's own trend counts them: posts and findings about posts by their month, without credits and
    without what a person set aside or a suppression of the period holds back.
    """
    held = holding.of_network(archive, association, month_bounds(period, association.timezone))
    return {month: _chapters(archive, association, month, held) for month in months_up_to(period, TREND_MONTHS)}


def peers_of(network: Network, chapter: str) -> tuple[PeerMonth, ...]:
    """The chapters of like size beside `chapter`, month by month; months in which it posted too little are left out."""
    return tuple(
        _peer_month(month, chapters[chapter], [one for name, one in chapters.items() if name != chapter])
        for month, chapters in network.items()
        if chapter in chapters and chapters[chapter].posts >= PEER_POSTS_LEAST
    )


def months_up_to(period: str, count: int) -> list[str]:
    """The last `count` months (`YYYY-MM`) up to and with `period`, oldest first."""
    year, month = (int(part) for part in period.split("-"))
    last = year * 12 + month - 1
    return [f"{at // 12}-{at % 12 + 1:02}" for at in range(last - count + 1, last + 1)]


def _chapters(
    archive: Archive, association: Association, month: str, held: Iterable[Finding]
) -> Mapping[str, ChapterMonth]:
    bounds = month_bounds(month, association.timezone)
    posts, findings = archive.post_counts(bounds), Counter(archive.finding_counts(bounds, SET_ASIDE))
    within = (one for one in held if one.subject_kind == "post" and bounds.since <= one.opened_at < bounds.until)
    findings.subtract(one.account_key for one in within)
    return {
        chapter.id: ChapterMonth(
            sum(posts.get(account.key, 0) for account in chapter.accounts),
            sum(findings.get(account.key, 0) for account in chapter.accounts),
        )
        for chapter in association.chapters
    }


def _peer_month(month: str, own: ChapterMonth, others: Iterable[ChapterMonth]) -> PeerMonth:
    rates = [one.per_hundred for one in others if one.posts >= PEER_POSTS_LEAST and _alike(one.posts, own.posts)]
    if len(rates) < PEERS_LEAST:
        return PeerMonth(period=month, chapters=len(rates))
    low, median, high = _quarters(rates)
    return PeerMonth(period=month, chapters=len(rates), low=low, median=median, high=high)


def _alike(one: int, other: int) -> bool:
    return max(one, other) <= PEER_SIZE * min(one, other)


def _quarters(rates: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile, with the extremes as what they are (Hyndman and Fan 1996, type 7)."""
    low, median, high = quantiles(rates, n=4, method="inclusive")
    return low, median, high
