"""What staff did for a network, as its roll-up tells it: samples they read, acts they took. No name leaves this module.

Everything is told as it stood when the roll-up was issued, so that drawn again it says the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chapterwatch.archive import Archive
from chapterwatch.model import Association
from chapterwatch.pipeline.periods import month_bounds
from chapterwatch.sampling import Answer, Candidate, Drawn, Estimate, estimate
from reports.network_facts import MonthSample


@dataclass(frozen=True, kw_only=True)
class Read:
    """The samples of the months before a roll-up's, oldest first, and all of them that were read taken together."""

    months: tuple[MonthSample, ...]
    #: None where fewer than two say anything.
    pooled: Estimate | None


def samples_of(archive: Archive, association: Association, period: str, issued_at: datetime) -> Read:
    """The samples of the twelve months before `period`, as they were read when its roll-up was issued."""
    months, posts, answers = [], list[Drawn](), dict[Candidate, Answer]()
    for month, drawn_at in _year_before(period, archive.samples.months(association.id)).items():
        drawn = archive.samples.drawn(association.id, month)
        given = archive.samples.answers(association.id, month, before=issued_at)
        said = {post: item.answer for post, item in given.items()}
        read = estimate(drawn, said)
        day = drawn_at.astimezone(ZoneInfo(association.timezone)).date()
        months.append(MonthSample(period=month, drawn_on=day, of=_population(drawn), estimate=read))
        if read.read:
            posts += [replace(item, post=_within(month, item.post)) for item in drawn]
            answers |= {_within(month, post): answer for post, answer in said.items()}
    telling = sum(month.estimate.read > 0 for month in months)
    return Read(months=tuple(months), pooled=estimate(posts, answers) if telling > 1 else None)


def _year_before(period: str, months: Mapping[str, datetime]) -> dict[str, datetime]:
    year, month = period.split("-")
    first = f"{int(year) - 1}-{month}"
    return {one: at for one, at in months.items() if first <= one < period}


def _population(drawn: Sequence[Drawn]) -> int:
    return sum({item.post.stratum: item.stratum_size for item in drawn}.values())


def _within(month: str, post: Candidate) -> Candidate:
    """The post with its month as part of its stratum: taken together, a month weighs as many as it had posts."""
    return replace(post, stratum=f"{month} {post.stratum}")


def acts_of(
    archive: Archive,
    association: Association,
    period: str,
    decisions: Mapping[str, int],
) -> dict[tuple[str, str], int]:
    """(role, kind) -> what staff did for an association in a month.

    Args:
        archive: its log of acts.
        association: whose chapters, samples and pack.
        period: the month, `YYYY-MM`.
        decisions: role -> decisions the findings themselves tell of. Some are taken at the command line, which keeps no
            log: of the two counts the greater stands.
    """
    own = {chapter.id for chapter in association.chapters} | {f"rollup:{association.id}"}
    bounds = month_bounds(period, association.timezone)
    acts = Counter(archive.acts.counts(bounds, own, named={association.id, association.pack}))
    return dict(acts | Counter({(role, "decide"): count for role, count in decisions.items()}))
