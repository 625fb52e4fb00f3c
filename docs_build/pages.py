"""Which pages are made, whole or in part, and what they come out as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from connectors import docs as connectors_docs
from docs_build import checked, commands, faults, platforms, rules, variables
from docs_build.example import Example

DOCS = Path(__file__).resolve().parent.parent / "docs"

#: Pages that are made whole.
WHOLE: dict[str, Callable[[], str]] = {
    "cli.md": commands.page,
    "connectors.md": connectors_docs.text,
    "rules.md": rules.page,
    "settings.md": variables.page,
}

#: Blocks that are a command's own output.
_RUN = {"works": checked.works, "refused": checked.refused, "first_report": checked.first_report}

_BLOCK = re.compile(r"(<!-- made: (?P<said>[a-z_ ]+) -->\n).*?(<!-- /made -->)", re.DOTALL)


def made(path: Path) -> str:
    """What a page has to say: made whole, or with the blocks in it made anew."""
    if path.name in WHOLE and path.parent == DOCS:
        return WHOLE[path.name]()
    text = path.read_text(encoding="utf-8")
    return _BLOCK.sub(lambda found: f"{found[1]}\n{_block(text, *found['said'].split()).strip()}\n\n{found[3]}", text)


def pages() -> Iterator[Path]:
    """Every page that is made, whole or in part."""
    yield from (DOCS / name for name in WHOLE)
    yield from (path for path in sorted(DOCS.rglob("*.md")) if _BLOCK.search(path.read_text(encoding="utf-8")))


def stale() -> list[Path]:
    """Pages that are not what they would be made as."""
    return [path for path in pages() if not path.exists() or path.read_text(encoding="utf-8") != made(path)]


def _block(page: str, what: str, platform: str = "") -> str:
    if what == "overview":
        return platforms.overview()
    if what in _RUN:
        return _checked(what, Example.of(page))
    if what == "faults":
        return {"": faults.common, "exports": faults.exports}.get(platform, lambda: faults.block(platform))()
    return platforms.BLOCKS[what](platform)


@cache
def _checked(what: str, example: Example) -> str:
    return _RUN[what](example)
