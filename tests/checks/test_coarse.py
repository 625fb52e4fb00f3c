"""Coarse words that abuse nobody, and the same words where they do."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.coarse import is_no_abuse, is_warm
from checks.engine import CompiledPack, compile_pack, run_case
from checks.text import prepare


@pytest.fixture(scope="module")
def pack() -> CompiledPack:
    """One association's pack; both have the same rules."""
    return compile_pack(load_pack("ala"))


#: What nobody is insulted by, and the same word at somebody.
PAIRS = [
    ("Payback is a bitch.", "Our treasurer is a bitch."),
    ("The new filing system was a bitch to learn.", "She was a bitch to me all evening."),
    ("The old press was a bastard to clean.", "Dana is a bastard to work with."),
    ("That hill is an absolute bastard of a climb.", "What a bastard of a man."),
    ("She's a slut for cheesecake.", "You're a whore for attention."),
    ("Boss bitch energy only.", "My boss is a bitch."),
    ("Our bitch had a litter of nine on Tuesday.", "The chair is a bitch, and her dog had a litter of nine."),
    ("Happy birthday, you old bastard!", "You bastard, you ruined her birthday."),
    ("You crazy bitch, I love you so much.", "You crazy bitch, I hope you lose."),
    ("In Danish slut means finish, my class found.", "That lazy slut means to come again."),
    ("My son asked what a bastard is.", "What a bastard he is."),
    ("Onions, you bastards, every time.", "Neighbours, you bastards, every time."),
    ("Peeling forty kilos of spuds is a bitch.", "Our cook is a bitch."),
    ("My knee is being a bitch again.", "The chair is a bitch."),
]


@pytest.mark.parametrize(("idle", "meant"), PAIRS)
def test_a_coarse_word_hits_whom_it_is_said_of(pack: CompiledPack, idle: str, meant: str) -> None:
    """Things, weaknesses, pride, dogs and friends: no insult; a person: one."""
    rule = pack.pack.rules["ala.harassment"]
    verdicts = [run_case(pack, rule, Case(clean=text)).verdict for text in (idle, meant)]
    assert [False, True] == verdicts


@pytest.mark.parametrize(
    ("idle", "meant"),
    [
        ("You crazy bitch, I love you so much.", "You crazy bitch, I hate you so much."),
        ("This printer is a whore for ink.", "You are a whore for money."),
    ],
)
def test_no_hate_of_women_is_in_it_either(pack: CompiledPack, idle: str, meant: str) -> None:
    """The rule against hate of women spares the same frames."""
    rule = pack.pack.rules["ala.hate"]
    verdicts = [run_case(pack, rule, Case(clean=text)).verdict for text in (idle, meant)]
    assert [False, True] == verdicts


def test_what_is_asked_about_ends_with_the_word() -> None:
    """A phrase that ends with the word is the word's; one that goes on, or has none, is not asked about here."""
    text = prepare("Karma is a bitch, they say.")
    at = text.words.index("bitch")
    assert is_no_abuse(text, at, at + 5)
    assert is_no_abuse(text, at - 2, at + 5)
    assert not is_no_abuse(text, at, at + 6)
    assert not is_no_abuse(text, 0, 5)


def test_warm_words_are_not_only_loud() -> None:
    """Love said to somebody is warm; love of what hurts is not."""
    assert is_warm(prepare("Miss you, bitch"))
    assert not is_warm(prepare("I love it when these bitches cry"))
