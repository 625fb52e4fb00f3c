"""Access to the platforms: checked on request, watched every night, warned about before it ends.

A token that dies unnoticed makes a month of "not seen". What the platform says of a token's end counts before what
somebody wrote into the registry or the connections. A warning is a row of the mail ledger, claimed before it leaves,
so that nobody is warned twice of the same end at the same distance.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import connectors
from chapterwatch import logs
from chapterwatch.archive import AccessCheck
from chapterwatch.errors import CredentialsMissing, CredentialsRejected, RateLimited, Unreachable, UserError
from chapterwatch.model import Account, Association, Connection, Space, same_handle
from chapterwatch.pipeline import deliver
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.registry import ASKED
from connectors import lint
from reports import mail
from reports.access_mail import Ending, EndingToken, compose_warning
from reports.network_facts import EndingVersion

log = logging.getLogger(__name__)

NO_MAIL = "no mail is configured; set CHAPTERWATCH_MAIL to smtp://host:port or maildir:<folder>"

#: Days before an end at which somebody is warned: once at each, or once late where a night was missed.
STAGES = (30, 14, 7, 1)
#: From here on headquarters is warned too.
LAST_WEEK = 7
#: For API versions, headquarters alone; 0 stands for the end itself and all that follows.
VERSION_STAGES = (90, 30, 7, 0)

#: Told again tomorrow by the same question: what was known before stays known.
_PASSING = frozenset({RateLimited.reason, Unreachable.reason})


# --- checking -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AccountCheck:
    """How one account's access stands. `matters`: what needs a person, one sentence each; none where all is well."""

    account: Account
    #: well, not_asked, waiting or broken
    state: str
    expires: date | None = None
    #: Who said when it ends: platform, registry or connection.
    expires_by: str | None = None
    scopes: tuple[str, ...] | None = None
    handle: str | None = None
    note: str = ""
    matters: tuple[str, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "account": self.account.key,
            "chapter": self.account.chapter,
            "state": self.state,
            "expires": self.expires.isoformat() if self.expires else None,
            "expires_by": self.expires_by,
            "scopes": None if self.scopes is None else list(self.scopes),
            "handle": self.handle,
            "note": self.note,
            "matters": list(self.matters),
        }


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a check found: of the manifests, of the API versions and of the accounts."""

    problems: dict[str, list[str]] = field(default_factory=dict)
    sunsets: Sequence[lint.Sunset] = ()
    accounts: Sequence[AccountCheck] = ()

    @property
    def needs_a_person(self) -> bool:
        """Whether anything is not well."""
        return bool(self.problems or self.sunsets or any(item.matters for item in self.accounts))

    def as_record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "connectors": {name: self.problems.get(name, []) for name in connectors.manifests()},
            "sunsets": [
                {"platform": item.platform, "version": item.version, "ends": item.ends.isoformat(), "days": item.days}
                for item in self.sunsets
            ],
            "accounts": [item.as_record() for item in self.accounts],
            "needs_a_person": self.needs_a_person,
        }


def check_connectors(
    workplace: Workplace,
    keys: Collection[str] = (),
    *,
    on_account: Callable[[AccountCheck], object] = lambda _: None,
) -> Checked:
    """Hold every manifest against its code, and ask each account's platform whether it still lets us in.

    Asking costs a paid read per account where the platform charges for profiles.

    Raises:
        UserError: unknown account, or no valid registry.
    """
    accounts = [item for item in workplace.registry.select(keys=keys) if item.space is not Space.PRIVATE]
    workplace.archive.register_accounts(accounts, workplace.now)
    run_id = f"check:{workplace.now:%Y-%m-%dT%H:%M:%S}"
    workplace.archive.start_run(run_id, "check", f"{workplace.now:%Y-%m-%d}", workplace.now)
    checked = []
    for account in accounts:
        checked.append(_checked(workplace, account, run_id))
        on_account(checked[-1])
    workplace.archive.finish_run(run_id, workplace.now)
    today = workplace.now.date()
    return Checked(problems=lint.problems(), sunsets=lint.sunsets(today), accounts=checked)


def _checked(workplace: Workplace, account: Account, run_id: str) -> AccountCheck:
    if account.access not in ASKED:
        return AccountCheck(account=account, state="not_asked", note=f"Nothing is asked: access {account.access}.")
    probe = _probed(workplace, account)
    if probe.reachable and connectors.manifests()[account.platform].price_per_read_usd > 0:
        workplace.archive.add_reads(run_id, 1)
    check = _kept(workplace, account, probe)
    expires, by = expiry_of(account, workplace.connection_of(account), check)
    matters = list(_matters(account, probe, expires, workplace.now.date()))
    state = "well" if probe.reachable else "waiting" if probe.reason == RateLimited.reason else "broken"
    return AccountCheck(
        account=account,
        state=state,
        expires=expires,
        expires_by=by,
        scopes=probe.scopes,
        handle=probe.handle,
        note=probe.note,
        matters=tuple(matters),
    )


def _probed(workplace: Workplace, account: Account) -> connectors.Probe:
    try:
        connection = workplace.connection_for(account.connection or "")
        if connection is None:
            what = f"{account.key}: {CredentialsMissing.of(account.connection)}"
            return connectors.Probe(reachable=False, reason=CredentialsMissing.reason, note=what)
        if connection.platform != account.platform:
            what = f"{account.key}: connection {connection.id} is for {connection.platform}"
            return connectors.Probe(reachable=False, reason=CredentialsMissing.reason, note=what)
        return connectors.probe(connectors.open_connector(connection), account)
    except UserError as error:
        return connectors.Probe(reachable=False, reason=CredentialsMissing.reason, note=str(error))


def _kept(workplace: Workplace, account: Account, probe: connectors.Probe) -> AccessCheck | None:
    """The check as the archive keeps it. What passes by itself does not wipe out what was known before."""
    if probe.reason in _PASSING:
        return workplace.archive.access_checks().get(account.key)
    check = AccessCheck(
        account_key=account.key,
        checked_at=workplace.now,
        reachable=probe.reachable,
        reason=probe.reason,
        expires_at=probe.expires_at,
        scopes=probe.scopes,
        handle=probe.handle,
        note=probe.note,
    )
    workplace.archive.save_access([check])
    return check


def _matters(account: Account, probe: connectors.Probe, expires: date | None, today: date) -> Iterator[str]:
    if not probe.reachable and probe.reason != RateLimited.reason:
        yield probe.note.removeprefix(f"{account.key}: ")
    needed = connectors.manifests()[account.platform].scopes
    lacking = [name for name in needed if name not in probe.scopes] if probe.scopes is not None else []
    if lacking:
        yield f"the token lacks {', '.join(lacking)}"
    if probe.handle and not same_handle(probe.handle, account.handle, account.native_id):
        yield f"the platform says @{probe.handle.lstrip('@')}, the registry @{account.handle.lstrip('@')}"
    if expires and (expires - today).days <= STAGES[0]:
        days = (expires - today).days
        yield f"access ended on {expires}" if days < 0 else f"access ends on {expires}, in {days} days"


def expiry_of(
    account: Account,
    connection: Connection | None,
    check: AccessCheck | None,
) -> tuple[date | None, str | None]:
    """The day an account's token ends and who says so: the platform, else the registry, else the connection."""
    if check is not None and check.expires_at is not None:
        return check.expires_at.date(), "platform"
    if account.expires is not None:
        return account.expires, "registry"
    if connection is not None and connection.expires is not None:
        return connection.expires, "connection"
    return None, None


