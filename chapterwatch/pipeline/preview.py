"""What publishing and delivering a month would send out, written into a folder: nobody is mailed, nothing recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from chapterwatch.archive import ReportRow
from chapterwatch.errors import RenderFailed, UserError
from chapterwatch.files import Folder
from chapterwatch.model import Association, Chapter
from chapterwatch.pipeline import deliver, filed, letters, periods, publish, steps
from chapterwatch.pipeline.inputs import Issue, inputs_hash, issued_as
from chapterwatch.pipeline.workplace import Workplace
from reports import mail, render
from reports.mail_preview import Row, preview_page
from reports.network import RollupView
from reports.view import ChapterView, build_chapter

log = logging.getLogger(__name__)

#: Whom a mail is from where no mail is configured.
_SENDER = "chapterwatch@localhost"

OnReport = Callable[[Row], object]


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """One report as it would be issued now."""

    row: ReportRow
    #: new, unchanged, changed (it would need a reason) or reissued (one was given)
    state: str
    view: ChapterView | RollupView
    letter: mail.Letter
    recipients: tuple[str, ...]
    reply_to: str | None = None


def preview_reports(
    workplace: Workplace,
    month: str,
    folder: Path,
    chapters: Collection[str] = (),
    *,
    reason: str | None = None,
    on_report: OnReport = lambda _: None,
) -> list[Row]:
    """Write every report, mail and form of a month as they would go out now, and an `index.html` that lists them.

    The folder is made; it must be empty. Where facts changed since a report was issued, it is the next revision that
    is written. The archive is only read.

    Raises:
        UserError: the folder holds something, or cannot be written; unknown chapter.
    """
    press, office, folder = steps.press_of(workplace), steps.post_of(workplace), folder.absolute()
    period = periods.month_of(month)
    chosen = press.registry.chapters_called(chapters)
    _make(folder)
    rows: list[Row] = []
    for start in range(0, len(chosen), publish.BATCH):
        drafts = [_of_chapter(press, chapter, period, reason) for chapter in chosen[start : start + publish.BATCH]]
        rows += _write(drafts, office, folder, on_report)
    if not chapters:
        states = {row.name: row.state for row in rows}
        drafts = [_of_network(press, item, period, reason, states) for item in press.registry.associations]
        rows += _write(drafts, office, folder, on_report)
    page = preview_page(rows, period, press.registry.associations[0].language)
    (folder / "index.html").write_text(page, encoding="utf-8")
    return rows


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = any(folder.iterdir())
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from None
    if taken:
        raise UserError(f"{folder} is not empty; choose an empty folder, or one that does not exist yet")


# --- drafts ---------------------------------------------------------------------------------------------------------


def _of_chapter(press: publish.Press, chapter: Chapter, period: str, reason: str | None) -> _Draft:
    latest = press.archive.latest_report(chapter.id, period)
    inputs = press.gather(chapter, period, publish.first_issue(press))
    row, state = _row(press, chapter.id, period, inputs_hash(inputs), latest, reason)
    peers = press.peers(chapter, period)
    view = build_chapter(replace(issued_as(inputs, _issue(row)), peers=peers))
    return _Draft(
        row=row,
        state=state,
        view=view,
        letter=_letter(press, row, state, view),
        recipients=deliver.leadership_of(chapter),
        reply_to=press.registry.association(chapter.association).headquarters[0],
    )


def _of_network(
    press: publish.Press, association: Association, period: str, reason: str | None, states: dict[str, str]
) -> _Draft:
    name = publish.rollup_name(association)
    latest = press.archive.latest_report(name, period)
    own = [states[chapter.id] for chapter in association.chapters]
    moved = latest is None or any(state != "unchanged" for state in own)
    facts = "" if moved or latest is None else latest.inputs_hash
    row, state = _row(press, name, period, facts, latest, reason)
    failed = {chapter.id: "could not be drawn" for chapter in association.chapters if states[chapter.id] == "failed"}
    view = publish.rollup_view(press, association, period, failed, _issue(row))
    letter = _letter(press, row, state, view)
    return _Draft(row=row, state=state, view=view, letter=letter, recipients=association.headquarters)


def _row(
    press: publish.Press, name: str, period: str, facts: str, latest: ReportRow | None, reason: str | None
) -> tuple[ReportRow, str]:
    """The row there is, or the one that would be made, and the report's state."""
    if latest is not None and latest.inputs_hash == facts:
        return latest, "unchanged"
    row = ReportRow(
        chapter=name,
        period=period,
        revision=latest.revision + 1 if latest else 1,
        inputs_hash=facts,
        reason=reason if latest else None,
        issued_at=press.now,
    )
    return row, "new" if latest is None else "reissued" if reason else "changed"


