"""The report's mail: composing it, and handing it to a mail server for one recipient.

Plain SMTP cannot promise exactly one delivery, so `send` only ever says what it knows: refused, deferred, or unknown
(the connection broke after the message was handed over). Whether to try again is the caller's ledger's decision.

Headers are made of our own words and of names checked in the registry, never of text from a platform, and what is
parsed back must be exactly what was set: some Python versions let an encoded word open a new header (CVE-2024-6923).
"""

from __future__ import annotations

import hashlib
import json
import mailbox
import re
import smtplib
import ssl
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import css_inline
import jinja2

from chapterwatch.errors import DeliveryDeferred, DeliveryRefused, DeliveryUnknown, UserError
from reports import render
from reports.facts import AttestView, ChapterView, Counts
from reports.network_chapters import total
from reports.network_facts import ChapterLine, RollupView
from reports.press import TEMPLATES
from reports.text import sentence
from reports.words import Words, load

View = ChapterView | RollupView

#: Chapters named in the roll-up's mail, most pressing first.
CHAPTERS_LIMIT = 40
#: The hour (UTC) a mail says it was written on the day its report was issued.
_HOUR = time(9, tzinfo=UTC)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.-]+@[A-Za-z0-9.-]+>")
#: Signs a name may hold in a header; neither `=` nor `?`, which open an encoded word.
_SIGNS = " .,'()&-\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}\N{HORIZONTAL ELLIPSIS}"
_OK = 250
_PERMANENT = 500


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """Where mail goes. With `maildir` nothing is sent: messages are put into that folder (for trying out)."""

    host: str = "localhost"
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str = ""
    reply_to: str | None = None
    #: Seconds without an answer after which a connection counts as broken.
    timeout: float = 30.0
    maildir: Path | None = None


@dataclass(frozen=True)
class Line:
    """One point of the mail's list: what, and who."""

    what: str
    who: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a report's mail says, every sentence final but those on what is enclosed.

    It is written when the report is issued and kept with it, so that a mail sent late says what was true then.
    """

    #: Whose report: a chapter's id, or `rollup:` and an association's.
    about: str
    language: str
    written_on: date
    sender_name: str
    subject: str
    #: The two first lines: the numbers against last month, and the month in words.
    changed: str
    headline: str
    #: How findings per 100 posts moved; empty for a network.
    moved: str
    notices: tuple[str, ...]
    heading: str
    kind: str
    greeting: str
    todo: tuple[Line, ...]
    more: str
    chapters: tuple[Line, ...]
    unseen: tuple[Line, ...]
    unjudged: tuple[str, ...]
    #: Whom to ask about the report, as the policy names it.
    contact: str
    questions: str
    confidential: str
    #: The ASCII name of the report's files, without what follows the dot.
    stem: str
    #: The form of reply to mail back, as YAML, and the day until which; both empty where nothing is open.
    reply_form: str = ""
    reply_until: str = ""

    def as_json(self) -> str:
        """For the archive."""
        return json.dumps(asdict(self), ensure_ascii=True, default=date.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The letter again from `as_json`."""
        data = json.loads(text)
        lists = {name: tuple(Line(**item) for item in data[name]) for name in ("todo", "chapters", "unseen")}
        told = {name: tuple(data[name]) for name in ("notices", "unjudged")}
        return cls(**data | lists | told | {"written_on": date.fromisoformat(data["written_on"])})


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One file of a mail. `kind` says what it is: pdf, table or form."""

    name: str
    kind: Literal["pdf", "table", "form"]
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """What comes with a mail: the files, or where the report lies (or whom to ask) when they are too large."""

    files: tuple[Attachment, ...] = ()
    #: The report's files are too large for a mail.
    too_large: bool = False
    link: str | None = None


_TYPES = {
    ".pdf": ("application", "pdf"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".csv": ("text", "csv"),
    # As plain text every mail program shows it, and none takes it for a program.
    ".yml": ("text", "plain"),
}


def message_id(chapter: str, period: str, revision: int, recipient: str, sender: str) -> str:
    """The same Message-ID for the same report, revision and recipient, whenever it is composed.

    `chapter` is a chapter's id or the name a roll-up has in the ledger; the domain is that of the sender's address.
    """
    return _id_of(f"{chapter}|{period}|{revision}|{recipient.lower()}", sender)


def references(chapter: str, period: str, revision: int, recipient: str, sender: str) -> tuple[str, ...]:
    """What a report's mail follows: the thread of all its months, and the revision before of the same month."""
    thread = (_id_of(f"thread|{chapter}", sender),)
    return thread if revision <= 1 else (*thread, message_id(chapter, period, revision - 1, recipient, sender))


