# ruff: noqa: T201, E402, PLR2004, RUF001 - a script that prints; its folder goes on the path first
"""Train the models that come with Chapterwatch: `make model`, with CHAPTERWATCH_DATA naming the folder of the sets.

The same inputs give the same bytes: no clock, no chance that is not seeded, one thread, weights rounded to a byte. See
README.md for what is learnt from what.
"""

from __future__ import annotations

import os

# Sums of several threads come out in any order.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import argparse
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

# Stopping at a fixed number of steps is meant: it is the same number everywhere.
warnings.filterwarnings("ignore", category=ConvergenceWarning)

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import card
import marked
import sources
import tagger

from chapterwatch.errors import UserError
from chapterwatch.policy import load_pack
from checks.classifier import features as ft
from checks.classifier import store
from checks.classifier.encoder import Encoder
from checks.classifier.linear import Head, Model
from checks.classifier.words import read

#: Inverse strength of the penalty. Threats are rare and of many words, so their head may learn more.
STRENGTH = {"threat": 0.5, "complaint": 0.4}
USUAL_STRENGTH = 0.2
#: How easily words and letters get weight: little where they tell the source rather than the family. Kinds transfer
#: between sources; letters and words do so far less (MODEL.md, "source never seen"). Topics are words, and their
#: sentences come of many hands.
TRUST_IN_WORDS = {"offensive": 1.0, "hate": 0.35, "harassment": 1.5, "threat": 3.0}
USUAL_TRUST_IN_WORDS = 4.0
TRUST_IN_KINDS = 1.0
ITERATIONS = 80
#: Share of benign posts that may pass each point.
POINTS = {"violation": 0.002, "review": 0.02}
#: How common the family is taken to be where a score of 0.5 means "as likely as not": one post in three of what is
#: mostly told by words, one in five where strangers' wordings mislead more than the held-out rows tell, one in twelve
#: of threats, and one in twenty of families that are rare wherever one looks.
USUAL_PRIOR = 1 / 5
PRIOR = {"offensive": 1 / 3, "hate": 1 / 3, "threat": 1 / 12} | dict.fromkeys(
    ("disparagement", "rumour", "confidential", "promotion", "pii.health"), 1 / 20
)
#: Rows of a family below this many positives cannot teach anything.
FEWEST = 60


@dataclass(frozen=True)
class Fit:
    """One head before rounding."""

    weights: np.ndarray
    intercept: float


def kinds(data: Path) -> ft.Kinds:
    """The kinds of words: the lexicons of both packs, and Surge AI's list where they say nothing."""
    of: dict[str, str] = {}
    for pack in ("ala", "lll"):
        for (name, language), lexicon in sorted(load_pack(pack).lexicons.items()):
            if language == "en" and name in KIND_OF_LEXICON:
                for term in (term for term in lexicon.terms if term.sense not in GOOD_TO_BE):
                    of.setdefault(_plain(term.term), _kind(name, term))
    for word, kind in sources.surge_words(data).items():
        of.setdefault(word, kind)
    groups = {word for term, kind in of.items() if kind == "group" for word in term.split()}
    for word, kind in marked.telling(data, frozenset(groups | sources.identities(data))).items():
        of.setdefault(word, kind)
    return ft.Kinds({term: kind for term, kind in sorted(of.items()) if term and term.count(" ") <= 2})


#: Lexicons whose terms are a kind; True where the sense of a term tells two kinds apart.
KIND_OF_LEXICON: Mapping[str, bool] = {
    "groups": False,
    "slurs": False,
    "dehumanising": True,
    "insults": False,
    "violence": True,
    "profanity": False,
    "counter_speech": False,
    "hate_slogans": False,
    "complaints": True,
    "politics": False,
    "religion": False,
    "heat": True,
    "confidentiality": False,
    "promotion": False,
    "rumours": False,
}
#: What is hostile only where it is denied ("not human") says nothing by itself.
GOOD_TO_BE = ("denied",)
_NAMES = {"groups": "group", "slurs": "slur", "insults": "insult"}
_STRONG = 0.8


def _kind(name: str, term: Any) -> str:
    if name == "profanity":
        return "profanity_strong" if term.weight >= _STRONG else "profanity"
    kind = _NAMES.get(name, name)
    return f"{kind}_{term.sense}" if KIND_OF_LEXICON[name] and term.sense else kind


def _plain(term: str) -> str:
    return " ".join(word for word in term.lower().replace("’", "'").split())


def matrix(found: ft.Features) -> sparse.csr_matrix:
    """The features of every text as a sparse matrix: what the inference adds up, written out."""
    words = len(found.column.vocabulary)
    share = 1.0 / np.sqrt(np.diff(found.letters_first))
    letters = sparse.csr_matrix(
        (np.repeat(share, np.diff(found.letters_first)), found.letters, found.letters_first), shape=(words, ft.SIZE)
    )
    alone = sparse.csr_matrix((np.ones(words), found.word_rows, np.arange(words + 1)), shape=(words, ft.SIZE))
    of_word = sparse.diags(found.counted.astype(float)) @ (letters + alone)
    texts = len(found.column.first) - 1
    tokens = found.column.tokens
    of_text = sparse.csr_matrix((np.ones(len(tokens)), tokens, found.column.first), shape=(texts, words)) @ of_word
    rows = np.concatenate([rows for rows, _, _ in found.spanning])
    owners = found.text_of[np.concatenate([begins for _, begins, _ in found.spanning])]
    spanning = sparse.csr_matrix((np.ones(len(rows)), (owners, rows)), shape=(texts, ft.SIZE))
    rows, owners, _tokens = found.present
    present = sparse.csr_matrix((np.full(len(rows), ft.PRESENCE), (owners, rows)), shape=(texts, ft.SIZE))
    return (sparse.diags(found.scale.astype(float)) @ (of_text + spanning) + present).tocsr()


