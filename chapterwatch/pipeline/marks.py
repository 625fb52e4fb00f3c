"""Whether an edit says that it is one: asked of its two texts, and remembered when these are erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chapterwatch.archive import Archive
from checks.edits import new_marks


def is_marked(row: Mapping[Any, Any]) -> bool:
    """Whether a row of posts marks its edit. Asked of the texts, since not every pack has a rule that asks."""
    before, after = row["previous_text"], row["text"]
    return isinstance(before, str) and isinstance(after, str) and bool(new_marks(before, after))


def marked_edits(archive: Archive, account_key: str) -> dict[str, frozenset[str]]:
    """Native id -> hashes of the captures that brought a marked edit, of the account's posts that have any.

    Whoever erases a post says so with it: a report drawn anew must not call an edit unmarked because its text is gone.
    """
    posts = archive.posts_frame([account_key])
    found: dict[str, frozenset[str]] = {}
    for row in posts[posts["revision"] > 0].to_dict("records"):
        if is_marked(row):
            native_id = str(row["subject_id"])
            found[native_id] = found.get(native_id, frozenset()) | {str(row["capture_hash"])}
    return found
