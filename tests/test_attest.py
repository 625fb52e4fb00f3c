"""Questions only a person can answer: when they are due, how they stand, and the questionnaire's way there and back."""

import csv
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from chapterwatch import attest, registry
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.known import known
from chapterwatch.model import Access, Account, Answer, Chapter, Person, Space
from chapterwatch.policy import POLICIES, Due, Pack, Question, load_pack
from chapterwatch.registry import Registry

HEADER = "question,period,answer,by,on,note\n"
REGISTRY = """\
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
          - {{name: Pat Example, email: pat@lakeside.example, role: president, leadership: true}}
        answers: {answers}
        accounts:
          - platform: x
            native_id: "1"
            handle: lakeside
            space: official
            access: public_api
            connection: x
            collect_from: 2026-09-05
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The ALA pack: three monthly questions, two yearly ones."""
    return load_pack("ala")


def open_registry(folder: Path, answers: str = "answers.csv") -> Registry:
    (folder / "chapters.yml").write_text(REGISTRY.format(answers=answers), encoding="utf-8")
    return registry.load(folder / "chapters.yml", known(POLICIES))


def chapter(*answers: Answer, begun: date | None = date(2026, 9, 5)) -> Chapter:
    account = Account(
        key="x:1",
        platform="x",
        native_id="1",
        handle="lakeside",
        association="ala",
        chapter="lakeside",
        space=Space.OFFICIAL,
        access=Access.PUBLIC_API,
        pack="ala",
        language="en",
        timezone="America/Chicago",
        collect_from=begun,
    )
    return Chapter(
        id="lakeside",
        name="Lakeside Chapter",
        association="ala",
        language="en",
        timezone="America/Chicago",
        country="US",
        people=(Person(name="Pat Example", email="pat@lakeside.example", role="president", leadership=True),),
        accounts=(account,),
        answers=answers,
    )


def answer(said: str, on: date, question: str = "photo-permission", period: str = "2026-09") -> Answer:
    return Answer(question=question, period=period, answer=said, by="pat@lakeside.example", on=on)


# --- due dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "kind", "due", "expected"),
    [
        ("2026-09", "monthly", Due(days_after=14), date(2026, 10, 14)),
        ("2026-12", "monthly", Due(days_after=14), date(2027, 1, 14)),
        ("2028-02", "monthly", Due(days_after=0), date(2028, 2, 29)),
        ("2026", "yearly", Due(by="01-31"), date(2027, 1, 31)),
        ("2026", "yearly", Due(days_after=10), date(2027, 1, 10)),
        ("once", "once", Due(days_after=30), date(2026, 10, 5)),
    ],
)
def test_due_days(period: str, kind: str, due: Due, expected: date) -> None:
    """Days after the period's end, a day of the following year, or days after the chapter came in."""
    question = Question.model_validate({"id": "q", "ask": "So?", "period": kind, "due": due})
    assert expected == attest.due_day(question, period, date(2026, 9, 5))


def test_the_last_day_is_in_time(pack: Pack) -> None:
    """On the day itself an answer is due; the day after it is overdue; a given one is neither, however late it came."""
    unanswered = next(one for one in attest.asked_of(pack, chapter(), "2026-09") if one.due == date(2026, 10, 14))
    assert ["due", "overdue"] == [unanswered.standing(date(2026, 10, day)) for day in (14, 15)]
    late = attest.asked_of(pack, chapter(answer("yes", date(2026, 12, 1))), "2026-09")
    given = next(one for one in late if one.question.id == "photo-permission")
    assert "answered" == given.standing(date(2026, 12, 24))


def test_questions_begin_with_the_chapter(pack: Pack) -> None:
    """No chapter owes an answer for months before it came in; without a date the month asked for is its first."""
    asked = [one.period for one in attest.asked_of(pack, chapter(), "2026-11") if one.question.id == "photo-permission"]
    assert ["2026-09", "2026-10", "2026-11"] == asked
    alone = attest.asked_of(pack, chapter(begun=None), "2026-11")
    assert {"2026-11", "2026"} == {one.period for one in alone}
    assert [] == attest.asked_of(pack, chapter(), "2026-08")


def test_the_later_answer_counts_in_whatever_order_they_stand(pack: Pack) -> None:
    """A correction replaces what was said before, and both can be told."""
    first, second = answer("yes", date(2026, 10, 2)), answer("no", date(2026, 10, 9))
    for given in ((first, second), (second, first)):
        asked = attest.asked_of(pack, chapter(*given), "2026-09")
        one = next(item for item in asked if item.question.id == "photo-permission")
        assert (second, (first,)) == (one.answer, one.replaced)
        assert [(first, second)] == attest.replaced_in(chapter(*given))


def test_what_was_answered_later_is_not_known_yet(pack: Pack) -> None:
    """A month's report stays as it was: answers dated after it do not reach back."""
    given = chapter(answer("yes", date(2026, 10, 2)), answer("no", date(2026, 10, 9)))
    asked = attest.asked_of(pack, given, "2026-09", known_by=date(2026, 10, 2))
    assert ["yes"] == [one.answer.answer for one in asked if one.answer]


