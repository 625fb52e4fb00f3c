"""Files by key: reports, pictures and dropped exports, in a folder or in a bucket.

A key is a relative path such as `reports/2026-10/lakeside-2026-10-r1.pdf`. It is what the archive keeps, so that an
installation can move from a folder to a bucket and back. Both kinds of store promise the same:

- A file is there whole or not at all: in a folder it is written beside its place, flushed and renamed; in a bucket it
  is one PUT, or one upload in parts that appears with its last one.
- `create` never puts other bytes in the place of what is there, whoever else writes at the same moment: a hard link
  in a folder, `If-None-Match: *` in a bucket.
- What could not be asked is an error and never reads as "there is no such file".

A bucket is any store that fsspec knows (https://filesystem-spec.readthedocs.io), by URL: `s3://bucket/prefix`.
"""

from __future__ import annotations

import errno
import hashlib
import io
import mimetypes
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol, cast

from chapterwatch.errors import (
    FileAltered,
    FileMissing,
    FilesDenied,
    FilesError,
    FilesUnreachable,
    FileTaken,
    UserError,
)

#: Bytes read at a time where a file is hashed or handed on.
PART = 1 << 16

_URL = re.compile(r"(?P<protocol>[a-z][a-z0-9+.-]+)://(?P<path>.*)", re.DOTALL)
#: `s3:/bucket` would make a folder called `s3:`; a folder that has such a name can be given with `./` before it.
_LOST_SLASH = re.compile(r"[a-z][a-z0-9+.-]+:/(?!/)")
_S3 = ("s3", "s3a")
#: What a bucket is asked with, unless the options say otherwise: a store that does not answer is told in half a minute.
_S3_OPTIONS: Mapping[str, Any] = {
    # A listing kept in memory would hide what another process has written since.
    "use_listings_cache": False,
    "config_kwargs": {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 2, "mode": "standard"}},
}
#: Protocol -> what has to be installed for it.
_EXTRAS = {
    "s3": "chapterwatch[s3]",
    "s3a": "chapterwatch[s3]",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "az": "adlfs",
}


class Files(Protocol):
    """A store of files. Every method raises FilesError where the store cannot be used."""

    @property
    def place(self) -> str:
        """Where the store is, for people: a path, or a URL."""

    def where(self, key: str) -> str:
        """Where a file lies, for people: a path, or a URL."""

    def within(self, prefix: str) -> Files:
        """The part of the store below a prefix."""

    def size(self, key: str) -> int | None:
        """Bytes of a file; None where there is none."""

    def read(self, key: str) -> bytes:
        """A file's bytes. Raises FileMissing."""

    def open(self, key: str) -> BinaryIO:
        """A file to read from, which stays what it was when it was opened. Raises FileMissing."""

    def write(self, key: str, body: bytes) -> None:
        """Put a file there, whole, in the place of any other."""

    def create(self, key: str, body: bytes) -> None:
        """Put a file where none is; the same bytes there already are well. Raises FileTaken where others are."""

    def remove(self, key: str) -> None:
        """Delete a file; deleting what is gone is well."""

    def under(self, prefix: str = "") -> list[str]:
        """The keys below a prefix (default: all), in order; hidden files are none."""

    def at_hand(self, prefix: str) -> AbstractContextManager[list[Path]]:
        """What lies right below a prefix, files and folders, on this machine and in order; hidden ones left out.

        Files have the time at which they were put there, where the store tells one.
        """

    def key_of(self, noted: str) -> str | None:
        """The key of a path the archive has noted; None where it can be none of this store.

        Rows of older versions hold absolute paths: within the store's folder the rest counts, and where the whole
        folder was moved since, what stands from its last `reports` on.
        """


def open_files(url: str, options: Mapping[str, Any] | None = None) -> Files:
    """The store at a URL or a folder's path.

    Args:
        url: a path, `file:///path`, or `<protocol>://<bucket>/<prefix>`.
        options: what fsspec gives the protocol's library (`endpoint_url`, `key`, `secret`, ...); nothing for a folder.

    Raises:
        UserError: no such protocol, its library is not installed, or the URL holds what belongs into the options.
    """
    found = _URL.fullmatch(url)
    if found is None:
        return Folder(_folder_named(url))
    protocol, path = found["protocol"], found["path"].rstrip("/")
    if protocol == "file":
        return Folder(Path(path or "/").absolute())
    if "@" in path.partition("/")[0] or "?" in path or "#" in path:
        raise UserError(
            "CHAPTERWATCH_FILES holds more than a place; put credentials into the environment or the options"
        )
    if not path:
        raise UserError(f"CHAPTERWATCH_FILES names no bucket; write it as {protocol}://bucket/prefix")
    _library(protocol)
    return Bucket(f"{protocol}://{path}", dict(options or {}))


