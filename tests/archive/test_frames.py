"""The frames as docs/architecture.md promises them, empty or full."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from chapterwatch.archive import frames
from chapterwatch.model import Media, Page

from .conftest import KEY, NIGHT, Shelf, account, night, post, profile

DOCS = Path(__file__).parents[2] / "docs" / "architecture.md"


@pytest.mark.parametrize("full", [False, True])
def test_the_columns_are_typed_empty_or_not(shelf: Shelf, full: bool) -> None:
    """A frame without a row has the columns and dtypes of a full one, so no check meets a surprise."""
    if full:
        shelf.show(0, post("1"))
        shelf.show_profile(0, profile())

    posts, profiles = shelf.archive.posts_frame(), shelf.archive.profiles_frame()
    assert frames.POST_COLUMNS == {name: str(dtype) for name, dtype in posts.dtypes.items()}
    assert frames.PROFILE_COLUMNS == {name: str(dtype) for name, dtype in profiles.dtypes.items()}


def test_the_documented_columns_are_there() -> None:
    """docs/architecture.md names the columns; the frame has them in that order."""
    table = DOCS.read_text().partition("`Archive.posts_frame()`")[2].partition("`Archive.profiles_frame()`")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ") and "column" not in line]
    documented = [name.strip() for row in rows for name in row.split(",")]

    assert documented == list(frames.POST_COLUMNS)


def test_links_and_media_come_as_lists(shelf: Shelf) -> None:
    """Links are a list of addresses, media a list of dicts with an alt text that may be None."""
    picture = Media(kind="photo", url="https://pics.example/a.jpg", alt_text=None, native_id="p1")
    shelf.show(0, post("1", links=("https://lakeside.example/",), media=(picture,)))

    [row] = shelf.archive.posts_frame().to_dict("records")
    assert ["https://lakeside.example/"] == row["links"]
    assert [{"kind": "photo", "url": "https://pics.example/a.jpg", "alt_text": None, "native_id": "p1"}] == row["media"]


def test_rows_are_sorted_and_numbered_per_post(shelf: Shelf) -> None:
    """By account, subject and revision, ids as text; the text before stands beside each revision but the first."""
    shelf.show(0, post("9", "A"), post("10", "X"))
    shelf.show(1, post("9", "B"))
    shelf.show(2, post("9", "C"))

    frame = shelf.archive.posts_frame([KEY])
    assert [("10", 0), ("9", 0), ("9", 1), ("9", 2)] == list(zip(frame["subject_id"], frame["revision"], strict=True))
    assert [None, None, "A", "B"] == [None if pd.isna(text) else text for text in frame["previous_text"]]
    assert [True, False, False, True] == list(frame["is_current"])


def test_a_body_shown_after_an_erasure_is_seen_anew(shelf: Shelf) -> None:
    """It stands from when it was seen, beside no earlier text; the edits before and after the erasure stay edits."""
    shelf.show(0, post("9", "A"))
    shelf.show(1, post("9", "B"))
    shelf.archive.erase_body(KEY, "9", reason="gone", author="test", at=night(2))
    shelf.show(3, post("9", "B", edited_at=night(1)))
    shelf.show(4, post("9", "C"))
    frame = shelf.archive.posts_frame([KEY], erased=True)

    assert [False, False, True, False] == list(frame["seen_anew"])
    assert [night(1), night(3), night(4)] == list(frame["valid_from"][1:])
    assert [None, None, None, "B"] == [None if pd.isna(text) else text for text in frame["previous_text"]]
    shelf.archive.erase_body(KEY, "9", reason="gone", author="test", at=night(5))
    assert [False, False, True, False] == list(shelf.archive.posts_frame([KEY], erased=True)["seen_anew"])


def test_accounts_are_kept_apart(shelf: Shelf) -> None:
    """Two accounts may use the same post id, and only those asked for come."""
    shelf.archive.register_accounts([account("3001", chapter="ala-hills")], NIGHT)
    shelf.show(0, post("1", "ours"))
    shelf.archive.record_page(
        "x:3001", Page(posts=(post("1", "theirs"),)), run_id="r", captured_at=NIGHT, connector="test 1"
    )

    frame = shelf.archive.posts_frame()
    assert [(KEY, "ours"), ("x:3001", "theirs")] == list(zip(frame["account_key"], frame["text"], strict=True))
    assert ["ala-hills"] == list(shelf.archive.posts_frame(["x:3001"])["chapter"])
    assert shelf.archive.posts_frame([]).empty


def test_the_bio_is_the_one_read_beside_the_post(shelf: Shelf) -> None:
    """A revision goes with the profile text read last when it was captured, else the first one ever read."""
    shelf.show(0, post("1", "before any profile"))
    shelf.show_profile(1, profile("Our own opinions", website="https://lakeside.example/"))
    shelf.show(2, post("2", "beside the first"))
    shelf.show_profile(3, profile(""))
    shelf.show(4, post("3", "beside the second"))

    first = "Lakeside\nOur own opinions\nhttps://lakeside.example/"
    assert [first, first, "Lakeside"] == list(shelf.archive.posts_frame()["bio"])


def test_without_a_profile_there_is_no_bio(shelf: Shelf) -> None:
    """Unknown is NA, not empty."""
    shelf.show(0, post("1"))

    assert shelf.archive.posts_frame()["bio"].isna().all()


def test_an_end_never_lies_before_its_beginning(shelf: Shelf) -> None:
    """Where a platform's clock and ours disagree, a revision ends no earlier than it began."""
    shelf.show(0, post("1", "A"))
    shelf.show(1, post("1", "B", edited_at=night(1) + timedelta(hours=1)))
    shelf.show(2, post("1", "C", edited_at=NIGHT - timedelta(hours=9)))

    frame = shelf.archive.posts_frame()
    assert ["A", "B", "C"] == list(frame["text"])
    assert (frame["valid_until"].dropna() >= frame["valid_from"][:2]).all()


def test_a_name_in_the_registry_changes_every_row(shelf: Shelf) -> None:
    """Account columns are the registry's of today."""
    shelf.show(0, post("1"))
    shelf.archive.register_accounts([account(handle="lakeside_ala", chapter="ala-lake")], night(1))

    [row] = shelf.archive.posts_frame().to_dict("records")
    assert ("lakeside_ala", "ala-lake") == (row["handle"], row["chapter"])
