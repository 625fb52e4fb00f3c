"""What the archive hands back, as frozen data. Times are UTC-aware, ids are strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chapterwatch.model import DeliveryState, DispositionState, PostState, Space
from chapterwatch.replies import Kind, Outcome


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What storing one page changed. A page stored twice counts everything as unchanged the second time."""

    #: Posts never seen before.
    new: int = 0
    #: Readings with a content not known of their post.
    revised: int = 0
    unchanged: int = 0
    #: Posts believed gone, or missed, that were seen again.
    reappeared: int = 0
    #: Unreadable records kept for the first time.
    quarantined: int = 0


@dataclass(frozen=True, kw_only=True)
class KnownPost:
    """A post the archive knows, without its text. `absences` counts the runs that missed it since its last sight."""

    native_id: str
    created_at: datetime
    first_seen_at: datetime
    last_seen_at: datetime
    state: PostState
    absences: int
    #: When the first of those runs missed it, while nobody can tell whether it is gone.
    missed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class QuarantineRow:
    """A record that could not be read, as kept. `raw` is None once it was erased."""

    account_key: str
    sha256: str
    where: str
    reason: str
    raw: bytes | None
    run_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PicturePlace:
    """One place a picture is shown at. `picture` is `model.picture_key` of it; `url` is where it was seen last."""

    account_key: str
    #: post or profile
    subject_kind: str
    subject_id: str
    #: post, avatar or banner
    role: str
    picture: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class PictureRow:
    """What became of one picture. `status`: waiting, kept, too_large, gone, not_an_image or unreachable."""

    place: PicturePlace
    status: str
    sha256: str | None
    attempts: int
    first_seen_at: datetime
    #: The run that saw it first or asked for it last.
    run_id: str


@dataclass(frozen=True, kw_only=True)
class KeptPicture:
    """A picture as it was fetched at `at`. Sizes are pixels."""

    body: bytes = field(repr=False)
    mime: str
    width: int
    height: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The denominators of one rule for one account in one run. `reasons`: why not judged -> how many."""

    run_id: str
    pack: str
    pack_version: str
    rule_id: str
    rule_version: int
    account_key: str
    judged: int
    breaches: int
    not_judged: int
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Disposition:
    """One decision of a person about a finding. Never changed; the latest counts."""

    finding_key: str
    state: DispositionState
    note: str
    author: str
    at: datetime
    #: The author's role, which is what a report may print.
    author_role: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyOutcome:
    """What somebody decided about a reply. Never changed; the latest counts."""

    outcome: Outcome
    note: str
    author_role: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a chapter said about a finding of its own, and what became of it. It knows an office and no person."""

    key: str
    finding_key: str
    kind: Kind
    text: str
    author_role: str
    at: datetime
    source: str
    #: Oldest first.
    outcomes: tuple[ReplyOutcome, ...] = ()

    @property
    def outcome(self) -> Outcome | Literal[""]:
        """The latest decision; empty while there is none."""
        return self.outcomes[-1].outcome if self.outcomes else ""

    @property
    def outcome_note(self) -> str:
        """What was said with the latest decision."""
        return self.outcomes[-1].note if self.outcomes else ""


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """Results of a rule held back with a written reason.

    `scope` says where: association, chapter or account_key, with `post` (a native id) one post of the account; a
    `phrase` narrows it to evidence of just these words. With `content_hash` it holds as long as the content stays the
    same. One for a `finding_key` holds for that finding.
    """

    rule_id: str
    scope: Mapping[str, str]
    reason: str
    author: str
    at: datetime
    expires_at: datetime | None = None
    finding_key: str | None = None
    content_hash: str | None = None
    id: int | None = None
    #: When somebody ended it before its expiry, and who.
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A person's word that nothing may be erased by itself, of an account or of one post, until `expires_at`."""

    account_key: str
    #: None: every post of the account.
    native_id: str | None
    reason: str
    author: str
    at: datetime
    expires_at: datetime
    #: When somebody ended it before its time.
    ended_at: datetime | None = None
    id: int | None = None

    def covers(self, account_key: str, native_id: str) -> bool:
        """Whether it keeps this post."""
        return self.account_key == account_key and self.native_id in {None, native_id}


@dataclass(frozen=True, kw_only=True)
class KeptAccount:
    """An account as the archive knows it, in the registry still or not."""

    key: str
    platform: str
    association: str
    chapter: str
    registered_at: datetime


