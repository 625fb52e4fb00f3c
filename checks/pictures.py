"""What a row shows in pictures: plain facts that readers left in the archive, never the pictures themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

#: One entry of the frames' `pictures` column.
Picture = Mapping[str, Any]

#: A field of this beginning and the first digits of a picture's SHA-256 is the text read out of that picture.
PREFIX = "picture:"
DIGITS = 12

KEPT, RECORDING = "kept", "recording"

#: The rows' column `unshown`: what no road a content was seen by ever shows, and the reason that gives.
UNSHOWN = {name: f"{name}_not_shown" for name in ("pictures", "edits", "deletions")}

NOT_CAPTURED = "pictures_not_captured"
NO_READER = "no_picture_reader"
NOT_READ = "picture_not_read"
RECORDINGS = "recordings"
DRAWN = "drawn_picture"
NO_REFERENCE = "no_reference_pictures"


class _HasColumns(Protocol):
    def get(self, name: str, default: Any = None) -> Any: ...


def shown(row: _HasColumns) -> list[Picture]:
    """The pictures of a row, in order; recordings among them."""
    found = row.get("pictures", ())
    return list(found) if isinstance(found, Iterable) else []


def kept(row: _HasColumns) -> Iterator[Picture]:
    """The pictures of a row whose bytes the archive has, each once."""
    seen: set[str] = set()
    for picture in shown(row):
        if picture.get("status", KEPT) == KEPT and field_of(picture) not in seen:
            seen.add(field_of(picture))
            yield picture


def field_of(picture: Picture) -> str:
    """The field name under which evidence quotes a picture."""
    return PREFIX + str(picture.get("sha256") or "")[:DIGITS]


def text_in(pictures: Any, field: str) -> str:
    """The text read out of the picture that `field` names; empty where there is none."""
    found = pictures if isinstance(pictures, Sequence) else ()
    return next((str(one.get("ocr_text") or "") for one in found if field_of(one) == field), "")


def unshown(row: _HasColumns, what: str) -> str | None:
    """Why the absence of something (pictures, edits, deletions) says nothing; None where it would have shown."""
    told = row.get("unshown", ())
    return UNSHOWN[what] if isinstance(told, Iterable) and what in told else None


def gap(row: _HasColumns, status: str | None = None) -> str | None:
    """Why a row's pictures cannot be called clean: one was not captured, not read, or moves; None where all was seen.

    A row without a picture is clean only where pictures would have shown.

    Args:
        row: a post or profile.
        status: the fact that says how a reader fared (`ocr_status`, `nudity_status`); None needs no such reader.
    """
    found = shown(row)
    if not found:
        return unshown(row, "pictures")
    if any(picture.get("status", KEPT) not in {KEPT, RECORDING} for picture in found):
        return NOT_CAPTURED
    states = {picture.get(status, "read") for picture in kept(row)} if status else {"read"}
    if "no_reader" in states:
        return NO_READER
    if states - {"read"}:
        return NOT_READ
    return RECORDINGS if any(map(_moves, found)) else None


def _moves(picture: Picture) -> bool:
    """A recording, which nobody looks at, or a picture of several frames, of which the first was read."""
    return picture.get("status") == RECORDING or (picture.get("frames") or 1) > 1
