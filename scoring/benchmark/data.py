"""Invented leads and their deeds, the same for the same seed: most leads did little and long ago, a few did very much."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, models

from leads.models import Activity, ActivityType, Lead

from .rules import HAPPENS, INDUSTRIES, PAGES, SENIORITY

Whole = npt.NDArray[np.int64]
SEED = 2026
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DEEDS_A_LEAD = 20
#: Leads with so many deeds each are the first ones: for the ledger promise.
BUSY, QUIET = 10_000, 10
#: How many leads did something lately; the scores of others stand still.
ACTIVE = 0.15
LINES = 50_000


def fill(leads: int) -> int:
    """Put the leads and their deeds into the empty database; how many deeds."""
    rng = np.random.default_rng(SEED)
    with filled(Lead, Activity) as cursor:
        stored(cursor, Lead, ("id", "email", "email_key", "seniority", "industry", "employees"), _leads(leads, rng))
        lead, age = _ages(leads, rng)
        deeds = _deeds(lead, age, _tails(rng, len(lead)))
        with _without_indexes(cursor, Activity):
            stored(cursor, Activity, ("lead_id", "type_id", "url", "funnel_stage", "occurred_at", "external_id"), deeds)
    return len(lead)


@contextmanager
def filled(*made: type[models.Model]) -> Iterator[Any]:
    """A cursor that fills these tables: no triggers and no checks between tables inside; counted and tidied afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET synchronous_commit = off; SET session_replication_role = replica; SET maintenance_work_mem = '256MB'"
        )
        yield cursor
        cursor.execute("SET session_replication_role = DEFAULT; RESET synchronous_commit")
        for table in (model._meta.db_table for model in made):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
            cursor.execute(f"VACUUM (FREEZE, ANALYZE) {table}")


def _leads(leads: int, rng: np.random.Generator) -> Iterator[str]:
    seniority, industry = (
        rng.integers(0, len(SENIORITY), leads).tolist(),
        rng.integers(0, len(INDUSTRIES), leads).tolist(),
    )
    employees = rng.integers(1, 3_000, leads).tolist()
    for n in range(leads):
        email = f"lead{n + 1}@firm{n % 9_973}.example"
        yield f"{n + 1}\t{email}\t{email}\t{SENIORITY[seniority[n]]}\t{INDUSTRIES[industry[n]]}\t{employees[n]}"


def _ages(leads: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """The lead and the age in days of each deed, in order of lead and time; deeds a lead fall like Zipf's words."""
    weight = 1 / (np.arange(leads) + 10) ** 0.8
    counts = np.clip(rng.permutation(weight / weight.sum()) * leads * DEEDS_A_LEAD, 1, 5_000).astype(np.int64)
    counts[:2] = (BUSY, QUIET)
    ended = np.where(rng.random(leads) < ACTIVE, rng.integers(0, 60, leads), rng.integers(320, 700, leads))
    lead = np.repeat(np.arange(leads), counts)
    age = ended[lead] + np.minimum(rng.exponential(60, len(lead)), 700).astype(np.int64)
    order = np.lexsort((-age, lead))
    return lead[order] + 1, age[order]


def _tails(rng: np.random.Generator, deeds: int) -> tuple[list[str], Whole]:
    """What can be told of a deed (type, address and funnel stage), and which of it each deed has."""
    types = {kind.key: kind for kind in ActivityType.objects.all()}
    kinds, weights = list(HAPPENS), np.array(list(HAPPENS.values()))
    addresses = [f"https://www.example{page}/{n}" for page in PAGES for n in range(8)]
    told = [
        f"{types[kind].pk}\t{address if kind == 'page_visit' else ''}\t{types[kind].funnel_stage}"
        for kind in kinds
        for address in addresses
    ]
    kind = rng.choice(len(kinds), deeds, p=weights / weights.sum())
    return told, kind * len(addresses) + rng.integers(0, len(addresses), deeds)


def _deeds(lead: Whole, age: Whole, tails: tuple[list[str], Whole]) -> Iterator[str]:
    moments = [(NOW - timedelta(days=n, hours=n % 11)).isoformat() for n in range(int(age.max(initial=0)) + 1)]
    told, which = tails
    for start in range(0, len(lead), LINES):
        part = slice(start, start + LINES)
        rows = zip(lead[part].tolist(), age[part].tolist(), which[part].tolist(), strict=True)
        for n, (one, days, tail) in enumerate(rows, start):
            yield f"{one}\t{told[tail]}\t{moments[days]}\t{n}"


def stored(cursor: Any, model: type[models.Model], given: Sequence[str], lines: Iterable[str]) -> None:
    """COPY in lines of the given columns; the others are what the model says for want of better."""
    others = [
        f
        for f in model._meta.concrete_fields
        if f.column not in given and not (f.generated or f.primary_key or f.has_db_default())
    ]
    rest = "".join(f"\t{_plain(field)}" for field in others) + "\n"
    columns = ", ".join([*given, *(str(field.column) for field in others)])
    with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) == LINES:
                copy.write(rest.join(batch) + rest)
                batch.clear()
        copy.write(rest.join(batch) + rest if batch else "")


def _plain(field: Any) -> str:
    if isinstance(field, models.DateTimeField):
        return r"\N" if field.null else NOW.isoformat()
    value = field.get_default()
    return r"\N" if value is None else "{}" if value == {} else str(value)


class _without_indexes:  # noqa: N801
    """Inside, the table has no index but the primary key's; then they are made as they were."""

    def __init__(self, cursor: Any, model: type[models.Model]) -> None:
        self.cursor, self.table = cursor, model._meta.db_table

    def __enter__(self) -> None:
        self.cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname FROM pg_index i"
            " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
            [self.table],
        )
        self.indexes = self.cursor.fetchall()
        for name, _words, constraint in self.indexes:
            self.cursor.execute(
                f"ALTER TABLE {self.table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {name}"
            )

    def __exit__(self, *_error: object) -> None:
        for _name, words, _constraint in self.indexes:
            self.cursor.execute(words)
