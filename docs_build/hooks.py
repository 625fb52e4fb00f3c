"""What mkdocs runs over each page: a link that leaves docs/ names its file instead, for the site has only the docs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\n]+)\]\((?P<target>(?:\.\./)+[^)\s#]*)(?:#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Called by mkdocs before a page is rendered."""
    folder = Path(page.file.abs_src_path).parent
    return _LINK.sub(lambda found: named(found, folder), markdown)


def named(found: re.Match[str], folder: Path) -> str:
    """The link as it is, or where it leads out of docs/ to a file there is, its text and the file's name."""
    target = (folder / found["target"]).resolve()
    if not target.exists() or target.is_relative_to(_ROOT / "docs") or not target.is_relative_to(_ROOT):
        return found[0]
    name = f"`{target.relative_to(_ROOT)}`"
    text = found["text"]
    named_already = text.strip("`") in {name.strip("`"), target.name}
    return f"{name} in the source" if named_already else f"{text} ({name} in the source)"


def on_post_page(output: str, **_: Any) -> str:
    """Called by mkdocs with each finished page."""
    return _search_named(output)


def on_post_template(output_content: str, **_: Any) -> str:
    """Called by mkdocs with what is no page of its own, as the one for addresses that are not there."""
    return _search_named(output_content)


def _search_named(html: str) -> str:
    """The theme leaves the search without a name to be read out."""
    return html.replace('role="dialog"', 'role="dialog" aria-label="Search"')
