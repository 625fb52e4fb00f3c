"""What both platforms' shapes share: an answer, the host's world at one clock setting, and shortened links."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sample.network import AccountState

LINK = re.compile(r"https?://[^\s<>()]*[^\s<>().,;:!?'\"…]")

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer before it is written out."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class World:
    """What one request is answered from: the network at the clock's instant, and who asks how."""

    states: Mapping[str, AccountState]
    secrets: Mapping[str, str]
    #: scheme, host and port this server is reached at.
    url: str

    def on(self, platform: str) -> list[AccountState]:
        """The account states of one platform."""
        return [state for state in self.states.values() if state.account.platform == platform]


def shortened(url: str) -> str:
    """The short link X puts in place of `url`: made from it, so that it never changes."""
    number = int.from_bytes(hashlib.sha256(url.encode()).digest()[:8], "big")
    letters = []
    for _ in range(10):
        number, digit = divmod(number, 62)
        letters.append(_BASE62[digit])
    return f"https://t.co/{''.join(letters)}"


def moment(text: str) -> datetime:
    """An ISO 8601 instant as UTC. Raises ValueError where it is none or has no zone."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return parsed.astimezone(UTC)
