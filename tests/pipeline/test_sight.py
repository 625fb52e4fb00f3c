"""Refused times, new handles: what a report says of them, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from chapterwatch.model import Coverage, ProfileReading, Seen, Window
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, inputs_hash
from chapterwatch.pipeline.periods import month_bounds, month_closes
from chapterwatch.pipeline.sight import access_gaps, of_month, renamed
from chapterwatch.policy import load_pack
from reports.network import EndingVersion, RollupInputs, build_rollup
from reports.view import AccessGap, Renamed, build_chapter
from tests.pipeline.world import LAKESIDE, MONTH, World, post

OCTOBER = month_bounds(MONTH, "America/Chicago")
CLOSED = month_closes(OCTOBER)


def at(day: int, month: int = 10) -> datetime:
    """Two in the morning of a day of 2026."""
    return datetime(2026, month, day, 2, tzinfo=UTC)


def row(moment: datetime, reason: str | None = None, asked: str = "posts", days: int = 60) -> Coverage:
    """What one night could see: everything of the last days, or nothing for this reason."""
    return Coverage(
        run_id=f"n:{moment.isoformat()}", account_key=LAKESIDE, asked=asked,
        seen=Seen.UNKNOWN if reason else Seen.SEEN, reason=reason, detail="", at=moment,
        window=Window(since=moment - timedelta(days=days), until=moment),
    )  # fmt: skip


def frame(*moments: datetime) -> pd.DataFrame:
    """Posts of these times."""
    return pd.DataFrame(
        {"account_key": LAKESIDE, "is_current": True, "created_at": pd.Series(moments, dtype="datetime64[us, UTC]")}
    )


def gaps(*rows: Coverage, posts: pd.DataFrame | None = None) -> list[AccessGap]:
    """The gaps of October."""
    return list(access_gaps(rows, frame() if posts is None else posts, OCTOBER, CLOSED))


REFUSED = "credentials_rejected"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(at(5)), row(at(6))],
        [row(at(5)), row(at(6), "unreachable"), row(at(7))],
        [row(at(5)), row(at(6), REFUSED, asked="profile"), row(at(7))],
        [row(at(5, 8)), row(at(6, 8), REFUSED), row(at(7, 8))],
        [row(at(1, 10)), row(at(5, 11), REFUSED)],
    ],
    ids=["nothing", "all seen", "another reason", "a profile alone", "before the month", "after its close"],
)
def test_what_is_no_refused_time(rows: list[Coverage]) -> None:
    """Near-misses: only posts refused for the token's sake, in this month, as known when it was closed."""
    assert [] == gaps(*rows)


def test_a_refused_time_reaches_from_good_reading_to_good_reading() -> None:
    """Not from refusal to refusal: what was posted between the last good night and the first bad one was not seen."""
    found = gaps(
        row(at(5)), row(at(6), REFUSED), row(at(7), "unreachable"), row(at(8), REFUSED), row(at(9)), row(at(10)),
        posts=frame(at(4), at(6), at(8), at(9, 11)),
    )  # fmt: skip
    assert [AccessGap(account_key=LAKESIDE, since=at(5), until=at(9), days=4, read_later=2)] == found


def test_a_refusal_that_lasts_is_reckoned_to_the_months_end() -> None:
    """With what the account's rhythm before would make of it; the next month's reading is none of this report's."""
    weekly = [at(20) - timedelta(days=7 * number) for number in range(1, 9)]
    [gap] = gaps(row(at(20)), row(at(21), REFUSED), row(at(5, 11)), posts=frame(*weekly))

    assert (at(20), None, 13, 0, 2) == (gap.since, gap.until, gap.days, gap.read_later, gap.expected)


def test_too_few_posts_make_no_rhythm() -> None:
    """Nothing is reckoned from two posts."""
    [gap] = gaps(row(at(20)), row(at(21), REFUSED), posts=frame(at(1), at(2)))
    assert gap.expected is None


