"""A mail server on loopback that records what it takes and misbehaves as it is told (quality.md §3.1, F15)."""

import asyncio
import hashlib
import random
import re
import socket
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any, AnyStr, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .peers import kill_peer

HANG_SECONDS = 2.0
#: Longer than a sender waits.
SILENT_SECONDS = 5.0
#: Nobody is at an address that begins so.
NOBODY = "nosuch"
#: Whoever writes to an address that begins so is killed (F25).
POISON = "poison"
#: An address that says itself how it is answered, and how often; later it is answered well.
_SAYS = re.compile(r"mode-(?P<mood>\w+)-(?P<times>\d+)-")


class _Mail(Envelope):
    """One mail on its way in, and how it is answered."""

    mood = "ok"


class _Line(SMTP):
    """A line whose answers may be slow."""

    def _create_envelope(self) -> Envelope:
        return _Mail()

    async def push(self, status: AnyStr) -> None:
        if getattr(self.envelope, "mood", "") != "slow" or self._writer is None:
            await super().push(status)
            return
        for byte in (status if isinstance(status, bytes) else status.encode()) + b"\r\n":  # one a second
            self._writer.write(bytes([byte]))
            await asyncio.sleep(1)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        if getattr(self.envelope, "mood", "") == "before":
            await asyncio.sleep(SILENT_SECONDS)
        await super().smtp_DATA(arg)


class _Server(Controller):
    def factory(self) -> SMTP:
        return _Line(self.handler, **self.SMTP_kwargs)


@dataclass
class Sink:
    """What was taken, by Message-ID: the hash of each body, and when first. `moods` are the ways to answer, with weights."""

    moods: dict[str, float]
    rng: random.Random
    taken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    first_at: dict[str, float] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)  # senders that died of an address
    port: int = 0
    _asked: Counter[str] = field(default_factory=Counter)
    _controller: Controller | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._controller = _Server(self, hostname="127.0.0.1", port=self.port)
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
        self, server: SMTP, session: Session, envelope: _Mail, address: str, _options: list[str]
    ) -> str:
        if address.startswith(NOBODY):
            return "550 5.1.1 Nobody here"
        if address.startswith(POISON):
            self.killed[address] += kill_peer(cast(tuple[str, int], session.peer)[1])
        envelope.mood = self._mood(address)
        self.answered[envelope.mood] += 1
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def _mood(self, address: str) -> str:
        """As the address says, as often as it says; else by chance."""
        if said := _SAYS.match(address):
            self._asked[address] += 1
            return said["mood"] if self._asked[address] <= int(said["times"]) else "ok"
        return self.rng.choices(list(self.moods), list(self.moods.values()))[0]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: _Mail) -> str:  # noqa: N802 - aiosmtpd's name
        mood = envelope.mood
        if mood == "hang":
            await asyncio.sleep(HANG_SECONDS)
            return "451 Too busy"
        if mood in ("421", "451", "550"):
            return f"{mood} Not now"
        message: Any = message_from_bytes(bytes(envelope.original_content or b""))
        with self._lock:
            said = str(message.get_payload()).encode()
            name = str(message["Message-ID"])
            self.taken[name].append(hashlib.sha256(said).hexdigest())
            self.first_at.setdefault(name, time.time())
        if mood == "drop":  # taken, but its sender never hears so
            cast(asyncio.Transport, server.transport).abort()
        if mood == "silent":  # the same, slowly
            await asyncio.sleep(SILENT_SECONDS)
        return "250 Taken"
