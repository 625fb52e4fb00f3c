"""Every word a report says of its own, by gettext catalogues: `locale/<language>/LC_MESSAGES/chapterwatch.po`.

Templates hold no words, code holds none either: both ask here by key. The key is the entry's context, the English
sentence its msgid, so `locale/chapterwatch.pot` is all there is of English and a language without an entry says it in
English. Values are put into fixed sentences with `str.format`, so text of strangers is only ever an argument, never a
format.

Dates, numbers, lists, names of months and of languages come from CLDR as the Babel in the lock has it; `_OWN` keeps
what this project writes otherwise.

The catalogues are read as they are, without a compiled copy that could be older: reading and indexing one of 460
entries takes 20 ms, once a process (`load` is cached), against a second for the first page drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

LOCALES = Path(__file__).resolve().parent / "locale"
DOMAIN = "chapterwatch"

#: Said where an association's own language has no catalogue yet.
FALLBACK = "en"

#: What is written otherwise than CLDR has it. Readers in many countries share one English: the day before the month,
#: months in three letters, and a blank before the sign for per cent, as ISO 80000-1 has it.
_OWN: Mapping[str, Mapping[str, str]] = {
    "en": {"locale": "en_001", "short_months": "en", "percent": "#,##0\u00a0%"},
}

#: "Facebook e Instagram": Spanish says e before the sound of an i (Diccionario panhispánico de dudas, "y").
_SPANISH_E = re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE)

#: "Entro l'8 novembre", "dall'11 ottobre": the Italian article loses its vowel before otto and undici. Catalogues write
#: "il {due}", "dal {since}"; only what stands before a place of their own sentence is changed.
_ITALIAN_ARTICLE = re.compile(r"\b(il|del|dal|al) \{(\w+)\}")
_ITALIAN_VOWEL = re.compile(r"(?:8|11) [^\W\d]")

#: The first of a month is an ordinal in these languages, which CLDR's patterns cannot say.
_FIRST: Mapping[str, str] = {"fr": "1er", "it": "1º"}


@dataclass(frozen=True)
class Words:
    """The sentences of one language. Call it with a key: `words("status.findings", n=3)`."""

    #: The language spoken (ISO 639-1), and the one that was asked for.
    language: str
    asked: str
    #: Key -> the English sentence, with its plural where it has one.
    entries: Mapping[str, tuple[str, ...]] = field(repr=False)
    catalogue: NullTranslations = field(repr=False)
    locale: Locale = field(repr=False)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence under `key`, whole numbers in it written as the language writes them.

        With an argument `n` the form for that number is taken: the entry `<key>.zero` for nothing at all where there
        is one, else what the catalogue's own Plural-Forms say.

        Raises:
            KeyError: there is no such sentence.
        """
        sentence = self._sentence(key, values.get("n"))
        written = {name: self._written(value) for name, value in values.items()}
        if self.language == "it":
            sentence = _ITALIAN_ARTICLE.sub(lambda found: _elided(found, written), sentence)
        return sentence.format(**written)

    def has(self, key: str) -> bool:
        """Whether there is a sentence under `key`."""
        return key in self.entries

    def named(self, family: str, name: str) -> str:
        """The word for a name that data brings along; a name nobody has worded yet stands for itself."""
        return self(f"{family}.{name}") if self.has(f"{family}.{name}") else name.replace("_", " ")

    def language_name(self, code: str) -> str:
        """The name of a language by its code (ISO 639-1), as it stands within a sentence: "German"."""
        return str(self.locale.languages.get(code, code))

    @property
    def colon(self) -> str:
        """A colon with the blank French sets before it, for two values a template puts beside each other."""
        return "\u00a0:" if self.language == "fr" else ":"

    # --- dates ------------------------------------------------------------------------------------------------------

    def month(self, period: str) -> str:
        """`2026-10` as "October 2026"."""
        return format_skeleton("yMMMM", _first_day(period), locale=self.locale)

    def month_name(self, period: str, *, short: bool = False) -> str:
        """`2026-10` as "October" or "Oct"."""
        if short:
            return format_date(_first_day(period), "LLL", locale=self._own("short_months") or self.locale)
        return format_date(_first_day(period), "LLLL", locale=self.locale)

    def full_date(self, day: date) -> str:
        """A date in full: "5 November 2026"."""
        return self._first(day, format_date(day, "long", locale=self.locale))

    def day(self, day: date) -> str:
        """A date without its year: "5 November"."""
        return self._first(day, format_skeleton("MMMMd", day, locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """A local time: "14 October, 18:05"."""
        return self("date.moment", day=self.day(moment.date()), time=f"{moment:%H:%M}")

    def spoken_dates(self, text: str) -> str:
        """A text with its ISO dates written as the report writes dates; what is no date stays as it is."""
        return _ISO_DATE.sub(lambda found: self._spoken(found.group()), text)

    # --- numbers and lists ------------------------------------------------------------------------------------------

    def number(self, n: int) -> str:
        """A whole number: "12,345"."""
        return _drawable(format_decimal(n, locale=self.locale))

    def decimal(self, x: float, digits: int = 1) -> str:
        """A number with so many digits after its point: "2.4"."""
        # Rounded as Python rounds, so that a chart and its caption agree whatever the language.
        return _drawable(format_decimal(f"{x:.{digits}f}", f"#,##0.{'0' * digits}", locale=self.locale))

    def percent(self, share: float) -> str:
        """A share (0..1) in whole per cent: "58 %"."""
        return _drawable(format_percent(f"{share:.2f}", self._own("percent"), locale=self.locale))

    def rate(self, rate: float | None) -> str:
        """A rate per 100 posts as its column of a table says it: one digit, or a dash where nothing was posted."""
        return self("number.none") if rate is None else self.decimal(rate)

    def both(self, parts: Sequence[str]) -> str:
        """Parts joined as speech joins them: "a, b and c"."""
        said = format_list(list(parts), locale=self.locale)
        if self.language == "es" and len(parts) > 1 and _SPANISH_E.match(parts[-1]):
            return f"{said[: -len(parts[-1])].removesuffix('y ')}e {parts[-1]}"
        return said

    # ----------------------------------------------------------------------------------------------------------------

    def _sentence(self, key: str, count: object) -> str:
        if count == 0 and self.has(f"{key}.zero"):
            key = f"{key}.zero"
        one, *others = self.entries[key]
        if not others:
            return self.catalogue.pgettext(key, one)
        if not isinstance(count, int):
            raise KeyError(f"{key} is chosen by a number n")
        return self.catalogue.npgettext(key, one, others[0], count)

    def _written(self, value: object) -> object:
        return self.number(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _spoken(self, iso: str) -> str:
        try:
            return self.full_date(date.fromisoformat(iso))
        except ValueError:
            return iso

    def _first(self, day: date, written: str) -> str:
        return f"{_FIRST[self.language]}{written[1:]}" if self.language in _FIRST and day.day == 1 else written

    def _own(self, what: str) -> str | None:
        return _OWN.get(self.language, {}).get(what)


def languages() -> tuple[str, ...]:
    """The languages reports are written in (ISO 639-1)."""
    return tuple(sorted([FALLBACK, *(path.parts[-3] for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))]))


@cache
def load(language: str) -> Words:
    """The words of a language (ISO 639-1), or English where nobody has translated them yet."""
    spoken = language if language in languages() else FALLBACK
    catalogue = NullTranslations() if spoken == FALLBACK else _translations(read(spoken))
    locale = Locale.parse(_OWN.get(spoken, {}).get("locale", spoken))
    return Words(spoken, language, _english(), catalogue, locale)


@cache
def _english() -> Mapping[str, tuple[str, ...]]:
    forms = {str(entry.context): entry.id for entry in read(FALLBACK) if entry.id}
    return {key: (form,) if isinstance(form, str) else tuple(form) for key, form in forms.items()}


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands in its file; for English the template of all of them.

    Raises:
        babel.messages.pofile.PoFileError: the file is no catalogue.
    """
    where = f"{DOMAIN}.pot" if language == FALLBACK else f"{language}/LC_MESSAGES/{DOMAIN}.po"
    with (LOCALES / where).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def _translations(catalogue: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _elided(found: re.Match[str], written: Mapping[str, object]) -> str:
    """An Italian article and the place behind it, as they stand before what will be put there."""
    article, name = found.groups()
    if not _ITALIAN_VOWEL.match(str(written.get(name, ""))):
        return found.group()
    return f"{'' if article == 'il' else article}l\u2019{{{name}}}"


def _drawable(number: str) -> str:
    """A number without narrow no-break spaces, which text faces lack: one from another font would stand out."""
    return number.replace("\u202f", "\u00a0")


def _first_day(period: str) -> date:
    year, month = period.split("-")
    return date(int(year), int(month), 1)
