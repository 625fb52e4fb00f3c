"""Weights on disk: compressed arrays that cannot run code, and digests that say they are those that were trained.

Every file holds whole numbers of a byte and a few numbers beside; texts are kept as bytes. The table of the encoder's
pieces stands in a file of its own, `pieces.npz`, since training does not change it. `digests.json` holds the SHA-256 of
each file. A file that is not the one that was trained is refused: a changed model is a changed judge, and nobody would
notice.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chapterwatch.errors import UserError
from checks.classifier.encoder import Dense, Encoder, Layer, Norm, Rounded
from checks.classifier.features import Kinds
from checks.classifier.linear import Head, Model
from checks.classifier.pieces import Pieces
from checks.classifier.spans import Tagger
from checks.classifier.words import as_bytes, from_bytes

WEIGHTS = Path(__file__).resolve().parent / "weights"
HEADS, SPANS, PIECES, ENCODER, DIGESTS = "heads.npz", "spans.npz", "pieces.npz", "encoder.npz", "digests.json"
VERSION = 2

Arrays = Mapping[str, npt.NDArray[Any]]


class WeightsRefused(UserError):
    """A weights file is missing, is not the one that was trained, or is of another version; the message names it."""


def write(folder: Path, model: Model, tagger: Tagger, encoder: Encoder) -> None:
    """Write models and digests; the same models give the same arrays, on one release of Python the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    digests = {}
    files = {
        HEADS: _of_model(model),
        SPANS: _of_tagger(tagger),
        PIECES: _of_pieces(encoder),
        ENCODER: _of_encoder(encoder),
    }
    for name, arrays in files.items():
        content = io.BytesIO()
        np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
        (folder / name).write_bytes(content.getvalue())
        digests[name] = hashlib.sha256(content.getvalue()).hexdigest()
    (folder / DIGESTS).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


@cache
def model(folder: Path = WEIGHTS) -> Model:
    """The heads.

    Raises:
        WeightsRefused: see the class.
    """
    return _to_model(_arrays(folder, HEADS))


@cache
def tagger(folder: Path = WEIGHTS) -> Tagger:
    """The span tagger.

    Raises:
        WeightsRefused: see the class.
    """
    return _to_tagger(_arrays(folder, SPANS))


@cache
def encoder(folder: Path = WEIGHTS) -> Encoder:
    """The encoder.

    Raises:
        WeightsRefused: see the class.
    """
    return _to_encoder(_arrays(folder, ENCODER), _arrays(folder, PIECES))


def digest(folder: Path = WEIGHTS) -> str:
    """One digest over all weights, for the record of what judged."""
    return hashlib.sha256((folder / DIGESTS).read_bytes()).hexdigest()


def _arrays(folder: Path, name: str) -> Arrays:
    try:
        content = (folder / name).read_bytes()
        expected = json.loads((folder / DIGESTS).read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError) as error:
        raise WeightsRefused(f"{folder / name}: cannot be read ({error}); install again or run make model") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise WeightsRefused(f"{folder / name}: is not the file that was trained; install again or run make model")
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    if int(arrays["version"]) != VERSION:
        raise WeightsRefused(f"{folder / name}: version {int(arrays['version'])}, this is {VERSION}; run make model")
    return arrays


def _of_kinds(kinds: Kinds) -> dict[str, npt.NDArray[Any]]:
    words = sorted(kinds.of)
    return {"words": as_bytes(words), "kinds": as_bytes([kinds.of[word] for word in words])}


def _to_kinds(arrays: Arrays) -> Kinds:
    return Kinds(dict(zip(from_bytes(arrays["words"]), from_bytes(arrays["kinds"]), strict=True)))


def _of_model(model: Model) -> dict[str, npt.NDArray[Any]]:
    heads = model.heads
    numbers = [[head.step, head.intercept, head.slope, head.offset, head.trust] for head in heads]
    said = [
        {"points": dict(head.points), "screens": dict(head.screens), "measured": dict(head.measured)} for head in heads
    ]
    return {
        "version": np.int64(VERSION),  # type: ignore[dict-item]
        "families": as_bytes([head.family for head in heads]),
        "numbers": np.asarray(numbers, np.float64),
        "said": as_bytes([json.dumps(each, sort_keys=True) for each in said]),
        "weights": np.stack([head.weights for head in heads]),
        **_of_kinds(model.kinds),
    }


