"""The line to the mail server: each of its answers must be whole within EMAIL_TIMEOUT, however slowly it drips (R11, F15)."""

import smtplib
import socket
import time
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class _Answers:
    """What the server says, line by line. A timeout of the socket alone begins anew with every byte."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self.line, self.seconds, self.buffer = line, seconds, b""
        self.ends = 0.0

    def readline(self, most: int) -> bytes:
        while b"\n" not in self.buffer and len(self.buffer) < most:
            self.line.settimeout(max(0.001, self.ends - time.monotonic()))
            if not (more := self.line.recv(4096)):
                break
            self.buffer += more
        end = min(self.buffer.find(b"\n") + 1 or len(self.buffer), most)
        said, self.buffer = self.buffer[:end], self.buffer[end:]
        self.line.settimeout(self.seconds)
        return said

    def close(self) -> None:
        """The socket is the line's own to close."""


class PunctualLine(smtplib.SMTP):
    """An SMTP line that waits for no answer longer than its timeout in all."""

    def getreply(self) -> tuple[int, bytes]:
        if not self.file and self.sock and isinstance(self.timeout, (int, float)):
            self.file: Any = _Answers(self.sock, self.timeout)
        if isinstance(self.file, _Answers):
            self.file.ends = time.monotonic() + self.file.seconds
        return super().getreply()


class SafePunctualLine(PunctualLine, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class PunctualBackend(EmailBackend):
    """Django's SMTP backend on such lines."""

    @property
    def connection_class(self) -> type[PunctualLine]:
        return SafePunctualLine if self.use_ssl else PunctualLine


def to_the_server() -> BaseEmailBackend:
    """A fresh line, by the backend of the settings."""
    return PunctualBackend() if settings.EMAIL_BACKEND == SMTP_BACKEND else get_connection()
