"""What could not be seen, and which access ends when."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from chapterwatch.model import Access
from desk import access
from desk.queries import account_name, chapters_of
from desk.roles import May
from desk.visit import Visiting
from desk.wording import plain
from reports.words import load

router = APIRouter()

_ORDER = {"unknown": 0, "not_asked": 1, "partial": 2, "seen": 3}


@router.get("/coverage")
def coverage(visit: Visiting) -> HTMLResponse:
    """Every account, those nobody could see first."""
    visit.need(May.LOOK)
    chapters = chapters_of(visit)
    sight = access.sight_of(visit, chapters)
    names = {chapter.id: chapter.name for chapter in chapters}
    never = [item for chapter in chapters for item in chapter.accounts if item.access is Access.NONE]
    return visit.page(
        "coverage.html.j2",
        title="Coverage and access",
        rows=[
            (item, names[item.account.chapter], account_name(visit.place, item.account.key), _why(item.reasons))
            for item in sorted(sight, key=lambda one: (_ORDER[one.state], not one.ends_soon))
        ],
        never=[(names[item.chapter], account_name(visit.place, item.key)) for item in never],
        seen=sum(item.state == "seen" for item in sight),
        details=visit.person.may(May.SEE_ACCESS),
    )


def _why(reasons: tuple[str, ...]) -> str:
    """Reasons in the words the reports use for them."""
    words = load("en")
    keys = {reason: f"reason.{reason}.why" for reason in reasons}
    return " ".join(words(key) if words.has(key) else plain(reason) for reason, key in keys.items())
