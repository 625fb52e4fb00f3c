"""What the roll-up is made of: each chapter once, in headquarters' language, as it stood at the month's close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from chapterwatch.model import Access, Coverage, DispositionState, Seen, Window
from chapterwatch.pipeline.network import rule_records, verdict_of
from chapterwatch.pipeline.publish import Press, rollup_view
from chapterwatch.pipeline.steps import press_of
from chapterwatch.policy import Pack, load_pack
from reports.network import RollupView
from reports.network_facts import RuleRecord
from tests.pipeline.world import HARBOR, LAKESIDE, MONTH, MONTH_END, SEVERN, World, post

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)


def view_of(world: World) -> RollupView:
    return rollup_view(pressed(world), world.workplace.registry.association("ala"), MONTH)


class Pressed(Press):
    """A press that loads each pack once for all tests."""

    def pack(self, name: str) -> Pack:
        """A pack, loaded once in all."""
        return PACKS(name)


PACKS = cache(load_pack)


def pressed(world: World) -> Press:
    made = press_of(world.at(MONTH_END).workplace)
    return Pressed(made.archive, made.registry, made.policies, made.files, made.now)


@pytest.fixture
def judged(light: World) -> World:
    """Lakeside cursed in October, Harbor in September; both were read and judged."""
    september = datetime(2026, 9, 8, 15, tzinfo=UTC)
    light.store(LAKESIDE, post("1", "This is bullshit, all of it.", POSTED), at=POSTED + timedelta(hours=9), bio="We")
    light.store(HARBOR, post("2", "This is bullshit, all of it.", september), at=POSTED + timedelta(hours=9))
    light.audit(POSTED + timedelta(days=1))
    return light


def decide(world: World, state: DispositionState, at: datetime, role: str = "reviewer") -> None:
    for finding in world.archive.findings(chapter="ala-lakeside"):
        world.archive.add_disposition(finding.key, state, "", "zofia-k", at, role)


# --- decisions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """A disposition in the archive's shape."""

    state: DispositionState
    at: datetime
    note: str = ""
    author_role: str = ""


@pytest.mark.parametrize(
    ("states", "right"),
    [
        ([], None),
        (["open"], None),
        (["duplicate"], None),
        (["sent_to_owner"], None),
        (["false_positive"], False),
        (["confirmed"], True),
        (["accepted_risk"], True),
        (["confirmed", "false_positive"], False),
        (["false_positive", "reopened", "confirmed"], True),
        (["confirmed", "sent_to_owner", "closed"], True),
        (["sent_to_owner", "owner_says_fixed"], True),
    ],
)
def test_the_last_telling_decision_counts(states: list[str], right: bool | None) -> None:
    """Passing on, closing and duplicates say nothing of a rule; of those that do, the last one stands."""
    items = [Decision(DispositionState(state), POSTED + timedelta(days=day)) for day, state in enumerate(states)]

    assert right is verdict_of(reversed(items))


def test_a_rule_is_measured_by_what_was_decided_until_the_close(judged: World) -> None:
    """A decision of after the close belongs to the next month's roll-up."""
    rude = judged.archive.findings(chapter="ala-lakeside")[0].rule_id
    before = {one.rule_id: one for one in _records(judged)}
    decide(judged, DispositionState.FALSE_POSITIVE, MONTH_END - timedelta(minutes=1))
    known = {one.rule_id: one for one in _records(judged)}
    decide(judged, DispositionState.CONFIRMED, MONTH_END)
    later = {one.rule_id: one for one in _records(judged)}

    assert (2, 0, 0) == (before[rude].found, before[rude].right, before[rude].wrong)
    assert (2, 0, 1) == (known[rude].found, known[rude].right, known[rude].wrong)
    assert known[rude] == later[rude]
    assert known[rude].asked > 0


def _records(world: World) -> list[RuleRecord]:
    press = pressed(world)
    association = world.workplace.registry.association("ala")
    parts = [press.part(one, MONTH) for one in association.chapters]
    return list(rule_records(parts, press.pack("ala")))


# --- months and languages -------------------------------------------------------------------------------------------


