"""Which language a text is in; undecided is an answer."""

import pytest

from checks.language import detect, language_of, normal_code
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
    assert language == language_of(prepare(text), said=said, fallback="pt")


def test_a_tag_that_names_no_language_is_none() -> None:
    """Platforms mark texts without words with codes of their own."""
    assert [None] * 5 == [normal_code(code) for code in ("und", "qht", "", None, 5)]
