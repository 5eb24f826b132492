"""Who owns a lead that sales works on: one place writes it, and the copy that lists are ordered by (R16)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.actor import act_as
from accounts.models import User
from leads.models import Lead
from leads.signals import owners_changed
from outbox.faults import faultpoint
from scoring.models import LeadScore

if TYPE_CHECKING:
    from .models import Handoff


@contextmanager
def acting(handoff: "Handoff", by: User, at: datetime) -> Iterator[Lead]:
    """A transaction in which `by` acts; the lead's row is locked before anything of the handoff."""
    with transaction.atomic():
        act_as(f"user:{by.pk}", at)
        lead = Lead.objects.select_for_update().filter(pk=handoff.lead_id).first()
        if lead is None:  # merged into another since this handoff was looked up
            handoff.refresh_from_db(fields=["lead"])
            lead = Lead.objects.select_for_update().get(pk=handoff.lead_id)
        yield lead
        faultpoint("verb.before_commit")
    faultpoint("verb.committed")


def give_lead(lead_id: int, owner: User | None, at: datetime) -> None:
    """Ownership passes. Called with the lead's row locked."""
    give_leads([lead_id], owner, at)


def give_leads(lead_ids: Sequence[int], owner: User | None, at: datetime) -> None:
    """Ownership of a set passes; the score's row holds a copy of the owner. Called with the leads' rows locked."""
    Lead.objects.filter(pk__in=lead_ids).update(owner=owner, updated_at=at)
    LeadScore.objects.filter(lead__in=lead_ids).update(owner=owner)
    owners_changed.send(Lead, lead_ids=lead_ids)
