"""“Not now until”: on that day the lead is marketing's again, visibly; a step of the sweeper, safe to run any number of times."""

from datetime import datetime

from django.db import transaction

from accounts.models import Role, User
from leads.stages import Stage
from scoring.days import workspace_day

from . import telling
from .models import CameBack, Handoff

AT_ONCE = 200


def bring_back(now: datetime) -> int:
    """Tell marketing of the leads whose day has come, the marketer who handed it over or else the managers; how many."""
    count = 0
    while found := _some(now):
        count += found
        if found < AT_ONCE:
            break
    return count


def _some(now: datetime) -> int:
    with transaction.atomic():
        due = list(
            Handoff.objects.to_come_back(workspace_day(now)).select_for_update(of=("self",), skip_locked=True)[:AT_ONCE]
        )
        if due:
            managers = list(User.objects.active().holding(Role.MARKETING_MANAGER))
            for handoff in due:
                if handoff.lead.stage in (Stage.LEAD, Stage.MARKETING_QUALIFIED):  # else it went on by another way
                    marketer = handoff.offered_by
                    telling.came_back(handoff, [marketer] if marketer and marketer.is_active else managers, at=now)
            CameBack.objects.bulk_create([CameBack(handoff=handoff, at=now) for handoff in due], ignore_conflicts=True)
    return len(due)
