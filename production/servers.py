"""PostgreSQL and Redis for one trial: throwaway servers on loopback, or running ones by URL.

Servers somebody else runs are used only while they are empty: the trial must not write into a production that is there
already, and its databases are named as production names them.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import unquote, urlsplit

import psycopg

from chapterwatch.launcher import Child

LOOPBACK = "127.0.0.1"
#: Until something answers; a machine under load is many times slower than a quiet one. Nothing is asserted about it.
PATIENCE = 900.0
#: Whose databases the trial makes.
DATABASES = ("airflow", "chapterwatch")


@dataclass(frozen=True)
class Server:
    """Where a server is and what it asks for."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)

    def environment(self, name: str) -> dict[str, str]:
        """Its place as `deploy/enter.sh` reads it; `name` is POSTGRES or REDIS."""
        place = {"HOST": self.host, "PORT": str(self.port), "USER": self.user, "PASSWORD": self.password}
        return {f"{name}_{key}": value for key, value in place.items() if value}


def free_port() -> int:
    """A port on loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def wait_until(
    what: str, holds: Callable[[], object], children: Sequence[Child] = (), seconds: float = PATIENCE
) -> None:
    """Wait until something holds. Fails when it does not in time, or when one of the children it needs has ended."""

    def held() -> bool:
        for child in children:
            assert child.running(), f"{child.name} ended while waiting for {what}:\n{tail(child.log)}"
        return bool(holds())

    assert came_to_hold(held, seconds), f"{what}: not within {seconds:.0f} s"


def came_to_hold(holds: Callable[[], object], seconds: float) -> bool:
    """Wait for something; whether it came to hold in time."""
    last = monotonic() + seconds
    while not holds():
        if monotonic() > last:
            return False
        sleep(0.3)
    return True


def end(child: Child, how: signal.Signals) -> None:
    """Ask a process to end and wait until it has."""
    if child.process is not None and child.running():
        child.process.send_signal(how)
    see_off(child)


def see_off(child: Child, patience: float = 120.0) -> None:
    """Wait until a process that was asked to end has; else kill it and whatever it has started."""
    if child.process is not None:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(patience)
    child.kill()


def tail(log: Path, size: int = 3000) -> str:
    """The end of a log, for a message of failure."""
    return log.read_text(encoding="utf-8", errors="replace")[-size:] if log.exists() else ""


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


@contextmanager
def postgres(logs: Path) -> Iterator[Server]:
    """The server CHAPTERWATCH_TEST_POSTGRES names, or one for as long as the block runs."""
    named = os.environ.get("CHAPTERWATCH_TEST_POSTGRES")
    if named:
        server = _named(named, 5432)
        assert [] == _databases(server), (
            f"{server.host}:{server.port} holds a production's databases; name an empty one"
        )
        try:
            yield server
        finally:
            _drop(server)
        return
    with _folder_of(_server_user()) as folder:
        yield from _own_postgres(folder, logs)


def _own_postgres(folder: Path, logs: Path) -> Iterator[Server]:
    server = Server(LOOPBACK, free_port(), "airflow", secrets.token_urlsafe(24))
    programs, data = _postgres_programs(), folder / "data"
    (folder / "password").write_text(server.password, encoding="ascii")
    (folder / "password").chmod(0o644)
    making = [str(programs / "initdb"), "-D", str(data), "-U", server.user, "--pwfile", str(folder / "password")]
    making += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = Child("initdb", [*_as_server_user(), *making], os.environ, logs / "initdb.log")
    made.start()
    assert made.process is not None
    assert 0 == made.process.wait(), tail(made.log)
    serving = [str(programs / "postgres"), "-D", str(data), "-p", str(server.port), "-k", str(folder)]
    # Whether PostgreSQL survives a power cut is not asked here.
    serving += ["-c", f"listen_addresses={LOOPBACK}", "-c", "fsync=off", "-c", "max_connections=200"]
    child = Child("postgres", [*_as_server_user(), *serving], os.environ, logs / "postgres.log")
    child.start()
    try:
        wait_until("PostgreSQL", lambda: _answers(server), [child])
        yield server
    finally:
        end(child, signal.SIGINT)


def _answers(server: Server) -> bool:
    try:
        _databases(server)
    except psycopg.OperationalError:
        return False
    return True


def _connect(server: Server) -> psycopg.Connection:
    return psycopg.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        dbname="postgres",
        autocommit=True,
        connect_timeout=10,
    )


def _databases(server: Server) -> list[str]:
    with _connect(server) as conn:
        rows = conn.execute("SELECT datname FROM pg_database WHERE datname = ANY(%s)", (list(DATABASES),)).fetchall()
    return [str(name) for (name,) in rows]


def _drop(server: Server) -> None:
    with _connect(server) as conn:
        for name in DATABASES:
            conn.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _postgres_programs() -> Path:
    """Debian keeps them off the PATH, one folder a version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which("initdb")
    assert program, "PostgreSQL is missing; run scripts/production_servers.sh"
    return Path(program).parent


