"""The registry entry and the connection a page shows, as data: they are run, and they are filled into the form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FENCED = re.compile(r"^```yaml title=\"(?P<title>[^\"]+)\"\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)

#: Who the pages' chapter is, so that an entry of the page becomes a whole registry.
_ROSTER: dict[str, Any] = {
    "id": "ala",
    "name": "Association of Legal Administrators",
    "pack": "ala",
    "language": "en",
    "timezone": "America/Chicago",
    "headquarters": ["audit@hq.example"],
    "official_domains": ["alanet.org"],
    "public_contacts": ["marketing@alanet.org"],
}
_PEOPLE = [
    {"name": "Harriet Vossler", "email": "president@lakeside.example", "role": "president", "leadership": True},
    {"name": "Oskar Lindenbaum", "email": "web@lakeside.example", "role": "webmaster"},
]


@dataclass(frozen=True)
class Example:
    """What one page shows, as text, so that equal pages are equal."""

    accounts: str
    connections: str

    @classmethod
    def of(cls, page: str) -> Example:
        """The two YAML blocks of a page, told by their titles; empty where there is none."""
        found = {match["title"]: match["text"] for match in _FENCED.finditer(page)}
        return cls(
            next((text for title, text in found.items() if title.startswith("config/chapters.yml")), ""),
            found.get("config/connections.yml", ""),
        )

    @property
    def account(self) -> dict[str, Any]:
        """The first account of the entry."""
        found = yaml.safe_load(self.accounts)
        entries: list[dict[str, Any]] = found["associations"][0]["chapters"][0]["accounts"] if self._whole else found
        return entries[0]

    @property
    def connection(self) -> tuple[str, dict[str, Any]]:
        """The connection's id and what stands under it."""
        ((name, found),) = yaml.safe_load(self.connections)["connections"].items()
        return name, found

    @property
    def _whole(self) -> bool:
        return self.accounts.startswith("associations:")

    def registry(self) -> str:
        """The registry the page shows, or one around its entry."""
        if self._whole:
            return self.accounts
        accounts = yaml.safe_load(self.accounts)
        chapter: dict[str, Any] = {"id": "ala-lakeside", "name": "Lakeside Chapter", "country": "US"}
        chapter |= {"people": _PEOPLE, "accounts": accounts}
        text: str = yaml.safe_dump({"associations": [_ROSTER | {"chapters": [chapter]}]}, sort_keys=False)
        return text

    def connections_at(self, base_url: str) -> str:
        """The connections file, asking another server."""
        name, found = self.connection
        text: str = yaml.safe_dump({"connections": {name: found | {"base_url": base_url}}}, sort_keys=False)
        return text


def save(folder: Path, example: Example, base_url: str | None = None) -> None:
    """Write registry and, where an address is given, connections into a folder, as the command line reads them."""
    (folder / "config").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "chapters.yml").write_text(example.registry(), encoding="utf-8")
    if base_url:
        (folder / "config" / "connections.yml").write_text(example.connections_at(base_url), encoding="utf-8")
