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
from chapterwatch.errors import ArchiveError, CredentialsMissing, UserError
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
    #: Whether an archive is made where there is none. Whoever only looks makes none: an empty one would look clean.
    makes_archive: bool = True

    @cached_property
    def registry(self) -> Registry:
        """The validated registry. Raises InvalidFiles."""
        return registry.load(self.settings.registry, known(self.settings.policies))

    @cached_property
    def archive(self) -> Archive:
        """The archive, migrated.

        Raises:
            ArchiveError: it cannot be opened, or there is none and none may be made.
            UserError: its pictures' store cannot be used.
        """
        url, prefix = self.settings.database, "sqlite:///"
        file = Path(url.removeprefix(prefix)) if url.startswith(prefix) else None
        if not self.makes_archive:
            _require_archive(url, file)
        else:
            make_folder_of(url)
        return Archive.open(url, self.settings.files.within("media"))

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


def _require_archive(url: str, file: Path | None) -> None:
    if (file is None or file.parent.is_dir()) and Archive.schema(url).found:
        return
    where = f"at {file}" if file else "in the database that CHAPTERWATCH_DATABASE names"
    raise ArchiveError(
        f"there is no archive {where}; run `chapterwatch collect` first, or check CHAPTERWATCH_HOME and "
        "CHAPTERWATCH_DATABASE"
    )


def make_folder_of(url: str) -> None:
    """Make the folder of a new SQLite archive. Raises ArchiveError where it cannot be made."""
    if not url.startswith("sqlite:///"):
        return
    folder = Path(url.removeprefix("sqlite:///")).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"the archive's folder {folder} cannot be made ({error.strerror}); make it, or change CHAPTERWATCH_DATABASE"
        ) from None
