"""Whether any handoff changed since a page was drawn: one query on one index, exact for transactions that overlap.

A mark is PostgreSQL's own snapshot: which transactions the page could see. A row that was written by any other
transaction, also one that began earlier and ended later, is news.
"""

import re

from django.db import connection

MARK = re.compile(r"(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,\d{1,18})*)?)", re.ASCII)
#: Longer marks would mean thousands of open transactions.
LONGEST = 4_000

NEWS = """
SELECT EXISTS (
    SELECT FROM handoff_handoff WHERE changed_in >= %s AND NOT pg_visible_in_snapshot(changed_in::text::xid8, %s::pg_snapshot)
)
"""


def mark() -> str:
    """What the database can show now; to be taken before the page's own queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def changed_since(text: str) -> bool:
    """Whether a handoff changed since that mark; a text that is no mark says yes, so that the page is drawn anew."""
    oldest = _oldest_unseen(text)
    if oldest is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute(NEWS, [oldest, text])
        return bool(cursor.fetchone()[0])


def _oldest_unseen(text: str) -> int | None:
    """The first transaction that the mark may not have seen; None where PostgreSQL would not read it as a snapshot."""
    found = MARK.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        return None
    first, end = int(found[1]), int(found[2])
    running = [int(number) for number in found[3].split(",")] if found[3] else []
    in_order = all(before < after for before, after in zip([first - 1, *running], [*running, end], strict=True))
    return first if 0 < first <= end and in_order else None
