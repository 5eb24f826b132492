"""Celery's doors to nurture: each rings for what the sweeper would do anyway."""

from celery import shared_task
from django.utils import timezone

from . import filling


@shared_task
def refresh_lists() -> None:
    """Let dynamic lists follow what changed."""
    filling.refresh(timezone.now())
