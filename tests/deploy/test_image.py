"""What the image is made of: the build's context gives a whole wheel, and nothing private goes in."""

import fnmatch
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = Path(sys.executable).parent.parent


def context() -> list[str]:
    """The files Docker is handed: .dockerignore leaves out everything but what `!` lets in."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    allowed = [line[1:] for line in lines if line.startswith("!")]
    assert "*" == lines[0]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [file for file in tracked.splitlines() if any(file == one or file.startswith(f"{one}/") for one in allowed)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files in a wheel that was built of the context alone, by the Dockerfile's own step."""
    folder = tmp_path_factory.mktemp("context")
    for file in context():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes((ROOT / file).read_bytes())
    command = ["bash", str(folder / "deploy" / "install.sh"), "--wheel", str(folder / "wheel"), str(PREFIX)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"})
    assert 0 == done.returncode, done.stderr
    (built,) = (folder / "wheel").glob("*.whl")
    return zipfile.ZipFile(built).namelist()


def test_the_wheel_has_every_package(wheel: list[str]) -> None:
    """A folder the context forgets is a page that fails in production only."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert set(packages) == {name.partition("/")[0] for name in wheel if ".dist-info/" not in name}


@pytest.mark.parametrize(
    "pattern",
    [
        "dags/*.py",
        "policies/*/rules/*.yml",
        "policies/*/locale/*/LC_MESSAGES/*.po",
        "reports/locale/*/LC_MESSAGES/*.po",
        "reports/templates/*.html*",
        "reports/templates/fonts/*.ttf",
        "desk/templates/*.html*",
        "connectors/*/connector.yml",
        "chapterwatch/archive/migrations/versions/*.py",
        "checks/*.npz",
    ],
)
def test_the_wheel_has_all_data_of_the_checkout(wheel: list[str], pattern: str) -> None:
    """Data is not imported, so its absence is seen by nobody until it is needed."""
    tracked = fnmatch.filter(context(), pattern)

    assert [] == sorted(set(tracked) - set(wheel))


@pytest.mark.parametrize("private", ["config/chapters.yml", ".env", "secrets/redis_password", ".git/config", "tests"])
def test_nothing_private_is_handed_over(private: str) -> None:
    """A roster or a password in a layer stays there for whoever gets the image."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert f"!{private.partition('/')[0]}" not in lines


def test_the_image_is_built_by_the_steps_plain_debian_takes() -> None:
    """What is tested on plain Debian is what the image is made of: no step of its own, no root at the end."""
    text = (ROOT / "Dockerfile").read_text()
    runs = [line for line in text.replace("\\\n", " ").splitlines() if line.startswith("RUN")]

    assert ["--system", "--lock", "--nudity", "--wheel", "--package"] == [
        run.split("install.sh ")[1].split()[0] for run in runs
    ]
    assert "USER airflow" == [line for line in text.splitlines() if line.startswith("USER")][-1]
