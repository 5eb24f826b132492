"""Celery's doors to nurture: each rings for what the sweeper would do anyway."""

from celery import shared_task

from outbox.clock import house_time

from . import entering, filling, planning, posting_letters


@shared_task
def refresh_lists() -> None:
    """Let dynamic lists follow what changed."""
    filling.refresh(house_time())


@shared_task
def enter_programs() -> None:
    """Let in whoever fulfils the entry of a program."""
    entering.enter_all(house_time())


@shared_task
def advance_programs() -> None:
    """Take along who is due on a program."""
    planning.advance(house_time())


@shared_task
def deliver_letters() -> None:
    """Send the letters that are due."""
    posting_letters.deliver(house_time())
