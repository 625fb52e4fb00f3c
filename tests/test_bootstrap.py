"""The set-up script, on small checkouts of its own: real bash, real venv, real pip, nothing from the network."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: What the script calls besides Python.
TOOLS = ["bash", "cat", "dirname", "env", "grep", "mkdir", "mktemp", "rm", "tail"]
APT_LINE = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "small"
version = "1"
"""

#: The least a build backend can be: it makes an editable wheel of one module.
BACKEND = """\
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{folder}/small-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small.py", "")
        wheel.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: small\\nVersion: 1\\n")
        wheel.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("small-1.dist-info/RECORD", "")
    return "small-1-py3-none-any.whl"
"""


class Machine:
    """A small checkout, and a PATH on which only what a test says is installed."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        (self.checkout / "scripts").mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "bootstrap.sh", self.checkout / "scripts")
        (self.checkout / "requirements.txt").write_text("")
        (self.checkout / "pyproject.toml").write_text(PYPROJECT)
        (self.checkout / "backend.py").write_text(BACKEND)
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.has("id", "echo 1000")

    def has(self, name: str, script: str) -> None:
        """Install a program."""
        path = self.bin / name
        path.write_text(f"#!{shutil.which('bash')}\n{script}\n")
        path.chmod(0o755)

    def has_python(self, name: str = "python3") -> None:
        """Install the real interpreter."""
        self.has(name, f'echo "{name} $*" >>{self.calls}; exec {sys.executable} "$@"')

    def lacks_libraries(self, *packages: str) -> None:
        """Install an interpreter that finds these packages missing until `installed` stands in the folder."""
        # The script hands its question over on standard input.
        answer = f'[ "$1" = - ] && {{ [ -e {self.calls.parent}/installed ] || echo {" ".join(packages)}; exit; }}'
        self.has("python3", f'{answer}\nexec {sys.executable} "$@"')

    def set_up(self, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the script without a terminal."""
        environment = {"PATH": str(self.bin), "HOME": "/nonexistent", "PIP_NO_INDEX": "1", **more}
        return subprocess.run(
            ["bash", str(self.checkout / "scripts" / "bootstrap.sh")],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        """What was asked of the installed programs, oldest first."""
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# --- Python -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", ["Python 3.10.14", "Python 3.14.0"])
def test_a_python_outside_what_is_supported_is_refused_in_one_line(machine: Machine, found: str) -> None:
    """Half an hour later it would fail on a package without a wheel."""
    version = found.split()[1].split(".")
    machine.has(
        "python3",
        f'[ "$1" = --version ] && echo "{found}" || exec {sys.executable} -c "\n'
        f'import sys; sys.version_info = ({version[0]}, {version[1]}); exec(sys.argv[1])" "$2"',
    )

    answer = machine.set_up()

    expected = f"chapterwatch: needs Python 3.11, 3.12 or 3.13, found {found}; install one or say PYTHON=<path to it>\n"
    assert (2, expected) == (answer.returncode, answer.stderr)


def test_no_python_at_all_is_one_line(machine: Machine) -> None:
    """A missing command must not show up as a shell's complaint."""
    answer = machine.set_up()

    expected = "chapterwatch: needs Python 3.11, 3.12 or 3.13, found none; install one or say PYTHON=<path to it>\n"
    assert (2, expected) == (answer.returncode, answer.stderr)


def test_a_name_with_no_interpreter_behind_it_is_passed_over(machine: Machine) -> None:
    """Version managers put shims for every version on the PATH, whether it is installed or not."""
    machine.has("python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    machine.has_python("python3.12")

    answer = machine.set_up()

    assert answer.returncode == 0, answer.stderr
    assert "command not found" not in answer.stderr
    assert any(call.startswith("python3.12 -m venv") for call in machine.called())


# --- system packages --------------------------------------------------------------------------------------------------


def test_without_rights_the_missing_packages_are_one_line_to_copy(machine: Machine) -> None:
    """Who cannot install needs the exact command to hand to somebody who can."""
    machine.lacks_libraries(*APT_LINE.split())
    machine.has("apt-get", f"echo apt-get >>{machine.calls}")

    answer = machine.set_up()

    expected = f"chapterwatch: system packages are missing; run: sudo apt-get install {APT_LINE}\n"
    assert (2, expected) == (answer.returncode, answer.stderr)
    assert [] == machine.called()


def test_sudo_that_would_ask_for_a_password_is_not_waited_for(machine: Machine) -> None:
    """In CI nobody types it, and the run would hang."""
    machine.lacks_libraries("libpango-1.0-0")
    machine.has("apt-get", "exit 0")
    machine.has("sudo", f'echo "sudo $*" >>{machine.calls}; exit 1')

    answer = machine.set_up()

    assert (2, ["sudo -n true"]) == (answer.returncode, machine.called())


@pytest.mark.parametrize("rights", ["root", "sudo"])
def test_with_rights_the_missing_packages_are_installed(machine: Machine, rights: str) -> None:
    """A fresh machine has empty package lists, so they are refreshed first; only what is missing is installed."""
    machine.lacks_libraries("libharfbuzz-subset0")
    machine.has(
        "apt-get", f'echo "apt-get $*" >>{machine.calls}\n[ "$1" = install ] && : >{machine.calls.parent}/installed'
    )
    if rights == "root":
        machine.has("id", "echo 0")
    else:
        machine.has("sudo", '[ "$1" = -n ] || exec "$@"')

    answer = machine.set_up()

    assert answer.returncode == 0, answer.stderr
    expected = ["apt-get update", "apt-get install -y --no-install-recommends libharfbuzz-subset0"]
    assert expected == machine.called()


def test_an_install_that_does_not_help_says_what_is_still_missing(machine: Machine) -> None:
    """Going on would fail much later, on the first PDF."""
    machine.lacks_libraries("libpango-1.0-0")
    machine.has("apt-get", "exit 0")
    machine.has("id", "echo 0")

    answer = machine.set_up()

    last = answer.stderr.splitlines()[-1]
    assert (2, "chapterwatch: still missing after apt-get install: libpango-1.0-0") == (answer.returncode, last)


# --- .venv ------------------------------------------------------------------------------------------------------------


def test_a_second_run_says_and_does_nothing(machine: Machine) -> None:
    """`make` calls it every time, so where everything stands it must be unnoticed."""
    machine.has_python()
    first = machine.set_up()
    calls = machine.called()

    second = machine.set_up()

    assert (0, 0) == (first.returncode, second.returncode), first.stderr
    assert first.stderr.endswith("set-up: ready\n")
    assert ("", "", calls) == (second.stdout, second.stderr, machine.called())
    subprocess.run([machine.checkout / ".venv" / "bin" / "python", "-c", "import small"], check=True)


def test_a_newer_lock_is_installed_into_the_same_environment(machine: Machine) -> None:
    """After a pull only what changed is fetched again."""
    machine.has_python()
    machine.set_up()
    kept = machine.checkout / ".venv" / "kept"
    kept.touch()
    _make_newer(machine.checkout / "requirements.txt")

    answer = machine.set_up()

    assert (0, True) == (answer.returncode, kept.exists())
    assert "packages from requirements.txt" in answer.stderr


def test_a_copied_environment_is_made_anew(machine: Machine) -> None:
    """A .venv holds the path it was made for: a copy would run the original's code."""
    machine.has_python()
    machine.set_up()
    copied = machine.checkout.parent / "elsewhere"
    shutil.copytree(machine.checkout, copied, symlinks=True)
    machine.checkout = copied

    answer = machine.set_up()

    assert "set-up: virtual environment in .venv" in answer.stderr
    home = subprocess.run([copied / ".venv" / "bin" / "pip", "--version"], capture_output=True, text=True, check=True)
    assert str(copied) in home.stdout


@pytest.mark.parametrize(
    ("locked", "reason"),
    [
        (f"small==1 --hash=sha256:{'0' * 64}", "THESE PACKAGES DO NOT MATCH THE HASHES"),
        ("small==1", "Hashes are required"),
    ],
)
def test_a_package_that_is_not_what_was_locked_stops_the_set_up(machine: Machine, locked: str, reason: str) -> None:
    """The hash is what makes the lock a lock; the reason stands at the end of what is shown."""
    wheels = machine.checkout.parent / "wheels"
    wheels.mkdir()
    subprocess.run(
        [sys.executable, "-c", f"import backend; backend.build_editable({str(wheels)!r})"],
        cwd=machine.checkout,
        check=True,
    )
    (machine.checkout / "requirements.txt").write_text(f"{locked}\n")
    machine.has_python()

    answer = machine.set_up(PIP_FIND_LINKS=str(wheels))

    assert answer.returncode == 1
    assert reason in answer.stderr
    assert answer.stderr.endswith("the whole log is .venv/setup.log. Run make again to go on from here.\n")
    assert not (machine.checkout / ".venv" / "locked.stamp").exists()


def _make_newer(path: Path) -> None:
    stamp = path.parent / ".venv" / "locked.stamp"
    later = stamp.stat().st_mtime + 10
    os.utime(path, (later, later))


# --- the front door ---------------------------------------------------------------------------------------------------


def test_make_alone_lists_every_target() -> None:
    """A target nobody finds is a target nobody uses."""
    # Run by `make test`, this is a make within a make, which would speak of folders.
    command = ["make", "--no-print-directory"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    named = {line.split()[1] for line in listed.splitlines()}
    targets = {line.split(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if ": " in line}
    assert {name for name in targets if name.replace("-", "").isalpha()} == named
