"""How mistakes are told."""

from __future__ import annotations

from chapterwatch.errors import choices

CHAPTERS = [f"ala-{at:03}" for at in range(500)]


def test_a_few_names_are_listed_in_full() -> None:
    """In their order, beside the one that was probably meant."""
    assert "did you mean lakeside? If not, use one of: harbor, lakeside" == choices("lakesid", ["lakeside", "harbor"])
    assert "use one of: none" == choices("lakeside", [])


def test_of_hundreds_of_names_the_likest_are_listed() -> None:
    """A line of five hundred is read by nobody; how many there are is said."""
    told = choices("ala-4999", CHAPTERS)
    assert told.startswith("did you mean ala-499? If not, use one of: ")
    assert told.endswith(" … (500 in all)")
    assert 8 == told.count("ala-") - 1
