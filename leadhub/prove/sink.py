"""A mail server on loopback that records what it takes and misbehaves as it is told (quality.md §3.1)."""

import asyncio
import hashlib
import random
import socket
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_SECONDS = 2.0
#: Longer than a sender waits.
SILENT_SECONDS = 5.0
#: Nobody is at an address that begins so.
NOBODY = "nosuch"


@dataclass
class Sink:
    """What was taken, by Message-ID: the hash of each body. `moods` are the ways to answer, each with its weight."""

    moods: dict[str, float]
    rng: random.Random
    taken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    answered: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _controller: Controller | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()

    @property
    def duplicates(self) -> int:
        """How many mails too many were taken."""
        with self._lock:
            return sum(len(bodies) - 1 for bodies in self.taken.values())

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith(NOBODY):
            return "550 5.1.1 Nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        mood = self.rng.choices(list(self.moods), list(self.moods.values()))[0]
        self.answered[mood] += 1
        if mood == "hang":
            await asyncio.sleep(HANG_SECONDS)
            return "451 Too busy"
        if mood in ("421", "451", "550"):
            return f"{mood} Not now"
        message = message_from_bytes(bytes(envelope.original_content or b""))
        with self._lock:
            said = str(message.get_payload()).encode()
            self.taken[str(message["Message-ID"])].append(hashlib.sha256(said).hexdigest())
        if mood == "drop":  # taken, but its sender never hears so
            cast(asyncio.Transport, server.transport).abort()
        if mood == "silent":  # the same, slowly
            await asyncio.sleep(SILENT_SECONDS)
        return "250 Taken"
