"""The mail: what it says, what its headers may hold, and what a mail server can answer."""

from __future__ import annotations

import mailbox
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from chapterwatch.errors import DeliveryDeferred, DeliveryRefused, DeliveryUnknown, UserError
from reports.mail import (
    Attachment,
    Enclosed,
    Letter,
    MailSettings,
    compose,
    deliver_to_maildir,
    letter_of,
    message_id,
    send,
)
from reports.network import RollupInputs, build_rollup
from reports.notice import compose_notice
from reports.text import sentence
from reports.view import build_chapter
from reports.words import languages
from tests.reports.factory import association, date, lakeside, named, pack, quiet

PDF = b"%PDF-1.7 not a real one"
TO, FROM, HELP = "omar.haddad@lakeside.example", "audit@hq.example", "help@hq.example"

#: What changed in the month most of these mails are about.
CHANGED = "2 new findings, 2 new questions, 1 still open, 2 fixed"


def composed(view: Any = None, recipient: str = TO, **changes: Any) -> EmailMessage:
    view = view or build_chapter(lakeside())
    given = {"message_id": an_id(view, recipient), "sender": FROM, "reply_to": HELP, **changes}
    said = letter_of(view)
    return compose(said, enclosed(said), recipient, **given)


def enclosed(said: Letter) -> Enclosed:
    """The report alone."""
    return Enclosed(files=(Attachment(name=f"{said.stem}.pdf", kind="pdf", content=PDF),))


def an_id(view: Any, recipient: str) -> str:
    chapter = getattr(view, "chapter_id", "rollup:ala")
    return message_id(chapter, view.period, view.revision, recipient, FROM)


def parsed(message: EmailMessage) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(message.as_bytes())  # type: ignore[return-value]


# --- composing ------------------------------------------------------------------------------------------------------


def test_the_mail_read_back_has_what_was_put_in() -> None:
    """Text, HTML and the PDF under its ASCII name; headers as set."""
    mail = parsed(composed())
    attachment = next(mail.iter_attachments())

    assert f"Lakeside Chapter, October 2026 social media: {CHANGED}, not everything was seen" == mail["Subject"]
    assert ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"] == [
        part.get_content_type() for part in mail.walk()
    ]
    assert ("ala-lakeside-2026-10-r1.pdf", PDF) == (attachment.get_filename(), attachment.get_content())
    assert (TO, HELP, "auto-generated") == (mail["To"], mail["Reply-To"], mail["Auto-Submitted"])
    assert "Mon, 02 Nov 2026 09:00:00 +0000" == mail["Date"]
    assert "Association of Legal Administrators <audit@hq.example>" == str(mail["From"])


def test_the_first_two_lines_say_what_changed() -> None:
    """Whoever reads two lines knows: the numbers, then the month in words."""
    lines = parsed(composed()).get_body(("plain",)).get_content().splitlines()

    assert f"Since September 2026: {CHANGED}, not everything was seen." == lines[0]
    assert lines[1].startswith("3 findings and 2 questions to look at, 1 of them critical. 1 of 3 accounts")


def test_what_to_do_names_what_was_found_and_where_it_stands() -> None:
    """Whoever reads the mail alone knows what "read it" is about, and which findings of the PDF to open."""
    view = build_chapter(lakeside())
    mail = parsed(composed(view))
    lines = mail.get_body(("plain",)).get_content().splitlines()
    html = mail.get_body(("html",)).get_content()

    assert view.actions
    for action in view.actions:
        who = f"  {action.owner}, by {action.due_words} ({action.count_words})"
        assert (f"- {sentence(action.title)} {action.remedy}", who) in pairwise(lines)
        assert escape(action.title) in html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"several_words": "1 overdue, the next by 14 November 2026"}, ": 1 overdue, the next by 14 November 2026"),
        ({"several_words": "", "due_words": "14 November 2026"}, ", by 14 November 2026"),
        ({"several_words": "", "due_words": ""}, ", overdue"),
    ],
)
def test_the_mail_asks_whose_answer_it_is(changes: dict[str, str], said: str) -> None:
    """The office that page one names, and by when, whichever way that is told."""
    view = build_chapter(lakeside())
    view = replace(view, attest=replace(view.attest, who="Webmaster", **changes))
    lines = parsed(composed(view)).get_body(("plain",)).get_content().splitlines()
    assert f"  Webmaster{said}" in lines


