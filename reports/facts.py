"""What goes into a report and what comes out of the view: frozen data, no behaviour beyond sums.

The pipeline fills `ChapterInputs`; `reports.view.build_chapter` turns it into a `ChapterView`, in which every sentence
is final and every text of strangers is masked, cut and cleaned. Templates only place what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from chapterwatch.attest import Standing
from chapterwatch.model import Association, Chapter, Coverage, DispositionState, Finding, Severity
from chapterwatch.policy import Pack
from reports.text import Excerpt

ChangeKind = Literal["edited", "marked_edit", "deleted", "cannot_tell", "hidden", "account_gone"]
StatusLevel = Literal["clear", "limited", "findings"]
DayState = Literal["seen", "partial", "unknown", "not_asked"]
ReplyKind = Literal["answer", "appeal", "fixed"]
#: Empty while nobody has decided.
ReplyOutcome = Literal["", "upheld", "rejected", "noted"]

#: Other chapters of like size a month needs before their middle half is drawn. With fewer, each of the quarters would
#: be a single chapter, which its neighbours could name.
PEERS_LEAST = 5
#: Posts a month needs before its rate is set beside others: below, one finding alone moves it by more than ten.
PEER_POSTS_LEAST = 10
#: Chapters are of like size where one posted at most this many times as much as the other.
PEER_SIZE = 2.0

# --- what the pipeline hands over -----------------------------------------------------------------------------------


class Disposition(Protocol):
    """What a person decided about a finding; the archive's own row has this shape."""

    @property
    def state(self) -> DispositionState: ...  # noqa: D102
    @property
    def note(self) -> str: ...  # noqa: D102
    @property
    def author_role(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102


class Reply(Protocol):
    """What the chapter said about a finding of its own, and what became of it; the archive's own row has this shape.

    It knows the office that answered and never who reported a post.
    """

    @property
    def kind(self) -> ReplyKind: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def author_role(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def outcome(self) -> ReplyOutcome: ...  # noqa: D102
    @property
    def outcome_note(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True)
class PeerMonth:
    """Findings per 100 posts among the other chapters of like size in one month: the middle half and the median.

    The three are None where fewer than `PEERS_LEAST` chapters stand; then nothing may be compared. No chapter is named.
    """

    period: str
    chapters: int
    low: float | None = None
    median: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """An edit or disappearance that was seen. Excerpts are masked already and empty where the body was erased."""

    account_key: str
    subject_id: str
    kind: ChangeKind
    at: datetime
    before_excerpt: str = ""
    after_excerpt: str = ""
    permalink: str | None = None
    #: When a run noticed it, where the platform gave no time for it; None where it did, and then it was `at`.
    noticed_at: datetime | None = None
    #: The body was erased: after the post was deleted, or because somebody asked for it.
    erased: bool = False


@dataclass(frozen=True, kw_only=True)
class NotJudgedCount:
    """How often one rule could not answer for one account, for one reason, and how often it could (`judged`)."""

    rule_id: str
    account_key: str
    reason: str
    count: int
    judged: int


@dataclass(frozen=True, kw_only=True)
class RuleAnswers:
    """How often one rule was asked about one account: answers given, and not."""

    rule_id: str
    account_key: str
    judged: int
    not_judged: int


@dataclass(frozen=True, kw_only=True)
class AccessGap:
    """A time in which a platform refused our access to an account: from the last good reading to the next one."""

    account_key: str
    since: datetime
    #: When it could be read again; None while it was still refused when the month was closed.
    until: datetime | None
    #: Days of it, begun ones counted, as far as the month reaches.
    days: int
    #: Posts of that time that were read afterwards.
    read_later: int
    #: Posts its rhythm before would make of that time; None where it had none, or where they were read afterwards.
    expected: int | None = None


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """An account whose platform gives another handle than the registry. It is followed by its id."""

    account_key: str
    before: str
    after: str
    #: When the new handle was first seen; None where it was never seen under the registry's.
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Unplaced:
    """Something a person reported in a review by hand (of the day `on`) and put under no clause. Words are masked."""

    account_key: str
    on: date
    words: str


@dataclass(frozen=True, kw_only=True)
class HeldBack:
    """A finding a suppression (its number) held back, without the words it quotes. A chapter's report lists none."""

    suppression: int
    finding: Finding
    #: Whether the month's report would have listed it; the others ended before.
    in_month: bool = True


@dataclass(frozen=True, kw_only=True)
class OutlivedText:
    """A post whose text was erased so many months after its last sight, as the association's retention rule has it."""

    account_key: str
    subject_id: str
    months: int
    #: Whether it was posted in the report's month.
    of_the_month: bool


@dataclass(frozen=True, kw_only=True)
class ChainStamp:
    """The archive's hash chain at the time of the report. `verified` is None where nobody checked."""

    captures: int
    digest: str
    verified: bool | None
    previous_digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChapterInputs:
    """Everything one chapter's month is made from.

    `findings`: all of the chapter's accounts up to the period's end, open and closed, credits included. An excerpt is
    either the whole judged field (the span counts its code points) or exactly the span; masking keeps lengths.
    `coverage`: the rows whose window touches the month. `posts_by_month`: (account key, `YYYY-MM`) -> posts.
    """

    association: Association
    chapter: Chapter
    #: `YYYY-MM`, a month in the association's time zone.
    period: str
    pack: Pack
    findings: tuple[Finding, ...]
    #: Finding key -> decisions, in any order; the latest counts.
    dispositions: Mapping[str, tuple[Disposition, ...]]
    coverage: tuple[Coverage, ...]
    posts_by_month: Mapping[tuple[str, str], int]
    changes: tuple[Change, ...]
    not_judged: tuple[NotJudgedCount, ...]
    #: Subject id -> address of the post.
    permalinks: Mapping[str, str]
    #: Account key -> handle now.
    handles: Mapping[str, str]
    chain: ChainStamp
    revision: int
    #: Why there is this revision. A first issue has a reason only where it is an audit on request.
    revision_reason: str | None
    issued_on: date
    code_version: str
    #: Answers count up to this day, so that the month's report stays the same whatever is answered later.
    answers_until: date | None = None
    #: Results of the month held back by suppressions with a written reason; the findings, those of before included.
    suppressed: int = 0
    held: tuple[HeldBack, ...] = ()
    unknown_deliveries: int = 0
    gaps: tuple[AccessGap, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    #: Finding key -> what the chapter said about it, newest last.
    replies: Mapping[str, tuple[Reply, ...]] = field(default_factory=dict)
    #: (account key, post, moment): what was only noticed then, since the platform gave no time for it.
    noticed: frozenset[tuple[str, str, datetime]] = frozenset()
    #: The chapters of like size, month by month, oldest first.
    peers: tuple[PeerMonth, ...] = ()
    #: Every rule that was asked, about every account.
    answers: tuple[RuleAnswers, ...] = ()
    #: What reviews by hand reported for the month without a clause.
    unplaced: tuple[Unplaced, ...] = ()
    #: Posts up to the month's end whose text the association's retention rule has erased by now.
    outlived: tuple[OutlivedText, ...] = ()
    #: Posts and profiles of the month that were read and that no audit has judged yet.
    unaudited: int = 0
    #: Account key -> what never shows in what was read of it for the month (`model.Unshown`), in that order.
    unshown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def on_request(self) -> bool:
        """Whether somebody asked for this audit; the monthly report's first issue needs no reason."""
        return self.revision == 1 and bool(self.revision_reason)


# --- what the report prints -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Status:
    """The month in words. `clear` only where everything was seen, everything in scope judged, and nothing found."""

    level: StatusLevel
    headline: str
    #: Further sentences that must stand on page one: a broken chain, a revision, unknown mails.
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The month in numbers. Credits and findings set aside are in none but their own."""

    new: int = 0
    #: Of the new ones, those worded as questions.
    new_questions: int = 0
    still_open: int = 0
    fixed: int = 0
    #: Of the standing ones, those worded as questions.
    questions: int = 0
    critical: int = 0
    set_aside: int = 0
    posts: int = 0
    accounts: int = 0
    accounts_unseen: int = 0
    accounts_partial: int = 0
    days_asked: int = 0
    days_seen: int = 0
    judged: int = 0
    not_judged: int = 0
    #: Matters a person reported and put under no clause: they are no findings yet.
    unplaced: int = 0
    #: Accounts looked at by people alone, whose posts nobody counts.
    by_hand: int = 0
    #: Of the posts, those whose text was erased under the association's retention rule.
    outlived: int = 0
    #: Posts and profiles that were read and that no audit has judged yet.
    unaudited: int = 0

    @property
    def standing(self) -> int:
        """Findings that stand at the month's end."""
        return self.new + self.still_open

    @property
    def posts_known(self) -> bool:
        """Whether «0 posts» would be true: not where no account could be looked at, or people alone looked."""
        return self.posts > 0 or self.accounts_unseen + self.by_hand < self.accounts


@dataclass(frozen=True, kw_only=True)
class Number:
    """One of the large numbers of page one."""

    value: str
    label: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Something that could not be looked at: what, why, and who can mend it."""

    account: str
    what: str
    why: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class UnplacedLine:
    """A matter a person reported under no clause, for page one. `said` is empty where its words may not be printed."""

    account: str
    when_words: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """What to do by when: one remedy, for one finding or several of the same rule and owner."""

    #: What was found, as it stands over the findings: a remedy alone does not say what it is about.
    title: str
    remedy: str
    owner: str
    due: date
    due_words: str
    severity: Severity
    count_words: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """One month of the trend; `per_hundred` is None where there was no post."""

    period: str
    label: str
    posts: int
    findings: int
    per_hundred: float | None


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Findings per 100 posts over the months known, with the message as title."""

    title: str
    caption: str
    points: tuple[TrendPoint, ...]
    #: Beside each point the chapters of like size; None where there are too few or it posted too little itself.
    peers: tuple[PeerMonth | None, ...] = ()
    #: How the month stands beside chapters of like size, or why it is set beside none.
    comparison: str = ""

    @property
    def known(self) -> int:
        """Months with a rate; one alone is no trend."""
        return sum(point.per_hundred is not None for point in self.points)


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Something the policy encourages and the chapter did."""

    title: str
    clauses: str
    count_words: str


@dataclass(frozen=True, kw_only=True)
class MixPart:
    """One kind of content: how many of the month's posts were recognised as of it, and their share (0..1)."""

    label: str
    posts: int
    share: float
    share_words: str


@dataclass(frozen=True, kw_only=True)
class Mix:
    """What the month's posts were for; a post may be of several kinds."""

    title: str
    caption: str
    parts: tuple[MixPart, ...]


@dataclass(frozen=True, kw_only=True)
class ClauseView:
    """A clause as cited. `quoted_at`: the number of the earlier finding that quotes it in full."""

    id: str
    title: str
    quote: str
    quoted_at: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyView:
    """What the chapter said about a finding, and what became of it; both in the words of who said them."""

    kind_words: str
    by_words: str
    text: str
    outcome_words: str
    outcome_note: str


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One finding, ready to print under the quotation of its post."""

    number: int
    key: str
    severity: Severity
    severity_word: str
    title: str
    is_question: bool
    standing_words: str
    clauses: tuple[ClauseView, ...]
    reason: str
    confidence_words: str
    remedy: str
    owner: str
    due_words: str
    false_positives: str
    #: How often the rule was right where it was measured, or that it was not.
    precision_words: str
    #: What a person decided; empty where nobody has yet.
    state_words: str
    note: str
    experimental: bool = False
    #: The words it rests on, where its post has several findings and the text marks those of all of them.
    rests_on: str = ""
    #: The number of the earlier finding of the same rule on the same post: clause and remedy are said there.
    repeats: int | None = None
    #: The number of the earlier finding of the same rule in the report: where the rule errs is said there.
    errs_at: int | None = None
    #: The chapter's own words about it, oldest first.
    replies: tuple[ReplyView, ...] = ()
    #: For tables a program reads: the rule, the day it was found and the day it is due, in the chapter's time.
    rule_id: str = ""
    opened_on: date | None = None
    due: date | None = None

    @property
    def anchor(self) -> str:
        """The id the summary links to."""
        return f"finding-{self.number}"


@dataclass(frozen=True, kw_only=True)
class QuoteView:
    """One text of a post as it stood, printed once, with everything found in it marked.

    `parts` is None where the pack or the account's space forbids printing it or nothing is left of it; `missing` says
    which. `numbers`: the findings that rest on it.
    """

    label: str
    parts: tuple[Excerpt, ...] | None
    missing: str
    capture: str
    numbers: tuple[int, ...]
    #: A person's words: `capture` is then the hash of their line in the register.
    by_hand: bool = False

    @property
    def text(self) -> str:
        """What is read of it, cuts marked."""
        return "".join(part.text for part in self.parts or ())


@dataclass(frozen=True, kw_only=True)
class PostView:
    """A post or profile with everything found in it; as grave as the gravest of its findings."""

    number: int
    severity: Severity
    heading: str
    account: str
    permalink: str | None
    quotes: tuple[QuoteView, ...]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, kw_only=True)
class SeverityGroup:
    """The posts whose gravest finding is of one severity."""

    severity: Severity
    posts: tuple[PostView, ...]


@dataclass(frozen=True, kw_only=True)
class ShortFinding:
    """A finding in one line: fixed, set aside, or beyond the number printed in full."""

    key: str
    severity: Severity
    severity_word: str
    title: str
    account: str
    when_words: str
    state_words: str
    note: str
    #: That the chapter replied, and what became of it; empty where it did not.
    reply_words: str = ""
    #: For tables a program reads, like the same of `FindingView`; `closed_on` where it no longer stands.
    rule_id: str = ""
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """One line of the log of edits and disappearances; None where there is no text, and `missing` says why."""

    when_words: str
    account: str
    kind_words: str
    before: str | None
    after: str | None
    missing: str
    permalink: str | None


@dataclass(frozen=True, kw_only=True)
class AskedView:
    """How things asked of one account went over the month; those that went alike share a line."""

    asked: str
    state: str
    window: str
    runs: str
    #: Why it was not seen in full, where the run's own words behind it are in another language than the report.
    why: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """One account's coverage. `days` has one state per day of the month."""

    key: str
    label: str
    kind: str
    posts: int
    state: DayState
    days: tuple[DayState, ...]
    days_words: str
    asked: tuple[AskedView, ...]
    #: What else is to be known of its access: refused times, another handle, an unusual silence.
    notes: tuple[str, ...] = ()
    #: No machine reads it: people look through it.
    by_hand: bool = False

    @property
    def posts_known(self) -> bool:
        """Whether «0 posts» would be true: not where nobody could look, or where people looked and counted none."""
        return self.posts > 0 or (self.state not in {"unknown", "not_asked"} and not self.by_hand)


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """How one question stands for one period. A note is the chapter's own words."""

    standing: Standing
    period: str
    said: str
    note: str = ""
    replaces: str = ""


@dataclass(frozen=True, kw_only=True)
class AttestQuestion:
    """A clause no machine can judge, as a dated question to the chapter, with what was answered."""

    clause: str
    title: str
    question: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentLine:
    """One signed consent: what it covers and for how many people. Nobody is named."""

    covers: str
    people: int
    signed_words: str
    kept: str


@dataclass(frozen=True, kw_only=True)
class ReaderLine:
    """Somebody who posts, by office, and whether they confirmed having read the guidelines."""

    role: str
    accounts: str
    confirmed: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class AttestView:
    """The questions only a person can answer, counted, and the two registers that go with them."""

    questions: tuple[AttestQuestion, ...] = ()
    #: Whose answers are open, by office; empty where none is.
    who: str = ""
    answered: int = 0
    due: int = 0
    overdue: int = 0
    #: Up to which day answers are counted.
    as_of_words: str = ""
    #: The next day something is due; empty where nothing is.
    due_words: str = ""
    due_on: date | None = None
    #: By when what is open is to be answered, where no single day says it: some is overdue, or due on several days.
    several_words: str = ""
    overdue_since: date | None = None
    has_consents: bool = False
    consents: tuple[ConsentLine, ...] = ()
    consents_words: str = ""
    readers: tuple[ReaderLine, ...] = ()

    @property
    def open(self) -> int:
        """Questions still to be answered."""
        return self.due + self.overdue


@dataclass(frozen=True, kw_only=True)
class NotJudgedView:
    """One rule's unanswered share with its denominator."""

    rule: str
    title: str
    clauses: str
    unjudged: int
    total: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Unasked:
    """Rules that had nothing to be asked of here, for one reason."""

    why: str
    clauses: str
    #: Each rule's title and clauses.
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """How many of one account's questions one family of rules answered; empty where it was asked none."""

    said: str
    whole: bool


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """One family of rules over the accounts, and why it did not always answer."""

    family: str
    cells: tuple[MatrixCell, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Accounts by families of rules: answers given of answers asked for."""

    accounts: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, kw_only=True)
class TrustLine:
    """How far one rule may be trusted: where it was measured, and how sure that measure is."""

    rule: str
    title: str
    clauses: str
    findings: int
    #: "7 of 8"; empty where it was not measured.
    right: str
    #: The interval of 95 % around it.
    between: str


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The rules that found something in this report, on what they were measured, and a sentence on the rest."""

    lines: tuple[TrustLine, ...] = ()
    basis: str = ""
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class ClauseTally:
    """How many standing findings cite a clause; the roll-up counts chapters over it."""

    id: str
    title: str
    findings: int


@dataclass(frozen=True, kw_only=True)
class Method:
    """How the report was made, as label and value, and the sentences the policy wants printed."""

    facts: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]
    printed: tuple[ClauseView, ...]
    not_yet: tuple[ClauseView, ...]


@dataclass(frozen=True, kw_only=True)
class ChapterView:
    """One chapter's month, final: what the PDF, the HTML page and the mail print."""

    association_id: str
    association_name: str
    chapter_id: str
    chapter_name: str
    #: The name uncut, for a letter's salutation.
    chapter_whole_name: str
    period: str
    period_words: str
    language: str
    paper: Literal["letter", "a4"]
    issued_on: date
    issued_words: str
    #: UTC seconds of the period's end: the time a PDF says it was made.
    epoch: int
    revision: int
    #: An audit somebody asked for, not the monthly report.
    on_request: bool
    status: Status
    counts: Counts
    numbers: tuple[Number, ...]
    unseen: tuple[Unseen, ...]
    #: What was seen and not judged, one sentence each, for page one.
    unjudged: tuple[str, ...]
    #: How the questions only a person can answer stand, in one sentence for page one; empty where none is asked.
    asked: str
    actions: tuple[Action, ...]
    more_actions: int
    trend: Trend
    credits: tuple[Credit, ...]
    #: None where the policy names no kinds of content, or nothing was posted.
    mix: Mix | None
    #: How many findings of each severity stand, in words.
    tally_words: str
    posts: tuple[PostView, ...]
    beyond: tuple[ShortFinding, ...]
    fixed: tuple[ShortFinding, ...]
    set_aside: tuple[ShortFinding, ...]
    changes: tuple[ChangeView, ...]
    more_changes: int
    #: Of which accounts edits or deletions would not have shown, as sentences.
    unshown_changes: tuple[str, ...]
    accounts: tuple[AccountView, ...]
    attest: AttestView
    not_judged: tuple[NotJudgedView, ...]
    method: Method
    contact: str
    clauses: tuple[ClauseTally, ...]
    matrices: tuple[Matrix, ...] = ()
    trust: Trust = Trust()
    unasked: tuple[Unasked, ...] = ()
    #: What people reported by hand and put under no clause.
    unplaced: tuple[UnplacedLine, ...] = ()

    @property
    def groups(self) -> tuple[SeverityGroup, ...]:
        """The posts by the severity of their gravest finding, gravest first."""
        parts = ((severity, tuple(post for post in self.posts if post.severity == severity)) for severity in Severity)
        return tuple(SeverityGroup(severity=severity, posts=part) for severity, part in parts if part)

    #: Texts of the pack and of the checks that stand here untranslated, each with its language, to be marked with it.
    foreign: Mapping[str, str] = field(default_factory=dict)
    #: The language clauses are quoted in.
    policy_language: str = "en"
