"""Functional tests of the scores: many short posts, each written to show one thing a score must or must not hear.

One file a family (`hate.yml`, `threat.yml`): headings are functions ("hate quoted and condemned"), each with templates
whose slots are filled by a draw that the template itself decides, so that adding one changes no other. A third of the
templates is kept as the test split, chosen by the template, on which nothing is tuned.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chapterwatch import strictyaml

HERE = Path(__file__).parent
#: The families with a file here.
FAMILIES = ("hate", "threat")
#: Posts a template gives at most.
MOST = 10
#: Every third template, by its hash.
_PARTS = 3
_SLOT = re.compile(r"\{(\w+)\}")
_LABEL = {"hate": "hateful", "threat": "threat"}


@dataclass(frozen=True)
class Functional:
    """One post of a functional test, and whether it is of the family."""

    family: str
    function: str
    template: str
    text: str
    is_positive: bool

    @property
    def is_test(self) -> bool:
        """Whether its template belongs to the third that nothing may be tuned on."""
        return int(hashlib.sha256(self.template.encode()).hexdigest(), 16) % _PARTS == 0


def functional_posts(family: str) -> list[Functional]:
    """Every post of a family's functional tests, in the order of the file.

    Raises:
        InvalidFiles: the file is not valid YAML of the strict kind.
        KeyError: a template names a slot that has no fillers.
    """
    data = strictyaml.load(HERE / f"{family}.yml").data
    return [
        Functional(family, entry["function"], template, text, bool(entry[_LABEL[family]]))
        for entry in data["functions"]
        for template in entry["templates"]
        for text in filled(template, data["slots"])
    ]


def filled(template: str, slots: Mapping[str, Sequence[str]], most: int = MOST) -> list[str]:
    """At most `most` different posts of a template; one where it has no slot."""
    dice = random.Random(template)  # noqa: S311 - a draw that can be repeated, not a secret
    tries = 2 * most if _SLOT.search(template) else 1
    drawn = dict.fromkeys(_SLOT.sub(lambda slot: dice.choice(slots[slot[1]]), template) for _ in range(tries))
    return list(drawn)[:most]
