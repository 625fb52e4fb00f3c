"""What stands above a form of reply, in the language of its chapter's report: how it is filled in, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from textwrap import wrap

from chapterwatch.replies import TEXT_LIMIT
from reports.words import Words

#: Letters of a line that an editor's window shows whole.
_WIDTH = 110
#: The keys of a form. They are read back, so they and the kinds of reply are the same in every language.
_KEYS = ("reply", "text", "by", "on")


def above_of(chapter: str, month: str, until: date, words: Words) -> tuple[str, ...]:
    """The lines above a form.

    Args:
        chapter: the chapter's name.
        month: the month of its report, `YYYY-MM`.
        until: the last day on which a reply is in time.
        words: the language.
    """
    return (
        words("reply_form.title", month=month, chapter=chapter),
        words("reply_form.fill"),
        *_keys(words),
        *wrap(words("reply_form.until", until=until.isoformat()), _WIDTH, break_on_hyphens=False),
    )


def _keys(words: Words) -> Iterator[str]:
    width = max(map(len, _KEYS)) + 1
    for key in _KEYS:
        yield f"  {key + ':':<{width}} {words(f'reply_form.{key}', limit=TEXT_LIMIT)}"
