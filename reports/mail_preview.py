"""The page that lists what a preview wrote: which reports, in what state, to whom, under which subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports import render
from reports.words import load


@dataclass(frozen=True, kw_only=True)
class Row:
    """One report of a preview."""

    #: A chapter's id, or `rollup:` and an association's.
    name: str
    title: str
    #: new, unchanged, changed (it needs a reason), reissued (one was given) or failed
    state: str
    revision: int
    subject: str
    recipients: tuple[str, ...]
    #: Paths from the preview's folder, and what their names begin with.
    files: tuple[str, ...] = ()
    stem: str = ""

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Each file's path with the part of its name that tells it from the others."""
        return tuple((path, path.rpartition("/")[2].removeprefix(self.stem).lstrip("-.")) for path in self.files)


def preview_page(rows: Sequence[Row], period: str, language: str) -> str:
    """The list as one HTML page that loads nothing."""
    words = load(language)
    template = render.environment().get_template("mail_preview.html.j2")
    return template.render(rows=rows, t=words, language=words.language, month=words.month(period))
