r"""The CSV files of a LinkedIn data export, whose quoting is irregular.

Seen in exports: texts of several lines with each line in quotes of its own (`"one"` and `"two"` under each other inside
one cell), quotes written `\"` in Comments.csv and `""` in Shares.csv, and texts with no quotes doubled at all. A file
that is proper CSV is read as such; otherwise each record is read by itself, so that a broken one costs no other.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chapterwatch.errors import ExportRefused
from chapterwatch.model import Quarantined

#: How a record begins: a time, then an address or nothing. What is no ISO date is a record too, to be refused with it.
_START = re.compile(
    r'"?(?:\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})(?:[T ,]+\d{1,2}:\d\d[^,;\t"]{0,20})?"?[,;\t]'
    r'(?="?https?://|"?"?[,;\t])'
)
_HEADER_WITHIN = 12
#: Records a lone quotation may have torn apart: a text in which a line looks like a record's beginning.
_TORN = 4
_BETWEEN_QUOTES = '"\n"'


@dataclass(frozen=True)
class Row:
    """One record: its cells by column, its bytes, where it stands."""

    cells: Mapping[str, str]
    raw: bytes
    where: str


def rows(body: bytes, name: str, needed: tuple[str, ...], text: str) -> Iterator[Row | Quarantined]:
    """The records of a file, in its order.

    Args:
        body: the file's bytes.
        name: the file's own name, for messages.
        needed: columns it must have.
        text: the column whose cells are texts, and so of irregular quoting.

    Raises:
        ExportRefused: it is not UTF-8, or has no line that names the columns needed.
    """
    lines = list(io.StringIO(_decoded(body, name), newline=""))
    at, header, delimiter = _header(lines, name, needed)
    rest = lines[at + 1 :]
    found = _proper(rest, header, delimiter) or _one_by_one(rest, header, delimiter, text)
    for number, cells, raw in found:
        where = f"{name}:{at + 2 + number}"
        if cells is None:
            yield Quarantined(where=where, reason="is no record of these columns", raw=raw.encode())
        else:
            mended = dict(zip(header, cells, strict=True))
            yield Row(mended | {text: _without_line_quotes(mended[text])}, raw.encode(), where)


_Found = list[tuple[int, list[str] | None, str]]


def _decoded(body: bytes, name: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ExportRefused(f"{name}:{line}: is not UTF-8; give the file as LinkedIn sent it") from None


def _header(lines: list[str], name: str, needed: tuple[str, ...]) -> tuple[int, list[str], str]:
    """Where the columns are named, their names and what parts them. Some files begin with notes."""
    for at, line in enumerate(lines[:_HEADER_WITHIN]):
        for delimiter in ",;\t":
            header = [cell.strip().strip('"').strip() for cell in line.split(delimiter)]
            if set(needed) <= set(header) and len(set(header)) == len(header):
                return at, header, delimiter
    raise ExportRefused(f"{name}: names no columns {', '.join(needed)}; give the file as LinkedIn sent it")


def _proper(lines: list[str], header: list[str], delimiter: str) -> _Found | None:
    """All records of a file that is proper CSV throughout; None for one that is not."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found: _Found = []
    while True:
        first = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return found
        except csv.Error:
            return None
        if not cells:
            continue
        # A line inside a cell that begins like a record was swallowed by a quotation nobody closed, perhaps.
        torn = any(_START.match(line) for line in lines[first + 1 : reader.line_num])
        if len(cells) != len(header) or torn:
            return None
        found.append((first, cells, "".join(lines[first : reader.line_num])))


def _one_by_one(lines: list[str], header: list[str], delimiter: str, text: str) -> _Found:
    starts = [at for at, line in enumerate(lines) if _START.match(line)]
    if not starts or any(line.strip() for line in lines[: starts[0]]):
        starts = [0, *starts] if lines else []
    ends = [*starts[1:], len(lines)]
    found: _Found = []
    at = 0
    while at < len(starts):
        taken, cells = _record(lines, starts, ends, at, header, delimiter, text)
        raw = "".join(lines[starts[at] : ends[at + taken - 1]])
        if raw.strip():
            found.append((starts[at], cells, raw))
        at += taken
    return found


def _record(
    lines: list[str], starts: list[int], ends: list[int], at: int, header: list[str], delimiter: str, text: str
) -> tuple[int, list[str] | None]:
    """One record by itself, and how many beginnings it took: more than one where a text holds such a line."""
    alone = "".join(lines[starts[at] : ends[at]])
    cells = _strict(alone, header, delimiter) or _strict(alone.replace('\\"', '""'), header, delimiter)
    if cells:
        return 1, cells
    for taken in range(2, min(_TORN, len(starts) - at) + 1):
        cells = _strict("".join(lines[starts[at] : ends[at + taken - 1]]), header, delimiter)
        if cells:
            return taken, cells
    return 1, _by_its_ends(alone, header, delimiter, text)


def _strict(record: str, header: list[str], delimiter: str) -> list[str] | None:
    try:
        found = [
            cells for cells in csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, strict=True) if cells
        ]
    except csv.Error:
        return None
    return found[0] if len(found) == 1 and len(found[0]) == len(header) else None


def _by_its_ends(record: str, header: list[str], delimiter: str, text: str) -> list[str] | None:
    """The cells before and after the text, which hold no line end, and all between them as the text."""
    before = header.index(text)
    after = len(header) - before - 1
    cell = rf'[ ]*("[^"\r\n]*"|[^{delimiter}"\r\n]*)[ ]*'
    head = re.match((cell + delimiter) * before, record)
    if head is None:
        return None
    start = head.end()
    body = record.rstrip("\r\n ")
    tail = re.compile((delimiter + cell) * after + r"\Z")
    # The text may hold delimiters, so its end is looked for from behind.
    last = body.rpartition("\n")[2]
    offset = len(body) - len(last)
    places = (
        [offset + place for place, sign in enumerate(last) if sign == delimiter and offset + place >= start]
        if after
        else [len(body)]
    )
    for place in places[-(after + 40) :]:
        if match := tail.match(body, place):
            first, last_cells = ([group.strip('"') for group in one.groups()] for one in (head, match))
            return [*first, _unwrapped(body[start:place]), *last_cells]
    return None


def _unwrapped(cell: str) -> str:
    """A text out of its quotes; where each line has quotes of its own, each line out of them."""
    lines = cell.replace("\r\n", "\n").split("\n")
    if len(lines) > 1 and all(line.endswith('"') or line.startswith('"') or not line for line in lines):
        return "\n".join(_bare(line) for line in lines)
    return _bare(cell)


def _bare(line: str) -> str:
    inner = line.removeprefix('"')
    inner = inner.removesuffix('"') if inner.endswith('"') else inner
    return inner.replace('\\"', '"').replace('""', '"')


def _without_line_quotes(cell: str) -> str:
    r"""A text of several lines without the quotes LinkedIn puts around each; every line end must stand in them.

    A text that begins and ends with a quotation mark itself has them from its author.
    """
    cell = cell.replace("\r\n", "\n")
    ends = cell.count("\n")
    wrapped = cell.replace('"\n"', "\x00").count("\x00") if "\x00" not in cell else -1
    if not ends or wrapped != ends or (cell.startswith('"') and cell.endswith('"')):
        return cell
    return cell.replace(_BETWEEN_QUOTES, "\n").replace('""', '"')
