"""What a chapter's report is made from, gathered from the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chapterwatch.model import Media
from chapterwatch.pipeline.inputs import Issue, chapter_inputs
from chapterwatch.policy import load_pack
from reports.view import ChapterInputs, build_chapter
from tests.pipeline.world import FIRST_NIGHT, LAKESIDE, LIST, World, post

POSTED = FIRST_NIGHT - timedelta(days=2)


def test_an_edit_that_says_so_is_told_apart_from_one_that_does_not(light: World) -> None:
    """The mark is read in the text itself: not every pack has a rule that looks for it."""
    before = [post("1", "Doors open at six.", POSTED), post("2", "Doors open at six.", POSTED)]
    after = [
        post("1", "Doors open at seven. EDIT: corrected the time", POSTED),
        post("2", "Doors open at seven.", POSTED),
    ]
    light.store(LAKESIDE, *before, at=POSTED)
    light.store(LAKESIDE, *after, at=FIRST_NIGHT)
    for pack in ("ala", "lll"):
        changes = october(light, pack).changes
        assert {"1": "marked_edit", "2": "edited"} == {item.subject_id: item.kind for item in changes}


def test_a_post_shown_again_after_its_body_was_erased_is_not_called_edited(light: World) -> None:
    """The text before is gone, and nobody has changed it. The near-miss: what is changed afterwards is an edit."""
    light.store(LAKESIDE, post("1", "Doors open at six.", POSTED), at=POSTED)
    light.archive.erase_body(LAKESIDE, "1", reason="deleted", author="test", at=FIRST_NIGHT)
    light.store(LAKESIDE, post("1", "Doors open at six.", POSTED), at=FIRST_NIGHT + timedelta(days=1))
    before = october(light).changes
    light.store(LAKESIDE, post("1", "Doors open at seven.", POSTED), at=FIRST_NIGHT + timedelta(days=2))

    assert () == before
    assert [("edited", "Doors open at six.")] == [(item.kind, item.before_excerpt) for item in october(light).changes]


def test_words_whose_text_is_not_there_are_black_where_they_are_personal(light: World) -> None:
    """A bare date is a birth date beside "born" alone; other rules' words stay, for the question needs them."""
    text = "Celia was born on 03/14/1994 in Reno."
    pictured = Media(kind="photo", url="https://x.example/1.jpg", alt_text=text)
    light.store(LAKESIDE, post("1", text, POSTED), post("2", "A cake", POSTED, media=(pictured,)), at=POSTED)
    light.audit(FIRST_NIGHT)
    [found] = [
        item for item in light.archive.findings() if item.rule_id == "ala.personal_data" and item.field == "text"
    ]
    moved = replace(found, start=0, end=len(found.excerpt), key="moved")
    question = replace(moved, rule_id="ala.threat", excerpt="a fool", key="question")
    described = replace(found, subject_id="2", field="alt_text", key="described")
    association = light.workplace.registry.associations[0]
    inputs = chapter_inputs(
        light.archive,
        association,
        association.chapters[0],
        load_pack("ala"),
        f"{FIRST_NIGHT:%Y-%m}",
        Issue(revision=1, reason=None, issued_at=FIRST_NIGHT + timedelta(days=40)),
        [found, moved, question, described],
    )
    whole = text.replace("03/14/1994", "█" * 10)
    assert {"moved": "█" * 10, "question": "a fool", "described": whole, found.key: whole} == {
        item.key: item.excerpt for item in inputs.findings
    }


def test_what_was_only_noticed_carries_no_time_of_its_own(light: World) -> None:
    """A nightly run sees that something changed, not when: only a platform's own time is told as the deed's."""
    noon, third = POSTED + timedelta(hours=10), FIRST_NIGHT + timedelta(days=1)
    light.store(LAKESIDE, *(post(name, "Doors open at six.", POSTED) for name in ("1", "2", "3", "4")), at=POSTED)
    edited = post("1", "Doors open at seven.", POSTED), post("2", "Doors open at seven.", POSTED, edited_at=noon)
    light.store(LAKESIDE, *edited, post("4", "", POSTED, deleted_at=noon), at=FIRST_NIGHT)
    for run in (FIRST_NIGHT, third):
        light.miss(LAKESIDE, "3", at=run)
    light.audit(third)
    inputs = october(light)
    assert {"1": FIRST_NIGHT, "2": None, "3": FIRST_NIGHT, "4": None} == {
        item.subject_id: item.noticed_at for item in inputs.changes
    }
    view = build_chapter(inputs)
    times = {"noticed on 4 October", "3 October, 07:15"}
    assert times == {change.when_words for change in view.changes}
    assert {f"Deletion on X @ala_lakeside, {when}" for when in times} == {
        part.heading for part in view.posts if part.heading.startswith("Deletion")
    }


@pytest.mark.parametrize(
    ("language", "when"),
    [("de", "bemerkt am 4. Oktober"), ("es", "se notó el 4 de octubre"), ("fr", "constat du 4 octobre")],
)
def test_that_something_was_noticed_is_said_in_every_language(light: World, language: str, when: str) -> None:
    """The words fit an edit as well as a deletion, whatever its gender."""
    light.store(LAKESIDE, post("1", "Doors open at six.", POSTED), at=POSTED)
    light.store(LAKESIDE, post("1", "Doors open at seven.", POSTED), at=FIRST_NIGHT)
    assert [when] == [change.when_words for change in build_chapter(october(light), language).changes]


def test_a_post_in_doubt_says_since_when(light: World) -> None:
    """That it may be gone was noticed on a day; the month's last second is nobody's."""
    light.store(LAKESIDE, post("1", "Doors open at six.", POSTED), at=POSTED)
    light.miss(LAKESIDE, "1", at=FIRST_NIGHT, certainty="cannot_tell")
    assert ["noticed on 4 October"] == [change.when_words for change in build_chapter(october(light)).changes]


def test_an_account_nothing_was_asked_of_yet_is_no_tampering(light: World) -> None:
    """Lakeside has a private space, which is never asked, and an account that came into the registry today."""
    light.collect(1, LAKESIDE)
    keys = {account.key for account in light.workplace.registry.associations[0].chapters[0].accounts}
    chain = october(light).chain

    assert {"x:2009", LIST} == keys - light.archive.registered().keys()
    assert chain.verified


def october(world: World, pack: str = "ala") -> ChapterInputs:
    """What the first chapter's report of October is made from."""
    association = world.workplace.registry.associations[0]
    return chapter_inputs(
        world.archive,
        association,
        association.chapters[0],
        load_pack(pack),
        f"{FIRST_NIGHT:%Y-%m}",
        Issue(revision=1, reason=None, issued_at=FIRST_NIGHT + timedelta(days=40)),
    )
