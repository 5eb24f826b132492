"""Sending what was decided: at least once, never under a row lock, under a lease with an attempt number (quality.md E11).

One mail at a time: 1. a transaction takes the most overdue free row, counts the attempt and sets the lease; 2. the mail goes
out with no lock held; 3. one conditional UPDATE that names the attempt notes the result. A sender that was paused for longer
than its lease finds its attempt gone and changes nothing.
"""

import logging
import random
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from .clock import Clock
from .faults import faultpoint
from .line import to_the_server
from .models import Mail

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
#: Minutes from one attempt to the next, ±20 %; after the last of them a person sees the mail as failed (quality.md R11).
RETRY_MINUTES = (1, 5, 15, 60, 240)
#: So many senders may die of one and the same row, no more (quality.md R10).
DEATHS = 5

#: Its last sender died, and so did or failed those before it; or all attempts were made.
SPENT = Q(lease_until__isnull=False, attempt__gte=F("first_attempt") + DEATHS) | Q(
    attempt__gt=F("first_attempt") + len(RETRY_MINUTES)
)


def deliver(now: datetime) -> int:
    """Send what is due, as long as a round lasts; returns how many mails were settled. Safe to run in many places at once."""
    if not settings.EMAIL_URL:
        return show_only(now)
    clock, settled = Clock(now), 0
    give_up_poison(Mail.objects.due(now))
    with Postman() as postman:
        while not clock.is_over and (mail := take(clock.at)):
            faultpoint("send.leased")
            settled += settle(mail, postman.carry(mail), clock.at)
    return settled


def show_only(now: datetime) -> int:
    """Without EMAIL_URL nothing leaves: the mailbox page shows what would have been sent."""
    return Mail.objects.due(now).update(state=Mail.State.SHOWN, sent_at=now, lease_until=None)


def take(now: datetime, due: "QuerySet[Any] | None" = None) -> Any:
    """Take the most overdue free mail (or message, of those `due`): count the attempt, set the lease, commit."""
    with transaction.atomic():
        mail = (
            (Mail.objects.due(now) if due is None else due)
            .exclude(SPENT)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_try_at", "id")
            .first()
        )
        if mail:
            mail.attempt += 1
            mail.lease_until = now + LEASE
            mail.save(update_fields=["attempt", "lease_until"])
    return mail


def give_up_poison(due: "QuerySet[Any]") -> int:
    """Fail what every sender died of before it could say so: others must not wait for it (quality.md R10)."""
    return due.filter(SPENT).update(
        state=Mail.State.FAILED, lease_until=None, problem=_("Each attempt ended before it was done.")
    )


class Postman:
    """One connection for a round; after a failure the next mail gets a fresh one."""

    def __init__(self) -> None:
        self.connection: BaseEmailBackend = to_the_server()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.hang_up()

    def carry(self, mail: Mail) -> Exception | None:
        """Hand the mail to the server; what went wrong, or None once the server has taken it."""
        message = EmailMessage(
            mail.subject, mail.body, to=[mail.to], connection=self.connection, headers={"Message-ID": mail.message_id}
        )
        try:
            self.connection.open()
            faultpoint("send.connected")
            message.send()
        except (OSError, SMTPException, ValueError) as problem:
            self.hang_up()
            return problem
        faultpoint("send.accepted")
        return None

    def hang_up(self) -> None:
        try:
            self.connection.close()
        except (OSError, SMTPException):  # it was broken already
            self.connection = to_the_server()


def settle(mail: Mail, problem: Exception | None, now: datetime) -> int:
    """Note the result of this attempt, unless another attempt has begun since. Returns how many rows changed (0 or 1)."""
    mine = Mail.objects.filter(pk=mail.pk, attempt=mail.attempt, state=Mail.State.WAITING)
    if problem is None:
        with transaction.atomic():
            noted = mine.update(state=Mail.State.SENT, sent_at=now, lease_until=None, problem="")
            faultpoint("send.before_commit")
        faultpoint("send.committed")
        return noted
    log.warning("Mail %s was not taken at attempt %s: %s", mail.pk, mail.attempt, type(problem).__name__)
    words = in_words(problem)
    tries = mail.attempt - mail.first_attempt
    if is_final(problem) or tries > len(RETRY_MINUTES):
        return mine.update(state=Mail.State.FAILED, lease_until=None, problem=words)
    wait = timedelta(minutes=RETRY_MINUTES[tries - 1]) * random.uniform(0.8, 1.2)  # noqa: S311 (spreads load)
    return mine.update(next_try_at=now + wait, lease_until=None, problem=words)


def is_final(problem: Exception) -> bool:
    """Whether trying again is of no use: the server said 5xx, or the address or a header cannot be written at all."""
    if isinstance(problem, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in problem.recipients.values())
    if isinstance(problem, SMTPResponseException):
        return 500 <= problem.smtp_code < 600
    return isinstance(problem, ValueError)


def in_words(problem: Exception) -> str:
    """What the mailbox page says about it: the server's own words where it gave any."""
    if isinstance(problem, SMTPRecipientsRefused) and problem.recipients:
        code, text = next(iter(problem.recipients.values()))
        return _server_said(code, text)
    if isinstance(problem, SMTPResponseException):
        return _server_said(problem.smtp_code, problem.smtp_error)
    if isinstance(problem, TimeoutError):
        return _("The mail server did not answer in time.")
    if isinstance(problem, ValueError):
        return _("The address or the subject cannot be written into a mail.")
    return _("The mail server could not be reached.")


def _server_said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    clean = " ".join(words.replace("\x00", "").split())
    return _("The mail server said: %(code)s %(words)s") % {"code": code, "words": clean[:200]}
