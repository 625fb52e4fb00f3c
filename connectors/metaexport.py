"""What Facebook's and Instagram's "Download your information" have in common: broken texts, no ids, files by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from chapterwatch.errors import ExportRefused
from chapterwatch.model import PostReading
from connectors import rawjson
from connectors.exportfiles import ExportFiles

_PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic"}
_VIDEOS = {".mp4", ".mov", ".webm", ".avi"}


def repaired(value: Any) -> Any:
    """`value` with every string decoded as the UTF-8 its characters stand for; kept as it is where they do not."""
    if isinstance(value, str):
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value
    if isinstance(value, list):
        return [repaired(one) for one in value]
    if isinstance(value, dict):
        return {repaired(key): repaired(one) for key, one in value.items()}
    return value


def numbered(posts: Sequence[tuple[str, PostReading]]) -> Iterator[PostReading]:
    """Posts oldest first, each given with the file it stands in.

    Several of one second are told apart by their order of content, the same in every export. A post that stands in
    another file once more is one post: two downloads may lie side by side.
    """
    seen: Counter[str] = Counter()
    kept: Counter[tuple[str, str]] = Counter()
    in_file: Counter[tuple[str, str, str]] = Counter()
    for file, post in sorted(posts, key=lambda one: (one[1].created_at, one[1].text, one[1].content_hash)):
        same = (post.native_id, post.content_hash)
        in_file[*same, file] += 1
        if in_file[*same, file] <= kept[same]:
            continue
        kept[same] += 1
        seen[post.native_id] += 1
        count = seen[post.native_id]
        yield post if count == 1 else replace(post, native_id=f"{post.native_id}-{count}")


def kind_of_file(name: str) -> str:
    """photo, video or media, by how a file's name ends."""
    suffix = PurePosixPath(name).suffix.lower()
    return "photo" if suffix in _PICTURES else "video" if suffix in _VIDEOS else "media"


def parsed(files: ExportFiles, name: str) -> tuple[Any, bytes]:
    """A file's value and bytes. Raises `ExportRefused` where it is no JSON."""
    body = files.read(name)
    try:
        return rawjson.loads(body), body
    except rawjson.BrokenJson as error:
        raise ExportRefused(f"{files.title}: {name} {error}; download the export again") from None
