"""Production's scripts, run as they are: real bash, real servers on loopback, the checkout's own environment."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"


class Machine:
    """A machine on which only what a test sets is set, and on which Chapterwatch is installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CHAPTERWATCH_PREFIX": str(Path(sys.executable).parent.parent),
            "CHAPTERWATCH_HOME": str(folder / "home"),
            "CHAPTERWATCH_REGISTRY": str(folder / "etc" / "chapters.yml"),
            "LC_ALL": "C.UTF-8",
        }

    def enter(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the entry point to its end."""
        command = ["bash", str(DEPLOY / "enter.sh"), *arguments]
        return subprocess.run(
            command, env=self.settings | more, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def seen(self, **more: str) -> dict[str, str]:
        """What a process started by the entry point finds in its environment."""
        script = "import json, os; print(json.dumps(dict(os.environ)))"
        done = self.enter("python", "-c", script, **more)
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return found

    def refused(self, *arguments: str, **more: str) -> str:
        """The one line with which the entry point refuses."""
        done = self.enter(*arguments, **more)
        assert (2, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines())), done.stderr
        return done.stderr.strip().removeprefix("chapterwatch: ")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def databases(postgres: Any) -> Iterator[dict[str, str]]:
    """Addresses of two databases that are not there yet, as settings; dropped afterwards."""
    names = {key: f"{word}{uuid4().hex}" for key, word in (("airflow", "a"), ("archive", "c"))}
    urls = {key: postgres._url.set(database=name).render_as_string(hide_password=False) for key, name in names.items()}
    yield {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": urls["airflow"], "CHAPTERWATCH_DATABASE": urls["archive"]}
    for name in names.values():
        postgres._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def script(name: str) -> ModuleType:
    """One of the folder's Python scripts as a module."""
    spec = importlib.util.spec_from_file_location(f"deploy_{name}", DEPLOY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def scripts() -> Any:
    return script
