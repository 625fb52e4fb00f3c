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
from chapterwatch.sampling import Estimate
from chapterwatch.shares import Share
from reports.facts import ChapterView, Counts, NotJudgedView, Number, Status, StatusLevel, TrendPoint, Unseen

#: How a chapter stands, most pressing first: by its gravest standing finding, else by how much was seen.
Stand = Literal["critical", "high", "medium", "low", "unseen", "limited", "clear"]
STANDS: tuple[Stand, ...] = ("critical", "high", "medium", "low", "unseen", "limited", "clear")
#: What an account may be that the registry does not know: linked and not registered, much like a registered one, or
#: another chapter's.
Linked = Literal["missing", "look_alike", "elsewhere"]

# --- what the pipeline hands over -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EndingVersion:
    """An API version the platform ends on a day."""

    title: str
    version: str
    ends: date


@dataclass(frozen=True, kw_only=True)
class RuleRecord:
    """What became of one rule's findings in the twelve months before the month's end, over all chapters."""

    rule_id: str
    title: str
    clauses: tuple[str, ...]
    #: Findings of the rule as it is now, opened in that time.
    found: int
    #: Of the findings decided in that time, those a person took for right, and for a false alarm.
    right: int
    wrong: int
    #: Posts and profiles the last audit asked it about, answered or not.
    asked: int
    #: How often it was right on the labelled posts; None where it was not measured as it is now.
    measured: Share | None = None

    @property
    def decided(self) -> Share:
        """The right ones among those decided."""
        return Share(self.right, self.right + self.wrong)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """An account whose platform refused our access when the month was closed."""

    chapter: str
    account: str
    #: Who answers for it, by office.
    owner: str
    since: date
    days: int


@dataclass(frozen=True, kw_only=True)
class EndingAccess:
    """An account whose access ends on a known day, and who says so: platform or registry."""

    chapter: str
    account: str
    owner: str
    ends: date
    told_by: Literal["platform", "registry"]


@dataclass(frozen=True, kw_only=True)
class Dormant:
    """An account that was seen and has gone silent. `usual_days`: its usual pause; None where it has no rhythm."""

    chapter: str
    account: str
    #: None where no post of it is known.
    last: date | None
    usual_days: int | None


@dataclass(frozen=True, kw_only=True)
class Unregistered:
    """An account that a chapter's own profile links to and the registry does not have as this chapter's."""

    chapter: str
    kind: Linked
    platform: str
    name: str
    #: The account whose profile has the link.
    page: str
    #: The registered account it resembles.
    account: str | None = None


@dataclass(frozen=True, kw_only=True)
class Appeal:
    """A finding a chapter appealed against and nobody has decided on yet."""

    chapter: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Suppressed:
    """What one suppression held back in the month, and what headquarters decided. No words of a post are in it."""

    number: int
    #: The rule's title.
    rule: str
    kind: Literal["association", "chapter", "account", "post"]
    #: Whose it is, as far as it is one chapter's or one account's.
    chapter: str
    account: str
    #: Whether it holds only where the evidence is just one phrase.
    phrase: bool
    findings: int
    reason: str
    author: str
    #: Its last day.
    ends: date


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """Mails with a chapter's report, this month's or the month before's, of which nobody knows that they arrived."""

    chapter: str
    #: Sent, and whether they arrived cannot be told; refused at once; returned later.
    unknown: int = 0
    refused: int = 0
    bounced: int = 0

    @property
    def mails(self) -> int:
        """All of them."""
        return self.unknown + self.refused + self.bounced


