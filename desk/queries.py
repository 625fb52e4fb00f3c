"""From an address to what it asks of the archive, and back: filters, marks and the lines of lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from starlette.exceptions import HTTPException

from chapterwatch.archive import Suppression
from chapterwatch.archive.browse import UNDECIDED, Filter, Line, Mark, Standing
from chapterwatch.errors import UserError
from chapterwatch.model import Chapter, DispositionState, Lane, Severity, Window
from chapterwatch.pipeline import holding
from chapterwatch.pipeline.periods import month_bounds
from chapterwatch.policy import Pack, is_by_hand
from desk.evidence import lines_of
from desk.place import Place
from desk.visit import Visit
from desk.wording import STATES, platform
from reports.words import load

PAGE = 50
MONTHS = 12

#: `waiting` and `any` beside the single states.
STATE_CHOICES = {"": "waiting for a decision", "any": "any", **{state.value: word for state, word in STATES.items()}}
STANDING_CHOICES = {"": "standing", "mended": "mended", "withdrawn": "withdrawn", "any": "any"}
REPLY_CHOICES = {"": "all", "appeal": "appeals to decide"}
KIND_CHOICES = {"": "findings and questions", "auto": "findings", "assist": "questions", "credit": "credits"}
HELD_CHOICES = {"": "left out", "only": "held back alone", "any": "shown, too"}

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_KEY = re.compile(r"[A-Za-z0-9_:.\-]{0,64}")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A list's filters as the address gives them, each checked."""

    chapter: str = ""
    clause: str = ""
    rule: str = ""
    severity: str = ""
    state: str = ""
    standing: str = ""
    kind: str = ""
    reply: str = ""
    month: str = ""
    held: str = ""
    key: str = ""

    def query(self, **changes: str) -> dict[str, str]:
        """What an address needs to ask the same again."""
        return {name: value for name, value in {**self.__dict__, **changes}.items() if value}


def asked(given: Mapping[str, str]) -> Asked:
    """The filters of an address. Raises 400 for a value that cannot be."""
    values = {name: given.get(name, "").strip()[:80] for name in Asked.__dataclass_fields__}
    known = {"severity": {item.value for item in Severity} | {""}, "state": STATE_CHOICES, "standing": STANDING_CHOICES,
             "kind": KIND_CHOICES, "reply": REPLY_CHOICES, "held": HELD_CHOICES}  # fmt: skip
    for name, choices in known.items():
        if values[name] not in choices:
            raise HTTPException(400, f"There is no {name} {values[name]!r}.")
    if values["month"] and not _MONTH.fullmatch(values["month"]):
        raise HTTPException(400, "Write the month as 2026-10.")
    if not _KEY.fullmatch(values["key"]):
        raise HTTPException(400, "A key is made of letters and digits.")
    return Asked(**values)


def filter_of(visit: Visit, wanted: Asked) -> Filter:
    """What the archive is asked for, never more than the reader may see."""
    chapters = frozenset({wanted.chapter}) if wanted.chapter else frozenset[str]()
    # Whoever looks for one finding by its key finds it, held back or not; and an appeal is to be decided anyway.
    meant = wanted.held == "any" or (not wanted.held and (wanted.key or wanted.reply))
    held = frozenset[str]() if meant else held_back(visit)
    return Filter(
        scope=visit.scope,
        chapters=chapters,
        clause=wanted.clause,
        rule=wanted.rule,
        severity=Severity(wanted.severity) if wanted.severity else None,
        states=_states(wanted.state),
        standing=_standing(wanted),
        lanes=frozenset({Lane(wanted.kind)}) if wanted.kind else frozenset({Lane.AUTO, Lane.ASSIST}),
        opened=tuple(_opened(visit, wanted.month)) if wanted.month else (),
        key=wanted.key,
        appealed=wanted.reply == "appeal",
        without=held if not wanted.held else frozenset(),
        only=held if wanted.held == "only" else None,
    )


def held_back(visit: Visit) -> frozenset[str]:
    """The keys of what suppressions hold back now."""
    place = visit.place
    return frozenset(holding.held_now(place.archive, place.registry(), visit.now))


def _states(word: str) -> frozenset[DispositionState]:
    if word == "any":
        return frozenset()
    return frozenset({DispositionState(word)}) if word else UNDECIDED


def _standing(wanted: Asked) -> Standing:
    return cast("Standing", wanted.standing or "standing")


