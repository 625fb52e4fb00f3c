"""One finding: its evidence beside the clause, what to do, what became of it, and the decision about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from chapterwatch import replies
from chapterwatch.archive.acts import Act, Overtaken
from chapterwatch.archive.browse import Line, Version
from chapterwatch.archive.records import ReplyOutcome
from chapterwatch.errors import UserError
from chapterwatch.pipeline import holding
from chapterwatch.pipeline.by_hand import link_of
from chapterwatch.pipeline.evidence import evidence_of
from chapterwatch.policy import Pack, Rule, is_by_hand
from chapterwatch.shares import Share
from desk import evidence, queries
from desk.pages.findings import decision_of, decisions
from desk.roles import May
from desk.visit import Form, Posted, Visit, Visiting
from desk.wording import STATES
from reports.by_hand import rule_of
from reports.text import sentence
from reports.words import load

router = APIRouter()

DONE = {
    "decided": "Your decision is kept.",
    "reply": "The reply is kept.",
    "said": "That was said before; it is kept once.",
    "outcome": "The outcome is kept.",
}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a finding's history."""

    at: datetime
    what: str
    by: str = ""
    note: str = ""
    hash: str = ""


@router.get("/findings/{key}")
def finding(visit: Visiting, key: str) -> HTMLResponse:
    """The page."""
    visit.need(May.LOOK)
    return _page(visit, _line(visit, key), done=DONE.get(visit.request.query_params.get("done", ""), ""))


@router.post("/findings/{key}/decide")
def decide(visit: Visiting, key: str, form: Posted) -> Response:
    """Decide about the finding. What somebody else decided meanwhile is shown first."""
    visit.need(May.DECIDE)
    line = _line(visit, key)
    seen = form.text("seen")
    known = {key: int(seen)} if seen.isdecimal() else {}
    try:
        visit.place.archive.acts.decide([key], decision_of(visit, form), chapters=visit.scope, known=known)
    except Overtaken:
        return _page(
            visit, line, problem="Somebody else decided since you opened this page. See the history.", status=409
        )
    return visit.back(f"findings/{key}", done="decided")


@router.post("/findings/{key}/show")
def show(visit: Visiting, key: str, form: Posted) -> HTMLResponse:
    """The words as they were posted, once, for a reason that is logged before they are shown."""
    visit.need(May.UNMASK)
    line = _line(visit, key)
    why = _reason(form)
    visit.place.archive.acts.note(_act(visit, line, "show", why=why))
    return _page(visit, line, plain=True)


@router.post("/findings/{key}/evidence")
def take_evidence(visit: Visiting, key: str, form: Posted) -> Response:
    """The finding's evidence as a file that proves itself, for a reason that is logged before there is any."""
    visit.need(May.UNMASK)
    line = _line(visit, key)
    act = _act(visit, line, "evidence", why=_reason(form))
    try:
        taken = evidence_of(visit.place.archive, line.finding, visit.place.pack(line.finding.pack), act)
    except UserError as error:
        return _page(visit, line, problem=_sentence(str(error)), status=409)
    headers = {"Content-Disposition": f'attachment; filename="{taken.name}"'}
    return Response(taken.packed, media_type="application/zip", headers=headers)


@router.post("/findings/{key}/reply")
def reply(visit: Visiting, key: str, form: Posted) -> Response:
    """Enter what the chapter said about the finding."""
    visit.need(May.DECIDE)
    line = _line(visit, key)
    chapter = visit.place.chapter(line.finding.chapter)
    if chapter is None:
        raise HTTPException(400, "The chapter is no longer in the registry.")
    try:
        at = replies.given_on(form.text("on"), visit.now)
        given = replies.spoken(chapter, key, form.text("kind"), form.text("text"), form.text("role"), at)
    except UserError as error:
        return _page(visit, line, problem=_sentence(str(error)), status=400)
    new = visit.place.archive.acts.reply(
        given, _act(visit, line, "reply", detail=given.kind, why="as the chapter gave it")
    )
    return visit.back(f"findings/{key}", done="reply" if new else "said")


@router.post("/findings/{key}/replies/{reply_key}")
def decide_reply(visit: Visiting, key: str, reply_key: str, form: Posted) -> Response:
    """Say what becomes of a reply."""
    visit.need(May.DECIDE)
    line = _line(visit, key)
    given = visit.place.archive.reply(reply_key)
    if given is None or given.finding_key != key:
        raise HTTPException(404, "There is no such page.")
    word, note = form.text("outcome"), _reason(form)
    if word not in replies.OUTCOMES:
        raise HTTPException(400, "Choose what becomes of the reply.")
    outcome = ReplyOutcome(outcome=word, note=replies.cleaned(note), author_role=visit.person.role_word, at=visit.now)
    visit.place.archive.acts.decide_reply(reply_key, outcome, _act(visit, line, "reply_outcome", detail=word, why=note))
    return visit.back(f"findings/{key}", done="outcome")


