"""What a month of nights costs by the platforms' price lists, and how long their limits let one night take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

NIGHTS = 30.4


@dataclass(frozen=True)
class Window:
    """So many requests in so many seconds, for each app, instance or address."""

    requests: int
    seconds: int
    per: str


@cache
def platforms() -> dict[str, Any]:
    """`platforms.yml`: prices, limits and their sources by platform."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("platforms.yml").read_text(encoding="utf-8"))
    return found


@cache
def windows() -> dict[str, Window]:
    """`platform window` -> its limit."""
    return {
        f"{platform} {name}": Window(**window)
        for platform, facts in platforms().items()
        for name, window in facts.get("windows", {}).items()
    }


def youtube_units() -> int:
    """Units of quota a project has a day."""
    return int(platforms()["youtube"]["units_a_day"])


def dollars(asked: Mapping[str, int]) -> dict[str, float]:
    """What a night's paid reads cost, by `platform thing`."""
    return {
        f"{platform} {thing}": asked.get(f"{platform} paid {thing}", 0) * price
        for platform, facts in platforms().items()
        for thing, price in facts.get("prices", {}).items()
    }


@dataclass(frozen=True, kw_only=True)
class Pace:
    """What one limit makes of a night: the minutes of waiting, and the chapters it lets through without any."""

    name: str
    requests: int
    minutes: float
    chapters: float


def paces(asked: Mapping[str, int], chapters: int) -> Iterator[Pace]:
    """How each limit bears on a night of `chapters` chapters that was let through without limits' refusals."""
    for name, window in windows().items():
        own = asked.get(f"{name} requests", 0) - asked.get(f"{name} refused", 0)
        if own and window.per != "instance":
            waits = math.ceil(own / window.requests) - 1
            yield Pace(
                name=name,
                requests=own,
                minutes=waits * window.seconds / 60,
                chapters=chapters * window.requests / own,
            )
    units = asked.get("youtube units", 0)
    if units:
        yield Pace(
            name="youtube units a day",
            requests=units,
            minutes=0.0 if units <= youtube_units() else math.inf,
            chapters=chapters * youtube_units() / units,
        )
