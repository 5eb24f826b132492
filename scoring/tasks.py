"""Celery's doors to scoring: each rings for what the sweeper would do anyway."""

from celery import shared_task
from django.utils import timezone

from . import sweep


@shared_task
def drain() -> None:
    """Count what waits."""
    sweep.drain(timezone.now())


@shared_task
def sweep_day() -> None:
    """Let the new day fade every score, once a day."""
    sweep.sweep_day(timezone.now())


@shared_task
def check_vectors() -> None:
    """Compare stored vectors with the activities and repair those that differ; of 200,000 leads a night."""
    sweep.check_vectors(timezone.now(), nightly=10)
