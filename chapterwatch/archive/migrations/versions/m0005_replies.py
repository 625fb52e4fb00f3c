"""Keep what chapters say about their findings, what mails say, and which mails came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = "state IN ('claimed', 'sent', 'refused', 'deferred', 'unknown')"
_NOW = "state IN ('claimed', 'sent', 'refused', 'deferred', 'unknown', 'bounced')"


def upgrade() -> None:
    """Create reply, reply_outcome and report_letter; a delivery may be bounced."""
    _create_replies()
    op.create_table(
        "report_letter",
        sa.Column("chapter", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chapter", "period", "revision"],
            ["report.chapter", "report.period", "report.revision"],
            name=op.f("fk_report_letter_chapter_period_revision"),
        ),
        sa.PrimaryKeyConstraint("chapter", "period", "revision", name=op.f("pk_report_letter")),
    )
    _allow_states(_NOW)


def downgrade() -> None:
    """Drop the three; a mail that came back is one that was refused."""
    op.execute("UPDATE delivery SET state = 'refused' WHERE state = 'bounced'")
    _allow_states(_BEFORE)
    for name in ("report_letter", "reply_outcome", "reply"):
        op.drop_table(name)


def _create_replies() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("finding_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_role", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('answer', 'appeal', 'fixed')", name=op.f("ck_reply_kind")),
        sa.ForeignKeyConstraint(["finding_key"], ["finding.key"], name=op.f("fk_reply_finding_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("key", name=op.f("uq_reply_key")),
    )
    op.create_index(op.f("ix_reply_finding_key"), "reply", ["finding_key"])
    op.create_table(
        "reply_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_role", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("outcome IN ('upheld', 'rejected', 'noted')", name=op.f("ck_reply_outcome_outcome")),
        sa.ForeignKeyConstraint(["reply_key"], ["reply.key"], name=op.f("fk_reply_outcome_reply_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_outcome")),
    )
    op.create_index(op.f("ix_reply_outcome_reply_key"), "reply_outcome", ["reply_key"])


def _allow_states(condition: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_delivery_state"), "delivery", type_="check")
        op.create_check_constraint(op.f("ck_delivery_state"), "delivery", condition)
        return
    # SQLite changes a condition by making the table anew, which its events, referring to it, would forbid: they step
    # aside meanwhile. Foreign keys cannot be switched off here, within a transaction.
    op.execute("CREATE TABLE delivery_event_aside AS SELECT * FROM delivery_event")
    op.execute("DELETE FROM delivery_event")
    with op.batch_alter_table("delivery", recreate="always") as batch:
        batch.drop_constraint(op.f("ck_delivery_state"), type_="check")
        batch.create_check_constraint(op.f("ck_delivery_state"), condition)
    op.execute("INSERT INTO delivery_event SELECT * FROM delivery_event_aside")
    op.execute("DROP TABLE delivery_event_aside")
