"""What importers of chats share: whose chat it is, times a phone wrote without a zone, ids made of what is there.

A chat's name, its members' names and the names of files that carry them stay out of every message and log.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Quarantined, Space

#: Spaces of which a chat closed to outsiders may be read: the registry calls them the association's own (LLL-37).
OPEN_TO_AUDIT = frozenset({Space.PUBLIC_GROUP, Space.INTERNAL})

_KINDS = {
    "photo": {".jpg", ".jpeg", ".png", ".gif", ".heic", ".bmp", ".tiff"},
    "sticker": {".webp", ".was", ".tgs"},
    "video": {".mp4", ".mov", ".3gp", ".webm", ".avi", ".mkv"},
    "audio": {".opus", ".ogg", ".oga", ".mp3", ".m4a", ".aac", ".amr", ".wav"},
}


def refuse_private(account: Account) -> None:
    """Refuse before anything is read what the registry calls private (LLL-02). Raises `ExportRefused`."""
    if account.space is Space.PRIVATE:
        raise ExportRefused(
            f"account {account.key}: its space is private, and a private chat is never read; remove the export"
        )


def private(where: str) -> Quarantined:
    """A record of a private chat: counted, and nothing of it kept."""
    return Quarantined(where=where, reason="private", raw=b"")


def not_a_post(where: str) -> Quarantined:
    """A record the app wrote by itself, such as "A joined": counted, and nothing of it kept."""
    return Quarantined(where=where, reason="not_a_post", raw=b"")


def in_utc(local: datetime, zone: ZoneInfo, previous: datetime | None = None) -> datetime:
    """A clock time without a zone, in UTC.

    A time the clocks jump over in spring is read with the offset from before the jump. A time that comes twice in
    autumn is the first one, unless the message before it (`previous`, UTC) is later than that: then the second.
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    comes_twice = second > first
    return second if comes_twice and previous is not None and first < previous else first


@dataclass(frozen=True)
class Place:
    """Where a message without an id stands: when, by whom, and the how manieth of these it is."""

    platform: str
    moment: str
    author: str
    number: int

    def id(self, kind: str = "") -> str:
        """Its native id; `kind` tells it from another's of the same place."""
        return digest(self.platform, self.moment, self.author, kind, str(self.number))


class Ids:
    """Native ids for messages without one: a digest of when and by whom, and the how manieth of these it is.

    The text stays out of it, so that a message edited or deleted before the next export keeps its id. Where one of
    several of one moment is missing from the next export, those after it move up.
    """

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._seen: Counter[Hashable] = Counter()

    def of(self, moment: str, author: str, kind: str = "") -> str:
        """The id of the next message of this moment by this author."""
        return self.place(moment, author).id(kind)

    def place(self, moment: str, author: str) -> Place:
        """The place of the next message of this moment by this author."""
        self._seen[moment, author] += 1
        return Place(self._platform, moment, author, self._seen[moment, author])


def digest(*parts: str) -> str:
    """An opaque id: it tells two messages apart and names nobody."""
    packed = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return f"chat-{hashlib.sha256(packed).hexdigest()[:32]}"


def kind_of_file(name: str) -> str:
    """photo, sticker, video, audio or file, by how a file's name ends."""
    suffix = PurePosixPath(name).suffix.lower()
    return next((kind for kind, suffixes in _KINDS.items() if suffix in suffixes), "file")


def is_named(account: Account, *names: str | None) -> bool:
    """Whether one of `names` is the account's native id or handle."""
    own = {account.native_id.casefold(), account.handle.removeprefix("@").casefold()} - {""}
    return any(name is not None and name.strip().removeprefix("@").casefold() in own for name in names)
