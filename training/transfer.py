# ruff: noqa: T201, E402, PLR2004 - a script that prints; its folder goes on the path first
"""How the scores do on a source of which the models saw nothing: rules and models together, one source at a time.

`python training/transfer.py --data FOLDER [--sources edos,davidson] [--encoder]` fits the models anew without the
source, lets `checks.scores` judge the source's rows, and prints what passes. It is the figure to optimise: a model is
always good on the source it has learnt from. Without `--encoder` the linear models speak alone; with it the encoder is
taught anew without the source as well, the better part of an hour each. Nothing is written.
"""

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.metrics import f1_score, roc_auc_score

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import sources
import train as training

from chapterwatch.policy import load_pack
from checks.classifier import features as ft
from checks.classifier import store
from checks.classifier.builtin import BuiltIn
from checks.classifier.linear import Model
from checks.classifier.words import read
from checks.engine import compile_pack
from checks.scores import score_table, wide

FAMILIES = ("offensive", "hate", "harassment", "threat")
#: Sources with labels of some abuse, and one of offices, whose posts must stay clean.
SOURCES = ("davidson", "edos", "toxic_spans", "wiki", "political")
#: Rows of a source that are judged, chosen by their own text; every positive of a rare family is among them.
MOST, RARE = 4_000, 500


def without(
    source: str, rows: pd.DataFrame, features: sparse.csr_matrix, of: ft.Kinds, encoder_from: Path | None
) -> BuiltIn:
    """The models fitted, calibrated and set without a source; both readers where there is an encoder to begin from."""
    others = (rows["source"] != source).to_numpy()
    rest, given = rows[others].reset_index(drop=True), features[np.flatnonzero(others)]
    encoder, heard = store.encoder(), dict.fromkeys(FAMILIES)
    if encoder_from is not None:
        encoder = training.taught(encoder_from, rest)
        heard = training.held_out_heard(encoder, rest)
    heads = tuple(training.head_of(family, given, rest, heard[family])[0] for family in FAMILIES)
    with tempfile.TemporaryDirectory() as folder:
        store.write(Path(folder), Model(of, heads), store.tagger(), encoder)
        return BuiltIn(Path(folder))


def judged_rows(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    """The rows of a source that are judged."""
    own = rows[(rows["source"] == source) & ~rows["augmented"]]
    rare = [own[own[family] == 1] for family in FAMILIES if (own[family] == 1).sum() <= RARE]
    return pd.concat([*rare, sources.thinned(own, MOST)]).drop_duplicates("text").reset_index(drop=True)


def measured(own: pd.DataFrame, scores: pd.DataFrame, family: str) -> dict[str, object] | None:
    """AUC, macro-F1 at 0.5, and what passes the points; None where the source says nothing of the family."""
    known = (own[family] != sources.UNKNOWN).to_numpy()
    if not known.any():
        return None
    truth = own.loc[known, family].to_numpy()
    score, point = scores.loc[known, family].to_numpy(), scores.loc[known, f"{family}.point"].to_numpy()
    both = 0 < truth.sum() < len(truth)
    found: dict[str, object] = {"rows": len(truth), "positive": int(truth.sum())}
    found["AUC"] = roc_auc_score(truth, score) if both else None
    found["macro-F1"] = f1_score(truth, score >= 0.5, average="macro") if both else None
    for name, passed in (("violation", point == "violation"), ("review", point != "none")):
        found[f"{name}: recall"] = passed[truth == 1].mean() if truth.any() else None
        found[f"{name}: false per 1,000"] = 1000 * passed[truth == 0].mean() if (truth == 0).any() else None
    return found


def main() -> int:
    """Print the table; 2 and one line where a set is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("CHAPTERWATCH_DATA"))
    parser.add_argument("--sources", default=",".join(SOURCES))
    parser.add_argument("--encoder", action="store_true", help="with both readers, the encoder taught anew each time")
    options = parser.parse_args()
    if options.data is None:
        print("set CHAPTERWATCH_DATA to the folder of the data sets (training/README.md)", file=sys.stderr)
        return 2
    data = Path(options.data)
    try:
        rows = sources.load(data)
    except sources.MissingSet as error:
        print(error, file=sys.stderr)
        return 2
    of = training.kinds(data)
    rows = pd.concat([rows, sources.swapped(rows, of)], ignore_index=True)
    features = training.matrix(ft.features(read(list(rows["text"])), of))
    pack = compile_pack(load_pack("ala"))
    lines = []
    for source in options.sources.split(","):
        own = judged_rows(rows, source)
        frame = pd.DataFrame({"id": own.index.astype(str), "text": own["text"], "lang": "en"})
        scores = wide(
            score_table(frame, pack, use=without(source, rows, features, of, data if options.encoder else None))
        )
        for family in FAMILIES:
            figures = measured(own, scores, family)
            if figures:
                lines.append({"source": source, "family": family, **figures})
                print(pd.DataFrame(lines[-1:]).round(3).to_string(index=False, header=len(lines) == 1), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
