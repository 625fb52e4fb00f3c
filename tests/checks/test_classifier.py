# ruff: noqa: RUF001, D102, ARG002 - disguised letters are what is read; the adapter's methods are the interface's
"""The trained models: what they read, that they add up, that they are the ones that were trained."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapterwatch.errors import UserError
from checks.classifier import About, Classifier, Screening, UnknownClassifier, chosen, classifier, store
from checks.classifier.builtin import TOXIC, BuiltIn
from checks.classifier.encoder import Encoder
from checks.classifier.features import SIZE, Kinds, features, text_sums, token_sums
from checks.classifier.linear import Head
from checks.classifier.spans import Tagger
from checks.classifier.words import MOST_LETTERS, NUMBER, OTHER, URL, USER, Column, read, words
from checks.text import prepare

ROOT = Path(__file__).resolve().parents[2]
KINDS = Kinds({"idiot": "insult", "zorbs": "group", "go away": "exclusion", "zonk*": "insult", "frick": "profanity"})
BLNS = ROOT.parent / "shared" / "data" / "hostile" / "blns" / "blns.json"


@pytest.fixture(scope="module")
def built_in() -> Classifier:
    return classifier()


def test_links_handles_and_numbers_are_placeholders() -> None:
    """Whom a post addresses and what a number says must not decide."""
    said = [word.word for word in words(prepare("@lakeside see https://a.example/x?y=1 at 7:30pm on 2nd, 1,000 seats"))]
    assert [USER, "see", URL, "at", NUMBER, "on", NUMBER, NUMBER, "seats"] == said


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("cl0wn", "clown"),
        ("c l o w n", "clown"),
        ("c.l.o.w.n", "clown"),
        ("clowwwwwn", "clowwn"),
        ("сlоwn", "clown"),
        ("𝓬𝓵𝓸𝔀𝓷", "clown"),
        ("cl**n", "cl**n"),
        ("cl#%n", "cl**n"),
        ("7pm", NUMBER),
        ("привет", OTHER),
    ],
)
def test_disguises_are_undone_before_the_models_look(written: str, read_as: str) -> None:
    """Digits for letters, letters apart, look-alikes and stretched letters read as the word; masks stay masks."""
    assert [read_as] == [word.word for word in words(prepare(written))]


def test_a_word_of_any_length_is_read() -> None:
    """A post may be one unbroken word of 60,000 letters."""
    assert MOST_LETTERS == len(words(prepare("ab" * 30_000))[0].word)


TEXTS = st.lists(
    st.text(st.characters(codec="utf-8"), max_size=80)
    | st.lists(
        st.sampled_from(["You", "are", "#BigZorbs", "f**k", "@x", "…", "1,5", "“no”", "can't", "ﬁne", "😀"])
    ).map(" ".join),
    max_size=6,
)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_column_reads_the_same_words_as_each_text_alone(texts: list[str]) -> None:
    """What is scored column-wise and what is shown word by word must be the same words."""
    column = read(texts)
    each = [[column.vocabulary[token] for token in column.tokens[start:end]] for start, end in _spans_of(column.first)]
    assert each == [[word.word for word in words(prepare(text))] for text in texts]


def _spans_of(first: np.ndarray) -> Iterator[tuple[int, int]]:
    return pairwise(first.tolist())


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_score_does_not_depend_on_the_column_it_stands_in(texts: list[str]) -> None:
    """The same post has the same score, whatever is judged with it."""
    built_in = classifier()
    together = built_in.score(texts)
    alone = [built_in.score([text]).iloc[0] for text in texts]
    np.testing.assert_allclose(together.to_numpy(), np.array(alone).reshape(together.shape), atol=1e-6)


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_what_words_add_is_what_the_text_scores(texts: list[str]) -> None:
    """The telling words are told by the same sums as the score."""
    table = np.random.default_rng(3).normal(size=(SIZE, 1)).astype(np.float32)
    found = features(read(texts), KINDS)
    by_text = np.bincount(found.text_of, weights=token_sums(found, table)[:, 0], minlength=len(texts))
    np.testing.assert_allclose(by_text, text_sums(found, table)[:, 0], rtol=1e-3, atol=1e-3)


def test_inference_gives_what_scikit_learn_decides() -> None:
    """The sums in numpy are the decision function of the model that was fitted."""
    sklearn = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is for development only")
    train = _training_module("train")
    texts = ["you idiot", "All zorbs are idiots!", "what a day", "we meet at 7pm", "go away zorbs", "hello zonkers"] * 3
    found = features(read(texts), KINDS)
    matrix = train.matrix(found)
    fitted = sklearn.LogisticRegression(C=5).fit(matrix, [1, 1, 0, 0, 1, 0] * 3)
    ours = text_sums(found, fitted.coef_.T.astype(np.float32))[:, 0] + fitted.intercept_[0]
    np.testing.assert_allclose(ours, fitted.decision_function(matrix), atol=1e-4)


def test_rounding_to_a_byte_keeps_decisions() -> None:
    """A rounded head decides like the one that was fitted, but for little."""
    weights = np.random.default_rng(5).laplace(size=SIZE)
    head = Head.rounded("x", weights, 0.5)
    found = features(read(["all zorbs are idiots", "what a lovely day, thank you all"]), KINDS)
    exact = text_sums(found, weights[:, None].astype(np.float32))
    rounded = text_sums(found, head.as_floats()[:, None].astype(np.float32))
    np.testing.assert_allclose(rounded, exact, atol=0.25)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("zorbs", {"group"}),
        ("zonkers", {"insult"}),
        ("idiots", {"insult"}),
        ("fr**k", {"profanity"}),
        ("Go away!", {"exclusion"}),
        ("going away", set()),
        ("zon", set()),
        ("f***", set()),
    ],
)
def test_words_have_kinds(text: str, kinds: set[str]) -> None:
    """Words of the lexicons, their plurals, stems and masked forms have a kind; phrases only as a whole."""
    column = read([text])
    from checks.classifier.features import kinds_of, word_hashes  # noqa: PLC0415

    text_of = np.zeros(len(column.tokens), dtype=np.int64)
    places = kinds_of(column, word_hashes(list(column.vocabulary))[column.tokens], text_of, KINDS)
    assert kinds == {KINDS.names[place] for place in places if 0 < place <= KINDS.telling}


# --- what comes along -----------------------------------------------------------------------------------------------


def test_it_is_a_classifier(built_in: Classifier) -> None:
    """What comes along keeps to the interface others must keep to."""
    assert isinstance(built_in, Classifier)
    assert {"offensive", "hate", "harassment", "threat", "complaint", "disparagement", TOXIC} <= set(built_in.families)
    assert 64 == len(built_in.about.digest)


def test_points_are_ordered_and_scores_are_scores(built_in: Classifier) -> None:
    """`violation` asks for more than `review`, and scores lie between 0 and 1."""
    scores = built_in.score(["You are a pathetic idiot.", "Join us for lunch on Monday!", ""])
    assert list(built_in.families) == list(scores.columns)
    assert ((scores >= 0) & (scores <= 1)).all(axis=None)
    for family in built_in.families:
        assert 0 < built_in.point(family, "review") < built_in.point(family, "violation") < 1


@pytest.mark.parametrize(
    ("family", "worse", "better"),
    [
        ("offensive", "What a pathetic bunch of idiots you are.", "What a wonderful bunch of volunteers you are."),
        ("harassment", "@someone you are a disgusting liar", "@someone you are a generous host"),
        ("threat", "I will find you and kill you.", "I will find you a seat and a coffee."),
        ("hate", "All immigrants are filthy animals.", "All immigrants are welcome at our table."),
        (
            "complaint",
            "Three weeks and still no reply from your support team.",
            "Three weeks until our spring conference.",
        ),
        ("politics", "Vote them out: this government betrayed us.", "Vote for your favourite cookie recipe."),
        ("toxic", "you are a stupid moron", "you are a kind neighbour"),
    ],
)
def test_scores_tell_pairs_apart(built_in: Classifier, family: str, worse: str, better: str) -> None:
    """Of two sentences of one build the one that is of the family scores higher."""
    scores = built_in.score([worse, better])[family]
    assert scores[0] > scores[1]


def test_other_scripts_score_next_to_nothing(built_in: Classifier) -> None:
    """The models know nothing about other scripts and must not guess."""
    texts = ["Все они животные и должны уйти", "こんにちは、皆さん", "يوم سعيد للجميع", "你们都是好人", "สวัสดีทุกคน"]
    scores = built_in.score(texts)
    for family in built_in.families:
        assert (scores[family] < built_in.point(family, "review")).all(), family


ASKED = [
    "I will find you and kill you, you worthless clown.",
    "Three weeks and still no reply from your support team, twice I paid for nothing.",
    "All immigrants are filthy animals.",
    "Join us for lunch on Monday!",
    "Все они животные",
    "",
]


@pytest.mark.parametrize("point", ["violation", "review"])
def test_what_passes_is_what_scores(built_in: Classifier, point: str) -> None:
    """Sparing the encoder most texts changes no score: a text passes with the score it has, or does not pass."""
    assert isinstance(built_in, Screening)
    for family in built_in.families:
        scores, passing = built_in.score(ASKED)[family].to_numpy(), built_in.passing(ASKED, family, point)
        np.testing.assert_allclose(passing[passing > 0], scores[passing > 0], atol=1e-6)
        assert (scores[passing > 0] >= built_in.point(family, point) - 1e-6).all()


def test_clear_cases_are_not_ruled_out_unread(built_in: Classifier) -> None:
    """The quick reader rules out what is hopeless, not what is plain."""
    assert isinstance(built_in, Screening)
    for family, at in (("threat", 0), ("complaint", 1), ("hate", 2)):
        passing = built_in.passing(ASKED, family, "review")
        assert passing[at] > 0, family
        assert passing[3] == 0, family


def test_the_quick_reader_ranks_what_is_plain_first(built_in: Classifier) -> None:
    """For each family that was asked for; a text without a word to read comes last of all."""
    assert isinstance(built_in, Screening)
    ranks = built_in.quick(ASKED, ("threat", "complaint", "hate"))
    assert {"threat", "complaint", "hate"} == set(ranks.columns)
    assert len(ASKED) == len(ranks)
    for family, at in (("threat", 0), ("complaint", 1), ("hate", 2)):
        assert ranks[family][at] > ranks[family][3], family
    assert (ranks.iloc[ASKED.index("")] == -np.inf).all()


@pytest.fixture
def read_twice(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts the encoder read each time it was asked."""
    counts: list[int] = []
    inner = Encoder.decide

    def counted(encoder: Encoder, column: Column) -> np.ndarray:
        counts.append(len(column.first) - 1)
        return inner(encoder, column)

    monkeypatch.setattr(Encoder, "decide", counted)
    return counts


