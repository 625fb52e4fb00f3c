"""One trial for all tests here: nights and a month in production, with workers killed in the middle of them."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from production import trial
from sample.demo import ROOT

#: Where the last trial's logs and reports lie.
PLACE = ROOT / ".production"


@pytest.fixture(scope="session")
def prefix() -> Path:
    """The production environment `deploy/install.sh` has made; `make test-production` says where."""
    found = Path(os.environ.get("CHAPTERWATCH_PRODUCTION", ROOT / ".venv-production"))
    if not (found / "deploy" / "enter.sh").is_file():
        pytest.fail(f"{found} holds no production; run make test-production")
    return found


@pytest.fixture(scope="session")
def told(prefix: Path) -> Iterator[trial.Told]:
    """What came of the trial, with production still running."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(mode=0o700)
    try:
        with ExitStack() as stack:
            yield trial.run(prefix, PLACE, stack)
    finally:
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        trial.say(f"{spent.ru_utime + spent.ru_stime:.0f} CPU-seconds; logs and reports are in {PLACE.name}")
