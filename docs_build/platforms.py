"""Blocks of the connect pages that repeat a platform's `connector.yml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from chapterwatch.airflow_provider import _label
from connectors import Manifest, manifests

#: Options every live road has; they stand once, on the overview.
SHARED = ("attempts", "timeout_seconds", "deadline_seconds", "backoff_seconds", "max_body_bytes")


def overview() -> str:
    """Every platform in one table: how it comes in and what a read costs."""
    rows = [
        [item.title, f"`{item.platform}`", _live(item), _formats(item), _price(item)] for item in manifests().values()
    ]
    return table(["platform", "name in the registry", "asked live", "export formats", "price of a read"], rows)


def facts(name: str) -> str:
    """One platform in short."""
    item = manifests()[name]
    rows = [
        ["Name in the registry", f"`{item.platform}`"],
        ["Asked live", _live(item)],
        ["Export formats", _formats(item)],
        ["Price of a read", _price(item)],
    ]
    if item.api_version:
        rows.append(["API version asked for", f"{item.api_version}, {_ends(item)}"])
    return "\n".join(f"- {what}: {said}" for what, said in rows)


def needs(name: str) -> str:
    """What the platform must grant before the first run."""
    item = manifests()[name]
    scopes = [scope for scope in item.scopes if scope != "none"]
    asked = f"\n\nScopes of the token: {', '.join(f'`{scope}`' for scope in scopes)}." if scopes else ""
    return _list(item.needs) + asked


def fields(name: str) -> str:
    """Secrets and options: how the form calls them, how the file does, and what they are."""
    item = manifests()[name]
    first = next(iter(item.secrets), None)
    rows = [["Base URL", "`base_url`", "Empty: the platform's own; another instance, or a test server."]]
    for key, said in item.secrets.items():
        where = "standard field" if key == first else "extra field"
        rows.append([f"{_label(key)} ({where})", f"`secrets: {key}`", said])
    if first:
        rows.append(["Expires", "`expires`", "The day the token ends, where the platform does not tell it."])
    own = {key: said for key, said in item.options.items() if key not in SHARED}
    rows += [[_label(key), f"`options: {key}`", said] for key, said in own.items()]
    return table(["in the form", "in the file", "what it is"], rows)


def shared_options(_: str = "") -> str:
    """The options every live road has."""
    options = manifests()["x"].options
    return table(["option", "what it is"], [[f"`{key}`", options[key]] for key in SHARED])


def limits(name: str) -> str:
    """What the platform or the importer allows."""
    return _list(f"{_label(key)}: {said}" for key, said in manifests()[name].limits.items())


def sees(name: str) -> str:
    """What is seen."""
    return _list(manifests()[name].sees)


def cannot_see(name: str) -> str:
    """What cannot be seen."""
    return _list([*manifests()[name].cannot_see, *manifests()[name].unshown()])


def retention(name: str) -> str:
    """What the platform's terms ask of copies."""
    return _line(manifests()[name].retention_duty)


BLOCKS: Mapping[str, Callable[[str], str]] = {
    "facts": facts,
    "needs": needs,
    "fields": fields,
    "shared_options": shared_options,
    "limits": limits,
    "sees": sees,
    "cannot_see": cannot_see,
    "retention": retention,
}


def table(headings: list[str], rows: Iterable[list[str]]) -> str:
    """A table in Markdown."""
    lines = [headings, ["---"] * len(headings), *([cell(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def cell(said: str) -> str:
    """One line that stands in a table and shows angle brackets as they are."""
    return _shown(_line(said)).replace("|", "\\|")


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {_shown(_line(line))}" for line in lines)


def _line(said: str) -> str:
    return " ".join(said.split())


def _shown(said: str) -> str:
    """`<native_id>` is text here, no tag; within code it already is."""
    parts = said.split("`")
    return "`".join(part if at % 2 else part.replace("<", "&lt;") for at, part in enumerate(parts))


def _live(item: Manifest) -> str:
    return "yes" if item.entry_point else "no"


def _formats(item: Manifest) -> str:
    return ", ".join(f"`{name}`" for name in item.importers) or "none"


def _price(item: Manifest) -> str:
    return item.price if item.entry_point else ""


def _ends(item: Manifest) -> str:
    return f"served until {item.api_version_ends} at least" if item.api_version_ends else "no end announced"
