"""deliver(): mail what was published, each recipient once, and keep a ledger of it.

A row is claimed before a message leaves and settled after. Whatever lies between the two when a process dies is
`unknown`: it is shown to a person, who decides; nothing is ever sent again by itself. Whether a recipient may have a
report is asked of the registry's file twice: before the claim, and of the finished message right before it leaves.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import quote

from chapterwatch import logs, metrics, registry, settings
from chapterwatch.archive import Archive, ReportRow
from chapterwatch.errors import DeliveryDeferred, DeliveryRefused, DeliveryUnknown, UserError
from chapterwatch.files import Files
from chapterwatch.known import known
from chapterwatch.model import Chapter, DeliveryState
from chapterwatch.pipeline import filed
from chapterwatch.registry import Registry
from reports import mail

log = logging.getLogger(__name__)

#: A claim older than this belongs to a process that died between claiming and settling.
ABANDONED_AFTER = timedelta(minutes=30)

#: One matter of a mail that tells of several.
T = TypeVar("T")

#: What a row of the ledger is known by: a report or matter, its period, revision or stage, and the recipient.
LedgerKey = tuple[str, str, int, str]

#: How a delivery may end: its state, `already` settled before, or `lost` where the report's file is gone.
OUTCOMES = ("sent", "deferred", "refused", "unknown", "already", "lost")

_NOT_ENTITLED = "the registry does not name this recipient for this report"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One report with the words of its mail, for one set of recipients. The files are read when it is composed."""

    report: ReportRow
    letter: mail.Letter
    recipients: tuple[str, ...]
    #: Who reads what recipients answer.
    reply_to: str | None = None
    #: Addresses outside the registry that an admin named for an audit on request.
    granted: frozenset[str] = frozenset()


class Gate:
    """Who may have which report, by the registry as its file stands at the moment of asking."""

    def __init__(self, path: Path, policies: Path) -> None:
        self._path, self._policies = path, policies
        #: The file as it was read: comparing is a tenth of the work of hashing, and it is asked twice a mail.
        self._read = b""
        self._registry: Registry | None = None

    def lets(self, parcel: Parcel, recipient: str) -> bool:
        """Whether the recipient may have it: leadership a chapter's report, headquarters a roll-up.

        An audit on request may go to any of the chapter's people, to headquarters, and to whom an admin named.

        Raises:
            UserError: the registry cannot be read.
        """
        return recipient.strip().lower() in {address.lower() for address in self._entitled(parcel)}

    def _entitled(self, parcel: Parcel) -> Iterator[str]:
        for association in self._current().associations:
            if parcel.letter.about == parcel.report.chapter == f"rollup:{association.id}":
                yield from association.headquarters
            for chapter in association.chapters:
                if chapter.id == parcel.letter.about == parcel.report.chapter:
                    yield from leadership_of(chapter)
                elif chapter.id == parcel.letter.about and filed.is_on_request(parcel.report, chapter.id):
                    yield from (person.email for person in chapter.people)
                    yield from association.headquarters
                    yield from parcel.granted

    def _current(self) -> Registry:
        try:
            read = self._path.read_bytes()
        except OSError:
            # The loader says it with file and line.
            read = b""
        if self._registry is None or read != self._read:
            self._registry = registry.load(self._path, known(self._policies))
            self._read = read
        return self._registry


@dataclass(frozen=True, kw_only=True)
class PostOffice:
    """What mailing needs beside the parcels."""

    archive: Archive
    gate: Gate
    transport: settings.Mail | None
    now: datetime
    #: The store of reports and where its folder of them can be read, for links to what is too large for a mail.
    files: Files
    reports_url: str | None
    attach_limit: int


def kind_of(name: str) -> str:
    """What a mail carries, by its name in the ledger: report, rollup, adhoc, alert, access, api or sign_off."""
    kind, colon, _ = name.partition(":")
    return kind if colon else "report"


def leadership_of(chapter: Chapter) -> tuple[str, ...]:
    """Who receives a chapter's report."""
    return tuple(person.email for person in chapter.people if person.leadership)


def deliver(office: PostOffice, parcels: Sequence[Parcel]) -> dict[str, int]:
    """Mail every parcel to every recipient who has not had it; counts by state.

    Raises:
        UserError: no mail is configured, or the registry cannot be read any more.
    """
    transport = office.transport
    if transport is None:
        raise UserError("no mail is configured; set CHAPTERWATCH_MAIL to smtp://host:port or maildir:<folder>")
    office.archive.abandon_claims(office.now - ABANDONED_AFTER)
    counts: Counter[str] = Counter()
    for parcel in parcels:
        enclosed = enclosed_with(parcel, office)
        if enclosed is None:
            _tell_lost(parcel.report)
        for recipient in parcel.recipients:
            counts[_deliver_one(office, transport, parcel, enclosed, recipient) if enclosed else "lost"] += 1
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def _tell_lost(report: ReportRow) -> None:
    what = "%s %s revision %s: its PDF is not in the store of files, or is not the one issued; publish the month again"
    log.warning(what, report.chapter, report.period, report.revision, extra=filed.fields_of(report))


