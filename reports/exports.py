"""A report's findings as tables, for those who count on: CSV for programs, XLSX for people.

The same words as the report, from the same view: what the report may not print stands in no table either. Whoever opens
the files is safe from what strangers wrote: in the CSV a cell that a spreadsheet would take for a formula begins with
an apostrophe (OWASP, CSV injection); in the XLSX every text is stored as text. The same view gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from reports.facts import AccountView, ChapterView, FindingView, PostView, ShortFinding
from reports.network_facts import RollupView
from reports.words import Words, load

View = ChapterView | RollupView
Cell = str | int | float | date | None

#: Letters a cell of a workbook can hold (Excel's specification); the CSV is opened by the same programs.
CELL_LIMIT = 32_767
#: What a cell must not begin with, blanks left aside: signs that begin a formula, also in their wide forms.
_FORMULA = re.compile("[ \u00a0\u200b]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
#: What neither XML nor a reader can hold: controls, halves of surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_DAY, _NARROW, _USUAL, _WIDE = 12, 9, 24, 60
_WORKBOOK = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True)
class Table:
    """One sheet: its name, its columns as head and width in letters, its rows."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


def findings_csv(view: View) -> bytes:
    """A chapter's findings, or a network's chapters, as CSV: UTF-8 with its mark, for Excel; all cells quoted."""
    table = tables_of(view)[0]
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(head) for head, _ in table.columns])
    writer.writerows([safe_cell(_written(cell)) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def findings_xlsx(view: View) -> bytes:
    """All tables of a report as a workbook: heads frozen, filters set, days as days."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _WORKBOOK) as book:
        # Local time of nowhere: the moment a report is of, so that the same report is the same file.
        book.set_properties(
            {"title": _plain(_title(view)), "created": datetime.fromtimestamp(view.epoch, UTC).replace(tzinfo=None)}
        )
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        for table in tables_of(view):
            _fill(book.add_worksheet(_sheet_name(table.title)), table, head, text, day)
    return out.getvalue()


def tables_of(view: View) -> tuple[Table, ...]:
    """What a view has to tell in tables, the most asked for first."""
    words = load(view.language)
    if isinstance(view, ChapterView):
        return _findings(view, words), _coverage(view, words), _not_judged(view, words)
    known = (_ending(view, words), _silent(view, words), _linked(view, words))
    rules = (_rules(view, words), _held(view, words))
    return _chapters(view, words), _systemic(view, words), _unseen(view, words), *known, *rules


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula. What only looks odd stays: `NA`, `00123`."""
    return f"'{text}" if _FORMULA.match(text) else text


# --- tables -----------------------------------------------------------------------------------------------------------


def _findings(view: ChapterView, words: Words) -> Table:
    columns = (
        ("export.list", _USUAL),
        ("export.number", _NARROW),
        ("export.severity", _DAY),
        ("table.finding", 40),
        ("export.question", _DAY),
        ("table.clause", _DAY),
        ("table.account", _USUAL),
        ("export.found_on", _DAY),
        ("table.by", _DAY),
        ("export.closed_on", _DAY),
        ("table.state", _USUAL),
        ("export.text", _WIDE),
        ("table.why", 40),
        ("export.sure", _USUAL),
        ("table.to_do", 40),
        ("export.owner", _USUAL),
        ("export.note", 40),
        ("export.reply", 40),
        ("export.link", _USUAL),
        ("export.capture", _USUAL),
        ("table.rule", _USUAL),
        ("export.key", 16),
    )
    in_full = words("section.findings")
    clauses: dict[int, str] = {}
    rows = [_full_row(in_full, post, one, words, clauses) for post in view.posts for one in post.findings]
    lists = (("section.beyond", view.beyond), ("section.fixed", view.fixed), ("section.set_aside", view.set_aside))
    rows += [_short_row(words(key), one) for key, part in lists for one in part]
    listed = len(view.beyond) + sum(len(post.findings) for post in view.posts)
    lefts = (
        ("section.beyond", view.counts.standing - listed),
        ("section.fixed", view.counts.fixed - len(view.fixed)),
        ("section.set_aside", view.counts.set_aside - len(view.set_aside)),
    )
    blank = [None] * (len(columns) - 4)
    rows += [(words(key), None, None, words("export.more", n=left), *blank) for key, left in lefts if left > 0]
    return _table(words("table.findings"), columns, rows, words)


def _full_row(title: str, post: PostView, one: FindingView, words: Words, clauses: dict[int, str]) -> tuple[Cell, ...]:
    quotes = [quote for quote in post.quotes if one.number in quote.numbers]
    # A finding repeated on a post says its clauses where it is first named.
    clauses[one.number] = ", ".join(clause.id for clause in one.clauses) or clauses.get(one.repeats or 0, "")
    return (
        title,
        one.number,
        one.severity_word,
        one.title,
        words("export.yes") if one.is_question else None,
        clauses[one.number],
        post.account,
        one.opened_on,
        one.due,
        None,
        "; ".join(filter(None, (one.standing_words, one.state_words))),
        "\n".join(quote.missing or quote.text for quote in quotes),
        one.reason,
        one.confidence_words,
        one.remedy,
        one.owner,
        one.note,
        "\n".join(_reply(one)),
        post.permalink,
        "\n".join(quote.capture for quote in quotes),
        one.rule_id,
        one.key,
    )


def _reply(one: FindingView) -> Iterator[str]:
    for reply in one.replies:
        said = " ".join(filter(None, (reply.outcome_words, reply.outcome_note)))
        yield " — ".join(filter(None, (f"{reply.by_words}: {reply.text}", said)))


def _short_row(title: str, one: ShortFinding) -> tuple[Cell, ...]:
    known: tuple[Cell, ...] = (title, None, one.severity_word, one.title, None, None, one.account, one.opened_on, None)
    after: tuple[Cell, ...] = (one.closed_on, one.state_words, None, None, None, None, None, one.note, one.reply_words)
    return (*known, *after, None, None, one.rule_id, one.key)


def _coverage(view: ChapterView, words: Words) -> Table:
    columns = (
        ("table.account", 30),
        ("table.posts", _NARROW),
        ("export.days", _USUAL),
        ("table.asked", 30),
        ("table.window", _USUAL),
        ("table.runs", _USUAL),
        ("table.state", 40),
        ("table.why", _WIDE),
    )
    rows = [row for account in view.accounts for row in _account_rows(account)]
    return _table(words("section.coverage"), columns, rows, words)


def _account_rows(account: AccountView) -> Iterator[tuple[Cell, ...]]:
    posts = account.posts if account.posts_known else None
    for one in account.asked:
        said = " ".join(part for part in (one.why, one.detail) if part)
        yield (account.label, posts, account.days_words, one.asked, one.window, one.runs, one.state, said)
    for note in account.notes:
        yield (account.label, posts, account.days_words, None, None, None, None, note)
    if not account.asked and not account.notes:
        yield (account.label, posts, account.days_words, None, None, None, None, None)


def _not_judged(view: ChapterView, words: Words) -> Table:
    columns = (
        ("table.rule", 40),
        ("table.clause", _USUAL),
        ("table.not_judged", _DAY),
        ("export.asked_of", _DAY),
        ("table.why", _WIDE),
    )
    rows = [(one.title, one.clauses, one.unjudged, one.total, one.why) for one in view.not_judged]
    rows += [(title, clauses, 0, 0, one.why) for one in view.unasked for title, clauses in one.rules]
    return _table(words("section.not_judged"), columns, rows, words)


def _chapters(view: RollupView, words: Words) -> Table:
    columns = (
        ("table.chapter", 32),
        ("table.country", _NARROW),
        ("table.status", 30),
        ("table.new", _NARROW),
        ("table.open", _NARROW),
        ("table.fixed", _NARROW),
        ("export.critical", _NARROW),
        ("table.posts", _NARROW),
        ("table.rate", _DAY),
        ("table.accounts", _NARROW),
        ("export.days", _DAY),
        ("export.days_asked", _DAY),
        ("table.not_judged", _DAY),
        ("table.answers", _DAY),
        ("export.overdue", _DAY),
    )
    rows = [
        (
            *(line.name, line.country, line.stand_words, line.counts.new, line.counts.still_open, line.counts.fixed),
            line.counts.critical,
            line.counts.posts if line.counts.posts_known else None,
            *(line.per_hundred, line.counts.accounts),
            *(line.counts.days_seen, line.counts.days_asked, line.counts.not_judged, line.answers, line.overdue),
        )
        for line in view.chapters
    ]
    failed = [(name, None, why) + (None,) * (len(columns) - 3) for name, why in view.failed]
    return _table(words("table.chapters"), columns, [*rows, *failed], words)


def _systemic(view: RollupView, words: Words) -> Table:
    columns = (
        ("table.clause", _DAY),
        ("table.finding", 40),
        ("table.chapters", _DAY),
        ("table.share", _DAY),
        ("table.findings", _DAY),
        ("table.direction", 30),
    )
    rows = [(one.id, one.title, one.chapters, one.share_words, one.findings, one.direction) for one in view.systemic]
    return _table(words("export.shared"), columns, rows, words)


def _unseen(view: RollupView, words: Words) -> Table:
    columns = (
        ("table.chapter", 32),
        ("table.account", 30),
        ("table.what", 40),
        ("table.why", 40),
        ("table.mend", 40),
    )
    gaps = [(one.chapter, one.unseen.account, one.unseen.what, one.unseen.why, one.unseen.mend) for one in view.access]
    notes = [(one.chapter, one.account, None, one.note, None) for one in view.access_notes]
    return _table(words("section.network_access"), columns, [*gaps, *notes], words)


def _ending(view: RollupView, words: Words) -> Table:
    columns = (("table.chapter", 32), ("table.account", 30), ("table.ends", _USUAL), ("table.mend", 30))
    rows = [(one.chapter, one.account, one.ends_words, one.owner) for one in view.ending]
    return _table(words("section.ending"), columns, rows, words)


def _silent(view: RollupView, words: Words) -> Table:
    columns = (("table.chapter", 32), ("table.account", 30), ("table.last_post", _USUAL), ("table.usual", _USUAL))
    rows = [(one.chapter, one.account, one.last, one.usual) for one in view.dormant]
    return _table(words("section.quiet"), columns, rows, words)


def _linked(view: RollupView, words: Words) -> Table:
    columns = (("table.chapter", 32), ("table.account", 30), ("table.linked_from", 30), ("table.what", 40))
    rows = [(one.chapter, one.account, one.page, one.what) for one in view.linked]
    return _table(words("export.linked"), columns, rows, words)


def _rules(view: RollupView, words: Words) -> Table:
    columns = (
        ("table.rule", 40),
        ("table.clause", _USUAL),
        ("table.found", _NARROW),
        ("table.right", _NARROW),
        ("table.wrong", _NARROW),
        ("table.observed", 30),
        ("table.measured", 30),
    )
    rows = [
        (one.title, one.clauses, one.found, one.right, one.wrong, one.observed, one.measured)
        for one in view.rules.every
    ]
    return _table(words("export.rules"), columns, rows, words)


def _held(view: RollupView, words: Words) -> Table:
    columns = (
        ("export.number", _NARROW),
        ("table.rule", 40),
        ("table.where", 40),
        ("table.findings", _DAY),
        ("table.why", _WIDE),
        ("table.decided_by", _USUAL),
        ("table.until", _DAY),
    )
    rows = [(one.number, one.rule, one.where, one.findings, one.reason, one.author, one.ends) for one in view.held]
    return _table(words("section.held"), columns, rows, words)


def _table(title: str, columns: Sequence[tuple[str, int]], rows: Iterable[tuple[Cell, ...]], words: Words) -> Table:
    return Table(title, tuple((words(key), width) for key, width in columns), tuple(rows))


# --- cells ------------------------------------------------------------------------------------------------------------


def _fill(sheet: Worksheet, table: Table, head: Format, text: Format, day: Format) -> None:
    for at, (name, width) in enumerate(table.columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, _plain(name), head)
    for line, row in enumerate(table.rows, start=1):
        for at, cell in enumerate(row):
            _put(sheet, line, at, cell, text, day)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _put(sheet: Worksheet, line: int, at: int, cell: Cell, text: Format, day: Format) -> None:
    if cell is None:
        sheet.write_blank(line, at, None, text)
    elif isinstance(cell, date):
        sheet.write_datetime(line, at, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a day has no zone
    elif isinstance(cell, str):
        sheet.write_string(line, at, _plain(cell), text)
    else:
        sheet.write_number(line, at, cell, text)


def _written(cell: Cell) -> str:
    """A cell of the CSV: days and numbers as every program reads them, nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return cell.isoformat() if isinstance(cell, date) else _plain(str(cell))


def _plain(text: str) -> str:
    """Text that every file can hold: nothing unprintable, no places to break, at most what a cell takes."""
    shown = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\N{ZERO WIDTH SPACE}", ""))
    return shown if len(shown) <= CELL_LIMIT else shown[: CELL_LIMIT - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _sheet_name(title: str) -> str:
    """A name Excel takes: at most 31 letters, none of its own signs."""
    return re.sub(r"[\[\]:*?/\\']", " ", _plain(title))[:31].strip()


def _title(view: View) -> str:
    name = view.chapter_name if isinstance(view, ChapterView) else view.association_name
    return f"{name}, {view.period_words}"
