"""The registers of a chapter: answers, signed consents, who acknowledged the guidelines, and reviews by hand.

They stand in the registry itself, or in a YAML list or a CSV table beside it. Whatever the form, the same rows pass
the same door: every fault of all of them in one go, with file, line, what is wrong and how to mend it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chapterwatch import strictyaml
from chapterwatch.errors import InvalidFiles, Problem
from chapterwatch.model import Acknowledgement, Answer, Consent, Matter, Review, Severity

#: The keys of a chapter that hold registers.
NAMES = ("answers", "consents", "acknowledgements", "reviews")

#: How a period is written for each kind of question.
PERIODS = {"monthly": "2026-10", "yearly": "2026", "once": "once"}

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?|once")
_NOTHING = frozenset({"none", "nothing", "no", "no findings"})
_LONGEST_REVIEW = 366
_SHA256 = re.compile(r"[0-9a-f]{64}")

#: Other ways people write the fixed answers.
_ANSWERS = {"y": "yes", "n": "no", "n/a": "not applicable", "na": "not applicable", "not_applicable": "not applicable"}


def _day(value: object) -> object:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value.strip()):
        return value.strip()
    if type(value) is date:
        return value
    raise ValueError(f"{str(value)[:40]!r} is not a date; write it as 2026-10-31")


def _period(value: object) -> object:
    # A year without quotes is a number to YAML.
    written = str(value).strip()
    if isinstance(value, bool) or not _PERIOD.fullmatch(written):
        raise ValueError(f"{written[:40]!r} is not a period; write 2026-10 for a month, 2026 for a year, or once")
    return written


def _answer(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return value
    written = " ".join(value.split())
    folded = written.casefold().rstrip(".")
    folded = _ANSWERS.get(folded, folded)
    return folded if folded in ("yes", "no", "not applicable") else written


def _picture(value: str) -> str:
    if not _SHA256.fullmatch(value):
        raise ValueError(f"{value[:20]!r} is not the SHA-256 of a picture; write its 64 digits 0-9 and a-f")
    return value


Day = Annotated[date, BeforeValidator(_day)]
Period = Annotated[str, BeforeValidator(_period)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Answer(_Row):
    question: str = Field(min_length=1)
    period: Period
    answer: Annotated[str, BeforeValidator(_answer), Field(min_length=1, max_length=500)]
    by: str = Field(min_length=1)
    on: Day
    note: str = Field(default="", max_length=500)


class _Consent(_Row):
    people: int = Field(ge=1, le=10_000)
    signed_on: Day
    kept: str = Field(min_length=1, max_length=200)
    posts: tuple[str, ...] = ()
    pictures: tuple[Annotated[str, AfterValidator(_picture)], ...] = ()
    event: str | None = Field(default=None, max_length=120)
    starts: Day | None = None
    ends: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _nobody_named(cls, data: Any) -> Any:
        if isinstance(data, dict) and (named := sorted({"name", "names", "child", "children"} & data.keys())):
            raise ValueError(f"{named[0]} would name people; leave it out and give their number in people")
        return data

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if (self.starts is None) != (self.ends is None):
            raise ValueError("a consent's days need starts and ends; add the other one")
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError("the consent ends before it starts; swap the dates")
        if self.event and not self.starts:
            raise ValueError("an event's consent needs its days; add starts and ends")
        if not (self.posts or self.pictures or self.event):
            raise ValueError("a consent must say what it covers; give posts, pictures or event")
        return self


class _Acknowledgement(_Row):
    by: str = Field(min_length=1)
    version: str = Field(min_length=1, max_length=40)
    on: Day


def _words_found(value: object) -> object:
    # YAML reads a bare "no" as a truth value.
    if value is False or (isinstance(value, str) and value.strip().casefold().rstrip(".") in _NOTHING):
        return None
    return value


def _several(value: object) -> object:
    return re.split(r"[\s;,]+", value.strip()) if isinstance(value, str) else value


Found = Annotated[str, Field(min_length=1, max_length=300)]


class _Matter(_Row):
    words: Found
    clause: str | None = None
    severity: Severity | None = None
    on: Day | None = None
    where: str = Field(default="", max_length=300)
    gone: Day | None = None

    @model_validator(mode="after")
    def _grave_under_a_clause(self) -> Self:
        if (self.clause is None) != (self.severity is None):
            raise ValueError("a clause and a severity come together; add the other one, or leave both out")
        if self.on and self.gone and self.gone < self.on:
            raise ValueError("it was gone before it was there; swap the dates")
        return self


class _Looked(_Row):
    account: str = Field(min_length=1)
    starts: Day
    ends: Day
    on: Day
    by: str = Field(min_length=1)
    looked_at: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("the review ends before it starts; swap the dates")
        if self.ends > self.on:
            raise ValueError("the review covers days after it was made; correct ends or on")
        if (self.ends - self.starts).days >= _LONGEST_REVIEW:
            raise ValueError("the review covers more than a year; write one a month")
        return self


class _Review(_Looked):
    #: No default: who found nothing says so.
    found: Annotated[Found | None, BeforeValidator(_words_found)]


class _Listed(_Looked):
    """A review whose finds stand one by one."""

    found: Annotated[tuple[_Matter, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Registers:
    """The registers of one chapter, in the order they are written."""

    answers: tuple[Answer, ...] = ()
    consents: tuple[Consent, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the rows of a chapter's registers may name. `questions` is None where the pack is not known."""

    people: Collection[str]
    pack: str
    #: Question id -> monthly, yearly or once.
    questions: Mapping[str, str] | None
    #: Ids of the clauses a review looks for; None where the pack is not known.
    clauses: Collection[str] | None = None
    #: Keys of the chapter's accounts that are reviewed by hand.
    reviewed: Collection[str] = ()