def _line(visit: Visit, key: str) -> Line:
    line = visit.place.archive.shelf.line(key, visit.scope)
    if line is None:
        raise HTTPException(404, "There is no such page.")
    return line


def _page(
    visit: Visit, line: Line, *, plain: bool = False, done: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    place, found = visit.place, visit.place.archive.shelf.line(line.finding.key, visit.scope) or line
    finding_, pack = found.finding, place.pack(found.finding.pack)
    subject = place.archive.shelf.subject(finding_)
    rule, chapter = rule_of(finding_, pack.rules, load("en")), place.chapter(finding_.chapter)
    decided = place.archive.dispositions([finding_.key]).get(finding_.key, ())
    words = evidence.evidence_of(place, pack, finding_, subject, plain=plain)
    masker = place.masker(finding_.chapter, pack)
    holder, association = queries.holders(place, [found]).get(finding_.key), place.association_of(finding_.chapter)
    timezone = association.timezone if association else "UTC"
    shows = masker is not None and place.shows_text_of(finding_.account_key, pack)
    return visit.page(
        "finding.html.j2",
        status,
        title=queries.title_of(pack, finding_.rule_id),
        line=found,
        finding=finding_,
        rule=rule,
        pack=pack,
        chapter=chapter,
        account=queries.account_name(place, finding_.account_key),
        words=words,
        plain=plain,
        reason=sentence(masker(finding_.reason) if masker and shows and not words.hidden else rule.why if rule else ""),
        clauses=[pack.clauses[name] for name in finding_.clauses if name in pack.clauses],
        precision=precision_of(pack, rule),
        subject=subject,
        by_hand=is_by_hand(finding_.rule_id),
        permalink=link_of(finding_)
        or next((item.permalink for item in reversed(subject.versions) if item.permalink), None),
        versions=[
            (item, evidence.version_text(place, pack, finding_, item)) for item in _told(found, subject.versions)
        ],
        history=_history(visit, found),
        decided=len(decided),
        decisions=decisions(),
        held=holder,
        held_until=holding.last_day(holder, timezone) if holder else None,
        replies=place.archive.replies([finding_.key]).get(finding_.key, ()),
        roles=sorted({person.role for person in chapter.people}) if chapter else [],
        can_take=shows and not is_by_hand(finding_.rule_id) and visit.person.may(May.UNMASK),
        today=visit.now.date().isoformat(),
        can_unmask=words.masked and not plain and visit.person.may(May.UNMASK),
        done=done,
        problem=problem,
    )


def _told(line: Line, versions: tuple[Version, ...]) -> tuple[Version, ...]:
    """The contents a history shows: all of a post, and of a profile only the one that was judged."""
    if line.finding.subject_kind == "post":
        return versions
    return tuple(item for item in versions if item.capture_hash == line.finding.capture_hash)


def _history(visit: Visit, line: Line) -> list[Event]:
    finding_ = line.finding
    archive = visit.place.archive
    by_hand = is_by_hand(finding_.rule_id)
    events = [Event(at=finding_.opened_at, what="A person reported it." if by_hand else "The words came to stand."),
              Event(at=line.first_found_at, what="The finding was made.")]  # fmt: skip
    if finding_.closed_at:
        events.append(Event(at=finding_.closed_at, what=f"Mended: {finding_.closed_by or 'gone'}."))
    if line.retired_at:
        why = "its line was taken out of the register" if by_hand else "the rule as it stands no longer finds it"
        events.append(Event(at=line.retired_at, what=f"Withdrawn: {why}."))
    for item in archive.dispositions([finding_.key]).get(finding_.key, ()):
        by = item.author if visit.person.may(May.READ_LOG) else item.author_role or "staff"
        events.append(Event(at=item.at, what=f"{STATES[item.state]}.", by=by, note=item.note))
    return sorted(events, key=lambda event: event.at)


def precision_of(pack: Pack, rule: Rule | None) -> tuple[int, int, float, float] | None:
    """(right, found, low, high): how often the rule was right where it was measured, with the interval at 95 %."""
    measured = pack.measured(rule) if rule else None
    share = Share(measured.right, measured.found) if measured else Share(0, 0)
    if share.interval is None:
        return None
    return share.hits, share.of, *share.interval


def _reason(form: Form) -> str:
    why = form.text("why", 1000)
    if not why:
        raise HTTPException(400, "Write why: it is kept in the log.")
    return why


def _act(visit: Visit, line: Line, kind: str, *, detail: str = "", why: str) -> Act:
    return Act(
        author=visit.person.name,
        role=visit.person.role_word,
        kind=kind,
        subject=line.finding.key,
        chapter=line.finding.chapter,
        detail=detail,
        why=why,
        at=visit.now,
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
