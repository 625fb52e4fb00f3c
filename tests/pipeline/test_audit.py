"""audit(): findings with their evidence and clause, what ends them, and how often each rule could answer."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from chapterwatch.model import Lane, Page, Quarantined, Severity
from chapterwatch.pipeline import erase_post
from chapterwatch.policy import POLICIES
from tests.disk import full_beyond
from tests.pipeline.world import HARBOR, LAKESIDE, LIST, REGISTRY, SEVERN, World, night, post

POSTED = night(0) - timedelta(hours=10)
RUDE = "This is bullshit."


# --- what mends a silent edit ---------------------------------------------------------------------------------------

FEE = "The fee for the fall conference is $185 for members. Register by Friday at the desk."


def test_another_silent_edit_does_not_mend_a_silent_edit(light: World) -> None:
    """The near-miss: one more change without a mark makes nothing open."""
    light.store(LAKESIDE, post("1", FEE, POSTED), at=night(0))
    light.store(LAKESIDE, post("1", FEE.replace("$185", "$215"), POSTED), at=night(1))
    light.store(LAKESIDE, post("1", FEE.replace("$185", "$215").replace("Friday", "Monday"), POSTED), at=night(2))
    light.audit(night(2))

    silent = [item for item in light.archive.findings() if item.rule_id == "ala.silent_edit"]
    assert 2 == len(silent)
    assert {None} == {item.closed_at for item in silent}


def test_a_marked_correction_mends_a_silent_edit(light: World) -> None:
    """The policy asks for openness about altered posts: a mark in a later revision is what mends it."""
    light.store(LAKESIDE, post("1", FEE, POSTED), at=night(0))
    light.store(LAKESIDE, post("1", FEE.replace("$185", "$215"), POSTED), at=night(1))
    corrected = FEE.replace("$185", "$215") + " Correction: the fee changed from $185 to $215."
    light.store(LAKESIDE, post("1", corrected, POSTED), at=night(2))
    light.audit(night(2))

    [silent] = [item for item in light.archive.findings() if item.rule_id == "ala.silent_edit"]
    assert (night(2), "edited") == (silent.closed_at, silent.closed_by)


# --- evidence -------------------------------------------------------------------------------------------------------


def test_a_finding_names_clause_span_and_capture(world: World) -> None:
    """What was said, where in the text, against which clause, and by which capture it is proved."""
    world.store(LAKESIDE, post("1", f"😀 {RUDE}", POSTED), at=night(0))
    world.audit(night(0))
    [finding] = world.archive.findings()
    [row] = world.archive.posts_frame().to_dict("records")

    assert ("ala.obscene", ("ALA-08",), "ala", Lane.AUTO) == (
        finding.rule_id,
        finding.clauses,
        finding.pack,
        finding.lane,
    )
    assert ("post", "1", 0, "text", LAKESIDE, "ala-lakeside") == (
        finding.subject_kind,
        finding.subject_id,
        finding.revision,
        finding.field,
        finding.account_key,
        finding.chapter,
    )
    assert "bullshit" == finding.excerpt == row["text"][finding.start : finding.end]
    assert 10 == finding.start
    assert (row["capture_hash"], row["content_hash"]) == (finding.capture_hash, finding.content_hash)
    assert (POSTED, None, None) == (finding.opened_at, finding.closed_at, finding.closed_by)
    assert finding.severity in Severity
    assert 0 < finding.confidence <= 1


def test_a_clean_post_is_judged_and_makes_no_finding(light: World) -> None:
    """The near-miss: no finding, and a denominator that says it was looked at."""
    light.store(LAKESIDE, post("1", "Scunthorpe is lovely.", POSTED), at=night(0))
    counts = light.audit(night(0))

    assert 0 == counts["findings"]
    assert counts["judged"] > 0


def test_judging_again_makes_identical_findings(world: World) -> None:
    """Same archive, same pack: every finding the same, first found when it was first found, none retired."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), post("2", "ALA's member service is a disgrace", POSTED), at=night(0))
    world.audit(night(0))
    before = world.archive.findings()
    counts = world.audit(night(1))

    assert before == world.archive.findings()
    assert (2, 0) == (counts["findings"], counts["retired"])
    assert {night(0)} == set(world.archive.first_found([finding.key for finding in before]).values())


