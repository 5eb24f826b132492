"""What time it is for everything that goes on by itself: PostgreSQL says so, for all processes alike (quality.md R7)."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection


def house_time() -> datetime:
    """The moment by PostgreSQL's clock: a worker or sweeper whose own clock is wrong reminds nobody early or late."""
    try:
        return _asked()
    except DatabaseError:  # the line broke since it was last used, as after a restart of PostgreSQL
        if connection.in_atomic_block:
            raise
        connection.close()
        return _asked()


def _asked() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@dataclass(frozen=True)
class Clock:
    """The time as it goes on during a round of sending, which ends before it holds up anything else.

    A lease, and the minutes until the next attempt, count from the moment itself: a server that hangs makes a round long.
    """

    now: datetime
    began: float = field(default_factory=time.monotonic)

    @property
    def at(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    @property
    def is_over(self) -> bool:
        return time.monotonic() - self.began > settings.MAIL_ROUND_SECONDS
