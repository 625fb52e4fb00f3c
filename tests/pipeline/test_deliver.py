"""deliver(): each recipient once per revision, whatever the mail server does; what is unknown is not tried again."""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from chapterwatch.errors import UserError
from chapterwatch.pipeline import Workplace, deliver_month, resend_delivery, steps
from chapterwatch.pipeline.deliver import Parcel
from chapterwatch.pipeline.deliver import deliver as deliver_parcels
from chapterwatch.settings import Mail
from reports.mail import Letter, message_id
from tests.pipeline.world import LAKESIDE, MONTH, MONTH_END, World, post

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


def letter(about: str, revision: int, **changes: Any) -> Letter:
    """What the mail of a report says."""
    said: dict[str, Any] = {
        "about": about,
        "language": "en",
        "written_on": MONTH_END.date(),
        "sender_name": "Association of Legal Administrators",
        "subject": f"October 2026, {about.replace(':', ' ')}, revision {revision}",
        "changed": "Since September 2026: 2 new findings.",
        "headline": "2 findings to look at.",
        "moved": "",
        "heading": about,
        "kind": "Social media report, October 2026",
        "greeting": "Dear colleagues,",
        "contact": "help@hq.example",
        "questions": "Questions? Reply to this mail.",
        "confidential": "Confidential.",
        "more": "",
        "stem": f"{about.replace(':', '-')}-r{revision}",
    }
    lists = dict.fromkeys(("notices", "todo", "chapters", "unseen", "unjudged"), ())
    return Letter(**said | lists | changes)


def issue(world: World, facts: str, reason: str | None = None, **said: Any) -> None:
    """Every report of October lies there with its mail's words. Mail carries files as they lie: none is drawn here."""
    folder = world.home / "reports"
    folder.mkdir(exist_ok=True)
    for name in ("ala-lakeside", "ala-harbor", "ala-severn", "rollup:ala"):
        row = world.archive.issue_report(name, MONTH, facts, reason=reason, at=MONTH_END)
        path = folder / f"{name.replace(':', '-')}-r{row.revision}.pdf"
        path.write_bytes(f"%PDF-1.7 {name} {row.revision}".encode())
        world.archive.keep_letter(name, MONTH, row.revision, letter(name, row.revision, **said).as_json())
        world.archive.set_report_files(name, MONTH, row.revision, pdf_path=str(path), html_path=None, pdf_sha256=None)


@pytest.fixture
def issued(world: World) -> World:
    """The reports of October are made and nobody has them yet."""
    issue(world, "facts")
    return world


def deliver(world: World, server: Server, now: Any = MONTH_END, chapters: tuple[str, ...] = ()) -> dict[str, int]:
    """Mail what is due through this server; counts without the zeros."""
    mail = Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port)
    counts = deliver_month(world.at(now, mail=mail).workplace, MONTH, chapters, although_held=True)
    return {state: count for state, count in counts.items() if count}


def states(world: World) -> dict[str, str]:
    """The ledger's word on each recipient."""
    return {row.recipient: row.state.value for row in world.archive.deliveries(period=MONTH)}


def test_a_month_that_is_not_over_is_not_mailed(issued: World, server: Server) -> None:
    """Not even where somebody issued it early: what is not whole goes to nobody."""
    with pytest.raises(UserError, match="2026-10 closes on 2026-11-02 at 06:00 UTC"):
        deliver(issued, server, now=MONTH_END - timedelta(seconds=1))

    assert not server.recipients


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
    resend_delivery(issued.workplace, f"ala-lakeside/{MONTH}/1/{LAKESIDE_LEADER}", "dana", "never came")

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
        done = list(pool.map(lambda _: deliver_month(workplace, MONTH, although_held=True), range(4)))

    assert Counter(EVERYBODY) == server.recipients
    assert (5, 15) == (sum(one["sent"] for one in done), sum(one["already"] for one in done))


def test_no_mail_configured_is_told_in_one_line(issued: World) -> None:
    """Nothing is claimed, and the line says what to set."""
    issued.at(MONTH_END, mail=None)
    with pytest.raises(UserError, match="no mail is configured; set CHAPTERWATCH_MAIL"):
        deliver_month(issued.workplace, MONTH, although_held=True)

    assert {} == states(issued)