def fit(features: sparse.csr_matrix, rows: pd.DataFrame, family: str) -> Fit:
    """The weights of one family from the rows where it is known."""
    known = (rows[family] != sources.UNKNOWN).to_numpy()
    labels = rows.loc[known, family].to_numpy()
    weight = rows.loc[known, "weight"].to_numpy(float)
    weight = np.where(rows.loc[known, "source"] == "own", weight * sources.own_counts(family), weight)
    trust = np.where(
        np.arange(ft.SIZE) < ft.WORD_ROWS, TRUST_IN_WORDS.get(family, USUAL_TRUST_IN_WORDS), TRUST_IN_KINDS
    )
    model = LogisticRegression(C=STRENGTH.get(family, USUAL_STRENGTH), max_iter=ITERATIONS, tol=1e-4)
    model.fit(features[np.flatnonzero(known)] @ sparse.diags(trust), labels, sample_weight=weight)
    return Fit(model.coef_[0] * trust, float(model.intercept_[0]))


def main(arguments: list[str] | None = None) -> int:
    """Train everything and write the weights and the model card; 2 and one line where a set is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("CHAPTERWATCH_DATA"))
    parser.add_argument("--out", type=Path, default=HERE.parent / "checks" / "classifier")
    parser.add_argument("--only", help="families, comma-separated: a quick look that writes nothing")
    parser.add_argument("--keep-encoder", action="store_true", help="train all but the encoder, which takes long")
    options = parser.parse_args(arguments)
    if options.data is None:
        print("make model: set CHAPTERWATCH_DATA to the folder of the data sets (training/README.md)", file=sys.stderr)
        return 2
    try:
        rows = sources.load(Path(options.data))
    except sources.MissingSet as error:
        print(f"make model: {error}", file=sys.stderr)
        return 2
    of = kinds(Path(options.data))
    rows = pd.concat([rows, sources.swapped(rows, of)], ignore_index=True)
    if options.keep_encoder or options.only:
        encoder = store.encoder()
    else:
        try:
            encoder = taught(Path(options.data), rows)
        except UserError as error:
            print(f"make model: {error}", file=sys.stderr)
            return 2
    train(rows, Path(options.data), of, encoder, options.out, options.only.split(",") if options.only else None)
    return 0


def taught(data: Path, rows: pd.DataFrame) -> Encoder:
    """The encoder, taught anew from the rows that are not held out.

    Raises:
        BaseRefused: the encoder to begin with is not in `data`.
    """
    import encode  # noqa: PLC0415 - JAX is there only for this

    return encode.train(encode.Base.read(data), rows[~rows["held_out"]], sources.FAMILIES)


def held_out_heard(encoder: Encoder, rows: pd.DataFrame) -> pd.DataFrame:
    """What the encoder decides of held-out rows, one column a family; 0 for all others.

    What it was taught it knows by heart: only held-out rows tell how far to trust it.
    """
    held_out = rows["held_out"].to_numpy()
    heard = np.zeros((len(rows), len(encoder.families)))
    heard[held_out] = encoder.decide(read(list(rows.loc[held_out, "text"])))
    return pd.DataFrame(heard, columns=list(encoder.families))


def head_of(
    family: str, features: sparse.csr_matrix, rows: pd.DataFrame, heard: pd.Series | None
) -> tuple[Head, np.ndarray]:
    """One family fitted and set, and what is decided of every row; with the encoder where `heard` is given."""
    learn = ~rows["held_out"].to_numpy()
    found = fit(features[np.flatnonzero(learn)], rows[learn], family)
    head = Head.rounded(family, found.weights, found.intercept)
    own = decisions = features @ head.as_floats() + head.intercept
    prior = PRIOR.get(family, USUAL_PRIOR)
    if heard is not None:
        head = card.trusting(head, own, heard.to_numpy(), rows, prior)
        decisions = own + head.trust * heard.to_numpy()
    head = card.calibrated(head, decisions, rows, POINTS, prior)
    return card.screening(head, own, decisions, rows), decisions


def train(rows: pd.DataFrame, data: Path, of: ft.Kinds, encoder: Encoder, out: Path, only: list[str] | None) -> None:
    """Fit, calibrate, measure and write."""
    features = matrix(ft.features(read(list(rows["text"])), of))
    heard = held_out_heard(encoder, rows)
    heads, figures = [], []
    for family in only or sources.FAMILIES:
        if (rows.loc[~rows["held_out"], family] == 1).sum() < FEWEST:
            print(f"{family}: fewer than {FEWEST} positive rows; left out", file=sys.stderr)
            continue
        head, decisions = head_of(family, features, rows, heard[family])
        heads.append(head)
        figures.append(card.figures(head, decisions, rows))
        figures.append(card.transfer(family, features, rows, fit))
        print(f"{family}: {np.count_nonzero(head.weights)} weights", file=sys.stderr)
    table = pd.concat(figures, ignore_index=True)
    print(table.to_string(), file=sys.stderr)
    if only:
        return
    spans = tagger.train(data, of, card.harmless(rows), POINTS)
    store.write(out / "weights", Model(of, tuple(heads)), spans.tagger, encoder)
    text = card.text(heads, table, len(of.of), len(encoder.layers), spans.figures)
    (out / "MODEL.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
