"""Which language has a grammar of its own for insults."""

from __future__ import annotations

from collections.abc import Mapping

from checks.harassment.dutch import DUTCH
from checks.harassment.grammar import NO_GRAMMAR, Grammar
from checks.harassment.italian import ITALIAN
from checks.harassment.romance import ROMANCE

#: By ISO 639-1 code.
_GRAMMARS: Mapping[str, Grammar] = {"es": ROMANCE, "it": ITALIAN, "nl": DUTCH, "pt": ROMANCE}


def grammar_of(language: str) -> Grammar:
    """The grammar of a language; one that finds nothing where it has none of its own."""
    return _GRAMMARS.get(language, NO_GRAMMAR)