def test_the_encoder_reads_little_of_what_is_asked(read_twice: list[int]) -> None:
    """Of plain talk nearly nothing is read twice."""
    talk = [f"We meet in the library at {hour} and talk about the autumn programme" for hour in range(1, 13)]
    BuiltIn().passing([*talk, ASKED[0]], "threat", "violation")
    assert [1] == read_twice


def test_what_the_encoder_read_is_remembered(read_twice: list[int]) -> None:
    """An abusive post is asked about for several families, and read once."""
    fresh = BuiltIn()
    asked = {family: fresh.passing([ASKED[0]], family, "review")[0] for family in ("threat", "harassment")}
    assert [1] == read_twice
    assert min(asked.values()) > 0


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_spans_stand_inside_the_text(text: str) -> None:
    """Evidence is cut out of the stored text; it must be there."""
    built_in = classifier()
    for family in ("offensive", "threat", TOXIC):
        for start, end, weight in built_in.spans(text, family):
            assert 0 <= start < end <= len(text)
            assert weight > 0


def test_the_most_telling_word_is_shown(built_in: Classifier) -> None:
    """The reader sees the word that made the score."""
    text = "Our neighbour said hello and then called me a MORON in front of everyone"
    start, end, _ = max(built_in.spans(text, TOXIC), key=lambda span: span[2])
    assert "MORON" == text[start:end]