def _folder_named(path: str) -> Path:
    """The folder of a path. Raises UserError where it is empty, or a URL that lost a slash."""
    if not path.strip():
        raise UserError("the store of files has no name; give a folder, or s3://bucket/prefix")
    if _LOST_SLASH.match(path):
        raise UserError(f"{path!r} is neither a folder nor a URL; write {path.partition(':')[0]}://bucket/prefix")
    return Path(path).absolute()


def read_checked(files: Files, key: str, sha256: str | None) -> bytes:
    """A file's bytes, if they are those of a hash; None asks for no hash. Raises FileMissing, FileAltered."""
    body = files.read(key)
    if sha256 and hashlib.sha256(body).hexdigest() != sha256:
        raise FileAltered(f"{files.where(key)} is not the file that was kept; bring it back from a backup")
    return body


def open_checked(files: Files, key: str, sha256: str | None) -> BinaryIO:
    """A file to hand on, at its start, if its bytes are those of a hash. Raises FileMissing, FileAltered."""
    file = files.open(key)
    if sha256 and hashlib.file_digest(cast("io.BufferedReader", file), "sha256").hexdigest() != sha256:
        file.close()
        raise FileAltered(f"{files.where(key)} is not the file that was kept; bring it back from a backup")
    file.seek(0)
    return file


def parts_of(file: BinaryIO) -> Iterator[bytes]:
    """An open file in parts; it is closed behind the last."""
    with closing(file):
        while part := file.read(PART):
            yield part


