"""The retention rule: what an audit erases for its age, what it must not, and how holds keep it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import create_engine, select

from chapterwatch.archive import tables
from chapterwatch.errors import ArchiveError, UserError
from chapterwatch.model import DispositionState
from chapterwatch.pipeline import add_hold, ageing, collect_night, end_hold, erase_post
from chapterwatch.pipeline.periods import months_ago, months_between, night_before
from chapterwatch.pipeline.retention import erase_outlived
from tests.pipeline.world import HARBOR, LAKESIDE, LIST, REGISTRY, World, night, post

KIND = "We meet on Monday at the library."
RUDE = "This is bullshit."
POSTED = night(0) - timedelta(hours=10)
#: Three months after the first night, and a moment later.
LIMIT = datetime(2027, 1, 5, 2, 15, tzinfo=UTC)
AFTER = LIMIT + timedelta(minutes=1)
BY = {"by": "records officer", "why": "matter 12"}


def rule(world: World, said: str = "{months: 3}", registry: str = REGISTRY) -> World:
    """The association keeps texts that long."""
    written = registry.replace("    language: en\n", f"    language: en\n    retention: {said}\n", 1)
    world.workplace.settings.registry.write_text(written)
    world.workplace.__dict__.pop("registry", None)
    return world


def reported(world: World, *months: str, chapter: str = "ala-lakeside") -> None:
    """The reports of these months are issued."""
    for month in months:
        world.archive.issue_report(chapter, month, f"facts of {month}", reason=None, at=night(30))


def left(world: World, key: str = LAKESIDE) -> list[str]:
    """The posts that have a text left."""
    return sorted(world.archive.posts_frame([key])["subject_id"])


def kept(world: World, at: datetime, key: str = LAKESIDE) -> dict[str, int]:
    """What the preview says of an account: how many go, and how many stay for which reason."""
    world.at(at)
    [found] = [item for item in ageing(world.workplace) if item.account.key == key]
    return {"due": len(found.due), **found.kept}


# --- what stays -------------------------------------------------------------------------------------------------------


def test_without_a_rule_nothing_is_erased_by_age(light: World) -> None:
    """The near-miss: years later every text is there, and the preview says that none goes."""
    light.store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    reported(light, "2026-10")
    counts = light.audit(AFTER + timedelta(days=2_000))

    assert (["1"], 0, 0) == (left(light), counts["outlived"], counts["waiting"])
    assert {"due": 0} == kept(light, AFTER)


def test_a_text_stays_to_the_last_moment_of_its_time(light: World) -> None:
    """Three months to the minute are not over; a post that was shown last week is young, whenever it was written."""
    rule(light).store(LAKESIDE, post("1", KIND, POSTED), post("2", KIND, POSTED), at=night(0))
    light.store(LAKESIDE, post("2", KIND, POSTED), at=night(80))
    reported(light, "2026-10")

    assert 0 == light.audit(LIMIT)["outlived"]
    assert 1 == light.audit(AFTER)["outlived"]
    assert ["2"] == left(light)


def test_no_text_goes_by_a_clock_that_a_platform_calls_ahead(light: World) -> None:
    """By it the post was last seen a year ago. X says that this was yesterday, so nothing is erased for its age."""
    now = datetime.now(UTC)
    seen = now - timedelta(days=400)
    rule(light).store(LAKESIDE, post("1", KIND, seen - timedelta(days=20)), at=seen)
    reported(light, *months_between(seen.date() - timedelta(days=60), now.date()))
    light.workplace.settings = replace(light.workplace.settings, pinned_now=None)
    light.x.headers = {"Date": format_datetime(seen + timedelta(days=1), usegmt=True)}
    collect_night(light.workplace, night_before(now), [LAKESIDE])
    counts = light.audit(light.workplace.now)

    assert (["1"], 0) == (left(light), counts["outlived"])
    assert {"due": 1} == kept(light, now)
    assert 1 == light.audit(now + timedelta(days=3))["outlived"]


@pytest.mark.parametrize(
    ("instant", "months", "expected"),
    [
        ("2027-05-31T06:00:00+00:00", 3, "2027-02-28T06:00:00+00:00"),
        ("2027-01-05T02:15:00+00:00", 13, "2025-12-05T02:15:00+00:00"),
        ("2028-02-29T00:00:00+00:00", 12, "2027-02-28T00:00:00+00:00"),
    ],
)
def test_months_are_those_of_the_calendar(instant: str, months: int, expected: str) -> None:
    """A month that lacks the day ends on its last one."""
    assert expected == months_ago(datetime.fromisoformat(instant), months).isoformat()


def test_a_month_that_is_not_reported_keeps_its_texts(light: World) -> None:
    """However old they are; what was posted before the account was known has no report to come."""
    early = post("0", KIND, datetime(2026, 8, 20, tzinfo=UTC))
    rule(light).store(LAKESIDE, early, post("1", KIND, POSTED), at=night(0))
    light.audit(AFTER + timedelta(days=90))
    assert (["1"], {"due": 0, "unreported": 1}) == (left(light), kept(light, AFTER + timedelta(days=90)))

    reported(light, "2026-10")
    light.audit(AFTER + timedelta(days=91))
    assert [] == left(light)


def test_the_month_is_that_of_the_associations_zone(light: World) -> None:
    """On the first of November in UTC it is still October in Chicago: November's report is not waited for."""
    late = datetime(2026, 11, 1, 3, tzinfo=UTC)
    rule(light).store(LAKESIDE, post("1", KIND, late), at=night(28))
    reported(light, "2026-10")

    assert 1 == light.audit(night(28) + timedelta(days=100))["outlived"]