def _opened(visit: Visit, month: str) -> Iterator[tuple[frozenset[str], Window]]:
    """A month is its association's own, so each is asked for in its time zone."""
    for association in visit.place.registry().associations:
        chapters = frozenset(chapter.id for chapter in association.chapters)
        yield chapters, month_bounds(month, association.timezone)


def mark_of(text: str) -> Mark | None:
    """A place in the list from an address; None for its beginning. Raises 400 where it is none."""
    if not text:
        return None
    severity, _, rest = text.partition("~")
    moment, _, key = rest.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        return Mark(severity=Severity(severity), opened_at=at if at.tzinfo else at.replace(tzinfo=UTC), key=key)
    except ValueError:
        raise HTTPException(400, "This is no place in the list.") from None


def mark_text(mark: Mark) -> str:
    """A place in the list for an address."""
    at = mark.opened_at.astimezone(UTC).replace(tzinfo=None)
    return f"{mark.severity.value}~{at.isoformat()}~{mark.key}"


def chapters_of(visit: Visit) -> list[Chapter]:
    """The chapters the reader may see, by name."""
    seen = (chapter for chapter in visit.place.registry().chapters if visit.person.sees(chapter.id))
    return sorted(seen, key=lambda chapter: chapter.name)


def packs_of(visit: Visit) -> list[Pack]:
    """The packs that judge the chapters the reader may see."""
    names = {account.pack for chapter in chapters_of(visit) for account in chapter.accounts}
    names |= {item.pack for item in visit.place.registry().associations if visit.person.chapters is None}
    return [visit.place.pack(name) for name in sorted(names)]


def months_until(now: datetime, count: int = MONTHS) -> list[str]:
    """The last months as `YYYY-MM`, the running one first."""
    months, day = [], now.astimezone(UTC).date().replace(day=1)
    for _ in range(count):
        months.append(day.strftime("%Y-%m"))
        day = (day - timedelta(days=1)).replace(day=1)
    return months


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list of findings."""

    key: str
    severity: str
    title: str
    question: bool
    chapter: str
    account: str
    excerpt: str
    opened_at: datetime
    closed_at: datetime | None
    withdrawn: bool
    held: bool
    state: str
    clauses: str


def rows_of(place: Place, lines: Sequence[Line]) -> list[Row]:
    """Findings as their list shows them."""
    packs, held = [_pack(place, line.finding.pack) for line in lines], holders(place, lines)
    excerpts = lines_of(place, [(pack, line.finding) for pack, line in zip(packs, lines, strict=True)])
    rows = (_row(place, *given) for given in zip(lines, packs, excerpts, strict=True))
    return [replace(row, held=row.key in held) for row in rows]


def holders(place: Place, lines: Sequence[Line]) -> dict[str, Suppression]:
    """Finding key -> the suppression that holds it back now, of some findings."""
    standing = holding.standing(place.archive, place.now)
    undecided = (line.finding for line in lines if line.state in UNDECIDED)
    return {finding.key: item for finding, item in holding.held_among(standing, place.registry(), undecided)}


def _row(place: Place, line: Line, pack: Pack | None, excerpt: str) -> Row:
    finding = line.finding
    chapter = place.chapter(finding.chapter)
    return Row(
        key=finding.key,
        severity=finding.severity.value,
        title=title_of(pack, finding.rule_id),
        question=finding.lane is Lane.ASSIST,
        chapter=chapter.name if chapter else finding.chapter,
        account=account_name(place, finding.account_key),
        excerpt=excerpt,
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
        withdrawn=line.retired_at is not None,
        held=False,
        state=line.state.value,
        clauses=", ".join(finding.clauses),
    )


def title_of(pack: Pack | None, rule_id: str) -> str:
    """What a rule is called; its id where the pack no longer has it."""
    if is_by_hand(rule_id):
        return load("en")("by_hand.title")
    rule = pack.rules.get(rule_id) if pack else None
    return rule.title if rule else rule_id


def account_name(place: Place, key: str) -> str:
    """An account as people call it: "X @lakeside"; its key where it left the registry."""
    account = place.account(key)
    if account is None:
        return key
    handle = account.handle if account.handle.startswith(("@", "/")) or " " in account.handle else f"@{account.handle}"
    return f"{platform(account.platform)} {handle}"


def _pack(place: Place, name: str) -> Pack | None:
    try:
        return place.pack(name)
    except UserError:
        return None
