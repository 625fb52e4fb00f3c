"""What a chapter's rate is set beside: never a neighbour who could be named, never a rate of three posts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chapterwatch.archive import Archive
from chapterwatch.model import DispositionState, Lane, Page, PostReading
from chapterwatch.pipeline.peers import ChapterMonth, months_up_to, network_months, peers_of
from reports.facts import PeerMonth
from tests.reports.factory import account, association, chapter, finding

OWN = "own"
MONTH = "2026-10"


def network(own: ChapterMonth, *others: ChapterMonth) -> dict[str, dict[str, ChapterMonth]]:
    return {MONTH: {OWN: own, **{f"other{number}": one for number, one in enumerate(others)}}}


def test_four_chapters_are_too_few_to_compare() -> None:
    """Below five, each quarter would be one chapter; the month says how many there were and no number."""
    others = [ChapterMonth(20, 1)] * 4

    assert (PeerMonth(period=MONTH, chapters=4),) == peers_of(network(ChapterMonth(20, 2), *others), OWN)


def test_five_chapters_give_the_middle_half_and_the_median() -> None:
    """Quarters of 0, 5, 10, 20 and 40 per 100, the chapter's own rate not among them."""
    others = [ChapterMonth(20, findings) for findings in (0, 1, 2, 4, 8)]

    expected = PeerMonth(period=MONTH, chapters=5, low=5.0, median=10.0, high=20.0)
    assert (expected,) == peers_of(network(ChapterMonth(20, 20), *others), OWN)


@pytest.mark.parametrize(
    ("posts", "alike"),
    [(9, 0), (10, 5), (19, 5), (20, 5), (40, 5), (41, 0), (400, 0)],
)
def test_like_size_is_half_to_double_and_at_least_ten_posts(posts: int, alike: int) -> None:
    """A chapter of 20 posts stands beside chapters of 10 to 40."""
    others = [ChapterMonth(posts, 1)] * 5

    assert [alike] == [month.chapters for month in peers_of(network(ChapterMonth(20, 1), *others), OWN)]


def test_a_chapter_with_hardly_a_post_is_compared_with_nobody() -> None:
    """A single finding in nine posts would read as eleven per 100."""
    assert () == peers_of(network(ChapterMonth(9, 1), *[ChapterMonth(12, 1)] * 9), OWN)
    assert () == peers_of(network(ChapterMonth(20, 1)), "unknown")


def test_thirteen_months_across_the_year() -> None:
    """The report's month and the twelve before it."""
    assert ["2025-10", "2025-11", "2025-12"] == months_up_to(MONTH, 13)[:3]
    assert "2026-10" == months_up_to(MONTH, 13)[-1]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path / 'archive.sqlite'}") as opened:
        yield opened


def posts(archive: Archive, key: str, *days: datetime) -> None:
    readings = tuple(
        PostReading(native_id=str(at), kind="post", created_at=day, created_raw="", text=f"Hello {at}", raw=b"{}")
        for at, day in enumerate(days)
    )
    archive.record_page(key, Page(posts=readings), run_id="run-1", captured_at=days[-1], connector="test 1")


def test_months_are_counted_by_the_archive(archive: Archive) -> None:
    """Posts and findings by their month in the association's time zone; credits and what was set aside are out."""
    first = datetime(2026, 10, 1, 5, tzinfo=UTC)
    one, two = account("x:1", "one", chapter="a"), account("x:2", "two", chapter="b")
    net = association(chapter((one,), id="a"), chapter((two,), id="b"))
    archive.register_accounts([one, two], first)
    posts(archive, "x:1", first - timedelta(minutes=1), first, first + timedelta(days=9))
    posts(archive, "x:2", first)
    shared = {"account_key": "x:1", "chapter": "a"}
    kept, aside, early, late = (
        finding("ala.heated", f"text {number}", opened_at=at, **shared)
        for number, at in enumerate([first, first, first - timedelta(minutes=1), first + timedelta(days=31)])
    )
    credit = finding("ala.credit.hashtag", "credit", opened_at=first, lane=Lane.CREDIT, **shared)
    archive.save_findings([kept, aside, early, late, credit], at=first)
    for state, day in ((DispositionState.FALSE_POSITIVE, 3), (DispositionState.CONFIRMED, 2)):
        archive.add_disposition(aside.key, state, "", "somebody", first + timedelta(days=day))
    archive.add_disposition(kept.key, DispositionState.CONFIRMED, "", "somebody", first)

    counted = network_months(archive, net, MONTH)

    assert {"a": ChapterMonth(2, 1), "b": ChapterMonth(1, 0)} == counted[MONTH]
    assert {"a": ChapterMonth(1, 1), "b": ChapterMonth(0, 0)} == counted["2026-09"]
    assert 13 == len(counted)