def test_a_mail_without_findings_does_not_sound_clean_over_a_gap() -> None:
    """Nothing new, but not all could be seen: subject and body say so."""
    mail = parsed(composed(build_chapter(quiet(coverage=(), posts_by_month={}))))

    assert mail["Subject"].endswith("no new findings, not everything was seen")
    assert "Nothing was read on these days." in mail.get_body(("plain",)).get_content()


def test_text_and_html_say_the_same_and_html_is_inline_and_escaped() -> None:
    """Only the colours of the dark stand in a style sheet, for a mail program to drop; nothing is loaded."""
    view = build_chapter(named(lakeside(), "ala-x", "Müller & Söhne"))
    mail = parsed(composed(view))
    html, text = mail.get_body(("html",)).get_content(), mail.get_body(("plain",)).get_content()

    sheets = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert ["@media (prefers-color-scheme: dark)"] == [sheet.partition("{")[0].strip() for sheet in sheets]
    assert "src=" not in html
    assert "Müller &amp; Söhne" in html
    assert "Müller & Söhne" in text
    for said in ("Read the post today.", "Communications chair: connect the account again."):
        assert said in html
        assert said in text


def test_the_same_mail_twice_is_the_same_bytes_and_another_revision_another_id() -> None:
    """Composing again changes nothing; recipient and revision change the Message-ID."""
    view = build_chapter(lakeside())
    ids = {
        an_id(view, TO),
        an_id(view, TO.upper()),
        an_id(view, HELP),
        an_id(replace(view, revision=2), TO),
        an_id(replace(view, period="2026-09"), TO),
    }

    assert composed().as_bytes() == composed().as_bytes()
    assert 4 == len(ids)


def test_a_letter_comes_back_from_the_archive_as_it_was() -> None:
    """What is kept as JSON composes the same mail, to the byte, whatever signs are in it."""
    view = build_chapter(named(lakeside(), "ala-x", "Müller & Söhne “大阪”"))
    said = letter_of(view, reply_form="chapter: ala-x\n# ü\n", reply_until=date(2026, 12, 1))
    again = Letter.from_json(said.as_json())
    mails = [compose(one, enclosed(one), TO, message_id=an_id(view, TO), sender=FROM) for one in (said, again)]

    assert said == again
    assert mails[0].as_bytes() == mails[1].as_bytes()


def test_a_first_report_names_no_month_before_it() -> None:
    """Where nothing is known of the month before, nothing is compared with it."""
    first = {key: count for key, count in lakeside().posts_by_month.items() if key[1] == "2026-10"}
    lines = parsed(composed(build_chapter(replace(lakeside(), posts_by_month=first)))).get_body(("plain",))

    assert lines.get_content().startswith("In October 2026: ")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Desde septiembre"),
        ("fr", "Depuis septembre"),
        ("de", "Seit Sep"),
        ("nl", "Sinds september"),
        ("pt", "Desde setembro"),
    ],
)
def test_a_mail_speaks_its_association_s_language(language: str, said: str) -> None:
    """Subject, the two first lines and the right of reply, from the same catalogue as the report."""
    inputs = lakeside()
    view = build_chapter(replace(inputs, chapter=replace(inputs.chapter, language=language)))
    letter = letter_of(view, reply_form="chapter: x\n", reply_until=date(2026, 12, 1))
    form = Attachment(name="form.yml", kind="form", content=b"x")
    mail = parsed(compose(letter, Enclosed(files=(form,)), TO, message_id=an_id(view, TO), sender=FROM, reply_to=HELP))

    assert mail.get_body(("plain",)).get_content().startswith(said)
    assert "form.yml" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?q?a=0ABcc:_evil=40x.example=0A=0A<h1>?=",
        "Lakeside\r\nBcc: evil@x.example",
        "Lakeside\u2028Bcc: evil@x.example",
        "Lakeside\x0cBcc: evil@x.example",
    ],
)
def test_a_hostile_chapter_name_never_reaches_a_header(name: str) -> None:
    """CVE-2024-6923 and its kin: the chapter's id stands in for a name that is not plain."""
    mail = parsed(composed(replace(build_chapter(lakeside()), chapter_name=name, association_name=name)))

    assert "ala-lakeside" in mail["Subject"]
    assert mail["Bcc"] is None
    assert FROM == str(mail["From"])


