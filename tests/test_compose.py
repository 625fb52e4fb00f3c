"""docker-compose.yml, Dockerfile and .env.example agree with each other, with the lock and with our rules."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from chapterwatch import launcher

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
#: Settings whose value is a secret, by their name.
SECRET = re.compile(r"PASSWORD|SECRET|KEY|BROKER_URL|RESULT_BACKEND|SQL_ALCHEMY_CONN|DATABASE$|MAIL$")


def locked(lock: str, package: str) -> str:
    found = re.search(rf"^{package}==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    assert found, f"{package} is not in {lock}"
    return found[1]


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_has_a_value_of_its_own(name: str) -> None:
    """A default password ends up in production: every secret is refused while it is not set."""
    settings = SERVICES[name].get("environment", {})
    values = {key: value for key, value in settings.items() if SECRET.search(key)}

    literal = [key for key, value in values.items() if not re.search(r"\$\{[A-Z_]+:\?set in \.env\}", value)]

    assert [] == literal
    assert values, "every service here is handed at least one secret"


def test_every_required_variable_is_named_in_the_example_and_has_no_value() -> None:
    """A copied example that started would start with everybody's password."""
    example = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE)) == set(re.findall(r"^([A-Z_]+)=$", example, re.MULTILINE))
    assert [] == re.findall(r"^[A-Z_]+=.+$", example, re.MULTILINE)


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_can_be_seen_to_be_ill(name: str) -> None:
    """A dead dag-processor looks like a quiet night. What runs once is seen by its exit status instead."""
    service = SERVICES[name]

    assert ("healthcheck" in service) != (service["restart"] == "no")


def test_nothing_is_open_to_the_network() -> None:
    """The UI serves named volunteers' findings: only a proxy with TLS may put it on the network."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ["127.0.0.1:8080:8080"] == ports


def test_image_and_locks_hold_one_airflow() -> None:
    """The image's own packages and ours would mix two versions."""
    version = locked("requirements-prod.txt", "apache-airflow")

    assert version == locked("requirements.txt", "apache-airflow")
    assert f"FROM apache/airflow:slim-{version}-python3.11\n" in (ROOT / "Dockerfile").read_text()
    assert {f"chapterwatch:{version}"} == {service["image"] for service in SERVICES.values() if "build" in service}


def test_both_locks_agree_on_what_judges_and_draws() -> None:
    """What was tested in the checkout has to be what runs in production."""
    names = ["pandas", "weasyprint", "google-re2", "pyahocorasick", "phonenumbers", "sqlalchemy", "tweepy", "requests"]

    assert {name: locked("requirements.txt", name) for name in names} == {
        name: locked("requirements-prod.txt", name) for name in names
    }


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-prod.txt"])
def test_a_lock_hashes_everything_and_names_no_address(lock: str) -> None:
    """An address would tie every installation to one package index."""
    text = (ROOT / lock).read_text()
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]

    assert "://" not in text
    assert [] == [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_celery_stays_below_the_version_its_provider_breaks_on() -> None:
    """The Celery provider 3.26.0 accepts Celery 5.7 and cannot import it."""
    assert (5, 7) > tuple(int(part) for part in locked("requirements-prod.txt", "celery").split(".")[:2])


def test_production_and_one_machine_agree_on_what_an_install_does(tmp_path: Path) -> None:
    """Whether DAGs start by themselves must not depend on how Airflow was started."""
    production = SERVICES["airflow-scheduler"]["environment"]
    here = launcher.airflow_environment(tmp_path)
    same = [
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION",
        "AIRFLOW__CORE__LOAD_EXAMPLES",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED",
    ]

    assert {name: here[name].lower() for name in same} == {name: production[name] for name in same}