def test_a_report_that_failed_among_others_is_waited_for(light: World) -> None:
    """September and November are issued; October's texts stay."""
    rule(light).store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    reported(light, "2026-09", "2026-11")

    assert {"due": 0, "unreported": 1} == kept(light, AFTER)


def test_another_chapters_report_is_not_ones_own(light: World) -> None:
    """Harbor's report says nothing of Lakeside's posts."""
    rule(light).store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    reported(light, "2026-10", chapter="ala-harbor")

    assert 0 == light.audit(AFTER)["outlived"]


def test_an_open_finding_keeps_its_words(light: World) -> None:
    """It has to be mended and may be appealed; settled, and that reported, it goes like the others."""
    rule(light).store(LAKESIDE, post("1", RUDE, POSTED), post("2", KIND, POSTED), at=night(0))
    reported(light, "2026-10")
    light.audit(AFTER)
    assert (["1"], {"due": 0, "open": 1}) == (left(light), kept(light, AFTER))

    key = light.findings()["obscene 1"].key
    light.archive.add_disposition(key, DispositionState.FALSE_POSITIVE, "a quotation", "a.person", AFTER)
    assert {"due": 0, "unreported": 1} == kept(light, AFTER)
    reported(light, "2027-01")
    light.audit(AFTER + timedelta(days=40))
    assert [] == left(light)


def test_what_ended_is_told_before_it_goes(light: World) -> None:
    """A finding mended in November stands in November's report with its words."""
    rule(light).store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    light.store(LAKESIDE, post("1", "EDIT: a word was taken out. This is nonsense.", POSTED), at=night(40))
    light.audit(night(40))
    reported(light, "2026-10")
    later = night(40) + timedelta(days=100)
    assert {"due": 0, "unreported": 1} == kept(light, later)

    reported(light, "2026-11")
    assert 1 == light.audit(later)["outlived"]


# --- what goes --------------------------------------------------------------------------------------------------------


def test_what_outlived_its_time_is_erased_as_a_deleted_post_is(world: World) -> None:
    """No byte of the text is left; the tombstone names the rule and the machine, and the archive is whole."""
    rule(world).store(LAKESIDE, post("1", "A most singular sentence.", POSTED), at=night(0))
    reported(world, "2026-10")
    counts = world.audit(AFTER)

    assert (0, 1, 0) == (counts["erased"], counts["outlived"], counts["waiting"])
    assert [(LAKESIDE, "1")] == world.archive.erased_posts()
    [gone] = world.archive.outlived([LAKESIDE])
    assert ("1", 3, POSTED, AFTER) == (gone.native_id, gone.months, gone.created_at, gone.at)
    [told] = tombstones(world)
    reason = "not seen for 3 months, which is as long as the association's retention rule keeps a text"
    assert (reason, "chapterwatch") == (told["reason"], told["author"])
    assert world.archive.verify().ok
    if world.archive.dialect == "sqlite":
        assert not any(b"singular" in path.read_bytes() for path in world.home.glob("archive.sqlite*"))


