"""One finding's evidence: all of it is in the file, it proves itself without us, and nobody takes it unseen."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chapterwatch import evidence_check
from chapterwatch.archive import KeptPicture, PicturePlace
from chapterwatch.errors import UserError
from chapterwatch.evidence_check import Changed, check
from chapterwatch.model import Finding, Media
from chapterwatch.pipeline import erase_post, take_evidence
from chapterwatch.replies import KEY_DIGITS
from reports.method_views import grouped
from sample import pictures
from tests.pipeline.world import LAKESIDE, LIST, MONTH, MONTH_END, World, post
from tests.ran import Ran, ran

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
READ = POSTED + timedelta(hours=9)
EDITED = READ + timedelta(days=1)
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUDE, RUDER = "This is bullshit, all of it. 🙄", "This is bullshit, all of it, and you know."
WHO = {"by": "Dana, office", "why": "a hearing of the board"}


def picture(world: World, name: str) -> bytes:
    """A picture of Lakeside's first post, kept."""
    place = PicturePlace(account_key=LAKESIDE, subject_kind="post", subject_id="1", role="post", picture=name)
    world.archive.note_pictures([place], run_id="night", at=READ)
    body = pictures.draw(name)
    kept = KeptPicture(body=body, mime="image/jpeg", width=640, height=480, at=READ)
    world.archive.keep_picture(place, kept, run_id="night", connector="test 1")
    return body


def reported(world: World, at: datetime = MONTH_END) -> str:
    """Lakeside's October is issued; returns the seal that its report prints."""
    row = world.archive.issue_report("ala-lakeside", MONTH, "facts", reason=None, at=at)
    heads = world.archive.heads([LAKESIDE, LIST])
    world.archive.witness_heads("ala-lakeside", MONTH, row.revision, heads, at)
    return grouped(world.archive.head_digest([LAKESIDE, LIST])[1])


def laid(world: World) -> World:
    """Lakeside cursed with a picture and edited the post; other posts lie around it."""
    media = (Media(kind="photo", url="https://x.example/scene-1.jpg", native_id="scene-1"),)
    world.store(LAKESIDE, post("7", "Good morning.", POSTED), post("1", RUDE, POSTED, media=media), at=READ)
    picture(world, "scene-1")
    world.store(LAKESIDE, post("1", RUDER, POSTED, media=media), post("8", "Good night.", EDITED), at=EDITED)
    world.store(LIST, post("9", RUDE, POSTED), at=READ)
    world.audit(EDITED)
    return world.at(TODAY)


@pytest.fixture
def judged(light: World) -> World:
    """The same on SQLite alone."""
    return laid(light)


def found(world: World, key: str = LAKESIDE, native_id: str = "1") -> Finding:
    """The finding about a post's curse."""
    return world.findings(key)[f"obscene {native_id}"]


def taken(world: World, finding: Finding | None = None) -> dict[str, bytes]:
    """The files of a finding's evidence."""
    packed = take_evidence(world.workplace, (finding or found(world)).key, **WHO).packed
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name) for name in file.namelist()}


# --- what is in it --------------------------------------------------------------------------------------------------


def test_it_holds_what_was_captured_to_the_byte(world: World) -> None:
    """Both contents of the post as received, its picture, and nothing of the posts around it: from either database."""
    seal = reported(laid(world))
    files = taken(world)
    assert seal in "".join(check(files))
    bodies = [body for name, body in files.items() if name.startswith("captures/")]
    drawn = [body for name, body in files.items() if name.startswith("pictures/")]
    assert [post("1", RUDE, POSTED).raw, post("1", RUDER, POSTED).raw] == [one for one in bodies if b"bullshit" in one]
    assert [pictures.draw("scene-1")] == drawn
    assert not any(b"Good" in body for body in files.values())


