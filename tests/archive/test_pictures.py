"""Pictures: stored once, sealed, read once a version, and gone with the last post that shows them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chapterwatch.archive import Archive, KeptPicture, PicturePlace, Receipt
from chapterwatch.errors import ArchiveError
from chapterwatch.files import Folder
from chapterwatch.model import Media

from .conftest import KEY, Shelf, account, night, post, profile

SUNSET, BADGE = b"the bytes of a sunset", b"the bytes of a badge"


@pytest.fixture
def gallery(database_url: str, tmp_path: Path) -> Any:
    with Archive.open(database_url, Folder(tmp_path / "media")) as archive:
        archive.register_accounts([account()], night(0))
        yield Shelf(archive)


def place(subject: str = "100", picture: str = "m1", **changes: Any) -> PicturePlace:
    facts = {"subject_kind": "post", "role": "post", "url": f"https://pictures.example/{picture}.jpg"}
    return PicturePlace(account_key=KEY, subject_id=subject, picture=picture, **facts | changes)


def see(shelf: Shelf, number: int, *places: PicturePlace) -> int:
    return shelf.archive.note_pictures(places, run_id=f"night-{number}", at=night(number))


def keep(shelf: Shelf, spot: PicturePlace, body: bytes = SUNSET, number: int = 0) -> str | None:
    picture = KeptPicture(body=body, mime="image/png", width=640, height=480, at=night(number))
    return shelf.archive.keep_picture(spot, picture, run_id=f"night-{number}", connector="test 1")


def waiting(shelf: Shelf) -> list[str]:
    return [row.place.picture for row in shelf.archive.waiting_pictures(KEY, 10)]


def show_with_picture(shelf: Shelf, native_id: str = "100", media_id: str = "m1") -> PicturePlace:
    spot = place(native_id, media_id)
    shelf.show(0, post(native_id, media=(Media(kind="photo", url=spot.url, native_id=media_id),)))
    see(shelf, 0, spot)
    return spot


def stored(path: Path) -> list[str]:
    return sorted(item.name for item in path.rglob("*") if item.is_file())


def execute(shelf: Shelf, statement: str) -> None:
    """What somebody with the database's password could do."""
    with shelf.archive._engine.execution_options(chapterwatch_writes=True).begin() as conn:
        conn.execute(text(statement))


# --- fetched once ---------------------------------------------------------------------------------------------------


def test_a_picture_is_queued_once(gallery: Shelf) -> None:
    """Once kept it never waits again, however often the post is seen."""
    assert 1 == see(gallery, 0, place(), place())
    keep(gallery, place())
    assert 0 == see(gallery, 1, place())
    assert [] == waiting(gallery)


def test_the_address_seen_last_is_asked(gallery: Shelf) -> None:
    """A signed address runs out: what waits is asked for where it was seen last."""
    see(gallery, 0, place(url="https://pictures.example/m1.jpg?sig=old"))
    see(gallery, 1, place(url="https://pictures.example/m1.jpg?sig=new"))

    [row] = gallery.archive.waiting_pictures(KEY, 10)
    assert "https://pictures.example/m1.jpg?sig=new" == row.place.url


@pytest.mark.parametrize(("status", "again"), [("unreachable", ["m1"]), ("gone", ["m1"]), ("too_large", [])])
def test_only_what_may_pass_is_asked_again(gallery: Shelf, status: str, again: list[str]) -> None:
    """A server that was down may be up; what is too large stays so. Not in the same run, though."""
    see(gallery, 0, place())
    gallery.archive.fail_picture(place(), status, run_id="night-0", at=night(0))
    see(gallery, 0, place())
    assert [] == waiting(gallery)
    see(gallery, 1, place())
    assert again == waiting(gallery)


def test_three_nights_are_enough(gallery: Shelf) -> None:
    """A picture that cannot be had is given up."""
    for number in range(3):
        see(gallery, number, place())
        gallery.archive.fail_picture(place(), "unreachable", run_id=f"night-{number}", at=night(number))
    see(gallery, 3, place())

    assert [] == waiting(gallery)
    assert [("unreachable", 3)] == [(row.status, row.attempts) for row in gallery.archive.pictures()]


def test_a_run_counts_what_it_asked_for(gallery: Shelf) -> None:
    """The cap of a run counts pictures kept and failed, not those that wait."""
    see(gallery, 0, place(), place(picture="m2"), place(picture="m3"))
    keep(gallery, place())
    gallery.archive.fail_picture(place(picture="m2"), "gone", run_id="night-0", at=night(0))

    assert 2 == gallery.archive.pictures_tried("night-0")


# --- frames ---------------------------------------------------------------------------------------------------------


