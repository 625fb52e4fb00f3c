"""The same nights and the same month by the command line, on an archive of its own: what production has to equal."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from time import sleep

from production.house import sample_connections
from production.network import platform
from production.servers import plain
from sample import exports
from sample.demo import MONTH, MONTH_END, NIGHTS, ROOT
from sample.server import RESET_IN


def walk(prefix: Path, home: Path) -> str:
    """Walk the nights and the month with the program installed at `prefix`; returns the month's findings as CSV."""
    home.mkdir(parents=True)
    exports.write_exports(home / "inbox", NIGHTS[0])
    with platform(NIGHTS[0]) as running:
        environment = _environment(home, running.url)
        for night in NIGHTS:
            running.set_clock(night)
            # Not everything in the sample can be seen, and the status says so.
            _chapterwatch(prefix, environment, night, "collect", expect=1)
            if night == NIGHTS[1]:
                # The same night again, after the window limit, asks what is missing.
                sleep(RESET_IN + 1)
                _chapterwatch(prefix, environment, night, "collect", expect=1)
            _chapterwatch(prefix, environment, night, "audit", expect=0)
    _chapterwatch(prefix, environment, MONTH_END, "publish", MONTH, expect=0)
    _chapterwatch(prefix, environment, MONTH_END, "deliver", MONTH, expect=0)
    wanted = ("findings", "--month", MONTH, "--format", "csv")
    return _chapterwatch(prefix, environment, MONTH_END, *wanted, expect=1)


def _environment(home: Path, url: str) -> dict[str, str]:
    return plain(os.environ) | {
        "CHAPTERWATCH_HOME": str(home),
        "CHAPTERWATCH_REGISTRY": str(ROOT / "sample" / "registry.yml"),
        "CHAPTERWATCH_CONNECTIONS": str(sample_connections(home, url)),
        "CHAPTERWATCH_MAIL": f"maildir:{home / 'mail'}",
        "CHAPTERWATCH_SENDER": "chapterwatch@hq.example",
    }


def _chapterwatch(prefix: Path, environment: Mapping[str, str], now: datetime, *arguments: str, expect: int) -> str:
    done = subprocess.run(
        [str(prefix / "bin" / "chapterwatch"), *arguments],
        env={**environment, "CHAPTERWATCH_NOW": now.isoformat()},
        cwd=environment["CHAPTERWATCH_HOME"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expect, f"{arguments[0]}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout
