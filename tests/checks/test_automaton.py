"""Many strings looked for at once."""

from checks.automaton import Automaton


def found(strings: list[str], text: str) -> list[tuple[str, str]]:
    """What was found, by string and by place."""
    return [(strings[which], text[start:end]) for which, start, end in Automaton(strings).find(text)]


def test_strings_are_found_inside_and_across_each_other() -> None:
    """A shorter string inside a longer one counts, and one that begins in another's end."""
    assert [("he", "he"), ("hers", "hers"), ("sold", "sold"), ("old", "old")] == found(
        ["he", "hers", "sold", "old"], "hersold"
    )


def test_places_count_code_points() -> None:
    """An emoji and an accent are one character each, as everywhere here."""
    assert [(0, 7, 10)] == Automaton(["été"]).find("🎉🎉 mon été")


def test_half_a_character_hides_nothing() -> None:
    """JSON can bring along half of an emoji; what stands beside it is found where it stands."""
    assert [(0, 2, 7)] == Automaton(["scarf"]).find("\ud83d scarf \ude00")
    assert [] == Automaton(["scarf"]).find("sc\ud83darf")


def test_no_strings_find_nothing() -> None:
    """A pack without lexicons has nothing to look for."""
    assert [] == Automaton([]).find("anything")
