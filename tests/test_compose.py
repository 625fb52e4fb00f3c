"""docker-compose.yml, Dockerfile, .env.example and deploy/ agree with each other, with the lock and with our rules."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chapterwatch import launcher, settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text()
FILE: dict[str, Any] = yaml.safe_load(COMPOSE)
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
EXAMPLE = (ROOT / ".env.example").read_text()
#: Settings whose value is a secret, by their name.
SECRET = re.compile(r"PASSWORD|SECRET|KEY|BROKER_URL|RESULT_BACKEND|SQL_ALCHEMY_CONN|DATABASE$|MAIL(_FILE)?$|TOKEN")
OURS = [name for name, service in SERVICES.items() if "build" in service]


def locked(lock: str, package: str) -> str:
    found = re.search(rf"^{package}==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    assert found, f"{package} is not in {lock}"
    return found[1]


def defaults() -> dict[str, str]:
    """deploy/airflow.env as Docker would read it."""
    lines = (ROOT / "deploy" / "airflow.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def secrets_made() -> set[str]:
    """What deploy/secrets.sh makes or asks for."""
    text = (ROOT / "deploy" / "secrets.sh").read_text()
    names = re.search(r'^readonly NAMES="([^"]*)"', text, re.MULTILINE)
    assert names
    return {*names[1].split(), "chapterwatch_mail"}


# --- secrets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_has_a_value_of_its_own(name: str) -> None:
    """A default password ends up in production: secrets come from files, and a service is given those it names."""
    service = SERVICES[name]
    values = {key: value for key, value in service.get("environment", {}).items() if SECRET.search(key)}
    named = {str(value).removeprefix("/run/secrets/") for value in values.values()}

    assert [] == [key for key, value in values.items() if not str(value).startswith("/run/secrets/")]
    assert named == set(service["secrets"])


def test_every_secret_is_made_by_the_script_and_stands_in_the_folder_git_ignores() -> None:
    """Compose says only that a file is missing, not how to make it."""
    files = {name: secret["file"] for name, secret in FILE["secrets"].items()}

    assert {name: f"${{CHAPTERWATCH_SECRETS:-./secrets}}/{name}" for name in secrets_made()} == files
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_no_setting_of_production_is_a_secret() -> None:
    """deploy/airflow.env is in the repository and in the image."""
    assert [] == [name for name in defaults() if SECRET.search(name)]


# --- settings -------------------------------------------------------------------------------------------------------


def test_every_required_variable_is_named_in_the_example_and_has_no_value() -> None:
    """A copied example that started would start with everybody's name."""
    assert set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE)) == set(re.findall(r"^([A-Z_]+)=$", EXAMPLE, re.MULTILINE))
    assert [] == re.findall(r"^[A-Z_]+=.+$", EXAMPLE, re.MULTILINE)


def test_every_setting_is_told_somewhere() -> None:
    """Whoever runs it looks in two files: what may be set, and what is set already with its reason."""
    known = set(re.findall(r"^\| (CHAPTERWATCH_[A-Z_]+) \|", settings.__doc__ or "", re.MULTILINE))
    told = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE)) | defaults().keys()
    # The clock is not for production; a file brings the mail's URL, for it holds a password.
    meant = told | {name.removesuffix("_FILE") for name in told}

    assert set() == known - meant - {"CHAPTERWATCH_NOW"}


def test_every_default_is_read_and_named_once() -> None:
    """A line that two files set has two truths, and a setting without a reason beside it has none."""
    lines = (ROOT / "deploy" / "airflow.env").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]

    assert sorted(set(names)) == sorted(names)
    assert [] == [
        line for line in lines if line and not line.startswith("#") and not re.fullmatch(r"[A-Z0-9_]+=\S+", line)
    ]


def test_production_and_one_machine_agree_on_what_an_install_does(tmp_path: Path) -> None:
    """Whether DAGs start by themselves must not depend on how Airflow was started."""
    here = launcher.airflow_environment(tmp_path)
    # Where they listen, who runs tasks and who logs in is what production is about.
    differ = {"AIRFLOW__CORE__AUTH_MANAGER", "AIRFLOW__CORE__EXECUTOR"}
    both = (here.keys() & defaults().keys()) - differ

    assert {"AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION", "AIRFLOW__API__HOST"} <= both
    assert {name: here[name].lower() for name in both} == {name: defaults()[name].lower() for name in both}


# --- processes ------------------------------------------------------------------------------------------------------


