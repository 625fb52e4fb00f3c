"""The right of reply: the form a chapter answers a finding with, as YAML or CSV, and what it says when it comes back.

A reply is an answer, an appeal, or the word that something was fixed. It is the office that replies: whoever fills in
the form gives their address in the roster, and only their role is kept. Nothing here reads a clock or an archive.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict

from chapterwatch import registers, strictyaml
from chapterwatch.errors import InvalidFiles, Problem, UserError
from chapterwatch.model import Chapter

Kind = Literal["answer", "appeal", "fixed"]
Outcome = Literal["upheld", "rejected", "noted"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

#: Characters (code points) of a reply, and of the note on what became of it. A report prints them whole.
TEXT_LIMIT = 1000
#: The columns of a form. The last three are for its reader and are not read back.
COLUMNS = ("chapter", "finding", "reply", "text", "by", "on", "title", "clause", "excerpt")
_NOT_READ = ("chapter", "title", "clause", "excerpt")
#: Digits of a finding's key that reports and forms print; a reply may give more.
KEY_DIGITS = 12
#: How a key without a value reads in YAML, and a cell in CSV.
_EMPTY = (None, "")
#: Characters of an excerpt in a form: enough to know which post is meant.
_EXCERPT = 160
#: A day given in a form is kept as its noon, which is that day in every time zone with a chapter.
_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Given:
    """One reply as it was given. It knows an office and nobody's name or address."""

    finding_key: str
    kind: Kind
    text: str
    author_role: str
    at: datetime
    #: `ui`, or the first digits of the SHA-256 of the file it came in.
    source: str

    @property
    def key(self) -> str:
        """The same for the same words on the same day from the same office: giving it twice adds nothing."""
        return key_of(self.finding_key, self.kind, self.text, self.author_role, self.at)


def key_of(finding_key: str, kind: str, text: str, author_role: str, at: datetime) -> str:
    """Sixteen digits of the SHA-256 of what was said, by which office and on which day (UTC)."""
    parts = (finding_key, kind, text, author_role, at.astimezone(UTC).date().isoformat())
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def full_key(written: str, keys: Collection[str]) -> str | None:
    """The one finding whose key begins as it is written in a report; None where there is none, or several."""
    told = written.strip().lower()
    found = [key for key in keys if key.startswith(told)] if len(told) >= KEY_DIGITS else []
    return found[0] if len(found) == 1 else told if told in keys else None


def cleaned(text: str) -> str:
    """A text as people type it: line breaks kept, other control and format characters dropped, ends trimmed.

    Raises:
        ValueError: it is longer than `TEXT_LIMIT`. Cutting somebody's words would change what they said.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join("".join(filter(_is_text, line.replace("\t", " "))).rstrip() for line in lines).strip()
    if len(kept) > TEXT_LIMIT:
        raise ValueError(f"the text has {len(kept):,} characters; shorten it to {TEXT_LIMIT:,}")
    return kept


def _is_text(char: str) -> bool:
    # Joiners hold emoji and many scripts together; other format characters reorder or hide what is read.
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or char in "\u200c\u200d"


# --- the form -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One finding as the form shows it. The excerpt is what the report prints of it; empty where it prints none."""

    key: str
    title: str
    clauses: str
    excerpt: str


def form(chapter: Chapter, entries: Sequence[Entry], kind: str, above: Sequence[str] = ()) -> str:
    """The form to fill in and mail back, as `csv` or `yaml`: every open finding with room for a reply.

    `above` is what stands above it in YAML, line by line, for whoever fills it in.
    """
    return _as_csv(chapter, entries) if kind == "csv" else _as_yaml(chapter, entries, above)


def _as_yaml(chapter: Chapter, entries: Sequence[Entry], above: Sequence[str]) -> str:
    lines = [*(f"# {_printable(line)}" for line in above), f"chapter: {chapter.id}", "replies:"]
    for entry in entries:
        lines += [f"  # {_line(entry.title)}" + (f" ({_line(entry.clauses)})" if entry.clauses else "")]
        lines += [f"  # {_line(entry.excerpt, _EXCERPT)}"] if entry.excerpt else []
        lines += [f'  - finding: "{entry.key}"', "    reply:", '    text: ""', "    by:", "    on:"]
    return "\n".join(lines) + ("\n" if entries else " []\n")


