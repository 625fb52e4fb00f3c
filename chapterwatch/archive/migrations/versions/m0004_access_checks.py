"""Keep what platforms said of each account's access when it was last checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create access_check."""
    op.create_table(
        "access_check",
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("checked_at", Moment(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_key"], ["account.key"], name=op.f("fk_access_check_account_key")),
        sa.PrimaryKeyConstraint("account_key", name=op.f("pk_access_check")),
    )


def downgrade() -> None:
    """Drop it: the next check writes it anew."""
    op.drop_table("access_check")
