"""Turn the sentences of this folder into labelled rows: same files, same rows, on every machine.

All sentences were written for this project. A file is read line by line:

    # a comment
    == complaint=1 politics=0      a heading: the labels of the lines that follow; `benign` is 0 for every family
    A plain sentence.
    {Still|Yet again} waiting for {parcel}.        a template: `{a|b}` chooses here, `{name}` from slots.txt
    fires || does not fire         a contrast pair: the left side as the heading says, the right side the opposite

A template gives at most `MOST` rows, chosen by its own text alone, so that adding a line changes no other row. `group`
is the same for all rows of a template and for both sides of a contrast pair: split train from held-out by it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

#: Every family a row can be labelled for; a `benign` row is 0 for each of them.
FAMILIES = (
    "complaint",
    "politics",
    "religion",
    "disparagement",
    "rumour",
    "leak",
    "promotion",
    "threat",
    "harassment",
    "hate",
    "offensive",
    "health",
)

#: The family name of rows that are 0 for every family.
BENIGN = "benign"

#: The most rows one template gives.
MOST = 60

_CHOICE = re.compile(r"\{([^{}]*)\}")


class BadLine(Exception):
    """A line of the sentence files that cannot be read; the message names file, line and what to mend."""


@dataclass(frozen=True)
class Row:
    """One sentence, one label. `family` is one of `FAMILIES` or `benign`; `group` is what a split must keep whole."""

    text: str
    family: str
    label: int
    group: str


def rows(folder: Path = HERE, *, most: int = MOST) -> list[Row]:
    """All rows of a folder in a fixed order, each text and family once. Raises `BadLine`."""
    found: dict[tuple[str, str], Row] = {}
    for path in sorted(folder.glob("*.txt")):
        if path.name != "slots.txt":
            for row in _rows_of_file(path, slots(folder / "slots.txt"), most):
                _keep(found, row, path)
    return list(found.values())


@cache
def slots(path: Path) -> Mapping[str, tuple[str, ...]]:
    """The fillers by slot name: lines of `name: filler | filler`."""
    read = {}
    for number, line in _lines(path):
        name, colon, fillers = line.partition(":")
        if not colon:
            raise BadLine(f"{path.name}:{number}: write 'name: filler | filler'")
        read[name.strip()] = tuple(filler.strip() for filler in fillers.split("|") if filler.strip())
    return read


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("# "):
            yield number, line.strip()


def _keep(found: dict[tuple[str, str], Row], row: Row, path: Path) -> None:
    before = found.setdefault((row.text, row.family), row)
    if before.label != row.label:
        raise BadLine(f"{path.name}: labelled 0 and 1 for {row.family}: {row.text!r}")


def _rows_of_file(path: Path, fillers: Mapping[str, Sequence[str]], most: int) -> Iterator[Row]:
    labels: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            if line.startswith("=="):
                labels = _labels(line)
            else:
                yield from _rows_of_line(line, labels, fillers, most)
        except (KeyError, ValueError) as error:
            raise BadLine(f"{path.name}:{number}: {error}") from error


def _labels(heading: str) -> dict[str, int]:
    labels = {}
    for word in heading.lstrip("= ").split():
        family, _, label = word.partition("=")
        if family not in (*FAMILIES, BENIGN) or (label or "0") not in ("0", "1"):
            raise ValueError(f"unknown label {word!r}")
        labels[family] = int(label or "0")
    return labels


def _rows_of_line(
    line: str, labels: Mapping[str, int], fillers: Mapping[str, Sequence[str]], most: int
) -> Iterator[Row]:
    if not labels:
        raise ValueError("a sentence before the first heading")
    group = hashlib.sha256(line.encode()).hexdigest()[:12]
    for side, template in enumerate(line.split(" || ")):
        for text in expand(template, fillers, most=most):
            for family, label in labels.items():
                yield Row(text, family, label ^ side, group)


def expand(template: str, fillers: Mapping[str, Sequence[str]], *, most: int = MOST) -> list[str]:
    """At most `most` different sentences of a template. Raises KeyError for a slot without fillers."""
    dice = random.Random(template)  # noqa: S311 - a draw that can be repeated, not a secret
    # Twice as many tries as rows wanted: short lists repeat themselves.
    tries = 1 if "{" not in template else 2 * most
    drawn: dict[str, None] = {}
    for _ in range(tries):
        drawn.setdefault(_draw(template, fillers, dice))
        if len(drawn) == most:
            break
    return list(drawn)


def _draw(template: str, fillers: Mapping[str, Sequence[str]], dice: random.Random) -> str:
    text = template
    while match := _CHOICE.search(text):
        choices = match[1].split("|") if "|" in match[1] else fillers[match[1]]
        text = text[: match.start()] + dice.choice(choices) + text[match.end() :]
    return " ".join(text.split())


def main(arguments: Iterable[str] | None = None) -> None:
    """Write the rows as CSV to standard output, or with `--counts` how many there are of each family and label."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--counts", action="store_true")
    parser.add_argument("--most", type=int, default=MOST, help="rows a template gives at most")
    options = parser.parse_args(None if arguments is None else list(arguments))
    found = rows(most=options.most)
    writer = csv.writer(sys.stdout)
    if options.counts:
        writer.writerow(("family", "label", "rows", "groups"))
        writer.writerows(_counts(found))
        return
    writer.writerow(("text", "family", "label", "group"))
    writer.writerows((row.text, row.family, row.label, row.group) for row in found)


def _counts(found: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    kinds = sorted({(row.family, row.label) for row in found})
    grouped = {kind: [row.group for row in found if (row.family, row.label) == kind] for kind in kinds}
    return [(family, label, len(groups), len(set(groups))) for (family, label), groups in grouped.items()]


if __name__ == "__main__":
    main()
