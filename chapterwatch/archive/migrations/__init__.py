"""Alembic's migrations of the archive. `Archive.open` runs them; nobody needs the alembic command to use an archive."""
