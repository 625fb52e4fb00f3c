"""An audit's last step: what re-fetching says of findings people decided about, and what reports say of that."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chapterwatch.model import RE_FETCH, DispositionState
from chapterwatch.pipeline import steps
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, inputs_hash
from chapterwatch.pipeline.network import part_of
from chapterwatch.policy import load_pack
from reports.view import ChapterInputs, build_chapter
from tests.pipeline.world import LAKESIDE, MONTH, MONTH_END, World, night, post

RUDE, MENDED = "This is bullshit, all of it.", "This is not right, all of it."
POSTED = night(0) - timedelta(hours=9)


@pytest.fixture
def judged(light: World) -> World:
    """Lakeside cursed; it was read and judged on the first night, and the owner says that it is fixed."""
    shown(light, 0)
    decided(light, "owner_says_fixed", night(0) + timedelta(hours=8))
    return light


def key_of(world: World) -> str:
    found = world.archive.findings(account_key=LAKESIDE)
    [key] = [item.key for item in found if item.rule_id == "ala.obscene"]
    return key


def decided(world: World, state: str, at: datetime) -> None:
    world.archive.add_disposition(key_of(world), DispositionState(state), "", "zofia-k", at, "communications")


def states(world: World) -> list[tuple[str, str]]:
    """The decisions about the rude word, with who took them."""
    key = key_of(world)
    return [(item.state.value, item.author) for item in world.archive.dispositions([key])[key]]


def shown(world: World, number: int, text: str = RUDE) -> None:
    """The nth night reads the post, and what the archive holds is judged."""
    edited = {"edited_at": night(number) - timedelta(hours=1)} if text != RUDE else {}
    world.store(LAKESIDE, post("1", text, POSTED, **edited), at=night(number))
    world.audit(night(number) + timedelta(minutes=30))


def october(world: World) -> ChapterInputs:
    """What Lakeside's report of October is made from."""
    press = steps.press_of(world.workplace)
    chapter, association = press.registry.chapter("ala-lakeside"), press.registry.association("ala")
    issue = Issue(revision=1, reason=None, issued_at=MONTH_END)
    return chapter_inputs(press.archive, association, chapter, load_pack("ala"), MONTH, issue)


def test_a_deleted_post_is_verified_though_its_body_is_erased(judged: World) -> None:
    """The audit that closes the finding erases the body and follows up on what people decided."""
    for number in (1, 2):
        judged.miss(LAKESIDE, "1", at=night(number))
        judged.audit(night(number) + timedelta(minutes=30))

    assert [("owner_says_fixed", "zofia-k"), ("verified", RE_FETCH)] == states(judged)


def test_a_night_that_still_sees_the_words_opens_the_finding_again(judged: World) -> None:
    """The report says who contradicts the owner: nobody but the look itself, and no person's decision is counted."""
    shown(judged, 2)

    assert [("owner_says_fixed", "zofia-k"), ("reopened", RE_FETCH)] == states(judged)
    inputs = october(judged)
    said = [one.state_words for item in build_chapter(inputs).posts for one in item.findings]
    assert "opened again (looked at again, 6 October)" in said
    assert {"communications": 1} == dict(part_of(judged.archive, inputs, []).decisions)


def test_a_look_after_the_month_was_closed_changes_nothing_in_it(judged: World) -> None:
    """What re-fetching shows later belongs to the next report, like what a chapter says later."""
    before = inputs_hash(october(judged))
    shown(judged, 40, MENDED)

    assert [("owner_says_fixed", "zofia-k"), ("verified", RE_FETCH)] == states(judged)
    assert before == inputs_hash(october(judged))
