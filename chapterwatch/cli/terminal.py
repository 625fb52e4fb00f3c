"""What the commands share: the two streams, tables, progress, files, and the workplace they act on."""

from __future__ import annotations

import errno
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from chapterwatch import settings
from chapterwatch.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

    from chapterwatch.pipeline import Workplace

# What is printed came from files and people: brackets in it are no markup, and `:100:` is a line, no emoji.
_AS_IT_IS: dict[str, Any] = {"markup": False, "emoji": False, "highlight": False, "soft_wrap": True}
out = Console(**_AS_IT_IS)
err = Console(stderr=True, **_AS_IT_IS)

FOUND = 1
MISTAKE = 2


def open_workplace(*, makes_archive: bool = True) -> Workplace:
    """The workplace the environment names. A command that only looks makes no archive where there is none."""
    from chapterwatch.pipeline import Workplace

    chosen = settings.from_environment()
    return Workplace(chosen, chosen.connection, makes_archive)


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Any]:
    """A progress bar on a terminal's stderr; nothing elsewhere. Yields a function to call as steps are done."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_, steps=1: bar.advance(task, steps)


def waiting(what: str) -> AbstractContextManager[object]:
    """A sign of life on a terminal's stderr for what has no steps to count; nothing elsewhere."""
    return err.status(what) if err.is_terminal else nullcontext()


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], marked: Collection[int] = ()) -> None:
    """Print aligned columns, one line a row; only a terminal cuts the last one. Marked rows are red."""
    # A line break in an excerpt would break the table.
    cells = [[" ".join(cell.split()) for cell in row] for row in (headings, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)][:-1]
    room = max(out.width - sum(widths) - 2 * len(widths), 10) if out.is_terminal else None
    for number, row in enumerate(cells):
        ahead = "".join(_padded(cell, width) + "  " for cell, width in zip(row[:-1], widths, strict=True))
        last = Text(row[-1])
        if room is not None:
            last.truncate(room, overflow="ellipsis")
        style = "bold" if number == 0 else "red" if number - 1 in marked else ""
        out.print(Text(ahead) + last, style=style)


def _padded(cell: str, width: int) -> str:
    return cell.rjust(width) if cell.isdecimal() else set_cell_size(cell, width)


def shortened(text: str, length: int = 60) -> str:
    """A text cut to a length, with a sign that it was."""
    return text if len(text) <= length else text[: length - 1] + "…"


def counted(number: int, what: str) -> str:
    """A number with its noun: 1 account, 1,234 accounts."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def print_mailed(workplace: Workplace, counts: Mapping[str, int], since: datetime) -> None:
    """How mailing ended, with the reasons of what was tried since then and did not leave; exit status 1 for those."""
    from chapterwatch import pipeline

    out.print(", ".join(f"{count} {state}" for state, count in counts.items()))
    for line in pipeline.why_not_sent(workplace, since):
        err.print(f"  {line}")
    if any(counts[state] for state in ("deferred", "refused", "unknown", "lost")):
        sys.exit(FOUND)


def write_frame(frame: pd.DataFrame, form: str, output: Path | None) -> None:
    """A frame as csv, json or parquet, to a file or standard output.

    Raises:
        UserError: the file cannot be written.
    """
    if output is None:
        text = _as_text(frame, form)
        click.echo(text, nl=not text.endswith("\n"))
        return
    if form != "parquet":
        write_text(output, _as_text(frame, form))
        return
    _put(output, lambda path: frame.to_parquet(path, index=False))


def write_text(output: Path, text: str) -> None:
    """A text into a file, its line ends as they are.

    Raises:
        UserError: the file cannot be written.
    """
    _put(output, lambda path: path.write_text(text, encoding="utf-8", newline=""))


def write_private(output: Path, body: bytes) -> None:
    """Bytes into a new file, for its owner alone.

    Raises:
        UserError: the file is there already, or cannot be written.
    """
    with _told(output), os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)


def refuse_output(output: Path | None, given: Path) -> None:
    """For before long work: refuse a file to write that is the one to read, or whose folder takes no file.

    Raises:
        UserError: one of both.
    """
    if output is None or _is_device(output):
        return
    if output.exists() and given.exists() and output.samefile(given):
        raise UserError(f"{output}: is the file to be read; choose another file for --output")
    with _told(output), tempfile.TemporaryFile(dir=output.resolve().parent):
        if output.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


def _put(output: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file and give it the name once it is whole: what was there stays until then."""
    with _told(output):
        if _is_device(output):
            write(output)
            return
        path = output.resolve()
        new = path.with_name(f".new-{secrets.token_hex(8)}")
        try:
            write(new)
            if path.exists():
                new.chmod(path.stat().st_mode)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)


def _is_device(output: Path) -> bool:
    """Whether it is a pipe or a device, such as /dev/stdout: nothing may take its name."""
    return output.exists() and not output.is_file() and not output.is_dir()


@contextmanager
def _told(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UserError(f"{output}: cannot be written ({why}); choose another file") from None


def _as_text(frame: pd.DataFrame, form: str) -> str:
    if form == "csv":
        return frame.to_csv(index=False, lineterminator="\n")
    return json.dumps(frame.to_dict("records"), ensure_ascii=False, indent=1) + "\n"