# --- warning --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Notice:
    """One end at one distance: what the ledger knows it by, and what the mail says of it."""

    name: str
    stage: int
    ending: Ending

    @property
    def period(self) -> str:
        """The end itself: another end is another warning."""
        return self.ending.ends.isoformat()


#: Whom a mail goes to, and in whose name.
_Mailbox = tuple[str, str]


def warn_of_access(workplace: Workplace) -> dict[str, int]:
    """Ask the platforms that tell when a token ends, and mail a warning of every end that is near; counts by state.

    Owner and deputy are warned 30, 14, 7 and 1 days before, headquarters in the last week, each exactly once; of API
    versions headquarters alone is warned, from 90 days before. Repeating it warns nobody again.

    Raises:
        UserError: somebody is to be warned and no mail is configured.
    """
    ask_about_tokens(workplace)
    due: dict[_Mailbox, list[_Notice]] = {}
    for association in workplace.registry.associations:
        for notice, recipients in _notices(workplace, association):
            for recipient in recipients:
                due.setdefault((association.id, recipient), []).append(notice)
    if due and workplace.settings.mail is None:
        raise UserError(NO_MAIL)
    workplace.archive.abandon_claims(workplace.now - deliver.ABANDONED_AFTER)
    counts: Counter[str] = Counter()
    for (association_id, recipient), notices in due.items():
        counts[_warn(workplace, workplace.registry.association(association_id), recipient, notices)] += 1
    return {outcome: counts[outcome] for outcome in deliver.OUTCOMES}


