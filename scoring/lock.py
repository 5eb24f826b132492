"""One lock for all who derive scores: those who count what arrived share it, those who go over everything hold it alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SCORING = 0x5C0_4E


@contextmanager
def scoring_lock(*, alone: bool) -> Iterator[None]:
    """A transaction that holds the lock until its end. Shared holders keep out only those who want it alone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100s'")  # nobody sits in front of a screen waiting for this
            cursor.execute(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}(%s)", [SCORING])
        yield
