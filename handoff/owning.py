"""Who owns a lead that sales works on: one place writes it, and the copy that lists are ordered by (R16)."""

from datetime import datetime

from accounts.models import User
from leads.models import Lead
from scoring.models import LeadScore


def give_lead(lead_id: int, owner: User | None, at: datetime) -> None:
    """Ownership passes; the score's row holds a copy of the owner. Called with the lead's row locked."""
    Lead.objects.filter(pk=lead_id).update(owner=owner, updated_at=at)
    LeadScore.objects.filter(lead=lead_id).update(owner=owner)
