"""Airflow on one machine, for `make up`: five processes watched by one, all on loopback, on SQLite.

`airflow standalone` is not used, for three reasons. It serves the UI and the tasks from one process, whose writes to
SQLite block each other until they time out. It hands tasks out before anything can take their results. And it leaves
a dead child dead, and its own children running when it is stopped itself.

Here the UI and the tasks' API are two processes, the scheduler starts once both answer, what dies is started again
after a pause that doubles, and stopping ends every process of every child.

`airflow_environment` is shared with the demo and the tests. This module does not import Airflow: its settings have to
stand in the environment before anything does.
"""

from __future__ import annotations

import base64
import ctypes
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import requests

from chapterwatch.errors import UserError
from connectors.base import manifests

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"

#: User -> role. With Airflow's simple auth manager a viewer sees, a user also triggers and approves, an admin does all.
USERS = {"admin": "admin", "staff": "user", "viewer": "viewer"}

#: Tasks that may ask one platform at once. Requests are limited in the connector; this only keeps a slow platform
#: from taking every slot.
PLATFORM_SLOTS = 2
#: Drawing a PDF takes the most memory of all tasks.
RENDER_SLOTS = 1

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
#: A child that lived this long had started well, so its next death counts as its first.
LIVED_WELL = 60.0
#: Until an API server or the whole answers; a cold start on a busy machine with two cores takes some minutes.
PATIENCE = 600.0
#: For running tasks to report and end, before they are killed.
GRACE = 25.0
TICK = 0.3
LARGEST_LOG = 10_000_000


# --- settings -------------------------------------------------------------------------------------------------------


def airflow_environment(
    home: Path, *, port: int = 8080, execution_port: int = 8081, dags: Path = ROOT / "dags"
) -> dict[str, str]:
    """Airflow's settings for one machine, as environment variables.

    Creates `home` with the keys and passwords if they are not there yet, readable by their owner only.

    Args:
        home: Airflow's own folder: its database, logs, keys. One process tree, or one test worker, each.
        port: where the UI and the REST API are served.
        execution_port: where running tasks report.
        dags: the folder of the DAGs.
    """
    home = home.absolute()
    # Its database holds sessions and connections.
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = _kept(home / "keys.json", _new_keys)
    _kept(home / "logins.json", _new_logins)
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_CONFIG": str(home / "airflow.cfg"),
        "AIRFLOW__API__BASE_URL": f"http://{LOOPBACK}:{port}",
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__SECRET_KEY": keys["secret"],
        "AIRFLOW__API_AUTH__JWT_SECRET": keys["jwt"],
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager"
        ),
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags.absolute()),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{LOOPBACK}:{execution_port}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__FERNET_KEY": keys["fernet"],
        # Airflow's way looks the name up in DNS, which may hang where there is none.
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # SQLite takes one writer at a time: with Airflow's 32 the scheduler dies of its own locks.
        "AIRFLOW__CORE__PARALLELISM": "4",
        # The Test button of a connection's form; the UI is on loopback.
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "logins.json"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{user}:{role}" for user, role in USERS.items()),
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
        # Seconds a writer waits for another; also why the path has to be absolute.
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}?timeout=20",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
    }


def pools() -> dict[str, dict[str, Any]]:
    """The pools the DAGs use, in the form of `airflow pools import`: one for each connector, one for drawing."""
    found = {
        f"api_{platform}": _pool(PLATFORM_SLOTS, f"tasks asking {manifest.title}")
        for platform, manifest in manifests().items()
    }
    return {**found, "render": _pool(RENDER_SLOTS, "tasks drawing PDFs")}


def _pool(slots: int, description: str) -> dict[str, Any]:
    return {"slots": slots, "description": description, "include_deferred": False}


def logins(home: Path) -> dict[str, str]:
    """Passwords by user."""
    return _kept(home / "logins.json", _new_logins)


def _new_keys() -> dict[str, str]:
    return {
        # Airflow warns on every use of a JWT key below 64 bytes, its own generated one included.
        "jwt": secrets.token_urlsafe(64),
        "secret": secrets.token_urlsafe(32),
        "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
    }


