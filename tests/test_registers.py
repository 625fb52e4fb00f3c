"""A chapter's registers: answers, signed consents, acknowledgements, from the registry or from files beside it."""

from datetime import date
from pathlib import Path

import pytest

from chapterwatch import registry
from chapterwatch.errors import InvalidFiles
from chapterwatch.model import Acknowledgement, Answer, Chapter, Consent

KNOWN = registry.Known(
    platforms=frozenset({"x"}),
    export_formats=frozenset(),
    packs=frozenset({"ala"}),
    questions={"ala": {"photos": "monthly", "shared": "yearly", "joined": "once"}},
)
HEAD = """\
associations:
  - id: ala
    name: The Association
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    chapters:
      - id: lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {name: Pat Example, email: pat@lakeside.example, role: president, leadership: true}
"""
ANSWER = "{question: photos, period: 2026-10, answer: yes, by: pat@lakeside.example, on: 2026-11-03}"
CONSENT = '{people: 3, signed_on: 2026-10-01, kept: binder, posts: ["77"]}'
HEADER = "question,period,answer,by,on,note\n"


def chapter(folder: Path, registers: str) -> Chapter:
    (folder / "chapters.yml").write_text(HEAD + registers, encoding="utf-8")
    return registry.load(folder / "chapters.yml", KNOWN).chapters[0]


def problems(folder: Path, registers: str) -> list[str]:
    with pytest.raises(InvalidFiles) as caught:
        chapter(folder, registers)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def listed(name: str, *rows: str) -> str:
    return f"        {name}:\n" + "".join(f"          - {row}\n" for row in rows)


def test_a_chapter_without_registers_has_none(tmp_path: Path) -> None:
    """Nobody has to keep registers to be audited."""
    found = chapter(tmp_path, "")
    assert ((), (), ()) == (found.answers, found.consents, found.acknowledgements)


def test_registers_in_the_registry(tmp_path: Path) -> None:
    """A year and a yes without quotes stay what they are, though YAML likes to turn them."""
    rows = listed("answers", ANSWER, ANSWER.replace("photos", "shared").replace("2026-10", "2026"))
    rows += listed("consents", CONSENT) + listed(
        "acknowledgements", '{by: pat@lakeside.example, version: "1.10", on: 2026-08-01}'
    )
    found = chapter(tmp_path, rows)
    given = {"answer": "yes", "by": "pat@lakeside.example", "on": date(2026, 11, 3)}
    assert (
        Answer(question="photos", period="2026-10", **given),
        Answer(question="shared", period="2026", **given),
    ) == found.answers
    assert (Consent(people=3, signed_on=date(2026, 10, 1), kept="binder", posts=("77",)),) == found.consents
    assert (Acknowledgement(by="pat@lakeside.example", version="1.10", on=date(2026, 8, 1)),) == found.acknowledgements


@pytest.mark.parametrize("comma", [",", ";"])
def test_answers_in_a_table_beside_the_registry(tmp_path: Path, comma: str) -> None:
    """A table saved by a spreadsheet: with a byte order mark, semicolons, an empty line and a comma in quotes."""
    text = HEADER + 'photos,2026-10,N/A,pat@lakeside.example,2026-11-03,"none"\n,,,,,\n'
    text = text.replace(",", comma).replace('"none"', '"None, this time; really"')
    (tmp_path / "answers.csv").write_text(text, encoding="utf-8-sig")
    (answer,) = chapter(tmp_path, "        answers: answers.csv\n").answers
    assert ("not applicable", "None, this time; really") == (answer.answer, answer.note)


def test_consents_in_a_list_and_in_a_table(tmp_path: Path) -> None:
    """The same register in two forms is the same data."""
    digest = "a" * 64
    (tmp_path / "c.yml").write_text(
        f"- people: 4\n  signed_on: 2026-10-01\n  kept: binder\n  posts: ['1', '2']\n  pictures: [{digest}]\n",
        encoding="utf-8",
    )
    (tmp_path / "c.csv").write_text(
        f"people,signed_on,kept,posts,pictures\n4,2026-10-01,binder,1 2,{digest}\n", encoding="utf-8"
    )
    first, second = (chapter(tmp_path, f"        consents: c.{form}\n").consents for form in ("yml", "csv"))
    assert first == second
    assert ("1", "2") == first[0].posts


def test_what_a_consent_covers() -> None:
    """A post by id or address, a picture by its hash, a day within an event; the day after is not covered."""
    given = {"people": 2, "signed_on": date(2026, 10, 1), "kept": "binder"}
    consent = Consent(posts=("77",), pictures=("a" * 64,), **given)
    event = Consent(event="Forum", starts=date(2026, 10, 14), ends=date(2026, 10, 16), **given)
    assert [False, True, True] == [
        consent.covers(posts=["78"], day=date(2026, 10, 15)),
        consent.covers(posts=["x", "77"]),
        consent.covers(pictures=["a" * 64]),
    ]
    assert [True, False] == [event.covers(day=date(2026, 10, 16)), event.covers(day=date(2026, 10, 17))]


