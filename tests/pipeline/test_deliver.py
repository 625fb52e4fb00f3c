"""deliver(): each recipient once per revision, whatever the mail server does; what is unknown is not tried again."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from chapterwatch.errors import UserError
from chapterwatch.pipeline import Workplace, deliver_month
from chapterwatch.settings import Mail
from tests.pipeline.world import MONTH, MONTH_END, World

LAKESIDE_LEADER = "president@lakeside.example"
HARBOR_LEADERS = {"president@harbor.example", "comms@harbor.example"}
EVERYBODY = {LAKESIDE_LEADER, *HARBOR_LEADERS, "president@severn.example", "audit@hq.example"}
LATER = MONTH_END + timedelta(days=1)


@dataclass
class Server:
    """What a mail server got and how it answers, by recipient. The steps have the names aiosmtpd looks for."""

    port: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    #: Recipients after whose message the line breaks.
    drops: set[str] = field(default_factory=set)
    got: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: D102, N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: D102, N802
        self.got += [(recipient, envelope.content) for recipient in envelope.rcpt_tos]
        if self.drops & set(envelope.rcpt_tos):
            server.transport.abort()
        return "250 OK"

    @property
    def recipients(self) -> Counter[str]:
        """How many messages each recipient got."""
        return Counter(recipient for recipient, _ in self.got)


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def listening(server: Server) -> Iterator[Server]:
    """The server, up on its port."""
    server.port = server.port or free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    with listening(Server()) as running:
        yield running


def issue(world: World, facts: str, reason: str | None = None) -> None:
    """Every report of October lies there. What mail carries is a file as it lies there, so none is drawn here."""
    folder = world.home / "reports"
    folder.mkdir(exist_ok=True)
    for name in ("ala-lakeside", "ala-harbor", "ala-severn", "rollup:ala"):
        row = world.archive.issue_report(name, MONTH, facts, reason=reason, at=MONTH_END)
        path = folder / f"{name.replace(':', '-')}-r{row.revision}.pdf"
        path.write_bytes(f"%PDF-1.7 {name} {row.revision}".encode())
        world.archive.set_report_files(name, MONTH, row.revision, pdf_path=str(path), html_path=None, pdf_sha256=None)


@pytest.fixture
def issued(world: World) -> World:
    """The reports of October are made and nobody has them yet."""
    issue(world, "facts")
    return world


def deliver(world: World, server: Server, now: Any = MONTH_END, chapters: tuple[str, ...] = ()) -> dict[str, int]:
    """Mail what is due through this server; counts without the zeros."""
    mail = Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port)
    counts = deliver_month(world.at(now, mail=mail).workplace, MONTH, chapters)
    return {state: count for state, count in counts.items() if count}


def states(world: World) -> dict[str, str]:
    """The ledger's word on each recipient."""
    return {row.recipient: row.state.value for row in world.archive.deliveries(period=MONTH)}


def test_leadership_and_headquarters_get_their_reports(issued: World, server: Server) -> None:
    """Whoever leads a chapter gets its report, headquarters the roll-up; the webmaster gets nothing."""
    counts = deliver(issued, server)

    assert {"sent": 5} == counts
    assert Counter(EVERYBODY) == server.recipients
    assert dict.fromkeys(EVERYBODY, "sent") == states(issued)


def test_delivering_twice_mails_nobody_twice(issued: World, server: Server) -> None:
    """The second run finds everybody served."""
    deliver(issued, server)
    again = deliver(issued, server, LATER)

    assert {"already": 5} == again
    assert Counter(EVERYBODY) == server.recipients


def test_an_unreachable_server_defers_and_a_later_run_delivers(issued: World) -> None:
    """Nothing was handed over: deferred, the report lies where it lay, and the next run mails it once."""
    silent = Server(port=free_port())
    before = {path.name: path.read_bytes() for path in (issued.home / "reports").iterdir()}
    first = deliver(issued, silent)
    kept = {path.name: path.read_bytes() for path in (issued.home / "reports").iterdir()}
    with listening(silent):
        second = deliver(issued, silent, LATER)

    assert ({"deferred": 5}, {"sent": 5}) == (first, second)
    assert before == kept
    assert Counter(EVERYBODY) == silent.recipients
    assert dict.fromkeys(EVERYBODY, "sent") == states(issued)


def test_a_server_that_asks_to_wait_is_asked_again_later(issued: World, server: Server) -> None:
    """Greylisting is no refusal: the next run delivers to that recipient alone."""
    server.refuses = {LAKESIDE_LEADER: "451 try again later"}
    first = deliver(issued, server)
    server.refuses = {}
    second = deliver(issued, server, LATER)

    assert ({"sent": 4, "deferred": 1}, {"sent": 1, "already": 4}) == (first, second)
    assert Counter(EVERYBODY) == server.recipients


