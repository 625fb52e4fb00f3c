"""Reviews by hand: the register at its door, what is due, and the coverage a run notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chapterwatch import registry, reviews
from chapterwatch.archive import Archive
from chapterwatch.attest import Standing
from chapterwatch.errors import InvalidFiles
from chapterwatch.files import Folder
from chapterwatch.known import known
from chapterwatch.model import Access, Account, Coverage, Matter, Review, Seen, Severity, Window
from chapterwatch.pipeline.collect import Run, collect
from chapterwatch.policy import POLICIES, checklist_of
from chapterwatch.reviews import Reviewed
from reports.month import account_view, month_of
from reports.words import load

KEY = "manual_review:linkedin-group-1"
ITEMS = frozenset({"ALA-01", "ALA-02"})
REGISTRY = """\
associations:
  - id: ala
    name: The Association
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    chapters:
      - id: lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {name: Pat Example, email: pat@lakeside.example, role: president, leadership: true}
        reviews: reviews.csv
        accounts:
          - platform: manual_review
            native_id: linkedin-group-1
            handle: lakeside
            space: public_group
            access: attested
            collect_from: 2026-09-10
          - {platform: x, native_id: "1", handle: l, space: official, access: public_api, connection: x}
"""
HEADER = "account,starts,ends,on,by,looked_at,found\n"


@pytest.fixture
def group(account: Callable[..., Account]) -> Account:
    return account("manual_review", "linkedin-group-1", access=Access.ATTESTED, collect_from=date(2026, 9, 10))


def review(starts: str, ends: str, on: str, *looked_at: str, found: str | None = None) -> Review:
    days = (date.fromisoformat(one) for one in (starts, ends, on))
    first, last, made = days
    return Review(
        account=KEY, starts=first, ends=last, on=made, by="p@l.example", looked_at=looked_at or ("all",), found=found
    )


def opened(folder: Path, rows: str) -> Any:
    (folder / "chapters.yml").write_text(REGISTRY, encoding="utf-8")
    (folder / "reviews.csv").write_text(HEADER + rows, encoding="utf-8")
    return registry.load(folder / "chapters.yml", known(POLICIES))


# --- the register ---------------------------------------------------------------------------------------------------


def test_a_review_is_read_with_its_days(tmp_path: Path) -> None:
    """Words found stay words; "none" in any case is nothing found; several clauses stand in one cell."""
    ids = [clause.id for clause in checklist_of("ala")][:2]
    rows = f"{KEY},2026-09-10,2026-09-30,2026-10-02,pat@lakeside.example,all,None.\n"
    rows += f"{KEY},2026-10-01,2026-10-31,2026-11-01,pat@lakeside.example,{ids[0]};{ids[1]},one rude post\n"
    (chapter,) = opened(tmp_path, rows).chapters
    assert [None, "one rude post"] == [one.found for one in chapter.reviews]
    assert [("all",), tuple(ids)] == [one.looked_at for one in chapter.reviews]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("x:1,2026-10-01,2026-10-31,2026-11-01,pat@lakeside.example,all,none", "x:1 is no account of the chapter with"),
        (f"{KEY},2026-10-01,2026-10-31,2026-11-01,who@lakeside.example,all,none", "who@lakeside.example is not among"),
        (f"{KEY},2026-10-01,2026-10-31,2026-11-01,pat@lakeside.example,XYZ-99,none", "XYZ-99 is not on the checklist"),
        (f"{KEY},2026-10-31,2026-10-01,2026-11-01,pat@lakeside.example,all,none", "the review ends before it starts"),
        (f"{KEY},2026-10-01,2026-10-31,2026-10-30,pat@lakeside.example,all,none", "covers days after it was made"),
        (f"{KEY},2016-10-01,2026-10-31,2026-11-01,pat@lakeside.example,all,none", "covers more than a year"),
        (f"{KEY},2026-10-01,2026-10-31,2026-11-01,pat@lakeside.example,all,", "found"),
        (f"{KEY},2026-10-01,2026-10-31,2026-11-01,pat@lakeside.example,,none", "looked_at"),
        (f"{KEY},10/1/26,2026-10-31,2026-11-01,pat@lakeside.example,all,none", "is not a date"),
    ],
)
def test_a_review_that_cannot_count_is_refused(tmp_path: Path, row: str, what: str) -> None:
    """With file and line. Who found nothing says so, and an account that is read is not reviewed."""
    with pytest.raises(InvalidFiles) as raised:
        opened(tmp_path, row + "\n")
    (problem,) = raised.value.problems
    assert ("reviews.csv", 2) == (Path(problem.file).name, problem.line)
    assert what in problem.what


# --- what is due ----------------------------------------------------------------------------------------------------


def test_due_by_the_fourteenth_day_after_the_month(group: Account) -> None:
    """The near-miss: the day itself is in time. The first month begins with the account."""
    due = Reviewed(group, (), ITEMS).due("2026-09")
    assert due is not None
    assert (date(2026, 9, 10), date(2026, 9, 30), date(2026, 10, 14)) == (due.starts, due.ends, due.due)
    assert [Standing.DUE, Standing.OVERDUE] == [due.standing(date(2026, 10, day)) for day in (14, 15)]
    assert None is Reviewed(group, (), ITEMS).due("2026-08")
    assert ["2026-09", "2026-10"] == list(reviews.months(group, "2026-10"))


def test_a_month_is_done_when_every_day_was_seen_for_everything(group: Account) -> None:
    """The day of the review was not over; half a checklist by each of two people is a whole one."""
    whole = review("2026-10-01", "2026-10-31", "2026-11-01")
    same_day = review("2026-10-01", "2026-10-31", "2026-10-31")
    halves = [review("2026-10-01", "2026-10-31", "2026-11-01", item) for item in sorted(ITEMS)]
    done = [(whole,), (same_day,), tuple(halves), tuple(halves[:1]), ()]
    months = [Reviewed(group, made, ITEMS).due("2026-10") for made in done]
    assert [31, 30, 31, 0, 0] == [month.days_seen for month in months if month]
    assert [True, False, True, False, False] == [month.is_done for month in months if month]


# --- what a run notes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "day", "seen", "reason", "detail"),
    [
        (
            [review("2026-09-10", "2026-09-30", "2026-10-01")],
            "2026-10-20",
            Seen.SEEN,
            None,
            "Reviewed by a person on 2026-10-01, from 2026-09-10 to 2026-09-30; they found nothing.",
        ),
        (
            [review("2026-09-10", "2026-09-30", "2026-10-01", found="A rude post.")],
            "2026-10-20",
            Seen.SEEN,
            None,
            "Reviewed by a person on 2026-10-01, from 2026-09-10 to 2026-09-30; they reported: A rude post.",
        ),
        ([], "2026-10-14", Seen.UNKNOWN, "review_due", "No review of 2026-09 was handed in; it is due by 2026-10-14."),
        (
            [],
            "2026-10-15",
            Seen.UNKNOWN,
            "review_overdue",
            "No review of 2026-09 was handed in; it was due by 2026-10-14.",
        ),
        (
            [review("2026-09-10", "2026-09-30", "2026-10-01", "ALA-01")],
            "2026-10-15",
            Seen.PARTIAL,
            "review_incomplete",
            "Reviewed by a person on 2026-10-01; 0 of 21 days of 2026-09 were seen in full.",
        ),
    ],
)
def test_the_state_a_run_notes(
    group: Account, made: list[Review], day: str, seen: Seen, reason: str | None, detail: str
) -> None:
    """Seen where a review covers the month; otherwise due or overdue, in whose words an officer can read."""
    state = Reviewed(group, tuple(made), ITEMS).state(datetime.fromisoformat(f"{day}T12:00+00:00"), [])
    assert (seen, reason, detail) == (state.seen, state.reason, state.detail)


def test_part_of_a_month_is_seen_as_far_as_it_goes(group: Account) -> None:
    """First the days that were reviewed are noted; the next night says that the rest is missing."""
    reviewed = Reviewed(group, (review("2026-09-10", "2026-09-20", "2026-09-21"),), ITEMS)
    now = datetime(2026, 10, 15, 12, tzinfo=UTC)
    first = reviewed.state(now, [])
    window = Window(since=datetime(2026, 9, 10, 5, tzinfo=UTC), until=datetime(2026, 9, 21, 5, tzinfo=UTC))
    assert (Seen.SEEN, window) == (first.seen, first.window)
    second = reviewed.state(now, [first.window])
    assert (Seen.PARTIAL, "review_overdue", window) == (second.seen, second.reason, second.window)


def test_a_run_notes_reviews_and_a_report_counts_their_days(group: Account, tmp_path: Path) -> None:
    """Coverage of its own kind, the same when the run is repeated; the report names the day and no person."""
    archive = Archive.open(f"sqlite:///{tmp_path / 'a.db'}", Folder(tmp_path / "media"))
    reviewed = Reviewed(group, (review("2026-10-01", "2026-10-31", "2026-11-01", found="a rude post"),), ITEMS)
    run = Run(
        archive=archive,
        run_id="nightly:2026-11-01",
        now=datetime(2026, 11, 2, 1, tzinfo=UTC),
        connection_for=lambda _: None,
        inbox=Folder(tmp_path),
        reviews={KEY: reviewed},
    )
    assert [1, 1] == [collect(run, [group]).seen for _ in range(2)]
    rows = archive.coverage([KEY])
    assert [("review", Seen.SEEN)] == [(row.asked, row.seen) for row in rows]
    view = _view(group, rows)
    assert ("seen", 31) == (view.state, view.days.count("seen"))
    (asked,) = view.asked
    assert asked.asked == "review by a person"
    assert "Reviewed by a person on 1 November" in asked.detail
    assert "a rude post" in asked.detail


def _view(group: Account, rows: list[Coverage]) -> Any:
    return account_view(group, "LinkedIn group", rows, month_of("2026-10", group.timezone), 0, load("en"))


def test_what_is_due_of_a_chapter(tmp_path: Path) -> None:
    """Every month from the account's first, of the accounts that are reviewed by hand alone."""
    rows = f"{KEY},2026-09-10,2026-09-30,2026-10-02,pat@lakeside.example,all,none\n"
    (chapter,) = opened(tmp_path, rows).chapters
    found = reviews.due_of(chapter, "2026-10", POLICIES)
    assert [(KEY, "2026-09", True), (KEY, "2026-10", False)] == [
        (one.account, one.period, one.is_done) for one in found
    ]
    assert ["nothing found (2026-10-02, 21 of 21 days)", ""] == [one.said for one in found]


