"""What the linear models look at in a text, computed for a whole column with numpy.

Every feature is a row of one table, found by hashing, so that a model is its weights and nothing else:

- the letters of a word: character n-grams of 2 to 5, bounded by the word, weighing one word together;
- the word, and two words in a row;
- the *kind* of a word: words of the lexicons become their kind (a protected group, a slur, an insult, an act of
  violence, …), words that carry grammar stay themselves and all others become one blank. Runs of three and pairs up to
  four apart let a model learn "all GROUP are INSULT" once for every group and every insult. That a kind occurs at all
  counts the same in a long text as in a short one; everything else is weighed down by the text's length.

The letters are looked at once for each distinct word, however often it occurs; a text is then the sum of its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from checks.classifier.words import PLACEHOLDERS, SIGNS, Column, Ints

Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]

#: Rows of the table of weights: those of letters and words first, those of kinds behind them.
WORD_BITS, KIND_BITS = 18, 15
WORD_ROWS = 1 << WORD_BITS
SIZE = WORD_ROWS + (1 << KIND_BITS)
NGRAMS = (2, 3, 4, 5)
#: How far apart two words of a pair of kinds may stand.
REACH = 4
#: A text's words are weighed down by the square root of their number and this.
CALM = 6.0
#: Grammar: words that stay themselves where other words become a blank.
GRAMMAR = tuple(
    (  # noqa: SIM905 - words read better as a sentence
        "i me my we us our you u ur your yours y'all he him his she her they them their it this that these those "
        "who what why how all every some any no not never none nobody don't dont can't cant won't isn't ain't "
        "aren't is are was were be been am i'm you're youre they're he's she's it's will would should shall must "
        "can could may might gonna going want need has have had do does did go get got let let's if or and but "
        "because so like as than to of in on for from with by at about out back please thanks thank still again "
        "just only even too very really such another someone everyone anyone people person said says told called "
        "calling hope wish deserve deserves i'll we'll you'll i'd "
    ).split()
)
#: What it counts that a kind occurs, beside a word that counts 1 before it is weighed down.
PRESENCE = 2.0
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_KIND_SALT, _PAIR_SALT, _RUN_SALT, _WORD_SALT, _BIGRAM_SALT = (np.uint64(salt) for salt in range(101, 106))
_BLANK = 0
#: What `words` writes for a masked letter, and the kinds of words that people mask.
MASKED = "*"
HIDDEN_KINDS = ("profanity", "slur")
LEAST_STEM, MOST_STEM = 4, 16


@dataclass(frozen=True)
class Kinds:
    """Which kinds words have. `of` maps a word, or words joined by blanks, to a kind; at most three words count."""

    of: Mapping[str, str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every kind and every grammar word; place 0 is the blank."""
        kinds = sorted(set(self.of.values()))
        return ("", *kinds, *GRAMMAR, *PLACEHOLDERS, *sorted(SIGNS))

    @cached_property
    def telling(self) -> int:
        """Kinds at places 1 to this are lexicon kinds."""
        return len(set(self.of.values()))

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where a name stands in `names`."""
        return {name: at for at, name in enumerate(self.names)}

    def place_of(self, word: str) -> int:
        """The place of a word's kind in `names`: itself, as a plural, as a stem's form, or behind masking signs."""
        found = self._single.get(word)
        if found is None and word.endswith("s"):
            found = self._single.get(word[:-1])
        if found is None and MASKED in word:
            found = self._unmasked(word)
        if found is None:
            lengths = range(min(len(word), MOST_STEM), LEAST_STEM - 1, -1)
            found = next((self._stems[word[:length]] for length in lengths if word[:length] in self._stems), None)
        return _BLANK if found is None else found

    @cached_property
    def _single(self) -> Mapping[str, int]:
        grammar = {word: self.place[word] for word in (*GRAMMAR, *PLACEHOLDERS, *sorted(SIGNS))}
        singles = {word: self.place[kind] for word, kind in self.of.items() if " " not in word and "*" not in word}
        stems = {word[:-1]: self.place[kind] for word, kind in self.of.items() if word.endswith("*")}
        return stems | singles | grammar

    @cached_property
    def _stems(self) -> Mapping[str, int]:
        stems = {
            word[:-1]: self.place[kind] for word, kind in self.of.items() if word.endswith("*") and " " not in word
        }
        return {stem: place for stem, place in stems.items() if len(stem) >= LEAST_STEM}

    @cached_property
    def _maskable(self) -> Mapping[int, tuple[str, ...]]:
        hidden = {self.place[kind] for kind in set(self.of.values()) if kind.startswith(HIDDEN_KINDS)}
        chosen = sorted(word for word, place in self._single.items() if place in hidden)
        return {length: tuple(word for word in chosen if len(word) == length) for length in set(map(len, chosen))}

    def _unmasked(self, word: str) -> int | None:
        fits = (
            other
            for other in self._maskable.get(len(word), ())
            if other[0] == word[0] and all(seen in (letter, MASKED) for seen, letter in zip(word, other, strict=True))
        )
        found = next(fits, None)
        return None if found is None else self._single[found]

    @cached_property
    def phrases(self) -> tuple[tuple[int, Hashes, Ints], ...]:
        """For two and three words: the length, sorted hashes of the phrases and their kinds."""
        return tuple(self._phrases(length) for length in (2, 3))

    def _phrases(self, length: int) -> tuple[int, Hashes, Ints]:
        chosen = [phrase.split(" ") for phrase in sorted(self.of) if phrase.count(" ") == length - 1]
        if not chosen:
            return length, np.zeros(0, np.uint64), np.zeros(0, np.int64)
        each = [word_hashes([words[at] for words in chosen]) for at in range(length)]
        joined = joined_hashes(each)
        order = np.argsort(joined, kind="stable")
        kinds = np.asarray([self.place[self.of[" ".join(words)]] for words in chosen], dtype=np.int64)
        return length, joined[order], kinds[order]


@dataclass(frozen=True)
class Features:
    """The features of a column.

    `letters`/`letters_first`: table rows of each distinct word's letters, and where each word's begin. `word_rows`: the
    row of each distinct word. `counted`: whether a distinct word has weight at all. `spanning`: features of two or
    three tokens as (rows, first token, last token).
    """

    column: Column
    letters: Ints
    letters_first: Ints
    word_rows: Ints
    counted: npt.NDArray[np.bool_]
    spanning: tuple[tuple[Ints, Ints, Ints], ...]
    #: Kinds that occur: their rows, the text, and the token it is first.
    present: tuple[Ints, Ints, Ints]

    @property
    def scale(self) -> Floats:
        """What every text's features are multiplied by."""
        return np.asarray(1.0 / np.sqrt(self.column.lengths + CALM), dtype=np.float32)

    @cached_property
    def text_of(self) -> Ints:
        """The text each token stands in."""
        return np.repeat(np.arange(len(self.column.first) - 1, dtype=np.int64), self.column.lengths)


