"""What time it is for everything that goes on by itself: PostgreSQL says so, for all processes alike (quality.md R7)."""

from datetime import datetime

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
