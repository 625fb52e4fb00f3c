"""Reading one JSON record from outside: what must be there raises, what may be there is None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.times import UnreadableTime, platform_time

#: What JSON can say and no database keeps: NUL and halves of characters.
_NO_CHARACTER = re.compile(r"[\0\ud800-\udfff]")


class Unreadable(ValueError):
    """A record without what a reading cannot do without. The message names the field, never its content."""


def required(record: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    """A text. Raises `Unreadable` where it is absent, no text, or empty and may not be."""
    value = record.get(name)
    if not isinstance(value, str) or not (value or may_be_empty):
        raise Unreadable(f"{name} is missing or no text")
    return value


def optional(record: Mapping[str, Any], name: str) -> str | None:
    """A text, None where it is absent, empty or no text."""
    value = record.get(name)
    return value if isinstance(value, str) and value else None


def goes_on(answer: Any, *path: str) -> bool:
    """Whether an answer says at this place that there is more of it, however oddly: a step on the way may be none."""
    for name in path:
        if not isinstance(answer, dict):
            break
        answer = answer.get(name)
    return bool(answer)


def identifier(record: Mapping[str, Any], *names: str) -> str:
    """An id under the first of `names` that is there, whole numbers as text. Raises `Unreadable`."""
    for name in names:
        value = record.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value:
            if _NO_CHARACTER.search(value):
                raise Unreadable(f"{name} holds what is no character")
            return value
    raise Unreadable(f"{names[0]} is missing or no id")


def moment(record: Mapping[str, Any], name: str) -> datetime:
    """A platform's timestamp in UTC. Raises `Unreadable` where it is absent or says no time."""
    try:
        return platform_time(required(record, name))
    except UnreadableTime as error:
        raise Unreadable(f"{name} {error}") from None


def mapping(value: Any) -> Mapping[str, Any]:
    """An object, {} for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list, [] for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
