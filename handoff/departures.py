"""When a seller leaves or is away, what they held is routed anew, visibly, in the same transaction (quality.md §4)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Role, User
from leads.models import Lead

from . import routing, telling
from .models import Handoff, Opportunity, Routed
from .owning import give_leads
from .sla_clocks import restart


def return_leads(sender: object, *, person: User, at: datetime, by: User | None = None, **_signal: Any) -> None:
    """Receiver of `person_deactivated` and `sales_role_lost`: their open handoffs go to others with a clock that starts anew; their deals are announced."""
    put_back(person, at, cause=Routed.Cause.LEFT, by=by)
    deals = Opportunity.objects.filter(lead__owner=person, closed_at=None).count()
    if deals:
        telling.left_behind(User.objects.active().holding(Role.SALES_MANAGER).exclude(pk=person.pk), person, deals, at)


def put_back(person: User, at: datetime, *, cause: str, by: User | None) -> list[Routed]:
    """Take all open handoffs of a person and route them anew, set-wise; the leads are locked in order of id as everywhere.

    Who left for good leaves clocks that start anew; while somebody is only away the promise to the lead goes on running.
    """
    held = list(Handoff.objects.mine(person).values_list("lead_id", flat=True).order_by("lead_id"))
    if not held:
        return []
    list(Lead.objects.select_for_update().filter(id__in=held).order_by("id").values_list("id"))
    mine = Handoff.objects.mine(person).filter(lead__in=held)
    ids = list(mine.values_list("pk", flat=True))
    if cause == Routed.Cause.LEFT:
        why = _("%(name)s left, so the clock started anew") % {"name": person.name}
        restart(mine, at, by=by, why=why)
    mine.update(claimed_by=None, claimed_at=None)
    give_leads(held, None, at)
    freed = Handoff.objects.filter(pk__in=ids).select_related("move").oldest_first()
    return routing.route(list(freed), at=at, cause=cause, held_by=person)
