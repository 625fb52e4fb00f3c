"""The list of findings: filters, pages, and one decision for several."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from chapterwatch.archive.acts import Decision
from chapterwatch.errors import ArchiveError
from chapterwatch.model import DispositionState, Severity
from chapterwatch.policy import by_hand_id
from desk import queries
from desk.roles import May
from desk.visit import Form, Posted, Visit, Visiting
from desk.wording import DECISIONS, NEED_NOTE, STATES

router = APIRouter()

#: Findings decided at once: as many as one page shows.
TOGETHER = queries.PAGE


@router.get("/findings")
def findings(visit: Visiting) -> HTMLResponse:
    """The list."""
    visit.need(May.LOOK)
    return _list(visit, visit.request.query_params.get("done", ""))


@router.post("/findings")
def decide(visit: Visiting, form: Posted) -> Response:
    """Decide about the findings ticked."""
    visit.need(May.DECIDE)
    keys = form.all("key")
    if not keys:
        return _list(visit, problem="Tick the findings you decide about.", status=400)
    if len(keys) > TOGETHER:
        raise HTTPException(400, f"Decide about at most {TOGETHER} findings at once.")
    try:
        done = visit.place.archive.acts.decide(keys, decision_of(visit, form), chapters=visit.scope)
    except ArchiveError:
        raise HTTPException(404, "There is no such page.") from None
    wanted = queries.asked(visit.request.query_params)
    return visit.back("findings", **wanted.query(), done=done)


def decision_of(visit: Visit, form: Form) -> Decision:
    """The decision of a form. Raises 400 where it is none, or lacks the note it needs."""
    word = form.text("state")
    state = next((item for item in DECISIONS if item.value == word), None)
    if state is None:
        raise HTTPException(400, "Choose a decision.")
    note = form.text("note", 2000)
    if state in NEED_NOTE and not note:
        raise HTTPException(400, f"{STATES[state]} needs a note: write why.")
    person = visit.person
    return Decision(state=state, note=note, author=person.name, role=person.role_word, at=visit.now)


def _list(visit: Visit, done: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    params = visit.request.query_params
    wanted = queries.asked(params)
    chosen = queries.filter_of(visit, wanted)
    shelf = visit.place.archive.shelf
    after = queries.mark_of(params.get("after", ""))
    lines = shelf.page(chosen, after=after, limit=queries.PAGE + 1)
    shown = lines[: queries.PAGE]
    more = queries.mark_text(shown[-1].mark) if len(lines) > queries.PAGE else ""
    counts = shelf.counts(chosen)
    return visit.page(
        "findings.html.j2",
        status,
        title="Findings",
        asked=wanted,
        rows=queries.rows_of(visit.place, shown),
        counts=counts,
        total=sum(counts.values()) if chosen.severity is None else counts[chosen.severity],
        next=visit.to("findings", **wanted.query(), after=more) if more else "",
        first=visit.to("findings", **wanted.query()) if after else "",
        action=visit.to("findings", **wanted.query()),
        severities=list(Severity),
        choices=_choices(visit),
        decisions=decisions(),
        done=int(done) if done.isdecimal() and len(done) < 6 else 0,  # noqa: PLR2004 - no page has more
        problem=problem,
    )


def decisions() -> list[tuple[DispositionState, str, str, bool]]:
    """What can be decided: state, word, meaning, and whether it needs a note."""
    return [(state, STATES[state], what, state in NEED_NOTE) for state, what in DECISIONS.items()]


def _choices(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    packs = queries.packs_of(visit)
    return {
        "chapter": [("", "all"), *((item.id, item.name) for item in queries.chapters_of(visit))],
        "clause": [
            ("", "all"),
            *((key, f"{key} {item.title}") for pack in packs for key, item in pack.clauses.items()),
        ],
        "rule": [("", "all"), *((key, key) for pack in packs for key in (*pack.rules, by_hand_id(pack.id)))],
        "state": list(queries.STATE_CHOICES.items()),
        "standing": list(queries.STANDING_CHOICES.items()),
        "kind": list(queries.KIND_CHOICES.items()),
        "reply": list(queries.REPLY_CHOICES.items()),
        "held": list(queries.HELD_CHOICES.items()),
        "month": [("", "any"), *((name, name) for name in queries.months_until(visit.now))],
    }