def _new_logins() -> dict[str, str]:
    return {user: secrets.token_urlsafe(9) for user in USERS}


def _kept(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What the file holds; written first, for its owner's eyes only, if it is not there."""
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(make(), file)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


# --- one process ----------------------------------------------------------------------------------------------------


@dataclass
class Child:
    """One process that has to run. It leads a session of its own, so that whatever it starts can be ended with it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0

    def start(self) -> None:
        """Start it, its output going to the end of its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - the command is ours
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has one thread
            )
        self.started_at = time.monotonic()

    def keep_up(self) -> str | None:
        """Start it again if it has died and its pause is over. Returns a line for a person when it was found dead."""
        if self.process is None:
            if time.monotonic() >= self.start_again_at:
                self.start()
            return None
        status = self.process.poll()
        if status is None:
            return None
        pause = self._bury()
        return f"{self.name} ended with status {status}, starts again in {pause:.0f} s; its log is {self.log}"

    def _bury(self) -> float:
        # What it left running would wait for it for ever, or do a task a second time.
        self.kill()
        now = time.monotonic()
        self.deaths = 1 if now - self.started_at > LIVED_WELL else self.deaths + 1
        pause = min(FIRST_PAUSE * 2.0 ** (self.deaths - 1), LONGEST_PAUSE)
        self.process, self.start_again_at = None, now + pause
        return pause

    def running(self) -> bool:
        """Whether it, not counting what it has started, is alive."""
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> None:
        """Ask it to end. What it has started it ends itself, as its name for SIGTERM says."""
        if self.process is not None and self.running():
            self.process.terminate()

    def kill(self) -> None:
        """End it and everything in its session that is left."""
        if self.process is None:
            return
        for pid in _session(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _end_with_parent() -> None:
    """Ask Linux for SIGTERM when the launcher dies, even of SIGKILL (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _session(leader: int) -> list[int]:
    """Processes in the leader's session. Tasks run in process groups of their own, so the group is not enough."""
    return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _session_of(stat) == leader]


def _session_of(stat: Path) -> int | None:
    try:
        text = stat.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    # proc(5): after the name in parentheses come state, parent, group, session.
    return int(text.rpartition(")")[2].split()[3])


# --- all of them ----------------------------------------------------------------------------------------------------


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


