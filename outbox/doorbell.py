"""Rings for a worker once the transaction is through; a lost ring costs nothing but seconds (quality.md rule 1)."""

import logging
from typing import Any

from celery import Signature, Task
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def ring_after_commit(task: "Task | Signature[Any]", *ids: int) -> None:
    """Ask a worker to run the task after commit. Where Redis is away the sweeper does the work, and nobody fails."""

    def ring() -> None:
        _ring(task, *ids)

    transaction.on_commit(ring, robust=True)


def _ring(task: "Task[Any, Any] | Signature[Any]", *ids: int) -> None:
    try:
        task.apply_async(args=ids, retry=False)
    except (OperationalError, RedisError, OSError):
        log.warning("No broker to ring for %s; the sweeper will do it.", task.name)
