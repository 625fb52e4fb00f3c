"""What could not be seen, and which access ends when."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from chapterwatch.model import Access, Account, Chapter
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
    homes = {chapter.id: chapter for chapter in chapters}
    never = [item for chapter in chapters for item in chapter.accounts if item.access is Access.NONE]
    return visit.page(
        "coverage.html.j2",
        title="Coverage and access",
        rows=[
            (
                item,
                homes[item.account.chapter].name,
                account_name(visit.place, item.account.key),
                _why(item.reasons),
                _mend(item.reasons, item.account, homes[item.account.chapter]),
            )
            for item in sorted(sight, key=lambda one: (_ORDER[one.state], not one.ends_soon))
        ],
        never=[(homes[item.chapter].name, account_name(visit.place, item.key)) for item in never],
        seen=sum(item.state == "seen" for item in sight),
        details=visit.person.may(May.SEE_ACCESS),
    )


def _why(reasons: tuple[str, ...]) -> str:
    """Reasons in the words the reports use for them."""
    words = load("en")
    keys = {reason: f"reason.{reason}.why" for reason in reasons}
    return " ".join(words(key) if words.has(key) else plain(reason) for reason, key in keys.items())


def _mend(reasons: tuple[str, ...], account: Account, chapter: Chapter) -> str:
    """Who can do what about it, in the words of the reports; each sentence once."""
    words = load("en")
    roles = {person.email: person.role for person in chapter.people}
    owner = roles.get(account.owner or "") or words("owner.unnamed")
    named = owner[:1].upper() + owner[1:]
    keys = [f"reason.{reason}.mend" for reason in reasons]
    return " ".join(dict.fromkeys(words(key, owner=named) for key in keys if words.has(key)))