def test_auditing_one_chapter_leaves_the_others_alone(light: World) -> None:
    """Another chapter's findings are neither made nor retired."""
    light.store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    light.store(HARBOR, post("2", RUDE, POSTED), at=night(0))
    light.audit(night(0))
    counts = light.audit(night(1), "ala-harbor")

    assert (1, 1, 0) == (counts["accounts"], counts["findings"], counts["retired"])
    assert [LAKESIDE, HARBOR] == sorted(finding.account_key for finding in light.archive.findings())


def test_every_account_is_judged_in_its_own_words(light: World) -> None:
    """The same text in two accounts of two chapters is two findings, each of its own chapter."""
    light.store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    light.store(HARBOR, post("1", RUDE, POSTED), at=night(0))
    light.audit(night(0))

    found = light.archive.findings()
    assert ["ala-harbor", "ala-lakeside"] == sorted(finding.chapter for finding in found)
    assert 2 == len({finding.key for finding in found})


# --- what ends a finding --------------------------------------------------------------------------------------------


def test_an_edit_that_mends_closes_the_finding(world: World) -> None:
    """The words are gone from the post: closed at the edit, by the edit; the finding is kept."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    world.audit(night(0))
    world.store(LAKESIDE, post("1", "This is nonsense.", POSTED), at=night(1))
    counts = world.audit(night(1))
    finding = world.findings()["obscene 1"]

    assert ("edited", night(1)) == (finding.closed_by, finding.closed_at)
    assert "bullshit" == finding.excerpt
    assert 0 == counts["retired"]


def test_an_edit_elsewhere_in_the_post_closes_nothing(world: World) -> None:
    """The near-miss: the words still stand, so it is the same finding, opened when it first stood."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    world.audit(night(0))
    before = world.findings()["obscene 1"]
    world.store(LAKESIDE, post("1", f"EDIT: it is Thursday. {RUDE}", POSTED), at=night(1))
    world.audit(night(1))
    after = world.findings()["obscene 1"]

    assert (before.key, POSTED, None) == (after.key, after.opened_at, after.closed_at)
    assert (1, 30) == (after.revision, after.start)


def test_words_that_come_back_open_the_finding_again(light: World) -> None:
    """Edited away and written again: it stands, whatever stood between."""
    for number, text in enumerate((RUDE, "This is nonsense.", RUDE)):
        light.store(LAKESIDE, post("1", text, POSTED), at=night(number))
    light.audit(night(2))

    assert light.findings()["obscene 1"].closed_at is None


