"""Cutting a column of posts into the words that the trained models read.

The models see the plain view of a text (`checks.text`), so disguises are undone before they look. What is left is cut
at blanks into chunks; a chunk is taken apart once however often it occurs. Links, handles, e-mail addresses and numbers
become placeholders: who is addressed and what a number says must not decide. Words without a Latin letter become the
placeholder `OTHER`, for the models know nothing about them and must not guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.text import MASK, Text, plain_of

URL, USER, MAIL, NUMBER, OTHER = "<url>", "<user>", "<mail>", "<num>", "<other>"
PLACEHOLDERS = (URL, USER, MAIL, NUMBER, OTHER)
#: Signs that are words of their own: they end a sentence, ask, cry out or quote.
SIGNS = frozenset('.?!"')
#: Longer words are cut here; a post may be one unbroken word of 60,000 characters.
MOST_LETTERS = 40
#: A post is read up to this many words, which no platform's post exceeds by itself.
MOST_WORDS = 4_000

#: Letters set apart by single blanks are one chunk ("s p a c e d"), everything else is cut at blanks.
_CHUNK = re.compile(r"(?<!\S)[a-z](?: [a-z]){2,14}(?!\S)|\S+")
_LETTERS_ALONE = re.compile(" [a-z] [a-z]")
_LINK = re.compile(
    r"^[(\"'\[<]*(?:https?://|www\.)|^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|gov|edu|co|ly|io)(?:/|$)"
)
_MAIL = re.compile(r"^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+$")
_PART = re.compile(
    r"(?P<user>@[a-z0-9_]\w*|\[user\])"
    r"|(?P<url>\[url\])"
    r"|(?P<number>\d[\d.,:/]*(?:st|nd|rd|th|k|m|pm|am|%)?(?![^\W\d_])|\d+)"
    r"|(?P<word>(?:[^\W\d_]|[$](?=[a-z$])|(?<=[a-z])[$]|(?<=[a-z])[*#@%$013457!](?=[*#@%$013457!]{0,8}[a-z])|(?<=[a-z*])\*)"
    r"(?:[^\W\d_]|'(?=[a-z])|(?<=[a-z*#@%$013457!])[*#@%$013457!](?=[*#@%$013457!]{0,8}[a-z*])|(?<=[a-z*])\*|(?<=[a-z])[$])*)"
    r"|(?P<sign>[.?!…\"“”«»]+)"
    r"|(?P<symbol>[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u203c\u2049])"
)
_LEET = str.maketrans("013457@$!", "oieastasi")
_LETTERS_APART = re.compile(r"[a-z](?:[ .\-_*/|][a-z]){2,14}")
_LONG_RUN = re.compile(r"([a-z!?.*])\1{2,}")
_MASKING = re.compile(r"[*#%]")
_LATIN = re.compile(r"[a-z]")
_SIGN = {"…": ".", "“": '"', "”": '"', "«": '"', "»": '"'}

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Word:
    """A word as the models read it, and where it stands: half-open characters of `Text.plain`."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Column:
    """A column of texts as numbers: `tokens` are places in `vocabulary`, `first[i]` is where text i begins in them."""

    vocabulary: tuple[str, ...]
    tokens: Ints
    first: Ints

    @property
    def lengths(self) -> Ints:
        """How many words each text has."""
        return np.diff(self.first)


def read(texts: Sequence[str]) -> Column:
    """The words of every text; a text that is missing or empty has none."""
    number: dict[str, int] = {}
    of_chunk: dict[str, tuple[int, ...]] = {}
    tokens: list[int] = []
    first = [0]
    for text in texts:
        begin = len(tokens)
        for chunk in _chunks(plain_of(text)):
            known = of_chunk.get(chunk)
            if known is None:
                known = tuple(number.setdefault(part[0], len(number)) for part in _parts(chunk))
                of_chunk[chunk] = known
            tokens += known
        del tokens[begin + MOST_WORDS :]
        first.append(len(tokens))
    return Column(tuple(number), np.asarray(tokens, dtype=np.int64), np.asarray(first, dtype=np.int64))


def _chunks(plain: str) -> list[str]:
    # Cutting at blanks is several times faster, and few texts have letters set apart.
    return _CHUNK.findall(plain) if _LETTERS_ALONE.search(plain) else plain.split()


def has_words(column: Column) -> npt.NDArray[np.bool_]:
    """Which texts have a word that is no placeholder and no sign."""
    telling = np.asarray([word not in PLACEHOLDERS and word not in SIGNS for word in column.vocabulary], dtype=np.bool_)
    text_of = np.repeat(np.arange(len(column.first) - 1), column.lengths)
    counts = np.bincount(text_of[telling[column.tokens]] if len(telling) else text_of, minlength=len(column.first) - 1)
    return np.asarray(counts > 0)


def words(text: Text) -> list[Word]:
    """The words of one text with their places; the same words as `read` gives."""
    return list(_words(text))[:MOST_WORDS]


def _words(text: Text) -> Iterator[Word]:
    for chunk in _CHUNK.finditer(text.plain):
        for word, start, end in _parts(chunk.group()):
            yield Word(word, chunk.start() + start, chunk.start() + end)


@lru_cache(maxsize=100_000)
def _parts(chunk: str) -> tuple[tuple[str, int, int], ...]:
    whole = _whole(chunk)
    if whole is not None:
        return ((whole, 0, len(chunk)),)
    parts = ((_canonical(found), found.start(), found.end()) for found in _PART.finditer(chunk))
    return tuple((word, start, end) for word, start, end in parts if word)


def _whole(chunk: str) -> str | None:
    """The word a chunk is as a whole, or None where it is made of parts."""
    if chunk.isalpha() and chunk.isascii():
        return _settled(chunk)
    if _LINK.search(chunk):
        return URL
    if "@" in chunk and _MAIL.match(chunk):
        return MAIL
    return _settled(re.sub(r"[^a-z]", "", chunk)) if _LETTERS_APART.fullmatch(chunk) else None


def _canonical(found: re.Match[str]) -> str:
    kind, written = str(found.lastgroup), found.group()
    if kind == "user":
        return USER
    if kind == "url":
        return URL
    if kind == "number":
        return NUMBER
    if kind == "sign":
        return (
            '"'
            if _SIGN.get(written[0], written[0]) == '"'
            else "?"
            if "?" in written
            else "!"
            if "!" in written
            else "."
        )
    if kind == "symbol":
        return written
    return _settled(written)


def _settled(word: str) -> str:
    """A word without its disguise: digits read as letters, masking signs all `*`, stretched letters twice."""
    if MASK in word or not _LATIN.search(word):
        return OTHER
    if not word.isalpha() and "'" not in word:
        word = _MASKING.sub("*", word).translate(_LEET)
    if word in ("url", "httpurl"):
        return URL
    if word == "user":
        return USER
    return _LONG_RUN.sub(r"\1\1", word)[:MOST_LETTERS]


def as_bytes(strings: Sequence[str]) -> npt.NDArray[Any]:
    """Strings as one array of UTF-8 bytes, a line each: what goes into a weights file instead of a pickle."""
    return np.frombuffer("\n".join(strings).encode("utf-8"), dtype=np.uint8)


def from_bytes(stored: npt.NDArray[Any]) -> list[str]:
    """The strings that `as_bytes` stored."""
    text = stored.tobytes().decode("utf-8")
    return text.split("\n") if text else []
