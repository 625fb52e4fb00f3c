"""Storing pages: what is news, what is not, and what stays together."""

from datetime import timedelta

import pandas as pd
import pytest

from chapterwatch.archive import Archive, Recorded, captures
from chapterwatch.errors import ArchiveError
from chapterwatch.model import Access, Media, Page, Quarantined, Window

from .conftest import KEY, NIGHT, Shelf, account, night, post, profile


def test_a_page_is_stored_once(shelf: Shelf) -> None:
    """The same page twice adds nothing the second time."""
    assert Recorded(new=2) == shelf.show(0, post("1"), post("2"))
    count = shelf.archive.heads()[KEY].count

    assert Recorded(unchanged=2) == shelf.show(0, post("1"), post("2"))
    assert count == shelf.archive.heads()[KEY].count


def test_seen_again_only_moves_the_last_sight(shelf: Shelf) -> None:
    """Unchanged content of a later night makes no capture."""
    shelf.show(0, post("1"))
    shelf.show(1, post("1"))

    assert 1 == shelf.archive.heads()[KEY].count
    [known] = shelf.archive.known_posts(KEY, _always())
    assert (night(0), night(1)) == (known.first_seen_at, known.last_seen_at)


def test_a_changed_text_is_a_revision(shelf: Shelf) -> None:
    """An edit keeps the old text, and the old text's validity ends where the new one's begins."""
    shelf.show(0, post("1", "Come on Monday"))
    assert Recorded(revised=1) == shelf.show(1, post("1", "Come on Tuesday"))

    frame = shelf.archive.posts_frame()
    assert ["Come on Monday", "Come on Tuesday"] == list(frame["text"])
    assert [False, True] == list(frame["is_current"])
    assert [NIGHT - timedelta(hours=6), night(1)] == list(frame["valid_from"])
    assert [night(1)] == list(frame["valid_until"].dropna())
    assert ["Come on Monday"] == list(frame["previous_text"].dropna())
    assert {"1": "edited"} == shelf.states()


def test_an_edit_taken_back_is_a_revision_too(shelf: Shelf) -> None:
    """A, B, A are three contents that stood one after the other."""
    for number, text in enumerate(["A", "B", "A"]):
        shelf.show(number, post("1", text))

    assert [("1", 0, "A"), ("1", 1, "B"), ("1", 2, "A")] == shelf.texts()


def test_an_old_page_stored_late_changes_nothing(shelf: Shelf) -> None:
    """A page of night 0 that is stored again after night 1's edit is no edit back."""
    shelf.show(0, post("1", "A"))
    shelf.show(1, post("1", "B"))

    assert Recorded(unchanged=1) == shelf.show(0, post("1", "A"))
    assert [("1", 0, "A"), ("1", 1, "B")] == shelf.texts()


def test_versions_of_one_post_stand_in_the_order_of_their_edits(shelf: Shelf) -> None:
    """X tells all versions: an older one that comes later takes its place before the newer one."""
    chain = ("1", "2", "3")
    second = post("1", "B", version_ids=chain, edited_at=NIGHT - timedelta(hours=5))
    third = post("1", "C", version_ids=chain, edited_at=NIGHT - timedelta(hours=4))
    shelf.show(0, third)
    shelf.show(1, post("1", "A", version_ids=chain), second, third)

    assert [("1", 0, "A"), ("1", 1, "B"), ("1", 2, "C")] == shelf.texts()
    assert NIGHT - timedelta(hours=4) == shelf.archive.posts_frame()["valid_from"].iloc[2]


def test_a_later_version_id_is_the_same_post(shelf: Shelf) -> None:
    """A post is known by the first id of its edit chain."""
    shelf.show(0, post("1", "A"))
    shelf.show(1, post("2", "B", version_ids=("1", "2"), edited_at=night(0)))

    assert [("1", 0, "A"), ("1", 1, "B")] == shelf.texts()


def test_hiding_is_no_edit(shelf: Shelf) -> None:
    """A post hidden and shown again was never edited."""
    shelf.show(0, post("1"))
    shelf.show(1, post("1", hidden=True))
    assert {"1": "hidden"} == shelf.states()

    shelf.show(2, post("1"))
    assert {"1": "present"} == shelf.states()


def test_a_new_picture_address_is_no_edit(shelf: Shelf) -> None:
    """Media addresses are signed anew on every read; the picture's id stands for it."""
    pictures = [Media(kind="photo", url=f"https://pics.example/a.jpg?sig={n}", native_id="p1") for n in range(2)]
    for number, picture in enumerate(pictures):
        shelf.show(number, post("1", media=(picture,)))

    assert [("1", 0, "Hello")] == shelf.texts()


@pytest.mark.parametrize("native_id", ["00123", "1799999999999999999", "pfbid0abc"])
def test_ids_are_kept_to_the_letter(shelf: Shelf, native_id: str) -> None:
    """Leading zeros and nineteen digits survive: an id is text everywhere."""
    shelf.show(0, post(native_id, reply_to="0" + native_id))

    [row] = shelf.archive.posts_frame().to_dict("records")
    assert (native_id, "0" + native_id) == (row["subject_id"], row["reply_to"])


