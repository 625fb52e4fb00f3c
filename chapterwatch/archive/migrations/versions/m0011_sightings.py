"""Keep by which roads a content was seen, as what those roads never show."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add sighting."""
    op.create_table(
        "sighting",
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("unshown", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_key", "seq"],
            ["capture.account_key", "capture.seq"],
            name=op.f("fk_sighting_account_key_seq"),
        ),
        sa.PrimaryKeyConstraint("account_key", "seq", "unshown", name=op.f("pk_sighting")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("sighting")
