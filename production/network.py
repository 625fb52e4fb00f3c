"""The sample network's server, which can be told to keep a client waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from sample import network, server


@dataclass
class Platform:
    """The running network: where it is, its clock, and whom it keeps waiting."""

    url: str
    set_clock: Callable[[datetime], None]
    holding: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    _held: str | None = None
    _let_pass: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hold(self, path: str, after: int) -> None:
        """Let so many requests below a path pass and keep whoever asks next waiting."""
        with self._lock:
            self.holding.clear()
            self.released.clear()
            self._held, self._let_pass = path, after

    def release(self) -> None:
        """Keep nobody waiting any longer."""
        with self._lock:
            self._held = None
        self.released.set()

    def passes(self, path: str) -> bool:
        """Count a request; False where it has to wait for `released`."""
        with self._lock:
            if self._held is None or not path.startswith(self._held):
                return True
            self._let_pass -= 1
            if self._let_pass >= 0:
                return True
            self.holding.set()
            return False


@contextmanager
def platform(now: datetime) -> Iterator[Platform]:
    """The sample network on loopback for as long as the block runs."""
    host = server.Host(network.load(), now)

    class Handler(server._Handler):
        def handle(self) -> None:
            # Clients are killed here while they wait.
            with suppress(ConnectionError):
                super().handle()

        def do_GET(self) -> None:  # noqa: N802 - the base class names it
            if not gate.passes(self.path):
                gate.released.wait()
            super().do_GET()

    running = server._server(host, 0)
    # The socket is bound already, and nobody knows its port yet.
    gate = Platform(host.url, host.set_clock)
    Handler.host = host
    running.RequestHandlerClass = Handler
    thread = threading.Thread(target=running.serve_forever, name="sample-network", daemon=True)
    thread.start()
    try:
        yield gate
    finally:
        gate.release()
        running.shutdown()
        running.server_close()
        thread.join()