def test_it_says_what_was_found_and_under_which_words(judged: World) -> None:
    """The finding with the clause as the policy words it, and who took it away and why."""
    finding, files = found(judged), taken(judged)
    told = json.loads(files["finding.json"])
    assert (finding.key, finding.capture_hash, "bullshit") == (told["key"], told["capture_hash"], told["excerpt"])
    assert list(finding.clauses) == [clause["id"] for clause in told["clauses"]]
    assert all(len(clause["quote"]) > 20 for clause in told["clauses"])
    assert "by Dana, office, because: a hearing of the board" in files["README.txt"].decode()


def test_a_report_issued_since_ties_it_to_its_seal(judged: World) -> None:
    """The seal it has to have is the one that was printed; later captures are part of the chain and change nothing."""
    seal = reported(judged)
    judged.store(LAKESIDE, post("10", "Later.", TODAY), at=TODAY)
    told = list(check(taken(judged)))
    assert f"report of ala-lakeside for 2026-10, revision 1: its last seal has to be {seal}" in told


def test_without_a_report_it_says_that_nothing_outside_speaks_for_it(judged: World) -> None:
    """A chain alone proves nothing against whoever holds it."""
    assert "no report was issued since the capture; only this file and the archive speak for it" in check(taken(judged))


def test_a_report_issued_before_the_capture_is_not_named(judged: World) -> None:
    """It cannot commit to what came later."""
    reported(judged)
    judged.store(LAKESIDE, post("11", RUDE, TODAY), at=TODAY)
    judged.audit(TODAY)
    assert [] == json.loads(taken(judged, found(judged, native_id="11"))["chain.json"])["reports"]


def test_what_was_erased_has_its_place_and_no_body(judged: World) -> None:
    """The chain still holds; neither words nor bytes nor the picture come back."""
    finding = found(judged)
    erase_post(judged.workplace, LAKESIDE, "1", by="Dana", why="asked for")
    files = taken(judged, finding)
    assert 2 == sum("only its place in the chain is left" in line for line in check(files))
    assert not any(b"bullshit" in body for body in files.values())
    assert [] == [name for name in files if name.startswith(("captures/", "pictures/"))]


def test_a_profile_brings_its_own_captures_only(light: World) -> None:
    """What the account posted is no evidence about what it says of itself."""
    light.store(LAKESIDE, post("1", RUDE, POSTED), at=READ, bio="A bunch of fucking idiots meeting on Mondays")
    light.audit(READ)
    [finding] = [one for one in light.archive.findings(account_key=LAKESIDE) if one.subject_kind == "profile"][:1]
    files = taken(light, finding)
    assert [b"{}"] == [body for name, body in files.items() if name.startswith("captures/")]
    assert [] != list(check(files))


def test_the_same_evidence_is_the_same_bytes(judged: World) -> None:
    """Two files of one moment can be compared by their sums."""
    key = found(judged).key
    first, second = (take_evidence(judged.workplace, key, **WHO).packed for _ in range(2))
    assert first == second


# --- that it proves itself ------------------------------------------------------------------------------------------


def changed_json(name: str, change: Callable[[Any], None]) -> Callable[[dict[str, bytes]], None]:
    """Change what a JSON file says."""

    def apply(files: dict[str, bytes]) -> None:
        told = json.loads(files[name])
        change(told)
        files[name] = json.dumps(told).encode()

    return apply


