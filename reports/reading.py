"""Makes the text of a PDF readable for programs: to search, to copy, to read aloud.

A PDF holds glyphs in the order they are drawn, with a table that says what each glyph reads as. WeasyPrint 70 fills the
table from the first place a glyph stood in; where a letter is drawn by several glyphs (vowel signs, dots, conjuncts) it
leaves some without a reading, which PDF/A-3u (ISO 19005-3, 6.2.11.7.2) and PDF/UA-1 (ISO 14289-1, 7.21.7) forbid, and
gives others a reading that is wrong everywhere else. So here a glyph reads as the sign the font itself gives it to, and
a line whose glyphs are not its letters one by one carries its letters beside them (`ActualText`, ISO 32000-1, 14.9.4).

This reaches into WeasyPrint; `tests/reports/test_fonts.py` reads every script back and fails when that no longer works.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from io import BytesIO
from typing import Any

#: What a glyph reads as that is only a part of a letter: nothing that can be seen or heard.
PART = "\N{ZERO WIDTH JOINER}"
#: Added for line breaking, no part of what was written.
_BREAK = "\N{ZERO WIDTH SPACE}"
_MARKS = frozenset({"Mn", "Mc", "Me"})
_FORMS = re.compile("[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class Readings(dict[int, str]):
    """Glyph number -> what it reads as. WeasyPrint sets each glyph once, by where it met it first."""

    def __init__(self, own: dict[int, str]) -> None:
        super().__init__()
        self._own = own

    def __setitem__(self, glyph: int, text: str) -> None:
        # The font's own answer is true at every place; a ligature has none and reads as all its letters.
        super().__setitem__(glyph, self._own.get(glyph) or text or PART)


def teach(drawing: Any, streams: Any) -> None:
    """Make WeasyPrint say what is read; `drawing` is its `draw.text`, `streams` its `pdf.stream`."""
    drawing.draw_first_line = _with_letters(drawing.draw_first_line)
    streams.Font = _readable(streams.Font)


def needs_letters(text: str) -> bool:
    """Whether a line's glyphs are not its letters one by one: it has marks, joined emoji or flags.

    Not where any of it runs to the left: readers turn such lines around by their glyphs, and some turn letters said
    beside them around as well. Arabic and Hebrew need none, for each of their glyphs is a letter or a mark.
    """
    if any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return False
    return any(
        unicodedata.category(char) in _MARKS or char == PART or "\U0001f1e6" <= char <= "\U0001f1ff" for char in text
    )


def _with_letters(draw: Callable[..., Any]) -> Callable[..., Any]:
    def draw_first_line(stream: Any, textbox: Any, *rest: Any) -> Any:
        if textbox.text.isascii() or not needs_letters(textbox.text):
            return draw(stream, textbox, *rest)
        letters = textbox.text.replace(_BREAK, "").encode("utf-16-be").hex()
        stream.begin_marked_content("Span", f"<</ActualText <feff{letters}>>>")
        try:
            return draw(stream, textbox, *rest)
        finally:
            stream.end_marked_content()

    return draw_first_line


def _readable(font: Any) -> Any:
    class ReadableFont(font):  # type: ignore[misc] # the base is only known once WeasyPrint is loaded
        """A font whose glyphs read as what the font gives them to."""

        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            self.to_unicode = Readings(_own(self.file_content))

    return ReadableFont


def _own(font: bytes) -> dict[int, str]:
    """Glyph number -> its sign, of those that have just one."""
    # Half of what the press costs to load, and it has it already.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    opened = TTFont(BytesIO(font), lazy=True)
    found: dict[int, set[str]] = {}
    for point, name in opened.getBestCmap().items():
        found.setdefault(opened.getGlyphID(name), set()).add(chr(point))
    return {glyph: _plain(signs.pop()) for glyph, signs in found.items() if len(signs) == 1}


def _plain(sign: str) -> str:
    """The letters of a presentation form, which stands for how a letter looks at the end of a word and the like."""
    return unicodedata.normalize("NFKC", sign) if _FORMS.match(sign) else sign
