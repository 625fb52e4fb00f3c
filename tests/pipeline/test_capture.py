"""Capturing pictures: fetched once, capped, told in coverage, and never the reason a night fails."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from chapterwatch.errors import UserError
from chapterwatch.model import Seen
from chapterwatch.pipeline import import_file
from chapterwatch.settings import from_environment
from tests.pipeline.world import FIRST_NIGHT, LAKESIDE, X_ARCHIVE, Asked, Reply, World

POSTED = FIRST_NIGHT - timedelta(hours=10)


def drawing(shade: int = 120) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), (shade, 80, 90)).save(out, "PNG")
    return out.getvalue()


def image(body: bytes, kind: str = "image/png", status: int = 200) -> Reply:
    return Reply(body, status=status, headers={"Content-Type": kind})


@dataclass
class Exhibition:
    """X shows posts with media, and serves their pictures itself."""

    world: World
    media: dict[str, tuple[str, Reply]] = field(default_factory=dict)
    avatar: str | None = None

    def shows(self, post: str, *items: tuple[str, str, Reply]) -> None:
        """A post with (media key, kind, what the picture server answers)."""
        self.media |= {key: (kind, reply) for key, kind, reply in items}
        keys = {"media_keys": [key for key, _, _ in items]}
        self.world.x.shows("2001", post, f"Post {post}", POSTED, attachments=keys)
        self.world.x.fault = self._answer

    def _answer(self, asked: Asked) -> Reply | None:
        if asked.path.startswith("/pictures/"):
            return self.media[asked.path.rpartition("/")[2]][1]
        if asked.lists:
            listing = self.world.x._listing(asked)
            return Reply({**listing.body, "includes": {"media": [self._node(key) for key in self.media]}})
        if asked.account and self.avatar:
            user = {"id": asked.account, "name": "A", "username": "a", "profile_image_url": self.avatar}
            return Reply({"data": user})
        return None

    def _node(self, key: str) -> dict[str, Any]:
        url = f"{self.world.x.url}/pictures/{key}"
        return {"media_key": key, "type": self.media[key][0], "url": url}

    def asked_for(self) -> list[str]:
        """Names of the pictures asked for, in order."""
        return [one.path.rpartition("/")[2] for one in self.world.x.asked if one.path.startswith("/pictures/")]


@pytest.fixture
def shown(world: World) -> Exhibition:
    return Exhibition(world)


@pytest.fixture
def light_shown(light: World) -> Exhibition:
    return Exhibition(light)


def statuses(world: World) -> dict[str, str]:
    return {row.place.picture: row.status for row in world.archive.pictures()}


def test_a_night_keeps_the_pictures(shown: Exhibition) -> None:
    """Post pictures and the avatar are kept, the frame shows them, and the coverage row counts them."""
    shown.avatar = f"{shown.world.x.url}/pictures/3_9"
    shown.shows("100", ("3_1", "photo", image(drawing())), ("3_9", "photo", image(drawing(10))))
    shown.world.collect(0)

    assert {"kept"} == set(statuses(shown.world).values())
    assert [["kept", "kept"]] == [
        [item["status"] for item in row] for row in shown.world.archive.posts_frame()["pictures"]
    ]
    assert "1 post was read. 3 pictures kept." == shown.world.coverage(0).detail
    assert shown.world.archive.verify().files_checked == 2


def test_a_picture_is_fetched_once(light_shown: Exhibition) -> None:
    """The next night sees the post again and asks for nothing."""
    light_shown.shows("100", ("3_1", "photo", image(drawing())))
    light_shown.world.collect(0)
    light_shown.world.collect(1)

    assert ["3_1"] == light_shown.asked_for()


def test_a_failure_is_told_and_stops_nothing(light_shown: Exhibition) -> None:
    """Every way a picture can fail is a row and a count; the account was seen all the same."""
    light_shown.shows(
        "100",
        ("3_1", "photo", image(b"", status=404)),
        ("3_2", "photo", image(b"<html>", "text/html")),
        ("3_3", "photo", image(b"0" * 8_000_001)),
        ("3_4", "photo", image(drawing())),
    )
    light_shown.world.collect(0)

    assert {"3_1": "gone", "3_2": "not_an_image", "3_3": "too_large", "3_4": "kept"} == statuses(light_shown.world)
    row = light_shown.world.coverage(0)
    assert Seen.SEEN == row.seen
    assert row.detail.endswith("1 picture kept; 3 pictures could not be kept (1 gone, 1 too large, 1 no pictures).")


def test_videos_are_never_fetched(light_shown: Exhibition) -> None:
    """A video stands in the frame as what it is, and nobody asks for it nor for its preview."""
    light_shown.shows("100", ("7_1", "video", image(drawing())), ("16_1", "animated_gif", image(drawing())))
    light_shown.world.collect(0)

    assert [] == light_shown.asked_for()
    [pictures] = light_shown.world.archive.posts_frame()["pictures"]
    assert ["recording", "recording"] == [item["status"] for item in pictures]


def test_the_cap_holds_for_the_run(light_shown: Exhibition) -> None:
    """What the cap leaves over waits for the next night."""
    light_shown.shows("100", *((f"3_{number}", "photo", image(drawing(number))) for number in range(5)))
    light_shown.world.at(FIRST_NIGHT, max_pictures=2)
    light_shown.world.collect(0)
    first = sorted(statuses(light_shown.world).values())
    assert light_shown.world.coverage(0).detail.endswith(" 2 pictures kept; 3 pictures left for the next night.")
    light_shown.world.collect(1)

    assert ["kept", "kept", "waiting", "waiting", "waiting"] == first
    assert ["kept", "kept", "kept", "kept", "waiting"] == sorted(statuses(light_shown.world).values())


def test_a_dead_picture_server_is_left_alone(light_shown: Exhibition) -> None:
    """After three misses in a row nothing more is asked of it this night; the account was seen."""
    light_shown.shows("100", *((f"3_{number}", "photo", image(b"", status=500)) for number in range(9)))
    light_shown.world.collect(0)

    assert {"unreachable": 3, "waiting": 6} == {
        word: list(statuses(light_shown.world).values()).count(word) for word in ("unreachable", "waiting")
    }
    assert Seen.SEEN == light_shown.world.coverage(0).seen


def test_off_captures_nothing(light_shown: Exhibition) -> None:
    """Switched off, no picture is asked for, and the frame says that none was captured."""
    light_shown.shows("100", ("3_1", "photo", image(drawing())))
    light_shown.world.at(FIRST_NIGHT, max_pictures=0)
    light_shown.world.collect(0)

    assert ([], {}) == (light_shown.asked_for(), statuses(light_shown.world))
    [[picture]] = light_shown.world.archive.posts_frame()["pictures"]
    assert "not_captured" == picture["status"]


@pytest.mark.parametrize(
    ("environment", "limit"),
    [
        ({}, 500),
        ({"CHAPTERWATCH_MEDIA": "off"}, 0),
        ({"CHAPTERWATCH_MEDIA": "off", "CHAPTERWATCH_MAX_PICTURES": "9"}, 0),
        ({"CHAPTERWATCH_MAX_PICTURES": "9"}, 9),
    ],
)
def test_settings_say_how_many(environment: dict[str, str], limit: int) -> None:
    """On by default, with a cap; off is off."""
    assert limit == from_environment(environment).max_pictures


def test_a_setting_nobody_knows_is_refused() -> None:
    """Neither on nor off is a mistake to mend, not a guess."""
    with pytest.raises(UserError, match="write on or off"):
        from_environment({"CHAPTERWATCH_MEDIA": "maybe"})


def x_archive() -> bytes:
    """An X archive with one post of two pictures, one of them missing."""
    tweet = {
        "id_str": "100",
        "created_at": "Sun Oct 04 16:00:00 +0000 2026",
        "full_text": "Two pictures",
        "extended_entities": {
            "media": [
                {"id_str": name, "type": "photo", "media_url_https": f"https://pbs.twimg.com/media/{name}.jpg"}
                for name in ("m1", "m2")
            ]
        },
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        files.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}")
        files.writestr("data/tweets_media/100-m1.jpg", drawing())
    return packed.getvalue()


def test_pictures_come_out_of_an_archive(light: World) -> None:
    """An X archive holds its pictures: they are read from it and nobody is asked."""
    path = light.drop("archive.zip", x_archive(), X_ARCHIVE)
    row, _ = import_file(light.at(FIRST_NIGHT).workplace, light.workplace.registry.account(X_ARCHIVE), path, None)

    assert {"m1": "kept", "m2": "gone"} == statuses(light)
    assert row.detail.endswith("1 picture kept; 1 picture could not be kept (1 gone).")


def test_an_archive_brings_no_picture_of_an_erased_post_back(light: World) -> None:
    """It is read again with everything in it; the body stays erased, and so do the pictures."""
    light.drop("archive.zip", x_archive(), X_ARCHIVE)
    light.collect(0, X_ARCHIVE)
    light.archive.erase_body(X_ARCHIVE, "100", reason="asked for", author="test", at=FIRST_NIGHT)
    light.collect(1, X_ARCHIVE)

    assert {} == statuses(light)
    assert [] == [item for item in (light.home / "media").rglob("*") if item.is_file()]


def test_an_erased_post_takes_its_picture_along(shown: Exhibition) -> None:
    """A deleted post's body is erased after the audit, and its picture's file with it."""
    shown.shows("100", ("3_1", "photo", image(drawing())))
    shown.shows("101", ("3_2", "photo", image(drawing(10))))
    shown.world.collect(0)
    shown.world.x.removes("2001", "100")
    for number in (1, 2):
        shown.world.collect(number)
        shown.world.audit(FIRST_NIGHT + timedelta(days=number, hours=2))

    media = shown.world.workplace.settings.home / "media"
    assert {"3_2": "kept"} == statuses(shown.world)
    assert 1 == sum(item.is_file() for item in media.rglob("*"))
    assert [] == shown.world.archive.verify().problems


def test_a_post_erased_while_its_picture_is_fetched_keeps_none(shown: Exhibition) -> None:
    """The picture comes too late: it is neither kept nor called a failure, and the archive stays whole."""
    shown.shows("100", ("3_1", "photo", image(drawing())))
    shown.shows("101", ("3_2", "photo", image(drawing(10))))
    answer = shown.world.x.fault

    def erase_first(asked: Asked) -> Reply | None:
        if asked.path.endswith("/3_1"):
            shown.world.archive.erase_body(LAKESIDE, "100", reason="asked for", author="test", at=FIRST_NIGHT)
        return answer(asked)

    shown.world.x.fault = erase_first
    shown.world.collect(0)

    assert {"3_2": "kept"} == statuses(shown.world)
    assert shown.world.coverage(0).detail.endswith(" 1 picture kept.")
    media = shown.world.workplace.settings.home / "media"
    assert 1 == sum(item.is_file() for item in media.rglob("*"))
    assert [] == shown.world.archive.verify().problems