def _id_of(named: str, sender: str) -> str:
    domain = _checked(sender).rpartition("@")[2]
    # Half of the digest: it is unique enough, and the header still fits on one line.
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:32]}@{domain}>"


def letter_of(view: View, *, reply_form: str = "", reply_until: date | None = None) -> Letter:
    """What the mail of a report says. Same view, same letter."""
    words = load(view.language)
    common: dict[str, Any] = {
        "language": view.language,
        "written_on": view.issued_on,
        "sender_name": view.association_name,
        "subject": _subject(view, words),
        "changed": _changed_line(view, words),
        "headline": view.status.headline,
        "notices": view.status.notices,
        "stem": render.file_stem(view),
    }
    if isinstance(view, RollupView):
        return Letter(**common, **_network_parts(view, words))
    until = words.full_date(reply_until) if reply_until and reply_form else ""
    return Letter(**common, **_chapter_parts(view, words), reply_form=reply_form, reply_until=until)


def compose(
    letter_: Letter,
    enclosed: Enclosed,
    recipient: str,
    *,
    message_id: str,
    sender: str,
    reply_to: str | None = None,
    references: Sequence[str] = (),
) -> EmailMessage:
    """One report's mail to one recipient: plain text and HTML that say what changed, and what is enclosed.

    Raises:
        UserError: an address or the message id is not plain, or a name from the registry cannot stand in a header.
    """
    body: dict[str, object] = {
        "letter": letter_,
        "t": load(letter_.language),
        "subject": letter_.subject,
        "enclosed": _enclosed_words(letter_, enclosed, reply_to),
        "reply": _reply_words(letter_, enclosed, reply_to),
    }
    return letter(
        subject=letter_.subject,
        sender_name=letter_.sender_name,
        sender=sender,
        recipient=recipient,
        written_on=letter_.written_on,
        message_id=message_id,
        template="mail",
        body=body,
        reply_to=reply_to,
        references=references,
        attachments=enclosed.files,
    )


class _Folding(policy.EmailPolicy):
    """Folds a subject, or a sender's name, with letters beyond ASCII into encoded words alone.

    Python's own way mixes encoded and plain words and, at a line's end, loses or adds a blank between or within them.
    """

    def fold(self, name: str, value: Any) -> str:
        """A header as text, with its line ends."""
        if not _is_encoded(name, value):
            return str(super().fold(name, value))
        if name.lower() == "subject":
            return f"{name}: {self._words(name, str(value))}{self.linesep}"
        [sender] = value.addresses
        return f"{name}: {self._words(name, sender.display_name)}{self.linesep} <{sender.addr_spec}>{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as bytes, with its line ends."""
        return self.fold(name, value).encode("ascii") if _is_encoded(name, value) else super().fold_binary(name, value)

    def _words(self, name: str, text: str) -> str:
        return Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)


def _is_encoded(name: str, value: object) -> bool:
    return name.lower() in {"subject", "from"} and not str(value).isascii()


_POLICY = _Folding(linesep="\r\n")


