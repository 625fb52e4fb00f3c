"""What was measured at a decision point stands in the rule that asks by it, and in its translations."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from chapterwatch import strictyaml

ROOT = Path(__file__).parents[2]
RULES = sorted(ROOT.glob("policies/*/rules/scored.yml"))


def _figures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("figures", ROOT / "training" / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FIGURES = _figures()


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.parent.parent.name)
def test_every_hint_states_what_was_measured(path: Path, tmp_path: Path) -> None:
    """Writing the figures once more changes nothing: they are those of the weights that come along."""
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    assert FIGURES.renewed(copy) == {}
    assert copy.read_bytes() == path.read_bytes()


def test_old_figures_are_replaced_and_words_kept(tmp_path: Path) -> None:
    """The rule's own words stay, the sentence on the point is new and wrapped."""
    path = tmp_path / "scored.yml"
    path.write_text(
        "rules:\n  - id: a.hint\n    params:\n      family: hate\n    why: >-\n"
        "      Be kind. This is a hint: the score is at or\n"
        "      above the point violation (0.01), which 9.9 in 1,000 benign held-out posts reach; on held-out labelled\n"
        "      posts its precision is 0.02 and its recall 0.03.\n    remedy: None.\n",
        encoding="utf-8",
    )
    [(old, new)] = FIGURES.renewed(path).items()
    assert "(0.01)" in old
    assert new == f"Be kind. This is a hint: {FIGURES.figures('hate', 'violation')}"
    assert " ".join(strictyaml.load(path).data["rules"][0]["why"].split()) == new


def test_translations_get_the_numbers_in_their_own_writing() -> None:
    """Commas stay commas, the thousand stays as it is, and other entries are left alone."""
    lines = [
        'msgid "a (0.84), 1.9 in 1,000, 0.57, 0.46"',
        'msgstr "x (0,84), 1,9 von 1.000, 0,57, 0,46"',
        'msgid "b"',
        'msgstr "0,1"',
    ]
    new = {"a (0.84), 1.9 in 1,000, 0.57, 0.46": "a (0.91), 2.0 in 1,000, 0.65, 0.41"}
    assert list(FIGURES.translated(lines, new)) == [
        'msgid "a (0.91), 2.0 in 1,000, 0.65, 0.41"',
        'msgstr "x (0,91), 2,0 von 1.000, 0,65, 0,41"',
        *lines[2:],
    ]


def test_a_translation_with_other_numbers_is_refused() -> None:
    """A translator who left a number out is told, not guessed at."""
    lines = ['msgid "a 0.84 and 0.57"', 'msgstr "nur 0,84"']
    with pytest.raises(SystemExit, match="other numbers"):
        list(FIGURES.translated(lines, {"a 0.84 and 0.57": "a 0.91 and 0.65"}))
