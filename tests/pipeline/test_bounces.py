"""Notices of mail servers: what came back is noted once, what is still tried is a note, the rest is left alone."""

from __future__ import annotations

import mailbox
import smtplib
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from chapterwatch.errors import UserError
from chapterwatch.pipeline import listed_deliveries, read_bounces, resend_delivery
from chapterwatch.pipeline.bounces import notices_in
from tests.pipeline.test_deliver import LAKESIDE_LEADER, LATER, Server, deliver, issued, listening, server, states
from tests.pipeline.world import MONTH, World

__all__ = ["issued", "server"]

#: Structures of notices as three systems write them; `{status}` and so on are filled in. Every part is invented.
POSTFIX = """\
From: MAILER-DAEMON@mx.hq.example (Mail Delivery System)
To: chapterwatch@hq.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"
Message-Id: <20261103090000.0A1B2C@mx.hq.example>

This is a MIME-encapsulated message.

--B1
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.hq.example.

<{recipient}>: host mx.else.example said: 550 5.1.1 unknown user

--B1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.hq.example
X-Postfix-Sender: rfc822; chapterwatch@hq.example
Arrival-Date: Mon,  2 Nov 2026 09:00:00 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.else.example
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--B1
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: chapterwatch@hq.example
To: {recipient}
Message-ID: {message_id}
Subject: A report

The report.
--B1--
"""

EXCHANGE = """\
From: Microsoft Outlook <postmaster@else.example>
To: <chapterwatch@hq.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_B2_"
Content-Language: en-US
Message-ID: <d9f0aa11-0000@else.example>
In-Reply-To: {message_id}
References: {message_id}
Subject: Undeliverable: A report

--_B2_
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="_B2a_"

--_B2a_
Content-Type: text/plain; charset="us-ascii"

Delivery has failed to these recipients or groups:
--_B2a_
Content-Type: text/html; charset="us-ascii"

<p>Delivery has failed</p>
--_B2a_--

--_B2_
Content-Type: message/delivery-status

Reporting-MTA: dns;MX01.else.example
Received-From-MTA: dns;mx.hq.example
Arrival-Date: Mon, 2 Nov 2026 09:00:05 +0000

Final-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound
X-Display-Name: The President

--_B2_
Content-Type: message/rfc822

Received: from mx.hq.example by MX01.else.example
Message-ID: {message_id}
From: chapterwatch@hq.example
To: {recipient}
Content-Type: text/plain

--_B2_--
"""

GMAIL = """\
From: Mail Delivery Subsystem <mailer-daemon@mail.example>
To: chapterwatch@hq.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <thread@hq.example> {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: {recipient}
Message-ID: <6370aa.bb.cc@mail.example>
Content-Type: multipart/report; boundary="0000B3"; report-type=delivery-status

--0000B3
Content-Type: multipart/related; boundary="0000B3r"

--0000B3r
Content-Type: text/html; charset="UTF-8"

<p>Address not found</p>
--0000B3r--
--0000B3
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Mon, 02 Nov 2026 01:00:10 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.else.example. (192.0.2.7, the server for the domain else.example.)
Diagnostic-Code: smtp; 550 5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Mon, 02 Nov 2026 01:00:11 -0800 (PST)

--0000B3
Content-Type: text/rfc822-headers; charset="UTF-8"

MIME-Version: 1.0
From: chapterwatch@hq.example
To: {recipient}
Message-ID: {message_id}
Subject: A report

--0000B3--
"""

SHAPES = {"postfix": POSTFIX, "exchange": EXCHANGE, "gmail": GMAIL}


@pytest.fixture
def mailed(issued: World, server: Server) -> World:
    """October's reports were taken by a mail server."""
    deliver(issued, server)
    return issued.at(LATER)


def message_id(world: World, recipient: str = LAKESIDE_LEADER) -> str:
    """The Message-ID the recipient's mail went out under."""
    [row] = [row for row in world.archive.deliveries(period=MONTH) if row.recipient == recipient]
    return row.message_id


def notice(world: World, shape: str = "postfix", **changes: str) -> bytes:
    """A notice that Lakeside's president cannot be reached, in a system's shape."""
    facts = {"recipient": LAKESIDE_LEADER, "action": "failed", "status": "5.1.1", "message_id": message_id(world)}
    return SHAPES[shape].format(**facts | changes).encode()


