"""An audit on request. It judges in memory, so it changes no finding of the nightly run.

The request is checked before anything is asked; it travels between Airflow's tasks as plain data without any text of
posts. Why it was asked for is kept with the run and never printed: a report must not point at who reported something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import pandas as pd

from chapterwatch.archive import ReportRow
from chapterwatch.errors import UserError
from chapterwatch.model import Account, Chapter, Finding, Lane, Window
from chapterwatch.pipeline import audit, collect, deliver, eyes, filed, letters, periods, publish, steps
from chapterwatch.pipeline.inputs import Issue, chapter_inputs, posts_by_month
from chapterwatch.pipeline.persons import act_of
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import load_pack
from chapterwatch.registry import Registry
from reports import render
from reports.facts import ChapterInputs
from reports.view import ChapterView, build_chapter

#: Posts of so many days are audited where the request says no dates.
DEFAULT_REACH = timedelta(days=30)
#: Each month is a report for each chapter; whoever wants more asks again.
MOST_MONTHS = 24
#: No platform, and no list before them, has a post of an earlier day.
FIRST_DAY = date(1990, 1, 1)


@dataclass(frozen=True, kw_only=True)
class AdhocRequest:
    """What somebody asked for, checked."""

    run_id: str
    keys: tuple[str, ...]
    since: date
    until: date
    #: None: each account by its own pack.
    pack: str | None
    refresh: bool
    recipients: tuple[str, ...]
    #: What a list of runs calls it.
    title: str = ""

    def window(self, timezone: str) -> Window:
        """The days asked for, whole, as they fall where an association is: its reports' months do, too."""
        return periods.days_bounds(self.since, self.until + timedelta(days=1), timezone)

    def as_record(self) -> dict[str, Any]:
        """Plain data for XCom."""
        return {**asdict(self), "since": self.since.isoformat(), "until": self.until.isoformat()}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """The request again from `as_record`."""
        dates = {name: date.fromisoformat(record[name]) for name in ("since", "until")}
        lists = {name: tuple(record[name]) for name in ("keys", "recipients")}
        return cls(**{**record, **dates, **lists})


def adhoc_request(workplace: Workplace, params: Mapping[str, Any], run_id: str, asked_by: str = "") -> AdhocRequest:
    """The request as a person wrote it, checked against the registry and kept in the log of acts.

    Args:
        workplace: registry and archive.
        params: the form's fields.
        run_id: Airflow's name of the run.
        asked_by: the login of whoever filled the form in.

    Raises:
        UserError: in one line, what to mend.
    """
    if not str(params.get("reason") or "").strip():
        raise UserError("an ad-hoc audit needs a reason; write why it is made")
    accounts = workplace.registry.select(
        chapters=params.get("chapters") or (),
        platforms=params.get("platforms") or (),
    )
    if not accounts:
        raise UserError("no account matches the chapters and platforms chosen; choose others")
    # Where several time zones are asked about, the day that has come in any of them.
    since, until = _dates(params, max(_today(workplace, account) for account in accounts))
    recipients = (*(params.get("recipients") or ()), *(params.get("others") or ()))
    if workplace.registry.role_of(asked_by) != "admin":
        _refuse_strangers(workplace, recipients)
    pack = params.get("pack") or "own"
    if pack != "own":
        load_pack(pack, workplace.settings.policies)
    request = AdhocRequest(
        run_id=run_id,
        keys=tuple(account.key for account in accounts),
        since=since,
        until=until,
        pack=None if pack == "own" else pack,
        refresh=bool(params.get("refresh")),
        recipients=tuple(dict.fromkeys(recipients)),
        title=_title(workplace, accounts, since, until),
    )
    _log(workplace, request, asked_by, str(params["reason"]))
    return request


def adhoc_collect(workplace: Workplace, request: AdhocRequest) -> collect.Collected:
    """Ask the platforms for the window, if the request wants that, in a run of its own."""
    run = steps.run_of(workplace, f"adhoc:{request.run_id}")
    done = collect.Collected(run_id=run.run_id)
    if not request.refresh:
        return done
    accounts = _accounts(workplace, request)
    for timezone in dict.fromkeys(account.timezone for account in accounts):
        window = _not_after(request.window(timezone), workplace.now)
        there = [account for account in accounts if account.timezone == timezone]
        done += collect.collect(replace(run, window=window), there)
    return done


def adhoc_report(workplace: Workplace, request: AdhocRequest) -> dict[str, Any]:
    """Judge in memory, write the reports into a folder of their own, mail them if asked to; ids, counts and paths."""
    press = steps.press_of(workplace)
    accounts = _accounts(workplace, request)
    eyes.look(workplace.archive, request.keys, workplace.now)
    concluded = audit.conclude(
        workplace.archive,
        workplace.registry,
        accounts,
        policies=workplace.settings.policies,
        pack=request.pack,
    )
    windows = {account.key: request.window(account.timezone) for account in accounts}
    findings = [item for item in concluded.findings if _within(item.opened_at, windows[item.account_key])]
    told: set[str] = set()
    parcels = []
    for inputs in _inputs(press, request, accounts, findings):
        told |= {item.key for item in inputs.findings if item.lane is not Lane.CREDIT}
        parcels.append(_parcel(press, request, build_chapter(inputs)))
    mailed = steps.hand_over(workplace, parcels) if request.recipients else {}
    return {
        "run": request.run_id,
        "title": request.title,
        "accounts": len(accounts),
        "findings": len(told),
        "reports": [filed.location(press.files, parcel.report) for parcel in parcels],
        "mailed": mailed.get("sent", 0),
        "deferred": mailed.get("deferred", 0),
    }


