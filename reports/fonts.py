"""Which bundled face draws which sign: what a report loads, and what none of them can draw.

The table `templates/fonts/faces.json` is made with the fonts (`scripts/bundle_fonts.py`). The text faces and the emoji
of one colour are loaded for every report; faces of other scripts only for a report that holds letters of them, because
unpacking a font costs more than a page does.

Chinese, Japanese and Korean share code points and not shapes, so the language of a text says which face draws it. Where
nobody named it, it is read off the letters: kana are Japanese alone, hangul Korean alone.
"""

from __future__ import annotations

import bisect
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FONTS = Path(__file__).resolve().parent / "templates" / "fonts"

#: The family that draws Han, by the language of a text (BCP 47; the longest match counts).
HAN_FAMILIES = {
    "zh": "Noto Sans SC",
    "zh-hant": "Noto Sans TC",
    "zh-hk": "Noto Sans TC",
    "zh-mo": "Noto Sans TC",
    "zh-tw": "Noto Sans TC",
    "ja": "Noto Sans JP",
    "ko": "Noto Sans KR",
}
#: The two lists of families in `variables.css`: how the faces of each begin, and its last resort.
_LISTS = {"sans": ("Source Sans 3", "sans-serif"), "serif": ("Source Serif 4", "serif")}

_TEXT = tuple(begins for begins, _ in _LISTS.values())

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
#: What takes no ink, so that no font is asked for it: controls, joiners, variation selectors.
_SILENT = frozenset({"Cc", "Cf", "Zl", "Zp"})
_SELECTORS = re.compile("[\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARKUP = re.compile(
    r"(<(?:style|script|title|svg)\b.*?</(?:style|script|title|svg)>|<bdi>.*?</bdi>|<[^>]*>)", re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, kw_only=True)
class Face:
    """One bundled font file. `spans`: half-open ranges of the code points it draws, in order."""

    family: str
    weight: int
    file: str
    spans: tuple[tuple[int, int], ...]
    always: bool = False
    #: Of the large faces of East Asia, the language it is drawn for.
    language: str = ""

    @cached_property
    def _starts(self) -> list[int]:
        return [first for first, _ in self.spans]

    def draws(self, char: str) -> bool:
        """Whether the face has a glyph for one code point."""
        at = bisect.bisect_right(self._starts, ord(char)) - 1
        return at >= 0 and ord(char) < self.spans[at][1]


@cache
def faces() -> tuple[Face, ...]:
    """Every bundled face, in the order they are tried."""
    return tuple(map(_face, json.loads((FONTS / "faces.json").read_text("utf-8"))))


def always() -> tuple[Face, ...]:
    """The faces of every report."""
    return tuple(face for face in faces() if face.always)


def needed(text: str, languages: Collection[str] = ()) -> tuple[Face, ...]:
    """The further faces a report with this text loads. `languages`: those its parts are marked with (BCP 47)."""
    signs = {char for char in set(text) if not is_silent(char) and not any(face.draws(char) for face in always())}
    spoken = {family_of(language) for language in languages}
    further = [face for face in faces() if not face.always]
    # Each language spoken gets its own shapes; what they all leave out, whichever face has it.
    chosen = [face for face in further if face.language and face.family in spoken and any(map(face.draws, signs))]
    signs = {char for char in signs if not any(face.draws(char) for face in chosen)}
    for face in further:
        if face not in chosen and any(map(face.draws, signs)):
            chosen.append(face)
            signs = {char for char in signs if not face.draws(char)}
    return tuple(chosen)


def unknown(text: str) -> set[str]:
    """The signs of a text that no bundled face can draw."""
    return {char for char in set(text) if not is_silent(char) and not any(face.draws(char) for face in faces())}


def is_silent(char: str) -> bool:
    """Whether a code point takes no ink."""
    return unicodedata.category(char) in _SILENT or bool(_SELECTORS.match(char))


def named(char: str) -> str:
    """A sign that cannot be drawn, by its code point, as the controls in a quotation are."""
    return (
        f"\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}U+{ord(char):04X}\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
    )


# --- languages --------------------------------------------------------------------------------------------------------


