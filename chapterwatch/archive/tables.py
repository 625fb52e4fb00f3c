"""The archive's tables. The migrations create them; a test holds both to the same shape.

Facts (capture, post_revision, profile_revision, absence, disposition, reply, reply_outcome, delivery_event, witness)
are appended. What can be derived from them (post, chain_head) is kept beside them for speed.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A UTC-aware datetime with microseconds. SQLite keeps no zone, so it is written in UTC and read back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError on a naive time: nobody can tell which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be archived: {value.isoformat()}")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

# --- accounts and their chain ---------------------------------------------------------------------------------------

account = Table(
    "account",
    metadata,
    Column("key", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("association", Text, nullable=False),
    Column("chapter", Text, nullable=False),
    Column("space", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("on_deleted", Text, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)

account_handle = Table(
    "account_handle",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("since", Moment, primary_key=True),
    Column("handle", Text, nullable=False),
)

#: One row per account: the last entry of its chain, and the row PostgreSQL's writers of the account wait on.
chain_head = Table(
    "chain_head",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

#: kind: post, profile, picture or erasure. An erasure's `note` names the entries whose bodies went.
capture = Table(
    "capture",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("connector", Text, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Column("raw", LargeBinary),
    Column("raw_sha256", Text),
    Column("salt", LargeBinary),
    Column("leaf", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index(None, "account_key", "subject_id"),
)

#: Chain heads printed in a report, so that a tail cut off later is found.
witness = Table(
    "witness",
    metadata,
    Column("chapter", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["chapter", "period", "revision"], ["report.chapter", "report.period", "report.revision"]),
)

# --- posts and profiles ---------------------------------------------------------------------------------------------

#: The current reading of a post's facts. `standing` is the state its content alone would have.
post = Table(
    "post",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Column("last_seen_run", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("gone_at", Moment),
    Index(None, "account_key", "created_at"),
)

#: One distinct content of a post; (account_key, seq) is its capture.
post_revision = Table(
    "post_revision",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("native_id", Text, nullable=False),
    Column("stands_from", Moment, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lang", Text),
    Column("text", Text, nullable=False),
    Column("cleaned", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_raw", Text, nullable=False),
    Column("edited_at", Moment),
    Column("version_ids", Text, nullable=False),
    Column("links", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("permalink", Text),
    Column("reply_to", Text),
    Column("erased_at", Moment),
    ForeignKeyConstraint(["account_key", "seq"], ["capture.account_key", "capture.seq"]),
    ForeignKeyConstraint(["account_key", "native_id"], ["post.account_key", "post.native_id"]),
    Index(None, "account_key", "native_id"),
)

profile_revision = Table(
    "profile_revision",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("native_id", Text, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("bio", Text, nullable=False),
    Column("website", Text),
    Column("location", Text),
    Column("avatar_url", Text),
    Column("banner_url", Text),
    Column("cleaned", Boolean, nullable=False),
    ForeignKeyConstraint(["account_key", "seq"], ["capture.account_key", "capture.seq"]),
)

#: A content (by the capture it was first kept with) and what one of the roads it was seen by never shows, joined by
#: commas; empty where that road shows everything. See `chapterwatch.archive.sightings`.
sighting = Table(
    "sighting",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("unshown", Text, primary_key=True),
    ForeignKeyConstraint(["account_key", "seq"], ["capture.account_key", "capture.seq"]),
)

#: A post not shown where it should be. certainty: gone, cannot_tell, account_gone, told (an export lists it deleted).
absence = Table(
    "absence",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("run_id", Text, primary_key=True),
    Column("certainty", Text, nullable=False),
    Column("at", Moment, nullable=False),
    #: When it went, where the platform says so; else None and `at` stands for it.
    Column("gone_at", Moment),
    Column("detail", Text, nullable=False),
    ForeignKeyConstraint(["account_key", "native_id"], ["post.account_key", "post.native_id"]),
    CheckConstraint("certainty IN ('gone', 'cannot_tell', 'account_gone', 'told')", name="certainty"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary),
    Column("run_id", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

#: One place where a picture is shown: of a post, or as an account's avatar or banner. `picture` tells the pictures of a
#: subject apart and outlives signed addresses. Kept ones have a chain entry (`seq`) that commits to their SHA-256.
media = Table(
    "media",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("subject_kind", Text, primary_key=True),
    Column("subject_id", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("picture", Text, primary_key=True),
    Column("url", Text),
    Column("status", Text, nullable=False),
    Column("sha256", Text, ForeignKey("media_file.sha256")),
    Column("seq", Integer),
    Column("attempts", Integer, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("run_id", Text, nullable=False),
    CheckConstraint("status IN ('waiting', 'kept', 'too_large', 'gone', 'not_an_image', 'unreachable')", name="status"),
    Index(None, "sha256"),
    Index(None, "run_id"),
)

#: One stored file. Its bytes lie in the pictures' folder under their SHA-256.
media_file = Table(
    "media_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("first_seen_at", Moment, nullable=False),
)

#: What one reader in one version saw in a picture. A newer version reads again; what an older one saw stays.
picture_reading = Table(
    "picture_reading",
    metadata,
    Column("sha256", Text, ForeignKey("media_file.sha256"), primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("result", Text, nullable=False),
)

cursor = Table(
    "cursor",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("run_id", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# --- runs and coverage ----------------------------------------------------------------------------------------------

run = Table(
    "run",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("reads", Integer, nullable=False),
)

coverage = Table(
    "coverage",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("asked", Text, primary_key=True),
    Column("seen", Text, nullable=False),
    Column("reason", Text),
    Column("detail", Text, nullable=False),
    Column("window_since", Moment, nullable=False),
    Column("window_until", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("posts_seen", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("reads", Integer, nullable=False),
    Column("resets_at", Moment),
    Index(None, "account_key", "at"),
)

# --- conclusions ----------------------------------------------------------------------------------------------------

finding = Table(
    "finding",
    metadata,
    Column("key", Text, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("pack", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("clauses", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("account_key", Text, ForeignKey("account.key"), nullable=False),
    Column("chapter", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("capture_hash", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", Text),
    #: Set where it stood, was mended, and came back: when it last came back.
    Column("reopened_at", Moment),
    Column("first_found_at", Moment, nullable=False),
    Column("last_found_at", Moment, nullable=False),
    Column("retired_at", Moment),
    #: Set when the body it quoted was erased: it can no longer be judged again.
    Column("erased_at", Moment),
    #: Where the latest disposition puts it, kept beside them so that many findings can be filtered and counted.
    Column("state", Text, nullable=False, server_default="open"),
    Index(None, "account_key", "subject_id"),
    Index(None, "chapter"),
    # The orders staff page through, one for each filter that narrows much; then what the overview counts.
    Index(None, "severity", "opened_at", "key"),
    Index(None, "chapter", "severity", "opened_at", "key"),
    Index(None, "state", "severity", "opened_at", "key"),
    Index(None, "rule_id", "severity", "opened_at", "key"),
    Index(
        "ix_finding_counted",
        *("lane", "retired_at", "closed_at", "state", "severity", "chapter", "opened_at", "subject_kind", "clauses"),
    ),
)

#: A row of answers many contents share: for each rule the fingerprint it was judged with, and what it said.
verdict_pattern = Table(
    "verdict_pattern",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("answers", Text, nullable=False),
)

#: What the rules said of one revision. `content_digest` covers all that a check can see of it, the roster included.
verdict = Table(
    "verdict",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("subject_kind", Text, primary_key=True),
    Column("subject_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("content_digest", Text, nullable=False),
    Column("pattern", Text, ForeignKey("verdict_pattern.digest"), nullable=False),
    #: The evidence of its breaches; null where there are none.
    Column("evidence", Text),
)

tally = Table(
    "tally",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("account_key", Text, ForeignKey("account.key"), nullable=False),
    Column("judged", Integer, nullable=False),
    Column("breaches", Integer, nullable=False),
    Column("not_judged", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    UniqueConstraint("run_id", "pack", "rule_id", "account_key"),
    Index(None, "account_key"),
)

disposition = Table(
    "disposition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("finding_key", Text, ForeignKey("finding.key"), nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_role", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "finding_key"),
)

#: What a chapter said about a finding of its own. `key` is made of the content, so giving it twice adds nothing. There
#: is a column for the office that answered and none for a person.
reply = Table(
    "reply",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("finding_key", Text, ForeignKey("finding.key"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author_role", Text, nullable=False),
    Column("at", Moment, nullable=False),
    #: `ui`, or the first digits of the SHA-256 of the file it came in.
    Column("source", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
    #: Set when words of an erased post were blacked out in it.
    Column("erased_at", Moment),
    CheckConstraint("kind IN ('answer', 'appeal', 'fixed')", name="kind"),
    UniqueConstraint("key"),
    Index(None, "finding_key"),
)

reply_outcome = Table(
    "reply_outcome",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reply_key", Text, ForeignKey("reply.key"), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author_role", Text, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("outcome IN ('upheld', 'rejected', 'noted')", name="outcome"),
    Index(None, "reply_key"),
)

suppression = Table(
    "suppression",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule_id", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("finding_key", Text),
    Column("content_hash", Text),
    #: Set where somebody ended it before its expiry.
    Column("ended_at", Moment),
    Column("ended_by", Text),
)

#: What staff did by hand, and why. Triggers refuse to change or remove a row; `author` is a login of Airflow.
staff_act = Table(
    "staff_act",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("author", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    #: Whose chapter it touched; empty where none.
    Column("chapter", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "at"),
    Index(None, "subject"),
)

# --- how long texts are kept ----------------------------------------------------------------------------------------

#: What a person keeps from being erased by itself: an account, or one post of it. Who ended one stands in `staff_act`.
hold = Table(
    "hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_key", Text, ForeignKey("account.key"), nullable=False),
    #: NULL: every post of the account.
    Column("native_id", Text),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "account_key"),
)

#: Posts whose text was erased for its age: after how many months unseen. The tombstone in the chain says it too.
outlived = Table(
    "outlived",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("months", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["account_key", "native_id"], ["post.account_key", "post.native_id"]),
)

#: Erased revisions whose edit said that it was one: nobody can read that off their texts any more.
marked_edit = Table(
    "marked_edit",
    metadata,
    Column("account_key", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    ForeignKeyConstraint(["account_key", "seq"], ["capture.account_key", "capture.seq"]),
)

# --- reports and mail -----------------------------------------------------------------------------------------------

report = Table(
    "report",
    metadata,
    Column("chapter", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("inputs_hash", Text, nullable=False),
    Column("reason", Text),
    Column("issued_at", Moment, nullable=False),
    Column("pdf_path", Text),
    Column("html_path", Text),
    Column("pdf_sha256", Text),
    Column("chain_count", Integer),
    Column("chain_digest", Text),
)

#: What a report's mail says, as JSON, written when the report is issued: a mail sent late says what was true then.
report_letter = Table(
    "report_letter",
    metadata,
    Column("chapter", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("letter", Text, nullable=False),
    ForeignKeyConstraint(["chapter", "period", "revision"], ["report.chapter", "report.period", "report.revision"]),
)

_DELIVERY_KEY = ("chapter", "period", "revision", "recipient")

delivery = Table(
    "delivery",
    metadata,
    Column("chapter", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("settled_at", Moment),
    CheckConstraint("state IN ('claimed', 'sent', 'refused', 'deferred', 'unknown', 'bounced')", name="state"),
)

delivery_event = Table(
    "delivery_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chapter", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint([*_DELIVERY_KEY], [f"delivery.{name}" for name in _DELIVERY_KEY]),
)

# --- random samples -------------------------------------------------------------------------------------------------

_SAMPLED_POST = ("association", "period", "account_key", "native_id")

#: Posts without a finding that were chosen for a person to read: `likely` is empty for those drawn by chance, else the
#: family a post is most like; such a one stands for no other, its `stratum_size` is 0.
sample_item = Table(
    "sample_item",
    metadata,
    *(Column(name, Text, primary_key=True) for name in _SAMPLED_POST),
    Column("revision", Integer, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("stratum_size", Integer, nullable=False),
    Column("drawn_at", Moment, nullable=False),
    Column("likely", Text, nullable=False, server_default=""),
)

sample_answer = Table(
    "sample_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, Text, nullable=False) for name in _SAMPLED_POST),
    Column("answer", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_role", Text, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("answer IN ('clean', 'missed', 'unsure')", name="answer"),
    ForeignKeyConstraint([*_SAMPLED_POST], [f"sample_item.{name}" for name in _SAMPLED_POST]),
    Index(None, "association", "period"),
)

# --- access ---------------------------------------------------------------------------------------------------------

access_check = Table(
    "access_check",
    metadata,
    Column("account_key", Text, ForeignKey("account.key"), primary_key=True),
    Column("checked_at", Moment, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("reason", Text),
    Column("expires_at", Moment),
    Column("scopes", Text),
    Column("handle", Text),
    Column("note", Text, nullable=False),
)
