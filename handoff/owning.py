"""Who owns a lead that sales works on: one place writes it, and the copy that lists are ordered by (R16)."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from leads.models import Lead
from scoring.models import LeadScore


def give_lead(lead_id: int, owner: User | None, at: datetime) -> None:
    """Ownership passes. Called with the lead's row locked."""
    give_leads([lead_id], owner, at)


def give_leads(lead_ids: Sequence[int], owner: User | None, at: datetime) -> None:
    """Ownership of a set passes; the score's row holds a copy of the owner. Called with the leads' rows locked."""
    Lead.objects.filter(pk__in=lead_ids).update(owner=owner, updated_at=at)
    LeadScore.objects.filter(lead__in=lead_ids).update(owner=owner)