def summed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with their sums written anew."""
    sums = [f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items() if name != "SHA256SUMS"]
    return files | {"SHA256SUMS": "".join(sums).encode()}


def _named(start: str) -> Callable[[dict[str, bytes]], None]:
    def apply(files: dict[str, bytes]) -> None:
        name = next(name for name in files if name.startswith(start))
        files[name] += b" "

    return apply


def _reading(told: Any) -> None:
    body = next(body for body in told["bodies"] if body["reading"])
    body["reading"]["text"] = "All is well."


FORGERIES = {
    "bytes": (_named("captures/"), "is not what entry"),
    "picture": (_named("pictures/"), "is not the picture that entry"),
    "reading": (changed_json("chain.json", _reading), "is not what entry"),
    "time": (changed_json("chain.json", lambda told: told["entries"][1].update(captured_at="2026")), "was changed or"),
    "leaf": (changed_json("chain.json", lambda told: told["entries"][0].update(leaf="0" * 64)), "was changed or"),
    "order": (changed_json("chain.json", lambda told: told["entries"].pop(1)), "is missing"),
    "no chain": (changed_json("chain.json", lambda told: told["entries"].clear()), "the chain is empty"),
    "no body": (changed_json("chain.json", lambda told: told["bodies"][0].pop("salt")), "a part is missing"),
    "another finding": (changed_json("finding.json", lambda told: told.update(capture_hash="0" * 64)), "not in here"),
    "another seal": (changed_json("chain.json", lambda told: told["reports"][0].update(digest="0")), "another chain"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_found_though_its_sums_are_right(judged: World, forgery: str) -> None:
    """Whoever changes a file writes its sums anew; the chain does not follow."""
    reported(judged)
    files, (change, expected) = taken(judged), FORGERIES[forgery]
    change(files)
    with pytest.raises(Changed, match=expected):
        list(check(summed(files)))


def test_a_chain_made_anew_has_another_seal(judged: World) -> None:
    """Whoever makes all of it anew passes every check but the one by eye: the seal is not the printed one."""
    seal = reported(judged)
    files = taken(judged)
    told = json.loads(files["chain.json"])
    before = told["prev"]
    for entry in told["entries"]:
        entry["connector"] = "forged"
        said = [told["account_key"], *(entry[name] for name in evidence_check.METADATA)]
        linked = f"{before}|{entry['leaf']}|{json.dumps(said, separators=(',', ':'))}"
        before = entry["hash"] = hashlib.sha256(linked.encode()).hexdigest()
    hashes = {entry["seq"]: entry["hash"] for entry in told["entries"]}
    [report] = told["reports"]
    report["heads"][LAKESIDE]["hash"] = hashes[report["heads"][LAKESIDE]["entries"]]
    lines = [f"{key} {head['entries']} {head['hash']}" for key, head in sorted(report["heads"].items())]
    report["digest"] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    finding = json.loads(files["finding.json"]) | {"capture_hash": max(hashes.items())[1]}
    files |= {"chain.json": json.dumps(told).encode(), "finding.json": json.dumps(finding).encode()}
    said_now = list(check(summed(files)))
    assert (True, False) == ("its last seal has to be" in said_now[-1], seal in said_now[-1])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda files: files.pop("README.txt"), "SHA256SUMS and the files differ: README.txt"),
        (lambda files: files.update(more=b"x"), "SHA256SUMS and the files differ: more"),
        (lambda files: files.update({"verify.py": b"pass"}), "verify.py was changed"),
        (lambda files: files.pop("SHA256SUMS"), "a part is missing or cannot be read"),
    ],
)
def test_every_file_is_as_its_sum_says(judged: World, change: Callable[[dict[str, bytes]], Any], expected: str) -> None:
    """The first look is the one that `sha256sum -c` gives."""
    files = taken(judged)
    change(files)
    with pytest.raises(Changed, match=expected):
        list(check(files))


def test_its_own_program_checks_it_alone(judged: World, tmp_path: Path) -> None:
    """With Python and nothing of ours, from another folder; a changed file ends with status 1."""
    reported(judged)
    file = tmp_path / "evidence.zip"
    file.write_bytes(take_evidence(judged.workplace, found(judged).key, **WHO).packed)
    (tmp_path / "verify.py").write_bytes(taken(judged)["verify.py"])
    alone = [sys.executable, "-I", "-S", str(tmp_path / "verify.py")]

    whole = subprocess.run([*alone, str(file)], capture_output=True, text=True, check=False, cwd=tmp_path)
    file.write_bytes(file.read_bytes()[:-200])
    broken = subprocess.run([*alone, str(file)], capture_output=True, text=True, check=False, cwd=tmp_path)
    none = subprocess.run([*alone, "none.zip"], capture_output=True, text=True, check=False, cwd=tmp_path)

    assert (0, True) == (whole.returncode, whole.stdout.splitlines()[-1].startswith("all of it holds"))
    assert (1, "DOES NOT HOLD: it is no ZIP file, or damaged\n") == (broken.returncode, broken.stdout)
    assert (2, "none.zip: No such file or directory\n") == (none.returncode, none.stderr)


# --- who may take it ------------------------------------------------------------------------------------------------


def test_taking_it_stands_in_the_log(judged: World) -> None:
    """Who, which finding, and why."""
    taken(judged)
    [act] = judged.archive.acts.page()
    told = (act.author, act.kind, act.subject, act.chapter, act.why)
    assert ("Dana, office", "evidence", found(judged).key, "ala-lakeside", "a hearing of the board") == told


def test_what_a_report_may_not_print_is_handed_to_nobody(judged: World) -> None:
    """An internal space is cited by its capture alone; nothing is logged, for nothing was taken."""
    finding = found(judged, LIST, "9")
    with pytest.raises(UserError, match=f"its capture alone is cited: {finding.capture_hash}"):
        taken(judged, finding)
    assert [] == judged.archive.acts.page()


def test_what_a_person_reported_has_no_capture(judged: World) -> None:
    """The register has the line; there are no bytes to prove."""
    by_hand = replace(found(judged), key="f" * 16, rule_id="ala.by_hand", subject_kind="review", subject_id="2026-10")
    judged.archive.save_findings([by_hand], at=TODAY)
    with pytest.raises(UserError, match="was captured; a person reported it, and the register has its line"):
        taken(judged, by_hand)


Run = Callable[..., Ran]


@pytest.fixture
def run(judged: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `chapterwatch evidence` on that archive."""
    settings = judged.workplace.settings
    given = {"HOME": settings.home, "REGISTRY": settings.registry, "DATABASE": settings.database}
    for name, value in given.items():
        monkeypatch.setenv(f"CHAPTERWATCH_{name}", str(value))

    def run(*arguments: str) -> Ran:
        return ran(capsys, ["evidence", *arguments])

    return run