def test_frames_show_what_is_known(gallery: Shelf) -> None:
    """A post's pictures stand in its row in their order, each with what its newest readings say."""
    spot = show_with_picture(gallery)
    sha256 = keep(gallery, spot)
    gallery.archive.save_reading(sha256, "ocr", "1", {"ocr_status": "read", "ocr_text": "old"}, night(0))
    gallery.archive.save_reading(sha256, "ocr", "2", {"ocr_status": "read", "ocr_text": "new"}, night(1))

    [shown] = gallery.archive.posts_frame()["pictures"].iloc[0]
    assert ("kept", sha256, 640, "new", None) == tuple(
        shown[name] for name in ("status", "sha256", "width", "ocr_text", "faces")
    )


def test_a_picture_not_fetched_is_said(gallery: Shelf) -> None:
    """A picture nobody fetched, one that failed and a video each say so; a link's preview is none of them."""
    media = [
        Media(kind=kind, url=None, native_id=name)
        for kind, name in (("photo", "m1"), ("photo", "m2"), ("video", "m3"), ("link", "m4"))
    ]
    gallery.show(0, post(media=tuple(media)))
    see(gallery, 0, place(picture="m2"))
    gallery.archive.fail_picture(place(picture="m2"), "gone", run_id="night-0", at=night(0))

    [shown] = gallery.archive.posts_frame()["pictures"]
    assert ["not_captured", "gone", "recording"] == [item["status"] for item in shown]


def test_profiles_show_avatar_and_banner(gallery: Shelf) -> None:
    """A profile's pictures are told apart by path, whatever the host; an old avatar stays with its revision."""
    gallery.show_profile(0, profile(avatar_url="https://pictures.example/a1.png?sig=1"))
    gallery.show_profile(
        1, profile(avatar_url="https://pictures.example/a2.png?sig=1", banner_url="https://b.example/b")
    )
    first = place("2001", "/a1.png", subject_kind="profile", role="avatar")
    see(gallery, 0, first)
    keep(gallery, first)

    shown = gallery.archive.profiles_frame()["pictures"]
    assert [["kept"], ["not_captured", "not_captured"]] == [[item["status"] for item in row] for row in shown]
    assert ["avatar", "banner"] == [item["role"] for item in shown.iloc[1]]


# --- readings -------------------------------------------------------------------------------------------------------


def test_a_picture_is_read_once_a_version(gallery: Shelf) -> None:
    """The same bytes in two posts are one picture to read; a new version reads it again."""
    for number in ("100", "101"):
        keep(gallery, show_with_picture(gallery, number))
    [sha256] = gallery.archive.unread_pictures("ocr", "1")
    gallery.archive.save_reading(sha256, "ocr", "1", {}, night(0))

    assert ([], [sha256]) == (
        gallery.archive.unread_pictures("ocr", "1"),
        gallery.archive.unread_pictures("ocr", "2", [KEY]),
    )
    assert [] == gallery.archive.unread_pictures("ocr", "2", ["x:2002"])


# --- fetched while something else happens ----------------------------------------------------------------------------


def erase(shelf: Shelf, native_id: str = "100") -> Receipt:
    return shelf.archive.erase_body(KEY, native_id, reason="deleted", author="test", at=night(2))


def test_a_picture_whose_post_was_erased_while_it_was_fetched_is_not_kept(gallery: Shelf, tmp_path: Path) -> None:
    """Nothing is sealed, no file stays, and the chain verifies."""
    spot = show_with_picture(gallery)
    erase(gallery)
    before = gallery.archive.heads()

    assert keep(gallery, spot) is None
    assert (before, [], []) == (gallery.archive.heads(), stored(tmp_path / "media"), gallery.archive.pictures())
    assert [] == gallery.archive.verify().problems


def test_a_picture_come_too_late_leaves_the_file_to_another_post(gallery: Shelf, tmp_path: Path) -> None:
    """The same picture kept with another post stays there."""
    spot = show_with_picture(gallery, "100")
    sha256 = keep(gallery, show_with_picture(gallery, "101"))
    erase(gallery, "100")

    assert keep(gallery, spot) is None
    assert [sha256] == stored(tmp_path / "media")
    assert [] == gallery.archive.verify().problems


def test_a_picture_fetched_twice_is_sealed_once(gallery: Shelf, tmp_path: Path) -> None:
    """Of two processes that fetch the same picture the first one's stands, even where the server answered anew."""
    spot = show_with_picture(gallery)
    sha256 = keep(gallery, spot)
    before = gallery.archive.heads()

    assert [sha256, sha256] == [keep(gallery, spot), keep(gallery, spot, BADGE)]
    assert (before, [sha256]) == (gallery.archive.heads(), stored(tmp_path / "media"))
    assert [] == gallery.archive.verify().problems