def read(document: strictyaml.Document, at: strictyaml.Location, frame: Frame) -> tuple[Registers, list[Problem]]:
    """The registers of the chapter at `at` of a registry, and everything wrong with them."""
    problems: list[Problem] = []
    answers = answers_of(_rows(document, at, "answers", problems), frame, problems)
    consents = [
        Consent(**row.model_dump()) for _, row in _parsed(_Consent, _rows(document, at, "consents", problems), problems)
    ]
    acknowledgements = []
    for place, row in _parsed(_Acknowledgement, _rows(document, at, "acknowledgements", problems), problems):
        problems += _not_ours(place, row.by, frame)
        acknowledgements.append(Acknowledgement(**row.model_dump()))
    found = Registers(
        answers=tuple(answers),
        consents=tuple(consents),
        acknowledgements=tuple(acknowledgements),
        reviews=tuple(_reviews(_rows(document, at, "reviews", problems), frame, problems)),
    )
    return found, problems


def _reviews(places: Sequence[Place], frame: Frame, problems: list[Problem]) -> Iterator[Review]:
    for place, row in _looked(places, problems):
        problems += _not_ours(place, row.by, frame)
        if row.account not in frame.reviewed:
            named = ", ".join(sorted(frame.reviewed)) or "none"
            what = f"{row.account} is no account of the chapter with access attested"
            problems.append(place.problem("account", what, f"use one of: {named}"))
        unknown = sorted(set(row.looked_at) - set(frame.clauses or ()) - {"all"}) if frame.clauses is not None else []
        if unknown:
            what = f"{unknown[0]} is not on the checklist of pack {frame.pack}"
            problems.append(
                place.problem("looked_at", what, f"write all, or some of: {', '.join(sorted(frame.clauses or ()))}")
            )
        if isinstance(row, _Listed):
            problems += _misplaced(place, row, frame)
        yield _review(row)


def _looked(places: Sequence[Place], problems: list[Problem]) -> Iterator[tuple[Place, _Review | _Listed]]:
    """The sound rows, each read by what it says it found: a list, or words."""
    for place in places:
        value = place.value
        listed = isinstance(value, dict) and isinstance(value.get("found"), list)
        yield from _parsed(_Listed, [place], problems) if listed else _parsed(_Review, [place], problems)


