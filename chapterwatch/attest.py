"""Questions only a person can answer: which are asked of a chapter, when they are due, and how they stand.

A pack says what is asked and when it is due, the roster holds the answers. A later answer to the same question and
period replaces an earlier one. Nothing here reads a clock: the day is passed in.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from chapterwatch import registers, strictyaml
from chapterwatch.errors import InvalidFiles, Problem, UserError
from chapterwatch.model import Answer, Chapter, Space
from chapterwatch.policy import Clause, Pack, Question
from chapterwatch.registry import Registry

#: The columns of a questionnaire. `asks` and `due` are for its reader and are not read back.
COLUMNS = ("chapter", "question", "period", "answer", "by", "on", "note", "due", "asks")
_NOT_READ = ("chapter", "due", "asks")
#: How a key without a value reads in YAML, and a cell in CSV.
_EMPTY = (None, "")
ANSWER_COLUMNS = ("question", "period", "answer", "by", "on", "note")


class Standing(StrEnum):
    """How a question stands on a day."""

    ANSWERED = "answered"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question for one period, with the answer that counts and those it replaced."""

    clause: Clause
    question: Question
    period: str
    due: date
    answer: Answer | None = None
    #: Earlier answers, oldest first.
    replaced: tuple[Answer, ...] = ()

    def standing(self, today: date) -> Standing:
        """Answered, due by a day to come (or today), or overdue."""
        if self.answer is not None:
            return Standing.ANSWERED
        return Standing.OVERDUE if self.due < today else Standing.DUE


def asked_of(pack: Pack, chapter: Chapter, until: str, *, known_by: date | None = None) -> list[Asked]:
    """Every question of the pack for every period from the chapter's first month to `until` (`YYYY-MM`).

    In policy order, oldest period first. Answers dated after `known_by` are left out.
    """
    known = [answer for answer in chapter.answers if known_by is None or answer.on <= known_by]
    first = first_day(chapter, until)
    return [
        _asked(clause, clause.question, period, first, known)
        for clause in pack.clauses.values()
        if clause.question
        for period in _periods(clause.question, first, until)
    ]


def first_day(chapter: Chapter, until: str) -> date:
    """The day the chapter came in: its accounts' earliest `collect_from`; without one, `until` is its first month."""
    begun = [item.collect_from for item in chapter.accounts if item.collect_from and item.space != Space.PRIVATE]
    return min(begun, default=date.fromisoformat(f"{until}-01"))


def due_day(question: Question, period: str, first: date) -> date:
    """The last day on which an answer is in time. `first` is the chapter's first day, for questions asked once."""
    if question.due.by is not None:
        return date.fromisoformat(f"{int(period) + 1}-{question.due.by}")
    return _last_day(period, first) + timedelta(days=question.due.days_after or 0)


def replaced_in(chapter: Chapter) -> list[tuple[Answer, Answer]]:
    """The answers of a chapter that a later one replaces, each with the one that counts."""
    pairs = []
    for answers in _by_question(chapter.answers).values():
        pairs += [(earlier, answers[-1]) for earlier in answers[:-1]]
    return pairs


def _asked(clause: Clause, question: Question, period: str, first: date, known: Sequence[Answer]) -> Asked:
    given = _by_question(known).get((question.id, period), [])
    return Asked(
        clause=clause,
        question=question,
        period=period,
        due=due_day(question, period, first),
        answer=given[-1] if given else None,
        replaced=tuple(given[:-1]),
    )


def _by_question(answers: Sequence[Answer]) -> dict[tuple[str, str], list[Answer]]:
    by_question: dict[tuple[str, str], list[Answer]] = {}
    for answer in sorted(answers, key=lambda one: one.on):
        by_question.setdefault((answer.question, answer.period), []).append(answer)
    return by_question


def _periods(question: Question, first: date, until: str) -> list[str]:
    year, month = (int(part) for part in until.split("-"))
    if (first.year, first.month) > (year, month):
        return []
    if question.period == "once":
        return ["once"]
    if question.period == "yearly":
        return [str(one) for one in range(first.year, year + 1)]
    months = range(first.year * 12 + first.month - 1, year * 12 + month)
    return [f"{one // 12}-{one % 12 + 1:02}" for one in months]


def _last_day(period: str, first: date) -> date:
    if period == "once":
        return first
    if "-" not in period:
        return date(int(period), 12, 31)
    year, month = (int(part) for part in period.split("-"))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


# --- questionnaires -------------------------------------------------------------------------------------------------


