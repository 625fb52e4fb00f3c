"""What a chapter's report is made from, gathered from the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chapterwatch.model import Media
from chapterwatch.pipeline.inputs import Issue, chapter_inputs
from chapterwatch.policy import load_pack
from tests.pipeline.world import FIRST_NIGHT, LAKESIDE, World, post

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
    association = light.workplace.registry.associations[0]
    for pack in ("ala", "lll"):
        inputs = chapter_inputs(
            light.archive,
            association,
            association.chapters[0],
            load_pack(pack),
            f"{FIRST_NIGHT:%Y-%m}",
            Issue(revision=1, reason=None, issued_at=FIRST_NIGHT + timedelta(days=40)),
        )
        assert {"1": "marked_edit", "2": "edited"} == {item.subject_id: item.kind for item in inputs.changes}


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
