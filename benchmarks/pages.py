# ruff: noqa: INP001, T201, S311 - a script, not part of a package; it prints, and nothing secret hangs on its dice
"""How long the staff's pages take over an archive with 100,000 findings.

Run `python benchmarks/pages.py [findings]`. An archive is made up from a fixed seed: 100 chapters with three accounts
each, 36 months, a fifth of the findings decided. The pages run under uvicorn on loopback and are asked one after the
other as a reviewer of all chapters and as a viewer of one; printed is the median of nine, over HTTP, in milliseconds of
CPU time of server and client together, after one request that is not counted.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI, Request
from sqlalchemy import insert, text

from chapterwatch.archive import tables
from chapterwatch.model import Severity
from chapterwatch.pipeline.workplace import Workplace
from chapterwatch.policy import POLICIES, load_pack
from chapterwatch.settings import Settings
from desk.app import Desk, build
from desk.visit import Login

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
CHAPTERS, ACCOUNTS, MONTHS, REPEATS = 100, 3, 36, 9
PART = 5_000


def main(findings: int = 100_000) -> None:
    """Make the archive, start the pages, print the times."""
    home = Path(tempfile.mkdtemp(prefix="desk-"))
    place = _workplace(home)
    _fill(place, findings)
    server, url = _served(place)
    keys = _keys(place)
    print("| page | as | CPU ms | kB |", "|---|---|--:|--:|", *_measured(url, keys), sep="\n")
    server.should_exit = True


def _workplace(home: Path) -> Workplace:
    registry = home / "chapters.yml"
    registry.write_text(json.dumps({"associations": [_association()], "staff": _STAFF}), encoding="utf-8")
    settings = Settings(
        home=home,
        registry=registry,
        database=f"sqlite:///{home / 'archive.sqlite'}",
        policies=POLICIES,
        connections_file=None,
        mail=None,
        pinned_now=NOW,
    )
    return Workplace(settings, settings.connection)


_STAFF = [{"user": "all", "role": "reviewer"}, {"user": "one", "role": "viewer", "chapters": ["chapter-7"]}]


def _association() -> dict[str, Any]:
    return {
        "id": "ala",
        "name": "The Association",
        "pack": "ala",
        "language": "en",
        "timezone": "America/Chicago",
        "headquarters": ["audit@hq.example"],
        "chapters": [_chapter(number) for number in range(CHAPTERS)],
    }


def _chapter(number: int) -> dict[str, Any]:
    person = {"name": "P", "email": f"p@c{number}.example", "role": "president", "leadership": True}
    accounts = [
        {"platform": "x", "native_id": f"{number}{at}", "handle": f"c{number}_{at}", "space": "official",
         "access": "public_api", "connection": "c"}
        for at in range(ACCOUNTS)
    ]  # fmt: skip
    named = {"id": f"chapter-{number}", "name": f"Chapter {number}", "country": "US"}
    return {**named, "people": [person], "accounts": accounts}


def _fill(place: Workplace, count: int) -> None:
    archive = place.archive
    archive.register_accounts(place.registry.accounts, NOW)
    archive.start_run("nightly:2026-11-01", "collect", "2026-11-01", NOW - timedelta(hours=6))
    rows = list(_rows(place, count))
    posts = [{**_POST, **{name: row[name] for name in ("account_key",)}, "native_id": row["subject_id"],
              "created_at": row["opened_at"]} for row in rows]  # fmt: skip
    decided = [row for row in rows if row["state"] != "open"]
    given = {"note": "", "author": "a", "author_role": "reviewer", "at": NOW}
    decisions = [{"finding_key": row["key"], "state": row["state"], **given} for row in decided]
    with archive._engine.begin() as conn:  # noqa: SLF001 - a hundred thousand at once is no errand of the archive
        for table, values in ((tables.finding, rows), (tables.post, posts), (tables.disposition, decisions)):
            for start in range(0, len(values), PART):
                conn.execute(insert(table), values[start : start + PART])
        conn.execute(text("ANALYZE"))


_POST = {"first_seen_at": NOW, "last_seen_at": NOW, "last_seen_run": "r", "standing": "present", "state": "present"}


def _rows(place: Workplace, count: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(20261102)
    rules = [rule for rule in load_pack("ala").rules.values() if rule.subject == "post"]
    accounts = place.registry.accounts
    for number in range(count):
        rule, account = dice.choice(rules), dice.choice(accounts)
        opened = NOW - timedelta(minutes=dice.randrange(MONTHS * 30 * 24 * 60))
        words = f"Thanks to all who came to luncheon {number}, call +1 202 555 01{number % 90 + 10}"
        yield {
            "key": f"{dice.getrandbits(64):016x}",
            "rule_id": rule.id,
            "rule_version": 1,
            "pack": "ala",
            "pack_version": "1",
            "clauses": json.dumps(rule.clauses),
            "severity": dice.choices(list(Severity), (1, 9, 30, 60))[0].value,
            "lane": rule.lane.value,
            "account_key": account.key,
            "chapter": account.chapter,
            "subject_kind": "post",
            "subject_id": str(number),
            "revision": 0,
            "content_hash": "c",
            "capture_hash": "h",
            "field": "text",
            "start": 0,
            "end": len(words),
            "excerpt": words,
            "reason": "made up",
            "confidence": 0.9,
            "opened_at": opened,
            "closed_at": opened + timedelta(days=3) if dice.random() < 0.5 else None,  # noqa: PLR2004 - half
            "first_found_at": opened,
            "last_found_at": NOW,
            "state": dice.choice(("confirmed", "false_positive")) if dice.random() < 0.2 else "open",  # noqa: PLR2004
        }


def _keys(place: Workplace) -> list[str]:
    with place.archive._engine.connect() as conn:  # noqa: SLF001 - as above
        return [row[0] for row in conn.execute(text("SELECT key FROM finding WHERE chapter = 'chapter-7' LIMIT 1"))]


def _served(place: Workplace) -> tuple[uvicorn.Server, str]:
    async def who(request: Request) -> Login | None:
        await asyncio.sleep(0)
        return Login(request.cookies["who"])

    app = FastAPI()
    app.mount("/desk", build(Desk(lambda: place, who, b"invented")))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/desk/"


def _measured(url: str, keys: list[str]) -> Iterator[str]:
    deep = "after=low~2024-06-01T00:00:00~0"
    pages = {
        "overview": "",
        "findings waiting": "findings",
        "findings, any state": "findings?state=any&standing=any",
        "far down the list": f"findings?state=any&standing=any&{deep}",
        "one clause": "findings?state=any&clause=ALA-23",
        "one rule, confirmed": "findings?rule=ala.threat&state=confirmed",
        "one chapter and month": "findings?chapter=chapter-7&month=2026-10&state=any",
        "a key that is not there": "findings?state=any&standing=any&key=zzzz",
        "one finding": f"findings/{keys[0]}",
        "coverage": "coverage",
        "a rule": "policy/ala/rules/ala.threat",
    }
    for name, path in pages.items():
        for who in ("all", "one"):
            with requests.Session() as session:
                session.cookies.set("who", who)
                session.get(url + path, timeout=120).raise_for_status()
                taken, size = [], 0
                for _ in range(REPEATS):
                    begun = time.process_time()
                    size = len(session.get(url + path, timeout=120).content)
                    taken.append(1000 * (time.process_time() - begun))
            yield f"| {name} | {who} | {statistics.median(taken):.0f} | {size / 1000:.0f} |"


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:2]))