# --- a folder -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    """A store in a folder of this machine."""

    root: Path

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self.root)

    def where(self, key: str) -> str:
        """The file's absolute path."""
        return str(self._path(key))

    def within(self, prefix: str) -> Folder:
        """The folder of that name."""
        return Folder(self._path(prefix))

    def size(self, key: str) -> int | None:
        """Bytes of a file; None where there is none."""
        path = self._inside(key)
        with self._told("read"):
            return path.stat().st_size if path is not None and path.is_file() else None

    def read(self, key: str) -> bytes:
        """A file's bytes. Raises FileMissing."""
        with closing(self.open(key)) as file, self._told("read"):
            return file.read()

    def open(self, key: str) -> BinaryIO:
        """The file itself: what takes its name later is another file. Raises FileMissing."""
        path = self._inside(key)
        if path is None:
            raise FileMissing(f"{self.where(key)} is missing; check CHAPTERWATCH_FILES and CHAPTERWATCH_HOME")
        with self._told("read"):
            return path.open("rb")

    def write(self, key: str, body: bytes) -> None:
        """Write beside the place, flush, rename into it."""
        path = self._path(key)
        with self._told("written"), self._beside(path, body) as new:
            new.replace(path)
            _flush_folder(path.parent)

    def create(self, key: str, body: bytes) -> None:
        """Write beside the place, flush, and give it the name unless something has it."""
        path = self._path(key)
        with self._told("written"), self._beside(path, body) as new:
            if not _named(new, path) and path.read_bytes() != body:
                raise FileTaken(f"{path} holds other bytes than the file to be kept; move it away")
            _flush_folder(path.parent)

    def remove(self, key: str) -> None:
        """Delete a file."""
        with self._told("written"):
            self._path(key).unlink(missing_ok=True)

    def under(self, prefix: str = "") -> list[str]:
        """The keys of the files below a folder."""
        base = self._path(prefix) if prefix else self.root
        with self._told("read"):
            found = [path.relative_to(self.root) for path in base.rglob("*") if path.is_file()]
        return sorted(key.as_posix() for key in found if not any(part.startswith(".") for part in key.parts))

    @contextmanager
    def at_hand(self, prefix: str) -> Iterator[list[Path]]:
        """The files and folders themselves."""
        folder = self._path(prefix)
        with self._told("read"):
            found = sorted(folder.iterdir()) if folder.is_dir() else []
        yield [path for path in found if not path.name.startswith(".")]

    def key_of(self, noted: str) -> str | None:
        """As `Files.key_of`."""
        path = Path(noted)
        if path.is_absolute() and path.is_relative_to(self.root):
            return _key_or_none(path.relative_to(self.root).as_posix())
        return _reports_key(noted)

    def _path(self, key: str) -> Path:
        return self.root.joinpath(*_checked(key))

    def _inside(self, key: str) -> Path | None:
        """Where a file lies, links followed; None where there is none, or where it lies elsewhere."""
        path = self._path(key)
        with self._told("read"):
            real = path.resolve()
            return real if real.is_relative_to(self.root.resolve()) and real.is_file() else None

    @contextmanager
    def _beside(self, path: Path, body: bytes) -> Iterator[Path]:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".new-{secrets.token_hex(8)}")
        try:
            with new.open("xb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            yield new
        finally:
            new.unlink(missing_ok=True)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except FilesError:
            raise
        except FileNotFoundError as error:
            raise FileMissing(f"a file of {self.root} is missing; check that nothing else works there") from error
        except PermissionError as error:
            raise FilesDenied(f"{self.root} cannot be {what} ({error.strerror}); check its permissions") from error
        except OSError as error:
            raise FilesError(f"{self.root} cannot be {what} ({error.strerror}); check the disk") from error


def _named(new: Path, path: Path) -> bool:
    """Give a file its name unless something has it; whether it got it."""
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
            raise
        # A file system without hard links: two writers of one name could both win here, each with a whole file.
        if path.exists():
            return False
        new.replace(path)
    return True


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # not every file system can flush a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- a bucket -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bucket:
    """A store behind fsspec. May be shared by threads and by forked processes: connections are fsspec's own affair."""

    url: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> str:
        """The URL."""
        return self.url

    def where(self, key: str) -> str:
        """The file's URL."""
        return f"{self.url}/{'/'.join(_checked(key))}"

    def within(self, prefix: str) -> Bucket:
        """The same bucket with a longer prefix."""
        return Bucket(self.where(prefix), self.options)

    def size(self, key: str) -> int | None:
        """Bytes of a file, by HEAD; None where there is none."""
        path = self._path(key)
        try:
            with self._told(key):
                found = self._system.info(path)
        except FileMissing:
            return None
        return int(found["size"]) if found["type"] == "file" else None

    def read(self, key: str) -> bytes:
        """A file's bytes, by one GET. Raises FileMissing."""
        path = self._path(key)
        with self._told(key):
            return cast("bytes", self._system.cat_file(path))

    def open(self, key: str) -> BinaryIO:
        """A copy of the file on this machine that vanishes when it is closed. Raises FileMissing."""
        copy = tempfile.NamedTemporaryFile(prefix="chapterwatch-")  # noqa: SIM115 - whoever opens it closes it
        try:
            self._fetch(key, Path(copy.name))
        except BaseException:
            copy.close()
            raise
        return cast("BinaryIO", copy)

    def write(self, key: str, body: bytes) -> None:
        """One PUT."""
        path = self._path(key)
        with self._told(key):
            self._system.pipe_file(path, body, **self._described(key))

    def create(self, key: str, body: bytes) -> None:
        """One PUT that the store refuses where the key is taken.

        Amazon S3, MinIO, Ceph and the other stores that know `If-None-Match` do; where a store does not, fsspec looks
        first and writes then, and of two writers at the same moment the second may win.
        """
        path = self._path(key)
        try:
            with self._told(key):
                self._create(path, body)
        except FileTaken:
            if self.read(key) != body:
                raise

    def remove(self, key: str) -> None:
        """Delete a file."""
        path = self._path(key)
        with suppress(FileMissing), self._told(key):
            self._system.rm_file(path)

    def under(self, prefix: str = "") -> list[str]:
        """The keys below a prefix, by listing."""
        base, start = self._path(prefix) if prefix else self._root, len(self._root) + 1
        try:
            with self._told(prefix):
                # Some systems keep what a folder held before another process wrote into it.
                self._system.invalidate_cache()
                found = sorted(str(name).lstrip("/")[start:] for name in self._system.find(base))
        except FileMissing:
            return []
        return [key for key in found if _key_or_none(key) and not any(part[0] == "." for part in key.split("/"))]

    @contextmanager
    def at_hand(self, prefix: str) -> Iterator[list[Path]]:
        """Copies in a folder that vanishes afterwards."""
        with tempfile.TemporaryDirectory(prefix="chapterwatch-") as name:
            folder = Path(name)
            for key in self.under(prefix):
                path = folder / PurePosixPath(key).relative_to(prefix)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._fetch(key, path)
                self._date(key, path)
            yield sorted(folder.iterdir())

    def key_of(self, noted: str) -> str | None:
        """As `Files.key_of`."""
        return _reports_key(noted)

    @property
    def _protocol(self) -> str:
        return self.url.partition("://")[0]

    @property
    def _root(self) -> str:
        return self.url.partition("://")[2]

    def _path(self, key: str) -> str:
        return f"{self._root}/{'/'.join(_checked(key))}"

    @property
    def _system(self) -> Any:
        """The store as fsspec knows it, which keeps one per process and thread."""
        import fsspec  # noqa: PLC0415 - a tenth of a second that only buckets cost

        return fsspec.filesystem(self._protocol, **self._asked_with)

    @cached_property
    def _asked_with(self) -> dict[str, Any]:
        return {**_S3_OPTIONS, **self.options} if self._protocol in _S3 else dict(self.options)

    def _described(self, key: str) -> dict[str, Any]:
        """What kind of file it is, for stores that hand it to a browser."""
        kind = mimetypes.guess_type(key)[0]
        return {"ContentType": kind} if kind and self._protocol in _S3 else {}

    def _create(self, path: str, body: bytes) -> None:
        try:
            self._system.pipe_file(path, body, mode="create", **self._described(path))
        except OSError as error:
            # 409: somebody else is creating it at this moment; what they put there is looked at.
            if error.errno != errno.EBUSY:
                raise
            raise FileExistsError(path) from error

    def _fetch(self, key: str, path: Path) -> None:
        expected = self.size(key)
        with self._told(key):
            self._system.get_file(self._path(key), str(path))
        if path.stat().st_size != expected:
            raise FilesUnreachable(f"{self.where(key)} changed or broke off while it was read; try again")

    def _date(self, key: str, path: Path) -> None:
        """Give a copy the time of its file, where the store tells one."""
        with self._told(key), suppress(NotImplementedError):
            written = self._system.modified(self._path(key)).timestamp()
            os.utime(path, (written, written))

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Every library has its own exceptions; whatever it raises comes out as one of ours, without its words."""
        try:
            yield
        except FilesError:
            raise
        except FileNotFoundError as error:
            self._bucket_must_be_there(error)
            raise FileMissing(f"{self.url}/{key} is missing; `chapterwatch files verify` lists what is") from error
        except FileExistsError as error:
            what = f"{self.url}/{key} holds other bytes than the file to be kept"
            raise FileTaken(f"{what}; move it away") from error
        except PermissionError as error:
            raise self._denied(error) from error
        except Exception as error:
            raise self._broken(error) from error

    def _bucket_must_be_there(self, error: FileNotFoundError) -> None:
        """A bucket that does not exist answers like a file that does not."""
        if _code_of(error.__cause__) == "NoSuchBucket":
            bucket = self._root.partition("/")[0]
            raise FilesError(f"there is no bucket {bucket}; make it, or mend CHAPTERWATCH_FILES") from error

    def _denied(self, error: Exception) -> FilesDenied:
        how = "check the credentials, and that they may list, read, write and delete there"
        return FilesDenied(f"{self.url} refuses us ({_name_of(error)}); {how}")

    def _broken(self, error: Exception) -> FilesError:
        if "Credential" in type(error).__name__:
            return self._denied(error)
        return FilesUnreachable(
            f"{self.url} cannot be reached ({_name_of(error)}); check address, network and store, then repeat"
        )


def _name_of(error: Exception) -> str:
    """What a failure is called: an answer's own code where there is one, never its words, which may hold anything."""
    return _code_of(error) or _code_of(error.__cause__) or type(error).__name__


def _code_of(error: BaseException | None) -> str:
    """The code of an answer of S3, such as NoSuchBucket; empty where there was no answer."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    return re.sub(r"[^A-Za-z0-9]", "", str(code))[:60]


def _library(protocol: str) -> None:
    import fsspec  # noqa: PLC0415 - a tenth of a second that only buckets cost

    try:
        fsspec.get_filesystem_class(protocol)
    except ValueError:
        raise UserError(f"CHAPTERWATCH_FILES has an unknown protocol {protocol!r}; write s3://bucket/prefix") from None
    except ImportError:
        wanted = _EXTRAS.get(protocol, f"fsspec's library for {protocol}")
        raise UserError(f"CHAPTERWATCH_FILES is {protocol}://, which needs a library; install {wanted}") from None


# --- keys -----------------------------------------------------------------------------------------------------------


def _checked(key: str) -> list[str]:
    parts = key.split("/")
    if any(part in {"", ".", ".."} for part in parts) or re.search(r"[\x00-\x1f\\]", key):
        raise ValueError(f"{key!r} is no key of a file")
    return parts


def _key_or_none(key: str) -> str | None:
    try:
        _checked(key)
    except ValueError:
        return None
    return key


def _reports_key(noted: str) -> str | None:
    """What of a noted path stands from its last `reports` on; a key stands as it is."""
    if not noted.startswith("/"):
        return _key_or_none(noted)
    parts = noted.split("/")
    at = max((index for index, part in enumerate(parts) if part == "reports"), default=None)
    return _key_or_none("/".join(parts[at:])) if at is not None else None
