"""A month's sample: posts nothing was found in, drawn by chance or most like a breach, read by a person.

An answer changes no finding; it tells how often the rules miss something. Only what anybody could read is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from chapterwatch.archive.browse import Subject, Version
from chapterwatch.archive.samples import Answered
from chapterwatch.model import Account, Association
from chapterwatch.pipeline.samples import PUBLIC, chosen_of, estimate_of
from chapterwatch.policy import Clause
from chapterwatch.sampling import Answer, Candidate
from desk import evidence, queries
from desk.roles import May
from desk.visit import Form, Posted, Visit, Visiting

router = APIRouter()

ANSWERS: tuple[Answer, ...] = get_args(Answer)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One chosen post as the page shows it."""

    number: int
    post: Candidate
    #: What it is like, in words; empty where chance drew it.
    alike: str
    chapter: str
    account: str
    posted: datetime | None
    #: The text, blacked out as in reports; empty where `hidden` says why.
    text: str
    hidden: str
    permalink: str | None
    clauses: Sequence[Clause]
    said: Answered | None


@router.get("/sample")
def sample(visit: Visiting) -> HTMLResponse:
    """The posts of one association's month."""
    visit.need(May.READ_SAMPLE)
    params = visit.request.query_params
    choices = [item for item in visit.place.registry().associations if _chapters(visit, item)]
    if not choices:
        raise HTTPException(404, "None of your chapters is in the registry.")
    association = next((item for item in choices if item.id == params.get("association")), choices[0])
    months = list(reversed(visit.place.archive.samples.months(association.id)))
    month = next((name for name in months if name == params.get("month")), months[0] if months else "")
    items = list(_items(visit, association, month))
    whole = visit.person.sees_all(chapter.id for chapter in association.chapters)
    return visit.page(
        "sample.html.j2",
        title="Sample",
        associations=[(item.id, item.name) for item in choices],
        association=association,
        months=months,
        month=month,
        items=items,
        answered=sum(item.said is not None for item in items),
        # A share of the association's posts, so only for who sees all of them.
        estimate=estimate_of(visit.place.workplace, association.id, month) if month and whole else None,
        done=params.get("done", "") if params.get("done") in ANSWERS else "",
    )


@router.post("/sample")
def answer(visit: Visiting, form: Posted) -> Response:
    """Keep what somebody says of one post, and go on to the next that nobody has read."""
    visit.need(May.READ_SAMPLE)
    said = next((word for word in ANSWERS if word == form.text("answer")), None)
    if said is None:
        raise HTTPException(400, "Say clean, missed or unsure.")
    association, month, item = _asked(visit, form)
    given = Answered(
        answer=said,
        author=visit.person.name,
        author_role=visit.person.role_word,
        at=visit.now,
        clause=_clause(form, item) if said == "missed" else "",
        note=form.text("note", 2000),
    )
    samples = visit.place.archive.samples
    samples.answer(association.id, month, item.post, given)
    place = visit.to("sample", association=association.id, month=month, done=said)
    return RedirectResponse(f"{place}#post-{_next(visit, association, month, item)}", status_code=303)


def _asked(visit: Visit, form: Form) -> tuple[Association, str, Item]:
    """The post a form is about. Raises 404 where it was not drawn, or not for the reader to see."""
    wanted = (form.text("account"), form.text("post"))
    month = form.text("month")
    for association in visit.place.registry().associations:
        if association.id != form.text("association"):
            continue
        for item in _items(visit, association, month):
            if (item.post.account_key, item.post.subject_id) == wanted:
                return association, month, item
    raise HTTPException(404, "There is no such page.")


def _clause(form: Form, item: Item) -> str:
    given = form.text("clause")
    if given and given not in {clause.id for clause in item.clauses}:
        raise HTTPException(400, "Choose a clause of the policy, or none.")
    return given


def _next(visit: Visit, association: Association, month: str, item: Item) -> int:
    """The next post without an answer; the same one where all have one."""
    open_ = [one.number for one in _items(visit, association, month) if one.said is None]
    return next((number for number in open_ if number > item.number), open_[0] if open_ else item.number)


def _chapters(visit: Visit, association: Association) -> set[str]:
    return {chapter.id for chapter in association.chapters if visit.person.sees(chapter.id)}


def _items(visit: Visit, association: Association, month: str) -> Iterator[Item]:
    """The drawn posts of the reader's chapters. What is no longer public, or left the registry, is not shown."""
    place, own = visit.place, _chapters(visit, association)
    answers = place.archive.samples.answers(association.id, month)
    for number, (post, kind) in enumerate(chosen_of(place.workplace, association.id, month).items(), start=1):
        account = place.account(post.account_key)
        if account is not None and account.chapter in own and account.space in PUBLIC:
            yield _item(visit, number, post, kind, account, answers.get(post))


def _item(visit: Visit, number: int, post: Candidate, alike: str, account: Account, said: Answered | None) -> Item:
    place, pack = visit.place, visit.place.pack(account.pack)
    subject, chapter = place.archive.shelf.post(post.account_key, post.subject_id), place.chapter(account.chapter)
    version = _version(subject, post)
    text, hidden = evidence.text_of(place, pack, account, version)
    return Item(
        number=number,
        post=post,
        alike=alike,
        chapter=chapter.name if chapter else account.chapter,
        account=queries.account_name(place, account.key),
        posted=version.stands_from if version else None,
        text=text,
        hidden=hidden,
        permalink=version.permalink if version else None,
        clauses=list(pack.clauses.values()),
        said=said,
    )


def _version(subject: Subject, post: Candidate) -> Version | None:
    """The content that was drawn; the last one where the archive has fewer."""
    known = subject.versions
    return known[min(post.revision, len(known) - 1)] if known else None