def read(world: World, *raw: bytes) -> dict[str, int]:
    """Put messages into a maildir and read it; counts without the zeros."""
    path = world.home / "notices"
    box = mailbox.Maildir(path, create=True)
    box.clear()
    for one in raw:
        box.add(one)
    return {outcome: count for outcome, count in read_bounces(world.workplace, path).items() if count}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mail_that_came_back_is_bounced_once(mailed: World, shape: str) -> None:
    """Whoever wrote the notice: the recipient's mail is bounced with its reason, reading it again changes nothing."""
    raw = notice(mailed, shape)
    first, again = read(mailed, raw), read(mailed, raw)
    [event] = mailed.archive.delivery_events("ala-lakeside", MONTH, 1, LAKESIDE_LEADER)[-1:]

    assert ({"bounced": 1}, {"known": 1}) == (first, again)
    assert {LAKESIDE_LEADER: "bounced"} == {who: state for who, state in states(mailed).items() if state != "sent"}
    assert event.detail.startswith("given up: 5.1.1 no such mailbox (notice ")
    assert "@" not in event.detail


def test_nothing_is_sent_again_because_of_a_notice(mailed: World, server: Server) -> None:
    """The next delivery leaves it alone; a person's word sends it, and the old notice does not bounce the new mail."""
    raw = notice(mailed)
    read(mailed, raw)
    left = deliver(mailed, server, LATER)
    key = f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}"
    resend_delivery(mailed.workplace, key, "audit@hq.example", "the mailbox is there again")
    sent = deliver(mailed, server, LATER)
    [act] = mailed.archive.acts.page()

    assert ({"already": 5}, {"sent": 1, "already": 4}) == (left, sent)
    assert ("resend", f"ala-lakeside {MONTH} r1", "audit@hq.example") == (act.kind, act.subject, act.author)
    assert ({"known": 1}, "sent") == (read(mailed, raw), states(mailed)[LAKESIDE_LEADER])


@pytest.mark.parametrize(
    ("changes", "outcome", "state"),
    [
        ({"action": "delayed", "status": "4.4.1"}, "delayed", "sent"),
        ({"action": "failed", "status": "4.4.7"}, "bounced", "bounced"),
        ({"action": "failed", "status": "5.2.2"}, "bounced", "bounced"),
        ({"action": "", "status": "5.1.1"}, "bounced", "bounced"),
        ({"action": "", "status": "4.2.2"}, "delayed", "sent"),
        ({"action": "delivered", "status": "2.0.0"}, "unrelated", "sent"),
        ({"action": "relayed", "status": "2.0.0"}, "unrelated", "sent"),
    ],
)
def test_what_is_given_up_is_bounced_and_what_is_still_tried_is_a_note(
    mailed: World, changes: dict[str, str], outcome: str, state: str
) -> None:
    """The notice's action decides: a server that gives up after days does so with a code that begins with 4."""
    assert {outcome: 1} == read(mailed, notice(mailed, **changes))
    assert state == states(mailed)[LAKESIDE_LEADER]


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "president@harbor.example"},
        {"recipient": "stranger@elsewhere.example"},
        {"message_id": "<somebody.elses@hq.example>"},
        {"message_id": ""},
        {"recipient": ""},
    ],
)
def test_a_notice_that_is_not_of_this_mail_and_this_recipient_is_left_alone(
    mailed: World, changes: dict[str, str]
) -> None:
    """The Message-ID of one and the address of another is nobody's mail."""
    assert {"unrelated": 1} == read(mailed, notice(mailed, **changes))
    assert {"sent"} == set(states(mailed).values())


def junk(world: World) -> list[tuple[bytes, str]]:
    """What else lies in such a mailbox, and what becomes of it."""
    ours = message_id(world)
    nested = b"Content-Type: message/rfc822\n\n" * 5000 + b"end"
    answer = f"In-Reply-To: {ours}\nFrom: president@lakeside.example\nSubject: Out of office\n\nI am away.".encode()
    broken = notice(world).replace(b"Action: failed", b"Action: \xff\xfe\x00").replace(b"Status: 5.1.1", b"Status: ?")
    return [
        (answer, "unrelated"),
        (b"", "unrelated"),
        (b"\x00\xff" * 5000, "unrelated"),
        (nested, "unreadable"),
        (broken, "unrelated"),
        (notice(world).replace(b"message/delivery-status", b"text/plain"), "unrelated"),
        (notice(world)[:900], "unrelated"),
        (
            b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n--x--",
            "unrelated",
        ),
    ]