def questionnaire(chapter: Chapter, open_: Sequence[Asked], form: str) -> str:
    """A questionnaire to fill in and mail back, as `csv` or `yaml`: the open questions with room for the answers."""
    return _as_csv(chapter, open_) if form == "csv" else _as_yaml(chapter, open_)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a questionnaire that came back."""

    chapter: str
    added: int
    known: int
    empty: int
    file: Path
    #: All that the file says with them.
    text: str


def import_answers(registry: Registry, pack_of: dict[str, Pack], path: Path, *, write: bool = True) -> Imported:
    """Add the answers of a questionnaire to the file that holds its chapter's answers. Again adds nothing.

    Without `write` nothing is changed, for a roster this process may only read: a person puts `text` in its place.

    Raises:
        InvalidFiles: with every fault of the questionnaire; nothing is added then.
        UserError: the chapter is unknown, or its answers stand in no file of their own.
    """
    name, places, empty = _returned(path)
    chapter = registry.chapter(name)
    target = registry.answer_files.get(chapter.id)
    if target is None:
        mend = f"name a file there, such as answers: {chapter.id}-answers.csv, with the header line alone"
        raise UserError(f"{registry.path}: the answers of {chapter.id} stand in no file of their own; {mend}")
    pack = pack_of[registry.association(chapter.association).pack]
    answers = _checked(places, chapter, pack)
    new = [answer for answer in answers if answer not in chapter.answers]
    text = _appended(target, new)
    if new and write:
        _write_whole(target, text)
    elif new:
        _try_out(target, text)
    return Imported(
        chapter=chapter.id, added=len(new), known=len(answers) - len(new), empty=empty, file=target, text=text
    )


def _checked(places: Sequence[registers.Place], chapter: Chapter, pack: Pack) -> list[Answer]:
    kinds = {clause.question.id: clause.question.period for clause in pack.clauses.values() if clause.question}
    frame = registers.Frame(people=[person.email for person in chapter.people], pack=pack.id, questions=kinds)
    problems: list[Problem] = []
    answers = registers.answers_of(places, frame, problems)
    if problems:
        raise InvalidFiles(problems)
    kept = {(one.question, one.period, one.on): one for one in chapter.answers}
    for place, answer in zip(places, answers, strict=True):
        known = kept.get((answer.question, answer.period, answer.on), answer)
        if known != answer:
            what = f"{answer.question} has another answer for {answer.period} of the same day"
            problems.append(place.problem("on", what, "give the day of the correction"))
    if problems:
        raise InvalidFiles(problems)
    return answers


def _returned(path: Path) -> tuple[str, list[registers.Place], int]:
    """The chapter a questionnaire is of, its answered rows, and how many were left empty."""
    document = registers.table(path, COLUMNS) if path.suffix == ".csv" else _listed(strictyaml.load(path))
    rows = document.data
    named = sorted({str(row.get("chapter")) for row in rows if isinstance(row, dict) and row.get("chapter")})
    if len(named) != 1:
        what = "names no chapter" if not named else f"names several chapters ({', '.join(named)})"
        raise InvalidFiles([Problem(str(path), 1, what, "give the answers of one chapter in one file")])
    places = []
    empty = 0
    for index, row in enumerate(rows):
        if isinstance(row, dict) and row.get("answer") in _EMPTY:
            empty += 1
            continue
        places.append(registers.Place(_without(document, index), (index,)))
    return named[0], places, empty


def _listed(document: strictyaml.Document) -> strictyaml.Document:
    """A YAML questionnaire (`chapter`, `answers`) as a list of rows that each name the chapter."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("answers"), list):
        mend = "fill in the file that `chapterwatch attest template` writes"
        raise InvalidFiles([Problem(str(document.path), 1, "is no questionnaire", mend)])
    rows = [{**row, "chapter": data.get("chapter")} if isinstance(row, dict) else row for row in data["answers"]]
    lines = {place[1:]: line for place, line in document.lines.items() if place[:1] == ("answers",)}
    return strictyaml.Document(document.path, rows, {**lines, (): 1})


def _without(document: strictyaml.Document, index: int) -> strictyaml.Document:
    """The document with the row at `index` holding only what an answer has; empty cells are absent."""
    row = document.data[index]
    if isinstance(row, dict):
        row = {key: value for key, value in row.items() if key not in _NOT_READ and value not in _EMPTY}
    return strictyaml.Document(document.path, [*document.data[:index], row], document.lines)


