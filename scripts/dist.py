# ruff: noqa: INP001 - a script, not a package
"""Builds a release of what is committed, checks it, and tries it beside a fresh Airflow: `make dist`.

usage: python scripts/dist.py [--to FOLDER] [--no-trial]

Into FOLDER (`dist`) go the wheel, the sdist, the versions it was tested with (`constraints-<version>.txt`, from
requirements-prod.txt without hashes) and SHA256SUMS. Built is the last commit, in a folder of its own, so nothing that
lies around gets in, and the same commit gives the same bytes: files carry the commit's time. Nothing is fetched for the
build. The trial fetches Airflow and what we need into a throwaway environment and takes some minutes.

Exit status 1 with one line where the release is not fit, 2 where it cannot be built.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements-prod.txt"

#: A lock's line: name, version, marker. Its hashes stand on lines of their own.
_PINNED = re.compile(r"(?P<pin>[A-Za-z0-9._-]+==[^\s;\\]+)\s*(?P<marker>;[^\\]*)?\\?")


#: What the trial takes over from the environment: nothing of ours, of Python's or of Airflow's.
_KEPT = re.compile(r"HOME|LANG|TMPDIR|PIP_\w+|(?i:https?_proxy|no_proxy)|SSL_CERT_\w+|REQUESTS_CA_BUNDLE")


class Unfit(Exception):
    """Something is wrong with the release; the message says what."""


def main() -> None:
    """Build, check, try."""
    options = _options()
    target = Path(options.to).absolute()
    try:
        with exported(ROOT) as (source, epoch):
            made = release(source, target, epoch)
            check(made, source, epoch)
        for path in made:
            say(f"{path.name}  {path.stat().st_size // 1000:,} kB")
        if options.trial:
            trial(*_wheel_and_constraints(made))
    except Unfit as error:
        sys.exit(f"chapterwatch: {error}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build a release, check it, and try it beside a fresh Airflow.")
    parser.add_argument("--to", default="dist", help="the folder to write into (default: dist)")
    parser.add_argument("--no-trial", dest="trial", action="store_false", help="do not install it beside Airflow")
    return parser.parse_args()


def say(text: str) -> None:
    """A line for whoever waits."""
    sys.stderr.write(f"dist: {text}\n")


# --- building -------------------------------------------------------------------------------------------------------


@contextmanager
def exported(root: Path) -> Iterator[tuple[Path, int]]:
    """A folder with the last commit's files, and when that commit was made (seconds since 1970)."""
    if _said("git", "-C", str(root), "status", "--porcelain", "--untracked-files=no"):
        say("changes that are not committed are left out")
    epoch = int(_said("git", "-C", str(root), "log", "-1", "--format=%ct"))
    with tempfile.TemporaryDirectory(prefix="chapterwatch-dist-") as folder:
        # One level below, where the sdist's own folder lies when it is unpacked.
        source = Path(folder) / "source"
        archive = Path(folder) / "source.tar"
        _said("git", "-C", str(root), "archive", "--output", str(archive), "HEAD")
        with tarfile.open(archive) as packed:
            unpack(packed, source)
        yield source, epoch


def unpack(packed: tarfile.TarFile, folder: Path) -> None:
    """Unpack an archive of our own making, without links out of the folder where Python can tell (from 3.11.4 on)."""
    if hasattr(tarfile, "data_filter"):
        packed.extractall(folder, filter="data")
    else:
        packed.extractall(folder)  # noqa: S202 - made a moment ago by git or by our own build


def release(source: Path, target: Path, epoch: int) -> list[Path]:
    """Write wheel, sdist, constraints and SHA256SUMS of a source folder; the files, SHA256SUMS last."""
    target.mkdir(parents=True, exist_ok=True)
    version = version_of(source)
    for old in target.glob("*"):
        if old.name.startswith(("chapterwatch-", "constraints-")) or old.name == "SHA256SUMS":
            old.unlink()
    wheel, sdist = build(source, target, epoch)
    listed = target / f"constraints-{version}.txt"
    listed.write_text(constraints((source / LOCK).read_text(encoding="utf-8"), version), encoding="utf-8")
    sums = target / "SHA256SUMS"
    sums.write_text("".join(f"{digest(path)}  {path.name}\n" for path in (wheel, sdist, listed)), encoding="utf-8")
    return [wheel, sdist, listed, sums]


def build(source: Path, target: Path, epoch: int, kinds: Sequence[str] = ("wheel", "sdist")) -> list[Path]:
    """The wheel and the sdist of a source folder, by hatchling as it is installed here."""
    built = []
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", folder]
            _said(*command, cwd=source, environment=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)})
            [path] = Path(folder).iterdir()
            built.append(Path(shutil.move(path, target / path.name)))
    return built


def version_of(source: Path) -> str:
    """The version, from the one place where it stands."""
    text = (source / "chapterwatch" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if not found:
        raise Unfit("chapterwatch/__init__.py has no __version__")
    return found[1]


def constraints(lock: str, version: str) -> str:
    """The lock as a constraints file for pip: names, versions and markers alone."""
    lines = [f"# Versions that Chapterwatch {version} was tested with. pip install -c this-file chapterwatch"]
    for line in lock.splitlines():
        found = _PINNED.fullmatch(line.strip())
        if found:
            lines.append(" ".join(part.strip() for part in (found["pin"], found["marker"]) if part))
    return "\n".join(lines) + "\n"


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- checking -------------------------------------------------------------------------------------------------------


def check(made: Sequence[Path], source: Path, epoch: int) -> None:
    """Hold what was made against the source. Raises Unfit with what is wrong first."""
    wheel, sdist, *_ = made
    check_wheel(wheel, source)
    check_changelog(source)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as packed:
            unpack(packed, Path(folder))
        [unpacked] = Path(folder).iterdir()
        [again] = build(unpacked, Path(folder), epoch, kinds=("wheel",))
        if digest(again) != digest(wheel):
            raise Unfit("the wheel built from the sdist is another one")


def check_wheel(wheel: Path, source: Path) -> None:
    """The wheel holds every file of our packages and nothing else, and names no place of this machine."""
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if not name.endswith("/")}
        inside = {name for name in names if ".dist-info/" not in name}
        wanted = set(packaged(source))
        if inside != wanted:
            raise Unfit(f"the wheel lacks {sorted(wanted - inside)[:5]} and has {sorted(inside - wanted)[:5]} too many")
        places = [str(place).encode() for place in (source.resolve(), ROOT)]
        for name in sorted(names):
            if any(place in packed.read(name) for place in places):
                raise Unfit(f"{name} in the wheel names a folder of this machine")


