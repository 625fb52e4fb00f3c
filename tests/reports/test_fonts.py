# ruff: noqa: RUF001 - these are texts of every script
"""Every script a post may be written in is drawn with a bundled font and can be read back."""

from __future__ import annotations

import gzip
import io
import logging
import shutil
import subprocess
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from reports import fonts
from reports.fonts import FONTS, Face
from reports.reading import PART, needs_letters
from reports.render import Rendered, render_chapter
from reports.view import build_chapter
from tests.reports.factory import finding, quiet

#: What people of many chapters might post, by what the sample is called.
SAMPLES = {
    "latin": "Besuchen Sie uns: Grüße, señor, œuvre, Łódź, őrült, ışık, þetta",
    "vietnamese": "Mời đến họp ở văn phòng mới, thứ Năm nhé",
    "greek": "Ελάτε στη συνάντηση, ἀρχὴ ἥμισυ παντός",
    "cyrillic": "Приходите на встречу; запрошуємо, ґанок, њива, қазақ",
    "arabic": "اجتماع الخميس القادم عند الساعة العاشرة؟",
    "persian": "پنجشنبه به جلسه بیایید، گچپژ ۱۲۳",
    "urdu": "جمعرات کو میں آئیں ٹڈڑ",
    "hebrew": "בואו לפגישה ביום חמישי במשרד החדש",
    "devanagari": "गुरुवार को नए कार्यालय में बैठक में आइए। क्षत्रिय",
    "bengali": "বৃহস্পতিবার নতুন অফিসে সভায় আসুন।",
    "gurmukhi": "ਵੀਰਵਾਰ ਨੂੰ ਮੀਟਿੰਗ ਵਿੱਚ ਆਓ",
    "gujarati": "ગુરુવારે નવી ઓફિસમાં સભામાં આવો",
    "tamil": "வியாழக்கிழமை கூட்டத்திற்கு வாருங்கள்",
    "telugu": "గురువారం సమావేశానికి రండి",
    "kannada": "ಗುರುವಾರ ಸಭೆಗೆ ಬನ್ನಿ",
    "malayalam": "വ്യാഴാഴ്ച യോഗത്തിന് വരൂ",
    "sinhala": "බ්‍රහස්පතින්දා රැස්වීමට එන්න",
    "thai": "เชิญมาประชุมที่สำนักงานใหม่วันพฤหัสบดี",
    "lao": "ເຊີນມາປະຊຸມວັນພະຫັດ",
    "khmer": "សូមមកប្រជុំនៅថ្ងៃព្រហស្បតិ៍",
    "myanmar": "ကြာသပတေးနေ့ အစည်းအဝေး",
    "georgian": "მოდით შეხვედრაზე ხუთშაბათს",
    "armenian": "Եկեք հանդիպման հինգշաբթի օրը",
    "ethiopic": "ሐሙስ በአዲሱ ቢሮ ስብሰባ",
    "simplified": "请于星期四到新办公室开会，谢谢！直骨",
    "traditional": "請於星期四到新辦公室開會，謝謝！塽劂",
    "japanese": "木曜日に新しいオフィスで会議を開きます。ｶﾅ",
    "korean": "목요일에 새 사무실에서 회의가 있습니다",
    "emoji": "👩‍👩‍👧‍👦 🎉\u00a0👍🏿\u2003☕\u202f🎉",
    "signs": "𝓗𝓮𝓵𝓵𝓸 𝗯𝗼𝗹𝗱 ★ ✔ ● ➤ ░ → ≤ ∞",
}
#: Where a reader turns a line around, what it gives back depends on the reader more than on the file.
TURNED = {"arabic", "persian", "urdu", "hebrew"}
#: What pikepdf's checker does not know, or does not know yet: level U, claims beside its own, shadings and patterns.
NOT_KNOWN = {"ISO_19005_3:6.6.2.3.1-1", "ISO_19005_3:6.6.4-3", "pikepdf:schema-Resources"}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """A chapter's report with a finding in every script."""
    findings = tuple(
        finding("ala.private_data.phone", f"{name}: {text} 555-0100", "555-0100") for name, text in SAMPLES.items()
    )
    view = replace(build_chapter(quiet(findings=findings)), chapter_name="東京 Chapter, თბილისი, 서울, القاهرة")
    return render_chapter(view, tmp_path_factory.mktemp("scripts"))


