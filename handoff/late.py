"""What stays late goes back to everybody where its policy says so: by the system, once, on record and told (R17)."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.actor import act_as
from leads.models import Lead
from outbox import posting

from . import schedule, telling
from .models import Handoff, Reminder
from .owning import give_lead

BATCH = 200
ACTOR = "system:late"


def release_late(now: datetime) -> int:
    """Put back what somebody holds for longer than its policy bears; returns how many. Safe to run in many places at once."""
    waiting = list(Handoff.objects.to_release(now).values_list("pk", "lead_id")[:BATCH])
    return sum(_release(pk, lead, now) for pk, lead in waiting)


def _release(pk: int, lead_id: int, now: datetime) -> bool:
    """The lead's row first, as every verb; whoever comes second finds nothing left to do."""
    with transaction.atomic():
        act_as(ACTOR, now)
        Lead.objects.select_for_update().get(pk=lead_id)
        handoff = (
            Handoff.objects.to_release(now).filter(pk=pk).select_related("lead", "claimed_by", "sla_policy").first()
        )
        if handoff is None or handoff.claimed_by is None:
            return False
        clock = schedule.Clock(handoff.clock_from, handoff.due_at, is_claimed=False)
        remind_at = schedule.next_after(handoff.sla_policy.reminders, clock, now)
        freed = Handoff.objects.filter(pk=pk).claimed().running()
        if not freed.update(claimed_by=None, claimed_at=None, remind_at=remind_at):
            return False
        give_lead(lead_id, None, now)
        reminder = Reminder.of(handoff, schedule.Moment(_moment(handoff), schedule.RELEASE), sent_at=now)
        reminder.save()
        posting.post([telling.released_late(handoff, handoff.claimed_by, key=reminder.key, now=now)], at=now)
    return True


def _moment(handoff: Handoff) -> datetime:
    """When the policy's patience ended."""
    return handoff.due_at + timedelta(minutes=handoff.sla_policy.release_after or 0)
