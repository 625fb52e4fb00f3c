"""Disguised words are read anew for the scores, and ordinary words never are."""

from __future__ import annotations

import pytest

from checks.readings import Readings

READINGS = Readings(
    ["hate", "vermin", "parasites", "disgusting", "animals", "fuck*", "boring", "liar", "slut", "scum"],
    ["women", "Sikhs", "immigrants"],
    ["biatch", "shitf", "taiger", "bullshit*", "bitch", "cumming"],
    ["bullshit*", "cumming"],
)


@pytest.mark.parametrize(
    "text",
    [
        "Bring your parts, harder work is boring but we like it",
        "A lair of foxes by the river; see page 3.5 of v2.1",
        "write to h.ate@lakeside.example or @h4te_club or https://lakeside.example/h4te",
        "We are all at A B C Hall, plan B is room 4a",
        "women and immigrants spoke",
        "a batch of tigers shifts",
        "Dr Cummings and Mr Itch met the rcummings team",
        "the pitch, the switch, a bi annual list; rated ***, p*q and 5*4",
        "bullshitter",
        "I hate cold coffee",
        "",
    ],
)
def test_ordinary_words_are_not_read_anew(text: str) -> None:
    """Words of the language, handles, links, addresses and lone letters hide nothing."""
    assert READINGS.read(text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("I h4te women", "I hate women"),
        ("I h a t e women", "I hate women"),
        ("they are par.asites", "they are parasites"),
        ("disgutsing people", "disgusting people"),
        ("such anmals", "such animals"),
        ("they arescum!", "they are scum!"),
        ("hatewomen", "hate women"),
        ("v3rm1n, all of them", "vermin, all of them"),
        ("fukcing rain", "fucking rain"),
        ("you b1atch", "you biatch"),
        ("you bi tch", "you bitch"),
        ("what a b*tch", "what a bitch"),
        ("par#sites", "parasites"),
        ("#thatisbullshit", "#thatis bullshit"),
        ("bullsht again", "bullshit again"),
        ("bit©h", "bitch"),
        ("you btich", "you bitch"),
    ],
)
def test_disguises_are_undone(text: str, read: str) -> None:
    """Digits for letters, letters apart, signs between, letters changed over or left out, words run together."""
    reading = READINGS.read(text)
    assert reading is not None
    assert read == reading.text


@pytest.mark.parametrize(
    ("text", "word", "stored"),
    [
        ("😀 I h a t e women", "hate", "h a t e"),
        ("so disgutsing, so", "disgusting", "disgutsing"),
        ("arescum x", "scum", "scum"),
        ("anmals x", "animals", "anmals"),
        ("😀 you bi tch!", "bitch", "bi tch"),
        ("#ThatIsBullshitAgain", "Bullshit", "Bullshit"),
    ],
)
def test_spans_point_into_the_stored_text(text: str, word: str, stored: str) -> None:
    """A span of the reading is one of the code points of the text as it stands."""
    reading = READINGS.read(text)
    assert reading is not None
    at = reading.text.index(word)
    start, end = reading.span(at, at + len(word))
    assert stored == text[start:end]