def tombstones(world: World) -> list[dict[str, str]]:
    engine = create_engine(world.workplace.settings.database)
    with engine.connect() as conn:
        notes = conn.execute(select(tables.capture.c.note).where(tables.capture.c.kind == "erasure")).scalars().all()
    engine.dispose()
    return [json.loads(note) for note in notes]


def test_a_finding_that_was_settled_stays_without_its_words(world: World) -> None:
    """Rule, day and decision outlive the text, through every later audit."""
    rule(world).store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    world.audit(night(1))
    key = world.findings()["obscene 1"].key
    world.archive.add_disposition(key, DispositionState.ACCEPTED_RISK, "stays", "a.person", night(2))
    reported(world, "2026-10")
    first, second = world.audit(AFTER), world.audit(AFTER + timedelta(days=1))

    assert [(1, 0), (0, 0)] == [(counts["outlived"], counts["retired"]) for counts in (first, second)]
    assert [(key, "")] == [(item.key, item.excerpt) for item in world.archive.findings()]
    assert world.archive.verify().ok


def test_each_platform_has_its_own_time(light: World) -> None:
    """X is kept for a year here, and everything else for three months."""
    rule(light, "{months: 3, platforms: {x: 12}}")
    light.store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    light.store(LIST, post("2", KIND, POSTED), at=night(0))
    reported(light, "2026-10")
    light.audit(AFTER)

    assert (["1"], []) == (left(light), left(light, LIST))


def test_no_export_brings_back_what_outlived_its_time(light: World) -> None:
    """The file lies in the inbox still and is read each night: the post is seen, its words stay gone."""
    rule(light).store(LIST, post("1", KIND, POSTED), at=night(0))
    reported(light, "2026-10")
    light.store(LIST, post("1", KIND, POSTED), at=night(80))
    light.audit(AFTER)
    light.store(LIST, post("1", KIND, POSTED), at=AFTER + timedelta(days=1))
    counts = light.audit(AFTER + timedelta(days=1))

    assert ([], 0) == (left(light, LIST), counts["outlived"])
    assert light.archive.verify().ok


def test_an_audit_erases_so_many_at_most(light: World) -> None:
    """Those seen longest ago first; the others wait for the next one, and that is said."""
    rule(light)
    for number in range(3):
        light.store(LAKESIDE, post(str(number), KIND, POSTED), at=night(number))
    light.store(HARBOR, post("9", KIND, POSTED), at=night(0))
    for chapter in ("ala-lakeside", "ala-harbor"):
        reported(light, "2026-10", chapter=chapter)
    later = AFTER + timedelta(days=30)
    done = erase_outlived(light.archive, light.workplace.registry, [LAKESIDE, HARBOR], later, limit=2)

    assert (2, 2) == (done.erased, done.waiting)
    assert (["2"], ["9"]) == (left(light), left(light, HARBOR))


def test_an_audit_of_one_chapter_erases_nothing_of_another(light: World) -> None:
    """As with deleted posts: each account is cleared with its own audit."""
    rule(light).store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    light.store(HARBOR, post("2", KIND, POSTED), at=night(0))
    for chapter in ("ala-lakeside", "ala-harbor"):
        reported(light, "2026-10", chapter=chapter)
    light.audit(AFTER, "ala-harbor")

    assert (["1"], []) == (left(light), left(light, HARBOR))


def test_the_rule_holds_for_accounts_that_left_the_registry(light: World) -> None:
    """Nobody reads, audits or reports them any more; their texts must not stay for ever because of that."""
    rule(light).store(HARBOR, post("2", KIND, POSTED), at=night(0))
    start, end = REGISTRY.index("      - id: ala-harbor"), REGISTRY.index("      - id: ala-severn")
    rule(light, registry=REGISTRY[:start] + REGISTRY[end:])

    assert 1 == light.audit(AFTER)["outlived"]
    assert [] == left(light, HARBOR)


