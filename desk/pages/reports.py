"""Issued reports by month: previews, files, and the way of each mail."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from starlette.exceptions import HTTPException

from chapterwatch.archive import Delivery, ReportRow
from chapterwatch.archive.acts import Act
from chapterwatch.errors import FileAltered
from chapterwatch.files import parts_of
from chapterwatch.model import DeliveryState
from desk import filing, guard
from desk.roles import May
from desk.visit import Posted, Visit, Visiting

router = APIRouter()

#: Mails whose way somebody has to look into, and that may be sent again.
TROUBLE = frozenset({DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.BOUNCED})


@dataclass(frozen=True, kw_only=True)
class Issued:
    """One report in the list."""

    row: ReportRow
    title: str
    kinds: tuple[str, ...]
    mails: tuple[Delivery, ...]
    latest: bool

    @property
    def states(self) -> dict[str, int]:
        """State of a mail -> how many."""
        counted: dict[str, int] = {}
        for mail in self.mails:
            counted[mail.state.value] = counted.get(mail.state.value, 0) + 1
        return counted


@router.get("/reports")
def reports(visit: Visiting) -> HTMLResponse:
    """A month's reports."""
    visit.need(May.READ_REPORTS)
    rows = [row for row in visit.place.archive.reports() if filing.visible(visit, row.chapter)]
    periods = sorted({row.period for row in rows}, reverse=True)
    asked = visit.request.query_params.get("month", "")
    period = asked if asked in periods else periods[0] if periods else ""
    trouble = visit.request.query_params.get("deliveries") == "trouble" and visit.person.may(May.SEE_DELIVERIES)
    chosen = rows if trouble else [row for row in rows if row.period == period]
    listed = _issued(visit, chosen, chosen, period="" if trouble else period)
    if trouble:
        listed = [item for item in listed if any(mail.state in TROUBLE for mail in item.mails)]
    return visit.page(
        "reports.html.j2", title="Reports", listed=listed, periods=periods, period=period, trouble=trouble
    )


@router.get("/reports/{name}/{period}/{revision}")
def report(visit: Visiting, name: str, period: str, revision: int) -> HTMLResponse:
    """One report with its preview."""
    row = _row(visit, name, period, revision)
    [item] = _issued(visit, [row], visit.place.archive.reports(name, period), period=period)
    done = visit.request.query_params.get("done") == "again"
    return visit.page("report.html.j2", title=item.title, item=item, trouble=TROUBLE, done=done)


@router.get("/reports/{name}/{period}/{revision}/file.{kind}")
def file(visit: Visiting, name: str, period: str, revision: int, kind: str) -> Response:
    """A report's file, by its row in the archive."""
    row = _row(visit, name, period, revision)
    try:
        found = filing.opened(visit, row, kind)
    except FileAltered:
        what = "This file is not the one that was issued. It has to be brought back from a backup."
        raise HTTPException(409, what) from None
    if found is None:
        raise HTTPException(404, "There is no such page.")
    inline = kind == "html" or (kind == "pdf" and visit.request.query_params.get("open") == "1")
    stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in f"{name}-{period}-r{revision}")
    disposition = f'{"inline" if inline else "attachment"}; filename="{stem}.{kind}"'
    size = found.seek(0, io.SEEK_END)
    found.seek(0)
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": guard.REPORT_POLICY}
    headers["Content-Length"] = str(size)
    return StreamingResponse(parts_of(found), media_type=filing.KINDS[kind], headers=headers)


@router.post("/reports/{name}/{period}/{revision}/again")
def again(visit: Visiting, name: str, period: str, revision: int, form: Posted) -> Response:
    """Have a mail sent again that did not arrive; the next delivery sends it."""
    visit.need(May.SEND_AGAIN)
    row = _row(visit, name, period, revision)
    if row.revision != max(one.revision for one in visit.place.archive.reports(name, period)):
        raise HTTPException(409, "A later revision stands in its place; that one is mailed.")
    why = form.text("why", 1000)
    if not why:
        raise HTTPException(400, "Write why: it is kept in the log.")
    act = Act(
        author=visit.person.name,
        role=visit.person.role_word,
        kind="resend",
        subject=f"{name} {period} r{revision}",
        chapter=name,
        why=why,
        at=visit.now,
    )
    if not visit.place.archive.acts.resend((row.chapter, row.period, row.revision), form.text("recipient", 320), act):
        raise HTTPException(409, "This mail cannot be sent again: it arrived, or is on its way.")
    return visit.back(f"reports/{name}/{period}/{revision}", done="again")


def _row(visit: Visit, name: str, period: str, revision: int) -> ReportRow:
    visit.need(May.READ_REPORTS)
    found = visit.place.archive.reports(name, period) if filing.visible(visit, name) else []
    row = next((row for row in found if row.revision == revision), None)
    if row is None:
        raise HTTPException(404, "There is no such page.")
    return row


def _issued(visit: Visit, rows: Sequence[ReportRow], among: Sequence[ReportRow], *, period: str) -> list[Issued]:
    return [
        _listed(visit, row, kinds, among, period=period)
        for row, kinds in zip(rows, filing.kinds_of(visit, rows), strict=True)
    ]


def _listed(visit: Visit, row: ReportRow, kinds: tuple[str, ...], among: Sequence[ReportRow], *, period: str) -> Issued:
    mails = _mails(visit, row.period) if visit.person.may(May.SEE_DELIVERIES) else []
    newest = max(one.revision for one in among if (one.chapter, one.period) == (row.chapter, row.period))
    return Issued(
        row=row,
        title=filing.title_of(visit, row.chapter) + ("" if period else f", {row.period}"),
        kinds=kinds,
        mails=tuple(mail for mail in mails if (mail.chapter, mail.revision) == (row.chapter, row.revision)),
        latest=row.revision == newest,
    )


def _mails(visit: Visit, period: str) -> Sequence[Delivery]:
    return visit.place.archive.deliveries(period=period)
