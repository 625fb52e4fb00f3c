# ruff: noqa: RUF001 - look-alike characters are the point
"""Finding terms: whole words, exceptions, disguises."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapterwatch.policy_lexicon import Frame, Halves, Lexicon
from checks import lexicons as lexicons_module
from checks.entries import entries_of, folded_term
from checks.lexicons import Lexicons
from checks.text import normal, prepare


def lexicons(*terms: str, name: str = "profanity", exceptions: tuple[str, ...] = ()) -> Lexicons:
    """One English lexicon of terms with weight 1."""
    listed = tuple(Frame(term=term) for term in terms)
    return Lexicons(
        [Lexicon(name=name, language="en", origin="test", licence="test", terms=listed, exceptions=exceptions)]
    )


def found(compiled: Lexicons, stored: str, name: str = "profanity") -> list[str]:
    """What is found, as it stands in the stored text."""
    text = prepare(stored)
    return [text.cut(hit.start, hit.end) for hit in compiled.scan(text).get((name, "en"), ())]


@pytest.mark.parametrize(
    "stored",
    [
        "Scunthorpe, Essex, cockpit, class, analysis, Sussex, assassin",
        "darning needles, darnel grass",
        "https://darn.example/darn @darn darn@darn.example",
        "d4 rn, DA-RN-26, 4darn2",
        "the dar n",
    ],
)
def test_nothing_is_found_inside_other_words(stored: str) -> None:
    """A term is a word of its own, not a part of one, of a link or of a code."""
    assert [] == found(lexicons("darn", "ass", "cock", "sex", "cunt"), stored)


@pytest.mark.parametrize(
    ("stored", "cut"),
    [
        ("Darn!", "Darn"),
        ("(darn)", "(darn)".strip("()")),
        ("*darn* _darn_", "darn"),
        ("d a r n it", "d a r n"),
        ("d.a.r.n", "d.a.r.n"),
        ("d4rn", "d4rn"),
        ("d@rn", "d@rn"),
        ("d*rn", "d*rn"),
        ("d***", "d***"),
        ("daaaarn", "daaaarn"),
        ("#DarnThing", "Darn"),
        ("dar\u200bn", "dar\u200bn"),
        ("dаrn", "dаrn"),
        ("ｄａｒｎ", "ｄａｒｎ"),
    ],
)
def test_disguises_are_seen_through(stored: str, cut: str) -> None:
    """The evidence is the disguised spelling as it stands in the post."""
    assert cut in found(lexicons("darn"), stored)


@pytest.mark.parametrize("stored", ["**bold** text", "3 d prints", "a b c d", "as-is", "e.g. this", "100% a", "C3PO"])
def test_ordinary_signs_disguise_nothing(stored: str) -> None:
    """Markup, lists of letters, abbreviations and codes are no disguise."""
    assert [] == found(lexicons("darn", "cab", "boldly", "dab", "ass"), stored)


def test_a_lexicon_of_topics_is_read_as_it_stands() -> None:
    """Only words people disguise are looked for in disguise."""
    assert [] == found(lexicons("darn", name="politics"), "d4rn d.a.r.n", name="politics")


def test_exceptions_hide_only_what_stands_inside_them() -> None:
    """The same word counts again elsewhere in the same text."""
    assert ["Darn"] == found(lexicons("darn", exceptions=("darn socks",)), "darn socks and Darn")


def test_german_terms_are_found_without_umlauts() -> None:
    """People who have no umlauts write "ae", "oe" and "ue"; only German is spelt so."""
    terms = (Frame(term="lügner"), Frame(term="blöd*"))
    listed = [Lexicon(name="x", language=code, origin="test", licence="test", terms=terms) for code in ("de", "es")]
    text = prepare("Luegner, bloede Lügner, lugner")
    hits = Lexicons(listed).scan(text)

    assert ["Luegner", "bloede", "Lügner", "lugner"] == [text.cut(hit.start, hit.end) for hit in hits[("x", "de")]]
    assert ["Lügner", "lugner"] == [text.cut(hit.start, hit.end) for hit in hits[("x", "es")]]


def test_a_star_means_every_word_that_begins_so() -> None:
    """Open-ended terms take the rest of the word along."""
    assert ["darning", "darn"] == found(lexicons("darn*"), "darning, undarned, darn")


def test_the_longest_term_wins() -> None:
    """A phrase is not reported a second time as its words."""
    assert ["darn socks"] == found(lexicons("darn", "darn socks"), "darn socks")


# --- frames that stand for very many terms ---------------------------------------------------------------------------

_CLASSES = {
    "who": (
        *("my dear neighbour", "the old committee", "Müllers Überraschung", "every last volunteer"),
        *("the night nurse", "our choir master", "Jörgs ältere Schwester", "whoever knits"),
    ),
    "does": tuple(f"{verb}{end}" for verb in ("darn", "sing", "knit", "päck") for end in ("s", "ed", "ing", "*")),
    "often": ("", "never ", "nearly always "),
    "what": ("socks", "a song", "it"),
}
#: The half that is looked for stands in front in the first, behind in the second.
_CROSSED = ("{who} {often}{does}", "{what} {often}{does} by {who}")


def crossed(language: str, *, written_out: bool, name: str = "claims") -> Lexicons:
    frames = tuple(Frame(term=frame, sense="s", weight=0.5) for frame in _CROSSED)
    lexicon = Lexicon(name=name, language=language, origin="own", licence="own", terms=frames, classes=_CLASSES)
    assert any(isinstance(part, Halves) for part in lexicon.parts())
    if written_out:
        terms = tuple(Frame(term=term.term, sense="s", weight=0.5) for term in lexicon.terms)
        lexicon = Lexicon(name=name, language=language, origin="own", licence="own", terms=terms)
        assert not any(isinstance(part, Halves) for part in lexicon.parts())
    return Lexicons([lexicon])


_PIECES = st.sampled_from(
    [
        *(word for words in _CLASSES.values() for word in words),
        "by",
        " by ",
        " ",
        "ly",
        ", ",
        ".",
        "darningly",
        "#",
        "\n",
    ]
)


@pytest.mark.parametrize("language", ["en", "de"])
@given(pieces=st.lists(_PIECES, max_size=12), blank=st.sampled_from(["", " "]))
@settings(max_examples=300, deadline=None)
def test_halves_find_what_the_terms_written_out_find(language: str, pieces: list[str], blank: str) -> None:
    """The same hits at the same places, at the edges of a text, of words and of each other."""
    text = prepare(blank.join(pieces))
    expected = _compiled(language, written_out=True).scan(text)

    assert expected == _compiled(language, written_out=False).scan(text)


@cache
def _compiled(language: str, *, written_out: bool) -> Lexicons:
    return crossed(language, written_out=written_out)


@pytest.mark.parametrize(
    ("stored", "cuts"),
    [
        ("My dear neighbour nearly always darned.", ["My dear neighbour nearly always darned"]),
        ("socks never darning by the old committee", ["socks never darning by the old committee"]),
        ("The old committee singsong", ["The old committee singsong"]),
        ("every last volunteerdarned, socks  darned, bysocks darned by the old committee", []),
        ("my dear neighbour", []),
        ("darned by every last volunteer", []),
    ],
)
def test_terms_of_halves_are_found_whole(stored: str, cuts: list[str]) -> None:
    """One half alone is nothing; a star still takes the rest of the word along."""
    text = prepare(stored)
    hits = _compiled("en", written_out=False).scan(text).get(("claims", "en"), ())

    assert cuts == [text.cut(hit.start, hit.end) for hit in hits]


def test_halves_tell_the_same_words_and_hashtags() -> None:
    """What is known of a language, and how hashtags write the terms, hangs on no way of keeping them."""
    halved, listed = _compiled("de", written_out=False), _compiled("de", written_out=True)

    assert listed.known_words.digest == halved.known_words.digest
    assert listed.written_together("claims") == halved.written_together("claims")


def test_of_a_term_in_two_senses_the_first_counts() -> None:
    """Not the one that a set happens to give: the same post must be judged alike every night."""
    words = [f"word{'abcdefghijkl'[at]}" for at in range(12)]
    terms = [Frame(term=word, sense=sense) for sense in ("first", "second") for word in words]
    compiled = Lexicons([Lexicon(name="claims", language="en", origin="test", licence="test", terms=tuple(terms))])
    hits = compiled.scan(prepare(" ".join(words)))["claims", "en"]
    assert ["first"] * len(words) == [hit.sense for hit in hits]


def test_a_disguise_is_less_certain() -> None:
    """`certainty` is 1 for the plain word and below for a disguised one."""
    text = prepare("darn d4rn")
    hits = lexicons("darn").scan(text)["profanity", "en"]
    assert [False, True] == [hit.disguised for hit in hits]


@pytest.mark.parametrize(
    ("stored", "cut"),
    [
        ("dran it", "dran"),
        ("d_rn", "d_rn"),
        ("d-rn!", "d-rn"),
        ("d.rn", "d.rn"),
        ("“d a r n”", "d a r n"),
        ("@darn", "@darn"),
        ("DARRRRN", "DARRRRN"),
        ("b199er", "b199er"),
        ("8igger", "8igger"),
    ],
)
def test_more_disguises(stored: str, cut: str) -> None:
    """Letters changed over, one sign for a vowel, digits drawn like letters."""
    assert cut in found(lexicons("darn", "bigger", "adarn"), stored)


@pytest.mark.parametrize(
    "stored",
    [
        "class, Scunthorpe, cockpit, a cocktail",
        "part AS-5, model A5S-77, room 455, $455, 4-5, 5h1t-007b",
        "well-known follow-up as-is e-mail x-ray",
        "p.m. a.m. U.S. e.g. Dr. J. R. Smith",
        "3 a.m. b d f",
        "King Cnut and the tide; carp, crap",
        "the s.s. Minnow, s.h. Ito",
    ],
)
def test_ordinary_writing_hides_nothing(stored: str) -> None:
    """Codes, prices, abbreviations, hyphens and names that a loose reading would take for a disguise."""
    assert [] == found(lexicons("ass", "cunt", "cock", "shit"), stored)


def test_letters_are_changed_over_in_clear_profanity_only() -> None:
    """A vulgar word, or one of another list, is not sought with its letters changed over."""
    vulgar = Lexicon(name="profanity", language="en", origin="t", licence="t", terms=(Frame(term="darn", weight=0.8),))
    assert [] == found(Lexicons([vulgar]), "dran")
    assert [] == found(lexicons("darn", name="insults"), "dran", name="insults")


@pytest.mark.parametrize(
    ("term", "stored", "times"),
    [
        ("笨蛋", "你是笨蛋吗", 1),
        ("ばか", "あなたはばかです。ばか", 2),
        ("ไอ้บ้า", "เขาเป็นไอ้บ้าจริง", 1),
        ("cab", "日本cabです", 1),
        ("바보", "바보입니다", 0),
        ("дура", "дурак", 0),
    ],
)
def test_scripts_without_blanks_have_no_insides_of_words(term: str, stored: str, times: int) -> None:
    """Chinese, Japanese and Thai run words together; Korean and Russian do not."""
    assert times == len(found(lexicons(term), stored))


def test_texts_of_former_runs_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that lives long reads endlessly many texts."""
    monkeypatch.setattr(lexicons_module, "_MOST_SEEN", 5)
    compiled = lexicons("darn")
    texts = [prepare(f"darn {number}") for number in range(20)]
    assert all(compiled.scan(text) for text in texts)
    assert len(compiled._seen) == 5