def _issue(row: ReportRow) -> Issue:
    return Issue(revision=row.revision, reason=row.reason, issued_at=row.issued_at)


def _letter(press: publish.Press, row: ReportRow, state: str, view: ChapterView | RollupView) -> mail.Letter:
    if state == "unchanged":
        return publish.letter_of(press, row, lambda: view)
    return letters.letter_for(press.registry, view)


# --- files ----------------------------------------------------------------------------------------------------------


def _write(drafts: Sequence[_Draft], office: deliver.PostOffice, folder: Path, on_report: OnReport) -> Iterator[Row]:
    drawn = render.render_batch([draft.view for draft in drafts], folder / filed.REPORTS)
    for draft, report in zip(drafts, drawn, strict=True):
        row = _written(draft, report, office, folder)
        on_report(row)
        yield row


def _written(draft: _Draft, drawn: render.Rendered | RenderFailed, office: deliver.PostOffice, folder: Path) -> Row:
    made = partial(
        Row,
        name=draft.row.chapter,
        title=draft.letter.heading,
        revision=draft.row.revision,
        subject=draft.letter.subject,
        recipients=draft.recipients,
        stem=draft.letter.stem,
    )
    if isinstance(drawn, RenderFailed):
        log.error("%s", drawn)
        return made(state="failed")
    key = drawn.pdf_path.relative_to(folder).as_posix()
    report = replace(draft.row, pdf_path=key, pdf_sha256=drawn.pdf_sha256)
    parcel = deliver.Parcel(report=report, letter=draft.letter, recipients=draft.recipients, reply_to=draft.reply_to)
    files = sorted((folder / filed.REPORTS).glob(f"{drawn.pdf_path.stem}.*"))
    files += _mails(parcel, replace(office, files=Folder(folder)), folder / "mails")
    return made(state=draft.state, files=tuple(path.relative_to(folder).as_posix() for path in files))


def _mails(parcel: deliver.Parcel, office: deliver.PostOffice, folder: Path) -> list[Path]:
    """Each recipient's mail, and once what it says as text and as a page, with the form that comes along."""
    folder.mkdir(exist_ok=True)
    enclosed = deliver.enclosed_with(parcel, office)
    if enclosed is None:
        raise RenderFailed(f"the PDF of {parcel.report.chapter} vanished while it was read")
    sender = office.transport.sender if office.transport else _SENDER
    messages = [deliver.message_of(parcel, enclosed, recipient, sender) for recipient in parcel.recipients]
    stem = parcel.letter.stem
    paths = []
    for number, message in enumerate(messages, start=1):
        paths.append(folder / f"{stem}-mail-{number}.eml")
        paths[-1].write_bytes(message.as_bytes())
    for message in messages[:1]:
        paths += [
            _part(message, "plain", folder / f"{stem}-mail.txt"),
            _part(message, "html", folder / f"{stem}-mail.html"),
        ]
    for item in enclosed.files:
        if item.kind == "form":
            paths.append(folder / item.name)
            paths[-1].write_bytes(item.content)
    return paths


def _part(message: EmailMessage, subtype: str, path: Path) -> Path:
    body = message.get_body((subtype,))
    text = body.get_content() if body is not None else ""
    path.write_text(str(text), encoding="utf-8", newline="")
    return path