def test_text_no_database_can_hold_keeps_its_length(shelf: Shelf) -> None:
    """NUL and lone surrogates become U+FFFD one for one, so spans stay; the raw bytes stay as they came."""
    shelf.show(0, post("1", "a\x00b\ud83dc", raw=b"a\x00b\xff"))

    assert [("1", 0, "a\ufffdb\ufffdc")] == shelf.texts()
    assert shelf.archive.verify().ok
    assert Recorded(unchanged=1) == shelf.show(1, post("1", "a\x00b\ud83dc"))


def test_an_unreadable_record_is_kept_once(shelf: Shelf) -> None:
    """Quarantine counts a record the first time only, whatever run brings it again."""
    bad = Quarantined(where="page 1, item 3", reason="no id", raw=b"\xff\x00")

    assert [1, 0] == [shelf.show(number, quarantined=(bad,)).quarantined for number in (0, 1)]
    [row] = shelf.archive.quarantined(KEY)
    assert (b"\xff\x00", "night-0") == (row.raw, row.run_id)


def test_the_cursor_comes_with_its_page(shelf: Shelf) -> None:
    """A run resumes behind the last page stored; the last page and a look-up leave no false cursor."""
    shelf.show(0, post("1"), cursor="page-2")
    assert "page-2" == shelf.archive.cursor(KEY, "night-0")
    assert shelf.archive.cursor(KEY, "night-1") is None

    look_up = Page(posts=(post("7"),))
    shelf.archive.record_page(KEY, look_up, run_id="night-0", captured_at=NIGHT, connector="test 1", moves_cursor=False)
    assert "page-2" == shelf.archive.cursor(KEY, "night-0")

    shelf.show(0, post("2"))
    assert shelf.archive.cursor(KEY, "night-0") is None


@pytest.mark.parametrize("step", ["_store_posts", "_store_missing", "_quarantine", "_move_cursor"])
def test_a_page_is_stored_whole_or_not_at_all(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Dying at any step of storing a page leaves no part of it behind."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    bad = Quarantined(where="w", reason="r", raw=b"x")
    with monkeypatch.context() as patch:
        patch.setattr(captures, step, die)
        with pytest.raises(KeyboardInterrupt):
            shelf.show(0, post("1"), cursor="page-2", quarantined=(bad,))

    assert (0, None, [], []) == (
        shelf.archive.heads()[KEY].count,
        shelf.archive.cursor(KEY, "night-0"),
        shelf.texts(),
        shelf.archive.quarantined(),
    )
    assert Recorded(new=1, quarantined=1) == shelf.show(0, post("1"), cursor="page-2", quarantined=(bad,))


def test_an_unregistered_account_is_refused(shelf: Shelf) -> None:
    """Nothing is stored of an account the registry never named."""
    with pytest.raises(ArchiveError, match="x:9999 is not in the archive"):
        shelf.archive.record_page("x:9999", Page(), run_id="r", captured_at=NIGHT, connector="test 1")


def test_a_time_without_a_zone_is_refused(shelf: Shelf) -> None:
    """Nobody can tell which instant a naive time means."""
    with pytest.raises(Exception, match="without a zone"):
        shelf.show(0, post("1", created_at=NIGHT.replace(tzinfo=None)))


def test_exports_read_every_night_add_nothing(database_url: str) -> None:
    """Two exports that show two wordings of a post and of a profile do not edit back and forth."""
    with Archive.open(database_url) as archive:
        archive.register_accounts([account(access=Access.IMPORT)], NIGHT)
        shelf = Shelf(archive)
        for number in range(3):
            for text in ("A", "B"):
                shelf.show(number, post("1", text))
                shelf.show_profile(number, profile(text))

        assert [("1", 0, "A"), ("1", 1, "B")] == shelf.texts()
        assert ["A", "B"] == list(archive.profiles_frame()["bio"])


def test_a_profile_is_stored_where_it_changed(shelf: Shelf) -> None:
    """One profile revision per distinct content, each ended by the next."""
    told = [shelf.show_profile(number, profile(bio)) for number, bio in enumerate(["A", "A", "B"])]

    assert [True, False, True] == told
    frame = shelf.archive.profiles_frame()
    assert [night(0), night(2)] == list(frame["valid_from"])
    assert night(2) == frame["valid_until"].iloc[0]
    assert pd.isna(frame["valid_until"].iloc[1])


def test_a_new_handle_is_history(shelf: Shelf) -> None:
    """The account stays the same; the handle's history gets a line for each change only."""
    for number, handle in enumerate(["lakeside", "lakeside_ala", "lakeside_ala"]):
        shelf.archive.register_accounts([account(handle=handle)], night(number))

    assert [(night(0), "lakeside"), (night(1), "lakeside_ala")] == shelf.archive.handle_history(KEY)


def _always() -> Window:
    return Window(since=night(-400), until=night(400))