def language_of(text: str, around: str = "") -> str:
    """`ja`, `ko`, `zh` or `zh-Hant` where a text holds letters of East Asia, else an empty string.

    Han alone is of the language `around` it where that is one of East Asia's. Else it is Chinese: traditional where it
    has more letters that the list of the mainland leaves out (GB 2312) than that of Taiwan (Big5).
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    han = _HAN.findall(text)
    if not han or family_of(around):
        return around if han else ""
    return "zh-Hant" if _left_out(han, "gb2312") > _left_out(han, "big5") else "zh"


def _left_out(letters: Iterable[str], standard: str) -> int:
    """How many of the letters a national standard leaves out; Python's codecs hold the lists."""
    return sum(not letter.encode(standard, "ignore") for letter in letters)


def family_of(language: str) -> str:
    """The family that draws Han in a language; empty where it is none of East Asia's."""
    parts = language.lower().replace("_", "-").split("-")
    found = (HAN_FAMILIES.get("-".join(parts[:length])) for length in range(len(parts), 0, -1))
    return next((family for family in found if family), "")


def with_languages(page: str, language: str) -> str:
    """A page of HTML with the language said of every text of East Asia: for its shapes, and for who has it read aloud.

    A quotation (`bdi`) is one text, whatever is highlighted in it; elsewhere every piece between two tags is.
    """
    return "".join(_said(piece, language) for piece in _MARKUP.split(page))


def _said(piece: str, around: str) -> str:
    if piece.startswith("<bdi>"):
        found = language_of(_TAG.sub("", piece), around)
        return f'<bdi lang="{found}"{piece.removeprefix("<bdi")}' if found and found != around else piece
    if piece.startswith("<"):
        return piece
    found = language_of(piece, around)
    return f'<span lang="{found}">{piece}</span>' if found and found != around else piece


# --- style sheets -----------------------------------------------------------------------------------------------------


def style_sheet(chosen: Iterable[Face], mark: str = "") -> str:
    """The `@font-face` rules of some faces. WeasyPrint leaves out a rule it met before; a `mark` makes it another."""
    return "\n".join(_rule(face, f"?{mark}" if mark else "") for face in chosen)


def families(chosen: Iterable[Face], languages: Collection[str] = ()) -> str:
    """The rules that put every loaded family into the two lists of `variables.css`, each language's own Han first."""
    names = list(dict.fromkeys(face.family for face in chosen))
    rules = [":root { " + _variables(names) + " }"]
    for language in sorted(one for one in languages if family_of(one) in names):
        first = [family_of(language), *(name for name in names if name != family_of(language))]
        rules.append(f":lang({language}) {{ {_variables(first)} }}")
        rules.append(f"[lang={language}] {{ font-family: var(--sans) }}")
    return "\n".join(rules)


def stack(kind: str, further: Iterable[str] = ()) -> list[str]:
    """The families of one list in the order they are asked: its own, emoji, what came in further, its last resort."""
    begins, last = _LISTS[kind]
    own = dict.fromkeys(face.family for face in faces() if face.family.startswith(begins))
    names = dict.fromkeys(face.family for face in always() if not face.family.startswith(_TEXT))
    return list(dict.fromkeys([*own, *names, *further, last]))


def _variables(further: Sequence[str]) -> str:
    quoted = {kind: [f'"{name}"' for name in stack(kind, further)[:-1]] for kind in _LISTS}
    return " ".join(f"--{kind}: {', '.join([*names, _LISTS[kind][1]])};" for kind, names in quoted.items())


def _rule(face: Face, query: str) -> str:
    # The large faces draw what nobody before them in the list does; a range of theirs would be thousands of spans.
    ranges = "" if face.file.endswith(".gz") else f" unicode-range: {_declared(face.spans)};"
    return (
        f'@font-face {{ font-family: "{face.family}"; font-style: normal; font-weight: {face.weight}; '
        f'src: url("fonts/{face.file}{query}");{ranges} }}'
    )


def _declared(spans: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"U+{first:X}" if end == first + 1 else f"U+{first:X}-{end - 1:X}" for first, end in spans)


def _face(row: dict[str, Any]) -> Face:
    pairs = (part.partition("-") for part in row["draws"].split())
    spans = tuple((int(first, 16), int(last or first, 16) + 1) for first, _, last in pairs)
    return Face(**{name: value for name, value in row.items() if name != "draws"}, spans=spans)
