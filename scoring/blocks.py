"""Blocks of lead ids: what one worker scores at once, and the lock that keeps two from deriving the same lead's score.

Who goes over a whole block holds it; who counts what arrived shares the blocks of the leads it touches. Both share
`scoring_lock`, so that what needs nobody else at work can have it alone.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.db import connection

from .columns import numbers
from .lock import SCORING, scoring_lock

#: Ids in a block: few enough that a held block is let go in a second or two, and memory stays flat.
BLOCK = 50_000


def blocks() -> list[int]:
    """The blocks in which any lead has a score, lowest first; found by a jump from each to the next."""
    return numbers(_BLOCKS, [BLOCK, BLOCK, BLOCK], columns=1)[0].tolist()


_BLOCKS = """
    WITH RECURSIVE found(n) AS (
        SELECT min(lead_id) / %s FROM scoring_leadscore
        UNION ALL
        SELECT (SELECT min(lead_id) / %s FROM scoring_leadscore WHERE lead_id >= (found.n + 1) * %s)
        FROM found WHERE found.n IS NOT NULL
    ) SELECT n FROM found WHERE n IS NOT NULL ORDER BY n
"""


def ids_of(block: int) -> range:
    """The ids of a block, also those that no lead has."""
    return range(block * BLOCK, (block + 1) * BLOCK)


def ids_in(block: int) -> list[int]:
    """The leads of a block that have a score, in rising order."""
    query, ids = "SELECT lead_id FROM scoring_leadscore WHERE lead_id BETWEEN %s AND %s ORDER BY lead_id", ids_of(block)
    return numbers(query, [ids.start, ids.stop - 1], columns=1)[0].tolist()


def at_work() -> AbstractContextManager[None]:
    """A transaction beside others who derive scores; it takes the blocks it needs."""
    return scoring_lock(alone=False)


def hold(block: int) -> None:
    """Keep the block until the transaction ends: nobody else derives a score in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SCORING, block])


def share(lead_ids: Iterable[int]) -> None:
    """Keep those who hold a block out of the blocks of these leads until the transaction ends; lowest first, as everybody."""
    wanted = sorted({lead // BLOCK for lead in lead_ids})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, n) FROM unnest(%s::int[]) AS n", [SCORING, wanted])