# --- the questionnaire ------------------------------------------------------------------------------------------------


def fill(text: str, form: str, answers: int, *, on: str = "2026-10-03") -> str:
    """The questionnaire with its first answers filled in."""
    if form == "yaml":
        for name, value in (("answer", "yes"), ("by", "pat@lakeside.example"), ("on", on)):
            text = text.replace(f"    {name}:\n", f"    {name}: {value}\n", answers)
        return text
    rows = list(csv.reader(text.splitlines()))
    for row in rows[1 : answers + 1]:
        row[3:6] = ["yes", "pat@lakeside.example", on]
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


@pytest.mark.parametrize("form", ["yaml", "csv"])
@pytest.mark.parametrize("kept", ["answers.csv", "answers.yml"])
def test_a_questionnaire_comes_back_once(tmp_path: Path, pack: Pack, form: str, kept: str) -> None:
    """What was filled in is added in the register's own form, the rest stays open, and again adds nothing."""
    (tmp_path / kept).write_text(HEADER if kept.endswith("csv") else "[]\n", encoding="utf-8")
    loaded = open_registry(tmp_path, kept)
    open_ = attest.asked_of(pack, loaded.chapters[0], "2026-09")
    returned = tmp_path / f"returned.{form}"
    returned.write_text(fill(attest.questionnaire(loaded.chapters[0], open_, form), form, 2), encoding="utf-8")

    done = attest.import_answers(loaded, {"ala": pack}, returned)
    assert (2, 0, 3) == (done.added, done.known, done.empty)
    again = open_registry(tmp_path, kept)
    assert ["nothing-unlawful", "pictures-and-videos"] == [one.question for one in again.chapters[0].answers]
    once_more = attest.import_answers(again, {"ala": pack}, returned)
    assert (0, 2, 3) == (once_more.added, once_more.known, once_more.empty)
    assert again.chapters == open_registry(tmp_path, kept).chapters


def test_a_correction_is_added_behind_what_it_replaces(tmp_path: Path, pack: Pack) -> None:
    """Another answer of another day is new; another answer of the same day says nothing certain and is refused."""
    row = "photo-permission,2026-09,yes,pat@lakeside.example,2026-10-02,\n"
    (tmp_path / "answers.csv").write_text(HEADER + row.strip(), encoding="utf-8")
    loaded = open_registry(tmp_path)
    returned = tmp_path / "returned.csv"
    changed = row.replace("yes", "no")
    returned.write_text("chapter," + HEADER + "lakeside," + changed, encoding="utf-8")
    with pytest.raises(
        InvalidFiles, match="another answer for 2026-09 of the same day; give the day of the correction"
    ):
        attest.import_answers(loaded, {"ala": pack}, returned)
    returned.write_text("chapter," + HEADER + "lakeside," + changed.replace("10-02", "10-05"), encoding="utf-8")
    assert 1 == attest.import_answers(loaded, {"ala": pack}, returned).added
    assert ["yes", "no"] == [one.answer for one in open_registry(tmp_path).chapters[0].answers]


