"""An invented association with three chapters, a scripted X to ask, and short ways to say what happened when."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import create_engine, func, select

from chapterwatch.archive import Archive, tables
from chapterwatch.errors import UserError
from chapterwatch.model import Connection, Coverage, Finding, Page, PostReading, ProfileReading
from chapterwatch.pipeline import Workplace, audit_all, collect_night
from chapterwatch.pipeline.collect import Collected
from chapterwatch.pipeline.periods import night_before
from chapterwatch.policy import POLICIES
from chapterwatch.settings import Mail, Settings

#: The nth night's run starts this long after the first.
FIRST_NIGHT = datetime(2026, 10, 5, 2, 15, tzinfo=UTC)
MONTH = "2026-10"
#: When the reports of October are written.
MONTH_END = datetime(2026, 11, 2, 6, tzinfo=UTC)
#: What is said of a connection nobody has set up: where to add it, in Airflow and without it.
NOT_CONFIGURED = (
    "connection x_demo is not configured; add it in Airflow under Admin, Connections, or to the connections file "
    "(config/connections.yml, or what CHAPTERWATCH_CONNECTIONS names)"
)

LAKESIDE, HARBOR, SEVERN = "x:2001", "x:2002", "x:2003"
#: Accounts that come in by export.
LIST, X_ARCHIVE = "plain:lakeside-list", "x:2004"
TOKEN = "invented-token-1a2b3c"  # what the scripted X lets in

REGISTRY = """
associations:
  - id: ala
    name: Association of Legal Administrators
    pack: ala
    language: en
    timezone: America/Chicago
    headquarters: [audit@hq.example]
    official_domains: [alanet.org]
    roster_names: [Marta Ostrowe]
    chapters:
      - id: ala-lakeside
        name: Lakeside Chapter
        country: US
        people:
          - {name: Harriet Vossler, email: president@lakeside.example, role: president, leadership: true}
          - {name: Oskar Lindenbaum, email: web@lakeside.example, role: webmaster}
        public_contacts: ["+1 202 555 0121"]
        accounts:
          - {platform: x, native_id: "2001", handle: ala_lakeside, space: official, access: public_api,
             connection: x_demo, owner: web@lakeside.example, collect_from: 2026-08-01}
          - {platform: plain, native_id: lakeside-list, handle: lakeside_list, space: internal, access: import,
             export_format: plain, owner: web@lakeside.example}
          - {platform: x, native_id: "2009", handle: lakeside_friends, space: private, access: none}
      - id: ala-harbor
        name: Harbor Chapter
        country: US
        people:
          - {name: Leopold Anning, email: president@harbor.example, role: president, leadership: true}
          - {name: Sunniva Brekke, email: comms@harbor.example, role: communications chair, leadership: true}
        accounts:
          - {platform: x, native_id: "2002", handle: ala_harbor, space: official, access: public_api,
             connection: x_demo, owner: comms@harbor.example, collect_from: 2026-08-01}
      - id: ala-severn
        name: Severn Chapter
        country: GB
        people:
          - {name: Eluned Farraday, email: president@severn.example, role: president, leadership: true}
        public_contacts: ["020 7946 0018"]
        accounts:
          - {platform: x, native_id: "2004", handle: severn_old, space: official, access: import,
             export_format: x_archive, owner: president@severn.example}
          - {platform: x, native_id: "2003", handle: ala_severn, space: official, access: public_api,
             connection: x_demo, owner: president@severn.example, collect_from: 2026-08-01}
