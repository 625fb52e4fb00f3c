"""Suppressions as they are kept: in order, until they expire or are ended, and without the words of an erased post."""

from dataclasses import replace
from typing import Any

import pytest

from chapterwatch.archive import Suppression, suppressions
from chapterwatch.archive.acts import Act
from chapterwatch.model import DispositionState, Lane

from .conftest import KEY, Shelf, finding, night, post

RULE = "ala/threat"


def suppression(**changes: Any) -> Suppression:
    facts: dict[str, Any] = {
        "rule_id": RULE,
        "scope": {"account_key": KEY},
        "reason": "agreed in writing",
        "author": "Dana, office",
        "at": night(1),
        "expires_at": night(9),
    }
    return Suppression(**facts | changes)


def act(kind: str = "suppress", number: int = 1) -> Act:
    return Act(author="Dana, office", role="admin", kind=kind, subject="ala suppression", at=night(number), why="so")


def active(shelf: Shelf, number: int) -> list[int | None]:
    """The ids of those that stand on a night."""
    return [item.id for item in shelf.archive.active_suppressions(night(number))]


def test_one_ended_early_holds_until_then_and_stays_readable(shelf: Shelf) -> None:
    """Its row keeps reason, author and expiry; when and by whom it was ended stands beside them."""
    told = suppression()
    number = shelf.archive.acts.suppress(told, act())
    done = [shelf.archive.acts.end_suppression(number, act("suppress_end", at)) for at in (4, 5)]

    assert [True, False] == done
    assert [[number], [number], [], []] == [active(shelf, at) for at in (1, 3, 4, 8)]
    assert [replace(told, id=number, ended_at=night(4), ended_by="Dana, office")] == shelf.archive.suppressions()


def test_nobody_ends_what_there_is_not(shelf: Shelf) -> None:
    """And no act of it stands in the log."""
    assert not shelf.archive.acts.end_suppression(7, act("suppress_end"))
    assert [] == shelf.archive.acts.page()


def test_who_held_something_back_stands_in_the_log(shelf: Shelf) -> None:
    """The row and its act are one transaction; the act's subject ends with the row's number."""
    number = shelf.archive.acts.suppress(suppression(), act())

    [kept] = shelf.archive.acts.page()
    assert ("suppress", f"ala suppression {number}", "so") == (kept.kind, kept.subject, kept.why)


def test_what_is_over_is_still_listed(shelf: Shelf) -> None:
    """In the order they were made, whether or not they stand."""
    items = [suppression(), suppression(expires_at=night(2), scope={"chapter": "ala-lakeside", "phrase": "so\x00"})]
    ids = [shelf.archive.add_suppression(item) for item in items]

    assert ids == [item.id for item in shelf.archive.suppressions()]
    assert {"chapter": "ala-lakeside", "phrase": "so\ufffd"} == shelf.archive.suppressions()[1].scope
    assert ids[:1] == active(shelf, 5)


def test_only_what_nobody_decided_about_can_be_held_back(shelf: Shelf) -> None:
    """The near-misses: another rule's, a decided one, a credit, a person's report, one the rule no longer makes."""
    told = finding("f1")
    others = {
        "rule": finding("f2", rule_id="ala/other"),
        "decided": finding("f3"),
        "credit": finding("f4", lane=Lane.CREDIT),
        "by hand": finding("f5", subject_kind="review"),
        "retired": finding("f6"),
    }
    shelf.archive.save_findings([told, *others.values()], at=night(1))
    shelf.archive.add_disposition("f3", DispositionState.CONFIRMED, "", "officer", night(2))
    shelf.archive.retire_findings(["f6"], night(2))

    assert [told] == shelf.archive.shelf.undecided({RULE})
    assert [] == shelf.archive.shelf.undecided([])


