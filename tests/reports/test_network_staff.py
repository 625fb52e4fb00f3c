"""What people add to the rules: samples they read, and their own acts by role."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chapterwatch.sampling import Estimate
from chapterwatch.shares import Share
from reports.network import RollupView
from tests.reports.network_factory import sample
from tests.reports.test_network import attention, rollup

POOLED = Estimate(drawn=80, read=77, missed=1, unsure=2, posts=1500, share=1 / 77, interval=Share(1, 77).interval)


def said(*samples: Any, **changes: Any) -> tuple[str, ...]:
    return rollup(samples=samples, **changes).missed


def test_without_a_sample_nothing_is_known_of_misses() -> None:
    """No sample, no figure: never "none was missed"."""
    assert (
        "What the rules miss is not known: nobody has read a random sample of posts without a finding yet.",
    ) == said()


def test_the_newest_sample_that_was_read_is_printed_with_its_interval() -> None:
    """Forty drawn, 38 read, one missed: a share never stands without what it leaves open."""
    [line] = said(sample("2026-08", (40, 0, 0)), sample("2026-09", (37, 1, 0)))

    assert (
        "Of 40 posts drawn at random from the 812 of September 2026 without a finding, 38 were read. "
        "1 was missed: a person would have marked it. "
        "So the rules miss between 0.5 and 13\u00a0% of such posts, of which there were 812 (95\u00a0% interval)."
    ) == line


def test_none_missed_still_leaves_room() -> None:
    """The near-miss of "nothing is missed": nought of 39 is anything below nine in a hundred."""
    [line] = said(sample("2026-09", (39, 0, 1)))

    assert "40 were read. 1 could not be told either way. None was missed." in line
    assert "So the rules miss between 0 and 9.0\u00a0%" in line


def test_a_sample_nobody_could_tell_anything_of_gives_no_share() -> None:
    """Read and all unsure: said to be read, without a figure and without "none was missed"."""
    [line] = said(sample("2026-09", (0, 0, 3)))

    assert line.endswith("3 were read. 3 could not be told either way.")


def test_an_unread_sample_waits_in_plain_words() -> None:
    """What is unread is said beside the older month that was read; two of them in one sentence."""
    waiting = "posts drawn from {} wait to be read; until then nobody knows what the rules missed there."
    read, unread = sample("2026-07", (40, 0, 0)), [sample(month, (0, 0, 0)) for month in ("2026-08", "2026-09")]

    assert f"40 {waiting.format('September 2026')}" == said(read, unread[1])[-1]
    assert f"80 {waiting.format('August 2026 and September 2026')}" == said(read, *unread)[-1]
    assert 2 == len(said(unread[1]))


def test_months_are_pooled_only_where_several_were_read() -> None:
    """The year's sentence counts the months that say something, not the unread one."""
    samples = (sample("2026-07", (37, 1, 1)), sample("2026-08", (39, 0, 1)), sample("2026-09", (0, 0, 0)))

    assert (
        "In the samples of 2 months together 1 of 77 posts was missed: between 0.2 and 7.0\u00a0%."
        == said(*samples, pooled=POOLED)[1]
    )
    assert 2 == len(said(*samples))


@pytest.mark.parametrize(("day", "late"), [(date(2026, 10, 31), False), (date(2026, 11, 1), True)])
def test_a_sample_needs_attention_after_thirty_days(day: date, late: bool) -> None:
    """Drawn on 2 October it is due on 1 November; the day before nobody is late."""
    line = ("1", "random sample is unread after 30 days", "September 2026 (40 posts)", "1 November 2026")

    assert ([line] if late else []) == attention(samples=(sample("2026-09", (0, 0, 0)),), issued_on=day)


def test_a_sample_begun_is_not_late() -> None:
    """Posts that are gone meanwhile stay unanswered for ever; the report says how many were read."""
    assert [] == attention(samples=(sample("2026-08", (5, 0, 0)),))


# --- acts -----------------------------------------------------------------------------------------------------------


def watched(acts: dict[tuple[str, str], int]) -> RollupView:
    return rollup(acts=acts)


def test_acts_stand_by_role_and_kind() -> None:
    """Busiest role first; kinds without a column of their own are counted together, a missing role is said."""
    shown = watched(
        {("", "resend"): 2, ("reviewer", "decide"): 3, ("reviewer", "sample"): 40, ("reviewer", "sign_off"): 1}
    ).watched

    assert (
        "Findings decided",
        "Shown in full",
        "Replies decided",
        "Mails sent again",
        "Sample posts read",
        "Audits on request",
        "Other acts",
    ) == shown.kinds
    assert (("reviewer", (3, 0, 0, 0, 40, 0, 1)), ("without a role", (0, 0, 0, 2, 0, 0, 0))) == shown.lines


def test_many_roles_are_taken_together_after_six() -> None:
    """Eight roles: six by name, the least busy as others; nothing is lost."""
    shown = watched({(f"role {n}", "decide"): 10 - n for n in range(8)}).watched

    assert ["role 0", "role 5", "others"] == [shown.lines[n][0] for n in (0, 5, 6)]
    assert (4 + 3, 0, 0, 0, 0, 0, 0) == shown.lines[6][1]


def test_a_month_without_acts_has_no_table() -> None:
    """Nobody did anything: the template says it in words."""
    assert () == watched({}).watched.lines
