"""Own functional tests of the rules on hate, threats and insults: what each must tell apart, and how it generalises.

Every functionality is a set of templates filled with every filler. The fillers of the part `held_out` were written
after the grammar, mostly of words that no lexicon has, so their floor says what may be expected of words not seen
before; what is clean must stay clean whatever the words.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any

import pandas as pd
import pytest
import yaml

from chapterwatch.policy import load_pack
from checks.engine import CompiledPack, compile_pack, judge_table

HERE = Path(__file__).parent / "functional"
PARTS = ("dev", "held_out")


@cache
def pack() -> CompiledPack:
    """The ALA pack, whose rules on abuse are those of every pack."""
    return compile_pack(load_pack("ala"))


@cache
def suite(name: str) -> dict[str, Any]:
    """One file of functionalities."""
    read: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    return read


def functionalities() -> list[object]:
    """One parameter a functionality and part of the fillers."""
    return [
        pytest.param(path.stem, item["name"], part, id=f"{path.stem}-{item['name'].replace(' ', '_')}-{part}")
        for path in sorted(HERE.glob("*.yml"))
        for item in suite(path.stem)["functionalities"]
        for part in PARTS
    ]


def filled(template: str, fillers: dict[str, list[str]]) -> list[str]:
    """A template with every combination of its fillers; a sentence's first letter is made a capital."""
    slots = list(dict.fromkeys(slot for _, slot, _, _ in Formatter().parse(template) if slot))
    texts = [template.format(**dict(zip(slots, words, strict=True))) for words in product(*map(fillers.get, slots))]
    return [text[0].upper() + text[1:] for text in texts]


def share_right(check: str, texts: list[str], expected: str) -> tuple[float, list[str]]:
    """The share of texts judged as expected, and those that were not."""
    rules = [rule.id for rule in pack().pack.rules.values() if rule.check == check and rule.subject == "post"]
    frame = pd.DataFrame({"id": range(len(texts)), "text": texts, "lang": "en"})
    findings, _ = judge_table(frame, pack(), rules)
    found = set(map(int, findings["id"]))
    wrong = [text for index, text in enumerate(texts) if (index in found) != (expected == "breach")]
    return 1 - len(wrong) / len(texts), wrong


@pytest.mark.parametrize(("name", "functionality", "part"), functionalities())
def test_functionality(name: str, functionality: str, part: str) -> None:
    """The share of texts judged as they should be is at least the floor stated for the part."""
    described = suite(name)
    item = next(each for each in described["functionalities"] if each["name"] == functionality)
    texts = [text for template in item["templates"] for text in filled(template, described["fillers"][part])]
    share, wrong = share_right(described["check"], texts, item["expected"])
    assert share >= item["floor"][part], f"{share:.2f} right; wrong: {wrong[:12]}"
