"""Vectors in the database: made from raw activities set-wise, appended to, read in chunks. Derived state only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from leads.models import Activity, Verdict

from .board import chunks
from .columns import array_text, one_row, these_leads
from .columns import numbers_of as columns_of
from .cuts import Cuts
from .days import day_number
from .matchers import Classes, alike_classes, numbers_of, queries
from .models import MatchClass, Pending
from .vectors import FIRST_DAY, LAST_ACTIVITY_DAY, Vectors, activity_day, unpack

Whole = npt.NDArray[np.int64]
#: How many matchers one column of bits holds.
BITS = 60
#: Leads whose vectors are made from raw activities at once.
REBUILD_CHUNK = 20_000


@dataclass(frozen=True)
class Packed:
    """The vectors of the leads that have deeds, in rising order of lead id."""

    leads: Whole
    vectors: Vectors

    def of(self, lead_ids: Sequence[int]) -> Vectors:
        """Those of these leads, in their order; a lead that is not there has no deeds."""
        return self.vectors.picked(self.leads, np.asarray(lead_ids, np.int64))


def packed(activities: "QuerySet[Activity]") -> Packed:
    """The scored deeds among these activities. Machines' deeds earn nothing and are left out."""
    return _packed(activities, queries(), numbers_of)


def packed_for(known: dict[str, Q], activities: "QuerySet[Activity]") -> tuple[Classes, Packed]:
    """The same for matchers that vectors do not know, with the classes made up for them; nothing is stored."""
    numbers: dict[frozenset[str], int] = {}

    def number(signatures: Iterable[frozenset[str]]) -> dict[frozenset[str], int]:
        for signature in signatures:
            numbers.setdefault(signature, len(numbers))
        return numbers

    found = _packed(activities, known, number)
    return tuple((n, tuple(sorted(signature))) for signature, n in numbers.items()), found


def _packed(
    activities: "QuerySet[Activity]",
    known: dict[str, Q],
    number: Callable[[Iterable[frozenset[str]]], Mapping[frozenset[str], int]],
) -> Packed:
    lead, day, *bits = _matched(activities, list(known.values()))
    if not lead.size:
        return Packed(lead, Vectors.of([]))
    leads, place = np.unique(lead, return_inverse=True)
    signatures, which = _signatures(bits, list(known))
    numbers = number(signatures)
    classes = np.array([numbers[signature] for signature in signatures], np.int64)
    days = np.clip(day, 0, activity_day(LAST_ACTIVITY_DAY))  # far west, the first day of 2000 begins in 1999
    return Packed(leads, Vectors.pack(place.ravel(), days, classes[which], leads=len(leads)))


def _matched(activities: "QuerySet[Activity]", matchers: Sequence[Q]) -> list[Whole]:
    """Lead, day number and the bits of the matchers that match, for each deed of a person that matches any."""
    bits = {f"bits{n}": _bits(matchers[n : n + BITS]) for n in range(0, len(matchers), BITS)}
    rows = activities.filter(verdict=Verdict.PERSON).annotate(day=day_number("occurred_at"), **bits).order_by()
    columns = columns_of(rows.values_list("lead_id", "day", *bits), columns=2 + len(bits))
    matching = np.flatnonzero(reduce(np.bitwise_or, columns[2:]))
    return [column[matching] for column in columns]


def _bits(matchers: Sequence[Q]) -> Any:
    bits: list[Any] = [
        Case(When(query, then=Value(1 << n)), default=Value(0), output_field=BigIntegerField())
        for n, query in enumerate(matchers)
    ]
    return reduce(lambda one, other: one + other, bits)


