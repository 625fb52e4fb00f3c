"""The files of pictures: stored once under their SHA-256, never changed, gone when no post needs them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from chapterwatch.errors import FileMissing
from chapterwatch.files import Files


@dataclass(frozen=True)
class MediaFiles:
    """The store the pictures lie in: `ab/abcd…`, two digits a folder. What it cannot do raises FilesError."""

    files: Files

    def put(self, body: bytes) -> str:
        """Store the bytes; returns their SHA-256. What is there already, whole, is left alone."""
        sha256 = hashlib.sha256(body).hexdigest()
        if self.problem(sha256) is not None:
            self.files.write(_key(sha256), body)
        return sha256

    def keep(self, sha256: str, body: bytes) -> None:
        """Store again what was put a moment ago, if it was removed since."""
        if self.files.size(_key(sha256)) is None:
            self.files.write(_key(sha256), body)

    def read(self, sha256: str) -> bytes | None:
        """The bytes of a picture; None where the file is missing or no longer what was stored."""
        try:
            body = self.files.read(_key(sha256))
        except FileMissing:
            return None
        return body if hashlib.sha256(body).hexdigest() == sha256 else None

    def problem(self, sha256: str) -> str | None:
        """What is wrong with a stored file, or None."""
        if self.files.size(_key(sha256)) is None:
            return "is missing"
        return "was changed" if self.read(sha256) is None else None

    def remove(self, sha256: str) -> None:
        """Delete a picture; deleting what is gone is well."""
        self.files.remove(_key(sha256))


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
