"""A workplace: what the four steps of the spine need around them, made once from the settings.

The CLI and the DAGs differ only in where connections come from; from here on their road is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from chapterwatch import registry
from chapterwatch.archive import Archive
from chapterwatch.known import known
from chapterwatch.model import Connection
from chapterwatch.registry import Registry
from chapterwatch.settings import Settings


@dataclass
class Workplace:
    """Settings and where connections come from; the registry and the archive are opened when first needed."""

    settings: Settings
    connection_for: Callable[[str], Connection | None]

    @cached_property
    def registry(self) -> Registry:
        """The validated registry. Raises InvalidFiles."""
        return registry.load(self.settings.registry, known(self.settings.policies))

    @cached_property
    def archive(self) -> Archive:
        """The archive, migrated. Raises ArchiveError, and UserError where its pictures' store cannot be used."""
        if self.settings.database.startswith("sqlite:///"):
            Path(self.settings.database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        return Archive.open(self.settings.database, self.settings.files.within("media"))

    @property
    def now(self) -> datetime:
        """What time it is (UTC)."""
        return self.settings.now()
