"""Whether a post is known, and whether a body of it is left: asked by all that erases, spares or looks again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from chapterwatch.archive import tables
from chapterwatch.errors import ArchiveError


def has_body(account_key: ColumnElement[str], native_id: ColumnElement[str]) -> ColumnElement[bool]:
    """For a query over posts or what is about them: whether any reading of the post was not erased."""
    revision = tables.post_revision
    own = (revision.c.account_key == account_key, revision.c.native_id == native_id, revision.c.erased_at.is_(None))
    return select(revision.c.seq).where(*own).exists()


def require_post(conn: Connection, account_key: str, native_id: str) -> None:
    """Raise ArchiveError where the archive knows no such post."""
    post = tables.post
    where = (post.c.account_key == account_key, post.c.native_id == native_id)
    if conn.execute(select(post.c.native_id).where(*where)).first() is None:
        raise ArchiveError(f"post {native_id} of {account_key} is not in the archive; check the id")
