"""Pictures from a server and out of an export: what is fetched is a picture, small enough, and from where it may be."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from chapterwatch.model import Account, Connection
from connectors import pictures
from connectors.pictures import PictureRefused, Wanted, WebPictures, export_pictures, inspect


def drawing(form: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    image = Image.new(mode, size)
    ImageDraw.Draw(image).ellipse((4, 4, 40, 40), fill=200)
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def wanted(url: str | None, picture: str = "3_1", subject: str = "100") -> Wanted:
    return Wanted(subject_id=subject, picture=picture, url=url)


def image_reply(reply: Any, body: bytes | None = None, **changes: Any) -> Any:
    headers = {"content-type": "image/png"} | changes.pop("headers", {})
    return reply(drawing() if body is None else body, headers=headers, **changes)


def refusal(fetch: Callable[[], Any]) -> str:
    with pytest.raises(PictureRefused) as told:
        fetch()
    return told.value.reason


# --- what is a picture ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_of_the_usual_kinds_are_read(form: str) -> None:
    """The kind and the size come from the bytes."""
    found = inspect(drawing(form))
    assert (f"image/{form.lower()}", 64, 48) == (found.mime, found.width, found.height)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"<html>not found</html>", "not_an_image"),
        (b"", "not_an_image"),
        (drawing("TIFF"), "not_an_image"),
        (drawing()[:80], "not_an_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_an_image"),
        (claims(60_000, 60_000), "too_large"),
        (claims(9_000, 9_000), "too_large"),
        (drawing(size=(5_200, 5_200), mode="1"), "too_large"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * pictures.MAX_BYTES, "too_large"),
    ],
    ids=["svg", "page", "nothing", "tiff", "cut off", "postscript", "bomb", "claimed", "packed small", "heavy"],
)
def test_what_is_none_is_refused(body: bytes, reason: str) -> None:
    """Whatever it is called: a page, another format, half a picture, and what would fill the memory."""
    assert reason == refusal(lambda: inspect(body))


# --- from a server --------------------------------------------------------------------------------------------------


def test_a_picture_is_fetched(platform: Any, connection: Any, reply: Any) -> None:
    """The bytes as they came; neither the platform's token nor a cookie goes to the picture server."""
    platform.answers(
        image_reply(reply, headers={"set-cookie": "id=1; path=/"}),
        image_reply(reply),
    )
    source = WebPictures(connection())
    found = source.picture(wanted(f"{platform.url}/a.png"))
    source.picture(wanted(f"{platform.url}/b.png"))

    assert drawing() == found.body
    sent = [{name.lower() for name in asked.headers} for asked in platform.asked]
    assert not {"authorization", "cookie"} & (sent[0] | sent[1])


def test_x_avatars_are_asked_for_in_a_size_to_see(platform: Any, connection: Any, reply: Any) -> None:
    """X names an avatar in 48 pixels; the same in 400 is asked for."""
    platform.answers(image_reply(reply))
    WebPictures(connection()).picture(wanted(f"{platform.url}/profile_images/1/face_normal.jpg"))

    assert ["/profile_images/1/face_400x400.jpg"] == [asked.path for asked in platform.asked]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": 404}, "gone"),
        ({"status": 403}, "gone"),
        ({"status": 503}, "unreachable"),
        ({"status": 429}, "unreachable"),
        ({"headers": {"content-type": "text/html"}}, "not_an_image"),
        ({"body": b"<html></html>"}, "not_an_image"),
        ({"body": b"\x89PNG\r\n\x1a\n" + b"0" * pictures.MAX_BYTES}, "too_large"),
        ({"body": b"\x89PNG\r\n\x1a\n" + b"0" * pictures.MAX_BYTES, "chunked": True}, "too_large"),
        ({"short": True}, "unreachable"),
        ({"body": zlib.compress(b"0" * 20_000_000), "headers": {"content-encoding": "deflate"}}, "too_large"),
    ],
)
def test_failures_are_told_apart(
    platform: Any, connection: Any, reply: Any, changes: dict[str, Any], reason: str
) -> None:
    """Gone, out of reach, no picture, too large: each its own word."""
    platform.answers(image_reply(reply, **changes))
    source = WebPictures(connection())
    assert reason == refusal(lambda: source.picture(wanted(f"{platform.url}/a.png")))


