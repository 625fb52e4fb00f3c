"""The words of many texts as numbers: what is asked of a word is asked once, whatever the number of its places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint8]
Points = npt.NDArray[np.uint32]

#: Texts read at once: more do not make it faster, and their words take memory.
PART = 10_000


@dataclass(frozen=True)
class Words:
    """The words between blanks of some texts, one after the other.

    `different` are the words without repetition; `word` says for each place which of them stands there, `text` in
    which of the texts. `texts` is how many there are.
    """

    different: list[str]
    word: Numbers
    text: Numbers
    texts: int

    def texts_with(self, wanted: Mask) -> Mask:
        """The texts that have one of the wanted of the `different` words."""
        found = np.zeros(self.texts, dtype=np.bool_)
        found[self.text[wanted[self.word]]] = True
        return found

    def where(self, holds: Callable[[str], object]) -> Mask:
        """Of the `different` words those for which something holds."""
        return np.fromiter(map(bool, map(holds, self.different)), dtype=np.bool_, count=len(self.different))


def words_of(texts: Sequence[str]) -> Words:
    """The words of texts, divided where `str.split` divides: Arrow counts the same for blanks as Python."""
    lists = pc.utf8_split_whitespace(pa.array(texts, type=pa.large_string()))
    coded = lists.values.dictionary_encode()
    different: list[str] = coded.dictionary.to_pylist()
    word = coded.indices.to_numpy().astype(np.int64)
    text = np.repeat(np.arange(len(texts)), np.diff(lists.offsets.to_numpy()))
    # Where a text begins or ends with a blank, Arrow gives an empty word.
    if "" in different:
        empty = different.index("")
        is_word = word != empty
        word, text = word[is_word], text[is_word]
        word -= word > empty
        del different[empty]
    return Words(different, word, text, len(texts))


class Joined:
    """Texts in one string, to search them all at once; a line break divides them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.whole = "\n".join(texts)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        #: Behind the last character of each text.
        self.ends = np.cumsum(lengths + 1) - 1

    @property
    def codes(self) -> Codes:
        """One number a character; those beyond Latin-1 are all the same."""
        return np.frombuffer(self.whole.encode("latin-1", "replace"), dtype=np.uint8)

    @property
    def points(self) -> Points:
        """The code point of each character."""
        return np.frombuffer(self.whole.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    def lowered(self) -> Joined | None:
        """The same in lower case; None where that has more characters, for then places are other ones."""
        whole = self.whole.lower()
        if len(whole) != len(self.whole):
            return None
        low = copy(self)
        low.whole = whole
        return low

    def having(self, places: Mask) -> Mask:
        """The texts in which one of the places is; `places` says for each character whether it is one."""
        return self.reached(np.flatnonzero(places[: int(self.ends[-1])] if len(self.ends) else []))

    def reached(self, places: Numbers) -> Mask:
        """The texts in which one of the places is; `places` are where they are, in any order."""
        found = np.zeros(len(self.ends), dtype=np.bool_)
        found[self.texts_at(places)] = True
        return found

    def texts_at(self, places: Numbers) -> Numbers:
        """Which text each place is in."""
        return np.searchsorted(self.ends, places)

    def holding(self, strings: Sequence[str]) -> Mask:
        """The texts that hold one of the strings."""
        found = np.zeros(len(self.ends), dtype=np.bool_)
        for string in strings:
            for text in self._with(string) if string else range(len(found)):
                found[text] = True
        return found

    def _with(self, string: str) -> Iterator[int]:
        at = self.whole.find(string)
        while at >= 0:
            text = int(np.searchsorted(self.ends, at))
            end = int(self.ends[text])
            if at + len(string) <= end:
                yield text
                at = self.whole.find(string, end)
            else:
                at = self.whole.find(string, at + 1)
