"""deliver(): mail what was published, each recipient once, and keep a ledger of it.

A row is claimed before a message leaves and settled after. Whatever lies between the two when a process dies is
`unknown`: it is shown to a person, who decides; nothing is ever sent again by itself.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from chapterwatch import settings
from chapterwatch.archive import Archive, ReportRow
from chapterwatch.errors import DeliveryDeferred, DeliveryRefused, DeliveryUnknown, UserError
from chapterwatch.model import Chapter, DeliveryState
from reports import mail
from reports.network import RollupView
from reports.view import ChapterView

log = logging.getLogger(__name__)

#: A claim older than this belongs to a process that died between claiming and settling.
ABANDONED_AFTER = timedelta(minutes=30)

#: How a delivery may end: its state, `already` settled before, or `lost` where the report's file is gone.
OUTCOMES = ("sent", "deferred", "refused", "unknown", "already", "lost")


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One report for one set of recipients. Raises nothing by itself; the PDF is read when it is composed."""

    report: ReportRow
    view: ChapterView | RollupView
    recipients: tuple[str, ...]


def leadership_of(chapter: Chapter) -> tuple[str, ...]:
    """Who receives a chapter's report."""
    return tuple(person.email for person in chapter.people if person.leadership)


def deliver(
    archive: Archive,
    parcels: Sequence[Parcel],
    transport: settings.Mail | None,
    now: datetime,
) -> dict[str, int]:
    """Mail every parcel to every recipient who has not had it; counts by state.

    Raises:
        UserError: no mail is configured.
    """
    if transport is None:
        raise UserError("no mail is configured; set CHAPTERWATCH_MAIL to smtp://host:port or maildir:<folder>")
    archive.abandon_claims(now - ABANDONED_AFTER)
    counts: Counter[str] = Counter()
    for parcel in parcels:
        pdf = _pdf_of(parcel.report)
        for recipient in parcel.recipients:
            counts[_deliver_one(archive, parcel, pdf, recipient, transport, now) if pdf else "lost"] += 1
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def _deliver_one(
    archive: Archive,
    parcel: Parcel,
    pdf: bytes,
    recipient: str,
    transport: settings.Mail,
    now: datetime,
) -> str:
    report = parcel.report
    message_id = mail.message_id(report.chapter, report.period, report.revision, recipient, transport.sender)
    # Composed before it is claimed: a message that cannot be made must not look like one that may have been sent.
    message = mail.compose(
        parcel.view,
        pdf,
        recipient,
        message_id=message_id,
        sender=transport.sender,
    )
    key = (report.chapter, report.period, report.revision, recipient)
    if not archive.claim_delivery(*key, message_id, now):
        return "already"
    state, detail = send(message, transport)
    archive.settle_delivery(*key, state, detail, now)
    log.info("delivery of %s %s revision %s: %s", report.chapter, report.period, report.revision, state)
    return state.value


def send(message: EmailMessage, transport: settings.Mail) -> tuple[DeliveryState, str]:
    """Hand over one message: how that ended, and what the mail server said of it."""
    try:
        mail.send(message, _mail_settings(transport))
    except DeliveryRefused as refusal:
        return DeliveryState.REFUSED, str(refusal)
    except DeliveryDeferred as deferral:
        return DeliveryState.DEFERRED, str(deferral)
    except DeliveryUnknown as doubt:
        return DeliveryState.UNKNOWN, str(doubt)
    return DeliveryState.SENT, ""


def _mail_settings(transport: settings.Mail) -> mail.MailSettings:
    return mail.MailSettings(
        host=transport.host or "",
        port=transport.port,
        security=transport.security,
        username=transport.username,
        password=transport.password,
        sender=transport.sender,
        maildir=transport.maildir,
    )


def _pdf_of(report: ReportRow) -> bytes | None:
    """The PDF as issued, or None where the file is gone: publishing the month again draws it anew."""
    path = Path(report.pdf_path or "")
    if path.is_file():
        return path.read_bytes()
    log.error("the PDF of %s %s is gone; publish the month again", report.chapter, report.period)
    return None
