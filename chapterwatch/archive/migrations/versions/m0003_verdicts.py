"""Remember what rules said of contents, so that only what is new is judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create verdict_pattern and verdict."""
    op.create_table(
        "verdict_pattern",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_verdict_pattern")),
    )
    op.create_table(
        "verdict",
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_key"], ["account.key"], name=op.f("fk_verdict_account_key")),
        sa.ForeignKeyConstraint(["pattern"], ["verdict_pattern.digest"], name=op.f("fk_verdict_pattern")),
        sa.PrimaryKeyConstraint("account_key", "subject_kind", "subject_id", "revision", name=op.f("pk_verdict")),
    )


def downgrade() -> None:
    """Drop both: everything is judged anew the next time."""
    op.drop_table("verdict")
    op.drop_table("verdict_pattern")
