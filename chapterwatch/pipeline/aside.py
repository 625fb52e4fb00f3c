"""Records that could not be read and were kept aside: where each stood, and why."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from chapterwatch.pipeline.workplace import Workplace

COLUMNS = ("chapter", "account", "read_on", "place", "reason", "kept")


def kept_aside_frame(workplace: Workplace, chapters: Collection[str]) -> pd.DataFrame:
    """The records kept aside of some chapters' accounts (default: all), the oldest first; no word of any of them.

    Columns: chapter, account, read_on (UTC), place (a file and its line, or an answer's), reason, kept (whether the
    record itself is still there).

    Raises:
        UserError: there is no such chapter.
    """
    chosen = workplace.registry.chapters_called(chapters)
    chapter_of = {account.key: chapter.id for chapter in chosen for account in chapter.accounts}
    rows = [
        (chapter_of[row.account_key], row.account_key, row.at, row.where, row.reason, row.raw is not None)
        for row in workplace.archive.quarantined()
        if row.account_key in chapter_of
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
