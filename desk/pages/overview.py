"""The first page: what needs a person today, how the network stands, where it is going."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from chapterwatch.archive.browse import UNDECIDED, Filter
from chapterwatch.model import Chapter, DeliveryState, DispositionState, Severity
from chapterwatch.pipeline.periods import month_bounds
from chapterwatch.registry import ASKED
from desk import access, drawing
from desk.filing import visible
from desk.queries import chapters_of, held_back, months_until
from desk.roles import May
from desk.visit import Visit, Visiting
from desk.wording import month as month_words

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of what needs a person: how many, of what, and where to go."""

    count: int
    what: str
    href: str
    grave: bool = False


@dataclass(frozen=True, kw_only=True)
class ChapterRow:
    """One chapter in one line."""

    chapter: Chapter
    counts: Mapping[Severity, int]
    #: Accounts seen in full, of so many.
    whole: int
    accounts: int
    report: str

    @property
    def total(self) -> int:
        """Findings that stand."""
        return sum(self.counts.values())


@router.get("/")
def overview(visit: Visiting) -> HTMLResponse:
    """The page."""
    visit.need(May.LOOK)
    chapters = chapters_of(visit)
    sight = access.sight_of(visit, chapters)
    months = _trend(visit, chapters)
    return visit.page(
        "overview.html.j2",
        title="Overview",
        tasks=[task for task in _tasks(visit, sight) if task.count],
        rows=list(_rows(visit, chapters, sight)),
        severities=list(Severity),
        last_night=visit.place.archive.shelf.last_run("collect"),
        late=_late(visit),
        months=months,
        chart=drawing.trend(months, "Findings per 100 posts by month"),
    )


def _tasks(visit: Visit, sight: Sequence[access.Sight]) -> Iterator[Task]:
    shelf = visit.place.archive.shelf
    held = held_back(visit)
    waiting = shelf.counts(Filter(scope=visit.scope, states=UNDECIDED, without=held))
    for severity, count in waiting.items():
        grave = severity is Severity.CRITICAL
        what = f"{severity} {_one_or(count, 'finding', 'findings')} to decide{' today' if grave else ''}"
        yield Task(count=count, what=what, href=visit.to("findings", severity=severity.value), grave=grave)
    appealed = Filter(scope=visit.scope, standing="any", appealed=True)
    count = sum(shelf.counts(appealed).values())
    yield Task(count=count, what=f"{_one_or(count, 'finding', 'findings')} with an appeal to decide",
               href=visit.to("findings", reply="appeal", state="any", standing="any"))  # fmt: skip
    said = Filter(scope=visit.scope, states=frozenset({DispositionState.OWNER_SAYS_FIXED}), without=held)
    yield Task(count=sum(shelf.counts(said).values()), what="said to be fixed and still there",
               href=visit.to("findings", state="owner_says_fixed"))  # fmt: skip
    unseen = sum(item.state in {"unknown", "not_asked"} for item in sight)
    what = f"{_one_or(unseen, 'account', 'accounts')} that could not be seen last night"
    yield Task(count=unseen, what=what, href=visit.to("coverage"), grave=True)
    partly = sum(item.state == "partial" for item in sight)
    what = _one_or(partly, "account that was seen only in part", "accounts that were seen only in part")
    yield Task(count=partly, what=what, href=visit.to("coverage"))
    ending = sum(item.ends_soon for item in sight)
    ends = "token that ends within 30 days or has ended", "tokens that end within 30 days or have ended"
    yield Task(count=ending, what=_one_or(ending, *ends), href=visit.to("coverage"))
    if visit.person.may(May.SEE_DELIVERIES):
        lost = _lost_mails(visit)
        what = f"{_one_or(lost, 'mail', 'mails')} whose way is not known, refused or came back"
        yield Task(count=lost, what=what, href=visit.to("reports", deliveries="trouble"))


def _one_or(count: int, one: str, many: str) -> str:
    return one if count == 1 else many


def _lost_mails(visit: Visit) -> int:
    trouble = {DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.BOUNCED}
    counts = visit.place.archive.shelf.troubled_mails(trouble)
    return sum(count for name, count in counts.items() if visible(visit, name))


def _rows(visit: Visit, chapters: Sequence[Chapter], sight: Sequence[access.Sight]) -> Iterator[ChapterRow]:
    counts = visit.place.archive.shelf.by_chapter(
        Filter(scope=visit.scope, states=UNDECIDED | _ACTED, without=held_back(visit))
    )
    latest = {row.chapter: row.period for row in visit.place.archive.reports()}
    for chapter in chapters:
        own = [item for item in sight if item.account.chapter == chapter.id]
        yield ChapterRow(
            chapter=chapter,
            counts=counts.get(chapter.id, {}),
            whole=sum(item.state == "seen" for item in own),
            accounts=len(own),
            report=latest.get(chapter.id, ""),
        )


#: Decided, and still to be mended by the account's owner.
_ACTED = frozenset({DispositionState.CONFIRMED, DispositionState.SENT_TO_OWNER})


def _late(visit: Visit) -> bool:
    """Whether the last night lies back so far that a page without findings would say nothing."""
    asked = any(account.access in ASKED for account in visit.place.registry().accounts)
    last = visit.place.archive.shelf.last_run("collect")
    return asked and (last is None or _age(visit.now, last[1]) > timedelta(hours=36))


def _age(now: datetime, then: datetime) -> timedelta:
    return now - then


def _trend(visit: Visit, chapters: Sequence[Chapter]) -> list[drawing.Month]:
    """Twelve months over the reader's chapters, in the first association's time zone: a network has one chart."""
    if not chapters:
        return []
    zone = visit.place.registry().association(chapters[0].association).timezone
    names = months_until(visit.now)[::-1]
    windows = [month_bounds(name, zone) for name in names]
    whose = "all" if visit.scope is None else ",".join(sorted(visit.scope))
    shelf = visit.place.archive.shelf
    counted = visit.place.counted(
        f"trend {names[-1]} {whose}", lambda: shelf.trend(windows, visit.scope, held_back(visit))
    )
    first = next((index for index, (posts, _) in enumerate(counted) if posts), len(counted) - 1)
    return [
        drawing.Month(month_words(name).split()[0][:3], posts, found)
        for name, (posts, found) in list(zip(names, counted, strict=True))[first:]
    ]
