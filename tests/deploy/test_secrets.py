"""Secrets are made once, of the shape that is asked for, and nobody else enters their folder."""

import subprocess
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent.parent


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(ROOT / "deploy" / "secrets.sh"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_secrets_are_what_the_entry_point_asks_for(tmp_path: Path) -> None:
    """Each has its own file; the Fernet key opens what it has closed; the JWT secret is long enough."""
    folder = tmp_path / "secrets"

    make(folder)

    found = {path.name: path.read_text() for path in folder.iterdir()}
    key = Fernet(found["airflow_fernet_key"])
    assert b"token" == key.decrypt(key.encrypt(b"token"))
    assert 64 <= len(found["airflow_jwt_secret"])
    assert len(found) == len(set(found.values()))
    assert all(24 <= len(value) and value == value.strip() for value in found.values())


def test_a_second_time_keeps_what_is_there(tmp_path: Path) -> None:
    """Another Fernet key would lose every token stored."""
    folder = tmp_path / "secrets"
    make(folder)
    before = {path.name: path.read_text() for path in folder.iterdir()}
    (folder / "chapterwatch_mail").write_text("maildir:/tmp")

    done = make(folder)

    assert 0 == done.returncode, done.stderr
    assert before | {"chapterwatch_mail": "maildir:/tmp"} == {path.name: path.read_text() for path in folder.iterdir()}


def test_the_folder_is_closed_and_its_files_can_be_mounted(tmp_path: Path) -> None:
    """A container's user is another one than who made the files: it reads what it is given, and enters nothing."""
    folder = tmp_path / "secrets"

    make(folder)

    assert 0o700 == folder.stat().st_mode & 0o777
    assert {0o444} == {path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_mail_cannot_be_made_up(tmp_path: Path) -> None:
    """Without it reports would be written and nobody would get one."""
    done = make(tmp_path / "secrets")

    assert (2, 1) == (done.returncode, len(done.stderr.splitlines()))
    assert "chapterwatch_mail" in done.stderr