def test_last_month_is_counted_from_what_is_known_now(judged: World) -> None:
    """Harbor's post of September was read in October: its finding stands beside the number, sight of it does not."""
    view = view_of(judged)

    assert "in September" in view.numbers[0].note
    assert "1 in September" == view.numbers[3].note
    assert "September" not in view.numbers[4].note


def test_a_chapter_is_gathered_once(judged: World) -> None:
    """One press keeps what a chapter adds to the network, without the texts of its posts."""
    press = pressed(judged)
    chapter = judged.workplace.registry.chapter("ala-lakeside")
    part = press.part(chapter, MONTH)

    assert part is press.part(chapter, MONTH)
    assert part.view.posts
    assert "bullshit" not in repr(part)


def test_headquarters_reads_its_own_language(judged: World) -> None:
    """A chapter that reads Spanish is told of in the association's English."""
    registry = judged.workplace.registry
    [association] = registry.associations
    spanish = replace(association.chapters[0], language="es")
    other = replace(association, chapters=(spanish, *association.chapters[1:]))
    press = pressed(judged)
    press.registry = replace(registry, associations=(other,))
    view = rollup_view(press, other, MONTH)

    assert view.access
    assert [] == [row.unseen.why for row in view.access if "cuenta" in row.unseen.why or "plataforma" in row.unseen.why]


# --- silent and unregistered ----------------------------------------------------------------------------------------


def seen_in_october(world: World, key: str) -> None:
    window = Window(since=datetime(2026, 10, 1, tzinfo=UTC), until=datetime(2026, 11, 2, tzinfo=UTC))
    world.archive.start_run("r", "nightly", "2026-11-01", window.until)
    row = Coverage(
        run_id="r",
        account_key=key,
        asked="posts",
        seen=Seen.SEEN,
        reason=None,
        detail="",
        window=window,
        at=window.until,
    )
    world.archive.add_coverage([row])


@pytest.mark.parametrize("seen", [True, False])
def test_silence_is_told_only_of_accounts_that_were_seen(light: World, seen: bool) -> None:
    """A post every third day until the end of August, then none: dormant where we looked, unknown where we did not."""
    days = [datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(days=3 * n) for n in range(30)]
    light.store(SEVERN, *(post(str(n), f"Post {n}", day) for n, day in enumerate(days)), at=days[-1])
    if seen:
        seen_in_october(light, SEVERN)
    dormant = [one for one in view_of(light).dormant if one.account == "X @ala_severn"]

    assert ([("27 August 2026", "a post every 3 days")] if seen else []) == [(one.last, one.usual) for one in dormant]


def test_profiles_tell_of_accounts_the_registry_does_not_know(light: World) -> None:
    """A link to an unregistered account is told of, one to a registered one and one to a post are not."""
    bio = (
        "News at https://x.com/lakeside_events. Main: https://x.com/ala_lakeside, "
        "and read https://x.com/someone/status/123"
    )
    light.store(LAKESIDE, post("1", "Hello", POSTED), at=POSTED + timedelta(hours=1), bio=bio)
    linked = view_of(light).linked

    assert [("X lakeside_events", "Lakeside Chapter", "not registered")] == [
        (one.account, one.chapter, one.what) for one in linked
    ]


def test_access_that_ends_is_told_with_who_says_so(light: World) -> None:
    """What the registry says of a token's end is printed as the registry's word; nothing is known of the others."""
    registry = light.workplace.registry
    [association] = registry.associations
    harbor = association.chapters[1]
    ending = replace(harbor.accounts[0], expires=date(2026, 11, 20))
    other = replace(
        association, chapters=(association.chapters[0], replace(harbor, accounts=(ending,)), association.chapters[2])
    )
    press = pressed(light)
    press.registry = replace(registry, associations=(other,))
    view = rollup_view(press, other, MONTH)

    assert Access.PUBLIC_API is ending.access
    assert [("Harbor Chapter", "X @ala_harbor", "20 November 2026", "in 18 days (registry)")] == [
        (one.chapter, one.account, one.ends_words, one.left_words) for one in view.ending
    ]