def features(column: Column, kinds: Kinds) -> Features:
    """The features of every text of a column."""
    vocabulary = list(column.vocabulary)
    counted = np.asarray([word not in PLACEHOLDERS for word in vocabulary], dtype=np.bool_)
    hashes = word_hashes(vocabulary)
    letters, first = letter_hashes(vocabulary)
    text_of = np.repeat(np.arange(len(column.first) - 1, dtype=np.int64), column.lengths)
    by_token = hashes[column.tokens] if len(column.tokens) else np.zeros(0, np.uint64)
    kind = kinds_of(column, by_token, text_of, kinds)
    telling = (kind > _BLANK) & (kind <= kinds.telling)
    spanning = tuple(_spanning(column, by_token, counted, text_of, kind, telling))
    present = _present(text_of, kind, telling)
    return Features(column, _rows(letters), first, _rows(hashes ^ _WORD_SALT), counted, spanning, present)


def word_sums(found: Features, table: npt.NDArray[np.float32]) -> Floats:
    """For each distinct word what its letters and itself weigh, one column a head."""
    if not len(found.word_rows):
        return np.zeros((0, table.shape[1]), np.float32)
    letters = np.add.reduceat(table[found.letters], found.letters_first[:-1], axis=0)
    share = 1.0 / np.sqrt(np.diff(found.letters_first)).astype(np.float32)
    sums = letters * share[:, None] + table[found.word_rows]
    return np.asarray(np.where(found.counted[:, None], sums, np.float32(0)), dtype=np.float32)


