"""Handing e-mails over, and what the other side's answer means: taken, not now, never, or nobody can tell."""

import logging
import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Self

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from outbox.delivery import in_words
from outbox.line import SMTP_BACKEND, PunctualLine

log = logging.getLogger(__name__)

#: Enhanced status codes that say nothing about the address: a full mailbox, a policy, a broken way (RFC 3463).
_NOT_THE_ADDRESS = re.compile(r"\b5\.[^1]\.\d")


class Outcome(Enum):
    """What is known after an attempt."""

    TAKEN = auto()
    LATER = auto()  # certainly not taken; try again
    REFUSED = auto()  # certainly not taken; trying again is of no use
    NO_SUCH_ADDRESS = auto()  # the same, and the address itself is why
    DOUBTFUL = auto()  # the words left, and no answer came


@dataclass(frozen=True)
class Answer:
    """What became of one e-mail, and the other side's words."""

    outcome: Outcome
    words: str = ""


class _Watched(PunctualLine):
    """A line that knows whether the words of the present mail have begun to leave: only they are bytes."""

    words_left = False

    def send(self, s: Any) -> None:
        self.words_left = self.words_left or isinstance(s, bytes)
        super().send(s)


class _SafeLine(_Watched, smtplib.SMTP_SSL):
    pass


class WatchedBackend(EmailBackend):
    """Django's SMTP backend on such lines."""

    @property
    def connection_class(self) -> type[_Watched]:
        return _SafeLine if self.use_ssl else _Watched


def leaves() -> bool:
    """Whether letters leave this house at all: there is a mail server or a provider."""
    return bool(settings.EMAIL_URL or settings.NURTURE_PROVIDER)


def _backend() -> BaseEmailBackend:
    if settings.NURTURE_PROVIDER:
        return get_connection(f"anymail.backends.{settings.NURTURE_PROVIDER}.EmailBackend")
    smtp = settings.EMAIL_BACKEND == SMTP_BACKEND
    return WatchedBackend() if smtp else get_connection()


class PostOffice:
    """One connection for a round; after a failure the next letter gets a fresh one."""

    def __init__(self) -> None:
        self.backend = _backend()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError, SMTPException):
            self.backend.close()

    def open(self) -> str:
        """Reach the other side, before anything is committed to; what went wrong in words, blank for nothing."""
        try:
            self.backend.open()
        except (OSError, SMTPException, AnymailError) as problem:
            self._hang_up()
            return in_words(problem)
        return ""

    def carry(self, message: EmailMessage) -> Answer:
        """Hand one e-mail over. Never tries twice."""
        message.connection = self.backend
        line = getattr(self.backend, "connection", None)
        if isinstance(line, _Watched):
            line.words_left = False
        try:
            message.send()
        except (OSError, SMTPException, AnymailError, ValueError) as problem:
            left = line.words_left if isinstance(line, _Watched) else not isinstance(problem, ValueError)
            self._hang_up()
            log.warning("A letter was not taken: %s", type(problem).__name__)
            return answer_of(problem, words_left=left)
        return Answer(Outcome.TAKEN)

    def _hang_up(self) -> None:
        """Without a word: a server that hangs would hang at goodbye too."""
        line = getattr(self.backend, "connection", None) or getattr(self.backend, "_partial_connection", None)
        if isinstance(line, smtplib.SMTP):
            line.close()
        self.backend = _backend()


def answer_of(problem: Exception, *, words_left: bool) -> Answer:
    """What a failure means. Only a clear answer counts as one; once the words have left, silence is doubt."""
    if isinstance(problem, SMTPRecipientsRefused) and problem.recipients:
        code, text = next(iter(problem.recipients.values()))
        return Answer(_refused(code, text), in_words(problem))
    if isinstance(problem, SMTPResponseException) and 400 <= problem.smtp_code < 600:
        return Answer(Outcome.LATER if problem.smtp_code < 500 else Outcome.REFUSED, in_words(problem))
    if isinstance(problem, AnymailError):
        return _of_provider(problem)
    if words_left:
        return Answer(Outcome.DOUBTFUL, in_words(problem))
    final = isinstance(problem, (ValueError, SMTPNotSupportedError))
    return Answer(Outcome.REFUSED if final else Outcome.LATER, in_words(problem))


def _refused(code: int, text: bytes | str) -> Outcome:
    if code < 500:
        return Outcome.LATER
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return Outcome.REFUSED if _NOT_THE_ADDRESS.search(said) else Outcome.NO_SUCH_ADDRESS


def _of_provider(problem: Any) -> Answer:
    """4xx of a provider's API was not taken: for good, unless it is about our account or our pace; all else is doubt."""
    status, words = problem.status_code, f"HTTP {problem.status_code}" if problem.status_code else str(problem)[:200]
    if isinstance(problem, AnymailRecipientsRefused):
        return Answer(Outcome.NO_SUCH_ADDRESS, words)
    if status in (401, 402, 403, 408, 429):
        return Answer(Outcome.LATER, words)
    if isinstance(problem, ValueError) or (status and 400 <= status < 500):
        return Answer(Outcome.REFUSED, words)
    return Answer(Outcome.DOUBTFUL, words)
