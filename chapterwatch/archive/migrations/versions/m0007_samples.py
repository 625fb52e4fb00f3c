"""Keep the posts drawn for reading, and what people answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_POST = ("association", "period", "account_key", "native_id")


def upgrade() -> None:
    """Add sample_item and sample_answer."""
    op.create_table(
        "sample_item",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _POST),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("stratum_size", sa.Integer(), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint(*_POST, name=op.f("pk_sample_item")),
    )
    op.create_table(
        "sample_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _POST),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_role", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("answer IN ('clean', 'missed', 'unsure')", name=op.f("ck_sample_answer_answer")),
        sa.ForeignKeyConstraint(
            _POST, [f"sample_item.{name}" for name in _POST], name=op.f(f"fk_sample_answer_{'_'.join(_POST)}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_answer")),
    )
    op.create_index(op.f("ix_sample_answer_association_period"), "sample_answer", ["association", "period"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("sample_answer")
    op.drop_table("sample_item")
