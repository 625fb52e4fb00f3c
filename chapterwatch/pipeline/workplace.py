"""A workplace: what the four steps of the spine need around them, made once from the settings.

The CLI and the DAGs differ only in where connections come from; from here on their road is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from chapterwatch import logs, registry
from chapterwatch.archive import Archive
from chapterwatch.errors import CredentialsMissing, UserError
from chapterwatch.known import known
from chapterwatch.model import Account, Connection
from chapterwatch.registry import Registry
from chapterwatch.settings import Settings

log = logging.getLogger(__name__)


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

    def connection_of(self, account: Account) -> Connection | None:
        """An account's connection; None where it has none, or one that the log says cannot be read."""
        try:
            return self.connection_for(account.connection or "")
        except UserError as error:
            # One connection with a mistake in it must not hide how all the others stand.
            said = logs.fields(platform=account.platform, account=account.key, reason=CredentialsMissing.reason)
            log.warning("account %s: %s", account.key, " ".join(str(error).splitlines()), extra=said)
            return None

    @property
    def now(self) -> datetime:
        """What time it is (UTC)."""
        return self.settings.now()
