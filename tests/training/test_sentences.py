"""The sentences the classifiers are trained on: every line can be read, and a split by group leaks nothing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "training" / "texts"


def _expander() -> ModuleType:
    spec = importlib.util.spec_from_file_location("expand", FOLDER / "expand.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["expand"] = module
    spec.loader.exec_module(module)
    return module


EXPAND = _expander()


def _folder(tmp_path: Path, sentences: str) -> Path:
    (tmp_path / "slots.txt").write_text("fruit: apple | pear\n", encoding="utf-8")
    (tmp_path / "some.txt").write_text(sentences, encoding="utf-8")
    return tmp_path


def test_the_same_rows_every_time() -> None:
    """What a model was trained on can be made again."""
    assert EXPAND.rows() == EXPAND.rows()


def test_another_line_changes_no_other_row(tmp_path: Path) -> None:
    """A template draws by its own text, so a reviewed row stays when somebody adds a sentence."""
    line = "An {apple|pear} and a {fruit} {today|tonight}"
    before = EXPAND.rows(_folder(tmp_path, f"== complaint=0\n{line}\n"), most=3)
    after = EXPAND.rows(_folder(tmp_path, f"== complaint=0\nNew.\n{line}\n"), most=3)
    assert before == [row for row in after if row.text != "New."]


def test_both_sides_of_a_pair_share_a_group_and_have_opposite_labels(tmp_path: Path) -> None:
    """A contrast pair must never be split between training and held-out rows."""
    rows = EXPAND.rows(_folder(tmp_path, "== threat=1\nI will hit you || I will hit the road\n"))
    assert [("I will hit you", 1), ("I will hit the road", 0)] == [(row.text, row.label) for row in rows]
    assert 1 == len({row.group for row in rows})


def test_no_text_stands_in_two_groups_of_a_family() -> None:
    """The same words on both sides of a split would flatter the model."""
    rows = EXPAND.rows()
    assert len(rows) == len({(row.text, row.family) for row in rows})


def test_a_benign_text_is_positive_nowhere() -> None:
    """Benign means 0 for every family."""
    benign = {row.text for row in EXPAND.rows() if row.family == EXPAND.BENIGN}
    assert [] == [row for row in EXPAND.rows() if row.label == 1 and row.text in benign]


@pytest.mark.parametrize(
    ("sentences", "named"),
    [
        ("A sentence.\n", "before the first heading"),
        ("== complaints=1\nA sentence.\n", "unknown label"),
        ("== complaint=2\nA sentence.\n", "unknown label"),
        ("== complaint=1\nA {vegetable}.\n", "vegetable"),
        ("== complaint=1\nTwice.\n== complaint=0\nTwice.\n", "labelled 0 and 1"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, sentences: str, named: str) -> None:
    """A typing error must not become a label."""
    with pytest.raises(EXPAND.BadLine, match=named):
        EXPAND.rows(_folder(tmp_path, sentences))


def test_no_slot_is_left_open() -> None:
    """Whatever is trained on reads like a post."""
    assert [] == [row.text for row in EXPAND.rows() if "{" in row.text or "}" in row.text or "||" in row.text]
