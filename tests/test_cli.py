"""The command line as a user meets it: what stands on which stream, the exit status, and one line per mistake."""

import csv
import io
import json
import os
import pty
import random
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click
import pandas as pd
import pytest

from chapterwatch import cli
from chapterwatch.model import Lane
from chapterwatch.policy import POLICIES, load_pack
from tests.ran import Ran, ran

COLUMNS = ["id", "rule", "clause", "severity", "start", "end", "excerpt", "confidence"]
PROGRAM = Path(sys.executable).with_name("chapterwatch")
KEY = "x:2001"
REGISTRY = """
associations:
  - id: ala
    name: Association of Legal Administrators
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    chapters:
      - id: ala-lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {name: Ada Lake, email: ada@lakeside.example, role: president, leadership: true}
          - {name: Bo Lake, email: bo@lakeside.example, role: editor, leadership: true}
        accounts:
          - platform: x
            native_id: "2001"
            handle: ala_lakeside
            space: official
            access: import
            export_format: plain
            owner: ada@lakeside.example
            deputy: bo@lakeside.example
            collect_from: 2026-08-01
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a registry, and no setting of the machine the tests run on."""
    for name in [name for name in os.environ if name.startswith("CHAPTERWATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHAPTERWATCH_NOW", "2026-10-30T02:15:00Z")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "chapters.yml").write_text(REGISTRY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):  # noqa: ANN201 - a function
    """Run a command in this process."""

    def run(*arguments: str) -> Ran:
        return ran(capsys, arguments)

    return run


def program(*arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command as a program of its own."""
    done = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, env=os.environ | dict(environment or {}), check=False, timeout=300
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def table(text: str, name: str = "posts.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


# --- judge ----------------------------------------------------------------------------------------------------------

POSTS = [
    {"id": "9", "text": "See you at the meeting on Monday."},
    {"id": "00123", "text": "\U0001f600\U0001f469\u200d\U0001f467 what the fuck"},
    {"id": "NA", "text": "NA"},
    {"id": "5", "text": "fuck, then fuck"},
]


def _written(kind: str) -> str:
    name = f"posts.{kind}"
    frame = pd.DataFrame(POSTS, dtype="str")
    if kind == "csv":
        frame.to_csv(name, index=False)
    elif kind == "parquet":
        frame.to_parquet(name, index=False)
    else:
        Path(name).write_text("\n".join(map(json.dumps, POSTS)) if kind == "jsonl" else json.dumps(POSTS))
    return name


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "parquet"])
def test_every_table_gives_the_same_findings(kind: str) -> None:
    """Ids stay text, rows keep their order, spans count code points of the text given, emoji before the hit or not."""
    ran = program("judge", _written(kind), "--pack", "ala", "--rules", "obscene")
    assert 1 == ran.status
    assert COLUMNS == next(csv.reader(io.StringIO(ran.out)))
    assert [
        ("00123", "14", "18", "fuck"),
        ("5", "0", "4", "fuck"),
        ("5", "11", "15", "fuck"),
    ] == [(row["id"], row["start"], row["end"], row["excerpt"]) for row in ran.rows]
    texts = {post["id"]: post["text"] for post in POSTS}
    assert all(row["excerpt"] == texts[row["id"]][int(row["start"]) : int(row["end"])] for row in ran.rows)
    assert {("ala.obscene", "ALA-08", "medium")} == {(row["rule"], row["clause"], row["severity"]) for row in ran.rows}
    assert "4 rows read by 1 rule: 3 findings in 2 rows; 0 rows kept aside\n" == ran.err


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_findings_can_be_written_to_a_file(run, form: str) -> None:  # noqa: ANN001
    """Each format holds the same columns and values; nothing is printed then."""
    printed = run("judge", _written("csv"), "--pack", "lll", "--rules", "obscene")
    ran = run("judge", "posts.csv", "--pack", "lll", "--rules", "obscene", "--format", form, "--output", "found")
    assert (1, "") == (ran.status, ran.out)
    if form == "parquet":
        found = pd.read_parquet("found")
        assert ["str", "int64", "float64"] == [str(found[name].dtype) for name in ("id", "start", "confidence")]
        records = found.to_dict("records")
    elif form == "json":
        records = json.loads(Path("found").read_text(encoding="utf-8"))
    else:
        records = list(csv.DictReader(io.StringIO(Path("found").read_text(encoding="utf-8"))))
    assert printed.rows == [{name: str(value) for name, value in record.items()} for record in records]


def test_the_posts_given_are_never_written_over(run) -> None:  # noqa: ANN001
    """By whatever name they are called as output; nothing is judged then."""
    text = "id,text\n1,fuck\n"
    file = table(text)
    Path("link.csv").symlink_to(file)
    for output in (file, f"../{Path.cwd().name}/{file}", "link.csv"):
        ran = run("judge", file, "--pack", "ala", "--output", output)
        assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
        assert f"{output}: is the file to be read" in ran.err
    assert text == Path(file).read_text(encoding="utf-8")


def test_an_output_that_takes_no_file_is_told_before_the_judging(run) -> None:  # noqa: ANN001
    """A missing folder and a folder's name are found before the posts are even read."""
    Path("folder").mkdir()
    for output, why in (("no/found.csv", "No such file or directory"), ("folder", "Is a directory")):
        ran = run("judge", "gone.csv", "--pack", "ala", "--output", output)
        said = f"chapterwatch: {output}: cannot be written ({why}); choose another file\n"
        assert (2, "", said) == (ran.status, ran.out, ran.err)


def test_a_file_that_cannot_be_written_whole_keeps_what_it_held(run) -> None:  # noqa: ANN001
    """What a disk that fills leaves is the file of before, and nothing beside it."""
    file = table("id,text\n" + "".join(f"{at},fuck\n" for at in range(900)))
    Path("found.csv").write_text("of before", encoding="utf-8")
    names = sorted(path.name for path in Path().iterdir())
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limit[1]))
    try:
        ran = run("judge", file, "--pack", "ala", "--rules", "obscene", "--output", "found.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert (2, "chapterwatch: found.csv: cannot be written (File too large); choose another file\n") == (
        ran.status,
        ran.err,
    )
    assert "of before" == Path("found.csv").read_text(encoding="utf-8")
    assert names == sorted(path.name for path in Path().iterdir())


