"""Keep what staff did, and what lists of many findings need to be filtered and counted by the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chapterwatch.archive.tables import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ORDERS = (
    ("severity", "opened_at", "key"),
    ("chapter", "severity", "opened_at", "key"),
    ("state", "severity", "opened_at", "key"),
    ("rule_id", "severity", "opened_at", "key"),
)
_COUNTED = ("lane", "retired_at", "closed_at", "state", "severity", "chapter", "opened_at", "subject_kind", "clauses")

#: The latest decision about a finding, as `archive.findings.add_disposition` keeps it from now on.
_LATEST = """
    UPDATE finding SET state = (
        SELECT disposition.state FROM disposition WHERE disposition.finding_key = finding.key
        ORDER BY disposition.at DESC, disposition.id DESC LIMIT 1
    ) WHERE key IN (SELECT finding_key FROM disposition)
"""
_REFUSAL = "the log of acts is only ever added to"


def upgrade() -> None:
    """Add finding.state with its indexes, and staff_act with triggers that refuse to change it."""
    op.add_column("finding", sa.Column("state", sa.Text(), nullable=False, server_default="open"))
    op.execute(_LATEST)
    for columns in _ORDERS:
        op.create_index(f"ix_finding_{'_'.join(columns)}", "finding", list(columns))
    op.create_index("ix_finding_counted", "finding", list(_COUNTED))
    op.create_table(
        "staff_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("chapter", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_act")),
    )
    op.create_index(op.f("ix_staff_act_at"), "staff_act", ["at"])
    op.create_index(op.f("ix_staff_act_subject"), "staff_act", ["subject"])
    for statement in _guard(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Drop them; who decided what still stands in the dispositions."""
    op.drop_table("staff_act")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION staff_act_refuse()")
    op.drop_index("ix_finding_counted", "finding")
    for columns in _ORDERS:
        op.drop_index(f"ix_finding_{'_'.join(columns)}", "finding")
    op.drop_column("finding", "state")


def _guard(dialect: str) -> list[str]:
    if dialect == "postgresql":
        body = f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        function = f"CREATE FUNCTION staff_act_refuse() RETURNS trigger LANGUAGE plpgsql AS {body}"
        when = "BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_act"
        trigger = f"CREATE TRIGGER staff_act_stands {when} FOR EACH STATEMENT EXECUTE FUNCTION staff_act_refuse()"
        return [function, trigger]
    return [
        f"CREATE TRIGGER staff_act_no_{what.lower()} BEFORE {what} ON staff_act "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for what in ("UPDATE", "DELETE")
    ]