def text_sums(found: Features, table: npt.NDArray[np.float32]) -> Floats:
    """The decision of each head for each text, without its intercept."""
    texts = len(found.column.first) - 1
    sums = _by_text(word_sums(found, table)[found.column.tokens], found.text_of, texts)
    for rows, begins, _ends in found.spanning:
        sums += _by_text(table[rows], found.text_of[begins], texts)
    sums *= found.scale[:, None]
    rows, texts_of, _tokens = found.present
    return np.asarray(sums + PRESENCE * _by_text(table[rows], texts_of, texts), dtype=np.float32)


def token_sums(found: Features, table: npt.NDArray[np.float32]) -> Floats:
    """What each token adds to the decisions of its text; what spans two tokens is shared by its first and last."""
    sums = word_sums(found, table)[found.column.tokens].astype(np.float32)
    for rows, begins, ends in found.spanning:
        half = table[rows] / 2
        np.add.at(sums, begins, half)
        np.add.at(sums, ends, half)
    sums *= found.scale[found.text_of][:, None]
    rows, _texts, tokens = found.present
    np.add.at(sums, tokens, np.float32(PRESENCE) * table[rows])
    return np.asarray(sums, dtype=np.float32)


def word_hashes(words: Sequence[str]) -> Hashes:
    """A 64-bit hash of every word: a polynomial of its code points, mixed."""
    if not words:
        return np.zeros(0, np.uint64)
    points, first = _code_points(words)
    at = np.arange(len(points), dtype=np.int64) - np.repeat(first[:-1], np.diff(first))
    return mixed(np.add.reduceat((points + np.uint64(7)) * _powers(int(at.max()) + 1)[at], first[:-1]))


def letter_hashes(vocabulary: Sequence[str]) -> tuple[Hashes, Ints]:
    """Hashes of the character n-grams of every word, word by word, and where each word's begin."""
    if not vocabulary:
        return np.zeros(0, np.uint64), np.zeros(1, np.int64)
    points, first = _code_points([f"<{word}>" for word in vocabulary])
    word_of = np.repeat(np.arange(len(vocabulary), dtype=np.int64), np.diff(first))
    hashes, owners = [], []
    for length in NGRAMS:
        if len(points) < length:
            continue
        windows = len(points) - length + 1
        inside = word_of[:windows] == word_of[length - 1 :]
        rolled = np.zeros(windows, np.uint64)
        for step in range(length):
            rolled = rolled * _BASE + points[step : step + windows] + np.uint64(1)
        hashes.append(mixed(rolled[inside] + np.uint64(length)))
        owners.append(word_of[:windows][inside])
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    begins = np.searchsorted(owner[order], np.arange(len(vocabulary) + 1))
    return np.concatenate(hashes)[order], begins.astype(np.int64)