def _signatures(bits: Sequence[Whole], keys: Sequence[str]) -> tuple[list[frozenset[str]], Whole]:
    """The sets of matchers there are, and which of them each deed has."""
    if len(bits) == 1:  # compared number by number; rows of several are compared byte by byte, in ten times as long
        one, which = np.unique(bits[0], return_inverse=True)
        found = one[np.newaxis]
    else:
        found, which = np.unique(np.stack(bits), axis=1, return_inverse=True)
    sets = [frozenset(key for n, key in enumerate(keys) if one[n // BITS] >> n % BITS & 1) for one in found.T.tolist()]
    return sets, which.ravel()


def rebuild(lead_ids: Sequence[int]) -> None:
    """Make these leads' vectors anew from the activities that have been counted. Call under the scoring lock.

    What still waits, or is taken by another process this moment, is appended when its turn comes.
    """
    write(lead_ids, packed(_counted(lead_ids)).of(lead_ids))


def differing(lead_ids: Sequence[int]) -> list[int]:
    """The leads whose stored vector does not say what their counted activities say to the matchers there are."""
    found, alike = packed(_counted(lead_ids)), alike_classes()
    stored, anew = _renumbered(read(lead_ids), alike), _renumbered(found.of(lead_ids), alike)
    return [
        lead
        for n, lead in enumerate(lead_ids)
        if not np.array_equal(stored[n : n + 1].entries, anew[n : n + 1].entries)
    ]


def _renumbered(vectors: Vectors, classes: Whole) -> Vectors:
    """The same deeds with other class numbers; those of class −1 are left out."""
    days, old, counts = unpack(vectors.entries)
    kept = np.flatnonzero(classes[old] >= 0)
    return Vectors.pack(vectors.owners[kept], days[kept], classes[old][kept], counts[kept], leads=len(vectors))


def _counted(lead_ids: Sequence[int]) -> "QuerySet[Activity]":
    waiting = Pending.objects.filter(activity_id=OuterRef("id"))
    return Activity.objects.filter(~Exists(waiting), lead_id__in=lead_ids)


def append(activity_ids: Sequence[int]) -> None:
    """Add new activities to the vectors of their leads, whose scores the caller has locked."""
    if not activity_ids:  # only facts are new
        return
    found = packed(Activity.objects.filter(id__in=activity_ids))
    write(found.leads, read(found.leads).joined(found.vectors))


def pass_on(deeds: Sequence[tuple[int, int]]) -> list[int]:
    """Deeds that belong to another lead than the one for which they began to wait, since a merge or its undo: they go on waiting.

    Each as (activity, lead), with the lead locked by the caller, so that none moves meanwhile. Those passed on.
    """
    if not deeds:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_pending (lead_id, activity_id, rebuild) SELECT a.lead_id, a.id, false"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS w (id, lead_id) JOIN leads_activity a USING (id)"
            " WHERE a.lead_id <> w.lead_id RETURNING activity_id",
            [[pk for pk, _lead in deeds], [lead for _pk, lead in deeds]],
        )
        return [row[0] for row in cursor.fetchall()]


def forget_unused_classes() -> None:
    """Free the numbers of match classes that no vector holds. Call under the scoring lock, alone."""
    used: set[int] = set()
    for ids in chunks():
        used |= set(np.unique(unpack(read(ids).entries)[1]).tolist())
    MatchClass.objects.exclude(number__in=used).delete()


def write(lead_ids: Sequence[int] | Whole, vectors: Vectors) -> None:
    """Store the vectors of these leads as one set."""
    joined, ends = vectors.entries.astype("<u4").tobytes(), (4 * vectors.offsets).tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_eventvector (lead_id, ev) SELECT * FROM unnest(%s::bigint[], %s::bytea[])"
            " ON CONFLICT (lead_id) DO UPDATE SET ev = excluded.ev WHERE scoring_eventvector.ev <> excluded.ev",
            [array_text(lead_ids), [joined[start:end] for start, end in pairwise(ends)]],
        )


def read(lead_ids: Sequence[int] | Whole) -> Vectors:
    """The vectors of these leads, in this order, with their cuts; a lead without one has no deeds."""
    if not len(lead_ids):
        return Vectors.of([])
    which, params = these_leads(lead_ids)
    joined, leads, sizes, cuts = one_row(
        "SELECT string_agg(ev, ''::bytea), string_agg(int8send(lead_id), ''::bytea),"  # noqa: S608
        f" string_agg(int4send(octet_length(ev)), ''::bytea), ({_CUTS} WHERE {which})"
        f" FROM (SELECT lead_id, ev FROM scoring_eventvector WHERE {which} ORDER BY lead_id) AS v",
        [FIRST_DAY, *params, *params],
    )
    offsets = np.concatenate([[0], np.cumsum(np.frombuffer(sizes or b"", ">i4").astype(np.int64) // 4)])
    stored, wanted = Vectors(np.frombuffer(joined or b"", "<u4"), offsets), np.asarray(lead_ids, np.int64)
    found = stored.picked(np.frombuffer(leads or b"", ">i8").astype(np.int64), wanted)
    return found.with_cuts(_cuts(cuts, wanted))


#: Lead, day number and share of each, as one run of bytes.
_CUTS = (
    "SELECT string_agg(int8send(lead_id) || int8send((day - %s::date)::bigint) || int8send(share::bigint), ''::bytea)"
    " FROM scoring_cut"
)


def _cuts(sent: bytes | None, lead_ids: Whole) -> Cuts | None:
    return Cuts.of(*np.frombuffer(sent, ">i8").reshape(-1, 3).T).picked(lead_ids) if sent else None


def cuts_of(lead_ids: Sequence[int] | Whole) -> Cuts | None:
    """The cuts of these leads by their places, for deeds that were not `read`."""
    which, params = these_leads(lead_ids)
    return _cuts(one_row(f"{_CUTS} WHERE {which}", [FIRST_DAY, *params])[0], np.asarray(lead_ids, np.int64))