def test_an_account_never_read_was_refused_from_where_it_was_to_be_read() -> None:
    """No good reading before."""
    [gap] = gaps(row(at(20), REFUSED, days=10))
    assert at(10) == gap.since


def test_a_refusal_ends_with_the_late_reading_that_caught_up() -> None:
    """The report of the month tells it then, and what was read of that time."""
    rows = [row(at(5)), row(at(20), REFUSED), row(at(5, 11))]
    counted = frozenset(of_month(rows, OCTOBER, CLOSED))
    [gap] = access_gaps(rows, frame(at(8)), OCTOBER, CLOSED, counted)

    assert (at(5), at(5, 11), 31, 1) == (gap.since, gap.until, gap.days, gap.read_later)


def part(one: Coverage) -> Coverage:
    """The same, seen only in part."""
    return replace(one, seen=Seen.PARTIAL, reason="platform_cap")


def of_a_day(day: int, read: datetime) -> Coverage:
    """An export that holds the posts of one moment."""
    return replace(row(read, asked="export"), window=Window(since=at(day), until=at(day)))


@pytest.mark.parametrize(
    ("rows", "late"),
    [
        ([], row(at(23, 11))),
        ([row(at(20))], row(at(5, 11))),
        ([row(at(20)), row(at(21), REFUSED)], row(at(5, 11))),
        ([], part(row(at(23, 11)))),
        ([part(row(at(2, 11)))], row(at(5, 11))),
        ([row(at(3))], of_a_day(7, at(15, 11))),
    ],
    ids=["first of all", "days after the last", "mended", "first in part", "whole at last", "a late export"],
)
def test_a_late_row_counts_that_shows_what_none_did(rows: list[Coverage], late: Coverage) -> None:
    """Page one would call unseen what its findings quote. A second reading of the same adds nothing."""
    again = replace(late, at=late.at + timedelta(days=1), run_id="again")
    assert [*rows, late] == list(of_month([*rows, late, again], OCTOBER, CLOSED))


@pytest.mark.parametrize(
    ("rows", "late"),
    [
        ([row(at(2, 11))], row(at(5, 11))),
        ([row(at(10)), row(at(2, 11), days=25)], row(at(5, 11))),
        ([row(at(2, 11))], part(row(at(5, 11)))),
        ([part(row(at(2, 11)))], part(row(at(5, 11)))),
        ([row(at(20))], row(at(5, 11), REFUSED)),
        ([row(at(20))], row(at(5, 11), asked="profile")),
        ([row(at(20))], row(at(5, 11), asked="review")),
        ([row(at(2, 11))], of_a_day(7, at(15, 11))),
    ],
    ids=["seen", "seen by two", "seen better", "as partly", "nothing", "a profile", "by hand", "an export of the same"],
)
def test_a_late_row_that_shows_nothing_new_makes_no_other_report(rows: list[Coverage], late: Coverage) -> None:
    """Every night reads three months again, and October's report has to stay what it was."""
    assert rows == list(of_month([*rows, late], OCTOBER, CLOSED))


def test_a_report_made_before_anybody_read_is_caught_up_on(light: World) -> None:
    """An installation of 23 November that looks at October: what it has read is not called unread."""
    light.store(LAKESIDE, post("1", "This is bullshit.", at(15)), at=at(23, 11))
    before = build_chapter(inputs(light)).accounts[0]
    light.archive.add_coverage([row(at(23, 11), days=92)])
    after = build_chapter(inputs(light)).accounts[0]

    assert ("unknown", "seen") == (before.state, after.state)
    facts = inputs_hash(inputs(light))
    light.archive.add_coverage([row(at(24, 11), days=92)])
    assert facts == inputs_hash(inputs(light))