def test_the_preview_counts_and_changes_nothing(light: World) -> None:
    """Account by account: how many texts there are, how many go, and what keeps the others."""
    rule(light).store(LAKESIDE, *(post(str(number), KIND, POSTED) for number in range(3)), at=night(0))
    light.store(LAKESIDE, post("9", KIND, POSTED), at=night(60))
    light.audit(night(60))
    reported(light, "2026-10")
    light.at(night(61))
    add_hold(light.workplace, LAKESIDE, "1", until=date(2027, 6, 30), **BY)
    light.at(AFTER)
    [found] = [item for item in ageing(light.workplace, ["ala-lakeside"]) if item.account.key == LAKESIDE]

    assert (3, 4, ["0", "2"], {"hold": 1}) == (
        found.months,
        found.texts,
        [item.native_id for item in found.due],
        found.kept,
    )
    assert 4 == len(left(light))


# --- holds ------------------------------------------------------------------------------------------------------------


def test_what_is_on_hold_is_erased_neither_for_its_age_nor_for_its_deletion(world: World) -> None:
    """A court may need it. Its neighbour goes; when the hold is over, so does it."""
    rule(world).store(LAKESIDE, *(post(name, KIND, POSTED) for name in "1234"), at=night(0))
    reported(world, "2026-10")
    world.at(night(1))
    for name in "13":
        add_hold(world.workplace, LAKESIDE, name, until=date(2027, 1, 31), **BY)
    for name in "12":
        world.miss(LAKESIDE, name, at=night(1))
        world.miss(LAKESIDE, name, at=night(2))
    first, second = world.audit(night(3)), world.audit(AFTER)

    assert [(1, 0), (0, 1)] == [(counts["erased"], counts["outlived"]) for counts in (first, second)]
    assert ["1", "3"] == left(world)
    third = world.audit(datetime(2027, 2, 1, tzinfo=UTC))
    assert (1, 1, []) == (third["erased"], third["outlived"], left(world))
    assert world.archive.verify().ok


def test_an_account_on_hold_keeps_every_post(light: World) -> None:
    """Those to come among them, until somebody ends it, which is logged with who and why."""
    rule(light).store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    reported(light, "2026-10")
    light.at(night(1))
    number = add_hold(light.workplace, LAKESIDE, None, until=date(2028, 1, 1), **BY).id or 0
    light.store(LAKESIDE, post("2", KIND, POSTED), at=night(2))
    later = AFTER + timedelta(days=3)
    assert {"due": 0, "hold": 2} == kept(light, later)

    end_hold(light.workplace, number, by="records officer", why="settled out of court")
    assert {"due": 2} == kept(light, later)
    acts = light.archive.acts.of_subject(LAKESIDE)
    assert [("hold", "until 2028-01-01", "matter 12"), ("hold", "ended", "settled out of court")] == [
        (act.kind, act.detail, act.why) for act in acts
    ]
    assert {"records officer"} == {act.author for act in acts}


def test_what_is_on_hold_is_not_erased_by_hand_either(light: World) -> None:
    """Whoever asked for the hold has to hear of it first: one line says who, why, and how it is ended."""
    light.store(LAKESIDE, post("1", KIND, POSTED), post("2", KIND, POSTED), at=night(0))
    light.at(night(1))
    add_hold(light.workplace, LAKESIDE, "1", until=date(2027, 1, 31), **BY)

    with pytest.raises(UserError, match=r"is on hold by records officer \(matter 12\); end that first: .* hold end 1$"):
        erase_post(light.workplace, LAKESIDE, "1", by="a.person", why="asked for")
    assert 1 == erase_post(light.workplace, LAKESIDE, "2", by="a.person", why="asked for").revisions


def test_a_hold_is_a_persons_decision_with_an_end(light: World) -> None:
    """Without a name or a reason, for a day that is over, or about nothing that is known, there is none."""
    light.store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    light.at(night(1))
    today = night(1).date()

    with pytest.raises(UserError, match="say who decides"):
        add_hold(light.workplace, LAKESIDE, "1", until=today, by=" ", why="matter 12")
    with pytest.raises(UserError, match="is over"):
        add_hold(light.workplace, LAKESIDE, "1", until=today - timedelta(days=1), **BY)
    with pytest.raises(ArchiveError, match="post 7 of x:2001 is not in the archive"):
        add_hold(light.workplace, LAKESIDE, "7", until=today, **BY)
    with pytest.raises(UserError, match="there is no hold 5"):
        end_hold(light.workplace, 5, **BY)
    assert [] == light.archive.holds(night(1))


