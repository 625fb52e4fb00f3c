"""Which language a text is in; undecided is an answer."""

from typing import Any

import pytest

from chapterwatch.policy_lexicon import Frame, Lexicon
from checks.language import KnownWords, by_small_words, detect, language_of, normal_code
from checks.lexicons import Lexicons
from checks.text import prepare


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ok", None),
        ("Happy Monday!", None),
        ("https://example.org/une/page/en/francais @tous #bonjour", None),
        ("We are looking forward to seeing all of you at the conference", "en"),
        ("Mañana vamos a celebrar la semana de la lactancia", "es"),
        ("Merci à tous pour votre présence hier soir", "fr"),
        ("Wir freuen uns auf das Treffen am Montag", "de"),
        ("Wat een topavond weer, bedankt allemaal voor jullie komst", "nl"),
        ("Ge moogt gerust uw kleine meebrengen naar 't café", "nl"),
        ("Is daar iemand wat my kan help met 'n borspomp?", "af"),
        ("Sy het vir my gesê dat ek moet ophou", "af"),
        ("明日の会議", "ja"),
        ("明天我们开会讨论", "zh"),
        ("내일 만나요", "ko"),
        ("ขอบคุณทุกคน", "th"),
        ("شكرا لكم جميعا", "ar"),
        ("תודה לכולם", "he"),
        ("Спасибо", "ru"),
        ("Ευχαριστούμε", "el"),
        ("धन्यवाद", "hi"),
        ("🎉🎉🎉 2026 !!!", None),
        ("", None),
    ],
)
def test_detect(text: str, language: str | None) -> None:
    """A script that few languages use decides at once; short texts in a shared script stay undecided."""
    assert language == detect(prepare(text))


@pytest.mark.parametrize(
    ("said", "text", "language"),
    [
        ("es", "ok", "es"),
        ("en-GB", "ok", "en"),
        ("und", "ok", "pt"),
        ("qme", "ok", "pt"),
        ("zxx", "Wir freuen uns auf das Treffen am Montag", "de"),
        (None, "ok", "pt"),
        (None, "明日の会議", "ja"),
        ("iw", "ok", "he"),
    ],
)
def test_platform_then_text_then_account(said: str | None, text: str, language: str) -> None:
    """What the platform said wins, then the text, then the account's language (here Portuguese)."""
    assert language == language_of(prepare(text), said=said, fallback="pt", known=KnownWords({}))


#: As lexicons would know them.
KNOWN = KnownWords(
    {
        "en": {"idiot", "kill", "club", "meeting", "vote"},
        "es": {"idiota", "matar", "club", "eres", "voto"},
        "pt": {"idiota", "matar", "clube", "voto"},
        "it": {"eres"},
    },
    fewest=1,
)


@pytest.mark.parametrize(
    ("text", "fallback", "language"),
    [
        ("Bingo club", "en", "en"),
        ("Club de lectura", "en", "es"),
        ("Eres idiota", "en", "es"),
        ("idiota", "en", "en"),
        ("Eres un idiota", "pt", "es"),
        ("Kill the idiot", "es", "en"),
        ("@eres_idiota #meeting", "es", "en"),
        ("https://example.org/eres/idiota", "en", "en"),
        ("ERES IDIOTA, l'idiota", "fr", "fr"),
        ("Eres idiota", "it", "it"),
    ],
)
def test_words_of_lexicons_tell_the_language_of_a_few_words(text: str, fallback: str, language: str) -> None:
    """More known words than any other language has; a tie, or an account in a language of few words, leaves it."""
    prepared = prepare(text)
    assert detect(prepared) is None
    assert language == language_of(prepared, said=None, fallback=fallback, known=KNOWN)


@pytest.mark.parametrize(
    ("said", "text", "fallback", "language"),
    [
        # The near-misses first: what is really in the language named, or in none that shows.
        ("et", "Tere hommikust kõigile", "en", "et"),
        ("et", "Kill", "en", "et"),
        ("et", "Vote hommikust kõigile club", "en", "et"),
        ("et", "Club idiota matar", "en", "et"),
        ("et", "Wir freuen uns auf das Treffen am Montag", "en", "et"),
        ("es", "Vote kill", "en", "es"),
        ("it", "Vote kill", "en", "it"),
        ("et", "Vote kill", "fr", "et"),
        # And the platform's mistakes.
        ("et", "Vote kill", "en", "en"),
        ("tl", "Kill the idiot!", "en-GB", "en"),
        ("ca", "Eres idiota", "es", "es"),
        ("nl", "We are looking forward to seeing all of you at the conference", "en", "en"),
    ],
)
def test_a_tag_no_lexicon_is_in_is_doubted_for_the_accounts_language(
    said: str, text: str, fallback: str, language: str
) -> None:
    """Only for that one, where the text shows it or most few words are of it; a language of a pack is believed."""
    assert language == language_of(prepare(text), said=said, fallback=fallback, known=KNOWN)


