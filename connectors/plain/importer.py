"""Posts in a table somebody made: CSV, JSON Lines, JSON or Parquet.

Everything is read as text: a post that says "NA" says "NA", and an id "00123" keeps its zeros. What would need a guess,
an encoding or a date without a zone, is refused with how to mend it. A person who knows an encoding may say it in the
file's name: `posts.cp1252.csv`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Account, Media, PostReading, ProfileReading, Quarantined, Unshown
from connectors import rawjson
from connectors.chats import OPEN_TO_AUDIT, is_named
from connectors.exportfiles import ExportFiles, open_export
from connectors.records import Unreadable
from connectors.times import AmbiguousTime, EmptyTime, UnreadableTime, written_time

KINDS = ("post", "reply", "share", "quote", "comment")
TABLE_REQUIRED = ("id", "text")
TABLE_OPTIONAL = ("platform", "lang", "created_at", "author", "kind")

#: Other names people and programs give the columns; the first that is there counts, and never beside the name itself.
ALIASES = {
    "id": ("post_id", "postid", "native_id", "message_id", "status_id", "tweet_id", "guid", "permalink", "url", "link"),
    "text": ("content", "message", "body", "caption", "post_text", "full_text", "description"),
    "created_at": (
        "created",
        "created_time",
        "created_on",
        "published_at",
        "published",
        "date_published",
        "posted_at",
        "timestamp",
        "datetime",
        "date",
        "time",
    ),
    "edited_at": ("updated_at", "date_modified", "modified_at"),
    "kind": ("type",),
    "lang": ("language",),
    "permalink": ("url", "link"),
    "author": ("username", "user", "handle"),
    "reply_to": ("in_reply_to", "in_reply_to_id", "parent_id"),
    "media_alt": ("alt_text", "alt"),
}
#: Columns that may serve for two.
_SHARED = frozenset({"permalink", "url", "link"})

#: What a table shows where it has the column; without it, that nothing stands there says nothing.
_TOLD_BY = {"media_alt": Unshown.PICTURES, "edited_at": Unshown.EDITS, "deleted_at": Unshown.DELETIONS}

_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_TOLD = re.compile(r"\.(cp1252|windows-1252|latin-1|iso-8859-1)\.[a-z]+$", re.IGNORECASE)
_WORKBOOKS = (".xlsx", ".xls", ".ods")
#: JSON can write halves of a character, which no table of text can hold. One for one, so that spans stay true.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TIMES = ("created_at", "edited_at", "deleted_at")


@dataclass(frozen=True)
class _Row:
    """One record as it stands in a file: where, its cells by lower-case column name, its bytes."""

    where: str
    cells: Mapping[str, Any]
    raw: bytes
    #: Every column of its file by our names, also those its record leaves out.
    columns: frozenset[str] = frozenset()


class PlainImporter:
    """Reads posts of one account from a table, or from all tables in a folder or zip."""

    def read(self, path: Path, account: Account) -> Iterator[PostReading | ProfileReading | Quarantined]:
        """Posts oldest first, then what could not be read. Columns: `connector.yml`, under `fields`, or `ALIASES`.

        A row whose `author` is neither the account's handle nor its id is another's post, and quarantined; in the
        spaces of a chat (public_group, internal) every member's messages are the account's, as in a chat's export.

        Raises:
            ExportRefused: no table in it, a missing column or two that could be it, text that is neither UTF-8 nor
                UTF-16 nor said to be Windows-1252, or a time nobody can be sure of.
        """
        read: list[PostReading] = []
        bad: list[Quarantined] = []
        for row in _all_rows(path, (*TABLE_REQUIRED, "created_at"), bad, aliases=ALIASES):
            try:
                read.append(_reading(row, account))
            except Unreadable as error:
                bad.append(_quarantined(row, error))
        yield from sorted(read, key=lambda post: (post.created_at, post.native_id))
        yield from bad


def read_table(path: Path) -> tuple[pd.DataFrame, list[Quarantined]]:
    """A table of posts for judging, and the rows that could not be read.

    Columns: `id` and `text`, and of `platform, lang, created_at, author, kind` those the file has, all `str` with NA
    for empty cells; `created_at` in ISO 8601, UTC. Further columns are left out. Ids are unique.

    Raises:
        UserError: it cannot be read, is not UTF-8, lacks `id` or `text`, or has a time nobody can be sure of.
    """
    if (columns := _whole_columns(path)) is not None:
        return pd.DataFrame({name: pd.array(cells, dtype="str") for name, cells in columns.items()}), []
    bad: list[Quarantined] = []
    records: list[dict[str, str | None]] = []
    for row in _all_rows(path, TABLE_REQUIRED, bad):
        try:
            records.append(_table_record(row))
        except Unreadable as error:
            bad.append(_quarantined(row, error))
    optional = [name for name in TABLE_OPTIONAL if any(name in record for record in records)]
    return pd.DataFrame(records, columns=[*TABLE_REQUIRED, *optional], dtype="str"), bad


def _whole_columns(path: Path) -> dict[str, Sequence[str | None]] | None:
    """The columns of one CSV file in which nothing needs a second look, several times faster than row by row.

    None where it has times, a row that cannot be read, a missing column, or an id that is missing or stands twice.
    """
    with open_export(path) as files:
        names = [name for name in files.names if _reader_for(name)]
        if len(names) != 1 or _reader_for(names[0]) is not _csv_rows:
            return None
        body = files.read(names[0])
    rows = _sound_rows(body)
    if len(rows) < 2:  # noqa: PLR2004 - a header and a row
        return None
    header, *cells = rows
    names = [name.strip().lower() for name in header]
    columns = dict(zip(names, zip(*cells, strict=True), strict=True))
    if len(columns) < len(names) or not columns.keys() >= {*TABLE_REQUIRED} or not columns.keys().isdisjoint(_TIMES):
        return None
    if "" in columns["id"] or len(set(columns["id"])) < len(cells):
        return None
    optional = [name for name in TABLE_OPTIONAL if name in columns]
    found: dict[str, Sequence[str | None]] = {name: columns[name] for name in TABLE_REQUIRED}
    return found | {name: [cell or None for cell in columns[name]] for name in optional}


def _sound_rows(body: bytes) -> list[list[str]]:
    """The rows of a CSV file, header first; none where one of them is broken."""
    try:
        lines = io.StringIO(body.decode("utf-8"), newline="")
        delimiter = _delimiter(lines.readline())
        lines.seek(0)
        rows = [cells for cells in csv.reader(lines, delimiter=delimiter, strict=True) if cells]
    except (UnicodeDecodeError, csv.Error):
        return []
    return rows if len(set(map(len, rows))) == 1 else []


def _table_record(row: _Row) -> dict[str, str | None]:
    moment = _time(row, "created_at")
    record = {name: _text(row, name) for name in TABLE_OPTIONAL if name in row.cells and name != "created_at"}
    if "created_at" in row.cells:
        record["created_at"] = moment.isoformat() if moment else None
    record |= {"id": _required(row, "id"), "text": _required(row, "text", may_be_empty=True)}
    return {name: _LONE_SURROGATE.sub("\ufffd", value) if value else value for name, value in record.items()}


def _reading(row: _Row, account: Account) -> PostReading:
    _refuse_others(row, account)
    created = _time(row, "created_at")
    if created is None:
        raise Unreadable("created_at is missing")
    kind = _text(row, "kind") or "post"
    if kind not in KINDS:
        raise Unreadable(f"kind is none of {', '.join(KINDS)}")
    return PostReading(
        native_id=_required(row, "id"),
        kind=kind,
        created_at=created,
        created_raw=str(row.cells["created_at"]),
        text=_required(row, "text", may_be_empty=True),
        edited_at=_time(row, "edited_at"),
        deleted_at=_time(row, "deleted_at"),
        permalink=_text(row, "permalink"),
        links=tuple(link for cell in _several(row, "links") for link in cell.split()),
        media=tuple(Media(kind="media", url=None, alt_text=alt) for alt in _several(row, "media_alt")),
        lang=_text(row, "lang"),
        reply_to=_text(row, "reply_to"),
        shows=frozenset(what for column, what in _TOLD_BY.items() if column in row.columns),
        raw=row.raw,
    )


def _refuse_others(row: _Row, account: Account) -> None:
    """Refuse another's post, unless the account is a group's: who wrote stays in the kept record alone."""
    author = _text(row, "author")
    if account.space not in OPEN_TO_AUDIT and author is not None and not is_named(account, author):
        raise Unreadable("author is neither the account's handle nor its id")


def _all_rows(
    path: Path,
    required: tuple[str, ...],
    bad: list[Quarantined],
    *,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[_Row]:
    """The rows of every table at `path`, each id once. Broken rows go to `bad`."""
    seen: dict[str, str] = {}
    with open_export(path) as files:
        names = [name for name in files.names if _reader_for(name)]
        if not names:
            if any(name.lower().endswith(_WORKBOOKS) for name in files.names):
                raise ExportRefused(f"{files.title}: is a workbook, which is not read; save the sheet as CSV UTF-8")
            known = ", ".join(_READERS)
            raise ExportRefused(f"{files.title}: is no table; give a file that ends in one of {known}")
        for name in names:
            for row in _rows(files, name, required, bad, aliases or {}):
                key = str(row.cells.get("id") or "")
                if key in seen:
                    bad.append(_quarantined(row, f"id stands in {seen[key]} already"))
                else:
                    yield row
                if key:
                    seen.setdefault(key, row.where)


def _rows(
    files: ExportFiles,
    name: str,
    required: tuple[str, ...],
    bad: list[Quarantined],
    aliases: Mapping[str, tuple[str, ...]],
) -> list[_Row]:
    """The rows of one file, all of them before the first is used: a refusal refuses the whole."""
    reader = _reader_for(name)
    body = files.read(name)
    if reader is not _parquet_rows:
        body = _in_utf8(body, name)
    if not body.strip():
        raise ExportRefused(f"{name}: is empty; write a header line with {', '.join(required)}")
    rows: list[_Row] = []
    columns: set[str] = set()
    for one in reader(body, name) if reader else ():
        (bad if isinstance(one, Quarantined) else rows).append(one)  # type: ignore[arg-type]
        columns |= set(one.cells) if isinstance(one, _Row) else set()
    renamed = _renamed(columns, aliases, name)
    if renamed:
        rows = [replace(row, cells=_with_names(row.cells, renamed)) for row in rows]
    missing = [column for column in required if column not in columns and column not in renamed]
    if missing and (rows or name.lower().endswith((".csv", ".tsv"))):
        there = ", ".join(sorted(columns)) or "none"
        raise ExportRefused(f"{name}: has no column {missing[0]!r} (its columns: {there}); name a column so")
    rows = [row for row in rows if row.raw]
    for row in rows:
        _refuse_ambiguous(row)
    known = frozenset(columns | renamed.keys())
    return [replace(row, columns=known) for row in rows]


def _renamed(columns: set[str], aliases: Mapping[str, tuple[str, ...]], name: str) -> dict[str, str]:
    """Our name of a column -> the file's, where the file has another for it and no other column could be meant."""
    renamed = {}
    for ours, others in aliases.items():
        found = [] if ours in columns else [other for other in others if other in columns]
        own = [other for other in found if other not in _SHARED]
        if len(own) > 1:
            raise ExportRefused(
                f"{name}: {own[0]!r} and {own[1]!r} could both be the column {ours!r}; name one of them so"
            )
        if found:
            renamed[ours] = (own or found)[0]
    return renamed