"""


def night(number: int) -> datetime:
    """When the nth nightly run starts."""
    return FIRST_NIGHT + timedelta(days=number)


# --- a scripted X ---------------------------------------------------------------------------------------------------


@dataclass
class Reply:
    """One answer: a JSON value or bytes."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def payload(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """One request. `account` is the native id it is about, "" for look-ups by id and for many profiles at once."""

    path: str
    query: dict[str, str]
    token: str

    @property
    def account(self) -> str:
        """The native id in the path."""
        return self.path.split("/")[3] if self.path.startswith("/2/users/") else ""

    @property
    def lists(self) -> bool:
        """Whether it asks for a page of posts."""
        return self.path.endswith("/tweets") and bool(self.account)

    @property
    def many(self) -> bool:
        """Whether it asks for the profiles of many accounts."""
        return self.path == "/2/users"


def suspended(account: str) -> dict[str, str]:
    """What X says of a suspended account among `errors`, asked for by itself or with others."""
    kind = "https://api.twitter.com/2/problems/resource-not-found"
    told = {"resource_id": account, "value": account, "resource_type": "user", "type": kind}
    return {**told, "title": "Forbidden", "detail": f"User has been suspended: [{account}]."}


Fault = Callable[[Asked], Reply | None]


@dataclass
class ScriptedX:
    """X with whatever posts a test puts there, and whatever goes wrong with it."""

    posts: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    bios: dict[str, str] = field(default_factory=dict)
    suspended: set[str] = field(default_factory=set)
    fault: Fault = lambda _: None
    page_size: int = 100
    #: Headers of every answer, beside its own.
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def shows(self, account: str, native_id: str, text: str, at: datetime, **fields: Any) -> None:
        """Put a post there, or change the text of one."""
        post = {"id": native_id, "text": text, "created_at": f"{at:%Y-%m-%dT%H:%M:%S.000Z}", **fields}
        self.posts.setdefault(account, {})[native_id] = post

    def removes(self, account: str, *native_ids: str) -> None:
        """Take posts away."""
        for native_id in native_ids:
            del self.posts[account][native_id]

    def answer(self, asked: Asked) -> Reply:
        """What X says."""
        self.asked.append(asked)
        wrong = self.fault(asked)
        if wrong is not None:
            return wrong
        if asked.token != f"Bearer {TOKEN}":
            return Reply({"title": "Unauthorized", "status": 401}, 401)
        if asked.lists:
            return self._listing(asked)
        if asked.account:
            gone = asked.account in self.suspended
            return Reply({"errors": [suspended(asked.account)]} if gone else {"data": self._user(asked.account)})
        if asked.many:
            return self._users(asked.query["ids"].split(","))
        return self._look_up(asked.query["ids"].split(","))

    def _user(self, account: str) -> dict[str, str]:
        bio = self.bios.get(account, "We meet on Mondays")
        return {"id": account, "name": "A chapter", "username": "a", "description": bio}

    def _users(self, ids: list[str]) -> Reply:
        gone = [suspended(one) for one in ids if one in self.suspended]
        data = [self._user(one) for one in ids if one not in self.suspended]
        return Reply(({"data": data} if data else {}) | ({"errors": gone} if gone else {}))

    def _listing(self, asked: Asked) -> Reply:
        since, until = asked.query.get("start_time", ""), asked.query.get("end_time", "9")
        mine = self.posts.get(asked.account, {}).values()
        shown = [post for post in mine if since <= post["created_at"] < until]
        shown.sort(key=lambda post: post["created_at"], reverse=True)
        size = min(self.page_size, int(asked.query["max_results"]))
        start = int(asked.query.get("pagination_token", "0"))
        part = shown[start : start + size]
        following = {"next_token": str(start + size)} if start + size < len(shown) else {}
        return Reply({"data": part, "meta": {"result_count": len(part), **following}})

    def _look_up(self, ids: list[str]) -> Reply:
        every = {key: post for posts in self.posts.values() for key, post in posts.items()}
        kind = "https://api.twitter.com/2/problems/resource-not-found"
        missing = [{"resource_id": one, "title": "Not Found Error", "type": kind} for one in ids if one not in every]
        found = [every[one] for one in ids if one in every]
        return Reply({"data": found} | ({"errors": missing} if missing else {}))


@contextmanager
def serving(scripted: ScriptedX) -> Iterator[ScriptedX]:
    """The scripted X on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply = scripted.answer(Asked(parts.path, query, self.headers.get("Authorization", "")))
            self.send_response_only(reply.status)
            headers = {"Content-Type": "application/json"} | scripted.headers | reply.headers
            for name, value in headers.items():
                self.send_header(name, value)
            if "Date" not in headers:
                self.send_header("Date", self.date_time_string())
            self.send_header("Content-Length", str(len(reply.payload)))
            self.end_headers()
            self.wfile.write(reply.payload)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield scripted
    server.shutdown()
    server.server_close()


