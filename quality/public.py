"""Public labelled sets, read where their publishers' files lie; none of their text is part of the project.

The folder named by CHAPTERWATCH_DATA holds one folder a set, with the files its publisher names. Sets that are absent
are left out, and the page says so.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class LabelledSet:
    """Texts with the truth for some families; for the others they are only counted."""

    name: str
    about: str
    texts: list[str]
    #: Family -> for each text whether it breaks what the family looks for.
    truth: Mapping[str, list[bool]] = field(default_factory=dict)
    #: Whether these are ordinary texts, in which nearly every finding is false.
    is_ordinary: bool = False


def available(home: Path) -> list[str]:
    """Names of the sets that are there."""
    return [name for name in READERS if (home / name).is_dir()]


def read_set(home: Path, name: str) -> LabelledSet:
    """One set. Raises KeyError for a name that is not one of `READERS`."""
    return READERS[name](home / name)


def _banking77(folder: Path) -> LabelledSet:
    rows = _csv(folder / "data__raw__train.csv")
    return LabelledSet("banking77", "customers' questions to a bank", [row["text"] for row in rows], is_ordinary=True)


def _tweets_538(folder: Path) -> LabelledSet:
    rows = _csv(folder / "mayweather-mcgregor__tweets.csv")
    texts = [row["text"] for row in rows]
    return LabelledSet("538_tweets", "tweets about a boxing match, often rude", texts, is_ordinary=True)


def _broad_twitter(folder: Path) -> LabelledSet:
    texts = [text for path in sorted(folder.glob("*.conll")) for text in _conll(path)]
    return LabelledSet("broad_twitter", "tweets of all kinds of people", texts, is_ordinary=True)


def _political(folder: Path) -> LabelledSet:
    rows = _csv(folder / "political_social_media.csv")
    truth = {"heated_topic": [row["bias"] == "partisan" for row in rows]}
    return LabelledSet("political_social_media", "posts of US politicians", [row["text"] for row in rows], truth)


def _davidson(folder: Path) -> LabelledSet:
    rows = _csv(folder / "data__labeled_data.csv")
    truth = {
        "obscene": [row["class"] != "2" for row in rows],
        "hate": [row["class"] == "0" for row in rows],
    }
    return LabelledSet("davidson", "tweets found by slurs", [row["tweet"] for row in rows], truth)


def _edos(folder: Path) -> LabelledSet:
    rows = _csv(folder / "data__edos_labelled_aggregated.csv")
    truth = {
        "threat": [row["label_category"].startswith("1.") for row in rows],
        "hate": [row["label_sexist"] == "sexist" for row in rows],
    }
    return LabelledSet("edos", "posts on sexism, from Reddit and Gab", [row["text"] for row in rows], truth)


_SPAN_KINDS = {
    "obscene": "Profane/Obscene",
    "threat": "Threat",
    "hate": "Identity based Attack",
    "harassment": "Insult",
}


def _toxic_spans(folder: Path) -> LabelledSet:
    kinds = _span_kinds(folder)
    rows = _csv(next(folder.glob("*comments.csv")))
    truth = {
        family: [kind in kinds.get(row["comment_id"], set()) for row in rows] for family, kind in _SPAN_KINDS.items()
    }
    about = "news comments with labelled spans"
    return LabelledSet("toxic_spans", about, [row["comment_text"] for row in rows], truth)


READERS: Mapping[str, Callable[[Path], LabelledSet]] = {
    "banking77": _banking77,
    "538_tweets": _tweets_538,
    "broad_twitter": _broad_twitter,
    "political_social_media": _political,
    "davidson": _davidson,
    "edos": _edos,
    "toxic_spans": _toxic_spans,
}


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