# --- what was found, one by one -------------------------------------------------------------------------------------

LISTED = """\
- account: manual_review:linkedin-group-1
  starts: 2026-10-01
  ends: 2026-10-31
  on: 2026-11-01
  by: pat@lakeside.example
  looked_at: all
  found:
    - clause: ALA-03
      severity: critical
      on: 2026-10-14
      where: post by a member
      words: A member was threatened with a beating.
    - words: Somebody argues a lot.
"""


def listed(folder: Path, *changes: tuple[str, str]) -> Any:
    """The registry with the register above, some of its words replaced."""
    text = LISTED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "chapters.yml").write_text(REGISTRY.replace("reviews.csv", "reviews.yml"), encoding="utf-8")
    (folder / "reviews.yml").write_text(text, encoding="utf-8")
    return registry.load(folder / "chapters.yml", known(POLICIES))


def test_what_was_found_may_stand_one_by_one(tmp_path: Path) -> None:
    """Each with its clause and severity, day and place; words alone are a matter nobody has put under a clause."""
    ((made,),) = [chapter.reviews for chapter in listed(tmp_path).chapters]
    threat, other = made.reported
    assert (None, "ALA-03", Severity.CRITICAL, date(2026, 10, 14), "post by a member") == (
        made.found,
        threat.clause,
        threat.severity,
        threat.on,
        threat.where,
    )
    assert Matter(words="Somebody argues a lot.") == other
    assert (Matter(words="one rude post"),) == review(
        "2026-10-01", "2026-10-31", "2026-11-01", found="one rude post"
    ).reported