def test_hits_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number of texts and by their length: a process that lives long sees endlessly many of any length."""
    monkeypatch.setattr(lexicons_module, "_MOST_SEEN", 10)
    monkeypatch.setattr(lexicons_module, "_MOST_CHARACTERS", 1000)
    known = lexicons("darn")
    for at in range(100):
        for stored in (f"darn {at}", f"darn {at} {'x' * 400}"):
            assert ["darn"] == found(known, stored)
            assert ["darn"] == found(known, stored)
            assert len(known._seen) <= 10
            assert sum(len(text.raw) for text, _ in known._seen.values()) <= 1500


@given(st.text(alphabet="azAZ019 '-*äéß’‐#&@._", max_size=12))
def test_a_term_is_folded_as_a_text_is(term: str) -> None:
    """What is read as it is written is not folded at all: it must be the same."""
    assert normal(term.removesuffix("*")).strip() == folded_term(term)


def test_packs_that_share_a_list_share_what_it_is_looked_for_as() -> None:
    """The same list is read once; another one of the same words is another."""
    said = {"terms": (Frame(term="blöd*"),), "exceptions": ("blödsinn",)}
    one, other = (Lexicon(name="x", language="de", origin="own", licence="own", **said) for _ in range(2))

    assert entries_of(one) is entries_of(one)
    assert entries_of(one) is not entries_of(other)
    assert ["blöd*", "bloed*", "blödsinn", "bloedsinn"] == [entry.term for entry in entries_of(one).terms]
