"""Celery's way to the outbox: a doorbell and a beat; the rows say what is to be done."""

from celery import shared_task

from . import delivery, hook_delivery
from .clock import house_time


@shared_task(name="outbox.tasks.deliver")
def deliver() -> None:
    """Send the mails that are due."""
    delivery.deliver(house_time())


@shared_task(name="outbox.tasks.deliver_hooks")
def deliver_hooks() -> None:
    """Tell other programs what they wait to hear."""
    hook_delivery.deliver(house_time())
