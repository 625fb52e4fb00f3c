"""What never shows in what was read of an account: where its absence says nothing, the report says so."""

from __future__ import annotations

from collections.abc import Iterator

from chapterwatch.model import Unshown
from reports.finding_views import Material


def unshown_note_of(account_key: str, material: Material) -> Iterator[str]:
    """The sentence under the coverage of one account; none where everything would have shown."""
    unshown = material.inputs.unshown.get(account_key, ())
    if unshown:
        what = material.words.both([material.words(f"unshown.{one}") for one in unshown])
        yield material.words("coverage.unshown", what=what)


def unshown_changes_of(material: Material) -> Iterator[str]:
    """Of which accounts edits, and of which deletions, would not have shown: "none was seen" says less of them."""
    for what in (Unshown.EDITS, Unshown.DELETIONS):
        keys = [account.key for account in material.inputs.chapter.accounts]
        labels = [material.label(key) for key in keys if what in material.inputs.unshown.get(key, ())]
        if labels:
            yield material.words(f"intro.changes_unshown.{what}", accounts=material.words.both(labels))