def opened(face: Face) -> TTFont:
    body = (FONTS / face.file).read_bytes()
    return TTFont(io.BytesIO(gzip.decompress(body) if face.file.endswith(".gz") else body), lazy=True)


# --- the files --------------------------------------------------------------------------------------------------------


def test_every_file_is_in_the_table_with_its_licence() -> None:
    """No file is left over, none is missing, none is large; the licence and every copyright line stand beside them."""
    licence = (FONTS / "OFL.txt").read_text("utf-8")

    assert {face.file for face in fonts.faces()} == {
        path.name for path in FONTS.iterdir() if path.suffix in {".woff2", ".gz"}
    }
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 11_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    for face in fonts.faces():
        assert [line for line in licence.splitlines() if ": " in line and face.file.startswith(line.partition(":")[0])]


def test_no_two_files_share_a_name() -> None:
    """WeasyPrint tells fonts apart by name and weight: two of one name are drawn with each other's glyphs."""
    counted = Counter((face.family, face.weight) for face in fonts.faces())

    assert [] == [name for name, count in counted.items() if count > 1]


@pytest.mark.parametrize("face", fonts.faces(), ids=lambda face: face.file)
def test_the_table_promises_what_the_font_has(face: Face) -> None:
    """A sign promised and not drawn would be a hole in a report. No font has colours: dates would be emoji."""
    font = opened(face)
    points = set(font.getBestCmap())

    assert [] == [hex(point) for span in face.spans for point in range(*span) if point not in points]
    # A blank is drawn with the font of what stands before it.
    assert 0x20 in points
    assert not {"COLR", "CBDT", "sbix", "SVG "} & set(font.keys())


# --- which are loaded -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "languages", "families"),
    [
        ("Grüße aus Łódź 🎉 №1", (), []),
        ("Ελάτε, приходите", (), []),
        ("שלום", (), ["Noto Sans Hebrew"]),
        ("ไทย", (), ["Noto Sans Thai"]),
        ("会議", (), ["Noto Sans SC"]),
        ("会議", ("ja",), ["Noto Sans JP"]),
        ("會議", ("zh-TW",), ["Noto Sans TC"]),
        ("会議 会议", ("ja", "zh"), ["Noto Sans SC", "Noto Sans JP"]),
        # A letter its own language's face lacks comes from another.
        ("会议", ("ja",), ["Noto Sans JP", "Noto Sans SC"]),
        ("회의", ("ko", "en"), ["Noto Sans KR"]),
    ],
)
def test_only_what_a_text_needs_is_loaded(text: str, languages: tuple[str, ...], families: list[str]) -> None:
    """Unpacking fonts costs more than a page: Latin reports load none, others those of their letters."""
    assert families == [face.family for face in fonts.needed(text, languages)]


@pytest.mark.parametrize(
    ("text", "around", "language"),
    [
        ("Lunch & learn", "en", ""),
        ("会議を開きます", "en", "ja"),
        ("한국어 会議", "en", "ko"),
        ("请于星期四开会", "en", "zh"),
        ("請於星期四到新辦公室開會", "en", "zh-Hant"),
        ("会議", "ja", "ja"),
        ("会議", "ko", "ko"),
    ],
)
def test_a_language_is_read_off_its_letters(text: str, around: str, language: str) -> None:
    """Kana are Japanese, hangul Korean; Han alone is what stands around it, or Chinese."""
    assert language == fonts.language_of(text, around)


def test_texts_of_east_asia_say_their_language() -> None:
    """A quotation is one text whatever is marked in it; addresses, titles, drawings and style sheets stay alone."""
    page = (
        '<html lang="en"><head><title>東京</title><style>/* 東 */</style></head><body>'
        "<h1>上海 Chapter</h1>"
        "<svg><title>東</title></svg>"
        '<blockquote><bdi>会議を<mark>東京</mark>で</bdi></blockquote><p id="東">x</p></body>'
    )

    assert (
        '<html lang="en"><head><title>東京</title><style>/* 東 */</style></head><body>'
        '<h1><span lang="zh">上海 Chapter</span></h1><svg><title>東</title></svg>'
        '<blockquote><bdi lang="ja">会議を<mark>東京</mark>で</bdi></blockquote><p id="東">x</p></body>'
    ) == fonts.with_languages(page, "en")


