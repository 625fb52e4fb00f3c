"""The encoder: how words are cut into pieces, that it reads as its architecture says, and long texts to their end."""

from __future__ import annotations

import importlib
import math
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.classifier import store
from checks.classifier.encoder import MOST_PIECES, Dense, Encoder, Layer, Norm, Rounded
from checks.classifier.pieces import FIRST, LAST, UNKNOWN, Pieces, cut
from checks.classifier.words import read

ROOT = Path(__file__).resolve().parents[2]
NAMES = (FIRST, LAST, UNKNOWN, "cat", "##s", "##al", "##og", "un", "##fold", "##ed", "'", "link", "user", "s", "e")
PIECES = Pieces(NAMES)
FAMILIES = ("hate", "threat")


# --- pieces ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("cat", ["cat"]),
        ("cats", ["cat", "##s"]),
        ("catalog", ["cat", "##al", "##og"]),
        ("unfolded", ["un", "##fold", "##ed"]),
        ("cat's", ["cat", "'", "s"]),
        ("é", ["e"]),
        ("catx", [UNKNOWN]),
        ("猫", [UNKNOWN]),
        ("<url>", ["link"]),
        ("<user>", ["user"]),
        ("", []),
    ],
)
def test_words_are_cut_longest_piece_first(word: str, pieces: list[str]) -> None:
    """A word that cannot be cut whole is unknown as a whole; a sign inside a word is a word of its own."""
    assert pieces == [NAMES[number] for number in PIECES.of_word(word)]


def test_a_column_is_cut_text_by_text() -> None:
    """Every text has its own pieces, also one without any, and every piece knows its word."""
    found = cut(read(["cats unfolded", "", "cat @someone"]), PIECES)
    each = np.split(found.pieces, found.first[1:-1])
    assert [["cat", "##s", "un", "##fold", "##ed"], [], ["cat", "user"]] == [[NAMES[at] for at in own] for own in each]
    assert [0, 0, 1, 1, 1, 2, 3] == found.token_of.tolist()


@pytest.mark.parametrize(
    "word", ["volunteer", "breastfeeding", "threatening", "honeymoon", "resignation", "2026", "f**k"]
)
def test_the_vocabulary_that_comes_along_cuts_any_latin_word(word: str) -> None:
    """English words and masked ones are no unknown pieces."""
    pieces = store.encoder().pieces
    assert pieces.names.index(UNKNOWN) not in pieces.of_word(word)


# --- reading ---------------------------------------------------------------------------------------------------------


def _small(heads: int = 2, width: int = 8, layers: int = 2) -> Encoder:
    chance = np.random.default_rng(7)

    def drawn(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.5, shape).astype(np.float32)

    def dense(inputs: int, outputs: int) -> Dense:
        return Dense(Rounded.of(drawn(inputs, outputs), along=0), drawn(outputs))

    def norm() -> Norm:
        return Norm(1 + drawn(width), drawn(width))

    def layer() -> Layer:
        return Layer(
            attend=dense(width, 3 * width),
            gather=dense(width, width),
            after_gather=norm(),
            widen=dense(width, 4 * width),
            narrow=dense(4 * width, width),
            after_narrow=norm(),
            heads=heads,
        )

    table = Rounded.of(drawn(len(NAMES), width), along=1)
    many = tuple(layer() for _ in range(layers))
    return Encoder(FAMILIES, PIECES, table, drawn(MOST_PIECES, width), norm(), many, dense(width, len(FAMILIES)))


def _read_slowly(encoder: Encoder, pieces: list[int]) -> np.ndarray:
    """What each piece of a window decides, read piece by piece and head by head, as the architecture is described."""

    def norm(how: Norm, row: np.ndarray) -> np.ndarray:
        return (row - row.mean()) / math.sqrt(row.var() + 1e-12) * how.scale + how.shift

    def dense(how: Dense, row: np.ndarray) -> np.ndarray:
        return row @ how.weights.exact.astype(float) + how.shift

    def bent(value: float) -> float:
        return 0.5 * value * (1 + math.tanh(math.sqrt(2 / math.pi) * (value + 0.044715 * value**3)))

    rows = [norm(encoder.start, encoder.table.exact[at] + encoder.places[place]) for place, at in enumerate(pieces)]
    width = len(rows[0])
    for layer in encoder.layers:
        parts = [np.split(dense(layer.attend, row), 3) for row in rows]
        size = width // layer.heads
        gathered = []
        for asked, _, _ in parts:
            heads = []
            for head in range(layer.heads):
                own = slice(head * size, (head + 1) * size)
                fit = np.exp([asked[own] @ key[own] / math.sqrt(size) for _, key, _ in parts])
                heads.append(sum(share * said[own] for share, (_, _, said) in zip(fit / fit.sum(), parts, strict=True)))
            gathered.append(dense(layer.gather, np.concatenate(heads)))
        after = [norm(layer.after_gather, row + own) for row, own in zip(rows, gathered, strict=True)]
        wide = [np.asarray([bent(value) for value in dense(layer.widen, row)]) for row in after]
        rows = [norm(layer.after_narrow, row + dense(layer.narrow, own)) for row, own in zip(after, wide, strict=True)]
    return np.asarray([dense(encoder.out, row) for row in rows])


