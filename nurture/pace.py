"""How fast letters leave: so many a minute to one domain and in all, counted where every sender counts (product.md §6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

ALL = ""
MINUTE = timedelta(minutes=1)


class TooFast(Exception):
    """No more may leave in this minute: to `domain`, or at all where that is blank."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain


def count_one(domain: str, *, at: datetime) -> None:
    """Take a place in this minute for one letter to the domain; raises `TooFast` and counts nothing where there is none."""
    with transaction.atomic():
        for name, most in ((domain, settings.NURTURE_PER_DOMAIN), (ALL, settings.NURTURE_PER_MINUTE)):
            if not _counted(name, most, at):
                raise TooFast(name)


def _counted(name: str, most: int, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, at.replace(second=0, microsecond=0), most])
        return cursor.fetchone() is not None


def spread(domain: str, *, at: datetime) -> int:
    """Share the letters of a domain that are due out over the minutes to come, so that those of others need not wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SPREAD, {"domain": domain, "at": at, "next": next_minute(at), "most": settings.NURTURE_PER_DOMAIN}
        )
        return cursor.rowcount


def next_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) + MINUTE


_COUNT = """
INSERT INTO nurture_quota AS q (domain, minute, handed) VALUES (%s, %s, 1)
ON CONFLICT (domain) DO UPDATE
SET handed = CASE WHEN q.minute = excluded.minute THEN q.handed + 1 ELSE 1 END, minute = excluded.minute
WHERE q.minute <> excluded.minute OR q.handed < %s RETURNING 1
"""
_SPREAD = """
UPDATE nurture_letter AS l SET next_try_at = %(next)s + (v.place / %(most)s) * interval '1 minute'
FROM (
    SELECT id, row_number() OVER (ORDER BY next_try_at, id) - 1 AS place FROM (
        SELECT id, next_try_at FROM nurture_letter
        WHERE domain = %(domain)s AND state IN ('queued', 'deferred') AND next_try_at <= %(at)s FOR UPDATE SKIP LOCKED
    ) AS held
) AS v WHERE l.id = v.id
"""
