"""Tidying deletes what is old enough, and nothing of the archive's."""

import os
import time
from pathlib import Path

import pytest

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
    "CHAPTERWATCH_KEEP_LOGS_DAYS": "10",
}


def write(path: Path, days: float) -> Path:
    """A file last written so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a log")
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return path


def test_logs_go_when_they_are_old_enough_and_nothing_else(machine: Machine) -> None:
    """A log of the last days is what a failed night is understood by. A report is no log, however old."""
    home = machine.folder / "home"
    old = write(home / "airflow" / "logs" / "dag" / "old.log", 10.5)
    young = write(home / "airflow" / "logs" / "dag" / "young.log", 9.5)
    report = write(home / "reports" / "2025-01.pdf", 400)

    # Airflow's database is out of reach here: that is said, and the logs are tidied all the same.
    done = machine.enter("tidy", **SETTINGS)

    assert [False, True, True] == [path.exists() for path in (old, young, report)]
    assert "tidy: 1 logs older than 10 days deleted" in done.stderr
    assert (1, True) == (done.returncode, "airflow db clean failed" in done.stderr)


@pytest.mark.parametrize("days", ["0", "-1", "ten", "", "10d", "010"])
def test_days_have_to_be_days(machine: Machine, days: str) -> None:
    """0 would delete the log of the task that runs just now."""
    refusal = machine.refused("tidy", **SETTINGS | {"CHAPTERWATCH_KEEP_RUNS_DAYS": days})

    assert refusal.startswith(f"CHAPTERWATCH_KEEP_RUNS_DAYS is '{days}'; write a number of days")
