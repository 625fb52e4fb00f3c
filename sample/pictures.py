"""The demo network's pictures, drawn here: landscapes, emblems, a flyer, a chat and a campaign's badge.

Nobody is shown and nothing is copied. The same name gives the same bytes on the same machine.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sample.network import Network

SCENES = 3
EMBLEMS = 3

Size = tuple[int, int]
Colour = tuple[int, int, int]


@cache
def draw(name: str) -> bytes:
    """A picture by name, as JPEG. Raises KeyError where there is no such drawing."""
    kind, _, rest = name.partition("-")
    image = _DRAWINGS[kind](rest)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def of_post(picture_id: str, shows: str | None) -> str:
    """The drawing a post's picture shows: its own, or a landscape chosen by its id."""
    return shows or f"scene-{zlib.crc32(picture_id.encode()) % SCENES}"


def of_profile(account_id: str, role: str, shows: str | None) -> str:
    """The drawing of an avatar or a banner."""
    number = zlib.crc32(account_id.encode())
    return shows or (f"scene-{number % SCENES}" if role == "banner" else f"emblem-{number % EMBLEMS}")


def by_path(network: Network) -> Mapping[str, str]:
    """Path on the picture servers of the platforms (without host and query) -> the drawing that lies there."""
    found: dict[str, str] = {}
    for account in network.accounts.values():
        own, profile = account.native_id, account.profile
        avatar = of_profile(own, "avatar", profile.avatar)
        banner = of_profile(own, "banner", profile.banner)
        found[f"/profile_images/{own}/avatar_400x400.jpg"] = avatar
        found[f"/profile_banners/{own}/1500x500"] = banner
        found[f"/v/{own}/avatar.jpg"], found[f"/v/{own}/cover.jpg"] = avatar, banner
        for post in account.posts:
            for picture in post.media:
                shown = of_post(picture.id, picture.shows)
                found[f"/media/{picture.id}.jpg"] = found[f"/v/t39/{picture.id}_n.jpg"] = shown
    return found


# --- what is drawn --------------------------------------------------------------------------------------------------


def _scene(number: str) -> Image.Image:
    """A landscape with the grain of a photograph."""
    width, height, seed = 640, 420, int(number)
    random = np.random.default_rng(seed)
    down = np.linspace(0, 1, height)[:, None, None]
    top, bottom = random.integers(120, 255, 3), random.integers(40, 200, 3)
    sky = np.broadcast_to(top * (1 - down) + bottom * down, (height, width, 3)).copy()
    across = np.arange(width)
    for layer in range(3):
        wave = 40 * np.sin(across / (50 + 30 * layer) + seed + layer) + 230 + 60 * layer
        hill = np.arange(height)[:, None] > wave[None, :]
        sky[hill] = random.integers(30, 140, 3) + layer * 10
    grain = random.normal(0, 9, (height, width, 1))
    image = Image.fromarray(np.clip(sky + grain, 0, 255).astype("uint8"))
    x, y = 120 + 150 * seed, 70
    ImageDraw.Draw(image).ellipse((x, y, x + 70, y + 70), fill=(255, 236, 170))
    return image


def _emblem(number: str) -> Image.Image:
    """A plain emblem, as chapters use for avatars."""
    image = Image.new("RGB", (400, 400), [(32, 72, 96), (96, 48, 80), (40, 88, 56)][int(number)])
    pen = ImageDraw.Draw(image)
    for ring in range(3 + int(number)):
        inset = 40 + 34 * ring
        pen.arc((inset, inset, 400 - inset, 400 - inset), 40 * ring, 40 * ring + 250, fill=(240, 232, 208), width=14)
    return image


def _sign(words: str) -> Image.Image:
    """A sign with words, one line for each `_`."""
    image = Image.new("RGB", (1000, 640), (250, 246, 232))
    pen = ImageDraw.Draw(image)
    pen.rectangle((24, 24, 976, 616), outline=(150, 60, 50), width=10)
    for at, line in enumerate(words.split("_")):
        pen.text((90, 110 + 110 * at), line, fill=(40, 36, 60), font=_font(58))
    return image