def test_junk_is_counted_and_left_alone(mailed: World) -> None:
    """Answers, noise, depths and halves: none stops the reading, and the one true notice among them is found."""
    said = [read(mailed, raw) for raw, _ in junk(mailed)]

    assert [{outcome: 1} for _, outcome in junk(mailed)] == said
    assert {"sent"} == set(states(mailed).values())
    assert 1 == read(mailed, *(raw for raw, _ in junk(mailed)), notice(mailed))["bounced"]


def test_a_notice_may_speak_of_several_recipients(mailed: World) -> None:
    """Only the one whose mail it was counts."""
    other = b"\nFinal-Recipient: rfc822; stranger@else.example\nAction: failed\nStatus: 5.1.1\n\n--B1"
    raw = notice(mailed).replace(
        b"\n--B1\nContent-Description: Undelivered", other + b"\nContent-Description: Undelivered"
    )

    assert 2 == len(notices_in(raw) or [])
    assert {"bounced": 1} == read(mailed, raw)


def test_a_real_mail_server_s_way(mailed: World) -> None:
    """A notice that came by SMTP into a folder of messages reads like one from a maildir."""
    inbox = Server()
    with listening(inbox), smtplib.SMTP("127.0.0.1", inbox.port) as client:
        client.sendmail("", ["chapterwatch@hq.example"], notice(mailed, "gmail").replace(b"\n", b"\r\n"))
    folder = mailed.home / "folder"
    folder.mkdir()
    [(_, raw)] = inbox.got
    (folder / "1.eml").write_bytes(raw)
    (folder / "notes.txt").write_text("not a message")

    assert 1 == read_bounces(mailed.workplace, folder)["bounced"]
    assert 1 == read_bounces(mailed.workplace, folder / "1.eml")["known"]


def test_no_such_place_is_told_in_one_line(mailed: World) -> None:
    """What to name instead."""
    with pytest.raises(UserError, match="name a message, a maildir or a folder"):
        read_bounces(mailed.workplace, Path("/nowhere/at/all"))


# --- listing and sending again --------------------------------------------------------------------------------------


def test_the_ledger_lists_what_needs_a_person(mailed: World) -> None:
    """A bounced mail comes with the key that sends it again; the others need nobody."""
    read(mailed, notice(mailed))
    stuck = [item for item in listed_deliveries(mailed.workplace, MONTH) if item.needs_a_person]

    assert [(f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}", True)] == [(i.key, i.can_be_sent_again) for i in stuck]
    assert 5 == len(list(listed_deliveries(mailed.workplace, None)))
    assert ["ala-lakeside"] == [i.row.chapter for i in listed_deliveries(mailed.workplace, MONTH, ["ala-lakeside"])]
    assert [] == list(listed_deliveries(mailed.workplace, MONTH, states=["unknown"]))


@pytest.mark.parametrize(
    ("key", "by", "note", "fault"),
    [
        ("nobody/2026-10/1/a@b.example", "me", "why", "the ledger has no mail"),
        (f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}", "me", "why", "is sent; only an unknown, refused or bounced"),
        (f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}", "", "why", "a person's decision"),
        (f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}", "me", " ", "a person's decision"),
    ],
)
def test_only_a_named_mail_is_sent_again_and_with_a_reason(
    mailed: World, key: str, by: str, note: str, fault: str
) -> None:
    """No mail by pattern, none that arrived, none without who and why."""
    with pytest.raises(UserError, match=fault):
        resend_delivery(mailed.workplace, key, by, note)

    assert {"sent"} == set(states(mailed).values())


def test_an_earlier_revision_is_not_sent_again(mailed: World) -> None:
    """The later one stands in its place."""
    read(mailed, notice(mailed))
    mailed.archive.issue_report("ala-lakeside", MONTH, "other facts", reason="Late export.", at=LATER)
    with pytest.raises(UserError, match="a later revision stands in its place"):
        resend_delivery(mailed.workplace, f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}", "me", "why")


def parsed(raw: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    return BytesParser(policy=EmailMessage().policy).parsebytes(raw)  # type: ignore[return-value]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shapes_are_what_they_claim(mailed: World, shape: str) -> None:
    """Each is a multipart/report with a delivery-status part: a test on a broken example would prove nothing."""
    message = parsed(notice(mailed, shape))

    assert "multipart/report" == message.get_content_type()
    assert "message/delivery-status" in [part.get_content_type() for part in message.walk()]
