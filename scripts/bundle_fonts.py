# ruff: noqa: INP001 - a script, not a package
"""Brings the reports' fonts into `reports/templates/fonts`: the files, their licences, and `faces.json`.

usage: bundle_fonts.py <folder>     where npm has put the packages of PACKAGES (@fontsource/*)

`faces.json` is the table the press chooses from (`reports/fonts.py`): per file its family, weight and the code points
it draws, read from the font and held against the range its package declares. The same packages give the same bytes.

Faces of letters come as the package has them. The four large ones of Chinese, Japanese and Korean are unpacked from
WOFF2 and packed with gzip, for a report needs them whole and WOFF2 takes a second each to unpack; what those four leave
out comes from the package's small slices, as few as cover it.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont, woff2

FONTS = Path(__file__).resolve().parents[1] / "reports" / "templates" / "fonts"

#: Loaded for every report: package, subsets, weights. The text faces of the design, and emoji of one colour.
ALWAYS = (
    ("source-sans-3", "latin latin-ext greek cyrillic cyrillic-ext vietnamese", (400, 600)),
    ("source-serif-4", "latin latin-ext greek cyrillic cyrillic-ext vietnamese", (400,)),
    ("noto-emoji", "emoji", (400,)),
)
#: Loaded where a report has letters of them. Subsets stand in the order they are tried.
SCRIPTS = (
    ("source-sans-3", "greek-ext"),
    # Whole letters, where Noto Sans Arabic draws dots apart: from these no reader could tell which letter was meant.
    ("ibm-plex-sans-arabic", "arabic"),
    ("noto-sans-arabic", "arabic"),
    ("noto-sans-hebrew", "hebrew"),
    ("noto-sans-devanagari", "devanagari"),
    ("noto-sans-bengali", "bengali"),
    ("noto-sans-gurmukhi", "gurmukhi"),
    ("noto-sans-gujarati", "gujarati"),
    ("noto-sans-tamil", "tamil"),
    ("noto-sans-telugu", "telugu"),
    ("noto-sans-kannada", "kannada"),
    ("noto-sans-malayalam", "malayalam"),
    ("noto-sans-sinhala", "sinhala"),
    ("noto-sans-thai", "thai"),
    ("noto-sans-lao", "lao"),
    ("noto-sans-khmer", "khmer"),
    ("noto-sans-myanmar", "myanmar"),
    ("noto-sans-georgian", "georgian"),
    ("noto-sans-armenian", "armenian"),
    ("noto-sans-ethiopic", "ethiopic"),
)
#: Signs, and the letters of mathematics that people write whole posts in. Their packages declare less than they draw.
SIGNS = (("noto-sans-symbols", "symbols"), ("noto-sans-symbols-2", "symbols"), ("noto-sans-math", "latin"))
#: Package, its large face, the language it is drawn for (BCP 47).
HAN = (
    ("noto-sans-sc", "chinese-simplified", "zh-Hans"),
    ("noto-sans-tc", "chinese-traditional", "zh-Hant"),
    ("noto-sans-jp", "japanese", "ja"),
    ("noto-sans-kr", "korean", "ko"),
)
#: East Asian blocks: only these are taken from the small slices, whose Latin and signs others draw.
EAST_ASIAN = (
    *((0x2E80, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF)),
    *((0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF)),
)
#: Tables of a slice that cannot be joined and are not needed for single letters in a line.
NOT_MERGED = ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "STAT", "gasp", "meta"]
#: The date merged fonts bear, in seconds since 1904: 1 January 2024.
DAY = 3786912000
#: Blanks are drawn with the font of what stands before them, so every font has them.
BLANKS = frozenset({0x20, 0xA0})
#: Drawn by the text faces, though the emoji face has them too: dates would come out as wide pictures.
NOT_EMOJI = frozenset(range(0x80)) | {0xA9, 0xAE}

#: Where signs begin; what a sign face has before, the text faces draw.
BEYOND_LETTERS = frozenset(range(0x2000, 0x110000))
#: The part of a package that bears its name alone.
MAIN_PARTS = frozenset({"", "latin", "emoji", "symbols"})

PACKAGES = tuple(dict.fromkeys(name for table in (ALWAYS, SCRIPTS, SIGNS, HAN) for name, *_ in table))


@dataclass
class Bundle:
    """What is written: rows of the table and the names of the files beside it."""

    packages: Path
    rows: list[dict[str, object]] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def take(self, package: str, part: str, weight: int = 400, **more: object) -> None:
        """Copy one file and describe it; its code points are those it draws and its package declares."""
        source = self.packages / package / "files" / f"{package}-{part}-{weight}-normal.woff2"
        ranges = BEYOND_LETTERS if (package, part) in SIGNS else declared(self.packages / package, part)
        points = drawn_by(source) & ranges
        self._row(package, part, source.name, weight, points, more)
        shutil.copyfile(source, FONTS / source.name)

    def unpack(self, package: str, part: str, language: str) -> set[int]:
        """Bring a large face unpacked from WOFF2; returns what it draws of East Asia."""
        source = self.packages / package / "files" / f"{package}-{part}-400-normal.woff2"
        plain = io.BytesIO()
        woff2.decompress(io.BytesIO(source.read_bytes()), plain)
        name = f"{package}-{part}-400-normal.ttf.gz"
        (FONTS / name).write_bytes(gzip.compress(plain.getvalue(), 9, mtime=0))
        points = drawn_by(source) - set(range(0x80))
        self._row(package, "", name, 400, points, {"language": language})
        return points

    def merge(self, package: str, wanted: set[int]) -> set[int]:
        """Bring one face of what the package draws beside its large face; returns what that is."""
        with TemporaryDirectory() as folder:
            latin = self.packages / package / "files" / f"{package}-latin-400-normal.woff2"
            slices = slices_of(self.packages, package)
            font = merged([latin, *slices], wanted | BLANKS, Path(folder))
            plain = io.BytesIO()
            # Otherwise the day of the merge stands in it, and no two runs give the same bytes.
            font["head"].created = font["head"].modified = DAY
            font.recalcTimestamp = False
            font.save(plain)
        name = f"{package}-rare-400-normal.ttf.gz"
        (FONTS / name).write_bytes(gzip.compress(plain.getvalue(), 9, mtime=0))
        points = set(font.getBestCmap()) & wanted
        self._row(package, "rare", name, 400, points, {})
        return points

    def _row(self, package: str, part: str, name: str, weight: int, points: set[int], more: dict[str, object]) -> None:
        self.files.add(name)
        row = {"family": family(package, part), "weight": weight, "file": name, **more, "draws": spans(points)}
        self.rows.append(row)


def family(package: str, part: str) -> str:
    """The family name of one file: `Source Sans 3`, `Source Sans 3 greek`, `Noto Sans SC`.

    No two files of one weight share it: WeasyPrint 70 tells fonts apart by name, weight and style alone and would draw
    the one with the glyph numbers of the other.
    """
    words = [
        word.upper() if word in {"ibm", "sc", "tc", "jp", "kr"} else word.capitalize() for word in package.split("-")
    ]
    return " ".join(words) if part in MAIN_PARTS or part == words[-1].lower() else f"{' '.join(words)} {part}"


def drawn_by(path: Path) -> set[int]:
    """The code points a font file has a glyph for."""
    return set(TTFont(path, lazy=True).getBestCmap())


def declared(package: Path, part: str) -> set[int]:
    """The `unicode-range` of a subset in its package's own style sheet."""
    sheets = [package / "400.css", package / f"{part}-400.css"]
    for sheet in (one for one in sheets if one.is_file()):
        for block in sheet.read_text("utf-8").split("@font-face")[1:]:
            found = re.search(r"unicode-range:\s*([^;]+);", block)
            if f"-{part}-400-normal.woff2" in block:
                return set(points_of(found.group(1))) if found else set(range(0x110000))
    if package.name == "noto-emoji":
        return set(range(0x110000)) - NOT_EMOJI
    raise SystemExit(f"{package.name} declares no range for {part}")


