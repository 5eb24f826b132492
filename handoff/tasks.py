"""Celery's way to the reminders; the rows say what is due, and the sweeper does the same without Redis."""

from celery import shared_task

from outbox.clock import house_time

from . import absences, opening, reminders, returning, rounds


@shared_task(name="handoff.tasks.remind")
def remind() -> None:
    """Tell whoever must know what fell due."""
    reminders.remind(house_time())


@shared_task(name="handoff.tasks.begin_absences")
def begin_absences() -> None:
    """Absences whose moment has come begin: their leads go to others."""
    absences.begin_due(house_time())


@shared_task(name="handoff.tasks.bring_back")
def bring_back() -> None:
    """Give marketing the leads whose day has come."""
    returning.bring_back(house_time())


@shared_task(name="handoff.tasks.give_waiting")
def give_waiting() -> None:
    """Give what nobody could take when it came to those who can now."""
    opening.give_waiting(house_time())


@shared_task(name="handoff.tasks.thin_rounds")
def thin_rounds() -> None:
    """Forget what no rehearsal asks for any more."""
    rounds.thin(house_time())