def test_an_erased_post_leaves_neither_its_hash_nor_its_words_in_a_suppression(shelf: Shelf) -> None:
    """What headquarters decided stays; another post's suppression, and a phrase for a whole account, keep theirs."""
    shelf.show(0, post("1", "Hello"), post("2", "Hello"))
    shelf.archive.save_findings([finding("f1", subject_id="1")], at=night(0))
    reads = shelf.archive.shelf.post(KEY, "1").versions[-1].content_hash
    here, there = ({"account_key": KEY, "post": name, "phrase": "Hello"} for name in ("1", "2"))
    wide = {"account_key": KEY, "phrase": "Hello"}
    items = [
        suppression(scope=here, content_hash=reads),
        suppression(scope=there, content_hash=reads),
        suppression(scope=wide),
        suppression(scope={}, finding_key="f1", content_hash=reads),
    ]
    for item in items:
        shelf.archive.add_suppression(item)
    shelf.archive.erase_body(KEY, "1", reason="asked for", author="officer", at=night(3))

    kept = [(item.scope, item.content_hash) for item in shelf.archive.suppressions()]
    assert [({**here, "phrase": ""}, ""), (there, reads), (wide, None), ({}, "")] == kept
    assert ["agreed in writing"] * 4 == [item.reason for item in shelf.archive.suppressions()]


@pytest.mark.parametrize("name", ["Ä-1", '1"2', "1\\2", "1%", "1_", "abc"])
def test_an_erased_post_is_known_whatever_its_id_is_made_of(shelf: Shelf, name: str) -> None:
    """The near-misses: an id its signs would match, or that differs by its capitals, and one in another's phrase."""
    shelf.show(0, post(name, "Hello"))
    scopes = [{"account_key": KEY, "post": one, "phrase": phrase} for one, phrase in ((name, "Hello"), ("1x", name))]
    scopes += [{"account_key": KEY, "post": "ABC", "phrase": "Hello"}, {"account_key": "x:9", "post": name}]
    for scope in scopes:
        shelf.archive.add_suppression(suppression(scope=scope, content_hash="0" * 64))
    shelf.archive.erase_body(KEY, name, reason="asked for", author="officer", at=night(3))

    assert [{**scopes[0], "phrase": ""}, *scopes[1:]] == [item.scope for item in shelf.archive.suppressions()]
    assert [suppressions.REVIVED, *["0" * 64] * 3] == [item.content_hash for item in shelf.archive.suppressions()]


def test_an_edit_before_an_erasure_stays_an_edit(shelf: Shelf) -> None:
    """What was revived is not held back again because nothing of either text is left; nor when it happens twice."""
    scope = {"account_key": KEY, "post": "1"}
    shelf.show(0, post("1", "Hello"))
    reads = shelf.archive.shelf.post(KEY, "1").versions[-1].content_hash
    shelf.archive.add_suppression(suppression(scope=scope, content_hash=reads))
    shelf.archive.erase_body(KEY, "1", reason="asked for", author="officer", at=night(1))
    shelf.archive.erase_body(KEY, "1", reason="again", author="officer", at=night(1))
    first = shelf.archive.suppressions()[0].content_hash
    shelf.show(2, post("1", "Hello again"))
    shelf.archive.erase_body(KEY, "1", reason="asked for", author="officer", at=night(3))

    assert ("", suppressions.REVIVED) == (first, shelf.archive.suppressions()[0].content_hash)


def test_a_post_is_found_by_its_address_and_by_every_id_it_has_had(shelf: Shelf) -> None:
    """A stroke at the end makes no other address; a part of an id names no post."""
    link = "https://x.example/lakeside/status/100"
    shelf.show(0, post("100", permalink=link, version_ids=("100", "107")), post("1007"))

    assert [[(KEY, "100")]] * 4 == [shelf.archive.posts_called(written) for written in ("100", "107", link, f"{link}/")]
    assert [[], []] == [shelf.archive.posts_called(written) for written in ("10", "https://x.example/lakeside")]
