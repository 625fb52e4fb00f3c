"""Text the database can hold.

PostgreSQL refuses NUL in text and neither database can store a lone surrogate as UTF-8. Both become U+FFFD, one code
point for one, so that spans stay where they are; the bytes as received stand beside in `capture.raw`.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


#: An index of PostgreSQL holds rows of 2,700 bytes, and a key of ours up to two ids beside short words.
_LONGEST_ID = 1_000


def unstorable(name: str) -> str | None:
    """Why no database can hold a text as part of a key; None where it can."""
    if _UNSTORABLE.search(name):
        return "holds characters no database can keep"
    return "is longer than any database can look for" if len(name.encode()) > _LONGEST_ID else None


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD; equal length."""
    return _UNSTORABLE.sub("�", text)


def clean_or_none(text: str | None) -> str | None:
    """`clean`, keeping None."""
    return None if text is None else clean(text)
