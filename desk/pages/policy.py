"""The policy as it is judged: clauses, lanes, rules, cases, how often they were right; and a changed pack tried."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from chapterwatch.archive.acts import Act
from chapterwatch.archive.browse import Filter
from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.model import DispositionState, Finding
from chapterwatch.pipeline import dryrun
from chapterwatch.policy import Pack, Rule, clause_coverage
from checks.base import checks
from desk import queries
from desk.evidence import lines_of
from desk.pages.finding import precision_of
from desk.roles import May
from desk.visit import Posted, Visit, Visiting

router = APIRouter()

#: Cases a rule's page shows.
CASES = 60
#: Where packs wait to be tried: folders in the home of this deployment.
DRAFTS = "drafts"
#: A page may not wait for ever; the command line has no such bound.
NEWEST = 3000


@router.get("/policy")
def policy(visit: Visiting) -> HTMLResponse:
    """The packs that judge the reader's chapters."""
    visit.need(May.LOOK)
    packs = queries.packs_of(visit)
    return visit.page("policy.html.j2", title="Policy", packs=packs, drafts=visit.person.may(May.DRY_RUN))


@router.get("/policy/{name}")
def pack(visit: Visiting, name: str) -> HTMLResponse:
    """One pack, clause by clause."""
    visit.need(May.LOOK)
    found = _pack(visit, name)
    return visit.page("pack.html.j2", title=found.title, pack=found, rows=clause_coverage(found),
                      precision={rule.id: precision_of(found, rule) for rule in found.rules.values()})  # fmt: skip


@router.get("/policy/{name}/rules/{rule_id}")
def rule(visit: Visiting, name: str, rule_id: str) -> HTMLResponse:
    """One rule: what it cites, how it judges, its cases, and what people decided about its findings."""
    visit.need(May.LOOK)
    found = _pack(visit, name)
    item = found.rules.get(rule_id)
    if item is None:
        raise HTTPException(404, "There is no such page.")
    decided = visit.place.archive.shelf.by_rule(
        Filter(scope=visit.scope, rule=rule_id, standing="any", lanes=frozenset({item.lane}))
    )
    return visit.page(
        "rule.html.j2",
        title=item.title,
        pack=found,
        rule=item,
        clauses=[found.clauses[key] for key in item.clauses],
        doc=_doc(item),
        cases=found.cases_of(item)[:CASES],
        precision=precision_of(found, item),
        decided={state.value: count for state, count in decided.get(rule_id, {}).items()},
        right=_right(decided.get(rule_id, {})),
    )


@router.get("/drafts")
def drafts(visit: Visiting) -> HTMLResponse:
    """The packs that wait to be tried."""
    visit.need(May.DRY_RUN)
    return _drafts(visit)


@router.post("/drafts")
def dry_run(visit: Visiting, form: Posted) -> HTMLResponse:
    """Try one on the newest posts of the archive."""
    visit.need(May.DRY_RUN)
    folder = next((path for path in _waiting(visit) if path.name == form.text("draft")), None)
    why = form.text("why", 1000)
    if folder is None or not why:
        return _drafts(visit, problem="Choose a pack, and write why you try it: it is kept in the log.", status=400)
    place = visit.place
    try:
        draft = dryrun.load_draft(folder, place.settings.policies)
        current = place.pack(draft.id)
        found = dryrun.trial(place.archive, place.registry(), current, draft, newest=NEWEST, chapters=visit.scope)
    except InvalidFiles as error:
        return _drafts(visit, problem=f"The pack has {len(error.problems)} problems.", status=400, faults=error)
    except UserError as error:
        return _drafts(visit, problem=str(error), status=400)
    place.archive.acts.note(
        Act(
            author=visit.person.name,
            role=visit.person.role_word,
            kind="dry_run",
            subject=draft.id,
            detail=folder.name,
            why=why,
            at=visit.now,
        ),
    )
    return visit.page(
        "trial.html.j2",
        title=f"{folder.name} tried",
        trial=found,
        draft=folder.name,
        appearing=_lines(visit, draft, found.appearing),
        vanishing=_lines(visit, current, found.vanishing),
    )


def _drafts(visit: Visit, problem: str = "", status: int = 200, faults: InvalidFiles | None = None) -> HTMLResponse:
    home = visit.place.settings.home / DRAFTS
    lines = (
        [f"{Path(one.file).name}, line {one.line}: {one.what}; {one.mend}" for one in faults.problems] if faults else []
    )
    names = [path.name for path in _waiting(visit)]
    return visit.page("drafts.html.j2", status, title="Try a changed pack", names=names, folder=home, newest=NEWEST,
                      problem=problem, faults=lines[:50])  # fmt: skip


def _waiting(visit: Visit) -> list[Path]:
    home = visit.place.settings.home / DRAFTS
    return sorted(path.parent for path in home.glob("*/policy.yml"))


def _lines(visit: Visit, pack_: Pack, findings: Sequence[Finding]) -> list[tuple[Finding, str, str, str]]:
    excerpts = lines_of(visit.place, [(pack_, item) for item in findings])
    named = ((queries.title_of(pack_, item.rule_id), queries.account_name(visit.place, item.account_key))
             for item in findings)  # fmt: skip
    return [(item, *names, excerpt) for item, names, excerpt in zip(findings, named, excerpts, strict=True)]


def _pack(visit: Visit, name: str) -> Pack:
    found = next((item for item in queries.packs_of(visit) if item.id == name), None)
    if found is None:
        raise HTTPException(404, "There is no such page.")
    return found


def _doc(rule_: Rule) -> str:
    known = checks().get(rule_.check)
    return known.doc.strip() if known else ""


def _right(decided: dict[DispositionState, int]) -> tuple[int, int]:
    """(right, decided) of a rule's findings by what people said of them, counted as the roll-up does."""
    right = {DispositionState.CONFIRMED, DispositionState.OWNER_SAYS_FIXED, DispositionState.VERIFIED,
             DispositionState.ACCEPTED_RISK}  # fmt: skip
    hits = sum(count for state, count in decided.items() if state in right)
    return hits, hits + decided.get(DispositionState.FALSE_POSITIVE, 0)
