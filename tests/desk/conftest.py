"""A small invented network with its archive, and the pages over it under a real server."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from fastapi import FastAPI, Request

from chapterwatch.archive import Archive
from chapterwatch.model import (
    Coverage,
    DeliveryState,
    Finding,
    Lane,
    Media,
    Page,
    PostReading,
    Seen,
    Severity,
    Window,
)
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import POLICIES
from chapterwatch.sampling import Candidate, Drawn
from chapterwatch.settings import Settings
from desk import guard
from desk.app import Desk, build
from desk.visit import Login

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
HERE = "lakeside"
THERE = "harbor"
INTERNAL = "x:3003"

REGISTRY = """
associations:
  - id: ala
    name: Association of Legal Administrators
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    roster_names: [Marta Ostrowe]
    chapters:
      - id: lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {name: Harriet Vossler, email: president@lakeside.example, role: president, leadership: true}
          - {name: Oskar Lind, email: web@lakeside.example, role: webmaster}
        accounts:
          - {platform: x, native_id: "2001", handle: lakeside, space: official, access: public_api, connection: c,
             owner: web@lakeside.example, expires: 2026-11-20}
          - {platform: x, native_id: "3003", handle: inner, space: internal, access: public_api, connection: c}
      - id: harbor
        name: Harbor Chapter
        country: US
        people:
          - {name: Imelda Castor, email: president@harbor.example, role: president, leadership: true}
        accounts:
          - {platform: x, native_id: "2002", handle: harbor, space: official, access: public_api, connection: c}
staff:
  - {user: vera, role: viewer, chapters: [lakeside]}
  - {user: remo, role: reviewer, chapters: [lakeside]}
  - {user: rosa, role: reviewer}
  - {user: paul, role: publisher}
  - {user: ada, role: admin}
"""

WORDS = "Call Jane Roe at +1 202 555 0147 today, ask @strange_owl about the harassment."
HIT = "+1 202 555 0147"
#: Nothing is found in it, and a report would still black out whom it names.
QUIET = "Thank you @strange_owl for the cake."


@dataclass
class Desktop:
    """The running pages, and what they run over."""

    url: str
    home: Path
    archive: Archive
    keys: dict[str, str]
    sessions: dict[str, requests.Session] = field(default_factory=dict)

    def get(self, who: str, path: str, **options: Any) -> requests.Response:
        """What somebody sees at a path; `who` empty for nobody."""
        return self._session(who).get(self.url + path, timeout=60, allow_redirects=False, **options)

    def post(self, who: str, path: str, form: dict[str, Any] | None = None, **options: Any) -> requests.Response:
        """Send a form as the page of that person would."""
        headers = {"Origin": self.url.rsplit("/desk/", 1)[0], **options.pop("headers", {})}
        fields = {"token": self.token(who), **(form or {})}
        given = {"data": fields, "headers": headers, "timeout": 60, "allow_redirects": False}
        return self._session(who).post(self.url + path, **given, **options)

    def token(self, who: str) -> str:
        """A token as a form of that person's holds it; empty where no page has a form for them."""
        return guard.token(SECRET, who, NOW.timestamp())

    def _session(self, who: str) -> requests.Session:
        if who not in self.sessions:
            self.sessions[who] = requests.Session()
            self.sessions[who].cookies.set("who", who)
        return self.sessions[who]


SECRET = b"invented for the tests, 32 bytes"


def finding(key: str, chapter: str, account: str, **changes: Any) -> Finding:
    facts: dict[str, Any] = {
        "key": key,
        "rule_id": "ala.personal_data",
        "rule_version": 1,
        "pack": "ala",
        "pack_version": "1",
        "clauses": ("ALA-23",),
        "severity": Severity.HIGH,
        "lane": Lane.AUTO,
        "account_key": account,
        "chapter": chapter,
        "subject_kind": "post",
        "subject_id": "100",
        "revision": 0,
        "content_hash": "c",
        "capture_hash": "h",
        "field": "text",
        "start": WORDS.index(HIT),
        "end": WORDS.index(HIT) + len(HIT),
        "excerpt": HIT,
        "reason": "a phone number",
        "confidence": 0.9,
        "opened_at": NOW - timedelta(days=12),
    }
    return Finding(**facts | changes)


@pytest.fixture(scope="session")
def make_finding() -> Callable[..., Finding]:
    """`finding`, for the tests beside this file."""
    return finding


