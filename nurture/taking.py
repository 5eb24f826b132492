"""Due ways in a planner's hands: held together with their leads, and read as plain values, no more of them than planning needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from leads.models import Company, Lead

from .models import Enrolment, Program


@dataclass(slots=True)
class Person:
    """What planning has to know of a lead."""

    pk: int
    email: str
    email_key: str | None
    stage: str
    consent: str
    suppressed_at: datetime | None
    cooling_until: datetime | None
    country: str
    firm_country: str
    own_zone: str | None


@dataclass(slots=True)
class Way:
    """An enrolment whose next step has come; its fields mean what those of `Enrolment` mean."""

    pk: int
    program: Program
    lead: Person
    step: str
    holds_out: bool
    due_at: datetime | None
    held: str = ""
    state: str = Enrolment.State.ACTIVE
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str = ""

    @property
    def lead_id(self) -> int:
        return self.lead.pk

    @property
    def program_id(self) -> int:
        return self.program.pk


def take(now: datetime, most: int) -> list[Way]:
    """Those that are due and that nobody else works on, the most overdue first; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [now, most])
        rows = cursor.fetchall()
    programs: Mapping[int, Program] = Program.objects.in_bulk({row[1] for row in rows}) if rows else {}
    return [
        Way(pk, programs[program], Person(*person), step, holds_out, now)
        for pk, program, step, holds_out, *person in rows
    ]


_TAKE = f"""
SELECT e.id, e.program_id, e.step, e.holds_out, l.id, l.email, l.email_key, l.stage, l.consent, l.suppressed_at,
    l.cooling_until, l.country, COALESCE(c.country, ''), l.custom ->> 'time_zone'
FROM {Enrolment._meta.db_table} e JOIN {Lead._meta.db_table} l ON l.id = e.lead_id
LEFT JOIN {Company._meta.db_table} c ON c.id = l.company_id
WHERE e.state = 'active' AND e.due_at <= %s ORDER BY e.due_at, e.id LIMIT %s
FOR NO KEY UPDATE OF e, l SKIP LOCKED
"""  # noqa: S608 - the tables' own names