def test_findings_can_be_written_to_a_pipe(run) -> None:  # noqa: ANN001
    """As `--output /dev/stdout` or a shell's `>(...)`: a pipe is written to and stays one."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    ran = run("judge", _written("csv"), "--pack", "ala", "--rules", "obscene", "--output", f"/dev/fd/{write}")
    os.close(write)
    assert (1, True) == (ran.status, os.read(read, 65536).decode().startswith(",".join(COLUMNS)))
    os.close(read)


def test_nothing_found_is_an_empty_table_and_status_0(run) -> None:  # noqa: ANN001
    """The columns are there in any case, so a script can read the file without asking first."""
    file = table("id,text\n1,See you on Monday\n")
    assert (0, ",".join(COLUMNS) + "\n") == (
        run("judge", file, "--pack", "ala").status,
        run("judge", file, "--pack", "ala").out,
    )
    assert [] == json.loads(run("judge", file, "--pack", "ala", "--format", "json").out)
    assert 0 == run("judge", file, "--pack", "ala", "--format", "parquet", "--output", "none").status
    assert COLUMNS == list(pd.read_parquet("none").columns)
    assert 0 == run("judge", table("id,text\n"), "--pack", "ala").status


def test_optional_columns_are_used(run) -> None:  # noqa: ANN001
    """What the platform said of the language wins unless the text shows another; other columns do not disturb."""
    header = "id,text,platform,lang,created_at,author,kind,likes\n"
    row = "fuck Tervetuloa,x,{},2026-10-05T09:30:00+02:00,@somebody,reply,3\n"
    file = table(header + "".join(f"{lang},{row.format(lang)}" for lang in ("en-US", "en", "und", "fi", "zz")))
    ran = run("judge", file, "--pack", "ala", "--rules", "obscene")
    assert ["en-US", "en", "und"] == [row["id"] for row in ran.rows]
    assert [
        "not judged: 1 row by 1 rule: no vocabulary for fi",
        "not judged: 1 row by 1 rule: no vocabulary for zz",
        "5 rows read by 1 rule: 3 findings in 3 rows; 0 rows kept aside",
    ] == ran.err.splitlines()


def test_a_language_without_vocabulary_is_not_clean(run) -> None:  # noqa: ANN001
    """Told by its text alone, too: it is counted as not judged, across the parts a long table is judged in."""
    finnish = "Tervetuloa kaikki kuukausikokoukseen ensi maanantaina kello kuusi"
    file = table("id,text\n" + "".join(f"{number},{finnish} {number}\n" for number in range(cli.judge.PART + 200)))
    ran = run("judge", file, "--pack", "ala", "--rules", "obscene,threat")
    assert 0 == ran.status
    assert f"not judged: {cli.judge.PART + 200:,} rows by 2 rules: no vocabulary for fi" == ran.err.splitlines()[0]


def test_broken_rows_are_kept_aside_and_counted(run) -> None:  # noqa: ANN001
    """A broken row costs itself; the others are judged."""
    ran = run(
        "judge", table('id,text\n1,fuck\n2\n,fuck\n1,fuck\n3,fuck\n4,"a\n'), "--pack", "ala", "--rules", "obscene"
    )
    assert ["1", "3"] == [row["id"] for row in ran.rows]
    assert [
        "kept aside: posts.csv:3: has 1 fields where the header has 2",
        "kept aside: posts.csv:7: is no CSV row: unexpected end of data",
        "kept aside: posts.csv:4: id is missing",
        "kept aside: posts.csv:5: id stands in posts.csv:2 already",
        "2 rows read by 1 rule: 2 findings in 2 rows; 4 rows kept aside",
    ] == ran.err.splitlines()


def test_rows_nobody_could_judge_are_not_clean(run) -> None:  # noqa: ANN001
    """Kept aside beside rows without a finding is status 1: a script may ask for nothing but the status."""
    ran = run("judge", table("id,text\n1,See you on Monday\n,fuck\n"), "--pack", "ala", "--rules", "obscene")
    assert (1, ",".join(COLUMNS) + "\n") == (ran.status, ran.out)
    assert "1 row read by 1 rule: 0 findings in 0 rows; 1 row kept aside" == ran.err.splitlines()[-1]


def test_rules_that_no_table_can_answer_are_not_counted_as_asked(run) -> None:  # noqa: ANN001
    """A table shows no picture and no profile: a count that held those rules would call clean what nobody saw."""
    ran = run("judge", table("id,text\n1,See you on Monday\n"), "--pack", "ala", "--rules-only")
    unseen = ("scored", "deletion", "silent_edit")
    asked = [
        rule
        for rule in load_pack("ala").rules.values()
        if rule.lane is not Lane.CREDIT and rule.subject == "post" and rule.check not in unseen
        if "picture" not in rule.check and (not rule.scope.spaces or "official" in rule.scope.spaces)
    ]
    *_, left_out, counted = ran.err.splitlines()
    assert re.fullmatch(r"not asked: \d+ rules of profiles, pictures, edits, .*, which a table does not show", left_out)
    assert f"1 row read by {len(asked)} rules: 0 findings in 0 rows; 0 rows kept aside" == counted


def test_a_rule_that_no_table_can_answer_is_refused(run) -> None:  # noqa: ANN001
    """Named by itself it would have answered "0 findings"."""
    ran = run("judge", table("id,text\n1,See you on Monday\n"), "--pack", "ala", "--rules", "obscene,picture_obscene")
    assert 2 == ran.status
    assert "rule ala.picture_obscene is one of profiles, pictures, edits" in ran.err


def _latin_1() -> str:
    Path("latin.csv").write_bytes("id,text\n1,café\n".encode("latin-1"))
    return "latin.csv"


MISTAKES = {
    "unknown pack": ((table, "id,text\n1,a\n"), ("--pack", "nope"), "there is no policy pack 'nope'"),
    "unknown rule": ((table, "id,text\n1,a\n"), ("--pack", "ala", "--rules", "threat,nope"), "has no rule 'nope'"),
    "slip of the pen": ((table, "id,text\n1,a\n"), ("--pack", "ala", "--rules", "thraet"), "did you mean threat?"),
    "no rule": ((table, "id,text\n1,a\n"), ("--pack", "ala", "--rules", " ,"), "--rules names no rule"),
    "rules that are left out": (
        (table, "id,text\n1,a\n"),
        ("--pack", "ala", "--rules", "threat_hint", "--rules-only"),
        "--rules-only leaves out every rule that --rules names",
    ),
    "unknown format": ((table, "id,text\n1,a\n"), ("--pack", "ala", "--format", "xml"), "'xml' is not one of"),
    "parquet on a screen": ((table, "id,text\n1,a\n"), ("--pack", "ala", "--format", "parquet"), "give --output"),
    "no pack": ((table, "id,text\n1,a\n"), (), "Missing option '--pack'"),
    "no folder": ((table, "id,text\n1,a\n"), ("--pack", "ala", "--output", "no/f.csv"), "no/f.csv: cannot be written"),
    "no file": ((str, "gone.csv"), ("--pack", "ala"), "gone.csv: there is no such file"),
    "no table": ((str, "config/chapters.yml"), ("--pack", "ala"), "is no table"),
    "empty file": ((table, ""), ("--pack", "ala"), "posts.csv: is empty"),
    "no column": ((table, "id,words\n1,a\n"), ("--pack", "ala"), "has no column 'text'"),
    "no row that can be read": ((table, "id,text\n1\n,a\n"), ("--pack", "ala"), "no row can be read (posts.csv:2:"),
    "not UTF-8": ((lambda _: _latin_1(), ""), ("--pack", "ala"), "latin.csv:2: is not UTF-8"),
    "time without zone": (
        (table, "id,text,created_at\n1,a,2026-10-05T12:00:00\n"),
        ("--pack", "ala"),
        "write ISO 8601 with the zone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_status_2(run, name: str) -> None:  # noqa: ANN001
    """What is wrong, where, how to mend; nothing on standard output, no traceback."""
    (make, given), options, said = MISTAKES[name]
    ran = run("judge", make(given), *options)
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert said in ran.err


def test_rules_only_leaves_the_models_out(run) -> None:  # noqa: ANN001
    """Fewer rules are asked, and none of those asked by a model; scores need every rule."""
    whole = run("judge", _written("csv"), "--pack", "ala")
    rules = run("judge", "posts.csv", "--pack", "ala", "--rules-only")
    asked = [int(re.search(r"by (\d+) rules", ran.err.splitlines()[-1])[1]) for ran in (whole, rules)]
    hints = [rule for rule in load_pack("ala").rules if rule.endswith("_hint")]

    assert asked[0] - len(hints) == asked[1]
    assert "_hint" not in rules.out
    assert 2 == run("judge", "posts.csv", "--pack", "ala", "--rules-only", "--scores").status


def test_lone_surrogates_and_nul_are_judged(run) -> None:  # noqa: ANN001
    """JSON can say what UTF-8 cannot; the spans still fit the text given."""
    texts = ["\ud800 fuck", "\x00\x00 fuck", "\U0001f600 fuck"]
    file = table("".join(json.dumps({"id": str(at), "text": text}) + "\n" for at, text in enumerate(texts)), "p.jsonl")
    ran = run("judge", file, "--pack", "ala", "--rules", "obscene")
    assert [("0", "2"), ("1", "3"), ("2", "2")] == [(row["id"], row["start"]) for row in ran.rows]


#: One unbroken post of the longest kind Facebook allows. What grows with the square of that takes hours.
LONGEST = 63_206
#: CPU seconds for all of them together, several times what they take.
ENOUGH = 60
HOSTILE = (
    *("a.b.", "A", "@", "@a", "a@b.", "&", "a-", "'a\"", "“a", "„«»", "#aB", "#1", "_", "f*", "$", "\n", "/", "www."),
    *("http://a.com/)", "Z\u0351\u036b\u0343", "\u0351", "\U0001f469\u200d\U0001f467", "\u0430a "),
    *("!a", "! ", "vs. ", "1.1.", "+1-"),
    *("you idiot @a ", "if you idiot ", "women vermin ", "kill him ", "democrats are liars remember to vote "),
    *("said “fuck” ", "a@b.com ", "12 Main Street ", "a mum told us "),
    *("salary $1 ", "a mum asked me ", "rumor has it ", "seventy-one-,", "they never reply, ALA "),
    *(f"whoever punches him gets {'1' * 40}x ", f"you should be {'led and ' * 30}fed and kill "),
)  # fmt: skip


def test_no_post_takes_for_ever() -> None:
    """The time a post takes grows with its length and no faster: otherwise one post could stop a night's audit.

    The limit, in CPU time so that a busy machine does not matter, is no measurement: it guards against hanging.
    """
    posts = [(unit * LONGEST)[: LONGEST - 1] + "x" for unit in HOSTILE]
    file = table("".join(json.dumps({"id": str(at), "text": post}) + "\n" for at, post in enumerate(posts)), "p.jsonl")
    # The models read a post alike whatever the pack: once is enough.
    for pack, *options in (("ala", "--rules-only"), ("lll",)):
        done = subprocess.run(
            [PROGRAM, "judge", file, "--pack", pack, *options],
            capture_output=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (ENOUGH, ENOUGH)),
        )
        assert f"{len(HOSTILE)} rows read" in done.stderr.decode(), "one of these posts takes far too long"


WORDS = (
    "we",
    "meet",
    "on",
    "monday",
    "thanks",
    "to",
    "our",
    "volunteers",
    "for",
    "the",
    "luncheon",
    "see",
    "you",
    "there",
)


def test_ten_thousand_posts_are_judged() -> None:
    """A table of a usual size goes through both packs, and every planted word is found where it stands.

    By rules alone: a second reader takes half a minute to find nothing in ten thousand rows of random words.
    """
    dice = random.Random(7)
    posts = [" ".join(dice.choices(WORDS, k=40)).capitalize() + "." for _ in range(10_000)]
    planted = {at: posts[at] + " What the fuck" for at in range(0, 10_000, 997)}
    file = table("id,text\n" + "".join(f"{at},{planted.get(at, post)}\n" for at, post in enumerate(posts)))
    for pack in ("ala", "lll"):
        ran = program("judge", file, "--pack", pack, "--rules-only")
        found = [(int(row["id"]), int(row["start"])) for row in ran.rows if row["rule"] == f"{pack}.obscene"]
        assert [(at, len(text) - 4) for at, text in planted.items()] == found


def test_progress_shows_on_a_terminal_only() -> None:
    """Standard output stays the findings; a bar appears on a terminal's standard error and is wiped in the end."""
    file = table("id,text\n1,fuck\n")
    quiet = program("judge", file, "--pack", "ala", "--rules", "obscene")
    assert "judging" not in quiet.err
    leader, follower = pty.openpty()
    done = subprocess.run(
        [PROGRAM, "judge", file, "--pack", "ala", "--rules", "obscene"],
        stdout=subprocess.PIPE,
        stderr=follower,
        check=False,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
        timeout=120,
    )
    os.close(follower)
    assert quiet.out == done.stdout.decode()
    assert b"judging rows" in os.read(leader, 1_000_000)
    os.close(leader)