@pytest.mark.parametrize("text", ["cat", "cats unfolded cats", "cat @someone un cat's unfolded", "cats " * 40])
def test_it_reads_as_its_architecture_says(text: str) -> None:
    """All at once in matrices is what every piece and every head by itself is."""
    encoder = _small()
    column = read([text])
    pieces = [PIECES.first, *cut(column, PIECES).pieces.tolist(), PIECES.last]
    np.testing.assert_allclose(encoder.decide(column)[0], _read_slowly(encoder, pieces).mean(axis=0), atol=1e-4)


WORDS = st.lists(st.sampled_from(["cat", "cats", "unfolded", "@you", "catalog", "s", "cat's", "xyz"]), max_size=60)


@given(st.lists(WORDS.map(" ".join), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_decision_does_not_hang_on_the_column(texts: list[str]) -> None:
    """Texts of many lengths together decide as each alone."""
    encoder = _small()
    together = encoder.decide(read(texts))
    alone = np.asarray([encoder.decide(read([text]))[0] for text in texts]).reshape(together.shape)
    np.testing.assert_allclose(together, alone, atol=1e-4)


@given(WORDS.filter(lambda words: 0 < len(words) < MOST_PIECES // 4))
@settings(max_examples=60, deadline=None)
def test_words_and_marks_add_up_to_the_decision(words: list[str]) -> None:
    """What each word adds, and what the marks around the text add, is the whole decision."""
    encoder = _small()
    column = read([" ".join(words)])
    pieces = [PIECES.first, *cut(column, PIECES).pieces.tolist(), PIECES.last]
    said = _read_slowly(encoder, pieces) - encoder.out.shift
    for at, family in enumerate(FAMILIES):
        marks = (said[0, at] + said[-1, at]) / len(pieces)
        whole = encoder.by_word(column, family).sum() + marks + encoder.out.shift[at]
        np.testing.assert_allclose(whole, encoder.decide(column)[0, at], atol=1e-4)


def test_a_text_without_words_decides_nothing() -> None:
    """There is nothing to read, so the shift alone is left."""
    encoder = _small()
    np.testing.assert_allclose(encoder.decide(read(["", "cat"]))[0], encoder.out.shift)
    assert (0, len(FAMILIES)) == encoder.decide(read([])).shape


def test_a_long_text_is_read_to_its_end() -> None:
    """The window that speaks most for a family decides, wherever it stands."""
    encoder = store.encoder()
    harmless = "We met in the library and talked about the autumn programme with everybody who came. " * 12
    threat = "I will find you tonight and I will kill you, you hear me."
    at = encoder.families.index("threat")
    first, last, without = encoder.decide(read([f"{threat} {harmless}", f"{harmless} {threat}", harmless]))[:, at]
    assert min(first, last) > without + 1


@pytest.mark.parametrize("along", [0, 1])
def test_rounding_is_off_by_half_a_step_at_most(along: int) -> None:
    """Rows or columns share a step; one that is nothing stays nothing."""
    exact = np.random.default_rng(2).normal(size=(30, 20))
    exact[3], exact[:, 4] = 0, 0
    made = Rounded.of(exact, along=along)
    assert (np.abs(made.exact - exact) <= made.steps / 2 + 1e-6).all()
    assert not made.exact[3].any()


# --- training --------------------------------------------------------------------------------------------------------


def _training_module(name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "training"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "training"))


def test_training_decides_as_judging_does() -> None:
    """JAX over padded texts and numpy over windows are the same reading."""
    jax = pytest.importorskip("jax", reason="JAX is for training only: make model installs it")
    encode = _training_module("encode")
    chance = np.random.default_rng(3)
    width, heads = 24, encode.HEADS

    def drawn(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.3, shape).astype(np.float32)

    def dense(inputs: int, outputs: int) -> dict[str, np.ndarray]:
        return {"weights": drawn(inputs, outputs), "shift": drawn(outputs)}

    def norm() -> dict[str, np.ndarray]:
        return {"scale": 1 + drawn(width), "shift": drawn(width)}

    layer = {
        "attend": dense(width, 3 * width),
        "gather": dense(width, width),
        "after_gather": norm(),
        "widen": dense(width, 4 * width),
        "narrow": dense(4 * width, width),
        "after_narrow": norm(),
    }
    params = {"places": drawn(MOST_PIECES, width), "start": norm(), "layers": [layer], "out": dense(width, 2)}
    table = Rounded.of(drawn(len(NAMES), width), along=1)
    made = encode.rounded(params, PIECES, table, FAMILIES)
    assert heads == made.layers[0].heads
    texts = ["cat", "cats unfolded", "catalog cat @you cat's"]
    given, is_read = np.zeros((3, 12), np.int32), np.zeros((3, 12), np.bool_)
    for row, text in enumerate(texts):
        own = [PIECES.first, *cut(read([text]), PIECES).pieces.tolist(), PIECES.last]
        given[row, : len(own)], is_read[row, : len(own)] = own, True
    exact = encode.decisions(params, jax.numpy.asarray(table.exact)[given], is_read)
    np.testing.assert_allclose(made.decide(read(texts)), np.asarray(exact), atol=0.05)
