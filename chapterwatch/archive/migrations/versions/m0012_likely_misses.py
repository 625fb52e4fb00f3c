"""Keep the posts most like a breach beside those drawn by chance, and tell them apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the family a post was chosen for: none for all that were drawn until now."""
    op.add_column("sample_item", sa.Column("likely", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it, and the posts that were chosen by it with their answers: without it they would pass for drawn ones."""
    chosen = "SELECT 1 FROM sample_item WHERE likely <> '' AND "
    same = " AND ".join(f"sample_item.{name} = sample_answer.{name}" for name in _POST)
    op.execute(f"DELETE FROM sample_answer WHERE EXISTS ({chosen}{same})")
    op.execute("DELETE FROM sample_item WHERE likely <> ''")
    op.drop_column("sample_item", "likely")


_POST = ("association", "period", "account_key", "native_id")
