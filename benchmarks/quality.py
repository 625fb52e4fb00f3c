# ruff: noqa: INP001 - a script, not part of a package
"""How often the text rules are wrong, on public labelled sets. Not part of the tests: the sets are not shipped.

Run `CHAPTERWATCH_DATA=/path/to/sets python benchmarks/quality.py [pack]`. The folder holds one folder per set, with the
files its publisher names: banking77 (CC BY 4.0), 538_tweets (CC BY 4.0), broad_twitter (CC BY 4.0),
political_social_media, davidson (MIT), edos (CC0), toxic_spans (CC0). Sets that are absent are left out.

The first table counts findings per 1,000 ordinary texts: nearly all of them are false. The second gives precision and
recall on labelled texts; precision there is not what a chapter sees, since chapters post almost nothing of the kind.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from chapterwatch.policy import load_pack
from checks.engine import CompiledPack, compile_pack, judge_table

TEXT_CHECKS = frozenset(
    {"profanity", "threats", "hate", "harassment", "topics", "complaints", "rumours", "confidentiality", "phrases"},
)
MOST = 12_000


@dataclass(frozen=True)
class Labelled:
    """A set of texts with the truth for some checks; checks without truth are only counted."""

    name: str
    texts: list[str]
    truth: dict[str, list[bool]]


def banking77(folder: Path) -> Labelled:
    """Customers' questions to a bank: ordinary text throughout."""
    rows = _csv(folder / "data__raw__train.csv")
    return Labelled("banking77", [row["text"] for row in rows], {})


def tweets_538(folder: Path) -> Labelled:
    """Tweets about a boxing match: ordinary, often rude."""
    rows = _csv(folder / "mayweather-mcgregor__tweets.csv")
    return Labelled("538_tweets", [row["text"] for row in rows], {})


def broad_twitter(folder: Path) -> Labelled:
    """Tweets of many kinds of people."""
    texts = [text for path in sorted(folder.glob("*.conll")) for text in _conll(path)]
    return Labelled("broad_twitter", texts, {})


def political(folder: Path) -> Labelled:
    """Politicians' posts: a stress test for the topic rule, where `partisan` is the truth."""
    rows = _csv(folder / "political_social_media.csv")
    return Labelled(
        "politicians", [row["text"] for row in rows], {"topics": [row["bias"] == "partisan" for row in rows]}
    )


def davidson(folder: Path) -> Labelled:
    """Tweets found by slurs: class 0 hate, 1 offensive, 2 neither."""
    rows = _csv(folder / "data__labeled_data.csv")
    truth = {"profanity": [row["class"] != "2" for row in rows], "hate": [row["class"] == "0" for row in rows]}
    return Labelled("davidson", [row["tweet"] for row in rows], truth)


def edos(folder: Path) -> Labelled:
    """Posts on sexism; category 1 is threats and incitement."""
    rows = _csv(folder / "data__edos_labelled_aggregated.csv")
    truth = {
        "threats": [row["label_category"].startswith("1.") for row in rows],
        "hate": [row["label_sexist"] == "sexist" for row in rows],
    }
    return Labelled("edos", [row["text"] for row in rows], truth)


def toxic_spans(folder: Path) -> Labelled:
    """News comments with labelled spans of insult, threat, identity attack and profanity."""
    kinds = _span_kinds(folder)
    rows = _csv(next(folder.glob("*comments.csv")))
    names = {
        "profanity": "Profane/Obscene",
        "threats": "Threat",
        "hate": "Identity based Attack",
        "harassment": "Insult",
    }
    truth = {check: [kind in kinds.get(row["comment_id"], set()) for row in rows] for check, kind in names.items()}
    return Labelled("toxic_spans", [row["comment_text"] for row in rows], truth)


SETS: dict[str, Callable[[Path], Labelled]] = {
    "banking77": banking77,
    "538_tweets": tweets_538,
    "broad_twitter": broad_twitter,
    "political_social_media": political,
    "davidson": davidson,
    "edos": edos,
    "toxic_spans": toxic_spans,
}


def main(pack_name: str = "ala") -> None:
    """Print both tables and the speed."""
    home = Path(os.environ["CHAPTERWATCH_DATA"])
    compiled = compile_pack(load_pack(pack_name))
    counts, scores = [], []
    for name, read in SETS.items():
        if not (home / name).is_dir():
            continue
        labelled = read(home / name)
        flagged, seconds = _flagged(compiled, labelled.texts[:MOST])
        counts.append(_per_thousand(labelled, flagged, seconds))
        scores += list(_scores(labelled, flagged))
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        print(pd.DataFrame(counts).to_string(index=False))  # noqa: T201 - this is what the script is for
        print(pd.DataFrame(scores).to_string(index=False))  # noqa: T201


def _flagged(compiled: CompiledPack, texts: list[str]) -> tuple[dict[str, set[int]], float]:
    frame = pd.DataFrame({"id": range(len(texts)), "text": texts, "lang": "en"})
    rules = [rule.id for rule in compiled.pack.rules.values() if _is_text_rule(rule.check, rule.subject)]
    start = time.process_time()
    findings, _ = judge_table(frame, compiled, rules)
    seconds = time.process_time() - start
    by_check: dict[str, set[int]] = {}
    for rule_id, text_id in zip(findings["rule"], findings["id"], strict=True):
        by_check.setdefault(compiled.pack.rules[rule_id].check, set()).add(int(text_id))
    return by_check, seconds


def _is_text_rule(check: str, subject: str) -> bool:
    return check in TEXT_CHECKS and subject == "post"


def _per_thousand(labelled: Labelled, flagged: dict[str, set[int]], seconds: float) -> dict[str, object]:
    size = min(len(labelled.texts), MOST)
    rates = {check: round(1000 * len(flagged.get(check, ())) / size, 2) for check in sorted(TEXT_CHECKS)}
    return {"set": labelled.name, "texts": size, **rates, "texts/cpu-s": round(size / seconds)}


def _scores(labelled: Labelled, flagged: dict[str, set[int]]) -> Iterator[dict[str, object]]:
    for check, truth in labelled.truth.items():
        wanted = {index for index, is_true in enumerate(truth[:MOST]) if is_true}
        found = flagged.get(check, set())
        both = len(wanted & found)
        precision, recall = both / max(len(found), 1), both / max(len(wanted), 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        row = {"set": labelled.name, "check": check, "true": len(wanted), "found": len(found)}
        yield {**row, "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _conll(path: Path) -> Iterator[str]:
    words: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            words.append(line.split("\t")[0])
        elif words:
            yield " ".join(words).replace("# ", "#").replace("@ ", "@")
            words = []


def _span_kinds(folder: Path) -> dict[str, set[str]]:
    comment_of = {row["annotation"]: row["comment_id"] for row in _csv(next(folder.glob("*annotations.csv")))}
    kinds: dict[str, set[str]] = {}
    for row in _csv(next(folder.glob("*spans.csv"))):
        kinds.setdefault(comment_of[row["annotation"]], set()).add(row["type"])
    return kinds


if __name__ == "__main__":
    main(*sys.argv[1:2])
