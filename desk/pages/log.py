"""What staff did, latest first: who, as what, when and why. Nobody can change it."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from chapterwatch.model import Window
from chapterwatch.pipeline.periods import month_bounds
from desk.queries import months_until
from desk.roles import May
from desk.visit import Visit, Visiting
from desk.wording import ACTS

router = APIRouter()

PAGE = 100


@router.get("/log")
def log(visit: Visiting) -> HTMLResponse:
    """The log, filtered by person or kind, with the running month's counts."""
    visit.need(May.READ_LOG)
    params = visit.request.query_params
    author, kind, before = params.get("author", "")[:80], params.get("kind", ""), before_of(visit)
    if kind and kind not in ACTS:
        raise HTTPException(400, "There is no such kind of act.")
    acts = visit.place.archive.acts.page(before=before, limit=PAGE + 1, author=author, kind=kind)
    shown = acts[:PAGE]
    months = months_until(visit.now)
    month = params.get("month", months[0])
    bounds = _bounds(month if month in months else months[0])
    return visit.page(
        "log.html.j2",
        title="Log",
        acts=shown,
        author=author,
        kind=kind,
        kinds=[("", "any"), *ACTS.items()],
        next=visit.to("log", author=author, kind=kind, before=shown[-1].id) if len(acts) > PAGE else "",
        month=month if month in months else months[0],
        months=months,
        counts=visit.place.archive.acts.counts(bounds),
        mute=visit.place.archive.acts.without_reason(bounds),
    )


def before_of(visit: Visit) -> int | None:
    """The id an address wants acts before. Raises 400 where it is no number."""
    text = visit.request.query_params.get("before", "")
    if text and not (text.isdecimal() and len(text) < 16):  # noqa: PLR2004 - what the database can hold
        raise HTTPException(400, "This is no place in the log.")
    return int(text) if text else None


def _bounds(month: str) -> Window:
    return month_bounds(month, "UTC")
