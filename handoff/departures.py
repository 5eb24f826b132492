"""When a seller leaves, what they held goes back to everybody, and its clocks start anew, visibly (quality.md §4)."""

from datetime import datetime
from typing import Any

from accounts.models import Role, User
from leads.models import Lead

from . import policy, schedule, telling
from .models import Handoff, Opportunity
from .owning import give_leads


def return_leads(sender: object, *, person: User, at: datetime, **_signal: Any) -> None:
    """Receiver of `person_deactivated` and `sales_role_lost`: their open handoffs wait again, their deals are announced."""
    _put_back(person, at)
    deals = Opportunity.objects.filter(lead__owner=person, closed_at=None).count()
    if deals:
        telling.left_behind(User.objects.active().holding(Role.SALES_MANAGER).exclude(pk=person.pk), person, deals, at)


def _put_back(person: User, at: datetime) -> None:
    """Set-wise, the leads locked in order of id as everywhere."""
    held = list(Handoff.objects.mine(person).values_list("lead_id", flat=True).order_by("lead_id"))
    if not held:
        return
    list(Lead.objects.select_for_update().filter(id__in=held).order_by("id").values_list("id"))
    rules = policy.current()
    due_at = rules.target.deadline(at).due_at
    remind_at = schedule.next_after(rules, schedule.Clock(at, due_at, is_claimed=False), at)
    mine = Handoff.objects.mine(person).filter(lead__in=held)
    mine.running().update(clock_from=at, due_at=due_at, remind_at=remind_at)
    mine.update(claimed_by=None, claimed_at=None)
    give_leads(held, None, at)
