"""Keep what is held back from erasing, which texts were erased by age, and which erased edits were marked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add hold, outlived and marked_edit."""
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account_key"], ["account.key"], name=op.f("fk_hold_account_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_account_key"), "hold", ["account_key"])
    op.create_table(
        "outlived",
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_key", "native_id"],
            ["post.account_key", "post.native_id"],
            name=op.f("fk_outlived_account_key_native_id"),
        ),
        sa.PrimaryKeyConstraint("account_key", "native_id", name=op.f("pk_outlived")),
    )
    op.create_table(
        "marked_edit",
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_key", "seq"],
            ["capture.account_key", "capture.seq"],
            name=op.f("fk_marked_edit_account_key_seq"),
        ),
        sa.PrimaryKeyConstraint("account_key", "seq", name=op.f("pk_marked_edit")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("marked_edit")
    op.drop_table("outlived")
    op.drop_table("hold")