def test_faults_of_a_questionnaire_add_nothing(tmp_path: Path, pack: Pack) -> None:
    """All of them at once, and the register stays byte for byte."""
    (tmp_path / "answers.csv").write_text(HEADER, encoding="utf-8")
    returned = tmp_path / "returned.csv"
    returned.write_text(
        f"chapter,{HEADER}lakeside,nothing-unlawful,2026-09,yes,pat@lakeside.example,2026-10-02,\n"
        "lakeside,fotos,2026-09,yes,bo@lakeside.example,2026-10-02,\nlakeside,photo-permission,2026-09,no,,,\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidFiles) as caught:
        attest.import_answers(open_registry(tmp_path), {"ala": pack}, returned)
    assert [3, 3, 4, 4] == sorted(problem.line for problem in caught.value.problems)
    assert HEADER == (tmp_path / "answers.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chapter,question\n", "names no chapter; give the answers of one chapter in one file"),
        ("chapter,question\na,b\nc,d\n", r"names several chapters \(a, c\); give"),
        ("chapter,question,answer\nnowhere,b,yes\n", "there is no chapter 'nowhere' in the registry"),
    ],
)
def test_a_questionnaire_is_of_one_chapter(tmp_path: Path, pack: Pack, text: str, expected: str) -> None:
    """Answers are never given to a chapter by guess."""
    (tmp_path / "answers.csv").write_text(HEADER, encoding="utf-8")
    (tmp_path / "returned.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=expected):
        attest.import_answers(open_registry(tmp_path), {"ala": pack}, tmp_path / "returned.csv")


def test_answers_in_the_registry_itself_are_not_written_to(tmp_path: Path, pack: Pack) -> None:
    """A file a person keeps is not rewritten by a program; the message says what to do instead."""
    returned = tmp_path / "returned.csv"
    returned.write_text("chapter,question,answer\nlakeside,nothing-unlawful,yes\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"name a file there, such as answers: lakeside-answers.csv, with the header"):
        attest.import_answers(open_registry(tmp_path, "[]"), {"ala": pack}, returned)


def test_a_list_in_brackets_cannot_be_added_to(tmp_path: Path, pack: Pack) -> None:
    """What would break the register is seen before it replaces it."""
    row = "[{question: nothing-unlawful, period: 2026-09, answer: yes, by: pat@lakeside.example, on: 2026-10-01}]\n"
    (tmp_path / "answers.yml").write_text(row, encoding="utf-8")
    returned = tmp_path / "returned.csv"
    returned.write_text(
        f"chapter,{HEADER}lakeside,photo-permission,2026-09,yes,pat@lakeside.example,2026-10-02,\n", encoding="utf-8"
    )
    with pytest.raises(UserError, match="answers cannot be added to its end; write each answer as a block"):
        attest.import_answers(open_registry(tmp_path, "answers.yml"), {"ala": pack}, returned)
    assert row == (tmp_path / "answers.yml").read_text(encoding="utf-8")
    assert ["answers.yml", "chapters.yml", "returned.csv"] == sorted(path.name for path in tmp_path.iterdir())


# --- whose the register is --------------------------------------------------------------------------------------------

#: Rights mean something to other users than root alone, and root alone can become one.
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "answers.csv").write_text(HEADER, encoding="utf-8")
        yield folder


@contextmanager
def as_nobody() -> Iterator[None]:
    """What is done in here is done by a user without rights."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def returned_to(folder: Path) -> tuple[Registry, Path]:
    """The registry in the folder, and a questionnaire with one answer."""
    returned = folder / "returned.csv"
    row = "lakeside,photo-permission,2026-09,yes,pat@lakeside.example,2026-10-02,\n"
    returned.write_text(f"chapter,{HEADER}{row}", encoding="utf-8")
    return open_registry(folder), returned


def rights(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return (found.st_uid, found.st_gid, found.st_mode & 0o777)


@AS_ROOT
def test_answers_stay_their_owners(open_folder: Path, pack: Pack) -> None:
    """On Debian root imports, and the service reads by its group: without that it could not read the registry."""
    answers = open_folder / "answers.csv"
    os.chown(answers, 0, NOBODY)
    answers.chmod(0o640)
    loaded, returned = returned_to(open_folder)

    assert 1 == attest.import_answers(loaded, {"ala": pack}, returned).added
    assert (0, NOBODY, 0o640) == rights(answers)


@AS_ROOT
@pytest.mark.parametrize("mode", [0o755, 0o777])
def test_who_may_write_the_file_alone_writes_into_it(open_folder: Path, pack: Pack, mode: int) -> None:
    """Where the folder cannot be written, or a file cannot be given to its owner; nothing else is left there."""
    answers = open_folder / "answers.csv"
    os.chown(answers, 0, NOBODY)
    answers.chmod(0o660)
    loaded, returned = returned_to(open_folder)
    open_folder.chmod(mode)

    with as_nobody():
        done = attest.import_answers(loaded, {"ala": pack}, returned)

    assert 1 == done.added
    assert (0, NOBODY, 0o660) == rights(answers)
    assert ["yes"] == [one.answer for one in registry.load(loaded.path, known(POLICIES)).chapters[0].answers]
    assert ["answers.csv", "chapters.yml", "returned.csv"] == sorted(path.name for path in open_folder.iterdir())


@AS_ROOT
def test_a_roster_that_can_only_be_read_is_said_with_the_way_round(open_folder: Path, pack: Pack) -> None:
    """In containers the roster's folder is mounted to be read: what has to stand there is printed instead."""
    loaded, returned = returned_to(open_folder)
    expected = r"cannot be written \(Permission denied\); .* give --print and put what it prints"

    with as_nobody():
        with pytest.raises(UserError, match=expected):
            attest.import_answers(loaded, {"ala": pack}, returned)
        done = attest.import_answers(loaded, {"ala": pack}, returned, write=False)

    assert 1 == done.added
    assert HEADER + "photo-permission,2026-09,yes,pat@lakeside.example,2026-10-02,\n" == done.text
    assert HEADER == (open_folder / "answers.csv").read_text(encoding="utf-8")


def test_answers_behind_a_link_stay_behind_it(tmp_path: Path, pack: Pack) -> None:
    """A register that is kept elsewhere and linked here is written where it is kept."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "mine.csv").write_text(HEADER, encoding="utf-8")
    (tmp_path / "answers.csv").symlink_to(kept / "mine.csv")
    loaded, returned = returned_to(tmp_path)

    assert 1 == attest.import_answers(loaded, {"ala": pack}, returned).added
    assert (tmp_path / "answers.csv").is_symlink()
    assert (kept / "mine.csv").read_text(encoding="utf-8").startswith(HEADER + "photo-permission")