def points_of(declaration: str) -> Iterator[int]:
    """Every code point of a CSS `unicode-range`."""
    for part in declaration.split(","):
        first, _, last = part.strip().upper().removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def spans(points: Iterable[int]) -> str:
    """Code points as hexadecimal spans: `41-5a 61`."""
    out: list[list[int]] = []
    for point in sorted(points):
        if out and point == out[-1][1] + 1:
            out[-1][1] = point
        else:
            out.append([point, point])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in out)


def slices_of(packages: Path, package: str) -> list[Path]:
    """The package's small slices, which together draw more than its large face; by their numbers."""
    found = (packages / package / "files").glob(f"{package}-*-400-normal.woff2")
    return sorted((path for path in found if _number(path, package).isdigit()), key=lambda p: int(_number(p, package)))


def _number(path: Path, package: str) -> str:
    return path.name.removeprefix(f"{package}-").removesuffix("-400-normal.woff2")


def merged(slices: Iterable[Path], wanted: set[int], folder: Path) -> TTFont:
    """One font of what the slices draw of `wanted` and of blanks, without the features of lines that run downwards."""
    parts: list[Path] = []
    for path in slices:
        font = TTFont(path)
        points = set(font.getBestCmap()) & wanted
        wanted -= points
        if points:
            cut = subset.Subsetter(subset.Options(layout_features=[], hinting=False, drop_tables=NOT_MERGED))
            cut.populate(unicodes=points)
            cut.subset(font)
            font.flavor = None
            parts.append(folder / path.with_suffix(".ttf").name)
            font.save(parts[-1])
    return Merger().merge([str(part) for part in parts])


def licences(packages: Path) -> str:
    """One text: every font's own copyright line, then the licence all of them share."""
    notices = []
    for package in PACKAGES:
        font = TTFont(next((packages / package / "files").glob("*-400-normal.woff2")), lazy=True)
        notices.append(f"{package}: {font['name'].getDebugName(0)}")
    _, _, body = (packages / PACKAGES[0] / "LICENSE").read_text("utf-8").partition("\n\n")
    return "\n".join([*notices, "", body.strip(), ""])


def main() -> None:
    """Write the folder anew; what no face names is removed."""
    bundle = Bundle(Path(sys.argv[1]))
    for package, subsets, weights in ALWAYS:
        for part in subsets.split():
            for weight in weights:
                bundle.take(package, part, weight, always=True)
    for package, part in SCRIPTS + SIGNS:
        bundle.take(package, part)
    east = {point for first, last in EAST_ASIAN for point in range(first, last + 1)}
    drawn: set[int] = set()
    for package, part, language in HAN:
        drawn |= bundle.unpack(package, part, language)
    for package, _, _ in HAN:
        if any(drawn_by(path) & east - drawn for path in slices_of(bundle.packages, package)):
            drawn |= bundle.merge(package, east - drawn)
    (FONTS / "OFL.txt").write_text(licences(bundle.packages), "utf-8")
    lines = ",\n".join(json.dumps(row) for row in bundle.rows)
    (FONTS / "faces.json").write_text(f"[\n{lines}\n]\n", "utf-8")
    for path in FONTS.iterdir():
        if path.suffix in {".woff2", ".gz"} and path.name not in bundle.files:
            path.unlink()


if __name__ == "__main__":
    main()
