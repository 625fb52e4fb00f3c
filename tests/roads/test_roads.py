"""Both roads over the sample network, end to end: Airflow's DAGs and the command line, with the real parts of each."""

import csv
import json
import mailbox
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy as email_policy
from email.parser import BytesParser
from pathlib import Path
from time import sleep
from typing import Any
from unittest import mock

import pytest
import yaml
from pypdf import PdfReader

from chapterwatch.archive import Archive
from chapterwatch.model import Finding
from sample import exports, server
from sample.demo import MONTH, MONTH_END, NIGHTS
from tests.ran import ran

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Road:
    """Where one road ended, and what its driver told."""

    home: Path
    told: dict[str, Any]

    def findings(self) -> list[dict[str, str]]:
        """The month's findings as exported."""
        with (self.home / "findings.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def pdf_text(self, name: str) -> str:
        """The text of a report's PDF."""
        [path] = (self.home / "reports" / MONTH).glob(f"{name}-*.pdf")
        return " ".join("\n".join(page.extract_text() for page in PdfReader(path).pages).split())


def run(*arguments: str, environment: dict[str, str], expect: int = 0) -> str:
    """Run a program as a user would; fail with what it printed unless it ends with the status. Returns its output."""
    done = subprocess.run(
        arguments, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
    )
    assert expect == done.returncode, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def plain_environment() -> dict[str, str]:
    """This process's environment without any setting of ours or of Airflow."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CHAPTERWATCH_", "AIRFLOW"))}


@pytest.fixture(scope="module")
def dag_road(tmp_path_factory: pytest.TempPathFactory) -> Road:
    home = tmp_path_factory.mktemp("dags")
    driver = str(Path(__file__).with_name("dag_road.py"))
    told = run(sys.executable, driver, str(home), environment=plain_environment())
    return Road(home, json.loads(told.splitlines()[-1]))


@contextmanager
def platform(home: Path) -> Iterator[tuple[server.RunningServer, dict[str, str]]]:
    """The sample's platform with the settings of a command line that asks it."""
    running = server.start(now=NIGHTS[0])
    connections = (ROOT / "sample" / "connections.yml").read_text(encoding="utf-8")
    (home / "connections.yml").write_text(connections.replace("http://127.0.0.1:{port}", running.url), encoding="utf-8")
    environment = plain_environment() | {
        "CHAPTERWATCH_HOME": str(home),
        "CHAPTERWATCH_REGISTRY": str(ROOT / "sample" / "registry.yml"),
        "CHAPTERWATCH_CONNECTIONS": str(home / "connections.yml"),
        "CHAPTERWATCH_MAIL": f"maildir:{home / 'mail'}",
        "CHAPTERWATCH_SENDER": "chapterwatch@hq.example",
    }
    try:
        yield running, environment
    finally:
        running.stop()


#: Runs one command of the command line; fails unless it ends with the status; returns what it printed.
Command = Callable[..., str]


def programs(environment: dict[str, str]) -> Command:
    """Each command a program of its own, as a user's are."""
    program = str(Path(sys.executable).with_name("chapterwatch"))

    def command(*arguments: str, expect: int) -> str:
        return run(program, *arguments, environment=environment, expect=expect)

    return command


def calls(capsys: pytest.CaptureFixture[str], environment: dict[str, str]) -> Command:
    """All commands in this process, which reads and compiles the packs once and not once a night."""

    def command(*arguments: str, expect: int) -> str:
        with mock.patch.dict(os.environ, environment, clear=True):
            done = ran(capsys, arguments)
        assert expect == done.status, done.out[-2000:] + done.err[-4000:]
        return done.out

    return command


def walk_nights(running: server.RunningServer, environment: dict[str, str], command: Command) -> str:
    """Collect and audit every night by the command line; returns the month's findings as CSV."""
    exports.write_exports(Path(environment["CHAPTERWATCH_HOME"]) / "inbox", NIGHTS[0])
    for night in NIGHTS:
        running.set_clock(night)
        environment["CHAPTERWATCH_NOW"] = night.isoformat()
        # Not all can be seen, and the status says so.
        command("collect", expect=1)
        if night == NIGHTS[1]:
            # A window limit is over after three seconds: the same night again asks only what is missing.
            sleep(4)
            command("collect", expect=1)
        command("audit", expect=0)
    return command("findings", "--month", MONTH, "--format", "csv", expect=1)


@pytest.fixture(scope="module")
def cli_road(tmp_path_factory: pytest.TempPathFactory) -> Road:
    home = tmp_path_factory.mktemp("cli")
    with platform(home) as (running, environment):
        command = programs(environment)
        findings = walk_nights(running, environment, command)
        environment["CHAPTERWATCH_NOW"] = MONTH_END.isoformat()
        command("publish", MONTH, expect=0)
        told = {name: command("deliver", MONTH, expect=0) for name in ("delivered", "again")}
        told["verified"] = command("archive", "verify", expect=0)
    (home / "findings.csv").write_text(findings, encoding="utf-8")
    return Road(home, told)


def test_both_roads_find_the_same(dag_road: Road, cli_road: Road) -> None:
    """Airflow and the command line call the same four steps, so they find the same, to the letter."""
    assert len(cli_road.findings()) > 40
    assert cli_road.findings() == dag_road.findings()


def test_a_reply_through_airflow_is_kept_once(dag_road: Road) -> None:
    """An appeal given twice is one; an office the chapter does not have is refused."""
    told = dag_road.told["replies"]

    assert ["success", "success", "failed"] == told["states"]
    assert [["appeal", "It is a quotation.", "president", "ui"]] == told["kept"]


def test_dag_runs_end_well(dag_road: Road) -> None:
    """Nights, month end and audits on request succeed; a request for a stranger's address fails."""
    names = ("month_end", "month_end_again", "adhoc", "adhoc_fresh", "verified", "health")
    states = {name: dag_road.told[name] for name in names}

    assert dict.fromkeys(states, "success") == states
    assert "failed" == dag_road.told["adhoc_of_strangers"]


def test_month_again_mails_nobody_twice(dag_road: Road, cli_road: Road) -> None:
    """Every leader and both headquarters get one mail, however often the month is run; two alerts came before."""
    assert (13, 13) == (dag_road.told["mails"], dag_road.told["mails_again"])
    assert "11 sent, 0 deferred, 0 refused, 0 unknown, 0 already, 0 lost" == cli_road.told["delivered"].strip()
    assert "0 sent, 0 deferred, 0 refused, 0 unknown, 11 already, 0 lost" == cli_road.told["again"].strip()


def test_install_mails_nobody(dag_road: Road) -> None:
    """The first run is the next tick: also where one has just passed, which Airflow by itself would make up for."""
    clocks = ("collect_posts", "publish_reports", "tell_health", "verify_archive")
    assert dict.fromkeys(clocks, "ahead") == dag_road.told["first_runs"]
    on_request, upkeep = {"adhoc_audit", "answer_finding"}, {"tell_health", "verify_archive"}
    assert {"audit_chapters", "collect_posts", "publish_reports"} | on_request | upkeep == set(
        dag_road.told["schedules"]
    )


def test_audit_follows_the_archive(dag_road: Road) -> None:
    """Asset events of a partitioned run start only partitioned runs: the nightly run must not be one."""
    schedules = dag_road.told["schedules"]

    assert "Partition" not in schedules["collect_posts"]
    assert "AssetTriggered" in schedules["audit_chapters"]


def truth() -> list[dict[str, Any]]:
    """What was planted in the sample."""
    planted = yaml.safe_load((ROOT / "sample" / "truth.yml").read_text(encoding="utf-8"))
    entries: list[dict[str, Any]] = planted["entries"]
    return entries


@pytest.fixture(scope="module")
def found(dag_road: Road) -> dict[tuple[str, str], list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = {}
    with Archive.open(f"sqlite:///{dag_road.home / 'archive.sqlite'}") as archive:
        for finding in archive.findings():
            subject = "profile" if finding.subject_kind == "profile" else finding.subject_id
            found.setdefault((finding.account_key, subject), []).append(finding)
    return found


def told_of(entry: dict[str, Any], found: dict[tuple[str, str], list[Finding]]) -> list[Finding]:
    """The findings that speak of a planted entry's clauses on its subject."""
    subject = str(entry.get("post") or "profile")
    credit = entry["expect"] == "credit"
    in_picture = entry.get("field") == "picture"
    return [
        finding
        for finding in found.get((entry["account"], subject), [])
        if (finding.lane == "credit") == credit and set(finding.clauses) & set(entry["clauses"])
        if finding.field.startswith("picture:") or not in_picture
    ]


def test_no_near_miss_is_accused(found: dict[tuple[str, str], list[Finding]]) -> None:
    """A wrong accusation hurts a person: none of the planted near-misses becomes a finding."""
    accused = [entry["evidence"] for entry in truth() if entry["expect"] == "clean" and told_of(entry, found)]

    assert [] == accused


#: Planted in words that only Tesseract reads, which not every machine has.
IN_WORDS_OF_PICTURES = {"+1 202 555 0186", "fucking tired", "chat-night"}


def test_planted_breaches_are_found(found: dict[tuple[str, str], list[Finding]]) -> None:
    """Every planted breach is told by a rule of one of its clauses."""
    missed = {entry["evidence"] for entry in truth() if entry["expect"] == "breach" and not told_of(entry, found)}
    unread = set() if shutil.which("tesseract") else IN_WORDS_OF_PICTURES

    assert unread == missed


def test_mended_breaches_are_closed(found: dict[tuple[str, str], list[Finding]]) -> None:
    """What was edited away or deleted is closed by what the platform shows; everything else stands."""
    for entry in truth():
        if entry["expect"] == "breach" and entry.get("field") not in {"edit", "deletion"}:
            closed = [finding.closed_at is not None for finding in told_of(entry, found)]
            assert [bool(entry.get("mended_at"))] * len(closed) == closed, entry


def test_report_of_a_chapter_with_findings(dag_road: Road) -> None:
    """The PDF says what is new, open and fixed, quotes the clause, and masks the personal data it is about."""
    text = dag_road.pdf_text("ala-copper-canyon")

    assert "Copper Canyon Chapter" in text
    assert "October 2026" in text
    assert "Avoid giving out personal information about yourself or your fellow members" in text
    for row in dag_road.findings():
        if row["rule"] == "ala.personal_data" and row["excerpt"]:
            assert row["excerpt"] not in text


def test_report_of_a_clean_chapter(dag_road: Road) -> None:
    """A chapter without findings is told so, for what could be seen."""
    text = dag_road.pdf_text("ala-prairie")

    assert "No findings" in text
    assert "Findings in full" not in text


def test_dead_token_is_on_page_one(dag_road: Road) -> None:
    """A clean page over a dead token would be a lie."""
    [path] = (dag_road.home / "reports" / MONTH).glob("ala-harbor-*.pdf")
    first = " ".join(PdfReader(path).pages[0].extract_text().split())

    assert "1 of 2 accounts could not be looked at" in first
    assert "The platform refused our access" in first


def test_pdf_is_tagged_titled_and_in_a_language(dag_road: Road) -> None:
    """Readers with screen readers get title, language, tags and bookmarks."""
    for path in sorted((dag_road.home / "reports" / MONTH).glob("*.pdf")):
        pdf = PdfReader(path)
        root = pdf.trailer["/Root"]
        assert pdf.metadata is not None
        language, month = ("es", "octubre de 2026") if "sierra" in path.name else ("en", "October 2026")
        assert month in str(pdf.metadata.title)
        assert language == root["/Lang"]
        assert root["/MarkInfo"]["/Marked"]
        assert pdf.outline


def test_mails(dag_road: Road) -> None:
    """Each mail goes to one leader of its own chapter, says in its subject what changed, and carries the PDF.

    Before them each headquarters was told of critical findings, without a file and without a word of a post.
    """
    registry = yaml.safe_load((ROOT / "sample" / "registry.yml").read_text(encoding="utf-8"))
    leaders = {
        person["email"]: chapter["name"]
        for association in registry["associations"]
        for chapter in association["chapters"]
        for person in chapter["people"]
        if person.get("leadership")
    }
    headquarters = {mail for association in registry["associations"] for mail in association["headquarters"]}
    box = mailbox.Maildir(dag_road.home / "mail", create=False)
    messages = [BytesParser(policy=email_policy.default).parsebytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118

    alerts = [message for message in messages if message["Subject"].startswith("Please look today")]
    reports = [message for message in messages if message not in alerts]
    assert sorted(headquarters) == sorted(str(message["To"]) for message in alerts)
    assert [] == [part for message in alerts for part in message.iter_attachments()]
    assert sorted([*leaders, *headquarters]) == sorted(str(message["To"]) for message in reports)
    for message in reports:
        attached = next(message.iter_attachments())
        assert attached.get_content().startswith(b"%PDF")
        if message["To"] in leaders:
            assert leaders[str(message["To"])] in message["Subject"]


def test_no_secret_in_what_airflow_and_we_keep(dag_road: Road) -> None:
    """The sample's tokens stand in no log, no database, no report and no mail, in plain or URL-encoded form."""
    data = yaml.safe_load((ROOT / "sample" / "connections.yml").read_text(encoding="utf-8"))["connections"]
    secrets = [value.encode() for item in data.values() for value in item.get("secrets", {}).values()]
    leaks = [
        (path.relative_to(dag_road.home).as_posix(), secret)
        for path in sorted(dag_road.home.rglob("*"))
        if path.is_file()
        for secret in secrets
        if secret in path.read_bytes()
    ]

    assert secrets
    assert [] == leaks


def test_archive_is_whole(cli_road: Road) -> None:
    """Every capture of both kinds of access verifies."""
    assert cli_road.told["verified"].strip().endswith("whole")


def test_postgresql_finds_the_same(
    cli_road: Road, postgres: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The archive on PostgreSQL leads to the same findings as the one on SQLite."""
    with platform(tmp_path) as (running, environment):
        environment["CHAPTERWATCH_DATABASE"] = postgres.create("road")
        try:
            findings = walk_nights(running, environment, calls(capsys, environment))
        finally:
            postgres.drop("road")

    assert cli_road.findings() == list(csv.DictReader(findings.splitlines(keepends=True)))