@pytest.mark.parametrize(
    "name", ["Zürich & Umgebung", "São Paulo, Norte", "O'Hare (North)", "Ōsaka 大阪", "สาขากรุงเทพ", "दिल्ली शाखा"]
)
def test_plain_names_of_any_language_stay_in_the_subject(name: str) -> None:
    """The near-misses: commas, brackets and letters of any script are no attack."""
    mail = parsed(composed(replace(build_chapter(lakeside()), chapter_name=name, association_name=name)))

    assert name in mail["Subject"]
    assert name == mail["From"].addresses[0].display_name


@pytest.mark.parametrize("text", ["Größe für alle, ", "un été à Évian, ", "no se vio (revisión 2) ", "大阪の支部 "])
def test_a_header_of_any_length_arrives_as_it_was_written(text: str) -> None:
    """Wherever its lines end: no blank is lost or added, and no line is longer than mail allows."""
    view = build_chapter(lakeside())
    given = dict.fromkeys(("heading", "intro", "questions", "confidential"), "x") | {"sender": FROM, "recipient": TO}
    given |= {"lines": (), "today": date(2026, 11, 2), "message_id": an_id(view, TO)}
    for length in range(1, 180):
        said = (text * 30)[:length].strip()
        message = compose_notice(association(name=said), subject=said, **given)
        mail = parsed(message)
        [sender] = mail["From"].addresses
        # Python's reader puts a blank between the encoded words of a name; a reader of mail does not.
        assert (said, said.replace(" ", "")) == (mail["Subject"], sender.display_name.replace(" ", ""))
        assert all(len(line) <= 78 for line in message.as_bytes().split(b"\r\n\r\n", 1)[0].split(b"\r\n"))


def test_every_revision_of_a_report_has_a_mail_in_every_language() -> None:
    """The reason in brackets is what a long subject ends with."""
    view = build_chapter(lakeside())
    for language, revision in product(languages(), (1, 2, 10)):
        told = build_chapter(lakeside(), language)
        mail = parsed(composed(replace(told, revision=revision)))
        assert mail["Subject"].startswith(view.chapter_name), language


def test_a_long_name_is_cut_between_words_and_stands_whole_in_the_salutation() -> None:
    """Nobody is addressed by half a word, and the subject names the chapter, not its id."""
    name = "Landesverband der Bibliotheken und Archive Nordrhein-Westfalen, Bezirk Köln und Umgebung, Ortsgruppe Süd"
    mail = parsed(composed(build_chapter(named(lakeside(), "ala-lakeside", name))))

    cut = "Landesverband der Bibliotheken und Archive Nordrhein-Westfalen, Bezirk Köln …"
    assert cut in mail["Subject"]
    assert name in mail.get_body(("plain",)).get_content().replace("\n", " ")


@pytest.mark.parametrize(
    "address", ["a@x.example;evil@y.example", "a@x.example (evil)", "A <a@x.example>", "a@x\n", ""]
)
def test_only_plain_addresses_are_written_to(address: str) -> None:
    """One message, one recipient, nothing that parses into somebody else."""
    with pytest.raises(UserError, match="plain mail address"):
        composed(recipient=address)