def test_one_refused_recipient_keeps_nobody_else_from_theirs(issued: World, server: Server) -> None:
    """550 is for good: refused and not tried again; the others of the chapter have theirs."""
    server.refuses = {"comms@harbor.example": "550 no such user"}
    first = deliver(issued, server)
    server.refuses = {}
    second = deliver(issued, server, LATER)

    assert ({"sent": 4, "refused": 1}, {"already": 5}) == (first, second)
    assert Counter(EVERYBODY - {"comms@harbor.example"}) == server.recipients
    assert "refused" == states(issued)["comms@harbor.example"]


def test_a_line_that_breaks_after_the_message_is_unknown_and_not_tried_again(issued: World, server: Server) -> None:
    """It may have arrived, and here it has: sending it again would be twice."""
    server.drops = {LAKESIDE_LEADER}
    first = deliver(issued, server)
    server.drops = set()
    second = deliver(issued, server, LATER)

    assert ({"sent": 4, "unknown": 1}, {"already": 5}) == (first, second)
    assert 1 == server.recipients[LAKESIDE_LEADER]
    assert "unknown" == states(issued)[LAKESIDE_LEADER]


def test_a_persons_word_sends_an_unknown_mail_again(issued: World, server: Server) -> None:
    """Somebody asked the president, who has nothing: now it is sent once more."""
    server.drops = {LAKESIDE_LEADER}
    deliver(issued, server)
    server.drops = set()
    issued.archive.resend_delivery(
        "ala-lakeside", MONTH, 1, LAKESIDE_LEADER, author="audit@hq.example", note="never came", at=LATER
    )

    assert {"sent": 1, "already": 4} == deliver(issued, server, LATER)


def test_a_claim_of_a_process_that_died_is_unknown(issued: World, server: Server) -> None:
    """Claimed and never settled: after half an hour it is shown as unknown, and it is not sent by itself."""
    key = ("ala-lakeside", MONTH, 1, LAKESIDE_LEADER)
    issued.archive.claim_delivery(*key, "<a@hq.example>", MONTH_END)
    soon = deliver(issued, server, MONTH_END + timedelta(minutes=29))
    meanwhile = states(issued)[LAKESIDE_LEADER]
    deliver(issued, server, MONTH_END + timedelta(minutes=31))

    assert {"sent": 4, "already": 1} == soon
    assert ("claimed", "unknown") == (meanwhile, states(issued)[LAKESIDE_LEADER])
    assert 0 == server.recipients[LAKESIDE_LEADER]


def test_a_new_revision_is_mailed_again(issued: World, server: Server) -> None:
    """Whoever had revision 1 gets revision 2 as well, under another Message-ID."""
    deliver(issued, server)
    issue(issued, "other facts", "A late export came in.")
    counts = deliver(issued, server, LATER)

    assert {"sent": 5} == counts
    assert Counter(dict.fromkeys(EVERYBODY, 2)) == server.recipients
    assert 10 == len({line for _, body in server.got for line in body.splitlines() if line.startswith(b"Message-ID")})


def test_runs_at_the_same_time_mail_everybody_once(issued: World, server: Server) -> None:
    """Four runs in four threads: the ledger's claim decides who sends, and nobody gets two."""
    mail = Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port)
    workplace: Workplace = issued.at(MONTH_END, mail=mail).workplace
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: deliver_month(workplace, MONTH), range(4)))

    assert Counter(EVERYBODY) == server.recipients
    assert (5, 15) == (sum(one["sent"] for one in done), sum(one["already"] for one in done))


def test_no_mail_configured_is_told_in_one_line(issued: World) -> None:
    """Nothing is claimed, and the line says what to set."""
    issued.at(MONTH_END, mail=None)
    with pytest.raises(UserError, match="no mail is configured; set CHAPTERWATCH_MAIL"):
        deliver_month(issued.workplace, MONTH)

    assert {} == states(issued)


def test_a_lost_pdf_is_told_and_claims_nothing(issued: World, server: Server) -> None:
    """A mail that cannot be made must not look like one that may have been sent; the other chapters get theirs."""
    row = issued.archive.latest_report("ala-lakeside", MONTH)
    assert row is not None
    Path(str(row.pdf_path)).unlink()
    counts = deliver(issued, server)

    assert 1 == counts["lost"]
    assert counts["sent"] == sum(server.recipients.values()) > 0
    assert LAKESIDE_LEADER not in states(issued)


def test_one_chapter_alone_is_mailed_alone(issued: World, server: Server) -> None:
    """A chapter named: its leadership, and no roll-up to headquarters."""
    counts = deliver(issued, server, chapters=("ala-harbor",))

    assert {"sent": 2} == counts
    assert Counter(HARBOR_LEADERS) == server.recipients


def test_a_month_without_reports_mails_nobody(world: World, server: Server) -> None:
    """Nothing was published, so nothing is due."""
    assert {} == deliver(world, server)
    assert Counter() == server.recipients
