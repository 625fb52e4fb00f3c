"""What both ways of aiming an insult ask of the words around it."""

from __future__ import annotations

import re

from checks.lexicons import Hit
from checks.word_classes import pattern

#: How far before an insult the words that speak of it are read.
NEAR = 60
#: "… que je suis", "so ein … bin ich": of the speaker.
I_AM_ABROAD = pattern(r"(?:\s[\w'-]+)?\s{am_i_abroad}(?!\w)")
#: "Ich bin so eine …", "je suis trop …", right before the word.
OF_MINE_ABROAD = pattern(
    r"(?<![\w'])(?:{of_oneself_abroad})"
    r"(?:\s+(?:{insult_fills_abroad}|{insult_fills_german}|{insult_fills_french}|fur)){0,5}\s+$"
)
_KIND = re.compile(
    r"\b(?:not|never|no|nobody|no one|none|aren't|isn't|don't|ne|pas|nicht|kein|keine|keiner|niemand|personne|aucune?"
    r"|nao|nunca|jamais|jamas|nie|niet|geen|nooit|niemand)\b"
    r"|n't\b"
)
#: What follows an adjective about a thing: "you stupid printer" is none of ours, "your stupid printer" neither.
THING = pattern(r"^\s+{called_names}\b")
#: "stupid to ask", "lazy enough".
TO_DO = re.compile(r"^\s+(?:to|enough)\b")


def is_denied(before: str, hit: Hit) -> bool:
    """Whether words negate an insult; "ne" is "a" in German and Flemish, "of it" in Italian, not the French "not"."""
    if hit.language in ("de", "it", "nl"):
        before = before.replace(" ne ", " ")
    return _KIND.search(before.replace("pas ", " ") if hit.language == "nl" else before) is not None