FAULTS = [
    (listed("answers", ANSWER.replace("pat@", "bo@")), "bo@lakeside.example is not among the chapter's people; add"),
    (listed("answers", ANSWER.replace("photos", "fotos")), "pack ala has no question 'fotos'; use one of: joined,"),
    (
        listed("answers", ANSWER.replace("2026-10", "2026")),
        "question photos is asked monthly, not for 2026; write the period as 2026-10",
    ),
    (listed("answers", ANSWER.replace("2026-10", "2026-13")), "period: '2026-13' is not a period; write 2026-10 for"),
    (listed("answers", ANSWER.replace("2026-11-03", "3.11.2026")), "on: '3.11.2026' is not a date; write it as"),
    (
        listed("answers", ANSWER.replace("2026-11-03", "2026-09-30")),
        "photos was answered on 2026-09-30, before 2026-10 began; correct the date or the period",
    ),
    (listed("answers", ANSWER.replace("answer: yes, ", "")), "answer is missing; add it"),
    (listed("answers", ANSWER, ANSWER.replace("yes", "no")), "so no answer is the later one; keep one of them"),
    (listed("consents", CONSENT.replace("people: 3", "names: [A]")), "names would name people; leave it out and give"),
    (listed("consents", CONSENT.replace("people: 3", "people: 0")), "people: input should be greater than or equal"),
    (listed("consents", CONSENT.replace(', posts: ["77"]', "")), "a consent must say what it covers; give posts,"),
    (
        listed("consents", CONSENT.replace('posts: ["77"]', "event: Forum")),
        "an event's consent needs its days; add starts and ends",
    ),
    (
        listed("consents", CONSENT.replace("}", ", starts: 2026-10-02}")),
        "a consent's days need starts and ends; add the other one",
    ),
    (listed("consents", CONSENT.replace("}", ", pictures: [AB]}")), "'AB' is not the SHA-256 of a picture; write"),
    (
        listed("acknowledgements", "{by: pat@lakeside.example, version: 1.10, on: 2026-08-01}"),
        'version: input should be a valid string; put it in quotes, as in "0042"',
    ),
    ("        answers: nowhere.csv\n", "nowhere.csv:1: cannot be read (No such file or directory); check the path"),
    ("        answers: answers.xlsx\n", "answers.xlsx:1: is no file of answers; use a name that ends in .yml or .csv"),
    ("        answers: 7\n", "answers is neither a list nor a file's name; write one of the two"),
]


@pytest.mark.parametrize(("registers", "expected"), FAULTS, ids=[fault[1][:50] for fault in FAULTS])
def test_each_fault_is_told_with_its_mending(tmp_path: Path, registers: str, expected: str) -> None:
    """file:line: what; how to mend."""
    (told,) = problems(tmp_path, registers)
    assert expected in told


TABLE_ROW = "photos,2026-10,yes,pat@lakeside.example,2026-11-03"
TABLE_FAULTS = [
    ("question,period\nphotos,2026-10\n", ["a.csv:2: answer is missing; add it"]),
    ("question,colour\n", ["a.csv:1: 'colour' is not a known column; use the header line question,period,answer"]),
    ("", ["a.csv:1: has no header line; use the header line question,period,answer,by,on,note"]),
    ("question,question,period\n", ["a.csv:1: has the column 'question' twice; keep one of them"]),
    (
        HEADER + "photos,2026-10,yes,pat@lakeside.example,2026-11-03,fine, and dandy\n",
        ["a.csv:2: a cell beyond the header is not a known key"],
    ),
    (
        HEADER + 'photos,2026-10,yes,pat@lakeside.example,2026-11-03,"two\nlines"\nphotos,x,yes,bo@l.example,soon,\n',
        ["a.csv:4: period: 'x' is not a period", "a.csv:4: on: 'soon' is not a date"],
    ),
    (
        HEADER + f'{TABLE_ROW},fine\n{TABLE_ROW},"see mail\n{TABLE_ROW},\n{TABLE_ROW},\n',
        ["a.csv:3: is no CSV row: unexpected end of data; close its quotation marks, and write those inside a cell"],
    ),
    (
        HEADER + f'{TABLE_ROW},"see mail\n{TABLE_ROW},"see mail"\n',
        ["a.csv:2: is no CSV row: ',' expected after '\"'; close its quotation marks, and write those inside a cell"],
    ),
    (
        HEADER + f'{TABLE_ROW},"' + "x\n" * 70_000 + '"\n',
        ["a.csv:2: is no CSV row: field larger than field limit (131072); close its quotation marks"],
    ),
    ('question,"period\n', ["a.csv:1: is no CSV row: unexpected end of data; close its quotation marks"]),
]


@pytest.mark.parametrize(("text", "expected"), TABLE_FAULTS, ids=[fault[1][0][:40] for fault in TABLE_FAULTS])
def test_a_table_tells_its_faults_by_line(tmp_path: Path, text: str, expected: list[str]) -> None:
    """The line is the file's, also after a cell with a line break; nothing is guessed at."""
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    told = problems(tmp_path, "        answers: a.csv\n")
    assert all(any(line.startswith(start) for line in told) for start in expected), told


def test_every_fault_of_all_registers_in_one_go(tmp_path: Path) -> None:
    """A fault in a file beside the registry hides none in the registry, nor the other way round."""
    (tmp_path / "a.csv").write_text(HEADER + "fotos,2026-10,yes,bo@l.example,2026-11-03,\n", encoding="utf-8")
    told = problems(
        tmp_path, "        answers: a.csv\n" + listed("consents", "{people: many}") + "        colour: red\n"
    )
    starts = [line.split(":")[0] for line in told]
    assert {"a.csv": 2, "chapters.yml": 4} == {name: starts.count(name) for name in sorted(set(starts))}


def test_a_table_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    """A table saved in another encoding names itself."""
    (tmp_path / "a.csv").write_bytes(HEADER.encode() + "niño\n".encode("latin-1"))
    assert ["a.csv:1: is not UTF-8; save it as CSV UTF-8"] == problems(tmp_path, "        answers: a.csv\n")
