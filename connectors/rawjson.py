"""Strict JSON, and the exact bytes each record had inside it.

The archive keeps what a platform sent, byte for byte. Parsing and dumping again would change escapes, spaces and
number forms, so the slices are cut out of the body itself.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

MAX_DEPTH = 64

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
#: A text that is cut off reaches to the end: looking for its end from each escaped quote anew would take hours.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


class BrokenJson(ValueError):
    """Bytes that are no JSON we accept. The message is one reason, without any of the content."""


def loads(body: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        BrokenJson: not UTF-8, truncated or otherwise invalid (RFC 8259), or valid and still not to be trusted: NaN and
            infinities, a key twice in one object, nesting deeper than `MAX_DEPTH`.
    """
    text = _text_of(body)
    _refuse_depth(text)
    try:
        return json.loads(
            text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_without_duplicates
        )
    except json.JSONDecodeError as error:
        raise BrokenJson(f"is not valid JSON at character {error.pos}") from None
    except ValueError as error:
        # Whole numbers of thousands of digits, and our own refusals.
        raise error if isinstance(error, BrokenJson) else BrokenJson("holds a number too long to read") from None


def elements(body: bytes, *path: str) -> list[bytes]:
    """The exact bytes of each element of the array at `path`, as they stand in `body` (which `loads` accepted).

    An object at `path` counts as its only element; an absent or null path gives [].
    """
    text = _text_of(body)
    start = _skip(text, 0)
    for key in path:
        found = _member(text, start, key)
        if found is None:
            return []
        start = found
    return [text[begin:end].encode() for begin, end in _spans(text, start)]


def joined(name: str, item: bytes, others: Mapping[str, Sequence[bytes]]) -> bytes:
    """`item` alone, or an object of exact slices when records from elsewhere in the answer belong to it."""
    parts = [
        b"%s:[%s]" % (json.dumps(key).encode(), b",".join(slices)) for key, slices in sorted(others.items()) if slices
    ]
    if not parts:
        return item
    return b'{%s:%s,"includes":{%s}}' % (json.dumps(name).encode(), item, b",".join(parts))


def _text_of(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenJson(f"is not UTF-8 at byte {error.start}") from None


def _refuse_depth(text: str) -> None:
    # Before parsing: the parser itself would end in a RecursionError.
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = match.group()
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_DEPTH:
            raise BrokenJson(f"is nested deeper than {MAX_DEPTH} levels")


def _refuse_constant(name: str) -> NoReturn:
    raise BrokenJson(f"holds {name}, which is no JSON")


def _finite(literal: str) -> float:
    value = float(literal)
    if math.isinf(value):
        raise BrokenJson("holds a number too large to read")
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise BrokenJson("has a key twice in one object")
    return record


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _end(text: str, at: int) -> int:
    return _DECODER.raw_decode(text, at)[1]


def _member(text: str, at: int, wanted: str) -> int | None:
    """Where the value of key `wanted` starts in the object at `at`."""
    if text[at] != "{":
        return None
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        value = _skip(text, _skip(text, at) + 1)
        if key == wanted:
            return value
        at = _skip(text, _end(text, value))
        at = _skip(text, at + 1) if text[at] == "," else at
    return None


def _spans(text: str, at: int) -> Iterator[tuple[int, int]]:
    if text[at] != "[":
        if text[at] == "{":
            yield at, _end(text, at)
        return
    at = _skip(text, at + 1)
    while text[at] != "]":
        end = _end(text, at)
        yield at, end
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
