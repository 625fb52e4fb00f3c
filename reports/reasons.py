"""What a check says of its evidence, in the languages of the reports: `locale/<language>/LC_MESSAGES/reasons.po`.

Findings keep their reason as the check put it, in English. Most reasons are sentences with a few places; the catalogue
knows them by that: an entry without context is a whole reason, one with a context a word that stands at a place of that
name. A place without words of its own (an event, a hashtag) holds a name and stays as it is. What a run noted of an
account stands there as well, sentence by sentence, under the context `run`.

A reason whose sentence or one of whose words is not known is not told at all, so that nothing is said by halves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

from babel.messages.pofile import read_po

from reports.words import FALLBACK, LOCALES, languages

#: The context of what a run notes of an account, and where one of its sentences ends.
RUN = "run"
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z0-9])")

#: A place that holds another whole reason, and one that holds several words of the same kind.
WITHIN = "reason"
SEVERAL = "details"


@dataclass(frozen=True)
class Known:
    """One sentence or word: how it is known again, and how it is said."""

    pattern: re.Pattern[str]
    said: str


#: Context ("" for whole reasons) -> what is known, the longest first.
Catalogue = Mapping[str, Sequence[Known]]


def told(reason: str, language: str) -> str | None:
    """A check's reason in another language (ISO 639-1); None where the catalogue does not know all of it."""
    if language not in languages() or language == FALLBACK:
        return None
    return _told(reason, "", _catalogue(language))


def noted(detail: str, language: str) -> str | None:
    """What a run noted of an account in another language (ISO 639-1); None where the catalogue does not know all of it.

    `detail` is without the account it begins with.
    """
    if language not in languages() or language == FALLBACK:
        return None
    catalogue = _catalogue(language)
    # What people reported may have sentences of its own.
    if whole := _told(detail, RUN, catalogue):
        return whole
    said = [_told(sentence, RUN, catalogue) for sentence in _NEXT_SENTENCE.split(detail)]
    return None if None in said else " ".join(map(str, said))


def _told(text: str, context: str, catalogue: Catalogue) -> str | None:
    for known in catalogue.get(context, ()):
        found = known.pattern.fullmatch(text)
        values = {name: _value(name, held, catalogue) for name, held in found.groupdict().items()} if found else None
        if values is not None and None not in values.values():
            return known.said.format(**values)
    return None


def _value(name: str, held: str, catalogue: Catalogue) -> str | None:
    if name == WITHIN:
        return _told(held, "", catalogue)
    if name == SEVERAL:
        parts = [_told(part, name, catalogue) for part in held.split(", ")]
        return None if None in parts else ", ".join(str(part) for part in parts)
    return _told(held, name, catalogue) if name in catalogue else held


@cache
def _catalogue(language: str) -> Catalogue:
    found: dict[str, list[Known]] = {}
    path = LOCALES / language / "LC_MESSAGES" / "reasons.po"
    if not path.is_file():
        return found
    with path.open("rb") as file:
        for entry in read_po(file, locale=language, abort_invalid=True):
            if entry.id and entry.string and not entry.fuzzy:
                found.setdefault(entry.context or "", []).append(Known(_pattern(str(entry.id)), str(entry.string)))
    # A sentence without places is known before one whose places could swallow it.
    return {context: sorted(known, key=lambda one: "(?P<" in one.pattern.pattern) for context, known in found.items()}


def _pattern(english: str) -> re.Pattern[str]:
    parts = []
    for text, name, _, _ in Formatter().parse(english):
        parts.append(re.escape(text))
        if name:
            parts.append(rf"(?P<{name}>{r'[0-9]+' if name in {'n', 'total', 'days'} else '.+'})")
    return re.compile("".join(parts), re.DOTALL)
