"""The queue's server: no password, no server; and no password where other users of the machine can read it."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent.parent / "deploy" / "redis.sh"


def ask(port: int, password: str, *words: str) -> str:
    command = ["redis-cli", "-h", "127.0.0.1", "-p", str(port), *words]
    environment = os.environ | ({"REDISCLI_AUTH": password} if password else {})
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.strip()


@pytest.mark.parametrize("password", ["", 'a"b', "a\\b"])
def test_a_password_that_cannot_be_is_refused(password: str) -> None:
    """Redis without a password obeys whoever reaches it."""
    environment = {"PATH": os.environ["PATH"], "REDIS_PASSWORD": password}

    done = subprocess.run(["bash", str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)

    assert (2, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    assert done.stderr.startswith("chapterwatch: REDIS_PASSWORD ")


@pytest.mark.skipif(not shutil.which("redis-server"), reason="redis-server is not installed")
def test_it_asks_for_its_password_and_keeps_what_waits(tmp_path: Path) -> None:
    """A restart in the middle of the night must not lose the tasks that wait."""
    file = tmp_path / "password"
    file.write_text("with blank # and 'quote'\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "REDIS_PASSWORD_FILE": str(file),
        "REDIS_PORT": str(port),
        "REDIS_FOLDER": str(tmp_path),
    }
    password = "with blank # and 'quote'"

    for expected in ("0", "1"):
        with subprocess.Popen(["bash", str(SCRIPT)], env=environment, stdout=subprocess.DEVNULL) as server:
            last = time.monotonic() + 30
            while ask(port, password, "ping") != "PONG":
                assert time.monotonic() < last, "it does not answer"
                time.sleep(0.1)
            arguments = Path(f"/proc/{server.pid}/cmdline").read_text()
            waiting, refused = ask(port, password, "llen", "queue"), ask(port, "", "llen", "queue")
            ask(port, password, "rpush", "queue", "task")
            server.terminate()
        assert (expected, True) == (waiting, refused.startswith("NOAUTH"))
        assert "blank" not in arguments
