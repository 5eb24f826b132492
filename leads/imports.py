"""Imports that nobody runs: found and carried on, by Celery's schedule and by the sweeper alike."""

from datetime import datetime, timedelta
from time import monotonic

from .importing.running import path_of, run
from .models import ImportJob, ImportRow

#: The sweeper also sends reminders, so it gives imports little of its time, and only when Celery does not run them.
KEPT = timedelta(days=30)
SWEEP_SECONDS, PATIENCE = 8.0, timedelta(seconds=45)


def forget_files(now: datetime) -> int:
    """Delete uploaded files that nobody needs: of discarded imports, and thirty days after the others ended."""
    forgotten = 0
    for job in ImportJob.objects.with_spent_file(now - KEPT)[:100]:
        path_of(job).unlink(missing_ok=True)
        forgotten += ImportJob.objects.filter(pk=job.pk).update(file="")
    return forgotten


def resume(now: datetime, *, budget: float = SWEEP_SECONDS, patience: timedelta = PATIENCE) -> int:
    """Carry abandoned imports on for about `budget` seconds together; how many were worked on.

    `patience` leaves fresh ones to Celery. Rows of imports that are over are removed.
    """
    started = monotonic()
    worked = 0
    for pk in ImportJob.objects.abandoned(now, patience).values_list("id", flat=True)[:5]:
        left = budget - (monotonic() - started)
        if left <= 0:
            break
        run(pk, clock=lambda: now + timedelta(seconds=monotonic() - started), budget=left)
        worked += 1
    forget_files(now)
    open_jobs = ImportJob.objects.filter(state__in=(ImportJob.State.QUEUED, ImportJob.State.RUNNING))
    ImportRow.objects.exclude(job__in=open_jobs.values("id")).delete()
    return worked