# --- the other commands ---------------------------------------------------------------------------------------------


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found += [(*path, name), *(_commands(command, (*path, name)) if isinstance(command, click.Group) else ())]
    return found


@pytest.mark.parametrize("path", [(), *_commands(cli.chapterwatch)], ids=" ".join)
def test_every_command_has_help_in_a_sentence(run, path: tuple[str, ...]) -> None:  # noqa: ANN001
    """Asked by `-h` anywhere; the line in the list of commands is a whole sentence, not cut off."""
    ran = run(*path, "-h")
    assert (0, "") == (ran.status, ran.err)
    assert ran.out.startswith("Usage: chapterwatch")
    assert ran.out.split("\n\n")[1].strip().endswith(".")
    assert "..." not in ran.out.partition("Commands:")[2]


def test_no_arguments_show_the_help(run) -> None:  # noqa: ANN001
    """It is a mistake all the same."""
    assert (2, True) == ((ran := run()).status, ran.err.startswith("Usage: chapterwatch"))


@pytest.mark.parametrize("arguments", [["--help"], ["registry", "lint"], ["policy", "coverage"]])
def test_light_commands_load_no_heavy_library(arguments: list[str]) -> None:
    """Loading pandas and the database takes seconds, and these need neither."""
    script = (
        "import sys; from chapterwatch import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'sqlalchemy', 'weasyprint', 'airflow'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    assert "[]\n" == done.stderr


_STOPPED_WHILE_LOADING = """
import os, signal, sys
# Whoever runs the tests in the background has Ctrl-C ignored; on a terminal it is not.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Impatient:
    def find_spec(self, name, *_):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Impatient())
from chapterwatch.cli import main
main(["findings"])
"""


@pytest.mark.parametrize("loaded", ["click", "chapterwatch.cli.terminal", "chapterwatch.cli.suppressions", "pandas"])
def test_ctrl_c_while_the_program_is_loaded_is_no_fault(loaded: str) -> None:
    """No traceback: nothing was begun. What a command itself loads is stopped like all it does."""
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED_WHILE_LOADING, loaded], capture_output=True, text=True, check=False, timeout=60
    )
    said = "chapterwatch: stopped" if loaded == "pandas" else ""
    assert (130, said, "") == (done.returncode, done.stderr.strip(), done.stdout)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status",), "No such command 'status'. See chapterwatch -h."),
        (("registry", "show"), "No such command 'show'. See chapterwatch registry -h."),
        (("findings", "--csv"), "No such option '--csv'. See chapterwatch findings -h."),
        (("publish",), "Missing argument 'MONTH'. See chapterwatch publish -h."),
        (
            ("reply", "decide", "abc"),
            "Missing option '--outcome'. Choose from: upheld, rejected, noted. See chapterwatch reply decide -h.",
        ),
    ],
)
def test_a_guess_that_fails_says_where_all_commands_stand(run, arguments: tuple[str, ...], said: str) -> None:  # noqa: ANN001
    """One line, with the help that lists what there is at that place."""
    ran = run(*arguments)
    assert (2, "", f"chapterwatch: {said}\n") == (ran.status, ran.out, ran.err)


