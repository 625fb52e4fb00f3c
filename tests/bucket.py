"""A bucket on loopback, served over HTTP by moto, and a door before it that can break off in the middle."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import requests

#: What the server lets in, for it asks for no more than that there are credentials.
CREDENTIALS = {"key": "invented-key", "secret": "invented-secret-1a2b3c"}


@dataclass
class Door:
    """Hands bytes on between a client and the store until it is told to break off."""

    behind: tuple[str, int]
    #: Bytes of one connection that still pass towards the store, or back; then the connection is cut.
    inward: int | None = None
    outward: int | None = None
    #: Whether the store is gone for good after the first cut.
    dies: bool = False
    cut: int = 0
    _server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def open(self) -> None:
        """Let everybody in from now on."""
        threading.Thread(target=self._wait, daemon=True).start()

    def close(self) -> None:
        """Nobody answers here any more."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _wait(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            store = socket.create_connection(self.behind)
            both = (client, store)
            threading.Thread(target=self._pass_on, args=(client, store, self.inward, both), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(store, client, self.outward, both), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, left: int | None, both: Any) -> None:
        with suppress(OSError):
            while part := source.recv(1 << 16):
                if left is not None and len(part) > left:
                    target.sendall(part[:left])
                    self.cut += 1
                    if self.dies:
                        self.close()
                    break
                left = None if left is None else left - len(part)
                target.sendall(part)
        for one in both:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@dataclass(frozen=True)
class Bucket:
    """One bucket of its own on the server."""

    url: str
    #: Where the server is.
    endpoint: str

    @property
    def options(self) -> dict[str, Any]:
        """What CHAPTERWATCH_FILES_OPTIONS would hold. A dead server is told sooner than in production."""
        quick = {"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 1}}
        return {**CREDENTIALS, "endpoint_url": self.endpoint, "use_listings_cache": False, "config_kwargs": quick}

    def behind(self, door: Door) -> dict[str, Any]:
        """The same through a door."""
        return {**self.options, "endpoint_url": door.url}

    @contextmanager
    def asking_for_credentials(self) -> Iterator[None]:
        """The server looks at signatures for once: nobody is known to it."""
        requests.post(f"{self.endpoint}/moto-api/reset-auth", data=b"0", timeout=20).raise_for_status()
        try:
            yield
        finally:
            requests.post(f"{self.endpoint}/moto-api/reset-auth", data=b"inf", timeout=20).raise_for_status()

    @contextmanager
    def door(self) -> Iterator[Door]:
        """A door before the store."""
        host, _, port = self.endpoint.removeprefix("http://").partition(":")
        made = Door((host, int(port)))
        made.open()
        try:
            yield made
        finally:
            made.close()


@contextmanager
def serving() -> Iterator[str]:
    """A server of buckets on a free port of loopback; yields its address."""
    moto = pytest.importorskip("moto.server", reason="moto serves the bucket")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def make(endpoint: str) -> Bucket:
    """A new bucket with a prefix in it."""
    import s3fs  # noqa: PLC0415 - an extra

    name = f"reports-{uuid4().hex}"
    s3fs.S3FileSystem(**CREDENTIALS, endpoint_url=endpoint).mkdir(name)
    return Bucket(f"s3://{name}/chapterwatch", endpoint)


def without_credentials(environment: pytest.MonkeyPatch) -> None:
    """Nothing on this machine gives credentials away."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        environment.delenv(name)
    environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        environment.setenv(name, os.devnull)
