"""Which account a link leads to, by the patterns of links.yml. Nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from chapterwatch import strictyaml

LINKS = Path(__file__).parent / "links.yml"

#: Longer addresses are no links to accounts, and no pattern shall scan them.
_LONGEST = 500


class Shape(BaseModel):
    """How links to accounts of one platform look."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    platform: str
    hosts: tuple[str, ...] = Field(min_length=1)
    patterns: tuple[str, ...] = Field(min_length=1)
    #: Names that are pages of the platform itself.
    excluded: tuple[str, ...] = Field(default=(), alias="not")
    #: The day the platform was closed: every link to it is dead.
    ended: date | None = None
    #: Whether the host is part of the name, as in @name@host.
    with_host: bool = False


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    links: tuple[Shape, ...]


@dataclass(frozen=True, kw_only=True)
class AccountLink:
    """A link that leads to an account, or to a platform's front door where `name` is empty."""

    platform: str
    name: str
    url: str
    ended: date | None = None
    #: Whether its host is a platform's own: of the others nobody knows what stands there.
    own_host: bool = False


@cache
def shapes(path: Path = LINKS) -> tuple[Shape, ...]:
    """Every platform's shape of links. Raises `InvalidFiles`."""
    return strictyaml.validate(_File, strictyaml.load(path)).links


def account_link(url: str, known: Sequence[Shape] | None = None) -> AccountLink | None:
    """The account an address leads to; None where it leads to no platform, or to a post, a share button or the like."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        place = host if parts.port is None else f"{host}:{parts.port}"
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or len(url) > _LONGEST:
        return None
    path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    for shape in shapes() if known is None else known:
        if not {"*", place}.isdisjoint(shape.hosts) and (name := _name(shape, path, place)) is not None:
            own = place in shape.hosts
            return AccountLink(platform=shape.platform, name=name, url=url, ended=shape.ended, own_host=own)
    return None


def _name(shape: Shape, path: str, host: str) -> str | None:
    if path in {"", "/"} and "*" not in shape.hosts:
        return ""
    bare = path.partition("?")[0]
    for pattern in shape.patterns:
        found = re.fullmatch(pattern, path) or re.fullmatch(pattern, bare)
        if found and found["name"].lower() not in shape.excluded:
            name = found["name"]
            return f"{name}@{host}" if shape.with_host and "@" not in name[1:] else name
    return None
