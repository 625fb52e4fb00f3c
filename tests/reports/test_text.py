# ruff: noqa: RUF001 - reports print typographic signs, and the tests name them as they are printed
"""Text of strangers stays readable, finite and where it was highlighted."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import (
    EXCERPT_LIMIT,
    RUN_LIMIT,
    ZERO_WIDTH_SPACE,
    clean,
    clean_line,
    clean_name,
    excerpt_of,
    excerpts_of,
    sentence,
)

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    "ordinary",
    [
        "See you at lunch & learn! <3",
        "Tiếng Việt: hội thảo ở Huế",
        "שָׁלוֹם לכולם",
        "مرحبا بكم في الفرع",
        "สวัสดีทุกคน",
        "九月の会合",
        f"Bring the children {FAMILY}, party at 6️⃣",
        "Two lines\nof text",
    ],
)
def test_ordinary_text_in_any_script_is_left_alone(ordinary: str) -> None:
    """Cleaning changes nothing that people write: vowel points, joined emoji and line breaks are kept."""
    assert ordinary == clean(ordinary)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Lakeside  Chapter", "Lakeside Chapter"),
        ("Lakeside Chapter of", "Lakeside Chapter of"),
        ("Lakeside Chapter of Reno", "Lakeside Chapter of …"),
        ("Lakeside Chapterhouse of Reno", "Lakeside …"),
        ("Lakesidechapterhouseofreno", "Lakesidechapterhouseo…"),
    ],
)
def test_a_name_is_cut_between_two_words(name: str, shown: str) -> None:
    """What fits is whole; a single word that does not is cut all the same."""
    assert shown == clean_name(name, 22)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("pay\u202eme", "pay‹RLO›me"),
        ("\u2066a\u2069", "‹LRI›a‹PDI›"),
        ("a\x00b", "a‹NUL›b"),
        ("a\x1b[31mb", "a‹001B›[31mb"),
        ("half \ud83d done", "half ‹D83D› done"),
        ("a\ufffeb", "a‹FFFE›b"),
        ("z" + "\u0301" * 200 + "y", "z" + "\u0301" * 3 + "y"),
    ],
)
def test_hostile_signs_are_shown_not_obeyed(hostile: str, shown: str) -> None:
    """Controls get their names, half surrogates their number, and a stack of accents ends at three."""
    assert shown == clean(hostile)


def test_long_runs_can_be_broken_and_lose_nothing() -> None:
    """An unbroken word gets invisible places to break every thirty letters; without them it reads as before."""
    cleaned = clean("A" * 100)

    assert "A" * 100 == cleaned.replace(ZERO_WIDTH_SPACE, "")
    assert max(len(part) for part in cleaned.split(ZERO_WIDTH_SPACE)) == RUN_LIMIT


def test_a_short_text_is_excerpted_whole() -> None:
    """What fits is neither cut nor marked as cut."""
    excerpt = excerpt_of("call 555 now", 5, 8)

    assert ("call ", "555", " now", False, False) == (
        excerpt.before,
        excerpt.hit,
        excerpt.after,
        excerpt.cut_before,
        excerpt.cut_after,
    )


def test_the_highlight_stays_right_behind_signs_that_grow() -> None:
    """The span is cut before the text is cleaned: controls in front of it do not move the highlight."""
    text = "\x00\u202e" + "e\u0301\u0301\u0301\u0301\u0301" + " secret " + "\x00"
    start = text.index("secret")

    assert "secret" == excerpt_of(text, start, start + 6).hit


def test_long_text_is_cut_around_the_evidence_at_words() -> None:
    """The excerpt of a Facebook-long post keeps the evidence, a bounded context, and says that it was cut."""
    text = "word " * 6000 + "EVIDENCE" + " word" * 6000
    start = text.index("EVIDENCE")
    excerpt = excerpt_of(text, start, start + 8)

    assert "EVIDENCE" == excerpt.hit
    assert len(excerpt.text) <= EXCERPT_LIMIT + 2
    assert (True, True) == (excerpt.cut_before, excerpt.cut_after)
    assert excerpt.before.startswith("word ")
    assert excerpt.after.endswith(" word")


def test_evidence_longer_than_an_excerpt_is_cut_itself() -> None:
    """A highlight of a whole long post shows its beginning."""
    excerpt = excerpt_of("B" * 63_206, 0, 63_206)

    assert "B" * EXCERPT_LIMIT == excerpt.hit.replace(ZERO_WIDTH_SPACE, "")
    assert excerpt.cut_after


def test_a_cut_never_halves_a_joined_character() -> None:
    """An emoji family at the cut stands on one side of it, whole."""
    excerpt = excerpt_of("x" * (EXCERPT_LIMIT - 3) + FAMILY + "tail" * 40, 0, 0)

    assert not excerpt.after.endswith("\u200d")
    assert excerpt.after.count("👩") in {0, 2}


def test_a_span_outside_the_text_is_refused() -> None:
    """A highlight in the wrong place accuses the wrong words, so it is an error."""
    with pytest.raises(ValueError, match="outside"):
        excerpt_of("short", 2, 99)


@given(st.text(st.characters(), max_size=700), st.integers(0, 700), st.integers(0, 700))
def test_any_text_cleans_to_printable_bounded_text(text: str, one: int, other: int) -> None:
    """Whatever comes in: it encodes, holds no control or bidi sign, and stays within a bound."""
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    shown = excerpt_of(text, start, end).text

    assert shown == shown.encode("utf-8").decode("utf-8")
    assert not [char for char in shown if unicodedata.category(char) == "Cc" and char != "\n"]
    assert not [char for char in shown if unicodedata.bidirectional(char) in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI"}]
    assert len(shown) <= EXCERPT_LIMIT * 7
    assert shown.count("\n") <= 24


def test_lines_are_lines() -> None:
    """A one-line text has no break and its cut is marked."""
    assert "a b c" == clean_line(" a\n\nb\tc ")
    assert "w…" == clean_line("w" * 20, 2)
    assert clean_line("many words " * 500).endswith("…")


# --- several spans ----------------------------------------------------------------------------------------------------


def test_one_span_is_excerpted_as_ever() -> None:
    """With a single span, or none, several spans' excerpt is the plain one."""
    text = "word " * 200 + "EVIDENCE" + " word" * 200
    start = text.index("EVIDENCE")

    assert (excerpt_of(text, start, start + 8),) == excerpts_of(text, [(start, start + 8), (0, 0)])
    assert (excerpt_of(text, 0, 0),) == excerpts_of(text, [])


