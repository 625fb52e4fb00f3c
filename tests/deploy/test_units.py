"""The units for plain Debian: systemd understands them, and they start what the entry point knows."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UNITS = ROOT / "deploy" / "systemd"
ROLES = ("api-server", "scheduler", "dag-processor", "triggerer", "worker")


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNITS / name)
    return parser


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    """A setting spelt wrong is passed over with a line in the journal: a limit that is none."""
    shutil.copytree(UNITS, tmp_path, dirs_exist_ok=True)
    for role in ROLES:
        (tmp_path / f"chapterwatch@{role}.service").symlink_to("chapterwatch@.service")
    for path in tmp_path.glob("*.service"):
        if not path.is_symlink():
            path.write_text(path.read_text().replace("/opt/chapterwatch/deploy/enter.sh", "/bin/true"))
    names = [path.name for path in tmp_path.iterdir() if path.is_file() and path.name != "chapterwatch@.service"]

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(names)],
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert [] == [line for line in done.stderr.splitlines() if "chapterwatch" in line]
    assert 0 == done.returncode


def test_the_target_starts_every_role_once() -> None:
    """A process that is forgotten is a night nobody judged."""
    text = (UNITS / "chapterwatch.target").read_text()

    assert sorted(ROLES) == sorted(re.findall(r"chapterwatch@(\S+)\.service", text))


@pytest.mark.parametrize("path", sorted(UNITS.glob("*.service")), ids=lambda path: path.name)
def test_no_unit_runs_as_root_or_writes_everywhere(path: Path) -> None:
    """They read strangers' posts: what goes wrong in one must stay in its folder."""
    service = unit(path.name)["Service"]

    assert ("chapterwatch", "strict", "yes") == (
        service["User"],
        service["ProtectSystem"],
        service["NoNewPrivileges"],
    )
    assert "/opt/chapterwatch/deploy/enter.sh" in service["ExecStart"]


@pytest.mark.parametrize("role", ["scheduler", "triggerer", "worker"])
def test_who_reports_to_the_api_stops_before_it(role: str) -> None:
    """Units stop in the reverse of their order; a worker that cannot report loses what it has just done."""
    assert "chapterwatch@api-server.service" == unit(f"chapterwatch@{role}.service.d/order.conf")["Unit"]["After"]
