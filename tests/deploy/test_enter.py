"""The entry point: settings and secrets in, addresses out, one line where a person has to do something."""

import os
import signal
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import make_url

from .conftest import Machine

#: Invented, of the shape that is asked for.
FERNET = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
SECRETS = {"AIRFLOW_FERNET_KEY": FERNET, "AIRFLOW_JWT_SECRET": "j" * 64, "AIRFLOW_SECRET_KEY": "s" * 32}
SERVERS = {
    "POSTGRES_HOST": "db.example",
    "POSTGRES_PASSWORD": "p",
    "REDIS_HOST": "queue.example",
    "REDIS_PASSWORD": "r",
}
ALL = SECRETS | SERVERS


@pytest.mark.parametrize("name", sorted(ALL))
def test_what_is_missing_is_named_in_one_line(machine: Machine, name: str) -> None:
    """A process that starts without a secret fails much later, somewhere else. An empty one is missing too."""
    assert machine.refused("scheduler", **{**ALL, name: ""}).startswith(f"{name} is not set, nor {name}_FILE")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AIRFLOW_FERNET_KEY": FERNET[:-1]}, "AIRFLOW_FERNET_KEY is no Fernet key"),
        ({"AIRFLOW_FERNET_KEY": FERNET + ","}, "AIRFLOW_FERNET_KEY is no Fernet key"),
        ({"AIRFLOW_JWT_SECRET": "j" * 63}, "AIRFLOW_JWT_SECRET is shorter than 64 characters"),
        ({"POSTGRES_PASSWORD_FILE": "/dev/null"}, "POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set"),
        ({"CHAPTERWATCH_SETTINGS": "/nowhere"}, "CHAPTERWATCH_SETTINGS names /nowhere"),
    ],
)
def test_what_cannot_be_right_is_refused_in_one_line(machine: Machine, change: dict[str, str], said: str) -> None:
    """Each of these would start, and fail where nobody looks."""
    refusal = machine.refused("scheduler", **ALL | change)

    assert refusal.startswith(said)
    assert FERNET not in refusal


def test_roles_are_known_before_anything_is_read(machine: Machine) -> None:
    """A slip of the fingers must not be handed to Airflow as a command."""
    assert machine.refused("schedular").startswith("there is no role schedular")
    assert machine.refused().startswith("say what to run")


@pytest.mark.parametrize("kind", ["missing", "empty"])
def test_a_secret_file_without_a_secret_is_refused(machine: Machine, tmp_path: Path, kind: str) -> None:
    """An empty password would be taken for none."""
    file = tmp_path / "secret"
    if kind == "empty":
        file.write_text("\n")

    refusal = machine.refused("scheduler", **{**ALL, "REDIS_PASSWORD": "", "REDIS_PASSWORD_FILE": str(file)})

    assert refusal.startswith(f"REDIS_PASSWORD_FILE names {file}, which ")


def test_any_character_in_a_password_reaches_the_servers(machine: Machine, tmp_path: Path) -> None:
    """A password goes into URLs, where @ : / % # and blanks mean something; so do letters beyond ASCII."""
    password = "p@ss:w/o?r#d %41 +&=ü$HOME'\"\\"
    file = tmp_path / "password"
    file.write_text(password + "\n", encoding="utf-8")
    asked = {**ALL, "POSTGRES_PASSWORD": "", "REDIS_PASSWORD": ""}

    seen = machine.seen(**asked, POSTGRES_PASSWORD_FILE=str(file), REDIS_PASSWORD_FILE=str(file))

    for name in ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "CHAPTERWATCH_DATABASE"):
        assert (password, "db.example", 5432) == (
            make_url(seen[name]).password,
            make_url(seen[name]).host,
            make_url(seen[name]).port,
        )
    assert password == make_url(seen["AIRFLOW__CELERY__RESULT_BACKEND"].removeprefix("db+")).password
    broker = urlsplit(seen["AIRFLOW__CELERY__BROKER_URL"])
    assert (password, "queue.example", 6379) == (unquote(broker.password or ""), broker.hostname, broker.port)
    # Airflow expands $NAME in its settings.
    assert not any("$" in value for name, value in seen.items() if name.startswith("AIRFLOW__"))


