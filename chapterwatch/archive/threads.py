"""Which accounts' posts hang together by replies: what has to be judged side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from chapterwatch.archive import tables


def linked(conn: Connection, account_keys: Collection[str]) -> list[frozenset[str]]:
    """Pairs and groups of the accounts of which one replies to another, or several reply to the same post.

    Ids of posts are compared without their platform, so a group may be larger than it need be, never smaller.
    """
    wanted = set(account_keys)
    groups = dict.fromkeys(frozenset(group & wanted) for group in _groups(conn))
    return [group for group in groups if len(group) > 1]


def _groups(conn: Connection) -> Iterator[set[str]]:
    for own, other in conn.execute(_answered()):
        yield {own, other}
    together: dict[str, set[str]] = {}
    for parent, key in conn.execute(_same_parent()):
        together.setdefault(parent, set()).add(key)
    yield from together.values()


def _answered() -> Select[Any]:
    post, revision = tables.post, tables.post_revision
    return (
        select(revision.c.account_key, post.c.account_key)
        .join(post, (post.c.native_id == revision.c.reply_to) & (post.c.account_key != revision.c.account_key))
        .where(revision.c.reply_to.is_not(None))
        .distinct()
    )


def _same_parent() -> Select[Any]:
    """The accounts that reply to a post to which more than one does, whether or not it was collected."""
    table = tables.post_revision
    shared = (
        select(table.c.reply_to)
        .where(table.c.reply_to.is_not(None))
        .group_by(table.c.reply_to)
        .having(func.count(table.c.account_key.distinct()) > 1)
    )
    return select(table.c.reply_to, table.c.account_key).where(table.c.reply_to.in_(shared)).distinct()
