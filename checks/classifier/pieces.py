"""Words cut into the pieces that the encoder knows: the longest piece first, from left to right.

Source of the method: Wu et al. 2016, Google's Neural Machine Translation System, section 4.1 (WordPiece); the pieces
are those of BERT's lower-case English vocabulary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from checks.classifier.words import MAIL, NUMBER, OTHER, URL, USER, Column

#: Marks of the vocabulary: a text's first and last piece, and what stands for an unknown one.
FIRST, LAST, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
#: Before a piece that goes on with a word.
INSIDE = "##"
#: What the encoder reads for a placeholder.
_PLACEHOLDERS = {URL: "link", USER: "user", MAIL: "mail", NUMBER: "number", OTHER: "other"}
_PART = re.compile(r"[^\W_]+|[^\w\s]|_")

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """The vocabulary, in the order of the rows of the encoder's table."""

    names: tuple[str, ...]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}

    @cached_property
    def first(self) -> int:
        """The piece before every text."""
        return self._numbers[FIRST]

    @cached_property
    def last(self) -> int:
        """The piece after every text."""
        return self._numbers[LAST]

    def of_word(self, word: str) -> tuple[int, ...]:
        """The pieces of a word as `checks.classifier.words` writes it."""
        plain = _without_accents(_PLACEHOLDERS.get(word, word))
        return tuple(number for part in _PART.findall(plain) for number in self._of_part(part))

    def _of_part(self, part: str) -> Sequence[int]:
        found = list(self._longest_first(part))
        # A part that cannot be cut whole is unknown as a whole, as the vocabulary's own models were taught.
        return [self._numbers[UNKNOWN]] if None in found else [number for number in found if number is not None]

    def _longest_first(self, part: str) -> Iterator[int | None]:
        begin = 0
        while begin < len(part):
            mark = INSIDE if begin else ""
            ends = range(len(part), begin, -1)
            end = next((end for end in ends if mark + part[begin:end] in self._numbers), None)
            if end is None:
                yield None
                return
            yield self._numbers[mark + part[begin:end]]
            begin = end


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if unicodedata.category(sign) != "Mn")


@dataclass(frozen=True)
class Cut:
    """A column of texts in pieces: `pieces` one after the other, `first[i]` where text i begins."""

    pieces: Ints
    first: Ints
    #: For each piece the place of its word in `Column.tokens`.
    token_of: Ints


def cut(column: Column, pieces: Pieces) -> Cut:
    """The pieces of every text of a column, without the marks before and after; a word is cut once however often."""
    of_word = [pieces.of_word(word) for word in column.vocabulary]
    counts = np.asarray([len(found) for found in of_word], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)])
    flat = np.asarray([number for found in of_word for number in found], dtype=np.int64)
    of_token = counts[column.tokens] if len(counts) else np.zeros(0, np.int64)
    ends = np.concatenate([[0], np.cumsum(of_token)])
    token_of = np.repeat(np.arange(len(column.tokens)), of_token)
    inside = np.arange(len(token_of)) - ends[token_of]
    found = flat[starts[column.tokens[token_of]] + inside] if len(flat) else np.zeros(0, np.int64)
    return Cut(found, ends[column.first], token_of)
