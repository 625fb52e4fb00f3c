"""Looking into pictures: every kept picture is read once by every reader there is, before anything is judged.

Checks see what stands in the archive and open no file. So readers run here, once per picture and reader's version, and
what they say is kept by the picture's hash.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, ImageStat

from chapterwatch import logs
from chapterwatch.archive import Archive
from chapterwatch.errors import FilesError, UserError
from chapterwatch.pipeline.readers import Facts, Likeness, Reader, installed
from connectors.pictures import PictureRefused, inspect

log = logging.getLogger(__name__)


def look(archive: Archive, account_keys: Sequence[str], now: datetime, readers: Iterable[Reader] | None = None) -> int:
    """Read the pictures of some accounts that a reader has not read yet; returns how many readings were made.

    A reader that breaks on a picture leaves a reading that says so: the rules that need it then cannot judge. Where the
    store of pictures cannot be used, the rest is left for the next time: text is judged all the same, and rules about
    pictures nobody has read say so.
    """
    made = 0
    for sha256, reader in _unread(archive, account_keys, installed() if readers is None else readers):
        try:
            body = archive.picture_bytes(sha256)
        except FilesError as error:
            said = logs.fields(step="audit")
            log.error("pictures are left unread: %s", error, extra=said)  # noqa: TRY400 - one line says it
            break
        # A lost or changed file is named by `archive verify`; nobody reads what is not the picture.
        if body is not None:
            archive.save_reading(sha256, reader.name, reader.version, _read(reader, body, sha256), now)
            made += 1
    return made


def _unread(archive: Archive, account_keys: Sequence[str], readers: Iterable[Reader]) -> Iterator[tuple[str, Reader]]:
    for reader in readers:
        for sha256 in archive.unread_pictures(reader.name, reader.version, account_keys):
            yield sha256, reader


def hashes_of(file: Path) -> tuple[str, str]:
    """The perceptual hashes (phash, dhash) of a picture somebody has, for a pack's picture set.

    Raises:
        UserError: there is no such file, or it is no picture of a kind that is read.
    """
    try:
        body = inspect(file.read_bytes()).body
    except OSError as error:
        raise UserError(f"{file} cannot be read ({error.strerror}); check the path") from None
    except PictureRefused as refused:
        why = refused.reason.replace("_", " ")
        raise UserError(f"{file} cannot be used ({why}); give a JPEG, PNG, GIF or WebP picture") from None
    facts = Likeness().read(upright(body))
    return str(facts["phash"]), str(facts["dhash"])


def upright(body: bytes) -> Image.Image:
    """The picture as people see it: turned as its EXIF says, on white, in RGB, the first frame.

    What is transparent and light is laid on black: on white nobody would see it.
    """
    with Image.open(io.BytesIO(body)) as image:
        turned = ImageOps.exif_transpose(_of_eight_bits(image)).convert("RGBA")
    ground = Image.new("RGBA", turned.size, "black" if _is_light(turned) else "white")
    return Image.alpha_composite(ground, turned).convert("RGB")


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of sixteen bits made grey of eight: a plain conversion would cut all that is not nearly black to white."""
    if not image.mode.startswith("I"):
        return image
    grey = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    grey.info.update(image.info)
    return grey


#: From this mean brightness (0..255) what stands on a transparent ground is light.
_LIGHT = 200


def _is_light(image: Image.Image) -> bool:
    alpha = image.getchannel("A")
    if alpha.getextrema()[0] == _OPAQUE:
        return False
    shown = ImageStat.Stat(image.convert("L"), mask=alpha.point(lambda value: _OPAQUE if value > _OPAQUE // 2 else 0))
    return shown.count[0] > 0 and shown.mean[0] >= _LIGHT


_OPAQUE = 255


def _frames(body: bytes) -> int:
    with Image.open(io.BytesIO(body)) as image:
        return int(getattr(image, "n_frames", 1))


def _read(reader: Reader, body: bytes, sha256: str) -> Facts:
    try:
        facts = dict(reader.read(upright(body)))
        # A picture that moves is read in its first frame: who judges it must know that there are others.
        return {**facts, "frames": frames} if (frames := _frames(body)) > 1 else facts
    # Readers are other people's models and programs: whatever they raise, one picture must not stop the audit.
    except Exception as error:  # noqa: BLE001
        said = logs.fields(step="audit", picture=sha256[:12])
        log.warning("picture %s: reader %s failed: %s", sha256[:12], reader.name, type(error).__name__, extra=said)
        return reader.failed