def letter(
    *,
    subject: str,
    sender_name: str,
    sender: str,
    recipient: str,
    written_on: date,
    message_id: str,
    template: str,
    body: dict[str, object],
    reply_to: str | None = None,
    references: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """One mail to one recipient: plain text and HTML from the templates of that name, perhaps with files.

    Raises:
        UserError: an address or the message id is not plain, or a name from the registry cannot stand in a header.
    """
    message = EmailMessage(policy=_POLICY)
    headers = {
        "Subject": subject,
        "From": str(Address(sender_name if _plain(sender_name) else "", addr_spec=_checked(sender))),
        "To": _checked(recipient),
        "Date": format_datetime(datetime.combine(written_on, _HOUR)),
        "Message-ID": _checked_id(message_id),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if reply_to:
        headers["Reply-To"] = _checked(reply_to)
    if references:
        headers["References"] = " ".join(_checked_id(item) for item in references)
    for name, value in headers.items():
        message[name] = value
    message.set_content(_text_environment().get_template(f"{template}.txt.j2").render(body), charset="utf-8")
    message.add_alternative(_html(f"{template}.html.j2", body), subtype="html", charset="utf-8")
    for item in attachments:
        maintype, subtype = _TYPES[Path(item.name).suffix]
        message.add_attachment(item.content, maintype=maintype, subtype=subtype, filename=item.name)
    _fix_boundaries(message, message_id)
    _assert_unchanged(message, headers)
    return message


def send(message: EmailMessage, settings: MailSettings) -> None:
    """Hand one message to the mail server for its one recipient, or put it into the settings' maildir.

    Raises:
        DeliveryRefused: the server refused for good (5xx); trying again cannot help.
        DeliveryDeferred: nothing was handed over; trying again is safe.
        DeliveryUnknown: the connection broke after the message was handed over; it may have arrived.
        UserError: the settings would send a password unprotected over a network.
    """
    if settings.maildir is not None:
        deliver_to_maildir(message, settings.maildir)
        return
    _forbid_open_password(settings)
    recipient = message["To"].addresses[0].addr_spec
    body = message.as_bytes()
    try:
        server = _connect(settings)
    except smtplib.SMTPResponseException as error:
        raise DeliveryDeferred(
            f"the mail server did not let us in: {error.smtp_code}; check CHAPTERWATCH_MAIL"
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryDeferred(
            f"the mail server cannot be reached: {type(error).__name__}; check CHAPTERWATCH_MAIL"
        ) from error
    try:
        _envelope(server, message["From"].addresses[0].addr_spec, recipient)
        _hand_over(server, body)
    finally:
        _leave(server)


def deliver_to_maildir(message: EmailMessage, path: Path) -> None:
    """Put a message into a maildir, made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    box = mailbox.Maildir(path, create=True)
    try:
        box.add(message)
        box.flush()
    finally:
        box.close()


# --- composing ------------------------------------------------------------------------------------------------------


def _subject(view: View, words: Words) -> str:
    changed = _changed(view, words)
    if isinstance(view, RollupView):
        subject = words("mail.subject.network", month=view.period_words, changed=changed)
    else:
        # A name is nice, an id is certain: the registry has checked ids letter by letter.
        name = view.chapter_name if _plain(view.chapter_name) else view.chapter_id
        key = "mail.subject.on_request" if view.on_request else "mail.subject.chapter"
        subject = words(key, month=view.period_words, chapter=name, changed=changed)
    if view.revision > 1:
        return words("mail.subject.revised", subject=subject, revision=view.revision)
    return subject


def _changed(view: View, words: Words) -> str:
    if isinstance(view, ChapterView):
        counts, partly = view.counts, bool(view.unseen)
    else:
        counts, partly = total([line.counts for line in view.chapters]), bool(view.access)
    parts = _new(counts, words)
    parts += [words("mail.unplaced", n=counts.unplaced)] if counts.unplaced else []
    parts += [words("mail.open", n=counts.still_open)] if counts.still_open else []
    parts += [words("mail.fixed", n=counts.fixed)] if counts.fixed else []
    parts += [words("mail.partly.chapter")] if partly else []
    return ", ".join(parts)


def _new(counts: Counts, words: Words) -> list[str]:
    """What is new, told apart as page one tells it: what is found, and what somebody is asked."""
    found = [words("mail.new", n=counts.new - counts.new_questions)]
    return [*found, words("mail.new_questions", n=counts.new_questions)] if counts.new_questions else found


def _changed_line(view: View, words: Words) -> str:
    changed = _changed(view, words)
    if isinstance(view, ChapterView) and view.on_request:
        return words("mail.changed_on_request", month=view.period_words, changed=changed)
    year, month = (int(part) for part in view.period.split("-"))
    before = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02}"
    known = not isinstance(view, ChapterView) or any(point.period == before for point in view.trend.points)
    if not known:
        return words("mail.changed_first", month=view.period_words, changed=changed)
    return words("mail.changed_since", before=words.month(before), changed=changed)


def _chapter_parts(view: ChapterView, words: Words) -> dict[str, Any]:
    gaps = [
        Line(words("mail.unseen_line", account=gap.account, what=gap.what, why=gap.why), gap.mend)
        for gap in view.unseen
    ]
    kind = "mail.kind_on_request" if view.on_request else "mail.kind"
    return {
        "about": view.chapter_id,
        "moved": sentence(view.trend.title),
        "heading": view.chapter_name,
        "kind": words(kind, month=view.period_words),
        "greeting": words("mail.greeting", chapter=view.chapter_whole_name),
        "todo": tuple(_todo(view, words)),
        "more": words("action.more", n=view.more_actions) if view.more_actions else "",
        "chapters": (),
        "unseen": tuple(gaps),
        "unjudged": view.unjudged,
        "contact": view.contact,
        "questions": words("mail.questions", contact=view.contact),
        "confidential": words("doc.confidential"),
    }


def _network_parts(view: RollupView, words: Words) -> dict[str, Any]:
    return {
        "about": f"rollup:{view.association_id}",
        "moved": "",
        "heading": view.association_name,
        "kind": words("mail.network_kind", month=view.period_words),
        "greeting": words("mail.network_greeting"),
        "todo": (),
        "more": "",
        "chapters": tuple(_chapter_point(line, words) for line in view.chapters[:CHAPTERS_LIMIT]),
        "unseen": (),
        "unjudged": (),
        "contact": "",
        "questions": words("mail.network_questions"),
        "confidential": words("doc.network_confidential"),
    }


def _enclosed_words(letter_: Letter, enclosed: Enclosed, reply_to: str | None) -> str:
    """What is attached; or where the report lies, or whom to ask for it."""
    words = load(letter_.language)
    said = [words(f"mail.enclosed.{item.kind}", name=item.name) for item in enclosed.files]
    attached = words("mail.enclosed", what=words.both(said)) if said else ""
    if not enclosed.too_large:
        return attached
    key = "mail.too_large.link" if enclosed.link else "mail.too_large.ask"
    who = letter_.contact or reply_to or words("mail.too_large.sender")
    return f"{words(key, link=enclosed.link or '', who=who)} {attached}".strip()


def _reply_words(letter_: Letter, enclosed: Enclosed, reply_to: str | None) -> str:
    """How to answer or appeal a finding and until when; empty where nothing is open."""
    words = load(letter_.language)
    form = next((item.name for item in enclosed.files if item.kind == "form"), None)
    if form is None or not letter_.reply_until:
        return ""
    return words("mail.reply", name=form, who=reply_to or letter_.contact, until=letter_.reply_until)


def _todo(view: ChapterView, words: Words) -> list[Line]:
    lines = [
        Line(
            f"{sentence(action.title)} {action.remedy}",
            f"{words('action.owner_due', owner=action.owner, due=action.due_words)} ({action.count_words})",
        )
        for action in view.actions
    ]
    if view.unplaced:
        lines.append(Line(words("action.unplaced", n=len(view.unplaced)), words("action.leadership")))
    if view.attest.open:
        lines.append(Line(words("action.attest", n=view.attest.open), _attest_by(view.attest, words)))
    return lines


def _attest_by(attest: AttestView, words: Words) -> str:
    """Who is to answer the chapter's questions, and by when."""
    if attest.several_words:
        return f"{attest.who}{words.colon} {attest.several_words}"
    if not attest.due_words:
        return words("action.owner_overdue", owner=attest.who)
    return words("action.owner_due", owner=attest.who, due=attest.due_words)


def _chapter_point(line: ChapterLine, words: Words) -> Line:
    counts = line.counts
    changed = [*_new(counts, words), words("mail.open", n=counts.still_open)]
    changed += [words("mail.unplaced", n=counts.unplaced)] if counts.unplaced else []
    changed += [words("mail.fixed", n=counts.fixed)] if counts.fixed else []
    seen = words("mail.seen", share=line.seen_share)
    return Line(f"{line.name}: {line.status_words}", words("list.sentence", parts=", ".join([*changed, seen])))


def _html(template: str, values: dict[str, object]) -> str:
    page = render.environment().get_template(template).render(values)
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    inlined: str = inliner.inline(page)
    return inlined


@cache
def _text_environment() -> jinja2.Environment:
    # Plain text has no markup to escape: escaping it would print "&amp;". Only *.txt.j2 are made here.
    return jinja2.Environment(
        autoescape=False,  # noqa: S701 - see above
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Derive the part boundaries from the message's id, so that composing twice gives the same bytes."""
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(hashlib.sha256(f"{message_id}|{number}".encode()).hexdigest()[:40])


def _plain(name: str) -> bool:
    """Whether a name from the registry may stand in a header: letters, digits, common signs, nothing encoded."""
    return bool(name) and all(char.isalnum() or char in _SIGNS or _is_mark(char) for char in name)


def _is_mark(char: str) -> bool:
    """Whether a sign belongs to the letter before it, as the vowels of Thai and Hindi do."""
    return unicodedata.category(char).startswith("M")


def _checked(address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise UserError(f"{address!r} is not a plain mail address; write it as name@domain.example in the registry")
    return address


def _checked_id(given: str) -> str:
    if not _MESSAGE_ID.fullmatch(given):
        raise UserError(
            "a Message-ID must look like <letters-and-digits@domain>; check the mail domain in the settings"
        )
    return given


def _bare(value: object) -> str:
    """A header without blanks: Python's reader adds some between the encoded words of a long name."""
    return "".join(str(value).split())


def _assert_unchanged(message: EmailMessage, headers: dict[str, str]) -> None:
    """What arrives must have the headers that were set, each once, and none besides."""
    parsed = BytesParser(policy=policy.default).parsebytes(message.as_bytes())
    ours = {name: _bare(value) for name, value in parsed.items() if name not in {"MIME-Version", "Content-Type"}}
    if ours != {name: _bare(value) for name, value in headers.items()} or len(parsed.keys()) != len(headers) + 2:
        raise UserError("a name in the registry changes the mail's headers; take unusual signs out of it")


# --- sending --------------------------------------------------------------------------------------------------------


def _connect(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        secure = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=secure)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if settings.username is not None:
            server.login(settings.username, settings.password or "")
    except BaseException:
        server.close()
        raise
    return server


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Sender and recipient. Whatever breaks here, nothing was handed over yet."""
    try:
        _expect_ok(*server.mail(sender))
        _expect_ok(*server.rcpt(recipient))
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise DeliveryDeferred(f"the connection broke before the message: {type(error).__name__}") from error


def _hand_over(server: smtplib.SMTP, body: bytes) -> None:
    """The message itself. A break from here on leaves unknown whether the server took it."""
    try:
        code, answer = server.data(body)
    except smtplib.SMTPDataError as error:
        _expect_ok(error.smtp_code, b"")
        raise
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise DeliveryUnknown(f"the connection broke after the message: {type(error).__name__}") from error
    _expect_ok(code, answer)


def _expect_ok(code: int, _answer: bytes) -> None:
    # The server's words are left out: they like to repeat the address, and messages end up in logs.
    if code >= _PERMANENT:
        raise DeliveryRefused(f"the mail server refused for good: {code}", code=code)
    if not _OK <= code < _OK + 50:
        raise DeliveryDeferred(f"the mail server asks to try later: {code}")


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        # The answer to the message is known; how the parting went changes nothing.
        server.close()


def _forbid_open_password(settings: MailSettings) -> None:
    local = settings.host in {"localhost", "127.0.0.1", "::1"}
    if settings.username is not None and settings.security == "none" and not local:
        raise UserError("mail settings would send a password unprotected; set security to starttls or tls")