def test_a_hold_lasts_to_the_end_of_its_day(light: World) -> None:
    """Until today means today as well."""
    light.store(LAKESIDE, post("1", KIND, POSTED), at=night(0))
    light.at(night(1))
    hold = add_hold(light.workplace, LAKESIDE, "1", until=night(1).date(), **BY)

    assert datetime(2026, 10, 7, tzinfo=UTC) == hold.expires_at


# --- what stands beside erased texts ----------------------------------------------------------------------------------

FEE = "The fee for the fall conference is $185 for members. Register by Friday at the desk."
CORRECTION = "Correction: the fee for the fall conference is $215 for members."


def edited(world: World, *beside: str) -> None:
    """A post was silently altered and set right in another; a hold keeps it, and whatever stands beside it goes."""
    rule(world).store(LAKESIDE, post("1", FEE, POSTED), at=night(0))
    world.store(LAKESIDE, post("1", FEE.replace("$185", "$215"), POSTED), at=night(1))
    others = [post(str(number), text, night(1)) for number, text in enumerate(beside, start=2)]
    world.store(LAKESIDE, *others, at=night(2))
    world.at(night(2))
    add_hold(world.workplace, LAKESIDE, "1", until=date(2028, 1, 1), **BY)
    reported(world, "2026-10")


def test_an_erased_correction_makes_no_silent_edit(light: World) -> None:
    """The near-miss: nobody is accused because the post that set it right outlived its time. It is not judged."""
    edited(light, CORRECTION)
    light.audit(night(2))
    assert "silent_edit 1" not in light.findings()
    light.audit(night(100))
    light.audit(night(101))

    assert ["1", "1"] == left(light)
    assert "silent_edit 1" not in light.findings()
    [tally] = [row for row in light.archive.latest_tallies([LAKESIDE]) if row.rule_id == "ala.silent_edit"]
    assert (0, {"texts_erased": 1}) == (tally.breaches, dict(tally.reasons))


def test_an_edit_nobody_told_of_stays_a_finding(light: World) -> None:
    """What was found while everything could be read is neither lost nor counted as not judged."""
    edited(light, KIND)
    light.audit(night(2))
    before = light.findings()["silent_edit 1"]
    light.audit(night(100))
    light.audit(night(101))

    assert before.key == light.findings()["silent_edit 1"].key
    assert light.findings()["silent_edit 1"].closed_at is None


def test_a_finding_whose_proof_outlived_its_time_stays(light: World) -> None:
    """A late correction is held against the post it corrects; that one gone, what was found is not withdrawn."""
    rule(light).store(LAKESIDE, post("1", FEE, POSTED), at=night(0))
    light.store(LAKESIDE, post("2", CORRECTION, POSTED + timedelta(days=12)), at=night(12))
    light.audit(night(12))
    assert "late_correction 2" in light.findings()
    reported(light, "2026-10")
    counts = [light.audit(AFTER), light.audit(AFTER + timedelta(days=1))]

    assert (["2"], [1, 0], [0, 0]) == (
        left(light),
        [item["outlived"] for item in counts],
        [item["retired"] for item in counts],
    )
    assert "Correction" == light.findings()["late_correction 2"].excerpt


def test_away_from_erased_texts_everything_is_judged(light: World) -> None:
    """An edit half a year after the erased text is judged as ever."""
    edited(light, CORRECTION)
    later = night(0) + timedelta(days=180)
    light.store(LAKESIDE, post("8", FEE, later - timedelta(days=1)), at=later - timedelta(days=1))
    light.store(LAKESIDE, post("8", FEE.replace("$185", "$215"), later - timedelta(days=1)), at=later)
    light.audit(later)
    light.audit(later + timedelta(days=1))

    assert {"silent_edit 8"} == {name for name in light.findings() if name.startswith("silent_edit")}
