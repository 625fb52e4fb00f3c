"""Holds every connector.yml against what an officer must find in it and against the code beside it.

The code is read, not run: which options, secrets and field groups a folder's modules ask for by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from connectors.base import LIVE, Manifest, load_entry_point, manifests
from connectors.http import Policy

_ROOM = Path(__file__).parent

#: An API version that ends within this is a matter for headquarters.
SUNSET = timedelta(days=90)

_LIVE = ("profile", "pages", "look_up")
_LISTS = ("needs", "sees", "cannot_see")
#: Calls that take an option's name as their second argument, and those that take a secret's.
_OPTION_CALLS = frozenset({"flag", "whole_number", "_number"})
_SECRET_CALLS = frozenset({"secret_for"})


@dataclass(frozen=True, kw_only=True)
class Sunset:
    """An API version of a live road whose end is near or past."""

    platform: str
    title: str
    version: str
    ends: date
    #: Days left; negative once it is past.
    days: int


def problems() -> dict[str, list[str]]:
    """What is missing or does not fit, by platform; platforms in order are left out. Raises `InvalidFiles`."""
    found = {name: list(problems_of(manifest, _ROOM / name)) for name, manifest in manifests().items()}
    return {name: faults for name, faults in found.items() if faults}


def sunsets(today: date, within: timedelta = SUNSET) -> list[Sunset]:
    """API versions that end soon or have ended, the next first."""
    found = [
        Sunset(
            platform=name,
            title=manifest.title,
            version=manifest.api_version,
            ends=manifest.api_version_ends,
            days=(manifest.api_version_ends - today).days,
        )
        for name, manifest in manifests().items()
        if manifest.api_version and manifest.api_version_ends and manifest.api_version_ends <= today + within
    ]
    return sorted(found, key=lambda item: (item.ends, item.platform))


def problems_of(manifest: Manifest, folder: Path) -> Iterator[str]:
    """What is wrong with one manifest, in words."""
    yield from _unsaid(manifest, folder)
    yield from _undeclared_roads(manifest)
    yield from _not_loadable(manifest)
    code = _read(folder)
    yield from _unknown_to_the_other(code.options, manifest.options, "option", code)
    yield from _unknown_to_the_other(code.secrets, manifest.secrets, "secret", code)
    yield from _field_faults(code, manifest)


# --- what an officer must find --------------------------------------------------------------------------------------


def _unsaid(manifest: Manifest, folder: Path) -> Iterator[str]:
    if manifest.platform != folder.name:
        yield f"platform is {manifest.platform!r}, the folder's name is {folder.name!r}"
    for name in _LISTS:
        if not [line for line in getattr(manifest, name) if line.strip()]:
            yield f"{name} is empty"
    if not manifest.limits:
        yield "limits is empty; say what the platform or the importer allows"
    if not manifest.retention_duty.strip():
        yield "retention_duty is empty; say what the platform's terms ask, or that they ask nothing"
    if manifest.entry_point and not manifest.scopes and any("token" in name for name in manifest.secrets):
        yield "scopes is empty though a token is asked for"
    if manifest.api_version and not manifest.api_version_ends and not manifest.api_version_note:
        yield "api_version has no api_version_ends; give the day, or the reason for none in api_version_note"
    if not manifest.entry_point and not manifest.importers and manifest.scopes:
        yield "scopes are asked for by no code"


def _undeclared_roads(manifest: Manifest) -> Iterator[str]:
    """A road nobody has said anything of would be taken for one that shows everything."""
    roads = {*([LIVE] if manifest.entry_point else []), *manifest.importers}
    for road in sorted(roads - manifest.never_shows.keys()):
        yield f"never_shows says nothing of {road}; write [] where it shows pictures, edits and deletions"
    for road in sorted(manifest.never_shows.keys() - roads):
        yield f"never_shows names {road}, which is no road of this platform"


def _not_loadable(manifest: Manifest) -> Iterator[str]:
    points: list[tuple[str, str, tuple[str, ...]]] = []
    if manifest.entry_point:
        points.append(("entry_point", manifest.entry_point, _LIVE))
    points += [(f"importer {name}", point, ("read",)) for name, point in manifest.importers.items()]
    for what, point, methods in points:
        try:
            found = load_entry_point(point)
        except (ImportError, AttributeError, ValueError) as error:
            yield f"{what} {point} cannot be loaded ({type(error).__name__})"
            continue
        lacking = [name for name in methods if not callable(getattr(found, name, None))]
        if lacking:
            yield f"{what} {point} has no {', '.join(lacking)}"


# --- what the code asks for -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Code:
    options: frozenset[str]
    secrets: frozenset[str]
    groups: frozenset[str]
    #: Whether a live road sends the manifest's fields at all.
    asks_fields: bool
    #: Every word among the text literals of the folder and of the modules it shares.
    literals: frozenset[str]


def _unknown_to_the_other(asked: frozenset[str], said: dict[str, str], what: str, code: _Code) -> Iterator[str]:
    for name in sorted(asked - said.keys()):
        yield f"{what} {name} is read by the code and not said in connector.yml"
    for name in sorted(said.keys() - asked - code.literals):
        yield f"{what} {name} is said in connector.yml and read by no code"


def _field_faults(code: _Code, manifest: Manifest) -> Iterator[str]:
    for name in sorted(code.groups - manifest.fields.keys()):
        yield f"fields.{name} is asked for by the code and not said in connector.yml"
    for name, fields in manifest.fields.items():
        # Of what only importers read, the fields tell a person what a file may hold.
        asked = manifest.entry_point and code.asks_fields and not name.startswith("export.")
        if asked and name not in code.literals and name.partition(".")[0] not in code.literals:
            yield f"fields.{name} is said in connector.yml and asked for by no code"
        if not fields:
            yield f"fields.{name} is empty"


def _read(folder: Path) -> _Code:
    own = [_parsed(path) for path in sorted(folder.glob("*.py"))]
    shared = [_parsed(path) for path in sorted(_ROOM.glob("*.py")) if path.stem not in {"lint", "base"}]
    return _Code(
        options=frozenset(name for tree in own for name in _asked(tree, _OPTION_CALLS, "options")),
        secrets=frozenset(name for tree in own for name in _asked(tree, _SECRET_CALLS, "secrets")),
        groups=frozenset(name for tree in own for name in _groups(tree)),
        asks_fields=any(_asks_fields(tree) for tree in own),
        literals=frozenset(word for tree in (*own, *shared) for word in _literals(tree)) | _policy_options(),
    )


def _policy_options() -> frozenset[str]:
    return frozenset(Policy.__dataclass_fields__)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _asked(tree: ast.Module, calls: frozenset[str], holder: str) -> Iterator[str]:
    """Names given to some calls, to `<holder>.get(...)` or in `<holder>[...]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if _name(node.func) in calls:
                yield from _text(node.args[1:2])
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "get" and _name(node.func.value) == holder:
                yield from _text(node.args[:1])
        elif isinstance(node, ast.Subscript) and _name(node.value) == holder:
            yield from _text([node.slice])


def _groups(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _name(node.value) in {"fields", "_fields"}:
            yield from _text([node.slice])


def _asks_fields(tree: ast.Module) -> bool:
    named = {_name(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)}
    return not named.isdisjoint({"fields", "_fields", "Graph"})


def _literals(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
