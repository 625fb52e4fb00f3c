"""Every word a report says of its own, in one file per language (`templates/words/<language>.toml`).

Templates hold no words, code holds none either: both ask here by key. Values are put into fixed sentences with
`str.format`, so text of strangers is only ever an argument, never a format.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

_ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

TEMPLATES = Path(__file__).resolve().parent / "templates"

#: Said where an association's own language has no file yet.
FALLBACK = "en"


@dataclass(frozen=True)
class Words:
    """The sentences of one language. Call it with a key: `words("status.open", n=3)`."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence under `key`. With an argument `n` the forms `zero`, `one` and `other` of the key are tried.

        Raises:
            KeyError: there is no such sentence.
        """
        return self._form(key, values.get("n")).format(**values)

    def has(self, key: str) -> bool:
        """Whether there is a plain sentence under `key`."""
        return key in self.entries

    def named(self, family: str, name: str) -> str:
        """The word for a name that data brings along; a name nobody has worded yet stands for itself."""
        return self(f"{family}.{name}") if self.has(f"{family}.{name}") else name.replace("_", " ")

    def month(self, period: str) -> str:
        """`2026-10` as "October 2026"."""
        year, month = period.split("-")
        return self("date.month_year", month=self.entries[f"month.long.{int(month)}"], year=year)

    def month_name(self, period: str, *, short: bool = False) -> str:
        """`2026-10` as "October" or "Oct"."""
        return self.entries[f"month.{'short' if short else 'long'}.{int(period[5:])}"]

    def full_date(self, day: date) -> str:
        """A date in full: "5 November 2026"."""
        return self("date.full", day=day.day, month=self.entries[f"month.long.{day.month}"], year=day.year)

    def day(self, day: date) -> str:
        """A date without its year: "5 November"."""
        return self("date.day", day=day.day, month=self.entries[f"month.long.{day.month}"])

    def moment(self, moment: datetime) -> str:
        """A local time: "14 October, 18:05"."""
        return self("date.moment", day=self.day(moment.date()), time=f"{moment:%H:%M}")

    def spoken_dates(self, text: str) -> str:
        """A text with its ISO dates written as the report writes dates; what is no date stays as it is."""
        return _ISO_DATE.sub(lambda found: self._spoken(found.group()), text)

    def both(self, parts: Sequence[str]) -> str:
        """Parts joined as speech joins them: "a, b and c"."""
        if len(parts) < 2:  # noqa: PLR2004 - "and" stands between two
            return "".join(parts)
        return self("list.and", head=", ".join(parts[:-1]), last=parts[-1])

    def _spoken(self, iso: str) -> str:
        try:
            return self.full_date(date.fromisoformat(iso))
        except ValueError:
            return iso

    def _form(self, key: str, count: object) -> str:
        for form in _forms(count):
            if f"{key}.{form}" in self.entries:
                return self.entries[f"{key}.{form}"]
        return self.entries[key]


@cache
def load(language: str) -> Words:
    """The words of a language (ISO 639-1), or English where nobody has translated them yet."""
    folder = TEMPLATES / "words"
    chosen = language if (folder / f"{language}.toml").is_file() else FALLBACK
    table = tomllib.loads((folder / f"{chosen}.toml").read_text(encoding="utf-8"))
    return Words(chosen, dict(_flat(table)))


def _forms(count: object) -> tuple[str, ...]:
    if not isinstance(count, int):
        return ()
    return {0: ("zero", "other"), 1: ("one", "other")}.get(count, ("other",))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
