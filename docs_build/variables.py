"""docs/settings.md: every variable, from the head of `chapterwatch/settings.py` and the files of the deployment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from chapterwatch import settings
from docs_build.platforms import table

_ROOT = Path(__file__).resolve().parent.parent
_ROW = re.compile(r"^\| (?P<name>[A-Z_]+(?:<ID>)?) \| (?P<meaning>.*?) \| ?(?P<default>.*?) ?\|$", re.MULTILINE)
_ASSIGNED = re.compile(r"^#?\s?(?P<name>[A-Z][A-Z0-9_]+)=(?P<value>.*)$")

_INTRO = """\
# Settings

Everything comes from the environment. This page is written from the head of `chapterwatch/settings.py` and from the
files of the deployment (`make docs`), so it says what the code reads.

## Chapterwatch
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRO, table(["variable", "meaning", "default"], _own())]
    parts += _file(
        ".env.example",
        "What you set",
        "Copy it to `.env` and fill in what has nothing behind its `=`; the others are optional and show an example. "
        "Secrets stand in files (`deploy/secrets.sh`).",
    )
    parts += _file(
        "deploy/airflow.env",
        "Settings of the deployment",
        "Not secret, with the reason beside each; what stands in the environment already wins.",
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def names() -> set[str]:
    """Every variable Chapterwatch reads, as its table has it."""
    return {found["name"] for found in _ROW.finditer(settings.__doc__ or "")}


def _own() -> Iterator[list[str]]:
    for found in _ROW.finditer(settings.__doc__ or ""):
        default = found["default"].strip()
        coded = default if not default or "`" in default or " " in default else f"`{default}`"
        yield [f"`{found['name']}`", found["meaning"], coded]


def _file(name: str, title: str, said: str) -> Iterator[str]:
    path = _ROOT / name
    if path.exists():
        yield f"## {title}"
        yield f"`{name}`. {said}"
        rows = [[f"`{key}`", f"`{value}`" if value else "", why] for key, value, why in _settings(path)]
        yield table(["variable", "value", "why"], rows)


def _settings(path: Path) -> Iterator[tuple[str, str, str]]:
    """(name, value, what the comment above it says) of each variable of an env file."""
    said: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        found = _ASSIGNED.match(line)
        if found:
            yield found["name"], found["value"], _prose(said)
            said = []
        elif line.strip("# "):
            said.append(line.lstrip("# "))
        else:
            said = []


def _prose(lines: list[str]) -> str:
    """A comment as one line; a command in it stands as code."""
    return " ".join(f"`{line.strip()}`" if re.match(r"\s*python3 -c", line) else line for line in lines)
