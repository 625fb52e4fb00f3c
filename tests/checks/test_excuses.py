"""What takes a word of abuse off a person: the frame decides, not the word."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import CompiledPack, compile_pack, run_case


@pytest.fixture(scope="module")
def pack() -> CompiledPack:
    """One association's pack; both have the same rule."""
    return compile_pack(load_pack("ala"))


#: The same word in a frame that excuses it, and without.
PAIRS = [
    ("He is a thief in the autumn play.", "He is a thief and a crook."),
    ("Callers about your warranty are crooks, hang up.", "The people at the front desk are lying crooks."),
    ("She is a coward about thunder.", "She is a coward who hides behind her lawyer."),
    ("The squirrel is a shameless liar.", "The director is a shameless liar."),
    ("They called him a liar at the time.", "Our chair was a liar then and is one now."),
    ("Is he a hypocrite? Chapter two asks.", "He is a hypocrite."),
    ("You monster, you ate my sandwich!", "You lying monster."),
    ("The cardinal was a hypocrite, says the historian.", "The cardinal is a hypocrite."),
]


@pytest.mark.parametrize(("excused", "meant"), PAIRS)
def test_a_frame_excuses_a_word_and_only_in_that_frame(pack: CompiledPack, excused: str, meant: str) -> None:
    """A part, a warning, a weakness, a pet, a report, a question, a tease, history: no finding; without it, one."""
    rule = pack.pack.rules["ala.harassment"]
    verdicts = [run_case(pack, rule, Case(clean=text)).verdict for text in (excused, meant)]
    assert [False, True] == verdicts


def test_a_chapter_is_no_book(pack: CompiledPack) -> None:
    """A chapter, here, is where members meet, not where a character lives."""
    rule = pack.pack.rules["ala.harassment"]
    assert run_case(pack, rule, Case(breach="She is a liar, as everybody in the chapter knows.")).verdict is True
