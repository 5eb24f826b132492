"""Background work of the leads room: imports, in portions that end well before Celery's limits."""

from celery import shared_task
from django.utils import timezone

from . import imports
from .importing.running import run
from .models import ImportJob

PORTION_SECONDS = 75.0


@shared_task
def run_import(job_id: int) -> None:
    """Carry the import on, and ask for the next portion while it is not done."""
    job = run(job_id, clock=timezone.now, budget=PORTION_SECONDS)
    if job and job.state == ImportJob.State.RUNNING:
        run_import.delay(job_id)


@shared_task
def resume_imports() -> None:
    """Carry on what a dead worker or a lost message left behind."""
    imports.resume(timezone.now(), budget=PORTION_SECONDS)
