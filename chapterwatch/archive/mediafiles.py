"""The files of pictures: stored once under their SHA-256, never changed, gone when no post needs them.

A file is written whole beside its place and renamed into it, so that a name never stands over half a picture.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chapterwatch.errors import ArchiveError


@dataclass(frozen=True)
class MediaFiles:
    """The folder the pictures lie in: `<root>/ab/abcd…`, two digits a folder."""

    root: Path

    def put(self, body: bytes) -> str:
        """Store the bytes; returns their SHA-256. What is there already is left alone.

        Raises:
            ArchiveError: the folder cannot be written.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        path = self._path(sha256)
        if self.problem(sha256) is None:
            return sha256
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, body)
        except OSError as error:
            raise ArchiveError(
                f"the pictures' folder {self.root} cannot be written ({error.strerror}); check its permissions"
            ) from error
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The bytes of a picture; None where the file is missing or no longer what was stored."""
        try:
            body = self._path(sha256).read_bytes()
        except OSError:
            return None
        return body if hashlib.sha256(body).hexdigest() == sha256 else None

    def problem(self, sha256: str) -> str | None:
        """What is wrong with a stored file, or None."""
        if not self._path(sha256).is_file():
            return "is missing"
        return "was changed" if self.read(sha256) is None else None

    def remove(self, sha256: str) -> None:
        """Delete a picture; deleting what is gone is well."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def _write(path: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
