"""An audit in parts concludes what an audit in one piece does, and no part holds half a thread or chapter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chapterwatch.pipeline import audit
from tests.pipeline.world import HARBOR, LAKESIDE, LIST, SEVERN, World, night, post

POSTED = night(0) - timedelta(hours=10)


def _fill(world: World) -> None:
    for key, number in ((LAKESIDE, 1), (HARBOR, 2), (SEVERN, 3)):
        texts = ("This is bullshit.", "Register by Friday at the desk.", "Thank you all for coming.")
        posts = [post(f"{number}{place}", text, POSTED) for place, text in enumerate(texts)]
        world.store(key, *posts, at=night(0), bio="We meet on Mondays")
    world.store(HARBOR, post("29", "I disagree with that!!", POSTED, reply_to="10", kind="reply"), at=night(0))


def _parts(world: World, size: int) -> list[set[str]]:
    accounts = world.workplace.registry.select()
    return [{account.chapter for account in part} for part in audit.parts_of(world.archive, accounts, size)]


def test_a_part_holds_whole_threads_and_chapters(light: World) -> None:
    """However small the parts are to be: Harbor answers Lakeside, so they are judged together."""
    _fill(light)
    assert [{"ala-lakeside", "ala-harbor"}, {"ala-severn"}] == _parts(light, size=1)
    assert [{"ala-lakeside", "ala-harbor", "ala-severn"}] == _parts(light, size=1000)


def test_an_audit_in_parts_finds_the_same(light: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings and denominators to the letter; the counts of the run are those of all parts together."""
    _fill(light)
    whole = light.audit(night(0))
    findings = light.archive.findings()
    tallies = light.archive.latest_tallies([LAKESIDE, HARBOR, SEVERN, LIST])

    monkeypatch.setattr(audit.parts_of, "__defaults__", (1,))
    again = light.audit(night(1))

    assert 3 <= len(findings)
    assert findings == light.archive.findings()
    assert [(row.rule_id, row.account_key, row.judged, row.reasons) for row in tallies] == [
        (row.rule_id, row.account_key, row.judged, row.reasons)
        for row in light.archive.latest_tallies([LAKESIDE, HARBOR, SEVERN, LIST])
    ]
    same = ("accounts", "judged", "not_judged", "findings", "open")
    assert {name: whole[name] for name in same} == {name: again[name] for name in same}