def test_letters_are_said_beside_a_line_only_where_glyphs_are_not_letters() -> None:
    """Marks, joined emoji and flags need it; plain words do not, and lines that run to the left are left to readers."""
    assert [True, True, True, False, False, False, False] == [
        needs_letters(text) for text in ("สำนัก", f"👩{PART}👧", "🇩🇪", "Grüße", "会議", "שָׁלוֹם", "مرحبا")
    ]


# --- what is drawn ----------------------------------------------------------------------------------------------------


def shown_glyphs(pdf: pikepdf.Pdf) -> dict[str, set[int]]:
    """Font -> glyph numbers its texts show, over all pages. Every font of ours has numbers of two bytes."""
    shown: dict[str, set[int]] = {}
    for page in pdf.pages:
        names = {str(name): str(font.BaseFont) for name, font in page.Resources.Font.items()}
        font = ""
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                font = names[str(operands[0])]
            elif str(operator) in {"Tj", "TJ"}:
                parts = operands[0] if str(operator) == "TJ" else operands
                for part in (bytes(one) for one in parts if isinstance(one, pikepdf.String)):
                    shown.setdefault(font, set()).update(
                        int.from_bytes(part[at : at + 2], "big") for at in range(0, len(part), 2)
                    )
    return shown


def test_no_sign_of_any_script_is_missing(page: Rendered) -> None:
    """Glyph 0 is a font's sign for "missing"; and only bundled families draw."""
    with pikepdf.open(page.pdf_path) as pdf:
        shown = shown_glyphs(pdf)
    families = {face.family.replace(" ", "-") for face in fonts.faces()}

    assert len(shown) > 25
    assert [] == [font for font, glyphs in shown.items() if 0 in glyphs]
    drawn = {name.partition("+")[2].removesuffix("-Semi-Bold").rstrip(",") for name in shown}
    assert set() == drawn - families


def test_every_glyph_is_its_own_fonts(page: Rendered) -> None:
    """Glyphs exist, with the width the page took them for, and each reads as something: PDF/A by another's checker."""
    from pikepdf.pdfa import validate_written  # noqa: PLC0415 - it needs libraries that only the tests have

    found = [one for one in validate_written(page.pdf_path, "3b").findings if one.rule not in NOT_KNOWN]

    assert [] == found
    with pikepdf.open(page.pdf_path) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            assert b"> <>" not in font.ToUnicode.read_bytes(), str(font.BaseFont)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler's pdftotext")
def test_every_script_can_be_read_back(page: Rendered) -> None:
    """Another's program reads the letters that were written, in their order."""
    done = subprocess.run(["pdftotext", "-layout", page.pdf_path, "-"], capture_output=True, text=True, check=True)
    read = {line.split(":")[0].strip(): line for line in done.stdout.splitlines() if ": " in line}

    for name in SAMPLES.keys() - TURNED:
        assert letters(f"{name}: {SAMPLES[name]} 555-0100") == letters(read[name])
    for name in TURNED:
        assert Counter(letters(SAMPLES[name])) == Counter(letters(read[name].partition(":")[2].replace("555-0100", "")))


def letters(line: str) -> str:
    """A line without blanks and what only says how its neighbours are drawn."""
    return "".join(char for char in line if not (char.isspace() or unicodedata.category(char) == "Cf"))


def test_what_no_font_draws_is_named_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A private sign, a script we have no font for: its code point is printed, and the log says how many there were.

    Tifinagh has a font on most machines. It must not be used, or the bytes would be another machine's.
    """
    text = "x\ue000y \u2d63\u2d63 555-0100"
    view = build_chapter(quiet(findings=(finding("ala.private_data.phone", text, "555-0100"),)))
    with caplog.at_level(logging.WARNING, "reports"):
        answer = render_chapter(replace(view, chapter_name="Chapter \ue001"), tmp_path)

    with pikepdf.open(answer.pdf_path) as pdf:
        drawn = shown_glyphs(pdf)
    assert {"Source", "Noto"} >= {name.partition("+")[2].split("-")[0] for name in drawn}
    assert all(0 not in glyphs for glyphs in drawn.values())
    counted = [record.getMessage() for record in caplog.records if "no bundled font" in record.getMessage()]
    assert 1 == len(counted)
    assert "\ue000" not in counted[0]
    assert "\u2d63" not in counted[0]
    assert "\ue000" in answer.html_path.read_text("utf-8")
