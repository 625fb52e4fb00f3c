"""Where the desk works: one archive for the process, and roster and packs as they stand in their files now.

The pages run for weeks in one process while people edit the registry. Both are read again when a file of theirs has
changed, which is looked at every few seconds; while the new state cannot be read the last good one stands.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from chapterwatch import registry
from chapterwatch.archive import Archive
from chapterwatch.errors import UserError
from chapterwatch.known import known
from chapterwatch.model import Account, Association, Chapter, Connection
from chapterwatch.pipeline.masking import Masker, masker_of
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import Pack, load_pack, packs_available
from chapterwatch.registry import Registry
from chapterwatch.settings import Settings

log = logging.getLogger(__name__)

#: Seconds for which nobody looks whether a file has changed.
TRUSTED = 5.0
#: Seconds for which a year's counts stand.
COUNTED = 300.0

T = TypeVar("T")


@dataclass
class _Kept:
    """Something read from files, when it was looked at, and the newest change seen then."""

    value: Any = None
    looked: float = 0.0
    changed: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Place:
    """A workplace with a memory. Safe for several threads."""

    make: Callable[[], Workplace]
    _workplace: Workplace | None = None
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _warm: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def workplace(self) -> Workplace:
        """The workplace, made at the first question."""
        with self._lock:
            if self._workplace is None:
                self._workplace = self.make()
            return self._workplace

    @property
    def settings(self) -> Settings:
        """Where things are."""
        return self.workplace.settings

    @property
    def archive(self) -> Archive:
        """The archive, opened once."""
        with self._lock:
            return self.workplace.archive

    @property
    def now(self) -> datetime:
        """What time it is (UTC)."""
        return self.settings.now()

    def registry(self) -> Registry:
        """The roster as it stands. Raises InvalidFiles."""
        path, policies = self.settings.registry, self.settings.policies
        return self._fresh("registry", path.parent, lambda: registry.load(path, known(policies)))

    def packs(self) -> list[Pack]:
        """Every policy pack. Raises InvalidFiles."""
        return [self.pack(name) for name in packs_available(self.settings.policies)]

    def pack(self, name: str) -> Pack:
        """A policy pack as it stands. Raises UserError."""
        policies = self.settings.policies
        return self._fresh(f"pack {name}", policies, lambda: load_pack(name, policies))

    def association_of(self, chapter: str) -> Association | None:
        """The association of a chapter; None for a chapter that left the registry."""
        return next((item for item in self.registry().associations if _has(item, chapter)), None)

    def chapter(self, chapter: str) -> Chapter | None:
        """A chapter of the registry; None for one that left it."""
        return next((item for item in self.registry().chapters if item.id == chapter), None)

    def account(self, key: str) -> Account | None:
        """An account of the registry; None for one that left it."""
        return next((item for item in self.registry().accounts if item.key == key), None)

    def connection(self, name: str) -> Connection | None:
        """A connection where one can be had here: a page never fails over it."""
        return self.settings.connection(name)

    def masker(self, chapter: str, pack: Pack) -> Masker | None:
        """What the reports of a chapter black out with; None for a chapter that left the registry."""
        association, found = self.association_of(chapter), self.chapter(chapter)
        return masker_of(association, found, pack) if association and found else None

    def shows_text_of(self, account_key: str, pack: Pack) -> bool:
        """Whether a report may print what an account wrote: never under `reference`, never from an internal space."""
        account = self.account(account_key)
        return pack.prints_words_of(account.space if account else None)

    def warm(self) -> None:
        """Read roster and packs beside the first page, which needs only the roster."""
        with self._lock:
            begun, self._warm = self._warm, True
        if not begun:
            threading.Thread(target=self.packs, daemon=True).start()

    def counted(self, name: str, count: Callable[[], T]) -> T:
        """A count over the whole archive, as it was at most `COUNTED` seconds ago."""
        with self._lock:
            kept = self._kept.setdefault(name, _Kept())
        with kept.lock:
            if kept.value is None or time.monotonic() - kept.looked > COUNTED:
                kept.value, kept.looked = count(), time.monotonic()
            found: T = kept.value
            return found

    def _fresh(self, name: str, folder: Path, read: Callable[[], T]) -> T:
        """What was read last. A change is read beside the pages, for a pack takes seconds; the next page has it."""
        with self._lock:
            shelf = self._kept.setdefault(name, _Kept())
        kept: T | None = shelf.value
        if kept is None:
            with shelf.lock:
                found: T | None = shelf.value
                return found if found is not None else self._read(shelf, folder, read)
        if time.monotonic() - shelf.looked > TRUSTED and not shelf.lock.locked():
            threading.Thread(target=self._look_again, args=(shelf, folder, read, name), daemon=True).start()
        return kept

    def _look_again(self, shelf: _Kept, folder: Path, read: Callable[[], T], name: str) -> None:
        with shelf.lock:
            if _newest(folder) == shelf.changed:
                shelf.looked = time.monotonic()
                return
            try:
                self._read(shelf, folder, read)
            except UserError:
                # The pages go on with what was valid; `chapterwatch` says what is wrong with the file.
                shelf.looked = time.monotonic()
                log.warning("%s was changed and cannot be read; the pages show it as it was", name)

    def _read(self, shelf: _Kept, folder: Path, read: Callable[[], T]) -> T:
        changed = _newest(folder)
        value = read()
        shelf.value, shelf.changed, shelf.looked = value, changed, time.monotonic()
        return value


def _has(association: Association, chapter: str) -> bool:
    return any(item.id == chapter for item in association.chapters)


def _newest(folder: Path) -> float:
    files = [path for pattern in ("**/*.yml", "**/*.csv") for path in folder.glob(pattern)]
    return max((path.stat().st_mtime for path in files), default=0.0) + len(files)
