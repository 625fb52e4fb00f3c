"""The one door for YAML that people write: line numbers kept, surprises refused.

YAML turns `NO` into false, `1.10` into 1.1 and a few hundred bytes of aliases into gigabytes. Here only the plain
scalars below have a type, and anchors, aliases, duplicate keys and tags are refused with their line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from chapterwatch.errors import InvalidFiles, Problem
from chapterwatch.garbage import no_collection

MAX_BYTES = 2_000_000
MAX_DEPTH = 20

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


#: libyaml where it is: a pack has a hundred files, and they are read ten times faster.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Base):  # type: ignore[misc]
    """SafeLoader whose only typed scalars are true/false, null, whole and decimal numbers and ISO dates."""

    # On the class: add_implicit_resolver copies the parent's table first where a class has none of its own.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - yaml's own interface


_SCALARS = (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"null|~|", "n~"),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("tag:yaml.org,2002:float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
    ("tag:yaml.org,2002:timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
)
for _tag, _pattern, _first in _SCALARS:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


_PLAIN_TAGS = frozenset(
    {*(tag for tag, _, _ in _SCALARS), *(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))}
)


@dataclass(frozen=True)
class Document:
    """A parsed YAML file and where each of its values stands."""

    path: Path
    data: Any
    lines: dict[Location, int]

    def line_of(self, location: Location) -> int:
        """The line of a value, or of the nearest enclosing value that has one."""
        for length in range(len(location), -1, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return 1


def load(path: Path, max_bytes: int = MAX_BYTES) -> Document:
    """Read one YAML file of at most `max_bytes`.

    Raises:
        InvalidFiles: it cannot be read or parsed, or has anchors, aliases, tags or duplicate keys.
    """
    # A large file's nodes are all alive, and looking through them doubles the time.
    with no_collection():
        node = _compose(path, max_bytes)
        problems = list(_problems_in(node, path, depth=0))
        if problems:
            raise InvalidFiles(problems)
        loader = _PlainLoader("")
        data = loader.construct_document(node) if node is not None else None
        return Document(path, data, dict(_lines_of(node, ())))


def validate(model: type[Model], document: Document, *, at: Location = ()) -> Model:
    """The document (or the part of it at `at`) as `model`.

    Raises:
        InvalidFiles: with one problem per fault, all of them at once.
    """
    data = document.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = _own_faults([dict(fault) for fault in error.errors()])
        raise InvalidFiles([_problem_from(fault, document, at) for fault in faults]) from None


def _own_faults(faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # A list whose only item is faulty is also reported as too short: the item's own fault is the one to mend.
    places = [fault["loc"] for fault in faults]
    return [
        fault
        for fault in faults
        if fault["type"] != "too_short"
        or not any(len(place) > len(fault["loc"]) and place[: len(fault["loc"])] == fault["loc"] for place in places)
    ]


def _compose(path: Path, max_bytes: int) -> yaml.Node | None:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InvalidFiles(
            [Problem(str(path), 1, f"cannot be read ({error.strerror})", "check the path and its permissions")],
        ) from None
    if len(text) > max_bytes:
        raise InvalidFiles([Problem(str(path), 1, f"is larger than {max_bytes:,} bytes", "split it")])
    try:
        _refuse_aliases(text, path)
        return yaml.compose(text, Loader=_PlainLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "is not UTF-8 YAML"
        line = mark.line + 1 if mark else 1
        raise InvalidFiles([Problem(str(path), line, f"is not valid YAML: {what}", "correct the line")]) from None


#: Where an anchor or an alias may stand: "AT&T", "Smith & Co" and "?a=1&b=2" are none, whatever surrounds them.
_ANCHOR = re.compile(rb"(?<![A-Za-z0-9_])[&*](?!\s)")


def _refuse_aliases(text: bytes, path: Path) -> None:
    # Before composing: composing is where an alias bomb would unfold. Looking closely takes a quarter of the time.
    for event in yaml.parse(text, Loader=_PlainLoader) if _ANCHOR.search(text) else ():
        anchored = isinstance(event, yaml.NodeEvent) and event.anchor is not None
        if isinstance(event, yaml.AliasEvent) or anchored:
            line = event.start_mark.line + 1 if event.start_mark else 1
            problem = Problem(str(path), line, "uses a YAML anchor or alias", "write the value out")
            raise InvalidFiles([problem])


def _problems_in(node: yaml.Node | None, path: Path, *, depth: int) -> Iterator[Problem]:
    if node is None:
        return
    line = node.start_mark.line + 1
    if depth > MAX_DEPTH:
        yield Problem(str(path), line, f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
        return
    if node.tag not in _PLAIN_TAGS:
        yield Problem(str(path), line, f"uses the YAML tag {node.tag}", "write a plain value")
    if isinstance(node, yaml.MappingNode):
        yield from _duplicate_keys(node, path)
    for child in _children(node):
        yield from _problems_in(child, path, depth=depth + 1)


def _duplicate_keys(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            yield Problem(str(path), key.start_mark.line + 1, f"has the key {name!r} twice", "keep one of them")
        seen.add(name)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return []


def _lines_of(node: yaml.Node | None, at: Location) -> Iterator[tuple[Location, int]]:
    if node is None:
        return
    yield at, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines_of(value, (*at, key.value))
            # A key's own line is the one a reader looks for, also where its value starts a line below.
            yield (*at, key.value), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines_of(value, (*at, index))


_MEND = {
    "missing": "add it",
    "extra_forbidden": "remove it or check its spelling",
    "enum": "use one of the words named",
    "string_type": 'put it in quotes, as in "0042"',
    "literal_error": "use one of the words named",
    "bool_type": "write true or false",
}


def _problem_from(fault: dict[str, Any], document: Document, at: Location) -> Problem:
    location = (*at, *(step for step in fault["loc"] if (*at, step) != at))
    where = ".".join(str(step) for step in fault["loc"]) or "the file"
    message = str(fault["msg"]).removeprefix("Value error, ")
    what, mend = _worded(fault["type"], where, message)
    return Problem(str(document.path), document.line_of(location), what, mend)


def _worded(kind: str, where: str, message: str) -> tuple[str, str]:
    if kind == "value_error" and "; " in message:
        what, _, mend = message.partition("; ")
        return f"{where}: {what}", mend
    if kind == "missing":
        return f"{where} is missing", _MEND[kind]
    if kind == "extra_forbidden":
        return f"{where} is not a known key", _MEND[kind]
    lowered = message[:1].lower() + message[1:]
    return f"{where}: {lowered}", _MEND.get(kind, "correct the value")
