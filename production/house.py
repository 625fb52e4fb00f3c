"""A whole production on loopback: every process started by `deploy/enter.sh`, as a server or a container would."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import requests

from chapterwatch.archive import Archive
from chapterwatch.launcher import Child, _session, _session_of
from production.servers import LOOPBACK, Server, free_port, plain, see_off, wait_until
from sample.demo import ROOT

#: Shorter than production's, so that the trial need not wait as long as a chapter would. A supervisor beats every five
#: seconds, so a task has to miss several on a slow machine before it is taken for dead.
IMPATIENT = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "45",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
}
ADMIN = "admin"
#: Ended last, so that running tasks can still report.
LAST = ("api-server",)


@dataclass
class House:
    """A production: its settings, its processes and its REST API."""

    prefix: Path
    home: Path
    environment: dict[str, str] = field(repr=False)
    children: dict[str, Child] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        """Where the UI and the REST API are."""
        return f"http://{LOOPBACK}:{self.environment['AIRFLOW__API__PORT']}"

    @property
    def data(self) -> Path:
        """Chapterwatch's own folder: reports, pictures, dropped exports."""
        return Path(self.environment["CHAPTERWATCH_HOME"])

    @property
    def enter(self) -> str:
        """The entry point of every role."""
        return str(self.prefix / "deploy" / "enter.sh")

    @property
    def archive(self) -> Archive:
        """The archive, opened anew."""
        place = {key: self.environment[f"POSTGRES_{key}"] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        return Archive.open("postgresql+psycopg://{USER}:{PASSWORD}@{HOST}:{PORT}/chapterwatch".format(**place))

    # --- processes ---

    def once(self, *arguments: str, now: datetime | None = None) -> subprocess.CompletedProcess[str]:
        """Run a role to its end."""
        environment = self.environment | ({"CHAPTERWATCH_NOW": now.isoformat()} if now else {})
        return subprocess.run(
            [self.enter, *arguments], env=environment, cwd=self.home, capture_output=True, text=True, check=False
        )

    def start(self, name: str, role: str, *arguments: str, **more: str) -> Child:
        """Start a role; `more` goes into its environment."""
        log = self.home / "processes" / f"{name}.log"
        child = Child(name, [self.enter, role, *arguments], self.environment | more, log)
        child.start()
        self.children[name] = child
        return child

    def start_worker(self, name: str, now: datetime) -> Child:
        """Start a worker whose clock stands at `now`."""
        named = ("--celery-hostname", name, "--pid", str(self.home / f"{name}.pid"))
        return self.start(name, "worker", *named, CHAPTERWATCH_NOW=now.isoformat(), CHAPTERWATCH_WORKER=name)

    def wait_for(self, what: str, holds: Any) -> None:
        """Wait until something holds, with every process alive."""
        wait_until(what, holds, tuple(self.children.values()))

    def wait_healthy(self, name: str, role: str) -> None:
        """Wait until a role's own health check is content."""
        self.wait_for(f"{name} to be healthy", partial(self.is_healthy, name, role))

    def is_healthy(self, name: str, role: str) -> bool:
        """What the health check of a role says of the process of that name."""
        asked = [self.enter, "healthy", role]
        environment = dict(self.children[name].environment)
        return subprocess.run(asked, env=environment, capture_output=True, check=False).returncode == 0

    def end_children(self, names: Sequence[str]) -> None:
        """Ask processes to end, all at once, and wait until they have."""
        for name in names:
            self.children[name].terminate()
        for name in names:
            see_off(self.children.pop(name))

    def kill(self, name: str) -> None:
        """End a process with all it has started at once, as a power cut or the kernel's want of memory would."""
        self.children.pop(name).kill()

    def end(self) -> None:
        """End everything; those that tasks report to last."""
        self.end_children([name for name in self.children if name not in LAST])
        self.end_children(list(self.children))

    def worker_of(self, pid: int) -> str | None:
        """Which of the children has started a process; None where none of the living has."""
        leader = _session_of(Path(f"/proc/{pid}/stat"))
        return next(
            (name for name, child in self.children.items() if child.process and child.process.pid == leader), None
        )

    def listening(self) -> set[tuple[str, str]]:
        """Every address the processes listen on, each with the name of the role."""
        started = [(name, child.process.pid) for name, child in self.children.items() if child.process]
        return {
            (name, link.laddr.ip)
            for name, leader in started
            for pid in _session(leader)
            for link in _links(pid, "LISTEN")
        }

    # --- Airflow ---

    def log_in(self) -> None:
        """Take a token for the REST API from the login of the FAB auth manager."""
        # A proxy set for the outside world does not know our loopback.
        self.session.trust_env = False
        login = {"username": ADMIN, "password": self.environment["AIRFLOW_ADMIN_PASSWORD"]}
        answer = self.session.post(f"{self.url}/auth/token", json=login, timeout=120)
        answer.raise_for_status()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """A successful answer of the REST API."""
        answer = self.session.request(method, f"{self.url}/api/v2/{path}", timeout=300, **more)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def trigger(self, dag: str, **run: Any) -> str:
        """Trigger a DAG; the id of its run."""
        started = self.ask("POST", f"dags/{dag}/dagRuns", json={"logical_date": None, "conf": {}} | run)
        return str(started["dag_run_id"])

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """The runs of a DAG, the first one first."""
        found: list[dict[str, Any]] = self.ask("GET", f"dags/{dag}/dagRuns", params={"order_by": "id"})["dag_runs"]
        return found

    def state(self, dag: str, run: str) -> str:
        """How a run stands."""
        return str(self.ask("GET", f"dags/{dag}/dagRuns/{run}")["state"])

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        path = f"dags/{dag}/dagRuns/{run}/taskInstances"
        found: list[dict[str, Any]] = self.ask("GET", path, params={"limit": 500})["task_instances"]
        return found

    def succeed(self, dag: str, run: str) -> None:
        """Wait until a run has ended, and fail unless it has ended well."""
        self.wait_for(f"{dag} {run} to end", lambda: self.state(dag, run) in {"success", "failed"})
        states = [
            (task["task_id"], task["map_index"], task["state"], task["try_number"]) for task in self.tasks(dag, run)
        ]
        assert "success" == self.state(dag, run), f"{dag} {run}: {states}"


def _links(pid: int, status: str) -> list[Any]:
    try:
        return [link for link in psutil.Process(pid).net_connections(kind="inet") if link.status == status]
    except psutil.NoSuchProcess:
        return []


def sample_connections(home: Path, platform: str) -> Path:
    """The sample's connections as a file, asking the running platform."""
    path = home / "connections.yml"
    text = (ROOT / "sample" / "connections.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("http://127.0.0.1:{port}", platform), encoding="utf-8")
    return path


def settings(home: Path, postgres: Server, redis: Server, mail_port: int, platform: str) -> dict[str, str]:
    """What a production's operator sets: where its servers are, its secrets, its registry and its mail."""
    port = free_port()
    return {
        **plain(os.environ),
        **postgres.environment("POSTGRES"),
        **redis.environment("REDIS"),
        **IMPATIENT,
        "AIRFLOW_HOME": str(home / "airflow"),
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST": LOOPBACK,
        "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(free_port()),
        "AIRFLOW_ADMIN": ADMIN,
        "AIRFLOW_ADMIN_PASSWORD": secrets.token_urlsafe(18),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
        "AIRFLOW_JWT_SECRET": secrets.token_urlsafe(64),
        "AIRFLOW_SECRET_KEY": secrets.token_urlsafe(32),
        "CHAPTERWATCH_HOME": str(home / "data"),
        "CHAPTERWATCH_IMPORT_CONNECTIONS": str(sample_connections(home, platform)),
        "CHAPTERWATCH_REGISTRY": str(ROOT / "sample" / "registry.yml"),
        "CHAPTERWATCH_MAIL": f"smtp://{LOOPBACK}:{mail_port}",
        "CHAPTERWATCH_SENDER": "chapterwatch@hq.example",
    }
