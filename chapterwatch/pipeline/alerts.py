"""alert_duty(): tell the person on duty of every critical finding the same night, once.

Critical are threats and personal data of people the association protects: they do not wait for the month's end. A
mail is claimed in the ledger before it leaves, like a report, so judging again tells nobody twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from chapterwatch.archive import Archive
from chapterwatch.archive.browse import SETTLED
from chapterwatch.errors import UserError
from chapterwatch.model import Association, Lane, Severity
from chapterwatch.pipeline import by_hand, deliver, holding
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import Pack, load_pack
from reports import mail
from reports.alert_mail import Alarm, compose_alert
from reports.by_hand import rule_of
from reports.words import load

NO_MAIL = "there are critical findings and no mail is configured; set CHAPTERWATCH_MAIL"


def alert_duty(workplace: Workplace) -> dict[str, int]:
    """Mail every critical finding that stands to the association's people on duty; counts by state.

    Raises:
        UserError: somebody is to be told and no mail is configured.
    """
    workplace.archive.abandon_claims(workplace.now - deliver.ABANDONED_AFTER)
    counts: Counter[str] = Counter()
    for association in workplace.registry.associations:
        if alarms := list(_alarms(workplace, association)):
            for recipient in association.duty:
                counts[_tell(workplace, association, recipient, alarms)] += 1
    return {outcome: counts[outcome] for outcome in deliver.OUTCOMES}


def _alarms(workplace: Workplace, association: Association) -> Iterator[Alarm]:
    pack: Pack | None = None
    for chapter in association.chapters:
        accounts = {account.key: account for account in chapter.accounts}
        grave = [
            finding
            for finding in workplace.archive.findings(chapter=chapter.id)
            if finding.severity is Severity.CRITICAL and finding.lane is not Lane.CREDIT and finding.closed_at is None
        ]
        decided = workplace.archive.dispositions([finding.key for finding in grave])
        noticed = workplace.archive.noticed(list(accounts)) if grave else frozenset()
        heeded = holding.standing(workplace.archive, workplace.now) if grave else []
        for finding in grave:
            pack = pack or load_pack(association.pack, workplace.settings.policies)
            latest = decided.get(finding.key, ())
            rule = rule_of(finding, pack.rules, load(association.language))
            account = accounts.get(finding.account_key)
            if rule is None or account is None or (latest and latest[-1].state in SETTLED):
                continue
            if holding.is_undecided(latest) and holding.first_of(heeded, finding, association.id):
                continue
            link = by_hand.link_of(finding) or workplace.archive.permalink(account.key, finding.subject_id)
            yield Alarm(
                finding=finding,
                rule=rule,
                chapter=chapter,
                account=account,
                permalink=link,
                noticed=(finding.account_key, finding.subject_id, finding.opened_at) in noticed,
            )


def _tell(workplace: Workplace, association: Association, recipient: str, alarms: Sequence[Alarm]) -> str:
    """One mail about everything this recipient has not been told of yet."""
    transport = workplace.settings.mail
    if transport is None:
        raise UserError(NO_MAIL)
    keys = ",".join(sorted(alarm.finding.key for alarm in alarms))
    message_id = mail.message_id("alert", keys, 0, recipient, transport.sender)
    letter = partial(
        compose_alert,
        association,
        recipient=recipient,
        today=workplace.now.date(),
        message_id=message_id,
        sender=transport.sender,
    )
    told = {_ledger_key(workplace.archive, alarm, recipient): alarm for alarm in alarms}
    return deliver.tell_once(workplace.archive, transport, told, letter, workplace.now)


def _ledger_key(archive: Archive, alarm: Alarm, recipient: str) -> deliver.LedgerKey:
    """Per finding and opening: one that comes back after it was mended is told again."""
    name, again = f"alert:{alarm.finding.key}", alarm.finding.reopened_at
    opened = f"{alarm.finding.opened_at:%Y-%m-%d}"
    if again is None or _told_since(archive, (name, opened, recipient), again):
        return name, opened, 0, recipient
    return name, f"{again:%Y-%m-%dT%H:%M:%S}", 0, recipient


def _told_since(archive: Archive, told: tuple[str, str, str], since: datetime) -> bool:
    """Whether a mail under its first opening went out since: it was about this one, when no reopening was kept yet."""
    name, period, recipient = told
    rows = archive.deliveries(name, period)
    return any(row.recipient == recipient.strip().lower() and row.claimed_at >= since for row in rows)