def deleted(world: World) -> None:
    """A rude post is judged on night 0 and missed on the two nights after."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), post("2", "We are kind.", POSTED), at=night(0))
    world.audit(night(0))
    world.miss(LAKESIDE, "1", at=night(1))
    world.miss(LAKESIDE, "1", at=night(2))


def test_a_deletion_closes_the_finding_and_the_body_is_erased(world: World) -> None:
    """Closed as of the first night without it; no byte of the body is left, and the finding quotes nothing."""
    deleted(world)
    counts = world.audit(night(2))
    finding = world.findings()["obscene 1"]
    frame = world.archive.posts_frame(erased=True).set_index("subject_id")

    assert ("deleted", night(1), "") == (finding.closed_by, finding.closed_at, finding.excerpt)
    assert 1 == counts["erased"]
    assert ("deleted", "") == (frame.loc["1", "state"], frame.loc["1", "text"])
    assert "bullshit" not in frame.to_csv()
    assert [(LAKESIDE, "1")] == world.archive.erased_posts()
    assert world.archive.verify().ok
    if world.archive.dialect == "sqlite":
        files = world.home.glob("archive.sqlite*")
        assert not any(b"bullshit" in path.read_bytes() for path in files)


def test_a_vacuum_that_fails_stops_no_audit_and_no_erasure(light: World, caplog: pytest.LogCaptureFixture) -> None:
    """What was erased is erased; the warning says which statement frees its bytes."""
    deleted(light)
    filler = Quarantined(where="w", reason="r", raw=b"0" * 8_000_000)
    run = {"run_id": "filler", "captured_at": night(0), "connector": "test 1"}
    light.archive.record_page(LAKESIDE, Page(quarantined=(filler,)), **run)
    light.archive.vacuum()
    with full_beyond(4_000_000):
        counts = light.audit(night(2))
        receipt = erase_post(light.workplace, LAKESIDE, "2", by="a.person", why="asked for")

    assert (1, 1) == (counts["erased"], receipt.revisions)
    warned = [record.getMessage() for record in caplog.records if "the next vacuum" in record.getMessage()]
    assert [True, True] == ["VACUUM; PRAGMA" in message for message in warned]
    assert [(LAKESIDE, "1"), (LAKESIDE, "2")] == light.archive.erased_posts()


def test_after_an_erasure_nothing_more_changes(world: World) -> None:
    """The finding about the erased body outlives every later audit, and nothing is counted as erased or retired."""
    deleted(world)
    world.audit(night(2))
    before = world.archive.findings()
    counts = world.audit(night(3))

    assert before == world.archive.findings()
    assert (0, 0) == (counts["erased"], counts["retired"])


def test_a_deleted_post_that_is_shown_again_is_found_again(world: World) -> None:
    """Open with its words since it was seen anew, and no longer a deletion; deleted again, it is both once more."""
    deleted(world)
    world.audit(night(2))
    world.store(LAKESIDE, post("1", RUDE, POSTED), at=night(3))
    counts = world.audit(night(3))
    finding = world.findings()["obscene 1"]

    assert ["obscene 1"] == list(world.findings())
    assert ("bullshit", night(3), None, None) == (
        finding.excerpt,
        finding.opened_at,
        finding.closed_at,
        finding.closed_by,
    )
    assert (1, 1, 0) == (counts["open"], counts["retired"], counts["erased"])
    world.miss(LAKESIDE, "1", at=night(4))
    world.miss(LAKESIDE, "1", at=night(5))
    world.audit(night(5))
    assert {"obscene 1": night(4), "deletion 1": None} == {
        name: item.closed_at for name, item in world.findings().items()
    }
    assert {""} == {item.excerpt for item in world.findings().values()}


def test_a_deleted_post_that_is_shown_again_without_the_words_was_mended(light: World) -> None:
    """The near-miss: what ended with the deletion stays ended, and only that it was deleted no longer stands."""
    deleted(light)
    light.audit(night(2))
    light.store(LAKESIDE, post("1", "We are kind.", POSTED), at=night(3))
    light.audit(night(3))

    assert {"obscene 1": "deleted"} == {name: item.closed_by for name, item in light.findings().items()}


def test_a_post_missed_once_keeps_finding_and_body(world: World) -> None:
    """The near-miss of a deletion: nobody can tell yet, so nothing closes and nothing is erased."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), at=night(0))
    world.miss(LAKESIDE, "1", at=night(1))
    counts = world.audit(night(1))

    assert 0 == counts["erased"]
    assert world.findings()["obscene 1"].closed_at is None
    assert [RUDE] == list(world.archive.posts_frame()["text"])


def test_the_owners_consent_keeps_the_body(light: World) -> None:
    """Where the account keeps deleted bodies with its owner's consent, the finding keeps its excerpt."""
    consent = "handle: ala_lakeside, on_deleted: keep_with_owner_consent,"
    (light.home / "chapters.yml").write_text(REGISTRY.replace("handle: ala_lakeside,", consent))
    deleted(light)
    counts = light.audit(night(2))

    assert 0 == counts["erased"]
    finding = light.findings()["obscene 1"]
    assert ("deleted", "bullshit") == (finding.closed_by, finding.excerpt)
    assert RUDE in set(light.archive.posts_frame()["text"])


def test_a_deletion_is_a_finding_of_its_own_that_no_deletion_mends(light: World) -> None:
    """It opens when the post vanished, and stays open: being gone is what it is about."""
    deleted(light)
    light.audit(night(2))
    finding = light.findings()["deletion 1"]

    assert (night(1), None) == (finding.opened_at, finding.closed_at)


def test_a_bio_is_mended_by_another_bio(light: World) -> None:
    """Profiles have revisions as posts have: the finding closes when the next one was first seen.

    The account is judged by a pack of its own here, which has a rule on bios.
    """
    own_pack = REGISTRY.replace("handle: ala_lakeside,", "handle: ala_lakeside, pack: lll,")
    (light.home / "chapters.yml").write_text(own_pack)
    light.store(LAKESIDE, at=night(0), bio="Leader, militante socialista")
    light.store(LAKESIDE, at=night(1), bio="Leader")
    light.audit(night(1))
    finding = light.findings()["badge 2001"]

    assert ("lll", "profile", "bio") == (finding.pack, finding.subject_kind, finding.field)
    assert ("edited", night(1)) == (finding.closed_by, finding.closed_at)


# --- packs ----------------------------------------------------------------------------------------------------------