def test_registry_lint(run) -> None:  # noqa: ANN001
    """A good registry is counted; in a broken one every problem has its line, in one go."""
    good = run("registry", "lint")
    said = "config/chapters.yml: 1 association, 1 chapter, 1 account, no problems"
    assert (0, said) == (good.status, good.out.splitlines()[0])
    broken = REGISTRY.replace("platform: x", "platform: y").replace("owner: ada@", "owner: nobody@")
    Path("broken.yml").write_text(broken.replace("deputy: bo@", "deputy: nobody@"), encoding="utf-8")
    ran = run("registry", "lint", "broken.yml")
    assert (2, "") == (ran.status, ran.out)
    assert len(ran.err.splitlines()) >= 2
    assert all(line.startswith("broken.yml:") for line in ran.err.splitlines())


def test_what_is_printed_stands_as_it_was_written(run, place: Path) -> None:  # noqa: ANN001
    """A line number between colons is no picture, and brackets in a file's name are no markup."""
    Path("r100.yml").write_text("#\n" * 99 + "foo: 1\n", encoding="utf-8")
    mistaken = run("registry", "lint", "r100.yml")
    assert (2, True) == (mistaken.status, "r100.yml:100: foo is not a known key; " in mistaken.err)

    Path("re[bold]g.yml").write_text(REGISTRY, encoding="utf-8")
    assert run("registry", "lint", "re[bold]g.yml").out.startswith("re[bold]g.yml: 1 association,")
    (place / "to[").mkdir()
    assert 0 == run("archive", "upgrade").status
    for command in (("attest",), ("reply", "--month", "2026-09")):
        written = run(command[0], "template", "--chapter", "ala-lakeside", "--output", "to[/x].yml", *command[1:])
        assert (0, True) == (written.status, written.err.endswith(" written to to[/x].yml\n"))


def test_policy_coverage(run) -> None:  # noqa: ANN001
    """One line a clause wherever it goes; JSON has the same clauses."""
    ran, as_json = run("policy", "coverage", "ala"), run("policy", "coverage", "ala", "--json")
    clauses = [row["clause"] for row in json.loads(as_json.out)]
    table = ran.out.split("\n\n")[0].splitlines()
    assert clauses == [line.split()[0] for line in table[1:]]
    assert {0} == {ran.status, as_json.status}


