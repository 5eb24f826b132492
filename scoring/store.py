"""Vectors in the database: made from raw activities set-wise, appended to, read in chunks. Derived state only."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from leads.models import Activity, Verdict

from .days import local_day
from .definition import Model
from .matchers import Classes, numbers_of, queries, queries_of
from .models import EventVector, Pending
from .vectors import EMPTY, FIRST_DAY, Entries, Vectors, merge

#: How many matchers one column of bits holds.
BITS = 60
#: Leads whose vectors are made from raw activities at once.
REBUILD_CHUNK = 20_000


def packed(activities: "QuerySet[Activity]") -> dict[int, Entries]:
    """The scored deeds among these activities, packed, by lead id. Machines' deeds earn nothing and are left out."""
    return _packed(activities, queries(), numbers_of)


def packed_for(model: Model, activities: "QuerySet[Activity]") -> tuple[Classes, dict[int, Entries]]:
    """The same for a model whose matchers vectors do not know, with the classes made up for it; nothing is stored."""
    numbers: dict[frozenset[str], int] = {}

    def number(signatures: Iterable[frozenset[str]]) -> dict[frozenset[str], int]:
        for signature in signatures:
            numbers.setdefault(signature, len(numbers))
        return numbers

    found = _packed(activities, queries_of(model), number)
    return tuple((n, tuple(sorted(signature))) for signature, n in numbers.items()), found


def _packed(
    activities: "QuerySet[Activity]",
    known: dict[str, Q],
    number: Callable[[Iterable[frozenset[str]]], Mapping[frozenset[str], int]],
) -> dict[int, Entries]:
    rows = list(_counted(activities, list(known.values())))
    if not rows:
        return {}
    signatures = [_signature(row[3:], list(known)) for row in rows]
    numbers = number(signatures)
    leads, place = np.unique([row[0] for row in rows], return_inverse=True)
    days = [(row[1] - FIRST_DAY).days for row in rows]
    classes = [numbers[signature] for signature in signatures]
    vectors = Vectors.pack(place.ravel(), days, classes, [row[2] for row in rows], leads=len(leads))
    return {int(lead): vectors[n : n + 1].entries for n, lead in enumerate(leads)}


def _counted(activities: "QuerySet[Activity]", matchers: Sequence[Q]) -> Iterator[tuple[Any, ...]]:
    """Rows of lead, local day, how many, and the bits of the matchers that match; what matches nothing is left out."""
    columns = {
        f"bits{n}": _bits(matchers[n * BITS : (n + 1) * BITS]) for n in range((len(matchers) + BITS - 1) // BITS)
    }
    return (
        activities.filter(verdict=Verdict.PERSON)
        .annotate(day=local_day("occurred_at"), **columns)
        .exclude(**dict.fromkeys(columns, 0))
        .order_by()
        .values_list("lead_id", "day", *columns)
        .annotate(times=Count("id"))
        .values_list("lead_id", "day", "times", *columns)
        .iterator(chunk_size=10_000)
    )


def _bits(matchers: Sequence[Q]) -> Any:
    bits = [
        Case(When(query, then=Value(1 << n)), default=Value(0), output_field=BigIntegerField())
        for n, query in enumerate(matchers)
    ]
    return reduce(lambda one, other: one + other, bits)


def _signature(columns: Sequence[int], keys: Sequence[str]) -> frozenset[str]:
    return frozenset(key for n, key in enumerate(keys) if columns[n // BITS] >> n % BITS & 1)


def rebuild(lead_ids: Sequence[int]) -> None:
    """Make these leads' vectors anew from their activities. Call under the scoring lock."""
    found = packed(Activity.objects.filter(lead_id__in=lead_ids))
    write({lead: found.get(lead, EMPTY) for lead in lead_ids})


def differing(lead_ids: Sequence[int]) -> list[int]:
    """The leads whose stored vector is not what their counted activities say; what still waits is not held against it."""
    found = packed(
        Activity.objects.filter(lead_id__in=lead_ids).exclude(
            Exists(Pending.objects.filter(activity_id=OuterRef("id")))
        )
    )
    stored = read(lead_ids)
    pairs = ((lead, stored[n : n + 1].entries, found.get(lead, EMPTY)) for n, lead in enumerate(lead_ids))
    return [lead for lead, one, other in pairs if not np.array_equal(one, other)]


def append(activity_ids: Sequence[int]) -> None:
    """Add new activities to the vectors of their leads, whose scores the caller has locked."""
    found = packed(Activity.objects.filter(id__in=activity_ids))
    stored = dict(EventVector.objects.filter(lead_id__in=found).values_list("lead_id", "ev"))
    write({lead: merge(np.frombuffer(stored.get(lead, b""), "<u4"), entries) for lead, entries in found.items()})


def write(vectors: dict[int, Entries]) -> None:
    """Store the vectors as one set."""
    leads = sorted(vectors)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_eventvector (lead_id, ev) SELECT * FROM unnest(%s::bigint[], %s::bytea[])"
            " ON CONFLICT (lead_id) DO UPDATE SET ev = excluded.ev WHERE scoring_eventvector.ev <> excluded.ev",
            [leads, [vectors[lead].astype("<u4").tobytes() for lead in leads]],
        )


def read(lead_ids: Sequence[int]) -> Vectors:
    """The vectors of these leads, in this order; a lead without one has no deeds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(coalesce(v.ev, ''), ''::bytea ORDER BY w.n), array_agg(coalesce(octet_length(v.ev), 0) ORDER BY w.n)"
            " FROM unnest(%s::bigint[]) WITH ORDINALITY AS w (id, n) LEFT JOIN scoring_eventvector v ON v.lead_id = w.id",
            [list(lead_ids)],
        )
        joined, sizes = cursor.fetchone()
    offsets = np.concatenate([[0], np.cumsum(np.array(sizes or [], np.int64) // 4)])
    return Vectors(np.frombuffer(joined or b"", "<u4"), offsets)
