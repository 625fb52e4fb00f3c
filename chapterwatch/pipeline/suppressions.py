"""Headquarters' word that a rule is wrong about something again and again: given, listed and ended, always by somebody.

It holds for a place and a time, and never without a reason. Rules whose findings wake whoever is on duty are held back
for one post or one phrase alone: no threat is missed because another was none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chapterwatch.archive import Suppression
from chapterwatch.archive.acts import Act
from chapterwatch.errors import UserError, choices
from chapterwatch.model import Account, Association, Lane, Severity
from chapterwatch.pipeline import holding
from chapterwatch.pipeline.periods import days_bounds, month_bounds, month_closes, months_between
from chapterwatch.pipeline.persons import act_of
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import Rule, is_by_hand, load_pack

#: Characters of a reason and of whoever decided, which the roll-up prints whole, and of a phrase.
REASON_LIMIT, NAME_LIMIT, PHRASE_LIMIT = 300, 60, 1000


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants held back: exactly one place (`account` may stand beside `post`), perhaps only a phrase."""

    rule: str
    until: date
    reason: str
    by: str
    association: str | None = None
    chapter: str | None = None
    account: str | None = None
    #: Its id or its address.
    post: str | None = None
    phrase: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A suppression as people read it."""

    item: Suppression
    #: Its place in words: "chapter ala-lakeside".
    where: str
    #: The words it is narrowed to; None where it is not.
    phrase: str | None
    last_day: date
    #: holds, expired or ended
    state: str
    #: Findings that stand and that it holds back now; one that is over holds none.
    holds: int
    #: The first and the last month whose report heeds it; empty where none does.
    months: tuple[str, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """For JSON."""
        item = self.item
        return {
            "number": item.id,
            "rule": item.rule_id,
            "scope": dict(item.scope),
            "reason": item.reason,
            "by": item.author,
            "at": item.at.isoformat(),
            "until": self.last_day.isoformat(),
            "state": self.state,
            "ended_at": item.ended_at.isoformat() if item.ended_at else None,
            "ended_by": item.ended_by,
            "holds_back": self.holds,
        }


# --- adding ---------------------------------------------------------------------------------------------------------


def add_suppression(workplace: Workplace, wish: Wish) -> Listed:
    """Keep a suppression from now on, with its line in the log of acts.

    Raises:
        UserError: in one line, what to mend.
    """
    reason, by = _said(wish.reason, "reason", REASON_LIMIT), _said(wish.by, "by", NAME_LIMIT)
    place = _place(workplace, wish)
    rule = _rule(workplace, wish.rule, place)
    scope, content = dict(place.scope), None
    if wish.phrase is not None:
        scope["phrase"] = _said(wish.phrase, "phrase", PHRASE_LIMIT)
    if wish.post is not None:
        content = _content(workplace, scope)
    if rule.severity is Severity.CRITICAL and not {"post", "phrase"} & scope.keys():
        raise UserError(
            f"what {rule.id} finds is told to whoever is on duty the same night, so it is held back for one post "
            "(--post) or one phrase (--phrase) only"
        )
    item = Suppression(
        rule_id=rule.id,
        scope=scope,
        reason=reason,
        author=by,
        at=workplace.now,
        expires_at=_expiry(workplace, wish.until, place.association),
        content_hash=content,
    )
    _refuse_again(workplace, item)
    act = _act(workplace, "suppress", item, by, reason)
    number = workplace.archive.acts.suppress(item, replace(act, subject=f"{act.subject} suppression"))
    return _listed_one(workplace, number)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a suppression holds: whose it is, the accounts in it, and the scope as the archive keeps it."""

    association: Association
    accounts: Sequence[Account]
    scope: Mapping[str, str]


def _place(workplace: Workplace, wish: Wish) -> _Place:
    registry = workplace.registry
    given = [name for name in ("association", "chapter", "account", "post") if getattr(wish, name) is not None]
    if given not in (["association"], ["chapter"], ["account"], ["post"], ["account", "post"]):
        raise UserError("say for what: one of --association, --chapter, --account or --post")
    if wish.association is not None:
        whole = registry.association(wish.association)
        accounts = [account for chapter in whole.chapters for account in chapter.accounts]
        return _Place(association=whole, accounts=accounts, scope={"association": whole.id})
    if wish.chapter is not None:
        chapter = registry.chapter(wish.chapter)
        own = registry.association(chapter.association)
        return _Place(association=own, accounts=chapter.accounts, scope={"chapter": chapter.id})
    key, native_id = (wish.account or "", "") if wish.post is None else _post(workplace, wish.post, wish.account)
    account = registry.account(key)
    scope = {"account_key": key, "post": native_id} if native_id else {"account_key": key}
    own = registry.association(account.association)
    return _Place(association=own, accounts=(account,), scope=scope)


