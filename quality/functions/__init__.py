"""Functional tests of the scores: many short posts, each written to show one thing a score must or must not hear.

A suite is a file here (`hate.yml`, `pii.yml`): headings are functions ("hate quoted and condemned"), each with
templates whose slots are filled by a draw that the template itself decides, so that adding one changes no other. A slot
is filled from the file's list of that name, or made up (`{phone:GB}`, see `values`). A third of the templates is kept
as the test split, chosen by the template, on which nothing is tuned.

`heard` says what a function's posts are: true or false for the family the file is called after; where a file tests
several families, the one its posts are of. They are near-misses of the file's other families then, as posts with
`heard: false` are of all.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chapterwatch import strictyaml
from quality.functions.values import value

HERE = Path(__file__).parent
#: The suites: every file here.
SUITES = tuple(sorted(path.stem for path in HERE.glob("*.yml")))
#: Posts a template gives at most.
MOST = 10
#: Every third template, by its hash.
_PARTS = 3
_SLOT = re.compile(r"\{(\w+)(:?)(\w*)\}")


@dataclass(frozen=True)
class Functional:
    """One post of a functional test, and the family that must hear it, if any."""

    suite: str
    function: str
    template: str
    text: str
    family: str | None

    @property
    def is_test(self) -> bool:
        """Whether its template belongs to the third that nothing may be tuned on."""
        return int(hashlib.sha256(self.template.encode()).hexdigest(), 16) % _PARTS == 0


def functional_posts(suite: str) -> list[Functional]:
    """Every post of a suite, in the order of the file.

    Raises:
        InvalidFiles: the file is not valid YAML of the strict kind.
        KeyError: a template names a slot that has no fillers.
    """
    data = strictyaml.load(HERE / f"{suite}.yml").data
    return [
        Functional(suite, entry["function"], template, text, _family(suite, entry["heard"]))
        for entry in data["functions"]
        for template in entry["templates"]
        for text in filled(template, data.get("slots", {}))
    ]


def families_of(posts: Sequence[Functional]) -> tuple[str, ...]:
    """The families that a suite's posts test, in their order."""
    return tuple(dict.fromkeys(post.family for post in posts if post.family))


def _family(suite: str, heard: bool | str) -> str | None:
    if isinstance(heard, str):
        return heard
    return suite if heard else None


def filled(template: str, slots: Mapping[str, Sequence[str]], most: int = MOST) -> list[str]:
    """At most `most` different posts of a template; one where it has no slot."""
    dice = random.Random(template)  # noqa: S311 - a draw that can be repeated, not a secret

    def fill(slot: re.Match[str]) -> str:
        return value(slot[1], slot[3], dice) if slot[2] or slot[1] not in slots else dice.choice(slots[slot[1]])

    tries = 2 * most if _SLOT.search(template) else 1
    drawn = dict.fromkeys(_SLOT.sub(fill, template) for _ in range(tries))
    return list(drawn)[:most]
