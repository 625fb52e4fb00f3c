"""What one run of Airflow came to: the tab on its page leads here."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from chapterwatch.pipeline.adhoc import folder_name
from desk import filing
from desk.roles import May
from desk.visit import Visiting

router = APIRouter()


@router.get("/runs")
def run(visit: Visiting) -> HTMLResponse:
    """The reports an audit on request made. A run of another DAG has none of its own."""
    visit.need(May.READ_REPORTS)
    # A run's id holds a plus for its time zone, which an address that was not written carefully turns into a blank.
    run_id = visit.request.query_params.get("run", "").replace(" ", "+")[:250]
    prefix = f"adhoc:{folder_name(run_id)}:"
    rows = [row for row in visit.place.archive.reports() if row.chapter.startswith(prefix) and run_id]
    seen = [row for row in rows if filing.visible(visit, row.chapter)]
    kinds = filing.kinds_of(visit, seen)
    listed = [(row, filing.title_of(visit, row.chapter), each) for row, each in zip(seen, kinds, strict=True)]
    return visit.page("run.html.j2", title="This run", run_id=run_id, listed=listed)
