"""Health checks, held against a real server and a real database: who answers is well, who does not is ill."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from .conftest import Machine

SETTINGS = {
    "AIRFLOW_FERNET_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "AIRFLOW_JWT_SECRET": "j" * 64,
    "AIRFLOW_SECRET_KEY": "s" * 32,
    "POSTGRES_HOST": "127.0.0.1",
    "POSTGRES_PORT": "9",
    "POSTGRES_PASSWORD": "p",
    "REDIS_HOST": "127.0.0.1",
    "REDIS_PASSWORD": "r",
}


@pytest.fixture
def serve() -> Iterator[Callable[[dict[str, int]], str]]:
    """Serve paths with a status each on loopback; returns the port."""
    servers = []

    def start(statuses: dict[str, int]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(statuses.get(self.path, 404))
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return str(server.server_address[1])

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "wanted"), [(200, 0), (500, 1), (503, 1)])
def test_the_api_server_is_well_when_it_answers(machine: Machine, serve: Any, status: int, wanted: int) -> None:
    """Curl alone calls any answer well. A proxy for the outside world is not asked."""
    port = serve({"/api/v2/version": status})
    proxy = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}

    done = machine.enter("healthy", "api-server", **SETTINGS, **proxy, AIRFLOW__API__PORT=port)

    assert wanted == min(done.returncode, 1), done.stderr


def test_the_api_server_below_a_path_is_asked_there(machine: Machine, serve: Any) -> None:
    """Behind a proxy with a path Airflow answers under that path only."""
    port = serve({"/audit/api/v2/version": 200})
    asked = {"AIRFLOW_BASE_URL": "https://staff.example/audit/", "AIRFLOW__API__PORT": port}

    assert 0 == machine.enter("healthy", "api-server", **SETTINGS, **asked).returncode


def test_who_does_not_listen_is_ill(machine: Machine) -> None:
    """The port of a server that has just gone."""
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = str(gone.getsockname()[1])

    assert 0 != machine.enter("healthy", "api-server", **SETTINGS, AIRFLOW__API__PORT=port).returncode


def test_the_scheduler_answers_for_itself(machine: Machine, serve: Any) -> None:
    """Its server says 503 when its loop has stopped while its process lives."""
    name = "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT"

    well = machine.enter("healthy", "scheduler", **SETTINGS, **{name: serve({"/health": 200})})
    ill = machine.enter("healthy", "scheduler", **SETTINGS, **{name: serve({"/health": 503})})

    assert (True, False) == (well.returncode == 0, ill.returncode == 0)


@pytest.fixture
def jobs(postgres: Any, databases: dict[str, str]) -> Callable[..., dict[str, str]]:
    """Airflow's table of jobs with one row."""
    url = databases["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    postgres.create(make_url(url).database)

    def with_row(job: str, host: str, seconds: int, state: str) -> dict[str, str]:
        engine = create_engine(url)
        with engine.begin() as conn:
            conn.execute(
                text("CREATE TABLE job (job_type text, hostname text, state text, latest_heartbeat timestamptz)")
            )
            conn.execute(
                text("INSERT INTO job VALUES (:job, :host, :state, now() - make_interval(secs => :seconds))"),
                {"job": job, "host": host, "state": state, "seconds": seconds},
            )
        engine.dispose()
        return {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url, "CHAPTERWATCH_DATABASE": url}

    return with_row


@pytest.mark.parametrize(
    ("job", "host", "seconds", "state", "said"),
    [
        ("DagProcessorJob", socket.gethostname(), 5, "running", ""),
        ("DagProcessorJob", socket.gethostname(), 300, "running", "last heard of"),
        ("DagProcessorJob", socket.gethostname(), 5, "failed", "no running DagProcessorJob"),
        ("DagProcessorJob", "another.example", 5, "running", "no running DagProcessorJob"),
        ("TriggererJob", socket.gethostname(), 5, "running", "no running DagProcessorJob"),
    ],
)
def test_a_job_is_well_while_it_beats_here(
    machine: Machine, jobs: Any, job: str, host: str, seconds: int, state: str, said: str
) -> None:
    """A dead dag-processor looks like a quiet night; another host's beat is no sign of life of this one's."""
    done = machine.enter("healthy", "dag-processor", **SETTINGS, **jobs(job, host, seconds, state))

    assert (not said) == (done.returncode == 0), done.stderr
    assert said in done.stderr


def test_no_health_without_a_database(machine: Machine) -> None:
    """One word on it, and no password."""
    done = machine.enter("healthy", "triggerer", **SETTINGS, PATH=os.environ["PATH"])

    assert 1 == done.returncode
    assert ["the database does not answer: OperationalError"] == done.stderr.splitlines()


@pytest.mark.parametrize(
    ("says", "status", "wanted"),
    [
        ("echo '->  celery@w: OK'; echo '        pong'; seq 20000", 0, 0),
        ("echo 'Error: No nodes replied within time constraint'", 69, 1),
        ("echo pong", 69, 1),
    ],
    ids=["goes on after its pong", "no answer", "fails all the same"],
)
def test_a_worker_is_well_by_its_pong_alone(machine: Machine, says: str, status: int, wanted: int) -> None:
    """Whoever closed the pipe at the word would kill the asker, and take that for the worker's illness.

    Celery itself is in production's environment only; its own answers are heard by `make test-production`.
    """
    asker = machine.folder / "bin" / "celery"
    asker.parent.mkdir()
    asker.write_text(f"#!/bin/sh\n{says} || exit 141\nexit {status}\n")
    asker.chmod(0o755)
    done = machine.enter("healthy", "worker", **SETTINGS, PATH=f"{asker.parent}:{os.environ['PATH']}")

    assert wanted == done.returncode, done.stderr


def test_whose_health_has_to_be_said(machine: Machine) -> None:
    """An unknown role must not count as well."""
    assert machine.refused("healthy", "webserver", **SETTINGS).startswith("say whose health")