def furnish(home: Path, database: str) -> Workplace:
    """An archive with one post and finding a account, a night, reports with their files, and mails."""
    path = home / "chapters.yml"
    path.write_text(REGISTRY, encoding="utf-8")
    settings = Settings(
        home=home,
        registry=path,
        database=database,
        policies=POLICIES,
        connections_file=None,
        mail=None,
        pinned_now=NOW,
    )
    place = Workplace(settings, settings.connection)
    archive, accounts = place.archive, place.registry.accounts
    archive.register_accounts(accounts, NOW - timedelta(days=60))
    archive.start_run("nightly:2026-11-01", "collect", "2026-11-01", NOW - timedelta(hours=6))
    for account in accounts:
        _posted(archive, account.key)
        _posted(archive, account.key, "101", QUIET)
        window = Window(since=NOW - timedelta(days=30), until=NOW)
        unseen = account.chapter == THERE
        archive.add_coverage(
            [
                Coverage(
                    run_id="nightly:2026-11-01",
                    account_key=account.key,
                    asked="posts",
                    seen=Seen.UNKNOWN if unseen else Seen.SEEN,
                    reason="credentials_rejected" if unseen else None,
                    detail="",
                    window=window,
                    at=NOW - timedelta(hours=6),
                )
            ]
        )
    found = [finding("a1", HERE, "x:2001"), finding("b1", THERE, "x:2002"), finding("i1", HERE, INTERNAL)]
    found.append(finding("a2", HERE, "x:2001", severity=Severity.CRITICAL, rule_id="ala.threat", lane=Lane.ASSIST,
                         clauses=("ALA-03",), start=0, end=4, excerpt="Call"))  # fmt: skip
    archive.save_findings([_captured(archive, one) for one in found], at=NOW - timedelta(days=11))
    for name in (HERE, THERE, "rollup:ala"):
        _issued(place, name)
    archive.samples.keep("ala", "2026-10", [_drawn(key) for key in ("x:2001", "x:2002", INTERNAL)], NOW)
    return place


def _drawn(key: str) -> Drawn:
    post = Candidate(stratum="x en", account_key=key, subject_id="101", revision=0)
    return Drawn(post=post, stratum_size=50)


def _posted(archive: Archive, key: str, native_id: str = "100", text: str = WORDS) -> None:
    first = PostReading(
        native_id=native_id,
        kind="post",
        created_at=NOW - timedelta(days=12),
        created_raw="",
        text=text,
        raw=b"{}",
        permalink=f"https://x.example/post/{native_id}",
        media=(Media(kind="photo", url="https://x.example/p.jpg", alt_text="a picnic"),),
    )
    given: dict[str, Any] = {"run_id": "nightly:2026-11-01", "connector": "x"}
    archive.record_page(key, Page(posts=(first,)), captured_at=NOW - timedelta(days=11), **given)


def _captured(archive: Archive, one: Finding) -> Finding:
    version = archive.shelf.subject(one).versions[0]
    return replace(one, capture_hash=version.capture_hash, content_hash=version.content_hash)


def _issued(place: Workplace, name: str) -> None:
    archive, folder = place.archive, place.settings.home / "reports" / "2026-10"
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{name.replace(':', '-')}-2026-10-r1"
    body = f"%PDF-1.7 of {name}".encode()
    stem.with_suffix(".pdf").write_bytes(body)
    page = f'<!doctype html><html lang="en"><title>Report</title><p>Report of {name}</p></html>'
    stem.with_suffix(".html").write_text(page, encoding="utf-8")
    stem.with_suffix(".csv").write_text("key\n", encoding="utf-8")
    archive.issue_report(name, "2026-10", "facts", reason=None, at=NOW)
    paths = {"pdf_path": f"{stem}.pdf", "html_path": f"{stem}.html", "pdf_sha256": hashlib.sha256(body).hexdigest()}
    archive.set_report_files(name, "2026-10", 1, **paths)
    archive.claim_delivery(name, "2026-10", 1, f"president@{name.replace(':', '-')}.example", "m", NOW)
    state = DeliveryState.REFUSED if name == HERE else DeliveryState.SENT
    archive.settle_delivery(name, "2026-10", 1, f"president@{name.replace(':', '-')}.example", state, "550", NOW)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    """The same network without its pages."""
    made = furnish(tmp_path, f"sqlite:///{tmp_path / 'archive.sqlite'}")
    yield made
    made.archive.close()


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """The pages on a loopback port, mounted under a path as Airflow does; the cookie `who` says who is asking."""
    home = tmp_path_factory.mktemp("desk")
    place = furnish(home, f"sqlite:///{home / 'archive.sqlite'}")

    async def who(request: Request) -> Login | None:
        name = request.cookies.get("who")
        return Login(name, ("viewer",) if name == "airflow_viewer" else ()) if name else None

    around = FastAPI()
    around.mount("/desk", build(Desk(lambda: place, who, SECRET)))
    server = uvicorn.Server(uvicorn.Config(around, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Desktop(f"http://127.0.0.1:{port}/desk/", home, place.archive, {})
    server.should_exit = True
    thread.join(20)
    place.archive.close()
