"""Classes of words: what their notation means, and that each is listed once, is plain and is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import checks
from checks.word_classes import classes, entries, filled, pattern, word_class

HOME = Path(checks.__file__).parent
SOURCES = [path.read_text("utf-8") for path in (*HOME.rglob("*.py"), HOME / "menace" / "frames.yml")]


@pytest.mark.parametrize("word", ["child", "children", "baby", "babies", "son of a bitch", "councillor", "councilor"])
def test_a_class_holds_each_of_its_spellings(word: str) -> None:
    """Letters in brackets may stand there or not; of two between them one must."""
    assert re.fullmatch(word_class("people"), word)


@pytest.mark.parametrize("word", ["childs", "bab", "son of", "councilllor"])
def test_a_class_holds_nothing_between_its_spellings(word: str) -> None:
    """Half a word is none of the class."""
    assert not re.fullmatch(word_class("people"), word)


def test_a_star_is_any_letters() -> None:
    """Whatever they are fed to."""
    assert re.fullmatch(word_class("done_to"), "fed to the crocodiles")
    assert not re.fullmatch(word_class("done_to"), "fed to the ")


def test_places_are_filled_by_parts_before_classes() -> None:
    """What is given goes before the class of that name; counts of repetitions are no places."""
    assert filled(r"a{2,3} {people}", people="x") == "a{2,3} x"
    assert pattern(r"all {people}s").pattern == rf"all {word_class('people')}s"


def test_a_place_that_nothing_fills_is_refused() -> None:
    """A misspelt name is seen at import."""
    with pytest.raises(KeyError, match="peeple"):
        filled("{peeple}")


@pytest.mark.parametrize("name", sorted(classes()))
def test_entries_are_plain_and_stand_once(name: str) -> None:
    """Letters, digits and the notation: whatever else a pattern needs stands in the pattern."""
    listed = entries(name)

    assert [] == [entry for entry in listed if not re.fullmatch(r"[\w' ()|*{}-]+", entry)]
    assert [] == sorted({entry for entry in listed if listed.count(entry) > 1})
    assert [] == [entry for entry in listed if entry.count("(") != entry.count(")")]


@pytest.mark.parametrize("name", sorted(classes()))
def test_every_class_is_used(name: str) -> None:
    """A class that no pattern takes says something of the rules that is not so."""
    asked = (f"{{{name}}}", f'word_class("{name}")', f'spellings("{name}")', f'entries("{name}")')
    others = [listed for other, listed in classes().items() if other != name]

    assert any(form in text for form in asked for text in [*SOURCES, *others])