def _server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as where we are root, for it refuses root; None where we are somebody else anyway."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as_server_user() -> list[str]:
    user = _server_user()
    if user is None:
        return []
    # Changing the user forgets that the server is to end with us (prctl(2)).
    return [
        "setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig", "INT", "--",
    ]  # fmt: skip


@contextmanager
def _folder_of(user: pwd.struct_passwd | None) -> Iterator[Path]:
    # Not below pytest's folders, which another user cannot enter; and the socket's path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="cwprod-"))
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- Redis ----------------------------------------------------------------------------------------------------------


@contextmanager
def redis(folder: Path, logs: Path) -> Iterator[Server]:
    """The server CHAPTERWATCH_TEST_REDIS names, or one for as long as the block runs."""
    named = os.environ.get("CHAPTERWATCH_TEST_REDIS")
    if named:
        server = _named(named, 6379)
        keys = _redis_says(server, "DBSIZE")
        assert ":0" == keys, f"{server.host}:{server.port} holds keys ({keys}); name an empty one"
        try:
            yield server
        finally:
            _redis_says(server, "FLUSHDB")
        return
    server = Server(LOOPBACK, free_port(), "", secrets.token_urlsafe(24))
    settings = folder / "redis.conf"
    settings.touch(mode=0o600)
    lines = [f"bind {LOOPBACK}", f"port {server.port}", f"requirepass {server.password}", "save ''", f"dir {folder}"]
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    child = Child("redis", ["redis-server", str(settings)], os.environ, logs / "redis.log")
    child.start()
    try:
        wait_until("Redis", lambda: _redis_says(server, "PING") == "+PONG", [child])
        yield server
    finally:
        end(child, signal.SIGTERM)


def _redis_says(server: Server, question: str) -> str:
    """Redis's answer to one question, in its own inline protocol; empty where nobody answers."""
    login = f"AUTH {server.user} {server.password}" if server.user else f"AUTH {server.password}"
    try:
        with socket.create_connection((server.host, server.port), 10) as link, link.makefile("rwb") as lines:
            lines.write(f"{login}\r\n{question}\r\n".encode() if server.password else f"{question}\r\n".encode())
            lines.flush()
            answers = [lines.readline() for _ in range(2 if server.password else 1)]
    except OSError:
        return ""
    return answers[-1].decode().strip()


def _named(url: str, port: int) -> Server:
    parts = urlsplit(url)
    assert parts.hostname, f"{parts.scheme}: is no URL of a server; write it as scheme://user:password@host:port"
    return Server(parts.hostname, parts.port or port, unquote(parts.username or ""), unquote(parts.password or ""))


def plain(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without any setting of ours, of Airflow or of the servers."""
    ours = ("CHAPTERWATCH_", "AIRFLOW", "_AIRFLOW", "POSTGRES_", "REDIS_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}