def _with_names(cells: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    return {**cells, **{ours: cells[theirs] for ours, theirs in renamed.items() if theirs in cells}}


def _refuse_ambiguous(row: _Row) -> None:
    for name in _TIMES:
        try:
            _time(row, name)
        except AmbiguousTime as error:
            raise ExportRefused(
                f"{row.where}: {name} {error}; write ISO 8601 with the zone, as in 2026-10-05T09:30:00+02:00"
            ) from None
        except Unreadable:
            continue


def _csv_rows(body: bytes, name: str) -> Iterator[_Row | Quarantined]:
    """Rows of a CSV file. The header comes first, as a row without bytes, so that an empty table has its columns."""
    text = _decoded(body, name)
    # Spreadsheets write the delimiter above the header where it is not their country's own.
    told = _SEPARATOR_LINE.match(text)
    lines = list(io.StringIO(text, newline=""))
    delimiter = told[1] if told else _delimiter(lines[0])
    records = _records(lines, 1 if told else 0, delimiter)
    _, _, first_cells = next(records, (0, 0, []))
    if isinstance(first_cells, csv.Error):
        raise ExportRefused(f"{name}:1: is no CSV header: {first_cells}; write every column's name on the first line")
    header = _header(first_cells, name)
    yield _Row(f"{name}:1", dict.fromkeys(header), b"")
    for first, end, cells in records:
        if isinstance(cells, csv.Error):
            yield _bad_lines(lines, first, end, name, f"is no CSV row: {cells}")
        elif cells and len(cells) != len(header):
            reason = f"has {len(cells)} fields where the header has {len(header)}"
            yield _bad_lines(lines, first, end, name, reason)
        elif cells:
            raw = "".join(lines[first:end]).encode()
            yield _Row(f"{name}:{first + 1}", dict(zip(header, cells, strict=True)), raw)


def _records(lines: list[str], start: int, delimiter: str) -> Iterator[tuple[int, int, list[str] | csv.Error]]:
    """The records of CSV lines from `start` on: first line, line behind the last, and the cells or what is wrong.

    A quote that nobody closes would take every row behind it along: only the line that opens it is given as wrong,
    and the lines behind are read for themselves.
    """
    while start < len(lines):
        first, broken = start, None
        reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield first, start + reader.line_num, cells
                first = start + reader.line_num
        except csv.Error as error:
            broken = error
        if broken is None:
            return
        yield first, first + 1, broken
        last = start + reader.line_num - 1
        # A record that began on one of the lines between and went beyond it would break where this one did. So each
        # of them is a record alone or none, and no line is read more than twice.
        for at in range(first + 1, last):
            yield at, at + 1, _record_alone(lines[at], delimiter)
        start = max(first + 1, last)


def _record_alone(line: str, delimiter: str) -> list[str] | csv.Error:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return error


def _quarantined(row: _Row, reason: object) -> Quarantined:
    return Quarantined(where=row.where, reason=str(reason), raw=row.raw)


def _bad_lines(lines: list[str], first: int, last: int, name: str, reason: str) -> Quarantined:
    return Quarantined(where=f"{name}:{first + 1}", reason=reason, raw="".join(lines[first:last]).encode())


def _header(cells: list[str], name: str) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    twice = next((column for column in header if header.count(column) > 1), None)
    if twice is not None:
        raise ExportRefused(f"{name}: has the column {twice!r} twice; keep one of them")
    return header


def _delimiter(header: str) -> str:
    """The delimiter under which the header has the most columns, outside quotes; a comma if it has one column."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=bare.count)


def _json_lines(body: bytes, name: str) -> Iterator[_Row | Quarantined]:
    _decoded(body, name)
    for number, line in enumerate(body.split(b"\n"), start=1):
        if line.strip():
            yield _json_row(line.strip(), f"{name}:{number}")


def _json_rows(body: bytes, name: str) -> Iterator[_Row | Quarantined]:
    """Rows of a JSON file: a list of objects, or an object with such a list under `posts`."""
    _decoded(body, name)
    try:
        value = rawjson.loads(body)
    except rawjson.BrokenJson as error:
        raise ExportRefused(f"{name}: {error}; write a list of objects") from None
    path = ("posts",) if isinstance(value, dict) else ()
    listed = value.get("posts") if isinstance(value, dict) else value
    if not isinstance(listed, list):
        raise ExportRefused(f"{name}: is no list of posts; write a list of objects")
    for number, raw in enumerate(rawjson.elements(body, *path), start=1):
        yield _json_row(raw, f"{name}[{number}]")


def _json_row(raw: bytes, where: str) -> _Row | Quarantined:
    try:
        value = rawjson.loads(raw)
    except rawjson.BrokenJson as error:
        return Quarantined(where=where, reason=str(error), raw=raw)
    if not isinstance(value, dict):
        return Quarantined(where=where, reason="is no object", raw=raw)
    return _Row(where, {key.strip().lower(): cell for key, cell in value.items()}, raw)


def _parquet_rows(body: bytes, name: str) -> Iterator[_Row | Quarantined]:
    """Rows of a Parquet file, through Arrow: pandas would make a decimal number of an id column with a gap."""
    try:
        rows = pq.read_table(pa.BufferReader(body)).to_pylist()
    except (pa.ArrowException, OSError):
        raise ExportRefused(f"{name}: is no readable Parquet file; write it again") from None
    for number, row in enumerate(rows, start=1):
        cells = {key.strip().lower(): cell for key, cell in row.items()}
        yield _Row(f"{name}[{number}]", cells, json.dumps(row, default=str, ensure_ascii=False).encode())


_READERS: dict[str, Callable[[bytes, str], Iterable[_Row | Quarantined]]] = {
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_rows,
    ".parquet": _parquet_rows,
}


def _reader_for(name: str) -> Callable[[bytes, str], Iterable[_Row | Quarantined]] | None:
    return _READERS.get(PurePosixPath(name).suffix.lower())


def _in_utf8(body: bytes, name: str) -> bytes:
    """A text's bytes in UTF-8: from UTF-16 by its byte order mark, from Windows-1252 where the file's name says so."""
    told = _TOLD.search(name)
    if body.startswith(_UTF_16):
        return _recoded(body, "utf-16", name)
    if 0 in body[:2]:
        raise ExportRefused(f"{name}: is UTF-16 without its mark; save the file again as UTF-8 (CSV UTF-8)")
    return _recoded(body, "cp1252", name) if told else body


def _recoded(body: bytes, encoding: str, name: str) -> bytes:
    try:
        return body.decode(encoding).encode("utf-8")
    except UnicodeError:
        raise ExportRefused(f"{name}: is not {encoding}; save the file again as UTF-8 (CSV UTF-8)") from None


def _decoded(body: bytes, name: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ExportRefused(f"{name}:{line}: is not UTF-8; save the file again as UTF-8 (CSV UTF-8)") from None


def _required(row: _Row, name: str, *, may_be_empty: bool = False) -> str:
    value = _text(row, name)
    if value is None and may_be_empty and row.cells.get(name) == "":
        return ""
    if value is None:
        raise Unreadable(f"{name} is missing")
    return value


def _text(row: _Row, name: str) -> str | None:
    """A cell as text; None where it is absent or empty."""
    value = row.cells.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise Unreadable(f"{name} is neither text nor a whole number")


def _several(row: _Row, name: str) -> list[str]:
    """A cell that may hold several texts: a JSON list, in JSON files or in a cell; otherwise one text."""
    value = row.cells.get(name)
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = rawjson.loads(value.encode())
        except (rawjson.BrokenJson, UnicodeError):
            raise Unreadable(f"{name} is no JSON list") from None
    if not isinstance(value, list):
        text = _text(row, name)
        return [] if text is None else [text]
    if not all(isinstance(one, str) for one in value):
        raise Unreadable(f"{name} holds something that is no text")
    return value


def _time(row: _Row, name: str) -> datetime | None:
    value = row.cells.get(name)
    if isinstance(value, datetime):
        value = value.isoformat()
    elif isinstance(value, float) and value.is_integer():
        value = str(int(value))
    text = _text(_Row(row.where, {name: value}, row.raw), name) if not isinstance(value, (list, dict)) else None
    try:
        return written_time(text) if text else None
    except AmbiguousTime:
        raise
    except UnreadableTime as error:
        if isinstance(error, EmptyTime) and name != "created_at":
            return None  # A program's word for never: not edited, not deleted.
        raise Unreadable(f"{name} {error}") from None