def named(world: World, *handles: str) -> list[Renamed]:
    """A profile read a day after another, under these handles."""
    account = world.workplace.registry.account(LAKESIDE)
    for day, handle in enumerate(handles, start=5):
        world.archive.register_accounts([account], at(day))
        profile = ProfileReading(native_id="2001", handle=handle, name="A", bio=f"{day}", raw=b"{}")
        world.archive.record_profile(
            LAKESIDE, profile, run_id=f"n:{day}", captured_at=at(day), connector="test 1"
        )  # fmt: skip
    return list(renamed([account], world.archive.profiles_frame([LAKESIDE]), CLOSED))


@pytest.mark.parametrize("handles", [(), ("ala_lakeside",), ("ALA_Lakeside",), ("other", "ala_lakeside"), ("2001",)])
def test_what_is_no_new_name(light: World, handles: tuple[str, ...]) -> None:
    """Near-misses: as registered, in other letters, renamed back, or only its id."""
    assert [] == named(light, *handles)


def test_a_new_name_is_told_with_its_day(light: World) -> None:
    """The first day of the handle it has now."""
    [found] = named(light, "ala_lakeside", "lakeside_ala", "lakeside_ala")
    assert ("ala_lakeside", "lakeside_ala", at(6)) == (found.before, found.after, found.at)


def test_a_name_that_never_was_the_registrys_has_no_day(light: World) -> None:
    """The registry may have been wrong from the first."""
    [found] = named(light, "lakeside_ala")
    assert found.at is None


def inputs(world: World) -> Any:
    """Lakeside's October."""
    registry = world.workplace.registry
    pack = load_pack("ala", world.workplace.settings.policies)
    issue = Issue(revision=1, reason=None, issued_at=CLOSED)
    return chapter_inputs(
        world.archive, registry.association("ala"), registry.chapter("ala-lakeside"), pack, MONTH, issue
    )  # fmt: skip


def test_chapter_and_network_print_them(light: World) -> None:
    """The sentences, in the chapter's report and in headquarters' roll-up; a rename is no finding."""
    named(light, "ala_lakeside", "lakeside_ala")
    light.store(LAKESIDE, post("1", "Read later", at(15)), at=at(20))
    light.archive.add_coverage([row(at(12)), row(at(13), REFUSED), row(at(20))])
    facts = inputs(light)
    view = build_chapter(facts)
    network = build_rollup(
        RollupInputs(
            association=facts.association, period=MONTH, chapters=(view,), issued_on=date(2026, 11, 2),
            code_version="test", versions=(EndingVersion(title="X", version="2", ends=date(2026, 12, 1)),),
        )
    )  # fmt: skip
    refused = (
        "Access was refused from 11 October to 19 October (8 days). One post of that time was read afterwards. "
        "Edits and deletions in that time were not seen as they happened."
    )
    new_name = "Renamed from @ala_lakeside to @lakeside_ala, first seen on 5 October. Headquarters: mend the registry."

    assert (refused, new_name) == view.accounts[0].notes
    assert [refused, new_name] == [item.note for item in network.access_notes]
    assert ("X, version 2: the platform ends this version on 1 December 2026, in 29 days.",) == network.versions
    assert () == facts.findings


def test_looking_after_access_makes_no_report_another_one(light: World) -> None:
    """A renewed token's date and a chapter's web site are no facts of a month."""
    facts = inputs(light)
    accounts = tuple(replace(item, expires=date(2027, 1, 1)) for item in facts.chapter.accounts)
    chapter = replace(facts.chapter, website="https://lakeside.example", accounts=accounts)

    assert inputs_hash(facts) == inputs_hash(replace(facts, chapter=chapter))


def test_what_a_night_cost_makes_no_report_another_one(light: World) -> None:
    """Where a worker died an account is asked twice and its profile paid once; how much was seen is the same."""
    seen = row(at(12))
    facts = replace(inputs(light), coverage=(seen,))
    dearer, more = replace(seen, reads=seen.reads + 1), replace(seen, posts_seen=seen.posts_seen + 1)

    assert inputs_hash(facts) == inputs_hash(replace(facts, coverage=(dearer,)))
    assert inputs_hash(facts) != inputs_hash(replace(facts, coverage=(more,)))