def _to_model(arrays: Arrays) -> Model:
    heads = []
    for at, family in enumerate(from_bytes(arrays["families"])):
        step, intercept, slope, offset, trust = map(float, arrays["numbers"][at])
        said = json.loads(from_bytes(arrays["said"])[at])
        heads.append(Head(family, arrays["weights"][at], step, intercept, slope, offset, trust, **said))
    return Model(_to_kinds(arrays), tuple(heads))


def _of_tagger(tagger: Tagger) -> dict[str, npt.NDArray[Any]]:
    return {
        "version": np.int64(VERSION),  # type: ignore[dict-item]
        "numbers": np.asarray([tagger.step, tagger.intercept, tagger.least, tagger.share, tagger.floor], np.float64),
        "weights": tagger.weights,
        "points": as_bytes([json.dumps(dict(tagger.points), sort_keys=True)]),
        **_of_kinds(tagger.kinds),
    }


def _to_tagger(arrays: Arrays) -> Tagger:
    step, intercept, least, share, floor = map(float, arrays["numbers"])
    points = json.loads(from_bytes(arrays["points"])[0])
    return Tagger(_to_kinds(arrays), arrays["weights"], step, intercept, least, share, floor, points)


def _of_pieces(encoder: Encoder) -> dict[str, npt.NDArray[Any]]:
    return {
        "version": np.int64(VERSION),  # type: ignore[dict-item]
        "names": as_bytes(encoder.pieces.names),
        **_of_rounded("table", encoder.table),
    }


def _of_encoder(encoder: Encoder) -> dict[str, npt.NDArray[Any]]:
    arrays = {
        "version": np.int64(VERSION),
        "families": as_bytes(encoder.families),
        "heads": np.asarray([layer.heads for layer in encoder.layers]),
        "places": encoder.places,
        **_of_norm("start", encoder.start),
        **_of_dense("out", encoder.out),
    }
    for at, layer in enumerate(encoder.layers):
        arrays |= _of_layer(at, layer)
    return arrays  # type: ignore[return-value]


def _to_encoder(arrays: Arrays, table: Arrays) -> Encoder:
    return Encoder(
        tuple(from_bytes(arrays["families"])),
        Pieces(tuple(from_bytes(table["names"]))),
        _to_rounded("table", table),
        arrays["places"],
        _to_norm("start", arrays),
        tuple(_to_layer(at, int(heads), arrays) for at, heads in enumerate(arrays["heads"])),
        _to_dense("out", arrays),
    )


def _of_layer(at: int, layer: Layer) -> dict[str, npt.NDArray[Any]]:
    return {
        **_of_dense(f"{at}.attend", layer.attend),
        **_of_dense(f"{at}.gather", layer.gather),
        **_of_norm(f"{at}.after_gather", layer.after_gather),
        **_of_dense(f"{at}.widen", layer.widen),
        **_of_dense(f"{at}.narrow", layer.narrow),
        **_of_norm(f"{at}.after_narrow", layer.after_narrow),
    }


def _to_layer(at: int, heads: int, arrays: Arrays) -> Layer:
    return Layer(
        attend=_to_dense(f"{at}.attend", arrays),
        gather=_to_dense(f"{at}.gather", arrays),
        after_gather=_to_norm(f"{at}.after_gather", arrays),
        widen=_to_dense(f"{at}.widen", arrays),
        narrow=_to_dense(f"{at}.narrow", arrays),
        after_narrow=_to_norm(f"{at}.after_narrow", arrays),
        heads=heads,
    )


def _of_rounded(name: str, matrix: Rounded) -> dict[str, npt.NDArray[Any]]:
    return {name: matrix.whole, f"{name}.steps": matrix.steps}


def _to_rounded(name: str, arrays: Arrays) -> Rounded:
    return Rounded(arrays[name], arrays[f"{name}.steps"])


def _of_dense(name: str, dense: Dense) -> dict[str, npt.NDArray[Any]]:
    return {**_of_rounded(name, dense.weights), f"{name}.shift": dense.shift}


def _to_dense(name: str, arrays: Arrays) -> Dense:
    return Dense(_to_rounded(name, arrays), arrays[f"{name}.shift"])


def _of_norm(name: str, norm: Norm) -> dict[str, npt.NDArray[Any]]:
    return {f"{name}.scale": norm.scale, f"{name}.shift": norm.shift}


def _to_norm(name: str, arrays: Arrays) -> Norm:
    return Norm(arrays[f"{name}.scale"], arrays[f"{name}.shift"])