def ask_about_tokens(workplace: Workplace) -> int:
    """Ask about the tokens of accounts whose platform tells when they end and asks nothing for it; how many."""
    asked = 0
    for account in workplace.registry.accounts:
        connection = workplace.connection_of(account) if account.access in ASKED else None
        if connection is None or account.space is Space.PRIVATE or not _tells_for_free(account, connection):
            continue
        workplace.archive.register_accounts([account], workplace.now)
        probe = _probed(workplace, account)
        if probe.reason == CredentialsRejected.reason:
            said = logs.fields(step="warn", platform=account.platform, account=account.key, reason=probe.reason)
            log.warning("account %s: %s", account.key, probe.reason, extra=said)
        _kept(workplace, account, probe)
        asked += 1
    return asked


def _tells_for_free(account: Account, connection: Connection) -> bool:
    manifest = connectors.manifests()[account.platform]
    if manifest.price_per_read_usd > 0 or not manifest.entry_point or connection.platform != account.platform:
        return False
    return callable(getattr(connectors.load_entry_point(manifest.entry_point), "probe", None))


def _notices(workplace: Workplace, association: Association) -> Iterator[tuple[_Notice, tuple[str, ...]]]:
    today, checks = workplace.now.date(), workplace.archive.access_checks()
    platforms = set()
    for chapter in association.chapters:
        for account in chapter.accounts:
            if account.access not in ASKED:
                continue
            platforms.add(account.platform)
            connection = workplace.connection_of(account)
            ends, _ = expiry_of(account, connection, checks.get(account.key))
            stage = _stage((ends - today).days, STAGES) if ends else None
            if ends is None or stage is None:
                continue
            people = [mail for mail in (account.owner, account.deputy) if mail] or deliver.leadership_of(chapter)
            also = association.headquarters if stage <= LAST_WEEK else ()
            ending = EndingToken(account=account, chapter=chapter, ends=ends)
            notice = _Notice(name=f"access:{account.key}", stage=stage, ending=ending)
            yield notice, tuple(dict.fromkeys((*people, *also)))
    for item in lint.sunsets(today):
        stage = _stage(max(item.days, 0), VERSION_STAGES)
        if item.platform in platforms and stage is not None:
            ending_version = EndingVersion(title=item.title, version=item.version, ends=item.ends)
            # Each association's headquarters is a case of its own, be it the same address.
            name = f"api:{association.id}:{item.platform}:{item.version}"
            yield _Notice(name=name, stage=stage, ending=ending_version), association.headquarters


def _stage(days: int, stages: Iterable[int]) -> int | None:
    """The nearest stage not yet passed, so that a missed night is made up for and no stage is told twice."""
    return min((stage for stage in stages if 0 <= days <= stage), default=None)


def _warn(workplace: Workplace, association: Association, recipient: str, notices: Sequence[_Notice]) -> str:
    """One mail about everything of which this recipient has not been warned yet."""
    transport = workplace.settings.mail
    if transport is None:
        raise UserError(NO_MAIL)
    letter = partial(
        compose_warning,
        association,
        recipient=recipient,
        today=workplace.now.date(),
        message_id=_message_id(recipient, notices, transport.sender),
        sender=transport.sender,
    )
    told = {(notice.name, notice.period, notice.stage, recipient): notice.ending for notice in notices}
    return deliver.tell_once(workplace.archive, transport, told, letter, workplace.now)


def _message_id(recipient: str, notices: Sequence[_Notice], sender: str) -> str:
    names = ",".join(sorted(f"{notice.name}@{notice.stage}" for notice in notices))
    periods = ",".join(sorted(notice.period for notice in notices))
    return mail.message_id(names, periods, 0, recipient, sender)