DECIDED = ("--by", "Dana, office", "--why", "a hearing")


def test_the_command_writes_a_file_for_its_owner_alone(judged: World, run: Run, tmp_path: Path) -> None:
    """By the key as a report prints it; then the file is checked without the archive."""
    seal = reported(judged)
    file = tmp_path / "it.zip"
    done = run("take", found(judged).key[:KEY_DIGITS], "--to", str(file), *DECIDED)
    assert (0, f"{file}: 2 captures, 1 picture") == (done.status, done.out.splitlines()[0])
    assert "committed to by 1 issued report; check it with: chapterwatch evidence verify" in done.out
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    whole = run("verify", str(file))
    assert (0, True) == (whole.status, seal in whole.out)
    file.write_bytes(b"no ZIP")
    assert (1, "DOES NOT HOLD: it is no ZIP file, or damaged\n") == (
        run("verify", str(file)).status,
        run("verify", str(file)).out,
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("take", "00000000", *DECIDED), "there is no finding '00000000'; copy its key from the report"),
        (("take", "KEY", "--by", "Dana", "--why", " "), "say who takes it (--by) and why (--why)"),
        (("take", "KEY", "--to", "there.zip", *DECIDED), "there.zip is there already; name a new file with --to"),
        (
            ("take", "KEY", "--to", "none/it.zip", *DECIDED),
            "none/it.zip: cannot be written (No such file",
        ),
        (("verify", "none.zip"), "none.zip: cannot be read (No such file or directory); check the path"),
    ],
)
def test_a_mistake_is_one_line(
    judged: World, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], expected: str
) -> None:
    """What is wrong, and how to mend it."""
    monkeypatch.chdir(tmp_path)
    Path("there.zip").write_bytes(b"")
    done = run(*(found(judged).key if one == "KEY" else one for one in arguments))
    assert (2, 1, True) == (done.status, len(done.err.splitlines()), expected in done.err)
