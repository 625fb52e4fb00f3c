"""The one door for YAML that people write: line numbers kept, surprises refused.

YAML turns `NO` into false, `1.10` into 1.1 and a few hundred bytes of aliases into gigabytes. Here only the plain
scalars below have a type, and anchors, aliases, duplicate keys and tags are refused with their line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from chapterwatch.errors import InvalidFiles, Problem
from chapterwatch.garbage import no_collection

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
#: No id has more, and Python makes no number of thousands.
MAX_DIGITS = 100

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


#: libyaml where it is: a pack has a hundred files, and they are read ten times faster.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_Base):  # type: ignore[misc]
    """SafeLoader whose only typed scalars are true/false, null, whole and decimal numbers and ISO dates."""

    # On the class: add_implicit_resolver copies the parent's table first where a class has none of its own.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - yaml's own interface
    _depth = 0

    # Called around every node. Here, for composing nests as deep as the file, until the process has no stack left.
    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:  # noqa: ARG002
        if self._depth > MAX_DEPTH:
            raise _TooDeep(problem_mark=current_node.start_mark if current_node else None)
        self._depth += 1

    def ascend_resolver(self) -> None:
        self._depth -= 1


class _TooDeep(yaml.MarkedYAMLError):
    """A file is nested deeper than MAX_DEPTH."""


#: The plain scalars: the tag, how one looks, what it may begin with, and what it says.
_SCALARS: tuple[tuple[str, str, str, Callable[[str], Any]], ...] = (
    ("tag:yaml.org,2002:bool", r"true|false", "tf", "true".__eq__),
    ("tag:yaml.org,2002:null", r"null|~|", "n~", lambda _: None),
    ("tag:yaml.org,2002:int", r"-?(?:0|[1-9][0-9]*)", "-0123456789", int),
    ("tag:yaml.org,2002:float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789", float),
    ("tag:yaml.org,2002:timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789", date.fromisoformat),
)
for _tag, _pattern, _first, _ in _SCALARS:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))

#: How a scalar of each tag looks that has it without being told.
_LOOKS = {tag: re.compile(pattern) for tag, pattern, _, _ in _SCALARS}
_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
_DATE = "tag:yaml.org,2002:timestamp"
_TEXT = "tag:yaml.org,2002:str"
_SAYS = {tag: says for tag, _, _, says in _SCALARS} | {_TEXT: str}


@dataclass(frozen=True)
class Document:
    """A parsed YAML file and where each of its values stands."""

    path: Path
    data: Any
    lines: Mapping[Location, int]

    def line_of(self, location: Location) -> int:
        """The line of a value, or of the nearest enclosing value that has one."""
        for length in range(len(location), -1, -1):
            if location[:length] in self.lines:
                return self.lines[location[:length]]
        return 1


def load(path: Path, max_bytes: int = MAX_BYTES) -> Document:
    """Read one YAML file of at most `max_bytes`.

    Raises:
        InvalidFiles: it cannot be read or parsed, is nested too deep, or has anchors, aliases, tags, duplicate keys,
            keys that are no plain values, dates that no calendar has, or numbers of too many digits.
    """
    # A large file's nodes are all alive, and looking through them doubles the time.
    with no_collection():
        node = _compose(path, max_bytes)
        problems = list(_problems_in(node, path))
        if problems:
            raise InvalidFiles(problems)
        return Document(path, None if node is None else _value_of(node), _Lines(node))


def validate(model: type[Model], document: Document, *, at: Location = ()) -> Model:
    """The document (or the part of it at `at`) as `model`.

    Raises:
        InvalidFiles: with one problem per fault, all of them at once.
    """
    data = document.data
    if data is None:
        raise InvalidFiles([Problem(str(document.path), 1, "is empty", "fill it in, or name another file")])
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
    except _TooDeep as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = f"is nested deeper than {MAX_DEPTH} levels"
        raise InvalidFiles([Problem(str(path), line, what, "flatten it")]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        if odd := _line_not_utf8(text):
            raise InvalidFiles([Problem(str(path), odd, "is not UTF-8", "save the file again as UTF-8")]) from None
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "is not UTF-8 YAML"
        line = mark.line + 1 if mark else 1
        raise InvalidFiles([Problem(str(path), line, f"is not valid YAML: {what}", "correct the line")]) from None


def _line_not_utf8(text: bytes) -> int | None:
    """The line with the first byte that is no UTF-8; None where there is none."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return text.count(b"\n", 0, error.start) + 1
    return None


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


def _problems_in(node: yaml.Node | None, path: Path) -> Iterator[Problem]:
    waiting = [] if node is None else [node]
    while waiting:
        node = waiting.pop()
        if fault := _fault_of(node):
            yield Problem(str(path), node.start_mark.line + 1, *fault)
        if isinstance(node, yaml.MappingNode):
            yield from _faulty_keys(node, path)
            yield from _duplicate_keys(node, path)
        waiting += reversed(_children(node))