def _present(text_of: Ints, kind: Ints, telling: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    at = np.flatnonzero(telling)
    _, first = np.unique(text_of[at] * 4096 + kind[at], return_index=True)
    tokens = at[first]
    return _kind_rows(kind[tokens].astype(np.uint64) * _BASE ^ _KIND_SALT), text_of[tokens], tokens


def _spanning(
    column: Column,
    by_token: Hashes,
    counted: npt.NDArray[np.bool_],
    text_of: Ints,
    kind: Ints,
    telling: npt.NDArray[np.bool_],
) -> Iterator[tuple[Ints, Ints, Ints]]:
    tokens = column.tokens

    def pairs(distance: int) -> tuple[Ints, Ints]:
        left = np.arange(max(len(tokens) - distance, 0), dtype=np.int64)
        left = left[text_of[left] == text_of[left + distance]]
        return left, left + distance

    left, right = pairs(1)
    both = counted[tokens[left]] & counted[tokens[right]]
    left, right = left[both], right[both]
    yield _rows(joined_hashes([by_token[left], by_token[right]]) ^ _BIGRAM_SALT), left, right
    for distance in range(1, REACH + 1):
        left, right = pairs(distance)
        # Grammar alone says nothing: one of the two is a kind of the lexicons, and neither is a blank.
        kept = (telling[left] | telling[right]) & (kind[left] != _BLANK) & (kind[right] != _BLANK)
        left, right = left[kept], right[kept]
        near = np.uint64(min(distance, 2))
        yield _kind_rows(_kind_pair(kind[left], kind[right]) * _BASE + near ^ _PAIR_SALT), left, right
    left, right = pairs(2)
    kept = telling[left] | telling[left + 1] | telling[right]
    left, right = left[kept], right[kept]
    run = _kind_pair(kind[left], kind[left + 1]) * np.uint64(4096) + kind[right].astype(np.uint64)
    yield _kind_rows(run * _BASE ^ _RUN_SALT), left, right


def kinds_of(column: Column, by_token: Hashes, text_of: Ints, kinds: Kinds) -> Ints:
    """The kind of each token: a place in `kinds.names`. Longer phrases win over shorter ones and single words."""
    single = np.asarray([kinds.place_of(word) for word in column.vocabulary], dtype=np.int64)
    kind = single[column.tokens] if len(column.tokens) else np.zeros(0, np.int64)
    for length, phrases, places in kinds.phrases:
        windows = len(by_token) - length + 1
        if windows <= 0 or not len(phrases):
            continue
        joined = joined_hashes([by_token[step : step + windows] for step in range(length)])
        at = np.minimum(np.searchsorted(phrases, joined), len(phrases) - 1)
        found = np.flatnonzero((phrases[at] == joined) & (text_of[:windows] == text_of[length - 1 :]))
        for step in range(length):
            kind[found + step] = places[at[found]]
    return kind


def _by_text(values: npt.NDArray[np.float32], text_of: Ints, texts: int) -> npt.NDArray[np.float64]:
    """Sums over the tokens of each text; `bincount` adds in a fixed order, so results do not vary."""
    columns = [np.bincount(text_of, weights=values[:, head], minlength=texts) for head in range(values.shape[1])]
    # Of nothing, `bincount` counts in whole numbers.
    return np.stack(columns, axis=1).astype(np.float64) if columns else np.zeros((texts, 0))


def _code_points(words: Sequence[str]) -> tuple[Hashes, Ints]:
    points = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    return points, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])


def _powers(count: int) -> Hashes:
    return np.concatenate([np.ones(1, np.uint64), np.full(count, _BASE, np.uint64)]).cumprod(dtype=np.uint64)


def joined_hashes(parts: Sequence[Hashes]) -> Hashes:
    """One hash of several a place, which differs with their order."""
    whole = np.zeros_like(parts[0])
    for part in parts:
        whole = whole * _BASE + part + np.uint64(3)
    return whole


def _kind_pair(left: Ints, right: Ints) -> Hashes:
    return left.astype(np.uint64) * np.uint64(4096) + right.astype(np.uint64)


def mixed(hashes: Hashes) -> Hashes:
    """SplitMix64's finaliser (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * _MIX_1
    hashes = (hashes ^ (hashes >> np.uint64(27))) * _MIX_2
    return hashes ^ (hashes >> np.uint64(31))


def _rows(hashes: Hashes) -> Ints:
    return (mixed(hashes) >> np.uint64(64 - WORD_BITS)).astype(np.int64)


def _kind_rows(hashes: Hashes) -> Ints:
    return WORD_ROWS + (mixed(hashes) >> np.uint64(64 - KIND_BITS)).astype(np.int64)
