"""Handoffs and deals of two leads that become one: all stay, one handoff stays open (R16; quality.md D9)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from leads.merge_facts import further
from leads.merge_record import Record
from leads.models import Lead
from leads.models.merge import DealsInTheWay

from .models import Handoff, Opportunity, Outcome
from .models.holding import Ended, Holding

#: What says that sales has worked on it since.
WORKED_ON = ("claimed_by_id", "first_follow_up_at", "closed_at", "outcome")


def follow_merge(
    sender: type[Lead], *, record: Record, kept: Lead, gone: Lead, by: User, at: datetime, **_signal: Any
) -> None:
    """Receiver of `leads_merged`: of two open handoffs that of the lead further along stays, which is the claimed or older one.

    The other is withdrawn, visibly. Raises `DealsInTheWay` where a deal would be left open behind a lead that is further.
    """
    ahead = further(kept, gone)
    behind = gone if ahead is kept else kept
    if Opportunity.objects.filter(lead=behind.pk, closed_at=None).exists():
        raise DealsInTheWay(
            _("%(lead)s has an open deal, and so the two cannot become one yet: close or lose that deal first.")
            % {"lead": behind.name}
        )
    for handoff in Handoff.objects.open().filter(lead=behind.pk):
        for held in Holding.objects.filter(handoff=handoff, until=None):
            record.change(Holding, held.pk, until=max(at, held.since), ended=Ended.CLOSED, ended_by=f"user:{by.pk}")
        record.change(Handoff, handoff.pk, closed_at=at, outcome=Outcome.WITHDRAWN, remind_at=None)
    record.move(Handoff, watch=WORKED_ON)
    record.move(Opportunity, watch=("closed_at", "ending"))
