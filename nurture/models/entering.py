"""The one statement by which leads enter and leave a list: the difference only, as one set, with the change that says why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction

from .stays import KeptOut, ListChange, Stay, Touched

#: First key of the advisory locks, one for each list: whoever changes who is in it holds the list's alone.
LISTS = 0x115_7
#: A statement and its parameters.
Question = tuple[str, Sequence[Any]]
NOBODY: Question = ("SELECT NULL::bigint WHERE false", ())
_TABLES = {
    "stay": Stay._meta.db_table,
    "change": ListChange._meta.db_table,
    "keptout": KeptOut._meta.db_table,
    "touched": Touched._meta.db_table,
    "lists": "nurture_leadlist",
}
_STATEMENT = """
WITH wanted (id) AS MATERIALIZED ({wanted}),
gain AS MATERIALIZED (
    SELECT id FROM wanted WHERE NOT EXISTS (
        SELECT FROM {stay} s WHERE s.list_id = %(list)s AND s.lead_id = wanted.id AND s.left_at IS NULL)),
loss (id, lead_id) AS MATERIALIZED (
    SELECT s.id, s.lead_id FROM {stay} s WHERE s.list_id = %(list)s AND s.left_at IS NULL AND {leaves}),
change AS (
    INSERT INTO {change} (list_id, cause, added, why, by_id, at, lead_ids, entered, "left")
    SELECT %(list)s, %(cause)s, %(added)s, %(why)s, %(by)s, %(at)s,
        COALESCE((SELECT array_agg(lead_id ORDER BY lead_id) FROM
            (SELECT id FROM gain WHERE %(hand)s UNION ALL SELECT lead_id FROM loss WHERE %(hand)s) one (lead_id)), '{{}}'),
        (SELECT count(*) FROM gain), (SELECT count(*) FROM loss)
    WHERE %(hand)s OR EXISTS (SELECT FROM gain) OR EXISTS (SELECT FROM loss)
    RETURNING id),
came AS (
    INSERT INTO {stay} (list_id, lead_id, entered_at, came_id)
    SELECT %(list)s, gain.id, %(at)s, change.id FROM gain CROSS JOIN change ORDER BY gain.id),
went AS (
    UPDATE {stay} s SET left_at = GREATEST(%(at)s, s.entered_at), went_id = change.id
    FROM loss CROSS JOIN change WHERE s.id = loss.id),
told AS (
    INSERT INTO {touched} (lead_id)
    SELECT id FROM (SELECT id FROM gain UNION ALL SELECT lead_id FROM loss) both_ways (id) WHERE %(hand)s
        AND EXISTS (SELECT FROM {lists} WHERE kind = 'dynamic' AND archived_at IS NULL))
SELECT id FROM change
"""


@dataclass(frozen=True)
class Turn:
    """What is to happen to a list: `wanted` leads shall be in, and whoever is in and `leaves` shall be out.

    `leaves` is a test on the stay `s`; it may ask for the rows of `wanted`. `added` says what a change by hand is about.
    """

    cause: str
    at: datetime
    wanted: Question = NOBODY
    leaves: Question = ("false", ())
    by: Any = None
    why: str = ""
    added: bool = True


@contextmanager
def list_lock(pk: int) -> Iterator[None]:
    """A transaction in which nobody else changes who is in the list."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LISTS, pk])
        yield


def lock_free(pk: int) -> bool:
    """Take the lock of a list for the rest of this transaction where nobody has it; whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LISTS, pk])
        return bool(cursor.fetchone()[0])


def turn(list_id: int, it: Turn) -> ListChange | None:
    """Let leads enter and leave; the change, or None where nobody did and nobody's hand was in it. Hold the list's lock.

    Who has to look again because of a change by hand (lists that name this one) finds the leads in `Touched`.
    """
    said = {
        "list": list_id, "cause": it.cause, "added": it.added, "why": it.why[:500], "at": it.at,
        "by": it.by.pk if it.by else None, "hand": it.cause in (ListChange.Cause.HAND, ListChange.Cause.PROGRAM),
    }  # fmt: skip
    wanted, leaves = _named(it.wanted, "w", said), _named(it.leaves, "l", said)
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(wanted=wanted, leaves=leaves, **_TABLES), said)
        found = cursor.fetchone()
    return ListChange.objects.get(pk=found[0]) if found else None


def _named(question: Question, prefix: str, said: dict[str, Any]) -> str:
    """The statement with its parameters by name, since those of others stand beside them."""
    sql, params = question
    names = [f"{prefix}{n}" for n in range(len(params))]
    said.update(zip(names, params, strict=True))
    return sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names) if params else sql


def ids_of(leads: "models.QuerySet[Any]", *, most: int | None = None) -> Question:
    """The leads as a question for their ids, no more than so many."""
    try:
        sql, params = leads.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:  # Django saw without asking that there are none
        return NOBODY
    return str(sql), params
