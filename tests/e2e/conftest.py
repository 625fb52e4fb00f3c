"""A small published month, and Airflow over it with its UI, as `make up` starts it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import requests

from chapterwatch import launcher
from chapterwatch.archive import Archive
from chapterwatch.pipeline import publish_reports
from tests.pipeline.world import HARBOR, LAKESIDE, MONTH, MONTH_END, REGISTRY, ScriptedX, World, post, workplace_in

POSTED = datetime(2026, 10, 7, 15, tzinfo=UTC)
#: Whom nobody listed may neither release a month nor look at a chapter.
STAFF = """
staff:
  - {user: admin, role: admin}
"""


@dataclass(frozen=True)
class House:
    """A running Airflow, its REST API, and what Chapterwatch keeps."""

    home: Path
    port: int
    password: str
    session: requests.Session

    @property
    def url(self) -> str:
        """Where the UI is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def archive(self) -> Archive:
        """The archive, opened anew."""
        return Archive.open(f"sqlite:///{self.home / 'archive.sqlite'}")

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """A successful answer of the REST API."""
        answer = self.session.request(method, f"{self.url}/api/v2/{path}", timeout=60, **more)
        answer.raise_for_status()
        return answer.json()

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """The runs of a DAG, the first one first."""
        found: list[dict[str, Any]] = self.ask("GET", f"dags/{dag}/dagRuns", params={"order_by": "id"})["dag_runs"]
        return found

    def state(self, dag: str) -> str:
        """How its last run stands; empty before there is one."""
        runs = self.runs(dag)
        return str(runs[-1]["state"]) if runs else ""

    def until(self, holds: Callable[[], object], seconds: float = launcher.PATIENCE) -> bool:
        """Whether it comes to hold; how fast is nobody's promise."""
        last = monotonic() + seconds
        while not holds():
            if monotonic() > last:
                return False
            sleep(0.5)
        return True


def furnish(home: Path, empty: Path) -> None:
    """October of three chapters, of which two have a breach each, judged and published once; nothing is mailed."""
    (home / "chapters.yml").write_text(REGISTRY + STAFF, encoding="utf-8")
    shutil.copy(empty, home / "archive.sqlite")
    world = World(workplace_in(home, f"sqlite:///{home / 'archive.sqlite'}", "http://127.0.0.1:9"), ScriptedX())
    rude = "This is bullshit, the projector failed again."
    world.store(LAKESIDE, post("1", rude, POSTED), post("2", "See you on Monday.", POSTED), at=POSTED)
    world.store(HARBOR, post("3", rude, POSTED), post("4", "Thank you all.", POSTED), at=POSTED)
    world.audit(POSTED + timedelta(days=1))
    world.at(MONTH_END)
    publish_reports(world.workplace, MONTH)
    world.archive.close()


def environment(home: Path) -> dict[str, str]:
    """This process's environment with the settings of this house and no others."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("CHAPTERWATCH_", "AIRFLOW"))}
    return plain | {
        "CHAPTERWATCH_HOME": str(home),
        "CHAPTERWATCH_REGISTRY": str(home / "chapters.yml"),
        "CHAPTERWATCH_DATABASE": f"sqlite:///{home / 'archive.sqlite'}",
        "CHAPTERWATCH_MAIL": f"maildir:{home / 'mail'}",
        "CHAPTERWATCH_SENDER": "chapterwatch@hq.example",
        "CHAPTERWATCH_NOW": (MONTH_END + timedelta(hours=2)).isoformat(),
    }


def _launch(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "chapterwatch.launcher", *command, "--home", str(home / "airflow")]
    return subprocess.run(arguments, env=environment(home), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def house(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Airflow's UI over the small month, for a file of tests."""
    home = tmp_path_factory.mktemp("house")
    furnish(home, migrated_sqlite)
    port = launcher._free_port()
    try:
        started = _launch(home, "up", "--port", str(port))
        assert started.returncode == 0, started.stdout + started.stderr
        yield _entered(home, port)
    finally:
        _launch(home, "down")


def _entered(home: Path, port: int) -> House:
    password = json.loads((home / "airflow" / "logins.json").read_text(encoding="utf-8"))["admin"]
    session = requests.Session()
    # A proxy set for the outside world does not know our loopback.
    session.trust_env = False
    login = {"username": "admin", "password": password}
    answer = session.post(f"http://127.0.0.1:{port}/auth/token", json=login, timeout=60)
    answer.raise_for_status()
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    made = House(home, port, password, session)
    dags = {"adhoc_audit", "publish_reports"}
    assert made.until(lambda: dags <= {dag["dag_id"] for dag in made.ask("GET", "dags")["dags"]}), "DAGs are missing"
    return made