def test_headquarters_gets_the_roll_up() -> None:
    """The same mail for the network's report, under its own name."""
    inputs = RollupInputs(
        association=association(),
        period="2026-10",
        chapters=(build_chapter(lakeside()),),
        issued_on=date(2026, 11, 3),
        code_version="1",
    )
    mail = parsed(composed(build_rollup(inputs)))

    assert f"All chapters, October 2026 social media: {CHANGED}, not everything was seen" == mail["Subject"]
    assert "ala-all-2026-10-r1.pdf" == next(mail.iter_attachments()).get_filename()
    assert f"- Lakeside Chapter: to look at, 1 critical\n  {CHANGED}, 78\u00a0% of days seen." in mail.get_body(
        ("plain",)
    ).get_content().replace("\r\n", "\n")


def test_the_mail_says_what_was_not_judged() -> None:
    """What nobody judged is in the mail too, and a quiet month has no empty heading."""
    text = parsed(composed()).get_body(("plain",)).get_content()
    sure = pack(clauses={}, rules={})
    quiet_text = parsed(composed(build_chapter(quiet(pack=sure)))).get_body(("plain",)).get_content()

    assert "8 of 70 answers could not be given (the rule knows no Spanish: 7; no text: 1)." in text
    assert [] == [heading for heading in ("What could not be seen", "What to do") if heading in quiet_text]


def test_an_audit_on_request_says_so_in_the_mail() -> None:
    """Nobody takes it for the monthly report: subject, first line and notice name it."""
    view = build_chapter(quiet(revision_reason="audit on request, posts of 2026-10-05 to 2026-10-09"))
    mail = parsed(composed(view))
    text = mail.get_body(("plain",)).get_content()

    assert "Lakeside Chapter, October 2026 social media, audit on request: no new findings" == mail["Subject"]
    assert text.startswith("What an audit on request found in October 2026: no new findings.")
    assert "This is not the monthly report." in text
    assert "ala-lakeside-on-request-2026-10-r1.pdf" == next(mail.iter_attachments()).get_filename()


# --- sending: a real mail server --------------------------------------------------------------------------------------