def _deliver_one(
    office: PostOffice,
    transport: settings.Mail,
    parcel: Parcel,
    enclosed: mail.Enclosed,
    recipient: str,
) -> str:
    report = parcel.report
    if not office.gate.lets(parcel, recipient):
        log.error(
            "delivery of %s %s: %s", report.chapter, report.period, _NOT_ENTITLED, extra=_fields(report, "refused")
        )
        return DeliveryState.REFUSED.value
    # Composed before it is claimed: a message that cannot be made must not look like one that may have been sent.
    message = message_of(parcel, enclosed, recipient, transport.sender)
    key = (report.chapter, report.period, report.revision, recipient)
    if not office.archive.claim_delivery(*key, str(message["Message-ID"]), office.now):
        return "already"
    state, detail = _cleared(office, parcel, message) or send(message, transport)
    office.archive.settle_delivery(*key, state, detail, office.now)
    metrics.count("mails.settled", kind=kind_of(report.chapter), state=state.value)
    said = (report.chapter, report.period, report.revision, state)
    log.info("delivery of %s %s revision %s: %s", *said, extra=_fields(report, state))
    return state.value


def _fields(report: ReportRow, state: str) -> dict[str, str | int]:
    return filed.fields_of(report) | logs.fields(step="deliver", state=state)


def _cleared(office: PostOffice, parcel: Parcel, message: EmailMessage) -> tuple[DeliveryState, str] | None:
    """Why the finished message must not leave; None where it may. The registry is read as it is now."""
    try:
        recipients = [address.addr_spec for address in message["To"].addresses]
        entitled = len(recipients) == 1 and office.gate.lets(parcel, recipients[0])
    except UserError as error:
        return DeliveryState.DEFERRED, f"the registry could not be read right before sending: {error}"
    return None if entitled else (DeliveryState.REFUSED, _NOT_ENTITLED)


def message_of(parcel: Parcel, enclosed: mail.Enclosed, recipient: str, sender: str) -> EmailMessage:
    """One recipient's mail, under its stable Message-ID and in the thread of all months."""
    report = parcel.report
    named = (report.chapter, report.period, report.revision, recipient, sender)
    return mail.compose(
        parcel.letter,
        enclosed,
        recipient,
        message_id=mail.message_id(*named),
        sender=sender,
        reply_to=parcel.reply_to,
        references=mail.references(*named),
    )


def tell_once(
    archive: Archive,
    transport: settings.Mail,
    told: Mapping[LedgerKey, T],
    letter: Callable[[Sequence[T]], EmailMessage],
    now: datetime,
) -> str:
    """One mail about everything of `told` that its recipient has not been told of yet; its state, or `already`.

    Each matter is a row of the ledger, claimed before the mail leaves. `letter` makes the mail of the matters given,
    always under the same Message-ID.
    """
    # Made once before anything is claimed: a mail that cannot be made must not look like one that may have been sent.
    message_id = str(letter(list(told.values()))["Message-ID"])
    mine = [key for key in told if archive.claim_delivery(*key, message_id, now)]
    if not mine:
        return "already"
    state, detail = send(letter([told[key] for key in mine]), transport)
    metrics.count("mails.settled", kind=kind_of(mine[0][0]), state=state.value)
    for key in mine:
        archive.settle_delivery(*key, state, detail, now)
        log.info("%s at %s: %s", key[0], key[2], state, extra=logs.fields(step=kind_of(key[0]), state=state))
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


# --- what is enclosed -----------------------------------------------------------------------------------------------


def enclosed_with(parcel: Parcel, office: PostOffice) -> mail.Enclosed | None:
    """The files of a report as they were issued, with the form of reply; None where the PDF is gone or not that one.

    Where PDF and tables are too large for a mail, a link stands for them; the form is small and comes along.

    Raises:
        FilesError: the store of files cannot be used.
    """
    key, pdf = filed.pdf_key(office.files, parcel.report), filed.pdf_of(office.files, parcel.report)
    if key is None or pdf is None:
        return None
    form, tables = _form_of(parcel.letter), filed.beside(key, "xlsx")
    beside = office.files.size(tables)
    if len(pdf) + (beside or 0) > office.attach_limit:
        return mail.Enclosed(files=form, too_large=True, link=_link_to(key, office))
    files = [mail.Attachment(name=PurePosixPath(key).name, kind="pdf", content=pdf)]
    if beside is not None:
        files.append(
            mail.Attachment(name=PurePosixPath(tables).name, kind="table", content=office.files.read(tables)),
        )
    return mail.Enclosed(files=(*files, *form))


def _form_of(letter: mail.Letter) -> tuple[mail.Attachment, ...]:
    if not letter.reply_form:
        return ()
    return (mail.Attachment(name=f"{letter.stem}-reply.yml", kind="form", content=letter.reply_form.encode()),)


def _link_to(key: str, office: PostOffice) -> str | None:
    if office.reports_url is None or not key.startswith(f"{filed.REPORTS}/"):
        return None
    return f"{office.reports_url}/{quote(key.removeprefix(f'{filed.REPORTS}/'))}"
