"""Runs the migrations on the connection `Archive.open` holds, inside its transaction and its lock."""

from __future__ import annotations

from alembic import context

from chapterwatch.archive.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