def without_excerpts(form_: str, keys: Collection[str]) -> str:
    """A form as YAML without what it quotes of some findings, given by their whole keys; their titles stay."""
    cut = {f'  - finding: "{key[:KEY_DIGITS]}"' for key in keys}
    lines = form_.split("\n")
    quoting = {
        place - 1
        for place, line in enumerate(lines)
        # A title stands above each finding; what stands between the two is its excerpt.
        if line in cut and all(above.startswith("  # ") for above in lines[max(place - 2, 0) : place])
    }
    return "\n".join(line for place, line in enumerate(lines) if place not in quoting)


def _as_csv(chapter: Chapter, entries: Sequence[Entry]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        shown = (_cell(entry.title), _cell(entry.clauses), _cell(_line(entry.excerpt, _EXCERPT)))
        writer.writerow([chapter.id, entry.key, "", "", "", "", *shown])
    return out.getvalue()


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _line(text: str, limit: int = 200) -> str:
    """One line of what can stand in a comment of any YAML."""
    plain = " ".join(_printable(text).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    plain = _line(text)
    return f"'{plain}" if plain[:1] in tuple("=+-@") else plain


# --- the form that came back ----------------------------------------------------------------------------------------


def _folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    finding: str
    reply: Annotated[Kind, BeforeValidator(_folded)]
    text: str = ""
    by: Annotated[str, BeforeValidator(_folded)]
    on: registers.Day


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a form says that came back: its replies, and how many findings it left without one."""

    chapter: str
    replies: tuple[Given, ...]
    empty: int


@dataclass(frozen=True)
class Form:
    """A form that came back, its chapter known, its replies not yet looked into."""

    chapter: str
    places: tuple[registers.Place, ...]
    empty: int
    #: The first digits of the SHA-256 of the file.
    source: str


def opened(path: Path) -> Form:
    """A form as it came back.

    Raises:
        InvalidFiles: it cannot be read, is no form, or is of no chapter or several.
    """
    document = registers.table(path, COLUMNS) if path.suffix.lower() == ".csv" else _listed(strictyaml.load(path))
    rows = document.data
    named = sorted({str(row.get("chapter")) for row in rows if isinstance(row, dict) and row.get("chapter")})
    if len(named) != 1:
        what = "names no chapter" if not named else f"names several chapters ({', '.join(named)})"
        raise InvalidFiles([Problem(str(path), 1, what, "give the replies of one chapter in one file")])
    answered = [index for index, row in enumerate(rows) if not (isinstance(row, dict) and _is_empty(row))]
    places = tuple(registers.Place(_without(document, index), (index,)) for index in answered)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return Form(named[0], places, len(rows) - len(answered), digest)


def read(form_: Form, chapter: Chapter, findings: Collection[str], today: date) -> Returned:
    """The replies of a form, checked against the roster and the keys of the chapter's findings.

    Raises:
        InvalidFiles: with every fault, each in one line with where it is and how to mend it.
    """
    roles = {person.email.casefold(): person.role for person in chapter.people}
    problems: list[Problem] = []
    given = []
    for place in form_.places:
        try:
            row = strictyaml.validate(_Reply, place.document, at=place.at)
        except InvalidFiles as error:
            problems += error.problems
            continue
        faults = list(_faults(place, row, roles, chapter, findings, today))
        problems += faults
        if not faults:
            given.append(_given(row, full_key(row.finding, findings) or row.finding, roles, form_.source))
    if problems:
        raise InvalidFiles(problems)
    return Returned(chapter=chapter.id, replies=tuple(given), empty=form_.empty)


def spoken(chapter: Chapter, finding_key: str, kind: str, text: str, role: str, at: datetime) -> Given:
    """A reply given by hand, through a form of the staff's own.

    Raises:
        UserError: in one line, what to mend.
    """
    if kind not in KINDS:
        raise UserError(f"{kind!r} is no kind of reply; choose one of: {', '.join(KINDS)}")
    roles = sorted({person.role for person in chapter.people})
    if role not in roles:
        raise UserError(f"nobody of {chapter.id} is {role!r}; choose one of: {', '.join(roles)}")
    try:
        words = cleaned(text)
    except ValueError as error:
        raise UserError(str(error)) from None
    if not words and kind != "fixed":
        raise UserError(f"an {kind} needs words; write them into the text")
    return Given(finding_key=finding_key, kind=_kind(kind), text=words, author_role=role, at=at, source="ui")


def given_on(day: str, now: datetime) -> datetime:
    """When a reply was given, by its day as 2026-10-31; now where that is today or is not said.

    Raises:
        UserError: it is no day, or still to come.
    """
    try:
        said = date.fromisoformat(day) if day else now.date()
    except ValueError:
        raise UserError(f"{day!r} is no day; write it as 2026-10-31") from None
    if _is_to_come(said, now.date()):
        raise UserError(f"{said} is still to come; give the day on which it was said or written")
    return now if said == now.date() else datetime.combine(said, _NOON)


def _is_to_come(day: date, today: date) -> bool:
    # Where the sun rises early, tomorrow has begun.
    return day > today + timedelta(days=1)


def _kind(word: str) -> Kind:
    return next(kind for kind in KINDS if kind == word)


def _given(row: _Reply, finding: str, roles: Mapping[str, str], source: str) -> Given:
    return Given(
        finding_key=finding,
        kind=row.reply,
        text=cleaned(row.text),
        author_role=roles[row.by],
        at=datetime.combine(row.on, _NOON),
        source=source,
    )


def _faults(
    place: registers.Place,
    row: _Reply,
    roles: Mapping[str, str],
    chapter: Chapter,
    findings: Collection[str],
    today: date,
) -> Iterator[Problem]:
    if full_key(row.finding, findings) is None:
        what = f"{chapter.id} has no finding {row.finding!r}"
        yield place.problem("finding", what, "copy the key from the form, in quotes")
    if row.by not in roles:
        yield place.problem("by", f"{row.by} is not among the chapter's people", "add them to people in the registry")
    if _is_to_come(row.on, today):
        yield place.problem("on", f"{row.on} is still to come", "give the day on which it was written")
    try:
        words = cleaned(row.text)
    except ValueError as error:
        what, _, mend = str(error).partition("; ")
        yield place.problem("text", what, mend)
        return
    if not words and row.reply != "fixed":
        yield place.problem("text", f"an {row.reply} without words", "write them, or leave reply empty")


def _listed(document: strictyaml.Document) -> strictyaml.Document:
    """A YAML form (`chapter`, `replies`) as a list of rows that each name the chapter."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("replies"), list):
        mend = "fill in the file that came with the report, or that `chapterwatch reply template` writes"
        raise InvalidFiles([Problem(str(document.path), 1, "is no form of replies", mend)])
    rows = [{**row, "chapter": data.get("chapter")} if isinstance(row, dict) else row for row in data["replies"]]
    lines = {place[1:]: line for place, line in document.lines.items() if place[:1] == ("replies",)}
    return strictyaml.Document(document.path, rows, {**lines, (): 1})


def _is_empty(row: Mapping[str, Any]) -> bool:
    """Whether nobody replied: neither a kind nor words."""
    return row.get("reply") in _EMPTY and row.get("text") in _EMPTY


def _without(document: strictyaml.Document, index: int) -> strictyaml.Document:
    """The document with the row at `index` holding only what a reply has; empty cells are absent."""
    row = document.data[index]
    if isinstance(row, dict):
        row = {key: value for key, value in row.items() if key not in _NOT_READ and value not in _EMPTY}
    return strictyaml.Document(document.path, [*document.data[:index], row], document.lines)
