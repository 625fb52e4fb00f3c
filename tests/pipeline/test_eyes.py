"""Looking into pictures: once per picture and reader's version, with the real readers; said where there are none."""

from __future__ import annotations

import gzip
import io
import shutil
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import reports
from chapterwatch.archive import KeptPicture, PicturePlace
from chapterwatch.errors import UserError
from chapterwatch.model import Media, ProfileReading, picture_key
from chapterwatch.pipeline import eyes
from chapterwatch.pipeline.readers import Bodies, Facts, Likeness, Reader, Words, installed
from sample import pictures
from tests.pipeline.world import FIRST_NIGHT, LAKESIDE, World, post

POSTED = FIRST_NIGHT - timedelta(hours=10)
needs_ocr = pytest.mark.skipif(
    not (find_spec("pytesseract") and shutil.which("tesseract")), reason="needs chapterwatch[ocr] and tesseract-ocr"
)
needs_nudenet = pytest.mark.skipif(not find_spec("nudenet"), reason="needs chapterwatch[nudity]")


def hang(world: World, *names: str) -> list[str]:
    """A post with these drawings, captured; their SHA-256."""
    media = tuple(Media(kind="photo", url=None, native_id=name) for name in names)
    world.store(LAKESIDE, post("100", "Look", POSTED, media=media), at=FIRST_NIGHT)
    return [_keep(world, name) for name in names]


def _keep(world: World, name: str) -> str:
    spot = PicturePlace(account_key=LAKESIDE, subject_kind="post", subject_id="100", role="post", picture=name)
    return _keep_at(world, spot, name)


def _keep_at(world: World, spot: PicturePlace, drawn: str | bytes) -> str:
    world.archive.note_pictures([spot], run_id="night", at=FIRST_NIGHT)
    body = drawn if isinstance(drawn, bytes) else pictures.draw(drawn)
    with_size = {"width": eyes.upright(body).width, "height": eyes.upright(body).height}
    kept = KeptPicture(body=body, mime="image/jpeg", at=FIRST_NIGHT, **with_size)
    return world.archive.keep_picture(spot, kept, run_id="night", connector="test 1")


class Counting:
    """A reader that remembers what it was shown."""

    name = "counting"
    failed: ClassVar[Facts] = {"seen": "failed"}

    def __init__(self, version: str = "1", *, breaks: bool = False) -> None:
        self.version, self.breaks, self.shown = version, breaks, 0

    def read(self, image: Image.Image) -> Facts:
        """Its version, or the error it was made for."""
        self.shown += 1
        if self.breaks:
            raise RuntimeError(f"cannot read {image.size}")
        return {"seen": self.version}


def look(world: World, *readers: Reader) -> int:
    return eyes.look(world.archive, [LAKESIDE], FIRST_NIGHT, readers)