def _chat(name: str) -> Image.Image:
    """A phone's screen with a conversation nobody had."""
    image = Image.new("RGB", (720, 1440), (236, 240, 244))
    pen = ImageDraw.Draw(image)
    pen.text((40, 24), "9:41", fill=(20, 20, 20), font=_font(34))
    pen.text((560, 24), "5G 82%", fill=(20, 20, 20), font=_font(34))
    pen.text((40, 110), "Night feeds group", fill=(20, 20, 20), font=_font(44))
    pen.text((40, 170), "14 members", fill=(90, 90, 90), font=_font(32))
    pen.text((300, 240), "Yesterday", fill=(90, 90, 90), font=_font(30))
    for at, (side, words, time) in enumerate(_CHATS[name]):
        left, top = (40, 310 + 230 * at) if side == "left" else (150, 310 + 230 * at)
        fill = (255, 255, 255) if side == "left" else (208, 236, 208)
        pen.rounded_rectangle((left, top, left + 530, top + 190), 26, fill=fill)
        pen.multiline_text((left + 28, top + 24), words, fill=(20, 20, 20), font=_font(36), spacing=12)
        pen.text((left + 420, top + 138), time, fill=(90, 90, 90), font=_font(30))
    pen.text((40, 1380), "Type a message", fill=(120, 120, 120), font=_font(34))
    return image


_CHATS = {
    "night": (
        ("left", "He was up at two again,\nI cried with him", "02:14"),
        ("right", "Oh no, so sorry. Did the\nfootball hold help?", "02:16"),
        ("left", "A little. Please do not tell\nmy mother in law", "02:17"),
        ("right", "Never. Hugs", "02:18"),
    ),
}


def _badge(name: str) -> Image.Image:
    """The badge of a campaign that never was: a ring, a star and a ribbon with a name."""
    image = Image.new("RGB", (400, 400), (250, 250, 250))
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 10, 390, 390), fill=(120, 30, 110))
    pen.ellipse((44, 44, 356, 356), fill=(250, 250, 250))
    pen.polygon(_star(200, 150, 88), fill=(230, 150, 20))
    pen.polygon([(0, 236), (400, 206), (400, 296), (0, 326)], fill=(20, 110, 110))
    pen.text((52, 240), name.upper(), fill=(255, 255, 255), font=_font(46))
    return image


def _logo(_: str) -> Image.Image:
    """A stand-in for an association's logo: three leaves over a bowl. It is nobody's."""
    image = Image.new("RGB", (900, 300), (252, 250, 244))
    pen = ImageDraw.Draw(image)
    for at, colour in enumerate([(176, 64, 72), (216, 140, 40), (64, 120, 88)]):
        pen.polygon([(120 + 70 * at, 40), (170 + 70 * at, 110), (120 + 70 * at, 180), (70 + 70 * at, 110)], fill=colour)
    pen.chord((60, 110, 320, 280), 0, 180, fill=(48, 64, 104))
    for at in range(4):
        pen.rectangle((400, 60 + 52 * at, 820 - 70 * at, 88 + 52 * at), fill=(48, 64, 104))
    return image


def _star(x: int, y: int, radius: int) -> list[tuple[float, float]]:
    turns = [(math.pi * at / 5 - math.pi / 2, radius if at % 2 == 0 else radius * 0.42) for at in range(10)]
    return [(x + reach * math.cos(turn), y + reach * math.sin(turn)) for turn, reach in turns]


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


_DRAWINGS: Mapping[str, Callable[[str], Image.Image]] = {
    "scene": _scene,
    "emblem": _emblem,
    "sign": _sign,
    "chat": _chat,
    "badge": _badge,
    "logo": _logo,
}
