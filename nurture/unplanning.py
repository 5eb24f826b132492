"""What was planned and has not left when somebody is paused: the letter is called off, and its step comes again afterwards."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from leads.bulk import Among

from . import letters
from .models import Enrolment, Letter, StepEntry


def unplan(enrolments: Sequence[int], *, why: str, at: datetime) -> int:
    """Call off the letters of these ways that nobody has handed over, and put each way back before the first of those steps,
    so that nobody loses it by a pause; how many letters that were. The caller holds the ways.

    A called-off letter stays in the mailbox with the reason; its key is freed for the one that is planned afterwards.
    """
    with transaction.atomic():
        called = letters.call_off(Letter.objects.filter(entry__enrolment__in=Among(enrolments)), why=why, at=at)
        if called:
            with connection.cursor() as cursor:
                cursor.execute(_BACK, [called, called, at])
    return len(called)


_BACK = f"""
WITH freed AS (UPDATE {Letter._meta.db_table} SET key = key || ':' || id WHERE id = ANY(%s)),
undone AS (DELETE FROM {StepEntry._meta.db_table} WHERE letter_id = ANY(%s) RETURNING id, enrolment_id, step),
first AS (SELECT DISTINCT ON (enrolment_id) enrolment_id, step FROM undone ORDER BY enrolment_id, id)
UPDATE {Enrolment._meta.db_table} e SET step = f.step, due_at = %s, held = '' FROM first f WHERE e.id = f.enrolment_id
"""  # noqa: S608 - the tables' own names
