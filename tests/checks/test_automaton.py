"""Many strings looked for at once."""

from checks.automaton import Automaton, Lists
from checks.vocabulary import Joined


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


def test_each_list_is_told_the_texts_that_hold_one_of_its_strings() -> None:
    """One reading answers for all lists; a string does not go from one text over into the next."""
    texts = ["gmail dot com", "dot", "", "do", "t"]

    dots, mails, nothing = Lists(["dot", " dot "], ["gmail"], []).held(Joined(texts))

    assert [True, True, False, False, False] == dots.tolist()
    assert [True, False, False, False, False] == mails.tolist()
    assert not nothing.any()