def test_a_lost_pdf_is_told_and_claims_nothing(issued: World, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """A mail that cannot be made must not look like one that may have been sent; the other chapters get theirs."""
    row = issued.archive.latest_report("ala-lakeside", MONTH)
    assert row is not None
    Path(str(row.pdf_path)).unlink()
    counts = deliver(issued, server)

    assert 1 == counts["lost"]
    assert counts["sent"] == sum(server.recipients.values()) > 0
    assert LAKESIDE_LEADER not in states(issued)
    assert f"ala-lakeside {MONTH} revision 1: its PDF is not in the store of files" in caplog.text


def test_one_chapter_alone_is_mailed_alone(issued: World, server: Server) -> None:
    """A chapter named: its leadership, and no roll-up to headquarters."""
    counts = deliver(issued, server, chapters=("ala-harbor",))

    assert {"sent": 2} == counts
    assert Counter(HARBOR_LEADERS) == server.recipients


def test_a_month_without_reports_mails_nobody(world: World, server: Server) -> None:
    """Nothing was published, so nothing is due."""
    assert {} == deliver(world, server)
    assert Counter() == server.recipients


# --- what a mail says and carries -----------------------------------------------------------------------------------


def message_to(server: Server, recipient: str) -> EmailMessage:
    """The last message a recipient got."""
    [*_, raw] = [content for to, content in server.got if to == recipient]
    return BytesParser(policy=policy.default).parsebytes(raw)  # type: ignore[return-value]


def attached(message: EmailMessage) -> dict[str, bytes]:
    """What is attached, by name."""
    return {str(part.get_filename()): part.get_payload(decode=True) for part in message.iter_attachments()}


def test_a_mail_sent_late_says_what_was_true_at_its_issue(issued: World, server: Server) -> None:
    """What became known since belongs to a later report: mail and PDF are of the same day."""
    late = post("9", "This is bullshit.", MONTH_END - timedelta(days=9))
    issued.store(LAKESIDE, late, at=MONTH_END + timedelta(days=1))
    issued.audit(MONTH_END + timedelta(days=1))
    deliver(issued, server, LATER, ("ala-lakeside",))
    message = message_to(server, LAKESIDE_LEADER)

    assert "October 2026, ala-lakeside, revision 1" == message["Subject"]
    assert "Since September 2026: 2 new findings." in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Mon, 02 Nov 2026 09:00:00 +0000" == message["Date"]


def test_a_report_issued_before_words_were_kept_is_worded_from_its_view(world: World, server: Server) -> None:
    """An archive of an older version delivers as it did."""
    row = world.archive.issue_report("ala-severn", MONTH, "facts", reason=None, at=MONTH_END)
    path = world.home / "severn.pdf"
    path.write_bytes(b"%PDF-1.7")
    world.archive.set_report_files(
        "ala-severn", MONTH, row.revision, pdf_path=str(path), html_path=None, pdf_sha256=None
    )

    assert {"sent": 1} == deliver(world, server, chapters=("ala-severn",))
    assert message_to(server, "president@severn.example")["Subject"].startswith("Severn Chapter, October 2026")


def test_a_mail_carries_pdf_tables_and_form(world: World, server: Server) -> None:
    """What lies beside the PDF as it was issued, and the form of reply that went with it."""
    issue(world, "facts", reply_form="chapter: ala-lakeside\n", reply_until="1 December 2026")
    (world.home / "reports" / "ala-lakeside-r1.xlsx").write_bytes(b"PK tables")
    deliver(world, server, chapters=("ala-lakeside",))
    message = message_to(server, LAKESIDE_LEADER)
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    expected = {
        "ala-lakeside-r1.pdf": b"%PDF-1.7 ala-lakeside 1",
        "ala-lakeside-r1.xlsx": b"PK tables",
        "ala-lakeside-r1-reply.yml": b"chapter: ala-lakeside\n",
    }
    assert expected == attached(message)
    assert "audit@hq.example by 1 December 2026" in text
    assert "audit@hq.example" == message["Reply-To"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://reports.hq.example/all", "https://reports.hq.example/all/ala-lakeside-r1.pdf"),
        (None, "The full report is too large for a mail. Ask help@hq.example for it."),
    ],
)
def test_what_is_too_large_is_linked_or_asked_for(world: World, server: Server, url: str | None, said: str) -> None:
    """Above the limit no report is attached, in whatever part; the form is small and comes along."""
    issue(world, "facts", reply_form="chapter: ala-lakeside\n", reply_until="1 December 2026")
    world.at(MONTH_END, attach_limit=20, reports_url=url)
    deliver(world, server, chapters=("ala-lakeside",))
    message = message_to(server, LAKESIDE_LEADER)

    assert ["ala-lakeside-r1-reply.yml"] == list(attached(message))
    for kind in ("plain", "html"):
        assert said in re.sub(r"<[^>]*>", "", message.get_body((kind,)).get_content())  # type: ignore[union-attr]


