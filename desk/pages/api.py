"""The same facts for programs, read only: a login's own role, findings a page at a time, the log."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from desk import queries
from desk.pages.log import PAGE, before_of
from desk.roles import May
from desk.visit import Visiting

router = APIRouter(prefix="/api")


@router.get("/me")
def me(visit: Visiting) -> dict[str, Any]:
    """Who is asking, as what, for which chapters (null: all)."""
    scope = None if visit.scope is None else sorted(visit.scope)
    return {"name": visit.person.name, "role": visit.person.role, "chapters": scope}


@router.get("/findings")
def findings(visit: Visiting) -> dict[str, Any]:
    """A page of findings, with the filters of the list; `next` is the `after` of the following page."""
    visit.need(May.LOOK)
    chosen = queries.filter_of(visit, queries.asked(visit.request.query_params))
    after = queries.mark_of(visit.request.query_params.get("after", ""))
    lines = visit.place.archive.shelf.page(chosen, after=after, limit=queries.PAGE)
    rows = [asdict(row) for row in queries.rows_of(visit.place, lines)]
    return {"findings": rows, "next": queries.mark_text(lines[-1].mark) if len(lines) == queries.PAGE else None}


@router.get("/acts")
def acts(visit: Visiting) -> dict[str, Any]:
    """A page of the log; `next` is the `before` of the following page."""
    visit.need(May.READ_LOG)
    rows = visit.place.archive.acts.page(before=before_of(visit), limit=PAGE)
    return {"acts": [asdict(row) for row in rows], "next": rows[-1].id if len(rows) == PAGE else None}
