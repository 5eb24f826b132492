"""A real SMTP server on loopback that records what it takes, and can refuse, put off, or break off after taking."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """What the server took, in order; `answers` says what it says to the next mails, `250` when it runs out."""

    taken: list[Message] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # what it says to an address that it does not take
    receivers: list[list[str]] = field(default_factory=list)  # the envelope of each mail
    port: int = 0
    hung: threading.Event = field(default_factory=threading.Event)

    @property
    def message_ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if said := self.refused.get(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 Taken"
        if answer == "hang":
            self.hung.set()
            await asyncio.sleep(60)
        if answer.startswith("250") or answer == "drop after 250":
            self.taken.append(message_from_bytes(envelope.content or b""))
            self.receivers.append(envelope.rcpt_tos)
        if answer == "drop after 250":
            server.transport.abort()  # the mail is taken, but its sender never hears so
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """The server, and Django told to send there."""
    server = MailServer()
    server.port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield server
    finally:
        controller.stop()
