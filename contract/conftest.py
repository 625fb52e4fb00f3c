"""What `make contract` has fetched, accounts and connections, and how a server is started and stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chapterwatch.model import Access, Account, Connection, Space, Window

REPO = Path(__file__).parents[1]
CACHE = REPO / ".contract"

#: How long a server may take to open its port, on a busy machine.
PATIENCE = 120

# Last, so that what is locked comes from .venv.
sys.path.append(str(CACHE / "graph"))


@pytest.fixture(scope="session")
def prepared() -> Callable[[str], Path]:
    """The folder of a part `scripts/contract_servers.sh` has fetched; skips with its reason where it has not."""

    def folder(part: str) -> Path:
        if (CACHE / part / "ready").is_file():
            return CACHE / part
        why = CACHE / f"{part}.why"
        pytest.skip(f"{part}: {why.read_text().strip() if why.is_file() else 'not fetched yet; run make contract'}")

    return folder


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """A port on loopback nobody listens on."""

    def find() -> int:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return int(one.getsockname()[1])

    return find


@pytest.fixture(scope="session")
def serving() -> Callable[..., contextlib.AbstractContextManager[None]]:
    return _serving


@contextlib.contextmanager
def _serving(command: Sequence[str], port: int, log: Path, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """A server for as long as the block runs, from when its port is open; its children end with it."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, env=env, start_new_session=True
        )
    try:
        _await_port(process, port, log)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    pytest.fail(f"{process.args!r} opened no port: {log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="session")
def account() -> Callable[..., Account]:
    def make(platform: str, native_id: str, **changes: Any) -> Account:
        values: dict[str, Any] = {
            "key": f"{platform}:{native_id}",
            "platform": platform,
            "native_id": native_id,
            "handle": "lakeside",
            "association": "ala",
            "chapter": "ala-lakeside",
            "space": Space.OFFICIAL,
            "access": Access.PUBLIC_API,
            "pack": "ala",
            "language": "en",
            "timezone": "America/Chicago",
        }
        return Account(**values | changes)

    return make


@pytest.fixture(scope="session")
def connection() -> Callable[..., Connection]:
    def make(platform: str, base_url: str, secrets: Mapping[str, str] | None = None, **options: str) -> Connection:
        patience = {"timeout_seconds": "60", "backoff_seconds": "0.01", "attempts": "2"}
        return Connection(
            id=f"{platform}_contract",
            platform=platform,
            base_url=base_url,
            secrets=dict(secrets or {}),
            options=patience | options,
        )

    return make


@pytest.fixture(scope="session")
def window() -> Window:
    """These servers keep their own time, so it lies around the present."""
    now = datetime.now(UTC)
    return Window(since=now - timedelta(days=2), until=now + timedelta(days=1))
