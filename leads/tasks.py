"""Background work of the leads room: imports, in portions that end well before Celery's limits."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as KombuError
from redis.exceptions import RedisError

from outbox.clock import house_time

from . import imports
from .importing.running import run
from .models import ImportJob

log = logging.getLogger(__name__)
PORTION_SECONDS = 75.0


@shared_task
def run_import(job_id: int) -> None:
    """Carry the import on, and ask for the next portion while it is not done."""
    job = run(job_id, clock=timezone.now, budget=PORTION_SECONDS)
    if job and job.state == ImportJob.State.RUNNING:
        run_import.delay(job_id)


def ask(job_id: int) -> None:
    """Ring for a worker once the transaction is over; the sweeper looks after the import when nobody hears."""
    transaction.on_commit(lambda: _ring(job_id))


def _ring(job_id: int) -> None:
    try:
        run_import.delay(job_id)
    except (KombuError, RedisError, OSError):
        log.warning("import.unheard", extra={"job": job_id})


@shared_task
def resume_imports() -> None:
    """Carry on what a dead worker or a lost message left behind."""
    imports.resume(house_time(), budget=PORTION_SECONDS)