@dataclass
class Launcher:
    """Starts Airflow's processes in order, keeps them up and ends them."""

    home: Path
    port: int
    execution_port: int
    say: Callable[[str], None]
    dags: Path = ROOT / "dags"
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def run(self, ready: Callable[[], None]) -> None:
        """Run until told to stop by SIGTERM or SIGINT, calling `ready` once everything answers."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            self._start()
            ready()
            while True:
                self._tick()
        except Stopped:
            self.say("stopping")
        finally:
            self._end()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self) -> None:
        """The order matters: a scheduler that starts before the tasks' API answers loses its first tasks."""
        self._migrate()
        self._add("api", "api-server", "--apps", "core", "--host", LOOPBACK, "--port", str(self.port))
        self._add(
            "tasks-api", "api-server", "--apps", "execution", "--host", LOOPBACK, "--port", f"{self.execution_port}"
        )
        self._add("dag-processor", "dag-processor")
        self.say("starting the UI and the tasks' API")
        self._wait_for("the UI", lambda: _answers(self._url("/api/v2/version")))
        self._wait_for("the tasks' API", lambda: _answers(f"http://{LOOPBACK}:{self.execution_port}/execution/health"))
        make_pools(self._url(""), "admin", logins(self.home)["admin"])
        # Airflow would serve task logs on every interface, and no setting binds them to loopback. All processes share
        # one disk here and the UI reads the files, so the log servers stay off.
        self._add("scheduler", "scheduler", "--skip-serve-logs")
        self._add("triggerer", "triggerer", "--skip-serve-logs")
        self.say("starting the scheduler")
        self._wait_for("the scheduler", lambda: healthy(self._url("/api/v2/monitor/health")))

    def _url(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"

    def _migrate(self) -> None:
        """Create or upgrade Airflow's database, once for each version of Airflow."""
        done, wanted = self.home / "migrated", version("apache-airflow-core")
        if (self.home / "airflow.db").exists() and done.exists() and done.read_text(encoding="utf-8") == wanted:
            return
        self.say("preparing Airflow's database")
        child = self._child("migrate", "db", "migrate")
        child.start()
        self.children.append(child)
        while child.running():
            self._pause()
        self.children.remove(child)
        if child.process is None or child.process.returncode != 0:
            raise UserError(f"Airflow's database could not be prepared; see {child.log}")
        done.write_text(wanted, encoding="utf-8")

    def _child(self, name: str, *command: str) -> Child:
        settings = airflow_environment(self.home, port=self.port, execution_port=self.execution_port, dags=self.dags)
        return Child(
            name=name,
            command=[sys.executable, "-m", "airflow", *command],
            environment={**os.environ, **settings},
            log=self.home / "processes" / f"{name}.log",
        )

    def _add(self, name: str, *command: str) -> None:
        self.children.append(self._child(name, *command))
        self.children[-1].start()

    def _wait_for(self, what: str, answers: Callable[[], bool]) -> None:
        last = time.monotonic() + PATIENCE
        while not answers():
            if time.monotonic() > last:
                raise UserError(f"{what} did not answer within {PATIENCE:.0f} s; see {self.home / 'processes'}")
            self._tick()

    def _tick(self) -> None:
        self._pause()
        for child in self.children:
            news = child.keep_up()
            if news:
                self.say(news)

    def _pause(self) -> None:
        time.sleep(TICK)
        if self.stopping:
            raise Stopped

    def _end(self) -> None:
        """Those that hand out work first; the APIs last, so that tasks can still report how they ended."""
        apis = [child for child in self.children if child.name in {"api", "tasks-api"}]
        others = [child for child in self.children if child not in apis]
        _end_all(others)
        _end_all(apis)


def _end_all(children: Sequence[Child]) -> None:
    for child in children:
        child.terminate()
    last = time.monotonic() + GRACE
    while any(child.running() for child in children) and time.monotonic() < last:
        time.sleep(TICK)
    for child in children:
        child.kill()


# --- asking Airflow -------------------------------------------------------------------------------------------------


def _loopback() -> requests.Session:
    session = requests.Session()
    # A proxy set for the outside world does not know our loopback.
    session.trust_env = False
    return session


def _answers(url: str) -> bool:
    """Whether a server answers there with 200 by now."""
    try:
        return bool(_loopback().get(url, timeout=5).ok)
    except requests.RequestException:
        return False


def healthy(url: str) -> bool:
    """Whether Airflow's own health page at `url` calls all that has to beat healthy."""
    try:
        parts = _loopback().get(url, timeout=5).json()
    except requests.RequestException:
        return False
    return all(parts[name]["status"] == "healthy" for name in ("metadatabase", "scheduler", "dag_processor"))


def make_pools(url: str, user: str, password: str) -> None:
    """Create the pools that are missing in the Airflow at `url`; those that are there keep an operator's changes."""
    session = _loopback()
    answer = session.post(f"{url}/auth/token", json={"username": user, "password": password}, timeout=60)
    answer.raise_for_status()
    entities = [{"name": name, **pool} for name, pool in pools().items()]
    action = {"action": "create", "action_on_existence": "skip", "entities": entities}
    answer = session.patch(
        f"{url}/api/v2/pools",
        json={"actions": [action]},
        headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
        timeout=60,
    )
    answer.raise_for_status()


# --- the command ----------------------------------------------------------------------------------------------------


def _home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
        default=ROOT / ".airflow",
        show_default=".airflow of the checkout",
        help="Airflow's own folder.",
    )(command)


def _port_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)(command)


def _dags_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--dags", type=click.Path(path_type=Path, file_okay=False, resolve_path=True), default=ROOT / "dags"
    )(command)


@click.group()
def commands() -> None:
    """Airflow on this machine, its UI on http://127.0.0.1."""