def _misplaced(place: Place, row: _Listed, frame: Frame) -> Iterator[Problem]:
    for index, matter in enumerate(row.found):
        here = Place(place.document, (*place.at, "found", index))
        if matter.clause and frame.clauses is not None and matter.clause not in frame.clauses:
            what = f"{matter.clause} is not on the checklist of pack {frame.pack}"
            yield here.problem("clause", what, f"write one of: {', '.join(sorted(frame.clauses))}")
        if matter.on and not row.starts <= matter.on <= row.ends:
            what = f"{matter.on} is not among the days of the review"
            yield here.problem("on", what, f"write a day from {row.starts} to {row.ends}")


def _review(row: _Review | _Listed) -> Review:
    facts = row.model_dump(exclude={"found"})
    if isinstance(row, _Review):
        return Review(**facts, found=row.found)
    return Review(**facts, matters=tuple(Matter(**matter.model_dump()) for matter in row.found))


@dataclass(frozen=True)
class Place:
    """Where a row stands."""

    document: strictyaml.Document
    at: strictyaml.Location

    def problem(self, key: str, what: str, mend: str) -> Problem:
        """A fault of the row, at the line of `key`."""
        return Problem(str(self.document.path), self.document.line_of((*self.at, key)), what, mend)

    @property
    def value(self) -> Any:
        """The row as written."""
        data = self.document.data
        for step in self.at:
            data = data[step]
        return data


def answers_of(places: Sequence[Place], frame: Frame, problems: list[Problem]) -> list[Answer]:
    """The answers at these places. Faults are added to `problems`."""
    answers: list[Answer] = []
    seen: set[tuple[str, str, date]] = set()
    for place, row in _parsed(_Answer, places, problems):
        problems += _not_ours(place, row.by, frame)
        problems += _not_asked(place, row, frame)
        key = (row.question, row.period, row.on)
        if key in seen:
            what = f"{row.question} is answered twice for {row.period} on {row.on}, so no answer is the later one"
            problems.append(place.problem("on", what, "keep one of them"))
        seen.add(key)
        answers.append(Answer(**row.model_dump()))
    return answers


def table(path: Path, columns: Collection[str]) -> strictyaml.Document:
    """A CSV table as a document: a list of rows, empty cells left out, each row on its line.

    Raises:
        InvalidFiles: it cannot be read, is not UTF-8, has no header, the header has other columns than these, or a
            row is no CSV.
    """
    text = _text_of(path)
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    # The first row whose quotes are wrong refuses the table: nobody knows how many rows it took along.
    records = _csv_records(path, text, delimiter)
    header = [cell.strip().casefold() for cell in next(records, (1, []))[1]]
    if faults := list(_header_faults(path, header, columns)):
        raise InvalidFiles(faults)
    data: list[dict[str, Any]] = []
    lines: dict[strictyaml.Location, int] = {(): 1}
    for line, cells in records:
        if any(cell.strip() for cell in cells):
            lines[len(data),] = line
            data.append(_row_of(header, cells))
    return strictyaml.Document(path, data, lines)


def _csv_records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    try:
        for cells in reader:
            yield first, cells
            first = reader.line_num + 1
    except csv.Error as error:
        mend = "close its quotation marks, and write those inside a cell twice"
        raise InvalidFiles([Problem(str(path), first, f"is no CSV row: {error}", mend)]) from None


#: Columns that hold several things, separated by spaces or semicolons.
_LISTS = frozenset({"posts", "pictures", "looked_at"})
_COLUMNS = {
    "answers": tuple(_Answer.model_fields),
    "consents": tuple(_Consent.model_fields),
    "acknowledgements": tuple(_Acknowledgement.model_fields),
    "reviews": tuple(_Review.model_fields),
}
RowT = TypeVar("RowT", bound=_Row)