@dataclass(frozen=True, kw_only=True)
class MonthSample:
    """A month's random sample of posts nothing was found in, as far as it was read when the roll-up was issued."""

    period: str
    drawn_on: date
    #: Posts without a finding it was drawn from.
    of: int
    estimate: Estimate

    @property
    def answered(self) -> int:
        """Posts somebody read, whether or not they could tell."""
        return self.estimate.read + self.estimate.unsure


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
    undelivered: tuple[Undelivered, ...] = ()
    #: API versions of the network's platforms that end soon or have ended.
    versions: tuple[EndingVersion, ...] = ()
    #: The same chapters a month before, as far as they were known then.
    before: tuple[ChapterView, ...] = ()
    rules: tuple[RuleRecord, ...] = ()
    refused: tuple[Refused, ...] = ()
    ending: tuple[EndingAccess, ...] = ()
    dormant: tuple[Dormant, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    #: Suppressions that held something back in the month.
    suppressed: tuple[Suppressed, ...] = ()
    #: The random samples of the twelve months before, oldest first; those that were read, taken together.
    samples: tuple[MonthSample, ...] = ()
    pooled: Estimate | None = None
    #: (role, kind) -> what staff did in the month. Nobody is named.
    acts: Mapping[tuple[str, str], int] = field(default_factory=dict)


# --- what the roll-up prints ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Attention:
    """One matter that needs somebody: how many, what and where, who can do what, by when."""

    count: str
    what: str
    where: str
    who: str
    by: str


@dataclass(frozen=True, kw_only=True)
class NetworkTrend:
    """Findings per 100 posts of all chapters together, month by month, with the message as title."""

    title: str
    caption: str
    points: tuple[TrendPoint, ...]

    @property
    def known(self) -> int:
        """Months with a rate; one alone is no trend."""
        return sum(point.per_hundred is not None for point in self.points)


@dataclass(frozen=True, kw_only=True)
class ReachDay:
    """How many accounts were asked about on one day, and seen in full or in part."""

    day: int
    asked: int
    seen: int
    partial: int


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far sight reached, day by day, with the message as title."""

    title: str
    caption: str
    days: tuple[ReachDay, ...]


@dataclass(frozen=True, kw_only=True)
class ChapterLine:
    """One chapter in the network's table."""

    chapter_id: str
    name: str
    #: ISO 3166 alpha-2.
    country: str
    level: StatusLevel
    stand: Stand
    #: How it stands, in two or three words for the table; and as a sentence may say it.
    stand_words: str
    status_words: str
    counts: Counts
    per_hundred: float | None
    #: Seen of the days asked for, 0..1; None where nothing was asked for.
    seen: float | None
    seen_share: str
    #: Answered of the questions asked; empty where none is.
    answers: str
    overdue: int
    trend: tuple[TrendPoint, ...]

    @property
    def known(self) -> int:
        """Months with a rate; one alone draws no line."""
        return sum(point.per_hundred is not None for point in self.trend)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One chapter among the small multiples: its months, and this one's rate in words."""

    name: str
    rate_words: str
    told: str
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Many chapters' months side by side on one scale, in the order of how their rate moved."""

    title: str
    caption: str
    #: Rows of panels, all of one length; the last may be shorter.
    rows: tuple[tuple[Panel, ...], ...]
    #: The network's own months, drawn faintly into every panel.
    network: tuple[TrendPoint, ...]


@dataclass(frozen=True, kw_only=True)
class CountryLine:
    """The chapters of one country: a tile each, most pressing first, and what they come to together."""

    name: str
    chapters: int
    tiles: tuple[Stand, ...]
    told: str
    counts: Counts
    rate_words: str
    seen_share: str


@dataclass(frozen=True, kw_only=True)
class SystemicClause:
    """A clause found in several chapters: a matter for headquarters rather than for one chapter."""

    id: str
    title: str
    chapters: int
    findings: int
    #: Of all chapters of the month, 0..1.
    share: float = 0.0
    share_words: str = ""
    #: Chapters more or fewer than the month before, in words; empty where that month is not known.
    direction: str = ""


@dataclass(frozen=True, kw_only=True)
class UnseenGroup:
    """Accounts that could not be seen for one reason, and who can mend it."""

    why: str
    mend: str
    accounts: int
    where: str


@dataclass(frozen=True, kw_only=True)
class EndingLine:
    """One access that ends, in words."""

    account: str
    chapter: str
    ends_words: str
    left_words: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """One rule's record, in words. `doubtful`: more were set aside than confirmed."""

    title: str
    clauses: str
    found: int
    right: int
    wrong: int
    observed: str
    measured: str
    doubtful: bool


@dataclass(frozen=True, kw_only=True)
class RuleQuality:
    """How far the rules can be trusted, by what people decided; and which of them never spoke."""

    intro: str
    #: Whether anybody decided anything in twelve months.
    decided: bool
    #: Rules with enough decisions, or more often set aside than confirmed; `more` are not printed, `rest` have too few.
    lines: tuple[RuleLine, ...]
    more: int
    rest: int
    #: Every rule, decided about or not, for the workbook.
    every: tuple[RuleLine, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What staff did in the month, by role: the watchers are watched by their number, nobody is named."""

    #: What was done, one head of a column each.
    kinds: tuple[str, ...]
    #: A role and its number of each kind, busiest first.
    lines: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class HeldLine:
    """One suppression and what it held back, in words."""

    number: int
    rule: str
    where: str
    findings: int
    reason: str
    author: str
    ends: date
    ends_words: str


@dataclass(frozen=True, kw_only=True)
class QuietAccount:
    """One account gone silent, in words."""

    account: str
    chapter: str
    last: str
    usual: str


@dataclass(frozen=True, kw_only=True)
class LinkedAccount:
    """One account the registry does not know, in words."""

    account: str
    chapter: str
    page: str
    what: str


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
    attention: tuple[Attention, ...]
    trend: NetworkTrend
    reach: Reach
    #: Every chapter, most pressing first; the report prints the first `printed`, the workbook has all.
    chapters: tuple[ChapterLine, ...]
    printed: int
    #: The rate at the top of every small drawing of a chapter.
    top: float
    top_words: str
    #: The stands that occur among the printed chapters, for the key to their signs.
    stands: tuple[Stand, ...]
    #: None where the network is small enough for its table alone.
    grid: Grid | None
    #: Empty where all chapters are of one country and stand in the table.
    countries: tuple[CountryLine, ...]
    systemic: tuple[SystemicClause, ...]
    #: Accounts that could not be seen, one by one, and by reason.
    access: tuple[ChapterUnseen, ...]
    unseen: tuple[UnseenGroup, ...]
    ending: tuple[EndingLine, ...]
    rules: RuleQuality
    #: What the rules miss, as far as people have read random samples; never empty.
    missed: tuple[str, ...]
    watched: Watched
    dormant: tuple[QuietAccount, ...]
    linked: tuple[LinkedAccount, ...]
    #: Chapters that are asked something, those with overdue answers first.
    attest: tuple[AttestLine, ...]
    not_judged: tuple[NotJudgedView, ...]
    #: What could be judged least, in one sentence; empty where every rule could answer.
    unjudged_words: str
    failed: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    access_notes: tuple[ChapterNote, ...] = ()
    #: Suppressions that held something back, the one that held most first.
    held: tuple[HeldLine, ...] = ()
    #: API versions that end, one sentence each.
    versions: tuple[str, ...] = ()
    #: Of the month's posts, those whose text no rule can read again, in one sentence; empty where there is none.
    erased_words: str = ""

    @property
    def held_back(self) -> int:
        """Findings of the month that were held back."""
        return sum(line.findings for line in self.held)

    @property
    def more_chapters(self) -> int:
        """Chapters that stand in the workbook alone."""
        return max(0, len(self.chapters) - self.printed)
