"""A mail server on loopback that keeps every message, and can fall silent after it has taken one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.controller import Controller

from production.servers import LOOPBACK, free_port


@dataclass
class Letterbox:
    """What the server has taken, and when it is to fall silent."""

    port: int
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)
    _until_silence: int | None = None

    def fall_silent_after(self, messages: int) -> None:
        """Take so many more, and never answer the last of them: its sender cannot know that it was taken."""
        self.silent.clear()
        self._until_silence = messages

    def speak_again(self) -> None:
        """Answer everybody from now on; whoever waits for an answer has to have gone."""
        self._until_silence = None
        self.silent.clear()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - aiosmtpd's interface
        """Keep one message under each of its recipients."""
        message = BytesParser(policy=policy.default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.taken += [(recipient, message) for recipient in envelope.rcpt_tos]
        if self._until_silence is not None:
            self._until_silence -= 1
            if self._until_silence == 0:
                self.silent.set()
                await asyncio.Event().wait()
        return "250 kept"


@contextmanager
def mail_server() -> Iterator[Letterbox]:
    """A mail server for as long as the block runs."""
    box = Letterbox(free_port())
    # Messages of several megabytes, PDF and table, from a machine that may be slow.
    controller = Controller(box, hostname=LOOPBACK, port=box.port, data_size_limit=50_000_000, timeout=3600)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