def test_every_role_runs_and_is_asked_how_it_is() -> None:
    """A dead dag-processor looks like a quiet night."""
    roles = ["api-server", "dag-processor", "scheduler", "triggerer", "worker"]
    running = {service["command"]: service for service in SERVICES.values() if service.get("command") in roles}

    assert roles == sorted(running)
    assert {role: ["CMD", "/opt/chapterwatch/deploy/enter.sh", "healthy", role] for role in roles} == {
        role: service["healthcheck"]["test"] for role, service in running.items()
    }


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_can_be_seen_to_be_ill(name: str) -> None:
    """What runs once is seen by its exit status instead; what only tidies says so in its log."""
    service = SERVICES[name]
    asked = "test" in service.get("healthcheck", {})

    assert asked != (service["restart"] == "no" or name == "airflow-tidy")


@pytest.mark.parametrize("name", SERVICES)
def test_no_log_fills_the_disk(name: str) -> None:
    """Docker keeps what a container says for ever unless it is told not to."""
    options = SERVICES[name]["logging"]["options"]

    assert {"max-size", "max-file"} == set(options)


@pytest.mark.parametrize("name", ["airflow-scheduler", "airflow-triggerer", "airflow-worker"])
def test_who_reports_to_the_api_starts_after_it_and_stops_before_it(name: str) -> None:
    """A task that cannot report is lost, at both ends of the day."""
    assert {"condition": "service_healthy"} == SERVICES[name]["depends_on"]["airflow-apiserver"]


def test_nothing_is_open_to_the_network() -> None:
    """The UI serves named volunteers' findings: only a proxy with TLS may put it on the network."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ["127.0.0.1:8080:8080"] == ports
    assert "127.0.0.1" == defaults()["AIRFLOW__API__HOST"]


def test_what_is_kept_lies_in_volumes() -> None:
    """A container's own disk goes with it."""
    kept = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert {"postgres", "redis", "chapterwatch", "logs", "backups"} == FILE["volumes"].keys()
    assert FILE["volumes"].keys() == {name for name in kept if not name.startswith(".")}


def test_files_go_in_and_out_through_a_folder_git_ignores() -> None:
    """Questionnaires, notices and evidence name people; a command takes and leaves them where it is started."""
    tools = SERVICES["tools"]

    assert "./exchange:/exchange" in tools["volumes"]
    assert "/exchange" == tools["working_dir"]
    assert [] == [name for name in OURS if name != "tools" and "exchange" in str(SERVICES[name].get("volumes"))]
    assert "/exchange/" in (ROOT / ".gitignore").read_text().splitlines()


def test_nobody_is_root() -> None:
    """Our image ends as Airflow's user. PostgreSQL's gives root up by itself, Redis's only with its own command."""
    assert "redis" == SERVICES["redis"]["user"]
    assert [] == [name for name in OURS if "user" in SERVICES[name]]


# --- the image and the locks ----------------------------------------------------------------------------------------


def test_image_and_locks_hold_one_airflow() -> None:
    """The image's own packages and ours would mix two versions."""
    version = locked("requirements-prod.txt", "apache-airflow")

    assert version == locked("requirements.txt", "apache-airflow")
    assert f"FROM apache/airflow:slim-{version}-python3.11 AS locked\n" in (ROOT / "Dockerfile").read_text()
    assert {f"chapterwatch:{version}"} == {SERVICES[name]["image"] for name in OURS}


def test_both_locks_agree_on_what_judges_and_draws() -> None:
    """What was tested in the checkout has to be what runs in production."""
    names = ["pandas", "weasyprint", "ahocorasick-rs", "phonenumbers", "sqlalchemy", "tweepy", "requests"]

    assert {name: locked("requirements.txt", name) for name in names} == {
        name: locked("requirements-prod.txt", name) for name in names
    }


def test_what_looks_for_bare_bodies_stands_beside_the_lock() -> None:
    """Installed after it, it must not change a version; the detector is the one that was measured."""
    ours, beside = (_versions(name) for name in ("requirements-prod.txt", "requirements-nudity.txt"))

    assert {"nudenet", "onnxruntime"} <= set(beside)
    assert [] == [name for name in beside if name in ours and ours[name] != beside[name]]
    assert {name: _versions("requirements.txt")[name] for name in beside} == beside


def _versions(lock: str) -> dict[str, set[str]]:
    """The versions of each package in a lock: one, or one for each Python."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-prod.txt", "requirements-nudity.txt", "deploy/pip.txt"]
)
def test_a_lock_hashes_everything_and_names_no_address(lock: str) -> None:
    """An address would tie every installation to one package index."""
    lines = [line for line in (ROOT / lock).read_text().splitlines(keepends=True) if not line.startswith("#")]
    entries = re.split(r"^(?=\S)", "".join(lines), flags=re.MULTILINE)[1:]

    assert entries
    assert "://" not in "".join(lines)
    assert [] == [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_celery_stays_below_the_version_its_provider_breaks_on() -> None:
    """The Celery provider 3.26.0 accepts Celery 5.7 and cannot import it."""
    assert (5, 7) > tuple(int(part) for part in locked("requirements-prod.txt", "celery").split(".")[:2])