# --- a workplace ----------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A workplace over the three chapters, and the words the tests are told in."""

    workplace: Workplace
    x: ScriptedX

    @property
    def archive(self) -> Archive:
        """The workplace's archive."""
        return self.workplace.archive

    @property
    def home(self) -> Path:
        """The folder of reports and dropped exports."""
        return self.workplace.settings.home

    def file(self, key: str | None) -> Path:
        """Where a file the archive has noted lies in the default store, the home."""
        return self.home / str(key)

    def at(self, now: datetime, **settings: Any) -> World:
        """It is this instant now."""
        self.workplace.settings = replace(self.workplace.settings, pinned_now=now, **settings)
        return self

    def collect(self, number: int, *keys: str, minutes: int = 0) -> Collected:
        """The nth night asks these accounts, so many minutes after its start."""
        self.at(night(number) + timedelta(minutes=minutes))
        return collect_night(self.workplace, night_before(night(number)), keys or (LAKESIDE,))

    def killed(self, number: int, when: Callable[[Asked], bool], *keys: str) -> None:
        """The process of the nth night is killed while X is asked for something; nothing of it runs after that."""
        own = World(Workplace(self.workplace.settings, self.workplace.connection_for), self.x)
        process = multiprocessing.get_context("fork").Process(target=own.collect, args=(number, *keys))

        def fatal(asked: Asked) -> None:
            if when(asked):
                os.kill(int(process.pid or 0), signal.SIGKILL)

        self.x.fault = fatal
        process.start()
        process.join()
        self.x.fault = lambda _: None
        assert -signal.SIGKILL == process.exitcode

    def coverage(self, number: int, asked: str = "posts", key: str = LAKESIDE) -> Coverage:
        """What the nth night could see of an account."""
        rows = self.archive.coverage_of_run(f"nightly:{night_before(night(number)).isoformat()}")
        [row] = [row for row in rows if (row.account_key, row.asked) == (key, asked)]
        return row

    def states(self, key: str = LAKESIDE) -> dict[str, str]:
        """State by post."""
        frame = self.archive.posts_frame([key])
        return dict(zip(frame["subject_id"], frame["state"], strict=True))

    def counts(self) -> dict[str, int]:
        """Rows of what must not grow by reading the same again."""
        chosen = (tables.capture, tables.post, tables.post_revision, tables.profile_revision, tables.quarantine)
        engine = create_engine(self.workplace.settings.database)
        with engine.connect() as conn:
            counted = {one.name: conn.execute(select(func.count()).select_from(one)).scalar_one() for one in chosen}
        engine.dispose()
        return counted

    def drop(self, name: str, body: str | bytes, key: str = LIST) -> Path:
        """Somebody puts an export into an account's inbox."""
        folder = self.workplace.settings.home / "inbox" / key.replace(":", "__")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return path

    def store(self, key: str, *posts: PostReading, at: datetime, bio: str | None = None) -> None:
        """The archive reads these posts, and perhaps a profile, at an instant: no platform is asked."""
        self.archive.register_accounts([self.workplace.registry.account(key)], at)
        run = {"run_id": f"stored:{at.isoformat()}", "captured_at": at, "connector": "test 1"}
        if bio is not None:
            handle = self.workplace.registry.account(key).handle
            profile = ProfileReading(native_id=key.partition(":")[2], handle=handle, name="A", bio=bio, raw=b"{}")
            self.archive.record_profile(key, profile, **run)
        self.archive.record_page(key, Page(posts=posts), **run)

    def miss(self, key: str, *native_ids: str, at: datetime, certainty: str = "gone") -> None:
        """A run does not find these posts."""
        self.archive.record_absences(
            key, native_ids, run_id=f"missed:{at.isoformat()}", at=at, certainty=certainty, detail="not in the listing"
        )

    def audit(self, at: datetime, *chapters: str) -> dict[str, Any]:
        """Judge what the archive holds."""
        self.at(at)
        return audit_all(self.workplace, at.isoformat(), chapters)

    def findings(self, key: str = LAKESIDE, **options: Any) -> dict[str, Finding]:
        """Findings of an account by `rule subject`, where no rule has two of one subject."""
        found = self.archive.findings(account_key=key, **options)
        named = {f"{item.rule_id.partition('.')[2]} {item.subject_id}": item for item in found}
        assert len(found) == len(named)
        return named


def post(native_id: str, text: str, at: datetime, **changes: Any) -> PostReading:
    """A post as a connector reads it."""
    raw = json.dumps({"id": native_id, "text": text}).encode()
    facts = {"kind": "post", "created_at": at, "created_raw": at.isoformat(), "lang": "en", "raw": raw}
    return PostReading(native_id=native_id, text=text, **facts | changes)


def workplace_in(home: Path, database: str, x_url: str, **settings: Any) -> Workplace:
    """A workplace over the three chapters with one connection, `x_demo`."""
    path = home / "chapters.yml"
    if not path.exists():
        path.write_text(REGISTRY)
    chosen = Settings(
        home=home,
        registry=path,
        database=database,
        policies=POLICIES,
        connections_file=None,
        mail=Mail(sender="chapterwatch@hq.example"),
        pinned_now=FIRST_NIGHT,
    )
    connection = Connection(
        id="x_demo",
        platform="x",
        base_url=x_url,
        secrets={"bearer_token": TOKEN},
        options={"timeout_seconds": "5", "backoff_seconds": "0.01", "attempts": "2"},
    )
    return Workplace(replace(chosen, **settings), {"x_demo": connection}.get)


def mistaken(world: World, *keys: str) -> str:
    """Somebody mistyped a date in a connection that these accounts have to themselves; the complaint about it."""
    complaint = "connection x_mistyped: expires is '31.01.2027'; write a date such as 2027-01-31"
    readable = world.workplace.connection_for

    def connection_for(name: str) -> Connection | None:
        if name == "x_mistyped":
            raise UserError(complaint)
        return readable(name)

    path = world.workplace.settings.registry
    lines = path.read_text().split("- {platform: ")
    theirs = [any(f'native_id: "{key.removeprefix("x:")}"' in line for key in keys) for line in lines]
    changed = [
        line.replace("connection: x_demo", "connection: x_mistyped") if own else line
        for line, own in zip(lines, theirs, strict=True)
    ]
    path.write_text("- {platform: ".join(changed))
    world.workplace = Workplace(world.workplace.settings, connection_for)
    return complaint
