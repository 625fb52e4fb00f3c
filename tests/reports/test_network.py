"""What the roll-up says of a network: its view, held against the chapters' own."""

from __future__ import annotations

from datetime import date
from typing import Any

from reports.facts import ChapterView
from reports.network import RollupInputs, RollupView, build_rollup
from reports.view import build_chapter
from tests.reports.factory import PERIOD, association, lakeside, named, quiet


def rollup(*views: ChapterView, **changes: Any) -> RollupView:
    given: dict[str, Any] = {
        "association": association(),
        "period": PERIOD,
        "chapters": views,
        "issued_on": date(2026, 11, 3),
        "code_version": "0.1.0",
        **changes,
    }
    return build_rollup(RollupInputs(**given))


def test_the_network_tells_unseen_chapters_from_clear_ones() -> None:
    """A chapter nobody could look at is not among those without findings."""
    blind = build_chapter(named(quiet(coverage=(), posts_by_month={}), "ala-mesa", "Mesa Chapter"))
    view = rollup(build_chapter(quiet()), blind, build_chapter(named(lakeside(), "ala-l", "L Chapter")))

    assert (
        "Of 3 chapters, 1 has something to look at, 1 could not be looked at and 1 was seen in full without a finding."
        == view.status.headline
    )
    assert ["to look at, 1 critical", "could not be looked at", "none, seen in full"] == [
        line.status_words for line in view.chapters
    ]


def test_one_chapter_alone_is_not_systemic() -> None:
    """Clauses count by chapters; one chapter's many findings stay its own matter."""
    one = build_chapter(lakeside())

    assert () == rollup(one).systemic
    assert {2} == {row.chapters for row in rollup(one, build_chapter(named(lakeside(), "ala-b", "B"))).systemic}


def test_failed_reports_and_unknown_mails_stand_in_the_roll_up() -> None:
    """What headquarters must mend is said: no report, no answer, refused."""
    view = rollup(build_chapter(quiet()), failed={"ala-oak": "no PDF"}, unknown_deliveries=1, refused_deliveries=2)

    assert (
        "One chapter’s report could not be made.",  # noqa: RUF001 - as it is printed
        "One earlier mail may or may not have arrived; headquarters has it on its list.",
        "2 mails were refused by their receivers.",
    ) == view.status.notices
    assert "limited" == view.status.level


def test_an_empty_network_says_so() -> None:
    """No chapters, no claim."""
    assert ("limited", "No chapter has a report this month.") == (
        rollup().status.level,
        rollup().status.headline,
    )
