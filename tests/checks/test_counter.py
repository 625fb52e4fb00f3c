"""Words that nobody stands by are told from words that somebody does, by how the sentence is built."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from chapterwatch.policy import load_pack
from checks.counter import asks_for_discretion, speaks_against
from checks.engine import CompiledPack, compile_pack, judge_table
from checks.scores import score_table
from checks.text import prepare


@cache
def pack() -> CompiledPack:
    """The ALA pack, whose rules on abuse are those of every pack."""
    return compile_pack(load_pack("ala"))


def heard(text: str) -> tuple[bool, bool]:
    """Whether the rule finds hate in a text, and whether the score reaches one half."""
    frame = pd.DataFrame({"id": ["1"], "text": [text], "lang": ["en"]})
    scores = score_table(frame, pack()).set_index("family")["score"]
    findings, _ = judge_table(frame, pack(), ["ala.hate"])
    return not findings.empty, bool(scores["hate"] >= 0.5)


@pytest.mark.parametrize(
    "text",
    [
        # Asked about in outrage, or taken up as a question and turned down.
        "Did he seriously just tell the caterer that immigrants are vermin?",
        "How can anyone post that gay people are animals?",
        "Who on earth still believes women are subhuman?",
        "Immigrants are vermin? Excuse me?!",
        "You think Muslims are parasites? Then you know none.",
        # Told of others.
        "State radio told listeners that Roma are parasites.",
        "As a child I was taught that Jews are vermin. I know better now.",
        "They used to say black people are animals. Never again.",
        "So according to him refugees are filth. Unbelievable.",
        "'Immigrants don't deserve to live' is what the sticker said.",
        # Felt about, named for what it is, or given no more room.
        "My heart sank when I read that trans people are filth.",
        "What a shameful headline: immigrants are vermin",
        "Not one more word about how refugees are parasites, please.",
        "It isn't so that immigrants are vermin.",
        # On a condition, or as the subject of another statement.
        "If you believe gay people are animals, unfollow me.",
        "To say Jews are vermin is to forget everything history taught us.",
        "This account says Muslims are vermin. Please report it.",
    ],
)
def test_words_that_are_turned_against_are_not_meant(text: str) -> None:
    """Quoted, reported, asked about or refused: neither the rule nor the score takes them for the author's."""
    assert (False, False) == heard(text)


@pytest.mark.parametrize(
    "text",
    [
        "Everybody knows that immigrants are vermin",
        "I think gay people are animals",
        "Why does nobody say that Muslims are parasites?",
        "Who else thinks refugees are vermin?",
        "Immigrants are vermin. Deal with it.",
        "Immigrants are vermin? Damn right they are.",
        "My dad always said immigrants are vermin and he was right.",
        "The truth is that Jews are vermin",
    ],
)
def test_words_that_are_stood_by_are_meant(text: str) -> None:
    """Near-misses of the above: as a question, in a frame or reported, and agreed with all the same."""
    rule, score = heard(text)
    assert rule or score


@pytest.mark.parametrize(
    ("stored", "reported"),
    [
        ("He said vermin", True),
        ("He said vermin and he was right", False),
        ("Just saying: vermin", False),
        ("Call me cruel, but vermin", False),
        ("They called me vermin", True),
        ("'don't say vermin' it read", True),
    ],
)
def test_what_is_reported_and_agreed_with_is_ones_own(stored: str, reported: bool) -> None:
    """Somebody else's words are the author's where the author stands by them."""
    text = prepare(stored)
    start = text.plain.index("vermin")
    assert reported is text.is_reported(start, start + len("vermin"))


@pytest.mark.parametrize(
    ("text", "is_against"),
    [
        ("“Go back where you came from” was shouted at a member. That is hate.", True),
        ("Somebody called Ana a cow in the chat. This is bullying, and we do not accept it.", True),
        ("Our chapter will not tolerate this any longer.", True),
        ("They breed like rats. That is not hate, it is a fact.", False),
        ("Women should stay at home. This is never sexism.", False),
        ("We will not put up with this service any longer.", False),
        ("They breed like rats. That is disgusting.", False),
    ],
)
def test_what_is_named_for_what_it_is_is_spoken_against(text: str, is_against: bool) -> None:
    """Who says a hateful thing does not call it hate; whom it disgusts may mean the group."""
    assert is_against is speaks_against(prepare(text))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Do not post what a mother tells you about her depression, not even without her name", True),
        ("Please don't share names or diagnoses from our calls.", True),
        ("Leaders must never publish a family's story.", True),
        ("You should not ever write about what you hear at a meeting", True),
        ("Don't tell her, but Sandra is pregnant again", False),
        ("Don't share this yet, Ola is back in hospital", False),
        ("We do not know what she told the doctor", False),
        ("Never mind the name, her milk is back", False),
    ],
)
def test_who_asks_for_discretion_tells_nothing(text: str, asks: bool) -> None:
    """An appeal to keep things to oneself is no leak; one that tells the thing is."""
    assert asks is asks_for_discretion(prepare(text))