def test_a_failure_told_late_takes_nothing_away(gallery: Shelf) -> None:
    """What one process has kept stays kept where another could not have it."""
    spot = show_with_picture(gallery)
    keep(gallery, spot)
    gallery.archive.fail_picture(spot, "unreachable", run_id="night-0", at=night(0))

    assert ["kept"] == [row.status for row in gallery.archive.pictures()]
    assert [] == gallery.archive.verify().problems


# --- erasing and verifying ------------------------------------------------------------------------------------------


def test_erasing_a_post_erases_its_pictures(gallery: Shelf, tmp_path: Path) -> None:
    """The file, its readings and its name go with the body, and the chain still verifies."""
    spot = show_with_picture(gallery)
    sha256 = keep(gallery, spot)
    gallery.archive.save_reading(sha256, "ocr", "1", {"ocr_text": "words"}, night(0))
    receipt = gallery.archive.erase_body(KEY, "100", reason="deleted", author="test", at=night(2))

    assert (1, [], []) == (receipt.pictures, stored(tmp_path / "media"), gallery.archive.pictures())
    assert [] == gallery.archive.verify().problems
    with gallery.archive._engine.connect() as conn:
        assert 0 == conn.execute(text("SELECT count(*) FROM picture_reading")).scalar()
        assert 0 == conn.execute(text("SELECT count(*) FROM capture WHERE raw IS NOT NULL")).scalar()


def test_a_picture_another_post_shows_stays(gallery: Shelf, tmp_path: Path) -> None:
    """Erasing one of two posts with the same picture leaves it to the other."""
    sha256 = keep(gallery, show_with_picture(gallery, "100"))
    keep(gallery, show_with_picture(gallery, "101"))
    receipt = gallery.archive.erase_body(KEY, "100", reason="deleted", author="test", at=night(2))

    assert (0, [sha256]) == (receipt.pictures, stored(tmp_path / "media"))
    assert [] == gallery.archive.verify().problems


def test_verify_holds_the_files_against_their_hashes(gallery: Shelf, tmp_path: Path) -> None:
    """A whole archive says how many files it checked; a changed file and a missing one are named."""
    keep(gallery, show_with_picture(gallery, "100"))
    other = keep(gallery, show_with_picture(gallery, "101", "m2"), BADGE)
    assert (True, 2) == (gallery.archive.verify().ok, gallery.archive.verify().files_checked)

    file = tmp_path / "media" / other[:2] / other
    file.write_bytes(b"another picture")
    assert [f"{KEY}: the file of picture {other[:12]} was changed"] == gallery.archive.verify().problems
    file.unlink()
    assert [f"{KEY}: the file of picture {other[:12]} is missing"] == gallery.archive.verify().problems


@dataclass(frozen=True)
class Watched(Folder):
    """A folder that tells when a file was looked at or removed, before it goes on."""

    looked: Callable[[], None] = lambda: None
    removed: Callable[[], None] = lambda: None

    def size(self, key: str) -> int | None:
        """As the folder, once the test was told."""
        self.looked()
        return super().size(key)

    def remove(self, key: str) -> None:
        """As the folder; then the test is told."""
        super().remove(key)
        self.removed()


def test_a_picture_erased_while_files_are_verified_is_no_problem(gallery: Shelf, tmp_path: Path) -> None:
    """Entries are read before files, and between the two an erasure may take both."""
    keep(gallery, show_with_picture(gallery, "100"))
    other = keep(gallery, show_with_picture(gallery, "101", "m2"), BADGE)
    url = gallery.archive._engine.url.render_as_string(hide_password=False)
    (tmp_path / "media" / other[:2] / other).unlink()
    todo = ["100"]
    watched = Watched(tmp_path / "media", looked=lambda: erase(gallery, todo.pop()) if todo else None)
    with Archive.open(url, watched) as it:
        assert [f"{KEY}: the file of picture {other[:12]} is missing"] == it.verify().problems


def test_verifying_waits_for_the_erasure_that_took_a_file(gallery: Shelf, tmp_path: Path) -> None:
    """Files go before the erasure is committed: what is missing then is not called so."""
    keep(gallery, show_with_picture(gallery, "100"))
    url = gallery.archive._engine.url.render_as_string(hide_password=False)
    gone, looked = threading.Event(), threading.Event()

    def hold() -> None:
        gone.set()
        assert looked.wait(30)

    with (
        Archive.open(url, Watched(tmp_path / "media", removed=hold)) as erasing,
        Archive.open(url, Watched(tmp_path / "media", looked=looked.set)) as verifying,
        ThreadPoolExecutor() as threads,
    ):
        receipt = threads.submit(erase, Shelf(erasing))
        assert gone.wait(30)
        assert [] == verifying.verify().problems
        assert 1 == receipt.result().pictures


