"""The launcher of `make up`: its settings, its children, and once the whole of it with Airflow itself."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from chapterwatch import launcher

SOON = 30.0


def until(holds: Callable[[], object], seconds: float = SOON) -> bool:
    """Whether it comes to hold; how fast is nobody's promise."""
    last = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > last:
            return False
        time.sleep(0.05)
    return True


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- settings ---------------------------------------------------------------------------------------------------------


def test_importing_the_launcher_does_not_import_airflow() -> None:
    """Settings have to stand before Airflow is imported, so the module that gives them cannot import it."""
    code = "import sys, chapterwatch.launcher; print([name for name in sys.modules if name.split('.')[0] == 'airflow'])"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout == "[]\n"


def test_keys_and_passwords_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    """A second start must decrypt what the first one encrypted, and nobody else may read the keys."""
    home = tmp_path / "home"

    first = launcher.airflow_environment(home)
    second = launcher.airflow_environment(home)

    assert first == second
    assert {"keys.json": 0o600, "logins.json": 0o600} == {path.name: mode(path) for path in home.iterdir()}
    assert mode(home) == 0o700


def test_two_homes_share_nothing(tmp_path: Path) -> None:
    """Test workers run beside each other: neither database, logs nor keys may be common."""
    one = launcher.airflow_environment(tmp_path / "one")
    two = launcher.airflow_environment(tmp_path / "two")

    own = {name for name in one if one[name] != two[name]}

    assert {
        "AIRFLOW_HOME",
        "AIRFLOW_CONFIG",
        "AIRFLOW__API__SECRET_KEY",
        "AIRFLOW__API_AUTH__JWT_SECRET",
        "AIRFLOW__CORE__FERNET_KEY",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER",
    } == own