def _post(workplace: Workplace, written: str, account: str | None) -> tuple[str, str]:
    """(account key, native id) of the post that is meant."""
    if account is not None:
        workplace.registry.account(account)
    found = workplace.archive.posts_called(written.strip()) if written.strip() else []
    found = [place for place in found if account in {None, place[0]}]
    if not found:
        where = f" of {account}" if account else ""
        raise UserError(f"there is no post {written!r}{where} in the archive; give its id, or its address as captured")
    if len(found) > 1:
        whose = ", ".join(sorted({key for key, _ in found}))
        raise UserError(f"several posts are called {written!r} ({whose}); say whose with --account")
    return found[0]


def _content(workplace: Workplace, scope: Mapping[str, str]) -> str:
    """The hash of what a post reads now: what it is edited to is another matter."""
    content = workplace.archive.shelf.post(scope["account_key"], scope["post"]).versions[-1].content_hash
    if not content:
        raise UserError(
            f"the text of {scope['post']} was erased, so nobody can say what is held back; decide about the finding"
        )
    return content


def _rule(workplace: Workplace, written: str, place: _Place) -> Rule:
    packs = [load_pack(name, workplace.settings.policies) for name in sorted({one.pack for one in place.accounts})]
    rules = {rule.id: rule for pack in packs for rule in pack.rules.values()}
    if is_by_hand(written):
        raise UserError(f"{written} is what people report by hand and no rule; decide about each finding")
    # Within one association a rule is known by its last name, too.
    known = next((name for name in (written, *(f"{pack.id}.{written}" for pack in packs)) if name in rules), None)
    if known is None:
        raise UserError(f"there is no rule {written!r} that judges this; {choices(written, rules)}")
    if rules[known].lane is Lane.CREDIT:
        raise UserError(f"{known} gives credit, and what it finds is held against nobody; choose another rule")
    return rules[known]


def _expiry(workplace: Workplace, until: date, association: Association) -> datetime:
    """The first moment after the last day, where the association is."""
    today = workplace.now.astimezone(ZoneInfo(association.timezone)).date()
    latest = today + holding.LONGEST
    earliest = max(today, _last_day_of(_open_month(workplace.now, association.timezone)))
    if not earliest <= until <= latest:
        raise UserError(
            f"--until {until} is no day it can last to; a report heeds what reaches its month's end, and a year is the "
            f"longest: give a day from {earliest} to {latest}"
        )
    return days_bounds(until, until + timedelta(days=1), association.timezone).until


