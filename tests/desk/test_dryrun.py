"""A changed pack tried on the archive: what would appear, what would vanish, and nothing of it kept."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chapterwatch.cli import root
from chapterwatch.errors import UserError
from chapterwatch.pipeline import dryrun
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import POLICIES, Pack, load_pack

#: The rule under another id: what it finds vanishes under the one and appears under the other.
RENAMED = {"  - id: ala.personal_data\n": "  - id: ala.personal_details\n"}


def _draft(folder: Path, replaced: dict[str, str]) -> Path:
    """A copy of the ALA pack with some words of its rules replaced."""
    shutil.copytree(POLICIES / "ala", folder)
    left = dict(replaced)
    for path in sorted((folder / "rules").glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        for old in [old for old in left if old in text]:
            text = text.replace(old, left.pop(old))
        path.write_text(text, encoding="utf-8")
    assert {} == left
    return folder


@pytest.fixture(scope="module")
def current() -> Pack:
    """The pack in use."""
    return load_pack("ala")


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """A draft far from any shared lexicons: those in use are taken."""
    return dryrun.load_draft(_draft(tmp_path_factory.mktemp("drafts") / "renamed", RENAMED), POLICIES)


def test_other_words_for_people_are_no_other_judging(current: Pack, renamed: Pack) -> None:
    """The near miss: a title is not judged by, a parameter is."""
    rule = current.rules["ala.threat"]
    told = replace(current, rules={**current.rules, rule.id: rule.model_copy(update={"title": "x", "cases": ()})})
    asked = replace(current, rules={**current.rules, rule.id: rule.model_copy(update={"params": {"x": 1}})})
    assert (frozenset(), {"ala.threat"}) == (dryrun.changed_rules(current, told), dryrun.changed_rules(current, asked))
    assert {"ala.personal_data", "ala.personal_details"} == dryrun.changed_rules(current, renamed)
    everything = dryrun.changed_rules(current, replace(current, lexicons={}))
    assert set(current.rules) == everything


def test_what_a_dropped_rule_found_vanishes_and_what_a_new_one_finds_appears(
    place: Workplace, current: Pack, renamed: Pack
) -> None:
    """Both are counted and named, drawn by the seed, and nothing of it is kept."""
    before = place.archive.findings()
    trial = dryrun.trial(place.archive, place.registry, current, renamed)
    assert {"ala.personal_data": 3} == trial.vanish
    assert {"ala.personal_details": 3} == trial.appear
    stored = len(place.archive.posts_frame().drop_duplicates(["account_key", "subject_id"]))
    assert ({"ala.personal_data"}, stored, False) == (
        {one.rule_id for one in trial.vanishing},
        trial.posts,
        trial.bounded,
    )
    assert before == place.archive.findings()
    same = dryrun.trial(place.archive, place.registry, current, current)
    assert ((), {}, {}) == (same.rules, same.appear, same.vanish)


def test_the_newest_posts_are_judged_up_to_the_bound(place: Workplace, current: Pack, renamed: Pack) -> None:
    """Older ones are left out, and that is said."""
    trial = dryrun.trial(place.archive, place.registry, current, renamed, newest=1)
    assert (1, True) == (trial.posts, trial.bounded)


def test_a_folder_without_a_pack_is_told(tmp_path: Path) -> None:
    """In one line, with what to do."""
    with pytest.raises(UserError, match=r"no policy\.yml"):
        dryrun.load_draft(tmp_path, POLICIES)


def test_the_page_tries_a_draft_and_logs_who_did(desktop: Any) -> None:
    """An administrator picks one of the waiting packs; a broken one is told with its lines."""
    home = desktop.home / "drafts"
    place = f"<code>{home}</code>"
    page = desktop.get("ada", "drafts").text
    assert [True, True] == [text in page for text in (place, "No pack waits.")]
    _draft(home / "new", RENAMED)
    # Whoever has one pack waiting looks for the place of the next one, too.
    page = desktop.get("ada", "drafts").text
    assert [True, False] == [text in page for text in (place, "No pack waits.")]
    (home / "broken").mkdir()
    (home / "broken" / "policy.yml").write_text("id: ala\n", encoding="utf-8")
    assert 400 == desktop.post("ada", "drafts", {"draft": "new", "why": ""}).status_code
    assert 400 == desktop.post("ada", "drafts", {"draft": "../new", "why": "x"}).status_code
    faulty = desktop.post("ada", "drafts", {"draft": "broken", "why": "x"})
    assert (400, True) == (faulty.status_code, "policy.yml, line" in faulty.text)
    tried = desktop.post("ada", "drafts", {"draft": "new", "why": "Fewer false alarms?"})
    assert (200, True, False) == (tried.status_code, "Would vanish" in tried.text, "202 555 0147" in tried.text)
    act = desktop.archive.acts.page(limit=1)[0]
    assert ("ada", "dry_run", "new", "Fewer false alarms?") == (act.author, act.kind, act.detail, act.why)


def test_the_command_line_says_what_would_change(
    place: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 1 where findings would change."""
    for name, value in (("HOME", place.settings.home), ("REGISTRY", place.settings.registry)):
        monkeypatch.setenv(f"CHAPTERWATCH_{name}", str(value))
    result = CliRunner().invoke(root.chapterwatch, ["policy", "diff", str(_draft(tmp_path / "draft", RENAMED))])
    assert (1, True) == (result.exit_code, "3 findings would vanish" in result.output)
