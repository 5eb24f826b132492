"""The sweeper: every idempotent step of the house, round and round, with PostgreSQL alone (quality.md rule 12)."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from .models import Heartbeat

log = logging.getLogger(__name__)

NAME = "sweeper"
#: A heartbeat older than this makes the banner appear: users must not trust a dead clock.
STALE_AFTER = timedelta(minutes=3)


def sweep(now: datetime, steps: Sequence[str] | None = None) -> list[str]:
    """Go round once: run each step; one that fails never stops the others. Returns the names of those that failed.

    Each step is told the time as it is when its turn comes.
    """
    began = time.monotonic()
    due = settings.SWEEPER_STEPS if steps is None else steps
    failed = [step for step in due if not _ran(step, now + timedelta(seconds=time.monotonic() - began))]
    beat(now)
    return failed


def beat(now: datetime) -> None:
    """Note that a round is through."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=NAME, at=now)], update_conflicts=True, update_fields=["at"], unique_fields=["name"]
    )


def last_beat() -> datetime | None:
    """When the last round ended, or None where none ever did."""
    return Heartbeat.objects.filter(name=NAME).values_list("at", flat=True).first()


def is_late(now: datetime) -> bool:
    """Whether reminders and mails stand still: the last round is long ago, or never was."""
    at = last_beat()
    return at is None or now - at > STALE_AFTER


def _ran(step: str, now: datetime) -> bool:
    try:
        import_string(step)(now)
    except Exception:
        log.exception("The step %s failed; the others go on.", step)
        if not connection.in_atomic_block:  # a connection that broke must not take the next steps with it
            connection.close_if_unusable_or_obsolete()
        return False
    return True