def test_verify_finds_a_picture_put_in_anothers_place(gallery: Shelf) -> None:
    """Which picture a post showed is sealed in the account's chain."""
    keep(gallery, show_with_picture(gallery, "100"))
    other = keep(gallery, show_with_picture(gallery, "101", "m2"), BADGE)
    with gallery.archive._engine.execution_options(chapterwatch_writes=True).begin() as conn:
        conn.execute(text("UPDATE media SET sha256 = :other WHERE subject_id = '100'"), {"other": other})

    assert [f"{KEY}: the picture of entry 2 is not the one that was sealed"] == gallery.archive.verify().problems


@pytest.mark.parametrize("change", ["subject_id = '999'", "role = 'avatar'"])
def test_verify_finds_a_picture_hung_on_another_subject(gallery: Shelf, change: str) -> None:
    """Whose picture it was is sealed as well as the picture."""
    keep(gallery, show_with_picture(gallery, "100"))
    execute(gallery, f"UPDATE media SET {change}")

    assert [f"{KEY}: the picture of entry 2 is not the one that was sealed"] == gallery.archive.verify().problems


# --- archives in which a picture was sealed twice, or after its post was erased ---------------------------------------


def seal_again(shelf: Shelf, spot: PicturePlace, body: bytes = SUNSET) -> None:
    """What two processes at once did before: the row points at the later of two entries."""
    execute(shelf, "UPDATE media SET status = 'waiting'")
    keep(shelf, spot, body)


def test_an_older_entry_of_the_same_picture_is_no_tampering(gallery: Shelf) -> None:
    """The picture stands where it stood, so nothing was taken away."""
    spot = show_with_picture(gallery)
    keep(gallery, spot)
    seal_again(gallery, spot)

    assert [] == gallery.archive.verify().problems


def test_an_entry_without_a_later_row_is_tampering(gallery: Shelf) -> None:
    """Another picture of the post, the same one of another post, or an earlier row excuses no entry without a row."""
    problem = f"{KEY}: the picture of entry 3 is not the one that was sealed"
    spot = show_with_picture(gallery, "100", "m1")
    keep(gallery, spot)
    for subject, picture, body in (("100", "m2", SUNSET), ("100", "m3", BADGE), ("101", "m1", BADGE)):
        see(gallery, 0, place(subject, picture))
        keep(gallery, place(subject, picture), body)
    assert [] == gallery.archive.verify().problems

    execute(gallery, "DELETE FROM media WHERE seq = 3")
    assert [problem] == gallery.archive.verify().problems
    execute(gallery, "DELETE FROM media WHERE seq = 4")
    assert [problem, problem.replace("3", "4")] == gallery.archive.verify().problems


def test_a_picture_sealed_twice_is_erased_as_a_whole(gallery: Shelf, tmp_path: Path) -> None:
    """Both entries go, and with them both files where the server had answered anew."""
    spot = show_with_picture(gallery)
    keep(gallery, spot)
    seal_again(gallery, spot, BADGE)
    receipt = erase(gallery)

    assert (2, []) == (receipt.pictures, stored(tmp_path / "media"))
    assert [] == gallery.archive.verify().problems


def test_a_picture_left_from_an_erased_post_goes_by_erasing_again(gallery: Shelf, tmp_path: Path) -> None:
    """It has an entry and a file and no row; a second tombstone says that they went."""
    spot = show_with_picture(gallery)
    erase(gallery)
    # Pictures of an erased post are queued no more; one that an earlier version kept is made by way of another post.
    see(gallery, 3, place("200", "m1"))
    execute(gallery, "UPDATE media SET subject_id = '100'")
    keep(gallery, spot)
    execute(gallery, "DELETE FROM media")
    assert not gallery.archive.verify().ok

    receipt = erase(gallery)
    assert (1, gallery.archive.heads()[KEY]) == (receipt.pictures, receipt.tombstone)
    assert ([], []) == (stored(tmp_path / "media"), gallery.archive.verify().problems)
    assert erase(gallery).tombstone is None


def test_a_profile_of_the_posts_id_keeps_its_pictures(gallery: Shelf, tmp_path: Path) -> None:
    """Ids of posts and accounts are given apart, so one may be the other: erasing the post spares the avatar."""
    avatar = place("100", "/a.png", subject_kind="profile", role="avatar")
    see(gallery, 0, avatar)
    sha256 = keep(gallery, avatar, BADGE)
    keep(gallery, show_with_picture(gallery, "100"))
    erase(gallery)

    assert [sha256] == stored(tmp_path / "media")
    assert [] == gallery.archive.verify().problems


def test_without_a_folder_no_picture_is_kept(shelf: Shelf) -> None:
    """An archive opened without a folder for pictures says what to set, and keeps no row."""
    see(shelf, 0, place())
    with pytest.raises(ArchiveError, match="CHAPTERWATCH_HOME"):
        keep(shelf, place())
    assert ["waiting"] == [row.status for row in shelf.archive.pictures()]
    assert shelf.archive.verify().ok
