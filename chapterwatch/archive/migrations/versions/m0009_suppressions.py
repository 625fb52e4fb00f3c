"""Keep who ended a suppression before its expiry, and when: what held something back stays readable."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add suppression.ended_at and suppression.ended_by."""
    op.add_column("suppression", sa.Column("ended_at", Moment(), nullable=True))
    op.add_column("suppression", sa.Column("ended_by", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("suppression", "ended_by")
    op.drop_column("suppression", "ended_at")
