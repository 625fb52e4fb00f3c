"""What staff did, as the roll-up is told of it: as it stood when the roll-up was issued, and without a name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chapterwatch.archive.acts import Act
from chapterwatch.archive.samples import Answered
from chapterwatch.model import Association, DeliveryState, DispositionState
from chapterwatch.pipeline.network import undelivered
from chapterwatch.pipeline.staff import acts_of, samples_of
from chapterwatch.sampling import Answer, Candidate, Drawn
from tests.pipeline.test_network import decide, judged, view_of
from tests.pipeline.world import MONTH, MONTH_END, World

__all__ = ["judged"]

#: Forty English posts of 300, ten Spanish ones of 20.
STRATA = (("x en", 40, 300), ("x es", 10, 20))


def association(world: World) -> Association:
    [one] = world.workplace.registry.associations
    return one


def drawn(month: str) -> list[Drawn]:
    return [
        Drawn(
            post=Candidate(stratum=stratum, account_key="x:1", subject_id=f"{month} {stratum} {n}", revision=0),
            stratum_size=size,
        )
        for stratum, count, size in STRATA
        for n in range(count)
    ]


def keep(world: World, month: str, answers: tuple[Answer, ...] = (), at: datetime = MONTH_END) -> None:
    """A month's sample, drawn on the second of the next, and the first posts of it answered."""
    posts = drawn(month)
    first = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    world.archive.samples.keep("ala", month, posts, (first + timedelta(days=32)).replace(day=2, hour=7))
    for item, answer in zip(posts, answers, strict=False):
        said = Answered(answer=answer, author="rosa", author_role="reviewer", at=at)
        world.archive.samples.answer("ala", month, item.post, said)


def test_samples_of_the_year_before_are_told_oldest_first(light: World) -> None:
    """Not the month's own, which is drawn after its roll-up, and not one of more than twelve months ago."""
    for month in ("2025-09", "2025-10", "2026-09", MONTH):
        keep(light, month)
    read = samples_of(light.archive, association(light), MONTH, MONTH_END)

    assert [("2025-10", date(2025, 11, 2), 320), ("2026-09", date(2026, 10, 2), 320)] == [
        (one.period, one.drawn_on, one.of) for one in read.months
    ]
    assert None is read.pooled


def test_answers_count_up_to_the_roll_ups_day(light: World) -> None:
    """Drawn again later, the roll-up says what it said: what was read since belongs to the next."""
    keep(light, "2026-09", ("clean", "missed"), at=MONTH_END - timedelta(seconds=1))
    keep(light, "2026-08", ("clean", "missed"), at=MONTH_END)
    read = samples_of(light.archive, association(light), MONTH, MONTH_END)

    assert [0, 2] == [one.estimate.read for one in read.months]
    assert [0, 1] == [one.estimate.missed for one in read.months]


def test_months_weigh_as_many_as_they_have_posts(light: World) -> None:
    """Half missed of three read in one month, none in the next: pooled by posts, strata apart from month to month."""
    keep(light, "2026-08", ("missed", "clean"), at=MONTH_END - timedelta(days=3))
    keep(light, "2026-09", ("clean", "clean", "unsure"), at=MONTH_END - timedelta(days=2))
    pooled = samples_of(light.archive, association(light), MONTH, MONTH_END).pooled
    assert pooled is not None

    assert (100, 4, 1, 1, 600) == (pooled.drawn, pooled.read, pooled.missed, pooled.unsure, pooled.posts)
    assert pytest.approx(0.25) == pooled.share


def test_another_associations_sample_is_none_of_ours(light: World) -> None:
    """Samples are told to the headquarters whose posts they are."""
    light.archive.samples.keep("lll", "2026-09", drawn("2026-09"), MONTH_END)

    assert () == samples_of(light.archive, association(light), MONTH, MONTH_END).months


# --- acts -----------------------------------------------------------------------------------------------------------


def note(
    world: World, kind: str, subject: str, chapter: str = "", at: datetime = MONTH_END - timedelta(days=9)
) -> None:
    act = Act(author="rosa", role="reviewer", kind=kind, subject=subject, chapter=chapter, at=at)
    world.archive.acts.note(act)


def test_acts_of_an_association_are_counted_without_names(light: World) -> None:
    """Those about its chapters, its roll-up, its samples and its pack; nobody else's, no other month's."""
    note(light, "show", "key", "ala-lakeside")
    note(light, "resend", "rollup:ala 2026-09 r1", "rollup:ala")
    note(light, "sample", "ala 2026-09 x:1 5")
    note(light, "dry_run", "ala")
    note(light, "sample", "alabaster 2026-09 x:1 5")
    note(light, "show", "key", "elsewhere")
    note(light, "show", "key", "ala-lakeside", MONTH_END)

    assert {
        ("reviewer", "show"): 1,
        ("reviewer", "resend"): 1,
        ("reviewer", "sample"): 1,
        ("reviewer", "dry_run"): 1,
    } == acts_of(light.archive, association(light), MONTH, {})


def test_decisions_that_stand_in_no_log_are_counted_too(judged: World) -> None:
    """Of October by its role, decided without the pages; one of September is none of this month's."""
    decide(judged, DispositionState.SENT_TO_OWNER, datetime(2026, 9, 30, 12, tzinfo=UTC))
    decide(judged, DispositionState.CONFIRMED, datetime(2026, 10, 20, 12, tzinfo=UTC))
    number = len(judged.archive.findings(chapter="ala-lakeside"))
    view = view_of(judged)

    assert (("reviewer", (number, 0, 0, 0, 0, 0, 0)),) == view.watched.lines
    assert "zofia-k" not in repr(view)


def test_a_logged_decision_counts_once(light: World) -> None:
    """The log and the finding tell of the same decision."""
    note(light, "decide", "key", "ala-lakeside")

    assert {("reviewer", "decide"): 1} == acts_of(light.archive, association(light), MONTH, {"reviewer": 1})
    assert {("reviewer", "decide"): 3} == acts_of(light.archive, association(light), MONTH, {"reviewer": 3})


# --- mails ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("month", "told"), [("2026-08", 0), ("2026-09", 1), (MONTH, 1)])
def test_mails_that_came_back_since_the_last_roll_up_are_told(light: World, month: str, told: int) -> None:
    """A month's mails leave after its roll-up is made, so the next one tells what became of them."""
    to = ("ala-lakeside", month, 1, "president@lakeside.example")
    light.archive.issue_report("ala-lakeside", month, "facts", reason=None, at=MONTH_END)
    light.archive.claim_delivery(*to, message_id="<m@hq.example>", at=MONTH_END)
    light.archive.settle_delivery(*to, state=DeliveryState.SENT, detail="", at=MONTH_END)
    light.archive.bounce_delivery(*to, detail="550 no such user", at=MONTH_END, final=True)
    found = {one.chapter: one for one in undelivered(light.archive, association(light), MONTH)}

    assert told == found["Lakeside Chapter"].bounced == found["Lakeside Chapter"].mails
    assert 0 == found["Harbor Chapter"].mails