def shown(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.archive.posts_frame()["pictures"].iloc[0]
    return found


# --- the stage ------------------------------------------------------------------------------------------------------


def test_a_picture_is_read_once(light: World) -> None:
    """Looking again reads nothing; a new version of a reader reads everything again and its word counts."""
    hang(light, "scene-0", "emblem-0")
    old, new = Counting("1"), Counting("2")
    assert [2, 0, 2] == [look(light, old), look(light, old), look(light, new)]
    assert ["2", "2"] == [item["seen"] for item in shown(light)]


def test_a_reader_that_breaks_stops_nothing(light: World) -> None:
    """One picture a reader breaks on is a reading that says so; the others are read."""
    hang(light, "scene-0")
    good = Counting()
    assert 2 == look(light, Counting("x", breaks=True), good)
    assert 1 == good.shown


def test_a_changed_file_is_not_read(light: World) -> None:
    """What is no longer the picture that was sealed is nothing to judge a chapter by."""
    [sha256] = hang(light, "scene-0")
    (light.workplace.settings.home / "media" / sha256[:2] / sha256).write_bytes(pictures.draw("scene-1"))
    assert 0 == look(light, Counting())


def test_without_extras_only_likeness_is_read(light: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The base install hashes pictures; for words and bodies the frame says that no reader is there."""
    monkeypatch.setattr("chapterwatch.pipeline.readers.find_spec", lambda _: None)
    assert ["likeness"] == [reader.name for reader in installed()]
    hang(light, "sign-Parking is full of_shit again")
    look(light, *installed())

    [picture] = shown(light)
    assert ("no_reader", "no_reader", None) == tuple(
        picture[name] for name in ("ocr_status", "nudity_status", "ocr_text")
    )
    assert picture["phash"]


def test_without_readers_nothing_is_called_clean(light: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that needs a reader answers that there is none, for exactly the posts with pictures."""
    monkeypatch.setattr("chapterwatch.pipeline.readers.find_spec", lambda _: None)
    hang(light, "sign-Parking is full of_shit again")
    light.store(LAKESIDE, post("101", "No picture", POSTED), at=FIRST_NIGHT)
    light.audit(FIRST_NIGHT)

    told = {tally.rule_id: dict(tally.reasons) for tally in light.archive.latest_tallies([LAKESIDE])}
    assert {"no_picture_reader": 1} == told["ala.picture_obscene"]


# --- the readers ----------------------------------------------------------------------------------------------------


def distance(left: Facts, right: Facts, name: str) -> int:
    return (int(left[name], 16) ^ int(right[name], 16)).bit_count()


def test_a_badge_is_known_again_and_a_landscape_is_not() -> None:
    """Smaller and recompressed it is the same picture; others are far away."""
    badge = eyes.upright(pictures.draw("badge-Marchbanks"))
    known = Likeness().read(badge)
    small = Likeness().read(badge.resize((96, 96)))
    assert max(distance(known, small, name) for name in ("phash", "dhash")) <= 10
    for name in ("scene-0", "emblem-0", "emblem-2", "logo-leaves"):
        other = Likeness().read(eyes.upright(pictures.draw(name)))
        assert distance(known, other, "phash") > 14


def test_flat_colour_tells_drawings_from_photographs() -> None:
    """The grain of a photograph has many colours, a flyer few."""
    flat = {name: Likeness().read(eyes.upright(pictures.draw(name)))["flat"] for name in ("scene-1", "chat-night")}
    assert flat["scene-1"] < 0.3
    assert flat["chat-night"] > 0.6


@needs_ocr
def test_words_are_read_line_by_line() -> None:
    """Lines stay lines, and a picture without words has none."""
    read = Words().read(eyes.upright(pictures.draw("sign-Parking is full of_shit again. Call Tim_+1 202 555 0199")))
    lines = [line.replace(" ", "") for line in read["ocr_text"].split("\n")]
    assert ["Parkingisfullof", "shitagain.CallTim", "+12025550199"] == lines
    assert "" == Words().read(eyes.upright(pictures.draw("scene-0")))["ocr_text"]


def written(words: str, size: tuple[int, int] = (900, 240), **drawn: Any) -> Image.Image:
    """Words on a ground, in a sans serif."""
    ground, ink = drawn.get("ground", "white"), drawn.get("ink", "black")
    image = Image.new(drawn.get("mode", "RGB"), size, ground)
    ImageDraw.Draw(image).text((50, size[1] - 150), words, font=drawn.get("font", ImageFont.load_default(36)), fill=ink)
    return image


def seen(image: Image.Image, **kept: Any) -> Facts:
    """What is read of a picture that is kept as PNG."""
    out = io.BytesIO()
    image.save(out, "PNG", **kept)
    return Words().read(eyes.upright(out.getvalue()))


JAPANESE = Path(reports.__file__).parent / "templates" / "fonts" / "noto-sans-jp-japanese-400-normal.ttf.gz"
THREAT = "I will kill you tomorrow."


@needs_ocr
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_are_read_whichever_way_up_they_stand(turn: int) -> None:
    """Tesseract reads a capital I without feet as a stroke, and a picture on its side as noise."""
    assert THREAT == seen(written(THREAT).rotate(turn, expand=True))["ocr_text"]


@needs_ocr
def test_the_end_of_a_long_screenshot_is_read() -> None:
    """A long picture is cut between its lines; one that is longer than is read says so."""
    long, longer = written(THREAT, (900, 9_000)), written(THREAT, (400, 16_000))
    assert ("read", THREAT) == tuple(seen(long)[name] for name in ("ocr_status", "ocr_text"))
    assert "partly" == seen(longer)["ocr_status"]


@needs_ocr
def test_light_words_on_nothing_and_pale_greys_are_read() -> None:
    """White on transparent would be white on white; grey of sixteen bits would be cut to white."""
    clear = written(THREAT, mode="RGBA", ground=(0, 0, 0, 0), ink="white")
    pale = np.where(np.asarray(written(THREAT).convert("L")) < 128, 40_000, 60_000).astype(np.uint16)
    assert [THREAT, THREAT] == [seen(image)["ocr_text"] for image in (clear, Image.fromarray(pale))]


@needs_ocr
def test_letters_of_another_script_are_not_called_read() -> None:
    """With languages of Latin letters alone, Japanese comes out as noise: "not judged", never clean."""
    font = ImageFont.truetype(io.BytesIO(gzip.decompress(JAPANESE.read_bytes())), 36)
    assert (
        "unreadable" == seen(written("明日の夜、お前を殺す。\n覚えておけ。家を知っている。", font=font))["ocr_status"]
    )


@needs_ocr
def test_a_moving_picture_is_told_to_move(world: World) -> None:
    """Only its first frame is read: without a finding in it the answer is "not judged"."""
    out = io.BytesIO()
    written("Picnic").save(out, "GIF", save_all=True, append_images=[written(THREAT)])
    world.store(
        LAKESIDE, post("100", "Look", POSTED, media=(Media(kind="photo", url=None, native_id="g"),)), at=FIRST_NIGHT
    )
    spot = PicturePlace(account_key=LAKESIDE, subject_kind="post", subject_id="100", role="post", picture="g")
    _keep_at(world, spot, out.getvalue())
    world.audit(FIRST_NIGHT)

    told = {tally.rule_id: dict(tally.reasons) for tally in world.archive.latest_tallies([LAKESIDE])}
    assert {"recordings": 1} == told["ala.picture_threat"]


@needs_nudenet
def test_landscapes_show_nobody() -> None:
    """Nothing bare and no face where nobody is."""
    for name in ("scene-0", "scene-1", "scene-2"):
        read = Bodies().read(eyes.upright(pictures.draw(name)))
        assert ({}, 0) == (read["nudity"], read["faces"])


def test_versions_name_what_answers_hang_on() -> None:
    """Each reader's version holds its own number and its library's."""
    versions = {reader.name: reader.version for reader in installed()}
    assert versions["likeness"].startswith("2 imagehash-")
    assert all(version.startswith("2 ") for version in versions.values())


# --- to the finding -------------------------------------------------------------------------------------------------


def test_what_an_export_left_out_is_not_called_clean(light: World) -> None:
    """What an export left out may be anything, as a document may; a link's preview is the linked page's."""
    for number, kind in enumerate(("media", "document", "link", "location")):
        light.store(LAKESIDE, post(str(number), "Look", POSTED, media=(Media(kind=kind, url=None),)), at=FIRST_NIGHT)
    light.audit(FIRST_NIGHT)

    told = {tally.rule_id: dict(tally.reasons) for tally in light.archive.latest_tallies([LAKESIDE])}
    assert {"pictures_not_captured": 2} == told["ala.picture_threat"]


@needs_ocr
def test_an_obscene_word_in_a_picture_becomes_a_question(world: World) -> None:
    """The finding names the picture and quotes its words; the report's inputs show the words whole."""
    [sha256] = hang(world, "sign-Parking is full of_shit again")
    world.audit(FIRST_NIGHT)

    finding = world.findings()["picture_obscene 100"]
    assert (f"picture:{sha256[:12]}", "shit", "assist") == (finding.field, finding.excerpt, finding.lane)


@needs_ocr
def test_words_in_a_cover_picture_are_asked_about_too(world: World) -> None:
    """A profile's own pictures are read as those of posts are, and the finding says which of the two it is."""
    name, url = "sign-Parking is full of_shit again", "https://pictures.example/cover.jpg"
    world.store(LAKESIDE, at=FIRST_NIGHT)
    profile = ProfileReading(native_id="2001", handle="ala_lakeside", name="A", bio="", banner_url=url, raw=b"{}")
    world.archive.record_profile(LAKESIDE, profile, run_id="night", captured_at=FIRST_NIGHT, connector="test 1")
    spot = PicturePlace(
        account_key=LAKESIDE,
        subject_kind="profile",
        subject_id="2001",
        role="banner",
        picture=picture_key(None, url) or "",
    )
    sha256 = _keep_at(world, spot, name)
    world.audit(FIRST_NIGHT)

    finding = world.findings()["profile_picture_obscene 2001"]
    assert (f"picture:{sha256[:12]}", "shit", "profile") == (finding.field, finding.excerpt, finding.subject_kind)
    assert finding.reason.startswith("in the cover picture: ")


def test_pictures_are_turned_and_laid_on_white() -> None:
    """A transparent picture is seen on white, as a web page shows it."""
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0))

    out = io.BytesIO()
    image.save(out, "PNG")
    assert (255, 255, 255) == eyes.upright(out.getvalue()).getpixel((0, 0))


def test_hashes_for_a_pack_are_those_of_the_reader(tmp_path: Path) -> None:
    """What the command line prints is what the reader finds; a file that is none is a mistake to mend."""
    file = tmp_path / "badge.jpg"
    file.write_bytes(pictures.draw("badge-Marchbanks"))
    read = Likeness().read(eyes.upright(pictures.draw("badge-Marchbanks")))
    assert (read["phash"], read["dhash"]) == eyes.hashes_of(file)

    file.write_text("no picture")
    with pytest.raises(UserError, match="give a JPEG"):
        eyes.hashes_of(file)
    with pytest.raises(UserError, match="check the path"):
        eyes.hashes_of(tmp_path / "lost.png")