def _as_csv(chapter: Chapter, open_: Sequence[Asked]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in open_:
        asks = f"{one.clause.id}: {one.question.ask}"
        writer.writerow([chapter.id, one.question.id, one.period, "", "", "", "", one.due.isoformat(), asks])
    return out.getvalue()


def _as_yaml(chapter: Chapter, open_: Sequence[Asked]) -> str:
    lines = [
        f"# Questions only a person can answer: {' '.join(chapter.name.split())}.",
        '# Fill in: answer (yes, no, "not applicable", or words), by (your e-mail address in the roster),',
        "# on (the date, as 2026-10-31) and, where it helps, a note. Name nobody. Leave open what cannot be said yet.",
        f"chapter: {chapter.id}",
        "answers:",
    ]
    for one in open_:
        lines += [f"  # {one.clause.id}: {one.question.ask}", f"  # By {one.due.isoformat()}, from {_who(one)}."]
        lines += [f"  - question: {one.question.id}", f'    period: "{one.period}"']
        lines += [f"    {key}:" for key in ("answer", "by", "on", "note")]
    return "\n".join(lines) + ("\n" if open_ else " []\n")


def _who(one: Asked) -> str:
    return "the chapter's leadership" if one.question.who == "leadership" else "whoever owns the accounts"


def _appended(target: Path, new: Sequence[Answer]) -> str:
    """The register's file with the new answers at its end, in its own form; without any, as it is."""
    text = target.read_text(encoding="utf-8-sig")
    if not new:
        return text
    if text.strip() == "[]":
        text = ""
    ahead = text if not text or text.endswith("\n") else f"{text}\n"
    return ahead + (_csv_rows(ahead, new) if target.suffix == ".csv" else _yaml_rows(new))


def _csv_rows(ahead: str, new: Sequence[Answer]) -> str:
    first = ahead.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip().casefold() for name in next(csv.reader([first], delimiter=delimiter))]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, lineterminator="\n")
    writer.writerows(_record(answer, header) for answer in new)
    return out.getvalue()


def _yaml_rows(new: Sequence[Answer]) -> str:
    rows = [_record(answer, ANSWER_COLUMNS) for answer in new]
    return str(yaml.safe_dump(rows, sort_keys=False, allow_unicode=True, width=110))


def _record(answer: Answer, columns: Sequence[str]) -> dict[str, Any]:
    values = {name: getattr(answer, name) for name in ANSWER_COLUMNS}
    return {name: values[name] for name in columns if values[name] or name != "note"}


def _write_whole(target: Path, text: str) -> None:
    """Replace a file at once, so that nobody ever reads half of it; its owner, group and mode stay.

    Whoever may write the file and not its folder, or may not give a file to its owner, writes into it as it stands: of
    another owner or group, those who read the registry could no longer do so.
    """
    target = target.resolve()
    _try_out(target, text)
    try:
        if not _replaced(target, text):
            _overwrite(target, text.encode())
    except OSError as error:
        mend = "check its permissions, or give --print and put what it prints in the file's place"
        raise UserError(f"{target}: cannot be written ({error.strerror}); {mend}") from None


def _try_out(target: Path, text: str) -> None:
    """Raises UserError where the register could not be read any more with this text."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / target.name
        scratch.write_text(text, encoding="utf-8", newline="")
        try:
            _read_back(scratch)
        except InvalidFiles:
            mend = "write each answer as a block that begins with a hyphen, then import again"
            raise UserError(f"{target}: answers cannot be added to its end; {mend}") from None


def _read_back(path: Path) -> None:
    """Raises InvalidFiles where a list in brackets was followed by rows with hyphens."""
    if path.suffix == ".csv":
        registers.table(path, ANSWER_COLUMNS)
    else:
        strictyaml.load(path)


def _replaced(target: Path, text: str) -> bool:
    """Whether a file with this text, of the same owner, group and mode, has taken the target's place."""
    kept = target.stat()
    try:
        with _beside(target) as scratch:
            scratch.write_text(text, encoding="utf-8", newline="")
            os.chown(scratch, kept.st_uid, kept.st_gid)
            scratch.chmod(kept.st_mode & 0o777)
            scratch.replace(target)
    except OSError as error:
        # Also a file that is mounted by itself, into a folder that can only be read or over one that is there.
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY):
            return False
        raise
    return True


def _overwrite(target: Path, content: bytes) -> None:
    """Write into the file itself; where that breaks off, as on a full disk, what it said before is put back."""
    with target.open("r+b") as file:
        before = file.read()
        try:
            _put(file, content)
        except OSError:
            with contextlib.suppress(OSError):
                _put(file, before)
            raise


def _put(file: BinaryIO, content: bytes) -> None:
    file.seek(0)
    file.write(content)
    file.truncate()
    file.flush()
    os.fsync(file.fileno())


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    scratch = Path(name)
    try:
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)