def _open_month(now: datetime, timezone: str) -> str:
    """The first month whose report heeds what is decided now: one that has not closed."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    months = months_between(today - timedelta(days=40), today)
    return next(month for month in months if now < month_closes(month_bounds(month, timezone)))


def _last_day_of(month: str) -> date:
    return (date.fromisoformat(f"{month}-01") + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _refuse_again(workplace: Workplace, item: Suppression) -> None:
    """Said twice it would be listed twice; a longer one of the same renews it."""
    for known in holding.standing(workplace.archive, workplace.now):
        same = (known.rule_id, known.scope, known.content_hash) == (item.rule_id, item.scope, item.content_hash)
        if same and holding.ends_of(known) >= holding.ends_of(item):
            raise UserError(
                f"suppression {known.id} holds that back already, and as long; give a later --until to renew it, or "
                f"end it first with `chapterwatch suppress end {known.id}`"
            )


def _said(text: str, name: str, limit: int) -> str:
    said = " ".join(text.split())
    if not said:
        raise UserError(f"--{name} is empty; say it in words" if name != "by" else "--by is empty; say who decides")
    if len(said) > limit:
        raise UserError(f"--{name} has {len(said):,} characters; shorten it to {limit:,}")
    return said


def _act(workplace: Workplace, kind: str, item: Suppression, by: str, why: str) -> Act:
    """Its line in the log. The subject begins with the association, which counts what touches no single chapter."""
    look = _Look(workplace)
    association = look.association_of(item)
    chapter = "" if "association" in item.scope else next(iter(look.chapters_of(item)), "")
    subject = association.id if association else ""
    return act_of(workplace, kind, by, subject=subject, chapter=chapter, detail=item.rule_id, why=why)


# --- listing --------------------------------------------------------------------------------------------------------


def listed_suppressions(
    workplace: Workplace, chapters: Collection[str] = (), *, over: bool = False
) -> Iterator[Listed]:
    """What holds something back for some chapters (default: for any); with `over` also what has expired or ended."""
    wanted = {workplace.registry.chapter(name).id for name in chapters}
    look = _Look(workplace)
    for item in workplace.archive.suppressions():
        if (over or look.state(item) == "holds") and (not wanted or wanted & look.chapters_of(item)):
            yield look.listed(item)


def _listed_one(workplace: Workplace, number: int) -> Listed:
    look = _Look(workplace)
    return next(look.listed(item) for item in workplace.archive.suppressions() if item.id == number)


@dataclass(frozen=True)
class _Look:
    """What is asked of a suppression in this workplace."""

    workplace: Workplace

    def state(self, item: Suppression) -> str:
        """holds, expired or ended."""
        if item.ended_at is not None:
            return "ended"
        return "holds" if holding.ends_of(item) > self.workplace.now else "expired"

    def association_of(self, item: Suppression) -> Association | None:
        """Whose it is; None where that left the registry."""
        for association in self.workplace.registry.associations:
            own = {chapter.id for chapter in association.chapters}
            accounts = {account.key for chapter in association.chapters for account in chapter.accounts}
            named = item.scope.get("association") == association.id or item.scope.get("chapter") in own
            if named or item.scope.get("account_key") in accounts:
                return association
        return None

    def chapters_of(self, item: Suppression) -> set[str]:
        """The chapters it may hold something back of."""
        chapters = self.workplace.registry.chapters
        if "account_key" in item.scope:
            key = item.scope["account_key"]
            return {chapter.id for chapter in chapters if key in {account.key for account in chapter.accounts}}
        if "chapter" in item.scope:
            return {item.scope["chapter"]}
        return {chapter.id for chapter in chapters if chapter.association == item.scope.get("association")}

    def listed(self, item: Suppression) -> Listed:
        """It as people read it."""
        association, state = self.association_of(item), self.state(item)
        timezone = association.timezone if association else "UTC"
        held = holding.standing_under(self.workplace.archive, self.workplace.registry, item) if state == "holds" else []
        return Listed(
            item=item,
            where=_where(item),
            phrase=item.scope.get("phrase"),
            last_day=holding.last_day(item, timezone),
            state=state,
            holds=len(held),
            months=tuple(_months(item, timezone)),
        )


def _where(item: Suppression) -> str:
    if item.finding_key is not None:
        return f"finding {item.finding_key}"
    if "post" in item.scope:
        return f"post {item.scope['post']} of {item.scope.get('account_key')}"
    names = {"account_key": "account", "chapter": "chapter", "association": "association"}
    return next((f"{word} {item.scope[name]}" for name, word in names.items() if name in item.scope), "nowhere")


def _months(item: Suppression, timezone: str) -> list[str]:
    """The first and the last month whose report heeds it."""
    since, until = (moment.astimezone(UTC).date() for moment in (item.at, holding.ends_of(item)))
    months = months_between(since - timedelta(days=40), until)
    heeded = [month for month in months if holding.counts_in(item, month_bounds(month, timezone))]
    return [heeded[0], heeded[-1]] if heeded else []


# --- ending ---------------------------------------------------------------------------------------------------------


def end_suppression(workplace: Workplace, number: int, by: str) -> str:
    """End one before its expiry; the first month whose report no longer heeds it.

    Raises:
        UserError: there is none of that number, or it is over.
    """
    by = _said(by, "by", NAME_LIMIT)
    item = next((one for one in workplace.archive.suppressions() if one.id == number), None)
    if item is None:
        raise UserError(f"there is no suppression {number}; `chapterwatch suppress list` names them")
    look = _Look(workplace)
    told, association = look.listed(item), look.association_of(item)
    act = _act(workplace, "suppress_end", item, by, "ended before its expiry")
    act = replace(act, subject=f"{act.subject} suppression {number}")
    if told.state != "holds" or not workplace.archive.acts.end_suppression(number, act):
        when = f"was ended by {item.ended_by}" if item.ended_at else f"expired on {told.last_day}"
        raise UserError(f"suppression {number} {when}; it holds nothing back any more")
    return _open_month(workplace.now, association.timezone if association else "UTC")
