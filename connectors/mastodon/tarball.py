"""The files of a tar or tar.gz somebody uploaded, read in memory within the limits of `connectors.exportfiles`.

Nothing is unpacked to disk, links and devices are not followed, and what comes out is counted, whatever headers say.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from chapterwatch.errors import ExportRefused
from connectors.exportfiles import BOM, MAX_FILE_BYTES, MAX_FILES, MAX_RATIO, RATIO_FROM_BYTES, ExportFiles

SUFFIXES = (".tar.gz", ".tgz", ".tar")
#: An archive with all its pictures may be some gigabytes; nobody's is more.
MAX_UNPACKED = 8 * 1024**3

_GZIP = b"\x1f\x8b"
_DAMAGE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, OSError, ValueError, RecursionError)


def is_tarball(path: Path) -> bool:
    """Whether a file's name says that it is one."""
    return path.name.lower().endswith(SUFFIXES) and path.is_file()


@contextmanager
def open_tarball(path: Path) -> Iterator[ExportFiles]:
    """The files in a tar, gzipped or not.

    Raises:
        ExportRefused: it is none, damaged, a bomb, has too many files, two of one name, or names that leave it.
    """
    with path.open("rb") as packed:
        zipped = packed.read(2) == _GZIP
        packed.seek(0)
        stream = gzip.GzipFile(fileobj=packed, mode="rb") if zipped else packed
        cap = max(RATIO_FROM_BYTES, min(MAX_RATIO * path.stat().st_size, MAX_UNPACKED)) if zipped else MAX_UNPACKED
        yield _Tar(path.name, _Bounded(stream, cap))


class _TooLarge(Exception):
    """More came out than an export has."""


class _Bounded(io.RawIOBase):
    """A stream that ends where too much has come out of it, and that is never asked for too much at once."""

    def __init__(self, stream: Any, cap: int) -> None:
        self._stream = stream
        self._cap = cap
        #: While the list of files is made it only goes forwards: headers that lead back would lead back for ever.
        self.forwards = True

    def read(self, size: int = -1) -> bytes:
        """Some bytes. Raises `_TooLarge`."""
        if not 0 <= size <= MAX_FILE_BYTES or self._stream.tell() + size > self._cap + RATIO_FROM_BYTES:
            raise _TooLarge
        return bytes(self._stream.read(size))

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place. Raises `_TooLarge` beyond the cap, `OSError` backwards while listing."""
        if whence != io.SEEK_SET or offset > self._cap + RATIO_FROM_BYTES:
            raise _TooLarge
        if self.forwards and offset < self._stream.tell():
            raise OSError("leads backwards")
        return int(self._stream.seek(offset))

    def tell(self) -> int:
        """Where it stands."""
        return int(self._stream.tell())

    def seekable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is."""
        return True


class _Tar:
    def __init__(self, title: str, stream: _Bounded) -> None:
        self.title = title
        self._stream = stream
        self._members: dict[str, tarfile.TarInfo] = {}
        with self._damage():
            self._tar = tarfile.TarFile.open(fileobj=stream, mode="r:")
            for member in self._tar:
                self._enter(member)
        stream.forwards = False
        self.names = sorted(self._members)

    def read(self, name: str) -> bytes:
        member = self._members[name]
        if member.size > MAX_FILE_BYTES:
            raise ExportRefused(f"{self.title}: {name} is larger than {MAX_FILE_BYTES // 1024**2} MB; split it")
        with self._damage():
            self._stream.seek(member.offset_data)
            body = self._stream.read(member.size)
        if len(body) != member.size:
            raise ExportRefused(f"{self.title}: is cut off; download the export again")
        return body.removeprefix(BOM)

    def _enter(self, member: tarfile.TarInfo) -> None:
        if not member.isreg() or member.issparse():
            return
        name = PurePosixPath(member.name.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or not name.parts or ":" in name.parts[0] or member.size < 0:
            raise ExportRefused(f"{self.title}: holds a name that leaves its folder; check where it is from")
        if str(name) in self._members:
            raise ExportRefused(f"{self.title}: holds two files of one name; download the export again")
        self._members[str(name)] = member
        if len(self._members) > MAX_FILES:
            raise ExportRefused(f"{self.title}: holds more than {MAX_FILES:,} files; leave out the media")

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except _TooLarge:
            raise ExportRefused(f"{self.title}: unpacks far larger than an export; check where it is from") from None
        except _DAMAGE:
            raise ExportRefused(f"{self.title}: is no whole tar file; download the export again") from None
