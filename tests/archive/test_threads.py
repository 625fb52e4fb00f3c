"""Which accounts' posts hang together: a reply to another's post, or several replies to one that nobody collected."""

from __future__ import annotations

from datetime import timedelta

from chapterwatch.archive import Archive
from chapterwatch.model import Page

from .conftest import NIGHT, Shelf, account, post

KEYS = [f"x:{number}" for number in (2001, 3001, 3002, 3003)]


def _show(archive: Archive, key: str, native_id: str, reply_to: str | None = None) -> None:
    page = Page(posts=(post(native_id, reply_to=reply_to),))
    archive.record_page(key, page, run_id="night", captured_at=NIGHT, connector="test 1")


def test_accounts_are_linked_by_replies_alone(shelf: Shelf) -> None:
    """Near-miss: an account that answers itself, or somebody nobody collects, stands alone."""
    shelf.archive.register_accounts([account(key[2:]) for key in KEYS], NIGHT)
    _show(shelf.archive, KEYS[0], "100")
    _show(shelf.archive, KEYS[0], "101", reply_to="100")
    _show(shelf.archive, KEYS[1], "110", reply_to="999")
    assert [] == shelf.archive.linked_accounts(KEYS)

    _show(shelf.archive, KEYS[2], "120", reply_to="100")
    assert [frozenset({KEYS[0], KEYS[2]})] == shelf.archive.linked_accounts(KEYS)

    _show(shelf.archive, KEYS[3], "130", reply_to="999")
    assert {frozenset({KEYS[0], KEYS[2]}), frozenset({KEYS[1], KEYS[3]})} == set(shelf.archive.linked_accounts(KEYS))
    assert [] == shelf.archive.linked_accounts([KEYS[0], KEYS[1]])


def test_only_what_is_surely_deleted_and_has_a_body_is_to_be_erased(shelf: Shelf) -> None:
    """One miss is no deletion; what was erased is not erased again."""
    shelf.show(0, post("1"), post("2"), post("3"))
    shelf.miss(1, "1", "2")
    shelf.miss(2, "1")
    assert [("x:2001", "1")] == shelf.archive.deleted_posts(["x:2001"])
    assert [] == shelf.archive.deleted_posts(["x:3001"])

    shelf.archive.erase_body("x:2001", "1", reason="gone", author="test", at=NIGHT + timedelta(days=3))
    assert [] == shelf.archive.deleted_posts(["x:2001"])