def test_an_unsaid_type_is_judged_by_its_bytes(platform: Any, connection: Any, reply: Any) -> None:
    """Some servers call everything a stream of bytes."""
    platform.answers(image_reply(reply, headers={"content-type": "application/octet-stream"}))
    assert 64 == WebPictures(connection()).picture(wanted(f"{platform.url}/a.png")).width


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://a.example/x.png", "data:image/png;base64,AAAA", "//a.example/x", "http://["]
)
def test_other_addresses_are_never_opened(connection: Any, url: str) -> None:
    """Only http and https."""
    assert "unreachable" == refusal(lambda: WebPictures(connection()).picture(wanted(url)))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"])
def test_private_addresses_are_not_asked(platform: Any, reply: Any, host: str) -> None:
    """A platform's answer cannot send us into our own network, by number or by name."""
    platform.answers(image_reply(reply))
    port = platform.url.rpartition(":")[2]
    source = WebPictures(Connection(id="x", platform="x", options={"backoff_seconds": "0.01"}))

    assert "unreachable" == refusal(lambda: source.picture(wanted(f"http://{host}:{port}/a.png")))
    assert [] == platform.asked


def test_a_rehearsal_asks_its_own_server_alone(platform: Any, connection: Any, reply: Any) -> None:
    """A connection to loopback never asks the real picture servers, nor another port of this machine."""
    platform.answers(image_reply(reply))
    source = WebPictures(connection())
    for url in ("https://pbs.twimg.com/media/1.jpg", "http://127.0.0.1:9/a.png"):
        assert "unreachable" == refusal(lambda url=url: source.picture(wanted(url)))
    assert [] == platform.asked


def test_redirects_are_followed_a_little(platform: Any, connection: Any, reply: Any) -> None:
    """To the same server, a few times; never in circles and never elsewhere."""
    there = {"location": "/b.png"}
    platform.answers(reply(b"", status=302, headers=there), image_reply(reply))
    assert 64 == WebPictures(connection()).picture(wanted(f"{platform.url}/a.png")).width

    own = ("/a.png", "http://[no-address", "http://a b:port/")
    for location in (*own, "http://127.0.0.1:9/a.png", "file:///etc/hostname", "https://elsewhere.example/a.png"):
        platform.answers(reply(b"", status=302, headers={"location": location}))
        source = WebPictures(connection())
        assert "unreachable" == refusal(lambda source=source: source.picture(wanted(f"{platform.url}/a.png")))


# --- out of an export -----------------------------------------------------------------------------------------------


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("data/tweets.js", json.dumps([]))
        packed.writestr("data/tweets_media/100-AbC.jpg", drawing("JPEG"))
        packed.writestr("data/tweets_media/101-AbC.jpg", drawing("PNG"))
        packed.writestr("data/profile_media/2001-avatar.jpg", drawing("PNG"))
        packed.writestr("your_posts/media/Photos/7788_n.jpg", drawing("JPEG"))
        packed.writestr("your_posts/media/a/same.jpg", drawing())
        packed.writestr("your_posts/media/b/same.jpg", drawing("GIF"))
        packed.writestr("your_posts/media/page.jpg", "<html></html>")
    return path


@pytest.mark.parametrize(
    ("asked", "mime"),
    [
        (wanted("https://pbs.twimg.com/media/AbC.jpg", "55", "100"), "image/jpeg"),
        (wanted("https://pbs.twimg.com/media/AbC.jpg", "55", "101"), "image/png"),
        (wanted("https://pbs.twimg.com/profile_images/9/avatar.jpg", "avatar", "2001"), "image/png"),
        (wanted(None, "7788_n.jpg", "export-1"), "image/jpeg"),
    ],
)
def test_pictures_are_found_in_an_export(export: Path, account: Any, asked: Wanted, mime: str) -> None:
    """X puts the post's id before the name, Facebook names the file in the post; nothing is asked of a server."""
    with export_pictures(export, account()) as source:
        assert mime == source.picture(asked).mime


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (wanted("https://pbs.twimg.com/media/AbC.jpg", "55", "999"), "gone"),
        (wanted(None, "same.jpg"), "gone"),
        (wanted(None, "lost.jpg"), "gone"),
        (wanted(None, "page.jpg"), "not_an_image"),
        (wanted("https://a.example/", "../../etc/hostname"), "gone"),
    ],
)
def test_what_an_export_lacks_is_said(export: Path, account: Any, asked: Wanted, reason: str) -> None:
    """Two files of one name are nobody's: a guess would show the wrong picture."""
    source_of: Callable[[Path, Account], Any] = export_pictures
    with source_of(export, account()) as source:
        assert reason == refusal(lambda: source.picture(asked))
