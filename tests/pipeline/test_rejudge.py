"""Judging only what is new gives what judging everything gives, to the letter, and asks no more than it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from chapterwatch.pipeline.audit import contexts_of
from chapterwatch.pipeline.rejudge import Rejudged, fingerprints, judge_new
from chapterwatch.policy import Pack, load_pack
from checks.base import Row
from checks.engine import CompiledPack, compile_pack, judge, run_case
from tests.pipeline.world import HARBOR, LAKESIDE, World, night, post

POSTED = night(0) - timedelta(hours=10)
TEXTS = [
    "The fee for the fall conference is $185 for members. Register by Friday at the desk.",
    "This is bullshit. Call Devon at (202) 555-0173.",
    "Das Treffen beginnt am Donnerstag um zehn Uhr in der Bücherei.",
    "Thanks to all volunteers 😀 #LLS26",
    "木曜日の集まりは十時から図書館で行います。",
    "Vote him out! This president is destroying our country.",
    "",
]


@pytest.fixture
def told(light: World) -> World:
    """Two accounts with posts in several languages, one of them edited, and a profile."""
    for number, text in enumerate(TEXTS):
        light.store(LAKESIDE, post(str(number), text, POSTED + timedelta(minutes=number)), at=night(0))
        light.store(HARBOR, post(f"h{number}", text, POSTED + timedelta(minutes=number)), at=night(0))
    light.store(LAKESIDE, post("0", TEXTS[0].replace("$185", "$215"), POSTED), at=night(1))
    return light


def asked(world: World, pack: Pack | CompiledPack) -> tuple[Rejudged, Any]:
    """Judged with memory, and judged whole."""
    posts, profiles = world.archive.posts_frame(), world.archive.profiles_frame()
    associations = world.workplace.registry.associations
    contexts = {key: value for item in associations for key, value in contexts_of(item).items()}
    return judge_new(world.archive, posts, profiles, pack, contexts), judge(posts, profiles, pack, contexts)


def same(rejudged: Rejudged, whole: Any) -> None:
    """Verdicts and evidence are those of judging everything."""
    pd.testing.assert_frame_equal(whole.verdicts, rejudged.judged.verdicts)
    pd.testing.assert_frame_equal(whole.evidence, rejudged.judged.evidence)


def test_the_second_night_judges_nothing_that_is_known(told: World) -> None:
    """What was judged and has not changed is not judged again, and its verdicts come out the same."""
    pack = compile_pack(load_pack("ala"))
    first, whole = asked(told, pack)
    second, _ = asked(told, pack)

    same(first, whole)
    same(second, whole)
    assert (2 * len(TEXTS) + 1, 0) == (first.new, second.new)


def test_a_new_post_is_judged_alone(told: World) -> None:
    """A night judges only what is new."""
    pack = compile_pack(load_pack("ala"))
    asked(told, pack)
    told.store(LAKESIDE, post("new", "What a shitshow.", POSTED + timedelta(hours=1)), at=night(2))
    after, whole = asked(told, pack)

    same(after, whole)
    assert 1 == after.new


def test_an_edit_is_judged_with_its_neighbour(told: World) -> None:
    """An edit makes a new revision, and ends the one before: both are looked at, nothing else."""
    pack = compile_pack(load_pack("ala"))
    asked(told, pack)
    told.store(LAKESIDE, post("3", "Thanks to all fucking volunteers", POSTED + timedelta(minutes=3)), at=night(2))
    after, whole = asked(told, pack)

    same(after, whole)
    assert 2 == after.new


@pytest.mark.parametrize("change", [lambda rule: rule.model_copy(update={"version": rule.version + 1})])
def test_a_changed_rule_judges_alone(told: World, change: Callable[[Any], Any]) -> None:
    """One changed rule is asked again of everything, and no other rule is."""
    pack = load_pack("ala")
    asked(told, compile_pack(pack))
    changed = replace(pack, digest="changed", rules={**pack.rules, "ala.obscene": change(pack.rules["ala.obscene"])})
    before, after = fingerprints(compile_pack(pack)), fingerprints(compile_pack(changed))
    rejudged, whole = asked(told, compile_pack(changed))

    assert {"ala.obscene"} == {rule for rule in after if after[rule] != before[rule]}
    same(rejudged, whole)
    assert 2 * len(TEXTS) + 1 == rejudged.new
    assert 0 == asked(told, compile_pack(changed))[0].new


def test_a_rule_that_left_the_pack_says_nothing_any_more(told: World) -> None:
    """What a dropped rule said is not recalled."""
    pack = load_pack("ala")
    asked(told, compile_pack(pack))
    fewer = {name: rule for name, rule in pack.rules.items() if name != "ala.obscene"}
    rejudged, whole = asked(told, compile_pack(replace(pack, digest="fewer", rules=fewer)))

    same(rejudged, whole)
    assert 0 == rejudged.new


def test_an_erased_body_leaves_no_words_in_the_memory(told: World) -> None:
    """Evidence quotes the post; when its body goes, the remembered evidence goes with it."""
    pack = compile_pack(load_pack("ala"))
    asked(told, pack)
    told.archive.erase_body(LAKESIDE, "1", reason="asked for", author="test", at=night(2))
    remembered, _ = told.archive.remembered([LAKESIDE], "post")

    assert "1" not in set(remembered["subject_id"])


def test_an_audit_that_began_before_an_erasure_remembers_nothing_of_it(told: World) -> None:
    """It judged the words that are gone now; the text that stands there since is remembered, and so are the others."""
    pack = compile_pack(load_pack("ala"))
    posts, profiles = told.archive.posts_frame(), told.archive.profiles_frame()
    [association] = told.workplace.registry.associations
    told.archive.erase_body(LAKESIDE, "1", reason="asked for", author="test", at=night(1))
    judge_new(told.archive, posts, profiles, pack, contexts_of(association))
    remembered, _ = told.archive.remembered([LAKESIDE], "post")
    assert {"0", "2", "3", "4", "5", "6"} == set(remembered["subject_id"])

    told.store(LAKESIDE, post("1", "What a shitshow.", POSTED + timedelta(minutes=1)), at=night(2))
    asked(told, pack)
    remembered, _ = told.archive.remembered([LAKESIDE], "post")
    assert [1] == list(remembered.loc[remembered["subject_id"] == "1", "revision"])
    same(*asked(told, pack))


@pytest.mark.parametrize("name", ["ala", "lll"])
def test_a_rule_reads_only_the_lexicons_its_fingerprint_covers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lexicon that changes must change the fingerprint of every rule that reads it."""
    pack = compile_pack(load_pack(name))
    read: set[str] = set()
    hits = Row.hits

    def noting(row: Row, lexicon: str, **options: Any) -> Any:
        read.add(lexicon)
        return hits(row, lexicon, **options)

    monkeypatch.setattr(Row, "hits", noting)
    beyond = {}
    for item in pack.rules:
        if item.check.across:
            continue
        read.clear()
        for case in pack.pack.cases_of(item.rule):
            run_case(pack, item.rule, case)
        beyond[item.rule.id] = read - item.params.named()
    assert {} == {rule: names for rule, names in beyond.items() if names}