def _rows(document: strictyaml.Document, at: strictyaml.Location, name: str, problems: list[Problem]) -> list[Place]:
    """The rows of a register: of the registry itself, or of the file it names."""
    chapter = Place(document, at)
    written = chapter.value.get(name)
    if written is None or written == "":
        return []
    if isinstance(written, str):
        try:
            beside = _beside(document.path.parent / written, name)
        except InvalidFiles as error:
            problems += error.problems
            return []
        return [Place(beside, (index,)) for index in range(len(beside.data))]
    if isinstance(written, list):
        return [Place(document, (*at, name, index)) for index in range(len(written))]
    problems.append(chapter.problem(name, f"{name} is neither a list nor a file's name", "write one of the two"))
    return []


def _beside(path: Path, name: str) -> strictyaml.Document:
    if path.suffix == ".csv":
        return table(path, _COLUMNS[name])
    if path.suffix not in (".yml", ".yaml"):
        raise InvalidFiles([Problem(str(path), 1, f"is no file of {name}", "use a name that ends in .yml or .csv")])
    document = strictyaml.load(path)
    if document.data is None:
        return strictyaml.Document(path, [], document.lines)
    if not isinstance(document.data, list):
        raise InvalidFiles([Problem(str(path), 1, f"is not a list of {name}", "begin each of them with a hyphen")])
    return document


def _parsed(model: type[RowT], places: Sequence[Place], problems: list[Problem]) -> Iterator[tuple[Place, RowT]]:
    for place in places:
        try:
            yield place, strictyaml.validate(model, place.document, at=place.at)
        except InvalidFiles as error:
            problems += error.problems


def _not_ours(place: Place, mail: str, frame: Frame) -> Iterator[Problem]:
    if mail not in frame.people:
        yield place.problem("by", f"{mail} is not among the chapter's people", "add them to people")


def _not_asked(place: Place, row: _Answer, frame: Frame) -> Iterator[Problem]:
    if frame.questions is None:
        return
    kind = frame.questions.get(row.question)
    if kind is None:
        named = ", ".join(sorted(frame.questions)) or "none"
        yield place.problem("question", f"pack {frame.pack} has no question {row.question!r}", f"use one of: {named}")
    elif kind_of(row.period) != kind:
        what = f"question {row.question} is asked {kind}, not for {row.period}"
        yield place.problem("period", what, f"write the period as {PERIODS[kind]}")
    elif row.period != "once" and f"{row.on:%Y-%m-%d}" < row.period:
        what = f"{row.question} was answered on {row.on}, before {row.period} began"
        yield place.problem("on", what, "correct the date or the period")


def kind_of(period: str) -> str:
    """Which kind of question a period belongs to: monthly, yearly or once."""
    return "once" if period == "once" else "monthly" if "-" in period else "yearly"


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        mend = "check the path, or create it with its header line alone"
        raise InvalidFiles([Problem(str(path), 1, f"cannot be read ({error.strerror})", mend)]) from None
    if len(raw) > strictyaml.MAX_BYTES:
        raise InvalidFiles([Problem(str(path), 1, f"is larger than {strictyaml.MAX_BYTES:,} bytes", "split it")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidFiles([Problem(str(path), 1, "is not UTF-8", "save it as CSV UTF-8")]) from None


def _header_faults(path: Path, header: Sequence[str], columns: Collection[str]) -> Iterator[Problem]:
    wanted = f"use the header line {','.join(columns)}"
    if not any(header):
        yield Problem(str(path), 1, "has no header line", wanted)
        return
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Problem(str(path), 1, f"has the column {name!r} twice", "keep one of them")
    for name in dict.fromkeys(header):
        if name not in columns:
            yield Problem(str(path), 1, f"{name!r} is not a known column", wanted)


def _row_of(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        if written := cell.strip():
            row[name] = re.split(r"[\s;]+", written) if name in _LISTS else written
    if len(cells) > len(header):
        # An unquoted comma shifts every cell after it: refused as an unknown key rather than guessed at.
        row["a cell beyond the header"] = cells[len(header)]
    return row