def test_near_spans_share_an_excerpt_and_far_ones_do_not() -> None:
    """What lies between two spans is printed when it fits, else cut, and the cut is marked once."""
    near = excerpts_of("ring 555, or ring 556 now", [(18, 21), (5, 8)])
    far_text = "ring 555 " + "word " * 300 + "ring 556"
    far = excerpts_of(far_text, [(5, 8), (len(far_text) - 3, len(far_text))])

    assert ["555", "556"] == [part.hit for part in near] == [part.hit for part in far]
    assert "ring 555, or ring 556 now" == "".join(part.text for part in near)
    assert "".join(part.text for part in far).count("…") == 1
    assert sum(len(part.text) for part in far) <= 2 * (EXCERPT_LIMIT + 2)


@given(
    st.text("abcdef", max_size=900),
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40)), max_size=6),
)
def test_any_spans_are_marked_whole_once_and_in_order(text: str, pairs: list[tuple[int, int]]) -> None:
    """Whatever the spans, the marked letters are those spanned, each once, and the rest stands between them."""
    spans = [(min(start, len(text)), min(start + length, len(text))) for start, length in pairs]
    spanned = sorted({at for start, end in spans for at in range(start, end)})
    parts = excerpts_of(text, spans)
    at = 0
    for part in parts:
        shown = (part.before + part.hit + part.after).replace(ZERO_WIDTH_SPACE, "")
        at = text.index(shown, at) + len(shown)

    assert "".join(text[at] for at in spanned) == "".join(part.hit for part in parts).replace(ZERO_WIDTH_SPACE, "")


def test_a_span_outside_the_text_is_an_error_among_several_too() -> None:
    """A highlight in the wrong place accuses the wrong words."""
    with pytest.raises(ValueError, match="outside"):
        excerpts_of("short", [(0, 2), (3, 99)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("an obscene word", "An obscene word."),
        ("It ended already.", "It ended already."),
        ("Did it?", "Did it?"),
        ("he said “stop.”", "He said “stop.”"),
        ("a list (of one)", "A list (of one)."),
        ("and so on…", "And so on…"),
        ("  ", ""),
    ],
)
def test_a_sentence_has_one_end(said: str, expected: str) -> None:
    """A capital first, one full stop last, never two."""
    assert expected == sentence(said)