def packaged(source: Path) -> Iterator[str]:
    """The files of the source that belong into the wheel."""
    for package in packages(source):
        for path in (source / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(source).as_posix()


def packages(source: Path) -> list[str]:
    """The folders that go into the wheel."""
    import tomllib  # noqa: PLC0415 - beside its only use

    parsed = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = parsed["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return found


def check_changelog(source: Path) -> None:
    """What is released is described: a heading of CHANGELOG.md names its version."""
    version = version_of(source)
    headings = re.findall(r"^## (.+)$", (source / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if not any(re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.])", heading) for heading in headings):
        raise Unfit(f"CHANGELOG.md has no heading with {version}")


# --- trying ---------------------------------------------------------------------------------------------------------


def _wheel_and_constraints(made: Sequence[Path]) -> tuple[Path, Path]:
    wheel, _, listed, _ = made
    return wheel, listed


def trial(wheel: Path, listed: Path) -> None:
    """Install the wheel beside a fresh Airflow, as a person with an Airflow of their own would, and work with it."""
    airflow = _pinned(listed, "apache-airflow")
    with tempfile.TemporaryDirectory(prefix="chapterwatch-trial-") as folder:
        place = Place(Path(folder))
        say(f"trial: an environment with {airflow}")
        place.pip("install", airflow, "-c", str(listed))
        before = place.versions()
        say("trial: the wheel beside it")
        place.pip("install", str(wheel), "-c", str(listed))
        after = place.versions()
        moved = sorted(name for name in before if before[name] != after.get(name))
        if moved:
            raise Unfit(f"installing the wheel changed what Airflow had: {', '.join(moved)}")
        place.pip("check")
        _work(place, version=wheel.name.split("-")[1])
        say(f"trial: {len(after) - len(before)} packages came with it, none of Airflow's changed")


def _pinned(listed: Path, name: str) -> str:
    for line in listed.read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0] == name:
            return line.partition(";")[0].strip()
    raise Unfit(f"{listed.name} has no {name}")


class Place:
    """A folder outside the checkout with an environment, and nothing of this machine's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._venv = folder / "venv"
        _said(sys.executable, "-m", "venv", str(self._venv))
        kept = {
            name: value for name, value in os.environ.items() if name in {"HOME", "LANG", "TMPDIR"} or "PIP" in name
        }
        self.environment: dict[str, str] = kept | {
            "PATH": f"{self._venv / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "AIRFLOW_HOME": str(folder / "airflow"),
            "CHAPTERWATCH_HOME": str(folder / "home"),
        }

    def run(self, *command: str) -> str:
        """What a command printed. Raises Unfit where it fails."""
        return _said(*command, cwd=self.folder, environment=self.environment)

    def pip(self, *arguments: str) -> None:
        """Run this environment's pip."""
        self.run("python", "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *arguments)

    def versions(self) -> dict[str, str]:
        """What is installed, by name."""
        lines = self.run("python", "-m", "pip", "--disable-pip-version-check", "list", "--format=freeze").splitlines()
        return {name: version for name, _, version in (line.partition("==") for line in lines)}


def _work(place: Place, version: str) -> None:
    _expect(f"version {version}", place.run("chapterwatch", "--version"))
    place.run("chapterwatch", "policy", "coverage")
    _expect("chapterwatch", place.run("airflow", "plugins", "--output", "plain"))
    _expect("chapterwatch", place.run("airflow", "providers", "list", "--output", "plain"))
    posts = place.folder / "posts.csv"
    posts.write_text("id,text\n1,See you on Monday.\n", encoding="utf-8")
    place.run("chapterwatch", "judge", str(posts), "--pack", "ala", "--format", "csv")
    say("trial: DAGs from the wheel")
    dags = place.run("chapterwatch", "dags-folder").strip()
    place.environment["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
    place.environment["AIRFLOW__CORE__DAGS_FOLDER"] = dags
    place.run("airflow", "db", "migrate")
    place.run("airflow", "dags", "reserialize")
    listed = place.run("airflow", "dags", "list", "--output", "plain")
    for name in ("collect_posts", "audit_chapters", "publish_reports"):
        _expect(name, listed)
    say("trial: the demo, from accounts to mailed PDFs")
    place.run("python", "-m", "sample.demo", str(place.folder / "demo"))
    if len(list((place.folder / "demo").glob("reports/*/*.pdf"))) == 0:
        raise Unfit("the installed wheel's demo wrote no report")


def _expect(text: str, said: str) -> None:
    if text not in said:
        raise Unfit(f"{text!r} is missing in: {said.strip()[-300:]}")


def _said(*command: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    """What a command printed on standard output. Raises Unfit with the end of what it said where it fails."""
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.stderr.write((done.stdout + done.stderr)[-3000:])
        raise Unfit(f"{' '.join(command[:4])} ended {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main()