def without_rule(target: Path, file: str, rule_id: str) -> Path:
    """A copy of the packs without one rule."""
    shutil.copytree(POLICIES, target)
    path = target / "ala" / "rules" / file
    data = yaml.safe_load(path.read_text())
    kept = [rule for rule in data["rules"] if rule["id"] != rule_id]
    assert len(kept) == len(data["rules"]) - 1
    path.write_text(yaml.safe_dump({**data, "rules": kept}, allow_unicode=True))
    return target


def test_a_rule_taken_out_retires_its_findings_and_no_others(world: World, tmp_path: Path) -> None:
    """Retired, not erased: on request it is still there. Put back, the finding is live again as first found."""
    world.store(LAKESIDE, post("1", RUDE, POSTED), post("2", "ALA's member service is a disgrace", POSTED), at=night(0))
    world.audit(night(0))
    world.at(night(1), policies=without_rule(tmp_path / "packs", "language.yml", "ala.obscene"))
    counts = world.audit(night(1))

    assert ["complaint 2"] == list(world.findings())
    assert ["complaint 2", "obscene 1"] == sorted(world.findings(retired=True))
    assert 1 == counts["retired"]
    assert 0 == world.audit(night(2))["retired"]
    world.at(night(3), policies=POLICIES)
    world.audit(night(3))
    key = world.findings()["obscene 1"].key
    assert {key: night(0)} == world.archive.first_found([key])


# --- denominators ---------------------------------------------------------------------------------------------------


def test_tallies_say_how_often_a_rule_could_answer(world: World) -> None:
    """Per rule and account: judged, breaches, and not judged with the reason."""
    texts = {"1": RUDE, "2": "All is well.", "3": "Vi är här och talar svenska i dag."}
    languages = {"1": "en", "2": "en", "3": "sv"}
    posts = [post(name, text, POSTED, lang=languages[name]) for name, text in texts.items()]
    world.store(LAKESIDE, *posts, at=night(0))
    counts = world.audit(night(0))
    tallies = world.archive.latest_tallies([LAKESIDE])
    [obscene] = [row for row in tallies if row.rule_id == "ala.obscene"]

    assert (2, 1, 1) == (obscene.judged, obscene.breaches, obscene.not_judged)
    assert {"language:sv": 1} == obscene.reasons
    assert all(sum(row.reasons.values()) == row.not_judged for row in tallies)
    assert (sum(row.judged for row in tallies), sum(row.not_judged for row in tallies)) == (
        counts["judged"],
        counts["not_judged"],
    )


def test_an_account_without_posts_has_no_tally(light: World) -> None:
    """Nothing was there to judge: no row that would read as "judged and clean"."""
    light.audit(night(0))

    assert [] == light.archive.latest_tallies([LAKESIDE, HARBOR, SEVERN, LIST])


# --- what the roster tells ------------------------------------------------------------------------------------------

PUBLISHED = "Call Jim at +44 20 7946 0018"


@pytest.mark.parametrize("key", [SEVERN, LAKESIDE], ids=["GB", "US"])
def test_a_published_number_is_known_by_its_digits(light: World, key: str) -> None:
    """The registry writes Severn's number as one dials it there; a sister chapter may give it out with its country."""
    light.store(key, post("1", PUBLISHED, POSTED), at=night(0))
    light.audit(night(0))

    assert [] == list(light.findings(key))


def test_another_number_of_that_country_is_personal(light: World) -> None:
    """The near-miss of the published number: one digit further it is somebody's own."""
    light.store(SEVERN, post("1", "Call Jim at +44 20 7946 0019", POSTED), at=night(0))
    light.audit(night(0))

    assert ["personal_data 1"] == list(light.findings(SEVERN))


UNKIND = "Lindenbaum is an incompetent fool."


@pytest.mark.parametrize(("key", "found"), [(HARBOR, []), (LAKESIDE, ["courtesy 1"])], ids=["others", "own"])
def test_officers_are_names_the_roster_knows_for_their_own_chapter(light: World, key: str, found: list[str]) -> None:
    """Oskar Lindenbaum is Lakeside's webmaster; another chapter may know somebody else by that name."""
    light.store(key, post("1", UNKIND, POSTED), at=night(0))
    light.audit(night(0))

    assert found == [name for name in light.findings(key) if name.startswith("courtesy")]


def test_a_database_that_holds_no_account_yet_can_be_audited(light: World) -> None:
    """The first night may find nothing at all: no error, no finding."""
    counts = light.audit(night(0))

    assert (6, 0, 0) == (counts["accounts"], counts["findings"], counts["judged"])
