"""Text the database can hold.

PostgreSQL refuses NUL in text and neither database can store a lone surrogate as UTF-8. Both become U+FFFD, one code
point for one, so that spans stay where they are; the bytes as received stand beside in `capture.raw`.
"""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD; equal length."""
    return _UNSTORABLE.sub("�", text)


def clean_or_none(text: str | None) -> str | None:
    """`clean`, keeping None."""
    return None if text is None else clean(text)