def test_a_report_at_the_limit_is_still_attached(issued: World, server: Server) -> None:
    """The near-miss: exactly as large as allowed."""
    size = (issued.home / "reports" / "ala-lakeside-r1.pdf").stat().st_size
    deliver(issued.at(MONTH_END, attach_limit=size), server, chapters=("ala-lakeside",))

    assert ["ala-lakeside-r1.pdf"] == list(attached(message_to(server, LAKESIDE_LEADER)))


def test_a_chapter_s_months_are_one_thread(issued: World, server: Server) -> None:
    """Every mail refers to the chapter's thread, a revision to the one before; no two chapters share one."""
    deliver(issued, server)
    issue(issued, "other facts", "A late export came in.")
    deliver(issued, server, LATER)
    first = message_id("ala-lakeside", MONTH, 1, LAKESIDE_LEADER, "chapterwatch@hq.example")
    told = [
        str(BytesParser(policy=policy.default).parsebytes(raw)["References"]).split()
        for to, raw in server.got
        if to == LAKESIDE_LEADER
    ]
    others = {str(message_to(server, one)["References"]).split()[0] for one in EVERYBODY - {LAKESIDE_LEADER}}

    assert [1, 2] == [len(refers) for refers in told]
    assert told[0][0] == told[1][0]
    assert first == told[1][1]
    assert told[0][0] not in others


# --- whom it may reach ----------------------------------------------------------------------------------------------


def remove(world: World, address: str) -> None:
    """Somebody takes an address out of the registry's file."""
    path = world.home / "chapters.yml"
    path.write_text(path.read_text().replace(address, "former@elsewhere.example"))


def test_whoever_left_the_registry_meanwhile_gets_nothing(issued: World, server: Server) -> None:
    """The registry's file is asked right before: what the run read at its start is not enough."""
    assert 3 == len(issued.workplace.registry.chapters)
    remove(issued, "comms@harbor.example")
    counts = deliver(issued, server)

    assert {"sent": 4, "refused": 1} == counts
    assert "comms@harbor.example" not in server.recipients
    assert "comms@harbor.example" not in states(issued)


def test_the_finished_message_is_checked_again_after_its_claim(
    issued: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the claim and the sending the registry changes: the claim is settled as refused, nothing leaves."""
    archive = issued.archive
    claim = archive.claim_delivery

    def claimed(*args: Any) -> bool:
        remove(issued, LAKESIDE_LEADER)
        return claim(*args)

    monkeypatch.setattr(archive, "claim_delivery", claimed)
    counts = deliver(issued, server, chapters=("ala-lakeside",))
    [row] = archive.deliveries("ala-lakeside", MONTH)

    assert ({"refused": 1}, Counter()) == (counts, server.recipients)
    assert ("refused", "the registry does not name this recipient for this report") == (row.state.value, row.detail)


def test_a_registry_broken_after_the_claim_defers(
    issued: World, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can be told entitled: nothing leaves, and the next run may try again."""
    archive = issued.archive
    claim = archive.claim_delivery

    def claimed(*args: Any) -> bool:
        (issued.home / "chapters.yml").write_text("associations: [")
        return claim(*args)

    monkeypatch.setattr(archive, "claim_delivery", claimed)

    assert {"deferred": 1} == deliver(issued, server, chapters=("ala-severn",))
    assert Counter() == server.recipients


def test_words_of_another_chapter_never_leave_with_a_report(issued: World, server: Server) -> None:
    """A letter about Harbor beside Lakeside's report is a mistake somewhere: nobody gets either."""
    office = steps.post_of(issued.at(MONTH_END, mail=Mail(sender="a@hq.example", port=server.port)).workplace)
    row = issued.archive.latest_report("ala-lakeside", MONTH)
    assert row is not None
    mixed = Parcel(report=row, letter=letter("ala-harbor", 1), recipients=(LAKESIDE_LEADER, *HARBOR_LEADERS))

    assert {"refused": 3} == {state: count for state, count in deliver_parcels(office, [mixed]).items() if count}
    assert Counter() == server.recipients