@pytest.mark.skipif(not BLNS.exists(), reason="the list of naughty strings lies beside the project, not in it")
def test_hostile_strings_are_scored(built_in: Classifier) -> None:
    """No string breaks the reader."""
    texts = [*json.loads(BLNS.read_text(encoding="utf-8")), "\x00", "\ud800", "a" * 60_000, "f " * 30_000, "*" * 5_000]
    scores = built_in.score(texts)
    assert scores.notna().all(axis=None)
    for text in texts[:100]:
        built_in.spans(text, "offensive")


# --- weights --------------------------------------------------------------------------------------------------------


def test_a_changed_weights_file_is_refused(tmp_path: Path) -> None:
    """A changed model is a changed judge; it says which file and how to mend it."""
    folder = Path(shutil.copytree(store.WEIGHTS, tmp_path / "weights"))
    content = bytearray((folder / store.HEADS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / store.HEADS).write_bytes(bytes(content))
    with pytest.raises(store.WeightsRefused, match="not the file that was trained"):
        BuiltIn(folder)


def test_a_missing_weights_file_is_refused(tmp_path: Path) -> None:
    """Nothing is judged without the weights."""
    with pytest.raises(store.WeightsRefused, match="cannot be read"):
        BuiltIn(tmp_path)


def test_weights_survive_writing_byte_for_byte(tmp_path: Path) -> None:
    """Reading and writing gives the same arrays, so the same training gives the same weights.

    The archive around them differs between patch releases of Python: 3.11.2 notes another version of ZIP than 3.11.7.
    """
    store.write(tmp_path, store.model(), store.tagger(), store.encoder())
    for name in (store.HEADS, store.SPANS, store.PIECES, store.ENCODER):
        assert arrays_in(store.WEIGHTS / name) == arrays_in(tmp_path / name), name


def arrays_in(path: Path) -> list[tuple[str, bytes]]:
    """The members of a file of arrays, in order, each as NumPy wrote it."""
    with zipfile.ZipFile(path) as file:
        return [(name, file.read(name)) for name in file.namelist()]


def test_weights_hold_no_pickles_and_are_small() -> None:
    """A pickle can run code; six megabytes are what a wheel may carry."""
    size = sum((store.WEIGHTS / name).stat().st_size for name in (store.HEADS, store.SPANS))
    assert size < 6_000_000
    for name in (store.HEADS, store.SPANS):
        with np.load(store.WEIGHTS / name, allow_pickle=False) as arrays:
            assert all(arrays[key].dtype.kind in "iuf" for key in arrays.files)


def test_the_encoder_holds_no_pickles_and_is_small() -> None:
    """A number of it takes a byte; most are the table of its vocabulary."""
    names = (store.PIECES, store.ENCODER)
    assert sum((store.WEIGHTS / name).stat().st_size for name in names) < 24_000_000
    for name in names:
        with np.load(store.WEIGHTS / name, allow_pickle=False) as arrays:
            assert all(arrays[key].dtype.kind in "iuf" for key in arrays.files)


def test_judging_needs_no_scikit_learn() -> None:
    """scikit-learn and JAX are for training; who judges does not have them."""
    code = (
        "import sys; sys.modules['sklearn'] = None; sys.modules['scipy'] = None; sys.modules['jax'] = None\n"
        "from checks.classifier import classifier; print(len(classifier().score(['hello'])))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "1" == done.stdout.strip()


def test_the_model_card_speaks_of_these_weights(built_in: Classifier) -> None:
    """Every trained family has its decision points in the card."""
    card = (ROOT / "checks/classifier/MODEL.md").read_text(encoding="utf-8")
    for family in set(built_in.families) - {TOXIC}:
        assert f"| {family} | {built_in.point(family, 'violation'):.3f}".rstrip("0").rstrip(".") in card, family


# --- training -------------------------------------------------------------------------------------------------------


def test_training_refuses_to_learn_from_less(tmp_path: Path) -> None:
    """A model trained on fewer sets is another model: the missing ones are named and nothing is written."""
    pytest.importorskip("sklearn", reason="scikit-learn is for development only")
    (tmp_path / "davidson").mkdir()
    command = [sys.executable, "training/train.py", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 2 == done.returncode
    assert "toxic_spans" in done.stderr
    assert "davidson" not in done.stderr.split(":", 2)[2]
    assert not (tmp_path / "out").exists()


def _training_module(name: str) -> object:
    sys.path.insert(0, str(ROOT / "training"))
    try:
        return __import__(name)
    finally:
        sys.path.remove(str(ROOT / "training"))


# --- others ---------------------------------------------------------------------------------------------------------


class Detoxify:
    """An adapter as a package would bring it: the model's labels as families, its scores as they are.

    Stands for `detoxify.Detoxify("original")`, whose `predict` takes a list and gives a list of scores a label.
    """

    def __init__(self, predict: object = None) -> None:
        self._predict = predict or (lambda texts: {"toxicity": [0.9 if "moron" in text else 0.1 for text in texts]})

    families = ("offensive",)
    about = About("detoxify", "0.5", "Apache-2.0", "github.com/unitaryai/detoxify", "0" * 64)

    def score(self, texts: Sequence[str], families: Collection[str] | None = None) -> pd.DataFrame:
        return pd.DataFrame({"offensive": self._predict(list(texts))["toxicity"]})  # type: ignore[operator]

    def spans(self, text: str, family: str) -> list[tuple[int, int, float]]:
        assert "offensive" == family
        return [(0, len(text), 1.0)] if text else []

    def point(self, family: str, name: str) -> float:
        return {"review": 0.5, "violation": 0.8}[name]

    def prior(self, family: str) -> float:
        return {"offensive": 0.5}[family]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    point = importlib.metadata.EntryPoint("detoxify", f"{__name__}:Detoxify", chosen.GROUP)
    monkeypatch.setattr(importlib.metadata.EntryPoint, "load", lambda _self: Detoxify)
    monkeypatch.setattr(chosen, "entry_points", lambda group: (point,) if group == chosen.GROUP else ())
    chosen.classifier.cache_clear()
    yield
    chosen.classifier.cache_clear()


@pytest.mark.usefixtures("installed")
def test_another_classifier_takes_its_place() -> None:
    """An installed package's classifier is found by its name in the entry-point group."""
    other = classifier("detoxify")
    assert "detoxify" == other.about.name
    assert [0.1, 0.9] == other.score(["hello", "you moron"])["offensive"].tolist()


@pytest.mark.usefixtures("installed")
def test_an_unknown_classifier_is_a_mistake_to_mend() -> None:
    """The message says which there are."""
    with pytest.raises(UnknownClassifier, match="built-in, detoxify") as caught:
        classifier("detoxity")
    assert isinstance(caught.value, UserError)


def test_a_tagger_marks_nothing_in_nothing() -> None:
    """A text without words has no marked place."""
    tagger = Tagger.rounded(KINDS, np.random.default_rng(1).normal(size=1 << 17), 0.0)
    assert [] == tagger.spans("") == tagger.spans("   ")


@pytest.mark.skipif("CHAPTERWATCH_DATA" not in os.environ, reason="needs the data sets of training/README.md")
@pytest.mark.skipif("CHAPTERWATCH_SLOW" not in os.environ, reason="trains everything: minutes")
def test_training_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """The same inputs give the same weights."""
    subprocess.run([sys.executable, "training/train.py", "--out", str(tmp_path)], cwd=ROOT, check=True)
    assert (store.WEIGHTS / store.HEADS).read_bytes() == (tmp_path / "weights" / store.HEADS).read_bytes()
