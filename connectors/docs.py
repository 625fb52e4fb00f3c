"""docs/connectors.md, written out of every connector.yml: one source for the officer, the linter and the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.base import Manifest, manifests

_INTRO = """\
# Connectors

What Chapterwatch asks of each platform, what that shows and what it cannot show. This page is written from
`connectors/<platform>/connector.yml`; mend those, then run
`chapterwatch check-connectors --write-docs docs/connectors.md`.
"""


def text() -> str:
    """The whole page."""
    found = manifests()
    return "\n".join([_INTRO, *_overview(found), *(line for item in found.values() for line in _chapter(item))])


def _overview(found: Mapping[str, Manifest]) -> Iterator[str]:
    yield "| Platform | Name in the registry | Asked live | Export formats | API version | Its end |"
    yield "|---|---|---|---|---|---|"
    for item in found.values():
        live = "yes" if item.entry_point else "no"
        if item.price_per_read_usd:
            live = f"yes, {item.price}"
        formats = ", ".join(f"`{name}`" for name in item.importers) or "none"
        ends = str(item.api_version_ends) if item.api_version_ends else "none announced" if item.api_version else ""
        link = f"[{_cell(item.title)}](#{_anchor(item.title)})"
        yield f"| {link} | `{item.platform}` | {live} | {formats} | {item.api_version or ''} | {ends} |"
    yield ""


def _chapter(item: Manifest) -> Iterator[str]:
    yield f"## {item.title}"
    yield ""
    yield from _listed("Before the first run", item.needs)
    yield from _listed("Scopes", [f"`{name}`" for name in item.scopes])
    yield from _named("Secrets of the connection", item.secrets)
    yield from _named("Options of the connection", item.options)
    yield from _named("Limits", item.limits)
    if item.price_note:
        yield f"**Price.** {item.price[0].upper()}{item.price[1:]}. {_line(item.price_note)}"
        yield ""
    yield from _listed("What is seen", item.sees)
    yield from _listed("What cannot be seen", [*item.cannot_see, *item.unshown()])
    shorter = f" The registry may say so: `platforms: {{{item.platform}: {item.retention_months}}}` under `retention`."
    yield f"**Retention.** {_line(item.retention_duty)}{shorter if item.retention_months else ''}"
    yield ""
    if item.api_version:
        ends = f"ends on {item.api_version_ends}." if item.api_version_ends else "has no end announced."
        yield f"**API version.** {item.api_version}; it {ends} {_line(item.api_version_note or '')}".rstrip()
        yield ""
    yield from _named("Fields", {name: ", ".join(f"`{one}`" for one in fields) for name, fields in item.fields.items()})


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"**{title}**"
        yield ""
        yield from (f"- {_line(line)}" for line in lines)
        yield ""


def _named(title: str, entries: Mapping[str, str]) -> Iterator[str]:
    yield from _listed(title, [f"`{name}`: {said}" for name, said in entries.items()])


def _line(said: str) -> str:
    return " ".join(said.split())


def _cell(said: str) -> str:
    return _line(said).replace("|", "\\|")


def _anchor(title: str) -> str:
    """The anchor GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