def test_a_relative_home_gives_an_absolute_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow refuses a relative SQLite path, and its processes may run elsewhere."""
    monkeypatch.chdir(tmp_path)

    settings = launcher.airflow_environment(Path("home"))

    assert f"sqlite:///{tmp_path}/home/airflow.db?timeout=20" == settings["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_every_connector_has_a_pool_named_as_the_dags_name_it() -> None:
    """A task whose pool is missing is never started, and nobody is told."""
    from chapterwatch import airflow_glue  # noqa: PLC0415 - the others run without Airflow

    wanted = {airflow_glue.pool_of(platform) for platform in airflow_glue.platforms()} | {"render"}

    assert wanted == set(launcher.pools())
    assert {1, 2} == {pool["slots"] for pool in launcher.pools().values()}


# --- children ---------------------------------------------------------------------------------------------------------


def child(tmp_path: Path, code: str) -> launcher.Child:
    return launcher.Child(
        name="child", command=[sys.executable, "-c", code], environment=os.environ, log=tmp_path / "child.log"
    )


def test_a_child_that_keeps_dying_is_started_again_after_longer_and_longer_pauses(tmp_path: Path) -> None:
    """A crash loop must not eat the machine; one that recovers must come back by itself."""
    dying = child(tmp_path, "raise SystemExit(3)")
    pauses = []

    for _ in range(8):
        dying.start()
        assert until(lambda: not dying.running())
        assert "ended with status 3" in str(dying.keep_up())
        pauses.append(round(dying.start_again_at - time.monotonic()))

    assert [1, 2, 4, 8, 16, 32, 60, 60] == pauses


def test_a_child_is_left_alone_while_its_pause_lasts_and_started_once_it_is_over(tmp_path: Path) -> None:
    """The pause is what makes a restart loop harmless."""
    dying = child(tmp_path, "raise SystemExit(3)")
    dying.start()
    assert until(lambda: not dying.running())
    dying.keep_up()

    dying.keep_up()
    in_pause = dying.process
    dying.start_again_at = 0.0
    dying.keep_up()

    assert in_pause is None
    assert dying.process is not None
    dying.kill()


def test_what_a_dead_child_had_started_is_ended_before_it_starts_again(tmp_path: Path) -> None:
    """A killed scheduler leaves its workers and their tasks behind, which would do a task a second time."""
    # Airflow's tasks run in process groups of their own, so ending the child's group would not reach them.
    code = (
        "import os, time\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    os.setpgid(0, 0); open('task.pid', 'w').write(str(os.getpid())); time.sleep(600)\n"
        "time.sleep(600)\n"
    )
    parent = child(tmp_path, f"import os; os.chdir({str(tmp_path)!r})\n{code}")
    parent.start()
    assert until(lambda: (tmp_path / "task.pid").exists() and (tmp_path / "task.pid").read_text())
    task = int((tmp_path / "task.pid").read_text())
    assert alive(task)

    assert parent.process is not None
    parent.process.kill()
    assert until(lambda: not parent.running())
    parent.keep_up()

    assert until(lambda: not alive(task))


def test_children_end_with_a_launcher_that_was_killed(tmp_path: Path) -> None:
    """SIGKILL gives nobody time to clean up; the children's port would stay taken for ever."""
    code = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from chapterwatch.launcher import Child\n"
        "one = Child('child', [sys.executable, '-c', 'import time; time.sleep(600)'], os.environ, Path(sys.argv[1]))\n"
        "one.start(); print(one.process.pid, flush=True); time.sleep(600)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        was_alive = alive(pid)
        parent.kill()

    assert was_alive
    assert until(lambda: not alive(pid))


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["up", "run"])
def test_a_taken_port_is_one_clear_line(
    command: str, taken_port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the check Airflow's API dies in a loop, with its reason deep in a log."""
    with pytest.raises(SystemExit) as ended:
        launcher.main([command, "--port", str(taken_port), "--home", str(tmp_path / "home")])

    expected = (
        f"chapterwatch: port {taken_port} on 127.0.0.1 is taken;"
        " stop what uses it or choose another: make up PORT=8090\n"
    )
    assert (2, expected) == (ended.value.code, capsys.readouterr().err)


def test_stopping_what_does_not_run_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A process id left behind by a crash may be another program's by now: it is not signalled."""
    (tmp_path / "launcher.pid").write_text(str(os.getpid()))

    launcher.main(["down", "--home", str(tmp_path)])

    assert capsys.readouterr().out == "nothing is running\n"


# --- the whole --------------------------------------------------------------------------------------------------------

DAG = """
from airflow.sdk import dag, task

@dag(schedule=None)
def greet():
    @task
    def hello():
        return "hello"

    hello()

greet()
"""


class Airflow:
    """A running `up` and its REST API."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.dags = folder / "dags"
        self.dags.mkdir()
        (self.dags / "greet.py").write_text(DAG)
        self.port = launcher._free_port()
        self.session = requests.Session()
        self.session.trust_env = False

    def command(self, name: str, *more: str) -> subprocess.CompletedProcess[str]:
        """The launcher's command on this home."""
        return subprocess.run(
            [sys.executable, "-m", "chapterwatch.launcher", name, "--home", str(self.home), *more],
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self) -> subprocess.CompletedProcess[str]:
        """Start it."""
        return self.command("up", "--port", str(self.port), "--dags", str(self.dags))

    def log_in(self, user: str, password: str) -> None:
        """Ask as this user from now on."""
        answer = self.ask("POST", "/auth/token", json={"username": user, "password": password})
        self.session.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """A successful answer of the REST API."""
        answer = self.session.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=60, **more)
        answer.raise_for_status()
        return answer.json()

    def sessions(self) -> list[int]:
        """Leaders of its children's sessions: the launcher's own children."""
        pid = (self.home / "launcher.pid").read_text()
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def listening(self) -> set[str]:
        """Local addresses any of its processes listens on, as /proc/net/tcp writes them, without the port."""
        pids = [pid for leader in self.sessions() for pid in launcher._session(leader)]
        targets = {str(link.readlink()) for pid in pids for link in Path(f"/proc/{pid}/fd").glob("*")}
        tables = [table for name in ("tcp", "tcp6") if (table := Path("/proc/net", name)).exists()]
        rows = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
        return {row[1].split(":")[0] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in targets}


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def test_up_runs_airflow_and_down_leaves_nothing(tmp_path: Path) -> None:
    """Login as stated, DAGs and pools there, a killed scheduler back, loopback only, no process left."""
    airflow = Airflow(tmp_path)
    try:
        started = airflow.up()
        assert started.returncode == 0, started.stdout + started.stderr
        passwords = json.loads((airflow.home / "logins.json").read_text())
        assert all(f"{user:<8} {passwords[user]}" in started.stdout for user in ("admin", "staff", "viewer"))

        airflow.log_in("admin", passwords["admin"])
        assert until(lambda: ["greet"] == [dag["dag_id"] for dag in airflow.ask("GET", "/api/v2/dags")["dags"]], 120)
        pools = {pool["name"]: pool["slots"] for pool in airflow.ask("GET", "/api/v2/pools")["pools"]}
        assert launcher.pools().keys() <= pools.keys()
        # 127.0.0.1 as the kernel writes it.
        assert {"0100007F"} == airflow.listening()

        first = airflow.sessions()
        scheduler = next(pid for pid in first if "airflow scheduler" in name_of(pid))
        os.kill(scheduler, signal.SIGKILL)
        run = airflow.ask("POST", "/api/v2/dags/greet/dagRuns", json={"logical_date": None})
        path = f"/api/v2/dags/greet/dagRuns/{run['dag_run_id']}"
        assert until(lambda: airflow.ask("GET", path)["state"] == "success", launcher.PATIENCE)
        leaders = {*first, *airflow.sessions()}
    finally:
        stopped = airflow.command("down")

    assert (0, "stopped\n") == (stopped.returncode, stopped.stdout)
    assert len(leaders) >= 6, "five children, the scheduler twice"
    assert {leader: [] for leader in leaders} == {leader: launcher._session(leader) for leader in leaders}
    launcher._need_free(airflow.port)
