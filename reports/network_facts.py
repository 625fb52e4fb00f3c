"""What goes into a network's roll-up and what comes out of its view: frozen data, no behaviour beyond sums.

The pipeline fills `RollupInputs`; `reports.network.build_rollup` turns it into a `RollupView`, in which every sentence
is final. Templates only place what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chapterwatch.model import Association
from reports.facts import ChapterView, Counts, NotJudgedView, Number, Status, StatusLevel, TrendPoint, Unseen


@dataclass(frozen=True, kw_only=True)
class EndingVersion:
    """An API version the platform ends on a day."""

    title: str
    version: str
    ends: date


@dataclass(frozen=True, kw_only=True)
class RollupInputs:
    """A network's month: the chapters' own views, and what only headquarters sees."""

    association: Association
    period: str
    chapters: tuple[ChapterView, ...]
    issued_on: date
    code_version: str
    revision: int = 1
    #: Chapters whose report could not be made, by id, with the reason in words.
    failed: Mapping[str, str] = field(default_factory=dict)
    unknown_deliveries: int = 0
    refused_deliveries: int = 0
    #: API versions of the network's platforms that end soon or have ended.
    versions: tuple[EndingVersion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChapterLine:
    """One chapter in the network's table."""

    chapter_id: str
    name: str
    level: StatusLevel
    status_words: str
    counts: Counts
    per_hundred: float | None
    seen_share: str
    trend: tuple[TrendPoint, ...]

    @property
    def known(self) -> int:
        """Months with a rate; one alone draws no line."""
        return sum(point.per_hundred is not None for point in self.trend)


@dataclass(frozen=True, kw_only=True)
class SystemicClause:
    """A clause found in several chapters: a matter for headquarters rather than for one chapter."""

    id: str
    title: str
    chapters: int
    findings: int


@dataclass(frozen=True, kw_only=True)
class ChapterUnseen:
    """An access problem with the chapter it belongs to."""

    chapter: str
    unseen: Unseen


@dataclass(frozen=True, kw_only=True)
class ChapterNote:
    """Something to be known of one account's access, with the chapter it belongs to."""

    chapter: str
    account: str
    note: str


@dataclass(frozen=True, kw_only=True)
class AttestLine:
    """How one chapter's questions stand, for headquarters."""

    chapter: str
    answered: int
    due: int
    overdue: int
    since_words: str


@dataclass(frozen=True, kw_only=True)
class RollupView:
    """A network's month, final."""

    association_id: str
    association_name: str
    period: str
    period_words: str
    language: str
    paper: Literal["letter", "a4"]
    issued_on: date
    issued_words: str
    epoch: int
    revision: int
    status: Status
    numbers: tuple[Number, ...]
    chapters: tuple[ChapterLine, ...]
    more_chapters: int
    systemic: tuple[SystemicClause, ...]
    access: tuple[ChapterUnseen, ...]
    #: Chapters that are asked something, those with overdue answers first.
    attest: tuple[AttestLine, ...]
    not_judged: tuple[NotJudgedView, ...]
    failed: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    access_notes: tuple[ChapterNote, ...] = ()
    #: API versions that end, one sentence each.
    versions: tuple[str, ...] = ()