def _inputs(
    press: publish.Press,
    request: AdhocRequest,
    accounts: list[Account],
    findings: list[Finding],
) -> Iterator[ChapterInputs]:
    """One report per chapter and month touched, over just the accounts and the findings of the request."""
    issue = Issue(
        revision=1, reason=f"audit on request, posts of {request.since} to {request.until}", issued_at=press.now
    )
    for chapter_id in dict.fromkeys(account.chapter for account in accounts):
        chapter = press.registry.chapter(chapter_id)
        asked = replace(chapter, accounts=tuple(item for item in accounts if item.chapter == chapter_id))
        association = press.registry.association(chapter.association)
        pack = press.pack(request.pack or association.pack)
        own = [item for item in findings if item.chapter == chapter_id]
        window = request.window(association.timezone)
        posts = posts_by_month(_posts_asked(press, window, asked), association.timezone)
        for month in periods.months_between(request.since, request.until):
            inputs = chapter_inputs(press.archive, association, asked, pack, month, issue, own)
            # Other months were not judged here: next to them, this one would only seem worse.
            counted = {key: count for key, count in posts.items() if key[1] == month}
            yield replace(inputs, posts_by_month=counted)


def _posts_asked(press: publish.Press, window: Window, chapter: Chapter) -> pd.DataFrame:
    posts = press.archive.posts_frame([account.key for account in chapter.accounts], erased=True)
    return posts[(posts["created_at"] >= window.since) & (posts["created_at"] < window.until)]


def _parcel(press: publish.Press, request: AdhocRequest, view: ChapterView) -> deliver.Parcel:
    name = f"adhoc:{folder_name(request.run_id)}:{view.chapter_id}"
    row = press.archive.latest_report(name, view.period) or press.archive.issue_report(
        name,
        view.period,
        request.run_id,
        reason=None,
        at=press.now,
    )
    if not filed.is_there(press.files, row):
        row = _drawn(press, request, view, row)
    return deliver.Parcel(
        report=row,
        letter=publish.letter_of(press, row, lambda: view),
        recipients=request.recipients,
        # Whom the registry knows gets what is theirs; nobody but an admin can have named the others.
        granted=frozenset(request.recipients) - _known_to(press.registry),
    )


def _drawn(press: publish.Press, request: AdhocRequest, view: ChapterView, row: ReportRow) -> ReportRow:
    """Draw and keep a report; asked for again by a retry, what was issued is mailed as it was."""
    letter = letters.letter_for(press.registry, view)
    press.archive.keep_letter(row.chapter, row.period, row.revision, letter.as_json())
    folder = f"{filed.REPORTS}/adhoc/{folder_name(request.run_id)}/{view.chapter_id}-{view.period}"
    with filed.workshop() as shop:
        return filed.issue(press.files, press.archive, row, render.render_chapter(view, Path(shop)), folder)


def _known_to(registry: Registry) -> frozenset[str]:
    people = {person.email for chapter in registry.chapters for person in chapter.people}
    return frozenset(people | {mail for association in registry.associations for mail in association.headquarters})


def _title(workplace: Workplace, accounts: list[Account], since: date, until: date) -> str:
    chapters = list(dict.fromkeys(account.chapter for account in accounts))
    first = workplace.registry.chapter(chapters[0]).name
    whom = first if len(chapters) == 1 else f"{first} and {len(chapters) - 1} more"
    return f"Audit on request: {whom}, {since} to {until}"


def _log(workplace: Workplace, request: AdhocRequest, login: str, why: str) -> None:
    act = act_of(
        workplace,
        "adhoc_audit",
        login,
        subject=request.run_id,
        chapter=_accounts(workplace, request)[0].chapter,
        detail=request.title,
        why=why.strip(),
    )
    workplace.archive.acts.note(act)


def _accounts(workplace: Workplace, request: AdhocRequest) -> list[Account]:
    return workplace.registry.select(keys=request.keys)


def _refuse_strangers(workplace: Workplace, recipients: tuple[str, ...]) -> None:
    known = _known_to(workplace.registry)
    for recipient in recipients:
        if recipient not in known:
            raise UserError(f"{recipient} does not stand in the registry; add them there or leave them out")


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"{text!r} is not a date; write it as YYYY-MM-DD") from None


def _today(workplace: Workplace, account: Account) -> date:
    return workplace.now.astimezone(ZoneInfo(account.timezone)).date()


def _dates(params: Mapping[str, Any], today: date) -> tuple[date, date]:
    until = _date(params.get("until")) or today
    if not FIRST_DAY < until <= today:
        raise UserError(f"posts until {until} are asked for; write a day from {FIRST_DAY} to today, {today}")
    since = _date(params.get("since")) or until - DEFAULT_REACH
    if since > until:
        raise UserError(f"the dates end before they start ({since} to {until}); swap them")
    months = len(periods.months_between(since, until))
    if months > MOST_MONTHS:
        raise UserError(f"{since} to {until} are {months:,} months; ask for {MOST_MONTHS} at most")
    return since, until


def _within(moment: datetime, window: Window) -> bool:
    return window.since <= moment < window.until


def _not_after(window: Window, now: datetime) -> Window:
    return Window(since=min(window.since, now), until=min(window.until, now))


def folder_name(run_id: str) -> str:
    """A run's id as it can stand in a path, and in the names of its reports."""
    return "".join(character if character.isalnum() or character in "-_" else "-" for character in run_id)