@commands.command()
@_home_option
@_port_option
@_dags_option
@click.option("--detached", is_flag=True, hidden=True)
def run(home: Path, port: int, dags: Path, detached: bool) -> None:
    """Run in the foreground until Ctrl-C."""
    with _only_one(home):
        _need_free(port)
        launcher = Launcher(home=home, port=port, execution_port=_free_port(), say=_say, dags=dags)

        def ready() -> None:
            (home / "ready").write_text(str(port), encoding="utf-8")
            if not detached:
                _announce(home, port)

        (home / "ready").unlink(missing_ok=True)
        try:
            launcher.run(ready)
        finally:
            (home / "ready").unlink(missing_ok=True)


@commands.command()
@_home_option
@_port_option
@_dags_option
def up(home: Path, port: int, dags: Path) -> None:
    """Start in the background, return when it is ready and say how to log in."""
    if _is_up(home):
        _announce(home, int(_wait_for_ready_file(home)))
        return
    _need_free(port)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = home / "launcher.log"
    command = [sys.executable, "-m", "chapterwatch.launcher", "run", "--detached"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the command is ours
            [*command, "--home", str(home), "--port", str(port), "--dags", str(dags)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _relay(process, log, home / "ready")
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    _announce(home, port)


@commands.command()
@_home_option
def down(home: Path) -> None:
    """Stop what `up` or `run` started."""
    if not _is_up(home):
        click.echo("nothing is running")
        return
    os.kill(int((home / "launcher.pid").read_text(encoding="ascii")), signal.SIGTERM)
    last = time.monotonic() + 3 * GRACE
    while _is_up(home):
        if time.monotonic() > last:
            raise UserError(f"it has not stopped within {3 * GRACE:.0f} s; see {home / 'launcher.log'}")
        time.sleep(TICK)
    click.echo("stopped")


@commands.command("pools")
def print_pools() -> None:
    """Print the pools for `airflow pools import`."""
    click.echo(json.dumps(pools(), indent=2))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a mistake its reader can mend is one line and exit status 2."""
    try:
        commands.main(arguments, prog_name="chapterwatch.launcher", standalone_mode=False)
    except UserError as error:
        click.echo(f"chapterwatch: {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


def _say(line: str) -> None:
    click.echo(f"airflow: {line}")


def _announce(home: Path, port: int) -> None:
    click.echo(f"\nAirflow is ready on http://{LOOPBACK}:{port}")
    for user, password in logins(home).items():
        click.echo(f"  {user:<8} {password}   ({USERS.get(user, 'no role')})")
    click.echo(f"The passwords are kept in {home / 'logins.json'}. Stop it with: make down")


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the home's lock with our process id in it. The system lets go of it however we end."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "launcher.pid").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"it is running already from {home}; stop it with: make down") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _is_up(home: Path) -> bool:
    path = home / "launcher.pid"
    if not path.exists():
        return False
    with path.open(encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _wait_for_ready_file(home: Path) -> str:
    last = time.monotonic() + PATIENCE
    while not (home / "ready").exists():
        if time.monotonic() > last or not _is_up(home):
            raise UserError(f"it is starting and did not get ready; see {home / 'launcher.log'}")
        time.sleep(TICK)
    return (home / "ready").read_text(encoding="utf-8")


def _relay(process: subprocess.Popen[bytes], log: Path, ready: Path) -> None:
    """Show what the launcher says until it is ready. Exits with its status if it ends before."""
    with log.open(encoding="utf-8") as lines:
        while not ready.exists():
            status = process.poll()
            click.echo(lines.read(), nl=False)
            if status is not None:
                sys.exit(status or 1)
            time.sleep(TICK)
        click.echo(lines.read(), nl=False)


def _need_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except PermissionError:
            raise UserError(
                f"port {port} is not ours to use; choose one above 1023, such as: make up PORT=8090"
            ) from None
        except OSError:
            raise UserError(
                f"port {port} on {LOOPBACK} is taken; stop what uses it or choose another: make up PORT=8090"
            ) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