def test_lexicons_lend_the_words_of_terms_and_exceptions() -> None:
    """Stems and phrases count word by word, letters behind an apostrophe as a word of their own."""
    many = Frame(term="{ba|ce|di|fo|gu|ha|je|li|mo|nu|pa|re}" * 3)
    terms = (many, Frame(term="voto por l'otra*"), Frame(term="eres {tonta|boba}"))
    given: dict[str, Any] = {"name": "x", "origin": "o", "licence": "l"}
    known = Lexicons(
        [
            Lexicon(language="es", terms=terms, exceptions=("no bebe",), **given),
            Lexicon(language="en", terms=(many, Frame(term="vote")), **given),
            Lexicon(language="it", terms=(Frame(term="gatto"),), **given),
        ]
    )
    told = [known.known_words.language_of(prepare(word), "en") for word in ("boba", "otra", "bebe", "vote", "gatto")]
    assert ["es", "es", "es", "en", None] == told


def test_a_tag_that_names_no_language_is_none() -> None:
    """Platforms mark texts without words with codes of their own."""
    assert [None] * 5 == [normal_code(code) for code in ("und", "qht", "", None, 5)]


#: Ordinary sentences of chapters, made up.
SENTENCES = {
    "en": (
        "Thank you to everyone who came to our meeting last night",
        "We have two places left for the workshop on Friday",
        "What is your favourite memory of the conference?",
        "Don't forget that the library will be closed on Monday",
    ),
    "es": (
        "Gracias a todas por venir a la reunión de ayer",
        "Nos quedan dos plazas para el taller del viernes",
        "¿Cuál es tu recuerdo favorito de la conferencia?",
        "No olvides que la biblioteca estará cerrada el lunes",
    ),
    "fr": (
        "Merci à toutes celles qui sont venues à notre réunion hier soir",
        "Il nous reste deux places pour l'atelier de vendredi",
        "Quel est votre meilleur souvenir de la conférence ?",
        "N'oubliez pas que la bibliothèque sera fermée lundi",
    ),
    "de": (
        "Danke an alle, die gestern zu unserem Treffen gekommen sind",
        "Wir haben noch zwei Plätze für den Workshop am Freitag",
        "Was ist eure schönste Erinnerung an die Konferenz?",
        "Denkt daran, dass die Bücherei am Montag geschlossen ist",
    ),
    "pt": (
        "Obrigada a todas que vieram à nossa reunião de ontem",
        "Ainda temos duas vagas para a oficina de sexta-feira",
        "Qual é a sua melhor lembrança da conferência?",
        "Não se esqueça de que a biblioteca estará fechada na segunda",
    ),
    "it": (
        "Grazie a tutte quelle che sono venute alla nostra riunione di ieri",
        "Abbiamo ancora due posti per il laboratorio di venerdì",
        "Qual è il vostro ricordo più bello della conferenza?",
        "Non dimenticate che la biblioteca sarà chiusa lunedì",
    ),
    "nl": (
        "Bedankt aan iedereen die gisteren naar onze bijeenkomst kwam",
        "We hebben nog twee plaatsen voor de workshop van vrijdag",
        "Wat is jullie mooiste herinnering aan het congres?",
        "Vergeet niet dat de bibliotheek maandag gesloten is",
    ),
}


@pytest.mark.parametrize(("language", "sentence"), [(code, one) for code, all_ in SENTENCES.items() for one in all_])
def test_sentences_are_never_taken_for_another_language(language: str, sentence: str) -> None:
    """Undecided is allowed; a wrong language would make a wrong "clean"."""
    text = prepare(sentence)
    assert detect(text) in (language, None)
    assert by_small_words(text.plain, set(text.plain.split())) in (language, None)


def test_most_sentences_are_told_by_their_small_words() -> None:
    """Otherwise every post would wait for the slow detector."""
    texts = [prepare(one) for all_ in SENTENCES.values() for one in all_]
    told = sum(by_small_words(text.plain, set(text.plain.split())) is not None for text in texts)
    assert told >= 0.7 * len(texts)


@pytest.mark.parametrize(
    "text", ["the the the", "明日の会議 the and of to in is you", "la de que", "Happy Monday!", "no me in so on"]
)
def test_small_words_that_tell_nothing(text: str) -> None:
    """The same word again, words that languages share, another script beside them."""
    plain = prepare(text).plain
    assert by_small_words(plain, set(plain.split())) is None
