"""Two associations' month end through Airflow: what is answered for one is never taken as the other's answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.roads.test_roads import plain_environment, run


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What became of a month end at which the first association's sign-off failed and the second's was answered."""
    driver = str(Path(__file__).with_name("sign_off_road.py"))
    home = str(tmp_path_factory.mktemp("sign_off"))
    printed = run(sys.executable, driver, home, environment=plain_environment())
    read: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return read


def test_an_answer_releases_the_reports_of_its_own_association(told: dict[str, Any]) -> None:
    """A failed sign-off leaves no answer; the next association's must not move up into its place."""
    assert ["lll-only", "rollup:lll"] == told["mailed"]
    assert [["ala 2026-10", "hold", ""], ["lll 2026-10", "send", "admin"]] == sorted(told["acts"])


def test_a_failed_sign_off_is_no_green_run(told: dict[str, Any]) -> None:
    """Its reports are held, which looks like a quiet month unless the run says so."""
    assert "failed" == told["state"]
