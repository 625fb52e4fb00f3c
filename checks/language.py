"""Which language a text is in: by its script, by py3langid, else undecided.

A wrong language makes a wrong "clean", so short or mixed texts stay undecided and fall back to the account's language.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.text import Text

#: Languages associations of this kind write in; fewer candidates make short posts more certain.
CANDIDATES = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja"),
    *("ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tl", "tr", "uk", "vi", "zh"),
)

#: Fewer letters than this are not enough to tell languages that share a script.
MIN_LETTERS = 24
MIN_CONFIDENCE = 0.85

#: A script that only few languages use decides at once. Kana before Han: Japanese writes both.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("ar", re.compile(r"[\u0620-\u064a\u0671-\u06d3]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_NOT_A_LANGUAGE = frozenset({"und", "zxx", "mul", "mis", "qme", "qst", "qht", "qam", "qct", "art", "in"})
_OLD_CODES = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


def language_of(text: Text, *, said: str | None, fallback: str) -> str:
    """ISO 639-1 of a text: what the platform said, else what the text shows, else the account's language."""
    return normal_code(said) or detect(text) or normal_code(fallback) or "en"


def normal_code(code: Any) -> str | None:
    """A platform's language tag as ISO 639-1, or None where it names no language (`und`, `zxx`, X's `qme`)."""
    if not isinstance(code, str) or not code:
        return None
    short = re.split(r"[-_]", code.strip().lower())[0]
    short = _OLD_CODES.get(short, short)
    return None if short in _NOT_A_LANGUAGE or not re.fullmatch(r"[a-z]{2,3}", short) else short


def detect(text: Text) -> str | None:
    """What the words of a text show, or None where they are too few or undecided."""
    return _detect(text.prose)


@lru_cache(maxsize=50_000)
def _detect(prose: str) -> str | None:
    letters = sum(map(str.isalpha, prose))
    if not letters:
        return None
    by_script = _by_script(prose, letters)
    if by_script:
        return by_script
    if letters < MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(prose)
    return str(code) if confidence >= MIN_CONFIDENCE else None


def _by_script(prose: str, letters: int) -> str | None:
    counts = Counter({code: len(pattern.findall(prose)) for code, pattern in _SCRIPTS})
    if counts["ja"] and counts["ja"] + counts["zh"] > letters / 2:
        return "ja"
    code, count = counts.most_common(1)[0]
    if count <= letters / 2:
        return None
    # Cyrillic is shared: only the detector can tell Ukrainian or Bulgarian, Russian is the fallback.
    if code == "ru" and letters >= MIN_LETTERS:
        told, confidence = _identifier().classify(prose)
        return str(told) if confidence >= MIN_CONFIDENCE else "ru"
    return code


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(CANDIDATES)
    return identifier