def test_policy_coverage_counts_cases_and_lists_what_is_missing(run, place: Path, monkeypatch) -> None:  # noqa: ANN001
    """A rule with a breach as its only case is a gap: exit status 1, named in the table and in JSON."""
    folder = place / "policies" / "demo"
    (folder / "rules").mkdir(parents=True)
    head = "id: demo\ntitle: T\nversion: '1'\nlanguage: en\nsource: {title: D}\ncontact: c@hq.example\nclauses:\n"
    clauses = (
        "  - {id: DEM-01, lanes: [auto], title: T, quote: Q.}\n"
        "  - {id: DEM-02, lanes: [assist], title: T, quote: Q., not_yet: Soon.}\n"
    )
    (folder / "policy.yml").write_text(head + clauses, encoding="utf-8")
    (folder / "rules" / "r.yml").write_text(
        "rules:\n  - {id: demo.kind, version: 1, clauses: [DEM-01], check: obscene, severity: low, lane: auto, "
        "title: T, why: W, remedy: R, false_positives: F, scope: {languages: [en]}, cases: [{breach: x}]}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("CHAPTERWATCH_POLICIES", str(folder.parent))
    ran, as_json = run("policy", "coverage"), run("policy", "coverage", "--json")
    assert (1, 1, "") == (ran.status, as_json.status, ran.err)
    assert "1 of 2 clauses served, 1 not fully yet, 4 missing" == ran.out.splitlines()[-1]
    first, second = json.loads(as_json.out)
    assert [
        {"id": "demo.kind", "lane": "auto", "breaches": 1, "clean": 0, "unjudged": 0, "languages": ["en"]}
    ] == first["rules"]
    assert (3, ["it has neither rule nor question nor text"]) == (len(first["gaps"]), second["gaps"])


# --- questions only a person can answer -------------------------------------------------------------------------------

QUESTIONS = ["nothing-unlawful", "pictures-and-videos", "photo-permission", "no-retaliation", "guidelines-shared"]


def asking(place: Path, rows: str = "") -> None:
    """A registry whose chapter keeps its answers in a table, with these rows."""
    people = "        people:\n"
    (place / "config" / "chapters.yml").write_text(
        REGISTRY.replace(people, f"        answers: answers.csv\n{people}"), encoding="utf-8"
    )
    header = "question,period,answer,by,on,note\n"
    (place / "config" / "answers.csv").write_text(header + rows, encoding="utf-8")


def test_attest_list(run, place: Path) -> None:  # noqa: ANN001
    """What is answered, due and overdue, with due dates; overdue answers are exit status 1."""
    asking(place, "photo-permission,2026-08,no,ada@lakeside.example,2026-09-02,\n")
    ran = run("attest", "list")
    rows = [line.split() for line in ran.out.split("\n\n")[0].splitlines()[1:]]
    assert (1, "1 answered, 2 due, 5 overdue") == (ran.status, ran.out.splitlines()[-1])
    assert [
        "ala-lakeside",
        "ALA-27",
        "photo-permission",
        "2026-08",
        "answered",
        "2026-09-14",
        "no",
        "(2026-09-02)",
    ] in rows
    assert ["ala-lakeside", "ALA-28", "no-retaliation", "2026", "due", "2027-01-31"] in rows
    assert 5 == len(run("attest", "list", "--month", "2026-08").out.split("\n\n")[0].splitlines()[1:])
    assert (2, "chapterwatch: 'October' is not a month") == (
        (wrong := run("attest", "list", "--month", "October")).status,
        wrong.err[:38],
    )
    assert 2 == run("attest", "list", "--chapter", "nowhere").status


def test_attest_there_and_back(run, place: Path) -> None:  # noqa: ANN001
    """A questionnaire is written, filled in, imported once, and then known."""
    asking(place)
    ran = run("attest", "template", "--chapter", "ala-lakeside", "--month", "2026-08", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert (0, QUESTIONS) == (ran.status, [row["question"] for row in rows])
    rows[2] |= {"answer": "yes", "by": "bo@lakeside.example", "on": "2026-09-03"}
    with Path("back.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    kept = Path("config/answers.csv")
    assert (
        f"ala-lakeside: 1 answer added to {kept}, 0 known already, 4 left open\n"
        == run("attest", "import", "back.csv").out
    )
    assert (
        f"ala-lakeside: 0 answers added to {kept}, 1 known already, 4 left open\n"
        == run("attest", "import", "back.csv").out
    )
    printed = run("attest", "import", "back.csv", "--print")
    said = f"ala-lakeside: 0 answers to be added to {kept}, 1 known already, 4 left open\n"
    assert (0, kept.read_text(encoding="utf-8"), said) == (printed.status, printed.out, printed.err)
    again = run("attest", "template", "--chapter", "ala-lakeside", "--month", "2026-08", "--output", "open.yml")
    assert (0, "4 open questions written to open.yml\n") == (again.status, again.err)


def test_attest_import_tells_faults_by_line(run, place: Path) -> None:  # noqa: ANN001
    """Exit status 2, a line each, and nothing was added."""
    asking(place)
    Path("back.csv").write_text(
        "chapter,question,period,answer,by,on\nala-lakeside,photo-permission,2026-08,yes,eve@x.example,today\n",
        encoding="utf-8",
    )
    ran = run("attest", "import", "back.csv")
    assert (2, "back.csv:2: on: 'today' is not a date; write it as 2026-10-31\n") == (ran.status, ran.err)
    assert 1 == len(Path("config/answers.csv").read_text(encoding="utf-8").splitlines())


def test_who_has_no_registry_yet_is_told_how_to_begin(run, place: Path) -> None:  # noqa: ANN001
    """The first command in an empty folder: what is missing, and where it comes from."""
    (place / "config" / "chapters.yml").unlink()
    said = (
        "config/chapters.yml:1: there is no such file; copy config/chapters.example.yml there and fill it in, "
        "or set CHAPTERWATCH_REGISTRY\n"
    )
    for arguments in (("registry", "lint"), ("collect",), ("publish", "2026-09")):
        assert (2, "", said) == ((ran := run(*arguments)).status, ran.out, ran.err)


@pytest.mark.parametrize("packs", ["empty", "nowhere"])
def test_a_folder_without_packs_is_named(run, monkeypatch: pytest.MonkeyPatch, place: Path, packs: str) -> None:  # noqa: ANN001
    """A slip in the folder's name is no fault of the registry's line."""
    (place / "empty").mkdir()
    monkeypatch.setenv("CHAPTERWATCH_POLICIES", packs)
    said = f"there is no policy pack in {packs}; set CHAPTERWATCH_POLICIES to the folder of the packs\n"
    for arguments in (("registry", "lint"), ("findings",)):
        assert (2, "", f"chapterwatch: {said}") == ((ran := run(*arguments)).status, ran.out, ran.err)


def test_an_import_whose_format_nobody_names_is_told_which_there_are(run, place: Path) -> None:  # noqa: ANN001
    """An account that is asked live names none; its platform has one all the same."""
    path = place / "config" / "chapters.yml"
    live = path.read_text(encoding="utf-8").replace("access: import", "access: public_api\n            connection: x")
    path.write_text(live.replace("            export_format: plain\n", ""), encoding="utf-8")
    table("id,text\n1,a\n")
    ran = run("import", "posts.csv", "--account", KEY)
    said = f"chapterwatch: account {KEY} names no export_format; give --format with x_archive\n"
    assert (2, "", said) == (ran.status, ran.out, ran.err)


WRONG_FILES = {
    "posts.csv": (b"", "posts.csv: is empty; write a header line with id, text, created_at"),
    "other.csv": (b"foo,bar\n1,2\n", "other.csv: has no column 'id' (its columns: bar, foo); name a column so"),
    "latin.csv": (
        b"id,text,created_at\n1,caf\xe9,2026-10-01T00:00:00Z\n",
        "latin.csv:2: is not UTF-8; save the file again as UTF-8 (CSV UTF-8)",
    ),
    "posts.zip": (b"PK\x03\x04 broken", "posts.zip: is no readable zip; download the export again"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_that_is_no_export_is_a_mistake_to_mend(run, name: str) -> None:  # noqa: ANN001
    """One line with what is wrong, where and how to mend it, as for every other command that reads a file."""
    body, said = WRONG_FILES[name]
    Path(name).write_bytes(body)
    ran = run("import", name, "--account", KEY)
    assert (2, "", f"chapterwatch: {said}\n") == (ran.status, ran.out, ran.err)


LISTED = """
    roster_names: [Marta Ostrowe]
    events: [{name: Forum, starts: 2026-10-14, ends: 2026-10-16, hashtags: ["#Forum26"]}]
"""


def test_registry_lint_says_nothing_more_of_a_roster_that_has_its_lists(run, place: Path) -> None:  # noqa: ANN001
    """The near-miss: lists are there, and every language is one that reports are written in."""
    path = place / "config" / "chapters.yml"
    roster = path.read_text(encoding="utf-8").replace("    chapters:\n", f"{LISTED}    chapters:\n")
    path.write_text(roster.replace("country: US", "country: US\n        language: pt"), encoding="utf-8")
    assert 1 == len(run("registry", "lint").out.splitlines())


def test_registry_lint_names_the_lists_that_are_empty(run) -> None:  # noqa: ANN001
    """A roster without them is sound, and some clauses are then not judged: whoever keeps it is told."""
    ran = run("registry", "lint")
    assert 0 == ran.status
    said = "ala: roster_names and events are empty; a rule that has nothing else to answer by will say"
    assert [f'{said} "not judged" (--clauses names them)'] == ran.out.splitlines()[1:]


def test_registry_lint_names_the_clauses_that_an_empty_list_leaves_out(run) -> None:  # noqa: ANN001
    """Where it is asked to, for it has to look into every rule."""
    ran = run("registry", "lint", "--clauses")
    assert 0 == ran.status
    names = 'roster_names is empty, so 4 rules of ALA-06, ALA-07, ALA-10, ALA-11, ALA-23 will say "not judged"'
    events = 'events is empty, so 2 rules of ALA-25 will say "not judged"'
    assert {
        f"ala: {names}; list members and staff, names and handles",
        f"ala: {events}; list the events whose hashtag posts should carry",
    } == set(ran.out.splitlines()[1:])


def test_registry_lint_names_a_language_that_reports_do_not_speak(run, place: Path) -> None:  # noqa: ANN001
    """Any two letters are a language; a report in one that nobody translated to would be English without a word."""
    path = place / "config" / "chapters.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("country: US", "country: US\n        language: ja"))
    said = (
        "ala: language ja is none that reports are written in (de, en, es, fr, it, nl, pt); chapters with it get "
        "English ones"
    )
    ran = run("registry", "lint")
    assert (0, said) == (ran.status, ran.out.splitlines()[1])


def test_registry_lint_names_chapters_without_an_account(run, place: Path) -> None:  # noqa: ANN001
    """Sound, for accounts may come later; but nothing is looked at, and whoever keeps the roster is told."""
    path = place / "config" / "chapters.yml"
    roster = path.read_text(encoding="utf-8")
    assert "no account" not in run("registry", "lint").out
    path.write_text(roster[: roster.index("        accounts:")], encoding="utf-8")
    ran = run("registry", "lint")
    said = "has no account, so its report will say that nothing could be looked at; list them under accounts"
    assert (0, f"ala-lakeside: {said}") == (ran.status, ran.out.splitlines()[-1])


def test_registry_lint_says_which_answer_was_replaced(run, place: Path) -> None:  # noqa: ANN001
    """The later answer counts, and whoever keeps the register is told so."""
    rows = "photo-permission,2026-08,{},ada@lakeside.example,2026-09-0{},\n"
    asking(place, rows.format("yes", 2) + rows.format("no", 4))
    told = run("registry", "lint").out.splitlines()[-1]
    assert "ala-lakeside: the answer to photo-permission for 2026-08 of 2026-09-04 replaces that of 2026-09-02" == told


def test_registry_lint_names_chapters_whose_name_is_cut(run, place: Path) -> None:  # noqa: ANN001
    """Reports cut a name of more than 80 characters; whoever keeps the roster is told before they do."""
    path = place / "config" / "chapters.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("name: Lakeside Chapter", f"name: Lakeside {'x' * 71}"))
    assert "its name has" not in run("registry", "lint").out
    path.write_text(path.read_text(encoding="utf-8").replace("name: Lakeside", "name: The Lakeside"))
    told = run("registry", "lint").out.splitlines()[-1]
    assert "ala-lakeside: its name has 84 characters, and reports cut it at 80" == told


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_tables_fit_the_terminal(columns: int) -> None:
    """No line is wider than the terminal, so none is wrapped."""
    leader, follower = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": str(columns), "NO_COLOR": "1"}
    with subprocess.Popen([PROGRAM, "policy", "coverage", "lll"], stdout=follower, env=environment) as running:
        os.close(follower)
        seen = b""
        while chunk := _read(leader):
            seen += chunk
        assert 0 == running.wait(60)
    os.close(leader)
    lines = seen.decode().replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    assert 38 == sum(line.startswith("LLL-") for line in lines)
    assert max(map(len, lines)) <= columns


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # the other end is closed
        return b""


def test_policy_test_and_no_packs(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: ANN001
    """Every case of the packs that come along passes; where there is no pack, nothing was tested, and that is said."""
    ran = run("policy", "test", "lll")
    assert 0 == ran.status
    assert ran.out.endswith(" cases, 0 failed\n")
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("CHAPTERWATCH_POLICIES", str(tmp_path / "none"))
    assert (2, "") == ((none := run("policy", "test")).status, none.out)
    assert "there is no policy pack" in none.err


def test_explain(run) -> None:  # noqa: ANN001
    """A rule is told with clause, remedy and cases; an unknown one with those there are."""
    ran = run("explain", "ala.threat")
    assert 0 == ran.status
    assert all(word in ran.out for word in ("ALA-03: “", "Why\n", "What to do\n", "How it is judged\n", "Cases\n"))
    unknown = run("explain", "ala.nope")
    assert (2, 1) == (unknown.status, len(unknown.err.splitlines()))
    assert "use one of: ala." in unknown.err
    assert "did you mean ala.obscene?" in run("explain", "ala.obscen").err


def test_explain_what_people_report(run) -> None:  # noqa: ANN001
    """No pack lists it, and a finding names it: what stands in the rule's place is told."""
    ran = run("explain", "lll.by_hand")
    assert (0, False) == (ran.status, "[bold]" in ran.out)
    assert all(word in ran.out for word in ("A person reported this", "Why\n", "What to do\n", "Where it goes wrong\n"))


EXPORT = """id,text,created_at
1,See you on Monday,2026-10-05T09:30:00Z
2,"What the [fuck]
is this",2026-10-06T09:30:00Z
"""


def test_nothing_judged_is_not_taken_for_nothing_found(run, place: Path) -> None:  # noqa: ANN001
    """A home that is misspelt, or a roster before its first night: an empty list there is no clean one."""
    judged = run("audit")
    assert (0, "0 verdicts, 0 not judged; 0 findings, 0 open") == (judged.status, judged.out.strip())
    said = "nothing was judged: no post is kept yet; run `chapterwatch collect` or `chapterwatch import` first"
    assert judged.err.splitlines() == [f"{said} (home: {place / '.chapterwatch'})"]
    (place / "new").mkdir()
    run("archive", "upgrade")
    run("import", table(EXPORT), "--account", KEY)
    assert "" == run("audit").err
    assert "" == run("findings").err


def test_findings_before_the_first_audit_are_not_an_empty_list(run) -> None:  # noqa: ANN001
    """What was captured and not judged yet may hold anything; tables for programs stay as they are."""
    run("import", table(EXPORT), "--account", KEY)
    ran = run("findings", "--format", "csv")
    assert (0, []) == (ran.status, ran.rows)
    assert "nothing was judged yet; run `chapterwatch audit` first\n" == ran.err


def test_chapters_without_a_web_site_are_not_called_well_linked(run) -> None:  # noqa: ANN001
    """Nothing to confirm, for nothing was read: the command says of whom."""
    ran = run("registry", "discover")
    assert (0, True) == (ran.status, ran.out.endswith("0 matters to confirm\n"))
    assert "not read, for the registry names no website: ala-lakeside\n" == ran.err


@pytest.mark.parametrize("command", ["collect --night", "archive hold add x:1 --by a --why b --until"])
def test_a_day_written_otherwise_is_told_how_to_write_it(run, command: str) -> None:  # noqa: ANN001
    """In words, not by the format a library reads it with."""
    ran = run(*command.split(), "31.12.2026")
    assert (2, True) == (ran.status, "'31.12.2026' is no day; write it as 2026-10-31." in ran.err)


def test_from_an_export_to_findings_and_a_tampered_archive(run, place: Path) -> None:  # noqa: ANN001
    """Import, audit, findings in three formats; then one changed row is named by `archive verify`."""
    file = table(EXPORT)
    assert "2 new posts, 0 changed, 0 kept aside." in run("import", file, "--account", KEY).out
    assert "0 new posts, 0 changed, 0 kept aside." in run("import", file, "--account", KEY).out
    assert 0 == run("audit").status
    shown = run("findings")
    assert 1 == shown.status
    assert ["chapter", "account", "rule", "severity", "state", "excerpt"] == shown.out.splitlines()[0].split()
    assert any("ala.obscene" in line and line.endswith("fuck") for line in shown.out.splitlines())
    as_csv, as_json = run("findings", "--format", "csv"), run("findings", "--format", "json")
    assert [row["key"] for row in as_csv.rows] == [row["key"] for row in json.loads(as_json.out)]
    whole = run("archive", "verify")
    assert (0, "") == (whole.status, whole.err)
    assert whole.out.endswith("of 1 account: whole\n")
    with sqlite3.connect(place / ".chapterwatch" / "archive.sqlite") as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'trigger'")]
        for name in names:
            database.execute(f'DROP TRIGGER "{name}"')
        changed = database.execute("UPDATE capture SET captured_at = '2020-01-01 00:00:00.000000' WHERE seq = 1")
        assert 1 == changed.rowcount
    tampered = run("archive", "verify")
    assert 1 == tampered.status
    assert "NOT WHOLE" in tampered.out
    assert KEY in tampered.err
    assert "1" in tampered.err.replace(KEY, "")


def test_a_database_that_fails_after_opening_is_told_in_one_line(run, place: Path) -> None:  # noqa: ANN001
    """Without the statement and its values, which may hold a post's words."""
    run("import", table(EXPORT), "--account", KEY)
    with sqlite3.connect(place / ".chapterwatch" / "archive.sqlite") as database:
        database.execute("ALTER TABLE finding RENAME TO gone")
    ran = run("findings")
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert "the archive cannot be used: no such table: finding; check the database and its disk" in ran.err


def test_verify_calls_a_damaged_file_not_whole(run, place: Path) -> None:  # noqa: ANN001
    """Pages that were overwritten are told as tampering is, not as a failure of the command."""
    run("import", table(EXPORT), "--account", KEY)
    file = place / ".chapterwatch" / "archive.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = database.execute("PRAGMA page_size").fetchone()
        roots = [root for (root,) in database.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'account'")]
    with file.open("r+b") as written:
        for root in roots:
            written.seek((root - 1) * size)
            written.write(b"\xff" * size)
    ran = run("archive", "verify")
    assert (1, "NOT WHOLE: the database file is damaged\n") == (ran.status, ran.out)
    assert 1 == len(ran.err.splitlines())


def test_an_archive_whose_folder_cannot_be_made_is_one_line(run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    """The folder of a new archive is made by whatever writes the first row; what only looks makes none."""
    Path("taken").write_text("", encoding="utf-8")
    monkeypatch.setenv("CHAPTERWATCH_DATABASE", f"sqlite:///{Path('taken/below/archive.sqlite').absolute()}")
    said = {"archive upgrade": "cannot be made (Not a directory)", "findings": "there is no archive at "}
    for command, words in said.items():
        ran = run(*command.split())
        assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
        assert words in ran.err


def test_erasing_says_which_records_it_emptied(run, place: Path) -> None:  # noqa: ANN001, ARG001
    """A row that could not be read goes where it has the post's id, and the receipt says so; another row is left."""
    run("import", table(f"{EXPORT}57,we meet,the 12th of October\n9,the post 1,some day\n"), "--account", KEY)
    decided = ("--by", "records officer", "--why", "asked for")
    first = run("archive", "erase", KEY, "1", *decided).out.splitlines()
    again = run("archive", "erase", KEY, "1", *decided).out.splitlines()

    assert (
        f"{KEY} 1: erased 1 reading, 0 pictures, and what was quoted in 0 findings, 0 replies and 0 mails" == first[0]
    )
    assert f"{KEY} 1: emptied 1 unreadable record with its id in" == first[2]
    assert [f"{KEY} 1: nothing was left to erase"] == again


def test_what_outlives_the_rule_is_told_before_and_after(run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    """The preview counts and erases nothing; a hold keeps its post; the audit says what it erased."""
    registry = place / "config" / "chapters.yml"
    registry.write_text(REGISTRY.replace("    language: en\n", "    language: en\n    retention: {months: 3}\n"))
    rows = "".join(f"{number},We meet on Monday.,2026-08-0{number}T10:00:00Z\n" for number in range(1, 4))
    run("import", table(f"{EXPORT.splitlines()[0]}\n{rows}"), "--account", KEY)
    monkeypatch.setenv("CHAPTERWATCH_NOW", "2027-02-01T02:15:00Z")
    decided = ("--by", "records officer", "--why", "matter 12")
    held = run("archive", "hold", "add", KEY, "2", "--until", "2027-03-31", *decided)
    preview, again = (run("archive", "retention").out.splitlines() for _ in range(2))
    audited, empty = run("audit"), run("audit")
    refused = run("archive", "erase", KEY, "2", *decided)
    ended = run("archive", "hold", "end", "1", *decided)

    assert f"hold 1: {KEY} 2 until 2027-03-31\n" == held.out
    assert (preview, ["x:2001", "3", "3", "2", "1", "0", "0", "ala-lakeside"]) == (again, preview[1].split())
    assert "2 posts to erase, 2,000 with one audit at most" == preview[-1]
    assert "erased under the retention rule: 2 posts" == audited.out.splitlines()[-1]
    assert 1 == len(empty.out.splitlines())
    assert (2, 1) == (refused.status, len(refused.err.splitlines()))
    assert f"hold 1: {KEY} 2 is ended\n" == ended.out
    assert "0 holds" == run("archive", "hold", "list").out.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--platform", "twitter"), "there is no platform 'twitter'; use one of: "),
        (("--platform", "weblogs"), "there is no platform 'weblogs'; did you mean weblog?"),
        (("--chapter", "ala-lakeside", "--platform", "weblog"), "no account matches the chapters and platforms chosen"),
        (("--night", "2026-10-30"), "2026-10-30 is not over; the last day to report on is 2026-10-29"),
    ],
)
def test_collecting_from_nobody_is_no_night(run, options: tuple[str, ...], said: str) -> None:  # noqa: ANN001
    """A slip in what to collect is one line; no account was asked, and none counts as seen."""
    ran = run("collect", *options)
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert said in ran.err


def test_collecting_one_chapter_lists_its_accounts_alone(run, place: Path) -> None:  # noqa: ANN001
    """What an earlier call of the same night could not see of others is not listed again as if it had been asked."""
    begins = REGISTRY.index("      - id: ala-lakeside")
    other = REGISTRY[begins:].replace("ala-lakeside", "ala-harbor").replace("2001", "2002").replace("@lake", "@harbor")
    (place / "config" / "chapters.yml").write_text(REGISTRY + other, encoding="utf-8")
    both, one = run("collect"), run("collect", "--chapter", "ala-harbor")

    assert {"x:2001", "x:2002"} == {line.split(": ")[0].strip() for line in both.err.splitlines()}
    assert {"x:2002"} == {line.split(": ")[0].strip() for line in one.err.splitlines()}


@pytest.mark.parametrize("options", [(), ("--chapter", "ala-lakeside")])
def test_delivering_what_was_never_issued_is_said(run, monkeypatch, options: tuple[str, ...]) -> None:  # noqa: ANN001
    """Nothing sent is no answer where there was nothing to send: one line says what to run first."""
    monkeypatch.setenv("CHAPTERWATCH_MAIL", "maildir:mail")
    ran = run("deliver", "2026-09", *options)
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert "was issued for 2026-09; run `chapterwatch publish 2026-09` first" in ran.err


@pytest.mark.parametrize("step", ["publish", "deliver"])
def test_a_month_that_is_not_over_is_refused(run, step: str) -> None:  # noqa: ANN001
    """One line says when it closes and how to look at it before."""
    ran = run(step, "2026-10")
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert "2026-10 closes on 2026-11-02 at 06:00 UTC" in ran.err
    assert "`chapterwatch publish 2026-10 --preview FOLDER`" in ran.err


def test_a_mail_that_did_not_leave_is_told_with_its_reason(run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    """And with what sends it; tried again it is told once, and of two findings in one mail as one mail."""
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
    monkeypatch.setenv("CHAPTERWATCH_MAIL", f"smtp://127.0.0.1:{port}")
    threats = "We will kill you, Marta Ostrowe. And I will burn down your house."
    run("import", table(f'id,text,created_at\n1,"{threats}",2026-09-06T09:30:00Z\n'), "--account", KEY)
    run("audit")
    why = "the mail server cannot be reached: ConnectionRefusedError; check CHAPTERWATCH_MAIL"
    for _ in range(2):
        ran = run("alert")
        assert (1, "0 sent, 1 deferred, 0 refused, 0 unknown, 0 already, 0 lost\n") == (ran.status, ran.out)
        assert f"  1 deferred: {why}; the next `chapterwatch alert` sends it\n" == ran.err

    monkeypatch.setenv("CHAPTERWATCH_NOW", "2026-11-03T06:00:00Z")
    run("publish", "2026-09", "--chapter", "ala-lakeside")
    ran = run("deliver", "2026-09", "--chapter", "ala-lakeside", "--although-held")
    assert (1, f"  2 deferred: {why}; the next `chapterwatch deliver 2026-09` sends it\n") == (ran.status, ran.err)


LOOKING = (
    ("findings",),
    ("archive", "verify"),
    ("delivery", "list"),
    ("reply", "list"),
    ("reply", "template", "--chapter", "ala-lakeside"),
    ("sample", "sheet", "2026-09"),
    ("sample", "result", "2026-09"),
    ("policy", "diff", "draft"),
    ("health",),
)


@pytest.mark.parametrize("arguments", LOOKING, ids=" ".join)
def test_whoever_looks_makes_no_archive(run, place: Path, monkeypatch, arguments: tuple[str, ...]) -> None:  # noqa: ANN001
    """What is not there is neither whole nor without findings, and looking makes neither folder nor file."""
    shutil.copytree(POLICIES / "ala", place / "draft")
    blank = place / "blank.sqlite"
    blank.touch()
    for file in (place / "nowhere" / "archive.sqlite", place / "archive.sqlite", blank):
        monkeypatch.setenv("CHAPTERWATCH_DATABASE", f"sqlite:///{file}")
        ran = run(*arguments)
        assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
        assert f"there is no archive at {file}; run `chapterwatch collect` first" in ran.err

    assert [blank] == sorted(place.rglob("*.sqlite*"))
    assert (0, False) == (blank.stat().st_size, (place / "nowhere").exists())


SETTINGS = {
    "CHAPTERWATCH_NOW": "yesterday",
    "CHAPTERWATCH_MAX_READS": "many",
    "CHAPTERWATCH_MAIL": "somewhere",
    "CHAPTERWATCH_REGISTRY": "gone.yml",
    "CHAPTERWATCH_DATABASE": "nosuch://here",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_mistaken_setting_is_one_line(run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:  # noqa: ANN001
    """Whatever command meets it."""
    monkeypatch.setenv(name, SETTINGS[name])
    ran = run("findings")
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))


def test_a_broken_connections_file_is_told_with_its_line(run) -> None:  # noqa: ANN001
    """It is a file somebody wrote: file, line, what, how to mend."""
    registry = REGISTRY.replace(
        "access: import\n            export_format: plain", "access: public_api\n            connection: x_main"
    )
    Path("config/chapters.yml").write_text(registry, encoding="utf-8")
    Path("config/connections.yml").write_text("connections:\n  x_main: {platform: x, secret: hidden-word}\n")
    ran = run("collect")
    assert 2 == ran.status
    assert all(line.startswith("config/connections.yml:") for line in ran.err.splitlines() if line)
    assert "hidden-word" not in ran.err


def test_unknown_commands_and_options(run) -> None:  # noqa: ANN001
    """A slip of the keyboard is one line, too."""
    for arguments in (
        ["frob"],
        ["judge", "--frob"],
        ["import", "gone.csv", "--account", KEY],
        ["findings", "--month", "x"],
        ["policy", "diff", ".", "--posts", "0"],
        ["policy", "diff", ".", "--posts", "-3"],
    ):
        ran = run(*arguments)
        assert (2, 1) == (ran.status, len(ran.err.splitlines())), arguments


def test_our_own_mistakes_give_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a user can mend is told in one line; the rest must not be hidden."""
    monkeypatch.setattr(cli.judge, "_rules_chosen", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cli.main(["judge", table("id,text\n1,a\n"), "--pack", "ala"])


def test_a_reader_that_goes_away_is_no_error() -> None:
    """As in `chapterwatch judge … | head -1`."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"'{PROGRAM}' judge posts.csv --pack ala --rules obscene | head -1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=Path(table("id,text\n" + "".join(f"{at},{'fuck ' * 40}\n" for at in range(500)))).absolute().parent,
    )
    assert ",".join(COLUMNS) + "\n" == done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["judge", "findings", "health --json", "archive version"])
def test_output_on_a_full_disk_is_one_line(run, command: str) -> None:  # noqa: ANN001
    """Whatever prints it, at once or on the way out: nobody may take a cut list for the whole one."""
    run("import", table(EXPORT), "--account", KEY)
    run("audit")
    asked = ["judge", "posts.csv", "--pack", "ala"] if command == "judge" else command.split()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([PROGRAM, *asked], stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)
    said = "chapterwatch: No space left on device; make room where it writes to, and repeat"
    assert (2, said) == (done.returncode, done.stderr.decode().splitlines()[-1])
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    ("command", "spelled"), [("findings", "fu\\u0441k"), ("explain ala.threat", "ALA-03: \\u201c")]
)
def test_a_terminal_that_knows_few_letters_is_no_error(run, command: str, spelled: str) -> None:  # noqa: ANN001
    """What it cannot show is spelled out by its code point."""
    run("import", table(EXPORT.replace("fuck", "fu\u0441k")), "--account", KEY)
    run("audit")
    ran = program(*command.split(), environment={"PYTHONIOENCODING": "ascii"})
    assert (1 if command == "findings" else 0, "") == (ran.status, ran.err)
    assert spelled in ran.out


@pytest.mark.parametrize("to", ["", "s3:/bucket", ".chapterwatch", ".chapterwatch/reports", "elsewhere/copy"])
def test_the_store_of_files_is_not_copied_into_itself(run, place: Path, to: str) -> None:  # noqa: ANN001
    """Nor into the current folder by an empty name, nor into a folder called `s3:`; links are followed."""
    kept = place / ".chapterwatch" / "reports" / "2026-09" / "a.pdf"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a")
    (place / "elsewhere").symlink_to(place / ".chapterwatch")
    ran = run("files", "copy", to)
    assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
    assert [kept] == list(place.rglob("a.pdf"))
    assert "1 file in ./s3:/copy; now" in run("files", "copy", "./s3:/copy").out


def test_files_that_cannot_be_read_or_written_are_told_in_plain_words(run, place: Path) -> None:  # noqa: ANN001, ARG001
    """Neither by the name of an error of Python's nor by its number."""
    run("import", table(EXPORT), "--account", KEY)
    Path("sheet.csv").write_bytes("niño\n".encode("latin-1"))
    said = {
        ("sample", "import", "gone.csv"): "gone.csv: cannot be read (No such file or directory); check the path",
        ("sample", "import", "sheet.csv"): "sheet.csv: is not UTF-8; save it as CSV UTF-8",
        ("archive", "copy", "gone/a.sqlite"): (
            "the archive cannot be copied to gone/a.sqlite (No such file or directory); say another place"
        ),
    }
    for arguments, words in said.items():
        ran = run(*arguments)
        assert (2, f"chapterwatch: {words}\n") == (ran.status, ran.err)


def test_a_sheet_without_a_line_is_no_answer(run, place: Path) -> None:  # noqa: ANN001, ARG001
    """An empty file is told: nobody may believe that it was kept."""
    for text in ("", "\n"):
        ran = run("sample", "import", table(text, "sheet.csv"))
        assert (2, "", 1) == (ran.status, ran.out, len(ran.err.splitlines()))
        assert "sheet.csv: is empty" in ran.err


def test_an_empty_registry_is_told_as_such(run) -> None:  # noqa: ANN001
    """In words, not as the type of a value."""
    Path("empty.yml").write_text("", encoding="utf-8")
    assert "empty.yml:1: is empty; " in run("registry", "lint", "empty.yml").err
