"""Lists of findings: every row once and in order, however the archive is filtered, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from chapterwatch.archive import Archive, ReplyOutcome
from chapterwatch.archive.acts import Act, Decision
from chapterwatch.archive.browse import Filter
from chapterwatch.model import Access, Account, DispositionState, Finding, Lane, Severity, Space, Window
from chapterwatch.replies import Given, Kind

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def archive(database_url: str, make_finding: Callable[..., Finding]) -> Iterator[Archive]:
    """Forty findings: five moments shared by eight each, two chapters, every severity, some mended, some credits."""
    with Archive.open(database_url) as opened:
        for chapter in ("lakeside", "harbor"):
            opened.register_accounts([_account(chapter)], NOW)
        rows = []
        for number, (severity, chapter, day) in enumerate(product(Severity, ("lakeside", "harbor"), range(5))):
            changes: dict[str, Any] = {
                "severity": severity,
                "subject_id": str(number),
                "opened_at": NOW - timedelta(days=day * 20),
                "closed_at": NOW if number % 7 == 0 else None,
                "lane": Lane.CREDIT if number % 9 == 0 else Lane.AUTO,
                "clauses": ("ALA-23",) if number % 2 else ("ALA-2", "ALA-03"),
            }
            rows.append(make_finding(f"k{number:02}", chapter, f"x:{chapter}", **changes))
        opened.save_findings(rows, at=NOW)
        yield opened


def _account(chapter: str) -> Account:
    return Account(
        key=f"x:{chapter}",
        platform="x",
        native_id=chapter,
        handle=chapter,
        association="ala",
        chapter=chapter,
        space=Space.OFFICIAL,
        access=Access.PUBLIC_API,
        pack="ala",
        language="en",
        timezone="America/Chicago",
    )


FILTERS = [
    Filter(),
    Filter(standing="any"),
    Filter(standing="mended"),
    Filter(scope=frozenset({"harbor"}), standing="any"),
    Filter(chapters=frozenset({"lakeside"}), scope=frozenset({"harbor"})),
    Filter(clause="ALA-2"),
    Filter(clause="ALA-23", severity=Severity.LOW),
    Filter(lanes=frozenset({Lane.CREDIT}), standing="any"),
    Filter(key="k0"),
    Filter(key="k%"),
    Filter(without=frozenset({"k01", "k12", "it's 100%"}), standing="any"),
    Filter(only=frozenset({"k01", "k12", "it's 100%"})),
    Filter(only=frozenset()),
    Filter(without=frozenset(f"n{number}" for number in range(70_000)), only=frozenset({"k01"})),
    Filter(opened=((frozenset({"harbor"}), Window(since=NOW - timedelta(days=30), until=NOW)),), standing="any"),
]


def _matches(finding: Finding, wanted: Filter) -> bool:
    """The same in plain words, without a database."""
    standing = {"any": True, "standing": finding.closed_at is None, "mended": finding.closed_at is not None}
    return all(
        (
            standing[wanted.standing],
            finding.lane in wanted.lanes,
            wanted.scope is None or finding.chapter in wanted.scope,
            not wanted.chapters or finding.chapter in wanted.chapters,
            not wanted.clause or wanted.clause in finding.clauses,
            wanted.severity in {None, finding.severity},
            finding.key.startswith(wanted.key),
            finding.key not in wanted.without,
            wanted.only is None or finding.key in wanted.only,
            not wanted.opened
            or any(
                finding.chapter in chapters and window.since <= finding.opened_at < window.until
                for chapters, window in wanted.opened
            ),
        ),
    )


@pytest.mark.parametrize("wanted", FILTERS)
def test_pages_hold_every_row_once_in_order(archive: Archive, wanted: Filter) -> None:
    """Page by page, three rows each, comes what a plain sort of all of them gives; the counts are the rows."""
    expected = [item for item in archive.findings() if _matches(item, wanted)]
    expected.sort(key=lambda item: item.key, reverse=True)
    expected.sort(key=lambda item: item.opened_at, reverse=True)
    expected.sort(key=lambda item: item.severity.rank)
    seen: list[str] = []
    after = None
    while lines := archive.shelf.page(wanted, after=after, limit=3):
        seen += [line.finding.key for line in lines]
        after = lines[-1].mark
    assert [item.key for item in expected] == seen
    whole = [item for item in archive.findings() if _matches(item, Filter(**{**wanted.__dict__, "severity": None}))]
    assert {item: sum(one.severity is item for one in whole) for item in Severity} == archive.shelf.counts(wanted)
    by_chapter = archive.shelf.by_chapter(wanted)
    assert len(expected) == sum(sum(counts.values()) for counts in by_chapter.values())


def test_the_latest_decision_decides_the_list(archive: Archive) -> None:
    """Filtered by what was decided last by its time, not by what was written down last; a re-judging keeps it."""
    decided = DispositionState.CONFIRMED
    for state, at in ((decided, NOW), (DispositionState.CLOSED, NOW - timedelta(days=1))):
        archive.acts.decide(["k01"], Decision(state=state, note="", author="a", role="reviewer", at=at))
    archive.save_findings([item for item in archive.findings() if item.key == "k01"], at=NOW)
    assert ["k01"] == [line.finding.key for line in archive.shelf.page(Filter(states=frozenset({decided})))]
    assert {"ala.personal_data": {decided: 1}} == archive.shelf.by_rule(Filter(key="k01"))


def test_the_list_of_appeals_holds_those_nobody_has_decided_on(archive: Archive) -> None:
    """An answer is no appeal, and one that was decided waits no longer; where it stands with people does not matter."""
    kinds: dict[str, Kind] = {"k01": "appeal", "k02": "answer", "k03": "appeal"}
    given = [Given(finding_key=key, kind=kind, text="x", author_role="president", at=NOW, source="ui")
             for key, kind in kinds.items()]  # fmt: skip
    read_in = Act(author="rosa", role="headquarters", kind="reply", subject="", at=NOW)
    assert 3 == len(archive.acts.returned(given, read_in))
    [decided] = archive.replies(["k03"])["k03"]
    noted = ReplyOutcome(outcome="noted", note="", author_role="headquarters", at=NOW)
    archive.acts.decide_reply(decided.key, noted, replace(read_in, kind="reply_outcome"))
    assert ["k01"] == [line.finding.key for line in archive.shelf.page(Filter(standing="any", appealed=True))]
    assert {"ala.personal_data": {DispositionState.OPEN: 1}} == archive.shelf.by_rule(Filter(appealed=True))


def test_a_finding_that_came_between_two_pages_moves_none(
    archive: Archive, make_finding: Callable[..., Finding]
) -> None:
    """An offset would show the last row of the first page again; the row itself as mark does not."""
    first = archive.shelf.page(Filter(), limit=5)
    rest = [line.finding.key for line in archive.shelf.page(Filter(), after=first[-1].mark, limit=50)]
    archive.save_findings(
        [make_finding("new", "harbor", "x:harbor", severity=Severity.CRITICAL, opened_at=NOW)], at=NOW
    )
    again = [line.finding.key for line in archive.shelf.page(Filter(), after=first[-1].mark, limit=50)]
    assert rest == again


@pytest.mark.parametrize("statement", ["UPDATE staff_act SET why = ''", "DELETE FROM staff_act"])
def test_the_database_refuses_to_change_the_log(archive: Archive, statement: str) -> None:
    """The log is only ever added to, on either database."""
    archive.acts.note(Act(author="a", role="admin", kind="show", subject="k", at=NOW))
    with pytest.raises(DatabaseError, match="only ever added to"), archive._engine.begin() as conn:
        conn.execute(text(statement))
    assert 1 == len(archive.acts.page())


def test_a_decision_without_its_log_does_not_stand(archive: Archive) -> None:
    """Both are one transaction: where the log cannot be written nothing was decided."""
    refused = Decision(state=DispositionState.CLOSED, note="", author="a", role=None, at=NOW)  # type: ignore[arg-type]
    with pytest.raises(DatabaseError):
        archive.acts.decide(["k01"], refused)
    assert ({}, "open") == (archive.dispositions(["k01"]), archive.shelf.line("k01").state)  # type: ignore[union-attr]


def test_a_trend_counts_what_a_report_counts(archive: Archive) -> None:
    """Findings by their month, without credits and what was set aside, within the reader's chapters."""
    months = [Window(since=NOW - timedelta(days=end + 20), until=NOW - timedelta(days=end)) for end in (70, 50, 30, 10)]
    months.append(Window(since=NOW - timedelta(days=10), until=NOW + timedelta(days=1)))
    counted = [found for _, found in archive.shelf.trend(months, frozenset({"harbor"}))]
    own = [item for item in archive.findings("harbor") if item.lane is not Lane.CREDIT]
    assert [sum(month.since <= item.opened_at < month.until for item in own) for month in months] == counted
    aside = own[0]
    note = Decision(state=DispositionState.FALSE_POSITIVE, note="x", author="a", role="reviewer", at=NOW)
    archive.acts.decide([aside.key], note)
    assert sum(counted) - 1 == sum(found for _, found in archive.shelf.trend(months, frozenset({"harbor"})))
    without = archive.shelf.trend(months, frozenset({"harbor"}), frozenset({own[1].key, "k00"}))
    assert sum(counted) - 2 == sum(found for _, found in without)