class Handler:
    """Answers each step with what the test says, and keeps what was accepted.

    The names of the steps are those aiosmtpd looks for.
    """

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.accepted: list[tuple[str, list[str], bytes]] = []

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: D102, N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: D102, N802
        answer = self.answers.get("rcpt", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: D102, N802
        if "data" in self.answers:
            return self.answers["data"]
        self.accepted.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        if self.answers.get("then") == "drop":
            server.transport.abort()
        return "250 OK"


@contextmanager
def mail_server(handler: Handler, **options: Any) -> Iterator[MailSettings]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield MailSettings(host="127.0.0.1", port=port, security="none", sender=FROM, timeout=5)
    finally:
        controller.stop()


def test_a_message_arrives_once_and_whole() -> None:
    """One recipient in the envelope, and the bytes that were composed."""
    handler = Handler()
    with mail_server(handler) as settings:
        send(composed(), settings)

    [(sender, recipients, content)] = handler.accepted
    assert (FROM, [TO]) == (sender, recipients)
    assert composed()["Message-ID"] == BytesParser(policy=policy.default).parsebytes(content)["Message-ID"]
    assert content.rstrip() == composed().as_bytes().rstrip()


@pytest.mark.parametrize(
    ("answers", "error", "code"),
    [
        ({"rcpt": "550 no such user"}, DeliveryRefused, 550),
        ({"mail": "550 not you"}, DeliveryRefused, 550),
        ({"data": "552 too large"}, DeliveryRefused, 552),
        ({"data": "554 spam"}, DeliveryRefused, 554),
        ({"rcpt": "451 greylisted"}, DeliveryDeferred, None),
        ({"mail": "451 later"}, DeliveryDeferred, None),
        ({"data": "452 disk full"}, DeliveryDeferred, None),
        ({"data": "421 going down"}, DeliveryDeferred, None),
    ],
)
def test_what_a_server_answers_is_what_is_raised(
    answers: dict[str, str], error: type[Exception], code: int | None
) -> None:
    """5xx is for good, 4xx is for later; neither was accepted, and no address stands in the message."""
    handler = Handler(**answers)
    with mail_server(handler) as settings, pytest.raises(error) as raised:
        send(composed(), settings)

    assert [] == handler.accepted
    assert code == getattr(raised.value, "code", None)
    assert "@" not in str(raised.value)


def test_a_connection_lost_after_the_message_is_unknown() -> None:
    """The server has it and we were not told: neither sent nor safe to send again."""
    handler = Handler(then="drop")
    with mail_server(handler) as settings, pytest.raises(DeliveryUnknown):
        send(composed(), settings)

    assert 1 == len(handler.accepted)


@contextmanager
def raw_server(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that speaks what the script speaks, once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                script(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


def dialogue(*answers: bytes) -> Callable[[socket.socket], None]:
    def speak(connection: socket.socket) -> None:
        connection.sendall(b"220 test\r\n")
        for answer in answers:
            connection.recv(65536)
            connection.sendall(answer)

    return speak


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (dialogue(b"250 hello\r\n"), DeliveryDeferred),
        (dialogue(b"250 hello\r\n", b"250 ok\r\n"), DeliveryDeferred),
        (dialogue(b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"), DeliveryUnknown),
        (lambda connection: connection.sendall(b"554 no service\r\n"), DeliveryDeferred),
        (lambda _connection: None, DeliveryDeferred),
    ],
    ids=["after hello", "after sender", "within the message", "turned away", "hung up"],
)
def test_a_broken_connection_is_told_by_when_it_broke(
    script: Callable[[socket.socket], None], error: type[Exception]
) -> None:
    """Before the message nothing was handed over; from the message on nobody knows."""
    with raw_server(script) as port, pytest.raises(error):
        send(composed(), MailSettings(host="127.0.0.1", port=port, security="none", timeout=5))


def test_a_server_that_falls_silent_after_the_message_is_unknown() -> None:
    """A time-out after the message is a broken connection after the message."""
    done = threading.Event()

    def silent(connection: socket.socket) -> None:
        dialogue(b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")(connection)
        done.wait(10)

    with raw_server(silent) as port:
        with pytest.raises(DeliveryUnknown):
            send(composed(), MailSettings(host="127.0.0.1", port=port, security="none", timeout=0.5))
        done.set()


def test_an_unreachable_server_defers() -> None:
    """Nobody listens: nothing was handed over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DeliveryDeferred):
        send(composed(), MailSettings(host="127.0.0.1", port=port, security="none", timeout=5))


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear() -> None:
    """Asked for STARTTLS and not offered it, nothing is sent."""
    handler = Handler()
    with mail_server(handler) as settings, pytest.raises(DeliveryDeferred):
        send(composed(), replace(settings, security="starttls"))

    assert [] == handler.accepted


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_wrong_password_defers_and_an_open_one_is_forbidden() -> None:
    """A refused login handed nothing over; a password in the clear over a network is refused by us."""
    login = {"auth_required": True, "auth_require_tls": False, "authenticator": deny}
    with mail_server(Handler(), **login) as settings, pytest.raises(DeliveryDeferred):
        send(composed(), replace(settings, username="u", password="wrong"))
    with pytest.raises(UserError, match="unprotected"):
        send(composed(), MailSettings(host="mail.hq.example", security="none", username="u", password="p"))
    assert "geheim" not in repr(MailSettings(password="geheim"))


def deny(*_: Any) -> Any:
    return AuthResult(success=False, handled=False)


def test_the_maildir_of_the_demo_holds_the_same_mail(tmp_path: Path) -> None:
    """With a maildir in the settings, the message lies there to be read, and no server is asked."""
    send(composed(), MailSettings(host="nowhere.invalid", maildir=tmp_path / "outbox" / "mail"))
    deliver_to_maildir(composed(recipient=HELP), tmp_path / "outbox" / "mail")
    box = mailbox.Maildir(tmp_path / "outbox" / "mail")

    assert {TO, HELP} == {message["To"] for message in box}
    assert {composed()["Message-ID"]} <= {message["Message-ID"] for message in box}


def test_aiosmtpd_is_the_real_thing() -> None:
    """The server of these tests is a full SMTP implementation, not a stand-in of ours."""
    assert "aiosmtpd" == SMTP.__module__.split(".")[0]
