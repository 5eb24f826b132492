"""Rows of a file on their way in: read, checked cell by cell, and put into an unlogged table by COPY."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from leads.models import ImportFault, ImportRow

from .building import ActivityBuilder, LeadBuilder, Told
from .faults import ValueRefused
from .reader import Table


@dataclass
class Staged:
    """One portion of a file: rows to be written, and rows refused with their reasons. `last` is the last row's number."""

    rows: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    last: int = 1

    def __len__(self) -> int:
        return len(self.rows) + len(self.faults)


def portions(table: Table, builder: LeadBuilder | ActivityBuilder, *, after: int, size: int) -> Iterator[Staged]:
    """The file below row `after` in portions of `size` rows."""
    portion = Staged()
    for row in table.rows():
        if row.number <= after:
            continue
        portion.last = row.number
        try:
            if row.fault:
                raise ValueRefused(row.fault)
            key, told = builder.row(row.cells)
        except ValueRefused as refusal:
            portion.faults.append((row.number, str(refusal)))
        else:
            portion.rows.append((row.number, key, told))
        if len(portion) >= size:
            yield portion
            portion = Staged()
    if portion:
        yield portion


def put(job_id: int, portion: Staged) -> None:
    """Store the portion's rows."""
    with connection.cursor() as cursor, cursor.copy("COPY leads_importrow (job, number, key, row) FROM STDIN") as copy:
        for number, key, row in portion.rows:
            copy.write_row((job_id, number, key, row))


def note_faults(job_id: int, faults: Iterable[tuple[int, str]]) -> None:
    """Keep why rows were refused."""
    ImportFault.objects.bulk_create(
        [ImportFault(job_id=job_id, row_number=number, reason=reason[:300]) for number, reason in faults],
        ignore_conflicts=True,
        batch_size=5_000,
    )


def staged_rows(job_id: int, *, skip: int, size: int) -> Iterator[list[tuple[int, Told, int]]]:
    """The staged rows in portions, those of one key together: number in the file, what it tells, running number in its key.

    Reads through a cursor that outlives commits, so that the rows are sorted once and never all in memory.
    """
    connection.ensure_connection()
    with connection.connection.cursor(f"import_{job_id}", withhold=True) as cursor:
        cursor.execute(_IN_ORDER, [job_id, skip])
        while rows := cursor.fetchmany(size):
            yield [(number, json.loads(row), nth) for number, row, nth in rows]


_IN_ORDER = """
    SELECT number, row, nth FROM (
        SELECT number, row, row_number() OVER (PARTITION BY key ORDER BY number) AS nth, min(number) OVER (PARTITION BY key) AS first
        FROM leads_importrow WHERE job = %s
    ) AS staged ORDER BY first, number OFFSET %s
"""


def forget(job_id: int) -> None:
    """Remove the job's staged rows."""
    ImportRow.objects.filter(job=job_id).delete()


def count_staged(job_id: int) -> int:
    return ImportRow.objects.filter(job=job_id).count()
