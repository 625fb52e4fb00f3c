"""Keep pictures: where they are shown, their files, and what readers saw in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create media_file, media and picture_reading."""
    op.create_table(
        "media_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media_file")),
    )
    op.create_table(
        "media",
        sa.Column("account_key", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'kept', 'too_large', 'gone', 'not_an_image', 'unreachable')",
            name=op.f("ck_media_status"),
        ),
        sa.ForeignKeyConstraint(["account_key"], ["account.key"], name=op.f("fk_media_account_key")),
        sa.ForeignKeyConstraint(["sha256"], ["media_file.sha256"], name=op.f("fk_media_sha256")),
        sa.PrimaryKeyConstraint("account_key", "subject_kind", "subject_id", "role", "picture", name=op.f("pk_media")),
    )
    op.create_index(op.f("ix_media_sha256"), "media", ["sha256"])
    op.create_index(op.f("ix_media_run_id"), "media", ["run_id"])
    op.create_table(
        "picture_reading",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["media_file.sha256"], name=op.f("fk_picture_reading_sha256")),
        sa.PrimaryKeyConstraint("sha256", "reader", "version", name=op.f("pk_picture_reading")),
    )
