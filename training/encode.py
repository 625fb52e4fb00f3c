# ruff: noqa: T201, I001 - a script's module; it says how far it is
"""Train the encoder: the layers of a sentence encoder, taught the families; its table of pieces stays as it was.

What is learnt is how words belong together, not new words: a word of which no row speaks keeps the company of those it
is like. JAX runs the training; judging needs numpy alone (`checks.classifier.encoder`), and what numpy decides is held
against what JAX decides before anything is written.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pandas as pd
from safetensors.numpy import load_file

import sources
from chapterwatch.errors import UserError
from checks.classifier.encoder import MOST_PIECES, Dense, Encoder, Layer, Norm, Rounded
from checks.classifier.pieces import UNKNOWN, Pieces, cut
from checks.classifier.words import read

# The usual generator of random bits takes a third of the time on a processor.
jax.config.update("jax_default_prng_impl", "rbg")

#: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0) as published there: file -> SHA-256.
BASE = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
#: Its folder beside the sets.
FOLDER = "all-MiniLM-L6-v2"
HEADS = 12
LAYERS = 6
#: Rows are read up to this many pieces while training; lengths are rounded up to one of these.
LENGTHS = (12, 20, 32, 48, 64)
BATCH = 64
PASSES = 2.0
#: How often an own sentence counts beside a row of a set. There are four times as many of them as of any set; with the
#: weight that linear models give them the encoder hears less of what posts of the sets say.
OWN_COUNTS = 1.5
RATE, WARMING, LEAST_RATE = 1.5e-4, 0.06, 0.02
WEIGHT_DECAY = 0.01
#: Share of what is left out at random: of what layers say, and of pieces, which become unknown ones.
LEFT_OUT, LEFT_UNREAD = 0.1, 0.05
#: Positives of a rare family count up to this many times.
RAREST = 4.0
#: What a sum in numpy over rounded weights may differ from JAX's over exact ones, on average.
LIKE = 0.1
#: Marks, and words of Latin letters, digits and signs; what else the vocabulary has, no text here is cut into.
_KEPT = re.compile(r"(?:##)?[!-~\u2018-\u201d\u2026£€]+")
_NOT_USED = re.compile(r"\[(?!CLS|SEP|UNK)\w+\]")

Params = dict[str, Any]


class BaseRefused(UserError):
    """The encoder to begin with is missing or another one; the message names the file."""


@dataclass(frozen=True)
class Base:
    """The encoder to begin with: its parameters by name, and its vocabulary."""

    params: Mapping[str, np.ndarray]
    vocabulary: Mapping[str, int]

    @classmethod
    def read(cls, data: Path) -> Base:
        """Read and check the files of `BASE`.

        Raises:
            BaseRefused: one is missing, or not the one that was published.
        """
        for name, digest in BASE.items():
            path = data / FOLDER / name
            if not path.is_file():
                raise BaseRefused(f"{path}: is not there; see training/README.md for its origin")
            if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                raise BaseRefused(f"{path}: is not the file that was published; its SHA-256 should be {digest}")
        vocabulary = json.loads((data / FOLDER / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        return cls(load_file(data / FOLDER / "model.safetensors"), vocabulary)

    def pieces(self) -> Pieces:
        """The part of the vocabulary that texts are cut into, in its order."""
        ordered = sorted(self.vocabulary, key=lambda name: self.vocabulary[name])
        return Pieces(tuple(name for name in ordered if _KEPT.fullmatch(name) and not _NOT_USED.fullmatch(name)))

    def table(self, pieces: Pieces) -> Rounded:
        """The rows of these pieces, rounded as they will be read."""
        rows = self.params["embeddings.word_embeddings.weight"][[self.vocabulary[name] for name in pieces.names]]
        return Rounded.of(rows, along=1)

    def start(self, families: int) -> Params:
        """What is trained, before it is."""
        places = self.params["embeddings.position_embeddings.weight"][:MOST_PIECES]
        width = places.shape[1]
        return {
            "places": places + self.params["embeddings.token_type_embeddings.weight"][0],
            "start": self._norm("embeddings.LayerNorm"),
            "layers": [self._layer(f"encoder.layer.{at}") for at in range(LAYERS)],
            "out": {
                "weights": np.random.default_rng(0).normal(0, 0.02, (width, families)).astype(np.float32),
                "shift": np.full(families, -2, np.float32),
            },
        }

    def _norm(self, name: str) -> Params:
        return {"scale": self.params[f"{name}.weight"], "shift": self.params[f"{name}.bias"]}

    def _dense(self, *names: str) -> Params:
        weights = np.concatenate([self.params[f"{name}.weight"].T for name in names], axis=1)
        return {"weights": weights, "shift": np.concatenate([self.params[f"{name}.bias"] for name in names])}

    def _layer(self, name: str) -> Params:
        asked = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        return {
            "attend": self._dense(*asked),
            "gather": self._dense(f"{name}.attention.output.dense"),
            "after_gather": self._norm(f"{name}.attention.output.LayerNorm"),
            "widen": self._dense(f"{name}.intermediate.dense"),
            "narrow": self._dense(f"{name}.output.dense"),
            "after_narrow": self._norm(f"{name}.output.LayerNorm"),
        }


# --- the same reading as `checks.classifier.encoder`, in JAX, with padding and with parts left out ---


def decisions(params: Params, given: jax.Array, is_read: jax.Array, key: jax.Array | None = None) -> jax.Array:
    """The decisions (texts x families) of padded texts.

    `given`: their pieces' rows (texts x pieces x width); `is_read`: where there is a piece.
    """
    keys = iter(jax.random.split(key, 2 + 2 * len(params["layers"])) if key is not None else [None] * 99)
    state = _thinned(_norm(params["start"], given + params["places"][: given.shape[1]]), next(keys))
    for layer in params["layers"]:
        attended = _dense(layer["gather"], _attended(layer, state, is_read))
        state = _norm(layer["after_gather"], state + _thinned(attended, next(keys)))
        bent = jax.nn.gelu(_dense(layer["widen"], state), approximate=True)
        state = _norm(layer["after_narrow"], state + _thinned(_dense(layer["narrow"], bent), next(keys)))
    mean = (state * is_read[:, :, None]).sum(1) / is_read.sum(1)[:, None]
    return _dense(params["out"], _thinned(mean, next(keys)))


def _attended(layer: Params, state: jax.Array, is_read: jax.Array) -> jax.Array:
    texts, length, width = state.shape
    parts = _dense(layer["attend"], state).reshape(texts, length, 3, HEADS, width // HEADS)
    fit = jnp.einsum("bthd,bshd->bhts", parts[:, :, 0], parts[:, :, 1]) / np.float32(np.sqrt(width // HEADS))
    share = jax.nn.softmax(jnp.where(is_read[:, None, None, :], fit, -1e9), axis=-1)
    return jnp.einsum("bhts,bshd->bthd", share, parts[:, :, 2]).reshape(state.shape)


def _dense(part: Params, given: jax.Array) -> jax.Array:
    return given @ part["weights"] + part["shift"]


def _norm(part: Params, given: jax.Array) -> jax.Array:
    centred = given - given.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * part["scale"] + part["shift"]


def _thinned(given: jax.Array, key: jax.Array | None) -> jax.Array:
    if key is None:
        return given
    return jnp.where(jax.random.bernoulli(key, 1 - LEFT_OUT, given.shape), given / (1 - LEFT_OUT), 0)


# --- rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """Texts in pieces, and for each text and family a label 0 or 1 and what it counts (0 where it is not known)."""

    pieces: list[np.ndarray]
    labels: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, rows: pd.DataFrame, pieces: Pieces, families: tuple[str, ...]) -> Rows:
        """The rows of `sources.load` that are learnt from."""
        found = cut(read(list(rows["text"])), pieces)
        most = LENGTHS[-1] - 2
        each = [
            np.concatenate([[pieces.first], part[:most], [pieces.last]])
            for part in np.split(found.pieces, found.first[1:-1])
        ]
        return cls(each, (rows[list(families)] == 1).to_numpy(np.float32), _counts(rows, families))

    def batches(self, chance: np.random.Generator) -> Iterator[tuple[int, np.ndarray]]:
        """Whole batches of texts of about one length, in an order drawn anew: the length, and places of the texts."""
        lengths = np.searchsorted(LENGTHS, [len(found) for found in self.pieces])
        found = []
        for at, length in enumerate(LENGTHS):
            same = chance.permutation(np.flatnonzero(lengths == at))
            found += [(length, same[begin : begin + BATCH]) for begin in range(0, len(same) - BATCH + 1, BATCH)]
        for at in chance.permutation(len(found)):
            yield found[at]

    def padded(self, chosen: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
        """The pieces of chosen texts in rows of one length, and where there is one."""
        given, is_read = np.zeros((len(chosen), length), np.int32), np.zeros((len(chosen), length), np.bool_)
        for row, at in enumerate(chosen):
            own = self.pieces[at]
            given[row, : len(own)], is_read[row, : len(own)] = own, True
        return given, is_read


def _counts(rows: pd.DataFrame, families: tuple[str, ...]) -> np.ndarray:
    """Every family counts the same in all; positives of rare ones count more than their share."""
    counts = np.zeros((len(rows), len(families)), np.float32)
    weight = np.where(rows["source"] == "own", rows["weight"] * OWN_COUNTS, rows["weight"])
    for at, family in enumerate(families):
        label = rows[family].to_numpy()
        own = weight * (label != sources.UNKNOWN)
        own[label == 1] *= min(np.sqrt(own[label == 0].sum() / own[label == 1].sum()), RAREST)
        counts[:, at] = own / own.mean()
    return counts


# --- training ---------------------------------------------------------------------------------------------------------


def train(base: Base, rows: pd.DataFrame, families: tuple[str, ...]) -> Encoder:
    """Teach the layers the families from the rows, which must hold no held-out one."""
    pieces = base.pieces()
    table, learnt = base.table(pieces), Rows.of(rows, pieces, families)
    exact, unknown = jnp.asarray(table.exact), pieces.names.index(UNKNOWN)
    marks = jnp.asarray([pieces.first, pieces.last])
    steps = int(len(rows) / BATCH * PASSES)
    rate = optax.warmup_cosine_decay_schedule(0, RATE, int(steps * WARMING), steps, RATE * LEAST_RATE)
    rule = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rate, weight_decay=WEIGHT_DECAY))

    def loss(params: Params, batch: tuple[jax.Array, ...], key: jax.Array) -> jax.Array:
        given, is_read, labels, counts = batch
        unread, inside = jax.random.split(key)
        is_unread = jax.random.bernoulli(unread, LEFT_UNREAD, given.shape) & ~jnp.isin(given, marks)
        found = decisions(params, exact[jnp.where(is_unread, unknown, given)], is_read, inside)
        return (optax.sigmoid_binary_cross_entropy(found, labels) * counts).mean()

    @jax.jit
    def step(params: Params, state: Any, batch: tuple[jax.Array, ...], key: jax.Array) -> tuple[Params, Any, jax.Array]:
        value, slope = jax.value_and_grad(loss)(params, batch, key)
        change, state = rule.update(slope, state, params)
        return optax.apply_updates(params, change), state, value

    params = jax.tree.map(jnp.asarray, base.start(len(families)))
    state, key, chance, values = rule.init(params), jax.random.PRNGKey(0), np.random.default_rng(0), []
    for done, (length, chosen) in enumerate(_rounds(learnt, chance, steps), start=1):
        key, own = jax.random.split(key)
        batch = (*learnt.padded(chosen, length), learnt.labels[chosen], learnt.counts[chosen])
        params, state, value = step(params, state, batch, own)
        values.append(value)
        if done % (steps // 20) == 0:
            print(f"encoder: {100 * done // steps} %, loss {np.mean(values[-steps // 20 :]):.3f}", file=sys.stderr)
    params = jax.tree.map(np.asarray, params)
    made = rounded(params, pieces, table, families)
    _hold_against(made, params, learnt, list(rows["text"]))
    return made


def _rounds(learnt: Rows, chance: np.random.Generator, steps: int) -> Iterator[tuple[int, np.ndarray]]:
    done = 0
    while done < steps:
        for batch in learnt.batches(chance):
            if done == steps:
                return
            yield batch
            done += 1


def rounded(params: Params, pieces: Pieces, table: Rounded, families: tuple[str, ...]) -> Encoder:
    """What was trained as it is shipped: matrices in whole numbers of a byte."""
    layers = tuple(
        Layer(
            **{name: _as_dense(layer[name]) for name in ("attend", "gather", "widen", "narrow")},
            **{name: Norm(**layer[name]) for name in ("after_gather", "after_narrow")},
            heads=HEADS,
        )
        for layer in params["layers"]
    )
    places = params["places"].astype(np.float32)
    return Encoder(families, pieces, table, places, Norm(**params["start"]), layers, _as_dense(params["out"]))


def _as_dense(part: Params) -> Dense:
    return Dense(Rounded.of(part["weights"], along=0), part["shift"])


def _hold_against(made: Encoder, params: Params, learnt: Rows, texts: list[str]) -> None:
    """Stop where numpy over rounded weights reads otherwise than JAX over exact ones."""
    chosen = np.asarray([at for at, found in enumerate(learnt.pieces[:4000]) if len(found) < LENGTHS[-1]][:512])
    given, is_read = learnt.padded(chosen, LENGTHS[-1])
    exact = np.asarray(decisions(params, jnp.asarray(made.table.exact)[given], is_read))
    apart = float(np.abs(made.decide(read([texts[at] for at in chosen])) - exact).mean())
    print(f"encoder: rounded weights decide {apart:.3f} apart", file=sys.stderr)
    if not apart < LIKE:
        raise SystemExit(f"make model: numpy's encoder decides otherwise than JAX's, by {apart:.3f} on average")
