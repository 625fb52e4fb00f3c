"""The files of an export somebody uploaded: a folder, a zip or a single file, read in memory within limits.

Nothing is ever unpacked to disk. A zip is judged by what comes out of it, for its headers may lie.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Protocol

from chapterwatch.errors import ExportRefused

MAX_FILES = 200_000
MAX_FILE_BYTES = 256 * 1024 * 1024
#: Text packs about ten times smaller; a bomb a thousand times. Small files may be as regular as they like.
MAX_RATIO = 200
RATIO_FROM_BYTES = 4 * 1024 * 1024

BOM = b"\xef\xbb\xbf"

#: What zipfile lets through of damage, of versions it does not know and of names that are not what they say.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OverflowError,
    ValueError,
    OSError,
)


class ExportFiles(Protocol):
    """Named files; names are relative, with forward slashes, in sorted order."""

    #: How to call the export in a message.
    title: str
    names: list[str]

    def read(self, name: str) -> bytes:
        """One file's bytes without a byte order mark. Raises `ExportRefused` where it is too large or damaged."""
        ...


@contextmanager
def open_export(path: Path) -> Iterator[ExportFiles]:
    """The files at `path`.

    Raises:
        ExportRefused: it is not there, no readable zip, has too many files, or names that leave their folder.
    """
    if path.is_dir():
        yield _Folder(path)
    elif not path.is_file():
        raise ExportRefused(f"{path.name}: there is no such file or folder; check the path")
    elif path.suffix.lower() == ".zip":
        with _opened(path) as packed:
            yield _Zip(path, packed)
    else:
        yield _Single(path)


class _Folder:
    def __init__(self, root: Path) -> None:
        self.title = root.name
        self._root = root.resolve()
        self.names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        _refuse_too_many(self.title, len(self.names))

    def read(self, name: str) -> bytes:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root):
            raise ExportRefused(f"{self.title}: {name} is a link that leaves the folder; remove it")
        return _read(path, f"{self.title}/{name}")


class _Single:
    def __init__(self, path: Path) -> None:
        self.title = path.name
        self._path = path
        self.names = [path.name]

    def read(self, name: str) -> bytes:
        return _read(self._path, name)


class _Zip:
    def __init__(self, path: Path, packed: zipfile.ZipFile) -> None:
        self.title = path.name
        self._packed = packed
        entries = [entry for entry in packed.infolist() if not entry.filename.endswith("/")]
        _refuse_too_many(self.title, len(entries))
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) != len(entries):
            raise ExportRefused(f"{self.title}: holds two files of one name; download the export again")
        self.names = sorted(filter(_is_own, self._entries))
        for name in self.names:
            self._refuse_traversal(name)

    def read(self, name: str) -> bytes:
        entry = self._entries[name]
        try:
            with self._packed.open(entry) as stream:
                body = stream.read(MAX_FILE_BYTES + 1)
        except _DAMAGE:
            raise ExportRefused(f"{self.title}: {name} is damaged or locked; download the export again") from None
        bomb = len(body) > RATIO_FROM_BYTES and len(body) > MAX_RATIO * max(entry.compress_size, 1)
        if bomb or len(body) > MAX_FILE_BYTES:
            raise ExportRefused(
                f"{self.title}: {name} unpacks far larger than an export's files; check where it is from"
            )
        return body.removeprefix(BOM)

    def _refuse_traversal(self, name: str) -> None:
        path = PurePosixPath(name.replace("\\", "/"))
        if not path.parts:
            raise ExportRefused(f"{self.title}: holds a file without a name; check where it is from")
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise ExportRefused(f"{self.title}: holds a name that leaves its folder; check where it is from")


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _DAMAGE:
        raise ExportRefused(f"{path.name}: is no readable zip; download the export again") from None


def _read(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ExportRefused(f"{name}: is larger than {MAX_FILE_BYTES // 1024**2} MB; split it")
        return path.read_bytes().removeprefix(BOM)
    except OSError as error:
        raise ExportRefused(f"{name}: cannot be read ({error.strerror}); check its permissions") from None


def _refuse_too_many(title: str, count: int) -> None:
    if count > MAX_FILES:
        raise ExportRefused(f"{title}: holds more than {MAX_FILES:,} files; leave out the media")


def _is_own(name: str) -> bool:
    # What macOS adds to a zip looks like each file once more.
    return not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith("._")