def _fault_of(node: yaml.Node) -> tuple[str, str] | None:
    """What is wrong with a value by itself, and how to mend it."""
    if not isinstance(node, yaml.ScalarNode):
        kind = "map" if isinstance(node, yaml.MappingNode) else "seq"
        return None if node.tag == f"tag:yaml.org,2002:{kind}" else _tagged(node)
    if node.tag == _TEXT:
        return None
    # A tag that is written out may stand on anything: "!!int soon".
    if node.tag not in _LOOKS or not _LOOKS[node.tag].fullmatch(node.value):
        return _tagged(node)
    if node.tag in _NUMBERS and len(node.value) > MAX_DIGITS:
        return f"is a number of more than {MAX_DIGITS} digits", "put it in quotes if it is a text"
    if node.tag == _DATE and not _is_day(node.value):
        return f"{node.value} is no day of the calendar", "correct the date"
    return None


def _tagged(node: yaml.Node) -> tuple[str, str]:
    return f"uses the YAML tag {node.tag}", "write a plain value"


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _faulty_keys(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield Problem(str(path), line, "has a list or a table as a key", "put quotes around what is a text")
        elif fault := _fault_of(key):
            yield Problem(str(path), line, *fault)


def _duplicate_keys(node: yaml.MappingNode, path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
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


def _value_of(node: yaml.Node) -> Any:
    """What a node without problems says."""
    if isinstance(node, yaml.MappingNode):
        return {_value_of(key): _value_of(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value_of(item) for item in node.value]
    return _SAYS[node.tag](node.value)


class _Lines(Mapping[Location, int]):
    """Where each value of a document stands: counted when somebody asks, for most files are sound."""

    def __init__(self, node: yaml.Node | None) -> None:
        self._node = node

    @cached_property
    def _known(self) -> dict[Location, int]:
        return dict(_lines_of(self._node, ()))

    def __getitem__(self, location: Location) -> int:
        return self._known[location]

    def __iter__(self) -> Iterator[Location]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


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
}

#: Kinds of faults that are told in plain words: what the value is not, and how to write it.
_PLAIN: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("tuple_type", "list_type"), ("is no list", "write it in brackets, as in [one, two]")),
    **dict.fromkeys(("bool_type", "bool_parsing"), ("is neither true nor false", "write true or false")),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), ("is no whole number", "write one, as in 3")),
    **dict.fromkeys(("float_type", "float_parsing"), ("is no number", "write one, as in 0.5")),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), ("is no day", "write 2026-10-31")),
    **dict.fromkeys(
        ("dict_type", "model_type", "mapping_type"), ("needs keys of its own", "write them below it, as in key: value")
    ),
}

#: How to write what has to fit a pattern, by the pattern: nobody who fills in a roster reads those.
_WRITTEN: Mapping[str, str] = {
    r"^[a-z]{2}$": "write two small letters, as in en",
    r"^[A-Z]{2}$": "write two capital letters, as in US",
    r"^[A-Z]+-[0-9]{2}$": "write capital letters, a hyphen and two digits, as in ALA-04",
    r"^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]|30|31)$": 'write month and day, as in "01-31"',
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "write small letters, digits and hyphens, as in photo-permission",
    r"^[a-z]+(\.[a-z0-9_]+)+$": "write the pack, a dot and a name in small letters, as in ala.threat",
    r"^[a-z][a-z0-9_]*$": "write small letters, digits and underscores, as in known_picture",
    r"^[0-9a-f]{16}$": "copy it from `chapterwatch policy picture`",
}


def _problem_from(fault: dict[str, Any], document: Document, at: Location) -> Problem:
    location = (*at, *(step for step in fault["loc"] if (*at, step) != at))
    what, mend = worded(fault, ".".join(str(step) for step in fault["loc"]) or "the file")
    return Problem(str(document.path), document.line_of(location), what, mend)


def worded(fault: Mapping[str, Any], where: str) -> tuple[str, str]:
    """What is wrong there and how to mend it, of a fault of pydantic's; in its words only where we have none."""
    kind, message = fault["type"], str(fault["msg"]).removeprefix("Value error, ")
    if kind == "value_error" and "; " in message:
        what, _, mend = message.partition("; ")
        return f"{where}: {what}", mend
    if kind == "missing":
        return f"{where} is missing", _MEND[kind]
    if kind == "extra_forbidden":
        return f"{where} is not a known key", _MEND[kind]
    if kind == "string_pattern_mismatch" and fault["ctx"]["pattern"] in _WRITTEN:
        return f"{where} is not written as it has to be", _WRITTEN[fault["ctx"]["pattern"]]
    if kind in _PLAIN:
        what, mend = _PLAIN[kind]
        return f"{where} {what}", mend
    lowered = message[:1].lower() + message[1:]
    return f"{where}: {lowered}", _MEND.get(kind, "correct the value")
