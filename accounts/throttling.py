"""Budgets of wrong passwords (quality.md S7): what axes does not count, and where a request comes from.

axes holds 5 failures in 15 minutes per person and network address. Here: 100 an hour per person from anywhere, and 5 in
15 minutes per known device, whose own person is then never shut out by what strangers try.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .models import SignInFailure


class TooManyAttempts(Exception):
    """The budget is spent; `wait` says for how long at most. The text is a sentence for people."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(_("Too many sign-ins failed."))


@dataclass(frozen=True)
class Budget:
    """How many failures a bucket may have within a span."""

    name: str
    most: int
    span: timedelta

    def bucket(self, subject: str) -> str:
        """The keyed hash under which the subject (an address, a device) is counted; nothing readable is stored."""
        return salted_hmac(f"accounts.throttling.{self.name}", subject, algorithm="sha256").hexdigest()


PER_PERSON = Budget("person", 100, timedelta(hours=1))
PER_DEVICE = Budget("device", 5, timedelta(minutes=15))


class Attempt:
    """One try against a budget; a failure until `succeeded` is called."""

    def __init__(self, row: SignInFailure) -> None:
        self.row = row

    def succeeded(self) -> None:
        self.row.delete()


@contextmanager
def attempt(budget: Budget, subject: str, at: datetime) -> Iterator[Attempt]:
    """Count one try, or raise `TooManyAttempts`.

    The try is written before the password is looked at, so that a thousand tries at once are not all let through.
    """
    SignInFailure.objects.filter(at__lte=at - PER_PERSON.span).delete()
    bucket = budget.bucket(subject)
    row = SignInFailure.objects.create(bucket=bucket, at=at)
    if SignInFailure.objects.filter(bucket=bucket).since(at - budget.span).count() > budget.most:
        row.delete()
        raise TooManyAttempts(budget.span)
    yield Attempt(row)


def client_address(request: HttpRequest) -> str | None:
    """The network address a request comes from; in production what our own proxy, the last one, saw."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.PRODUCTION:
        text = request.META.get("HTTP_X_FORWARDED_FOR", text).rpartition(",")[2].strip() or text
    try:
        return str(ip_address(text))
    except ValueError:
        return None  # a Unix socket has no address