@dataclass(frozen=True, kw_only=True)
class AgedPost:
    """A post whose text was last seen before the day that was asked for."""

    account_key: str
    native_id: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class Outlived:
    """A post whose text was erased since it had not been seen for so many months."""

    account_key: str
    native_id: str
    created_at: datetime
    months: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One issued report. `inputs_hash` is the hash of the facts it was made from; revision 1 is the first."""

    chapter: str
    period: str
    revision: int
    inputs_hash: str
    reason: str | None
    issued_at: datetime
    pdf_path: str | None = None
    html_path: str | None = None
    pdf_sha256: str | None = None
    #: Captures and digest of the chain heads printed in it.
    chain_count: int | None = None
    chain_digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The ledger's row for one report and one recipient."""

    chapter: str
    period: str
    revision: int
    recipient: str
    state: DeliveryState
    message_id: str
    detail: str
    attempts: int
    claimed_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeliveryEvent:
    """One step of a delivery, by the machine (`author` empty) or by a person. Never changed."""

    chapter: str
    period: str
    revision: int
    recipient: str
    state: DeliveryState
    detail: str
    author: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One run and what it spent in paid reads."""

    run_id: str
    kind: str
    period: str
    started_at: datetime
    finished_at: datetime | None
    reads: int


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last entry of one account's chain: how many entries, and the hash that commits to all of them."""

    count: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Body:
    """What one entry of a chain commits to, as far as it is kept: the bytes as received, the reading made of them."""

    seq: int
    #: post, profile or picture.
    kind: str
    raw: bytes | None
    salt: bytes | None
    #: The columns of the reading as they are hashed, in that order; empty for a picture, and where it was erased.
    reading: Mapping[str, Any] = field(default_factory=dict)
    #: Of a picture: the SHA-256 of its file.
    picture: str | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WitnessedReport:
    """An issued report that prints a digest over the heads of its chapter's chains."""

    chapter: str
    period: str
    revision: int
    issued_at: datetime
    digest: str
    #: By account.
    heads: Mapping[str, Head]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The captures of one post or profile, and what ties them to what was printed elsewhere."""

    account_key: str
    #: What kind of space the account is, as it was last registered.
    space: Space
    #: The hash before the first of `entries`.
    prev: str
    #: Every entry of the account from the subject's first on, as it is hashed, with its `leaf` and `hash`.
    entries: list[dict[str, Any]]
    #: By seq, those of the subject alone.
    bodies: Mapping[int, Body]
    reports: list[WitnessedReport]


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The outcome of re-hashing the chain. `problems` names the first bad entry of each account."""

    ok: bool
    captures_checked: int
    accounts: int
    problems: list[str]
    heads: dict[str, Head]
    #: Files of pictures held against their hashes.
    files_checked: int = 0


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of an erasure: what went, by whom and why, and the tombstone's place in the chain.

    `outside` names what an erasure cannot reach.
    """

    account_key: str
    native_id: str
    captures: int
    revisions: int
    findings: int
    quarantined: int
    reason: str
    author: str
    at: datetime
    tombstone: Head | None
    #: Pictures whose files went with it, since no other post or profile shows them.
    pictures: int = 0
    #: Replies that quoted it, with the quotation blacked out.
    replies: int = 0
    #: Mails of issued reports, kept to be sent, whose form of reply quoted it.
    letters: int = 0
    outside: tuple[str, ...] = (
        "backups",
        "reports already mailed",
        "notes written by people, and replies that tell of it in other words",
        "free space of the database until vacuum",
    )


#: What a rule said of a content: the rule's fingerprint, and `clean`, `breach`, `out` (of its scope) or `not:<reason>`.
Answer = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A row of answers many contents share, by rule id."""

    digest: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What the rules said of one revision of a post or profile, as kept."""

    account_key: str
    #: post or profile
    subject_kind: str
    subject_id: str
    revision: int
    #: Covers all that a check can see of it.
    content_digest: str
    pattern: str
    #: JSON: rule id -> its pieces of evidence; None where no rule was broken.
    evidence: str | None


@dataclass(frozen=True, kw_only=True)
class AccessCheck:
    """What a platform said of one account's access when it was last asked about it."""

    account_key: str
    checked_at: datetime
    reachable: bool
    #: Why it could not be reached: a `ConnectorError`'s reason; None where it could.
    reason: str | None = None
    #: When the token ends (UTC); None where the platform does not say, or says never.
    expires_at: datetime | None = None
    #: What the token may do; None where the platform does not say.
    scopes: tuple[str, ...] | None = None
    #: The account's handle as the platform has it now.
    handle: str | None = None
    note: str = ""