def test_a_line_of_the_register_is_known_by_its_sha_256(tmp_path: Path) -> None:
    """Another word is another line; that it is gone is said of the same line later."""
    ((made,),) = [chapter.reviews for chapter in listed(tmp_path).chapters]
    ((gone,),) = [
        one.reviews for one in listed(tmp_path, ("on: 2026-10-14", "on: 2026-10-14\n      gone: 2026-11-20")).chapters
    ]
    ((other,),) = [one.reviews for one in listed(tmp_path, ("a beating", "a thrashing")).chapters]
    first, then, changed = (one.line(one.reported[0]) for one in (made, gone, other))
    assert (64, first) == (len(first), then)
    assert changed != first


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("ALA-03", "ALA-99", 8, "ALA-99 is not on the checklist of pack ala"),
        ("on: 2026-10-14", "on: 2026-09-30", 10, "2026-09-30 is not among the days of the review"),
        ("severity: critical", "severity: dreadful", 9, "severity"),
        ("      severity: critical\n", "", 8, "a clause and a severity come together"),
        ("words: A member was threatened with a beating.", "gone: 2026-10-01", 8, "words"),
        ("where: post", "who: post", 11, "who"),
        ("on: 2026-10-14", "on: 2026-10-14\n      gone: 2026-10-13", 8, "it was gone before it was there"),
        ("words: Somebody argues a lot.", "words: ''", 13, "words"),
    ],
)
def test_a_find_that_cannot_count_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    """One line each, told where it stands in the list."""
    with pytest.raises(InvalidFiles) as raised:
        listed(tmp_path, (old, new))
    problem = raised.value.problems[0]
    assert ("reviews.yml", line) == (Path(problem.file).name, problem.line)
    assert what in f"{problem.what}"


def test_an_empty_list_is_no_answer(tmp_path: Path) -> None:
    """Who found nothing says so."""
    (tmp_path / "chapters.yml").write_text(REGISTRY.replace("reviews.csv", "reviews.yml"), encoding="utf-8")
    head = LISTED.partition("  found:")[0]
    (tmp_path / "reviews.yml").write_text(f"{head}  found: []\n", encoding="utf-8")
    with pytest.raises(InvalidFiles) as raised:
        registry.load(tmp_path / "chapters.yml", known(POLICIES))
    assert [7] == [problem.line for problem in raised.value.problems]
