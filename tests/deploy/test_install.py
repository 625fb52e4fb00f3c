"""The installer: what a person has to do is one line, and nothing is done halfway before it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from chapterwatch.pipeline.ocr import Words

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ["bash", "cat", "cut", "dirname", "env", "grep", "mktemp", "readlink", "rm", "sed", "sha256sum", "touch"]


class Box:
    """A machine on which only what a test says is installed."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.calls = folder / "calls"
        for tool in TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))

    def has(self, name: str, script: str) -> None:
        """Install a program, whose calls are noted."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f'#!{shutil.which("bash")}\necho "{name} $*" >>{self.calls}\n{script}\n')
        path.chmod(0o755)

    def install(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the installer."""
        command = ["bash", str(ROOT / "deploy" / "install.sh"), *arguments]
        environment = {"PATH": str(self.bin), **more}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_who_may_not_install_packages_is_told_the_line(box: Box) -> None:
    """Every package that is missing at once, and only those."""
    box.has("id", "echo 1000")
    box.has("dpkg-query", "case $* in *curl*) printf installed ;; *) exit 1 ;; esac")

    done = box.install("--system")

    tesseract = [f"tesseract-ocr-{name}" for name in ("osd", "spa", "fra", "deu", "por", "ita", "nld")]
    drawing = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
    packages = " ".join([*drawing, "tesseract-ocr", *tesseract, "postgresql-client"])
    assert (2, f"chapterwatch: system packages are missing; as root: apt-get install {packages}\n") == (
        done.returncode,
        done.stderr,
    )


def test_every_language_that_pictures_are_read_in_is_installed() -> None:
    """Tesseract reads what it has words of; English comes with it."""
    listed = (ROOT / "deploy" / "packages.txt").read_text().splitlines()

    assert [] == [name for name in Words.LANGUAGES if name != "eng" and f"tesseract-ocr-{name}" not in listed]
    assert {"tesseract-ocr", "tesseract-ocr-osd"} <= set(listed)


def test_a_package_that_was_removed_is_missing(box: Box) -> None:
    """Dpkg remembers the settings of what is gone."""
    box.has("id", "echo 1000")
    box.has("dpkg-query", "printf config-files")

    assert 2 == box.install("--system").returncode


def test_what_is_there_is_left_alone(box: Box) -> None:
    """A second call needs no root and no network."""
    box.has("dpkg-query", "printf installed")

    done = box.install("--system")

    assert (0, "") == (done.returncode, done.stderr)
    assert "apt-get" not in box.calls.read_text()


def test_root_installs_without_being_asked(box: Box) -> None:
    """In an image nobody can answer a question."""
    box.has("id", "echo 0")
    box.has("dpkg-query", "exit 1")
    box.has("apt-get", 'case $* in update*) exit 1 ;; *) [ "$DEBIAN_FRONTEND" = noninteractive ] ;; esac')

    done = box.install("--system")

    assert 0 == done.returncode, done.stderr
    assert "apt-get install -y -qq --no-install-recommends libpango-1.0-0 " in box.calls.read_text()


@pytest.mark.parametrize("arguments", [(), ("--wheels",)])
def test_where_to_has_to_be_said(box: Box, arguments: tuple[str, ...]) -> None:
    """An option spelt wrong must not become a folder's name."""
    done = box.install(*arguments)

    assert (2, "chapterwatch: say where to: deploy/install.sh PREFIX, such as /opt/chapterwatch\n") == (
        done.returncode,
        done.stderr,
    )


def test_a_python_too_old_is_named_before_anything_is_made(box: Box, tmp_path: Path) -> None:
    """Debian 11's Python would fail in the middle of two hundred packages."""
    box.has("dpkg-query", "printf installed")
    box.has("python3", "exit 1")

    done = box.install(str(tmp_path / "prefix"), PYTHON="python3")

    assert 2 == done.returncode
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert not (tmp_path / "prefix").exists()


def test_a_python_in_somebodys_home_is_not_taken(box: Box, tmp_path: Path) -> None:
    """The service's user cannot enter that home, which shows when it is started and not before."""
    box.has("dpkg-query", "printf installed")
    box.has("readlink", "echo /home/olga/bin/python3")
    box.has("python3", "exit 0")

    done = box.install(str(tmp_path / "prefix"))

    assert 2 == done.returncode
    assert "outside of people's homes" in done.stderr
    assert not (tmp_path / "prefix").exists()
