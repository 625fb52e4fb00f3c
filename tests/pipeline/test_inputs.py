"""What a chapter's report is made from, gathered from the archive."""

from __future__ import annotations

from datetime import timedelta

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
