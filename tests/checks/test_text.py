# ruff: noqa: E501, RUF001 - look-alike characters are the point
"""The prepared text: what it folds away, and the exact way back to the stored text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import text as text_module
from checks.text import MASK, Text, _pieces, _unmasked, plain_of, prepare

MIXED = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("aAeE sS.!#@&;ｆ\u0441\u043e\u200b\u00ad\u0301\u202e'\"“”«»\n0134$"),
    ),
    max_size=120,
)


@pytest.mark.parametrize(
    ("stored", "plain"),
    [
        ("No change here.", "no change here."),
        ("Tom &amp; Jerry &#38; &copy;", "tom & jerry & ©"),
        ("AT&T; R&D and &nothing; stays", "at&t; r&d and &nothing; stays"),
        ("zero\u200bwidth so\u00adft bi\u202edi", "zerowidth soft bidi"),
        ("Ｆｕｌｌ ﬁne ①", "full fine 1"),
        ("ＳＴＲＡＳＳＥ Straße", "strasse strasse"),
        ("caf\u00e9 cafe\u0301", "cafe cafe"),
        ("Ma\u00f1ana an\u0303o", "mañana año"),
        ("p\u0430ss\u0441\u043ede", "passcode"),
        ("Привет, Москва", "привет, москва"),
        ("#StopTheVote #ALA26 #two_words", "#stop the vote #ala 26 #two words"),
        ("it’s ‘fine’ – ok…", "it's 'fine' - ok..."),
    ],
)
def test_plain_folds_what_readers_do_not_see(stored: str, plain: str) -> None:
    """Disguises go, words stay: Russian stays Russian, ñ stays ñ, an unknown entity stays as written."""
    assert plain == prepare(stored).plain


@given(MIXED)
def test_any_text_can_be_prepared(stored: str) -> None:
    """No text raises, and every view of it has its promised shape."""
    text = prepare(stored)
    assert len(text.words) == len(text.plain)
    assert all(0 <= start <= end <= len(text.plain) for start, end in (*text.sentences, *text.quotations))
    assert all(text.plain[mark.start : mark.end] == mark.text for mark in text.marks)


@given(MIXED, st.data())
def test_a_span_cut_from_the_stored_text_contains_what_was_matched(stored: str, data: st.DataObject) -> None:
    """Preparing the cut again gives the matched text: the way back loses nothing."""
    text = prepare(stored)
    if not text.plain:
        return
    start = data.draw(st.integers(0, len(text.plain) - 1))
    end = data.draw(st.integers(start + 1, len(text.plain)))
    left, right = text.span(start, end)
    assert 0 <= left <= right <= len(stored)
    matched = "".join(text.plain[start:end].split())
    again = "".join(prepare(stored[left:right]).plain.split())
    if stored.isascii() and "#" not in stored:
        assert matched in again
    assert text.span(0, len(text.plain))[0] <= left
    assert right <= text.span(0, len(text.plain))[1]


@given(MIXED)
def test_spans_run_in_text_order(stored: str) -> None:
    """A later character of the plain view never comes from an earlier place of the stored text."""
    text = prepare(stored)
    spans = [text.span(at, at + 1) for at in range(len(text.plain))]
    assert sorted(spans) == spans


@pytest.mark.parametrize(
    ("stored", "start_of", "cut"),
    [
        ("oh f\u200buck", "fuck", "f\u200buck"),
        ("R&amp;D rocks", "&", "&amp;"),
        ("die Straße hier", "strasse", "Straße"),
        ("e\u0301te\u0301", "ete", "e\u0301te\u0301"),
        ("see #WhatTheHeck", "the", "The"),
        ("x \U0001f600 ｆｏｏ", "foo", "ｆｏｏ"),
    ],
)
def test_the_cut_is_what_stands_in_the_post(stored: str, start_of: str, cut: str) -> None:
    """Evidence quotes the post as it was written, disguise included."""
    text = prepare(stored)
    start = text.plain.index(start_of)
    assert cut == text.cut(start, start + len(start_of))


def test_links_handles_and_addresses_are_no_words() -> None:
    """What stands in a link, a handle or an address is masked; the `@` of a handle stays to be seen."""
    text = prepare("see https://x.example/damn, @damn_it or a.damn@x.example now")
    assert "damn" not in text.words
    assert "@" + MASK * 7 in text.words
    assert ["url", "handle", "email"] == [mark.kind for mark in text.marks]
    assert "https://x.example/damn" == text.marks[0].text


@pytest.mark.parametrize(
    ("stored", "sentences"),
    [
        ("Dr. Smith vs. Mr. Jones. Next!", ["dr. smith vs. mr. jones.", "next!"]),
        ("One\n\nTwo", ["one", "two"]),
        ("Costs $3.50 today. Really?! Yes", ["costs $3.50 today.", "really?!", "yes"]),
        ("", []),
    ],
)
def test_sentences(stored: str, sentences: list[str]) -> None:
    """Abbreviations and decimal points end no sentence; line breaks do."""
    text = prepare(stored)
    assert sentences == [text.plain[start:end].strip() for start, end in text.sentences]


@pytest.mark.parametrize(
    ("stored", "word", "reported"),
    [
        ("He wrote “you idiot” to me", "idiot", True),
        ("Er schrieb „du Idiot“ an mich", "idiot", True),
        ("Il a dit « idiot » hier", "idiot", True),
        ('She called "idiot" funny', "idiot", True),
        ("They called me an idiot", "idiot", True),
        ("A man told us that he will come", "come", True),
        ("I told him he is an idiot", "idiot", False),
        ("Don't be an idiot, it's rude", "idiot", False),
        ("5' 11\" tall idiot 6' 2\"", "idiot", False),
        ("To the man who told us that we are an idiot club", "idiot", True),
        ("She told me that to the woman who asked he said: you idiot", "idiot", True),
        ("To the man who told us that we are slow: you are an idiot", "idiot", False),
        ("To whoever wrote that we are slow, you are an idiot", "idiot", False),
        ("And to those who said that our walk was bad - idiot is too kind a word", "idiot", False),
        ("For everyone who has posted that we are slow: idiot, look at the clock", "idiot", False),
    ],
)
def test_whose_words_they_are(stored: str, word: str, reported: bool) -> None:
    """Quoted and reported words are somebody else's; "I told him" is still the account's own."""
    text = prepare(stored)
    start = text.plain.index(word)
    assert reported is text.is_reported(start, start + len(word))


@pytest.mark.parametrize(
    ("stored", "word", "negated"),
    [
        ("You are not stupid", "stupid", True),
        ("I don't hate it", "hate", True),
        ("Not today, but you are stupid", "stupid", False),
        ("No. You are stupid", "stupid", False),
        ("Nobody is perfect; stupid happens", "stupid", False),
        ("No eres tonto", "tonto", True),
        ("Everyone and someone is really very, very stupid", "stupid", False),
        ("Why does nobody say that it is stupid?", "stupid", False),
        ("How come nobody will admit it is stupid?", "stupid", False),
        ("Why does nobody say that it is not stupid?", "stupid", True),
        ("Nobody would say that it is stupid", "stupid", True),
    ],
)
def test_negation_reaches_to_the_end_of_its_clause(stored: str, word: str, negated: bool) -> None:
    """A negation counts in its own clause only."""
    text = prepare(stored)
    assert negated is text.is_negated(text.plain.index(word))


@pytest.mark.parametrize(
    ("stored", "word", "negated"),
    [
        ("Ninguna mujer es tonta", "tonta", True),
        ("Du bist weder dumm noch faul", "dumm", True),
        ("Sem nenhum idiota aqui", "idiota", True),
        ("Ce n'est pas stupide", "stupide", True),
        ("Er ist dumm", "dumm", False),
        ("Vi no grupo uma burra", "burra", False),
        ("Se apareceres no encontro eu parto a loja", "parto", False),
        ("No grupo não há burras", "burras", True),
        ("No hay tontas en el grupo", "tontas", True),
        ("There is no idiot here", "idiot", True),
        ("no idiots", "idiots", True),
    ],
)
def test_negation_in_other_languages(stored: str, word: str, negated: bool) -> None:
    """The commonest negations of Spanish, French, German and Portuguese."""
    text = prepare(stored)
    assert negated is text.is_negated(text.plain.index(word))


@pytest.mark.parametrize(
    ("stored", "word", "reported"),
    [
        ("Me dijeron que soy idiota", "idiota", True),
        ("Il m'a traité d'idiot", "idiot", True),
        ("Sie nannten mich eine Idiotin", "idiotin", True),
        ("Eles me chamaram de idiota", "idiota", True),
        ("A la mujer a quien le dijeron “eres idiota”: no lo eres", "idiota", True),
        ("A la mujer que dijo que somos lentas: eres idiota", "idiota", False),
        ("Para quem escreveu que somos lentas: idiota é você", "idiota", False),
        ("À celle qui a dit que nous sommes lents : tu es idiote", "idiote", False),
        ("An die Frau, die uns geschrieben hat: du bist eine Idiotin", "idiotin", False),
        ("Eres idiota", "idiota", False),
        ("Du bist eine Idiotin", "idiotin", False),
    ],
)
def test_reported_words_in_other_languages(stored: str, word: str, reported: bool) -> None:
    """Here "they called me" is told, not said, in any language."""
    text = prepare(stored)
    start = text.plain.index(word)
    assert reported is text.is_reported(start, start + len(word))


def test_emoji_are_tokens_of_their_own() -> None:
    """Beside a word or among others, with and without the sign that only chooses how they are drawn."""
    tokens = prepare("Hi\U0001f600\U0001f44d there \u2764\ufe0f x").tokens
    assert ["word", "emoji", "emoji", "word", "emoji", "word"] == [token.kind for token in tokens]


@given(MIXED)
def test_the_quick_road_folds_as_the_walk_does(stored: str) -> None:
    """Run by run or character by character, the plain view is the same."""
    walked = _unmasked("".join(piece for piece, _, _ in _pieces(stored)))
    assert walked == plain_of(stored) == prepare(stored).plain


@given(st.lists(st.sampled_from(["#FooBar", "#two_words1", "&amp;", "&#x27;", "&nbsp;", "\ufe0f", "\u20e3", "1", "n", "\u0303", "é",
    "ж", "a", "ß", "\U0001f600", "\u200d", "İ", "\u037a", " ", "_", "#", "`"]), max_size=12))  # fmt: skip
def test_the_quick_road_on_marks_and_entities(parts: list[str]) -> None:
    """The same for what texts are really made of, in any order."""
    stored = "".join(parts)
    assert _unmasked("".join(piece for piece, _, _ in _pieces(stored))) == plain_of(stored)


def test_an_apostrophe_written_as_a_number_is_no_hashtag() -> None:
    """Here "&#x27;" begins with a sign that hashtags begin with, too."""
    assert "don't" == prepare("don&#x27;t").plain
    assert isinstance(prepare("x"), Text)


def test_texts_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made ready is kept for a run and not for good, and long texts are not kept beside one another."""
    monkeypatch.setattr(text_module, "_MOST_PREPARED", 10)
    for at in range(50):
        assert f"x {at}" == prepare(f"X {at}").plain
        assert prepare(f"X {at}") is prepare(f"X {at}")
        assert len(text_module._PREPARED) <= 10
    for at in range(3):
        prepare(f"{at}" * 30_000)
        assert 1 == len(text_module._PREPARED)


@settings(max_examples=300, deadline=None)
@given(raw=st.text(alphabet="aB #_1&é\u0301\u200d\U0001f600ßЖ`\n", max_size=14))
def test_a_place_before_anything_odd_is_where_it_seems(raw: str) -> None:
    """The short way from the plain view back to the stored text says what the long way says."""
    text = text_module.Text(raw, text_module.plain_of(raw))
    for start in range(len(text.plain)):
        for end in range(start + 1, len(text.plain) + 1):
            if text._places is not None:
                starts, ends = text._places
                assert (min(starts[start:end]), max(ends[start:end])) == text.span(start, end)


@pytest.mark.parametrize(
    ("before", "denied"),
    [
        ("Je ne veux ", True),
        ("Ik zal u ", False),
        ("Als ge da nog ne keer doet ", False),
        ("Pas maar op, gij, of ik zal u ", False),
        ("Ge moet mij niet ", True),
        ("Ik ben niet boos maar ik zal u ", False),
    ],
)
def test_what_denies_in_french_does_not_in_dutch(before: str, denied: bool) -> None:
    """In Dutch "pas" is "only" and in Flanders "ne" is "a"; what comes after "maar" ("but") is not denied."""
    assert prepare(before + "X").is_negated(len(before)) is denied