def test_the_two_databases_are_two(machine: Machine) -> None:
    """Both keep a table of their migrations under one name."""
    seen = machine.seen(**ALL)

    assert ("airflow", "chapterwatch") == (
        make_url(seen["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]).database,
        make_url(seen["CHAPTERWATCH_DATABASE"]).database,
    )


def test_whole_addresses_win_over_parts(machine: Machine) -> None:
    """A broker with TLS or a database of somebody else has an address of its own shape."""
    own = {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2://u:p@h/one?sslmode=verify-full",
        "CHAPTERWATCH_DATABASE": "postgresql+psycopg://u:p@h/two",
        "AIRFLOW__CELERY__BROKER_URL": "rediss://:p@h:6380/0?ssl_cert_reqs=required",
    }

    seen = machine.seen(**SECRETS, **own)

    assert own == {name: seen[name] for name in own}
    assert "db+postgresql://u:p@h/one?sslmode=verify-full" == seen["AIRFLOW__CELERY__RESULT_BACKEND"]


def test_the_environment_wins_over_the_own_file_and_that_over_ours(machine: Machine, tmp_path: Path) -> None:
    """What is said nearest counts: a container's setting, the installation's file, then what comes along."""
    own = tmp_path / "production.env"
    own.write_text('# ours\n\nCHAPTERWATCH_KEEP_LOGS_DAYS=7\nAIRFLOW__API__PORT=9001\nAIRFLOW__X__Y={"a": 1}')

    seen = machine.seen(**ALL, CHAPTERWATCH_SETTINGS=str(own), AIRFLOW__API__PORT="9002")

    names = ("AIRFLOW__API__PORT", "CHAPTERWATCH_KEEP_LOGS_DAYS", "CHAPTERWATCH_KEEP_RUNS_DAYS", "AIRFLOW__X__Y")
    assert ["9002", "7", "400", '{"a": 1}'] == [seen[name] for name in names]
    assert "http://127.0.0.1:9002/execution/" == seen["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]


@pytest.mark.parametrize(("url", "secure"), [("https://audit.example", "true"), ("http://127.0.0.1:8080", None)])
def test_a_session_never_travels_without_tls_where_there_is_tls(machine: Machine, url: str, secure: str | None) -> None:
    """Airflow's login keeps its session in a cookie that is not marked by itself."""
    seen = machine.seen(**ALL, AIRFLOW_BASE_URL=url)

    assert (url, secure) == (seen["AIRFLOW__API__BASE_URL"], seen.get("AIRFLOW__FAB__COOKIE_SECURE"))


def test_a_line_that_sets_nothing_is_refused(machine: Machine, tmp_path: Path) -> None:
    """`export NAME=value` and a forgotten = would be passed over without a word."""
    own = tmp_path / "production.env"
    own.write_text("export AIRFLOW__API__PORT=1\n")

    refusal = machine.refused("scheduler", **ALL, CHAPTERWATCH_SETTINGS=str(own))

    assert f"{own} has a line that is no NAME=value: export AIRFLOW__API__PORT" == refusal


def test_airflows_own_settings_may_end_in_file(machine: Machine) -> None:
    """These name files that are no secrets of ours."""
    own = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": "/nowhere", "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere"}

    assert own.items() <= machine.seen(**ALL, **own).items()


def test_the_command_line_needs_no_broker_and_no_keys(machine: Machine) -> None:
    """Looking at findings by hand must not depend on Airflow's secrets."""
    done = machine.enter("chapterwatch", "--version", POSTGRES_HOST="db.example", POSTGRES_PASSWORD="p")

    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
@pytest.mark.parametrize("role", ["chapterwatch", "restore", "init", "worker"])
def test_root_does_not_write_where_the_service_has_to_read(machine: Machine, role: str) -> None:
    """A report that root drew is root's alone: the service could neither mail nor show it. The line says who runs it.

    A backup only reads, and python and healthy write nothing of ours.
    """
    home = Path(machine.settings["CHAPTERWATCH_HOME"])
    home.mkdir()
    os.chown(home, 65534, 65534)

    refusal = machine.refused(role, "publish", "2026-10", **ALL)

    enter = Path(__file__).resolve().parents[2] / "deploy" / "enter.sh"
    who = "user nobody, who owns it, could not read what root writes"
    assert f"{home} is not root's, and {who}; say: runuser -u nobody -- {enter} {role} ..." == refusal
    assert "POSTGRES_HOST" in machine.seen(**ALL)


def test_where_nothing_is_installed_the_way_of_compose_is_told(machine: Machine, tmp_path: Path) -> None:
    """On a host of containers this script lies in the checkout and has nothing to start."""
    (tmp_path / "empty").mkdir()
    path = str(tmp_path / "bin")
    Path(path).mkdir()
    for name in ("bash", "dirname", "id"):
        (tmp_path / "bin" / name).symlink_to(f"/usr/bin/{name}")

    refusal = machine.refused("chapterwatch", "health", PATH=path, CHAPTERWATCH_PREFIX=str(tmp_path / "empty"))

    assert refusal.startswith("airflow is not on the PATH; ")
    assert refusal.endswith("; with Docker Compose say: docker compose run --rm tools chapterwatch ...")


def test_signals_reach_the_process_asked_for(machine: Machine) -> None:
    """A shell in between would keep SIGTERM to itself, and a worker would be killed in the middle of a mail."""
    script = "import os, signal, sys; print(os.getpid(), flush=True); signal.pause()"
    root = Path(__file__).resolve().parent.parent.parent
    command = ["bash", str(root / "deploy" / "enter.sh"), "python", "-c", script]

    with subprocess.Popen(command, env=machine.settings | ALL, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        os.kill(running.pid, signal.SIGTERM)
        status = running.wait()

    assert (running.pid, -signal.SIGTERM) == (pid, status)
