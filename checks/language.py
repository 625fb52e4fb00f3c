"""Which language a text is in: by its small words, its script, by py3langid, by the words that lexicons know.

A wrong language makes a wrong "clean", so what stays undecided is taken to be in the account's language.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property, lru_cache
from itertools import chain, repeat
from typing import Any

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from checks.text import Text
from checks.vocabulary import Words
from checks.word_classes import entries

#: Languages associations of this kind write in; fewer candidates make short posts more certain.
CANDIDATES = (
    *("af", "ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id"),
    *("it", "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tl", "tr"),
    *("uk", "vi", "zh"),
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
#: Small words as `Text.plain` shows them. The languages below the first seven have no lexicon here; they stand by so
#: that a text in them is not taken for one.
_SMALL_WORDS = {
    "en": entries("small_words_en"),
    "es": entries("small_words_es"),
    "fr": entries("small_words_fr"),
    "de": entries("small_words_de"),
    "pt": entries("small_words_pt"),
    "it": entries("small_words_it"),
    "nl": entries("small_words_nl"),
    "af": entries("small_words_af"),
    "ca": entries("small_words_ca"),
    "ro": entries("small_words_ro"),
    "da": entries("small_words_da"),
    "no": entries("small_words_no"),
    "sv": entries("small_words_sv"),
    "pl": entries("small_words_pl"),
    "id": entries("small_words_id"),
    "tl": entries("small_words_tl"),
    "vi": entries("small_words_vi"),
    "tr": entries("small_words_tr"),
    "fi": entries("small_words_fi"),
}
_WITH_LEXICONS = ("en", "es", "fr", "de", "pt", "it", "nl")
_ENGLISH = frozenset(_SMALL_WORDS["en"])
#: What a language that only stands by shares with English tells nothing for it: it has other words enough.
_WORDS_OF = {
    code: frozenset(words) - (frozenset() if code in _WITH_LEXICONS else _ENGLISH)
    for code, words in _SMALL_WORDS.items()
}
_TELLS = {
    word: tuple(code for code, words in _WORDS_OF.items() if word in words)
    for word in frozenset().union(*_WORDS_OF.values())
}
SMALL_WORDS = frozenset(_TELLS)
#: So many different small words of a language, and so many times those of any other, tell it.
_ENOUGH = 3
_TIMES_MORE = 2
#: Letters of alphabets other than the Latin one.
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2c00-\u2dff\u3041-\ua7ff\ua840-\uabff\uac00-\ud7ff]")

#: Neighbours that share most words: what is of the two but not surely Afrikaans is Dutch, which rules read.
_NEIGHBOURS = ("af", "nl")

#: So many words, and such a part of all, are of the language that a platform's tag is doubted for. Of 45,909 short
#: strings of programs in 31 languages that no lexicon here is in, 1.0 % are then taken for English, 0.6 % for Spanish
#: (half of them Catalan and Galician); of 2,346 English tweets of nine words at most 65 % are kept from being unread.
_TWO = 2
_MOST = 0.6

_NOT_A_LANGUAGE = frozenset({"und", "zxx", "mul", "mis", "qme", "qst", "qht", "qam", "qct", "art", "in"})
_OLD_CODES = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


def language_of(text: Text, *, said: str | None, fallback: str, known: KnownWords) -> str:
    """ISO 639-1 of a text: what the platform said, else what the text shows, else the account's language.

    Where no lexicon is in the language that the platform named, the account's own is asked for first: X takes many a
    post of a few English words for Estonian or Tagalog, and then no rule would read it.

    `known`: the words of the pack that judges the text.
    """
    own = normal_code(fallback) or "en"
    tagged = normal_code(said)
    if tagged is None:
        return detect(text) or known.language_of(text, own) or own
    return own if not known.reads(tagged) and _is_in(own, text, known) else tagged


def _is_in(language: str, text: Text, known: KnownWords) -> bool:
    """Whether a text shows that it is in a language, or has few words and most of them are of it."""
    shown = detect(text)
    return shown == language if shown else known.knows_most(text, language)


def normal_code(code: Any) -> str | None:
    """A platform's language tag as ISO 639-1, or None where it names no language (`und`, `zxx`, X's `qme`)."""
    if not isinstance(code, str) or not code:
        return None
    short = re.split(r"[-_]", code.strip().lower())[0]
    short = _OLD_CODES.get(short, short)
    return None if short in _NOT_A_LANGUAGE or not re.fullmatch(r"[a-z]{2,3}", short) else short


def detect(text: Text) -> str | None:
    """What the words of a text show, or None where they are too few or undecided."""
    words = frozenset(text.plain.split())
    return by_small_words(text.plain, words) or _detect(text.prose)


def by_small_words(plain: str, words: AbstractSet[str]) -> str | None:
    """The language whose small words (articles, pronouns, prepositions) stand in a text, or None where that is unsure.

    `words` are the different words of `plain`; a text that also has another script is left to the whole detector.
    """
    telling = words & SMALL_WORDS
    if len(telling) < _ENOUGH:
        return None
    votes: dict[str, int] = {}
    for word in telling:
        for code in _TELLS[word]:
            votes[code] = votes.get(code, 0) + 1
    best = max(votes, key=votes.__getitem__)
    count = votes.pop(best)
    second = max(votes.values(), default=0)
    if count < _ENOUGH or count < _TIMES_MORE * second or (not plain.isascii() and _OTHER_SCRIPT.search(plain)):
        return None
    return best


def all_by_small_words(plains: Sequence[str], words: Words) -> list[str | None]:
    """What `by_small_words` says of each of many texts; `words` are theirs."""
    small = np.fromiter(map(_PLACE_OF.get, words.different, repeat(-1)), dtype=np.int64, count=len(words.different))
    places = small[words.word]
    is_small = places >= 0
    # Each small word votes once a text.
    is_said = np.zeros(len(plains) * len(_VOTES), dtype=np.bool_)
    is_said[words.text[is_small] * len(_VOTES) + places[is_small]] = True
    text, word = np.divmod(np.flatnonzero(is_said), len(_VOTES))
    votes = np.zeros((len(plains), len(_CODES)), dtype=np.int16)
    if len(text):
        first = np.flatnonzero(np.diff(text, prepend=-1))
        votes[text[first]] = np.add.reduceat(_VOTES[word], first, axis=0, dtype=np.int16)
    best = votes.argmax(axis=1)
    count = votes.max(axis=1)
    votes[np.arange(len(plains)), best] = 0
    is_sure = (count >= _ENOUGH) & (count >= _TIMES_MORE * votes.max(axis=1))
    sure: list[str | None] = [_CODES[at] if told else None for at, told in zip(best.tolist(), is_sure, strict=True)]
    return [
        code if code is None or plain.isascii() or not _OTHER_SCRIPT.search(plain) else None
        for code, plain in zip(sure, plains, strict=True)
    ]


class KnownWords:
    """Which words the lexicons of a pack know, by language: they tell the language of a post of a few words.

    Such a post has too few small words and letters; but whatever a rule could find in it, some lexicon knows. Languages
    with `fewest` words and less are left out: those of a few disclaimers would lose against their neighbours.
    """

    def __init__(self, words: Mapping[str, AbstractSet[str]], *, fewest: int = 1000) -> None:
        """`words`: by ISO 639-1 code, as `Text.words` has them between blanks; small words are known anyway."""
        self._read = frozenset(words)
        known = {code: frozenset(chain.from_iterable(map(_LETTERS.findall, own))) for code, own in words.items()}
        self._of = {code: own | _WORDS_OF.get(code, frozenset()) for code, own in known.items() if len(own) > fewest}

    def reads(self, language: str) -> bool:
        """Whether any lexicon is in a language."""
        return language in self._read

    def knows_most(self, text: Text, language: str) -> bool:
        """Whether most words of a text, two at least, are of a language, and fewer of any other."""
        counts = self._counts(text)
        count = counts.pop(language, 0)
        least = max(_TWO, _MOST * len(_said(text)))
        return count >= least and count > max(counts.values(), default=0)

    def language_of(self, text: Text, fallback: str) -> str | None:
        """The language that knows more of the words than any other, or None where two know as many.

        None, too, where nothing is known of `fallback`, the account's language: what is written in it would be taken
        for the one that resembles it most.
        """
        if fallback not in self._of:
            return None
        counts = self._counts(text)
        best = max(counts, key=counts.__getitem__)
        count = counts.pop(best)
        return best if count > max(counts.values(), default=0) else None

    def _counts(self, text: Text) -> dict[str, int]:
        said = _said(text)
        return {code: len(said & known) for code, known in self._of.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of them all."""
        listed = {code: sorted(words) for code, words in sorted(self._of.items())}
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


_LETTERS = re.compile(r"[^\W\d_]+")


def _said(text: Text) -> frozenset[str]:
    return frozenset(_LETTERS.findall(text.words))


#: Each small word by its place, and the languages it speaks for.
_CODES = tuple(_WORDS_OF)
_PLACE_OF = {word: place for place, word in enumerate(_TELLS)}
_VOTES = np.array([[code in codes for code in _CODES] for codes in _TELLS.values()], dtype=np.int16)


@lru_cache(maxsize=50_000)
def _detect(prose: str) -> str | None:
    letters = sum(map(str.isalpha, prose))
    if not letters:
        return None
    by_script = None if prose.isascii() else _by_script(prose, letters)
    if by_script:
        return by_script
    if letters < MIN_LETTERS:
        return None
    code, confidence = _identifier().classify(prose)
    if code in _NEIGHBOURS and confidence < MIN_CONFIDENCE:
        code, confidence = "nl", sum(sure for other, sure in _identifier().rank(prose) if other in _NEIGHBOURS)
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
