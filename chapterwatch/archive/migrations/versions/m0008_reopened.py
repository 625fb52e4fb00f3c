"""Keep when what a finding is about came back after it was mended, so that it is told again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add finding.reopened_at; the next audit fills it in."""
    op.add_column("finding", sa.Column("reopened_at", Moment(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("finding", "reopened_at")
